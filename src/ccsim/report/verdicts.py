"""The verdict in sentences, by rule, and never stronger than the interval.

Two questions are answered: which design keeps every promise, and what each design changes against
the base. A promise is kept only when its interval clears the bound, missed only when the whole
interval lies beyond it, and unsure otherwise. A difference is told only when its (simultaneous,
paired) interval leaves out zero; otherwise the sentence says what is excluded, not that nothing
differs.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from ccsim.report.rounding import Interval, Scale, number, scale_for


class Status(enum.StrEnum):
    """What the simulation can say about a promise."""

    KEPT = "kept"
    MISSED = "missed"
    UNSURE = "unsure"


MARKS = {Status.KEPT: "✓", Status.MISSED: "✗", Status.UNSURE: "?"}


def status_of(
    interval: Interval, *, at_least: float | None = None, at_most: float | None = None
) -> Status:
    """Where the interval lies against a bound (both in the measure's unit).

    Without an interval (nobody came, or one replication only) nothing is sure.
    """
    low, high = interval.low, interval.high
    if interval.value is None or low is None or high is None:
        return Status.UNSURE
    kept = (at_least is None or low >= at_least) and (at_most is None or high <= at_most)
    missed = (at_least is not None and high < at_least) or (at_most is not None and low > at_most)
    return Status.KEPT if kept else Status.MISSED if missed else Status.UNSURE


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of one design in words (`phone answered within 20 s`), and how it stands."""

    what: str
    status: Status


def joined(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def promise_sentences(designs: Sequence[tuple[str, Sequence[Promise]]]) -> list[str]:
    """Which designs keep every promise, which miss one, and which are not decided yet."""
    judged = [(name, promises) for name, promises in designs if promises]
    if not judged:
        return []
    keeping = [name for name, promises in judged if _all(promises, Status.KEPT)]
    missing = [
        (name, _named(promises, Status.MISSED))
        for name, promises in judged
        if _named(promises, Status.MISSED)
    ]
    undecided = [
        (name, _named(promises, Status.UNSURE))
        for name, promises in judged
        if not _named(promises, Status.MISSED) and _named(promises, Status.UNSURE)
    ]
    sentences = []
    alone = len(judged) == 1
    if keeping:
        keep = "keeps" if len(keeping) == 1 else "keep"
        only = (
            "; it is the only one that does"
            if len(keeping) == 1 and not alone and not undecided
            else ""
        )
        name = "Every promise is kept" if alone else f"{joined(keeping)} {keep} every promise"
        sentences.append(f"{name}{only}.")
    elif not undecided:
        sentences += [] if alone else ["No design keeps every promise."]
    for name, promises in undecided:
        subject = "It is" if alone else f"For {name} it is"
        sentences.append(f"{subject} not decided yet whether it keeps {joined(promises)}.")
    if alone or not keeping:
        for name, promises in missing:
            subject = "Missed" if alone else f"{name} misses"
            sentences.append(f"{subject}: {joined(promises)}.")
    return sentences


def _all(promises: Sequence[Promise], status: Status) -> bool:
    return all(promise.status is status for promise in promises)


def _named(promises: Sequence[Promise], status: Status) -> list[str]:
    return [promise.what for promise in promises if promise.status is status]


@dataclass(frozen=True, slots=True)
class Change:
    """A paired difference, design minus base, and the words that say it.

    `more` and `less` follow the amount (`more calls answered in time`); `told_apart` stands for
    the measure where nothing can be told (`calls answered in time`). `needed`: replications after
    which a difference as large as the present estimate would be told, where that is known.
    """

    interval: Interval
    unit: str  # as in rounding.scale_for: points, money:UAH
    more: str
    less: str
    told_apart: str
    needed: int | None = None

    @property
    def direction(self) -> int:
        """1: surely more; -1: surely less; 0: cannot be told, or exactly none."""
        low, high = self.interval.low, self.interval.high
        if self.interval.value is None or low is None or high is None:
            return 0
        return 1 if low > 0 else -1 if high < 0 else 0

    @property
    def exactly_none(self) -> bool:
        """Both designs had the same value in every replication."""
        return self.interval.value == 0 and self.interval.low == 0 and self.interval.high == 0


def change_words(change: Change) -> str:
    """`7.7 points more calls answered in time (7.1 to 8.3)`, or what cannot be told."""
    scale = scale_for(change.unit, [change.interval], signed=True)
    if change.direction == 0:
        return _cannot_tell(change, scale)
    value, low, high = _amounts(change.interval, scale)
    word = change.more if change.direction > 0 else change.less
    unit = f" {scale.unit}" if scale.unit else ""
    return f"{value}{unit} {word} ({low} to {high})"


def _amounts(interval: Interval, scale: Scale) -> tuple[str, str, str]:
    """Size of a difference and of its ends, smaller end first, without signs."""
    assert interval.value is not None and interval.low is not None and interval.high is not None
    ends = sorted(abs(end) * scale.factor for end in (interval.low, interval.high))
    value, low, high = abs(interval.value) * scale.factor, *ends
    return tuple(number(x, scale.decimals) for x in (value, low, high))  # type: ignore[return-value]


def _cannot_tell(change: Change, scale: Scale) -> str:
    if change.exactly_none:
        return f"no difference in {change.told_apart}"
    low, high = change.interval.low, change.interval.high
    if change.interval.value is None or low is None or high is None:
        return f"nothing can be said about {change.told_apart}"
    largest = number(max(-low, high) * scale.factor, scale.decimals)
    unit = f" {scale.unit}" if scale.unit else ""
    text = (
        f"no difference in {change.told_apart} can be told (any above {largest}{unit} is excluded)"
    )
    if change.needed is not None:
        text += f"; about {number(change.needed, 0)} replications would tell"
    return text


def against_sentence(
    base: str, design: str, service: Change | None, cost: Change | None, *, several: bool
) -> str:
    """What `design` changes against `base`: service first, then what it costs."""
    head = f"Against {base}, {design}: " if several else f"Against {base}: "
    if service is None or cost is None:
        one = service or cost
        return "" if one is None else f"{head}{change_words(one)}."
    link = ", and "
    if service.direction > 0 and cost.direction > 0:
        link = ", for "
    elif service.direction < 0 and cost.direction > 0:
        link = ", and still "
    elif service.direction < 0 and cost.direction < 0:
        link = ", for "
    if service.direction == 0 and service.needed is not None:
        link = "; " + link.removeprefix(", ")
    return f"{head}{change_words(service)}{link}{change_words(cost)}."
