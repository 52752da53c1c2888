"""Time and the events to come: a wheel of slots of equal width, and a heap of what is near.

Each owner has at most one pending event. What is due within the present slot of the wheel or
before stands in a binary heap by (time, rank); what is due within one turn of the wheel in the
list of its slot, in no order; all else in the list of what is far, gone through once a turn. Slots
become wider when many are empty and narrower when many events share one, so the heap holds one or
two events by day and the wheel is not turned in vain by night. Whatever the width, the order of
events is that of the heap alone.
"""

from __future__ import annotations

from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.layout import *

WIDEN, NARROW = 4, 1  # slots turned for one event (halves of one, to make them narrower)
TURNS = 2  # turns of the wheel, or as many events, between two looks at its width


# --- the heap of what is near ---


@kernel
def _rise(m: Ints, place: int, at: int, rank: int, owner: int) -> None:
    heap = m[HEAP]
    while place > 0:
        above = (place - 1) >> 1
        entry = heap + 4 * above
        if m[entry] < at or (m[entry] == at and m[entry + 1] < rank):
            break
        here = heap + 4 * place
        m[here] = m[entry]
        m[here + 1] = m[entry + 1]
        other = m[entry + 2]
        m[here + 2] = other
        m[other + POS] = place
        place = above
    here = heap + 4 * place
    m[here] = at
    m[here + 1] = rank
    m[here + 2] = owner
    m[owner + POS] = place


@kernel
def _sink(m: Ints, place: int, at: int, rank: int, owner: int) -> None:
    heap, length = m[HEAP], m[HEAP_LENGTH]
    while True:
        below = 2 * place + 1
        if below >= length:
            break
        entry = heap + 4 * below
        if below + 1 < length and (
            m[entry + 4] < m[entry] or (m[entry + 4] == m[entry] and m[entry + 5] < m[entry + 1])
        ):
            below += 1
            entry += 4
        if at < m[entry] or (at == m[entry] and rank < m[entry + 1]):
            break
        here = heap + 4 * place
        m[here] = m[entry]
        m[here + 1] = m[entry + 1]
        other = m[entry + 2]
        m[here + 2] = other
        m[other + POS] = place
        place = below
    here = heap + 4 * place
    m[here] = at
    m[here + 1] = rank
    m[here + 2] = owner
    m[owner + POS] = place


@kernel
def _push(m: Ints, at: int, rank: int, owner: int) -> None:
    length = m[HEAP_LENGTH]
    m[HEAP_LENGTH] = length + 1
    _rise(m, length, at, rank, owner)


@kernel
def _pull(m: Ints, place: int) -> None:
    """The entry at this place leaves the heap."""
    length = m[HEAP_LENGTH] - 1
    m[HEAP_LENGTH] = length
    if place == length:
        return
    heap = m[HEAP]
    last = heap + 4 * length
    at, rank = m[last], m[last + 1]
    above = heap + 4 * ((place - 1) >> 1)
    if place > 0 and (at < m[above] or (at == m[above] and rank < m[above + 1])):
        _rise(m, place, at, rank, m[last + 2])
    else:
        _sink(m, place, at, rank, m[last + 2])


# --- the wheel ---


@inlined
def _schedule(m: Ints, owner: int) -> None:
    """Put an owner, whose event is known and stands nowhere, where it belongs by its instant."""
    at = m[owner + DUE_AT]
    slot = at >> m[SLOT_BITS]
    ahead = slot - m[SLOT]
    if ahead <= 0:
        m[MOVED] += 1
        _push(m, at, m[owner + DUE_RANK], owner)
    elif ahead < m[SLOTS]:
        _link(m, m[WHEEL] + (slot & (m[SLOTS] - 1)), owner)
        m[owner + POS] = IN_WHEEL
        m[WHEEL_COUNT] += 1
    else:
        _link(m, FAR, owner)
        m[owner + POS] = IS_FAR
        m[FAR_COUNT] += 1


@kernel
def _link(m: Ints, list_: int, owner: int) -> None:
    """Put an owner first in the list whose first stands at this address."""
    first = m[list_]
    m[owner + DUE_BEHIND] = first
    m[owner + DUE_WORD] = list_
    if first:
        m[first + DUE_WORD] = owner + DUE_BEHIND
    m[list_] = owner


@kernel
def bring_near(m: Ints, until: int) -> None:
    """Turn the wheel until an event is near or slots begin after `until`."""
    while m[HEAP_LENGTH] == 0 and m[WHEEL_COUNT] + m[FAR_COUNT]:
        slot = m[SLOT] + 1
        if m[WHEEL_COUNT] == 0:
            slot = m[FAR_LOOK]  # before it there is nothing
            if slot << m[SLOT_BITS] <= until:
                slot = _first_far(m)
                m[SLOT] = min(slot - 1, until >> m[SLOT_BITS])
                m[FAR_LOOK] = min(slot, m[SLOT] + m[SLOTS])
        if slot << m[SLOT_BITS] > until:
            return
        m[SLOT] = slot
        if slot == m[FAR_LOOK]:
            _look_far(m)
        m[TURNED] += 1
        list_ = m[WHEEL] + (slot & (m[SLOTS] - 1))
        owner = m[list_]
        m[list_] = 0
        while owner:
            behind = m[owner + DUE_BEHIND]
            _push(m, m[owner + DUE_AT], m[owner + DUE_RANK], owner)
            m[WHEEL_COUNT] -= 1
            m[MOVED] += 1
            owner = behind


@kernel
def _first_far(m: Ints) -> int:
    """The slot of the first of all that is far."""
    first = NEVER
    owner = m[FAR]
    while owner:
        first = min(first, m[owner + DUE_AT])
        m[TURNED] += 1
        owner = m[owner + DUE_BEHIND]
    return first >> m[SLOT_BITS]


@kernel
def _look_far(m: Ints) -> None:
    """Once a turn: what is far no longer goes into the wheel, what is due now into the heap."""
    m[FAR_LOOK] = m[SLOT] + m[SLOTS]
    owner = m[FAR]
    m[FAR], m[FAR_COUNT] = 0, 0
    while owner:
        behind = m[owner + DUE_BEHIND]
        _schedule(m, owner)
        m[TURNED] += 1
        owner = behind


@kernel
def fit_width(m: Ints) -> None:
    """Wider slots where many are turned in vain, narrower where events crowd."""
    bits = m[SLOT_BITS]
    if m[TURNED] > WIDEN * m[MOVED]:
        bits += 1
    elif 2 * m[TURNED] < NARROW * m[MOVED] and bits:
        bits -= 1
    if bits != m[SLOT_BITS]:
        arrange(m, m[WHEEL], m[SLOTS], bits)
    m[TURNED], m[MOVED] = 0, 0


@kernel
def arrange(m: Ints, wheel: int, slots: int, bits: int) -> None:
    """All events go into a wheel of so many slots (a power of 2) of 2^bits us."""
    everybody = m[FAR]
    for list_ in range(m[WHEEL], m[WHEEL] + m[SLOTS]):
        owner = m[list_]
        m[list_] = 0
        while owner:
            behind = m[owner + DUE_BEHIND]
            m[owner + DUE_BEHIND] = everybody
            everybody = owner
            owner = behind
    for entry in range(m[HEAP], m[HEAP] + 4 * m[HEAP_LENGTH], 4):
        owner = m[entry + 2]
        m[owner + DUE_BEHIND] = everybody
        everybody = owner
    m[WHEEL], m[SLOTS], m[SLOT_BITS] = wheel, slots, bits
    m[SLOT] = m[NOW] >> bits
    m[HEAP_LENGTH], m[WHEEL_COUNT] = 0, 0
    m[FAR] = everybody
    _look_far(m)


# --- events ---


@inlined
def cancel(m: Ints, owner: int) -> None:
    """What was due for the owner is due no longer (or happens now)."""
    place = m[owner + POS]
    if place == NOWHERE:
        return
    m[owner + POS] = NOWHERE
    if place >= 0:
        _pull(m, place)
        return
    word, behind = m[owner + DUE_WORD], m[owner + DUE_BEHIND]
    m[word] = behind
    if behind:
        m[behind + DUE_WORD] = word
    m[WHEEL_COUNT if place == IN_WHEEL else FAR_COUNT] -= 1


@kernel
def set_event(m: Ints, owner: int, at: int, rank: int) -> None:
    """Let the owner's one pending event happen at this instant; none at the horizon."""
    cancel(m, owner)
    if at < m[HORIZON]:
        m[owner + DUE_AT] = at
        m[owner + DUE_RANK] = rank
        _schedule(m, owner)
