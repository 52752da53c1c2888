"""The verdict in sentences, by rule, and never stronger than the interval.

Two questions are answered: which design keeps every promise, and what each design changes against
the base. A promise is kept only when its interval clears the bound, missed only when the whole
interval lies beyond it, and unsure otherwise. A difference is told only when its (simultaneous,
paired) interval leaves out zero; otherwise the sentence says what is excluded, not that nothing
differs.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ccsim.report.words.rounding import Scale, number, scale_for
from ccsim.statistics.estimate import Estimate
from ccsim.statistics.verdict import Verdict, promise, verdict


class Status(enum.StrEnum):
    """What the simulation can say about a promise."""

    KEPT = "kept"
    MISSED = "missed"
    UNSURE = "unsure"


MORE_DIGITS = 3  # at most, where the nearer end of a sure difference would read as zero
MARKS = {Status.KEPT: "✓", Status.MISSED: "✗", Status.UNSURE: "?"}


def status_of(
    estimate: Estimate, *, at_least: float | None = None, at_most: float | None = None
) -> Status:
    """How a promise stands (bounds in the measure's unit); undefined (nobody came) is unsure."""
    word = promise(estimate, at_least=at_least, at_most=at_most)
    return Status.UNSURE if word == "undefined" else Status(word)


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
        everybody = len(judged) > 2 and len(keeping) == len(judged)
        only = (
            "; it is the only one that does"
            if len(keeping) == 1 and not alone and not undecided
            else ""
        )
        name = (
            "Every promise is kept"
            if alone
            else (
                "All designs keep every promise"
                if everybody
                else f"{joined(keeping)} {keep} every promise"
            )
        )
        sentences.append(f"{name}{only}.")
    elif not undecided:
        sentences += [] if alone else ["No design keeps every promise."]
    for names, promises in _alike(undecided):
        subject = "It is" if alone else f"For {names} it is"
        keep = "they keep" if " and " in names else "it keeps"
        sentences.append(f"{subject} not decided yet whether {keep} {joined(promises)}.")
    if alone or not keeping:
        for names, promises in _alike(missing):
            miss = "miss" if " and " in names else "misses"
            sentences.append(f"{'Missed' if alone else f'{names} {miss}'}: {joined(promises)}.")
    return sentences


def _alike(designs: Sequence[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """Designs with the same promises told together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, promises in designs:
        groups.setdefault(tuple(promises), []).append(name)
    return [(joined(names), list(promises)) for promises, names in groups.items()]


def _all(promises: Sequence[Promise], status: Status) -> bool:
    return all(promise.status is status for promise in promises)


def _named(promises: Sequence[Promise], status: Status) -> list[str]:
    return [promise.what for promise in promises if promise.status is status]


@dataclass(frozen=True, slots=True)
class DesignChange:
    """A paired difference, design minus base, and the words that say it.

    `more` and `less` follow the amount (`more calls answered in time`); `subject` stands for the
    measure where nothing can be told (`calls answered in time`).
    """

    difference: Estimate
    unit: str  # as in rounding.scale_for: points, money:UAH
    more: str
    less: str
    subject: str

    @property
    def verdict(self) -> Verdict:
        """What the interval carries: higher, lower, same, not distinguishable or undefined."""
        return verdict(self.difference, "neither")

    @property
    def direction(self) -> int:
        """1: surely more; -1: surely less; 0: not told apart, or the same."""
        return {"higher": 1, "lower": -1}.get(self.verdict.word, 0)


def change_words(change: DesignChange) -> str:
    """`7.7 points more calls answered in time (7.1 to 8.3)`, or what cannot be told."""
    scale = scale_for(change.unit, [change.difference], signed=True)
    if change.direction == 0:
        return _cannot_tell(change, scale)
    value, low, high = _amounts(change.difference, scale)
    for more in range(1, MORE_DIGITS + 1):  # a sure difference never reads as one from 0 on
        if low.strip("0. "):
            break
        finer = replace(scale, decimals=scale.decimals + more)
        value, low, high = _amounts(change.difference, finer)
    word = change.more if change.direction > 0 else change.less
    unit = f" {scale.unit}" if scale.unit else ""
    return f"{value}{unit} {word}" + ("" if low == high else f" ({low} to {high})")


def brief_words(change: DesignChange) -> str:
    """The same for a legend: `7.7 points more (7.1 to 8.3)`, or `not told apart (above ...)`."""
    if change.direction == 0:
        words = change_words(change)
        return words.split(";")[0]
    return change_words(change)


def _amounts(interval: Estimate, scale: Scale) -> tuple[str, str, str]:
    """Size of a difference and of its ends, smaller end first, without signs."""
    assert interval.value is not None and interval.low is not None and interval.high is not None
    ends = sorted(abs(end) * scale.factor for end in (interval.low, interval.high))
    value, low, high = abs(interval.value) * scale.factor, *ends
    return tuple(number(x, scale.decimals) for x in (value, low, high))  # type: ignore[return-value]


def _cannot_tell(change: DesignChange, scale: Scale) -> str:
    found = change.verdict
    if found.word == "same":
        return f"no difference in {change.subject}"
    if found.excluded_above is None:
        return f"nothing can be said about {change.subject}"
    step = 10.0**-scale.decimals  # rounded up: what is said to be excluded is
    largest = number(
        math.ceil(found.excluded_above * scale.factor / step - 1e-6) * step, scale.decimals
    )
    unit = f" {scale.unit}" if scale.unit else ""
    text = f"no difference in {change.subject} can be told (any above {largest}{unit} is excluded)"
    if found.replications is not None and found.for_difference is not None:
        size = number(found.for_difference * scale.factor, scale.decimals)
        if size.strip("0."):
            runs = number(found.replications, 0)
            text += f"; about {runs} replications would tell a difference of {size}{unit}"
    return text


def against_sentence(
    base: str,
    design: str,
    service: Sequence[DesignChange],
    money: Sequence[DesignChange],
    *,
    several: bool,
) -> str:
    """What `design` changes against `base`: service first, then what it costs, and where
    something is sold beside what is left of that.

    The first change of `service` is always told, the others only where they are sure.
    """
    told = [change for i, change in enumerate(service) if i == 0 or change.direction]
    parts = [change_words(change) for change in told]
    for change in money:
        link = _link(told, change) if change is money[0] else "and "
        parts.append(link + change_words(change))
    if not parts:
        return ""
    separator = "; " if any(";" in part for part in parts) else ", "
    head = f"Against {base}, {design}: " if several else f"Against {base}: "
    return head + separator.join(parts) + "."


def _link(told: Sequence[DesignChange], cost: DesignChange) -> str:
    """`for` joins what is bought with what it costs; `and` joins what is no trade."""
    directions = {change.direction for change in told}
    if not told or cost.direction == 0:
        return "" if not told else "and "
    if directions == {cost.direction}:
        return "for "
    return "and still " if directions == {-1} and cost.direction > 0 else "and "
