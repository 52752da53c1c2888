"""A network as words of the arena, in the structures of `ccsim.engine.kernel.layout`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ccsim.engine.kernel import layout
from ccsim.engine.kernel.constants import T_ATOMS, T_CONSTANT, T_SMOOTH
from ccsim.engine.kernel.layout import Floats, Ints
from ccsim.engine.kernel.structs import Structures
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


class Words:
    """An arena that grows as structures are appended to it.

    `m` and `f` are the same array as integers and as floats; `used` is its length so far.
    """

    def __init__(self, before: Ints) -> None:
        self.used = len(before)
        self.m: Ints = np.zeros(2 * self.used, np.int64)
        self.m[: self.used] = before
        self.f: Floats = self.m.view(np.float64)

    def new(self, words: int) -> int:
        """Append so many words, all 0, and return the address of the first."""
        address = self.used
        self.used += words
        if self.used > len(self.m):
            longer = np.zeros(2 * self.used, np.int64)
            longer[:address] = self.m[:address]
            self.m, self.f = longer, longer.view(np.float64)
        return address

    def put(self, kind: Structures, address: int, /, **fields: int | float) -> None:
        """Write fields of the structure at an address by their names; floats as their bits.

        Raises AttributeError for a field that the structure does not have.
        """
        for name, value in fields.items():
            offset: int = getattr(kind, name)
            if isinstance(value, float):
                self.f[address + offset] = value
            else:
                self.m[address + offset] = int(value)

    def ints(self, values: Sequence[int]) -> int:
        """Append these integers and return the address of the first."""
        address = self.new(len(values))
        self.m[address : address + len(values)] = values
        return address


class NetworkWords(Words):
    """A network in words. What a structure refers to is appended before it."""

    def __init__(self, network: Network) -> None:
        super().__init__(np.zeros(layout.Run.size, np.int64))
        self.network = network
        self.uses = 0  # branch rows with `at_most`
        self.tables: dict[int, int] = {}  # by identity, since tables are shared
        self.hours: dict[int, int] = {}
        self.trunks = self.new(len(network.lines))
        self.m[self.trunks : self.trunks + len(network.lines)] = network.lines
        self.put(
            layout.Run,
            0,
            gives_up=self.branches([Branch(1.0, label=Label.GAVE_UP)]),
            ends=self.branches([Branch(1.0)]),
        )
        self.teams = self.new(layout.Team.size * len(network.teams))
        self.queues = self.new(layout.Queue.size * len(network.queues))
        for index, queue in enumerate(network.queues):
            self.queue(self.queue_at(index), index, queue)
        for index, team in enumerate(network.teams):
            self.team(self.team_at(index), index, team)

    def team_at(self, team: int) -> int:
        """The address of the team with this index."""
        return self.teams + layout.Team.size * team

    def queue_at(self, queue: int) -> int:
        """The address of the queue with this index."""
        return self.queues + layout.Queue.size * queue

    def table(self, table: QuantileTable | None) -> int:
        """The address of a table, appended when it is new; 0 for none."""
        if table is None:
            return 0
        if id(table) not in self.tables:
            self.tables[id(table)] = self.new_table(table)
        return self.tables[id(table)]

    def new_table(self, table: QuantileTable) -> int:
        """Append a table; a constant without its grids."""
        nodes = table.nodes
        atoms = table.low_mass > 0.0 or table.high_mass > 0.0
        value = float(nodes[0, 0])
        kind = T_ATOMS if atoms else T_SMOOTH
        if not atoms and bool(np.all(nodes == value)):
            kind = T_CONSTANT
        grid: int = layout.Table.grid  # type: ignore[assignment]
        address = self.new(grid if kind == T_CONSTANT else layout.Table.size)
        self.put(
            layout.Table,
            address,
            kind=kind,
            value=value,
            low_mass=float(table.low_mass),
            low=float(table.low),
            high_mass=float(table.high_mass),
            high=float(table.high),
        )
        if kind != T_CONSTANT:
            rises: NDArray[np.float64] = np.stack([nodes[:, :-1], np.diff(nodes, axis=1)], axis=2)
            self.f[address + grid : address + layout.Table.size] = rises.ravel()
        return address

    def opening(self, hours: Hours | None) -> int:
        """The address of opening hours, appended when they are new; 0 for none."""
        if hours is None:
            return 0
        if id(hours) not in self.hours:
            flat = [instant for span in hours.spans for instant in span]
            self.hours[id(hours)] = self.ints([len(hours.spans), *flat])
        return self.hours[id(hours)]

    def branches(self, rows: Sequence[Branch]) -> int:
        """Append the rows of an exit and return the address of the first."""
        parts = [(self.table(row.delay), self.opening(row.hours)) for row in rows]
        first = self.new(layout.Branch.size * len(rows))
        cumulated = 0.0
        for number, (row, (delay, hours)) in enumerate(zip(rows, parts, strict=True)):
            cumulated += row.probability
            self.put(
                layout.Branch,
                first + layout.Branch.size * number,
                cumulated=float(cumulated),
                target=row.target,
                label=row.label,
                delay=delay,
                hours=hours,
                share=float(row.share),
                at_most=row.at_most,
                use=self.uses if row.at_most >= 0 else 0,
                handover=self.queue_at(row.handover) if row.handover != NO_QUEUE else 0,
            )
            self.uses += row.at_most >= 0
        return first

    def service(self, address: int, service: Service) -> None:
        """Fill in what a team needs to serve a queue."""
        first, consult = self.branches(service.served), service.consult
        self.put(
            layout.Service,
            address,
            exists=1,
            mean=service.mean,
            units=service.units,
            wrap_up=service.wrap_up,
            first=first,
            count=len(service.served),
        )
        if consult is not None:
            self.put(
                layout.Service,
                address,
                ask_share=float(consult.probability),
                ask_at=float(consult.at),
                ask_queue=self.queue_at(consult.queue),
            )

    def limits(self, limits: Sequence[Limit]) -> int:
        """Append the limits of a queue and return the address of the first."""
        parts = [(self.opening(each.hours), self.branches(each.branches)) for each in limits]
        first = self.new(layout.Limit.size * len(limits))
        for number, (limit, (hours, rows)) in enumerate(zip(limits, parts, strict=True)):
            self.put(
                layout.Limit,
                first + layout.Limit.size * number,
                clock=limit.clock,
                after=limit.after,
                hours=hours,
                first=rows,
                count=len(limit.branches),
            )
        return first

    def steps(self, queue: Queue) -> int:
        """Append the steps of a queue's route and return the address of the first."""
        teams = [self.ints([self.team_at(team) for team in step.teams]) for step in queue.route]
        first = self.new(layout.Step.size * len(queue.route))
        for number, step in enumerate(queue.route):
            self.put(
                layout.Step,
                first + layout.Step.size * number,
                number=number,
                after=step.after,
                when_waiting=step.when_waiting,
                keep_idle=step.keep_idle,
                teams=teams[number],
                teams_count=len(step.teams),
            )
        return first

    def services(self, services: Sequence[Service | None]) -> int:
        """Append a queue's services, one for each team, and return the address of the first."""
        first = self.new(layout.Service.size * len(services))
        for team, service in enumerate(services):
            if service is not None:
                self.service(first + layout.Service.size * team, service)
        return first

    def queue(self, address: int, index: int, queue: Queue) -> None:
        """Fill in a queue."""
        self.put(
            layout.Queue,
            address,
            index=index,
            priority=queue.priority,
            services=self.services(queue.services),
            head_start=queue.head_start,
            interruptible=queue.interruptible,
            deferred=queue.deferred,
            effort=self.table(queue.effort),
            effort_by_contact=queue.effort_by_contact,
            patience=self.table(queue.patience),
            patience_by_contact=queue.patience_by_contact,
            wrap_up=self.table(queue.wrap_up),
            limits=self.limits(queue.limits),
            limits_count=len(queue.limits),
            trunk=self.trunks + queue.lines if queue.lines >= 0 else 0,
            dials=self.trunks + queue.dials if queue.dials >= 0 else 0,
            room=queue.room,
            hours=self.opening(queue.hours),
        )
        self.heads(address)
        self.route(address, queue)
        self.exits(address, queue)
        affinity = queue.affinity
        self.put(layout.Queue, address, own=-1)
        if affinity is not None:
            owners = self.team_at(max(affinity.team, 0))
            self.put(layout.Queue, address, own=affinity.own, hold=affinity.hold, owners=owners)

    def heads(self, address: int) -> None:
        """Append the heads of a queue's two skip lists: of each, the words that are used."""
        first: int = layout.Head.behind_it  # type: ignore[assignment]
        heads = address + layout.Queue.heads  # type: ignore[operator]
        for part in range(2):
            self.m[heads + part] = self.new(layout.Head.size - first) - first

    def route(self, address: int, queue: Queue) -> None:
        """Fill in a queue's route, and which of its conditions it has at all."""
        route = queue.route
        plain = all(step.after <= 0 and step.when_waiting <= 1 for step in route)
        self.put(
            layout.Queue,
            address,
            plain=plain,
            simple=plain and all(step.keep_idle <= 0 for step in route),
            timed=any(step.after > 0 for step in route),
            thresholds=any(step.when_waiting > 1 for step in route),
            steps=self.steps(queue),
            steps_count=len(route),
        )

    def exits(self, address: int, queue: Queue) -> None:
        """Fill in the rows of a queue's exits, served and limits apart."""
        exits: int = address + layout.Queue.exits  # type: ignore[operator]
        for exit_, rows in (
            (Exit.ABANDONED, queue.abandoned),
            (Exit.NO_LINE, queue.no_line),
            (Exit.NO_ROOM, queue.no_room),
            (Exit.CLOSED, queue.closed),
        ):
            of_exit = exits + layout.Rows.size * exit_
            self.put(layout.Rows, of_exit, first=self.branches(rows), count=len(rows))

    def team(self, address: int, index: int, team: Team) -> None:
        """Fill in a team, its agents apart."""
        queues = self.network.queues
        ranks = [
            next((n for n, step in enumerate(queue.route) if index in step.teams), len(queue.route))
            for queue in queues
        ]
        served = [
            self.queue_at(number)
            for number, queue in enumerate(queues)
            if ranks[number] < len(queue.route)
        ]
        slower = [team.rates[min(n, len(team.rates)) - 1] for n in range(1, team.units + 1)]
        self.put(
            layout.Team,
            address,
            index=index,
            units=team.units,
            unlimited=team.unlimited,
            take=team.take,
            keep_break_length=team.keep_break_length,
            shelves=self.new(layout.Shelf.size * (team.units + 1)),
            rates=self.ints([0, *slower]),
            steady=team.unlimited or len(set(slower)) == 1,
            queues=self.ints(served),
            queues_count=len(served),
            ranks=self.ints(ranks),
        )
