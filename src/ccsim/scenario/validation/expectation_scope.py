"""Which expectations are meant for a design: those that name it in `designs`, or name none.

"What we plan must keep the promise; today does not" is one list of expectations for a scenario
whose base misses it. A resolved design holds those that are meant for it, without the key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ccsim.errors import suggestion
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Entry, Node
from ccsim.scenario.schema import Scenario

EXPECT, DESIGNS = "expect", "designs"
Where = TypeVar("Where")


class Meant:
    """The expectations of one design, and where each stands in the list that is written."""

    def __init__(self, scenario: Scenario, design: str) -> None:
        written = scenario.expect
        self.numbers = tuple(
            number for number, one in enumerate(written) if design in (one.designs or (design,))
        )
        held = tuple(
            written[number].model_copy(update={"designs": None}) for number in self.numbers
        )
        self.scenario = scenario.model_copy(update={EXPECT: held})

    def as_written(self, problem: Problem) -> Problem:
        """A problem of the scenario held, at its place in the list that is written."""
        if len(problem.path) < 2 or problem.path[0] != EXPECT:
            return problem
        number = problem.path[1]
        assert isinstance(number, int)
        return replace(problem, path=(EXPECT, self.numbers[number], *problem.path[2:]))

    def places(self, written: Mapping[str, Where]) -> dict[str, Where]:
        """Places by dotted path of what is written, as those of the scenario held."""
        found = {}
        held = {str(number + 1): str(at) for at, number in enumerate(self.numbers, start=1)}
        for path, place in written.items():
            first, _, rest = path.partition(".")
            if first == EXPECT and rest:
                number, dot, inside = rest.partition(".")
                if number not in held:
                    continue
                path = f"{EXPECT}.{held[number]}{dot}{inside}"
            found[path] = place
        return found

    def nodes(self, root: Node) -> Node:
        """What is written, with the expectations of the scenario held in place of all."""
        entry = root.entries.get(EXPECT)
        if entry is None:
            return root
        items = tuple(_without_designs(entry.value.items[number]) for number in self.numbers)
        expect = Entry(entry.key_place, Node(entry.value.place, items))
        return Node(root.place, {**root.entries, EXPECT: expect})


def _without_designs(item: Node) -> Node:
    if not item.is_map:
        return item
    return Node(item.place, {key: each for key, each in item.entries.items() if key != DESIGNS})


def unknown_designs(scenario: Scenario, known: Sequence[str]) -> Iterator[Problem]:
    """Every name in the expectations that no design bears."""
    for number, one in enumerate(scenario.expect):
        for place, name in enumerate(one.designs or ()):
            if name not in known:
                message = f"there is no design '{name}'{suggestion(name, known, 'designs')}"
                yield Problem((EXPECT, number, DESIGNS, place), message)
