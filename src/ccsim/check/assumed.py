"""The assumptions of a design as people read them: what is stated, how far off it may be, why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccsim.scenario.drawn import values_at

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design

ILLUSTRATIVE = "illustrative"  # the source of a number that nobody has measured


@dataclass(frozen=True, slots=True)
class Assumed:
    """One line of `uncertain`. `low`, `likely` and `high` as written: changes where `change`."""

    path: str
    stated: tuple[str, ...]  # what is written there, equal values once; empty for maps
    low: str
    likely: str | None
    high: str
    change: bool
    source: str

    @property
    def sentence(self) -> str:
        """`channels.phone.patience: stated as 2 min, may be 90 s to 4 min (source: a survey)`."""
        stated = f"stated as {', '.join(self.stated)}, " if self.stated else ""
        of = " of what is stated" if self.change else ""
        likely = f", most likely {self.likely}" if self.likely is not None else ""
        source = f"source: {self.source}"
        if self.source.strip().casefold() == ILLUSTRATIVE:
            source = "illustrative: nobody has measured it"
        return f"{self.path}: {stated}may be {self.low} to {self.high}{of}{likely} ({source})"

    def to_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "stated": list(self.stated),
            "low": self.low,
            "likely": self.likely,
            "high": self.high,
            "source": self.source,
        }


def assumed(design: Design) -> tuple[Assumed, ...]:
    """The lines of the design's `uncertain`, in the order written."""
    found = []
    for path, block in design.scenario.uncertain.items():
        ends = block.by or block.range or ()
        found.append(
            Assumed(
                path=path,
                stated=values_at(design, path),
                low=ends[0],
                likely=ends[1] if len(ends) == 3 else None,
                high=ends[-1],
                change=block.by is not None,
                source=block.source,
            )
        )
    return tuple(found)
