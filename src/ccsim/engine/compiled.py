"""The compiled engine: the machine of docs/background/model.md as a Numba kernel.

The same function as `ccsim.engine.reference.simulate`, with the same records cell by cell, many
times faster. The state is one array of integers (`ccsim.engine.kernel.layout`); this module packs
what a run is given, makes the array longer when the kernel asks for it, and hands out the records.
"""

from __future__ import annotations

import numpy as np

from ccsim.engine.kernel import layout as at
from ccsim.engine.kernel.compiler import prepare
from ccsim.engine.kernel.rows import records_of
from ccsim.engine.kernel.run import advance, close, open_floor
from ccsim.engine.packing import pack
from ccsim.network.model import Network
from ccsim.records import Records
from ccsim.roster.model import Roster
from ccsim.workload.model import Workload


def simulate(network: Network, roster: Roster, workload: Workload) -> Records:
    """Run the machine from the start of the calendar to `network.horizon`.

    Raises ValueError for a network, roster or workload beyond the bounds of `ccsim.engine.order`,
    or a route to a team that does not serve the queue.
    """
    return Machine(network, roster, workload).records()


class Machine:
    """One run that can be paused at any instant. Runs in threads do not wait for one another."""

    def __init__(self, network: Network, roster: Roster, workload: Workload) -> None:
        packed = pack(network, roster, workload)
        prepare()
        self.horizon = network.horizon
        self._agents = len(roster.team)
        self._contacts = packed.contacts
        self._set(packed.arena)
        self._blocks: dict[int, list[at.Ints]] = {table: [] for table in _TABLES}
        open_floor(self._m)

    def _set(self, arena: at.Ints) -> None:
        arena[at.LENGTH] = len(arena)
        self._m, self._f = arena, arena.view(np.float64)

    @property
    def now(self) -> int:
        """The instant of the last event [us]."""
        return int(self._m[at.NOW])

    def advance(self, until: int) -> None:
        """Make the events before `until` [us] happen; none happens at the horizon or after."""
        until = min(until, self.horizon)
        while status := advance(self._m, self._f, until, *self._contacts):
            self._provide(status)

    def records(self) -> Records:
        """Advance to the horizon and close the books: the rows of what is inside, all sorted."""
        self.advance(self.horizon)
        while status := close(self._m):
            self._provide(status)
        self._hand_over_rows()
        legs, work, duty = (_joined(self._blocks[table]) for table in _TABLES)
        return records_of(legs, work, duty, len(self._contacts[0]), self._agents)

    def _provide(self, status: int) -> None:
        """What the kernel asks for before its next event."""
        if status == at.NEEDS_ROWS:
            self._hand_over_rows()
        elif status == at.NEEDS_SPACE:
            self._lengthen(len(self._m))
        elif status == at.NEEDS_OWNERS:
            self._make_room_for_owners()
        else:
            raise RuntimeError("one event led to more interruptions than there is room for")

    def _hand_over_rows(self) -> None:
        m = self._m
        for table, words in _TABLES.items():
            start, length = int(m[table]), int(m[table + 1])
            self._blocks[table].append(m[start : start + words * length].copy())
            m[table + 1] = 0

    def _lengthen(self, words: int) -> None:
        longer = np.zeros(len(self._m) + words, np.int64)
        longer[: len(self._m)] = self._m
        self._set(longer)

    def _make_room_for_owners(self) -> None:
        """Heap, scratch and wheel twice as long, at the end of what is used."""
        capacity = 2 * int(self._m[at.OWNERS_CAPACITY])
        if int(self._m[at.UNUSED]) + 6 * capacity > len(self._m):
            self._lengthen(6 * capacity)
        m = self._m
        heap, entries = int(m[at.HEAP]), 4 * int(m[at.HEAP_LENGTH])
        to = int(m[at.UNUSED])
        m[to : to + entries] = m[heap : heap + entries]
        m[at.HEAP], m[at.PENDING], m[at.NEXT_WHEEL] = to, to + 4 * capacity, to + 5 * capacity
        m[at.UNUSED] = to + 6 * capacity
        m[at.OWNERS_CAPACITY] = capacity


_TABLES = {
    at.LEG_ROWS: at.LEG_WORDS,
    at.WORK_ROWS: at.WORK_WORDS,
    at.DUTY_ROWS: at.DUTY_WORDS,
}


def _joined(blocks: list[at.Ints]) -> at.Ints:
    joined: at.Ints = np.concatenate(blocks)
    blocks.clear()
    return joined
