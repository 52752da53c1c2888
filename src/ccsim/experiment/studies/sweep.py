"""What if: a design at many points of what may vary, all under the same customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import ScenarioError, ScenarioProblems, did_you_mean
from ccsim.experiment.execution.options import Given, Options, Watching, options_of
from ccsim.experiment.execution.result import Comparison
from ccsim.experiment.execution.run import BASE, compared
from ccsim.experiment.results.displays import Displayed
from ccsim.experiment.results.headline import headline_measures
from ccsim.experiment.studies.sweep_plan import Point, SweepPlan, Vary, planned
from ccsim.measures.catalogue import known_measures
from ccsim.statistics import Estimate
from ccsim.statistics.split import Effects, effects

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design


@dataclass(frozen=True)
class Sweep(Displayed):
    """What a sweep found. `comparison` holds every point as a design, and the unchanged design as
    `base`, all under the same customers; differences are to `base`."""

    plan: SweepPlan
    points: tuple[Point, ...]
    measures: tuple[str, ...]
    comparison: Comparison
    pictures: tuple[Path, ...] = field(default=(), compare=False)
    _shown_by = "notebook:sweep_html"

    @property
    def folder(self) -> Path | None:
        return self.comparison.folder

    def estimate(self, point: Point, key: str) -> Estimate:
        """A measure at a point. KeyError where its design does not have it."""
        return self.comparison[point.name][key]

    def places(self) -> NDArray[np.float64]:
        """Where points that were spread lie between the ends of each axis: (points, axes)."""
        return np.array(
            [
                [axis.ends.place(point.settings[axis.path]) for axis in self.plan.axes if axis.ends]
                for point in self.points
            ]
        )

    def effects(self, key: str) -> Effects | None:
        """What each axis does to a measure over all points, where points were spread; None where
        there are too few. KeyError where a point does not have the measure."""
        values = np.array([self.estimate(point, key).value for point in self.points], np.float64)
        known = values[~np.isnan(values)]
        return effects(self.places(), values, float(known.var(ddof=1)) if len(known) > 1 else 0.0)

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row for each point and measure: the settings by path (None where a tornado leaves
        it), value and interval, and the paired difference to the unchanged design."""
        for point in self.points:
            settings = {axis.path: point.settings.get(axis.path) for axis in self.plan.axes}
            shared = set(self.comparison.shared(point.name))
            for key in self.measures:
                if key not in self.comparison[point.name]:
                    continue
                row: dict[str, Any] = {"settings": settings, "measure": key}
                row |= _numbers("", self.estimate(point, key))
                change = None
                if key in shared:
                    change = self.comparison.difference(point.name, key).estimate
                yield row | _numbers("difference_", change)

    def to_json(self) -> dict[str, Any]:
        """The document of `--json`."""
        return {
            "scenario": self.comparison.scenario.name,
            "design": self.plan.design,
            "replications": self.comparison.replications,
            "seed": self.comparison.seed,
            "vary": {axis.path: self._values(axis.path) for axis in self.plan.axes},
            "tornado": self.plan.tornado,
            "fill": bool(self.plan.fill),
            "base": {
                key: _numbers("", self.comparison[BASE][key])
                for key in self.measures
                if key in self.comparison[BASE]
            },
            "points": list(self.rows()),
        } | self._further_json()

    def _values(self, path: str) -> list[str]:
        """The values that a path takes, in the order of the points."""
        given = (point.settings[path] for point in self.points if path in point.settings)
        return list(dict.fromkeys(given))

    def _further_json(self) -> dict[str, Any]:
        """What each axis does where points were spread, and how a precision stands."""
        said: dict[str, Any] = {}
        if self.plan.fill:
            said["effects"] = {key: self._effects_json(key) for key in self.measures}
        if self.comparison.precision:
            said["precision"] = [each.to_json() for each in self.comparison.precision]
        return said

    def _effects_json(self, key: str) -> dict[str, Any]:
        found = self.effects(key)
        if found is None:
            return {}
        by_path = {axis.path: found.of(i) for i, axis in enumerate(self.plan.axes)}
        return {
            path: {
                "share": effect.share,
                "from_lowest_to_highest": effect.move,
                "told": effect.told,
            }
            for path, effect in by_path.items()
        }


def sweep(
    scenario: str | Path,
    vary: Vary = (),
    design: str | None = None,
    tornado: bool | None = None,
    fill: bool | None = None,
    points: int | None = None,
    measures: Sequence[str] = (),
    replications: int | None = None,
    *,
    set: Sequence[str] = (),
    watching: Watching | None = None,
    options: Options | None = None,
    **given: Unpack[Given],
) -> Sweep:
    """Play a scenario's design at many points under the same customers.

    scenario: a scenario file, or an experiment file that names one; what is given here comes before
    what that says. vary: what varies (`["teams.desk.people=40..50"]`); tornado, fill and points:
    how the points are chosen; measures: what is reported. set and options as in `ccsim.run`;
    `precision` holds at every point. watching: called after each replication, with the scenario
    first.

    ScenarioProblems for whatever cannot be read, before anything runs; ValueError and TypeError for
    options that make no sense or have no use here (`keep_records`).
    """
    how = options_of(options, replications, given, without=("keep_records",))
    said = {
        "design": design, "tornado": tornado, "fill": fill, "points": points,
        "measures": tuple(measures), "replications": how.replications, "seed": how.seed,
        "precision": tuple(how.precision), "at_most": how.at_most,
    }  # fmt: skip
    plan = planned(Path(scenario), vary, said, set)
    designs = plan.designs()
    keys = plan.measures or headline_measures(each.scenario for each in designs.values())
    refuse_unknown(keys, designs[BASE])
    how = plan.playing(how, watching, designs[BASE])
    comparison = compared(designs, how, deciding=())
    found = Sweep(plan, plan.points, keys, comparison)
    if found.folder is not None:
        from ccsim.experiment.storage.disk import write_parquet
        from ccsim.experiment.storage.files import sweep_table

        paths = [axis.path for axis in plan.axes]
        table = sweep_table(paths, list(found.rows()), comparison.results)
        write_parquet(found.folder / "sweep.parquet", table)
    return found


def refuse_unknown(keys: Sequence[str], design: Design) -> None:
    """ScenarioProblems for measures that the design does not have."""
    known = known_measures(design.scenario)
    problems = [
        ScenarioError(
            f"--measure {key}", 0, 0, "", f"there is no measure '{key}'",
            did_you_mean(key, known, "measures"),
        )
        for key in keys
        if key not in known
    ]  # fmt: skip
    if problems:
        raise ScenarioProblems(problems)


def _numbers(prefix: str, estimate: Estimate | None) -> dict[str, float | None]:
    words = ("value", "low", "high")
    return {prefix + word: None if estimate is None else getattr(estimate, word) for word in words}
