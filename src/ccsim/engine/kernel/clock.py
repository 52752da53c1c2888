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
from ccsim.engine.kernel.constants import IN_WHEEL, IS_FAR, NEVER, NO_OWNER, NOWHERE
from ccsim.engine.kernel.layout import Entry, Owner, Run
from ccsim.engine.kernel.structs import Instant, Memory, Place, as_instant, nth

WIDEN, NARROW = 4, 1  # slots turned for one event (halves of one, to make them narrower)
TURNS = 2  # turns of the wheel, or as many events, between two looks at its width


# --- the heap of what is near ---


@kernel
def _precedes(m: Memory, entry: Entry, at: Instant, rank: int) -> bool:
    """Whether an entry is due before an event of this instant and rank."""
    return m[entry + Entry.at] < at or (m[entry + Entry.at] == at and m[entry + Entry.rank] < rank)


@kernel
def _put(m: Memory, place: int, at: Instant, rank: int, owner: Owner) -> None:
    """Write an event into this place of the heap."""
    entry = nth(Entry, m[Run.heap], place)
    m[entry + Entry.at] = at
    m[entry + Entry.rank] = rank
    m[entry + Entry.owner] = owner
    m[owner + Owner.place] = place


@kernel
def _move(m: Memory, entry: Entry, place: int) -> None:
    """Copy an entry to this place of the heap."""
    _put(m, place, m[entry + Entry.at], m[entry + Entry.rank], m[entry + Entry.owner])


@kernel
def _rise(m: Memory, place: int, at: Instant, rank: int, owner: Owner) -> None:
    """Put an event at this place of the heap, or above, before all entries that it precedes."""
    while place > 0:
        above = (place - 1) >> 1
        entry = nth(Entry, m[Run.heap], above)
        if _precedes(m, entry, at, rank):
            break
        _move(m, entry, place)
        place = above
    _put(m, place, at, rank, owner)


@kernel
def _sink(m: Memory, place: int, at: Instant, rank: int, owner: Owner) -> None:
    """Put an event at this place of the heap, or below, behind all entries that precede it."""
    length = m[Run.heap_length]
    while True:
        below = 2 * place + 1
        if below >= length:
            break
        entry = nth(Entry, m[Run.heap], below)
        other = nth(Entry, entry, 1)
        if below + 1 < length and _precedes(m, other, m[entry + Entry.at], m[entry + Entry.rank]):
            below += 1
            entry = other
        if not _precedes(m, entry, at, rank):
            break
        _move(m, entry, place)
        place = below
    _put(m, place, at, rank, owner)


@kernel
def _push(m: Memory, at: Instant, rank: int, owner: Owner) -> None:
    length = m[Run.heap_length]
    m[Run.heap_length] = length + 1
    _rise(m, length, at, rank, owner)


@kernel
def _pull(m: Memory, place: int) -> None:
    """Remove the entry at this place from the heap."""
    length = m[Run.heap_length] - 1
    m[Run.heap_length] = length
    if place == length:
        return
    last = nth(Entry, m[Run.heap], length)
    at, rank, owner = m[last + Entry.at], m[last + Entry.rank], m[last + Entry.owner]
    above = nth(Entry, m[Run.heap], (place - 1) >> 1)
    if place > 0 and not _precedes(m, above, at, rank):
        _rise(m, place, at, rank, owner)
    else:
        _sink(m, place, at, rank, owner)


# --- the wheel ---


@inlined
def _schedule(m: Memory, owner: Owner) -> None:
    """Put an owner, whose event is set and is in no list, into the heap or a list by its
    instant."""
    at = m[owner + Owner.due]
    slot = at >> m[Run.slot_bits]
    ahead = slot - m[Run.slot]
    if ahead <= 0:
        m[Run.moved] += 1
        _push(m, at, m[owner + Owner.rank], owner)
    elif ahead < m[Run.slots]:
        _link(m, m[Run.wheel] + (slot & (m[Run.slots] - 1)), owner)
        m[owner + Owner.place] = IN_WHEEL
        m[Run.wheel_count] += 1
    else:
        _link(m, Run.far, owner)
        m[owner + Owner.place] = IS_FAR
        m[Run.far_count] += 1


@kernel
def _link(m: Memory, list_: Place[Owner], owner: Owner) -> None:
    """Put an owner first in the list whose first stands at this address."""
    first = m[list_]
    m[owner + Owner.behind] = first
    m[owner + Owner.link] = list_
    if first:
        m[first + Owner.link] = owner + Owner.behind
    m[list_] = owner


@kernel
def bring_near(m: Memory, until: Instant) -> None:
    """Turn the wheel until an event is in the heap, or until slots begin after `until`."""
    while m[Run.heap_length] == 0 and m[Run.wheel_count] + m[Run.far_count]:
        slot = m[Run.slot] + 1
        if m[Run.wheel_count] == 0:
            slot = m[Run.far_look]  # before it there is nothing
            if as_instant(slot << m[Run.slot_bits]) <= until:
                slot = _first_far(m)
                m[Run.slot] = min(slot - 1, until >> m[Run.slot_bits])
                m[Run.far_look] = min(slot, m[Run.slot] + m[Run.slots])
        if as_instant(slot << m[Run.slot_bits]) > until:
            return
        m[Run.slot] = slot
        if slot == m[Run.far_look]:
            _look_far(m)
        m[Run.turned] += 1
        list_ = m[Run.wheel] + (slot & (m[Run.slots] - 1))
        owner = m[list_]
        m[list_] = NO_OWNER
        while owner:
            behind = m[owner + Owner.behind]
            _push(m, m[owner + Owner.due], m[owner + Owner.rank], owner)
            m[Run.wheel_count] -= 1
            m[Run.moved] += 1
            owner = behind


@kernel
def _first_far(m: Memory) -> int:
    """The slot of the first of all that is far."""
    first = NEVER
    owner = m[Run.far]
    while owner:
        first = min(first, m[owner + Owner.due])
        m[Run.turned] += 1
        owner = m[owner + Owner.behind]
    return first >> m[Run.slot_bits]


@kernel
def _look_far(m: Memory) -> None:
    """Once a turn, move the far events that are due within the next turn into the wheel or the
    heap."""
    m[Run.far_look] = m[Run.slot] + m[Run.slots]
    owner = m[Run.far]
    m[Run.far], m[Run.far_count] = NO_OWNER, 0
    while owner:
        behind = m[owner + Owner.behind]
        _schedule(m, owner)
        m[Run.turned] += 1
        owner = behind


@kernel
def fit_width(m: Memory) -> None:
    """Widen the slots where many are turned in vain, and narrow them where events crowd."""
    bits = m[Run.slot_bits]
    if m[Run.turned] > WIDEN * m[Run.moved]:
        bits += 1
    elif 2 * m[Run.turned] < NARROW * m[Run.moved] and bits:
        bits -= 1
    if bits != m[Run.slot_bits]:
        arrange(m, m[Run.wheel], m[Run.slots], bits)
    m[Run.turned], m[Run.moved] = 0, 0


@kernel
def arrange(m: Memory, wheel: Place[Owner], slots: int, bits: int) -> None:
    """Move all events into a wheel of so many slots (a power of 2) of 2^bits us."""
    everybody = m[Run.far]
    for number in range(m[Run.slots]):
        list_ = m[Run.wheel] + number
        owner = m[list_]
        m[list_] = NO_OWNER
        while owner:
            behind = m[owner + Owner.behind]
            m[owner + Owner.behind] = everybody
            everybody = owner
            owner = behind
    for number in range(m[Run.heap_length]):
        owner = m[nth(Entry, m[Run.heap], number) + Entry.owner]
        m[owner + Owner.behind] = everybody
        everybody = owner
    m[Run.wheel], m[Run.slots], m[Run.slot_bits] = wheel, slots, bits
    m[Run.slot] = m[Run.now] >> bits
    m[Run.heap_length], m[Run.wheel_count] = 0, 0
    m[Run.far] = everybody
    _look_far(m)


# --- events ---


@inlined
def cancel(m: Memory, owner: Owner) -> None:
    """Withdraw the pending event of an owner."""
    place = m[owner + Owner.place]
    if place == NOWHERE:
        return
    m[owner + Owner.place] = NOWHERE
    if place >= 0:
        _pull(m, place)
        return
    word, behind = m[owner + Owner.link], m[owner + Owner.behind]
    m[word] = behind
    if behind:
        m[behind + Owner.link] = word
    m[Run.wheel_count if place == IN_WHEEL else Run.far_count] -= 1


@kernel
def set_event(m: Memory, owner: Owner, at: Instant, rank: int) -> None:
    """Set the one pending event of an owner; none at the horizon or after."""
    cancel(m, owner)
    if at < m[Run.horizon]:
        m[owner + Owner.due] = at
        m[owner + Owner.rank] = rank
        _schedule(m, owner)
