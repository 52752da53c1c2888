"""What an experiment found: one design (`Run`), or several under the same customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccsim.experiment.execution.reversal import Turning
from ccsim.experiment.replications.replicate import Engine, ReplicationPlan
from ccsim.experiment.results.cuts import By, Cut
from ccsim.experiment.results.design_result import DesignResult
from ccsim.experiment.results.displays import Tabular
from ccsim.experiment.results.expectations import Judgement, judge_all
from ccsim.experiment.results.targets import promises, targets
from ccsim.experiment.storage.run_folder import RunFolder
from ccsim.measures.catalogue import describe
from ccsim.statistics import LEVEL, Difference, Estimate, Verdict, simultaneous, verdict
from ccsim.statistics.best import ToBest, with_the_best
from ccsim.statistics.reduction import Gains

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of a precision that was asked for, in the design where it is worst."""

    text: str
    key: str
    difference: bool
    design: str
    wanted: float  # half-width asked for there, in the measure's unit
    got: float | None  # None: there is no interval
    enough: bool
    replications: int | None = None  # about so many would do, where it is not reached

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Experiment(Tabular):
    """What `run` and `compare` have in common.

    `replications` is how many are held, `asked` how many were asked for; fewer are held when it was
    stopped (`partial`). `first_attempts` are the shares of the stated volumes that are first
    attempts, by queue, where contact types count offered contacts. `folder` is where it was saved.
    `precision` tells how the half-widths that were asked for stand; `from_store` how many
    replications were answered from the store (None: there was none).
    """

    results: Mapping[str, DesignResult]
    seed: int
    asked: int
    engine: Engine
    first_attempts: Mapping[str, float] | None = None
    finished: dt.datetime | None = None
    seconds: float = 0.0  # of wall time
    folder: Path | None = None
    precision: tuple[Reached, ...] = ()
    from_store: int | None = None

    def __repr__(self) -> str:
        kind, part = type(self).__name__, ", partial" if self.partial else ""
        names = ", ".join(self.results)
        how = f"seed {self.seed}, {self.replications} replications{part}"
        return f"<{kind} of {self.scenario.name!r}: {names}; {how}>"

    @property
    def designs(self) -> Mapping[str, Design]:
        return {name: result.design for name, result in self.results.items()}

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        return {name: result.scenario for name, result in self.results.items()}

    @property
    def scenario(self) -> Scenario:
        """The scenario of the first design: names, calendar and currency are those of all."""
        return next(iter(self.results.values())).scenario

    @property
    def replications(self) -> int:
        return next(iter(self.results.values())).table.replications

    @property
    def partial(self) -> bool:
        """Whether it was stopped before all replications were done."""
        return self.replications < self.asked

    @property
    def mark_level(self) -> float:
        """The level of each single statement of kept or missed, so that those about all promises
        and expectations of all designs hold together at 95 % (Bonferroni)."""
        return simultaneous(LEVEL, sum(map(promises, self.scenarios.values())))

    @property
    def promised(self) -> Mapping[str, Mapping[str, Estimate]]:
        """By design, the measures that have a target, with the intervals that decide about it."""
        return {
            name: {key: result.estimate(key, self.mark_level) for key in targets(result.scenario)}
            for name, result in self.results.items()
        }

    @cached_property
    def judged(self) -> Mapping[str, tuple[Judgement, ...]]:
        """How each design stands with its `expect` section, in the order written."""
        return {name: judge_all(each, self.mark_level) for name, each in self.results.items()}

    @property
    def expectations(self) -> tuple[Judgement, ...]:
        """The judgements of all designs."""
        return tuple(each for judgements in self.judged.values() for each in judgements)

    @property
    def missed(self) -> bool:
        """Whether an expectation of any design is missed."""
        return any(each.status == "missed" for each in self.expectations)

    def save(self, folder: str | Path | None = None) -> Path:
        """Write the results to a new or empty folder (by default a new one under results/), which
        `ccsim.load_run` reads back; returns it. ResultsError where that is not possible."""
        plan = ReplicationPlan(
            tuple(self.designs.values()), self.seed, self.engine, self.first_attempts
        )
        where = None if folder is None else Path(folder)
        made = RunFolder.create(self.designs, plan, self.asked, *self._kind, where)
        made.finish(self.results, self.manifest())
        return made.path

    @property
    def _kind(self) -> tuple[str, str]:
        """How the manifest names the experiment, and the design that others are compared with."""
        return "run", ""

    def manifest(self) -> dict[str, Any]:
        """What the manifest of a saved run says of how it went, as plain data."""
        return {
            "asked": self.asked,
            "precision": [each.to_json() for each in self.precision],
            "replications": self.replications,
            "partial": self.partial,
            "seconds": round(self.seconds, 3),
            "finished": self.finished.isoformat() if self.finished else None,
            "first_attempts": dict(self.first_attempts) if self.first_attempts else None,
        }

    def to_json(self) -> dict[str, Any]:
        """The document of `--json`: plain numbers, None where a value is undefined."""
        return {
            "scenario": self.scenario.name,
            "replications": self.replications,
            "seed": self.seed,
            "designs": {
                name: {"kpis": {key: _kpi(result, key) for key in result}}
                for name, result in self.results.items()
            },
            "differences": self._differences_json(),
        } | ({"precision": [each.to_json() for each in self.precision]} if self.precision else {})

    def _differences_json(self) -> list[dict[str, Any]]:
        return []


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Run(Experiment, Mapping[str, Estimate]):
    """One design. `run['phone.service_level']` is an Estimate; iterates over the keys."""

    @property
    def result(self) -> DesignResult:
        return next(iter(self.results.values()))

    def __getitem__(self, key: str) -> Estimate:
        return self.result[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.result)

    def __len__(self) -> int:
        return len(self.result)

    def cut(self, key: str, by: By, level: float = LEVEL) -> Cut:
        """As `DesignResult.cut`."""
        return self.result.cut(key, by, level)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Comparison(Experiment):
    """Several designs under the same customers. `comparison['pooled']` is a DesignResult.

    Differences are a design minus `against`, paired by replication. `asked_measures` are those on
    which the decision rests: their intervals are widened so that all of them, over all designs,
    hold together at the level (Bonferroni). Other measures' differences hold one by one. `turning`
    tells what would turn the verdict, where that was looked for.
    """

    against: str = "base"
    asked_measures: tuple[str, ...] = ()
    turning: Turning | None = None
    _known: dict[tuple[str, str, float], Difference] = field(
        init=False, repr=False, default_factory=dict
    )

    def __getitem__(self, design: str) -> DesignResult:
        return self.results[design]

    def __iter__(self) -> Iterator[str]:
        return iter(self.results)

    @property
    def _kind(self) -> tuple[str, str]:
        return "compare", self.against

    @property
    def others(self) -> tuple[str, ...]:
        """The designs that are compared with `against`."""
        return tuple(name for name in self.results if name != self.against)

    @property
    def mark_level(self) -> float:
        """As of every experiment; half of what may go wrong is left to the differences, so that
        all that a verdict states holds together at 95 %."""
        half = 1 - (1 - LEVEL) / 2
        return simultaneous(half, sum(map(promises, self.scenarios.values())))

    def asking(self, measures: Sequence[str]) -> Comparison:
        """The same comparison, deciding on these measures."""
        return replace(self, asked_measures=tuple(dict.fromkeys(measures)))

    def level_of(self, key: str, level: float = LEVEL) -> float:
        """The level of each single interval of a measure's differences."""
        if key not in self.asked_measures:
            return level
        return simultaneous(level, len(self.others) * len(self.asked_measures))

    def shared(self, design: str) -> tuple[str, ...]:
        """The measures that both the design and `against` have, in the order shown."""
        base = set(self.results[self.against].table.measures)
        return tuple(key for key in self.results[design] if key in base)

    def difference(self, design: str, key: str, level: float = LEVEL) -> Difference:
        """design minus `against`, in the measure's unit; see the class for the level.

        KeyError where either lacks the measure.
        """
        single = self.level_of(key, level)
        known = self._known.get((design, key, single))
        if known is None:
            ours, theirs = self.results[design].table, self.results[self.against].table
            known = self._known[design, key, single] = ours.difference(theirs, key, single)
        return known

    def verdict(self, design: str, key: str, matters: float | None = None) -> Verdict:
        """What the difference says in words: better, worse, or not distinguishable (and then which
        differences are excluded, and how many replications one that `matters` would need)."""
        return verdict(self.difference(design, key).estimate, describe(key).better, matters)

    def gain(self, design: str, key: str) -> float | None:
        """How many times more replications different customers would have needed."""
        return self.difference(design, key).gain

    def best(self, key: str, level: float = LEVEL) -> tuple[ToBest, ...]:
        """Every design against the best of the others in a measure (multiple comparisons with the
        best), all statements about it together at the level. KeyError where a design lacks the
        measure; empty where neither direction is better."""
        better = describe(key).better
        if better not in ("higher", "lower"):
            return ()
        tables = {name: result.table for name, result in self.results.items()}
        return with_the_best(
            tuple(tables),
            lambda ours, theirs, single: tables[ours].difference(tables[theirs], key, single),
            larger_is_better=better == "higher",
            level=level,
        )

    def to_json(self) -> dict[str, Any]:
        """As of every experiment, and what would turn the verdict where that was looked for."""
        found = super().to_json()
        return found if self.turning is None else found | {"turning": self.turning.to_json()}

    def _differences_json(self) -> list[dict[str, Any]]:
        return [
            {
                "design": design,
                "against": self.against,
                "measure": key,
                **_numbers(self.difference(design, key).estimate),
                "unit": unit_of(key, self.scenario),
            }
            | _gains(self.difference(design, key).gains)
            for design in self.others
            for key in self.shared(design)
        ]


def unit_of(key: str, scenario: Scenario) -> str:
    """The unit of a measure; money is in the scenario's currency."""
    unit = describe(key).unit
    return scenario.currency or unit if unit == "money" else unit


def _numbers(estimate: Estimate) -> dict[str, float | None]:
    return {"mean": estimate.value, "low": estimate.low, "high": estimate.high}


def _kpi(result: DesignResult, key: str) -> dict[str, Any]:
    return {
        **_numbers(result[key]),
        "unit": unit_of(key, result.scenario),
        "definition": describe(key).definition,
    } | _gains(result.gains(key))


def _gains(gains: Gains) -> dict[str, Any]:
    """Nothing where nothing reduces the variance."""
    found = {"stratified": gains.stratified, "controlled": gains.controlled}
    told = {name: asdict(gain) for name, gain in found.items() if gain is not None}
    return {"gains": told} if told else {}
