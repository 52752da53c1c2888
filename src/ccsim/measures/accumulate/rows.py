"""A chunk of rows is added to the accumulator: work first, then legs, then duty."""

from __future__ import annotations

from ccsim.engine.kernel.compiler import entry, kernel, words
from ccsim.measures.accumulate.clock import add, cut, interval_of, queue_sums, team_sums
from ccsim.measures.accumulate.contacts import (
    add_leg,
    begin_attempt,
    comes_again,
    end_attempt,
    end_customer,
    end_flow,
    flow,
    forget,
    free_place,
    new_place,
    place_of,
)
from ccsim.measures.accumulate.layout import *
from ccsim.records import (
    DUTY_UNITS_SHIFT,
    DUTY_WORDS,
    EXIT_SHIFT,
    LABEL_SHIFT,
    LEG_SHIFT,
    LEG_WORDS,
    PART_SHIFT,
    PRESENCE_SHIFT,
    QUEUE_SHIFT,
    STATE_SHIFT,
    TEAM_SHIFT,
    UNITS_SHIFT,
    WORK_WORDS,
)

CONTACT_MASK, LEG_MASK = (1 << LEG_SHIFT) - 1, (1 << PART_SHIFT - LEG_SHIFT) - 1
AGENT_MASK, TEAM_MASK = (1 << TEAM_SHIFT) - 1, (1 << QUEUE_SHIFT - TEAM_SHIFT) - 1
EXIT_MASK, LABEL_MASK = (1 << LABEL_SHIFT - EXIT_SHIFT) - 1, (1 << STATE_SHIFT - LABEL_SHIFT) - 1
UNITS_MASK, WHOSE_MASK = (1 << 20) - 1, (1 << PRESENCE_SHIFT) - 1
IS_WAITING, IS_SET_ASIDE = 1, 4  # records.State
IS_ON, IS_OVERTIME = 1, 3  # records.Presence


@entry
def accumulate(
    accumulator: Ints, open_: Ints, groups: Ints, spill: Ints, legs: Ints, work: Ints, duty: Ints
) -> None:
    """Add a chunk of rows (`ccsim.records.Rows`). There must be room in the other arrays for all
    that it may bring."""
    b, o, g, x = words(accumulator), words(open_), words(groups), words(spill)
    rows = words(work)
    for row in range(0, work.size, WORK_WORDS):
        add_work(b, o, x, rows, row)
    rows = words(legs)
    for row in range(0, legs.size, LEG_WORDS):
        if rows[row] >> PART_SHIFT & 1:
            add_help(b, rows, row)
        else:
            add_own_leg(b, o, g, x, rows, row)
    rows = words(duty)
    for row in range(0, duty.size, DUTY_WORDS):
        add_duty(b, x, rows, row)


@entry
def end(accumulator: Ints, open_: Ints, groups: Ints) -> None:
    """No more rows come: count those who are still open."""
    b, o, g = words(accumulator), words(open_), words(groups)
    for bucket in range(b[BUCKETS]):
        while o[bucket]:
            end_contact(b, o, g, o[bucket])


@entry
def peaks(events: Ints, bits: int, members: Ints, sets: int, levels: Ints, highest: Ints) -> None:
    """The most that waited at one time, by set of lines. `events`: sorted, the class of the line in
    the low bits below that of who comes; `members`: by class, a word for each of so many sets."""
    for place in range(events.size):
        event = events[place]
        comes = event >> bits - 1 & 1
        row = (event & (1 << bits - 1) - 1) * sets
        for number in range(sets):
            if members[row + number]:
                level = levels[number] + (1 if comes else -1)
                levels[number] = level
                highest[number] = max(highest[number], level)


# --- work ---


@kernel
def add_work(b: Ints, o: Ints, x: Ints, rows: Ints, row: int) -> None:
    word, start, until, freed, who = (
        rows[row], rows[row + 1], rows[row + 2], rows[row + 3], rows[row + 4]
    )  # fmt: skip
    agent, team = (who & AGENT_MASK) - 1, (who >> TEAM_SHIFT & TEAM_MASK) - 1
    queue = who >> QUEUE_SHIFT
    if agent >= 0:
        if cut(b, start, freed):
            add(b, team_sums(b, team, HAND), 1)
        if b[WANTS_DEFERRED] and b[b[QUEUES] + Q_WORDS * queue + Q_DEFERRED]:
            to = b[DEFERRED_ROWS_AT] + DEFERRED_WORDS * b[DEFERRED_ROWS]
            b[DEFERRED_ROWS] += 1
            x[to], x[to + 1], x[to + 2] = agent, start, freed
            x[to + 3] = word >> UNITS_SHIFT & UNITS_MASK
    leg = word >> LEG_SHIFT & LEG_MASK
    place = work_of(b, o, place_of(b, o, word & CONTACT_MASK), leg)
    if agent >= 0:
        o[place + W_TIME] += freed - start
    if word >> PART_SHIFT & 1:
        return
    if o[place + W_OWN]:
        wait_in_line(b, x, queue, o[place + W_FREED], start)
    o[place + W_OWN] = 1
    o[place + W_TALK] += until - start
    o[place + W_WRAP] += freed - until
    o[place + W_FREED] = freed


@kernel
def work_of(b: Ints, o: Ints, place: int, leg: int) -> int:
    """Where the work of a leg is added up: with its contact, or, while an earlier leg's has not
    been taken from there, at a place of its own."""
    last = unused = 0
    while place:
        if o[place + W_LEG] == leg:
            return place
        if o[place + W_LEG] < 0:
            unused = place
        last, place = place, o[place + S_MORE]
    if unused == 0:
        unused = new_place(b, o)
        o[last + S_MORE] = unused
    o[unused + W_LEG] = leg
    o[unused + W_TALK] = o[unused + W_WRAP] = o[unused + W_FREED] = 0
    o[unused + W_TIME] = o[unused + W_OWN] = 0
    return unused


@kernel
def take_work(b: Ints, o: Ints, place: int, leg: int) -> int:
    """The place that holds the work of a leg, which may be used again; 0: nobody worked on it."""
    before = 0
    found = place
    while found and o[found + W_LEG] != leg:
        before, found = found, o[found + S_MORE]
    if found:
        o[found + W_LEG] = -1
        if before:
            o[before + S_MORE] = o[found + S_MORE]
            free_place(b, o, found)
    return found


@kernel
def wait_in_line(b: Ints, x: Ints, queue: int, start: int, until: int) -> None:
    """A stretch of time in line."""
    if cut(b, start, until):
        add(b, queue_sums(b, queue, LINE), 1)
        group = b[b[QUEUES] + Q_WORDS * queue + Q_CLASS]
        bits = b[CLASS_BITS] + 1
        to = b[LINE_EVENTS_AT] + b[LINE_EVENTS]
        # who leaves an instant before another comes is sorted before
        x[to] = max(start, b[FROM]) << bits | 1 << bits - 1 | group
        x[to + 1] = until << bits | group
        b[LINE_EVENTS] += 2


# --- legs ---


@kernel
def add_own_leg(b: Ints, o: Ints, g: Ints, x: Ints, rows: Ints, row: int) -> None:
    """A leg of a contact."""
    word, entered, answered, ended = rows[row], rows[row + 1], rows[row + 2], rows[row + 3]
    who, onward = rows[row + 5], rows[row + 6]
    leg, exit_ = word >> LEG_SHIFT & LEG_MASK, word >> EXIT_SHIFT & EXIT_MASK
    label, state = word >> LABEL_SHIFT & LABEL_MASK, word >> STATE_SHIFT & 7
    queue, team = who >> QUEUE_SHIFT, (who >> TEAM_SHIFT & TEAM_MASK) - 1
    facts = b[QUEUES] + Q_WORDS * queue
    place = place_of(b, o, word & CONTACT_MASK)
    work = take_work(b, o, place, leg)
    gone = ended if ended >= 0 else b[UNTIL]

    wait_in_line(b, x, queue, entered, answered if answered >= 0 else gone)
    if state == IS_SET_ASIDE and answered >= 0:
        wait_in_line(b, x, queue, o[work + W_FREED], b[UNTIL])
    if cut(b, entered, gone):
        add(b, queue_sums(b, queue, INSIDE_TIME), 1)
    if state in (IS_WAITING, IS_SET_ASIDE):
        b[facts + Q_HELD] += 1
        b[facts + Q_OLDEST] = max(b[facts + Q_OLDEST], b[UNTIL] - entered)
    add_calls(b, queue, entered, answered, gone, exit_)
    if exit_ == X_SERVED and ended >= b[FROM] and not b[facts + Q_IN_VAIN]:
        add_item(b, o, work, queue, team, ended, label)

    time = o[work + W_TIME] if work else 0
    if b[facts + Q_LATER]:
        stay = new_place(b, o)
        begin_attempt(b, o, stay, queue, entered, 0)
        o[stay + A_BEGAN_IN] = queue
        add_leg(b, o, stay, queue, answered, ended, exit_, label, onward, 0)
        end_attempt(b, o, g, stay, False)
        free_place(b, o, stay)
    flow(b, o, g, place, queue, entered, exit_, label, onward)
    # a machine that passes on, or still speaks, is no part of an attempt
    if b[facts + Q_MACHINE] and (label == B_HANDED_OVER or exit_ == X_INSIDE):
        o[place + S_DROPPED] = 1
    else:
        continue_attempt(b, o, g, place, queue, entered)
        add_leg(b, o, place, queue, answered, ended, exit_, label, onward, time)
    if onward < 0:
        end_contact(b, o, g, place)


@kernel
def continue_attempt(b: Ints, o: Ints, g: Ints, place: int, queue: int, entered: int) -> None:
    """The contact's next leg belongs to its present attempt, or begins another one."""
    facts = 0
    if o[place + A_ON] and comes_again(o[place + L_LABEL]):
        label = o[place + L_LABEL]
        if label == B_REDIALLED:
            facts = REDIAL
        elif label in (B_UNRESOLVED, B_REOPENED):
            facts = REPEAT
        end_attempt(b, o, g, place, True)
    if not o[place + A_ON]:
        if o[place + S_DROPPED]:
            facts |= MET_MACHINE
        begin_attempt(b, o, place, b[b[QUEUES] + Q_WORDS * queue + Q_FIRST], entered, facts)
        o[place + A_BEGAN_IN] = queue
    o[place + S_DROPPED] = 0


@kernel
def end_contact(b: Ints, o: Ints, g: Ints, place: int) -> None:
    if o[place + A_ON]:
        stay_on_list(b, o, place)
    if o[place + A_ON]:
        end_attempt(b, o, g, place, True)
    if o[place + U_ON]:
        end_customer(b, o, g, place)
    if o[place + F_ON]:
        end_flow(b, o, g, place)
    forget(b, o, place)


@kernel
def stay_on_list(b: Ints, o: Ints, place: int) -> None:
    """Count a customer as held who waits for the next calling hours when no more rows come: calling
    hours end each day by a limit, after which the customer is in no queue."""
    last = o[place + L_QUEUE]
    outside = o[place + L_NEXT] >= 0 and o[place + L_EXIT] >= X_LIMIT
    if outside and b[last + Q_DIALLED]:
        b[last + Q_HELD] += 1
        b[last + Q_OLDEST] = max(b[last + Q_OLDEST], b[UNTIL] - o[place + A_ENTERED])


@kernel
def add_item(b: Ints, o: Ints, work: int, queue: int, team: int, ended: int, label: int) -> None:
    """An answered stay in a queue whose handling ended after the warm-up. `work`: its place."""
    interval, each = interval_of(b, ended), b[INTERVALS]
    in_queue = queue_sums(b, queue, 0) + interval
    in_team = team_sums(b, team, -FOR_TEAMS) + interval if team >= 0 else 0
    talk = o[work + W_TALK] if work else 0
    wrap_up = o[work + W_WRAP] if work else 0
    finished = work == 0 or o[work + W_FREED] < b[UNTIL]
    for cell in (in_queue, in_team):
        if cell:
            b[cell + each * ITEMS] += 1
            if finished:
                b[cell + each * FINISHED] += 1
                b[cell + each * TALK] += talk
                b[cell + each * WRAP] += wrap_up
            if label == B_ESCALATED:
                b[cell + each * ESCALATED_ITEMS] += 1
    if label == B_RESOLVED and team >= 0:
        b[b[RESOLVED_BY] + b[TEAM_COUNT] * queue + team] += 1


@kernel
def add_calls(b: Ints, queue: int, entered: int, answered: int, gone: int, exit_: int) -> None:
    """Calls that agents made, also in vain; minutes on the phone; what machines answered.

    A contact holds a phone line from entry to the end of handling, waiting included; not who met a
    busy tone or a closed door. A customer who is called holds it for the call.
    """
    facts = b[QUEUES] + Q_WORDS * queue
    if b[facts + Q_DIALLED] and answered >= b[FROM]:
        interval = interval_of(b, answered)
        b[queue_sums(b, b[facts + Q_FIRST], CALLS) + interval] += 1
        b[queue_sums(b, b[facts + Q_FIRST], TALKED) + interval] += not b[facts + Q_IN_VAIN]
    if b[facts + Q_MACHINE] and answered >= b[FROM]:
        b[facts + Q_MET] += 1
    if b[facts + Q_HOLDS_LINE] and exit_ not in (X_NO_LINE, X_NO_ROOM, X_CLOSED):
        since = entered
        if b[facts + Q_CALLED]:
            since = answered if answered >= 0 else gone
        b[PHONE_US] += max(gone - max(since, b[FROM]), 0)


@kernel
def add_help(b: Ints, rows: Ints, row: int) -> None:
    """A helper's part: a request for help that was answered or given up."""
    entered, answered, ended = rows[row + 1], rows[row + 2], rows[row + 3]
    who, exit_ = rows[row + 5], rows[row] >> EXIT_SHIFT & EXIT_MASK
    if entered < b[FROM] or (answered < 0 and exit_ == X_INSIDE):
        return
    facts = b[QUEUES] + Q_WORDS * (who >> QUEUE_SHIFT)
    team = (who >> TEAM_SHIFT & TEAM_MASK) - 1
    team = team if team >= 0 else b[facts + Q_ASKED]
    interval, each = interval_of(b, entered), b[INTERVALS]
    in_queue = queue_sums(b, b[facts + Q_FIRST], 0) + interval
    in_team = team_sums(b, team, -FOR_TEAMS) + interval
    for cell in (in_queue, in_team):
        b[cell + each * CONSULTS] += 1
        b[cell + each * HELPED_CONSULTS] += answered >= 0
        b[cell + each * CONSULT_WAIT] += (answered if answered >= 0 else ended) - entered


# --- duty ---


@kernel
def add_duty(b: Ints, x: Ints, rows: Ints, row: int) -> None:
    word, start, until = rows[row], rows[row + 1], rows[row + 2]
    number, presence = word & WHOSE_MASK, word >> PRESENCE_SHIFT & 7
    units = word >> DUTY_UNITS_SHIFT
    agent = b[AGENTS] + G_WORDS * number
    if b[agent + G_ON_CALL] and units == 0:
        return  # to stand by is no duty
    if presence == IS_ON and b[WANTS_DEFERRED]:
        if b[agent + G_SPAN_UNTIL] != start:
            spill_span(b, x, number)
            b[agent + G_SPAN_START] = start
        b[agent + G_SPAN_UNTIL] = until
    if presence == IS_OVERTIME or b[agent + G_ON_CALL]:
        to = b[LATE_ROWS_AT] + LATE_WORDS * b[LATE_ROWS]
        b[LATE_ROWS] += 1
        x[to], x[to + 1], x[to + 2] = number, start, until
    if (presence in (IS_ON, IS_OVERTIME)) and cut(b, start, until):
        to, each = team_sums(b, b[agent + G_TEAM], 0), b[INTERVALS]
        late = LATE_IDLE - IDLE if presence == IS_OVERTIME else 0
        if units:
            add(b, to + each * (BUSY + late), 1)
            add(b, to + each * (UNITS + late), units)
        else:
            add(b, to + each * (IDLE + late), 1)


@kernel
def spill_span(b: Ints, x: Ints, number: int) -> None:
    """An agent's span on duty is whole, as far as the rows tell."""
    agent = b[AGENTS] + G_WORDS * number
    if b[agent + G_SPAN_UNTIL] >= 0:
        to = b[DUTY_SPANS_AT] + SPAN_WORDS * b[DUTY_SPANS]
        b[DUTY_SPANS] += 1
        x[to], x[to + 1], x[to + 2] = number, b[agent + G_SPAN_START], b[agent + G_SPAN_UNTIL]
