"""The state of a run of the reference engine: contacts, queues, agents and teams.

Plain state with the few indices that make a choice quick. Who gets whom is decided in
`ccsim.engine.choice`, what happens when is written in `ccsim.engine.reference`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from ccsim.engine import order
from ccsim.network.model import NEVER, Branch, Network, Queue, Service, Take, Team
from ccsim.records import Presence, State
from ccsim.roster.model import Roster

WORK_BITS = 16  # remaining work is kept in 1/65536 us, rates in 1/65536
PLACE = attrgetter("place")
ALL_OPEN = tuple(range(256))


@dataclass(slots=True, eq=False)
class Contact:
    """One customer's attempt and all that follows from it: what outlives a leg."""

    number: int
    key: int
    queue: int  # the queue it enters next
    observed_work: int  # of a trace, for leg 0 [us]; UNOBSERVED
    observed_patience: int
    observed_head_start: int
    leg: int = 0  # the number of its next entry
    trunk: int = -1  # the group of queues of which it holds one
    last_agent: Agent | None = None  # of a finite team, helpers apart
    uses: dict[tuple[int, int, int, int], int] | None = None  # of branch rows with `at_most`
    handed_over: Item | None = None  # the part of a warm transfer whose agent goes on with it
    token: int = 0


@dataclass(slots=True, eq=False)
class Item:
    """A contact in one queue, from entry to exit; or a helper's part of it (part 1)."""

    contact: Contact
    queue: QueueState
    spec: Queue  # the queue as the network describes it
    leg: int
    part: int
    entered: int
    waits_from: int  # entered, less an observed head start: what `after` of steps counts from
    since: int  # and less the queue's head start: what its place counts from
    place: tuple[int, int, int]  # in queue: (since, contact, leg)
    asker: Item | None = None  # whose consult this part is
    # Timers carry the token of the moment they were set; it moves on with each change of state, so
    # that what was due in the old one is passed over.
    token: int = 0
    state: State = State.WAITING
    answered: int = -1
    waiting_since: int = 0
    waited: int = 0
    opened: tuple[int, ...] = ()  # steps whose `after` has passed
    held_for: Agent | None = None
    # from answer on
    agent: Agent | None = None  # who works or last worked on it; None: unlimited team, nobody yet
    team: TeamState | None = None
    units: int = 0
    branch: Branch | None = None  # how the served exit goes on, drawn at answer
    row: int = -1  # its number among the team's served rows
    total: int = 0  # us of work at this agent's pace
    remaining: int = 0  # 1/65536 us
    consult_left: int = -1  # `remaining` at which the consult point is reached; -1: none ahead
    consulted: bool = False
    rate: int = 0  # of progress, in 1/65536; 0: it stands still
    charged: int = 0  # instant up to which progress is charged
    started: int = 0  # or resumed: instant
    work_from: int = 0

    @property
    def waits(self) -> bool:
        return self.state is State.WAITING or self.state is State.PREEMPTED

    def units_at(self, team: TeamState) -> int:
        """Units that this item takes of an agent of the team: a consult takes all."""
        if self.part:
            return team.spec.units
        return self.service(team).units

    def service(self, team: TeamState) -> Service:
        service = self.spec.services[team.index]
        assert service is not None  # RunState refuses such routes, choice.own_agent such agents
        return service

    def charge(self, now: int) -> None:
        """Bring `remaining` up to date. Additive: how often it is called changes nothing."""
        self.remaining -= (now - self.charged) * self.rate
        self.charged = now

    def due(self) -> int:
        """The instant at which it reaches its consult point or its end, at its present rate."""
        left = self.remaining - max(self.consult_left, 0)
        return self.charged + max(0, -(-left // self.rate))


@dataclass(slots=True, eq=False)
class Agent:
    number: int
    team: TeamState
    spans: list[tuple[int, int, float, bool]]  # (start, until, pace, then_break), next one last
    free: int  # units
    changed: int = 0  # instant at which its units last changed, or it came on duty
    on: bool = False
    back: int = NEVER  # when its present span began or its next begins; NEVER: not known
    until: int = 0  # end of the present span
    pace: float = 1.0
    then_break: bool = False  # after the present or last span comes a break
    late_break: int = -1  # length of the break that waits for the last item; -1: none does
    progress: list[Item] = field(default_factory=list)  # items making progress, latest last
    preempted: list[Item] = field(default_factory=list)  # interrupted items, held for it
    held: list[Item] = field(default_factory=list)  # contacts held for it: see `hold`
    # presence rows, one after the other: start, until, presence, units; and the present one
    rows: array[int] = field(default_factory=lambda: array("q"))
    row: tuple[int, int, int] = (0, Presence.OFF, 0)  # start, presence, units
    token: int = 0

    def preempts(self, units: int, priority: int) -> list[Item] | None:
        """The items that give way so that `units` are free for a contact of `priority`: the latest
        first, only as many as needed. None if that is not enough."""
        free = self.free
        found = []
        for item in reversed(self.progress):
            if free >= units:
                break
            if item.spec.interruptible and item.spec.priority > priority:
                free += item.units
                found.append(item)
        return found if free >= units else None

    def hold(self, item: Item) -> None:
        """Hold a contact for the agent, behind those that the team takes before it."""
        insort(self.held, item, key=self.team.key)
        item.held_for = self

    def note(self, now: int) -> None:
        """Close the agent's row of duty when presence or units have changed; empty rows are
        dropped and equal neighbours merged."""
        units = self.team.spec.units - self.free
        if self.on:
            presence = Presence.ON
        elif units:
            presence = Presence.OVERTIME
        else:
            presence = Presence.BREAK if self.then_break else Presence.OFF
        start, was, had = self.row
        if was is presence and had == units:
            return
        if now > start:
            self.rows.extend((start, now, was, had))
            self.row = (now, presence, units)
        elif self.rows and (self.rows[-2], self.rows[-1]) == (presence, units):
            self.row = (self.rows[-4], presence, units)
            del self.rows[-4:]
        else:
            self.row = (start, presence, units)


@dataclass(slots=True, eq=False)
class TeamState:
    """The agents of a team, with the indices by which the best one is found at once."""

    index: int
    spec: Team  # as the network describes it
    unlimited: bool
    take: Take
    agents: list[Agent] = field(default_factory=list)
    on_duty: int = 0
    # by free units 1..units: (changed, number, agent) of agents on duty, the best first
    ready: list[list[tuple[int, int, Agent]]] = field(default_factory=list)
    preemptible: dict[Item, None] = field(default_factory=dict)  # interruptible items in progress,
    # in the order in which they started or resumed
    queues: list[QueueState] = field(default_factory=list)  # in whose routes the team stands
    home_rank: dict[QueueState, int] = field(default_factory=dict)  # first step of the team there
    rates: list[int] = field(default_factory=list)  # by items making progress

    def add_to_shelf(self, agent: Agent) -> None:
        """Add an agent on duty to the index of agents by free units."""
        if agent.free:
            insort(self.ready[agent.free], (agent.changed, agent.number, agent))

    def remove_from_shelf(self, agent: Agent) -> None:
        """Remove an agent on duty from the index, before its units change or its span is over."""
        if agent.free:
            ready = self.ready[agent.free]
            del ready[bisect_left(ready, (agent.changed, agent.number, agent))]

    def best_agent(self, units: int) -> Agent | None:
        """The agent with most free units, of these the one that changed longest ago, of these
        the lowest number."""
        for free in range(len(self.ready) - 1, units - 1, -1):
            if self.ready[free]:
                return self.ready[free][0][2]
        return None

    def has_room(self, units: int, keep_idle: int) -> bool:
        """Whether more than `keep_idle` agents on duty have `units` free."""
        if keep_idle <= 0:
            return any(self.ready[units:])
        return sum(map(len, self.ready[units:])) > keep_idle

    def key(self, item: Item) -> tuple[object, ...]:
        """The smallest is the best for this team."""
        if self.take is Take.PRIORITY:
            return (item.spec.priority, item.place)
        rank = self.home_rank.get(item.queue, len(item.queue.steps))
        return (rank, item.spec.priority, item.place)


@dataclass(frozen=True, slots=True, eq=False)
class RouteStep:
    """A step of a route, with its teams."""

    number: int
    teams: tuple[TeamState, ...]
    after: int
    when_waiting: int
    keep_idle: int

    def nobody_on_duty(self) -> bool:
        return not any(team.unlimited or team.on_duty for team in self.teams)


@dataclass(slots=True, eq=False)
class QueueState:
    """Those who wait in one queue, by place; those held for an agent are counted only."""

    index: int
    spec: Queue  # as the network describes it
    steps: tuple[RouteStep, ...]
    plain: bool  # every step is open to everybody
    thresholds: frozenset[int]  # lengths at which a step opens
    # Contacts, and helpers' parts of consults: two lists, for they need different units.
    waiting: tuple[list[Item], list[Item]] = field(default_factory=lambda: ([], []))
    count: int = 0  # all who wait: in queue, held, preempted
    unanswered: int = 0  # of these, those never answered

    def insert(self, item: Item) -> None:
        insort(self.waiting[item.part], item, key=PLACE)

    def remove(self, item: Item) -> None:
        waiting = self.waiting[item.part]
        if waiting[0] is item:
            del waiting[0]
        else:
            del waiting[bisect_left(waiting, item.place, key=PLACE)]

    def firsts(self) -> list[Item]:
        """The first contact that is not held, and the first helper's part, by place."""
        return sorted((waiting[0] for waiting in self.waiting if waiting), key=PLACE)


@dataclass(slots=True, eq=False)
class RunState:
    """The whole state of a run, apart from the clock."""

    network: Network
    teams: list[TeamState]
    agents: list[Agent]
    queues: list[QueueState]
    trunks: list[int]  # free lines of each group; below 0 where more were dialled


def state_before(network: Network, roster: Roster, contacts: int) -> RunState:
    """The state before the first event: nobody on duty, nobody waiting.

    Raises ValueError for a route to a team that does not serve the queue, and for what is beyond
    the bounds of `ccsim.engine.order`.
    """
    _check_bounds(network, contacts)
    teams = [
        TeamState(
            index,
            team,
            team.unlimited,
            team.take,
            ready=[[] for _ in range(team.units + 1)],
            rates=[0, *(team.rates[min(n, len(team.rates)) - 1] for n in range(1, team.units + 1))],
        )
        for index, team in enumerate(network.teams)
    ]
    queues = [_queue_state(index, queue, teams) for index, queue in enumerate(network.queues)]
    agents = []
    for number, team in enumerate(roster.team.tolist()):
        agent = Agent(number, teams[team], [], free=teams[team].spec.units)
        teams[team].agents.append(agent)
        agents.append(agent)
    for number, start, until, pace, then_break in roster.spans[::-1].tolist():
        if until > start:
            agents[number].spans.append((start, until, pace, then_break))
    return RunState(network, teams, agents, queues, list(network.lines))


def _check_bounds(network: Network, contacts: int) -> None:
    if contacts > 1 << order.CONTACT_BITS:
        raise ValueError(f"more than {1 << order.CONTACT_BITS} contacts in one replication")
    if not 0 < network.max_legs <= 1 << order.LEG_BITS:
        raise ValueError(f"max_legs is {network.max_legs}, not 1 to {1 << order.LEG_BITS}")
    for queue in network.queues:
        order.check_steps_and_limits(queue)


def _queue_state(index: int, spec: Queue, teams: list[TeamState]) -> QueueState:
    steps = tuple(
        RouteStep(
            number,
            tuple(teams[team] for team in step.teams),
            step.after,
            step.when_waiting,
            step.keep_idle,
        )
        for number, step in enumerate(spec.route)
    )
    queue = QueueState(
        index,
        spec,
        steps,
        plain=all(step.after <= 0 and step.when_waiting <= 1 for step in steps),
        thresholds=frozenset(step.when_waiting for step in steps if step.when_waiting > 1),
    )
    for step in steps:
        for team in step.teams:
            if spec.services[team.index] is None:
                raise ValueError(f"{spec.name}: its route leads to {team.spec.name}, no service")
            if queue not in team.queues:
                team.queues.append(queue)
                team.home_rank[queue] = step.number
    return queue


def in_order(items: Iterable[Item]) -> list[Item]:
    """Items by priority and place."""
    return sorted(items, key=lambda item: (item.spec.priority, item.place))


def open_by(queue: QueueState, waits_from: int, now: int) -> tuple[int, ...]:
    """The numbers of the steps that are open to an item that joins the queue. A step whose
    threshold is reached exactly now opens through its own event, to keep its order among the
    events of this instant."""
    if queue.plain:
        return ALL_OPEN[: len(queue.steps)]
    return tuple(
        step.number for step in queue.steps if step.after <= 0 or waits_from + step.after < now
    )
