"""Sentences of the verdict, by rule, and never stronger than the interval.

A target is met only when its interval clears the bound, missed only when the whole interval lies
beyond it, and too close to call otherwise. A difference is stated only when its (simultaneous,
paired) interval excludes zero; otherwise the sentence says how large it can be, not that nothing
differs.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ccsim.report.words.names import joined
from ccsim.report.words.rounding import Scale, number, scale_for
from ccsim.statistics.estimate import Estimate
from ccsim.statistics.verdict import Verdict, target_status, verdict


class Status(enum.StrEnum):
    """What the simulation can say about a target."""

    MET = "met"
    MISSED = "missed"
    CLOSE = "too close to call"


MORE_DIGITS = 3  # at most, where the nearer end of a sure difference would read as zero
MARKS = {Status.MET: "✓", Status.MISSED: "✗", Status.CLOSE: "?"}
Standing = Literal["better", "worse", "higher", "lower", "equal", "open"]


def status_of(
    estimate: Estimate, *, at_least: float | None = None, at_most: float | None = None
) -> Status:
    """How a target stands (bounds in the measure's unit); undefined (no contacts) is too close."""
    return status_from(target_status(estimate, at_least=at_least, at_most=at_most))


def status_from(word: str) -> Status:
    """The word of `statistics.target_status` as a status; undefined is too close to call."""
    return Status.CLOSE if word == "undefined" else Status(word)


def worst(statuses: Sequence[Status | None]) -> Status:
    """The worst of several statuses: missed before too close to call before met. StopIteration
    where none is given."""
    given = [status for status in statuses if status is not None]
    order = (Status.MISSED, Status.CLOSE, Status.MET)
    return next(status for status in order if status in given)


@dataclass(frozen=True, slots=True)
class TargetResult:
    """One target of one design in words (`calls answered within 20 s`), and how it stands."""

    what: str
    status: Status


@dataclass(frozen=True, slots=True)
class DesignTargets:
    """How one design stands with all its targets."""

    design: str
    targets: tuple[TargetResult, ...]

    def named(self, status: Status) -> list[str]:
        """The targets that stand so, in words."""
        return [each.what for each in self.targets if each.status is status]

    @property
    def status(self) -> Status:
        """Met only where every target is met, missed where one is missed."""
        return worst([each.status for each in self.targets])


def target_sentences(designs: Sequence[DesignTargets]) -> list[str]:
    """Which designs meet all their targets, which miss one, and which are too close to call."""
    judged = [each for each in designs if each.targets]
    if not judged:
        return []
    if len(judged) == 1:
        return _of_one(judged[0])
    met = [each.design for each in judged if each.status is Status.MET]
    close = [(d.design, d.named(Status.CLOSE)) for d in judged if d.status is Status.CLOSE]
    missed = [(d.design, d.named(Status.MISSED)) for d in judged if d.status is Status.MISSED]
    sentences = []
    if len(met) == len(judged):
        sentences.append(f"{'Both' if len(met) == 2 else 'All'} designs meet all targets.")
    elif met:
        alone = "; no other design does" if len(met) == 1 and not close else ""
        sentences.append(f"{joined(met)} {_verb('meet', met)} all targets{alone}.")
    elif not close:
        sentences.append("No design meets all targets.")
    sentences += [
        f"{joined(names)} {_verb('miss', names)}: {joined(targets)}."
        for names, targets in alike(missed)
    ]
    sentences += [
        f"Too close to call in {joined(names)}: {joined(targets)}."
        for names, targets in alike(close)
    ]
    return sentences


def _of_one(design: DesignTargets) -> list[str]:
    if design.status is Status.MET:
        return ["Every target is met."]
    missed, close = design.named(Status.MISSED), design.named(Status.CLOSE)
    found = [f"Missed: {joined(missed)}."] if missed else []
    return found + ([f"Too close to call: {joined(close)}."] if close else [])


def _verb(verb: str, subjects: Sequence[str]) -> str:
    """`meet` for several, `meets` or `misses` for one."""
    if len(subjects) > 1:
        return verb
    return f"{verb}es" if verb.endswith("s") else f"{verb}s"


def alike(designs: Sequence[tuple[str, list[str]]]) -> list[tuple[list[str], list[str]]]:
    """The designs grouped by the targets named with them."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, targets in designs:
        groups.setdefault(tuple(targets), []).append(name)
    return [(names, list(targets)) for targets, names in groups.items()]


# --- differences ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DesignChange:
    """A paired difference, design minus base, and the words that state it.

    `more` and `less` follow the amount (`more calls answered within 20 s`); `subject` names the
    measure where no difference is sure (`calls answered within 20 s`). `better` says which
    direction is good. Where every difference above `equal_within` (in the unit of the difference)
    is excluded, the two are practically equal.
    """

    difference: Estimate
    unit: str  # as in rounding.scale_for: points, sum:UAH
    more: str
    less: str
    subject: str
    better: Literal["higher", "lower"] | None = None
    equal_within: float | None = None

    @property
    def verdict(self) -> Verdict:
        """What the interval supports: higher, lower, same, not distinguishable or undefined."""
        return verdict(self.difference, "neither")

    @property
    def direction(self) -> int:
        """1: surely more; -1: surely less; 0: neither is sure, or the same."""
        return {"higher": 1, "lower": -1}.get(self.verdict.word, 0)

    @property
    def standing(self) -> Standing:
        """Better, worse (higher, lower where neither is good), practically equal, or open."""
        word = self.verdict.word
        if word in ("higher", "lower"):
            if self.better is None:
                return "higher" if word == "higher" else "lower"
            return "better" if word == self.better else "worse"
        if word == "same":
            return "equal"
        excluded = self.verdict.excluded_above
        small = None not in (self.equal_within, excluded)
        return "equal" if small and (excluded or 0.0) <= (self.equal_within or 0.0) else "open"


def change_words(change: DesignChange) -> str:
    """`7.7 points more calls answered within 20 s (7.1 to 8.3)`, or how large a difference can
    be."""
    scale = scale_for(change.unit, [change.difference], signed=True)
    if change.direction == 0:
        return _no_sure_difference(change, scale)
    value, low, high = _amounts(change.difference, scale)
    for more in range(1, MORE_DIGITS + 1):  # a sure difference never reads as one from 0 on
        if low.strip("0. "):
            break
        finer = replace(scale, decimals=scale.decimals + more)
        value, low, high = _amounts(change.difference, finer)
    word = change.more if change.direction > 0 else change.less
    return f"{value}{_unit(scale)} {word}" + ("" if low == high else f" ({low} to {high})")


def brief_words(change: DesignChange) -> str:
    """The same for a legend, without the number of replications that would decide."""
    return change_words(change).split(";")[0]


def _unit(scale: Scale) -> str:
    return f" {scale.unit}" if scale.unit else ""


def _amounts(interval: Estimate, scale: Scale) -> tuple[str, str, str]:
    """Size of a difference and of its ends, smaller end first, without signs."""
    assert interval.value is not None and interval.low is not None and interval.high is not None
    ends = sorted(abs(end) * scale.factor for end in (interval.low, interval.high))
    value, low, high = abs(interval.value) * scale.factor, *ends
    return tuple(number(x, scale.decimals) for x in (value, low, high))  # type: ignore[return-value]


def _no_sure_difference(change: DesignChange, scale: Scale) -> str:
    found = change.verdict
    if found.word == "same":
        return f"{change.subject} the same"
    if found.excluded_above is None:
        return f"{change.subject} too close to call (no interval)"
    step = 10.0**-scale.decimals  # rounded up, so that all above it is excluded
    largest = number(
        math.ceil(found.excluded_above * scale.factor / step - 1e-6) * step, scale.decimals
    )
    a_year = " a year" if change.more.startswith("more a year") else ""
    bound = f"(within {largest}{_unit(scale)}{a_year})"
    if change.standing == "equal":
        return f"{change.subject} practically equal {bound}"
    text = f"{change.subject} too close to call {bound}"
    if found.replications is not None and found.for_difference is not None:
        size = number(found.for_difference * scale.factor, scale.decimals)
        if size.strip("0. "):
            runs = number(found.replications, 0)
            text += f"; about {runs} replications would show a difference of {size}{_unit(scale)}"
    return text


def against_sentence(
    base: str, design: str, service: Sequence[DesignChange], money: Sequence[DesignChange]
) -> str:
    """What `design` changes against `base`: what is surely worse, what is surely better, then what
    it costs, and where something is sold what remains after revenue.

    The first change of `service` is always stated, the others only where they are sure.
    """
    stated = [change for i, change in enumerate(service) if i == 0 or change.direction]
    parts = []
    for standing in ("worse", "better"):
        words = [change_words(each) for each in stated if each.standing == standing]
        parts += [f"{standing}: {', '.join(words)}"] if words else []
    parts += [change_words(each) for each in stated if each.standing not in ("worse", "better")]
    for change in money:
        link = _link(stated, change) if change is money[0] else ""
        costs = "costs " if change.direction and change is money[0] else ""
        said = link + costs + change_words(change)
        if change is money[0] or not change.direction:
            parts.append(said)
        else:
            parts[-1] += f", {said}"
    return f"{design} compared with {base}: {'; '.join(parts)}." if parts else ""


def _link(service: Sequence[DesignChange], cost: DesignChange) -> str:
    """`yet` where worse service costs more, or better service less."""
    standings = {change.standing for change in service} & {"better", "worse"}
    surprising = standings == {"worse"} if cost.direction > 0 else standings == {"better"}
    return "yet " if cost.direction and surprising else ""
