"""What of people's time is paid, and at which premium.

`hours_by_activity` and `gross_up` are for the measures: scheduled time by team and activity within
any window, and what turns the time of people who are counted net of shrinkage into paid time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.roster.model import PAID, Activity, Roster
from ccsim.scenario.blocks.people import HOLIDAYS
from ccsim.scenario.clock import HOUR, LocalClock
from ccsim.units import parse_days, parse_span

if TYPE_CHECKING:
    from ccsim.scenario.schema import Team

BEFORE_ALL = -(1 << 62)
ACTIVITIES = max(Activity) + 1
WITHOUT_PREMIUM = (Activity.UNPAID_BREAK, Activity.STANDBY, Activity.HOLIDAY)
WEEK_DAYS_OF_WORK = 5.0  # full-time hours of a week are worked on so many days, unless stated


class PremiumBands:
    """Premiums of a team over time, as steps: `shares[i]` from `edges[i]` on.

    A key is a span of the wall clock ('22:00-06:00', every day), days ('sun', all day) or
    'holidays'. Where several apply they add up.
    """

    def __init__(self, premium: dict[str, float], clock: LocalClock) -> None:
        spans = [
            (start, until, share)
            for key, share in premium.items()
            if share
            for start, until in _spans(key, clock)
        ]
        edges = sorted({BEFORE_ALL, *(s for s, _, _ in spans), *(u for _, u, _ in spans)})
        change = dict.fromkeys(edges, 0.0)
        for start, until, share in spans:
            change[start] += share
            change[until] -= share
        self.edges = np.array(edges, dtype=np.int64)
        # rounding keeps the sum of equal bands that come and go at exactly 0
        self.shares = np.round(np.cumsum([change[edge] for edge in edges]), 9)

    def split(self, rows: NDArray[np.void]) -> NDArray[np.void]:
        """The SCHEDULE rows cut where the premium changes. Unpaid breaks, standing by and
        holidays that are not worked have none."""
        if len(self.edges) == 1 or not len(rows):
            return rows
        first = np.searchsorted(self.edges, rows["start"], side="right") - 1
        last = np.searchsorted(self.edges, rows["until"], side="left") - 1
        pieces = last - first + 1
        out = np.repeat(rows, pieces)
        # number of the piece within its row: 0, 1, ...
        number = np.arange(len(out)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        band = np.repeat(first, pieces) + number
        ends = np.append(self.edges[1:], np.iinfo(np.int64).max)
        out["start"] = np.maximum(out["start"], self.edges[band])
        out["until"] = np.minimum(out["until"], ends[band])
        without = np.isin(out["activity"], WITHOUT_PREMIUM)
        out["premium"] = np.where(without, 0, self.shares[band])
        return _joined(out)


def _spans(key: str, clock: LocalClock) -> list[tuple[int, int]]:
    """The band's spans (us) from days before the calendar to days after its end."""
    days = range(-4, clock.days + 4)
    if key == HOLIDAYS:
        return [
            (clock.day_start_us(d), clock.day_start_us(d + 1)) for d in days if clock.is_holiday(d)
        ]
    if ":" not in key:
        named = parse_days(key)
        return [
            (clock.day_start_us(d), clock.day_start_us(d + 1))
            for d in days
            if clock.weekday(d) in named
        ]
    start, until = parse_span(key)
    return [
        (clock.instant_us(d, start), clock.instant_us(d if until > start else d + 1, until))
        for d in days
    ]


def _joined(rows: NDArray[np.void]) -> NDArray[np.void]:
    """Touching rows of one agent, activity and premium as one (midnight is no change)."""
    same = np.ones(len(rows), dtype=np.bool_)
    same[0] = False
    for name in ("agent", "activity", "premium"):
        same[1:] &= rows[name][1:] == rows[name][:-1]
    same[1:] &= rows["start"][1:] == rows["until"][:-1]
    starts = np.flatnonzero(~same)
    out = rows[starts]
    out["until"] = rows["until"][np.append(starts[1:], len(rows)) - 1]
    return out


def hours_by_activity(
    roster: Roster, teams: int, start: int, until: int, premium: bool = False
) -> NDArray[np.float64]:
    """Scheduled hours within [start, until) us: an array (teams, 13) by `Activity`.

    With `premium`, each hour is weighted by its premium (what premiums are paid for).
    """
    rows = roster.schedule
    length = np.minimum(rows["until"], until) - np.maximum(rows["start"], start)
    us = np.maximum(length, 0).astype(np.float64)  # whole numbers: sums are exact
    if premium:
        us = us * rows["premium"].astype(np.float64)
    place = roster.team[rows["agent"]].astype(np.int64) * ACTIVITIES + rows["activity"]
    found = np.bincount(place, weights=us, minlength=teams * ACTIVITIES).astype(np.float64)
    return found.reshape(teams, ACTIVITIES) / HOUR


def paid_hours(roster: Roster, teams: tuple[Team, ...], start: int, until: int) -> list[float]:
    """Paid hours by team within [start, until) us: all but unpaid breaks, planned overtime and
    standing by, grossed up where the schedule is net. `teams` are those of the design in the order
    of the file."""
    paid = hours_by_activity(roster, len(teams), start, until)[:, list(PAID)].sum(axis=1)
    return [float(paid[i]) * gross_up(team) for i, team in enumerate(teams)]


def gross_up(team: Team) -> float:
    """Paid hours for one scheduled hour of the team.

    1 for people who work shifts (their absence is in the schedule) and for those on call. Who works
    by `staffing` or `duty_log`, or is simply there, is counted net: 1 / (1 - shrinkage).
    """
    if team.roster is not None or team.drawn_from is not None:
        return 1.0
    return 1.0 / (1.0 - shrinkage_share(team))


def shrinkage_share(team: Team) -> float:
    """Shrinkage as a share of paid time, by its planned values.

    1 - (1 - leave - sick) x (1 - late - training / week - meetings / day), with the week of a
    person by contract and a fifth of it as the day. Kept below 1 (at 0.99).
    """
    s = team.shrinkage
    contract = team.contract
    week = (contract.hours or contract.full_time) if contract is not None else 40 * HOUR
    absent = s.leave + (s.sick.share if s.sick is not None else 0.0)
    lost = s.late + s.training / week + s.meetings * WEEK_DAYS_OF_WORK / week
    return min(1.0 - max(1.0 - absent, 0.0) * max(1.0 - lost, 0.0), 0.99)
