"""The compiled engine: the machine of docs/background/model.md as a Numba kernel.

The same function as `ccsim.engine.reference.simulate`, with the same records cell by cell, many
times faster. The state is one array of integers (`ccsim.engine.kernel.layout`); this module packs
what a run is given, hands contacts in and rows out by the chunk, and makes the array longer when
the kernel asks for it. Memory does not grow with the contacts that are done.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ccsim.engine.kernel.compiler import prepare
from ccsim.engine.kernel.constants import NEEDS_OWNERS, NEEDS_ROWS, NEEDS_SPACE
from ccsim.engine.kernel.layout import Entry, Ints, Run
from ccsim.engine.kernel.row_layout import DutyRow, LegRow, WorkRow
from ccsim.engine.kernel.run import advance, close, open_run
from ccsim.engine.kernel.structs import Memory, address, as_instant, as_place, handle, memory
from ccsim.engine.packing import Arrivals, PackedNetwork
from ccsim.network.model import Network
from ccsim.records import Records, Rows
from ccsim.roster.model import Roster
from ccsim.workload.model import Workload

Take = Callable[[Rows], None]


def simulate(network: Network, roster: Roster, workload: Workload) -> Records:
    """Run the machine from the start of the calendar to `network.horizon`.

    Raises ValueError for a network, roster or workload beyond the bounds of `ccsim.engine.order`,
    or a route to a team that does not serve the queue.
    """
    return Machine(PackedNetwork(network), roster, workload).records()


class Machine:
    """One run that can be paused at any instant. Runs in threads do not wait for one another.

    `take` is given the rows as they come (`ccsim.records.Rows`); without it they are kept until
    `records` are asked for.
    """

    def __init__(
        self, packed: PackedNetwork, roster: Roster, workload: Workload, take: Take | None = None
    ) -> None:
        arena = packed.arena(roster, workload)
        prepare()
        self.horizon = packed.network.horizon
        self._agents, self._contacts = len(roster.team), len(workload)
        self._blocks = _Blocks()
        self._take = take or self._blocks.keep
        self._arrivals = Arrivals(workload)
        self._set(arena)
        open_run(self._m)

    def _set(self, arena: Ints) -> None:
        self._m, self._f = arena, arena.view(np.float64)
        self._run: Memory = memory(arena)
        self._run[Run.length] = len(arena)

    @property
    def now(self) -> int:
        """The instant of the last event [us]."""
        return int(self._run[Run.now])

    def advance(self, until: int) -> None:
        """Make the events before `until` [us] happen; none happens at the horizon or after."""
        end = min(until, self.horizon)
        arrivals = self._arrivals
        while True:
            self._run[Run.first_at_hand] = arrivals.first
            self._run[Run.arrivals] = arrivals.beyond
            before = min(end, arrivals.until)
            while status := advance(self._m, self._f, as_instant(before), *arrivals.columns):
                self._provide(status)
            if before == end:
                return
            arrivals.next()

    def finish(self) -> None:
        """Advance to the horizon and hand over the last rows, of what is inside."""
        self.advance(self.horizon)
        while status := close(self._m):
            self._provide(status)
        self._hand_over_rows()

    def records(self) -> Records:
        """Finish; all rows that were kept, sorted."""
        from ccsim.engine.kernel.rows import records_of  # for which there is more to compile

        prepare()
        self.finish()
        return records_of(*self._blocks.joined(), self._contacts, self._agents)

    def _provide(self, status: int) -> None:
        """What the kernel asks for before its next event."""
        if status == NEEDS_ROWS:
            self._hand_over_rows()
        elif status == NEEDS_SPACE:
            self._lengthen(len(self._m))
        elif status == NEEDS_OWNERS:
            self._make_room_for_owners()
        else:
            raise RuntimeError("one event led to more interruptions than there is room for")

    def _hand_over_rows(self) -> None:
        run, rows = self._run, []
        for table, length, kind in _TABLES:
            start = run[table]
            rows.append(self._m[start : start + kind.size * run[length]])
            run[length] = 0
        self._take(Rows(*rows))

    def _lengthen(self, words: int) -> None:
        longer = np.zeros(len(self._m) + words, np.int64)
        longer[: len(self._m)] = self._m
        self._set(longer)

    def _make_room_for_owners(self) -> None:
        """Heap, scratch and wheel twice as long, at the end of what is used."""
        capacity = 2 * self._run[Run.owners_capacity]
        words = (Entry.size + 2) * capacity
        if self._run[Run.unused] + words > len(self._m):
            self._lengthen(words)
        m, run = self._m, self._run
        heap, entries = address(run[Run.heap]), Entry.size * run[Run.heap_length]
        to = run[Run.unused]
        m[to : to + entries] = m[heap : heap + entries]
        run[Run.heap] = handle(Entry, to)
        run[Run.pending] = as_place(to + Entry.size * capacity)
        run[Run.next_wheel] = as_place(to + (Entry.size + 1) * capacity)
        run[Run.unused] = to + words
        run[Run.owners_capacity] = capacity


_TABLES = (
    (Run.leg_rows, Run.leg_length, LegRow),
    (Run.work_rows, Run.work_length, WorkRow),
    (Run.duty_rows, Run.duty_length, DutyRow),
)


class _Blocks:
    """Rows that are kept, as they were written."""

    def __init__(self) -> None:
        self._chunks: list[Rows] = []

    def keep(self, rows: Rows) -> None:
        self._chunks.append(Rows(rows.legs.copy(), rows.work.copy(), rows.duty.copy()))

    def joined(self) -> tuple[Ints, Ints, Ints]:
        """All rows of each table; they are let go of here."""
        chunks, self._chunks = self._chunks, []
        return (
            np.concatenate([chunk.legs for chunk in chunks]),
            np.concatenate([chunk.work for chunk in chunks]),
            np.concatenate([chunk.duty for chunk in chunks]),
        )
