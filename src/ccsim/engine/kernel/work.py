"""Work in progress (docs/background/model.md, section 5): rates, units, interruption, breaks."""

from __future__ import annotations

from ccsim.engine.kernel.clock import cancel, set_event
from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.constants import (
    IN_SERVICE,
    LEG_BITS,
    NEVER,
    NO_STEP_OPEN,
    NUMBER_BITS,
    PREEMPTED,
    RANK_OF_DUTY_BEGINS,
    RANK_OF_HANDLING,
    WORK_BITS,
)
from ccsim.engine.kernel.layout import GROWN, Agent, Item, Queue, Ring, Run, Span, Step, Team
from ccsim.engine.kernel.ledger import note, write_work
from ccsim.engine.kernel.state import add_to_shelf, append, charge, remove_from_shelf, unlink
from ccsim.engine.kernel.structs import Instant, Memory, Units, address, nth

# --- progress ---


@inlined
def start(m: Memory, item: Item) -> None:
    """Let an item make progress, for the first time or again."""
    now = m[Run.now]
    m[item + Item.state] = IN_SERVICE
    m[item + Item.started] = now
    m[item + Item.charged] = now
    agent, team = m[item + Item.agent], m[item + Item.team]
    if agent:
        if m[m[item + Item.queue] + Queue.interruptible]:
            append(m, team + Team.preemptible, item, Item.preemptible_previous)
        append(m, agent + Agent.progress, item, Item.previous)
        m[agent + Agent.count] += 1
    if m[team + Team.steady]:
        m[item + Item.rate] = m[m[team + Team.rates] + 1]
        set_work_timer(m, item)
    else:
        m[item + Item.rate] = 0
        slow_down(m, agent)


@inlined
def stop(m: Memory, item: Item) -> None:
    """Stop the progress of an item that waits for a helper, is preempted or has ended."""
    cancel(m, item)
    charge(m, item)
    m[item + Item.rate] = 0
    agent = m[item + Item.agent]
    if agent:
        if m[m[item + Item.queue] + Queue.interruptible]:
            unlink(m, m[item + Item.team] + Team.preemptible, item, Item.preemptible_previous)
        unlink(m, agent + Agent.progress, item, Item.previous)
        m[agent + Agent.count] -= 1
        if not m[m[item + Item.team] + Team.steady]:
            slow_down(m, agent)


@kernel
def slow_down(m: Memory, agent: Agent) -> None:
    """The rate of each item in progress depends on how many there are."""
    rate = m[m[m[agent + Agent.team] + Team.rates] + m[agent + Agent.count]]
    item = m[agent + Agent.progress]
    while item:
        if m[item + Item.rate] != rate:
            charge(m, item)
            m[item + Item.rate] = rate
            set_work_timer(m, item)
        item = m[item + Item.previous]


@inlined
def set_work_timer(m: Memory, item: Item) -> None:
    """At the instant at which it reaches its consult point or its end, at its present rate."""
    rate = m[item + Item.rate]
    left = m[item + Item.remaining] - max(m[item + Item.consult_left], 0)
    length = 0
    if left > 0:
        length = (left + 65535) >> WORK_BITS if rate == 65536 else (left + rate - 1) // rate
    set_event(m, item, m[item + Item.charged] + length, handling_rank(m, item))


@kernel
def handling_rank(m: Memory, item: Item) -> int:
    leg = m[item + Item.number] << LEG_BITS | m[item + Item.leg]
    return RANK_OF_HANDLING | leg << NUMBER_BITS | m[item + Item.part]


@kernel
def preempt(m: Memory, item: Item) -> None:
    """Take an item in progress from its agent: it gives up its units and waits for that agent at
    its old place."""
    agent = m[item + Item.agent]
    stop(m, item)
    write_work(m, item, m[Run.now], m[Run.now])
    change_units(m, agent, m[item + Item.units])
    m[item + Item.state] = PREEMPTED
    m[item + Item.held_for] = agent
    append(m, agent + Agent.preempted, item, Item.previous)
    m[item + Item.open_after] = NO_STEP_OPEN
    if join(m, item):
        put_in_ring(m, GROWN, address(m[item + Item.queue]))


@kernel
def join(m: Memory, item: Item) -> bool:
    """Count an item that begins to wait in its queue, and say whether a `when_waiting` is newly
    met."""
    queue = m[item + Item.queue]
    m[item + Item.waiting_since] = m[Run.now]
    count = m[queue + Queue.count] + 1
    m[queue + Queue.count] = count
    if m[queue + Queue.thresholds] and count > 1:
        step = m[queue + Queue.steps]
        for _ in range(m[queue + Queue.steps_count]):
            if m[step + Step.when_waiting] == count:
                return True
            step = nth(Step, step, 1)
    return False


# --- what is to be offered when all changes are made ---


@kernel
def put_in_ring(m: Memory, ring: Ring, member: int) -> None:
    """Put the address of a structure at the end of a ring."""
    to = m[ring + Ring.end]
    if to - m[ring + Ring.begin] >= m[Run.ring]:
        m[Run.broken] = 1
        return
    m[m[ring + Ring.words] + (to & (m[Run.ring] - 1))] = member
    m[ring + Ring.end] = to + 1


@kernel
def take_from_ring(m: Memory, ring: Ring) -> int:
    """Remove the first address from a ring and return it; 0 when the ring is empty."""
    place = m[ring + Ring.begin]
    if place == m[ring + Ring.end]:
        return 0
    m[ring + Ring.begin] = place + 1
    return m[m[ring + Ring.words] + (place & (m[Run.ring] - 1))]


# --- units ---


@inlined
def change_units(m: Memory, agent: Agent, units: Units) -> None:
    """Add `units` to the agent's free capacity and record the time of the change."""
    if m[agent + Agent.on]:
        remove_from_shelf(m, agent)
    m[agent + Agent.free] += units
    m[agent + Agent.changed] = m[Run.now]
    if m[agent + Agent.on]:
        add_to_shelf(m, agent)
    note(m, agent)


@kernel
def free(m: Memory, agent: Agent, units: Units) -> None:
    """Give back the units of an item whose handling and wrap-up are over, and offer the agent
    work."""
    change_units(m, agent, units)
    m[Run.freed] = agent
    if (
        m[agent + Agent.late_break] >= 0
        and m[agent + Agent.free] == m[m[agent + Agent.team] + Team.units]
    ):
        _begin_late_break(m, agent)


# --- between two spans of duty ---


@kernel
def set_next_span(m: Memory, agent: Agent) -> None:
    """Set the return of an agent that is off duty or on a break, unless a break that keeps its
    length waits for the agent's last item: nobody knows then when it will be back."""
    span = m[agent + Agent.span]
    m[agent + Agent.back] = NEVER
    if span >= m[agent + Agent.spans_end]:
        return
    team, begins = m[agent + Agent.team], m[span + Span.start]
    busy = m[agent + Agent.free] < m[team + Team.units]
    if m[agent + Agent.then_break] and m[team + Team.keep_break_length] and busy:
        m[agent + Agent.late_break] = begins - m[agent + Agent.until]
    else:
        _come_back(m, agent, max(begins, m[Run.now]))


@kernel
def _come_back(m: Memory, agent: Agent, at: Instant) -> None:
    m[agent + Agent.back] = at
    set_event(m, agent, at, RANK_OF_DUTY_BEGINS | m[agent + Agent.number])


@kernel
def _begin_late_break(m: Memory, agent: Agent) -> None:
    """The break runs its length from now; spans already over by then are skipped. When the shift
    is over by then, so is the break: the agent goes."""
    back = m[Run.now] + m[agent + Agent.late_break]
    m[agent + Agent.late_break] = -1
    span, end = m[agent + Agent.span], m[agent + Agent.spans_end]
    while span < end and m[span + Span.until] <= back:
        m[agent + Agent.then_break] = m[span + Span.then_break]
        span = nth(Span, span, 1)
    m[agent + Agent.span] = span
    note(m, agent)
    if span < end:
        _come_back(m, agent, max(m[span + Span.start], back))
