"""Which of several designs is best, with a guarantee, under the same customers.

The designs of a scenario, or points of what may vary, play the same replications. At interim
analyses (after 50, then after a tenth more each) a design drops out when it surely misses a target
or an expectation, or when one that surely meets them all is surely better. What is left at the end
is best to within the difference that matters, at 95 % (`ccsim.statistics.selection`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from ccsim.experiment.execution.options import Given, Options, Watching, options_of
from ccsim.experiment.execution.runner import Runner
from ccsim.experiment.results.expectations import bounds
from ccsim.experiment.results.targets import targets
from ccsim.experiment.results.unserved import MORE_CLOSED, more_turned_away, not_offered
from ccsim.experiment.studies.choice import (
    default_measure,
    designs_to_choose_from,
    difference_that_matters,
    larger_is_better,
)
from ccsim.measures.catalogue import describe
from ccsim.statistics.samples import Sample, of_ratio
from ccsim.statistics.selection import Bound, Selection, Stand
from ccsim.statistics.sequential import FIRST, Evidence
from ccsim.statistics.student import t_quantile

if TYPE_CHECKING:
    from ccsim.experiment.results.design_result import DesignResult
    from ccsim.experiment.studies.sweep_plan import Vary
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario

MOST = 1000  # replications, unless another limit is given
HALF_A_POINT = 0.005
PART = 0.01  # of the base's value: what matters where no other difference is given


@dataclass(frozen=True)
class Best:
    """Which design was found best.

    `measure` is what was compared, `within` the difference that matters, in the measure's unit over
    the measured days; `stands` how each design stands, in the order shown; `replications` those of
    the leader, `asked` the limit. `wanted`: about how many would decide, where they did not.
    """

    designs: Mapping[str, Design]
    measure: str
    within: float
    tolerance: float
    larger_is_better: bool
    stands: Mapping[str, Stand]
    leader: str | None
    alive: tuple[str, ...]
    regret: float | None
    replications: int
    played: Mapping[str, int]  # replications of each design
    asked: int
    first: int
    seed: int
    wanted: int | None
    seconds: float
    stopped: bool = False
    unguarded: bool = False  # no target was asked about, though none was to be left aside
    from_store: int | None = field(default=None, compare=False)

    @property
    def name(self) -> str | None:
        """The design that was found best; None where none is known to meet what is asked."""
        return self.leader

    @property
    def decided(self) -> bool:
        """Whether the leader is best to within the difference that matters."""
        return self.leader is not None and self.stands[self.leader].standing == "best"

    @property
    def scenario(self) -> Scenario:
        return next(iter(self.designs.values())).scenario

    def to_json(self) -> dict[str, Any]:
        """The document of `--json`: plain numbers, None where nothing is known."""
        return {
            "scenario": self.scenario.name,
            "measure": self.measure,
            "within": self.within,
            "tolerance": self.tolerance,
            "best": self.leader,
            "decided": self.decided,
            "largest_loss": self.regret,
            "replications": self.replications,
            "wanted": self.wanted,
            "seed": self.seed,
            "stopped": self.stopped,
            "designs": {name: self._json(stand) for name, stand in self.stands.items()},
        }

    def _json(self, stand: Stand) -> dict[str, Any]:
        return {
            "standing": stand.standing,
            "targets": stand.targets,
            "value": _known(stand.value),
            "worse_by_low": _known(stand.low),
            "worse_by_high": _known(stand.high),
            "out_after": stand.out_after,
            "not_offered": list(stand.why),
            "replications": self.played[stand.design],
            "misses": [
                {"measure": miss.key, "low": _known(miss.low), "high": _known(miss.high)}
                for miss in stand.misses
            ],
        }


def _known(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def best(
    scenario: str | Path | Mapping[str, Design],
    measure: str | None = None,
    within: str | float | None = None,
    designs: Sequence[str] | None = None,
    vary: Vary = (),
    replications: int | None = None,
    *,
    tolerance: float = HALF_A_POINT,
    regardless: bool = False,
    set: Sequence[str] = (),
    watching: Watching | None = None,
    options: Options | None = None,
    **given: Unpack[Given],
) -> Best:
    """Find which of several designs is best among those that meet their targets.

    scenario: a scenario file, or the designs that `load` returned. measure: what is compared, by
    default the cost (less revenue, where something is sold). within: the difference that matters,
    as text (`0.5 points`, `2 s`, `10000` for money a year) or in the measure's unit over the
    measured days; by default half a point, or 1 % of the base's value. designs: those to choose
    from, by default all; vary: points to choose from in their place, as in `ccsim.sweep`.
    tolerance: by how much a share may fall short of a target that counts as met. regardless: of
    targets and expectations. watching: called after each replication, with the scenario first.
    Options as in `ccsim.run`: `replications` is the first look (at least 50), `at_most` the limit
    (1,000).

    ScenarioProblems for whatever cannot be read; ValueError for options without use.
    """
    unused = ("precision", "out", "save", "keep_records")
    how = options_of(options, replications, given, without=unused)
    chosen, base = designs_to_choose_from(scenario, designs, vary, set)
    key = measure or default_measure(chosen)
    larger = larger_is_better(key, chosen)
    first = max(FIRST, how.replications or FIRST)
    most = MOST if how.at_most is None else how.at_most
    if most < first:
        raise ValueError(f"at most {most} replications is fewer than {first} at first")
    matters = (
        within
        if isinstance(within, float | int)
        else difference_that_matters(key, within, base.scenario)
    )
    rule = _Rule(chosen, key, larger, matters, first, most, tolerance, regardless)
    how = replace(how, replications=first, at_most=most)
    if watching is not None:
        how = replace(how, progress=partial(watching, base.scenario))
    with Runner(chosen, base, how) as runner:
        rule.runner = runner
        results, seconds = runner.play(rule)
    return rule.found(runner, results, seconds)


class _Rule:
    """The rule for `Runner.play`: feeds every look to the selection, and leaves designs out."""

    def __init__(
        self,
        designs: Mapping[str, Design],
        key: str,
        larger: bool,
        within: float | None,
        first: int,
        most: int,
        tolerance: float,
        regardless: bool,
    ) -> None:
        self.designs, self.key, self.within = designs, key, within
        self.first, self.most, self.tolerance = first, most, tolerance
        self.regardless, self.larger = regardless, larger
        self.selection: Selection | None = None
        self.runner: Runner | None = None

    def __call__(self, results: Mapping[str, DesignResult]) -> int:
        assert self.runner is not None
        n = max(results[name].table.replications for name in self.runner.in_play)
        if n < self.first:  # stopped
            return n
        selection = self._selection(results)
        in_play = {name: results[name] for name in selection.alive}
        values = {name: result.table.sample(self.key) for name, result in in_play.items()}
        asked: dict[str, list[Bound]] = {}
        if not self.regardless:
            self._leave_out(n, values, results)
            alive = {name: results[name] for name in selection.alive}
            asked = {name: [*self._bounds(r), *_closed(r, alive)] for name, r in alive.items()}
        selection.look(n, values, asked)
        if selection.finished:
            return n
        self.runner.leave_out([name for name in in_play if name not in selection.alive])
        return selection.after(n)

    def _selection(self, results: Mapping[str, DesignResult]) -> Selection:
        if self.selection is None:
            if self.within is None:
                of_base = next(iter(results.values())).estimate(self.key).value or 0.0
                share = describe(self.key).unit == "share"
                self.within = HALF_A_POINT if share else PART * abs(of_base)
            names = list(self.designs)
            self.selection = Selection(names, self.larger, self.within, self.most, first=self.first)
        return self.selection

    def _leave_out(
        self, n: int, values: Mapping[str, Sample], results: Mapping[str, DesignResult]
    ) -> None:
        """Take out the designs that do not offer a channel that has a target in another."""
        assert self.selection is not None
        scenarios = {name: design.scenario for name, design in self.designs.items()}
        for name in list(self.selection.alive):
            lacking = not_offered(partial(_value, results), scenarios, name)
            if lacking:
                self.selection.leave_out(n, name, values[name].value, lacking)

    def _bounds(self, result: DesignResult) -> list[Bound]:
        """What is asked of a design: its targets, then what it is expected to reach."""
        found = []
        goals = targets(result.scenario)
        for key, share in goals.items():
            evidence = result.table.sample(key).evidence(0.0, 1.0)
            found.append(Bound(key, evidence, at_least=share, tolerance=self.tolerance))
        for i, expected in enumerate(result.scenario.expect):
            low, high = bounds(expected, result.scenario.calendar)
            if expected.over is None and (low, high) == (goals.get(expected.measure), None):
                continue  # the target is expected, too: one statement
            share = describe(expected.measure).unit == "share"
            tolerance = self.tolerance if share else 0.0
            if expected.over is None:
                ends = (0.0, 1.0) if share else (-math.inf, math.inf)
                evidence = result.table.sample(expected.measure).evidence(*ends)
                found.append(Bound(expected.measure, evidence, low, high, tolerance))
            elif expected.in_ is not None:
                met = result.table.met[i]
                evidence = of_ratio(met[:, 0], met[:, 1]).evidence(0.0, 1.0)
                found.append(Bound(expected.measure, evidence, expected.in_, None, self.tolerance))
            else:
                band = result.cut(expected.measure, expected.over).band
                n = result.table.replications
                half = (band.high - band.low) / 2.0
                spread = half / t_quantile((1 + band.level) / 2, n - 1) * math.sqrt(n)
                for value, deviation in zip(band.value, spread, strict=True):
                    # only sums over replications are kept here, so that skewness is not known
                    if not math.isnan(value):
                        each = Evidence(value, n, float(deviation), 0.0, value, n)
                        found.append(Bound(expected.measure, each, low, high, tolerance))
        return found

    def found(self, runner: Runner, results: Mapping[str, DesignResult], seconds: float) -> Best:
        """What was found, however it ended."""
        played = {name: result.table.replications for name, result in results.items()}
        selection = self.selection
        stopped = selection is None or not selection.finished
        if selection is None:
            selection = self._selection(results)
        stands = {}
        for name in self.designs:
            value = results[name].estimate(self.key).value
            unknown = Stand(name, "undecided", "undecided", math.nan if value is None else value)
            stands[name] = selection.stands.get(name, unknown)
        return Best(
            designs=self.designs,
            measure=self.key,
            within=selection.within,
            tolerance=self.tolerance,
            larger_is_better=self.larger,
            stands=stands,
            leader=selection.leader,
            alive=tuple(selection.alive),
            regret=selection.regret,
            replications=max(played.values()),
            played=played,
            asked=self.most,
            first=self.first,
            seed=runner.seed,
            wanted=selection.wanted,
            seconds=seconds,
            stopped=stopped,
            unguarded=not self.regardless and not any(map(_asks, self.designs.values())),
            from_store=runner.from_cache,
        )


def _closed(result: DesignResult, others: Mapping[str, DesignResult]) -> list[Bound]:
    """That the design is not closed to many more contacts than another: who finds it closed is in
    no service level, so that no target would notice."""
    found = []
    for channel in result.scenario.channels:
        key = f"{channel}.closed"
        known = [name for name, other in others.items() if key in other]
        if key not in result or not known:
            continue
        value = partial(_value, others)
        least = min(known, key=lambda name, key=key: value(name, key))  # type: ignore[misc]
        if more_turned_away(value, result.name, least, channel):
            sample = result.table.sample(key).less(others[least].table.sample(key))
            found.append(Bound(key, sample.evidence(-1.0, 1.0), at_most=MORE_CLOSED))
    return found


def _asks(design: Design) -> bool:
    """Whether anything is asked of a design: a target, or an expectation."""
    return bool(targets(design.scenario) or design.scenario.expect)


def _value(results: Mapping[str, DesignResult], design: str, key: str) -> float:
    """The value of a design's measure; 0 where it is undefined or the design does not have it."""
    result = results[design]
    return (result[key].value or 0.0) if key in result else 0.0
