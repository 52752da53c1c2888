"""Network, roster and workload as one array: the arena that the kernel runs on.

See `ccsim.engine.kernel.layout` for what stands where.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ccsim.engine import bounds
from ccsim.engine.kernel import layout as at
from ccsim.network.model import (
    NO_QUEUE,
    Branch,
    Exit,
    Hours,
    Label,
    Limit,
    Network,
    Queue,
    Service,
    Team,
)
from ccsim.network.quantiles import QuantileTable
from ccsim.records import Presence
from ccsim.roster.model import Roster
from ccsim.workload.model import Workload

ROWS = 1 << 11  # of a table, before they are handed over
AT_HAND = 1 << 14  # contacts that the kernel has at hand at a time
OWNERS = 64  # items and contacts for which there is room at first, agents apart
SHORT = 16  # a line of so few is searched from its first
TURN_BITS = 30  # of one turn of the wheel of events at first: 18 minutes


class PackedNetwork:
    """A network as words: packed once for all its replications, which may run at the same time.

    Raises ValueError for what is out of bounds: `ccsim.engine.bounds.check_network`.
    """

    def __init__(self, network: Network) -> None:
        bounds.check_network(network)
        self.network = network
        self._longest_work = bounds.longest_work(network)
        self._words = _NetworkWords(network)

    def arena(self, roster: Roster, workload: Workload) -> at.Ints:
        """An arena before the first event. Contacts are handed to the kernel apart: `Arrivals`.

        Raises ValueError for what is out of bounds: `ccsim.engine.bounds.check_given`."""
        bounds.check_given(self.network, self._longest_work, roster, workload)
        return _RunWords(self._words, roster).m


class Arrivals:
    """The contacts of a workload, some at a time, in the columns that the kernel reads."""

    def __init__(self, workload: Workload) -> None:
        self._workload = workload
        self.first = 0  # number of the first contact at hand, and of the first beyond
        self.beyond = 0
        self.columns: tuple[at.Ints, ...] = ()
        self.until = 0  # us: all contacts are at hand that come before
        self.next()

    def next(self) -> None:
        """Take the next contacts to hand, those of one instant together."""
        workload = self._workload
        self.first = self.beyond
        last = min(self.first + AT_HAND, len(workload)) - 1
        if last < self.first:
            self.until = at.NEVER
        else:
            instant = workload.at[last]
            self.beyond = int(np.searchsorted(workload.at, instant, side="right"))
            is_last = self.beyond == len(workload)
            self.until = at.NEVER if is_last else int(workload.at[self.beyond])
        rows = slice(self.first, self.beyond)
        self.columns = (
            np.ascontiguousarray(workload.at[rows], np.int64),
            workload.queue[rows].astype(np.int64),
            np.ascontiguousarray(workload.key[rows], np.uint64).view(np.int64),
            np.ascontiguousarray(workload.work[rows], np.int64),
            np.ascontiguousarray(workload.patience[rows], np.int64),
            np.ascontiguousarray(workload.head_start[rows], np.int64),
        )


class _Words:
    """Writes things one after the other, behind what was written before."""

    def __init__(self, before: at.Ints) -> None:
        self.used = len(before)
        self.m: at.Ints = np.zeros(2 * self.used, np.int64)
        self.m[: self.used] = before
        self.f: at.Floats = self.m.view(np.float64)

    def new(self, words: int) -> int:
        """Room for so many words, all 0."""
        address = self.used
        self.used += words
        if self.used > len(self.m):
            longer = np.zeros(2 * self.used, np.int64)
            longer[:address] = self.m[:address]
            self.m, self.f = longer, longer.view(np.float64)
        return address

    def write(self, address: int, values: Iterable[int | float]) -> None:
        """Words side by side; floats as their bits."""
        for word, value in enumerate(values, address):
            if isinstance(value, float):
                self.f[word] = value
            else:
                self.m[word] = int(value)

    def ints(self, values: Sequence[int]) -> int:
        address = self.new(len(values))
        self.m[address : address + len(values)] = values
        return address


class _NetworkWords(_Words):
    """A network; what things refer to is written before them."""

    def __init__(self, network: Network) -> None:
        super().__init__(np.zeros(at.STATIC, np.int64))
        self.network = network
        self.uses = 0  # branch rows with `at_most`
        self.tables: dict[int, int] = {}  # by identity, for tables are shared
        self.hours: dict[int, int] = {}
        self.trunks = self.new(len(network.lines))
        self.m[self.trunks : self.trunks + len(network.lines)] = network.lines
        gives_up, ends = Branch(1.0, label=Label.GAVE_UP), Branch(1.0)
        self.m[at.GIVES_UP], self.m[at.ENDS] = self.branches([gives_up]), self.branches([ends])
        self.crews = self.new(at.CREW_WORDS * len(network.teams))
        self.queues = self.new(at.QUEUE_WORDS * len(network.queues))
        for index, queue in enumerate(network.queues):
            self.queue(self.queue_at(index), index, queue)
        for index, team in enumerate(network.teams):
            self.crew(self.crew_at(index), index, team)

    def crew_at(self, team: int) -> int:
        return self.crews + at.CREW_WORDS * team

    def queue_at(self, queue: int) -> int:
        return self.queues + at.QUEUE_WORDS * queue

    def table(self, table: QuantileTable | None) -> int:
        if table is None:
            return 0
        if id(table) not in self.tables:
            self.tables[id(table)] = self.new_table(table)
        return self.tables[id(table)]

    def new_table(self, table: QuantileTable) -> int:
        nodes = table.nodes
        atoms = table.low_mass > 0.0 or table.high_mass > 0.0
        value = float(nodes[0, 0])
        kind = at.T_ATOMS if atoms else at.T_SMOOTH
        if not atoms and bool(np.all(nodes == value)):
            kind = at.T_CONSTANT
        address = self.new(at.T_GRID if kind == at.T_CONSTANT else at.TABLE_WORDS)
        head = (kind, value, table.low_mass, table.low, table.high_mass, table.high)
        self.write(address, (int(kind), *map(float, head[1:])))
        if kind != at.T_CONSTANT:
            grid: NDArray[np.float64] = np.stack([nodes[:, :-1], np.diff(nodes, axis=1)], axis=2)
            self.f[address + at.T_GRID : address + at.TABLE_WORDS] = grid.ravel()
        return address

    def opening(self, hours: Hours | None) -> int:
        if hours is None:
            return 0
        if id(hours) not in self.hours:
            flat = [instant for span in hours.spans for instant in span]
            self.hours[id(hours)] = self.ints([len(hours.spans), *flat])
        return self.hours[id(hours)]

    def branches(self, rows: Sequence[Branch]) -> int:
        tables = [(self.table(row.delay), self.opening(row.hours)) for row in rows]
        address = self.new(at.BRANCH_WORDS * len(rows))
        cumulated = 0.0
        for number, (row, (delay, hours)) in enumerate(zip(rows, tables, strict=True)):
            cumulated += row.probability
            use = 0
            if row.at_most >= 0:
                use = self.uses
                self.uses += 1
            words = (float(cumulated), row.target, int(row.label), delay, hours)
            handover = self.queue_at(row.handover) if row.handover != NO_QUEUE else 0
            words_after = (float(row.share), row.at_most, use, handover)
            self.write(address + at.BRANCH_WORDS * number, (*words, *words_after))
        return address

    def service(self, address: int, service: Service) -> None:
        rows = self.branches(service.served)
        consult = service.consult
        self.write(
            address,
            (
                1,
                service.mean,
                service.units,
                service.wrap_up,
                rows,
                len(service.served),
                0,
                0.0 if consult is None else float(consult.probability),
                0.0 if consult is None else float(consult.at),
                0 if consult is None else self.queue_at(consult.queue),
            ),
        )

    def limits(self, limits: Sequence[Limit]) -> int:
        parts = [
            (int(each.clock), each.after, self.opening(each.hours), self.branches(each.branches))
            for each in limits
        ]
        address = self.new(at.LIMIT_WORDS * len(limits))
        for number, (part, each) in enumerate(zip(parts, limits, strict=True)):
            self.write(address + at.LIMIT_WORDS * number, (*part, len(each.branches)))
        return address

    def steps(self, queue: Queue) -> int:
        crews = [self.ints([self.crew_at(team) for team in step.teams]) for step in queue.route]
        address = self.new(at.STEP_WORDS * len(queue.route))
        for number, step in enumerate(queue.route):
            words = (number, step.after, step.when_waiting, step.keep_idle, crews[number])
            self.write(address + at.STEP_WORDS * number, (*words, len(step.teams)))
        return address

    def queue(self, address: int, index: int, queue: Queue) -> None:
        plain = all(step.after <= 0 and step.when_waiting <= 1 for step in queue.route)
        services = self.new(at.SERVICE_WORDS * len(queue.services))
        for team, service in enumerate(queue.services):
            if service is not None:
                self.service(services + at.SERVICE_WORDS * team, service)
        affinity = queue.affinity
        fields = {
            at.Q_INDEX: index,
            at.Q_HEADS: self.new(2 * 2 * at.LEVELS),
            at.Q_PRIORITY: queue.priority,
            at.Q_PLAIN: plain,
            at.Q_SIMPLE: plain and all(step.keep_idle <= 0 for step in queue.route),
            at.Q_TIMED: any(step.after > 0 for step in queue.route),
            at.Q_THRESHOLDS: any(step.when_waiting > 1 for step in queue.route),
            at.Q_STEPS: self.steps(queue),
            at.Q_STEPS_COUNT: len(queue.route),
            at.Q_SERVICES: services,
            at.Q_WEIGHT: queue.weight,
            at.Q_HEAD_START: queue.head_start,
            at.Q_SINCE_FIRST: queue.since_first_arrival,
            at.Q_INTERRUPTIBLE: queue.interruptible,
            at.Q_DEFERRED: queue.deferred,
            at.Q_EFFORT: self.table(queue.effort),
            at.Q_EFFORT_BY_CONTACT: queue.effort_by_contact,
            at.Q_PATIENCE: self.table(queue.patience),
            at.Q_PATIENCE_BY_CONTACT: queue.patience_by_contact,
            at.Q_WRAP_UP: self.table(queue.wrap_up),
            at.Q_LIMITS: self.limits(queue.limits),
            at.Q_LIMITS_COUNT: len(queue.limits),
            at.Q_TRUNK: self.trunks + queue.lines if queue.lines >= 0 else 0,
            at.Q_DIALS: self.trunks + queue.dials if queue.dials >= 0 else 0,
            at.Q_ROOM: queue.room,
            at.Q_HOURS: self.opening(queue.hours),
            at.Q_OWN: -1 if affinity is None else int(affinity.own),
            at.Q_HOLD: 0 if affinity is None else affinity.hold,
            at.Q_OWNERS: 0 if affinity is None else self.crew_at(max(affinity.team, 0)),
        }
        for exit_, rows in (
            (Exit.ABANDONED, queue.abandoned),
            (Exit.NO_LINE, queue.no_line),
            (Exit.NO_ROOM, queue.no_room),
            (Exit.CLOSED, queue.closed),
        ):
            fields[at.Q_ROWS + 2 * exit_] = self.branches(rows)
            fields[at.Q_ROWS + 2 * exit_ + 1] = len(rows)
        for field, value in fields.items():
            self.m[address + field] = value

    def crew(self, address: int, index: int, team: Team) -> None:
        ranks = [
            next((n for n, step in enumerate(queue.route) if index in step.teams), None)
            for queue in self.network.queues
        ]
        lines = [self.queue_at(n) for n, rank in enumerate(ranks) if rank is not None]
        beyond = [len(queue.route) for queue in self.network.queues]
        slower = [team.rates[min(n, len(team.rates)) - 1] for n in range(1, team.units + 1)]
        fields = {
            at.W_INDEX: index,
            at.W_UNITS: team.units,
            at.W_UNLIMITED: team.unlimited,
            at.W_TAKE: int(team.take),
            at.W_KEEP_BREAK_LENGTH: team.keep_break_length,
            at.W_SHELVES: self.new(at.SHELF_WORDS * (team.units + 1)),
            at.W_RATES: self.ints([0, *slower]),
            at.W_STEADY: team.unlimited or len(set(slower)) == 1,
            at.W_LINES: self.ints(lines),
            at.W_LINES_COUNT: len(lines),
            at.W_RANKS: self.ints(
                [n if rank is None else rank for rank, n in zip(ranks, beyond, strict=True)]
            ),
        }
        for field, value in fields.items():
            self.m[address + field] = value


class _RunWords(_Words):
    """A run of a network: its agents, and room for its heap, rows and things to come."""

    def __init__(self, of: _NetworkWords, roster: Roster) -> None:
        super().__init__(of.m[: of.used])
        self.of, self.team = of, roster.team
        self.units = np.array([team.units for team in of.network.teams], np.int64)
        spans = roster.spans[roster.spans["until"] > roster.spans["start"]]
        spans = spans[np.argsort(spans["agent"], kind="stable")]
        self.start = int(np.min(spans["start"], initial=0))
        self.agents(spans)
        self.run()

    def agents(self, spans: NDArray[np.void]) -> None:
        """The agents with their spans on duty, and by team the list of its agents."""
        count = len(self.team)
        self.first_agent = self.new(at.AGENT_WORDS * count)
        first_span = self.new(at.SPAN_WORDS * len(spans))
        lists = self.new(count)
        span = self.side_by_side(first_span, len(spans), at.SPAN_WORDS)
        span[:, at.SPAN_START], span[:, at.SPAN_UNTIL] = spans["start"], spans["until"]
        span[:, at.SPAN_PACE] = np.ascontiguousarray(spans["pace"]).view(np.int64)
        span[:, at.SPAN_THEN_BREAK] = spans["then_break"]
        number = np.arange(count)
        begins = first_span + at.SPAN_WORDS * np.searchsorted(spans["agent"], np.arange(count + 1))
        agent = self.side_by_side(self.first_agent, count, at.AGENT_WORDS)
        fields: dict[int, int | at.Ints] = {
            at.POS: at.NOWHERE,
            at.A_NUMBER: number,
            at.A_CREW: self.of.crew_at(0) + at.CREW_WORDS * self.team.astype(np.int64),
            at.A_FREE: self.units[self.team],
            at.A_LATE_BREAK: -1,
            at.A_SPAN: begins[:-1],
            at.A_SPANS_END: begins[1:],
            at.A_ROW_START: self.start,
            at.A_ROW_PRESENCE: int(Presence.OFF),
        }
        for field, value in fields.items():
            agent[:, field] = value
        by_team = np.argsort(self.team, kind="stable")
        self.m[lists : lists + count] = self.first_agent + at.AGENT_WORDS * by_team
        members = np.bincount(self.team, minlength=len(self.units))
        crew = self.side_by_side(self.of.crew_at(0), len(self.units), at.CREW_WORDS)
        crew[:, at.W_AGENTS_COUNT] = members
        crew[:, at.W_AGENTS] = lists + np.cumsum(members) - members

    def side_by_side(self, first: int, count: int, words: int) -> at.Ints:
        """So many things alike, of which the first has an address: a row of words for each."""
        return self.m[first : first + words * count].reshape(count, words)

    def run(self) -> None:
        """The words of the run, and room for its heap, rows and things to come."""
        network, uses = self.of.network, self.of.uses
        agents, capacity = len(self.team), int(self.units[self.team].sum())
        kept_free = 64 + 4 * capacity
        rows = ROWS + kept_free
        ring = 1 << (64 + 4 * capacity).bit_length()
        owners = 1 << (2 * agents + OWNERS).bit_length()
        bits = max(TURN_BITS + 1 - owners.bit_length(), 0)
        slot = (self.start >> bits) - 1
        fields = {
            at.NOW: self.start,
            at.HORIZON: network.horizon,
            at.MAX_LEGS: network.max_legs,
            at.SHORT: SHORT,
            at.CONTACT_WORDS: at.C_USES + uses,
            at.MADE: agents,
            at.OWNERS_CAPACITY: owners,
            at.HEAP: self.new(4 * owners),
            at.WHEEL: self.new(owners),
            at.SLOTS: owners,
            at.SLOT_BITS: bits,
            at.SLOT: slot,
            at.FAR_LOOK: slot + owners,
            at.PENDING: self.new(owners),
            at.RING: ring,
            at.GROWN: self.new(ring),
            at.SPARE: self.new(ring),
            at.ROWS_CAPACITY: rows,
            at.ROWS_KEPT_FREE: kept_free,
            at.LEG_ROWS: self.new(at.LEG_WORDS * rows),
            at.WORK_ROWS: self.new(at.WORK_WORDS * rows),
            at.DUTY_ROWS: self.new(at.DUTY_WORDS * rows),
            at.FIRST_QUEUE: self.of.queues,
            at.NEXT_AGENT: self.first_agent,
            at.LAST_AGENT: self.first_agent + at.AGENT_WORDS * agents,
        }
        things = self.used
        self.new(owners * (at.ITEM_WORDS + at.C_USES + uses) + 4 * at.ITEM_WORDS)
        self.m[at.UNUSED] = things
        for field, value in fields.items():
            self.m[field] = value
