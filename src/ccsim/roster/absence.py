"""Days of leave and sickness, and lateness: what is random about people's presence.

A person's draws come from a key of the replication and the person's number on the payroll alone;
all who work by shifts are counted, team by team in the order of the file. So the person with a
number is absent on the same days in every design, whatever its team is called there; where a design
states a larger share, on those days and on others (the same uniforms decide both).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, name_key, uniform
from ccsim.roster.model import Activity
from ccsim.scenario.clock import DAY, SECOND

if TYPE_CHECKING:
    from ccsim.scenario.schema import Shrinkage

LEAVE_SPELL_DAYS = 5.0  # mean length of a spell of leave: a convention, the language has no word
LEAD_DAYS = 8  # days before the calendar that are drawn too: the week of the night before it


@dataclass(frozen=True, slots=True)
class Presence:
    """One person's whole days of absence. `leave[i]` and `sick[i]` are those of day i - 8."""

    leave: NDArray[np.bool_]
    sick: NDArray[np.bool_]

    def absence(self, day: int) -> Activity | None:
        """Why the person is away on a day; None if present."""
        if self.leave[day + LEAD_DAYS]:
            return Activity.LEAVE
        return Activity.SICK if self.sick[day + LEAD_DAYS] else None


def presence(root: int, person: int, shrinkage: Shrinkage, days: int) -> Presence:
    """The absences of one person from 8 days before the calendar to 8 days after it.

    Leave goes before sickness; sickness is drawn at sick / (1 - leave), so that the shares of days
    that are lost to each are those stated.
    """
    count = days + 2 * LEAD_DAYS
    leave = absent_days(_key(root, person, "leave"), shrinkage.leave, LEAVE_SPELL_DAYS, count)
    if shrinkage.sick is None or shrinkage.leave >= 1.0:
        return Presence(leave, np.zeros(count, dtype=np.bool_))
    share = min(shrinkage.sick.share / (1.0 - shrinkage.leave), 1.0)
    spell = shrinkage.sick.spell / DAY
    return Presence(leave, absent_days(_key(root, person, "sick"), share, spell, count))


def absent_days(key: int, share: float, mean_spell_days: float, count: int) -> NDArray[np.bool_]:
    """A stationary two-state chain over `count` days: absent on `share` of them, in spells.

    A spell ends each day with probability 1 / mean_spell_days and begins with the probability that
    keeps the share: share / (1 - share) / mean_spell_days. Where that would exceed 1 spells are
    longer than stated, so that the share is kept. A small uniform means absence, whatever the day
    before was: with spells of two days and more (and shares up to a half) the days of a smaller
    share are among those of a larger one.
    """
    absent = np.zeros(count, dtype=np.bool_)
    if share <= 0.0:
        return absent
    if share >= 1.0:
        return ~absent
    ends = min(1.0 / max(mean_spell_days, 1.0), (1.0 - share) / share)
    begins = ends * share / (1.0 - share)
    away = uniform(key, 0, 0, Purpose.FIRST_WORKLOAD) < share
    absent[0] = away
    for day in range(1, count):
        u = uniform(key, day, 0, Purpose.FIRST_WORKLOAD)
        away = u < (1.0 - ends if away else begins)
        absent[day] = away
    return absent


def late_us(root: int, person: int, day: int, share: float, duty: int) -> int:
    """How late a person begins a shift with `duty` us of work, in whole seconds.

    Uniform between punctual and twice the mean, which is `share` of the duty time.
    """
    if share <= 0.0:
        return 0
    u = uniform(_key(root, person, "late"), day + 1, 0, Purpose.FIRST_WORKLOAD)
    return min(round(2.0 * u * share * duty / SECOND) * SECOND, duty)


def _key(root: int, person: int, kind: str) -> int:
    return name_key(root, "absence", person, kind) >> 1 << 1
