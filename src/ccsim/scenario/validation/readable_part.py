"""What can still be said about a scenario of which some values cannot be read.

All problems are to be told at once: a wrong unit must not hide a shift that does not exist. So the
values that cannot be read are left out, and rules run on the rest (`rules/partial.py`). What they
say about anything near a left-out value is not told, since it may only follow from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pydantic import ValidationError

from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Entry, Node, Path, from_plain, walk
from ccsim.scenario.schema import CHANNELS, Scenario
from ccsim.scenario.written import FROM_FILE

ROUNDS = 6  # leaving a value out may leave a block without what it needs, which then goes too
MOST_LEFT_OUT = 50  # of a scenario with more that cannot be read, the rest says little
STANDING_IN = {  # for what every scenario needs: rules that read it are not asked
    ("name",): "?",
    ("calendar",): {"start": "2024-01-01", "days": 7},
}
LISTING = re.compile(r"(; did you mean '[^']*'\?)? \([a-z ]+: .*\)$")  # of what there is


Numbers = dict[Path, list[int]]  # of a list that lost items: which of them are left


@dataclass(frozen=True)
class Part:
    """A scenario without what cannot be read, and its nodes. `left_out` are the paths in the file
    of what is not there."""

    scenario: Scenario
    root: Node
    left_out: tuple[Path, ...]
    numbers: Numbers

    def as_written(self, problem: Problem) -> Problem:
        """The problem with the items of lists numbered as in the file."""
        path: list[str | int] = []
        for depth, step in enumerate(problem.path):
            if isinstance(step, int):
                before, _ = walk(self.root, problem.path[:depth])
                step = _in_file((*before, step), self.numbers)[-1]
            path.append(step)
        return replace(problem, path=tuple(path))

    def about_names(self, problems: Iterable[Problem]) -> list[Problem]:
        """Of the problems that rules about names tell, those that cannot follow from what was left
        out."""
        ends = [path[-1] for path in self.left_out if len(path) == 2 or path[-1] in CHANNELS]
        names = [re.escape(name) for name in ends if isinstance(name, str)]
        about = re.compile("|".join(rf"(?<!\w){name}(?!\w)" for name in names) or "(?!)")
        return [
            told
            for told in map(self.as_written, problems)
            if not any(_related(told.path, path) for path in self.left_out)
            and not about.search(LISTING.sub("", told.message))
        ]

    def about_one_thing(self, problems: Iterable[Problem]) -> list[Problem]:
        """The same for rules that look at one thing by itself: a team, a type, an expectation."""
        broken = [*self.left_out]
        for name, team in self.scenario.teams.items():  # who is on call is paid as in that team
            source: Path = ("teams", team.drawn_from or name)
            broken += [("teams", name) for path in self.left_out if path[:2] == source]
        return [
            told
            for told in map(self.as_written, problems)
            if not any(_related(told.path[:2], path) for path in broken)
        ]


def readable_part(root: Node, error: ValidationError) -> Part | None:
    """The scenario without what cannot be read; None where too little would be left of it."""
    left_out: list[Path] = []
    numbers: Numbers = {}
    for _ in range(ROUNDS):
        if error.error_count() > MOST_LEFT_OUT:
            return None
        wrong = {_written(root, each["loc"]) for each in error.errors(include_url=False)}
        for path in sorted(wrong, key=_order, reverse=True):  # the last of a list first
            if not path:
                return None
            left_out.append(_in_file(path, numbers))
            root = _without(root, path, 0, numbers)
            if path in STANDING_IN:
                stand_in = Entry(root.place, from_plain(STANDING_IN[path], root.place))
                root = Node(root.place, {**root.entries, str(path[0]): stand_in})
        try:
            scenario = Scenario.model_validate(root.plain(), context=FROM_FILE)
            return Part(scenario, root, tuple(left_out), numbers)
        except ValidationError as again:
            error = again
    return None


def _written(root: Node, loc: Path) -> Path:
    """The part of a place that is written; of what every scenario needs, its key."""
    return walk(root, loc)[0] or (loc[:1] if loc[:1] in STANDING_IN else ())


def _order(path: Path) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (0, step) for step in path]


def _in_file(path: Path, numbers: Numbers) -> Path:
    """A path among what is left, as it is in the file."""
    found: Path = ()
    for step in path:
        kept = numbers.get(found)
        if kept is not None and isinstance(step, int) and step < len(kept):
            step = kept[step]
        found = (*found, step)
    return found


def _without(node: Node, path: Path, depth: int, numbers: Numbers) -> Node:
    """The nodes without the one at a path, from `depth` on."""
    step, last = path[depth], depth + 1 == len(path)
    if isinstance(step, int):
        items = list(node.items)
        if last:
            kept = numbers.setdefault(_in_file(path[:depth], numbers), list(range(len(items))))
            del items[step], kept[step]
        else:
            items[step] = _without(items[step], path, depth + 1, numbers)
        return Node(node.place, tuple(items))
    entries = dict(node.entries)
    if last:
        entries.pop(step, None)
    else:
        old = entries[step]
        entries[step] = Entry(old.key_place, _without(old.value, path, depth + 1, numbers))
    return Node(node.place, entries)


def _related(one: Path, other: Path) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]
