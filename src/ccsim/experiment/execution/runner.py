"""What every experiment shares: replications of every design, taken in one after the other."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import ScenarioProblems, TooLarge
from ccsim.experiment.execution.options import Options
from ccsim.experiment.replications.executors import (
    Executor,
    Processes,
    Threads,
    available_cores,
    serial,
)
from ccsim.experiment.replications.interruption import uninterrupted
from ccsim.experiment.replications.offered import counts_offered, first_attempts
from ccsim.experiment.replications.replicate import Outcome, ReplicationPlan, Replicator
from ccsim.experiment.replications.size import (
    WORTH_PROCESSES,
    Size,
    available_memory,
    free_disk,
    size_of,
    too_large,
)
from ccsim.experiment.results.design_result import DesignResult
from ccsim.experiment.results.expectations import problems
from ccsim.experiment.results.headline import main_measure
from ccsim.experiment.results.reduction import reduced, whole
from ccsim.experiment.results.tally import Tally
from ccsim.experiment.storage.run_folder import RESULTS, RunFolder
from ccsim.measures.catalogue import describe
from ccsim.scenario.comparable import problem_of, why_not_comparable
from ccsim.statistics import Estimate, ratio
from ccsim.statistics.values import Scale

if TYPE_CHECKING:
    from ccsim.experiment.storage.replication_cache import ReplicationCache
from ccsim.scenario.resolve import Design

DRAWS_AT_A_TIME = 32
"""Some tenths of a second of asking the store, and enough work for every core between."""

Rule = Callable[[Mapping[str, DesignResult]], int]
"""Told the results so far, says how many replications are wanted in all; no more than there are
ends the experiment. It sees results only at the numbers that it named itself, so that what is done
does not depend on workers."""


class Runner:
    """Everything that `run`, `compare`, `test` and `sweep` share."""

    def __init__(
        self,
        designs: Mapping[str, Design],
        base: Design,
        how: Options,
        kind: str = "",
        against: str = "",
        per_draw: int = 0,
    ) -> None:
        """Ready to play the designs; `base` is whose counts of offered contacts hold for all. What
        is to be kept is `kind` of an experiment, of draws where each has `per_draw` replications.
        ScenarioProblems for designs that cannot be compared, TooLarge for what is."""
        options = base.scenario.run
        self.designs, self.how = dict(designs), how
        self.seed = options.seed if how.seed is None else how.seed
        self._main_key = main_measure(base.scenario)
        self._main: list[NDArray[np.float64]] = []  # its totals in the first design, in order
        wrong = [*problems(self.designs), *why_not_comparable(self.designs)]
        if wrong:
            raise ScenarioProblems(wrong)
        asked = options.replications if how.replications is None else how.replications
        self.asked = whole(asked, self._first)
        self._most_workers = self._fits(base, per_draw).fitting
        self.tallies = {name: Tally(design.scenario) for name, design in self.designs.items()}
        shares = first_attempts(base, self.seed, how.engine)
        self.plan = replace(self._plan(per_draw), first_attempts=shares.shares if shares else None)
        self._kind, self._against = kind, against
        self.folder: RunFolder | None = None  # within `with`
        self.kept = self._kept(self.plan)

    def __enter__(self) -> Runner:
        """Make the folder of the results, where one is wanted, before anything is simulated."""
        if self.how.saved:
            out = None if self.how.out is None else Path(self.how.out)
            about = self.asked, self._kind, self._against
            self.folder = RunFolder.create(self.designs, self.plan, *about, out)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Whatever ends the block before the folder is finished: no half of it stays behind."""
        if kind is not None and self.folder is not None:
            self.folder.abandon()

    @property
    def _first(self) -> Design:
        return next(iter(self.designs.values()))

    def _plan(self, per_draw: int) -> ReplicationPlan:
        """What determines replications, where every arrival is a first attempt."""
        designs, how = tuple(self.designs.values()), self.how
        records = how.keep_records
        return ReplicationPlan(
            designs, self.seed, how.engine, keep_records=records, per_draw=per_draw
        )

    def _fits(self, base: Design, per_draw: int) -> Size:
        """The estimate of it all; TooLarge where it is more than there is. What the store holds is
        not simulated again: it is asked where that decides, unless the shares of first attempts,
        which what it holds follows from, would have to be found by simulation first."""
        how = self.how
        most = whole(max(self.asked, how.at_most or 0), self._first)
        estimate = partial(
            size_of, self.designs, self.asked, how.engine, how.workers, most=most,
            records=how.keep_records,
        )  # fmt: skip
        size = estimate()
        if how.force:
            return size
        disk = free_disk(Path(how.out or RESULTS)) if how.keep_records else None
        refused = too_large(size, available_memory(), disk)
        if refused is not None and how.answered and not counts_offered(base):
            kept = self._kept(self._plan(per_draw))
            assert kept is not None
            lacking = sum(bool(names) for names in kept.missing(range(most)).values())
            size = estimate(lacking=lacking)
            refused = too_large(size, available_memory(), disk)
        if refused is not None:
            raise TooLarge([problem_of(self._first, "calendar.days", refused)])
        return size

    def _kept(self, plan: ReplicationPlan) -> ReplicationCache | None:
        """What the store holds and is to hold. Records are not kept in it: who wants them has
        everything simulated."""
        if self.how.store is None or self.how.keep_records:
            return None
        from ccsim.experiment.storage.replication_cache import ReplicationCache

        return ReplicationCache(self.how.store, self.designs, plan)

    def play(self, enough: Rule | None = None) -> tuple[dict[str, DesignResult], float]:
        """Results of each design over the replications that all of them finished, and the time it
        took. More are added as long as the rule `enough` wants more. KeyboardInterrupt where not
        one was finished."""
        began = time.perf_counter()
        try:
            self._play_through()
            while enough is not None and (wanted := enough(self._results())) > self.asked:
                self.asked = whole(wanted, self._first)
                self._play_through()
            if self.kept is not None:
                self.kept.put_together()
        except KeyboardInterrupt:
            # Replications in a row from the first on are kept: they are the same customers in
            # every design and in any later run. Those finished out of turn are let go.
            if not self._main:
                raise
        return self._results(), time.perf_counter() - began

    def _results(self) -> dict[str, DesignResult]:
        shares = self.plan.first_attempts
        return {
            name: DesignResult(name, design, reduced(self.tallies[name].table(), design, shares))
            for name, design in self.designs.items()
        }

    def _play_through(self) -> None:
        """Play what is missing of the replications asked for."""
        finished, waiting = len(self._main), dict[int, tuple[Outcome, ...]]()
        with closing(self._outcomes()) as outcomes:
            for replication, outcome in outcomes:
                waiting[replication] = outcome
                del outcome  # its cells by interval are not held while the next is waited for
                finished += 1
                with uninterrupted():
                    self._take_in(waiting)
                if self.how.progress is not None and self._main:
                    self.how.progress(finished, self.asked, self._main_so_far())

    def _outcomes(self) -> Generator[tuple[int, tuple[Outcome, ...]], None, None]:
        """What is wanted, from the store or simulated, in any order."""
        wanted = range(len(self._main), self.asked)
        if self.kept is None:
            yield from self._simulated(self.plan, wanted)
            return
        for part in self._parts(wanted):
            yield from self._kept_or_simulated(self.kept, part)

    def _parts(self, wanted: range) -> Iterator[range]:
        """Replications that the store is asked for at a time. Draws are a few: each is a design of
        its own to be made and found. Threads begin anew for every part, processes take their time
        to start, so parts grow where they do the work."""
        size = DRAWS_AT_A_TIME * self.plan.per_draw or max(1, len(wanted))
        start = wanted.start
        while start < wanted.stop:
            yield range(start, min(start + size, wanted.stop))
            start += size
            size *= 1 if self.plan.engine == "compiled" else 2

    def _kept_or_simulated(
        self, kept: ReplicationCache, wanted: Sequence[int]
    ) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
        lacking: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, names in kept.missing(wanted).items():
            lacking[names].append(number)
        for number, read in kept.read(lacking.pop((), [])):
            if len(read) < len(self.designs):  # it was there, and cannot be read
                lacking[tuple(name for name in self.designs if name not in read)].append(number)
                continue
            kept.answered += 1
            yield number, tuple(Outcome(read[name]) for name in self.designs)
        for names, numbers in lacking.items():
            yield from self._completed(kept, names, sorted(numbers))

    def _completed(
        self, kept: ReplicationCache, names: tuple[str, ...], numbers: list[int]
    ) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
        """Replications of which these designs are simulated, and kept; the others are read."""
        others = [name for name in self.designs if name not in names]
        plan = replace(self.plan, designs=tuple(self.designs[name] for name in names))
        with closing(self._simulated(plan, numbers)) as simulated:
            for number, outcomes in simulated:
                found = {name: each.kpis for name, each in zip(names, outcomes, strict=True)}
                with uninterrupted():
                    kept.add(number, found)
                if others:
                    found |= dict(kept.read([number]))[number]
                if len(found) < len(self.designs):  # one was there, and cannot be read
                    again = Replicator(self.plan)(number)
                    found = {n: each.kpis for n, each in zip(self.designs, again, strict=True)}
                yield number, tuple(Outcome(found[name]) for name in self.designs)

    def _simulated(
        self, plan: ReplicationPlan, numbers: Sequence[int]
    ) -> Generator[tuple[int, tuple[Outcome, ...]], None, None]:
        """These replications, in any order, on as many workers as were asked for or are worth it.

        Threads cost nothing to start. Whether processes pay, the first replication tells, which is
        played here.
        """
        if not numbers:
            return
        replicate = Replicator(plan)
        cores = min(available_cores(), self._most_workers)
        if plan.engine == "compiled":
            workers = min(self.how.workers or cores, len(numbers))
            executor: Executor = Threads(workers) if workers > 1 else serial
            yield from executor(replicate, numbers)
            return
        began = time.perf_counter()
        yield numbers[0], replicate(numbers[0])
        rest = numbers[1:]
        left = (time.perf_counter() - began) * len(rest)
        workers = self.how.workers or (cores if left > WORTH_PROCESSES else 1)
        yield from (Processes(workers) if workers > 1 and rest else serial)(replicate, rest)

    def _take_in(self, waiting: dict[int, tuple[Outcome, ...]]) -> None:
        """Add up what is finished, in the order of replications whoever came first, and let go of
        it; only this keeps results independent of workers and memory small."""
        while (next_ := len(self._main)) in waiting:
            outcomes = waiting.pop(next_)
            for (name, tally), outcome in zip(self.tallies.items(), outcomes, strict=True):
                if self.folder is not None and outcome.records is not None:
                    self.folder.record(name, next_, outcome.records)
                tally.add(outcome.kpis)
            first = outcomes[0].kpis
            self._main.append(first.totals[first.keys.index(self._main_key)])

    def _main_so_far(self) -> Estimate:
        totals = np.array(self._main)
        scale: Scale = "logit" if describe(self._main_key).unit == "share" else "log"
        return ratio(totals[:, 0], totals[:, 1], scale=scale)
