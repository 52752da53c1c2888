"""A sweep where assumptions are drawn: the same draws at every point, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccsim.errors import ScenarioError, ScenarioProblems
from ccsim.experiment.execution.options import Options, Watching
from ccsim.experiment.execution.run import BASE
from ccsim.experiment.results.headline import headline_measures
from ccsim.experiment.studies.sweep import refuse_unknown
from ccsim.experiment.studies.sweep_plan import Point, SweepPlan, Vary, planned
from ccsim.experiment.studies.uncertain import Uncertain, over_draws
from ccsim.statistics.split import Split

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design

NOT_HERE = "points on a grid or in a list are drawn, not those of a tornado or of --fill"


@dataclass(frozen=True)
class SweepDraws:
    """What was found. `found` holds every point as a design, and the unchanged design as `base`,
    all over the same draws and customers. A path that varies is not drawn: it has the value that
    is set."""

    plan: SweepPlan
    measures: tuple[str, ...]
    found: Uncertain
    pictures: tuple[Path, ...] = field(default=(), compare=False)

    @property
    def points(self) -> tuple[Point, ...]:
        return self.plan.points

    @property
    def folder(self) -> Path | None:
        return self.found.folder

    def split(self, point: Point, key: str) -> Split:
        """A measure at a point. KeyError where its design does not have it."""
        return self.found.split(point.name, key)

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row for each point and measure: the settings by path, the mean over draws with its
        interval by chance alone, and the range over draws (None where it is not told)."""
        for point in self.points:
            for key in self.measures:
                if key not in self.found.results[point.name]:
                    continue
                split = self.split(point, key)
                ends = split.range() if split.unknown > 0 else None
                yield {
                    "settings": dict(point.settings),
                    "measure": key,
                    "value": split.mean.value,
                    "chance_low": split.mean.low,
                    "chance_high": split.mean.high,
                    "unknown_low": None if ends is None else ends[0],
                    "unknown_high": None if ends is None else ends[1],
                }

    def to_json(self) -> dict[str, Any]:
        """The document of `--json`."""
        return {
            "scenario": self.found.scenario.name,
            "design": self.plan.design,
            "draws": self.found.draws,
            "per_draw": self.found.per_draw,
            "seed": self.found.seed,
            "vary": {axis.path: list(axis.values) for axis in self.plan.axes},
            "points": list(self.rows()),
        }


def sweep_draws(
    scenario: str | Path,
    vary: Vary,
    how: Options,
    design: str | None = None,
    draws: int | None = None,
    measures: Sequence[str] = (),
    set: Sequence[str] = (),
    watching: Watching | None = None,
) -> SweepDraws:
    """Play a scenario's design at many points over draws of its uncertain assumptions.

    The replications of every point are shared by the draws. ScenarioProblems for whatever cannot be
    read, before anything runs, and where nothing is left uncertain.
    """
    given = {
        "design": design, "measures": tuple(measures), "replications": how.replications,
        "seed": how.seed,
    }  # fmt: skip
    plan = planned(Path(scenario), vary, given, set)
    if plan.fill or plan.tornado or plan.precision:
        raise ScenarioProblems([ScenarioError(str(scenario), 0, 0, "", "--uncertain", NOT_HERE)])
    designs = {name: _decided(plan, made) for name, made in plan.designs().items()}
    keys = plan.measures or headline_measures(each.scenario for each in designs.values())
    refuse_unknown(keys, designs[BASE])
    found = over_draws(designs, plan.playing(how, watching, designs[BASE]), draws=draws)
    swept = SweepDraws(plan, tuple(keys), found)
    if found.folder is not None:
        from ccsim.experiment.storage.disk import write_parquet
        from ccsim.experiment.storage.files import OF_DRAWN_POINTS, sweep_table

        paths = [axis.path for axis in plan.axes]
        table = sweep_table(paths, list(swept.rows()), found.results, OF_DRAWN_POINTS)
        write_parquet(found.folder / "sweep.parquet", table)
    return swept


def _decided(plan: SweepPlan, made: Design) -> Design:
    """A design without the assumptions about what varies: at each point that is known."""
    from ccsim.scenario.drawn import without

    return without(made, *(f"uncertain.{axis.path}" for axis in plan.axes))
