"""Shifts of many people on many days, cut into activities: all at once, in columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ccsim.roster.model import Activity
from ccsim.roster.shift_times import BREAK_STEP, ShiftDay
from ccsim.scenario.clock import MINUTE, SECOND

GRID = 5 * MINUTE  # meetings and training begin on this grid, counted in time on duty
EVER = 1 << 62  # us: later than any shift

BREAKS = (Activity.PAID_BREAK, Activity.UNPAID_BREAK)

Ints = NDArray[np.int64]


class ShiftDays:
    """Shifts on the days they start, as columns: a row for each, as wide as the one with most."""

    def __init__(self, days: Sequence[ShiftDay]) -> None:
        most_parts = max((len(day.parts) for day in days), default=1)
        most_breaks = max((len(day.breaks) for day in days), default=0)
        parts, breaks = [], []
        for day in days:
            parts.append((*day.parts, *[(day.until, day.until)] * (most_parts - len(day.parts))))
            # of breaks that begin at one time the shorter one goes first, and the unpaid one
            own = sorted((b.length, b.paid, b.first, b.slots) for b in day.breaks)
            breaks.append((*own, *[(0, False, EVER, 0)] * (most_breaks - len(own))))
        part = np.array(parts, dtype=np.int64).reshape(len(days), most_parts, 2)
        window = np.array(breaks, dtype=np.int64).reshape(len(days), most_breaks, 4)
        self.first, self.last = part[:, :, 0], part[:, :, 1]
        self.length, self.begin, self.slots = window[:, :, 0], window[:, :, 2], window[:, :, 3]
        self.kind = np.where(window[:, :, 1] > 0, Activity.PAID_BREAK, Activity.UNPAID_BREAK)


class ShiftPlans:
    """Shifts as consecutive parts. What is taken for one activity comes out of the time on duty, so
    that activities never overlap and a shift keeps its length.

    Shifts have numbers, from 0; those of one person follow each other in time. The parts of all of
    them lie one after the other in columns: number `shift`, from `start` to `until` (us), spent on
    `what`. `person` says whose a shift is. What a method is given it is given for each shift.
    """

    def __init__(
        self,
        person: NDArray[np.intp],
        shift: NDArray[np.intp],
        start: Ints,
        until: Ints,
        what: NDArray[np.int8],
    ) -> None:
        self.person = person
        self._set(shift, start, until, what)

    @classmethod
    def of(
        cls, days: ShiftDays, person: NDArray[np.intp], day: Ints, rank: Ints, present: Ints
    ) -> ShiftPlans:
        """The shifts with numbers `day` in `days`, each with the breaks of person number `rank` of
        the `present`: spread evenly over the slots.

        A break that would begin before another ends begins at its end; what lies outside the shift
        is cut off.
        """
        slot = rank[:, None] * days.slots[day] // np.maximum(present, 1)[:, None]
        begin = days.begin[day] + BREAK_STEP * slot
        order = np.argsort(begin, axis=1, kind="stable")
        begin, length, kind = (
            np.take_along_axis(column, order, axis=1)
            for column in (begin, days.length[day], days.kind[day])
        )
        first, last = days.first[day], days.last[day]
        # of a split shift, the part in which a break is: the first that ends after it begins
        of_part = (begin[:, :, None] >= last[:, None, :-1]).sum(axis=2)
        edges, what = [], []
        for part in range(first.shape[1]):
            at, end = first[:, part], last[:, part]
            for number in range(begin.shape[1]):
                is_here = of_part[:, number] == part
                starts = np.where(is_here, np.clip(begin[:, number], at, end), at)
                ends = np.where(is_here, np.minimum(starts + length[:, number], end), at)
                edges += [(at, starts), (starts, ends)]
                what += [np.full(len(day), Activity.ON_DUTY), kind[:, number]]
                at = ends
            edges.append((at, end))
            what.append(np.full(len(day), Activity.ON_DUTY))
        return cls(
            person,
            np.repeat(np.arange(len(day)), len(edges)),
            np.stack([start for start, _ in edges], axis=1).ravel(),
            np.stack([until for _, until in edges], axis=1).ravel(),
            np.stack(what, axis=1).ravel().astype(np.int8),
        )

    def _set(
        self, shift: NDArray[np.intp], start: Ints, until: Ints, what: NDArray[np.int8]
    ) -> None:
        """Other parts; those without length are none."""
        is_part = until > start
        self.shift, self.start = shift[is_part], start[is_part]
        self.until, self.what = until[is_part], what[is_part]

    @property
    def duty(self) -> Ints:
        """Time on duty, us."""
        return self._along(self.what == Activity.ON_DUTY)[2]

    def away(self, activity: NDArray[np.int8]) -> None:
        """The whole shift is lost to an absence (0: it is not); unpaid breaks stay unpaid."""
        reason = activity[self.shift]
        is_lost = (reason != 0) & (self.what != Activity.UNPAID_BREAK)
        what = np.where(is_lost, reason, self.what)
        goes_on = np.zeros(len(what), dtype=np.bool_)
        goes_on[1:] = (reason[1:] != 0) & (what[1:] == what[:-1])
        goes_on[1:] &= (self.shift[1:] == self.shift[:-1]) & (self.start[1:] == self.until[:-1])
        begin = np.flatnonzero(~goes_on)
        until = self.until[np.append(begin[1:], len(what)) - 1] if len(begin) else self.until
        self._set(self.shift[begin], self.start[begin], until, what[begin])

    def stay(self, amount: Ints) -> None:
        """Planned overtime: on duty for `amount` us after the shift."""
        last = self._ends()[1]
        last = last[amount[self.shift[last]] > 0]
        shift, start = self.shift[last], self.until[last]
        self._set(
            np.insert(self.shift, last + 1, shift),
            np.insert(self.start, last + 1, start),
            np.insert(self.until, last + 1, start + amount[shift]),
            np.insert(self.what, last + 1, Activity.OVERTIME),
        )

    def leave_out(self, activity: Activity) -> None:
        """Time that is not this operation's to schedule."""
        left = self.what != activity
        self._set(self.shift[left], self.start[left], self.until[left], self.what[left])

    def shorten(self, share: NDArray[np.float64]) -> None:
        """Keep the first `share` of the paid time: what is this operation's of an absence."""
        is_paid = self.what != Activity.UNPAID_BREAK
        begin, end, paid = self._along(is_paid)
        kept = np.rint(share * paid / SECOND).astype(np.int64) * SECOND
        left = np.where(share < 1.0, kept, EVER)[self.shift] - begin
        stays = np.where(is_paid, np.clip(left, 0, end - begin), self.until - self.start)
        until = np.where(left > 0, self.start + stays, self.start)
        self._set(self.shift, self.start, until, self.what)

    def begin_late(self, amount: Ints) -> None:
        """The first `amount` us on duty are lost; breaks stay."""
        self._take(np.zeros_like(amount), amount, Activity.LATE)

    def place(self, activity: Activity, amount: Ints, position: NDArray[np.float64]) -> None:
        """Spend `amount` us on duty on an activity, in one piece where a stretch on duty allows.

        `position` in [0, 1) says where between the first and the last possible beginning. The piece
        moves to the end of its stretch, else to the next stretch that is long enough; only if none
        is, it continues after a break.
        """
        is_duty = self.what == Activity.ON_DUTY
        begin, end, duty = self._along(is_duty)
        amount = np.minimum(amount, duty)
        wanted = (position * (duty - amount)).astype(np.int64) // GRID * GRID
        is_long = is_duty & (end - begin >= amount[self.shift])
        is_later = end > wanted[self.shift]
        stretch = np.full(len(duty), -1)
        for stretches in (is_long & ~is_later, is_long & is_later):
            found = np.flatnonzero(stretches)[::-1]  # the first one is written last
            stretch[self.shift[found]] = found
        fits = np.flatnonzero(stretch >= 0)
        one = stretch[fits]
        wanted[fits] = np.minimum(np.maximum(wanted[fits], begin[one]), end[one] - amount[fits])
        self._take(wanted, amount, activity)

    def spend(self, activity: Activity, amount: Ints, position: NDArray[np.float64]) -> None:
        """Spend `amount` us on duty on an activity that goes on after breaks, and, when the shift
        ends, at its beginning: with even positions as many people are there at any time.

        `position` in [0, 1) says where in the time on duty it begins.
        """
        duty = self.duty
        begin = (position * duty).astype(np.int64) // GRID * GRID
        late = np.minimum(amount, duty - begin)
        self._take(begin, late, activity)
        self._take(np.zeros_like(begin), amount - late, activity)

    def one_after_the_other(self, horizon: int) -> None:
        """A person's shift that has begun before the last one ended begins at its end; what lies
        outside the calendar altogether is left out."""
        first, last = self._ends()
        free_from = np.full(len(self.person), EVER)
        whose, free = -1, -EVER
        number = self.shift[first]
        rows = zip(
            number.tolist(),
            self.person[number].tolist(),
            self.start[first].tolist(),
            self.until[last].tolist(),
            first.tolist(),
            last.tolist(),
            strict=True,
        )
        for shift, person, start, until, a, b in rows:
            if person != whose:
                whose, free = person, -EVER
            if until <= max(free, 0):
                continue
            if start < free:  # its first part that does not end before
                part = a + int(np.searchsorted(self.until[a : b + 1], free, side="right"))
                start = max(int(self.start[part]), free)
            if start < horizon:
                free_from[shift] = free
                free = until
        self._set(self.shift, np.maximum(self.start, free_from[self.shift]), self.until, self.what)

    def _ends(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The first and the last part of each shift that has any."""
        first = np.flatnonzero(np.diff(self.shift, prepend=-1))
        return first, np.flatnonzero(np.diff(self.shift, append=-1))

    def _along(self, counts: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
        """Where each part begins and ends in that time of its shift that is of the parts that
        count, us; how much that is in all, for each shift."""
        length = np.where(counts, self.until - self.start, 0)
        total = np.bincount(self.shift, weights=length, minlength=len(self.person)).astype(np.int64)
        end = np.cumsum(length) - (np.cumsum(total) - total)[self.shift]
        return end - length, end, total

    def _take(self, offset: Ints, amount: Ints, activity: Activity) -> None:
        """Turn the time on duty from `offset` on into `activity`."""
        begin, end, _ = self._along(self.what == Activity.ON_DUTY)
        offset = np.where(amount > 0, offset, 0)  # a part from which nothing is taken stays whole
        before = np.clip(offset[self.shift], begin, end) - begin
        after = np.clip((offset + np.maximum(amount, 0))[self.shift], begin, end) - begin
        start, until = self.start + before, self.start + after
        self._set(
            np.repeat(self.shift, 3),
            np.stack((self.start, start, until), axis=1).ravel(),
            np.stack((start, until, self.until), axis=1).ravel(),
            np.stack((self.what, np.full_like(self.what, activity), self.what), axis=1).ravel(),
        )
