"""The wall clock and the holidays by which a team works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.scenario.clock import LocalClock

if TYPE_CHECKING:
    from ccsim.scenario.schema import Shift, Team


def team_clock(clock: LocalClock, team: Team) -> LocalClock:
    """The calendar by the clock of a team: in its time zone, with its holidays."""
    own = team.holidays
    if team.timezone is None and own is None:
        return clock
    holidays = clock.holidays if own is None else None if isinstance(own, str) else own
    return clock.elsewhere(team.timezone, holidays)


def shift_clock(clock: LocalClock, shift: Shift) -> LocalClock:
    """The clock of a shift: in its own time zone, with the holidays of the team that works it."""
    if shift.timezone is None:
        return clock
    return clock.elsewhere(shift.timezone, clock.holidays)
