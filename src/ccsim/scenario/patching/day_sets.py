"""Maps whose keys are sets: of days (`mon-fri`), of months or weeks (`jun-aug`).

A patch may name other sets than stand there: `per_day.mon` of a base that has `mon-fri`. So sets
that a patch touches are spread to their single days before it is merged in, and each of the days
that it names takes what it says. Sets that it does not touch stay as they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args, get_origin

from ccsim import units
from ccsim.scenario.blocks.people import HOLIDAYS
from ccsim.scenario.blocks.surges import months_or_weeks
from ccsim.scenario.language.structure import types_at
from ccsim.scenario.parsing.tree import Entry, Node, Path
from ccsim.scenario.quantities import Day
from ccsim.units import UnitError

Members = Callable[[str], tuple[str, ...]]


def _of_premium(key: str) -> tuple[str, ...]:
    """Spans of the day and holidays stand beside days."""
    return (key,) if ":" in key or key == HOLIDAYS else units.parse_days(key)


OTHER_SETS: Mapping[Path, Members] = {
    ("pay", "premium"): _of_premium,
    ("arrivals", "season"): months_or_weeks,
}


def members_at(path: Path) -> Members | None:
    """How the keys of the map at a path are read as sets; None where they are no sets."""
    if path[-2:] in OTHER_SETS:
        return OTHER_SETS[path[-2:]]
    keys = (get_args(each)[0] for each in types_at(path) if get_origin(each) is dict)
    return units.parse_days if any(key == Day for key in keys) else None


def as_sets(node: Node, path: Path) -> Node:
    """One number for all days (`per_day: 400`) as the map that it stands for."""
    number = isinstance(node.content, (int, float)) and not isinstance(node.content, bool)
    if number and members_at(path) is units.parse_days:
        return Node(node.place, {"daily": Entry(node.place, node)})
    return node


def spread(old: Node, patch: Node, path: Path) -> tuple[Node, Node]:
    """The map that stands at a path and a patch to it, with the sets of which both have a part as
    single members; both as they are where the keys are no sets, or cannot be read. Raises
    UnitError for a patch that names a member twice."""
    members = members_at(path)
    if members is None or not old.is_map:
        return old, patch
    try:
        there = {key: members(key) for key in old.entries}
        named = {key: members(key) for key in patch.entries}
    except UnitError:
        return old, patch  # told when the whole is read
    seen: set[str] = set()
    for each in named.values():
        if twice := [member for member in each if member in seen]:
            raise UnitError(f"{twice[0]} is here twice")
        seen.update(each)
    return _spread(old, there, named), _spread(patch, named, there)


def _spread(
    node: Node, own: Mapping[str, tuple[str, ...]], other: Mapping[str, tuple[str, ...]]
) -> Node:
    entries: dict[str, Entry] = {}
    for key, entry in node.entries.items():
        touched = any(set(own[key]) & set(each) for each in other.values())
        single = own[key] if touched and key not in other else (key,)
        entries.update(dict.fromkeys(single, entry))
    return Node(node.place, entries)


__all__ = ["as_sets", "members_at", "spread"]
