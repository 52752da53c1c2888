"""What one design reached over all replications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ccsim.experiment.results.cuts import By, Cut
from ccsim.experiment.results.displays import Displayed
from ccsim.experiment.results.table import KpiTable
from ccsim.measures.structural_zeros import is_structural_zero
from ccsim.statistics import LEVEL, Estimate
from ccsim.statistics.reduction import Gains

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario


@dataclass(frozen=True, eq=False, repr=False)
class DesignResult(Displayed, Mapping[str, Estimate]):
    """What one design reached: `result['phone.service_level']` is an Estimate in the unit of
    `ccsim.measures.catalogue.describe(key)`. Iterates over the keys in the order shown."""

    name: str
    design: Design
    table: KpiTable
    _shown_by = "notebook:design_html"

    def __getitem__(self, key: str) -> Estimate:
        return self.estimate(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self.table.measures)

    def __len__(self) -> int:
        return len(self.table.measures)

    def __contains__(self, key: object) -> bool:
        return key in self.table

    def __repr__(self) -> str:
        n = self.table.replications
        return f"<{self.name}: {len(self)} measures over {n} replications>"

    @property
    def scenario(self) -> Scenario:
        return self.design.scenario

    def estimate(self, key: str, level: float = LEVEL) -> Estimate:
        """The measure at another level. KeyError for an unknown key. A share to which the design
        leaves no way is 0 without an interval, however few contacts there were."""
        found = self.table.estimate(key, level)
        if found.value == 0.0 and found.high and is_structural_zero(key, self.scenario):
            return replace(found, low=0.0, high=0.0, method="cannot happen")
        return found

    def gains(self, key: str) -> Gains:
        """What stratified busyness and controls gained for the measure, where `run` asks for them.
        KeyError for an unknown key."""
        return self.table.gains(key)

    def cut(self, key: str, by: By, level: float = LEVEL) -> Cut:
        """The measure by interval, time of day, day, weekday or week. KeyError where it has no
        cut."""
        return self.table.cut(key, by, level)
