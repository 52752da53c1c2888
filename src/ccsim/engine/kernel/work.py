"""Work in progress (docs/background/model.md, section 5): rates, units, interruption, breaks."""

from __future__ import annotations

from ccsim.engine.kernel.clock import cancel, set_event
from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.layout import *
from ccsim.engine.kernel.ledger import note, write_work
from ccsim.engine.kernel.state import append, charge, enlist, strike, unlink

# --- progress ---


@inlined
def start(m: Ints, item: int) -> None:
    """The item makes progress (again)."""
    now = m[NOW]
    m[item + I_STATE] = IN_SERVICE
    m[item + I_STARTED] = now
    m[item + I_CHARGED] = now
    agent, crew = m[item + I_AGENT], m[item + I_CREW]
    if agent:
        if m[m[item + I_QUEUE] + Q_INTERRUPTIBLE]:
            append(m, crew + W_YIELDING, item, I_YIELD_PREVIOUS)
        append(m, agent + A_PROGRESS, item, I_PREVIOUS)
        m[agent + A_COUNT] += 1
    if m[crew + W_STEADY]:
        m[item + I_RATE] = m[m[crew + W_RATES] + 1]
        set_work_timer(m, item)
    else:
        m[item + I_RATE] = 0
        slow_down(m, agent)


@inlined
def stop(m: Ints, item: int) -> None:
    """The item makes no progress for now, or has ended."""
    cancel(m, item)
    charge(m, item)
    m[item + I_RATE] = 0
    agent = m[item + I_AGENT]
    if agent:
        if m[m[item + I_QUEUE] + Q_INTERRUPTIBLE]:
            unlink(m, m[item + I_CREW] + W_YIELDING, item, I_YIELD_PREVIOUS)
        unlink(m, agent + A_PROGRESS, item, I_PREVIOUS)
        m[agent + A_COUNT] -= 1
        if m[m[item + I_CREW] + W_STEADY] == 0:
            slow_down(m, agent)


@kernel
def slow_down(m: Ints, agent: int) -> None:
    """The rate of each item in progress depends on how many there are."""
    rate = m[m[m[agent + A_CREW] + W_RATES] + m[agent + A_COUNT]]
    item = m[agent + A_PROGRESS]
    while item:
        if m[item + I_RATE] != rate:
            charge(m, item)
            m[item + I_RATE] = rate
            set_work_timer(m, item)
        item = m[item + I_PREVIOUS]


@inlined
def set_work_timer(m: Ints, item: int) -> None:
    """At the instant at which it reaches its consult point or its end, at its present rate."""
    rate = m[item + I_RATE]
    left = m[item + I_REMAINING] - max(m[item + I_CONSULT_LEFT], 0)
    length = 0
    if left > 0:
        length = (left + 65535) >> WORK_BITS if rate == 65536 else (left + rate - 1) // rate
    set_event(m, item, m[item + I_CHARGED] + length, handling_rank(m, item))


@kernel
def handling_rank(m: Ints, item: int) -> int:
    leg = m[item + I_NUMBER] << LEG_BITS | m[item + I_LEG]
    return RANK_OF_HANDLING | leg << NUMBER_BITS | m[item + I_PART]


@kernel
def set_aside(m: Ints, item: int) -> None:
    """The item gives up its units and is held for its agent at its old place."""
    agent = m[item + I_AGENT]
    stop(m, item)
    write_work(m, item, m[NOW], m[NOW])
    change_units(m, agent, m[item + I_UNITS])
    m[item + I_STATE] = SET_ASIDE
    m[item + I_HELD_FOR] = agent
    append(m, agent + A_ASIDE, item, I_PREVIOUS)
    m[item + I_OPEN_AFTER] = -NEVER
    if join(m, item):
        put_in_ring(m, GROWN, m[item + I_QUEUE])


@kernel
def join(m: Ints, item: int) -> bool:
    """One more waits in the item's line, in it or held. Is a `when_waiting` newly met?"""
    queue = m[item + I_QUEUE]
    m[item + I_WAITING_SINCE] = m[NOW]
    count = m[queue + Q_COUNT] + 1
    m[queue + Q_COUNT] = count
    if m[queue + Q_THRESHOLDS] and count > 1:
        step = m[queue + Q_STEPS]
        for _ in range(m[queue + Q_STEPS_COUNT]):
            if m[step + ST_WHEN_WAITING] == count:
                return True
            step += STEP_WORDS
    return False


# --- what is to be offered when all changes are made ---


@kernel
def put_in_ring(m: Ints, ring: int, member: int) -> None:
    """At the end of a ring: its address, then those of its first and of the place after its last,
    stand side by side."""
    to = m[ring + 2]
    if to - m[ring + 1] >= m[RING]:
        m[BROKEN] = 1
        return
    m[m[ring] + (to & (m[RING] - 1))] = member
    m[ring + 2] = to + 1


@kernel
def take_from_ring(m: Ints, ring: int) -> int:
    """The first of a ring, which leaves it; 0: it is empty."""
    place = m[ring + 1]
    if place == m[ring + 2]:
        return 0
    m[ring + 1] = place + 1
    return m[m[ring] + (place & (m[RING] - 1))]


# --- units ---


@inlined
def change_units(m: Ints, agent: int, units: int) -> None:
    """The agent's free units change by so many, which is when it was last busy with them."""
    if m[agent + A_ON]:
        strike(m, agent)
    m[agent + A_FREE] += units
    m[agent + A_CHANGED] = m[NOW]
    if m[agent + A_ON]:
        enlist(m, agent)
    note(m, agent)


@kernel
def free(m: Ints, agent: int, units: int) -> None:
    """Handling and wrap-up are over: the agent may take something else."""
    change_units(m, agent, units)
    m[FREED] = agent
    if m[agent + A_LATE_BREAK] >= 0 and m[agent + A_FREE] == m[m[agent + A_CREW] + W_UNITS]:
        _begin_late_break(m, agent)


# --- between two spans of duty ---


@kernel
def set_next_span(m: Ints, agent: int) -> None:
    """The agent is off duty or on a break. Its return is set, unless a break that keeps its length
    waits for its last item."""
    span = m[agent + A_SPAN]
    if span >= m[agent + A_SPANS_END]:
        return
    crew, begins = m[agent + A_CREW], m[span + SPAN_START]
    busy = m[agent + A_FREE] < m[crew + W_UNITS]
    if m[agent + A_THEN_BREAK] and m[crew + W_KEEP_BREAK_LENGTH] and busy:
        m[agent + A_LATE_BREAK] = begins - m[agent + A_UNTIL]
    else:
        set_event(m, agent, max(begins, m[NOW]), RANK_OF_DUTY_BEGINS | m[agent + A_NUMBER])


@kernel
def _begin_late_break(m: Ints, agent: int) -> None:
    """The break runs its length from now; spans already over by then are skipped. When the shift
    is over by then, so is the break: the agent goes."""
    back = m[NOW] + m[agent + A_LATE_BREAK]
    m[agent + A_LATE_BREAK] = -1
    span, end = m[agent + A_SPAN], m[agent + A_SPANS_END]
    while span < end and m[span + SPAN_UNTIL] <= back:
        m[agent + A_THEN_BREAK] = m[span + SPAN_THEN_BREAK]
        span += SPAN_WORDS
    m[agent + A_SPAN] = span
    note(m, agent)
    if span < end:
        at = max(m[span + SPAN_START], back)
        set_event(m, agent, at, RANK_OF_DUTY_BEGINS | m[agent + A_NUMBER])
