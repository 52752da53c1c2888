"""Warnings that stand at the end of an answer: few, plain, and each by a rule that is tested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ccsim.measures.catalogue import describe
from ccsim.report.tables.rows import Estimates, Scenarios
from ccsim.report.words.labels import target_time
from ccsim.report.words.names import (
    LIVE,
    contacts_of,
    design_label,
    joined,
    measured_days,
    period,
    sentence_case,
    team_label,
)
from ccsim.report.words.rounding import number
from ccsim.report.words.units import INPUT
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

TOO_BUSY = 0.88  # occupancy above which people tire; the trade's usual ceiling is 85 to 88 %
FEW = 50  # replications below which intervals are noticeably too narrow
HELD = {20: "about 90", 10: "about 85", 1: "fewer than 85"}
"""Of 100 nominal 95 % intervals from so many replications or more how many hold the truth, of those
that do worst (percentiles; docs/background/statistics.md)."""
CUT_OFF = 0.01  # share of a channel's attempts that still waits at the end, or came when closed
MANY_CLOSED = 0.05  # share that finds a channel closed from which the verdict says so
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
    for channel in _channels(scenarios):
        growing = {
            design: days
            for design, channels in backlog_by_day.items()
            if grows(days := channels.get(channel, ()))
        }
        found += _growing(channel, growing, scenarios)
        found += _cut_off(channel, estimates, scenarios, growing)
    found += _closed(scenarios, estimates)
    found += _too_busy(scenarios, estimates)
    found += _part_of_a_week(scenarios, shown)
    if replications == 1:
        found.append("One replication says nothing about chance: there are no intervals.")
    elif replications < FEW:
        found.append(
            f"{replications} replications are few: of 95 % intervals from so few, at worst "
            f"{_held(replications)} of 100 hold the true value. Use {FEW} or more before you "
            "decide."
        )
    if any(describe(key).assumed for key in shown):
        found.append(
            f"What is marked {INPUT} follows from the shares of resolution and escalation that "
            "you entered, not from the simulation alone."
        )
    return found


def _held(replications: int) -> str:
    return next(words for n, words in HELD.items() if replications >= n)


def _part_of_a_week(scenarios: Scenarios, shown: Sequence[str]) -> list[str]:
    """Days that are not whole weeks, taken for all days of a year, misstate costs a year."""
    days = measured_days(next(iter(scenarios.values())))
    if days % 7 == 0 or days >= WHOLE_WEEKS or not any(key in OF_A_YEAR for key in shown):
        return []
    costs = "cost.total" in shown
    what = "costs a year and paid time in FTE take" if costs else "paid time in FTE takes"
    count = f"{days:g} day" + ("" if days == 1 else "s")
    return [
        f"The calendar is not a whole number of weeks ({count}): {what} every day of the year to "
        "be like these."
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
    contacts = contacts_of(channel, _first(scenarios))
    return [
        _of(
            growing,
            scenarios,
            f"the backlog of {contacts} grows every day (from {first} to {last}): "
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
    scenario = _first(scenarios)
    timed = target_time(scenario, channel) is not None
    late = ", except as late once their target time has passed" if timed else ""
    count = _range([waiting for waiting, _ in left.values()])
    share = _range([100 * part for _, part in left.values()])
    return [
        _of(
            left,
            scenarios,
            f"{count} {contacts_of(channel, scenario)} ({share} % of those that came) are still "
            f"open when {period(scenario)} ends; not counted{late}.",
        )
    ]


def closed_sentences(scenarios: Scenarios, estimates: Estimates) -> list[str]:
    """What must stand beside targets: how many find each channel closed, where that is many."""
    many = {
        channel: found
        for channel in _channels(scenarios)
        if (found := _found_closed(channel, estimates, scenarios, MANY_CLOSED))
    }
    if not many:
        return []
    return [f"Targets count only who comes while it is open: {_closed_words(many, scenarios)}."]


def _closed(scenarios: Scenarios, estimates: Estimates) -> list[str]:
    """The channels that some find closed, but not many: of many the verdict speaks."""
    some = {
        channel: found
        for channel in _channels(scenarios)
        if (found := _found_closed(channel, estimates, scenarios, CUT_OFF))
        and max(found.values()) <= 100 * MANY_CLOSED
    }
    if not some:
        return []
    words = _closed_words(some, scenarios)
    return [f"{sentence_case(words)}; they are in no service level."]


def _closed_words(shares: Mapping[str, Mapping[str, float]], scenarios: Scenarios) -> str:
    """`4 % of calls and 5 % of chats find it closed`, with the designs where that is not all."""
    parts = []
    for channel, found in shares.items():
        where = "" if len(found) == len(scenarios) else f" in {_names(found, scenarios)}"
        contacts = contacts_of(channel, _first(scenarios))
        parts.append(f"{_range([*found.values()])} % of {contacts}{where}")
    return f"{joined(parts)} find it closed"


def _channels(scenarios: Scenarios) -> list[str]:
    return list(dict.fromkeys(c for scenario in scenarios.values() for c in scenario.channels))


def _found_closed(
    channel: str, estimates: Estimates, scenarios: Scenarios, least: float
) -> dict[str, float]:
    """The share (%) of attempts that find a channel closed, in designs where it is above least."""
    shares = {design: _value(estimates, design, f"{channel}.closed") for design in scenarios}
    return {design: 100 * share for design, share in shares.items() if share > least}


def _too_busy(scenarios: Scenarios, estimates: Estimates) -> list[str]:
    found: dict[str, list[str]] = {}
    for design, scenario in scenarios.items():
        busy = []
        for team, block in scenario.teams.items():
            if block.drawn_from is not None:  # on duty only while at work
                continue
            estimate = estimates[design].get(f"{team}.{_occupancy_of(scenario, team)}")
            if estimate is not None and estimate.low is not None and estimate.low > TOO_BUSY:
                share = number(100 * (estimate.value or 0), 0)
                busy.append(f"{team_label(team, scenario)} ({share} %)")
        if busy:
            found.setdefault(joined(busy), []).append(design)
    return [
        _of(
            designs,
            scenarios,
            f"occupancy is above {number(100 * TOO_BUSY, 0)} % in {teams}: few teams sustain that "
            "for long.",
        )
        for teams, designs in found.items()
    ]


def _of(designs: Iterable[str], scenarios: Scenarios, text: str) -> str:
    """The warning with the designs of which it holds, unless it holds of all."""
    names = list(designs)
    every = len(names) == len(scenarios)
    return sentence_case(text) if every else f"In {_names(names, scenarios)}, {text}"


def _first(scenarios: Scenarios) -> Scenario:
    return next(iter(scenarios.values()))


def _names(designs: Iterable[str], scenarios: Scenarios) -> str:
    return joined([design_label(name, scenarios[name]) for name in designs])


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
