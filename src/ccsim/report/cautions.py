"""Warnings that stand at the end of an answer: few, plain, and each by a rule that is tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ccsim.measures.catalogue import describe
from ccsim.report.rounding import number
from ccsim.report.tables import Estimates, Scenarios
from ccsim.report.verdicts import joined
from ccsim.report.wording import LIVE, contacts_of, sentence_case
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

TOO_BUSY = 0.88  # occupancy above which people tire; the trade's usual ceiling is 85 to 88 %
FEW = 50  # replications below which intervals are noticeably too narrow
CUT_OFF = 0.01  # share of a channel's attempts that still waits at the end, or came when closed
GROWTH = 1.5  # the last day's backlog, this many times the first's


def cautions(
    scenarios: Scenarios,
    estimates: Estimates,
    replications: int,
    backlog_by_day: Mapping[str, Mapping[str, Sequence[Estimate]]],
    shown: Sequence[str] = (),
) -> list[str]:
    """What a reader must know before believing the table.

    `backlog_by_day[design][channel]` is the mean backlog of each measured day; `shown` are the
    keys of the table's rows.
    """
    told: dict[str, list[str]] = {}  # a warning, and the designs of which it holds
    for design, text in (
        *_growing(backlog_by_day),
        *_cut_off(scenarios, estimates, backlog_by_day),
        *_closed(scenarios, estimates),
        *_too_busy(scenarios, estimates),
    ):
        told.setdefault(text, []).append(design)
    found = [
        sentence_case(text) if len(scenarios) == 1 else f"In {joined(designs)}, {text}"
        for text, designs in told.items()
    ]
    if replications == 1:
        found.append("One replication tells nothing about chance: there are no intervals.")
    elif replications < FEW:
        found.append(
            f"{replications} replications are few: intervals from so few are somewhat too narrow; "
            f"use {FEW} or more before you decide."
        )
    if any(describe(key).assumed for key in shown):
        found.append(
            "What is marked (assumed) follows from the scenario's assumptions about resolution "
            "and escalation, not from the simulation alone."
        )
    return found


def grows(days: Sequence[Estimate]) -> bool:
    """Whether a backlog grows by the day: each day's above the day before, surely at the end."""
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
    backlog: Mapping[str, Mapping[str, Sequence[Estimate]]],
) -> list[tuple[str, str]]:
    found = []
    for design, channels in backlog.items():
        for channel, days in channels.items():
            if grows(days):
                first, last = (number(day.value or 0.0, 0) for day in (days[0], days[-1]))
                text = (
                    f"the backlog of {contacts_of(channel)} grows by the day "
                    f"(from {first} to {last}): there are too few people for the work, and the "
                    "figures depend on how many days are simulated."
                )
                found.append((design, text))
    return found


def _cut_off(
    scenarios: Scenarios,
    estimates: Estimates,
    backlog: Mapping[str, Mapping[str, Sequence[Estimate]]],
) -> list[tuple[str, str]]:
    found = []
    for design, scenario in scenarios.items():
        for channel in scenario.channels:
            if grows(backlog.get(design, {}).get(channel, ())):
                continue  # said already
            left = estimates[design].get(f"{channel}.backlog_end")
            came = estimates[design].get(f"{channel}.attempts")
            if left is None or came is None or not left.value or not came.value:
                continue
            share = left.value / came.value
            if share > CUT_OFF and (channel not in LIVE or left.value >= 1):
                text = (
                    f"{number(left.value, 0)} {contacts_of(channel)} "
                    f"({number(100 * share, 0)} % of those that came) still wait at the end of the "
                    "calendar; what becomes of them is not in the figures."
                )
                found.append((design, text))
    return found


def _closed(scenarios: Scenarios, estimates: Estimates) -> list[tuple[str, str]]:
    """Channels that many find closed: their attempts are in no figure of service."""
    found = []
    for design, scenario in scenarios.items():
        for channel in scenario.channels:
            closed = estimates[design].get(f"{channel}.closed")
            if closed is not None and closed.value is not None and closed.value > CUT_OFF:
                text = (
                    f"{number(100 * closed.value, 0)} % of the {contacts_of(channel)} came while "
                    "the channel was closed; the figures of service leave them out."
                )
                found.append((design, text))
    return found


def _too_busy(scenarios: Scenarios, estimates: Estimates) -> list[tuple[str, str]]:
    found = []
    for design, scenario in scenarios.items():
        busy = []
        for team in scenario.teams:
            key = f"{team}.{_occupancy_of(scenario, team)}"
            estimate = estimates[design].get(key)
            if estimate is not None and estimate.low is not None and estimate.low > TOO_BUSY:
                busy.append(f"{team} ({number(100 * (estimate.value or 0), 0)} %)")
        if busy:
            text = (
                f"occupancy is above {number(100 * TOO_BUSY, 0)} % in "
                f"{joined(busy)}: few teams hold that for long."
            )
            found.append((design, text))
    return found


def _occupancy_of(scenario: Scenario, team: str) -> str:
    """Live work where the gaps are filled with written work on purpose, else all work."""
    hands = scenario.teams[team].hands
    takes_both = "email" in _channels(scenario) and hands.get("email", "in gaps") == "in gaps"
    return "occupancy_live" if takes_both else "occupancy"


def _channels(scenario: Scenario) -> list[str]:
    return list(scenario.channels)
