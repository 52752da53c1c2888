"""Days of leave and sickness, and lateness: what is random about people's presence.

A person's draws come from a key of the replication and the person's number on the payroll alone;
all who work by shifts are counted, team by team in the order of the file. So the person with a
number is absent on the same days in every design, whatever its team is called there; where a design
states a larger share, on those days and on others (the same uniforms decide both).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, name_key, uniforms
from ccsim.roster.model import Activity
from ccsim.scenario.clock import DAY, SECOND

if TYPE_CHECKING:
    from ccsim.scenario.schema import Shrinkage

LEAVE_SPELL_DAYS = 5.0  # mean length of a spell of leave: a convention, the language has no word
LEAD_DAYS = 8  # days before the calendar that are drawn too: the week of the night before it


def absences(root: int, people: Sequence[int], shrinkage: Shrinkage, days: int) -> NDArray[np.int8]:
    """Why each of the people (by number on the payroll) is away on each day, `Activity.LEAVE` or
    `SICK`; 0 where present. Column i is day i - 8, the last one 7 days after the calendar.

    Leave goes before sickness; sickness is drawn at sick / (1 - leave), so that the shares of days
    that are lost to each are those stated.
    """
    count = days + 2 * LEAD_DAYS
    leave = absent_days(_keys(root, people, "leave"), shrinkage.leave, LEAVE_SPELL_DAYS, count)
    sick = np.zeros_like(leave)
    if shrinkage.sick is not None and shrinkage.leave < 1.0:
        share = min(shrinkage.sick.share / (1.0 - shrinkage.leave), 1.0)
        sick = absent_days(_keys(root, people, "sick"), share, shrinkage.sick.spell / DAY, count)
    return np.where(leave, Activity.LEAVE, np.where(sick, Activity.SICK, 0)).astype(np.int8)


def absent_days(
    keys: NDArray[np.uint64], share: float, mean_spell_days: float, count: int
) -> NDArray[np.bool_]:
    """Stationary two-state chains over `count` days, one for each key: absent on `share` of the
    days, in spells. An array (keys, count).

    A spell ends each day with probability 1 / mean_spell_days and begins with the probability that
    keeps the share: share / (1 - share) / mean_spell_days. Where that would exceed 1 spells are
    longer than stated, so that the share is kept. A small uniform means absence, whatever the day
    before was: with spells of two days and more (and shares up to a half) the days of a smaller
    share are among those of a larger one.
    """
    if not 0.0 < share < 1.0:
        return np.full((len(keys), count), share > 0.0)
    ends = min(1.0 / max(mean_spell_days, 1.0), (1.0 - share) / share)
    begins = ends * share / (1.0 - share)
    u = uniforms(keys[:, None], Purpose.FIRST_WORKLOAD, np.arange(count))
    stays, comes = u < 1.0 - ends, u < begins  # absent, if the day before was or was not
    stays[:, 0] = comes[:, 0] = u[:, 0] < share
    # A day on which both are equal does not ask what was before; from there on it stays as it is,
    # or turns each day.
    turns = np.cumsum(comes & ~stays, axis=1)
    asked = np.maximum.accumulate(np.where(stays == comes, np.arange(count), 0), axis=1)
    was = np.take_along_axis(stays, asked, axis=1)
    has_turned = (turns - np.take_along_axis(turns, asked, axis=1)) % 2 == 1
    return was ^ has_turned


def lateness(
    root: int, people: Sequence[int], person: NDArray[np.intp], day: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Uniform numbers that say how late shifts begin, each that of a `person` of the people (by
    number on the payroll) on a day."""
    return uniforms(_keys(root, people, "late")[person], Purpose.FIRST_WORKLOAD, day + 1)


def late_us(u: NDArray[np.float64], share: float, duty: NDArray[np.int64]) -> NDArray[np.int64]:
    """How late shifts with `duty` us of work begin, in whole seconds.

    Uniform between punctual and twice the mean, which is `share` of the duty time.
    """
    late = np.rint(2.0 * u * share * duty / SECOND).astype(np.int64) * SECOND
    return np.minimum(late, duty)


def _keys(root: int, people: Sequence[int], kind: str) -> NDArray[np.uint64]:
    keys = [name_key(root, "absence", person, kind) >> 1 << 1 for person in people]
    return np.array(keys, dtype=np.uint64)
