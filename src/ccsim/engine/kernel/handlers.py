"""One handler for each kind of event, in the order of `ccsim.engine.order`, and who calls them.

Each event first makes all its changes, then offers are made. The handlers bear the names of those
of the reference engine.
"""

from __future__ import annotations

from ccsim.engine.kernel.choice import (
    agent_can_take,
    along_route,
    best_offer,
    own_agent,
)
from ccsim.engine.kernel.clock import cancel, set_event
from ccsim.engine.kernel.compiler import kernel
from ccsim.engine.kernel.fate import (
    LIMIT,
    SERVED,
    UNOBSERVED,
    branch_of,
    count_use,
    delay_of,
    instant_of,
    patience_of,
    take_measure,
    wrap_up_of,
)
from ccsim.engine.kernel.floor import (
    append,
    before_in_place,
    best_agent,
    closing_after,
    drop_contact,
    drop_item,
    enlist,
    head_of,
    insert,
    new_contact,
    new_item,
    open_by_now,
    remove,
    service_of,
    strike,
    units_at,
    unlink,
)
from ccsim.engine.kernel.layout import *
from ccsim.engine.kernel.ledger import note, write_leg, write_work
from ccsim.engine.kernel.work import (
    change_units,
    free,
    handling_rank,
    join,
    set_aside,
    set_next_span,
    start,
    stop,
)

ABANDONED, NO_LINE, NO_ROOM, CLOSED = 2, 3, 4, 5  # network.model.Exit
HELPED = 9  # network.model.Label
STAY = -2  # network.model
LEAVES, BOUND = -1, -2  # records.Next

# --- kind 0: handling -----------------------------------------------------------------------------


@kernel("-(mfi)")
def consult_point_reached(m: Ints, f: Floats, item: int) -> None:
    """The item stops, keeps its units, and a helper's part enters the consult's queue."""
    stop(m, item)
    m[item + I_STATE] = CONSULTING
    m[item + I_CONSULT_LEFT] = -1
    m[item + I_CONSULTED] = 1
    queue = m[service_of(m, item, m[item + I_CREW]) + S_ASK_QUEUE]
    part = enter(m, m[item + I_CONTACT], queue, m[item + I_LEG], 1, item)
    if is_closed(m, queue):
        leave(m, f, part, CLOSED, 0)
    else:
        admit(m, f, part)


@kernel("-(mfi)")
def handling_ends(m: Ints, f: Floats, item: int) -> None:
    """The served exit is taken; the agent wraps up or is free."""
    stop(m, item)
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
        free(m, f, agent, units)


@kernel("-(mfi)")
def wrap_up_ends(m: Ints, f: Floats, item: int) -> None:
    free(m, f, m[item + I_AGENT], m[item + I_UNITS])
    drop_item(m, item)


# --- kinds 1 and 2: duty --------------------------------------------------------------------------


@kernel("-(mi)")
def span_is_over(m: Ints, agent: int) -> None:
    """Before all kinds: from this instant on the agent is off duty for every count."""
    strike(m, agent)
    m[m[agent + A_CREW] + W_ON_DUTY] -= 1
    m[agent + A_ON] = 0
    note(m, agent)
    set_event(m, agent, m[NOW], RANK_OF_DUTY_ENDS | m[agent + A_NUMBER])


@kernel("-(mfi)")
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
    _release(m, f, agent + A_HELD)
    crew = m[agent + A_CREW]
    set_next_span(m, agent)
    for place in range(m[GROWN_FROM], m[GROWN_TO]):
        _watch(m, m[m[GROWN] + (place & (m[RING] - 1))])
    m[GROWN_FROM] = m[GROWN_TO]
    if m[crew + W_ON_DUTY] == 0:
        for place in range(m[crew + W_LINES], m[crew + W_LINES] + m[crew + W_LINES_COUNT]):
            _watch(m, m[place])
    offer_by_place(m, f)


@kernel("-(mfi)")
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
            set_timer(m, item, m[NOW], RANK_OF_LIMIT_PASSES)
        _offer_later(m, item)
        item = before


@kernel("-(mi)")
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


# --- kind 3: entry --------------------------------------------------------------------------------


@kernel("-(mfi)")
def contact_enters(m: Ints, f: Floats, contact: int) -> None:
    queue = m[contact + C_QUEUE]
    item = enter(m, contact, queue, m[contact + C_LEG], 0, 0)
    trunk = m[queue + Q_TRUNK]
    if is_closed(m, queue):
        leave(m, f, item, CLOSED, 0)
        return
    if trunk and trunk != m[contact + C_TRUNK]:
        if m[trunk] == 0:
            leave(m, f, item, NO_LINE, 0)
            return
        m[trunk] -= 1
        m[contact + C_TRUNK] = trunk
    admit(m, f, item)


# --- kind 4: a step opens, a hold ends ------------------------------------------------------------


@kernel("-(mfii)")
def step_opens(m: Ints, f: Floats, item: int, step: int) -> None:
    m[item + I_OPEN_AFTER] = m[m[m[item + I_QUEUE] + Q_STEPS] + STEP_WORDS * step + ST_AFTER]
    m[item + I_OPEN_STEP] = step
    if m[item + I_HELD_FOR] == 0:
        walk(m, f, item)


@kernel("-(mfi)")
def hold_ends(m: Ints, f: Floats, item: int) -> None:
    agent = m[item + I_HELD_FOR]
    if agent:
        unlink(m, agent + A_HELD, item, I_PREVIOUS)
        m[item + I_HELD_FOR] = 0
        insert(m, item)
        walk(m, f, item)


# --- kinds 5 and 6: limits and patience -----------------------------------------------------------


@kernel("-(mfiii)")
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


@kernel("-(mfi)")
def patience_ends(m: Ints, f: Floats, item: int) -> None:
    quit_line(m, item)
    leave(m, f, item, ABANDONED, 0)


# --- offers (section 4) ---------------------------------------------------------------------------


@kernel("-(mf)")
def make_offers(m: Ints, f: Floats) -> None:
    """All changes are made: offer to those to whom something may have become possible."""
    while True:
        if m[FREED]:
            agent = m[FREED]
            m[FREED] = 0
        elif m[MOVING]:
            agent = m[MOVING]
            m[MOVING] = 0
        elif m[GROWN_FROM] < m[GROWN_TO]:
            place = m[GROWN_FROM]
            m[GROWN_FROM] = place + 1
            m[WATCH] += 1
            _watch(m, m[m[GROWN] + (place & (m[RING] - 1))])
            offer_by_place(m, f)
            continue
        elif m[SPARE_FROM] < m[SPARE_TO]:
            place = m[SPARE_FROM]
            m[SPARE_FROM] = place + 1
            agent = m[m[SPARE] + (place & (m[RING] - 1))]
        else:
            return
        offer(m, f, agent)


@kernel("-(mfi)")
def offer(m: Ints, f: Floats, agent: int) -> None:
    """To the agent, which is to its team, until nothing is taken."""
    while m[agent + A_ON]:
        item = best_offer(m, agent)
        if item == 0:
            return
        taker = agent
        if m[item + I_HELD_FOR] == 0:
            crew = m[agent + A_CREW]
            taker = best_agent(m, crew, units_at(m, item, crew))
            if taker == 0:
                taker = by_interruption(m, item, crew)
        assign(m, f, item, taker)


@kernel("-(mf)")
def offer_by_place(m: Ints, f: Floats) -> None:
    """Let pending items, and the first of each watched line as long as they are taken, walk their
    routes."""
    pending = m[PENDING]
    while m[PENDING_LENGTH]:
        best = 0
        for place in range(1, m[PENDING_LENGTH]):
            if _comes_before(m, m[pending + place], m[pending + best]):
                best = place
        item = m[pending + best]
        length = m[PENDING_LENGTH] - 1
        m[PENDING_LENGTH] = length
        m[pending + best] = m[pending + length]
        m[item + I_PENDING] = 0
        state, queue = m[item + I_STATE], m[item + I_QUEUE]
        can_walk = (state == WAITING or state == SET_ASIDE) and m[item + I_HELD_FOR] == 0
        if can_walk and walk(m, f, item) and m[queue + Q_WATCHED] == m[WATCH]:
            _watch(m, queue)


@kernel("b(mii)")
def _comes_before(m: Ints, one: int, other: int) -> bool:
    a, b = m[m[one + I_QUEUE] + Q_PRIORITY], m[m[other + I_QUEUE] + Q_PRIORITY]
    return a < b if a != b else before_in_place(m, one, other)


@kernel("-(mi)")
def _watch(m: Ints, queue: int) -> None:
    """The first of the queue's lines are offered."""
    m[queue + Q_WATCHED] = m[WATCH]
    for part in range(2):
        first = m[head_of(m, queue, part) + I_LINE]
        if first:
            _offer_later(m, first)


@kernel("-(mi)")
def _offer_later(m: Ints, item: int) -> None:
    if m[item + I_PENDING] == 0:
        m[item + I_PENDING] = 1
        m[m[PENDING] + m[PENDING_LENGTH]] = item
        m[PENDING_LENGTH] += 1


@kernel("b(mfi)")
def walk(m: Ints, f: Floats, item: int) -> bool:
    taker = along_route(m, item)
    if taker == 0:
        return False
    assign(m, f, item, taker)
    return True


@kernel("-(mfii)")
def assign(m: Ints, f: Floats, item: int, taker: int) -> None:
    """The taker gets the item; as many of its latest items as needed give way."""
    if taker < 0:
        answer(m, f, item, -taker, 0)
        return
    crew = m[taker + A_CREW]
    units, priority = units_at(m, item, crew), m[m[item + I_QUEUE] + Q_PRIORITY]
    gave_way = False
    other = m[taker + A_PROGRESS]
    while other and m[taker + A_FREE] < units:
        before = m[other + I_PREVIOUS]
        queue = m[other + I_QUEUE]
        if m[queue + Q_INTERRUPTIBLE] and m[queue + Q_PRIORITY] > priority:
            set_aside(m, other)
            gave_way = True
        other = before
    answer(m, f, item, crew, taker)
    if gave_way and m[taker + A_FREE]:
        place = m[SPARE_TO]
        m[m[SPARE] + (place & (m[RING] - 1))] = taker
        m[SPARE_TO] = place + 1


# --- into the line and out of it ------------------------------------------------------------------


@kernel("i(miiiii)")
def enter(m: Ints, contact: int, queue: int, leg: int, part: int, asker: int) -> int:
    now = m[NOW]
    head_start = m[queue + Q_HEAD_START]
    if leg == 0 and part == 0 and m[contact + C_HEAD_START] != UNOBSERVED:
        head_start = m[contact + C_HEAD_START]
    item = new_item(m)
    m[item + I_CONTACT] = contact
    m[item + I_QUEUE] = queue
    m[item + I_NUMBER] = m[contact + C_NUMBER]
    m[item + I_LEG] = leg
    m[item + I_PART] = part
    m[item + I_STATE] = WAITING
    m[item + I_ENTERED] = now
    m[item + I_SINCE] = (m[contact + C_FIRST] if m[queue + Q_SINCE_FIRST] else now) - head_start
    m[item + I_ANSWERED] = -1
    m[item + I_WAITED] = 0
    m[item + I_HELD_FOR] = 0
    m[item + I_AGENT] = 0
    m[item + I_CREW] = 0
    m[item + I_CONSULTED] = 0
    m[item + I_ASKER] = asker
    m[item + I_PENDING] = 0
    return item


@kernel("b(mi)")
def is_closed(m: Ints, queue: int) -> bool:
    hours = m[queue + Q_HOURS]
    return hours != 0 and closing_after(m, hours, m[NOW]) < 0


@kernel("-(mfi)")
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
    set_timer(m, item, m[NOW], RANK_OF_LIMIT_PASSES)


@kernel("-(mfi)")
def try_own_agent(m: Ints, f: Floats, item: int) -> None:
    """Its own agent is tried, for whom it is then held; else it walks its route."""
    agent = own_agent(m, f, item)
    if agent:
        if m[agent + A_ON] and agent_can_take(m, item, agent):
            assign(m, f, item, agent)
            return
        if m[m[item + I_QUEUE] + Q_HOLD] > 0:
            remove(m, item)
            append(m, agent + A_HELD, item, I_PREVIOUS)
            m[item + I_HELD_FOR] = agent
            return
    walk(m, f, item)


@kernel("-(mfib)")
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


@kernel("-(mi)")
def quit_line(m: Ints, item: int) -> None:
    """The item waits no longer."""
    cancel(m, item)
    queue = m[item + I_QUEUE]
    m[item + I_WAITED] += m[NOW] - m[item + I_WAITING_SINCE]
    m[queue + Q_COUNT] -= 1
    if m[item + I_ANSWERED] < 0:
        m[queue + Q_UNANSWERED] -= 1
    agent = m[item + I_HELD_FOR]
    if agent == 0:
        remove(m, item)
    else:
        held = agent + (A_ASIDE if m[item + I_STATE] == SET_ASIDE else A_HELD)
        unlink(m, held, item, I_PREVIOUS)
        m[item + I_HELD_FOR] = 0


@kernel("-(miii)")
def set_timer(m: Ints, item: int, at: int, rank: int) -> None:
    """The next that may happen to an item that waits, after an event of this instant and rank.

    Patience, limits and holds end with the first answer. All that may happen is known, so one
    pending event is enough: the earliest of what is left.
    """
    queue, entered = m[item + I_QUEUE], m[item + I_ENTERED]
    leg = (m[item + I_NUMBER] << LEG_BITS | m[item + I_LEG]) << NUMBER_BITS
    best_at, best = NEVER, 0
    if m[queue + Q_TIMED]:
        steps = m[queue + Q_STEPS]
        for number in range(m[queue + Q_STEPS_COUNT]):
            due = m[item + I_SINCE] + m[steps + STEP_WORDS * number + ST_AFTER]
            due_rank = RANK_OF_STEP_OPENS | leg | number
            if (due > at or (due == at and due_rank > rank)) and (
                due < best_at or (due == best_at and due_rank < best)
            ):
                best_at, best = due, due_rank
    if m[item + I_ANSWERED] < 0:
        if m[item + I_HELD_FOR]:
            due = entered + m[queue + Q_HOLD]
            due_rank = RANK_OF_STEP_OPENS | leg | m[queue + Q_STEPS_COUNT]
            if (due > at or (due == at and due_rank > rank)) and (
                due < best_at or (due == best_at and due_rank < best)
            ):
                best_at, best = due, due_rank
        limits = m[queue + Q_LIMITS]
        for number in range(m[queue + Q_LIMITS_COUNT]):
            due = instant_of(m, limits + LIMIT_WORDS * number, entered)
            due_rank = RANK_OF_LIMIT_PASSES | leg | number
            if (due > at or (due == at and due_rank > rank)) and (
                due < best_at or (due == best_at and due_rank < best)
            ):
                best_at, best = due, due_rank
        due, due_rank = m[item + I_PATIENCE_AT], RANK_OF_PATIENCE_ENDS | leg
        if due < best_at or (due == best_at and due_rank < best):
            best_at, best = due, due_rank
    set_event(m, item, best_at, best)


# --- work (section 5) -----------------------------------------------------------------------------


@kernel("-(mfiii)")
def answer(m: Ints, f: Floats, item: int, crew: int, agent: int) -> None:
    """The agent takes the item, for the first time, again, or over from another."""
    resumed = m[item + I_STATE] == SET_ASIDE and m[item + I_HELD_FOR] != 0
    quit_line(m, item)
    units = units_at(m, item, crew)
    m[item + I_UNITS] = units
    m[item + I_CREW] = crew
    m[item + I_AGENT] = agent
    if not resumed:
        take_measure(m, f, item, crew, agent)
    if m[item + I_ANSWERED] < 0:
        m[item + I_ANSWERED] = m[NOW]
    if agent:
        if m[item + I_PART] == 0:
            m[m[item + I_CONTACT] + C_LAST_AGENT] = agent
        change_units(m, agent, -units)
    m[item + I_WORK_FROM] = m[NOW]
    start(m, item)


# --- exits (section 3) ----------------------------------------------------------------------------


@kernel("-(mfiii)")
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
    delay = delay_of(m, f, item, exit_, m[branch + B_DELAY]) if onward >= 0 else 0
    trunk = m[contact + C_TRUNK]
    if trunk and not (onward >= 0 and delay == 0 and m[going_to + Q_TRUNK] == trunk):
        m[trunk] += 1
        m[contact + C_TRUNK] = 0
    write_leg(m, item, now, exit_, m[branch + B_LABEL], onward, ENDED)
    drop_item(m, item)
    if onward < 0:
        drop_contact(m, contact)
        return
    m[contact + C_QUEUE] = going_to
    m[contact + C_LEG] += 1
    if now + delay >= m[HORIZON]:
        drop_contact(m, contact)
    else:
        set_event(m, contact, now + delay, RANK_OF_ENTERS | m[contact + C_NUMBER])
