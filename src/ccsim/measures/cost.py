"""What a design costs over the measured horizon, in the scenario's currency.

Time-based amounts are prorated by elapsed time: a year is 365.25 days, a month a twelfth of it.
The hourly pay of a salary is the salary over the contract's full-time hours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ccsim.measures.frame import Frame, on_call_teams
from ccsim.measures.tally import SECOND, Floats
from ccsim.network.model import Network
from ccsim.roster.model import Activity, Roster
from ccsim.roster.payroll import hours_by_activity
from ccsim.scenario.schema import Contract, Money, Pay, Role, Team
from ccsim.scenario.side_lines import MACHINES

HOUR_US = 3600 * SECOND
DAY_US = 24 * HOUR_US
PERIOD_US = {
    "minute": 60 * SECOND,
    "h": HOUR_US,
    "day": DAY_US,
    "week": 7 * DAY_US,
    "month": 365.25 / 12 * DAY_US,
    "year": 365.25 * DAY_US,
}
WORKING_DAYS = 5  # of a week, where a contract does not say
MINUTES_OF_PRICE = {"minute": 1.0, "once": 1.0, "h": 60.0}  # a bare price is for a minute


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
    frame: Frame, network: Network, roster: Roster, paid_h: Floats, overtime_h: Floats
) -> Payroll:
    """Pay of the agents. `paid_h`, `overtime_h` (outside paid time): (T,) hours.

    Everybody is paid by the hour, salaries too, so that part-time people, night shifts and days
    off cost what they are. Overtime is paid at its rate, premiums on the scheduled hours that
    carry them.
    """
    window = frame.window
    n = len(network.teams)
    premium_h = hours_by_activity(roster, n, window.from_us, window.until_us, premium=True)
    scheduled_h = hours_by_activity(roster, n, window.from_us, window.until_us)
    rows = np.zeros((5, n))
    for t, name in enumerate(team.name for team in network.teams):
        team = frame.scenario.teams.get(name)
        if team is None or team.pay is None:
            continue
        hourly = hourly_pay(team.pay, team.contract or Contract())
        pay = paid_h[t] * hourly
        overtime = overtime_h[t] * hourly * team.pay.overtime
        premiums = float(premium_h[t].sum()) * hourly
        standby = float(scheduled_h[t, Activity.STANDBY]) * _standby_hour(team)
        paid = (pay, overtime, standby, premiums)
        rows[:, t] = *paid, team.pay.on_top * sum(paid)
    return Payroll(*rows)


def _standby_hour(team: Team) -> float:
    """What an hour of standing by is paid."""
    return 0.0 if team.standby_pay is None else over_time(team.standby_pay, HOUR_US)


def head_counts(frame: Frame, network: Network, roster: Roster) -> Floats:
    """(T,): the agents of each team; people on call are those of another team."""
    heads = np.bincount(roster.team, minlength=len(network.teams)).astype(np.float64)
    return np.where(on_call_teams(frame, network), 0.0, heads)


def hourly_pay(pay: Pay, contract: Contract) -> float:
    """Pay of an hour: of the wage, or of the salary over full-time hours."""
    if pay.salary is not None:
        return over_time(pay.salary, 7 * DAY_US) / (contract.full_time / HOUR_US)
    if pay.wage is None:
        return 0.0
    if pay.wage.per == "day":
        days = WORKING_DAYS if contract.works[0] == 7 else contract.works[0]
        return pay.wage.amount / (contract.full_time / HOUR_US / days)
    return over_time(pay.wage, HOUR_US)


def over_time(money: Money, us: float) -> float:
    """An amount for each period of time, over `us`; one that is paid once is paid once.

    Raises ValueError for an amount for each contact, which no time makes due.
    """
    if money.per == "once":
        return money.amount
    if money.per not in PERIOD_US:
        raise ValueError(f"an amount for each {money.per} is not paid by time")
    return money.amount * us / PERIOD_US[money.per]


def role_people(frame: Frame, network: Network, heads: Floats) -> dict[str, int]:
    """How many people each role has: its count, or one for each so many agents, rounded up."""
    roles = frame.scenario.roles.items()
    return {name: _people_of(frame, role, network, heads) for name, role in roles}


def _people_of(frame: Frame, role: Role, network: Network, heads: Floats) -> int:
    if role.one_per is None:
        return role.count or 0
    led = sum(
        float(heads[t])
        for t, team in enumerate(network.teams)
        if team.name in (role.of or frame.scenario.teams)
    )
    return math.ceil(led / role.one_per)


def role_cost(frame: Frame, people: dict[str, int]) -> float:
    """Pay and on-costs of the roles; a wage is paid for full-time hours."""
    measured_us = frame.window.measured_us
    total = 0.0
    for name, role in frame.scenario.roles.items():
        if role.pay.salary is not None:
            pay = over_time(role.pay.salary, measured_us)
        else:
            contract = Contract()
            hours = contract.full_time / HOUR_US * measured_us / (7 * DAY_US)
            pay = hours * hourly_pay(role.pay, contract)
        total += people[name] * pay * (1.0 + role.pay.on_top)
    return total


def costs(
    frame: Frame,
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
    heads = head_counts(frame, network, roster)
    people = role_people(frame, network, heads)
    prices = frame.scenario.costs
    agents = [team.name in frame.scenario.teams for team in network.teams]
    seated = float(heads[agents].sum()) + sum(people.values())
    seats, tools = (
        0.0 if price is None else seated * over_time(price, frame.window.measured_us)
        for price in (prices.seat, prices.tools)
    )
    telecom = 0.0
    if prices.phone_minute is not None:
        price = prices.phone_minute
        telecom = minutes * price.amount / MINUTES_OF_PRICE[price.per]
    kinds = {
        "pay": float(paid.pay.sum()),
        "overtime": float(paid.overtime.sum()),
        "standby": float(paid.standby.sum()),
        "premiums": float(paid.premiums.sum()),
        "on_costs": float(paid.on_costs.sum()),
        "roles": role_cost(frame, people),
        "seats": seats,
        "tools": tools,
        "telecom": telecom,
        "machines": machines,
    }
    kinds["overhead"] = prices.overhead * sum(kinds.values())
    kinds["penalties"] = owed
    kinds["total"] = sum(kinds.values())
    kinds["value_lost"] = value_lost(frame, gave_up)
    return kinds


def machine_fees(frame: Frame, contacts: Floats) -> float:
    """What machines cost for the contacts that they answered, (Q,) by their queue."""
    total = 0.0
    for queue, count in zip(frame.queues, contacts, strict=True):
        if queue.stage in MACHINES and count:
            fee = getattr(frame.scenario.channels[queue.channel], queue.stage).cost
            total += 0.0 if fee is None else fee.amount * float(count)
    return total


def value_lost(frame: Frame, gave_up: Floats) -> float:
    """Customers who gave up, each at what its type loses."""
    total = 0.0
    for queue, customers in zip(frame.queues, gave_up, strict=True):
        lost = frame.scenario.contacts[queue.contact].lost_if_abandoned
        if lost is not None:
            total += lost.amount * float(customers)
    return total
