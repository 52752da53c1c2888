"""The network of queues that every engine runs (docs/background/model.md, section 3).

A scenario is compiled to this and to nothing else. All times are integer microseconds, all
references are indices into the tuples of `Network`. Everything is immutable, so that replications
and engines may share one network. What queues and teams mean to people stands in their `facts`,
which the engines do not read.
"""

from __future__ import annotations

import enum
from bisect import bisect_right
from dataclasses import dataclass, field

from ccsim.network.facts import QueueFacts, QueueKind, Target, TeamFacts
from ccsim.network.quantiles import QuantileTable

LEAVE = -1  # a branch's target: the contact leaves the network
STAY = -2  # a branch's target: the contact keeps its place and its patience (a callback declined)
NO_QUEUE = -1
NO_QUEUE_FACTS = QueueFacts()  # of networks that no scenario was compiled to
NO_TEAM_FACTS = TeamFacts()
NO_LIMIT = -1  # a branch that may be used any number of times; a line of any length
NEVER = (1 << 62) - 1  # an instant that does not come


class Exit(enum.IntEnum):
    """How a leg ended. `LIMIT + i` is the queue's limit number i."""

    INSIDE = 0  # still in the queue or in service at the horizon
    SERVED = 1
    ABANDONED = 2
    NO_LINE = 3  # blocked: every trunk line was taken ("busy")
    NO_ROOM = 4  # blocked: as many wait as may wait
    CLOSED = 5  # blocked: the queue does not take contacts at this hour
    LIMIT = 6


class Label(enum.IntEnum):
    """What a branch means to the measures. The engines only copy it."""

    NONE = 0
    RESOLVED = 1
    UNRESOLVED = 2  # handled, the problem remains; `next` tells whether the customer comes again
    ESCALATED = 3  # handled here for its share of the effort and passed on (a transfer)
    REDIALLED = 4
    GAVE_UP = 5  # abandoned or blocked, and does not try again
    PROMOTED = 6  # moved to another line because a limit passed (a breached promise)
    DISCONNECTED = 7  # cut off when the line was cleared at closing time
    CALLBACK = 8
    HELPED = 9  # a helper's part of a consult
    NO_ANSWER = 10  # the customer was called in vain
    CONTAINED = 11  # a machine that answers first has settled it
    HANDED_OVER = 12  # a machine that answers first passes on to people
    MESSAGE = 13  # found it closed and left a message
    REPLIED = 14  # a turn of a conversation that goes on
    WAITS = 15  # handled as far as it goes; taken up again when others have done their part
    REOPENED = 16  # counted as resolved, and comes back


class Take(enum.IntEnum):
    """By which rule a team chooses among the contacts it may take."""

    PRIORITY = 0  # priority, then place
    HOME_FIRST = 1  # the rank of this team in the queue's route, then priority, then place


class LimitClock(enum.IntEnum):
    """What a limit's `after` is measured on."""

    WAIT = 0  # time since the contact entered the queue
    OPEN_HOURS = 1  # opening time of `Limit.hours` since then (a promise in working hours)
    CLOSING = 2  # the end of the span of `Limit.hours` in which the contact entered; `after` is 0


class OwnAgent(enum.IntEnum):
    """Whose contact it is, for queues with an affinity."""

    LAST = 0  # the last agent of a finite team, helpers apart, who handled the contact
    NAMED = 1  # its named owner: agent floor(n x uniform(key, 0, 0, OWNER)) of the n in the team


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans of time in which something is open: sorted, disjoint, not touching."""

    spans: tuple[tuple[int, int], ...]  # (from_us, until_us), from <= t < until is open

    def closing_after(self, instant: int) -> int:
        """The end [us] of the span that holds `instant`; -1 when it is closed then."""
        at = bisect_right(self.spans, (instant, NEVER)) - 1
        return self.spans[at][1] if at >= 0 and instant < self.spans[at][1] else -1

    def after_open_time(self, instant: int, amount: int) -> int:
        """The first instant [us] with `amount` us of opening time since `instant`, or NEVER."""
        at = max(bisect_right(self.spans, (instant, NEVER)) - 1, 0)
        if amount <= 0:
            return instant
        for start, until in self.spans[at:]:
            start = max(start, instant)
            if until - start >= amount:
                return start + amount
            amount -= max(until - start, 0)
        return NEVER

    def open_after(self, instant: int, amount: int) -> int:
        """The first instant [us] that is open and has `amount` us of opening time since `instant`,
        or NEVER. Unlike `after_open_time` it is never a closing instant."""
        at = max(bisect_right(self.spans, (instant, NEVER)) - 1, 0)
        for start, until in self.spans[at:]:
            start = max(start, instant)
            if until - start > amount:
                return start + amount
            amount -= max(until - start, 0)
        return NEVER


@dataclass(frozen=True, slots=True)
class Branch:
    """One row of an exit: with `probability`, go to `target` after `delay`.

    The probabilities of an exit's rows total 1. A row that was used `at_most` times by this contact
    is exhausted: drawn again, it acts as LEAVE with the label GAVE_UP.
    """

    probability: float
    target: int = LEAVE  # a queue's index, LEAVE or STAY (limits only)
    label: Label = Label.NONE
    delay: QuantileTable | None = None  # us; None is at once
    hours: Hours | None = None  # the delay counts only time within them, and ends within them
    share: float = 1.0  # served exits only: handling ends after this part of the work
    at_most: int = NO_LIMIT
    # Served exits only, a warm transfer: in this queue somebody is sought to go on with it. The
    # first agent and the customer wait for that, and talk with who comes, before the exit is taken.
    handover: int = NO_QUEUE

    def __post_init__(self) -> None:
        lingers = self.target < 0 or self.delay is not None or self.hours is not None
        if self.handover != NO_QUEUE and lingers:
            raise ValueError("a warm transfer goes on to a queue at once")


@dataclass(frozen=True, slots=True)
class Limit:
    """An instant at which a waiting contact takes a branch of its own."""

    name: str
    clock: LimitClock
    branches: tuple[Branch, ...]
    after: int = 0  # us on the clock
    hours: Hours | None = None  # for OPEN_HOURS and CLOSING


@dataclass(frozen=True, slots=True)
class Consult:
    """The one mid-service action: at floor(work x at) the item stops until a helper has served.

    Decided at answer by uniform(key, leg, 0, CONSULT) < probability.
    """

    queue: int  # where helpers take it
    probability: float
    at: float  # share of the work after which the helper is asked


@dataclass(frozen=True, slots=True)
class Service:
    """What one team needs to serve one queue."""

    mean: int  # us of handling for an average contact, wrap-up apart
    units: int  # of the agent's capacity; a consult takes all units whatever stands here
    served: tuple[Branch, ...]
    wrap_up: int = 0  # us on average
    consult: Consult | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a route. Open to a contact that has waited `after` (head start included), while at
    least `when_waiting` contacts wait in the line (itself included, held contacts too), and, with
    keep_idle k > 0, only while more than k on-duty agents of the team have room for the item.
    """

    teams: tuple[int, ...]  # of equal rank, in order
    after: int = 0
    when_waiting: int = 0
    keep_idle: int = 0


@dataclass(frozen=True, slots=True)
class Affinity:
    """A queue that prefers the contact's own agent and holds the contact for it."""

    own: OwnAgent
    hold: int  # us after entry for which the contact waits for its own agent alone
    team: int = -1  # the owners' team, for OwnAgent.NAMED


@dataclass(frozen=True, slots=True)
class Queue:
    """One waiting line: one type of contact, on one channel, at one stage."""

    name: str  # "technical.phone@tier2"
    route: tuple[Step, ...]
    services: tuple[Service | None, ...]  # by team; None where the team does not serve it
    effort: QuantileTable  # mean 1
    patience: QuantileTable | None  # us; None: nobody leaves
    priority: int = 1  # 1 is served before 2
    head_start: int = 0  # us counted as having waited already
    interruptible: bool = False
    deferred: bool = False  # at the end of duty work goes back to the line (live work is finished)
    effort_by_contact: bool = False  # one draw for all legs (leg 0) instead of one for each
    patience_by_contact: bool = False
    wrap_up: QuantileTable | None = None  # mean 1; None: exactly the mean
    abandoned: tuple[Branch, ...] = ()  # empty: LEAVE, label GAVE_UP
    no_line: tuple[Branch, ...] = ()
    no_room: tuple[Branch, ...] = ()
    closed: tuple[Branch, ...] = ()
    limits: tuple[Limit, ...] = ()
    lines: int = -1  # index into Network.lines; -1: none needed
    dials: int = -1  # ... from the answer on, though none be free (customers who are called)
    room: int = NO_LIMIT  # how many may wait unanswered; 0: no waiting room
    hours: Hours | None = None  # when it takes contacts; None: always
    affinity: Affinity | None = None
    # For readers; two queues are equal when the engines treat them alike.
    facts: QueueFacts = field(default=NO_QUEUE_FACTS, compare=False)
    # The hours that its targets count; None: all time.
    target_hours: Hours | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Team:
    """Agents with the same skills."""

    name: str
    units: int = 1  # capacity of one agent
    rates: tuple[int, ...] = (65536,)  # by items making progress, 1..units: round(65536/slowdown)
    unlimited: bool = False  # a server for every comer (bots, self-service)
    take: Take = Take.PRIORITY
    keep_break_length: bool = False  # a late break keeps its length (else its planned end)
    facts: TeamFacts = field(default=NO_TEAM_FACTS, compare=False)


@dataclass(frozen=True, slots=True)
class Network:
    queues: tuple[Queue, ...]
    teams: tuple[Team, ...]
    lines: tuple[int, ...] = ()  # trunk lines: how many there are in each group
    max_legs: int = 16  # the last leg's branch is drawn, not followed
    horizon: int = 0  # us; events before it happen
    targets: tuple[Target, ...] = field(default=(), compare=False)  # all of the scenario's

    def of_kind(self, *kinds: QueueKind) -> tuple[int, ...]:
        """The indices of the queues of these kinds."""
        return tuple(i for i, queue in enumerate(self.queues) if queue.facts.kind in kinds)
