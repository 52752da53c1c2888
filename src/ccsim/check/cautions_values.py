"""What a lead should know about single values: those that may be a slip of the pen, or of the unit.

What cannot be meant is an error (`scenario/rules`); here stands what may be meant and seldom is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ccsim.network.explain import duration, share
from ccsim.network.names import CHANNELS
from ccsim.scenario.clock import DAY, HOUR, MINUTE, SECOND
from ccsim.scenario.conversations import LIVE_CHANNELS
from ccsim.scenario.rules.facts import distributions
from ccsim.scenario.schema import Contract, Tenure
from ccsim.scenario.segments import segment_of

if TYPE_CHECKING:
    from ccsim.network.plan import NetworkPlan
    from ccsim.scenario.schema import Distribution, Pay, Shift, Team

LOW_TARGET = 0.2  # who writes 0.8 % has most often meant 80 %
PATIENCE = 5 * SECOND, DAY  # of people at the phone or in a chat
MOST_CV = 3.0  # standard deviation / mean of a duration; measured ones lie between 0.5 and 2
FULL_TIME = 20 * HOUR, 60 * HOUR  # a week
MOST_ON_TOP, MOST_OVERTIME, MOST_PREMIUM, MOST_OVERHEAD = 1.0, 3.0, 2.0, 1.0  # shares of pay
PACE = 0.5, 2.0  # handle time of a team against the usual
MOST_LOST = 0.6  # of paid days
LONGEST_SPELL = 60 * DAY
SHIFT = 1.0, 13.0  # hours
SHORTEST_BREAK = MINUTE
MEMORY = 5 * MINUTE, 3 * DAY  # of what makes the rate wander within a day
FEWEST_LEGS = 4
MOST_SEASON = 5.0
LATE = 0.25  # of the calendar: with longer delays much falls after its end


def value_warnings(plan: NetworkPlan) -> Iterator[str]:
    """Sentences about values that are seldom meant, in the order of the file's blocks."""
    scenario = plan.scenario
    legs = scenario.run.max_legs
    if legs < FEWEST_LEGS:
        yield (
            f"run: with max_legs {legs} a contact is lost after {legs} lines; callbacks, transfers "
            "and redials each take one."
        )
    for path, distribution in distributions(scenario):
        of_a_segment = len(path) > 1 and segment_of(str(path[1]))
        if distribution.cv is not None and distribution.cv > MOST_CV and not of_a_segment:
            told = share(distribution.cv)
            yield f"{'.'.join(map(str, path))}: a cv of {told} is rare; most lie below 200 %."
    for name in scenario.contacts:
        if not segment_of(name):
            yield from _of_demand(plan, name)
            yield from _of_lines(plan, name)
    for name, channel in scenario.channels.items():
        yield from _of_promise(plan, name, channel.answer_within, channel.target)
        yield from _of_patience(plan, name, name, channel.patience)
        for key, machine in (("ivr", channel.ivr), ("bot", channel.bot)):
            if machine is not None and machine.contains == 1.0:
                yield f"{name}: its {key} contains everybody; nobody gets to people."
    yield from _of_routes(plan)
    for name, team in scenario.teams.items():
        yield from _of_team(name, team)
    for name, role in scenario.roles.items():
        yield from _of_pay(name, role.pay)
    if scenario.costs.overhead > MOST_OVERHEAD:
        yield f"costs: an overhead of {share(scenario.costs.overhead)} more than doubles the cost."
    for name, shift in scenario.shifts.items():
        yield from _of_shift(name, shift)
    for name, segment in scenario.segments.items():
        if segment.share == 1.0:
            yield f"{name}: all customers belong to this segment."


def _of_demand(plan: NetworkPlan, name: str) -> Iterator[str]:
    """Incidents, campaigns, seasons and what makes days differ."""
    arrivals, ends = plan.scenario.contacts[name].arrivals, plan.clock.horizon_us
    if arrivals.incident is not None and arrivals.incident.decays_over > ends:
        yield f"{name}: an incident goes on for longer than the calendar of {duration(ends)}."
    for campaign in arrivals.campaigns:
        before = (plan.scenario.calendar.start - campaign.on).days * DAY
        if before > 10 * campaign.decays_over:
            yield f"{name}: the campaign of {campaign.on} is over when the calendar begins."
    factors = arrivals.season.values() if arrivals.season is not None else ()
    if (most := max(factors, default=0.0)) >= MOST_SEASON:
        yield f"{name}: a season of {share(most)} is {most:g} times the usual volume."
    within = arrivals.busyness.within_day if arrivals.busyness is not None else None
    if within is not None and not MEMORY[0] <= within.memory <= MEMORY[1]:
        yield (
            f"{name}: with a memory of {duration(within.memory)} the rate does not wander within a "
            "day; half an hour to some hours are usual."
        )


def _of_lines(plan: NetworkPlan, name: str) -> Iterator[str]:
    """How a type is handled on its channels."""
    contact, ends = plan.scenario.contacts[name], plan.clock.horizon_us
    for channel in CHANNELS:
        block = contact.on(channel)
        if block is None:
            continue
        line = f"{name}.{channel}"
        if plan.tables.mean(block.handle) < SECOND:
            yield f"{line}: handling takes less than a second; is the unit right?"
        yield from _of_promise(plan, line, block.answer_within, block.target)
        yield from _of_patience(plan, line, channel, block.patience)
        for what, delay in (
            ("customers pause for", block.turns.pause if block.turns is not None else None),
            ("others take", block.waits_for.delay if block.waits_for is not None else None),
        ):
            if delay is not None and plan.tables.mean(delay) > LATE * ends:
                yield (
                    f"{line}: {what} {duration(plan.tables.mean(delay))} on average, in a calendar "
                    f"of {duration(ends)}: much falls after its end."
                )


def _of_promise(
    plan: NetworkPlan, where: str, within: int | None, target: float | None
) -> Iterator[str]:
    if within is not None and within >= plan.clock.horizon_us:
        days, told = duration(plan.clock.horizon_us), duration(within)
        yield f"{where}: promised within {told}, in a calendar of {days}: nobody is late."
    if target is not None and target < LOW_TARGET:
        yield f"{where}: a target of {share(target)} is hardly a promise; is the figure right?"


def _of_patience(
    plan: NetworkPlan, where: str, channel: str, patience: Distribution | None
) -> Iterator[str]:
    if patience is None or channel not in LIVE_CHANNELS or patience.never == 1.0:
        return
    mean = plan.tables.mean(patience)
    if not PATIENCE[0] <= mean <= PATIENCE[1]:
        yield f"{where}: a patience of {duration(mean)} on average; is the unit right?"


def _of_routes(plan: NetworkPlan) -> Iterator[str]:
    ends = plan.clock.horizon_us
    for key, route in plan.scenario.routing.items():
        for step in route.route:
            if step.after >= ends:
                teams = " or ".join(step.team)
                yield f"{key}: {teams} after {duration(step.after)}, when the calendar is over."
        if route.head_start >= ends:
            told = duration(route.head_start)
            yield f"{key}: a head start of {told} is always first; `priority` says so."


def _of_team(name: str, team: Team) -> Iterator[str]:
    """Contracts, pace, absence and pay."""
    contract = team.contract or Contract()
    if not FULL_TIME[0] <= contract.full_time <= FULL_TIME[1]:
        yield f"{name}: full time of {contract.full_time / HOUR:g} h a week; is the unit right?"
    if contract.hours is not None and contract.hours > contract.full_time:
        yield f"{name}: people work more hours than full time has."
    pace = team.handle_time
    paces = (pace.new, pace.experienced) if isinstance(pace, Tenure) else (pace or 1.0,)
    for each in paces:
        if not PACE[0] <= each <= PACE[1]:
            yield f"{name}: handle time of {share(each)} of the usual; is the figure right?"
    if isinstance(pace, Tenure) and pace.new < pace.experienced:
        yield f"{name}: new people are quicker than the experienced."
    sick = team.shrinkage.sick
    lost = team.shrinkage.leave + (sick.share if sick is not None else 0.0)
    if lost > MOST_LOST:
        yield f"{name}: leave and sickness take {share(lost)} of days."
    if sick is not None and sick.spell > LONGEST_SPELL:
        yield f"{name}: who falls ill is away for {duration(sick.spell)} on average."
    yield from _of_pay(name, team.pay)


def _of_pay(name: str, pay: Pay | None) -> Iterator[str]:
    if pay is None:
        return
    if pay.on_top > MOST_ON_TOP:
        yield f"{name}: {share(pay.on_top)} on top more than doubles the pay."
    if pay.overtime > MOST_OVERTIME:
        yield f"{name}: an hour of overtime is paid {share(pay.overtime)} of the usual one."
    for key, premium in pay.premium.items():
        if premium > MOST_PREMIUM:
            yield f"{name}: a premium of {share(premium)} ({key}) on top of the pay."


def _of_shift(name: str, shift: Shift) -> Iterator[str]:
    hours = sum(until - start for start, until in shift.wall_spans) / 3600
    if shift.wall_spans and not SHIFT[0] <= hours <= SHIFT[1]:
        yield f"{name}: a shift of {hours:g} h."
    for one in shift.breaks:
        if one.for_ < SHORTEST_BREAK:
            yield f"{name}: a break of {duration(one.for_)}; is the unit right?"


__all__ = ["value_warnings"]
