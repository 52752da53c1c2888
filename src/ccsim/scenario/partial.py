"""What can still be said about a scenario of which some values cannot be read.

All problems are to be told at once: a wrong unit must not hide a shift that does not exist. So the
values that cannot be read are left out, and the rules that look at single names and totals run on
the rest; what they say about anything near a left-out value is not told, since it may only follow
from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import ValidationError

from ccsim.scenario.problem import Problem
from ccsim.scenario.quantities import FROM_FILE
from ccsim.scenario.schema import CHANNELS, Scenario
from ccsim.scenario.tree import Entry, Node, Path, walk

ROUNDS = 6  # leaving a value out may leave a block without what it needs, which then goes too
MOST_LEFT_OUT = 50  # of a scenario with more that cannot be read, the rest says little


def readable_part(root: Node, error: ValidationError) -> tuple[Scenario | None, list[Path]]:
    """The scenario without what cannot be read, and the paths that were left out."""
    left_out: list[Path] = []
    for _ in range(ROUNDS):
        if error.error_count() > MOST_LEFT_OUT:
            return None, left_out
        for each in error.errors(include_url=False):
            path = _key_path(root, each["loc"])
            if not path:
                return None, left_out
            root = _without(root, path)
            left_out.append(path)
        try:
            return Scenario.model_validate(root.plain(), context=FROM_FILE), left_out
        except ValidationError as again:
            error = again
    return None, left_out


def _key_path(root: Node, loc: tuple[int | str, ...]) -> Path:
    """The written key that holds what is wrong; not an item of a list, which would move others."""
    written, _ = walk(root, loc)
    numbers = [index for index, step in enumerate(written) if isinstance(step, int)]
    return written[: numbers[0]] if numbers else written


def _without(node: Node, path: Path) -> Node:
    step = path[0]
    if not isinstance(step, str) or step not in node.entries:
        return node
    entries = dict(node.entries)
    if len(path) == 1:
        del entries[step]
    else:
        old = entries[step]
        entries[step] = Entry(old.key_place, _without(old.value, path[1:]))
    return Node(node.place, entries)


def independent(problems: Iterable[Problem], left_out: list[Path]) -> list[Problem]:
    """The problems that cannot follow from what was left out."""
    names = {str(path[-1]) for path in left_out if len(path) == 2 or path[-1] in CHANNELS}
    about = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names) or r"(?!)")
    return [
        problem
        for problem in problems
        if not any(_related(problem.path, path) for path in left_out)
        and not about.search(problem.message)
    ]


def _related(one: Path, other: Path) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]
