"""In which unit the values of a measure are shown, and how a row is scaled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccsim.measures.catalogue import describe
from ccsim.report.words.names import measured_days
from ccsim.report.words.rounding import Scale, scale_for
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

DAYS_A_YEAR = 365.25
INPUT = "(your input)"  # marks what follows from shares that the scenario states


@dataclass(frozen=True, slots=True)
class Unit:
    """How the values of one key are shown: `kind` as in `rounding.scale_for`, times `factor`."""

    kind: str
    factor: float = 1.0

    def of(self, estimate: Estimate) -> Estimate:
        """The estimate in this unit."""
        return estimate if self.factor == 1.0 else estimate.scaled(self.factor)


def unit_of(key: str, scenario: Scenario, *, yearly: bool) -> Unit:
    """The unit of a key; money totals are scaled to a year if `yearly`."""
    measure = describe(key)
    currency = scenario.currency or ""
    if measure.unit != "money":
        return Unit(measure.unit)
    if measure.kind == "ratio":
        return Unit(f"price:{currency}")
    return Unit(f"money:{currency}", year_factor(scenario) if yearly else 1.0)


def year_factor(scenario: Scenario) -> float:
    """The factor from the measured days to a year: 365.25 / days."""
    return DAYS_A_YEAR / measured_days(scenario)


def labelled(label: str, scale: Scale, key: str) -> str:
    """The label with its unit, once, and with a mark where the value is an input of the scenario.

    Times and money need their unit; counts are named by their labels.
    """
    measure = describe(key)
    if measure.unit in ("s", "h", "money") or " per " in measure.unit:
        label = f"{label}, {scale.unit}".rstrip(", ")
    return f"{label} {INPUT}" if measure.assumed else label


def scaled_row(unit: Unit, estimates: Sequence[Estimate | None]) -> tuple[Scale, list[Estimate]]:
    """The scale of a row and its estimates in its unit; a missing one is undefined."""
    nothing = Estimate(None, None, None, 0.95, "not measured", 0)
    shown = [nothing if estimate is None else unit.of(estimate) for estimate in estimates]
    return scale_for(unit.kind, shown), shown
