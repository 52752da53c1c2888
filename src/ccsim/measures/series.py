"""Sums by line or team and interval, and what they come to in each scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ccsim.measures.tally import Floats, Ints


@dataclass(frozen=True, eq=False)
class Members:
    """Which groups (queues, teams) belong to which scope."""

    matrix: Floats  # (S, G) of 0 and 1

    @cached_property
    def of(self) -> tuple[tuple[int, ...], ...]:
        """The groups of each scope."""
        return tuple(tuple(np.flatnonzero(row).tolist()) for row in self.matrix)


@dataclass(frozen=True, eq=False)
class Sums:
    """One quantity by group and interval, (G, I)."""

    members: Members
    cells: Floats
    _rows: dict[tuple[int, ...], Floats] = field(init=False, default_factory=dict)

    def row(self, scope: int) -> Floats:
        """(I,): the sum over a scope by interval; not to be changed."""
        groups = self.members.of[scope]
        if groups not in self._rows:
            row = (
                self.cells[groups[0]] if len(groups) == 1 else self.cells[list(groups)].sum(axis=0)
            )
            self._rows[groups] = row
        return self._rows[groups]

    @cached_property
    def totals(self) -> Floats:
        """(S,): over all intervals."""
        return np.asarray(self.members.matrix @ self.cells.sum(axis=1))

    def over(self, starts: Ints) -> Floats:
        """(S, stretches): over stretches of intervals that begin at these ones."""
        of_groups = np.add.reduceat(self.cells, starts, axis=1)
        return np.stack([of_groups[list(groups)].sum(axis=0) for groups in self.members.of])


@dataclass(frozen=True, eq=False)
class Either:
    """Sums of lines, but in scopes of staff those of teams."""

    lines: Sums
    teams: Sums
    is_staff: tuple[bool, ...]  # by scope

    def row(self, scope: int) -> Floats:
        return (self.teams if self.is_staff[scope] else self.lines).row(scope)

    @property
    def totals(self) -> Floats:
        return np.where(self.is_staff, self.teams.totals, self.lines.totals)


Quantity = Sums | Either
Series = dict[str, tuple[Quantity, Quantity | None]]  # numerator; denominator, None for 1
