"""What a choice is made from and by: the designs, the measure, and the difference that matters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ccsim.errors import ScenarioError, ScenarioProblems, did_you_mean
from ccsim.experiment.execution.run import BASE, load
from ccsim.experiment.results.expectations import PERIOD_DAYS, measured_days
from ccsim.experiment.results.headline import NET, TOTAL, main_measure
from ccsim.experiment.studies.sweep_plan import planned
from ccsim.measures.catalogue import describe, known_measures
from ccsim.scenario.comparable import problem_of
from ccsim.units import UnitError, parse_duration, parse_number

if TYPE_CHECKING:
    from ccsim.experiment.studies.sweep_plan import Vary
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario

NEEDED = {
    "share": "points: --within '0.5 points'",
    "s": "a time: --within '1 s'",
    "h": "a time: --within '1 h'",
    "money": "an amount, of totals for a year: --within 10000",
}


def designs_to_choose_from(
    scenario: str | Path | Mapping[str, Design],
    names: Sequence[str] | None,
    vary: Vary,
    set: Sequence[str],
) -> tuple[Mapping[str, Design], Design]:
    """The designs to choose from, and the base. ScenarioProblems where there is one alone."""
    if vary:
        if not isinstance(scenario, str | Path):
            raise ValueError("what varies needs the scenario's file, not its designs")
        if names is not None and len(names) > 1:
            raise ValueError("what varies is varied in one design")
        given = {"design": names[0]} if names else {}
        found: Mapping[str, Design] = planned(Path(scenario), vary, given, set).designs()
        return found, found[BASE]
    found = load(scenario, set) if isinstance(scenario, str | Path) else scenario
    unknown = [name for name in names or () if name not in found]
    if unknown:
        raise ScenarioProblems(
            [
                ScenarioError(
                    f"--designs {name}", 0, 0, "", f"there is no design '{name}'",
                    did_you_mean(name, list(found), "designs"),
                )
                for name in unknown
            ]
        )  # fmt: skip
    chosen = {name: design for name, design in found.items() if names is None or name in names}
    base = found.get(BASE, next(iter(found.values())))
    if len(chosen) < 2:
        only = next(iter(chosen))
        why = f"there is nothing to choose from: '{only}' is the only design"
        raise ScenarioProblems(
            [problem_of(base, "designs", why, "write `designs`, or vary something: --vary")]
        )
    return chosen, base


def default_measure(designs: Mapping[str, Design]) -> str:
    """The cost, where all designs have one; else the main measure of the first."""
    known = [known_measures(design.scenario) for design in designs.values()]
    for key in (NET, TOTAL):
        if all(key in keys for keys in known):
            return key
    return main_measure(next(iter(designs.values())).scenario)


def larger_is_better(key: str, designs: Mapping[str, Design]) -> bool:
    """Whether larger is better. ScenarioProblems for a measure that a design does not have, or of
    which neither direction is better."""
    for name, design in designs.items():
        known = known_measures(design.scenario)
        if key not in known:
            message = f"design '{name}' has no measure '{key}'"
            hint = did_you_mean(key, list(known), "measures")
            raise ScenarioProblems([ScenarioError(f"--measure {key}", 0, 0, "", message, hint)])
    better = describe(key).better
    if better not in ("higher", "lower"):
        message = f"of '{key}' neither more nor less is better"
        raise ScenarioProblems([ScenarioError(f"--measure {key}", 0, 0, "", message)])
    return better == "higher"


def difference_that_matters(key: str, text: str | None, scenario: Scenario) -> float | None:
    """The difference that matters in the measure's unit; None where none was given.
    ScenarioProblems for what cannot be read."""
    if text is None:
        return None
    measure = describe(key)
    try:
        if measure.unit == "share":
            number, word, _ = text.partition("point")
            amount = parse_number(number.strip()) if word else None
            found = None if amount is None else float(amount) / 100.0
        elif measure.unit in ("s", "h"):
            found = parse_duration(text) / (1e6 if measure.unit == "s" else 3600e6)
        else:
            amount = parse_number(text.removesuffix(scenario.currency or "\0").strip())
            found = None if amount is None else float(amount)
    except UnitError:
        found = None
    if found is None or not math.isfinite(found) or found < 0:
        needed = NEEDED.get(measure.unit, "a number: --within 2")
        problem = f"'{key}' needs a difference of at least zero: {needed}"
        raise ScenarioProblems([ScenarioError(f"--within {text}", 0, 0, "", problem)])
    if measure.unit == "money" and measure.kind != "ratio":
        found *= measured_days(scenario.calendar) / PERIOD_DAYS["year"]
    return found
