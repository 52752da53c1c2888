"""Rotating shifts: which shift a person works on a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ccsim.scenario.blocks.time import OFF

if TYPE_CHECKING:
    from ccsim.scenario.schema import Shift

Turn = tuple[str, int]  # the shift, and the person's number among those who work it


def rotation_shift(
    shifts: Mapping[str, Shift], entry: str, position: int, date: dt.date
) -> Turn | None:
    """What person number `position` of a roster's entry works on a date; None for time off.

    In a rotation of n shifts person i stands i places further along than person 0, and everybody
    goes one place on after each period. Periods are counted from a Monday on (1 January of year 1),
    so that those of whole weeks begin on Mondays. The numbers of those on one shift follow each
    other, so that days off and breaks are spread over them as over anybody.
    """
    shift = shifts[entry]
    if shift.rotates is None:
        return entry, position
    places = len(shift.rotates)
    period = (date.toordinal() - 1) // shift.period_days
    place = (period + position) % places
    name = shift.rotates[place]
    if name == OFF:
        return None
    same = [number for number, other in enumerate(shift.rotates) if other == name]
    return name, position // places * len(same) + same.index(place)
