"""Waits and backlog for figures: the share answered by time, and how many are waiting when."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ccsim.experiment.execution.result import Experiment
from ccsim.experiment.results.cuts import By
from ccsim.measures.catalogue import promises_on
from ccsim.report.curves.shown import AnsweredWithin, BacklogByTime, Sample
from ccsim.report.tables.answer_table import labels_of
from ccsim.report.tables.time_table import left_by_day
from ccsim.report.text.answer import sample_words
from ccsim.report.text.cautions import grows
from ccsim.report.words.names import (
    LIVE,
    contacts_in,
    contacts_of,
    interval_words,
    joined,
    sentence_case,
)
from ccsim.report.words.rounding import duration, number, scale_for
from ccsim.report.words.verdicts import Status, status_of
from ccsim.scenario.clock import SECOND, LocalClock

if TYPE_CHECKING:
    from ccsim.statistics.estimate import Band, Estimate

POINTS = 96  # of a curve
LONGEST = 8.0  # times the target time: the curve is not drawn farther out
MOST_INSTANTS = 3000  # of a curve; longer calendars are shown day by day


def answered_tables(experiment: Experiment) -> Iterator[AnsweredWithin]:
    """One table for each channel; where its types have different target times, for each type."""
    scenario = experiment.scenario
    for channel in scenario.channels:
        lines = promises_on(scenario, channel)
        times, targets = {within for _, within, _ in lines}, {target for *_, target in lines}
        if len(times) == 1:
            target = targets.pop() if len(targets) == 1 else None
            yield from _answered(experiment, channel, channel, times.pop(), target)
        else:
            for scope, within, target in lines:
                yield from _answered(experiment, scope, channel, within, target)


def _answered(
    experiment: Experiment, scope: str, channel: str, within_us: int | None, target: float | None
) -> Iterator[AnsweredWithin]:
    """The table of a scope; none where no contact is answered, or a design lacks the scope."""
    results = experiment.results
    keys = [f"{scope}.answer_time_p{percent}" for percent in (50, 90, 95)]
    if not all(key in result for key in keys for result in results.values()):
        return
    median, most, nearly_all = ([results[d][key] for d in results] for key in keys)
    reached = [each.value for each in nearly_all if each.value is not None]
    if not reached:
        return
    within = None if within_us is None else within_us / SECOND
    longest = max(reached)
    if within is not None:
        longest = min(max(longest, 2 * within), LONGEST * within)
    limit = max(longest, 1.0)
    at = sorted({*np.linspace(0.0, limit, POINTS).tolist(), *([within] if within else [])})
    level = f"{scope}.service_level"
    in_time = [results[d][level] for d in results] if within is not None else []
    block = experiment.scenario.channels[channel]
    labels = labels_of(experiment.scenarios)
    yield AnsweredWithin(
        scope,
        contacts_in(scope, experiment.scenario),
        None if within_us is None else duration(within_us),
        within,
        target,
        block.promise == "working",
        channel in LIVE,
        tuple(at),
        tuple(
            (labels[name], tuple(band.at(i) for i in range(len(at))))
            for name, result in results.items()
            for band in [result.table.answered_within(scope, np.array(at))]
        ),
        tuple(in_time),
        _sure_difference(experiment, level, in_time),
        tuple(median),
        tuple(most),
        sample_of(experiment),
    )


def _sure_difference(experiment: Experiment, key: str, found: Sequence[Estimate]) -> bool:
    """Whether the best and the worst design surely differ in a measure, paired by replication."""
    if len(found) < 2 or any(each.value is None for each in found):
        return False
    names = sorted(
        zip([each.value or 0.0 for each in found], experiment.results, strict=True),
        key=lambda pair: pair[0],
    )
    worst, best = (experiment.results[name].table for _, name in (names[0], names[-1]))
    difference = best.difference(worst, key).estimate
    return difference.low is not None and difference.low > 0


def answered_finding(table: AnsweredWithin) -> str:
    """How many are answered within the target time, and whether that meets the target; without one,
    how long half and 90 % of the answered wait."""
    if table.within is None or not table.in_time:
        return sentence_case(_usual(table))
    if len(table.curves) == 1:
        return sentence_case(_against_target(table))
    values = [each.value if each.value is not None else math.nan for each in table.in_time]
    shares = _shares(table.in_time)
    target = "" if table.target is None else f"; target {_percent(table.target)}"
    names = [name for name, _ in table.curves]
    if not table.differ:
        low, high = shares[int(np.nanargmin(values))], shares[int(np.nanargmax(values))]
        range_ = low if low == high else f"{low} to {high}"
        words = f"{table.contacts} answered within {table.within}: {range_} %"
        return sentence_case(f"{words}, the designs are too close to call{target}")
    best, worst = int(np.nanargmax(values)), int(np.nanargmin(values))
    return sentence_case(
        f"{table.contacts} answered within {table.within}: {shares[best]} % in {names[best]}, "
        f"{shares[worst]} % in {names[worst]}{target}"
    )


def _against_target(table: AnsweredWithin) -> str:
    (level,), (share,) = table.in_time, _shares(table.in_time)
    said = f"{share} % of {table.contacts} answered within {table.within}"
    if table.target is None:
        return said
    goal = _percent(table.target)
    status = status_of(level, at_least=table.target)
    if status is not Status.MISSED:
        return f"{said}; target {goal} {status.value}"
    _, curve = table.curves[0]
    later = [
        at
        for at, cell in zip(table.at, curve, strict=True)
        if cell.value is not None and cell.value >= table.target
    ]
    if not later:
        return f"{said}; target {goal} missed, and not reached in the time shown"
    return f"{said}; target {goal} missed: it takes {_time(later[0])} to answer {goal}"


def _usual(table: AnsweredWithin) -> str:
    def within(found: Sequence[Estimate]) -> str:
        values = [each.value for each in found if each.value is not None]
        low, high = _time(min(values)), _time(max(values))
        return low if low == high else f"{low} to {high}"

    hours = " in working hours" if table.working else ""
    return (
        f"half of the answered {table.contacts} wait up to {within(table.median)}{hours}, "
        f"90 % up to {within(table.most)}"
    )


def _shares(found: Sequence[Estimate]) -> list[str]:
    scale = scale_for("share", found)
    return [scale.text(each.value) for each in found]


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def _time(seconds: float) -> str:
    """About how long, in the unit people say: `45 s`, `3.2 min`, `5 h`."""
    for unit, length in (("d", 86_400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * length:
            return f"{number(seconds / length, 0 if seconds >= 20 * length else 1)} {unit}"
    return f"{number(seconds, 0 if seconds >= 10 else 1)} s"


# --- backlog --------------------------------------------------------------------------------------


def backlog_tables(experiment: Experiment) -> Iterator[BacklogByTime]:
    """One table for each channel whose contacts may wait (e-mail, tickets), and for a live one only
    where its backlog grows every day."""
    scenario = experiment.scenario
    clock_ = LocalClock(scenario.calendar)
    labels = labels_of(experiment.scenarios)
    by: By = "interval" if len(clock_.interval_starts) <= MOST_INSTANTS else "day"
    for channel in scenario.channels:
        key = f"{channel}.backlog_mean"
        results = {
            name: result
            for name, result in experiment.results.items()
            if key in result.table.interval_keys
        }
        cuts = {name: result.cut(key, by) for name, result in results.items()}
        by_day = [tuple(left_by_day(result, channel)) for result in results.values()]
        growing = tuple(grows(days) for days in by_day)
        if not cuts or (channel in LIVE and not any(growing)):
            continue
        starts = np.array(next(iter(cuts.values())).groups.starts)
        ends = np.append(starts[1:], clock_.day_start_us(scenario.calendar.days))
        days = range(scenario.calendar.days + 1)
        yield BacklogByTime(
            channel,
            contacts_of(channel, scenario),
            tuple(((starts + ends) / (2 * SECOND)).tolist()),
            next(iter(cuts.values())).labels,
            "days" if by == "day" else interval_words(scenario.calendar.interval),
            tuple((labels[name], _estimates(cut.band)) for name, cut in cuts.items()),
            tuple((clock_.day_start_us(day) / SECOND, clock_.date(day)) for day in days),
            tuple(by_day),
            growing,
            sample_of(experiment),
        )


def _estimates(band: Band) -> tuple[Estimate, ...]:
    return tuple(band.at(i) for i in range(len(band.value)))


def backlog_finding(table: BacklogByTime) -> str:
    """Where the backlog grows every day; else when it is largest."""
    names = [name for name, _ in table.curves]
    alone = len(names) == 1
    growing = [i for i, grows_ in enumerate(table.grows) if grows_]
    if growing:
        first = [table.by_day[i][0].value or 0.0 for i in growing]
        last = [table.by_day[i][-1].value or 0.0 for i in growing]
        every = " in every design" if len(growing) == len(names) else ""
        where = "" if alone else every or f" in {joined([names[i] for i in growing])}"
        return (
            f"The backlog of {table.contacts} grows every day{where}: {_range(first)} open after "
            f"the first, {_range(last)} after the last; too few people for the work"
        )
    peaks = [max(curve, key=lambda cell: cell.value or 0.0) for _, curve in table.curves]
    order = sorted(range(len(names)), key=lambda i: peaks[i].value or 0.0)
    least, most = order[0], order[-1]
    place = [cell.value or 0.0 for cell in table.curves[most][1]].index(peaks[most].value or 0.0)
    when = _when(table, place)
    if alone:
        return f"At most {_count(peaks[most])} {table.contacts} are waiting, {when}"
    apart = (peaks[least].high or 0.0) < (peaks[most].low or 0.0)
    if not apart:
        both = _range([peaks[i].value or 0.0 for i in order])
        return f"At most {both} {table.contacts} are waiting; the designs are too close to call"
    return (
        f"At most {_count(peaks[most])} {table.contacts} are waiting in {names[most]} ({when}), "
        f"{_count(peaks[least])} in {names[least]}"
    )


def _when(table: BacklogByTime, place: int) -> str:
    day, _, time = table.labels[place].partition(" ")
    at = f" at {time}" if time else ""
    return f"on {dt.date.fromisoformat(day):%a %d %b}{at}"


def _count(cell: Estimate) -> str:
    value = cell.value or 0.0
    return number(value, 0 if value >= 10 else 1)


def _range(values: Sequence[float]) -> str:
    low, high = (number(v, 0 if max(values) >= 10 else 1) for v in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def sample_of(experiment: Experiment) -> Sample:
    """The scenario's name, and the days and replications behind a figure."""
    name = experiment.scenario.name
    return Sample(name, f"{name} · {sample_words(experiment)}")


__all__ = [
    "answered_finding",
    "answered_tables",
    "backlog_finding",
    "backlog_tables",
    "sample_of",
]
