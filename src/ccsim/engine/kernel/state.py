"""Lines, shelves of agents, and the things that come and go: plain state and its indices."""

from __future__ import annotations

from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.layout import *


@kernel
def new_item(m: Ints) -> int:
    item = m[FREE_ITEM]
    if item:
        m[FREE_ITEM] = m[item + I_CHAIN]
    else:
        item = m[UNUSED]
        m[UNUSED] = item + ITEM_WORDS
        m[item + I_MADE] = m[LAST_ITEM]
        m[LAST_ITEM] = item
        m[MADE] += 1
    m[item + POS] = NOWHERE
    return item


@kernel
def drop_item(m: Ints, item: int) -> None:
    m[item + I_STATE] = UNUSED_ITEM
    m[item + I_CHAIN] = m[FREE_ITEM]
    m[FREE_ITEM] = item


@kernel
def new_contact(m: Ints) -> int:
    contact = m[FREE_CONTACT]
    if contact:
        m[FREE_CONTACT] = m[contact + C_CHAIN]
    else:
        contact = m[UNUSED]
        m[UNUSED] = contact + m[CONTACT_WORDS]
        m[MADE] += 1
    m[contact + POS] = NOWHERE
    for word in range(contact + C_USES, contact + m[CONTACT_WORDS]):
        m[word] = 0
    return contact


@kernel
def drop_contact(m: Ints, contact: int) -> None:
    m[contact + C_CHAIN] = m[FREE_CONTACT]
    m[FREE_CONTACT] = contact


# --- lists ---


@kernel
def append(m: Ints, last: int, member: int, link: int) -> None:
    """Put a member at the end of the list whose last member stands at the address `last`."""
    before = m[last]
    m[member + link] = before
    m[member + link + 1] = 0
    if before:
        m[before + link + 1] = member
    m[last] = member


@kernel
def unlink(m: Ints, last: int, member: int, link: int) -> None:
    before, behind = m[member + link], m[member + link + 1]
    if before:
        m[before + link + 1] = behind
    if behind:
        m[behind + link] = before
    else:
        m[last] = before


# --- agents by free units: those who changed last stand last, of one instant by number ---


@inlined
def enlist(m: Ints, agent: int) -> None:
    """An agent on duty has units to give (again)."""
    crew = m[agent + A_CREW]
    free = m[agent + A_FREE]
    m[crew + W_FREE] += free
    if not free:
        return
    shelf = m[crew + W_SHELVES] + SHELF_WORDS * free
    m[shelf + SHELF_COUNT] += 1
    changed, number = m[agent + A_CHANGED], m[agent + A_NUMBER]
    before, behind = m[shelf + SHELF_LAST], 0
    while before and (
        m[before + A_CHANGED] > changed
        or (m[before + A_CHANGED] == changed and m[before + A_NUMBER] > number)
    ):
        behind = before
        before = m[before + A_BEFORE]
    m[agent + A_BEFORE] = before
    m[agent + A_BEHIND] = behind
    if before:
        m[before + A_BEHIND] = agent
    else:
        m[shelf + SHELF_FIRST] = agent
    if behind:
        m[behind + A_BEFORE] = agent
    else:
        m[shelf + SHELF_LAST] = agent


@inlined
def strike(m: Ints, agent: int) -> None:
    """Take an agent on duty off its shelf, before its units change or its span is over."""
    crew = m[agent + A_CREW]
    free = m[agent + A_FREE]
    m[crew + W_FREE] -= free
    if not free:
        return
    shelf = m[crew + W_SHELVES] + SHELF_WORDS * free
    m[shelf + SHELF_COUNT] -= 1
    before, behind = m[agent + A_BEFORE], m[agent + A_BEHIND]
    if before:
        m[before + A_BEHIND] = behind
    else:
        m[shelf + SHELF_FIRST] = behind
    if behind:
        m[behind + A_BEFORE] = before
    else:
        m[shelf + SHELF_LAST] = before


@kernel
def best_agent(m: Ints, crew: int, units: int) -> int:
    """Most free units, then longest since they last changed, then lowest number; 0: nobody."""
    if m[crew + W_FREE] < units:
        return 0
    shelves = m[crew + W_SHELVES]
    for free in range(m[crew + W_UNITS], units - 1, -1):
        first = m[shelves + SHELF_WORDS * free + SHELF_FIRST]
        if first:
            return first
    return 0


@kernel
def has_room(m: Ints, crew: int, units: int, keep_idle: int) -> bool:
    """More than `keep_idle` agents on duty have `units` free."""
    if m[crew + W_FREE] < units:
        return False
    shelves = m[crew + W_SHELVES]
    found = 0
    for free in range(m[crew + W_UNITS], units - 1, -1):
        found += m[shelves + SHELF_WORDS * free + SHELF_COUNT]
        if found > keep_idle and found > 0:
            return True
    return False


# --- lines: skip lists by place ---


@kernel
def before_in_place(m: Ints, one: int, other: int) -> bool:
    """Place is (since, contact, leg)."""
    a, b = m[one + I_SINCE], m[other + I_SINCE]
    if a != b:
        return a < b
    a, b = m[one + I_NUMBER], m[other + I_NUMBER]
    if a != b:
        return a < b
    return m[one + I_LEG] < m[other + I_LEG]


@kernel
def head_of(m: Ints, queue: int, part: int) -> int:
    """The head of one of a queue's two lines; the first who waits is the next of it."""
    return m[queue + Q_HEADS] + part * 2 * LEVELS - I_LINE


@inlined
def insert(m: Ints, item: int) -> None:
    queue = m[item + I_QUEUE]
    head = head_of(m, queue, m[item + I_PART])
    height = 1
    if m[queue + Q_COUNT] >= m[SHORT]:
        chance = m[item + I_NUMBER] * 0x9E3779B1 >> 8
        while height < LEVELS and chance & 3 == 0:
            height += 1
            chance >>= 2
    m[item + I_HEIGHT] = height
    last = m[head + I_TAIL]
    if last == 0 or before_in_place(m, last, item):
        for level in range(height):
            last = m[head + I_TAIL + level]
            if last == 0:
                last = head
            m[last + I_LINE + level] = item
            m[item + I_LINE + level] = 0
            m[head + I_TAIL + level] = item
        return
    at = head
    for level in range(LEVELS - 1, -1, -1):
        behind = m[at + I_LINE + level]
        while behind and before_in_place(m, behind, item):
            at = behind
            behind = m[at + I_LINE + level]
        if level < height:
            m[item + I_LINE + level] = behind
            m[at + I_LINE + level] = item
            if behind == 0:
                m[head + I_TAIL + level] = item


@inlined
def remove(m: Ints, item: int) -> None:
    head = head_of(m, m[item + I_QUEUE], m[item + I_PART])
    at = head
    first = m[head + I_LINE] == item
    for level in range(m[item + I_HEIGHT] - 1 if first else LEVELS - 1, -1, -1):
        behind = m[at + I_LINE + level]
        while behind and behind != item and before_in_place(m, behind, item):
            at = behind
            behind = m[at + I_LINE + level]
        if behind == item:
            behind = m[item + I_LINE + level]
            m[at + I_LINE + level] = behind
            if behind == 0:
                m[head + I_TAIL + level] = 0 if at == head else at


# --- an item and its queue ---


@kernel
def service_of(m: Ints, item: int, crew: int) -> int:
    return m[m[item + I_QUEUE] + Q_SERVICES] + SERVICE_WORDS * m[crew + W_INDEX]


@kernel
def units_at(m: Ints, item: int, crew: int) -> int:
    """Units that an item takes of an agent of the crew: a consult takes all."""
    if m[item + I_PART]:
        return m[crew + W_UNITS]
    return m[service_of(m, item, crew) + S_UNITS]


@kernel
def charge(m: Ints, item: int) -> None:
    """Bring `remaining` up to date. Additive: how often it is called changes nothing."""
    now = m[NOW]
    m[item + I_REMAINING] -= (now - m[item + I_CHARGED]) * m[item + I_RATE]
    m[item + I_CHARGED] = now


@kernel
def open_by_now(m: Ints, item: int) -> None:
    """The steps that are open to one who joins the line. What is outwaited at this very instant
    opens by its event, in turn with those who wait already."""
    m[item + I_OPEN_AFTER] = m[NOW] - m[item + I_SINCE] - 1
    m[item + I_OPEN_STEP] = NUMBER_MASK


# --- opening hours ---


@kernel
def _span_at(m: Ints, hours: int, instant: int) -> int:
    """The number of the last span that starts by an instant; -1: none."""
    low, high = 0, m[hours + H_COUNT]
    while low < high:
        middle = (low + high) >> 1
        if m[hours + H_SPANS + 2 * middle] <= instant:
            low = middle + 1
        else:
            high = middle
    return low - 1


@kernel
def closing_after(m: Ints, hours: int, instant: int) -> int:
    """The end of the span that holds an instant; -1 when it is closed then."""
    span = _span_at(m, hours, instant)
    if span < 0:
        return -1
    until = m[hours + H_SPANS + 2 * span + 1]
    return until if instant < until else -1


@kernel
def after_open_time(m: Ints, hours: int, instant: int, amount: int) -> int:
    """The first instant with `amount` of opening time since `instant`, or NEVER."""
    if amount <= 0:
        return instant
    for span in range(max(_span_at(m, hours, instant), 0), m[hours + H_COUNT]):
        start = max(m[hours + H_SPANS + 2 * span], instant)
        until = m[hours + H_SPANS + 2 * span + 1]
        if until - start >= amount:
            return start + amount
        amount -= max(until - start, 0)
    return NEVER


@kernel
def open_after(m: Ints, hours: int, instant: int, amount: int) -> int:
    """The first instant that is open and has `amount` of opening time since `instant`, or NEVER."""
    for span in range(max(_span_at(m, hours, instant), 0), m[hours + H_COUNT]):
        start = max(m[hours + H_SPANS + 2 * span], instant)
        until = m[hours + H_SPANS + 2 * span + 1]
        if until - start > amount:
            return start + amount
        amount -= max(until - start, 0)
    return NEVER
