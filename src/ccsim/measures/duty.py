"""Agents' time that is told by the roster, or by all rows of a replication together."""

from __future__ import annotations

import numpy as np

from ccsim.measures.accumulate import layout as at
from ccsim.measures.accumulator import Accumulator
from ccsim.measures.late_breaks import without_made_up
from ccsim.roster.model import PAID, SHRINKAGE, Activity, Roster


def add_staff(accumulator: Accumulator, roster: Roster) -> None:
    """Add the hours of a roster to the accumulator of its replication, and those hours that are
    known only when all rows are there."""
    schedule, activity = roster.schedule, roster.schedule["activity"]
    team = accumulator.team_of[schedule["agent"]]
    paid, planned = np.isin(activity, PAID), activity == Activity.OVERTIME
    for sum_, rows in (
        (at.SCHEDULED, np.ones(len(schedule), bool)),
        (at.PAID, paid),
        (at.SHRUNK, np.isin(activity, SHRINKAGE)),
        (at.PLANNED, planned),
        (at.STANDBY, activity == Activity.STANDBY),
    ):
        accumulator.add_time(sum_, team[rows], schedule["start"][rows], schedule["until"][rows])
    # Overtime outside paid time: work into a paid break is paid already, and into an unpaid one as
    # far as the break then takes paid time. Planned overtime and the work of people on call are
    # overtime too.
    teams = accumulator.layout.network.teams
    keeps_length = np.array([team.keep_break_length for team in teams], np.bool_)[
        accumulator.team_of
    ]
    rows_late = without_made_up(accumulator.spilled(at.LATE_ROWS), roster, keeps_length)
    agent, start, until = late = rows_late.T
    accumulator.add_time(at.BEYOND_PAY, accumulator.team_of[agent], start, until)
    of_pay = np.column_stack([schedule[name][paid] for name in ("agent", "start", "until")])
    less = np.column_stack([*late, np.full(len(agent), -1)])
    accumulator.add_shared_time(at.BEYOND_PAY, less, of_pay.astype(np.int64))
    also = schedule[planned]
    accumulator.add_time(at.BEYOND_PAY, team[planned], also["start"], also["until"])
    if accumulator.layout.wants_deferred:  # what deferred work took on duty; the rest was live
        spans = np.concatenate([accumulator.spilled(at.DUTY_SPANS), accumulator.last_spans()])
        axis = accumulator.layout.context.window.until_us + 1  # agent after agent
        spans = spans[np.argsort(spans[:, 0] * axis + spans[:, 1], kind="stable")]
        accumulator.add_shared_time(at.DEFERRED_UNITS, accumulator.spilled(at.DEFERRED_ROWS), spans)
