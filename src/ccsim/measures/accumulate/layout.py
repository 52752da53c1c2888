"""What stands where in the arrays of the accumulator: all of whole numbers, int64.

- the *accumulator*: what the design fixes (window, intervals, queues, hours), and the sums by
  queue, team and interval;
- the *open* contacts: what must be known of those of whom more rows will come;
- the *groups*: attempts and customers alike in all that is asked of them, by queue and interval, as
  a hash table;
- the *spill*: what can only be added up later, taken away after every chunk.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ccsim.network.model import Exit, Label

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

# --- accumulator: fixed addresses ---
(
    FROM,  # measured is from <= t < until [us]
    UNTIL,
    INTERVALS,
    EDGES,  # address of the intervals' starts, and the horizon
    USUAL,  # length of most intervals [us]
    NOW_AT,  # the interval that was looked up last
    QUEUES,  # address of the queues' words
    TEAMS,
    AGENTS,
    QUEUE_CELLS,  # address of the sums by queue and interval
    TEAM_CELLS,
    BINS,  # address of the histograms
    BINS_EACH,  # words of one
    WANTS_DEFERRED,  # whether deferred work must be told from live work
    PHONE_US,  # time for which phone contacts held a line
    SPREAD_FIRST,  # a stretch of time cut by intervals: see `clock.cut`
    SPREAD_LAST,
    SPREAD_HEAD,
    SPREAD_TAIL,
    FREE_OPEN,  # chain of unused places among the open contacts
    NEXT_OPEN,  # first place never used
    BUCKETS,  # a power of two
    GROUPS_USED,
    GROUPS_ROOM,  # a power of two
    LINE_EVENTS,  # numbers of rows in the spill, and where it holds them
    LINE_EVENTS_AT,
    LATE_ROWS,
    LATE_ROWS_AT,
    DUTY_SPANS,
    DUTY_SPANS_AT,
    DEFERRED_ROWS,
    DEFERRED_ROWS_AT,
    CLASS_BITS,
    QUEUE_COUNT,
    TEAM_COUNT,
    RESOLVED_BY,  # address of the contacts that ended resolved, by queue and team
    FIXED,
) = range(37)

# --- a queue ---
(
    Q_FIRST,  # where its attempts are counted
    Q_LATER,
    Q_DEFERRED,
    Q_MACHINE,
    Q_IN_VAIN,
    Q_DIALLED,
    Q_BACKLOG,
    Q_HOLDS_LINE,  # its contacts hold a phone line
    Q_CALLED,  # ... but only from the call on
    Q_ASKED,  # the team that is asked where it is a helpers' queue
    Q_PROMISE,  # us, or NO_PROMISE
    Q_RESOLVE,
    Q_CALLBACK,
    Q_HOURS,  # address of the hours that promises count: 0 is all hours
    Q_CLASS,  # of queues that belong to the same scopes
    Q_HISTOGRAMS,  # number of its first histogram, or -1
    Q_MET,  # contacts that its machine answered
    Q_HELD,  # contacts in line at the horizon
    Q_OLDEST,  # us that one of them has waited; -1: nobody
    Q_LONGEST,  # longest wait of an attempt [us]; -1: none
) = range(20)
Q_WORDS = 20
WAITS, ANSWERS, RESPONSES, RESOLUTIONS = range(4)  # histograms of a queue
HISTOGRAMS = 4

# --- hours: their number, then starts, ends, and the time before each ---

# --- sums by queue: a row of all intervals for each; times are followed by the row of what lies in
# whole intervals (`clock.add`) ---
(
    LINE,
    LINE_WHOLE,
    INSIDE_TIME,
    INSIDE_WHOLE,
    ITEMS,
    FINISHED,
    TALK,
    WRAP,
    ESCALATED_ITEMS,
    CONSULTS,
    HELPED_CONSULTS,
    CONSULT_WAIT,
    CALLS,
    TALKED,
    CAME,  # customers, by the queue in which their first attempt is counted
) = range(15)
QUEUE_SUMS = 15

# --- sums by team: the first of them as above, less 4 ---
FOR_TEAMS = ITEMS  # items to consults stand in both, at the same distances
(
    HAND,
    HAND_WHOLE,
    IDLE,
    IDLE_WHOLE,
    BUSY,
    BUSY_WHOLE,
    UNITS,
    UNITS_WHOLE,
    LATE_IDLE,
    LATE_IDLE_WHOLE,
    LATE_BUSY,
    LATE_BUSY_WHOLE,
    LATE_UNITS,
    LATE_UNITS_WHOLE,
    DEFERRED_UNITS,  # units x us that deferred work took on duty
    DEFERRED_UNITS_WHOLE,
    BEYOND_PAY,  # overtime outside paid time
    BEYOND_PAY_WHOLE,
    SCHEDULED,
    SCHEDULED_WHOLE,
    PAID,
    PAID_WHOLE,
    SHRUNK,
    SHRUNK_WHOLE,
    PLANNED,  # planned overtime
    PLANNED_WHOLE,
    STANDBY,
    STANDBY_WHOLE,
) = range(8, 36)
TEAM_SUMS = 36


# --- an agent ---
G_TEAM, G_ON_CALL, G_SPAN_START, G_SPAN_UNTIL = range(4)
G_WORDS = 4

# --- an open contact ---
(
    S_CONTACT,
    S_CHAIN,  # next in its bucket, or in the chain of unused places
    S_DROPPED,  # the leg before was a machine's that passed on
    S_MORE,  # work of other legs: a place in the same table
    W_LEG,  # work of a leg that has not ended: -1 for none
    W_TALK,
    W_WRAP,
    W_FREED,
    W_TIME,  # agents' time, helpers included
    W_OWN,  # whether any of it is the contact's own, not a helper's
    A_ON,  # the present attempt
    A_QUEUE,
    A_BEGAN_IN,
    A_ENTERED,
    A_ANSWERED,
    A_RESPONDED,
    A_FACTS,
    A_REPLIES,
    A_CALLBACK,
    A_TIME,
    L_QUEUE,  # its last leg
    L_LABEL,
    L_EXIT,
    L_NEXT,
    L_ENDED,
    U_ON,  # the customer
    U_QUEUE,
    U_ENTERED,
    U_LEFT_OVER,
    U_REACHED,
    U_RESOLVED,
    U_FACTS,
    U_ENDED,
    U_GOES_ON,
    F_ON,  # its flow: the leg before
    F_COUNTED,
    F_QUEUE,
    F_FACTS,
) = range(38)
S_WORDS = 38

# --- a group: key + 1 (0 is none), number, sums ---
G_KEY, G_NUMBER, G_SUMS = range(3)
WAIT, RESPONSE, CALLBACK_WAIT, REPLIES, TIME = range(5)
RESOLUTION = 0
GROUP_WORDS = 8
COUNTED = GROUP_WORDS - G_NUMBER  # number and sums
# A key is cell << FACT_BITS | facts. An attempt has 20 facts so far: room for ten more, and 31 bits
# for cells (queues x intervals: 60 000 queues in a year of quarter hours).
FACT_BITS = 32
OF_CUSTOMERS, OF_FLOWS = 1 << 30, 1 << 31  # among the facts
OUTCOME_BITS = 4
# facts of an attempt, after its outcome
(
    ENDED,
    RESOLVED,
    RESOLVED_BY_FIRST,
    ESCALATED,
    PROMOTED,
    REDIAL,
    REPEAT,
    REOPENED,
    RESPONDED,
    CONTAINED,
    MET_MACHINE,
    LEFT_MESSAGE,
    CALLED_BACK,
    CALLBACK_KEPT,
    KEPT,
    WAITED,
) = (1 << bit for bit in range(OUTCOME_BITS, OUTCOME_BITS + 16))
# facts of a customer
(
    REACHED,
    REACHED_IN_TIME,
    GAVE_UP,
    GONE,
    CONTAINED_FIRST,
    FIRST_CONTACT_ENDED,
    FIRST_CONTACT_RESOLVED,
    FIRST_AGENT_RESOLVED,
    PROBLEM_RESOLVED,
    RESOLVED_IN_TIME,
    TRIED_IN_VAIN,
    SETTLED,
) = (1 << bit for bit in range(12))
# facts of a passage; its cell is (from, to), with one number more than queues for outside
F_LABEL_SHIFT, F_EXIT_SHIFT = 0, 5  # of the leg before; of exits the limits are one
F_NEXT, F_CAME, F_GOES_ON = 1 << 8, 1 << 9, 1 << 10
F_LABEL_MASK, F_EXIT_MASK = 31, 7
(
    OUTCOME_WAITING,
    ANSWERED,
    ABANDONED,
    BLOCKED,
    CLOSED,
    CUT_OFF,
    MOVED,
    CONTAINED_OUTCOME,
    UNREACHED,
) = range(9)

NO_PROMISE = -1
LATE_WORDS, SPAN_WORDS, DEFERRED_WORDS = 3, 3, 4
MOST_SPANS = 1 << 47  # us: the longest horizon

X_INSIDE, X_SERVED, X_ABANDONED = int(Exit.INSIDE), int(Exit.SERVED), int(Exit.ABANDONED)
X_NO_LINE, X_NO_ROOM, X_CLOSED = int(Exit.NO_LINE), int(Exit.NO_ROOM), int(Exit.CLOSED)
X_LIMIT = int(Exit.LIMIT)
B_RESOLVED, B_UNRESOLVED = int(Label.RESOLVED), int(Label.UNRESOLVED)
B_ESCALATED, B_REDIALLED = int(Label.ESCALATED), int(Label.REDIALLED)
B_GAVE_UP, B_PROMOTED, B_CALLBACK = int(Label.GAVE_UP), int(Label.PROMOTED), int(Label.CALLBACK)
B_CONTAINED, B_HANDED_OVER = int(Label.CONTAINED), int(Label.HANDED_OVER)
B_MESSAGE, B_REPLIED = int(Label.MESSAGE), int(Label.REPLIED)
B_WAITS, B_REOPENED = int(Label.WAITS), int(Label.REOPENED)
