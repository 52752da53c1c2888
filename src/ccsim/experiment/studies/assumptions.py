"""Assumptions that can be moved one at a time: the scenario's own, or those of every planner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ccsim.errors import ScenarioProblems
from ccsim.scenario.drawn import changed, drawn, stated_share
from ccsim.scenario.uncertainty.spread import Spread, spread_of

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design

PLANNERS = {
    "volumes": ("contacts.*.arrivals.per_day",),
    "handle times": ("contacts.*.*.handle", "contacts.*.stages.*.handle"),
    "patience": ("channels.*.patience", "contacts.*.*.patience"),
    "absence": tuple(f"teams.*.shrinkage.{kind}" for kind in ("leave", "sick", "late")),
}
"""What is moved where a scenario says nothing of its own: the paths that go together."""
WITHIN = 30  # per cent either way
STEPS = 32  # of the way from what is stated to an end of a range


class Moved(Protocol):
    """An assumption and one way to move it, in so many steps from what is stated to a limit."""

    @property
    def name(self) -> str: ...  # pragma: no cover - a signature

    @property
    def steps(self) -> int: ...  # pragma: no cover - a signature

    def designs(self, designs: Mapping[str, Design], step: int) -> dict[str, Design]:
        """The designs with the assumption so many steps away. ScenarioProblems where that makes no
        scenario."""
        ...  # pragma: no cover - a signature

    def written(self, step: int) -> str:
        """Where that is, as a scenario writes it."""
        ...  # pragma: no cover - a signature


@dataclass(frozen=True, slots=True)
class ByPercent:
    """All numbers at some paths, up or down by so many per cent as there are steps."""

    name: str
    paths: tuple[str, ...]
    sign: str
    steps: int = WITHIN

    def designs(self, designs: Mapping[str, Design], step: int) -> dict[str, Design]:
        changes = dict.fromkeys(self.paths, self.written(step))
        return {name: changed(design, changes) for name, design in designs.items()}

    def written(self, step: int) -> str:
        return f"{self.sign}{step} %"


@dataclass(frozen=True, slots=True)
class Ranged:
    """An assumption of the scenario, from what is stated to one end of its range."""

    name: str  # its path
    spread: Spread
    stated: float  # the share of draws below what is stated
    end: float  # 0 or 1
    steps: int = STEPS

    def designs(self, designs: Mapping[str, Design], step: int) -> dict[str, Design]:
        at = {self.name: self._share(step)}
        return {
            name: drawn(design, at) if self.name in design.scenario.uncertain else design
            for name, design in designs.items()
        }

    def written(self, step: int) -> str:
        return str(self.spread.written(self._share(step)))

    def _share(self, step: int) -> float:
        return self.stated + (self.end - self.stated) * step / self.steps


def assumptions(designs: Mapping[str, Design]) -> tuple[bool, list[Moved]]:
    """Whether the designs have assumptions of their own, and what is to be moved, both ways."""
    own = list(_own(designs))
    return bool(own), own or list(_planners(designs))


def _own(designs: Mapping[str, Design]) -> Iterator[Moved]:
    found: dict[str, Design] = {}
    for design in designs.values():
        for path in design.scenario.uncertain:
            found.setdefault(path, design)
    for path, design in found.items():
        stated = stated_share(design, path)
        for end in (0.0, 1.0):
            if stated != end:
                yield Ranged(path, spread_of(design.scenario.uncertain[path]), stated, end)


def _planners(designs: Mapping[str, Design]) -> Iterator[Moved]:
    """Those that change anything, and make a scenario at their limit."""
    for name, paths in PLANNERS.items():
        for sign in "+-":
            made = ByPercent(name, paths, sign)
            try:
                moved = made.designs(designs, made.steps)
            except ScenarioProblems:
                continue
            if any(moved[key].scenario != design.scenario for key, design in designs.items()):
                yield made
