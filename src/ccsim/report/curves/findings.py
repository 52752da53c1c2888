"""The title of a figure is its finding, by rule: clear, reversed, or too close to call.

Nothing is said that the intervals do not carry: an interval of the day *misses* a target only
when its whole confidence interval lies below it, and *meets* it only when all of it lies above.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ccsim.report.curves.shown import ServiceByTime, StaffByTime, TradeOff
from ccsim.report.words.names import interval_words, joined, sentence_case
from ccsim.report.words.rounding import number, scale_for
from ccsim.report.words.verdicts import DesignChange, Status, status_of
from ccsim.statistics.estimate import Estimate

Span = tuple[int, int]  # seconds after local midnight, from and until


def clock(seconds: int) -> str:
    """`07:30`; midnight at the end of a day is `24:00`."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"


def spans(starts: Sequence[int], length: int, chosen: Sequence[bool]) -> list[Span]:
    """Neighbouring chosen intervals, merged."""
    merged: list[Span] = []
    for start, take in zip(starts, chosen, strict=True):
        if not take:
            continue
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], start + length)
        else:
            merged.append((start, start + length))
    return merged


def when(chosen: Sequence[Span], length: int, known: int, always: str = "all day") -> str:
    """`all day` (or another word for it), `from 11:00 to 13:30`, `at 10:00`, or how many intervals
    where it is scattered."""
    count = sum((until - start) // length for start, until in chosen)
    if count == known:
        return always
    if len(chosen) <= 2:
        return joined([f"from {clock(start)} to {clock(until)}" for start, until in chosen])
    return f"in {count} of {known} {interval_words(1_000_000 * length)}"


def service_finding(table: ServiceByTime) -> str:
    """When in the day the target is missed, in one design or in the best and worst of several."""
    channel = f"{table.contacts} answered within {table.within}"
    if table.target is None:
        return sentence_case(f"{channel}, by time of day")
    channel += f": target {table.target * 100:g} %"
    said = [(name, _standing(table, curve)) for name, curve in table.curves]
    said.sort(key=lambda item: item[1].rank)  # fewest misses first, else in the order of the file
    (best, good), (worst, bad) = said[0], said[-1]
    if len(said) == 1:
        return sentence_case(f"{channel} {good.words}")
    if all(standing == good for _, standing in said):
        subject = "both designs" if len(said) == 2 else "all designs"
        return sentence_case(f"{channel} {good.words} in {subject}")
    if good.verb == bad.verb:
        words = f"{channel} {bad.verb} {bad.time} in {worst}, {good.time} in {best}"
        return sentence_case(words)
    return sentence_case(f"{channel} {bad.words} in {worst}, {good.words} in {best}")


@dataclass(frozen=True, slots=True)
class _Standing:
    """How one design stands with the target over the day, and when."""

    verb: Status
    time: str
    rank: tuple[int, int]  # intervals missed, intervals undecided

    @property
    def words(self) -> str:
        return f"{self.verb} {self.time}"


def _standing(table: ServiceByTime, curve: Sequence[Estimate | None]) -> _Standing:
    off_duty = table.off_duty or (False,) * len(curve)
    statuses = [
        None
        if cell is None or cell.value is None or nobody
        else status_of(cell, at_least=table.target)
        for cell, nobody in zip(curve, off_duty, strict=True)
    ]
    known = sum(status is not None for status in statuses)
    always = "all day" if not table.off_duty else "in all staffed hours"

    def at(status: Status) -> str:
        chosen = [each is status for each in statuses]
        words = when(spans(table.starts, table.length, chosen), table.length, known, always)
        if not words.startswith("in "):
            return words
        values = [
            (cell.value, start)
            for cell, start, take in zip(curve, table.starts, chosen, strict=True)
            if take and cell is not None and cell.value is not None
        ]
        worst = f"worst at {clock(min(values)[1])}"
        return f"{words} ({worst})"

    rank = (statuses.count(Status.MISSED), statuses.count(Status.CLOSE))
    if rank[0]:
        return _Standing(Status.MISSED, at(Status.MISSED), rank)
    if rank[1]:
        return _Standing(Status.CLOSE, at(Status.CLOSE), rank)
    return _Standing(Status.MET, always, rank)


def staff_finding(table: StaffByTime) -> str:
    """Too few people for the work, too few for the target, or how many more than needed."""
    team = sentence_case(table.team)

    def at(chosen: Sequence[bool]) -> str:
        return when(spans(table.starts, table.length, chosen), table.length, len(table.starts))

    if table.in_hand:
        return _busiest(team, table)
    if table.required is None:
        return _hours(team, table)
    pairs = list(zip(table.on_duty, table.load, strict=True))
    overloaded = [_low(load) > _high(duty) + A_PERSON for duty, load in pairs]
    if any(overloaded):
        live = "live work" if table.all_work is not None else "work"
        return f"{team}: more {live} than people {at(overloaded)}"
    needs = list(zip(table.on_duty, table.required, strict=True))
    surely = [need - _high(duty) for duty, need in needs]  # people missing at least
    maybe = [need - _low(duty) for duty, need in needs]  # people missing at most
    short = [gap >= A_PERSON for gap in surely]
    if any(short):
        most = number(max(1.0, *surely), 0)
        return f"{team}: short of people {at(short)}, by up to {most}"
    undecided = [gap >= A_PERSON for gap in maybe]
    if any(undecided):
        return f"{team}: too close to call whether it is short of people {at(undecided)}"
    spare, start = max((-gap, -start) for gap, start in zip(maybe, table.starts, strict=True))
    if spare < 1:
        return f"{team}: just enough people all day"
    extra = f"{number(spare, 0)} more than needed at {clock(-start)}"
    return f"{team}: enough people all day, {extra}"


def _hours(team: str, table: StaffByTime) -> str:
    """Work that may wait: what matters is whether the day has the hours for it."""
    work = sum(load.value or 0.0 for load in table.load) * table.length / 3600
    duty = sum(each.value or 0.0 for each in table.on_duty) * table.length / 3600
    return f"{team}: {number(work, 0)} hours of work, {number(duty, 0)} hours on duty"


def _busiest(team: str, table: StaffByTime) -> str:
    """When the work in hand takes most of the people on duty."""
    taken = [
        (load.value / duty.value, -start)
        for duty, load, start in zip(table.on_duty, table.load, table.starts, strict=True)
        if duty.value and load.value is not None
    ]
    if not taken:
        return f"{team}: people on duty and their work"
    share, start = max(taken)
    part = number(100 * share, 0)
    return f"{team}: busiest at {clock(-start)}, when work takes {part} % of those on duty"


A_PERSON = 0.5  # people missing below this are the rounding of the formula, not a shortage


def _low(cell: Estimate) -> float:
    return cell.low if cell.low is not None else cell.value or 0.0


def _high(cell: Estimate) -> float:
    return cell.high if cell.high is not None else cell.value or 0.0


def trade_off_finding(table: TradeOff) -> str:
    """What the design with the clearest gain buys, and what it costs."""
    if not table.changes:
        return f"{sentence_case(table.contacts)} answered within {table.within}, and cost a year"
    base = table.points[0][0]
    clear = [change for change in table.changes if change[1].direction]
    if not clear:
        return sentence_case(_no_sure_gain(base, table))
    design, service, cost = max(clear, key=lambda item: item[1].difference.value or 0.0)
    word = service.more if service.direction > 0 else service.less
    return (
        f"{sentence_case(design)} compared with {base}: "
        f"{_rough(service)} {word}{_cost_words(service, cost)}"
    )


def _no_sure_gain(base: str, table: TradeOff) -> str:
    """No design differs surely from the base: say so, and what the only other one costs if that is
    sure. The others are not compared with one another."""
    design, service, cost = table.changes[0]
    if all(change.verdict.word == "same" for _, change, _ in table.changes):
        text = f"{service.subject} the same"
    elif len(table.changes) > 1:
        names = joined([name for name, _, _ in table.changes])
        text = f"{service.subject}: {names} compared with {base} too close to call"
    else:
        text = f"{service.subject}: {design} compared with {base} too close to call"
    if len(table.changes) > 1 or cost.direction == 0:
        return text
    return f"{text}; {design} costs {_rough(cost)} {cost.more if cost.direction > 0 else cost.less}"


def _rough(change: DesignChange) -> str:
    scale = scale_for(change.unit, [change.difference], signed=True)
    value = abs(change.difference.value or 0.0) * scale.factor
    return f"{number(value, scale.decimals)} {scale.unit}"


def _cost_words(service: DesignChange, cost: DesignChange) -> str:
    if cost.verdict.word == "same":
        return ", at the same cost"
    if cost.direction == 0:
        equal = "practically equal" if cost.standing == "equal" else "too close to call"
        return f"; {cost.subject} {equal}"
    trade = (service.direction > 0) == (cost.direction > 0)
    word = cost.more if cost.direction > 0 else cost.less
    return f"{', for' if trade else ', and'} {_rough(cost)} {word}"
