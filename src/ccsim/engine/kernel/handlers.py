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
    BOUND,
    CLOSED,
    CONSULTING,
    ENDED,
    HELPED,
    LEAVES,
    LIMIT,
    NEVER,
    NO_AGENT,
    NO_BRANCH,
    NO_ITEM,
    NO_LINE,
    NO_QUEUE,
    NO_ROOM,
    NO_TRUNK,
    NOT_YET,
    RANK_OF_DUTY_ENDS,
    RANK_OF_ENTERS,
    RANK_OF_SPAN,
    RANK_OF_STEP_OPENS,
    SERVED,
    STAYS,
    UNLABELLED,
    WRAPPING_UP,
)
from ccsim.engine.kernel.draws import (
    asks_in,
    branch_of,
    count_use,
    enters_at,
    patience_of,
    wrap_up_of,
)
from ccsim.engine.kernel.layout import (
    GROWN,
    Agent,
    Branch,
    Contact,
    Head,
    Item,
    Limit,
    Queue,
    Rows,
    Run,
    Span,
    Step,
    Taker,
    Team,
)
from ccsim.engine.kernel.ledger import note, write_leg, write_work
from ccsim.engine.kernel.offers import (
    answer,
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
    drop_contact,
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
    change_units,
    free,
    handling_rank,
    join,
    preempt,
    set_next_span,
    start,
    stop,
    take_from_ring,
)

# --- kind 0: handling ---


@kernel
def consult_point_reached(m: Memory, f: Reals, item: Item) -> None:
    """The item stops, keeps its units, and a helper's part enters the consult's queue."""
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
    """The served exit is taken; the agent wraps up or is free. A part of a warm transfer ends with
    what it is a part of: who took it goes on with the contact."""
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
    """Before all kinds: from this instant on the agent is off duty for every count."""
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
    """Or a break ends."""
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
    """It joins its line first; then it is taken, or held for its own agent, or waits."""
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
    """Its own agent is tried, for whom it is then held; else it walks its route."""
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


# --- exits (section 3) ---


@kernel
def leave(m: Memory, f: Reals, item: Item, exit_: int, branch: Branch) -> None:
    """The leg ends by this exit, and the contact goes where the branch leads (0: not yet drawn)."""
    now = m[Run.now]
    m[item + Item.state] = ENDED
    if m[item + Item.part]:
        write_leg(m, item, now, exit_, HELPED if exit_ == SERVED else UNLABELLED, LEAVES, ENDED)
        asker = m[item + Item.asker]
        drop_item(m, item)
        start(m, asker)
        m[Run.moving] = m[asker + Item.agent]
        return
    queue, contact = m[item + Item.queue], m[item + Item.contact]
    if exit_ == SERVED:
        branch = m[item + Item.branch]
    elif not branch:
        rows = nth(Rows, handle(Rows, queue + Queue.exits), exit_)
        branch = branch_of(m, f, item, exit_, m[rows + Rows.first], m[rows + Rows.count])
    count_use(m, item, branch)
    onward = m[branch + Branch.target] if m[branch + Branch.target] >= 0 else LEAVES
    if onward >= 0 and m[item + Item.leg] + 1 >= m[Run.max_legs]:
        onward = BOUND
    going_to = nth(Queue, m[Run.first_queue], onward) if onward >= 0 else NO_QUEUE
    at = enters_at(m, f, item, exit_, branch) if onward >= 0 else now
    trunk = m[contact + Contact.trunk]
    if trunk and not (onward >= 0 and at == now and m[going_to + Queue.trunk] == trunk):
        m[trunk] += 1
        m[contact + Contact.trunk] = NO_TRUNK
    write_leg(m, item, now, exit_, m[branch + Branch.label], onward, ENDED)
    drop_item(m, item)
    if onward < 0:
        drop_contact(m, contact)
        return
    m[contact + Contact.queue] = going_to
    m[contact + Contact.leg] += 1
    if m[Run.goes_on]:
        go_on(m, f, contact)
    elif at >= m[Run.horizon]:
        drop_contact(m, contact)
    else:
        set_event(m, contact, at, RANK_OF_ENTERS | m[contact + Contact.number])


@kernel
def go_on(m: Memory, f: Reals, contact: Contact) -> None:
    """The contact enters its next queue, where who took its part answers it, whatever the route,
    the doors and the end of duty: nobody else is asked, and no line is taken."""
    agent, queue = m[Run.goes_on], m[contact + Contact.queue]
    team = m[agent + Agent.team]
    m[Run.goes_on] = NO_AGENT
    item = enter(m, contact, queue, m[contact + Contact.leg], 0, NO_ITEM)
    m[queue + Queue.unanswered] += 1
    insert(m, item)
    join(m, item)
    change_units(m, agent, m[team + Team.units])
    answer(m, f, item, team, agent)
    m[Run.moving] = agent
