"""The loop: the earliest event happens, then offers are made."""

from __future__ import annotations

from ccsim.engine.kernel.clock import TURNS, arrange, bring_near, cancel, fit_width
from ccsim.engine.kernel.compiler import entry, kernel, words
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
from ccsim.engine.kernel.layout import *
from ccsim.engine.kernel.ledger import close_agent, close_leg, close_work
from ccsim.engine.kernel.offers import make_offers
from ccsim.engine.kernel.state import new_contact
from ccsim.engine.kernel.waiting import set_timer
from ccsim.engine.kernel.work import set_next_span

# Columns of the workload, as the kernel gets them: a contact has so many words each.
AT, QUEUE, KEY, WORK, PATIENCE_SEEN, HEAD_START_SEEN = range(6)


@entry
def open_floor(arena: Ints) -> None:
    """Before the first event: nobody on duty, nobody waiting, everybody's first span ahead."""
    m = words(arena)
    for agent in range(m[NEXT_AGENT], m[LAST_AGENT], AGENT_WORDS):
        set_next_span(m, agent)


@entry
def advance(
    arena: Ints,
    floats: Floats,
    until: int,
    at: Ints,
    queue: Ints,
    key: Ints,
    work: Ints,
    patience: Ints,
    head_start: Ints,
) -> int:
    """Make the events before `until` happen. Returns DONE, or what must be made larger first.

    The columns hold the contacts from number `FIRST_AT_HAND` on: all that come before `until`.
    """
    m, f = words(arena), words(floats)
    if m[NEXT_WHEEL]:
        arrange(m, m[NEXT_WHEEL], m[OWNERS_CAPACITY], m[SLOT_BITS])
        m[NEXT_WHEEL] = 0
    first = m[FIRST_AT_HAND]
    while True:
        status = lacks(m)
        if status:
            return status
        arrival = m[NEXT_ARRIVAL]
        comes = at[arrival - first] if arrival < m[ARRIVALS] else NEVER
        if m[TURNED] + m[MOVED] > TURNS * m[SLOTS]:
            fit_width(m)
        if m[HEAP_LENGTH] == 0:
            bring_near(m, min(comes, until))
        heap = m[HEAP]
        due = m[heap] if m[HEAP_LENGTH] else NEVER
        if comes < due or (comes == due and m[heap + 1] > (RANK_OF_ENTERS | arrival)):
            if comes >= until:
                return DONE
            m[NOW] = comes
            m[NEXT_ARRIVAL] = arrival + 1
            contact = new_contact(m)
            m[contact + C_NUMBER] = arrival
            m[contact + C_KEY] = key[arrival - first]
            m[contact + C_QUEUE] = m[FIRST_QUEUE] + QUEUE_WORDS * queue[arrival - first]
            m[contact + C_LEG] = 0
            m[contact + C_FIRST] = comes
            m[contact + C_TRUNK] = 0
            m[contact + C_LAST_AGENT] = 0
            m[contact + C_WORK] = work[arrival - first]
            m[contact + C_PATIENCE] = patience[arrival - first]
            m[contact + C_HEAD_START] = head_start[arrival - first]
            contact_enters(m, f, contact)
        else:
            if due >= until:
                return DONE
            m[NOW] = due
            rank, owner = m[heap + 1], m[heap + 2]
            cancel(m, owner)
            happens(m, f, owner, rank)
        make_offers(m, f)


@kernel
def happens(m: Ints, f: Floats, owner: int, rank: int) -> None:
    """The event of this rank happens to its owner."""
    kind = rank >> ID_BITS << ID_BITS
    number = rank & NUMBER_MASK
    if kind == RANK_OF_HANDLING:
        if m[owner + I_STATE] == WRAPPING_UP:
            wrap_up_ends(m, owner)
        elif m[owner + I_CONSULT_LEFT] < 0:
            handling_ends(m, f, owner)
        else:
            consult_point_reached(m, f, owner)
    elif kind == RANK_OF_PATIENCE_ENDS:
        patience_ends(m, f, owner)
    elif kind == RANK_OF_ENTERS:
        contact_enters(m, f, owner)
    elif kind == RANK_OF_STEP_OPENS:
        set_timer(m, owner, m[NOW], rank)
        if number < m[m[owner + I_QUEUE] + Q_STEPS_COUNT]:
            step_opens(m, f, owner, number)
        else:
            hold_ends(m, f, owner)
    elif kind == RANK_OF_LIMIT_PASSES:
        limit_passes(m, f, owner, number, rank)
    elif kind == RANK_OF_SPAN:
        span_is_over(m, owner)
    elif kind == RANK_OF_DUTY_ENDS:
        duty_ends(m, f, owner)
    else:
        duty_begins(m, owner)


@kernel
def lacks(m: Ints) -> int:
    """What the next event may want of that there is too little."""
    if m[UNUSED] + 3 * ITEM_WORDS + m[CONTACT_WORDS] > m[LENGTH]:
        return NEEDS_SPACE
    if m[MADE] + 4 > m[OWNERS_CAPACITY]:
        return NEEDS_OWNERS
    full = m[ROWS_CAPACITY] - m[ROWS_KEPT_FREE]
    if m[LEG_LENGTH] > full or m[WORK_LENGTH] > full or m[DUTY_LENGTH] > full:
        return NEEDS_ROWS
    return OVERFLOW if m[BROKEN] else DONE


@entry
def close(arena: Ints) -> int:
    """Write the rows of what is inside at the horizon, and the last of each agent. Returns DONE,
    or NEEDS_ROWS to be called again.

    All work comes before any leg: a helper's part may have been made before what it is a part of,
    and no leg is handed over before the last work on it (`ccsim.records.Rows`).
    """
    m = words(arena)
    while m[LAST_ITEM]:
        status = lacks(m)
        if status in (NEEDS_ROWS, OVERFLOW):
            return status
        m[LAST_ITEM] = close_work(m, m[LAST_ITEM])
    while m[LAST_CLOSED]:
        status = lacks(m)
        if status in (NEEDS_ROWS, OVERFLOW):
            return status
        m[LAST_CLOSED] = close_leg(m, m[LAST_CLOSED])
    while m[NEXT_AGENT] < m[LAST_AGENT]:
        status = lacks(m)
        if status in (NEEDS_ROWS, OVERFLOW):
            return status
        close_agent(m, m[NEXT_AGENT])
        m[NEXT_AGENT] += AGENT_WORDS
    return DONE
