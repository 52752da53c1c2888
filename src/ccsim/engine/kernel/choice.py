"""Who gets whom (docs/background/model.md, section 4): decisions only, nothing is changed here.

A *taker* is an agent, or minus the address of an unlimited team; 0 is none.
"""

from __future__ import annotations

from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.constants import (
    NO_AGENT,
    NO_ITEM,
    NO_STEP,
    NO_TAKER,
    NO_TEAMS,
    OWN_LAST,
    OWNER,
    START,
    TAKE_HOME_FIRST,
)
from ccsim.engine.kernel.draws import uniform
from ccsim.engine.kernel.layout import (
    Agent,
    Branch,
    Contact,
    Head,
    Item,
    Queue,
    Run,
    Service,
    Step,
    Taker,
    Team,
)
from ccsim.engine.kernel.state import (
    before_in_place,
    best_agent,
    has_room,
    head_of,
    service_of,
    units_at,
)
from ccsim.engine.kernel.structs import Memory, Place, Reals, Units, address, handle, nth


@kernel
def has_opened(m: Memory, item: Item, step: Step) -> bool:
    """Whether the item has waited for the step's `after`, and the event of that has happened."""
    after = m[step + Step.after]
    limit = m[item + Item.open_after]
    return (
        after <= 0
        or after < limit
        or (after == limit and m[step + Step.number] <= m[item + Item.open_step])
    )


@kernel
def nobody_on_duty(m: Memory, step: Step) -> bool:
    teams = m[step + Step.teams]
    for place in range(m[step + Step.teams_count]):
        team = m[teams + place]
        if m[team + Team.unlimited] or m[team + Team.on_duty]:
            return False
    return True


@kernel
def next_open_step(m: Memory, item: Item, step: Step, unattended: int) -> Step:
    """The first step from `step` on that is open to a waiting item, `keep_idle` apart; 0: none.

    A step is reached when its `after` has passed, or when the step before is reached and nobody of
    its teams is on duty (`unattended`); it is open when also enough contacts wait.
    """
    queue = m[item + Item.queue]
    end = nth(Step, m[queue + Queue.steps], m[queue + Queue.steps_count])
    if m[queue + Queue.plain]:
        return step if step < end else NO_STEP
    while step < end:
        reached = unattended != 0 or has_opened(m, item, step)
        if reached and m[queue + Queue.count] >= m[step + Step.when_waiting]:
            return step
        unattended = 1 if reached and nobody_on_duty(m, step) else 0
        step = nth(Step, step, 1)
    return NO_STEP


@inlined
def along_route(m: Memory, item: Item) -> Taker:
    """Find who takes the item: along its open steps an agent with room, else an agent who can
    preempt other items."""
    first = m[m[item + Item.queue] + Queue.steps]
    preemptible = False
    step = next_open_step(m, item, first, 0)
    while step:
        taker = taker_in_step(m, step, item)
        if taker:
            return taker
        teams = m[step + Step.teams]
        for place in range(m[step + Step.teams_count]):
            preemptible = preemptible or bool(m[m[teams + place] + Team.preemptible])
        step = next_open_step(m, item, nth(Step, step, 1), 1 if nobody_on_duty(m, step) else 0)
    if preemptible:
        step = next_open_step(m, item, first, 0)
        while step:
            if m[step + Step.keep_idle] <= 0:
                agent = latest_to_preempt(m, item, m[step + Step.teams], m[step + Step.teams_count])
                if agent:
                    return handle(Taker, agent)
            step = next_open_step(m, item, nth(Step, step, 1), 1 if nobody_on_duty(m, step) else 0)
    return NO_TAKER


@inlined
def taker_in_step(m: Memory, step: Step, item: Item) -> Taker:
    """Find who of a step has room: an unlimited team before all, else the best agent of all its
    teams."""
    best = NO_AGENT
    keep_idle = m[step + Step.keep_idle]
    teams = m[step + Step.teams]
    for place in range(m[step + Step.teams_count]):
        team = m[teams + place]
        if m[team + Team.unlimited]:
            return handle(Taker, -address(team))
        units = units_at(m, item, team)
        if keep_idle <= 0 or has_room(m, team, units, keep_idle):
            agent = best_agent(m, team, units)
            if agent and (not best or is_freer(m, agent, best)):
                best = agent
    return handle(Taker, best)


@kernel
def is_freer(m: Memory, agent: Agent, other: Agent) -> bool:
    """Whether the agent ranks before the other: a larger share of its units is free, then it
    changed longer ago, then its number is lower."""
    ours = m[agent + Agent.free] * m[m[other + Agent.team] + Team.units]
    theirs = m[other + Agent.free] * m[m[agent + Agent.team] + Team.units]
    if ours != theirs:
        return ours > theirs
    since, other_since = m[agent + Agent.changed], m[other + Agent.changed]
    if since != other_since:
        return since < other_since
    return m[agent + Agent.number] < m[other + Agent.number]


@kernel
def can_gain(m: Memory, agent: Agent, units: Units, priority: int) -> bool:
    """Whether the agent has so many free units for an item of this priority, or gains them by
    preempting items of lower priority."""
    free = m[agent + Agent.free]
    item = m[agent + Agent.progress]
    while item and free < units:
        queue = m[item + Item.queue]
        if m[queue + Queue.interruptible] and m[queue + Queue.priority] > priority:
            free += m[item + Item.units]
        item = m[item + Item.previous]
    return free >= units


@kernel
def latest_to_preempt(m: Memory, item: Item, teams: Place[Team], count: int) -> Agent:
    """The agent on duty who can gain enough units and whose latest preemptible item started or
    resumed last; of these the lowest number. `teams` is a list of `count` teams."""
    priority = m[m[item + Item.queue] + Queue.priority]
    best, best_started = NO_AGENT, START
    for place in range(count):
        team = m[teams + place]
        units = units_at(m, item, team)
        preemptible = m[team + Team.preemptible]
        while preemptible:
            started = m[preemptible + Item.started]
            if best and started < best_started:
                break
            agent = m[preemptible + Item.agent]
            if (
                m[m[preemptible + Item.queue] + Queue.priority] > priority
                and m[agent + Agent.on]
                and (
                    not best
                    or started > best_started
                    or m[agent + Agent.number] < m[best + Agent.number]
                )
                and can_gain(m, agent, units, priority)
            ):
                best, best_started = agent, started
            preemptible = m[preemptible + Item.preemptible_previous]
    return best


@kernel
def agent_can_take(m: Memory, item: Item, agent: Agent) -> bool:
    """Whether the agent has room for an item that is for this agent alone, or gains it by
    preemption."""
    units = units_at(m, item, m[agent + Agent.team])
    return can_gain(m, agent, units, m[m[item + Item.queue] + Queue.priority])


@kernel
def is_better(m: Memory, team: Team, one: Item, other: Item) -> bool:
    """Whether one item ranks before the other by the rule of this team."""
    queue, another = m[one + Item.queue], m[other + Item.queue]
    if m[team + Team.take] == TAKE_HOME_FIRST:
        ranks = m[team + Team.ranks]
        a = m[ranks + m[queue + Queue.index]]
        b = m[ranks + m[another + Queue.index]]
        if a != b:
            return a < b
    a, b = m[queue + Queue.priority], m[another + Queue.priority]
    if a != b:
        return a < b
    return before_in_place(m, one, other)


@kernel
def best_offer(m: Memory, agent: Agent) -> Item:
    """Select the highest-ranked item that this agent's team can serve: of the first items of the
    team's queues, the contacts held for this agent and the items preempted here. No item:
    NO_ITEM."""
    team = m[agent + Agent.team]
    preempts = bool(m[team + Team.preemptible])
    if not (m[team + Team.free] or preempts or m[agent + Agent.held] or m[agent + Agent.preempted]):
        return NO_ITEM
    best = NO_ITEM
    queues = m[team + Team.queues]
    for place in range(m[team + Team.queues_count]):
        queue = m[queues + place]
        if m[queue + Queue.count]:
            for part in range(2):
                item = m[head_of(m, queue, part) + Head.behind_it]
                if item and m[queue + Queue.simple] == 0:
                    item = first_open_to(m, team, item)
                if item and (not best or is_better(m, team, item, best)) and by_team(m, item, team):
                    best = item
    # Those held stand in the team's order: the first that can be taken is the best.
    item = m[agent + Agent.held_best] if m[agent + Agent.free] or preempts else NO_ITEM
    while item and (not best or is_better(m, team, item, best)):
        if agent_can_take(m, item, agent):
            best = item
            break
        item = m[item + Item.next]
    item = m[agent + Agent.preempted]
    while item:
        if (not best or is_better(m, team, item, best)) and m[agent + Agent.free] >= m[
            item + Item.units
        ]:
            best = item
        item = m[item + Item.previous]
    return best


@kernel
def first_open_to(m: Memory, team: Team, item: Item) -> Item:
    """The first item of a queue, from this one on, to which a step with this team is open."""
    queue = m[item + Item.queue]
    steps = m[queue + Queue.steps]
    while item:
        step = next_open_step(m, item, steps, 0)
        while step:
            teams = m[step + Step.teams]
            for place in range(m[step + Step.teams_count]):
                if m[teams + place] == team and (
                    m[step + Step.keep_idle] <= 0
                    or has_room(m, team, units_at(m, item, team), m[step + Step.keep_idle])
                ):
                    return item
            step = next_open_step(m, item, nth(Step, step, 1), 1 if nobody_on_duty(m, step) else 0)
        # A later contact has reached no more than this one, unless an event of this very instant
        # has yet to open a step to this one.
        due = False
        if m[queue + Queue.timed]:
            waited = m[Run.now] - m[item + Item.waits_from]
            for number in range(m[queue + Queue.steps_count]):
                step = nth(Step, steps, number)
                due = due or (m[step + Step.after] <= waited and not has_opened(m, item, step))
        if not due:
            return NO_ITEM
        item = m[item + Item.behind_it]
    return NO_ITEM


@kernel
def by_team(m: Memory, item: Item, team: Team) -> Agent:
    """The agent of the team who takes a waiting item, to which a step of the team is open."""
    agent = best_agent(m, team, units_at(m, item, team))
    if agent or not m[team + Team.preemptible]:
        return agent
    first = m[m[item + Item.queue] + Queue.steps]
    here = NO_TEAMS
    step = next_open_step(m, item, first, 0)
    while step:
        if taker_in_step(m, step, item):
            return NO_AGENT
        teams = m[step + Step.teams]
        for place in range(m[step + Step.teams_count]):
            if m[teams + place] == team and m[step + Step.keep_idle] <= 0:
                here = teams + place
        step = next_open_step(m, item, nth(Step, step, 1), 1 if nobody_on_duty(m, step) else 0)
    return latest_to_preempt(m, item, here, 1) if here else NO_AGENT


@kernel
def own_agent(m: Memory, f: Reals, item: Item) -> Agent:
    """The agent whom the queue's affinity prefers for this contact, if the agent can serve it."""
    queue, contact = m[item + Item.queue], m[item + Item.contact]
    own = m[queue + Queue.own]
    if own < 0:
        return NO_AGENT
    if own == OWN_LAST:
        agent = m[contact + Contact.last_agent]
    else:
        team = m[queue + Queue.owners]
        count = m[team + Team.agents_count]
        if count == 0:
            return NO_AGENT
        owner = int(count * uniform(m, contact, 0, 0, OWNER))
        agent = m[m[team + Team.agents] + owner]
    if not agent or not m[service_of(m, item, m[agent + Agent.team]) + Service.exists]:
        return NO_AGENT
    asker = m[item + Item.asker]
    if asker and m[asker + Item.agent] == agent:
        return NO_AGENT  # no agent helps itself
    return agent


@kernel
def back_in_time(m: Memory, item: Item, agent: Agent) -> bool:
    """Whether its own agent is on duty, or will be, before the contact's hold for it ends."""
    hold = m[m[item + Item.queue] + Queue.hold]
    return hold > 0 and m[agent + Agent.back] <= m[item + Item.entered] + hold


@kernel
def goes_on(m: Memory, item: Item) -> bool:
    """Whether the agent who served this part of a warm transfer takes the contact over: its team
    serves the queue that the contact goes to, and the bound on legs lets it go there."""
    asker, agent = m[item + Item.asker], m[item + Item.agent]
    if not m[item + Item.part] or not agent:
        return False
    branch = m[asker + Item.branch]
    if not m[branch + Branch.handover] or m[item + Item.leg] + 1 >= m[Run.max_legs]:
        return False
    queue = nth(Queue, m[Run.first_queue], m[branch + Branch.target])
    service = nth(Service, m[queue + Queue.services], m[m[agent + Agent.team] + Team.index])
    return bool(m[service + Service.exists])
