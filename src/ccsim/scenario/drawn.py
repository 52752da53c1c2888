"""A design whose uncertain assumptions have other values than the stated ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from pydantic import ValidationError

from ccsim.errors import ScenarioProblems
from ccsim.scenario.parsing.tree import Node, Place
from ccsim.scenario.patching.patch import REMOVE, Patching
from ccsim.scenario.resolve import Design, nodes_of
from ccsim.scenario.schema import Scenario
from ccsim.scenario.uncertainty.assumptions import moved, told
from ccsim.scenario.uncertainty.spread import spread_of
from ccsim.scenario.validation.messages import in_words
from ccsim.scenario.written import FROM_FILE


def drawn(design: Design, at: Mapping[str, float | str]) -> Design:
    """The design with each assumption that `at` names at the value below which that share (in
    [0, 1]) of its draws lies, or at a value (or change) as written; the others are as stated.
    KeyError for what is no assumption of the design, ScenarioProblems where the values together
    make no scenario."""
    return _made(design, moved(nodes_of(design), design.scenario.uncertain, at), "was drawn")


def changed(design: Design, changes: Mapping[str, str]) -> Design:
    """The design with changes (`+10 %`) of what stands at dotted paths; a path at which it has
    nothing changes nothing. ScenarioProblems for what cannot be changed so, and where the values
    together make no scenario."""
    making = Patching(nodes_of(design))
    place = Place(design.name)
    for path, change in changes.items():
        if making.standing(path):
            making.set(path, Node(place, change), place)
    return _made(design, making, "was changed")


def without(design: Design, *paths: str) -> Design:
    """The design without what stands at these paths, where anything does: keys with a default."""
    making = Patching(nodes_of(design))
    there = [path for path in paths if making.standing(path)]
    for path in there:
        making.set(path, Node(making.root.place, REMOVE), making.root.place)
    return _made(design, making, "is left out") if there else design


def _made(design: Design, making: Patching, how: str) -> Design:
    """The design of changed nodes. ScenarioProblems where they make none."""
    root = making.root
    if making.problems:
        raise ScenarioProblems([each.placed(root, design.name) for each in making.problems])
    try:
        scenario = Scenario.model_validate(root.plain(), context=FROM_FILE)
    except ValidationError as error:
        problems = [told(each, how) for each in in_words(error, root)]
        raise ScenarioProblems([each.placed(root, design.name) for each in problems]) from None
    return replace(design, scenario=scenario, root=root)


def stated_share(design: Design, path: str) -> float:
    """The share of an assumption's draws that lie below what the design states, in [0, 1]. KeyError
    for what is no assumption of the design."""
    spread = spread_of(design.scenario.uncertain[path])
    if spread.change:
        return spread.share_below(Decimal(0))
    return spread.share_below(next(iter(values_at(design, path)), "0"))


def values_at(design: Design, path: str) -> tuple[str, ...]:
    """What stands at the places of a path, in the words of a file; equal ones once."""
    making = Patching(nodes_of(design))
    nodes = (making.value_at(target) for target in making.standing(path))
    found = (str(node.plain()) for node in nodes if node is not None and not node.entries)
    return tuple(dict.fromkeys(found))
