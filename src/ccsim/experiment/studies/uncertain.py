"""What the answer is worth where assumptions are uncertain: they are drawn many times, each draw is
played a few times, and what follows is split into chance and not knowing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import ScenarioProblems
from ccsim.experiment.execution.options import Given, Options, options_of
from ccsim.experiment.execution.run import BASE, chosen_designs, load
from ccsim.experiment.execution.runner import Runner
from ccsim.experiment.replications.draws import share_of
from ccsim.experiment.replications.replicate import Engine
from ccsim.experiment.results.design_result import DesignResult
from ccsim.experiment.results.headline import headline_measures
from ccsim.experiment.storage.files import draws_table, durations_table, flows_table, kpis_table
from ccsim.measures.catalogue import describe
from ccsim.scenario.comparable import problem_of
from ccsim.scenario.uncertainty.spread import spread_of
from ccsim.statistics.split import Effect, Split, effects, split

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Assumption, Scenario

OF_DRAWS: dict[str, Callable[[Mapping[str, DesignResult]], Any]] = {
    "kpis": kpis_table,
    "durations": durations_table,
    "flows": flows_table,
}  # sums over replications by interval would be of no design
PER_DRAW = 2  # replications of a draw: the fewest that tell chance from not knowing
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Uncertain:
    """Designs over draws of their uncertain assumptions, all under the same customers and the same
    draws. `results` hold the replications one by one; their own intervals are not meant here.

    Differences are a design minus `against`.
    """

    results: Mapping[str, DesignResult]
    per_draw: int
    seed: int
    asked: int  # replications, as the draws share them
    wanted: int  # replications that were asked for
    engine: Engine
    against: str
    measures: tuple[str, ...]  # on which the decision rests
    seconds: float = 0.0
    folder: Path | None = None
    from_store: int | None = None
    _splits: dict[tuple[str, str, bool], Split] = field(
        init=False, repr=False, default_factory=dict
    )

    @property
    def scenario(self) -> Scenario:
        return self.results[self.against].scenario

    @property
    def draws(self) -> int:
        """Draws of which every replication is held."""
        return self.results[self.against].table.replications // self.per_draw

    @property
    def partial(self) -> bool:
        """Whether it was stopped before all draws were played."""
        return self.draws * self.per_draw < self.asked

    @property
    def others(self) -> tuple[str, ...]:
        """The designs that are compared with `against`."""
        return tuple(name for name in self.results if name != self.against)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The assumptions that any design has."""
        lines = (path for each in self.results.values() for path in each.scenario.uncertain)
        return tuple(dict.fromkeys(lines))

    @cached_property
    def at(self) -> Values:
        """Where each of `paths` lies in each draw: (draws, paths), shares in [0, 1]."""
        return np.array(
            [[share_of(path, self.seed, draw) for path in self.paths] for draw in range(self.draws)]
        ).reshape(self.draws, len(self.paths))

    def split(self, design: str, key: str) -> Split:
        """A measure of a design. KeyError where it does not have it."""
        return self._split(design, key, difference=False)

    def difference(self, design: str, key: str) -> Split:
        """design minus `against`, draw by draw. KeyError where either lacks the measure."""
        return self._split(design, key, difference=True)

    def effects(self, design: str, key: str, *, difference: bool = False) -> dict[str, Effect]:
        """What each assumption of the design (or of the two) does to a measure (or its difference),
        by path; empty where there are too few draws to say."""
        designs = [design, self.against] if difference else [design]
        own = {path for name in designs for path in self.results[name].scenario.uncertain}
        chosen = [i for i, path in enumerate(self.paths) if path in own]
        split_ = self._split(design, key, difference)
        found = effects(self.at[:, chosen], split_.raw, split_.unknown)
        if found is None:
            return {}
        lines: dict[str, Assumption] = {}
        for name in designs:
            lines = {**self.results[name].scenario.uncertain, **lines}
        each = {self.paths[i]: found.of(place) for place, i in enumerate(chosen)}
        # fitted by the share of draws below a value, told by the way between the values
        return {
            path: replace(effect, move=effect.move / spread_of(lines[path]).slope)
            for path, effect in each.items()
        }

    def _split(self, design: str, key: str, difference: bool) -> Split:
        known = self._splits.get((design, key, difference))
        if known is None:
            values = self._values(design, key)
            if difference:
                values = values - self._values(self.against, key)
            known = self._splits[design, key, difference] = split(values)
        return known

    def _values(self, design: str, key: str) -> Values:
        """A measure by draw and replication. Those of a ratio are its influence values within the
        draw, R + (num - R den) / mean(den): their mean is the draw's ratio of totals R, and their
        spread is the chance in it."""
        table = self.results[design].table
        shape = self.draws, self.per_draw
        count = self.draws * self.per_draw
        if describe(key).kind != "ratio":
            return table.by_replication(key)[:count].reshape(shape)
        num, den = (column[:count].reshape(shape) for column in table.columns(key))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = num.sum(axis=1, keepdims=True) / den.sum(axis=1, keepdims=True)
            return np.asarray(ratio + (num - ratio * den) / den.mean(axis=1, keepdims=True))

    def to_json(self) -> dict[str, Any]:
        """The document of `--json`: plain numbers, None where a value is undefined."""
        return {
            "scenario": self.scenario.name,
            "draws": self.draws,
            "per_draw": self.per_draw,
            "seed": self.seed,
            "designs": {
                name: {
                    key: self._json(name, key, difference=False)
                    for key in self.measures
                    if key in result
                }
                for name, result in self.results.items()
            },
            "differences": {
                name: {
                    key: self._json(name, key, difference=True)
                    for key in self.measures
                    if key in self.results[name] and key in self.results[self.against]
                }
                for name in self.others
            },
        }

    def _json(self, design: str, key: str, *, difference: bool) -> dict[str, Any]:
        found = self._split(design, key, difference)
        ends = found.range() or (None, None)
        defined = found.mean.value is not None
        return {
            "mean": found.mean.value,
            "chance_low": found.mean.low,
            "chance_high": found.mean.high,
            "unknown_low": ends[0],
            "unknown_high": ends[1],
            "variance_by_chance": found.chance if defined else None,
            "variance_by_not_knowing": found.unknown if defined else None,
            "share_not_known": found.share.value,
            "share_low": found.share.low,
            "share_high": found.share.high,
            "assumptions": {
                path: {
                    "share": effect.share,
                    "from_lowest_to_highest": effect.move,
                    "told": effect.told,
                }
                for path, effect in self.effects(design, key, difference=difference).items()
            },
        }


def uncertain(
    scenario: str | Path | Mapping[str, Design],
    designs: Sequence[str] | None = None,
    against: str = BASE,
    draws: int | None = None,
    replications: int | None = None,
    *,
    set: Sequence[str] = (),
    options: Options | None = None,
    **given: Unpack[Given],
) -> Uncertain:
    """Play designs over draws of their uncertain assumptions.

    scenario, designs, against, set and options as in `ccsim.compare`; one design may be named, or
    several. `replications` in all (by default what the scenario says) are shared by the `draws`;
    without them each draw has two, so that an odd number is one too many, and four are the fewest.

    ScenarioProblems where no design has an assumption; ValueError for numbers that do not divide,
    and for options that have no use here (`precision`, `at_most`, `keep_records`).
    """
    how = options_of(options, replications, given, without=("precision", "at_most", "keep_records"))
    found = load(scenario, set) if isinstance(scenario, str | Path) else scenario
    return over_draws(found, how, designs, against, draws)


def over_draws(
    found: Mapping[str, Design],
    how: Options,
    designs: Sequence[str] | None = None,
    against: str = BASE,
    draws: int | None = None,
) -> Uncertain:
    """`uncertain` of designs that are there, played so."""
    chosen = {
        name: _days_by_chance(design)
        for name, design in chosen_designs(found, designs, against, least=1).items()
    }
    if not any(design.scenario.uncertain for design in chosen.values()):
        first = next(iter(chosen.values()))
        raise ScenarioProblems([problem_of(first, "uncertain", NOTHING, HOW)])
    base = _days_by_chance(found.get(BASE, found[against]))
    wanted = base.scenario.run.replications if how.replications is None else how.replications
    total, per_draw = shared_out(wanted, draws)
    how = replace(how, replications=total)
    with Runner(chosen, base, how, "uncertain", against, per_draw) as runner:
        results, seconds = runner.play()
        made = Uncertain(
            results=results,
            per_draw=per_draw,
            seed=runner.seed,
            asked=total,
            wanted=wanted,
            engine=how.engine,
            against=against,
            measures=headline_measures(design.scenario for design in chosen.values()),
            seconds=seconds,
            folder=runner.folder.path if runner.folder else None,
            from_store=runner.from_cache,
        )
        if runner.folder is not None:
            _finish(runner, made)
    return made


def _days_by_chance(design: Design) -> Design:
    """The design without stratified busyness: replications of a draw must not know of each other,
    or the chance between them is too small."""
    from ccsim.scenario.drawn import without

    return without(design, "run.stratify", "run.control")


NOTHING = "nothing in the scenario is uncertain"
HOW = "write its ranges: uncertain: {contacts.orders.arrivals.per_day: {by: [-10 %, +15 %], ...}}"


def shared_out(replications: int, draws: int | None) -> tuple[int, int]:
    """Replications in all, and of each draw. ValueError where that leaves fewer than two draws, or
    fewer than two replications of each, or does not divide."""
    if draws is None:
        draws = max(2, replications // PER_DRAW)
        replications = draws * max(PER_DRAW, replications // draws)
    if draws < 2:
        raise ValueError(f"at least two draws are needed, not {draws}")
    if replications % draws or replications // draws < 2:
        fit = draws * max(2, round(replications / draws))
        raise ValueError(
            f"{replications} replications do not give {draws} draws the same number of at least "
            f"two each; {fit} would"
        )
    return replications, replications // draws


def _finish(runner: Runner, found: Uncertain) -> None:
    assert runner.folder is not None
    where = {"draws": lambda results: draws_table(results, found.paths, found.at)}
    said = {
        "asked": found.asked,
        "wanted": found.wanted,
        "per_draw": found.per_draw,
        "draws": found.draws,
        "replications": found.results[found.against].table.replications,
        "partial": found.partial,
        "seconds": round(found.seconds, 3),
        "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "first_attempts": dict(runner.plan.first_attempts) if runner.plan.first_attempts else None,
    }
    runner.folder.finish(found.results, said, OF_DRAWS | where)
