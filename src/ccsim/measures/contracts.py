"""What contracts make of the results: penalties for missed promises, revenue from upselling."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping

import numpy as np

from ccsim.measures.components import cell_of, pair_of
from ccsim.measures.context import MeasureContext
from ccsim.measures.window import Floats, Ints, Window
from ccsim.network.model import Network
from ccsim.scenario.schema import Penalty

KEPT = {"answer": "service_level", "resolution": "resolved_within"}
DAYS_OF_A_WEEK = 7
TINY = 1e-9  # a share is a written decimal: 4 of 5 are 80 %


def owed_for(context: MeasureContext) -> tuple[tuple[str, str], ...]:
    """The cells from which penalties are found: of each, the contacts with a promise kept and
    those with one decided."""
    pairs = ((each.of, pair_of(KEPT[each.promise])) for each in context.scenario.costs.penalties)
    return tuple((cell_of(of, kept), cell_of(of, decided)) for of, (kept, decided) in pairs)


def penalties(context: MeasureContext, cells: Mapping[str, Floats]) -> float:
    """What is owed over the horizon. `cells`: by interval, those of `owed_for`."""
    places = {scope.name: s for s, scope in enumerate(context.scopes)}
    total = 0.0
    for penalty, (kept, decided) in zip(
        context.scenario.costs.penalties, owed_for(context), strict=True
    ):
        times = _times(context, penalty, places[penalty.of], cells[kept], cells[decided])
        total += penalty.costs.amount * times
    return total


def _times(
    context: MeasureContext, penalty: Penalty, scope: int, kept: Floats, decided: Floats
) -> float:
    """How often the amount is due: contacts, or periods with the measured part of each."""
    if penalty.costs.per == "contact":
        return float(decided.sum() - kept.sum())
    under = context.target[scope] if penalty.under is None else penalty.under
    period, part = _periods(context.window, context.scenario.calendar.start, penalty.costs.per)
    of_period = [np.bincount(period, counts, len(part)) for counts in (kept, decided)]
    missed = of_period[0] < under * of_period[1] - TINY
    return float(part[missed].sum())


def _periods(window: Window, start: dt.date, per: str) -> tuple[Ints, Floats]:
    """The number of each interval's day, ISO week or month, (I,); and of each such period the part
    that is measured: its days after the warm-up over all its days."""
    days = int(window.day.max(initial=-1)) + 1
    whole = np.bincount(window.day, np.diff(window.edges), days)
    measured = np.bincount(window.day, window.length_us, days) / whole
    dates = [start + dt.timedelta(days=day) for day in range(days)]
    if per == "day":
        names: list[tuple[int, ...]] = [(day,) for day in range(days)]
        length = [1] * days
    elif per == "week":
        names = [tuple(date.isocalendar())[:2] for date in dates]
        length = [DAYS_OF_A_WEEK] * days
    else:
        names = [(date.year, date.month) for date in dates]
        length = [calendar.monthrange(date.year, date.month)[1] for date in dates]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    of_day = np.array([numbers[name] for name in names], np.int64)
    part = np.bincount(of_day, measured / np.array(length), len(numbers))
    return of_day[window.day], part.astype(np.float64)


def upselling(context: MeasureContext, network: Network, resolved: Ints) -> float:
    """Revenue from contacts that people resolved after the warm-up, (Q, T) by queue and team: each
    at its team's share of sales times the value of one."""
    total = 0.0
    for queue, by_team in zip(context.queues, resolved, strict=True):
        upsell = context.scenario.contacts[queue.contact].upsell
        if upsell is not None:
            share = upsell.share
            sales = [
                share.get(team.name, 0.0) if isinstance(share, dict) else share
                for team in network.teams
            ]
            total += upsell.value.amount * float(by_team @ np.array(sales))
    return total
