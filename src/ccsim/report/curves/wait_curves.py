"""Waits and backlog for figures: who is answered within what time, how many are in line when."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ccsim.experiment.cuts import By
from ccsim.experiment.result import Experiment
from ccsim.measures.catalogue import promises_on
from ccsim.report.curves.shown import AnsweredWithin, BacklogByTime, Sample
from ccsim.report.tables.time_table import left_by_day
from ccsim.report.text.answer import sample_words
from ccsim.report.text.cautions import grows
from ccsim.report.words.labels import LIVE, channel_name, contacts_of, interval_words, sentence_case
from ccsim.report.words.rounding import duration, number, scale_for
from ccsim.report.words.verdicts import Status, joined, status_of
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.segments import base_type, segment_of

if TYPE_CHECKING:
    from ccsim.statistics.estimate import Band, Estimate

SECOND = 1_000_000
POINTS = 96  # of a curve
LONGEST = 8.0  # times the promise: farther out nobody looks
MOST_INSTANTS = 3000  # of a curve; longer calendars are shown day by day


def answered_tables(experiment: Experiment) -> Iterator[AnsweredWithin]:
    """One table a channel; where its types promise different times, one a type on it."""
    scenario = experiment.scenario
    for channel in scenario.channels:
        said = promises_on(scenario, channel)
        promises, targets = {promise for _, promise, _ in said}, {target for *_, target in said}
        if len(promises) == 1:
            target = targets.pop() if len(targets) == 1 else None
            yield from _answered(experiment, channel, channel, promises.pop(), target)
        else:
            for scope, promise, target in said:
                yield from _answered(experiment, scope, channel, promise, target)


def _answered(
    experiment: Experiment, scope: str, channel: str, promise_us: int | None, target: float | None
) -> Iterator[AnsweredWithin]:
    """The table of a scope; none where nobody is ever answered, or a design lacks the scope."""
    results = experiment.results
    keys = [f"{scope}.answer_time_p{percent}" for percent in (50, 90, 95)]
    if not all(key in result for key in keys for result in results.values()):
        return
    median, most, nearly_all = ([results[d][key] for d in results] for key in keys)
    reached = [each.value for each in nearly_all if each.value is not None]
    if not reached:
        return
    promise = None if promise_us is None else promise_us / SECOND
    longest = max(reached)
    if promise is not None:
        longest = min(max(longest, 2 * promise), LONGEST * promise)
    limit = max(longest, 1.0)
    at = sorted({*np.linspace(0.0, limit, POINTS).tolist(), *([promise] if promise else [])})
    level = f"{scope}.service_level"
    in_time = [results[d][level] for d in results] if promise is not None else []
    block = experiment.scenario.channels[channel]
    contact, _, _ = scope.rpartition(".")
    yield AnsweredWithin(
        f"{_type_words(contact)} by {channel_name(channel)}" if contact else channel_name(channel),
        contacts_of(channel),
        None if promise_us is None else duration(promise_us),
        promise,
        target,
        block.promise == "working",
        channel in LIVE,
        tuple(at),
        tuple(
            (name, tuple(band.at(i) for i in range(len(at))))
            for name, result in results.items()
            for band in [result.table.answered_within(scope, np.array(at))]
        ),
        tuple(in_time),
        _told_apart(experiment, level, in_time),
        tuple(median),
        tuple(most),
        sample_of(experiment),
    )


def _type_words(name: str) -> str:
    """`defects`, or those of a segment: `defects (enterprise)`."""
    segment = segment_of(name)
    return f"{base_type(name)} ({segment})" if segment else name


def _told_apart(experiment: Experiment, key: str, found: Sequence[Estimate]) -> bool:
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
    """How many are answered within the promise, and whether that keeps it; without one, how long
    it takes until half and 90 % of the answered are."""
    if table.within is None or not table.in_time:
        return sentence_case(_usual(table))
    if len(table.curves) == 1:
        return sentence_case(_against_promise(table))
    values = [each.value if each.value is not None else math.nan for each in table.in_time]
    shares = _shares(table.in_time)
    promised = "" if table.target is None else f"; promised: {_percent(table.target)}"
    names = [name for name, _ in table.curves]
    if not table.told_apart:
        low, high = shares[int(np.nanargmin(values))], shares[int(np.nanargmax(values))]
        range_ = low if low == high else f"{low} to {high}"
        words = f"{table.what} answered within {table.within}: {range_} %"
        return sentence_case(f"{words}, designs are not told apart{promised}")
    best, worst = int(np.nanargmax(values)), int(np.nanargmin(values))
    return sentence_case(
        f"{table.what} answered within {table.within}: {shares[best]} % in {names[best]}, "
        f"{shares[worst]} % in {names[worst]}{promised}"
    )


def _against_promise(table: AnsweredWithin) -> str:
    (level,), (share,) = table.in_time, _shares(table.in_time)
    said = f"{share} % of {table.contacts} answered within {table.within}"
    if table.target is None:
        return f"{table.what}: {said}"
    goal = _percent(table.target)
    status = status_of(level, at_least=table.target)
    if status is Status.KEPT:
        return f"{table.what} keeps its promise: {said}, promised are {goal}"
    (_, curve), verb = table.curves[0], "misses its promise"
    later = [
        at
        for at, cell in zip(table.at, curve, strict=True)
        if cell.value is not None and cell.value >= table.target
    ]
    if status is Status.UNSURE:
        return f"{table.what} may miss its promise: {said}, promised are {goal} (not decided)"
    if not later:
        return f"{table.what} {verb}: {said}, and {goal} never are in the time shown"
    return f"{table.what} {verb}: {said}, and it takes {_time(later[0])} until {goal} are"


def _usual(table: AnsweredWithin) -> str:
    def within(found: Sequence[Estimate]) -> str:
        values = [each.value for each in found if each.value is not None]
        low, high = _time(min(values)), _time(max(values))
        return low if low == high else f"{low} to {high}"

    hours = " in working hours" if table.working else ""
    return (
        f"{table.what}: half of the answered are so within {within(table.median)}{hours}, "
        f"90 % within {within(table.most)}"
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
    """One table a channel whose contacts wait for their turn (e-mail, tickets), and a live one
    only where its line grows by the day."""
    scenario = experiment.scenario
    clock_ = LocalClock(scenario.calendar)
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
            channel_name(channel),
            contacts_of(channel),
            tuple(((starts + ends) / (2 * SECOND)).tolist()),
            next(iter(cuts.values())).labels,
            "days" if by == "day" else interval_words(scenario.calendar.interval),
            tuple((name, _estimates(cut.band)) for name, cut in cuts.items()),
            tuple((clock_.day_start_us(day) / SECOND, clock_.date(day)) for day in days),
            tuple(by_day),
            growing,
            sample_of(experiment),
        )


def _estimates(band: Band) -> tuple[Estimate, ...]:
    return tuple(band.at(i) for i in range(len(band.value)))


def backlog_finding(table: BacklogByTime) -> str:
    """Where the backlog grows by the day; else when it is largest."""
    names = [name for name, _ in table.curves]
    alone = len(names) == 1
    growing = [i for i, grows_ in enumerate(table.grows) if grows_]
    if growing:
        first = [table.by_day[i][0].value or 0.0 for i in growing]
        last = [table.by_day[i][-1].value or 0.0 for i in growing]
        every = " in every design" if len(growing) == len(names) else ""
        where = "" if alone else every or f" in {joined([names[i] for i in growing])}"
        return (
            f"The backlog of {table.contacts} grows by the day{where}: {_range(first)} left on the "
            f"first, {_range(last)} on the last, too few people for the work"
        )
    peaks = [max(curve, key=lambda cell: cell.value or 0.0) for _, curve in table.curves]
    order = sorted(range(len(names)), key=lambda i: peaks[i].value or 0.0)
    least, most = order[0], order[-1]
    place = [cell.value or 0.0 for cell in table.curves[most][1]].index(peaks[most].value or 0.0)
    when = _when(table, place)
    if alone:
        return f"At most {_count(peaks[most])} {table.contacts} wait in line, {when}"
    apart = (peaks[least].high or 0.0) < (peaks[most].low or 0.0)
    if not apart:
        both = _range([peaks[i].value or 0.0 for i in order])
        return f"At most {both} {table.contacts} wait in line; designs are not told apart"
    return (
        f"At most {_count(peaks[most])} {table.contacts} wait in line in {names[most]} ({when}), "
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
    """The scenario's name, and what the figures rest on."""
    name = experiment.scenario.name
    return Sample(name, f"{name} · {sample_words(experiment)}")


__all__ = [
    "answered_finding",
    "answered_tables",
    "backlog_finding",
    "backlog_tables",
    "sample_of",
]
