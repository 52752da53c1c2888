"""Offers (docs/background/model.md, section 4): what has become possible, happens."""

from __future__ import annotations

from ccsim.engine.kernel.choice import along_route, best_offer, by_team
from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.constants import NO_AGENT, NOT_YET, PREEMPTED, WAITING
from ccsim.engine.kernel.draws import sample
from ccsim.engine.kernel.layout import (
    GROWN,
    SPARE,
    Agent,
    Contact,
    Head,
    Item,
    Queue,
    Run,
    Taker,
    Team,
)
from ccsim.engine.kernel.state import before_in_place, head_of, units_at
from ccsim.engine.kernel.structs import Memory, Reals, Units, address, handle
from ccsim.engine.kernel.waiting import quit_queue
from ccsim.engine.kernel.work import change_units, preempt, put_in_ring, start, take_from_ring


@kernel
def make_offers(m: Memory, f: Reals) -> None:
    """Offer work where it may have become possible, when all changes of an event are made."""
    while True:
        agent = m[Run.freed]
        if agent:
            m[Run.freed] = NO_AGENT
            offer(m, f, agent)
            continue
        agent = m[Run.moving]
        if agent:
            m[Run.moving] = NO_AGENT
            offer(m, f, agent)
            continue
        queue = handle(Queue, take_from_ring(m, GROWN))
        if queue:
            m[Run.watch] += 1
            watch(m, queue)
            offer_by_place(m, f)
            continue
        agent = handle(Agent, take_from_ring(m, SPARE))
        if not agent:
            return
        offer(m, f, agent)


@kernel
def offer(m: Memory, f: Reals, agent: Agent) -> None:
    """Offer work to the agent, which is to its team, until nothing is taken."""
    while m[agent + Agent.on]:
        item = best_offer(m, agent)
        if not item:
            return
        taker = agent
        if not m[item + Item.held_for]:
            taker = by_team(m, item, m[agent + Agent.team])
        assign(m, f, item, handle(Taker, taker))


@kernel
def offer_by_place(m: Memory, f: Reals) -> None:
    """Let the pending items walk their routes by priority and place, and with them the first
    items of the watched queues as long as these are taken."""
    pending = m[Run.pending]
    while m[Run.pending_length]:
        best = 0
        for place in range(1, m[Run.pending_length]):
            if _comes_before(m, m[pending + place], m[pending + best]):
                best = place
        item = m[pending + best]
        length = m[Run.pending_length] - 1
        m[Run.pending_length] = length
        m[pending + best] = m[pending + length]
        m[item + Item.pending] = 0
        state, queue = m[item + Item.state], m[item + Item.queue]
        can_walk = state in (WAITING, PREEMPTED) and not m[item + Item.held_for]
        if can_walk and walk(m, f, item) and m[queue + Queue.watched] == m[Run.watch]:
            watch(m, queue)


@kernel
def _comes_before(m: Memory, one: Item, other: Item) -> bool:
    a, b = m[m[one + Item.queue] + Queue.priority], m[m[other + Item.queue] + Queue.priority]
    return a < b if a != b else before_in_place(m, one, other)


@kernel
def watch(m: Memory, queue: Queue) -> None:
    """Offer the first items of a queue by place."""
    m[queue + Queue.watched] = m[Run.watch]
    for part in range(2):
        first = m[head_of(m, queue, part) + Head.behind_it]
        if first:
            offer_later(m, first)


@kernel
def offer_later(m: Memory, item: Item) -> None:
    if m[item + Item.pending] == 0:
        m[item + Item.pending] = 1
        m[m[Run.pending] + m[Run.pending_length]] = item
        m[Run.pending_length] += 1


@kernel
def walk(m: Memory, f: Reals, item: Item) -> bool:
    """Give an item to whoever along its route can take it, and say whether it was taken."""
    return walk_now(m, f, item)


@inlined
def walk_now(m: Memory, f: Reals, item: Item) -> bool:
    """The same as `walk`, inlined where nearly all walks are made: at entry."""
    taker = along_route(m, item)
    if not taker:
        return False
    assign(m, f, item, taker)
    return True


@kernel
def assign(m: Memory, f: Reals, item: Item, taker: Taker) -> None:
    """Give an item to its taker, and preempt as many of the agent's latest items as needed."""
    agent = handle(Agent, max(address(taker), 0))
    team = m[agent + Agent.team] if agent else handle(Team, -address(taker))
    units = units_at(m, item, team)
    preempted = (
        bool(agent) and m[agent + Agent.free] < units and _preempt_for(m, item, agent, units)
    )
    answer(m, f, item, team, agent)
    if preempted and m[agent + Agent.free]:
        put_in_ring(m, SPARE, address(agent))


@kernel
def _preempt_for(m: Memory, item: Item, agent: Agent, units: Units) -> bool:
    priority = m[m[item + Item.queue] + Queue.priority]
    preempted = False
    other = m[agent + Agent.progress]
    while other and m[agent + Agent.free] < units:
        before = m[other + Item.previous]
        queue = m[other + Item.queue]
        if m[queue + Queue.interruptible] and m[queue + Queue.priority] > priority:
            preempt(m, other)
            preempted = True
        other = before
    return preempted


@inlined
def answer(m: Memory, f: Reals, item: Item, team: Team, agent: Agent) -> None:
    """Give an item to an agent, for the first time, again, or over from another."""
    resumed = m[item + Item.state] == PREEMPTED and bool(m[item + Item.held_for])
    quit_queue(m, item)
    units = units_at(m, item, team)
    m[item + Item.units] = units
    m[item + Item.team] = team
    m[item + Item.agent] = agent
    if not resumed:
        sample(m, f, item, team, agent)
    if m[item + Item.answered] == NOT_YET:
        m[item + Item.answered] = m[Run.now]
        if m[m[item + Item.queue] + Queue.dials]:
            dial(m, item)
    if agent:
        if m[item + Item.part] == 0:
            m[m[item + Item.contact] + Contact.last_agent] = agent
        change_units(m, agent, -units)
    m[item + Item.work_from] = m[Run.now]
    start(m, item)


@kernel
def dial(m: Memory, item: Item) -> None:
    """Take a trunk line for a customer who is called, even if none is free; a line of another
    group is given back."""
    contact, trunk = m[item + Item.contact], m[m[item + Item.queue] + Queue.dials]
    held = m[contact + Contact.trunk]
    if m[item + Item.part] or trunk == held:
        return
    if held:
        m[held] += 1
    m[trunk] -= 1
    m[contact + Contact.trunk] = trunk
