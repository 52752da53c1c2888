"""What a design costs over the measured horizon, in the scenario's currency.

What an hour and a stretch of time are paid is in `roster/pay.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ccsim.measures.context import MeasureContext, on_call_teams
from ccsim.measures.window import Floats
from ccsim.network.model import Network
from ccsim.roster.model import Activity, Roster
from ccsim.roster.pay import hourly_pay, over_time, paid_without_hours
from ccsim.roster.payroll import gross_up, hours_by_activity
from ccsim.scenario.clock import SECOND
from ccsim.scenario.schema import Contract, Role, Team

HOUR_US = 3600 * SECOND


@dataclass(frozen=True)
class Payroll:
    """What each team's people are paid over the horizon: (T,) each."""

    pay: Floats
    overtime: Floats
    standby: Floats
    premiums: Floats
    on_costs: Floats

    @property
    def people_cost(self) -> Floats:
        return self.pay + self.overtime + self.standby + self.premiums + self.on_costs


def payroll(
    context: MeasureContext, network: Network, roster: Roster, paid_h: Floats, overtime_h: Floats
) -> Payroll:
    """Pay of the agents. `paid_h`, `overtime_h` (outside paid time): (T,) hours.

    Everybody is paid by the hour, salaries too, so that part-time people, night shifts and days
    off cost what they are. Overtime is paid at its rate, premiums on the scheduled hours that
    carry them, paid absence with them.
    """
    window = context.window
    n = len(network.teams)
    premium_h = hours_by_activity(roster, n, window.from_us, window.until_us, premium=True)
    scheduled_h = hours_by_activity(roster, n, window.from_us, window.until_us)
    rows = np.zeros((5, n))
    for t, name in enumerate(team.name for team in network.teams):
        team = context.scenario.teams.get(name)
        if team is None or team.pay is None:
            continue
        hourly = hourly_pay(team.pay, team.contract or Contract())
        pay = paid_h[t] * hourly
        overtime = overtime_h[t] * hourly * team.pay.overtime
        premiums = float(premium_h[t].sum()) * gross_up(team) * hourly
        standby = float(scheduled_h[t, Activity.STANDBY]) * _standby_hour(team)
        paid = (pay, overtime, standby, premiums)
        rows[:, t] = *paid, team.pay.on_top * sum(paid)
    return Payroll(*rows)


def _standby_hour(team: Team) -> float:
    """What an hour of standing by is paid."""
    return 0.0 if team.standby_pay is None else over_time(team.standby_pay, HOUR_US)


def head_counts(context: MeasureContext, network: Network, roster: Roster) -> Floats:
    """(T,): the agents of each team; people on call are those of another team."""
    heads = np.bincount(roster.team, minlength=len(network.teams)).astype(np.float64)
    return np.where(on_call_teams(network), 0.0, heads)


def role_people(context: MeasureContext, network: Network, heads: Floats) -> dict[str, int]:
    """How many people each role has: its count, or one for each so many agents, rounded up."""
    roles = context.scenario.roles.items()
    return {name: _people_of(context, role, network, heads) for name, role in roles}


def _people_of(context: MeasureContext, role: Role, network: Network, heads: Floats) -> int:
    if role.one_per is None:
        return role.count or 0
    led = sum(
        float(heads[t])
        for t, team in enumerate(network.teams)
        if team.name in (role.of or context.scenario.teams)
    )
    return math.ceil(led / role.one_per)


def role_cost(context: MeasureContext, people: dict[str, int]) -> float:
    """Pay and on-costs of the roles; a wage is paid for full-time hours."""
    measured_us = context.window.measured_us
    total = 0.0
    for name, role in context.scenario.roles.items():
        pay = paid_without_hours(role.pay, Contract(), measured_us)
        total += people[name] * pay * (1.0 + role.pay.on_top)
    return total


def costs(
    context: MeasureContext,
    network: Network,
    roster: Roster,
    paid: Payroll,
    minutes: float,
    gave_up: Floats,
    machines: float = 0.0,
    owed: float = 0.0,
) -> dict[str, float]:
    """Cost by kind, and their total. `gave_up`: (Q,) customers who gave up, by first queue; `owed`:
    penalties, which carry no overhead."""
    heads = head_counts(context, network, roster)
    people = role_people(context, network, heads)
    prices = context.scenario.costs
    agents = [team.name in context.scenario.teams for team in network.teams]
    seated = float(heads[agents].sum()) + sum(people.values())
    seats, tools = (
        0.0 if price is None else seated * over_time(price, context.window.measured_us)
        for price in (prices.seat, prices.tools)
    )
    minute = prices.phone_minute  # no other period can be written
    telecom = 0.0 if minute is None else minutes * minute.amount
    kinds = {
        "pay": float(paid.pay.sum()),
        "overtime": float(paid.overtime.sum()),
        "standby": float(paid.standby.sum()),
        "premiums": float(paid.premiums.sum()),
        "on_costs": float(paid.on_costs.sum()),
        "roles": role_cost(context, people),
        "seats": seats,
        "tools": tools,
        "telecom": telecom,
        "machines": machines,
    }
    kinds["overhead"] = prices.overhead * sum(kinds.values())
    kinds["penalties"] = owed
    kinds["total"] = sum(kinds.values())
    kinds["value_lost"] = value_lost(context, gave_up)
    return kinds


def machine_fees(context: MeasureContext, contacts: Floats) -> float:
    """What machines cost for the contacts that they answered, (Q,) by their queue."""
    total = 0.0
    for queue, count in zip(context.queues, contacts, strict=True):
        if queue.kind.is_machine and count:
            fee = getattr(context.scenario.channels[queue.channel], queue.kind).cost
            total += 0.0 if fee is None else fee.amount * float(count)
    return total


def value_lost(context: MeasureContext, gave_up: Floats) -> float:
    """Customers who gave up, each at what its type loses."""
    total = 0.0
    for queue, customers in zip(context.queues, gave_up, strict=True):
        lost = context.scenario.contacts[queue.contact].lost_if_abandoned
        if lost is not None:
            total += lost.amount * float(customers)
    return total
