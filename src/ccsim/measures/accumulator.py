"""The accumulator of one replication: rows are added chunk by chunk, sums are read at the end.

What a design fixes is made once (`AccumulatorLayout`); each replication has a copy of it
(`Accumulator`). Memory does not grow with the contacts that are done, except for two words for each
wait, from which the peak of a backlog is found.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ccsim.engine.kernel.compiler import prepare
from ccsim.measures.accumulate import layout as at
from ccsim.measures.accumulate.rows import accumulate, end, peaks
from ccsim.measures.accumulate.sums import add_shared_time, add_time, count_arrivals, settle, sum_up
from ccsim.measures.calling import counted
from ccsim.measures.context import MeasureContext, called_before_held, holds_line, on_call_teams
from ccsim.measures.groups import Kinds, Steps
from ccsim.measures.histogram import BITS
from ccsim.measures.plan import MeasurePlan
from ccsim.measures.window import Floats, Ints, Mask
from ccsim.network.model import Hours, Network
from ccsim.records import DUTY_WORDS, LEG_WORDS, WORK_WORDS, Rows
from ccsim.roster.model import Roster
from ccsim.workload.model import Workload

GROUPS = 1 << 12  # groups, open contacts and spilled words for which there is room at first
MOST_GROUPS = 1 << 16  # for which there is room later, before they are counted and forgotten
OPEN = 1 << 6
BUCKETS = 1 << 12
SPILL = 1 << 14
SLICE = 1 << 20  # arrivals that are looked at at once


class AccumulatorLayout:
    """What an accumulator must know of a design; made once, used by all replications."""

    def __init__(self, context: MeasureContext, network: Network, plan: MeasurePlan) -> None:
        window = context.window
        if window.until_us >= at.MOST_SPANS:
            raise ValueError("measures of more than four years")
        prepare()
        self.context, self.network, self.plan = context, network, plan
        self.queues, self.teams = len(network.queues), len(network.teams)
        self.intervals = window.intervals
        self.on_call = on_call_teams(network)
        self.wants_deferred = any(
            queue.deferred and not network.teams[team].unlimited
            for queue in network.queues
            for team, service in enumerate(queue.services)
            if service is not None
        )
        sets, self.class_of = _alike(context.of_stays.T > 0)
        self.members, self.set_of = _alike(sets.T)  # (sets, classes)
        self.class_bits = max(len(sets) - 1, 1).bit_length()
        counted = context.later.copy()
        counted[context.first] = True
        self.counted = np.flatnonzero(counted)
        self.bins = int(_bin(window.until_us)) + 1
        self._fixed = self._written()

    def accumulator(self, agents: int) -> Ints:
        """Room for the sums of one replication, with all that is fixed written down."""
        used = len(self._fixed)
        sizes = (
            self.queues * self.intervals * at.QUEUE_SUMS,
            self.teams * self.intervals * at.TEAM_SUMS,
            len(self.counted) * at.HISTOGRAMS * self.bins,
            agents * at.G_WORDS,
            self.queues * self.teams,
        )
        accumulator = np.zeros(used + sum(sizes), np.int64)
        accumulator[:used] = self._fixed
        addresses = used + np.cumsum((0, *sizes))
        blocks = [at.QUEUE_CELLS, at.TEAM_CELLS, at.BINS, at.AGENTS, at.RESOLVED_BY]
        accumulator[blocks] = addresses[:5]
        return accumulator

    def _written(self) -> Ints:
        context, window = self.context, self.context.window
        edges = at.FIXED
        queues = edges + len(window.edges)
        hours = queues + at.Q_WORDS * self.queues
        blocks: list[Ints] = []
        address_of: dict[Hours, int] = {}
        for each in {h for h in context.hours if h is not None}:
            address_of[each] = hours + sum(len(block) for block in blocks)
            blocks.append(_hours(each))
        written = np.zeros(hours, np.int64)
        words = {
            at.FROM: window.from_us,
            at.UNTIL: window.until_us,
            at.INTERVALS: self.intervals,
            at.EDGES: edges,
            at.USUAL: int(np.median(np.diff(window.edges))),
            at.QUEUES: queues,
            at.BINS_EACH: self.bins,
            at.WANTS_DEFERRED: self.wants_deferred,
            at.CLASS_BITS: self.class_bits,
            at.QUEUE_COUNT: self.queues,
            at.TEAM_COUNT: self.teams,
        }
        for word, value in words.items():
            written[word] = value
        written[edges:queues] = window.edges
        table = written[queues:].reshape(self.queues, at.Q_WORDS)
        asked = [queue.route[0].teams[0] if queue.route else 0 for queue in self.network.queues]
        columns: dict[int, Ints | Mask | list[int] | int] = {
            at.Q_FIRST: context.first,
            at.Q_LATER: context.later,
            at.Q_DEFERRED: context.deferred,
            at.Q_MACHINE: context.machine,
            at.Q_IN_VAIN: context.in_vain,
            at.Q_DIALLED: context.dialled,
            at.Q_BACKLOG: context.backlog,
            at.Q_HOLDS_LINE: holds_line(context),
            at.Q_CALLED: called_before_held(context),
            at.Q_ASKED: asked,
            at.Q_PROMISE: context.promise_us,
            at.Q_RESOLVE: context.resolve_us,
            at.Q_CALLBACK: context.callback_promise_us,
            at.Q_HOURS: [0 if h is None else address_of[h] for h in context.hours],
            at.Q_CLASS: self.class_of,
            at.Q_HISTOGRAMS: -1,
            at.Q_OLDEST: -1,
            at.Q_LONGEST: -1,
        }
        for column, values in columns.items():
            table[:, column] = values
        table[self.counted, at.Q_HISTOGRAMS] = at.HISTOGRAMS * np.arange(len(self.counted))
        return np.concatenate([written, *blocks])


def _alike(rows: Mask) -> tuple[Mask, Ints]:
    """The rows that differ, and which of them each row is."""
    found, which = np.unique(rows, axis=0, return_inverse=True)
    return found, which.ravel().astype(np.int64)


def _hours(hours: Hours) -> Ints:
    spans = np.array(hours.spans, np.int64).reshape(-1, 2)
    before = np.cumsum(spans[:, 1] - spans[:, 0]) - (spans[:, 1] - spans[:, 0])
    return np.concatenate([[len(spans)], spans[:, 0], spans[:, 1], before]).astype(np.int64)


def _bin(us: int) -> int:
    shift = max(us.bit_length() - BITS - 1, 0)
    return (shift << BITS) + (us >> shift)


class Accumulator:
    """Takes in the rows of one replication."""

    def __init__(self, layout: AccumulatorLayout, roster: Roster) -> None:
        self.layout = layout
        self.cells: Floats = np.zeros((len(layout.plan.row), layout.intervals))
        self._steps = [Steps(*np.zeros((4, 0), np.int64))]
        self._counts: Floats = np.zeros(layout.plan.shape)
        self.team_of = roster.team.astype(np.int64)
        self._b = layout.accumulator(len(roster.team))
        agents = self._of(at.AGENTS, len(roster.team), at.G_WORDS)
        agents[:, at.G_TEAM] = roster.team
        agents[:, at.G_ON_CALL] = layout.on_call[roster.team]
        agents[:, at.G_SPAN_UNTIL] = -1
        self._open: Ints = np.zeros(BUCKETS + at.S_WORDS * OPEN, np.int64)
        self._groups: Ints = np.zeros(at.GROUP_WORDS * GROUPS, np.int64)
        self._spill: Ints = np.zeros(0, np.int64)
        self._b[at.BUCKETS] = self._b[at.NEXT_OPEN] = BUCKETS
        self._b[at.GROUPS_ROOM] = GROUPS
        self._lists: dict[int, list[Ints]] = {count: [] for count, _, _ in _SPILLED}
        self._capacity = dict.fromkeys(self._lists, 0)

    def take(self, rows: Rows) -> None:
        """Add a chunk of rows; the arrays are not kept."""
        legs, work, duty = (
            len(rows.legs) // LEG_WORDS,
            len(rows.work) // WORK_WORDS,
            len(rows.duty) // DUTY_WORDS,
        )
        self._make_room(legs, work, duty)
        accumulate(self._b, self._open, self._groups, self._spill, rows.legs, rows.work, rows.duty)

    def close(self) -> None:
        """No more rows come."""
        contacts = (int(self._b[at.NEXT_OPEN]) - BUCKETS) // at.S_WORDS
        self._make_room_for_groups(3 * contacts)
        end(self._b, self._open, self._groups)
        self._settle()
        self._drain()

    def sum_up(self) -> Floats:
        """Everything was added: the sums by interval are whole. Returns each quantity by line and
        team (quantities, G), over all intervals."""
        plan = self.layout.plan
        rows = self.layout.queues * at.QUEUE_SUMS + self.layout.teams * at.TEAM_SUMS
        sums = np.empty(rows, np.int64)
        sum_up(self._b, sums, *plan.from_accumulator, self.cells.reshape(-1))
        return plan.by_group(self._counts, sums)

    # --- room ---

    def _make_room(self, legs: int, work: int, duty: int) -> None:
        b = self._b
        # a row of work may need places for its contact and its leg, a leg for its contact and its
        # stay; it may end two attempts, a stay, a customer and two passages, and begin another
        beyond = int(b[at.NEXT_OPEN]) + at.S_WORDS * 2 * (legs + work)
        if beyond > len(self._open):
            longer = np.zeros(beyond + len(self._open), np.int64)
            longer[: len(self._open)] = self._open
            self._open = longer
        self._make_room_for_groups(7 * legs)
        capacity = self._capacity
        if (
            int(b[at.LINE_EVENTS]) + 2 * (2 * legs + work) > capacity[at.LINE_EVENTS]
            or int(b[at.LATE_ROWS]) + duty > capacity[at.LATE_ROWS]
            or int(b[at.DUTY_SPANS]) + duty > capacity[at.DUTY_SPANS]
            or int(b[at.DEFERRED_ROWS]) + work > capacity[at.DEFERRED_ROWS]
        ):
            self._drain()
            self._provide(
                {
                    at.LINE_EVENTS: 2 * (2 * legs + work),
                    at.LATE_ROWS: duty,
                    at.DUTY_SPANS: duty,
                    at.DEFERRED_ROWS: work,
                }
            )

    def _provide(self, wanted: dict[int, int]) -> None:
        if all(wanted[count] <= self._capacity[count] for count in wanted):
            return
        used = 0
        for count, address, words in _SPILLED:
            self._capacity[count] = max(2 * wanted[count], SPILL // words)
            self._b[address] = used
            used += words * self._capacity[count]
        self._spill = np.empty(used, np.int64)

    def _make_room_for_groups(self, more: int) -> None:
        room = int(self._b[at.GROUPS_ROOM])
        if 4 * (int(self._b[at.GROUPS_USED]) + more) > 3 * room:
            self._settle()
            while room < MOST_GROUPS or 3 * room < 4 * more:
                room *= 2
            if room > self._b[at.GROUPS_ROOM]:
                self._groups = np.zeros(at.GROUP_WORDS * room, np.int64)
                self._b[at.GROUPS_ROOM] = room

    def _settle(self) -> None:
        """Count the groups that there are, and forget them."""
        groups = self._groups.reshape(-1, at.GROUP_WORDS)
        places = np.flatnonzero(groups[:, at.G_KEY])
        if not len(places):
            return
        keys = groups[places, at.G_KEY] - 1
        order = np.argsort(keys, kind="stable")  # neighbours among the cells are neighbours
        keys, places = keys[order], places[order]
        flows = keys & at.OF_FLOWS != 0
        start, to = np.divmod(keys[flows] >> at.FACT_BITS, self.layout.queues + 1)
        number = groups[places[flows], at.G_NUMBER]
        self._steps.append(Steps(start, to, keys[flows] & _FACTS, number))
        keys, used = keys[~flows], groups[places[~flows]]
        groups[:] = 0
        self._b[at.GROUPS_USED] = 0
        queue = (keys >> at.FACT_BITS) // self.layout.intervals
        kinds = np.unique(queue << at.FACT_BITS | keys & _FACTS)
        found = Kinds(kinds >> at.FACT_BITS, kinds & _FACTS)
        of_kinds = np.zeros((len(kinds), at.COUNTED), np.int64)
        plan, what = self.layout.plan, counted(self.layout.context, found)
        columns = *plan.counted(found, what), of_kinds.reshape(-1), self.cells.reshape(-1)
        settle(self._b, used.reshape(-1), kinds, *columns)
        self._counts += plan.counts(found, what, of_kinds)

    def _drain(self) -> None:
        """Take away what was spilled."""
        for count, address, words in _SPILLED:
            number, start = int(self._b[count]), int(self._b[address])
            if number:
                self._lists[count].append(self._spill[start : start + words * number].copy())
                self._b[count] = 0

    # --- what is in the accumulator ---

    def _of(self, address: int, rows: int, words: int) -> Ints:
        start = int(self._b[address])
        return self._b[start : start + rows * words].reshape(rows, words)

    def of_queue(self, word: int) -> Ints:
        """(Q,): a word of each queue."""
        return self._of(at.QUEUES, self.layout.queues, at.Q_WORDS)[:, word]

    def resolved_by(self) -> Ints:
        """(Q, T): contacts whose handling ended resolved after the warm-up, by queue and team."""
        return self._of(at.RESOLVED_BY, self.layout.queues, self.layout.teams)

    @property
    def phone_us(self) -> int:
        """Time for which phone contacts held a line."""
        return int(self._b[at.PHONE_US])

    def passages(self) -> Steps:
        """The steps of contacts; those that are alike may stand apart."""
        return Steps(*(np.concatenate(each) for each in zip(*self._steps, strict=True)))

    def histograms(self, which: int) -> tuple[Ints, Ints, Ints]:
        """Queues in which durations are counted, the bins that are used (ascending), and the counts
        (queues, bins)."""
        counted = self.layout.counted
        table = self._of(at.BINS, len(counted) * at.HISTOGRAMS, self.layout.bins)
        table = table[which :: at.HISTOGRAMS]
        bins = np.flatnonzero(table.any(axis=0))
        return counted, bins, table[:, bins]

    def peaks(self) -> Floats:
        """(S,): the most that waited at one time, by scope."""
        layout = self.layout
        events = np.concatenate([np.zeros(0, np.int64), *self._lists[at.LINE_EVENTS]])
        self._lists[at.LINE_EVENTS].clear()
        events.sort()
        sets = len(layout.members)
        levels, highest = np.zeros(sets, np.int64), np.zeros(sets, np.int64)
        members = np.ascontiguousarray(layout.members.T, np.int64).ravel()
        peaks(events, layout.class_bits + 1, members, sets, levels, highest)
        return highest[layout.set_of].astype(np.float64)

    def spilled(self, which: int) -> Ints:
        """Rows of `accumulate.layout`: LATE_ROWS, DUTY_SPANS or DEFERRED_ROWS."""
        words = next(words for count, _, words in _SPILLED if count == which)
        return np.concatenate([np.zeros(0, np.int64), *self._lists[which]]).reshape(-1, words)

    def last_spans(self) -> Ints:
        """(n, 3): agent, start and until of the last span on duty of each agent."""
        agents = self._of(at.AGENTS, len(self.team_of), at.G_WORDS)
        known = np.flatnonzero(agents[:, at.G_SPAN_UNTIL] >= 0)
        spans = agents[known][:, [at.G_SPAN_START, at.G_SPAN_UNTIL]]
        return np.column_stack([known, spans])

    # --- what comes from elsewhere ---

    def add_arrivals(self, workload: Workload) -> None:
        """Count customers, by the queue of their first attempt."""
        for begin in range(0, len(workload), SLICE):
            part = slice(begin, begin + SLICE)
            instants = np.ascontiguousarray(workload.at[part], np.int64)
            count_arrivals(self._b, instants, workload.queue[part].astype(np.int64))

    def add_time(
        self, sum_: int, team: Ints, start: Ints, until: Ints, weight: Ints | None = None
    ) -> None:
        """Add stretches of time, so many times each, to a sum of their teams; what lies outside
        the measured window is cut off."""
        weights = np.ones(len(team), np.int64) if weight is None else weight
        add_time(self._b, sum_, *_columns(team, start, until, weights))

    def add_shared_time(self, sum_: int, stretches: Ints, spans: Ints) -> None:
        """Add what stretches of agents' time (agent, start, until, how many times) share with
        spans of the same agents (agent, start, until: in this order, those of one disjoint) to a
        sum of their teams."""
        first = np.searchsorted(spans[:, 0], np.arange(len(self.team_of) + 1))
        columns = _columns(*stretches.T), (first, *_columns(*spans[:, 1:].T))
        add_shared_time(self._b, sum_, self.team_of, *columns[0], *columns[1])


def _columns(*columns: NDArray[np.generic]) -> list[Ints]:
    return [np.ascontiguousarray(each, np.int64) for each in columns]


_FACTS = (1 << at.FACT_BITS) - 1
_SPILLED = (
    (at.LINE_EVENTS, at.LINE_EVENTS_AT, 1),
    (at.LATE_ROWS, at.LATE_ROWS_AT, at.LATE_WORDS),
    (at.DUTY_SPANS, at.DUTY_SPANS_AT, at.SPAN_WORDS),
    (at.DEFERRED_ROWS, at.DEFERRED_ROWS_AT, at.DEFERRED_WORDS),
)
