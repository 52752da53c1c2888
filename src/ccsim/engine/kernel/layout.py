"""The layout of a run's state: one int64 array, the *arena*, that holds these structures.

State and network pass as one argument, structures can be made without moving others, and the arena
grows by being copied to a longer one. `ccsim.engine.kernel.structs` says how structures are
declared and how offsets and handles work. Lists are intrusive: a list is the word that holds its
last member, and each member holds its neighbours, `previous` and `next` side by side.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from ccsim.engine.kernel.structs import (
    Bits,
    FixedWord,
    Instant,
    Place,
    Struct,
    Units,
    Word,
    handle,
    word,
)
from ccsim.network.model import Exit

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

LEVELS: Final = 8  # of the skip list that orders the waiting items of a queue


# --- the network ---


class Hours(Struct):
    """Opening hours: sorted spans, disjoint and not touching."""

    count: Word[int] = word("number of spans")
    spans: Word[Instant] = word("start and end of each span, one after the other", "us")


class Table(Struct):
    """A table of quantiles: 1024 bins of equal probability, the topmost resolved by a second grid,
    its topmost by a third. A constant ends before `grid`."""

    kind: Word[int] = word("T_CONSTANT, T_SMOOTH or T_ATOMS")
    value: Word[Bits] = word("the value of a constant")
    low_mass: Word[Bits] = word("probability of the lowest value")
    low: Word[Bits] = word("the lowest value")
    high_mass: Word[Bits] = word("probability of the highest value")
    high: Word[Bits] = word("the highest value")
    grid: Word[Bits] = word(
        "of each node the quantile and the rise to the next", count=3 * 2 * 1024
    )


GRID_WORDS: Final = 2 * 1024  # of one of the three grids


class Branch(Struct):
    """A row of an exit."""

    cumulated: Word[Bits] = word("probability of this row and those before")
    target: Word[int] = word("index of the next queue, or LEAVE or STAY of the network")
    label: Word[int] = word("network.model.Label")
    delay: Word[Table] = word("draws the time until the next entry; none is at once", "us")
    hours: Word[Hours] = word("the delay counts time within these only; none is always")
    share: Word[Bits] = word("of the work, after which handling ends (served exits)")
    at_most: Word[int] = word("uses by one contact; -1 is any number")
    use: Word[int] = word("which of the contact's counters counts them")
    handover: Word[Queue] = word("where an agent is sought to go on; none is no warm transfer")


class Rows(Struct):
    """The rows of an exit."""

    first: Word[Branch] = word("they stand side by side")
    count: Word[int] = word("number of rows")


class Limit(Struct):
    """A limit of a queue: an instant at which a waiting contact takes a branch of its own."""

    clock: Word[int] = word("network.model.LimitClock")
    after: Word[int] = word("on that clock", "us")
    hours: Word[Hours] = word("for the clocks of opening hours")
    first: Word[Branch] = word("the rows, side by side")
    count: Word[int] = word("number of rows")


class Service(Struct):
    """What one team needs to serve one queue."""

    exists: Word[int] = word("1 where the team serves the queue")
    mean: Word[int] = word("mean of handling", "us")
    units: Word[Units] = word("units of the agent's capacity that an item takes")
    wrap_up: Word[int] = word("mean of the wrap-up", "us")
    first: Word[Branch] = word("the rows of the served exit, side by side")
    count: Word[int] = word("number of rows")
    ask_share: Word[Bits] = word("probability of a consult")
    ask_at: Word[Bits] = word("share of the work after which the helper is asked")
    ask_queue: Word[Queue] = word("where helpers are asked; none is no consult")


class Step(Struct):
    """A step of a queue's route."""

    number: Word[int] = word("its place in the route, from 0")
    after: Word[int] = word("opens after this wait", "us")
    when_waiting: Word[int] = word("open while at least so many wait")
    keep_idle: Word[int] = word("open while more agents than these have room; 0 is no condition")
    teams: Word[Place[Team]] = word("list of its teams, of equal rank")
    teams_count: Word[int] = word("number of teams")


class Queue(Struct):
    """A queue with its waiting items."""

    index: Word[int] = word("its index in the network")
    count: Word[int] = word("items that wait: in the queue, held for an agent, or preempted")
    unanswered: Word[int] = word("of these, items that no agent has answered yet")
    heads: Word[Head] = word("heads of its two skip lists: contacts, helpers' parts", count=2)
    priority: Word[int] = word("1 is served before 2")
    simple: Word[int] = word("1 where every step is open to every item at any time")
    plain: Word[int] = word("1 where every step is open to every item, `keep_idle` apart")
    timed: Word[int] = word("1 where a step opens after a wait")
    thresholds: Word[int] = word("1 where a step has a `when_waiting`")
    steps: Word[Step] = word("first step of the route")
    steps_count: Word[int] = word("number of steps")
    services: Word[Service] = word("first of the services, one for each team")
    head_start: Word[int] = word("wait that counts as done already", "us")
    interruptible: Word[int] = word("1 where work may be preempted")
    deferred: Word[int] = word("1 where work goes back to the queue at the end of duty")
    effort: Word[Table] = word("draws the effort, of mean 1")
    effort_by_contact: Word[int] = word("1 where it is drawn once for all legs")
    patience: Word[Table] = word("draws the patience; none is endless", "us")
    patience_by_contact: Word[int] = word("1 where it is drawn once for all legs")
    wrap_up: Word[Table] = word("draws the wrap-up, of mean 1; none is exactly the mean")
    limits: Word[Limit] = word("first limit")
    limits_count: Word[int] = word("number of limits")
    trunk: Word[Place[int]] = word("number of free trunk lines of the group it needs; none: none")
    room: Word[int] = word("contacts that may wait unanswered; -1 is any number")
    hours: Word[Hours] = word("when it takes contacts; none is always")
    own: Word[int] = word("network.model.OwnAgent; -1 is no affinity")
    hold: Word[int] = word("wait for the contact's own agent alone", "us")
    owners: Word[Team] = word("the team of named owners")
    dials: Word[Place[int]] = word("as `trunk`, for customers who are called, from the answer on")
    watched: Word[int] = word("stamp of the round in which its first items are offered by place")
    exits: Word[int] = word("a `Rows` for each exit code, limits apart", count=2 * int(Exit.LIMIT))


class Shelf(Struct):
    """The agents of a team on duty who have so many units free, the best first."""

    first: Word[Agent] = word("who changed longest ago, of one instant the lowest number")
    last: Word[Agent] = word("who changed last")
    count: Word[int] = word("number of agents")


class Team(Struct):
    """A team and the state of its agents."""

    index: Word[int] = word("its index in the network")
    units: Word[Units] = word("capacity of one agent")
    unlimited: Word[int] = word("1 where every comer has a server")
    take: Word[int] = word("network.model.Take")
    keep_break_length: Word[int] = word("1 where a late break keeps its length")
    on_duty: Word[int] = word("agents on duty")
    free: Word[int] = word("free units of all agents on duty")
    shelves: Word[Shelf] = word("first shelf, of 0 free units")
    rates: Word[Place[int]] = word("rate of progress by number of items in progress, from 0")
    steady: Word[int] = word("1 where the rate is the same whatever the number")
    preemptible: Word[Item] = word("list of items in progress that may be preempted")
    queues: Word[Place[Queue]] = word("list of queues whose routes lead to the team")
    queues_count: Word[int] = word("number of these")
    ranks: Word[Place[int]] = word("by queue: number of the first step with the team")
    agents: Word[Place[Agent]] = word("list of its agents")
    agents_count: Word[int] = word("number of agents")


class Span(Struct):
    """A stretch of time on duty."""

    start: Word[Instant] = word("first instant on duty", "us")
    until: Word[Instant] = word("first instant off duty", "us")
    pace: Word[Bits] = word("factor on the length of work")
    then_break: Word[int] = word("1 where a break follows")


# --- the state of a run ---


class Owner(Struct):
    """What may have one pending event: an item, a contact or an agent begins with these words."""

    place: Word[int] = word("of its entry in the heap; or NOWHERE, IN_WHEEL or IS_FAR")
    due: Word[Instant] = word("when the event happens", "us")
    rank: Word[int] = word("of the event among those of its instant: `ccsim.engine.order`")
    link: Word[Place[Owner]] = word("the word that leads to it in a list of the wheel")
    behind: Word[Owner] = word("next in that list")


class Item(Owner):
    """A contact in one queue, or a helper's part of it."""

    contact: Word[Contact] = word("whose item it is")
    queue: Word[Queue] = word("where it waits or is served")
    number: Word[int] = word("of its contact in the workload")
    leg: Word[int] = word("entries of the contact into queues before this one")
    part: Word[int] = word("1 for a helper's part, else 0")
    state: Word[int] = word("records.State, WRAPPING_UP or UNUSED_ITEM")
    entered: Word[Instant] = word("instant of entry", "us")
    waits_from: Word[Instant] = word("what `after` of steps counts from", "us")
    since: Word[Instant] = word("what its place counts from", "us")
    answered: Word[Instant] = word("instant of the first answer; NOT_YET", "us")
    waiting_since: Word[Instant] = word("start of its present wait", "us")
    waited: Word[int] = word("sum of its waits that are over", "us")
    held_for: Word[Agent] = word("who alone may take it: its own agent, or who was preempted")
    agent: Word[Agent] = word("the last agent who worked on it")
    team: Word[Team] = word("the team of that agent, or the unlimited team")
    units: Word[Units] = word("units of the agent that it takes")
    branch: Word[Branch] = word("the row of the served exit that follows")
    total: Word[int] = word("work at this agent's pace", "us")
    remaining: Word[int] = word("work left", "us / 65536")
    consult_left: Word[int] = word("work left at the consult point; -1: none ahead", "us / 65536")
    rate: Word[int] = word("work done in a microsecond", "us / 65536")
    charged: Word[Instant] = word("up to when `remaining` has been brought", "us")
    started: Word[Instant] = word("when it started or resumed", "us")
    work_from: Word[Instant] = word("start of its present row of work", "us")
    consulted: Word[int] = word("1 once it has asked for help or for a handover")
    asker: Word[Item] = word("of a helper's part: the item that asked")
    open_after: Word[int] = word(
        "open are all steps up to this `after`, and of those with it", "us"
    )
    open_step: Word[int] = word("... the steps up to this number")
    patience_at: Word[Instant] = word("when its patience ends", "us")
    previous: Word[Item] = word("in the list of its agent: in progress, preempted or held")
    next: Word[Item] = word("likewise")
    preemptible_previous: Word[Item] = word("in the list of its team's items that may be preempted")
    preemptible_next: Word[Item] = word("likewise")
    pending: Word[int] = word("1 while it is among the items to be offered by place")
    chain: Word[Item] = word("next of those that may be used again")
    made: Word[Item] = word("made before it; at the horizon, next of those whose work is written")
    height: Word[int] = word("levels of the skip list on which it stands")
    behind_it: Word[Item] = word("next in the queue, on each level", count=LEVELS)


class Head(Item):
    """The head of a skip list: an item's `behind_it` holds the first on each level. Its words
    before these are never used and need no room."""

    tail: Word[Item] = word("last on each level", count=LEVELS)


class Contact(Owner):
    """What outlives a leg of a contact."""

    number: Word[int] = word("in the workload")
    key: Word[int] = word("from which all its draws come")
    queue: Word[Queue] = word("which it enters next")
    leg: Word[int] = word("entries into queues so far")
    trunk: Word[Place[int]] = word("group of the trunk line that it holds")
    last_agent: Word[Agent] = word("who handled it last, helpers apart")
    work: Word[int] = word("observed work, of a trace; or UNOBSERVED", "us")
    patience: Word[int] = word("observed patience, of a trace; or UNOBSERVED", "us")
    head_start: Word[int] = word("observed head start, of a trace; or UNOBSERVED", "us")
    chain: Word[Contact] = word("next of those that may be used again")
    uses: Word[int] = word("of rows with `at_most`, a word for each", count=0)


class Agent(Owner):
    """An agent."""

    number: Word[int] = word("in the roster")
    team: Word[Team] = word("to which the agent belongs")
    free: Word[Units] = word("units not taken")
    changed: Word[Instant] = word("when its free units changed, or its duty began", "us")
    on: Word[int] = word("1 on duty")
    until: Word[Instant] = word("end of its present span of duty, or of its last", "us")
    back: Word[Instant] = word("when its present span began or its next begins; or NEVER", "us")
    pace: Word[Bits] = word("of that span")
    then_break: Word[int] = word("1 where a break follows that span")
    late_break: Word[int] = word("length of a break that waits for the last item; -1: none", "us")
    span: Word[Span] = word("its next span of duty")
    spans_end: Word[Span] = word("behind its last span")
    progress: Word[Item] = word("list of items in progress")
    count: Word[int] = word("number of these")
    preempted: Word[Item] = word("list of items that gave way to others here")
    held: Word[Item] = word("list of contacts held for the agent, the best first: its last")
    held_best: Word[Item] = word("... and its first")
    before: Word[Agent] = word("neighbour on the shelf")
    behind_it: Word[Agent] = word("likewise")
    row_start: Word[Instant] = word("start of its present row of duty", "us")
    row_presence: Word[int] = word("records.Presence in it")
    row_units: Word[int] = word("units taken in it")
    last_start: Word[Instant] = word("of the row before, which may yet be merged with it", "us")
    last_until: Word[Instant] = word("likewise", "us")
    last_presence: Word[int] = word("likewise; 0: there is none")
    last_units: Word[int] = word("likewise")


class Taker(Struct):
    """Who can take an item: an agent, or minus the address of an unlimited team."""


class Entry(Struct):
    """An entry of the heap of events that are near."""

    at: Word[Instant] = word("when the event happens", "us")
    rank: Word[int] = word("of the event among those of its instant")
    owner: Word[Owner] = word("whose event it is")
    spare: Word[int] = word("unused: entries are powers of two apart")


class Ring(Struct):
    """A queue of handles in a ring of words."""

    words: Word[Place[int]] = word("where they stand")
    begin: Word[int] = word("place of the first, counted without turning round")
    end: Word[int] = word("place behind the last, likewise")


MARGIN: Final = 64  # words that no structure uses: writes through a null handle end here


class Run(Struct, first=MARGIN):
    """The run itself: there is one, at a fixed address."""

    now: FixedWord[Instant] = word("instant of the present event", "us")
    horizon: FixedWord[Instant] = word("events before it happen", "us")
    max_legs: FixedWord[int] = word("bound on the entries of a contact into queues")
    heap: FixedWord[Entry] = word("first entry of the heap of events that are near")
    heap_length: FixedWord[int] = word("number of entries")
    wheel: FixedWord[Place[Owner]] = word("first of its slots: lists of owners by slot of time")
    slots: FixedWord[int] = word("number of slots, a power of two")
    slot_bits: FixedWord[int] = word("a slot is 2^bits us wide")
    slot: FixedWord[int] = word("the present one, counted from instant 0")
    wheel_count: FixedWord[int] = word("owners in the wheel")
    far: FixedWord[Owner] = word("list of owners due after one turn of the wheel")
    far_count: FixedWord[int] = word("number of these")
    far_look: FixedWord[int] = word("slot at which these are looked through")
    turned: FixedWord[int] = word("slots and far owners looked at since the width was fitted")
    moved: FixedWord[int] = word("events brought near since the width was fitted")
    next_wheel: FixedWord[Place[Owner]] = word("a longer wheel, to be used from now on; or none")
    next_arrival: FixedWord[int] = word("number of the contact that arrives next")
    arrivals: FixedWord[int] = word("up to which number contacts are at hand")
    first_at_hand: FixedWord[int] = word("number of the first of these")
    unused: FixedWord[int] = word("from here on the arena is empty")
    length: FixedWord[int] = word("words of the arena")
    free_item: FixedWord[Item] = word("chain of items that may be used again")
    free_contact: FixedWord[Contact] = word("chain of contacts that may be used again")
    last_item: FixedWord[Item] = word("chain of all items ever made, by `made`")
    last_closed: FixedWord[Item] = word("at the horizon: chain of those whose work is written")
    uses: FixedWord[int] = word("counters of a contact, for rows with `at_most`")
    made: FixedWord[int] = word("owners of events: items and contacts ever made, and agents")
    owners_capacity: FixedWord[int] = word("for how many heap and scratch have room")
    freed: FixedWord[Agent] = word("to be offered work: an agent whose units were freed")
    moving: FixedWord[Agent] = word("... whose item moves again, or was handed over to it")
    goes_on: FixedWord[Agent] = word("who takes over the contact of a warm transfer")
    grown: FixedWord[int] = word("Ring of queues: a `when_waiting` is newly met", count=Ring.size)
    spare: FixedWord[int] = word("Ring of agents with units left over", count=Ring.size)
    ring: FixedWord[int] = word("places in each ring, a power of two")
    pending: FixedWord[Place[Item]] = word("scratch: items to be offered by place")
    pending_length: FixedWord[int] = word("number of these")
    short: FixedWord[int] = word("an item in a queue of fewer stands on the lowest level only")
    watch: FixedWord[int] = word("stamp of the queues whose first items are offered by place")
    ends: FixedWord[Branch] = word("branch of a served exit without rows")
    gives_up: FixedWord[Branch] = word("branch of other exits without rows, and of rows used up")
    leg_rows: FixedWord[int] = word("address of the rows of legs written")
    leg_length: FixedWord[int] = word("number of these")
    work_rows: FixedWord[int] = word("address of the rows of work written")
    work_length: FixedWord[int] = word("number of these")
    duty_rows: FixedWord[int] = word("address of the rows of duty written")
    duty_length: FixedWord[int] = word("number of these")
    rows_capacity: FixedWord[int] = word("rows of a table that there is room for")
    rows_kept_free: FixedWord[int] = word("rows that one event may need")
    first_queue: FixedWord[Queue] = word("queues stand side by side, in the network's order")
    next_agent: FixedWord[Agent] = word("first agent; at the horizon, the next to be closed")
    last_agent: FixedWord[Agent] = word("behind the last agent")
    broken: FixedWord[int] = word("1 when one event needed more rows or ring places than there are")


GROWN: Final = handle(Ring, Run.grown)
SPARE: Final = handle(Ring, Run.spare)
