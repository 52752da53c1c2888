"""Waiting lists of queues, agents by free units, and the making and reuse of items and contacts."""

from __future__ import annotations

from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.constants import (
    NEVER,
    NO_AGENT,
    NO_ITEM,
    NOT_YET,
    NOWHERE,
    NUMBER_MASK,
    UNUSED_ITEM,
)
from ccsim.engine.kernel.layout import (
    LEVELS,
    Agent,
    Contact,
    Head,
    Hours,
    Item,
    Queue,
    Run,
    Service,
    Shelf,
    Team,
)
from ccsim.engine.kernel.structs import Instant, Memory, Offset, Place, Units, handle, nth


@kernel
def new_item(m: Memory) -> Item:
    item = m[Run.free_item]
    if item:
        m[Run.free_item] = m[item + Item.chain]
    else:
        item = handle(Item, m[Run.unused])
        m[Run.unused] += Item.size
        m[item + Item.made] = m[Run.last_item]
        m[Run.last_item] = item
        m[Run.made] += 1
    m[item + Item.place] = NOWHERE
    return item


@kernel
def drop_item(m: Memory, item: Item) -> None:
    m[item + Item.state] = UNUSED_ITEM
    m[item + Item.chain] = m[Run.free_item]
    m[Run.free_item] = item


@kernel
def new_contact(m: Memory) -> Contact:
    contact = m[Run.free_contact]
    if contact:
        m[Run.free_contact] = m[contact + Contact.chain]
    else:
        contact = handle(Contact, m[Run.unused])
        m[Run.unused] += Contact.size + m[Run.uses]
        m[Run.made] += 1
    m[contact + Contact.place] = NOWHERE
    for use in range(m[Run.uses]):
        m[contact + Contact.uses + use] = 0
    return contact


@kernel
def drop_contact(m: Memory, contact: Contact) -> None:
    m[contact + Contact.chain] = m[Run.free_contact]
    m[Run.free_contact] = contact


# --- lists ---


@kernel
def append(m: Memory, last: Place[Item], member: Item, link: Offset[Item, Item]) -> None:
    """Put a member at the end of the list whose last member stands at the address `last`."""
    before = m[last]
    m[member + link] = before
    m[member + link + 1] = NO_ITEM
    if before:
        m[before + link + 1] = member
    m[last] = member


@kernel
def unlink(m: Memory, last: Place[Item], member: Item, link: Offset[Item, Item]) -> None:
    before, behind = m[member + link], m[member + link + 1]
    if before:
        m[before + link + 1] = behind
    if behind:
        m[behind + link] = before
    else:
        m[last] = before


# --- agents by free units: those who changed last stand last, of one instant by number ---


@inlined
def add_to_shelf(m: Memory, agent: Agent) -> None:
    """Add an agent on duty to the index of agents by free units."""
    team = m[agent + Agent.team]
    free = m[agent + Agent.free]
    m[team + Team.free] += free
    if not free:
        return
    shelf = nth(Shelf, m[team + Team.shelves], free)
    m[shelf + Shelf.count] += 1
    changed, number = m[agent + Agent.changed], m[agent + Agent.number]
    before, behind = m[shelf + Shelf.last], NO_AGENT
    while before and (
        m[before + Agent.changed] > changed
        or (m[before + Agent.changed] == changed and m[before + Agent.number] > number)
    ):
        behind = before
        before = m[before + Agent.before]
    m[agent + Agent.before] = before
    m[agent + Agent.behind_it] = behind
    if before:
        m[before + Agent.behind_it] = agent
    else:
        m[shelf + Shelf.first] = agent
    if behind:
        m[behind + Agent.before] = agent
    else:
        m[shelf + Shelf.last] = agent


@inlined
def remove_from_shelf(m: Memory, agent: Agent) -> None:
    """Remove an agent on duty from the index, before its units change or its span is over."""
    team = m[agent + Agent.team]
    free = m[agent + Agent.free]
    m[team + Team.free] -= free
    if not free:
        return
    shelf = nth(Shelf, m[team + Team.shelves], free)
    m[shelf + Shelf.count] -= 1
    before, behind = m[agent + Agent.before], m[agent + Agent.behind_it]
    if before:
        m[before + Agent.behind_it] = behind
    else:
        m[shelf + Shelf.first] = behind
    if behind:
        m[behind + Agent.before] = before
    else:
        m[shelf + Shelf.last] = before


@kernel
def best_agent(m: Memory, team: Team, units: Units) -> Agent:
    """The agent with most free units, of these the one that changed longest ago, of these the
    lowest number."""
    if m[team + Team.free] < units:
        return NO_AGENT
    shelves = m[team + Team.shelves]
    for free in range(m[team + Team.units], units - 1, -1):
        first = m[nth(Shelf, shelves, free) + Shelf.first]
        if first:
            return first
    return NO_AGENT


@kernel
def has_room(m: Memory, team: Team, units: Units, keep_idle: int) -> bool:
    """Whether more than `keep_idle` agents on duty have `units` free."""
    if m[team + Team.free] < units:
        return False
    shelves = m[team + Team.shelves]
    found = 0
    for free in range(m[team + Team.units], units - 1, -1):
        found += m[nth(Shelf, shelves, free) + Shelf.count]
        if found > keep_idle and found > 0:
            return True
    return False


# --- lines: skip lists by place ---


@kernel
def before_in_place(m: Memory, one: Item, other: Item) -> bool:
    """Place is (since, contact, leg)."""
    since, other_since = m[one + Item.since], m[other + Item.since]
    if since != other_since:
        return since < other_since
    a, b = m[one + Item.number], m[other + Item.number]
    if a != b:
        return a < b
    return m[one + Item.leg] < m[other + Item.leg]


@kernel
def head_of(m: Memory, queue: Queue, part: int) -> Head:
    """The head of one of a queue's two lines; the first who waits is the next of it."""
    return m[queue + Queue.heads + part]


@inlined
def insert(m: Memory, item: Item) -> None:
    queue = m[item + Item.queue]
    head = head_of(m, queue, m[item + Item.part])
    height = 1
    if m[queue + Queue.count] >= m[Run.short]:
        chance = m[item + Item.number] * 0x9E3779B1 >> 8
        while height < LEVELS and chance & 3 == 0:
            height += 1
            chance >>= 2
    m[item + Item.height] = height
    last = m[head + Head.tail]
    if not last or before_in_place(m, last, item):
        for level in range(height):
            last = m[head + Head.tail + level]
            if not last:
                last = head
            m[last + Item.behind_it + level] = item
            m[item + Item.behind_it + level] = NO_ITEM
            m[head + Head.tail + level] = item
        return
    at: Item = head
    for level in range(LEVELS - 1, -1, -1):
        behind = m[at + Item.behind_it + level]
        while behind and before_in_place(m, behind, item):
            at = behind
            behind = m[at + Item.behind_it + level]
        if level < height:
            m[item + Item.behind_it + level] = behind
            m[at + Item.behind_it + level] = item
            if not behind:
                m[head + Head.tail + level] = item


@inlined
def remove(m: Memory, item: Item) -> None:
    head = head_of(m, m[item + Item.queue], m[item + Item.part])
    at: Item = head
    first = m[head + Head.behind_it] == item
    for level in range(m[item + Item.height] - 1 if first else LEVELS - 1, -1, -1):
        behind = m[at + Item.behind_it + level]
        while behind and behind != item and before_in_place(m, behind, item):
            at = behind
            behind = m[at + Item.behind_it + level]
        if behind == item:
            behind = m[item + Item.behind_it + level]
            m[at + Item.behind_it + level] = behind
            if not behind:
                m[head + Head.tail + level] = NO_ITEM if at == head else at


# --- an item and its queue ---


@kernel
def service_of(m: Memory, item: Item, team: Team) -> Service:
    return nth(Service, m[m[item + Item.queue] + Queue.services], m[team + Team.index])


@kernel
def units_at(m: Memory, item: Item, team: Team) -> Units:
    """Units that an item takes of an agent of the team: a consult takes all."""
    if m[item + Item.part]:
        return m[team + Team.units]
    return m[service_of(m, item, team) + Service.units]


@kernel
def charge(m: Memory, item: Item) -> None:
    """Bring `remaining` up to date. Additive: how often it is called changes nothing."""
    now = m[Run.now]
    m[item + Item.remaining] -= (now - m[item + Item.charged]) * m[item + Item.rate]
    m[item + Item.charged] = now


@kernel
def open_by_now(m: Memory, item: Item) -> None:
    """Open the steps that are open to an item that joins the queue. A step whose threshold is
    reached exactly now opens through its own event, to keep its order among the events of this
    instant."""
    m[item + Item.open_after] = m[Run.now] - m[item + Item.waits_from] - 1
    m[item + Item.open_step] = NUMBER_MASK


# --- opening hours ---


@kernel
def _span_at(m: Memory, hours: Hours, instant: Instant) -> int:
    """The number of the last span that starts by an instant; -1: none."""
    low, high = 0, m[hours + Hours.count]
    while low < high:
        middle = (low + high) >> 1
        if m[hours + Hours.spans + 2 * middle] <= instant:
            low = middle + 1
        else:
            high = middle
    return low - 1


@kernel
def closing_after(m: Memory, hours: Hours, instant: Instant) -> Instant:
    """The end of the span that holds an instant; -1 when it is closed then."""
    span = _span_at(m, hours, instant)
    if span < 0:
        return NOT_YET
    until = m[hours + Hours.spans + 2 * span + 1]
    return until if instant < until else NOT_YET


@kernel
def after_open_time(m: Memory, hours: Hours, instant: Instant, amount: int) -> Instant:
    """The first instant with `amount` of opening time since `instant`, or NEVER."""
    if amount <= 0:
        return instant
    for span in range(max(_span_at(m, hours, instant), 0), m[hours + Hours.count]):
        start = max(m[hours + Hours.spans + 2 * span], instant)
        until = m[hours + Hours.spans + 2 * span + 1]
        if until - start >= amount:
            return start + amount
        amount -= max(until - start, 0)
    return NEVER


@kernel
def open_after(m: Memory, hours: Hours, instant: Instant, amount: int) -> Instant:
    """The first instant that is open and has `amount` of opening time since `instant`, or NEVER."""
    for span in range(max(_span_at(m, hours, instant), 0), m[hours + Hours.count]):
        start = max(m[hours + Hours.spans + 2 * span], instant)
        until = m[hours + Hours.spans + 2 * span + 1]
        if until - start > amount:
            return start + amount
        amount -= max(until - start, 0)
    return NEVER
