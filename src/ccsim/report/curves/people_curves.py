"""Tables of people for figures: a day of the roster, occupancy by hour; and what they show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.check.day_schedule import DaySchedule, PersonDay, day_schedule
from ccsim.experiment.execution.result import Experiment
from ccsim.report.curves.findings import clock, spans
from ccsim.report.curves.shown import OccupancyByHour, RosterDay, Sample
from ccsim.report.tables.time_table import cut_of
from ccsim.report.text.answer import sample_words
from ccsim.report.words.names import design_label, joined, team_label
from ccsim.report.words.rounding import number
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.tables.files import references

if TYPE_CHECKING:
    from ccsim.experiment.results.design_result import DesignResult

MOST_ROWS = 60  # of a picture
DUTY = ("on duty", "planned overtime")
STEP = 900  # s in which heads are counted for the title


def roster_tables(experiment: Experiment) -> Iterator[RosterDay]:
    """One table for each design: the day with most hours on duty, with the absence of the first
    replication. None for a design whose files are not at hand."""
    for result in experiment.results.values():
        design = result.design
        if any(reference.name not in design.files for reference in references(design.scenario)):
            continue
        scheduled = day_schedule(design, experiment.seed)
        if not scheduled.rows:
            continue
        date = LocalClock(design.scenario.calendar).date(scheduled.day)
        words = f"{experiment.scenario.name} · one replication of {experiment.replications}"
        yield RosterDay(
            design_label(result.name, design.scenario),
            date.strftime("%a %d %b %Y"),
            scheduled.length,
            tuple((team_label(row.team, design.scenario), row.parts) for row in _shown(scheduled)),
            len(scheduled.rows),
            Sample(experiment.scenario.name, words),
        )


def _shown(scheduled: DaySchedule) -> list[PersonDay]:
    """As many rows as fit, taken evenly from every team."""
    step = -(-len(scheduled.rows) // MOST_ROWS)
    teams: dict[str, list[PersonDay]] = {}
    for row in scheduled.rows:
        teams.setdefault(row.team, []).append(row)
    return [row for rows in teams.values() for row in rows[::step]]


def roster_finding(table: RosterDay) -> str:
    """How many are on duty at the least and at the most, and when."""
    heads = _heads(table)
    most, least = round(float(heads.max())), round(float(heads.min()))
    scale = table.people / len(table.rows)  # where not everybody has a row
    about = "" if table.people == len(table.rows) else "about "
    if least == most:
        return f"{table.day}: {about}{number(most * scale, 0)} on duty all day"
    top = f"{about}{number(most * scale, 0)} (at {clock(int(np.argmax(heads)) * STEP)})"
    if least == 0:
        there = spans([i * STEP for i in range(len(heads))], STEP, (heads > 0).tolist())
        when = joined([f"from {clock(start)} to {clock(until)}" for start, until in there])
        if len(there) > 2:
            alone = number((heads == 0).sum() * STEP / 3600, 1)
            return f"{table.day}: no one on duty for {alone} h of the day, at most {top}"
        return f"{table.day}: staffed {when}, at most {top}"
    low = f"{about}{number(least * scale, 0)} (at {clock(int(np.argmin(heads)) * STEP)})"
    return f"{table.day}: from {low} to {top} on duty"


def _heads(table: RosterDay) -> NDArray[np.float64]:
    """People on duty in each quarter of an hour, a few minutes late counted as such."""
    steps = np.arange(-(-table.length // STEP)) * STEP
    heads = np.zeros(len(steps))
    for _, parts in table.rows:
        for start, until, kind in parts:
            if kind in DUTY:
                heads += np.clip(
                    np.minimum(until, steps + STEP) - np.maximum(start, steps), 0, STEP
                )
    return heads / STEP


def occupancy_tables(experiment: Experiment) -> Iterator[OccupancyByHour]:
    """One table for each design: occupancy by team and hour, all days together. People on call
    have no row: they are on duty only while at work."""
    for result in experiment.results.values():
        scenario = result.scenario
        found = {
            team: shares
            for team, block in scenario.teams.items()
            if block.drawn_from is None and (shares := _by_hour(result, team))
        }
        hours = sorted({hour for shares in found.values() for hour in shares})
        if not hours:
            continue
        words = f"{experiment.scenario.name} · {sample_words(experiment)}"
        yield OccupancyByHour(
            design_label(result.name, scenario),
            tuple(team_label(team, scenario) for team in found),
            tuple(range(hours[0], hours[-1] + 1)),
            tuple(
                tuple(shares.get(hour) for hour in range(hours[0], hours[-1] + 1))
                for shares in found.values()
            ),
            Sample(experiment.scenario.name, words),
        )


def _by_hour(result: DesignResult, team: str) -> dict[int, float]:
    """Occupancy of a team by hour of the day, without hours in which no agent is on duty."""
    taken = cut_of(result, f"{team}.occupancy", "time")
    duty = cut_of(result, f"{team}.heads_on_duty", "time")
    if taken is None or duty is None:
        return {}
    sums: dict[int, tuple[float, float]] = {}
    for i, start in enumerate(duty.groups.starts):
        heads, share = duty.band.at(i).value or 0.0, taken.band.at(i).value
        if heads > 0 and share is not None:
            over, under = sums.get(start // 3600, (0.0, 0.0))
            sums[start // 3600] = (over + heads * share, under + heads)
    return {hour: over / under for hour, (over, under) in sums.items()}


def occupancy_finding(table: OccupancyByHour) -> str:
    """When each team is busiest; of many teams the two busiest."""
    peaks = []
    for team, shares in zip(table.teams, table.shares, strict=True):
        known = [
            (share, -hour)
            for share, hour in zip(shares, table.hours, strict=True)
            if share is not None
        ]
        if known:
            share, hour = max(known)
            peaks.append((share, team, -hour))
    peaks.sort(key=lambda peak: -peak[0])
    said = [
        f"{team} {number(100 * share, 0)} % at {clock(3600 * hour)}"
        for share, team, hour in peaks[:2]
    ]
    return f"Busiest hours: {joined(said)}"
