"""How large a scenario may be: things are counted before anything is done with them.

The bounds are several times what a large operation has, so that who meets one has a slip of the pen
(or means ill), and so small that whatever a file holds, its problems are told within a tenth of a
second: what comes later takes time by the product of two of these numbers at most. Files of numbers
(`shape: profile.csv`) have bounds of their own; many designs of one kind are a sweep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Node, Path, Place
from ccsim.scenario.schema import CHANNELS, Scenario
from ccsim.scenario.segments import segments_of

ANY_MAP: Final = 400
ANY_LIST: Final = 1_440  # a weight for every minute of a day
MOST: Final[dict[str, int]] = {
    "contacts": 200,
    "contacts.*.stages": 30,
    "contacts.*.escalates": 50,
    "contacts.*.arrivals.campaigns": 100,
    "segments": 20,
    "channels.*.messages": 20,
    "channels.*.slowdown": 200,
    "teams": 200,
    "teams.*.roster": 100,
    "teams.*.overtime": 50,
    "teams.*.slowdown": 200,
    "routing": 1_000,
    "routing.*": 30,
    "routing.*.route": 30,
    "shifts": 200,
    "shifts.*.breaks": 20,
    "shifts.*.parts": 10,
    "shifts.*.rotates": 366,
    "roles": 100,
    "expect": 200,
    "uncertain": 100,
    "designs": 100,
}
MOST_LINES: Final = 400  # waiting lines: contact types x segments x channels x stages
MOST_VALUES: Final = 60_000  # of all designs together, each whole


def too_many(leaves: Iterable[tuple[Path, Node, Place]]) -> Iterator[Problem]:
    """Lists and maps that hold more than can be meant. `leaves`: those of the whole tree."""
    for path, node, _ in leaves:
        count = len(node.entries) or len(node.items)
        if count <= 10:  # no bound is lower: most nodes are done with here
            continue
        most = _bound(path, node)
        if count > most:
            yield Problem(path, f"{count} are written here; no more than {most} can be", True)


def _bound(path: Path, node: Node) -> int:
    for pattern, most in MOST.items():
        steps = pattern.split(".")
        if len(steps) == len(path) and all(
            want in ("*", step) for want, step in zip(steps, path, strict=True)
        ):
            return most
    return ANY_MAP if node.is_map else ANY_LIST


def too_many_lines(scenario: Scenario) -> Problem | None:
    """Waiting lines beyond what an operation can have, told before they are made."""
    lines = 0
    for name, contact in scenario.contacts.items():
        channels = sum(contact.on(channel) is not None for channel in CHANNELS)
        stages = 1 + len(contact.stages)
        lines += channels * stages * (1 + len(segments_of(scenario, name)))
    if lines <= MOST_LINES:
        return None
    what = "contact types by channel, stage and segment"
    return Problem(("contacts",), f"{lines} {what}: no more than {MOST_LINES} can be told apart")
