"""The loop: the earliest event happens, then offers are made."""

from __future__ import annotations

from ccsim.engine.kernel.clock import cancel
from ccsim.engine.kernel.compiler import kernel
from ccsim.engine.kernel.floor import new_contact
from ccsim.engine.kernel.handlers import (
    consult_point_reached,
    contact_enters,
    duty_begins,
    duty_ends,
    handling_ends,
    hold_ends,
    limit_passes,
    make_offers,
    patience_ends,
    set_timer,
    span_is_over,
    step_opens,
    wrap_up_ends,
)
from ccsim.engine.kernel.layout import *

# Columns of the workload, as the kernel gets them: a contact has so many words each.
AT, QUEUE, KEY, WORK, PATIENCE_SEEN, HEAD_START_SEEN = range(6)


@kernel("i(mfimmmmmm)")
def advance(
    m: Ints,
    f: Floats,
    until: int,
    at: Ints,
    queue: Ints,
    key: Ints,
    work: Ints,
    patience: Ints,
    head_start: Ints,
) -> int:
    """Make the events before `until` happen. Returns DONE, or what must be made larger first."""
    while True:
        status = lacks(m)
        if status:
            return status
        heap = m[HEAP]
        arrival = m[NEXT_ARRIVAL]
        comes = at[arrival] if arrival < m[ARRIVALS] else NEVER
        due = m[heap] if m[HEAP_LENGTH] else NEVER
        if comes < due or (comes == due and m[heap + 1] > (RANK_OF_ENTERS | arrival)):
            if comes >= until:
                return DONE
            m[NOW] = comes
            m[NEXT_ARRIVAL] = arrival + 1
            contact = new_contact(m)
            m[contact + C_NUMBER] = arrival
            m[contact + C_KEY] = key[arrival]
            m[contact + C_QUEUE] = m[FIRST_QUEUE] + QUEUE_WORDS * queue[arrival]
            m[contact + C_LEG] = 0
            m[contact + C_FIRST] = comes
            m[contact + C_TRUNK] = 0
            m[contact + C_LAST_AGENT] = 0
            m[contact + C_WORK] = work[arrival]
            m[contact + C_PATIENCE] = patience[arrival]
            m[contact + C_HEAD_START] = head_start[arrival]
            contact_enters(m, f, contact)
        else:
            if due >= until:
                return DONE
            m[NOW] = due
            rank, owner = m[heap + 1], m[heap + 2]
            cancel(m, owner)
            happens(m, f, owner, rank)
        make_offers(m, f)


@kernel("-(mfii)")
def happens(m: Ints, f: Floats, owner: int, rank: int) -> None:
    """The event of this rank happens to its owner."""
    kind = rank >> order.ID_BITS << order.ID_BITS
    number = rank & NUMBER_MASK
    if kind == RANK_OF_HANDLING:
        if m[owner + I_STATE] == WRAPPING_UP:
            wrap_up_ends(m, f, owner)
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


@kernel("i(m)")
def lacks(m: Ints) -> int:
    """What the next event may want of that there is too little."""
    if m[UNUSED] + 3 * ITEM_WORDS + m[CONTACT_WORDS] > m.size:
        return NEEDS_SPACE
    if m[HEAP_LENGTH] + 4 > m[HEAP_CAPACITY] or m[MADE] + 4 > m[PENDING_CAPACITY]:
        return NEEDS_HEAP
    full = m[ROWS_CAPACITY] - m[ROWS_KEPT_FREE]
    if m[LEG_LENGTH] > full or m[WORK_LENGTH] > full or m[DUTY_LENGTH] > full:
        if m[DUTY_LENGTH] > m[ROWS_CAPACITY] or m[WORK_LENGTH] > m[ROWS_CAPACITY]:
            return OVERFLOW
        return NEEDS_ROWS
    if m[GROWN_TO] - m[GROWN_FROM] > m[RING] or m[SPARE_TO] - m[SPARE_FROM] > m[RING]:
        return OVERFLOW
    return DONE
