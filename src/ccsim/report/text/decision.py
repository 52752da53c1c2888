"""What a comparison decides: which differences are stated, and the bottom line.

Everything that the verdict states holds together at 95 %: half of the 5 % goes to the marks of
targets (`Comparison.mark_level`), half to the differences, shared out evenly (Bonferroni) over
every design and measure that may be named, and over every pair of designs whose cost is compared.
Measures that differ in no replication of any design take no share: nothing is stated of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ccsim.experiment.execution.result import Comparison
from ccsim.experiment.results.headline import NET, TOTAL, cost_measure, main_measure
from ccsim.experiment.results.targets import targets
from ccsim.experiment.results.unserved import MORE_CLOSED, more_turned_away, not_offered
from ccsim.measures.catalogue import describe
from ccsim.network.structure import structure_of
from ccsim.report.tables.rows import UNSERVED
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import LIVE, lower_first
from ccsim.report.words.units import year_factor
from ccsim.report.words.verdicts import DesignChange
from ccsim.statistics import simultaneous
from ccsim.statistics.estimate import LEVEL, Estimate

HALF = 1 - (1 - LEVEL) / 2  # level of the differences together; the marks have the other half
EQUAL_COST = 0.01  # of the base's cost: two designs within it cost practically the same
EQUAL_SHARE = 0.01  # a point of a hundred: two designs within it serve practically the same
NAMED_FROM = 0.001  # smaller differences of shares without a target are not named


@dataclass(frozen=True, eq=False)
class Decision:
    """The differences of a comparison that its verdict may state."""

    comparison: Comparison

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The measures that may be named: targets first, then who is not served, then outcomes.

        All designs have them, and at least one design differs from the base in them.
        """
        scenarios = self.comparison.scenarios
        channels = [*self.comparison.scenario.channels]
        wanted = [main_measure(self.comparison.scenario)]
        wanted += [t.key for scenario in scenarios.values() for t in structure_of(scenario).targets]
        for channel in channels:
            level = f"{channel}.service_level"
            wanted.append(level if self._shared(level) else f"{channel}.speed_of_answer")
            wanted += [f"{channel}.{name}" for name in UNSERVED]
            wanted += [f"{channel}.backlog_end"] * (channel not in LIVE)
            wanted.append(f"{channel}.callback_wait")
        wanted += ["all.abandoned_by_customer", "outbound.answered", "outbound.backlog_end"]
        wanted += ["all.first_contact_resolution", "all.repeat_share"]
        first, *rest = dict.fromkeys(wanted)
        return (first, *(key for key in rest if self._shared(key) and self._ever_differs(key)))

    @cached_property
    def money(self) -> tuple[str, ...]:
        """The cost measures that all designs have: the total, and what remains after revenue."""
        return tuple(key for key in (TOTAL, NET) if self._shared(key))

    @cached_property
    def level(self) -> float:
        """The level of each single difference, so that all of them hold together."""
        designs, others = len(self.comparison.results), len(self.comparison.others)
        of_pairs = [*self.money, *(key for key in self.keys if key.endswith(".closed"))]
        of_base = len(self.keys) + len(self.money) - len(of_pairs)
        pairs = designs * (designs - 1) // 2
        return simultaneous(HALF, max(1, others * of_base + pairs * len(of_pairs)))

    def _shared(self, key: str) -> bool:
        return all(key in result for result in self.comparison.results.values())

    def _ever_differs(self, key: str) -> bool:
        found = (self.comparison.difference(d, key).estimate for d in self.comparison.others)
        return any(each.value is not None and (each.low, each.high) != (0.0, 0.0) for each in found)

    def difference(self, ours: str, theirs: str, key: str) -> Estimate:
        """Ours minus theirs, at the level at which everything stated holds together."""
        tables = self.comparison.results
        return tables[ours].table.difference(tables[theirs].table, key, self.level).estimate

    def service(self, design: str) -> list[DesignChange]:
        """What the design changes against the base in service and outcomes; the main measure
        first."""
        goals = {key for each in self.comparison.scenarios.values() for key in targets(each)}
        found = []
        for place, key in enumerate(self.keys):
            change = self.service_change(design, key)
            small = describe(key).unit == "share" and abs(change.difference.value or 0) < NAMED_FROM
            small = small or self._only_diluted(design, key)
            if place == 0 or key in goals or not small:
                found.append(change)
        return found

    def _only_diluted(self, design: str, key: str) -> bool:
        """Whether a share that found it closed differs by the number of attempts alone."""
        channel, _, name = key.rpartition(".")
        against = self.comparison.against
        return name == "closed" and not (
            self._more_turned_away(design, against, channel)
            or self._more_turned_away(against, design, channel)
        )

    def service_change(self, design: str, key: str) -> DesignChange:
        """The difference of a measure against the base, in words."""
        difference = self.difference(design, self.comparison.against, key)
        return _service_words(self.comparison, key, difference)

    def costs(self, design: str) -> list[DesignChange]:
        """What the design changes in cost against the base, and in cost less revenue."""
        return [self.cost_change(design, self.comparison.against, key) for key in self.money]

    def cost_change(self, ours: str, theirs: str, key: str = TOTAL) -> DesignChange:
        """The difference in a cost, scaled to a year."""
        return yearly_change(self.comparison, self.difference(ours, theirs, key), key)

    def cheaper(self, ours: str, theirs: str) -> Literal["surely", "equal", "open", "dearer"]:
        """Whether a design costs less than another (less revenue, where something is sold)."""
        change = self.cost_change(ours, theirs, cost_measure(self.money))
        if change.direction:
            return "surely" if change.direction < 0 else "dearer"
        return "equal" if change.standing == "equal" else "open"

    def closed_to_more(self, design: str) -> list[str]:
        """The channels on which the design is surely closed to many more contacts than another.

        Who finds it closed is in no service level, so that no target would notice.
        """
        found = []
        for channel in self.comparison.scenario.channels:
            key = f"{channel}.closed"
            if key in self.keys:
                least = min(self.comparison.results, key=lambda name: self.value(name, key))
                difference = self.difference(design, least, key)
                surely = difference.low is not None and difference.low > MORE_CLOSED
                if surely and self._more_turned_away(design, least, channel):
                    found.append(channel)
        return found

    def _more_turned_away(self, design: str, other: str, channel: str) -> bool:
        return more_turned_away(self.value, design, other, channel)

    def not_offered(self, design: str) -> list[str]:
        """The channels that the design does not offer, as `unserved.not_offered`."""
        return not_offered(self.value, self.comparison.scenarios, design)

    def value(self, design: str, key: str) -> float:
        """The value of a measure, 0 where it is undefined or the design does not have it."""
        result = self.comparison.results[design]
        return (result[key].value or 0.0) if key in result else 0.0


def yearly_change(comparison: Comparison, difference: Estimate, key: str) -> DesignChange:
    """A difference in cost, or in cost less revenue, scaled to a year."""
    scenario = comparison.scenario
    factor = year_factor(scenario)
    base = comparison.results[comparison.against][key].value
    after = " after revenue" if key == NET else ""
    return DesignChange(
        difference.scaled(factor),
        f"sum:{scenario.currency or ''}",
        f"more a year{after}",
        f"less a year{after}",
        f"cost{after}",
        "lower",
        None if base is None else EQUAL_COST * abs(base) * factor,
    )


def _service_words(comparison: Comparison, key: str, difference: Estimate) -> DesignChange:
    measure, subject = describe(key), lower_first(label_of(key, comparison.scenario))
    better = measure.better
    if measure.unit == "share":
        few, many = f"fewer {subject}", f"more {subject}"
        return DesignChange(difference, "points", many, few, subject, better, EQUAL_SHARE)
    timed = measure.unit in ("s", "h")
    unit = measure.unit if timed else ""
    more, less = ("longer", "shorter") if timed else ("more", "fewer")
    return DesignChange(difference, unit, f"{more} {subject}", f"{less} {subject}", subject, better)
