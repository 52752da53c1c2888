"""The loop: the earliest event happens, then offers are made."""

from __future__ import annotations

from ccsim.engine.kernel.clock import TURNS, arrange, bring_near, cancel, fit_width
from ccsim.engine.kernel.compiler import entry, kernel
from ccsim.engine.kernel.constants import (
    DONE,
    ID_BITS,
    NEEDS_OWNERS,
    NEEDS_ROWS,
    NEEDS_SPACE,
    NEVER,
    NO_AGENT,
    NO_TRUNK,
    NO_WHEEL,
    NUMBER_MASK,
    OVERFLOW,
    RANK_OF_DUTY_ENDS,
    RANK_OF_ENTERS,
    RANK_OF_HANDLING,
    RANK_OF_LIMIT_PASSES,
    RANK_OF_PATIENCE_ENDS,
    RANK_OF_SPAN,
    RANK_OF_STEP_OPENS,
    WRAPPING_UP,
)
from ccsim.engine.kernel.handlers import (
    consult_point_reached,
    contact_enters,
    duty_begins,
    duty_ends,
    handling_ends,
    hold_ends,
    limit_passes,
    patience_ends,
    span_is_over,
    step_opens,
    wrap_up_ends,
)
from ccsim.engine.kernel.layout import Agent, Contact, Entry, Floats, Ints, Item, Owner, Queue, Run
from ccsim.engine.kernel.ledger import close_agent, close_leg, close_work
from ccsim.engine.kernel.offers import make_offers
from ccsim.engine.kernel.state import new_contact
from ccsim.engine.kernel.structs import Instant, Memory, Reals, handle, memory, nth, reals
from ccsim.engine.kernel.waiting import set_timer
from ccsim.engine.kernel.work import set_next_span


@entry
def open_run(arena: Ints) -> None:
    """Before the first event: nobody on duty, nobody waiting, everybody's first span ahead."""
    m = memory(arena)
    agent = m[Run.next_agent]
    while agent < m[Run.last_agent]:
        set_next_span(m, agent)
        agent = nth(Agent, agent, 1)


@entry
def advance(
    arena: Ints,
    floats: Floats,
    until: Instant,
    at: Ints,
    queue: Ints,
    key: Ints,
    work: Ints,
    patience: Ints,
    head_start: Ints,
) -> int:
    """Make the events before `until` happen. Returns DONE, or what must be made larger first.

    The columns hold the contacts from number `Run.first_at_hand` on: all that come before `until`.
    """
    m, f = memory(arena), reals(floats)
    if m[Run.next_wheel]:
        arrange(m, m[Run.next_wheel], m[Run.owners_capacity], m[Run.slot_bits])
        m[Run.next_wheel] = NO_WHEEL
    first = m[Run.first_at_hand]
    while True:
        status = lacks(m)
        if status:
            return status
        arrival = m[Run.next_arrival]
        comes = at[arrival - first] if arrival < m[Run.arrivals] else NEVER
        if m[Run.turned] + m[Run.moved] > TURNS * m[Run.slots]:
            fit_width(m)
        if m[Run.heap_length] == 0:
            bring_near(m, min(comes, until))
        heap = m[Run.heap]
        due = m[heap + Entry.at] if m[Run.heap_length] else NEVER
        if comes < due or (comes == due and m[heap + Entry.rank] > (RANK_OF_ENTERS | arrival)):
            if comes >= until:
                return DONE
            m[Run.now] = comes
            m[Run.next_arrival] = arrival + 1
            contact = new_contact(m)
            m[contact + Contact.number] = arrival
            m[contact + Contact.key] = key[arrival - first]
            m[contact + Contact.queue] = nth(Queue, m[Run.first_queue], queue[arrival - first])
            m[contact + Contact.leg] = 0
            m[contact + Contact.trunk] = NO_TRUNK
            m[contact + Contact.last_agent] = NO_AGENT
            m[contact + Contact.work] = work[arrival - first]
            m[contact + Contact.patience] = patience[arrival - first]
            m[contact + Contact.head_start] = head_start[arrival - first]
            contact_enters(m, f, contact)
        else:
            if due >= until:
                return DONE
            m[Run.now] = due
            rank, owner = m[heap + Entry.rank], m[heap + Entry.owner]
            cancel(m, owner)
            happens(m, f, owner, rank)
        make_offers(m, f)


@kernel
def happens(m: Memory, f: Reals, owner: Owner, rank: int) -> None:
    """The event of this rank happens to its owner."""
    kind = rank >> ID_BITS << ID_BITS
    number = rank & NUMBER_MASK
    item, agent = handle(Item, owner), handle(Agent, owner)
    if kind == RANK_OF_HANDLING:
        if m[item + Item.state] == WRAPPING_UP:
            wrap_up_ends(m, item)
        elif m[item + Item.consult_left] < 0:
            handling_ends(m, f, item)
        else:
            consult_point_reached(m, f, item)
    elif kind == RANK_OF_PATIENCE_ENDS:
        patience_ends(m, f, item)
    elif kind == RANK_OF_ENTERS:
        contact_enters(m, f, handle(Contact, owner))
    elif kind == RANK_OF_STEP_OPENS:
        set_timer(m, item, m[Run.now], rank)
        if number < m[m[item + Item.queue] + Queue.steps_count]:
            step_opens(m, f, item, number)
        else:
            hold_ends(m, f, item)
    elif kind == RANK_OF_LIMIT_PASSES:
        limit_passes(m, f, item, number, rank)
    elif kind == RANK_OF_SPAN:
        span_is_over(m, agent)
    elif kind == RANK_OF_DUTY_ENDS:
        duty_ends(m, f, agent)
    else:
        duty_begins(m, agent)


@kernel
def lacks(m: Memory) -> int:
    """What the next event may want of that there is too little."""
    if m[Run.unused] + 3 * Item.size + Contact.size + m[Run.uses] > m[Run.length]:
        return NEEDS_SPACE
    if m[Run.made] + 4 > m[Run.owners_capacity]:
        return NEEDS_OWNERS
    full = m[Run.rows_capacity] - m[Run.rows_kept_free]
    if m[Run.leg_length] > full or m[Run.work_length] > full or m[Run.duty_length] > full:
        return NEEDS_ROWS
    return OVERFLOW if m[Run.broken] else DONE


@entry
def close(arena: Ints) -> int:
    """Write the rows of what is inside at the horizon, and the last of each agent. Returns DONE,
    or NEEDS_ROWS to be called again.

    All work comes before any leg: a helper's part may have been made before what it is a part of,
    and no leg is handed over before the last work on it (`ccsim.records.Rows`).
    """
    m = memory(arena)
    while m[Run.last_item]:
        status = lacks(m)
        if status in (NEEDS_ROWS, OVERFLOW):
            return status
        m[Run.last_item] = close_work(m, m[Run.last_item])
    while m[Run.last_closed]:
        status = lacks(m)
        if status in (NEEDS_ROWS, OVERFLOW):
            return status
        m[Run.last_closed] = close_leg(m, m[Run.last_closed])
    while m[Run.next_agent] < m[Run.last_agent]:
        status = lacks(m)
        if status in (NEEDS_ROWS, OVERFLOW):
            return status
        close_agent(m, m[Run.next_agent])
        m[Run.next_agent] = nth(Agent, m[Run.next_agent], 1)
    return DONE
