"""What every experiment shares: replications of every design, taken in one after the other."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
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

MOST_IN_CACHE = 100_000
"""Of more replications the cache is not asked how many it holds: looking for each of them would
take more time and memory than refusing them, and no cache holds so many."""

DRAWS_AT_A_TIME = 32
"""Some tenths of a second of asking the store, and enough work for every core between."""

Rule = Callable[[Mapping[str, DesignResult]], int]
"""Told the results so far, says how many replications are wanted in all; no more than there are
ends the experiment. It sees results only at the numbers that it named itself, so that what is done
does not depend on workers."""


class Runner:
    """Plays replications of designs and adds them up: what all experiments share.

    Use it as a context: entering checks the designs, estimates what they take, finds the shares of
    first attempts, opens the cache and makes the folder of the results, all before anything else
    is simulated. Entering raises ScenarioProblems for designs that cannot be compared and TooLarge
    for what does not fit; leaving by an exception takes the unfinished folder away.
    """

    asked: int  # replications wanted so far
    tallies: dict[str, Tally]
    plan: ReplicationPlan
    folder: RunFolder | None
    cache: ReplicationCache | None

    def __init__(
        self,
        designs: Mapping[str, Design],
        base: Design,
        how: Options,
        kind: str = "",
        against: str = "",
        per_draw: int = 0,
    ) -> None:
        """designs: by name, in the order shown; base: the design whose offered counts are used for
        all. kind and against: of the experiment, for its folder. per_draw: replications of each
        draw of uncertain assumptions, 0 where nothing is drawn."""
        self.designs, self.base, self.how = dict(designs), base, how
        self.in_play = dict(designs)  # those that further replications are played of
        self.kind, self.against, self.per_draw = kind, against, per_draw
        options = base.scenario.run
        self.seed = options.seed if how.seed is None else how.seed
        self._main_key = main_measure(base.scenario)
        self._main: list[NDArray[np.float64]] = []  # its totals in the first design, in order

    def __enter__(self) -> Runner:
        options, how = self.base.scenario.run, self.how
        wrong = [*problems(self.designs), *why_not_comparable(self.designs)]
        if wrong:
            raise ScenarioProblems(wrong)
        asked = options.replications if how.replications is None else how.replications
        self.asked = whole(asked, self._first)
        self._most_workers = self._fits().fitting
        self.tallies = {name: Tally(design.scenario) for name, design in self.designs.items()}
        shares = first_attempts(self.base, self.seed, how.engine)
        self.plan = replace(self._plan(), first_attempts=shares.shares if shares else None)
        self.cache = self._cache_of(self.plan)
        self.folder = None
        if how.saved:
            out = None if how.out is None else Path(how.out)
            about = self.asked, self.kind, self.against
            self.folder = RunFolder.create(self.designs, self.plan, *about, out)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self.folder is not None:
            self.folder.abandon()

    @property
    def from_cache(self) -> int | None:
        """How many replications the cache answered; None without a cache."""
        return None if self.cache is None else self.cache.answered

    @property
    def _first(self) -> Design:
        return next(iter(self.designs.values()))

    def _plan(self) -> ReplicationPlan:
        """What determines replications, where every arrival is a first attempt."""
        return ReplicationPlan(
            tuple(self.designs.values()),
            self.seed,
            self.how.engine,
            keep_records=self.how.keep_records,
            per_draw=self.per_draw,
        )

    def _fits(self) -> Size:
        """Estimate the size of it all; TooLarge where it is more than there is.

        What the cache holds is not simulated again: it is asked where that decides, unless the
        shares of first attempts, which its contents depend on, would have to be found by simulation
        first.
        """
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
        ask = how.answered and most <= MOST_IN_CACHE and not counts_offered(self.base)
        if refused is not None and ask:
            cache = self._cache_of(self._plan())
            assert cache is not None
            lacking = sum(bool(names) for names in cache.missing(range(most)).values())
            size = estimate(lacking=lacking)
            refused = too_large(size, available_memory(), disk)
        if refused is not None:
            raise TooLarge([problem_of(self._first, "calendar.days", refused)])
        return size

    def _cache_of(self, plan: ReplicationPlan) -> ReplicationCache | None:
        """The cache of the designs in play. It holds no records: where those are wanted, everything
        is simulated."""
        if self.how.store is None or self.how.keep_records:
            return None
        from ccsim.experiment.storage.replication_cache import ReplicationCache

        return ReplicationCache(self.how.store, self.in_play, plan)

    def leave_out(self, names: Collection[str]) -> None:
        """Play no more replications of these designs; what they have is kept. ValueError where no
        design would be left. To be called by a rule, between two of its looks."""
        left = {name: design for name, design in self.in_play.items() if name not in names}
        if not left:
            raise ValueError("at least one design stays in play")
        if len(left) == len(self.in_play):
            return
        answered = self.from_cache
        self.in_play = left
        self.plan = replace(self.plan, designs=tuple(left.values()))
        self.cache = self._cache_of(self.plan)
        if self.cache is not None:
            self.cache.answered = answered or 0

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
            if self.cache is not None:
                self.cache.put_together()
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
        if self.cache is None:
            yield from self._simulated(self.plan, wanted)
            return
        for part in self._parts(wanted):
            yield from self._cached_or_simulated(self.cache, part)

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

    def _cached_or_simulated(
        self, cache: ReplicationCache, wanted: Sequence[int]
    ) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
        lacking: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, names in cache.missing(wanted).items():
            lacking[names].append(number)
        for number, read in cache.read(lacking.pop((), [])):
            if len(read) < len(self.in_play):  # it was there, and cannot be read
                lacking[tuple(name for name in self.in_play if name not in read)].append(number)
                continue
            cache.answered += 1
            yield number, tuple(Outcome(read[name]) for name in self.in_play)
        for names, numbers in lacking.items():
            yield from self._completed(cache, names, sorted(numbers))

    def _completed(
        self, cache: ReplicationCache, names: tuple[str, ...], numbers: list[int]
    ) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
        """Replications of which these designs are simulated, and cached; the others are read."""
        others = [name for name in self.in_play if name not in names]
        plan = replace(self.plan, designs=tuple(self.in_play[name] for name in names))
        with closing(self._simulated(plan, numbers)) as simulated:
            for number, outcomes in simulated:
                found = {name: each.kpis for name, each in zip(names, outcomes, strict=True)}
                with uninterrupted():
                    cache.add(number, found)
                if others:
                    found |= dict(cache.read([number]))[number]
                if len(found) < len(self.in_play):  # one was there, and cannot be read
                    again = Replicator(self.plan)(number)
                    found = {n: each.kpis for n, each in zip(self.in_play, again, strict=True)}
                yield number, tuple(Outcome(found[name]) for name in self.in_play)

    def _simulated(
        self, plan: ReplicationPlan, numbers: Sequence[int]
    ) -> Generator[tuple[int, tuple[Outcome, ...]], None, None]:
        """These replications, in any order, by the executor given, or on as many workers as were
        asked for or are worth it.

        Threads cost nothing to start. Whether processes pay is seen from the first replication,
        which is played here.
        """
        if not numbers:
            return
        replicate = Replicator(plan)
        if self.how.executor is not None:
            yield from self.how.executor(replicate, numbers)
            return
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
            for name, outcome in zip(self.in_play, outcomes, strict=True):
                if self.folder is not None and outcome.records is not None:
                    self.folder.record(name, next_, outcome.records)
                self.tallies[name].add(outcome.kpis)
            self._main.append(self._main_total(outcomes))

    def _main_total(self, outcomes: Sequence[Outcome]) -> NDArray[np.float64]:
        """The main measure's totals in the first design that has it; (0, 0) where none has."""
        for outcome in outcomes:
            if self._main_key in outcome.kpis.keys:
                row = outcome.kpis.keys.index(self._main_key)
                found: NDArray[np.float64] = outcome.kpis.totals[row]
                return found
        return np.zeros(2)

    def _main_so_far(self) -> Estimate:
        totals = np.array(self._main)
        scale: Scale = "logit" if describe(self._main_key).unit == "share" else "log"
        return ratio(totals[:, 0], totals[:, 1], scale=scale)
