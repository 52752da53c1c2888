"""Network, roster and workload as one array: the arena that the kernel runs on.

See `ccsim.engine.kernel.layout` for what stands where.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ccsim.engine import bounds
from ccsim.engine.kernel.constants import NOWHERE
from ccsim.engine.kernel.layout import (
    GROWN,
    SPARE,
    Agent,
    Contact,
    Entry,
    Ints,
    Item,
    Ring,
    Run,
    Span,
    Team,
)
from ccsim.engine.kernel.row_layout import DutyRow, LegRow, WorkRow
from ccsim.engine.kernel.structs import Structures, address
from ccsim.engine.network_words import NetworkWords, Words
from ccsim.network.model import NEVER, Network
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
        self._words = NetworkWords(network)

    def arena(self, roster: Roster, workload: Workload) -> Ints:
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
        self.columns: tuple[Ints, ...] = ()
        self.until = 0  # us: all contacts are at hand that come before
        self.next()

    def next(self) -> None:
        """Take the next contacts to hand, those of one instant together."""
        workload = self._workload
        self.first = self.beyond
        last = min(self.first + AT_HAND, len(workload)) - 1
        if last < self.first:
            self.until = NEVER
        else:
            instant = workload.at[last]
            self.beyond = int(np.searchsorted(workload.at, instant, side="right"))
            is_last = self.beyond == len(workload)
            self.until = NEVER if is_last else int(workload.at[self.beyond])
        rows = slice(self.first, self.beyond)
        self.columns = (
            np.ascontiguousarray(workload.at[rows], np.int64),
            workload.queue[rows].astype(np.int64),
            np.ascontiguousarray(workload.key[rows], np.uint64).view(np.int64),
            np.ascontiguousarray(workload.work[rows], np.int64),
            np.ascontiguousarray(workload.patience[rows], np.int64),
            np.ascontiguousarray(workload.head_start[rows], np.int64),
        )


class _RunWords(Words):
    """A run of a network: its agents, and room for its events, its rows and what will be made."""

    def __init__(self, of: NetworkWords, roster: Roster) -> None:
        super().__init__(of.m[: of.used])
        self.of, self.team = of, roster.team
        self.units = np.array([team.units for team in of.network.teams], np.int64)
        spans = roster.spans[roster.spans["until"] > roster.spans["start"]]
        spans = spans[np.argsort(spans["agent"], kind="stable")]
        self.start = int(np.min(spans["start"], initial=0))
        self.agents(spans)
        self.run()

    def agents(self, spans: NDArray[np.void]) -> None:
        """Append the agents with their spans on duty, and for each team the list of its agents."""
        count = len(self.team)
        self.first_agent = self.new(Agent.size * count)
        first_span = self.new(Span.size * len(spans))
        lists = self.new(count)
        self.put_all(
            Span,
            first_span,
            len(spans),
            start=spans["start"],
            until=spans["until"],
            pace=np.ascontiguousarray(spans["pace"]).view(np.int64),
            then_break=spans["then_break"],
        )
        begins = first_span + Span.size * np.searchsorted(spans["agent"], np.arange(count + 1))
        self.put_all(
            Agent,
            self.first_agent,
            count,
            place=NOWHERE,
            number=np.arange(count),
            team=self.of.teams + Team.size * self.team.astype(np.int64),
            free=self.units[self.team],
            late_break=-1,
            span=begins[:-1],
            spans_end=begins[1:],
            row_start=self.start,
            row_presence=int(Presence.OFF),
        )
        by_team = np.argsort(self.team, kind="stable")
        self.m[lists : lists + count] = self.first_agent + Agent.size * by_team
        members = np.bincount(self.team, minlength=len(self.units))
        first = lists + np.cumsum(members) - members
        self.put_all(Team, self.of.teams, len(self.units), agents_count=members, agents=first)

    def put_all(
        self, kind: Structures, first: int, count: int, /, **fields: int | NDArray[np.generic]
    ) -> None:
        """Write fields of so many structures that stand side by side, a column for each field."""
        rows = self.m[first : first + kind.size * count].reshape(count, kind.size)
        for name, values in fields.items():
            rows[:, getattr(kind, name)] = values

    def run(self) -> None:
        """Fill in the run, and append room for its events, its rows and what will be made."""
        uses, queues = self.of.uses, self.of.queues
        agents, capacity = len(self.team), int(self.units[self.team].sum())
        owners = 1 << (2 * agents + OWNERS).bit_length()
        self.events(owners)
        self.room(64 + 4 * capacity)
        self.put(
            Run,
            0,
            now=self.start,
            horizon=self.of.network.horizon,
            max_legs=self.of.network.max_legs,
            short=SHORT,
            uses=uses,
            made=agents,
            owners_capacity=owners,
            pending=self.new(owners),
            first_queue=queues,
            next_agent=self.first_agent,
            last_agent=self.first_agent + Agent.size * agents,
        )
        unused = self.used
        self.new(owners * (Item.size + Contact.size + uses) + 4 * Item.size)
        self.put(Run, 0, unused=unused)

    def events(self, owners: int) -> None:
        """Append the heap and the wheel of events of so many owners."""
        bits = max(TURN_BITS + 1 - owners.bit_length(), 0)
        slot = (self.start >> bits) - 1
        self.put(
            Run,
            0,
            heap=self.new(Entry.size * owners),
            wheel=self.new(owners),
            slots=owners,
            slot_bits=bits,
            slot=slot,
            far_look=slot + owners,
        )

    def room(self, kept_free: int) -> None:
        """Append the tables of rows, of which one event may need so many, and the rings."""
        rows, places = ROWS + kept_free, 1 << kept_free.bit_length()
        for ring in (GROWN, SPARE):
            self.put(Ring, address(ring), words=self.new(places))
        self.put(
            Run,
            0,
            ring=places,
            rows_capacity=rows,
            rows_kept_free=kept_free,
            leg_rows=self.new(LegRow.size * rows),
            work_rows=self.new(WorkRow.size * rows),
            duty_rows=self.new(DutyRow.size * rows),
        )
