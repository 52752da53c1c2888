"""Time and the events to come: a binary heap by (time, rank) in which each owner has one place."""

from __future__ import annotations

from ccsim.engine.kernel.compiler import kernel
from ccsim.engine.kernel.layout import *


@kernel
def _rise(m: Ints, heap: int, place: int, at: int, rank: int, owner: int) -> None:
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
def _sink(m: Ints, heap: int, place: int, at: int, rank: int, owner: int) -> None:
    length = m[HEAP_LENGTH]
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
def cancel(m: Ints, owner: int) -> None:
    """What was due for the owner is due no longer (or happens now)."""
    place = m[owner + POS]
    if place < 0:
        return
    m[owner + POS] = -1
    heap = m[HEAP]
    length = m[HEAP_LENGTH] - 1
    m[HEAP_LENGTH] = length
    if place == length:
        return
    last = heap + 4 * length
    at, rank = m[last], m[last + 1]
    above = heap + 4 * ((place - 1) >> 1)
    if place > 0 and (at < m[above] or (at == m[above] and rank < m[above + 1])):
        _rise(m, heap, place, at, rank, m[last + 2])
    else:
        _sink(m, heap, place, at, rank, m[last + 2])


@kernel
def set_event(m: Ints, owner: int, at: int, rank: int) -> None:
    """Let the owner's one pending event happen at this instant; none at the horizon."""
    if at >= m[HORIZON]:
        cancel(m, owner)
        return
    heap = m[HEAP]
    place = m[owner + POS]
    if place < 0:
        place = m[HEAP_LENGTH]
        m[HEAP_LENGTH] = place + 1
        _rise(m, heap, place, at, rank, owner)
        return
    entry = heap + 4 * place
    if at < m[entry] or (at == m[entry] and rank < m[entry + 1]):
        _rise(m, heap, place, at, rank, owner)
    else:
        _sink(m, heap, place, at, rank, owner)
