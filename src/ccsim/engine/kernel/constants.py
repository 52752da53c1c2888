"""Constants of the kernel: null handles, codes, ranks of events, and values of enumerations.

The enumerations are those of the network and the records, as the plain integers that the kernel
compares and stores.
"""

from __future__ import annotations

from typing import Final

from ccsim.engine import order
from ccsim.engine.kernel.layout import Agent, Branch, Item, Owner, Queue, Step, Taker, Team
from ccsim.engine.kernel.structs import Place, as_instant, as_place, handle
from ccsim.network.draws import PER_LEG, PER_PART, Purpose
from ccsim.network.model import STAY, Exit, Label, LimitClock, OwnAgent, Take
from ccsim.records import Next, Presence, State

NO_ITEM: Final = handle(Item, 0)
NO_AGENT: Final = handle(Agent, 0)
NO_TEAM: Final = handle(Team, 0)
NO_QUEUE: Final = handle(Queue, 0)
NO_STEP: Final = handle(Step, 0)
NO_BRANCH: Final = handle(Branch, 0)
NO_OWNER: Final = handle(Owner, 0)
NO_TAKER: Final = handle(Taker, 0)
NO_TEAMS: Final[Place[Team]] = as_place(0)
NO_WHEEL: Final[Place[Owner]] = as_place(0)
NO_TRUNK: Final[Place[int]] = as_place(0)

NEVER: Final = as_instant((1 << 62) - 1)
NOT_YET: Final = as_instant(-1)
START: Final = as_instant(0)
UNOBSERVED: Final = -1
NO_STEP_OPEN: Final = -((1 << 62) - 1)  # a wait that no step's `after` is within

RANK_OF_SPAN: Final = (1 + order.SPAN_IS_OVER) << order.ID_BITS
RANK_OF_HANDLING: Final = (1 + int(order.Kind.HANDLING)) << order.ID_BITS
RANK_OF_DUTY_ENDS: Final = (1 + int(order.Kind.DUTY_ENDS)) << order.ID_BITS
RANK_OF_DUTY_BEGINS: Final = (1 + int(order.Kind.DUTY_BEGINS)) << order.ID_BITS
RANK_OF_ENTERS: Final = (1 + int(order.Kind.ENTERS)) << order.ID_BITS
RANK_OF_STEP_OPENS: Final = (1 + int(order.Kind.STEP_OPENS)) << order.ID_BITS
RANK_OF_LIMIT_PASSES: Final = (1 + int(order.Kind.LIMIT_PASSES)) << order.ID_BITS
RANK_OF_PATIENCE_ENDS: Final = (1 + int(order.Kind.PATIENCE_ENDS)) << order.ID_BITS
NUMBER_MASK: Final = (1 << order.NUMBER_BITS) - 1
ID_BITS, CONTACT_BITS = order.ID_BITS, order.CONTACT_BITS
LEG_BITS, NUMBER_BITS = order.LEG_BITS, order.NUMBER_BITS
WORK_BITS: Final = 16

# Values of the enumerations of the network and the records, as plain integers.
EFFORT, PATIENCE, WRAP_UP = int(Purpose.EFFORT), int(Purpose.PATIENCE), int(Purpose.WRAP_UP)
CONSULT, OWNER = int(Purpose.CONSULT), int(Purpose.OWNER)
BRANCH, DELAY = int(Purpose.BRANCH), int(Purpose.DELAY)
DRAWS_PER_LEG, DRAWS_PER_PART = PER_LEG, PER_PART
TAKE_HOME_FIRST: Final = int(Take.HOME_FIRST)
CLOCK_WAIT, CLOCK_OPEN_HOURS = int(LimitClock.WAIT), int(LimitClock.OPEN_HOURS)
OWN_LAST: Final = int(OwnAgent.LAST)
INSIDE, SERVED, ABANDONED = int(Exit.INSIDE), int(Exit.SERVED), int(Exit.ABANDONED)
NO_LINE, NO_ROOM, CLOSED = int(Exit.NO_LINE), int(Exit.NO_ROOM), int(Exit.CLOSED)
LIMIT: Final = int(Exit.LIMIT)
UNLABELLED, HELPED = int(Label.NONE), int(Label.HELPED)
STAYS: Final = STAY
LEAVES, BOUND = int(Next.LEAVES), int(Next.BOUND)
ENDED, WAITING, IN_SERVICE = int(State.ENDED), int(State.WAITING), int(State.IN_SERVICE)
CONSULTING, PREEMPTED = int(State.CONSULTING), int(State.PREEMPTED)
WRAPPING_UP, UNUSED_ITEM = max(State) + 1, max(State) + 2
ON, BREAK = int(Presence.ON), int(Presence.BREAK)
OVERTIME, OFF = int(Presence.OVERTIME), int(Presence.OFF)

# --- codes of the kernel itself ---

T_CONSTANT, T_SMOOTH, T_ATOMS = range(3)  # kinds of a table of quantiles
NOWHERE, IN_WHEEL, IS_FAR = -1, -2, -3  # places of an event outside the heap
# What `advance` returns: it is done, or something must be made longer first, or never fits.
DONE, NEEDS_SPACE, NEEDS_OWNERS, NEEDS_ROWS, OVERFLOW = range(5)
