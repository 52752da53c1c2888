"""Warnings that stand at the end of an answer: few, plain, and each by a rule that is tested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ccsim.measures.catalogue import describe
from ccsim.report.tables.answer_table import Estimates, Scenarios
from ccsim.report.words.labels import LIVE, contacts_of, measured_days, sentence_case
from ccsim.report.words.rounding import number
from ccsim.report.words.verdicts import joined
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

TOO_BUSY = 0.88  # occupancy above which people tire; the trade's usual ceiling is 85 to 88 %
FEW = 50  # replications below which intervals are noticeably too narrow
HELD = {20: "about 90", 10: "about 85", 1: "fewer than 85"}
"""Of 100 nominal 95 % intervals from so many replications or more how many hold the truth, of those
that do worst (percentiles; docs/background/statistics.md)."""
CUT_OFF = 0.01  # share of a channel's attempts that still waits at the end, or came when closed
WHOLE_WEEKS = 56  # days from which a part of a week more or less hardly matters
OF_A_YEAR = ("cost.total", "all.paid_fte")  # rows that take the year's days to be like these
GROWTH = 1.5  # the last day's backlog, this many times the first's


def cautions(
    scenarios: Scenarios,
    estimates: Estimates,
    replications: int,
    backlog_by_day: Mapping[str, Mapping[str, Sequence[Estimate]]],
    shown: Sequence[str] = (),
) -> list[str]:
    """What a reader must know before believing the table.

    `backlog_by_day[design][channel]` is what each working day leaves in line; `shown` are the keys
    of the table's rows. What holds of several designs is said once.
    """
    found = []
    for channel in dict.fromkeys(c for scenario in scenarios.values() for c in scenario.channels):
        growing = {
            design: days
            for design, channels in backlog_by_day.items()
            if grows(days := channels.get(channel, ()))
        }
        found += _growing(channel, growing, scenarios)
        found += _cut_off(channel, estimates, scenarios, growing)
        found += _closed(channel, estimates, scenarios)
    found += _too_busy(scenarios, estimates)
    found += _part_of_a_week(scenarios, shown)
    if replications == 1:
        found.append("One replication tells nothing about chance: there are no intervals.")
    elif replications < FEW:
        found.append(
            f"{replications} replications are few: of 95 % intervals from so few, at worst "
            f"{_held(replications)} of 100 hold the true value. Use {FEW} or more before you "
            "decide."
        )
    if any(describe(key).assumed for key in shown):
        found.append(
            "What is marked (assumed) follows from the scenario's assumptions about resolution "
            "and escalation, not from the simulation alone."
        )
    return found


def _held(replications: int) -> str:
    return next(words for n, words in HELD.items() if replications >= n)


def _part_of_a_week(scenarios: Scenarios, shown: Sequence[str]) -> list[str]:
    """Five working days, or one, taken for all days of a year make it dearer than it is."""
    days = measured_days(next(iter(scenarios.values())))
    if days % 7 == 0 or days >= WHOLE_WEEKS or not any(key in OF_A_YEAR for key in shown):
        return []
    costs = "cost.total" in shown
    what = "costs a year and paid time in FTE take" if costs else "paid time in FTE takes"
    count = f"{days:g} day" + ("" if days == 1 else "s")
    return [
        f"The calendar is no whole weeks ({count}): {what} every day of the year to be like these."
    ]


def grows(days: Sequence[Estimate]) -> bool:
    """Whether a backlog grows by the day: each day leaves more than the day before, surely at the
    end."""
    if len(days) < 3:
        return False
    values = [day.value for day in days]
    if any(value is None for value in values):
        return False
    sure = [value for value in values if value is not None]
    rises = all(later > earlier for earlier, later in pairwise(sure))
    first, last = days[0].high, days[-1].low
    return rises and first is not None and last is not None and last > GROWTH * first and last > 1


def _growing(
    channel: str, growing: Mapping[str, Sequence[Estimate]], scenarios: Scenarios
) -> list[str]:
    if not growing:
        return []
    first = _range([days[0].value or 0.0 for days in growing.values()])
    last = _range([days[-1].value or 0.0 for days in growing.values()])
    return [
        _of(
            growing,
            scenarios,
            f"the backlog of {contacts_of(channel)} grows by the day (from {first} to {last}): "
            "there are too few people for the work, and the figures depend on how many days are "
            "simulated.",
        )
    ]


def _cut_off(
    channel: str, estimates: Estimates, scenarios: Scenarios, growing: Mapping[str, object]
) -> list[str]:
    """Contacts that wait at the end; not where the backlog grows, for that is said already."""
    left: dict[str, tuple[float, float]] = {}
    for design in scenarios:
        waiting = _value(estimates, design, f"{channel}.backlog_end")
        came = _value(estimates, design, f"{channel}.attempts")
        enough = waiting > CUT_OFF * came and (channel not in LIVE or waiting >= 1)
        if came > 0 and enough and design not in growing:
            left[design] = (waiting, waiting / came)
    if not left:
        return []
    count = _range([waiting for waiting, _ in left.values()])
    share = _range([100 * part for _, part in left.values()])
    return [
        _of(
            left,
            scenarios,
            f"{count} {contacts_of(channel)} ({share} % of those that came) still wait at the end "
            "of the calendar; what becomes of them is not in the figures.",
        )
    ]


def _closed(channel: str, estimates: Estimates, scenarios: Scenarios) -> list[str]:
    """A channel that many find closed: their attempts are in no figure of service."""
    shares = {design: _value(estimates, design, f"{channel}.closed") for design in scenarios}
    found = {design: 100 * share for design, share in shares.items() if share > CUT_OFF}
    if not found:
        return []
    text = (
        f"{_range(list(found.values()))} % of the {contacts_of(channel)} came while the channel "
        "was closed; the figures of service leave them out."
    )
    return [_of(found, scenarios, text)]


def _too_busy(scenarios: Scenarios, estimates: Estimates) -> list[str]:
    found: dict[str, list[str]] = {}
    for design, scenario in scenarios.items():
        busy = []
        for team, block in scenario.teams.items():
            if block.drawn_from is not None:  # on duty only while at work
                continue
            estimate = estimates[design].get(f"{team}.{_occupancy_of(scenario, team)}")
            if estimate is not None and estimate.low is not None and estimate.low > TOO_BUSY:
                busy.append(f"{team} ({number(100 * (estimate.value or 0), 0)} %)")
        if busy:
            found.setdefault(joined(busy), []).append(design)
    return [
        _of(
            designs,
            scenarios,
            f"occupancy is above {number(100 * TOO_BUSY, 0)} % in {teams}: few teams hold that "
            "for long.",
        )
        for teams, designs in found.items()
    ]


def _of(designs: Iterable[str], scenarios: Scenarios, text: str) -> str:
    """The warning with the designs of which it holds, unless it holds of all."""
    names = list(designs)
    every = len(names) == len(scenarios)
    return sentence_case(text) if every else f"In {joined(names)}, {text}"


def _range(values: Sequence[float]) -> str:
    """`144`, or `119 to 144`."""
    low, high = number(min(values), 0), number(max(values), 0)
    return low if low == high else f"{low} to {high}"


def _value(estimates: Estimates, design: str, key: str) -> float:
    """The value, 0 where it is not measured or not defined."""
    estimate = estimates[design].get(key)
    return 0.0 if estimate is None or estimate.value is None else estimate.value


def _occupancy_of(scenario: Scenario, team: str) -> str:
    """Live work where the gaps are filled with written work on purpose, else all work."""
    hands = scenario.teams[team].hands
    takes_both = "email" in scenario.channels and hands.get("email", "in gaps") == "in gaps"
    return "occupancy_live" if takes_both else "occupancy"
