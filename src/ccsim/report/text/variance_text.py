"""What variance reduction gained, in sentences: the factor with its limits, or that it is off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from ccsim.experiment.results.headline import headline_measures
from ccsim.report.words.labels import label_of
from ccsim.report.words.rounding import number

if TYPE_CHECKING:
    from ccsim.experiment.execution.result import Experiment
    from ccsim.statistics.reduction import Gain

Kind = Literal["stratified", "controlled"]
HEADINGS: dict[Kind, str] = {
    "stratified": "Busy and quiet days are spread evenly over replications: as good as so many "
    "times the replications",
    "controlled": "Results are corrected for the contacts that came: as good as so many times the "
    "replications",
}


def reduction_words(experiment: Experiment) -> list[str]:
    """For each method that `run` uses, the gain in the measures on which a decision rests."""
    words = []
    for kind, heading in HEADINGS.items():
        gains = [
            f"{label_of(key, experiment.scenario)} {', '.join(said)}"
            for key in headline_measures(experiment.scenarios.values())
            if (said := list(_by_design(experiment, key, kind)))
        ]
        if gains:
            words.append(f"{heading} (95 % limits in brackets): {'; '.join(gains)}.")
        elif _asked(experiment, kind):
            words.append(f"{heading.partition(':')[0]}: too few replications to use it.")
    return words


def _by_design(experiment: Experiment, key: str, kind: Kind) -> Iterator[str]:
    several = len(experiment.results) > 1
    for name, result in experiment.results.items():
        gain = getattr(result.gains(key), kind)
        if gain is not None:
            yield (f"{name} " if several else "") + _words(gain)


def _words(gain: Gain) -> str:
    """`3.2 (1.5 to 5.6)`, or that it is off."""
    if not gain.used:
        return "none, switched off"
    value, low, high = (number(x, 0 if x >= 10 else 1) for x in (gain.value, gain.low, gain.high))
    return f"{value} ({low} to {high})"


def _asked(experiment: Experiment, kind: Kind) -> bool:
    options = [scenario.run for scenario in experiment.scenarios.values()]
    if kind == "stratified":
        return any(each.stratify is not None for each in options)
    return any(each.control is not None for each in options)
