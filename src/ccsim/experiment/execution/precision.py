"""`--precision`: what half-widths are asked for, in words, and the rule that reaches them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ccsim.errors import ScenarioError, ScenarioProblems, did_you_mean
from ccsim.experiment.execution.result import Comparison, Experiment, Reached
from ccsim.measures.catalogue import describe, known_measures
from ccsim.statistics import Estimate, replications_for
from ccsim.statistics.stopping import FIRST, HalfWidth, next_size
from ccsim.units import UnitError, parse_duration, parse_number, parse_percent

if TYPE_CHECKING:
    from ccsim.experiment.execution.options import Options
    from ccsim.experiment.execution.runner import Rule
    from ccsim.experiment.results.design_result import DesignResult
    from ccsim.scenario.resolve import Design

OF_DIFFERENCE = "difference "
MOST = 20  # times the first replications, unless another limit is given
NEEDED = {
    "share": "points: 0.5 points",
    "s": "a time (1 s) or a percentage of the value (5 %)",
    "h": "a time (1 h) or a percentage of the value (5 %)",
    "money": "an amount (500) or a percentage of the value (5 %)",
}
A_NUMBER = "a number (2) or a percentage of the value (5 %)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One precision that is asked for: of the value in every design, or of every difference."""

    text: str  # as it was written
    key: str
    width: HalfWidth
    difference: bool = False

    def statements(self, found: Experiment) -> Iterator[tuple[str, Estimate]]:
        """The estimates that it asks about, by design."""
        if not self.difference:
            for name, result in found.results.items():
                if self.key in result:
                    yield name, result[self.key]
        elif isinstance(found, Comparison):
            for name in found.others:
                if self.key in found.shared(name):
                    yield name, found.difference(name, self.key).estimate


class Asked:
    """What precision one experiment is asked for; `how` says how many replications that is at first
    and at most. Nothing is asked for without a precision: then they are those given.

    ValueError for a limit without a precision, or below the first replications.
    """

    def __init__(self, how: Options, designs: Mapping[str, Design], several: bool) -> None:
        self.wanted = parse(how.precision, designs, several)
        self.how, first, most = how, how.replications, how.at_most
        if not self.wanted:
            if most is not None:
                raise ValueError("a limit of replications needs a precision to stop at before")
            return
        if first is None:
            first = FIRST if most is None else min(FIRST, most)
        self.at_most = MOST * first if most is None else most
        if self.at_most < first:
            raise ValueError(f"at most {most} replications is fewer than {first} at first")
        self.how = replace(how, replications=first, at_most=self.at_most)

    def rule(self, made: Callable[[Mapping[str, DesignResult]], Experiment]) -> Rule | None:
        """The rule for `Runner.play`. `made` makes the experiment of the results so far, whose
        intervals are those that are shown in the end (so differences that a comparison decides on
        have their simultaneous level)."""
        if not self.wanted:
            return None

        def wanted_size(results: Mapping[str, DesignResult]) -> int:
            found = made(results)
            worst = max(
                (
                    each.width.times_too_wide(estimate)
                    for each in self.wanted
                    for _, estimate in each.statements(found)
                ),
                default=0.0,
            )
            return next_size(found.replications, worst, self.at_most)

        return wanted_size

    def reached(self, found: Experiment) -> tuple[Reached, ...]:
        """How each precision that was asked for stands."""
        outcome = []
        for each in self.wanted:
            stated = list(each.statements(found))
            if not stated:
                continue
            design, estimate = max(stated, key=lambda item: each.width.times_too_wide(item[1]))
            outcome.append(
                Reached(
                    text=each.text,
                    key=each.key,
                    difference=each.difference,
                    design=design,
                    wanted=each.width.around(estimate.value or 0.0),
                    got=estimate.half_width,
                    enough=each.width.times_too_wide(estimate) <= 1,
                    replications=_needed(each.width, estimate),
                )
            )
        return tuple(outcome)


def _needed(width: HalfWidth, estimate: Estimate) -> int | None:
    if width.times_too_wide(estimate) <= 1 or not estimate.value:
        return None
    return replications_for(estimate, width.around(estimate.value))


def parse(texts: Sequence[str], designs: Mapping[str, Design], several: bool) -> list[Wanted]:
    """`phone.service_level: 0.5 points`, `difference cost.total: 500`; all problems at once.

    `several` says whether differences are made. ScenarioProblems for what cannot be read, for
    measures that no design has, and for differences where there are none.
    """
    known = [key for design in designs.values() for key in known_measures(design.scenario)]
    wanted, problems = [], []
    for text in texts:
        try:
            wanted.append(_parsed(text, list(dict.fromkeys(known)), several))
        except UnitError as problem:
            problems.append(ScenarioError(f"--precision {text}", 0, 0, "", str(problem)))
    if problems:
        raise ScenarioProblems(problems)
    return wanted


def _parsed(text: str, known: Sequence[str], several: bool) -> Wanted:
    left, colon, right = text.partition(":")
    key, amount = left.strip(), right.strip()
    if not colon or not amount:
        raise UnitError("write a measure and a half-width: phone.service_level: 0.5 points")
    difference = key.startswith(OF_DIFFERENCE)
    key = key.removeprefix(OF_DIFFERENCE).strip()
    if key not in known:
        near = [other for other in known if other.rpartition(".")[0] == key.rpartition(".")[0]]
        hint = did_you_mean(key, near or known, "measures")
        raise UnitError(f"there is no measure '{key}'" + (f"; {hint}" if hint else ""))
    if difference and not several:
        raise UnitError("there is no difference where one design is run")
    try:
        return Wanted(text, key, _width(describe(key).unit, amount, difference), difference)
    except ValueError:  # zero, or no quantity of the kind
        needed = NEEDED.get(describe(key).unit, A_NUMBER)
        needed = needed.partition(" or ")[0] if difference else needed
        raise UnitError(f"'{key}' needs a half-width above zero: {needed}") from None


def _width(unit: str, amount: str, difference: bool) -> HalfWidth:
    """The half-width in the measure's unit. ValueError (UnitError is one) where it is none."""
    if unit == "share":
        number, word, _ = amount.partition("point")
        points = parse_number(number.strip()) if word else None
        return HalfWidth(absolute=None if points is None else float(points) / 100)
    if amount.endswith("%"):
        # of a difference, which may be zero, a percentage says nothing
        return HalfWidth(relative=None if difference else parse_percent(amount))
    if unit in ("s", "h"):
        return HalfWidth(absolute=parse_duration(amount) / (1e6 if unit == "s" else 3600e6))
    number_ = parse_number(amount)
    return HalfWidth(absolute=None if number_ is None else float(number_))
