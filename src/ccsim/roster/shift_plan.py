"""One person's shift on one day, cut into activities."""

from __future__ import annotations

from collections.abc import Iterable

from ccsim.roster.model import Activity
from ccsim.roster.shifts import ShiftDay
from ccsim.scenario.clock import MINUTE, SECOND

GRID = 5 * MINUTE  # meetings and training begin on this grid, counted in time on duty
Part = tuple[int, int, Activity]  # start, until (us), what it is spent on

BREAKS = (Activity.PAID_BREAK, Activity.UNPAID_BREAK)
UNPAID = (Activity.UNPAID_BREAK,)


class ShiftPlan:
    """A shift as consecutive parts. What is taken for one activity comes out of the time on duty,
    so that activities never overlap and the shift keeps its length."""

    def __init__(self, shift: ShiftDay, rank: int, present: int) -> None:
        """The shift with its breaks, for person number `rank` of the `present`.

        A break that would begin before another ends begins at its end; what lies outside the shift
        is cut off.
        """
        self.parts: list[Part] = []
        windows = sorted((w.start(rank, present), w.length, w.paid) for w in shift.breaks)
        for first, last in shift.parts:
            at = first
            begun = [window for window in windows if window[0] < last or last == shift.until]
            for start, length, paid in begun:
                begin = min(max(start, at), last)
                end = min(begin + length, last)
                activity = Activity.PAID_BREAK if paid else Activity.UNPAID_BREAK
                self._add(at, begin, Activity.ON_DUTY)
                self._add(begin, end, activity)
                at = end
            windows = windows[len(begun) :]
            self._add(at, last, Activity.ON_DUTY)

    @property
    def duty(self) -> int:
        """Time on duty, us."""
        return sum(until - start for start, until, what in self.parts if what is Activity.ON_DUTY)

    def away(self, activity: Activity) -> None:
        """The whole shift is lost to an absence; unpaid breaks stay unpaid."""
        self.parts = _joined(
            (start, until, what if what is Activity.UNPAID_BREAK else activity)
            for start, until, what in self.parts
        )

    def stay(self, amount: int) -> None:
        """Planned overtime: on duty for `amount` us after the shift."""
        if self.parts:
            end = self.parts[-1][1]
            self._add(end, end + amount, Activity.OVERTIME)

    def leave_out(self, activity: Activity) -> None:
        """Time that is not this operation's to schedule."""
        self.parts = [part for part in self.parts if part[2] is not activity]

    def shorten(self, share: float) -> None:
        """Keep the first `share` of the paid time: what is this operation's of an absence."""
        paid = sum(until - start for start, until, what in self.parts if what not in UNPAID)
        left = round(share * paid / SECOND) * SECOND
        parts, self.parts = self.parts, []
        for start, until, what in parts:
            if what in UNPAID:
                self._add(start, until if left > 0 else start, what)
                continue
            taken = min(left, until - start)
            self._add(start, start + taken, what)
            left -= taken

    def begin_late(self, amount: int) -> None:
        """The first `amount` us on duty are lost; breaks stay."""
        self._take(0, amount, Activity.LATE)

    def place(self, activity: Activity, amount: int, position: float) -> None:
        """Spend `amount` us on duty on an activity, in one piece where a stretch on duty allows.

        `position` in [0, 1) says where between the first and the last possible beginning. The piece
        moves to the end of its stretch, else to the next stretch that is long enough; only if none
        is, it continues after a break.
        """
        duty = self.duty
        amount = min(amount, duty)
        if amount <= 0:
            return
        wanted = int(position * (duty - amount)) // GRID * GRID
        stretches = self._stretches()
        later = [s for s in stretches if s[1] > wanted]
        earlier = [s for s in stretches if s[1] <= wanted]
        for begin, end in later + earlier:
            if end - begin >= amount:
                self._take(min(max(wanted, begin), end - amount), amount, activity)
                return
        self._take(wanted, amount, activity)

    def spend(self, activity: Activity, amount: int, position: float) -> None:
        """Spend `amount` us on duty on an activity that goes on after breaks, and, when the shift
        ends, at its beginning: with even positions as many people are there at any time.

        `position` in [0, 1) says where in the time on duty it begins.
        """
        duty = self.duty
        begin = int(position * duty) // GRID * GRID
        late = min(amount, duty - begin)
        self._take(begin, late, activity)
        self._take(0, amount - late, activity)

    def _stretches(self) -> list[tuple[int, int]]:
        """Unbroken stretches on duty as (begin, end) in time on duty since the shift's start."""
        out, at = [], 0
        for start, until, what in self.parts:
            if what is Activity.ON_DUTY:
                out.append((at, at + until - start))
                at += until - start
        return out

    def _take(self, offset: int, amount: int, activity: Activity) -> None:
        """Turn the time on duty from `offset` on into `activity`."""
        if amount <= 0:
            return
        parts, self.parts = self.parts, []
        for start, until, what in parts:
            if what is not Activity.ON_DUTY or amount <= 0:
                self._add(start, until, what)
                continue
            skipped = min(offset, until - start)
            taken = min(amount, until - start - skipped)
            offset, amount = offset - skipped, amount - taken
            self._add(start, start + skipped, what)
            self._add(start + skipped, start + skipped + taken, activity)
            self._add(start + skipped + taken, until, what)

    def _add(self, start: int, until: int, what: Activity) -> None:
        if until > start:
            self.parts.append((start, until, what))


def _joined(parts: Iterable[Part]) -> list[Part]:
    """Touching parts of the same kind as one."""
    out: list[Part] = []
    for start, until, what in parts:
        if out and out[-1][1] == start and out[-1][2] is what:
            out[-1] = (out[-1][0], until, what)
        else:
            out.append((start, until, what))
    return out
