"""What stands where: the whole state of a run is one int64 array, the *arena*.

A thing (an item, an agent, a queue...) is the address of its first word; a field is an offset; 0
is nobody. So state and network pass as one argument, things can be made without moving others,
and the arena grows by being copied to a longer one. A word that holds a float is read through a
float64 view of the same array. Lists are intrusive: a list is the address of the word that holds
its last member, and members hold the links (`previous`, `next` side by side).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ccsim.engine import order
from ccsim.network.draws import PER_LEG, PER_PART, Purpose
from ccsim.network.model import LimitClock, OwnAgent, Take
from ccsim.records import (
    DUTY_UNITS_SHIFT as DUTY_UNITS_SHIFT,
)
from ccsim.records import (
    DUTY_WORDS as DUTY_WORDS,
)
from ccsim.records import (
    EXIT_SHIFT as EXIT_SHIFT,
)
from ccsim.records import (
    LABEL_SHIFT as LABEL_SHIFT,
)
from ccsim.records import (
    LEG_SHIFT as LEG_SHIFT,
)
from ccsim.records import (
    LEG_WORDS as LEG_WORDS,
)
from ccsim.records import (
    PART_SHIFT as PART_SHIFT,
)
from ccsim.records import (
    PRESENCE_SHIFT as PRESENCE_SHIFT,
)
from ccsim.records import (
    QUEUE_SHIFT as QUEUE_SHIFT,
)
from ccsim.records import (
    STATE_SHIFT as STATE_SHIFT,
)
from ccsim.records import (
    TEAM_SHIFT as TEAM_SHIFT,
)
from ccsim.records import (
    UNITS_SHIFT as UNITS_SHIFT,
)
from ccsim.records import (
    WORK_WORDS as WORK_WORDS,
)

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

# --- the run itself: fixed addresses, behind a margin that catches what is written to nobody ---
MARGIN = 64
(
    NOW,
    HORIZON,
    MAX_LEGS,
    HEAP,  # address of the entries of what is near: (time, rank, owner, spare) each
    HEAP_LENGTH,
    WHEEL,  # address of its slots: who is due in each
    SLOTS,  # their number, a power of two
    SLOT_BITS,  # each is 2^bits us wide
    SLOT,  # the present one, counted from instant 0
    WHEEL_COUNT,  # owners in the wheel
    FAR,  # those due after one turn of the wheel
    FAR_COUNT,
    FAR_LOOK,  # slot at which these are looked through
    TURNED,  # slots, and owners far away, looked at ...
    MOVED,  # ... and events brought near, since the width was fitted
    NEXT_WHEEL,  # a longer wheel, to be used from now on; 0: none
    NEXT_ARRIVAL,  # number of the contact that arrives next
    ARRIVALS,  # up to which number contacts are at hand
    FIRST_AT_HAND,
    UNUSED,  # from here on the arena is empty ...
    LENGTH,  # ... up to here
    FREE_ITEM,  # chain of items that may be used again, by I_CHAIN
    FREE_CONTACT,
    LAST_ITEM,  # chain of all items ever made, by I_MADE ...
    LAST_CLOSED,  # ... at the horizon, of those whose work has been written
    CONTACT_WORDS,
    MADE,  # owners of events: items and contacts ever made, and agents
    OWNERS_CAPACITY,  # for how many the heap and the scratch have room
    FREED,  # the offers that the present event leads to: agent whose units were freed
    MOVING,  # agent with an item that moves again after a consult, or was handed over to it
    GOES_ON,  # agent who has done its part of a warm transfer and goes on with the contact
    GROWN,  # ring of queues: a `when_waiting` newly met by an item set aside
    GROWN_FROM,
    GROWN_TO,
    SPARE,  # ring of agents left with spare units by an interruption
    SPARE_FROM,
    SPARE_TO,
    RING,  # places in each ring, a power of two
    PENDING,  # scratch: items to be offered by place
    PENDING_LENGTH,
    SHORT,  # who joins a line of fewer stands on its lowest level only
    WATCH,  # stamp of the queues whose first contacts are offered by place
    ENDS,  # branch of a served exit without rows
    GIVES_UP,  # branch of other exits without rows, and of rows used up
    LEG_ROWS,  # address of the rows written, their number, and how many there may be
    LEG_LENGTH,
    WORK_ROWS,
    WORK_LENGTH,
    DUTY_ROWS,
    DUTY_LENGTH,
    ROWS_CAPACITY,
    ROWS_KEPT_FREE,  # rows that one event may need
    FIRST_QUEUE,
    NEXT_AGENT,  # to be closed at the horizon
    LAST_AGENT,
    BROKEN,  # a bound was passed within one event: rows or rings were too short
    STATIC,  # first address after what is fixed
) = range(MARGIN, MARGIN + 57)

# What `advance` returns.
DONE, NEEDS_SPACE, NEEDS_OWNERS, NEEDS_ROWS, OVERFLOW = range(5)

# --- whatever may have a pending event (an item, a contact, an agent) begins with it ---
(
    POS,  # its place in the heap, or ...
    DUE_AT,
    DUE_RANK,
    DUE_WORD,  # address of the word that leads to it in a list of the wheel
    DUE_BEHIND,
) = range(5)
NOWHERE, IN_WHEEL, IS_FAR = -1, -2, -3  # ... one of these

# --- an item: a contact in one queue, or a helper's part of it ---
LEVELS = 8  # of the skip list that a line is
(
    I_CONTACT,
    I_QUEUE,
    I_NUMBER,
    I_LEG,
    I_PART,
    I_STATE,
    I_ENTERED,
    I_SINCE,
    I_ANSWERED,
    I_WAITING_SINCE,
    I_WAITED,
    I_HELD_FOR,
    I_AGENT,
    I_CREW,
    I_UNITS,
    I_SERVICE,
    I_BRANCH,
    I_TOTAL,
    I_REMAINING,
    I_CONSULT_LEFT,
    I_RATE,
    I_CHARGED,
    I_STARTED,
    I_WORK_FROM,
    I_CONSULTED,
    I_ASKER,
    I_OPEN_AFTER,  # open: all steps up to this `after`, and of those with it ...
    I_OPEN_STEP,  # ... up to this number
    I_PATIENCE_AT,
    I_PREVIOUS,  # in progress at its agent, set aside for it, or held for it
    I_NEXT,
    I_YIELD_PREVIOUS,  # among the yielding items of its crew
    I_YIELD_NEXT,
    I_PENDING,
    I_CHAIN,
    I_MADE,
    I_HEIGHT,
    I_LINE,  # LEVELS words: the next in line
) = range(5, 43)
I_TAIL = I_LINE + LEVELS  # of the head of a line only: its last on each level
ITEM_WORDS = I_LINE + LEVELS
ENDED, WAITING, IN_SERVICE, CONSULTING, SET_ASIDE, WRAPPING_UP, UNUSED_ITEM = range(7)

# --- a contact: what outlives a leg ---
(
    C_NUMBER,
    C_KEY,
    C_QUEUE,
    C_LEG,
    C_FIRST,
    C_TRUNK,
    C_LAST_AGENT,
    C_WORK,
    C_PATIENCE,
    C_HEAD_START,
    C_CHAIN,
    C_USES,  # a word for each row with `at_most`
) = range(5, 17)

# --- an agent ---
(
    A_NUMBER,
    A_CREW,
    A_FREE,
    A_CHANGED,
    A_ON,
    A_UNTIL,
    A_PACE,
    A_THEN_BREAK,
    A_LATE_BREAK,
    A_SPAN,  # address of the next span
    A_SPANS_END,
    A_PROGRESS,  # list of items
    A_COUNT,  # of items making progress
    A_ASIDE,
    A_HELD,  # list of contacts held for it, the best first; here its last ...
    A_HELD_BEST,  # ... and here its first
    A_BEFORE,  # neighbours on the shelf
    A_BEHIND,
    A_ROW_START,
    A_ROW_PRESENCE,
    A_ROW_UNITS,
    A_LAST_START,  # the row before, which may yet be merged with the present one
    A_LAST_UNTIL,
    A_LAST_PRESENCE,  # 0: there is none
    A_LAST_UNITS,
) = range(5, 30)
AGENT_WORDS = 30
SPAN_START, SPAN_UNTIL, SPAN_PACE, SPAN_THEN_BREAK = range(4)
SPAN_WORDS = 4

# --- a crew: the agents of a team ---
(
    W_INDEX,
    W_UNITS,
    W_UNLIMITED,
    W_TAKE,
    W_KEEP_BREAK_LENGTH,
    W_ON_DUTY,
    W_FREE,  # free units of all agents on duty
    W_SHELVES,  # by free units 0..units: agents on duty, the best first
    W_RATES,  # by items making progress 0..units
    W_STEADY,  # the rate is the same however many they are
    W_YIELDING,  # list of items
    W_LINES,
    W_LINES_COUNT,
    W_RANKS,  # by queue: first step with the team
    W_AGENTS,
    W_AGENTS_COUNT,
) = range(16)
CREW_WORDS = 16
SHELF_FIRST, SHELF_LAST, SHELF_COUNT = range(3)
SHELF_WORDS = 3

# --- a queue and its line ---
(
    Q_INDEX,
    Q_COUNT,  # all who wait: in line, held, set aside
    Q_UNANSWERED,
    Q_HEADS,  # address of the heads of its two lines: contacts, helpers' parts
    Q_PRIORITY,
    Q_SIMPLE,  # every step is open to everybody, whoever is idle
    Q_PLAIN,  # every step is open to everybody, `keep_idle` apart
    Q_TIMED,  # some step opens after a wait
    Q_THRESHOLDS,  # some step asks for a length of the line
    Q_STEPS,
    Q_STEPS_COUNT,
    Q_SERVICES,  # by team
    Q_WEIGHT,
    Q_HEAD_START,
    Q_SINCE_FIRST,
    Q_INTERRUPTIBLE,
    Q_DEFERRED,
    Q_EFFORT,
    Q_EFFORT_BY_CONTACT,
    Q_PATIENCE,
    Q_PATIENCE_BY_CONTACT,
    Q_WRAP_UP,
    Q_LIMITS,
    Q_LIMITS_COUNT,
    Q_TRUNK,  # address of the number of free lines
    Q_ROOM,
    Q_HOURS,
    Q_OWN,  # OwnAgent, -1: no affinity
    Q_HOLD,
    Q_OWNERS,  # crew
    Q_DIALS,  # the same of who is called, from the answer on
    Q_WATCHED,  # stamp: its first contacts are being offered by place
    Q_ROWS,  # by exit code, `LIMIT` apart: address and number of branch rows
) = range(33)
QUEUE_WORDS = Q_ROWS + 12
ST_NUMBER, ST_AFTER, ST_WHEN_WAITING, ST_KEEP_IDLE, ST_CREWS, ST_CREWS_COUNT = range(6)
STEP_WORDS = 6
S_EXISTS, S_MEAN, S_UNITS, S_WRAP_UP, S_ROWS, S_ROWS_COUNT, S_ASKS, S_ASK_SHARE, S_ASK_AT = range(9)
SERVICE_WORDS = 10
S_ASK_QUEUE = 9  # 0: no consult
(
    B_CUMULATED,
    B_TARGET,
    B_LABEL,
    B_DELAY,
    B_HOURS,
    B_SHARE,
    B_AT_MOST,
    B_USE,  # which of the contact's counters
    B_HANDOVER,  # queue in which somebody is sought to go on with it; 0: no warm transfer
) = range(9)
BRANCH_WORDS = 9
L_CLOCK, L_AFTER, L_HOURS, L_ROWS, L_ROWS_COUNT = range(5)
LIMIT_WORDS = 5
H_COUNT, H_SPANS = range(2)  # of opening hours; spans are (from, until)

# --- a quantile table ---
T_KIND, T_VALUE, T_LOW_MASS, T_LOW, T_HIGH_MASS, T_HIGH, T_GRID = range(7)
T_CONSTANT, T_SMOOTH, T_ATOMS = range(3)
GRID_WORDS = 2 * 1024  # of one level: (quantile, rise to the next) each
TABLE_WORDS = T_GRID + 3 * GRID_WORDS

# --- numbers of the law ---
NEVER = (1 << 62) - 1
RANK_OF_SPAN = (1 + order.SPAN_IS_OVER) << order.ID_BITS
RANK_OF_HANDLING = (1 + int(order.Kind.HANDLING)) << order.ID_BITS
RANK_OF_DUTY_ENDS = (1 + int(order.Kind.DUTY_ENDS)) << order.ID_BITS
RANK_OF_DUTY_BEGINS = (1 + int(order.Kind.DUTY_BEGINS)) << order.ID_BITS
RANK_OF_ENTERS = (1 + int(order.Kind.ENTERS)) << order.ID_BITS
RANK_OF_STEP_OPENS = (1 + int(order.Kind.STEP_OPENS)) << order.ID_BITS
RANK_OF_LIMIT_PASSES = (1 + int(order.Kind.LIMIT_PASSES)) << order.ID_BITS
RANK_OF_PATIENCE_ENDS = (1 + int(order.Kind.PATIENCE_ENDS)) << order.ID_BITS
NUMBER_MASK = (1 << order.NUMBER_BITS) - 1
ID_BITS, CONTACT_BITS = order.ID_BITS, order.CONTACT_BITS
LEG_BITS, NUMBER_BITS = order.LEG_BITS, order.NUMBER_BITS
WORK_BITS = 16

EFFORT, PATIENCE, WRAP_UP = int(Purpose.EFFORT), int(Purpose.PATIENCE), int(Purpose.WRAP_UP)
CONSULT, OWNER = int(Purpose.CONSULT), int(Purpose.OWNER)
BRANCH, DELAY = int(Purpose.BRANCH), int(Purpose.DELAY)
DRAWS_PER_LEG, DRAWS_PER_PART = PER_LEG, PER_PART
TAKE_PRIORITY, TAKE_WEIGHTED = int(Take.PRIORITY), int(Take.WEIGHTED)
CLOCK_WAIT, CLOCK_OPEN_HOURS = int(LimitClock.WAIT), int(LimitClock.OPEN_HOURS)
OWN_LAST = int(OwnAgent.LAST)
