"""One handler for each kind of event, in the order of `ccsim.engine.order`, and who calls them.

Each event first makes all its changes, then offers are made. The handlers bear the names of those
of the reference engine.
"""

from __future__ import annotations

from ccsim.engine.kernel.choice import agent_can_take, goes_on, own_agent
from ccsim.engine.kernel.clock import set_event
from ccsim.engine.kernel.compiler import kernel
from ccsim.engine.kernel.draws import (
    LIMIT,
    SERVED,
    asks_in,
    branch_of,
    count_use,
    enters_at,
    patience_of,
    wrap_up_of,
)
from ccsim.engine.kernel.layout import *
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
    before_in_place,
    drop_contact,
    drop_item,
    enlist,
    head_of,
    insert,
    new_item,
    open_by_now,
    remove,
    strike,
)
from ccsim.engine.kernel.waiting import enter, hold, is_closed, let_go, quit_line, set_timer
from ccsim.engine.kernel.work import (
    change_units,
    free,
    handling_rank,
    join,
    set_aside,
    set_next_span,
    start,
    stop,
    take_from_ring,
)

ABANDONED, NO_LINE, NO_ROOM, CLOSED = 2, 3, 4, 5  # network.model.Exit
HELPED = 9  # network.model.Label
STAY = -2  # network.model
LEAVES, BOUND = -1, -2  # records.Next


# --- kind 0: handling ---


@kernel
def consult_point_reached(m: Ints, f: Floats, item: int) -> None:
    """The item stops, keeps its units, and a helper's part enters the consult's queue."""
    stop(m, item)
    m[item + I_STATE] = CONSULTING
    m[item + I_CONSULT_LEFT] = -1
    m[item + I_CONSULTED] = 1
    queue = asks_in(m, item)
    part = enter(m, m[item + I_CONTACT], queue, m[item + I_LEG], 1, item)
    if is_closed(m, queue):
        leave(m, f, part, CLOSED, 0)
    else:
        admit(m, f, part)


@kernel
def handling_ends(m: Ints, f: Floats, item: int) -> None:
    """The served exit is taken; the agent wraps up or is free. A part of a warm transfer ends with
    what it is a part of: who took it goes on with the contact."""
    stop(m, item)
    if goes_on(m, item):
        asker = m[item + I_ASKER]
        m[GOES_ON] = m[item + I_AGENT]
        write_work(m, item, m[NOW], m[NOW])
        write_leg(m, item, m[NOW], SERVED, HELPED, LEAVES, ENDED)
        drop_item(m, item)
        finish(m, f, asker)
    else:
        finish(m, f, item)


@kernel
def finish(m: Ints, f: Floats, item: int) -> None:
    agent, units = m[item + I_AGENT], m[item + I_UNITS]
    wrap_up = wrap_up_of(m, f, item)
    freed = m[NOW] + wrap_up
    rank = handling_rank(m, item)
    write_work(m, item, m[NOW], freed)
    leave(m, f, item, SERVED, 0)
    if agent == 0:
        return
    if wrap_up:
        # The item, left by its contact, keeps the agent's units until then.
        item = new_item(m)
        m[item + I_STATE] = WRAPPING_UP
        m[item + I_AGENT] = agent
        m[item + I_UNITS] = units
        set_event(m, item, freed, rank)
    else:
        free(m, agent, units)


@kernel
def wrap_up_ends(m: Ints, item: int) -> None:
    free(m, m[item + I_AGENT], m[item + I_UNITS])
    drop_item(m, item)


# --- kinds 1 and 2: duty ---


@kernel
def span_is_over(m: Ints, agent: int) -> None:
    """Before all kinds: from this instant on the agent is off duty for every count."""
    strike(m, agent)
    m[m[agent + A_CREW] + W_ON_DUTY] -= 1
    m[agent + A_ON] = 0
    note(m, agent)
    set_event(m, agent, m[NOW], RANK_OF_DUTY_ENDS | m[agent + A_NUMBER])


@kernel
def duty_ends(m: Ints, f: Floats, agent: int) -> None:
    """Or a break begins. Deferred and set-aside work goes back to its lines, held contacts are
    released; then these, and those to whom a next step opens because nobody of the team is left,
    are offered by priority and place."""
    item = m[agent + A_PROGRESS]
    while item:
        before = m[item + I_PREVIOUS]
        if m[m[item + I_QUEUE] + Q_DEFERRED]:
            set_aside(m, item)
        item = before
    m[WATCH] += 1
    _release(m, f, agent + A_ASIDE)
    m[agent + A_HELD_BEST] = 0
    _release(m, f, agent + A_HELD)
    crew = m[agent + A_CREW]
    set_next_span(m, agent)
    queue = take_from_ring(m, GROWN)
    while queue:
        watch(m, queue)
        queue = take_from_ring(m, GROWN)
    if m[crew + W_ON_DUTY] == 0:
        for place in range(m[crew + W_LINES], m[crew + W_LINES] + m[crew + W_LINES_COUNT]):
            watch(m, m[place])
    offer_by_place(m, f)


@kernel
def _release(m: Ints, f: Floats, last: int) -> None:
    """Items set aside or held for an agent go back to their lines, to be offered."""
    item = m[last]
    m[last] = 0
    while item:
        before = m[item + I_PREVIOUS]
        m[item + I_HELD_FOR] = 0
        insert(m, item)
        if m[item + I_ANSWERED] >= 0:
            open_by_now(m, item)
            set_timer(m, item, m[NOW], RANK_OF_STEP_OPENS - 1)
        offer_later(m, item)
        item = before


@kernel
def duty_begins(m: Ints, agent: int) -> None:
    """Or a break ends."""
    span = m[agent + A_SPAN]
    m[agent + A_SPAN] = span + SPAN_WORDS
    m[agent + A_UNTIL] = m[span + SPAN_UNTIL]
    m[agent + A_PACE] = m[span + SPAN_PACE]  # the bits of a float
    m[agent + A_THEN_BREAK] = m[span + SPAN_THEN_BREAK]
    m[agent + A_ON] = 1
    m[agent + A_CHANGED] = m[NOW]
    m[m[agent + A_CREW] + W_ON_DUTY] += 1
    enlist(m, agent)
    note(m, agent)
    set_event(m, agent, m[agent + A_UNTIL], RANK_OF_SPAN | m[agent + A_NUMBER])
    m[FREED] = agent


# --- kind 3: entry ---


@kernel
def contact_enters(m: Ints, f: Floats, contact: int) -> None:
    queue = m[contact + C_QUEUE]
    item = enter(m, contact, queue, m[contact + C_LEG], 0, 0)
    trunk = m[queue + Q_TRUNK]
    if is_closed(m, queue):
        leave(m, f, item, CLOSED, 0)
        return
    if trunk and trunk != m[contact + C_TRUNK]:
        if m[trunk] <= 0:
            leave(m, f, item, NO_LINE, 0)
            return
        m[trunk] -= 1
        m[contact + C_TRUNK] = trunk
    admit(m, f, item)


# --- kind 4: a step opens, a hold ends ---


@kernel
def step_opens(m: Ints, f: Floats, item: int, step: int) -> None:
    m[item + I_OPEN_AFTER] = m[m[m[item + I_QUEUE] + Q_STEPS] + STEP_WORDS * step + ST_AFTER]
    m[item + I_OPEN_STEP] = step
    if m[item + I_HELD_FOR] == 0:
        walk(m, f, item)


@kernel
def hold_ends(m: Ints, f: Floats, item: int) -> None:
    if m[item + I_HELD_FOR]:
        let_go(m, item)
        insert(m, item)
        walk(m, f, item)


# --- kinds 5 and 6: limits and patience ---


@kernel
def limit_passes(m: Ints, f: Floats, item: int, number: int, rank: int) -> None:
    exit_ = LIMIT + number
    if m[item + I_PART]:
        quit_line(m, item)
        leave(m, f, item, exit_, 0)
        return
    limit = m[m[item + I_QUEUE] + Q_LIMITS] + LIMIT_WORDS * number
    branch = branch_of(m, f, item, exit_, m[limit + L_ROWS], m[limit + L_ROWS_COUNT])
    if m[branch + B_TARGET] == STAY:
        count_use(m, item, branch)
        set_timer(m, item, m[NOW], rank)
    else:
        quit_line(m, item)
        leave(m, f, item, exit_, branch)


@kernel
def patience_ends(m: Ints, f: Floats, item: int) -> None:
    quit_line(m, item)
    leave(m, f, item, ABANDONED, 0)


# --- into the line ---


@kernel
def admit(m: Ints, f: Floats, item: int) -> None:
    """It joins its line first; then it is taken, or held for its own agent, or waits."""
    queue = m[item + I_QUEUE]
    open_by_now(m, item)
    m[queue + Q_UNANSWERED] += 1
    insert(m, item)
    newly_met = join(m, item)
    if newly_met:
        walk_firsts(m, f, item, True)
    try_own_agent(m, f, item)
    if newly_met:
        walk_firsts(m, f, item, False)
    if m[item + I_ANSWERED] >= 0:
        return
    room = m[queue + Q_ROOM]
    if room >= 0 and m[queue + Q_UNANSWERED] > room:
        quit_line(m, item)
        leave(m, f, item, NO_ROOM, 0)
        return
    patience = patience_of(m, f, item)
    m[item + I_PATIENCE_AT] = NEVER if patience < 0 else m[NOW] + patience
    set_timer(m, item, m[NOW], RANK_OF_STEP_OPENS - 1)


@kernel
def try_own_agent(m: Ints, f: Floats, item: int) -> None:
    """Its own agent is tried, for whom it is then held; else it walks its route."""
    agent = own_agent(m, f, item)
    if agent:
        if m[agent + A_ON] and agent_can_take(m, item, agent):
            assign(m, f, item, agent)
            return
        if m[m[item + I_QUEUE] + Q_HOLD] > 0:
            remove(m, item)
            hold(m, agent, item)
            return
    walk_now(m, f, item)


@kernel
def walk_firsts(m: Ints, f: Floats, item: int, ahead: bool) -> None:
    """A `when_waiting` is newly met: those of the first in line walk who stand ahead of the item,
    or behind it."""
    queue = m[item + I_QUEUE]
    one = m[head_of(m, queue, 0) + I_LINE]
    other = m[head_of(m, queue, 1) + I_LINE]
    if one and other and before_in_place(m, other, one):
        one, other = other, one
    for first in (one, other):
        if first and (
            before_in_place(m, first, item) if ahead else before_in_place(m, item, first)
        ):
            walk(m, f, first)


# --- exits (section 3) ---


@kernel
def leave(m: Ints, f: Floats, item: int, exit_: int, branch: int) -> None:
    """The leg ends by this exit, and the contact goes where the branch leads (0: not yet drawn)."""
    now = m[NOW]
    m[item + I_STATE] = ENDED
    if m[item + I_PART]:
        write_leg(m, item, now, exit_, HELPED if exit_ == SERVED else 0, LEAVES, ENDED)
        asker = m[item + I_ASKER]
        drop_item(m, item)
        start(m, asker)
        m[MOVING] = m[asker + I_AGENT]
        return
    queue, contact = m[item + I_QUEUE], m[item + I_CONTACT]
    if exit_ == SERVED:
        branch = m[item + I_BRANCH]
    elif branch == 0:
        rows = queue + Q_ROWS + 2 * exit_
        branch = branch_of(m, f, item, exit_, m[rows], m[rows + 1])
    count_use(m, item, branch)
    onward = m[branch + B_TARGET] if m[branch + B_TARGET] >= 0 else LEAVES
    if onward >= 0 and m[item + I_LEG] + 1 >= m[MAX_LEGS]:
        onward = BOUND
    going_to = m[FIRST_QUEUE] + QUEUE_WORDS * onward if onward >= 0 else 0
    at = enters_at(m, f, item, exit_, branch) if onward >= 0 else now
    trunk = m[contact + C_TRUNK]
    if trunk and not (onward >= 0 and at == now and m[going_to + Q_TRUNK] == trunk):
        m[trunk] += 1
        m[contact + C_TRUNK] = 0
    write_leg(m, item, now, exit_, m[branch + B_LABEL], onward, ENDED)
    drop_item(m, item)
    if onward < 0:
        drop_contact(m, contact)
        return
    m[contact + C_QUEUE] = going_to
    m[contact + C_LEG] += 1
    if m[GOES_ON]:
        go_on(m, f, contact)
    elif at >= m[HORIZON]:
        drop_contact(m, contact)
    else:
        set_event(m, contact, at, RANK_OF_ENTERS | m[contact + C_NUMBER])


@kernel
def go_on(m: Ints, f: Floats, contact: int) -> None:
    """The contact enters its next queue, where who took its part answers it, whatever the route,
    the doors and the end of duty: nobody else is asked, and no line is taken."""
    agent, queue = m[GOES_ON], m[contact + C_QUEUE]
    crew = m[agent + A_CREW]
    m[GOES_ON] = 0
    item = enter(m, contact, queue, m[contact + C_LEG], 0, 0)
    m[queue + Q_UNANSWERED] += 1
    insert(m, item)
    join(m, item)
    change_units(m, agent, m[crew + W_UNITS])
    answer(m, f, item, crew, agent)
    m[MOVING] = agent
