"""Run one design, or several under the same customers."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ccsim.errors import ScenarioError, ScenarioProblems, did_you_mean
from ccsim.experiment.executors import Executor, Processes, available_cores, serial
from ccsim.experiment.expectations import problems
from ccsim.experiment.headline import headline_measures, main_measure
from ccsim.experiment.offered import first_attempts
from ccsim.experiment.replicate import ENGINES, Engine, Outcome, Plan, Replicator
from ccsim.experiment.result import Comparison, DesignResult, Run
from ccsim.experiment.table import KpiTable
from ccsim.measures.catalogue import describe, known_measures
from ccsim.statistics import Estimate, ratio
from ccsim.statistics.values import Scale

if TYPE_CHECKING:
    from ccsim.check import Check
    from ccsim.experiment.store import RunFolder
    from ccsim.scenario.resolve import Design

Progress = Callable[[int, int, Estimate], None]
"""Called with (replications done, of how many, the main measure so far) after each one."""

WORTH_PROCESSES = 4.0  # seconds of work left from which starting workers pays
BASE = "base"


def run(
    scenario: str | Path | Design,
    replications: int | None = None,
    seed: int | None = None,
    engine: Engine = "simpy",
    workers: int | None = None,
    set: Sequence[str] = (),
    out: str | Path | None = None,
    save: bool = False,
    keep_records: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Play a scenario's base design (or the design given) so many times; see `ccsim.run`."""
    design = load(scenario, set)[BASE] if isinstance(scenario, str | Path) else scenario
    designs = {BASE if isinstance(scenario, str | Path) else design.name: design}
    job = _Job(designs, design, replications, seed, engine, workers, progress)
    job.keep(out, save, keep_records, kind="run")
    results, seconds = job.play()
    found = Run(
        results=results,
        seed=job.seed,
        asked=job.asked,
        engine=engine,
        first_attempts=job.plan.first_attempts,
        finished=_now(),
        seconds=seconds,
        folder=job.folder.path if job.folder else None,
    )
    if job.folder:
        job.folder.finish(found)
    return found


def compare(
    scenario: str | Path | Mapping[str, Design],
    designs: Sequence[str] | None = None,
    against: str = BASE,
    replications: int | None = None,
    seed: int | None = None,
    engine: Engine = "simpy",
    workers: int | None = None,
    set: Sequence[str] = (),
    out: str | Path | None = None,
    save: bool = False,
    keep_records: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Play the designs of a scenario under the same customers; see `ccsim.compare`."""
    found = load(scenario, set) if isinstance(scenario, str | Path) else dict(scenario)
    chosen = _chosen(found, designs, against)
    base = found.get(BASE, found[against])
    job = _Job(chosen, base, replications, seed, engine, workers, progress)
    job.keep(out, save, keep_records, kind="compare", against=against)
    results, seconds = job.play()
    comparison = Comparison(
        results=results,
        seed=job.seed,
        asked=job.asked,
        engine=engine,
        first_attempts=job.plan.first_attempts,
        finished=_now(),
        seconds=seconds,
        folder=job.folder.path if job.folder else None,
        against=against,
        asked_measures=headline_measures(d.scenario for d in chosen.values()),
    )
    if job.folder:
        job.folder.finish(comparison)
    return comparison


def load(scenario: str | Path, set: Sequence[str] = ()) -> dict[str, Design]:
    """The designs of a scenario file by name, `base` first. Raises ScenarioProblems."""
    from ccsim.scenario.resolve import load_all

    return load_all(scenario, tuple(set), known_measures=known_measures)


def check_designs(scenario: str | Path, set: Sequence[str] = ()) -> dict[str, Check]:
    """Each design explained before anything is simulated: who takes what, load against staff,
    defaults, warnings. Raises ScenarioProblems."""
    from ccsim.check import check

    return {name: check(design) for name, design in load(scenario, set).items()}


class _Job:
    """Everything that `run` and `compare` share."""

    def __init__(
        self,
        designs: Mapping[str, Design],
        base: Design,
        replications: int | None,
        seed: int | None,
        engine: Engine,
        workers: int | None,
        progress: Progress | None,
    ) -> None:
        if engine not in ENGINES:
            raise ValueError(f"there is no engine '{engine}' (engines: {', '.join(ENGINES)})")
        options = base.scenario.run
        self.designs = dict(designs)
        self.asked = options.replications if replications is None else replications
        self.seed = options.seed if seed is None else seed
        self.workers, self.progress = workers, progress
        self.folder: RunFolder | None = None
        if self.asked < 1:
            raise ValueError(f"at least one replication is needed, not {self.asked}")
        if workers is not None and workers < 1:
            raise ValueError(f"at least one worker is needed, not {workers}")
        wrong = [*problems(self.designs), *_calendars(self.designs)]
        if wrong:
            raise ScenarioProblems(wrong)
        shares = first_attempts(base, self.seed, engine)
        self.plan = Plan(
            designs=tuple(self.designs.values()),
            seed=self.seed,
            engine=engine,
            first_attempts=shares.shares if shares else None,
        )

    def keep(
        self, out: str | Path | None, save: bool, keep_records: bool, kind: str, against: str = ""
    ) -> None:
        """Make the folder of the results before anything is simulated, where one is wanted."""
        if out is None and not save and not keep_records:
            return
        from dataclasses import replace

        from ccsim.experiment.store import RunFolder

        self.plan = replace(self.plan, keep_records=keep_records)
        self.folder = RunFolder.create(
            self.designs, self.plan, self.asked, kind, against, Path(out) if out else None
        )

    def play(self) -> tuple[dict[str, DesignResult], float]:
        """Results of each design over the replications that all of them finished, and the time it
        took. KeyboardInterrupt where not one was finished."""
        began = time.perf_counter()
        done: dict[int, tuple[Outcome, ...]] = {}
        stopped: KeyboardInterrupt | None = None
        try:
            with closing(self._outcomes()) as outcomes:
                for replication, outcome in outcomes:
                    done[replication] = outcome
                    self._kept(done)
                    if self.progress is not None:
                        self.progress(len(done), self.asked, self._main_so_far(done))
        except KeyboardInterrupt as stop:
            stopped = stop
        complete = next((r for r in range(self.asked) if r not in done), self.asked)
        if stopped is not None and complete == 0:
            if self.folder:
                self.folder.abandon()
            raise stopped
        results = {
            name: DesignResult(
                name,
                design,
                KpiTable.collect(
                    known_measures(design.scenario),
                    [done[r][i].kpis for r in range(complete)],
                ),
            )
            for i, (name, design) in enumerate(self.designs.items())
        }
        return results, time.perf_counter() - began

    def _outcomes(self) -> Generator[tuple[int, tuple[Outcome, ...]], None, None]:
        """The first replication here, which tells how long one takes; then the rest."""
        replicate = Replicator(self.plan)
        began = time.perf_counter()
        yield 0, replicate(0)
        left = (time.perf_counter() - began) * (self.asked - 1)
        workers = self.workers
        if workers is None:
            workers = available_cores() if left > WORTH_PROCESSES else 1
        executor: Executor = Processes(workers) if workers > 1 and self.asked > 1 else serial
        work = Replicator(self.plan) if workers > 1 else replicate
        yield from executor(work, range(1, self.asked))

    def _kept(self, done: dict[int, tuple[Outcome, ...]]) -> None:
        """Write the records of finished replications in their order, and let go of them."""
        if self.folder is None or not self.plan.keep_records:
            return
        while (next_ := self.folder.recorded) in done:
            outcomes = done[next_]
            for name, outcome in zip(self.designs, outcomes, strict=True):
                assert outcome.records is not None
                self.folder.record(name, next_, outcome.records)
            done[next_] = tuple(Outcome(outcome.kpis) for outcome in outcomes)
            self.folder.recorded += 1

    def _main_so_far(self, done: Mapping[int, tuple[Outcome, ...]]) -> Estimate:
        key = main_measure(next(iter(self.designs.values())).scenario)
        row = done[0][0].kpis.keys.index(key)
        totals = np.array([done[r][0].kpis.totals[row] for r in sorted(done)])
        scale: Scale = "logit" if describe(key).unit == "share" else "log"
        return ratio(totals[:, 0], totals[:, 1], scale=scale)


def _chosen(
    found: Mapping[str, Design], designs: Sequence[str] | None, against: str
) -> dict[str, Design]:
    """The designs to compare, `against` first, in the order of the file."""
    for name in (*(designs or ()), against):
        if name not in found:
            raise ScenarioProblems([_unknown(name, found)])
    wanted = [name for name in found if designs is None or name in designs]
    names = dict.fromkeys([against, *wanted])
    if len(names) < 2:
        message = "there is nothing to compare: the scenario has one design"
        raise ScenarioProblems([_about(found[against], "designs", message)])
    return {name: found[name] for name in names}


def _unknown(name: str, found: Mapping[str, Design]) -> ScenarioError:
    first = next(iter(found.values()))
    hint = did_you_mean(name, list(found), "designs")
    return _about(first, "designs", f"there is no design '{name}'", hint)


def _calendars(designs: Mapping[str, Design]) -> Iterator[ScenarioError]:
    """Designs are compared over one calendar: replication r is the same days in each."""
    items = list(designs.values())
    for other in items[1:]:
        if other.scenario.calendar != items[0].scenario.calendar:
            message = f"design '{other.name}' has another calendar than '{items[0].name}'"
            yield _about(other, "calendar", message, "designs are compared over the same days")


def _about(design: Design, path: str, message: str, hint: str = "") -> ScenarioError:
    file, line, column = design.places.get(path, (design.name, 0, 0))
    return ScenarioError(file, line, column, path, message, hint)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
