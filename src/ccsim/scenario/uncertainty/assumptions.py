"""The assumptions of a scenario (`uncertain:`): what each is about, and what must hold of them.

Each is keyed by a dotted path. `by` changes whatever stands there, in every design. A `range`
replaces what stands there, so it is about the value that the scenario states: a design with a
value of its own needs a range of its own, and what `--set` decides is no longer uncertain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pydantic import ValidationError

from ccsim import units
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Entry, Node, Place
from ccsim.scenario.patching.patch import Patching
from ccsim.scenario.rules import check
from ccsim.scenario.schema import Assumption, Scenario
from ccsim.scenario.tables.files import FileTable
from ccsim.scenario.uncertainty.spread import Spread, spread_of
from ccsim.scenario.validation.messages import in_words
from ccsim.scenario.written import FROM_FILE
from ccsim.units import UnitError

UNCERTAIN = "uncertain"
FIXED = ("ccsim", "name", "about", "currency", "calendar", "run", "expect", UNCERTAIN)
BETWEEN = 0.381966  # a draw that is no round number where both ends are
AT_ENDS = {0.0: "is lowest", 1.0: "is highest", BETWEEN: "lies between its ends"}


def moved(
    root: Node, assumptions: Mapping[str, Assumption], at: Mapping[str, float | str]
) -> Patching:
    """The nodes with these assumptions at these shares of their draws, or at values as written."""
    making = Patching(root)
    for path, u in at.items():
        spread = spread_of(assumptions[path])
        place = _place_of(root, path)
        value = Node(place, u if isinstance(u, str) else spread.written(u))
        if spread.change:
            making.set(path, value, place)
        else:
            for target in making.standing(path):
                making.put(target, value)
    return making


def _place_of(root: Node, path: str) -> Place:
    block = root.entries.get(UNCERTAIN)
    entry = block.value.entries.get(path) if block is not None else None
    return entry.key_place if entry is not None else root.place


# --- designs and --set ----------------------------------------------------------------------------


def settle(makings: Mapping[str, Patching], stated: Mapping[str, Node]) -> None:
    """Before designs are validated: say which assumptions are about nothing, or about a value that
    a design replaces, and leave out those that a design does not have or that `--set` decided.

    `makings` are the designs, the scenario itself first; `stated` what they were before `--set`.
    """
    base = next(iter(makings.values()))
    base_lines, base_stated = _lines(base.root), Patching(next(iter(stated.values())))
    every = {path for making in makings.values() for path in _lines(making.root)}
    led = {
        path
        for path in every
        if all(path.split(".")) and any(making.standing(path) for making in makings.values())
    }
    for name, making in makings.items():
        own = Patching(stated[name])
        for path, entry in _lines(making.root).items():
            inherited = making is not base and _same(entry.value, base_lines.get(path))
            if path not in led or not making.standing(path):
                if not inherited and not (making is base and path in led):
                    _problem(making, path, making.why_nothing(path), entry.key_place)
                making.root = _without(making.root, path)
            elif "range" in entry.value.entries:
                if _differ(own, making, path):
                    making.root = _without(making.root, path)
                elif inherited and _differ(base_stated, own, path):
                    _problem(making, path, OWN_VALUE, entry.key_place)


OWN_VALUE = (
    "the range is about the value of the scenario, and this design has another; write `by`, or "
    "give the design a range of its own under its `uncertain`"
)


def _lines(root: Node) -> dict[str, Entry]:
    block = root.entries.get(UNCERTAIN)
    return dict(block.value.entries) if block is not None else {}


def _same(ours: Node, theirs: Entry | None) -> bool:
    return theirs is not None and ours.plain() == theirs.value.plain()


def _differ(before: Patching, after: Patching, path: str) -> bool:
    """Whether another value stands at a place that both have."""
    common = set(before.standing(path)) & set(after.standing(path))
    return any(_plain_at(before, each) != _plain_at(after, each) for each in common)


def _plain_at(making: Patching, target: tuple[str | int, ...]) -> object:
    node = making.value_at(target)
    return None if node is None else node.plain()


def _without(root: Node, path: str) -> Node:
    block = root.entries[UNCERTAIN]
    left = {key: entry for key, entry in block.value.entries.items() if key != path}
    entries = {key: entry for key, entry in root.entries.items() if key != UNCERTAIN}
    if left:
        entries[UNCERTAIN] = Entry(block.key_place, Node(block.value.place, left))
    return Node(root.place, entries)


def _problem(making: Patching, path: str, message: str, place: Place) -> None:
    making.problems.append(Problem((UNCERTAIN, path), message, place=place))


# --- rules ----------------------------------------------------------------------------------------


def problems_of(root: Node, scenario: Scenario, files: Mapping[str, FileTable]) -> list[Problem]:
    """What is wrong with the assumptions of a design that is right without them: single lines, and
    then whether the design is still right where all of them are lowest, highest, and between."""
    if not scenario.uncertain:
        return []
    making = Patching(root)
    found = [
        problem
        for path, assumption in scenario.uncertain.items()
        for problem in _of_line(making, path, assumption)
    ]
    if found:
        return found
    for u, words in AT_ENDS.items():
        found += [told(each, words) for each in _where(root, scenario, files, u)]
    return list({(each.path, each.place): each for each in reversed(found)}.values())[::-1]


def _of_line(making: Patching, path: str, assumption: Assumption) -> Iterator[Problem]:
    where = (UNCERTAIN, path)
    first = path.split(".", 1)[0]
    if first in FIXED or first == "*":
        yield Problem(where, f"'{first}' is no assumption about the operation", at_key=True)
        return
    if (assumption.by is None) == (assumption.range is None):
        yield Problem(
            where,
            "write `by: [-10 %, +15 %]` or `range: [4.6 min, 6 min]`, one of them",
            at_key=True,
        )
        return
    key = "by" if assumption.by is not None else "range"
    try:
        spread = spread_of(assumption)
        if not spread.change:
            _stated_inside(making, path, spread)
    except UnitError as error:
        yield Problem((*where, key), str(error))


def _stated_inside(making: Patching, path: str, spread: Spread) -> None:
    """UnitError where what a range is about is no single quantity, or is not in it."""
    for target in making.standing(path):
        node = making.value_at(target)
        if node is None or node.is_map or node.is_list:
            what = "a list" if node is not None and node.is_list else "a map"
            raise UnitError(f"a range is about one value, and here stands {what}; write `by`")
        if not spread.holds(node.content):
            shown = units.found(node.content)
            raise UnitError(f"what is stated, {shown}, does not lie in its range")


def _where(
    root: Node, scenario: Scenario, files: Mapping[str, FileTable], u: float
) -> list[Problem]:
    """The problems of the design with every assumption at `u`."""
    making = moved(root, scenario.uncertain, dict.fromkeys(scenario.uncertain, u))
    if making.problems:
        return making.problems
    try:
        there = Scenario.model_validate(making.root.plain(), context=FROM_FILE)
    except ValidationError as error:
        return [_at_place(each, making.root) for each in in_words(error, making.root)]
    return [_at_place(each, making.root) for each in check(there, files)]


def _at_place(problem: Problem, root: Node) -> Problem:
    """With the place that it has among the moved values: it is not that of the stated ones."""
    placed = problem.placed(root)
    return replace(problem, place=Place(placed.file, placed.line, placed.column))


def told(problem: Problem, words: str) -> Problem:
    return replace(problem, message=f"{problem.message} (where what is uncertain {words})")
