"""All figures of an experiment as rows: for files of numbers, documents and data frames.

One row is one number: a measure of a design over all days, in a part of the day, on a day; a
difference between two designs; or how a design stands with an expectation about days. Numbers are
not rounded: shares are fractions, times are seconds unless the unit says hours, money is in the
scenario's currency for the days that were simulated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ccsim.experiment.execution.result import Comparison, Experiment, unit_of
from ccsim.experiment.results.cuts import By
from ccsim.experiment.results.design_result import DesignResult
from ccsim.experiment.results.expectations import Judgement, bounds
from ccsim.experiment.results.targets import targets
from ccsim.measures.catalogue import split_key
from ccsim.report.tables.answer_table import over_words
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import design_label
from ccsim.report.words.verdicts import Status, status_from, status_of, worst

if TYPE_CHECKING:
    from ccsim.statistics.estimate import Estimate

_TIME = re.compile(r"(?:week )?(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))?")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with all that says what it is; fields are the columns of a file of figures.

    A difference has the design that it is against. `cut` is "" for all days together, else what
    kind of part `at` names: an instant (2027-03-01T07:30), a time of day (07:30), a date, the first
    date of a week, or a weekday (mon). A count in a part is that of an average day of it. `status`
    is "met", "missed" or "too close to call" where there is a bound, and holds together with all
    others of the experiment at 95 %; `lower` and `upper` are the ends of one 95 % interval.
    """

    design: str
    design_label: str
    against: str
    measure: str
    scope: str
    label: str
    cut: str
    at: str
    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a measure is to reach in a design, in its unit, and how it stands with that."""

    at_least: float | None
    at_most: float | None
    status: Status


def iso(label: str) -> str:
    """The label of a part of a cut with its date and time as ISO 8601 writes them."""
    found = _TIME.fullmatch(label)
    return label if found is None else "T".join(filter(None, found.groups()))


def figures_of(experiment: Experiment) -> Iterator[Figure]:
    """Every measure of every design over all days, the expectations about days, and where designs
    are compared their differences."""
    for name, result in experiment.results.items():
        targeted = targets_of(experiment, name)
        bounded = {figure.measure: figure for figure in targeted if not figure.cut}
        for key in result:
            yield bounded.get(key) or _filled(_empty(result, key), result[key])
        yield from (figure for figure in targeted if figure.cut)
    if isinstance(experiment, Comparison):
        yield from _differences(experiment)


def figures_by(
    experiment: Experiment, by: By, keys: Sequence[str] | None = None
) -> Iterator[Figure]:
    """The measures in each part of a cut (`keys`, else all that are counted by interval)."""
    for result in experiment.results.values():
        for key in result.table.interval_keys if keys is None else keys:
            if key in result.table.interval_keys:
                cut, of_key = result.cut(key, by), _empty(result, key)
                for place, label in enumerate(cut.labels):
                    yield _filled(of_key, cut.band.at(place), cut=by, at=iso(label))


def targets_of(experiment: Experiment, design: str) -> list[Figure]:
    """What of a design has a bound: measures over all days, then expectations about days."""
    result = experiment.results[design]
    found = [
        _bounded(_filled(_empty(result, key), result[key]), bound)
        for key, bound in _bounds(experiment, design).items()
    ]
    over = (each for each in experiment.judged[design] if each.expectation.over is not None)
    return [*found, *(_over_days(result, each) for each in over)]


def _bounds(experiment: Experiment, design: str) -> Mapping[str, Bound]:
    """The bounds of a design's measures for all days together: its targets, and what it expects.

    Where several bound the same measure, the strictest stand, and the worst status.
    """
    result = experiment.results[design]
    found: dict[str, Bound] = {}
    for key, share in targets(result.scenario).items():
        status = status_of(experiment.promised[design][key], at_least=share)
        found[key] = Bound(share, None, status)
    for each in experiment.judged[design]:
        if each.expectation.over is None:
            low, high = bounds(each.expectation, result.scenario.calendar)
            key, status = each.expectation.measure, status_from(each.status)
            known = found.get(key, Bound(None, None, status))
            found[key] = Bound(
                max((b for b in (known.at_least, low) if b is not None), default=None),
                min((b for b in (known.at_most, high) if b is not None), default=None),
                worst([known.status, status]),
            )
    return found


def _empty(result: DesignResult, key: str) -> Figure:
    """What all figures of a measure of a design have in common."""
    return Figure(
        design=result.name,
        design_label=design_label(result.name, result.scenario),
        against="",
        measure=key,
        scope=split_key(key)[0],
        label=label_of(key, result.scenario, yearly=False),
        cut="",
        at="",
        value=None,
        lower=None,
        upper=None,
        unit=unit_of(key, result.scenario),
    )


def _filled(
    figure: Figure, found: Estimate, *, cut: str = "", at: str = "", against: str = ""
) -> Figure:
    value, lower, upper = found.value, found.low, found.high
    return replace(figure, value=value, lower=lower, upper=upper, cut=cut, at=at, against=against)


def _bounded(figure: Figure, bound: Bound) -> Figure:
    return replace(
        figure, at_least=bound.at_least, at_most=bound.at_most, status=bound.status.value
    )


def _over_days(result: DesignResult, judged: Judgement) -> Figure:
    """An expectation about each day, week or interval: the share of them that meets it (then the
    bound is that share), or the measure in the worst of them."""
    expected, found = judged.expectation, judged.estimate
    share = expected.in_ is not None
    low, high = bounds(expected, result.scenario.calendar)
    of_measure = _empty(result, expected.measure)
    return replace(
        of_measure,
        label=over_words(expected, result.scenario),
        cut=f"{'share of' if share else 'worst'} {expected.over}{'s' * share}",
        value=found.value,
        lower=found.low,
        upper=found.high,
        unit="share" if share else of_measure.unit,
        at_least=expected.in_ if share else low,
        at_most=None if share else high,
        status=status_from(judged.status).value,
    )


def _differences(comparison: Comparison) -> Iterator[Figure]:
    for design in comparison.others:
        for key in comparison.shared(design):
            found = comparison.difference(design, key).estimate
            yield _filled(_empty(comparison[design], key), found, against=comparison.against)
