"""How the sums of the accumulator become what measures are made of: worked out once for a design.

A quantity has a value in each *group*: the lines, then the teams. Which groups belong to a scope
depends on what is counted: attempts belong to the line in which they are counted, stays to the one
where they are, and where there are both, in scopes of staff it is the teams that count.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ccsim.measures import calling, work
from ccsim.measures.accumulate import layout as at
from ccsim.measures.context import MeasureContext
from ccsim.measures.counts import Quantities, unit_of
from ccsim.measures.groups import Kinds
from ccsim.measures.staff import staff_quantities
from ccsim.measures.window import Floats, Ints
from ccsim.measures.work import Quantity
from ccsim.network.model import Network

ATTEMPTS, STAYS, STAFF = range(3)  # which groups belong to a scope


class MeasurePlan:
    """`cells`: the sums by interval that are wanted, by name, in the order of their rows."""

    def __init__(self, context: MeasureContext, network: Network, cells: Sequence[str]) -> None:
        self._queues, self._teams = len(network.queues), len(network.teams)
        self._groups = self._queues + self._teams
        summed = _of_lines(), _of_teams(context, network)
        nobody = Kinds(np.zeros(0, np.int64), np.zeros(0, np.int64))
        self._counted_by_kind = tuple(calling.counted(context, nobody))  # of attempts and customers
        names = (*self._counted_by_kind, *dict.fromkeys(name for each in summed for name in each))
        self.quantity = {name: i for i, name in enumerate(names)}
        self._of = np.array([self._of_quantity(name) for name in names])
        self._belongs = _belongs(context)
        self._terms = self._made_of(*summed)
        units = {name: each.unit for found in summed for name, each in found.items()}
        self._units = np.array([units.get(name) or unit_of(name) for name in names])

        self.row = {name: row for row, name in enumerate(cells)}
        scopes = {scope.name: s for s, scope in enumerate(context.scopes)}
        split = [name.rpartition(".") for name in cells]
        self._scope = np.array([scopes.get(scope, -1) for scope, _, _ in split])
        self._which = np.array([self.quantity.get(name, -1) for _, _, name in split])
        self._counted = np.flatnonzero(
            (self._which >= 0) & (self._which < len(self._counted_by_kind))
        )
        self.from_accumulator = self._by_interval()

    @property
    def shape(self) -> tuple[int, int]:
        """Quantities, and lines and teams."""
        return len(self.quantity), self._groups

    def _of_quantity(self, name: str) -> int:
        if name in work.ITEMS or name in work.STAYS:
            return STAYS
        counted = name in self._counted_by_kind or name in calling.CALLS | calling.HELP | work.CAME
        return ATTEMPTS if counted else STAFF

    # --- what is counted of attempts and customers ---

    def counted(self, kinds: Kinds, what: Quantities) -> tuple[Ints, Ints]:
        """`first` and `counted`: the pairs `first[k]` to `first[k + 1]` of `counted` are what those
        of kind k count for: a cell, and a column of their number and sums."""
        which, scope = self._which[self._counted], self._scope[self._counted]
        of = np.array([what[name].of for name in self._counted_by_kind])[which]
        column = np.array([what[name].column for name in self._counted_by_kind])[which]
        of &= (self._belongs[ATTEMPTS] > 0)[:, kinds.queue][scope]
        kind, place = np.nonzero(of.T)
        first = np.searchsorted(kind, np.arange(len(kinds.queue) + 1))
        return first, np.column_stack([self._counted[place], column[place]]).ravel()

    def counts(self, kinds: Kinds, what: Quantities, of_kinds: Ints) -> Floats:
        """(quantities, G): what kinds with these numbers and sums count for over all intervals."""
        found = np.zeros(self.shape)
        column = [what[name].column for name in self._counted_by_kind]
        of = np.array([what[name].of for name in self._counted_by_kind])
        counted = of * of_kinds[:, column].T
        begins = np.flatnonzero(np.diff(kinds.queue, prepend=-1))
        if len(begins):
            of_queues = np.add.reduceat(counted, begins, axis=1)
            found[: len(self._counted_by_kind), kinds.queue[begins]] = of_queues
        return found

    # --- what the accumulator sums by queue and team ---

    def _made_of(
        self, lines: dict[str, Quantity], teams: dict[str, Quantity]
    ) -> tuple[Ints, Ints, Ints, Floats]:
        """Of each term: its quantity, its group, a row of the accumulator, and its weight."""
        found: list[tuple[int, int, int, float]] = []
        for many, before, at_first, words, summed in (
            (self._queues, 0, 0, at.QUEUE_SUMS, lines),
            (self._teams, self._queues, at.QUEUE_SUMS * self._queues, at.TEAM_SUMS, teams),
        ):
            for name, each in summed.items():
                for sum_, weight in each.terms:
                    for group, by in enumerate(np.broadcast_to(weight, many).tolist()):
                        source = at_first + words * group + sum_
                        found.append((self.quantity[name], before + group, source, by))
        quantities, groups, sources, weights = zip(*found, strict=True)
        return np.array(quantities), np.array(groups), np.array(sources), np.array(weights)

    def _by_interval(self) -> tuple[Ints, Ints, Floats, Floats]:
        """`first`, `sources`, `weights` and `units` of `accumulate.sums.sum_up`."""
        quantity, group, source, weight = self._terms
        # cell by cell: all cells times all terms would be as much as the square of the lines
        of_quantity = [
            np.flatnonzero((quantity == q) & (weight != 0)) for q in range(len(self.quantity))
        ]
        of_cells = [np.zeros(0, np.int64)]
        for q, scope in zip(self._which.tolist(), self._scope.tolist(), strict=True):
            terms = of_quantity[q] if q >= 0 else of_cells[0]
            of_cells.append(terms[self._belongs[self._of[q]][scope, group[terms]] > 0])
        first = np.cumsum([len(terms) for terms in of_cells])
        term = np.concatenate(of_cells)
        return first, source[term], weight[term], np.append(self._units, 1.0)[self._which]

    # --- together ---

    def by_group(self, counts: Floats, sums: Ints) -> Floats:
        """(quantities, G): over all intervals. `counts`: those of attempts and customers; `sums`:
        of each row of the accumulator."""
        quantity, group, source, weight = self._terms
        place = quantity * self._groups + group
        found = np.bincount(place, weight * sums[source], counts.size).reshape(counts.shape)
        return np.asarray((counts + found) / self._units[:, None])

    def by_scope(self, by_group: Floats) -> Floats:
        """(quantities, S)."""
        found = np.empty((len(by_group), self._belongs[0].shape[0]))
        for which, belongs in enumerate(self._belongs):
            mine = self._of == which
            found[mine] = by_group[mine] @ belongs.T
        return found


def _of_lines() -> dict[str, Quantity]:
    return calling.CALLS | calling.HELP | work.ITEMS | work.STAYS | work.CAME


def _of_teams(context: MeasureContext, network: Network) -> dict[str, Quantity]:
    both = calling.HELP | work.ITEMS
    return {name: each.of_teams() for name, each in both.items()} | staff_quantities(
        context, network
    )


def _belongs(context: MeasureContext) -> tuple[Floats, Floats, Floats]:
    """(S, G) of 0 and 1, of attempts, stays and staff."""
    staff = np.array([scope.kind in ("team", "tier") for scope in context.scopes])[:, None]
    teams = context.of_teams * staff
    nobody = np.zeros_like(context.of_stays)
    return (
        np.hstack([context.of_attempts, teams]),
        np.hstack([context.of_stays, teams]),
        np.hstack([nobody, context.of_teams]),
    )
