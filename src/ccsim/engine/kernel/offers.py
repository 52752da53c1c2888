"""Offers (docs/background/model.md, section 4): what has become possible, happens."""

from __future__ import annotations

from ccsim.engine.kernel.choice import along_route, best_offer, by_crew
from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.draws import take_measure
from ccsim.engine.kernel.layout import *
from ccsim.engine.kernel.state import before_in_place, head_of, units_at
from ccsim.engine.kernel.waiting import quit_line
from ccsim.engine.kernel.work import change_units, put_in_ring, set_aside, start, take_from_ring


@kernel
def make_offers(m: Ints, f: Floats) -> None:
    """All changes are made: offer to those to whom something may have become possible."""
    while True:
        agent = m[FREED]
        if agent:
            m[FREED] = 0
            offer(m, f, agent)
            continue
        agent = m[MOVING]
        if agent:
            m[MOVING] = 0
            offer(m, f, agent)
            continue
        queue = take_from_ring(m, GROWN)
        if queue:
            m[WATCH] += 1
            watch(m, queue)
            offer_by_place(m, f)
            continue
        agent = take_from_ring(m, SPARE)
        if agent == 0:
            return
        offer(m, f, agent)


@kernel
def offer(m: Ints, f: Floats, agent: int) -> None:
    """To the agent, which is to its team, until nothing is taken."""
    while m[agent + A_ON]:
        item = best_offer(m, agent)
        if item == 0:
            return
        taker = agent
        if m[item + I_HELD_FOR] == 0:
            taker = by_crew(m, item, m[agent + A_CREW])
        assign(m, f, item, taker)


@kernel
def offer_by_place(m: Ints, f: Floats) -> None:
    """Let pending items, and the first of each watched line as long as they are taken, walk their
    routes."""
    pending = m[PENDING]
    while m[PENDING_LENGTH]:
        best = 0
        for place in range(1, m[PENDING_LENGTH]):
            if _comes_before(m, m[pending + place], m[pending + best]):
                best = place
        item = m[pending + best]
        length = m[PENDING_LENGTH] - 1
        m[PENDING_LENGTH] = length
        m[pending + best] = m[pending + length]
        m[item + I_PENDING] = 0
        state, queue = m[item + I_STATE], m[item + I_QUEUE]
        can_walk = state in (WAITING, SET_ASIDE) and m[item + I_HELD_FOR] == 0
        if can_walk and walk(m, f, item) and m[queue + Q_WATCHED] == m[WATCH]:
            watch(m, queue)


@kernel
def _comes_before(m: Ints, one: int, other: int) -> bool:
    a, b = m[m[one + I_QUEUE] + Q_PRIORITY], m[m[other + I_QUEUE] + Q_PRIORITY]
    return a < b if a != b else before_in_place(m, one, other)


@kernel
def watch(m: Ints, queue: int) -> None:
    """The first of the queue's lines are offered."""
    m[queue + Q_WATCHED] = m[WATCH]
    for part in range(2):
        first = m[head_of(m, queue, part) + I_LINE]
        if first:
            offer_later(m, first)


@kernel
def offer_later(m: Ints, item: int) -> None:
    if m[item + I_PENDING] == 0:
        m[item + I_PENDING] = 1
        m[m[PENDING] + m[PENDING_LENGTH]] = item
        m[PENDING_LENGTH] += 1


@kernel
def walk(m: Ints, f: Floats, item: int) -> bool:
    """Whoever along its route can take the item, does."""
    return walk_now(m, f, item)


@inlined
def walk_now(m: Ints, f: Floats, item: int) -> bool:
    """The same, for those who have just come: nearly all walks."""
    taker = along_route(m, item)
    if taker == 0:
        return False
    assign(m, f, item, taker)
    return True


@kernel
def assign(m: Ints, f: Floats, item: int, taker: int) -> None:
    """The taker gets the item; as many of its latest items as needed give way."""
    agent = max(taker, 0)
    crew = m[agent + A_CREW] if agent else -taker
    units = units_at(m, item, crew)
    gave_way = agent != 0 and m[agent + A_FREE] < units and _give_way(m, item, agent, units)
    answer(m, f, item, crew, agent)
    if gave_way and m[agent + A_FREE]:
        put_in_ring(m, SPARE, agent)


@kernel
def _give_way(m: Ints, item: int, agent: int, units: int) -> bool:
    priority = m[m[item + I_QUEUE] + Q_PRIORITY]
    gave_way = False
    other = m[agent + A_PROGRESS]
    while other and m[agent + A_FREE] < units:
        before = m[other + I_PREVIOUS]
        queue = m[other + I_QUEUE]
        if m[queue + Q_INTERRUPTIBLE] and m[queue + Q_PRIORITY] > priority:
            set_aside(m, other)
            gave_way = True
        other = before
    return gave_way


@inlined
def answer(m: Ints, f: Floats, item: int, crew: int, agent: int) -> None:
    """The agent takes the item, for the first time, again, or over from another."""
    resumed = m[item + I_STATE] == SET_ASIDE and m[item + I_HELD_FOR] != 0
    quit_line(m, item)
    units = units_at(m, item, crew)
    m[item + I_UNITS] = units
    m[item + I_CREW] = crew
    m[item + I_AGENT] = agent
    if not resumed:
        take_measure(m, f, item, crew, agent)
    if m[item + I_ANSWERED] < 0:
        m[item + I_ANSWERED] = m[NOW]
        if m[m[item + I_QUEUE] + Q_DIALS]:
            dial(m, item)
    if agent:
        if m[item + I_PART] == 0:
            m[m[item + I_CONTACT] + C_LAST_AGENT] = agent
        change_units(m, agent, -units)
    m[item + I_WORK_FROM] = m[NOW]
    start(m, item)


@kernel
def dial(m: Ints, item: int) -> None:
    """A customer who is called takes a line now, though none be free; one of another group is given
    back."""
    contact, trunk = m[item + I_CONTACT], m[m[item + I_QUEUE] + Q_DIALS]
    held = m[contact + C_TRUNK]
    if m[item + I_PART] or trunk == held:
        return
    if held:
        m[held] += 1
    m[trunk] -= 1
    m[contact + C_TRUNK] = trunk
