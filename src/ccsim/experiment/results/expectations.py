"""The `expect` section: what must hold, and whether it does.

A bound is *kept* when the whole interval of the measure clears it, *missed* when all of it lies
beyond, else *unsure*; *undefined* when nobody came. Without `over` it is the measure of the whole
horizon; with `over: day` (interval, week) and `in: 95 %`, the share of days that met the bound:
each day of each replication meets it or not, and days of one replication go together. Without `in`
every day of the calendar must hold, each as a ratio of totals over replications, with intervals
that hold together: kept when all are, missed when one is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import ScenarioError, did_you_mean
from ccsim.measures.catalogue import describe, interval_measures, known_measures
from ccsim.statistics import LEVEL, Estimate, ratio, simultaneous, target_status
from ccsim.statistics.verdict import TargetStatus

if TYPE_CHECKING:
    from ccsim.experiment.results.cuts import By, Cut
    from ccsim.experiment.results.table import KpiTable
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Calendar, Expectation, Scenario

DAY_US = 86_400_000_000
PERIOD_DAYS = {
    "minute": 1 / 1440,
    "h": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": 30.4375,
    "year": 365.25,
}
BOUND_OF_UNIT = {"share": "share", "s": "duration", "h": "duration"}  # else money, or a number
WRITTEN = {"share": "a share: 80 %", "duration": "a duration: 45 s", "number": "a number: 12"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One expectation of one design.

    `estimate` is what was held against the bound: the measure, the share of days (then the bound
    is the expectation's `in`), or the worst day. `detail` says more where it is not the measure.
    """

    design: str
    expectation: Expectation
    status: TargetStatus
    estimate: Estimate
    detail: str = ""


class Measured(Protocol):
    """What a design reached, as far as expectations ask."""

    @property
    def name(self) -> str: ...  # pragma: no cover - a signature
    @property
    def scenario(self) -> Scenario: ...  # pragma: no cover - a signature
    @property
    def table(self) -> KpiTable: ...  # pragma: no cover - a signature
    def estimate(self, key: str, level: float) -> Estimate: ...  # pragma: no cover - a signature
    def cut(self, key: str, by: By, level: float) -> Cut: ...  # pragma: no cover - a signature


def judge_all(result: Measured, level: float) -> tuple[Judgement, ...]:
    """Every expectation of a design, in the order written: how it stands at `level`, beside the
    estimate with its usual interval. KeyError for an unknown measure."""
    return tuple(
        replace(judge(result, i), status=judge(result, i, level).status)
        for i in range(len(result.scenario.expect))
    )


def judge(result: Measured, index: int, level: float = LEVEL) -> Judgement:
    """Hold one expectation, by its place in the list, against what the design reached."""
    expected = result.scenario.expect[index]
    low, high = bounds(expected, result.scenario.calendar)
    if expected.over is None:
        estimate = result.estimate(expected.measure, level)
        return Judgement(result.name, expected, target_status(estimate, low, high), estimate)
    if expected.in_ is None:
        return _each(result, expected, expected.over, level)
    met = result.table.met[index]
    estimate = ratio(met[:, 0], met[:, 1], level, scale="logit")
    words = f"share of {expected.over}s that met the bound"
    status = target_status(estimate, at_least=expected.in_)
    return Judgement(result.name, expected, status, estimate, words)


def bounds(expected: Expectation, calendar: Calendar) -> tuple[float | None, float | None]:
    """`at_least` and `at_most` in the measure's unit; money a month is money for the horizon."""
    factor = 1.0
    if expected.unit == "duration":
        factor = 1e-6 / (3600.0 if describe(expected.measure).unit == "h" else 1.0)
    elif expected.per is not None and expected.per in PERIOD_DAYS:
        factor = measured_days(calendar) / PERIOD_DAYS[expected.per]
    low, high = expected.at_least, expected.at_most
    return None if low is None else low * factor, None if high is None else high * factor


def measured_days(calendar: Calendar) -> float:
    """The days of a calendar that are measured, without the warm-up."""
    return calendar.days - calendar.warm_up / DAY_US


def met_in(
    num: NDArray[np.float64], den: NDArray[np.float64], low: float | None, high: float | None
) -> tuple[float, float]:
    """How many ratios lie within the bounds, and how many are defined."""
    defined = den > 0
    value = num[defined] / den[defined]
    met = np.ones(len(value), dtype=np.bool_)
    if low is not None:
        met &= value >= low
    if high is not None:
        met &= value <= high
    return float(met.sum()), float(defined.sum())


def _each(result: Measured, expected: Expectation, over: By, level: float) -> Judgement:
    """Every group must hold; the estimate shown is the first of the worst status."""
    single = simultaneous(level, len(result.table.cuts[over].groups))
    found = result.cut(expected.measure, over, single)
    low, high = bounds(expected, result.scenario.calendar)
    estimates = [found.band.at(i) for i in range(len(found.labels))]
    statuses = [target_status(one, low, high) for one in estimates]
    order: tuple[TargetStatus, ...] = ("missed", "too close to call", "met", "undefined")
    status = next(word for word in order if word in statuses)
    worst = statuses.index(status)
    count = statuses.count(status)
    words = f"{status} in {count} of {len(statuses)} {over}s, first {found.labels[worst]}"
    return Judgement(result.name, expected, status, estimates[worst], words)


def problems(designs: Mapping[str, Design]) -> Iterable[ScenarioError]:
    """Expectations of measures that a design does not have, or that cannot be cut as asked."""
    for design in designs.values():
        known = known_measures(design.scenario)
        by_interval = set(interval_measures(design.scenario))
        for i, expected in enumerate(design.scenario.expect):
            key = expected.measure
            if key not in known:
                yield _problem(design, i, f"there is no measure '{key}'", _hint(key, known))
            elif expected.over is not None and key not in by_interval:
                kind = "a quantile" if describe(key).kind == "quantile" else "one for the horizon"
                yield _problem(
                    design,
                    i,
                    f"'{key}' is {kind} and cannot be taken over each {expected.over}",
                    "leave out `over`",
                )
            elif (wanted := _wanted_bound(expected)) is not None:
                yield _problem(design, i, f"'{key}' needs another bound", f"write {wanted}")


def _wanted_bound(expected: Expectation) -> str | None:
    """What kind of bound the measure needs, where the given one is of another kind."""
    measure = describe(expected.measure)
    if measure.unit == "money":
        if measure.kind == "ratio":  # what one costs is the same over a month
            right = expected.unit in ("money", "number") and expected.per is None
            return None if right else "an amount without a period: 7.50"
        right = expected.unit in ("money", "number") and expected.per != "contact"
        return None if right else "an amount: 1 450 000 / month"
    wanted = BOUND_OF_UNIT.get(measure.unit, "number")
    return None if expected.unit == wanted else WRITTEN[wanted]


def _hint(key: str, known: Sequence[str]) -> str:
    scope = key.rpartition(".")[0]
    near = [other for other in known if other.rpartition(".")[0] == scope]
    return did_you_mean(key, near or known, "measures")


def _problem(design: Design, index: int, message: str, hint: str) -> ScenarioError:
    path = f"expect.{index + 1}"
    for place in (f"{path}.measure", path, "expect"):
        if place in design.places:
            file, line, column = design.places[place]
            return ScenarioError(file, line, column, path, message, hint)
    return ScenarioError(design.name, 0, 0, path, message, hint)
