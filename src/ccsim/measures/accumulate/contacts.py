"""Legs -> attempts -> customers, as the legs come in.

An attempt begins with a contact's first leg and after each leg whose label says that the customer
came again (redialled, unresolved, reopened); transfers, moves to another line, later turns and
resumed work continue it. A message that is left makes an attempt of its own. Where a machine
answers first, an attempt begins when people get it, and its answer is that of a person; calls to a
customer in vain are no answers. What was there when the calendar started is work, but no attempt.
"""

from __future__ import annotations

from ccsim.engine.kernel.compiler import kernel
from ccsim.measures.accumulate.clock import bin_of, count_duration, interval_of, on_clock
from ccsim.measures.accumulate.layout import *

# --- places of open contacts: place 0 is nobody; the buckets come first ---


@kernel
def place_of(b: Ints, o: Ints, contact: int) -> int:
    """The place of an open contact, found or made."""
    bucket = contact & (b[BUCKETS] - 1)
    place = o[bucket]
    while place and o[place + S_CONTACT] != contact:
        place = o[place + S_CHAIN]
    if place == 0:
        place = new_place(b, o)
        o[place + S_CONTACT] = contact
        o[place + S_CHAIN] = o[bucket]
        o[bucket] = place
    return place


@kernel
def new_place(b: Ints, o: Ints) -> int:
    place = b[FREE_OPEN]
    if place:
        b[FREE_OPEN] = o[place + S_CHAIN]
    else:
        place = b[NEXT_OPEN]
        b[NEXT_OPEN] = place + S_WORDS
    o[place + S_DROPPED] = o[place + S_MORE] = 0
    o[place + A_ON] = o[place + U_ON] = o[place + F_ON] = 0
    o[place + W_LEG] = -1
    return place


@kernel
def free_place(b: Ints, o: Ints, place: int) -> None:
    o[place + S_CHAIN] = b[FREE_OPEN]
    b[FREE_OPEN] = place


@kernel
def forget(b: Ints, o: Ints, place: int) -> None:
    """Nothing more comes of a contact."""
    bucket = o[place + S_CONTACT] & (b[BUCKETS] - 1)
    before = o[bucket]
    if before == place:
        o[bucket] = o[place + S_CHAIN]
    else:
        while o[before + S_CHAIN] != place:
            before = o[before + S_CHAIN]
        o[before + S_CHAIN] = o[place + S_CHAIN]
    free_place(b, o, place)


@kernel
def group_of(b: Ints, g: Ints, cell: int, facts: int) -> int:
    """The group of those alike, found or made."""
    key = (cell << FACT_BITS | facts) + 1
    last = b[GROUPS_ROOM] - 1
    # These bits of a product with an odd number are mixed of all facts and of the cell.
    at = key * 0x1E3779B97F4A7C15 >> 36 & last
    while g[GROUP_WORDS * at + G_KEY] != key:
        if g[GROUP_WORDS * at + G_KEY] == 0:
            g[GROUP_WORDS * at + G_KEY] = key
            b[GROUPS_USED] += 1
            break
        at = at + 1 & last
    return GROUP_WORDS * at


@kernel
def cell_of(b: Ints, queue: int, entered: int) -> int:
    """The number of a queue's interval among all queues'."""
    return queue * b[INTERVALS] + interval_of(b, entered)


# --- attempts ---


@kernel
def comes_again(label: int) -> bool:
    """Whether the customer is a new attempt when there is one more leg."""
    return label in (B_REDIALLED, B_UNRESOLVED, B_MESSAGE, B_REOPENED)


@kernel
def begin_attempt(b: Ints, o: Ints, place: int, queue: int, entered: int, facts: int) -> None:
    """`queue`: the number of the one in which it is counted."""
    o[place + A_ON] = 1
    o[place + A_QUEUE] = queue
    o[place + A_ENTERED] = entered
    o[place + A_ANSWERED] = o[place + A_RESPONDED] = o[place + A_CALLBACK] = -1
    o[place + A_FACTS] = facts
    o[place + A_REPLIES] = o[place + A_TIME] = 0


@kernel
def add_leg(
    b: Ints, o: Ints, place: int, queue: int, answered: int, ended: int, exit_: int, label: int,
    onward: int, time: int,
) -> None:  # fmt: skip
    """One more leg of the present attempt. `queue`: its number."""
    words = b[QUEUES] + Q_WORDS * queue
    by_person = not b[words + Q_MACHINE] and not b[words + Q_IN_VAIN]
    if answered >= 0 and o[place + A_ANSWERED] < 0 and by_person:
        o[place + A_ANSWERED] = answered
        o[place + A_RESPONDED] = ended if b[words + Q_DEFERRED] else answered
    if label == B_ESCALATED:
        o[place + A_FACTS] |= ESCALATED
    elif label == B_PROMOTED:
        o[place + A_FACTS] |= PROMOTED
    elif label == B_CALLBACK and o[place + A_CALLBACK] < 0:
        o[place + A_CALLBACK] = ended
    if exit_ == X_SERVED:
        o[place + A_REPLIES] += 1
    o[place + A_TIME] += time
    o[place + L_QUEUE] = words
    o[place + L_LABEL] = label
    o[place + L_EXIT] = exit_
    o[place + L_NEXT] = onward
    o[place + L_ENDED] = ended


@kernel
def outcome_of(b: Ints, o: Ints, place: int, to_be_called: bool) -> int:
    """What became of an attempt's wait."""
    exit_, label, last = o[place + L_EXIT], o[place + L_LABEL], o[place + L_QUEUE]
    if o[place + A_ANSWERED] >= 0:
        return ANSWERED
    if exit_ == X_SERVED and b[last + Q_MACHINE]:
        return CONTAINED_OUTCOME
    if to_be_called:  # has yet to come: a try in vain before another, a list that waits
        return OUTCOME_WAITING
    if exit_ == X_SERVED and b[last + Q_IN_VAIN]:
        return UNREACHED
    if exit_ == X_ABANDONED:
        return ABANDONED
    if exit_ in (X_NO_LINE, X_NO_ROOM):
        return BLOCKED
    if exit_ == X_CLOSED:
        return CLOSED
    if exit_ >= X_LIMIT:
        if label in (B_REDIALLED, B_GAVE_UP):  # hangs up at a queue message
            return ABANDONED
        return MOVED if o[place + L_NEXT] >= 0 else CUT_OFF
    return OUTCOME_WAITING


@kernel
def end_attempt(b: Ints, o: Ints, g: Ints, place: int, of_customer: bool) -> None:
    """The attempt has no more legs: count it, and tell the customer. A stay in a later line is
    counted the same way, and belongs to no customer."""
    o[place + A_ON] = 0
    label, exit_, last = o[place + L_LABEL], o[place + L_EXIT], o[place + L_QUEUE]
    onward = o[place + L_NEXT]
    answered = o[place + A_ANSWERED]
    to_be_called = (
        onward >= 0 and b[last + Q_DIALLED] != 0 and not comes_again(label) and label != B_ESCALATED
    )
    ended = exit_ != X_INSIDE and not to_be_called and label != B_REPLIED and label != B_WAITS
    outcome = outcome_of(b, o, place, to_be_called)
    facts = o[place + A_FACTS] | outcome
    if ended:
        facts |= ENDED
        if answered >= 0 and label == B_RESOLVED:
            facts |= RESOLVED
            if not facts & ESCALATED:
                facts |= RESOLVED_BY_FIRST
    if exit_ == X_SERVED and b[last + Q_MACHINE]:
        facts |= CONTAINED | MET_MACHINE
        if label == B_CONTAINED:
            facts |= RESOLVED
    if label == B_REOPENED:
        facts |= REOPENED
    elif label == B_MESSAGE:
        facts |= LEFT_MESSAGE
    queue = o[place + A_QUEUE]
    began = b[QUEUES] + Q_WORDS * o[place + A_BEGAN_IN]
    left_over = b[began + Q_BACKLOG] != 0 and queue != o[place + A_BEGAN_IN]
    if o[place + A_ENTERED] >= b[FROM] and not left_over:
        count_attempt(b, o, g, place, facts, of_customer)
    if of_customer:
        tell_customer(o, place, facts, left_over)


@kernel
def count_attempt(b: Ints, o: Ints, g: Ints, place: int, facts: int, of_customer: bool) -> None:
    number, entered, answered = o[place + A_QUEUE], o[place + A_ENTERED], o[place + A_ANSWERED]
    queue = b[QUEUES] + Q_WORDS * number
    until = b[UNTIL]
    if answered >= 0:
        until = answered
    elif facts & ENDED:
        until = o[place + L_ENDED]
    wait, outcome = until - entered, facts & (1 << OUTCOME_BITS) - 1
    bin_ = bin_of(wait)  # of most contacts it is that of all three durations
    if wait > 0:
        facts |= WAITED
    promise = b[queue + Q_PROMISE]
    if promise != NO_PROMISE and on_clock(b, queue, entered, until) <= promise:
        facts |= KEPT
    response = o[place + A_RESPONDED] - entered
    if o[place + A_RESPONDED] >= 0:
        facts |= RESPONDED
        if of_customer:
            count_duration(b, queue, RESPONSES, bin_ if response == wait else bin_of(response))
    accepted, called = o[place + A_CALLBACK], 0
    if accepted >= 0:
        facts |= CALLED_BACK
        called = answered if answered >= 0 else b[UNTIL]
        if on_clock(b, queue, accepted, called) <= b[queue + Q_CALLBACK]:
            facts |= CALLBACK_KEPT
    group = group_of(b, g, cell_of(b, number, entered), facts)
    g[group + G_NUMBER] += 1
    g[group + G_SUMS + WAIT] += wait
    if facts & RESPONDED:
        g[group + G_SUMS + RESPONSE] += response
    if accepted >= 0 and answered >= 0:
        g[group + G_SUMS + CALLBACK_WAIT] += answered - accepted
    g[group + G_SUMS + REPLIES] += o[place + A_REPLIES]
    g[group + G_SUMS + TIME] += o[place + A_TIME]
    if outcome in (ANSWERED, ABANDONED, CUT_OFF):
        count_duration(b, queue, WAITS, bin_)
    if of_customer and outcome == ANSWERED:
        time = on_clock(b, queue, entered, answered)
        count_duration(b, queue, ANSWERS, bin_ if time == wait else bin_of(time))
    if outcome not in (BLOCKED, CLOSED, MOVED, CONTAINED_OUTCOME):
        b[queue + Q_LONGEST] = max(b[queue + Q_LONGEST], wait)


# --- customers ---


@kernel
def tell_customer(o: Ints, place: int, facts: int, left_over: bool) -> None:
    """What an attempt means to the customer, with whom the next one may come."""
    if not o[place + U_ON]:
        o[place + U_ON] = 1
        o[place + U_QUEUE] = o[place + A_QUEUE]
        o[place + U_ENTERED] = o[place + A_ENTERED]
        o[place + U_LEFT_OVER] = left_over
        o[place + U_REACHED] = o[place + U_RESOLVED] = -1
        o[place + U_FACTS] = CONTAINED_FIRST if facts & CONTAINED else 0
    outcome, about = facts & (1 << OUTCOME_BITS) - 1, o[place + U_FACTS]
    if outcome == ANSWERED and o[place + U_REACHED] < 0:
        o[place + U_REACHED] = o[place + A_ANSWERED]
        about |= REACHED
        if facts & ENDED:
            about |= FIRST_CONTACT_ENDED
            if facts & RESOLVED:
                about |= FIRST_CONTACT_RESOLVED
            if facts & RESOLVED_BY_FIRST:
                about |= FIRST_AGENT_RESOLVED
    if outcome in (ABANDONED, BLOCKED, CUT_OFF, UNREACHED):
        about |= TRIED_IN_VAIN
    if facts & CONTAINED:  # a machine that answered and settled something is an answer
        about |= SETTLED
    if facts & RESOLVED and o[place + U_RESOLVED] < 0:
        o[place + U_RESOLVED] = o[place + L_ENDED]
        about |= PROBLEM_RESOLVED
    o[place + U_FACTS] = about
    o[place + U_ENDED] = facts & ENDED
    o[place + U_GOES_ON] = o[place + L_NEXT] >= 0


@kernel
def end_customer(b: Ints, o: Ints, g: Ints, place: int) -> None:
    """Nothing more comes of the customer: count it where its first attempt is measured."""
    if o[place + U_LEFT_OVER] or o[place + U_ENTERED] < b[FROM]:
        return
    number, entered, facts = o[place + U_QUEUE], o[place + U_ENTERED], o[place + U_FACTS]
    queue = b[QUEUES] + Q_WORDS * number
    if o[place + U_ENDED] and not o[place + U_GOES_ON]:
        facts |= GONE
        if facts & TRIED_IN_VAIN and not facts & (REACHED | SETTLED):
            facts |= GAVE_UP
    promise, within = b[queue + Q_PROMISE], b[queue + Q_RESOLVE]
    reached_at = o[place + U_REACHED] if facts & REACHED else b[UNTIL]
    if promise != NO_PROMISE and on_clock(b, queue, entered, reached_at) <= promise:
        facts |= REACHED_IN_TIME
    resolved_at = o[place + U_RESOLVED] if facts & PROBLEM_RESOLVED else b[UNTIL]
    if within != NO_PROMISE and on_clock(b, queue, entered, resolved_at) <= within:
        facts |= RESOLVED_IN_TIME
    facts &= ~(TRIED_IN_VAIN | SETTLED)
    group = group_of(b, g, cell_of(b, number, entered), facts | OF_CUSTOMERS)
    g[group + G_NUMBER] += 1
    if facts & PROBLEM_RESOLVED:
        g[group + G_SUMS + RESOLUTION] += resolved_at - entered
        count_duration(b, queue, RESOLUTIONS, bin_of(resolved_at - entered))


# --- flow: what follows what; see `ccsim.measures.flows` ---


@kernel
def count_passage(b: Ints, g: Ints, start: int, to: int, facts: int) -> None:
    cell = start * (b[QUEUE_COUNT] + 1) + to
    g[group_of(b, g, cell, facts | OF_FLOWS) + G_NUMBER] += 1


@kernel
def flow(
    b: Ints, o: Ints, g: Ints, place: int, queue: int, entered: int, exit_: int, label: int,
    onward: int,
) -> None:  # fmt: skip
    """One more leg of a contact: it goes on from the one before, or comes anew."""
    outside = b[QUEUE_COUNT]
    before = 0
    comes = True
    if o[place + F_ON]:
        before = o[place + F_FACTS] & F_LABEL_MASK
        comes = before in (B_REDIALLED, B_UNRESOLVED, B_REOPENED)
        if not comes and o[place + F_COUNTED]:
            count_passage(b, g, o[place + F_QUEUE], queue, F_GOES_ON)
        elif comes:
            end_flow(b, o, g, place)
    if comes:
        o[place + F_COUNTED] = entered >= b[FROM]
        if o[place + F_COUNTED]:
            count_passage(b, g, outside, queue, F_CAME | before)
    o[place + F_ON] = 1
    o[place + F_QUEUE] = queue
    o[place + F_FACTS] = label | min(exit_, X_LIMIT) << F_EXIT_SHIFT
    if onward >= 0:
        o[place + F_FACTS] |= F_NEXT


@kernel
def end_flow(b: Ints, o: Ints, g: Ints, place: int) -> None:
    """The leg before was a contact's last before it goes or comes anew."""
    if o[place + F_COUNTED]:
        count_passage(b, g, o[place + F_QUEUE], b[QUEUE_COUNT], o[place + F_FACTS])
