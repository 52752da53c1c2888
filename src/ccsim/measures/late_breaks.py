"""Work into unpaid breaks that is made up for: what `late_breaks: full length` means for pay."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.window import Ints, Mask
from ccsim.roster.model import Activity, Roster


def without_made_up(late: Ints, roster: Roster, keeps_length: Mask) -> Ints:
    """Overtime less the work into unpaid breaks that is made up for by a later break.

    `late` are rows (agent, start, until; us), those of one agent disjoint; `keeps_length` says of
    each agent whether a break that begins late keeps its length. Such a break reaches into paid
    time: what it takes of the time on duty sets off as much of the work into its unpaid time, what
    was worked first first. What is left, in any order, was worked beyond what the shift is paid.
    """
    spans = roster.spans
    ours = keeps_length[late[:, 0]]
    if not ours.any() or not spans["then_break"].any():
        return late
    others, late = late[~ours], late[ours]
    # One axis on which the days of one agent after the other lie, so that cumulated time has them
    # all; instants move to the axis by what is added for their agent.
    unpaid_rows = roster.schedule[roster.schedule["activity"] == Activity.UNPAID_BREAK]
    first = min(int(each["start"].min(initial=0)) for each in (spans, unpaid_rows))
    last = max(
        int(late[:, 2].max()), *(int(each["until"].max(initial=0)) for each in (spans, unpaid_rows))
    )
    agents = np.arange(len(roster.team), dtype=np.int64)
    shift = agents * (last - first + 1) - first
    late = late[np.lexsort((late[:, 1], late[:, 0]))]
    start, until = (late[:, 1:] + shift[late[:, 0]][:, None]).T
    duty, unpaid = (_Stretches.of(rows, shift) for rows in (spans, unpaid_rows))
    # rows without time in between are one stretch of work
    goes_on = np.append(False, start[1:] == until[:-1])
    begins = np.flatnonzero(~goes_on)
    since, done = start[begins], until[np.append(begins[1:], len(late)) - 1]
    # the span that ends where the work goes on, and the break until the next one
    span = np.minimum(np.searchsorted(duty.until, since), len(spans) - 1)
    is_break = spans["then_break"][span] & (duty.until[span] == since)
    length = duty.start[np.minimum(span + 1, len(spans) - 1)] - since
    back = np.minimum(done + length, shift[late[begins, 0]] + last)
    lost = duty.before(back) - duty.before(done)
    known = unpaid.before(since)
    made_up = np.where(is_break, np.minimum(lost, unpaid.before(done) - known), 0)
    paid_from = np.where(made_up > 0, unpaid.at(known + made_up), since)
    late[:, 1] += np.maximum(paid_from[np.cumsum(~goes_on) - 1] - start, 0)
    return np.concatenate([others, late[late[:, 1] < late[:, 2]]])


class _Stretches:
    """Disjoint stretches of time, in order."""

    def __init__(self, start: Ints, until: Ints) -> None:
        self.start, self.until = start, until
        self._total = np.cumsum(until - start)

    @classmethod
    def of(cls, rows: NDArray[np.void], shift: Ints) -> _Stretches:
        """Rows of a roster, on the axis to which `shift` moves those of each agent."""
        by = shift[rows["agent"]]
        return cls(rows["start"] + by, rows["until"] + by)

    def before(self, instant: Ints) -> Ints:
        """How much of them is before each instant."""
        number = np.searchsorted(self.start, instant, side="right") - 1
        if not len(self.start):
            return np.zeros_like(instant)
        beyond = np.maximum(self.until[number] - instant, 0)
        return np.where(number >= 0, self._total[number] - beyond, 0)

    def at(self, amount: Ints) -> Ints:
        """When there is so much of them; of more than there is, or of nothing, no matter when."""
        if not len(self.start):
            return np.zeros_like(amount)
        number = np.minimum(np.searchsorted(self._total, amount), len(self._total) - 1)
        return np.asarray(self.until[number] - (self._total[number] - amount))
