"""Run one design, or several under the same customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from ccsim.errors import ScenarioError, ScenarioProblems, suggestion
from ccsim.experiment.execution.options import Given, Options, options_of
from ccsim.experiment.execution.precision import Asked
from ccsim.experiment.execution.result import Comparison, Experiment, Run
from ccsim.experiment.execution.runner import Runner
from ccsim.experiment.results.design_result import DesignResult
from ccsim.experiment.results.expectations import problems
from ccsim.experiment.results.headline import headline_measures
from ccsim.measures.catalogue import known_measures
from ccsim.scenario.comparable import problem_of

if TYPE_CHECKING:
    from ccsim.check import Check
    from ccsim.scenario.resolve import Design

BASE = "base"
Found = TypeVar("Found", bound=Experiment)


def run(
    scenario: str | Path | Design,
    replications: int | None = None,
    *,
    set: Sequence[str] = (),
    options: Options | None = None,
    **given: Unpack[Given],
) -> Run:
    """Play a scenario's base design, or the design given.

    scenario: a scenario file, or a design that `load` returned. replications: as in `Options`, all
    of whose options may be given by name, or as one object. set: changes of the scenario's entries
    (`["teams.desk.people=9"]`).

    With `precision` replications are added, to the 50 or `replications` at first, until every
    half-width is reached or there are `at_most`; `Run.precision` says how each stands.

    ScenarioProblems for whatever is wrong with the scenario; TooLarge where it would not fit into
    memory or take more than a day, unless `force`; ValueError and TypeError for options that
    make no sense; KeyboardInterrupt where it was stopped before the first replication.
    """
    how = options_of(options, replications, given)
    design = load(scenario, set)[BASE] if isinstance(scenario, str | Path) else scenario
    name = BASE if isinstance(scenario, str | Path) else design.name
    return _played(Run, {name: design}, design, how)


def compare(
    scenario: str | Path | Mapping[str, Design],
    designs: Sequence[str] | None = None,
    against: str = BASE,
    replications: int | None = None,
    *,
    set: Sequence[str] = (),
    deciding: Sequence[str] | None = None,
    options: Options | None = None,
    **given: Unpack[Given],
) -> Comparison:
    """Play the designs of a scenario under the same customers.

    scenario: a scenario file, or the designs that `load` returned. designs: those to compare, by
    default all; against: the one that the others are compared with. replications, set, options and
    errors as in `run`. `precision` holds for the values in every design; `difference cost.total:
    500` is that of every difference. deciding: the measures that the decision rests on, whose
    differences hold together; by default the targets, giving up, cost and what is expected.
    """
    how = options_of(options, replications, given)
    found = load(scenario, set) if isinstance(scenario, str | Path) else scenario
    return compared(found, how, designs, against, deciding)


def compared(
    found: Mapping[str, Design],
    how: Options,
    designs: Sequence[str] | None = None,
    against: str = BASE,
    deciding: Sequence[str] | None = None,
) -> Comparison:
    """`compare` of designs that are there, played so."""
    chosen = chosen_designs(found, designs, against)
    if deciding is None:
        deciding = headline_measures(design.scenario for design in chosen.values())
    base = found.get(BASE, found[against])
    return _played(Comparison, chosen, base, how, against=against, asked_measures=tuple(deciding))


def _played(
    kind: type[Found], designs: Mapping[str, Design], base: Design, how: Options, **said: Any
) -> Found:
    """The experiment of these designs; `said` is what else it holds."""
    asked = Asked(how, designs, several=kind is Comparison)
    against = said.get("against", "")
    with Runner(designs, base, asked.how, "compare" if against else "run", against) as runner:

        def made(results: Mapping[str, DesignResult], seconds: float = 0.0) -> Found:
            return kind(
                results=results,
                seed=runner.seed,
                asked=runner.asked,
                engine=how.engine,
                first_attempts=runner.plan.first_attempts,
                finished=dt.datetime.now(dt.UTC).replace(microsecond=0),
                seconds=seconds,
                folder=runner.folder.path if runner.folder else None,
                from_store=runner.from_cache,
                **said,
            )

        found = made(*runner.play(asked.rule(made)))
        found = replace(found, precision=asked.reached(found))
        if runner.folder:
            runner.folder.finish(found.results, found.manifest())
    return found


def load(scenario: str | Path, set: Sequence[str] = ()) -> dict[str, Design]:
    """The designs of a scenario file by name, `base` first. Raises ScenarioProblems, also for an
    expectation that could not be judged: `check` refuses what `run` would."""
    from ccsim.scenario.resolve import load_all

    designs = load_all(scenario, tuple(set), known_measures=known_measures)
    if wrong := tuple(problems(designs)):
        raise ScenarioProblems(wrong)
    return designs


def check_designs(scenario: str | Path, set: Sequence[str] = ()) -> dict[str, Check]:
    """Each design explained before anything is simulated: who takes what, load against staff,
    defaults, warnings. Raises ScenarioProblems."""
    from ccsim.check import check

    return {name: check(design) for name, design in load(scenario, set).items()}


def chosen_designs(
    found: Mapping[str, Design], designs: Sequence[str] | None, against: str, *, least: int = 2
) -> dict[str, Design]:
    """The designs to compare, `against` first, in the order of the file. ScenarioProblems for names
    that are none, and where there are fewer than the `least`."""
    asked = [*(("--designs", name) for name in designs or ()), ("--against", against)]
    unknown = [_unknown(option, name, found) for option, name in asked if name not in found]
    if unknown:
        raise ScenarioProblems(unknown)
    wanted = [name for name in found if designs is None or name in designs]
    names = dict.fromkeys([against, *wanted])
    if len(names) < least:
        why = "the scenario has one design"
        if len(found) > 1:
            why = f"'{against}' alone was named (designs: {', '.join(found)})"
        message = f"there is nothing to compare: {why}"
        raise ScenarioProblems([problem_of(found[against], "designs", message)])
    return {name: found[name] for name in names}


def _unknown(option: str, name: str, found: Mapping[str, Design]) -> ScenarioError:
    message = f"there is no design '{name}'{suggestion(name, list(found), 'designs')}"
    return ScenarioError(f"{option} {name}", 0, 0, "", message)
