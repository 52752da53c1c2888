"""What a design costs, as far as it is known before anything is simulated, to be added up by hand:
paid hours times their pay, roles, seats and tools; the rest in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ccsim import units
from ccsim.check.entries import Floats
from ccsim.check.headcounts import TeamStaff
from ccsim.network.names import QueueName, parse_queue_name
from ccsim.roster.leaders import leaders, led_teams
from ccsim.roster.model import PAID, Activity
from ccsim.roster.pay import PERIOD_US, hourly_pay, over_time, paid_without_hours
from ccsim.roster.payroll import gross_up
from ccsim.scenario.clock import DAY, HOUR
from ccsim.scenario.schema import (
    ContactType,
    Contract,
    Money,
    Pay,
    Penalty,
    Role,
    Scenario,
    Segment,
    Team,
    Upsell,
)

if TYPE_CHECKING:
    from ccsim.network.model import Network
    from ccsim.network.plan import NetworkPlan

MISSED = {
    "answer": "not answered in time (late, given up, turned away)",
    "resolution": "not resolved in time",
}


@dataclass(frozen=True, slots=True)
class TeamCost:
    """What a team's people are paid over the measured days, without overtime that nobody plans."""

    team: str
    hourly: float  # of one paid hour
    paid_hours: float
    pay: float
    premiums: float
    overtime: float  # planned
    standby: float
    on_top: float

    @property
    def total(self) -> float:
        return self.pay + self.premiums + self.overtime + self.standby + self.on_top


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is paid, owed or earned, in words; `amount` where it is known beforehand."""

    words: str
    amount: float | None = None

    @property
    def sentence(self) -> str:
        return f"{self.words}." if self.amount is None else f"{self.words}: {money(self.amount)}."


@dataclass(frozen=True, slots=True)
class Costing:
    """The money of a design. `days` are measured; `items` stand beside the pay of the teams."""

    currency: str
    days: float
    teams: tuple[TeamCost, ...]
    items: tuple[Item, ...]
    after_a_run: tuple[str, ...]  # what comes to it that only a run knows

    @property
    def total(self) -> float:
        """All that is known beforehand."""
        return sum(team.total for team in self.teams) + sum(item.amount or 0 for item in self.items)

    @property
    def sum_words(self) -> str:
        """The total in words, and a year's."""
        a_year = self.total * 365.25 / self.days
        words = f"All of this: {money(self.total)} in {self.days:g} days, {money(a_year)} a year."
        if self.after_a_run:
            words += f" Only a run knows what comes to it: {', '.join(self.after_a_run)}."
        return words

    def to_json(self) -> dict[str, Any]:
        return {
            "currency": self.currency,
            "days": self.days,
            "teams": [asdict(team) | {"total": team.total} for team in self.teams],
            "items": [asdict(item) for item in self.items],
            "total": self.total,
            "after_a_run": list(self.after_a_run),
        }


def costing(
    scenario: Scenario,
    plan: NetworkPlan,
    network: Network,
    entries: Floats,
    staff: Sequence[TeamStaff],
) -> Costing | None:
    """What is known of the money; None where there is none, or nothing is measured."""
    clock = plan.clock
    measured = clock.horizon_us - clock.warm_up_us
    if scenario.currency is None or measured <= 0:
        return None
    own = dict(zip(plan.teams, staff, strict=True))
    heads = {name: round(own[name].people) for name in scenario.teams}
    teams = tuple(
        _team_cost(name, team, own[name])
        for name, team in scenario.teams.items()
        if team.pay is not None
    )
    items = [
        *_pay_in_words(scenario),
        *_of_roles(scenario, heads, measured),
        *_of_people(scenario, heads, measured),
    ]
    coming = entries[:, clock.interval_starts >= clock.warm_up_us].sum(axis=1)
    items += _fees(plan, network, coming)
    costs = scenario.costs
    if costs.phone_minute is not None:
        price = units.print_money(costs.phone_minute.amount, costs.phone_minute.per)
        items.append(Item(f"Phone: {price} from joining the line to the end of the talk"))
    if costs.overhead:
        known = sum(team.total for team in teams) + sum(item.amount or 0 for item in items)
        share = units.print_share(costs.overhead)
        words = f"Overhead: {share} on all of this; also on what only a run knows, penalties apart"
        items.append(Item(words, costs.overhead * known))
    items += [Item(_penalty_words(plan, penalty)) for penalty in costs.penalties]
    items += [Item(words) for words in _of_customers(scenario)]
    return Costing(scenario.currency, measured / DAY, teams, tuple(items), _after_a_run(scenario))


def money(amount: float) -> str:
    """`8 325`, `26.60`: whole from a thousand on."""
    return units.print_number(round(amount, 0 if abs(amount) >= 1000 else 2), thousands=" ")


def _team_cost(name: str, team: Team, staff: TeamStaff) -> TeamCost:
    pay = team.pay or Pay()
    hourly = hourly_pay(pay, team.contract or Contract())
    hours = float(staff.measured_h[list(PAID)].sum()) * gross_up(team)
    of_standby = 0.0 if team.standby_pay is None else over_time(team.standby_pay, HOUR)
    paid = (
        hours * hourly,
        staff.premium_h * gross_up(team) * hourly,
        float(staff.measured_h[Activity.OVERTIME]) * hourly * pay.overtime,
        float(staff.measured_h[Activity.STANDBY]) * of_standby,
    )
    return TeamCost(name, hourly, hours, *paid, pay.on_top * sum(paid))


def _pay_in_words(scenario: Scenario) -> Iterator[Item]:
    """Where the pay of an hour is from, and what comes to it."""
    for name, team in scenario.teams.items():
        if team.pay is None:
            continue
        words = [_hour_words(team.pay, team.contract or Contract())]
        if team.pay.on_top:
            words.append(f"{units.print_share(team.pay.on_top)} on top of all pay")
        if team.pay.premium:
            bands = (f"{units.print_share(s)} {_at(key)}" for key, s in team.pay.premium.items())
            words.append(f"premiums of {', '.join(bands)}")
        if team.standby_pay is not None:
            stated = units.print_money(team.standby_pay.amount, team.standby_pay.per)
            words.append(f"{stated} for standing by")
        words.append(f"overtime at {units.print_share(team.pay.overtime)} of the hour")
        yield Item(f"{name}: {'; '.join(words)}")


def _at(key: str) -> str:
    """When a premium is paid: `at 20:00-06:00`, `on sun`, `on holidays`."""
    return f"{'at' if ':' in key else 'on'} {key}"


def _hour_words(pay: Pay, contract: Contract) -> str:
    stated = pay.salary or pay.wage
    if stated is None:
        return "no pay"
    text = units.print_money(stated.amount, stated.per)
    if stated.per == "h":
        return text
    week = f"{units.print_number(contract.full_time / HOUR)} h a week"
    if pay.wage is not None:
        return f"{text}, which is {money(hourly_pay(pay, contract))} an hour at {week}"
    weeks = f"{PERIOD_US[stated.per] / PERIOD_US['week']:.4g}"
    return f"{text}, which is {money(hourly_pay(pay, contract))} an hour ({weeks} weeks of {week})"


def _of_roles(scenario: Scenario, heads: dict[str, int], measured: int) -> Iterator[Item]:
    for name, role in scenario.roles.items():
        count = leaders(scenario, role, heads)
        stated = role.pay.salary or role.pay.wage
        words = [f"{name}: {_counted(count)}{_one_per(scenario, role)}"]
        if stated is not None:
            words.append(f"{units.print_money(stated.amount, stated.per)} each")
        if role.pay.on_top:
            words.append(f"{units.print_share(role.pay.on_top)} on top")
        one = paid_without_hours(role.pay, Contract(), measured) * (1.0 + role.pay.on_top)
        yield Item(", ".join(words), count * one)


def _one_per(scenario: Scenario, role: Role) -> str:
    if role.one_per is None:
        return ""
    led = " and ".join(led_teams(scenario, role))
    return f" (one for each {role.one_per} of {led})"


def _counted(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _of_people(scenario: Scenario, heads: dict[str, int], measured: int) -> Iterator[Item]:
    """Seats and tools: of agents, leaders and support; people on call have theirs already."""
    agents = sum(heads[name] for name, team in scenario.teams.items() if team.drawn_from is None)
    beside = sum(leaders(scenario, role, heads) for role in scenario.roles.values())
    people = f"{agents} in the teams" + (f" and {beside} beside them" if beside else "")
    for word, price in (("Seats", scenario.costs.seat), ("Tools", scenario.costs.tools)):
        if price is not None:
            words = f"{word}: {units.print_money(price.amount, price.per)} for each of {people}"
            yield Item(words, (agents + beside) * over_time(price, measured))


def _fees(plan: NetworkPlan, network: Network, coming: Floats) -> Iterator[Item]:
    """What machines cost for the contacts that are expected to come to them."""
    for channel, kind in plan.machines:
        fee = getattr(plan.scenario.channels[channel], kind).cost
        if fee is None:
            continue
        count = sum(
            float(number)
            for queue, number in zip(map(_named, network.queues), coming, strict=True)
            if (queue.channel, queue.stage) == (channel, kind)
        )
        words = f"{kind} by {channel}: {units.print_number(fee.amount)} for each contact"
        yield Item(f"{words}, about {count:.0f}", fee.amount * count)


def _named(queue: Any) -> QueueName:
    return parse_queue_name(queue.name)


def _penalty_words(plan: NetworkPlan, penalty: Penalty) -> str:
    """`Penalty: 12 for each contact of enterprise not answered in time (...)`."""
    amount = money(penalty.costs.amount)
    missed = MISSED[penalty.promise]
    if penalty.costs.per == "contact":
        return f"Penalty: {amount} for each contact of {penalty.of} {missed}"
    under = penalty.under if penalty.under is not None else _target(plan, penalty.of)
    fewer = "fewer than the target" if under is None else f"fewer than {units.print_share(under)}"
    done = "answered" if penalty.promise == "answer" else "resolved"
    return (
        f"Penalty: {amount} for each {penalty.costs.per} in which {fewer} of {penalty.of} are "
        f"{done} in time"
    )


def _target(plan: NetworkPlan, of: str) -> float | None:
    channel = plan.scenario.channels.get(of)
    if channel is not None:
        return channel.target
    queue = next((each for each in plan.queues if str(each) == of), None)
    return plan.facts(queue).target if queue is not None else None


def _of_customers(scenario: Scenario) -> Iterator[str]:
    """Sales, and what is lost with those who give up: both beside the cost."""
    blocks: dict[str, ContactType | Segment] = {**scenario.contacts, **scenario.segments}
    for name, block in blocks.items():
        if block.upsell is not None:
            yield f"{name}: {_sales(block.upsell)} (revenue, no part of the cost)"
        if block.lost_if_abandoned is not None:
            lost = _amount(block.lost_if_abandoned)
            yield f"{name}: {lost} lost with each customer who gives up (no part of the cost)"


def _sales(upsell: Upsell) -> str:
    value = _amount(upsell.value)
    if not isinstance(upsell.share, dict):
        return f"{units.print_share(upsell.share)} of what is resolved sells for {value}"
    shares = (f"{units.print_share(share)} by {team}" for team, share in upsell.share.items())
    return f"of what is resolved {', '.join(shares)} sells for {value}"


def _amount(amount: Money) -> str:
    return units.print_number(amount.amount, thousands=" ")


def _after_a_run(scenario: Scenario) -> tuple[str, ...]:
    found = []
    if any(team.pay is not None and team.pay.overtime for team in scenario.teams.values()):
        found.append("overtime to finish what is begun")
    if any(team.drawn_from is not None for team in scenario.teams.values()):
        found.append("work of people on call")
    if scenario.costs.phone_minute is not None:
        found.append("minutes on the phone")
    if scenario.costs.penalties:
        found.append("penalties")
    return tuple(found)


__all__ = ["Costing", "Item", "TeamCost", "costing", "money"]
