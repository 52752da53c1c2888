"""One handler for each kind of event, in the order of `ccsim.engine.order`, and who calls them.

Each event first makes all its changes, then offers are made. The handlers bear the names of those
of the reference engine.
"""

from __future__ import annotations

from ccsim.engine.kernel.choice import agent_can_take, back_in_time, goes_on, own_agent
from ccsim.engine.kernel.clock import set_event
from ccsim.engine.kernel.compiler import kernel
from ccsim.engine.kernel.constants import (
    ABANDONED,
    CLOSED,
    CONSULTING,
    ENDED,
    HELPED,
    LEAVES,
    LIMIT,
    NEVER,
    NO_BRANCH,
    NO_ITEM,
    NO_LINE,
    NO_ROOM,
    NOT_YET,
    RANK_OF_DUTY_ENDS,
    RANK_OF_SPAN,
    RANK_OF_STEP_OPENS,
    SERVED,
    STAYS,
    WRAPPING_UP,
)
from ccsim.engine.kernel.draws import (
    asks_in,
    branch_of,
    count_use,
    patience_of,
    wrap_up_of,
)
from ccsim.engine.kernel.exits import leave
from ccsim.engine.kernel.layout import (
    GROWN,
    Agent,
    Branch,
    Contact,
    Head,
    Item,
    Limit,
    Queue,
    Run,
    Span,
    Step,
    Taker,
    Team,
)
from ccsim.engine.kernel.ledger import note, write_leg, write_work
from ccsim.engine.kernel.offers import (
    assign,
    offer_by_place,
    offer_later,
    walk,
    walk_now,
    watch,
)
from ccsim.engine.kernel.state import (
    add_to_shelf,
    before_in_place,
    drop_item,
    head_of,
    insert,
    new_item,
    open_by_now,
    remove,
    remove_from_shelf,
)
from ccsim.engine.kernel.structs import Memory, Reals, handle, nth
from ccsim.engine.kernel.waiting import enter, hold, is_closed, let_go, quit_queue, set_timer
from ccsim.engine.kernel.work import (
    free,
    handling_rank,
    join,
    preempt,
    set_next_span,
    stop,
    take_from_ring,
)

# --- kind 0: handling ---


@kernel
def consult_point_reached(m: Memory, f: Reals, item: Item) -> None:
    """Stop an item that keeps its units, and let a helper's part enter the consult's queue."""
    stop(m, item)
    m[item + Item.state] = CONSULTING
    m[item + Item.consult_left] = -1
    m[item + Item.consulted] = 1
    queue = asks_in(m, item)
    part = enter(m, m[item + Item.contact], queue, m[item + Item.leg], 1, item)
    if is_closed(m, queue):
        leave(m, f, part, CLOSED, NO_BRANCH)
    else:
        admit(m, f, part)


@kernel
def handling_ends(m: Memory, f: Reals, item: Item) -> None:
    """Take the served exit; the agent wraps up or is free. The part of a warm transfer ends
    together with the item that asked for it: the agent who served it goes on with the contact."""
    stop(m, item)
    if goes_on(m, item):
        asker = m[item + Item.asker]
        m[Run.goes_on] = m[item + Item.agent]
        write_work(m, item, m[Run.now], m[Run.now])
        write_leg(m, item, m[Run.now], SERVED, HELPED, LEAVES, ENDED)
        drop_item(m, item)
        finish(m, f, asker)
    else:
        finish(m, f, item)


@kernel
def finish(m: Memory, f: Reals, item: Item) -> None:
    agent, units = m[item + Item.agent], m[item + Item.units]
    wrap_up = wrap_up_of(m, f, item)
    freed = m[Run.now] + wrap_up
    rank = handling_rank(m, item)
    write_work(m, item, m[Run.now], freed)
    leave(m, f, item, SERVED, NO_BRANCH)
    if not agent:
        return
    if wrap_up:
        # The item, left by its contact, keeps the agent's units until then.
        item = new_item(m)
        m[item + Item.state] = WRAPPING_UP
        m[item + Item.agent] = agent
        m[item + Item.units] = units
        set_event(m, item, freed, rank)
    else:
        free(m, agent, units)


@kernel
def wrap_up_ends(m: Memory, item: Item) -> None:
    free(m, m[item + Item.agent], m[item + Item.units])
    drop_item(m, item)


# --- kinds 1 and 2: duty ---


@kernel
def span_is_over(m: Memory, agent: Agent) -> None:
    """Take an agent off duty for every offer and count from this instant on, before all other
    events."""
    remove_from_shelf(m, agent)
    m[m[agent + Agent.team] + Team.on_duty] -= 1
    m[agent + Agent.on] = 0
    note(m, agent)
    set_event(m, agent, m[Run.now], RANK_OF_DUTY_ENDS | m[agent + Agent.number])


@kernel
def duty_ends(m: Memory, f: Reals, agent: Agent) -> None:
    """Or a break begins.

    Deferred and preempted work goes back to its queues, and contacts held for the agent are
    released unless the agent will be back in time. These, and contacts to whom a step opens because
    nobody of the team is left, are offered by priority and place.
    """
    item = m[agent + Agent.progress]
    while item:
        before = m[item + Item.previous]
        if m[m[item + Item.queue] + Queue.deferred]:
            preempt(m, item)
        item = before
    m[Run.watch] += 1
    set_next_span(m, agent)
    while m[agent + Agent.preempted]:
        _release(m, m[agent + Agent.preempted])
    item = m[agent + Agent.held]
    while item:
        before = m[item + Item.previous]
        if not back_in_time(m, item, agent):
            _release(m, item)
        item = before
    team = m[agent + Agent.team]
    queue = handle(Queue, take_from_ring(m, GROWN))
    while queue:
        watch(m, queue)
        queue = handle(Queue, take_from_ring(m, GROWN))
    if m[team + Team.on_duty] == 0:
        queues = m[team + Team.queues]
        for place in range(m[team + Team.queues_count]):
            watch(m, m[queues + place])
    offer_by_place(m, f)


@kernel
def _release(m: Memory, item: Item) -> None:
    """An item that was preempted, or held for an agent, goes back to its queue to be offered."""
    let_go(m, item)
    insert(m, item)
    if m[item + Item.answered] != NOT_YET:
        open_by_now(m, item)
        set_timer(m, item, m[Run.now], RANK_OF_STEP_OPENS - 1)
    offer_later(m, item)


@kernel
def duty_begins(m: Memory, agent: Agent) -> None:
    """Begin a span of duty, or end a break."""
    span = m[agent + Agent.span]
    m[agent + Agent.span] = nth(Span, span, 1)
    m[agent + Agent.until] = m[span + Span.until]
    m[agent + Agent.pace] = m[span + Span.pace]  # the bits of a float
    m[agent + Agent.then_break] = m[span + Span.then_break]
    m[agent + Agent.on] = 1
    m[agent + Agent.changed] = m[Run.now]
    m[m[agent + Agent.team] + Team.on_duty] += 1
    add_to_shelf(m, agent)
    note(m, agent)
    set_event(m, agent, m[agent + Agent.until], RANK_OF_SPAN | m[agent + Agent.number])
    m[Run.freed] = agent


# --- kind 3: entry ---


@kernel
def contact_enters(m: Memory, f: Reals, contact: Contact) -> None:
    queue = m[contact + Contact.queue]
    item = enter(m, contact, queue, m[contact + Contact.leg], 0, NO_ITEM)
    trunk = m[queue + Queue.trunk]
    if is_closed(m, queue):
        leave(m, f, item, CLOSED, NO_BRANCH)
        return
    if trunk and trunk != m[contact + Contact.trunk]:
        if m[trunk] <= 0:
            leave(m, f, item, NO_LINE, NO_BRANCH)
            return
        m[trunk] -= 1
        m[contact + Contact.trunk] = trunk
    admit(m, f, item)


# --- kind 4: a step opens, a hold ends ---


@kernel
def step_opens(m: Memory, f: Reals, item: Item, step: int) -> None:
    opened = nth(Step, m[m[item + Item.queue] + Queue.steps], step)
    m[item + Item.open_after] = m[opened + Step.after]
    m[item + Item.open_step] = step
    if not m[item + Item.held_for]:
        walk(m, f, item)


@kernel
def hold_ends(m: Memory, f: Reals, item: Item) -> None:
    if m[item + Item.held_for]:
        let_go(m, item)
        insert(m, item)
        walk(m, f, item)


# --- kinds 5 and 6: limits and patience ---


@kernel
def limit_passes(m: Memory, f: Reals, item: Item, number: int, rank: int) -> None:
    exit_ = LIMIT + number
    if m[item + Item.part]:
        quit_queue(m, item)
        leave(m, f, item, exit_, NO_BRANCH)
        return
    limit = nth(Limit, m[m[item + Item.queue] + Queue.limits], number)
    branch = branch_of(m, f, item, exit_, m[limit + Limit.first], m[limit + Limit.count])
    if m[branch + Branch.target] == STAYS:
        count_use(m, item, branch)
        set_timer(m, item, m[Run.now], rank)
    else:
        quit_queue(m, item)
        leave(m, f, item, exit_, branch)


@kernel
def patience_ends(m: Memory, f: Reals, item: Item) -> None:
    quit_queue(m, item)
    leave(m, f, item, ABANDONED, NO_BRANCH)


# --- into the line ---


@kernel
def admit(m: Memory, f: Reals, item: Item) -> None:
    """Add an item to its queue; then it is taken, or held for its own agent, or waits."""
    queue = m[item + Item.queue]
    open_by_now(m, item)
    m[queue + Queue.unanswered] += 1
    insert(m, item)
    newly_met = join(m, item)
    if newly_met:
        walk_firsts(m, f, item, True)
    try_own_agent(m, f, item)
    if newly_met:
        walk_firsts(m, f, item, False)
    if m[item + Item.answered] != NOT_YET:
        return
    room = m[queue + Queue.room]
    if room >= 0 and m[queue + Queue.unanswered] > room:
        quit_queue(m, item)
        leave(m, f, item, NO_ROOM, NO_BRANCH)
        return
    patience = patience_of(m, f, item)
    m[item + Item.patience_at] = NEVER if patience < 0 else m[Run.now] + patience
    set_timer(m, item, m[Run.now], RANK_OF_STEP_OPENS - 1)


@kernel
def try_own_agent(m: Memory, f: Reals, item: Item) -> None:
    """Offer an item to its own agent, and hold it for that agent or let it walk its route."""
    agent = own_agent(m, f, item)
    if agent:
        if m[agent + Agent.on] and agent_can_take(m, item, agent):
            assign(m, f, item, handle(Taker, agent))
            return
        if back_in_time(m, item, agent):
            remove(m, item)
            hold(m, agent, item)
            return
    walk_now(m, f, item)


@kernel
def walk_firsts(m: Memory, f: Reals, item: Item, ahead: bool) -> None:
    """A `when_waiting` is newly met: those of the first in line walk who stand ahead of the item,
    or behind it."""
    queue = m[item + Item.queue]
    one = m[head_of(m, queue, 0) + Head.behind_it]
    other = m[head_of(m, queue, 1) + Head.behind_it]
    if one and other and before_in_place(m, other, one):
        one, other = other, one
    for first in (one, other):
        if first and (
            before_in_place(m, first, item) if ahead else before_in_place(m, item, first)
        ):
            walk(m, f, first)
