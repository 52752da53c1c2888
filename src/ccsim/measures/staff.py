"""Agents' time: on duty, at work, scheduled, paid; and the measures made of it.

Capacity is counted in heads: an agent half of whose units are taken is half a head, so that teams
with different numbers of units add up. Time belongs to the interval in which it passes.
"""

from __future__ import annotations

import math

import numpy as np

from ccsim.measures.accumulate import layout as at
from ccsim.measures.context import MeasureContext, on_call_teams
from ccsim.measures.window import Floats
from ccsim.measures.work import Quantity
from ccsim.network.model import Network
from ccsim.roster.payroll import gross_up
from ccsim.scenario.clock import SECOND
from ccsim.scenario.schema import Contract, Team

HOUR = 3600 * SECOND
WEEK_US = 7 * 86_400 * SECOND


def staff_quantities(context: MeasureContext, network: Network) -> dict[str, Quantity]:
    """What is counted of teams."""
    capacity = [team.units for team in network.teams]
    # what is taken of a head stays a whole number of parts, so that all of it is all of it
    parts = math.lcm(*capacity)
    share = parts / np.array(capacity, np.float64)
    gross = gross_of_net(context, network)
    called_out = on_call_teams(network).astype(np.float64)
    on_duty = (at.BUSY, 1.0), (at.IDLE, 1.0)
    # whoever is called out works overtime; planned overtime is so by the schedule
    overtime = (
        (at.LATE_BUSY, 1.0),
        (at.LATE_IDLE, 1.0),
        (at.PLANNED, 1.0),
        (at.BUSY, called_out),
        (at.IDLE, called_out),
    )
    late = (at.LATE_UNITS, share)
    return {
        "taken_s": Quantity(((at.UNITS, share),), parts * SECOND),
        "taken_live_s": Quantity(((at.UNITS, share), (at.DEFERRED_UNITS, -share)), parts * SECOND),
        "taken_always_s": Quantity(((at.UNITS, share), late), parts * SECOND),
        "on_duty_and_taken_overtime_s": Quantity(
            ((at.BUSY, parts), (at.IDLE, parts), late), parts * SECOND
        ),
        "on_duty_s": Quantity(on_duty, SECOND),
        "on_duty_h": Quantity(on_duty, HOUR),
        "busy_s": Quantity(((at.BUSY, 1.0),), SECOND),
        "with_work_s": Quantity(((at.BUSY, 1.0), (at.LATE_BUSY, 1.0)), SECOND),
        "in_hand_s": Quantity(((at.HAND, 1.0),), SECOND),
        "handled": Quantity(((at.ITEMS, 1.0),)).of_teams(),
        "scheduled_s": Quantity(((at.SCHEDULED, gross),), SECOND),
        "shrunk_s": Quantity(((at.SHRUNK, 1.0), (at.PAID, gross - 1.0)), SECOND),
        "paid_s": Quantity(((at.PAID, gross),), SECOND),
        "paid_h": Quantity(((at.PAID, gross),), HOUR),
        "paid_and_overtime_s": Quantity(((at.PAID, gross), (at.BEYOND_PAY, 1.0)), SECOND),
        "overtime_beyond_pay_h": Quantity(((at.BEYOND_PAY, 1.0),), HOUR),
        "overtime_h": Quantity(overtime, HOUR),
        "standby_h": Quantity(((at.STANDBY, 1.0),), HOUR),
    }


def gross_of_net(context: MeasureContext, network: Network) -> Floats:
    """(T,): paid hours for each scheduled one. Teams without shifts are scheduled net of shrinkage;
    that of the others stands in their schedule."""
    teams = context.scenario.teams
    return np.array(
        [gross_up(teams[team.name]) if team.name in teams else 1.0 for team in network.teams]
    )


def full_time_hours(context: MeasureContext, network: Network) -> Floats:
    """(T,): hours of one full-time person in the measured window, by each team's contract; of roles
    by the usual one, of machines none."""
    weeks = context.window.measured_us / WEEK_US
    teams = context.scenario.teams
    return np.array(
        [
            float("nan") if team.unlimited else _weekly_hours(teams.get(team.name)) * weeks
            for team in network.teams
        ]
    )


def _weekly_hours(team: Team | None) -> float:
    """Full-time hours of a week; the usual ones where nothing is written."""
    contract = (team.contract if team is not None else None) or Contract()
    return contract.full_time / SECOND / 3600
