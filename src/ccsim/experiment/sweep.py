"""What if: a design at many points of what may vary, all under the same customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccsim.errors import ScenarioError, ScenarioProblems, did_you_mean
from ccsim.experiment.axes import Axis, axis_of, parse_axis
from ccsim.experiment.headline import headline_measures
from ccsim.experiment.job import Watching
from ccsim.experiment.replicate import ENGINES, Engine
from ccsim.experiment.result import Comparison
from ccsim.experiment.run import BASE, compare, load
from ccsim.measures.catalogue import known_measures
from ccsim.statistics import Estimate
from ccsim.units import UnitError

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design

MOST_POINTS = 500
KEYS = ("scenario", "vary", "design", "tornado", "measures", "replications", "seed")


@dataclass(frozen=True, slots=True)
class Point:
    """One point: the design made for it, and the value (as written) of each path that it sets."""

    name: str
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """A sweep before it is played: which scenario, design, axes and measures."""

    scenario: Path
    axes: tuple[Axis, ...]
    design: str = BASE
    tornado: bool = False
    measures: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    replications: int | None = None
    seed: int | None = None

    def points(self) -> Iterator[Point]:
        """The grid of all axes, first axis slowest; one axis at a time for a tornado."""
        if self.tornado:
            for axis in self.axes:
                for value in axis.values:
                    yield Point(f"{axis.path}={value}", {axis.path: value})
            return
        for values in product(*(axis.values for axis in self.axes)):
            settings = {axis.path: value for axis, value in zip(self.axes, values, strict=True)}
            name = ", ".join(f"{path}={value}" for path, value in settings.items())
            yield Point(name, settings)

    def designs(self) -> dict[str, Design]:
        """The unchanged design first (`base`), then one for each point. ScenarioProblems."""
        found = {BASE: replace(self._loaded(()), name=BASE)}
        by_path = {axis.path: axis for axis in self.axes}
        for point in self.points():
            settings = [
                f"designs.{self.design}.{by_path[path].setting(value)}"
                for path, value in point.settings.items()
            ]
            found[point.name] = replace(self._loaded(settings), name=point.name)
        return found

    def _loaded(self, settings: Sequence[str]) -> Design:
        designs = load(self.scenario, [*self.set, *settings])
        if self.design not in designs:
            hint = did_you_mean(self.design, list(designs), "designs")
            message = f"there is no design '{self.design}'"
            raise ScenarioProblems([ScenarioError(str(self.scenario), 0, 0, "", message, hint)])
        return designs[self.design]


@dataclass(frozen=True)
class Sweep:
    """What a sweep found. `comparison` holds every point as a design, and the unchanged design as
    `base`, all under the same customers; differences are to `base`."""

    plan: Plan
    points: tuple[Point, ...]
    measures: tuple[str, ...]
    comparison: Comparison
    pictures: tuple[Path, ...] = field(default=(), compare=False)

    @property
    def folder(self) -> Path | None:
        return self.comparison.folder

    def estimate(self, point: Point, key: str) -> Estimate:
        """A measure at a point. KeyError where its design does not have it."""
        return self.comparison[point.name][key]

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
            "vary": {axis.path: list(axis.values) for axis in self.plan.axes},
            "tornado": self.plan.tornado,
            "base": {
                key: _numbers("", self.comparison[BASE][key])
                for key in self.measures
                if key in self.comparison[BASE]
            },
            "points": list(self.rows()),
        }


def sweep(
    scenario: str | Path,
    vary: Sequence[str] | Mapping[str, str | list[Any]] = (),
    design: str | None = None,
    tornado: bool | None = None,
    measures: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    engine: Engine = ENGINES[0],
    workers: int | None = None,
    set: Sequence[str] = (),
    out: str | Path | None = None,
    save: bool = False,
    watching: Watching | None = None,
    store: str | Path | None = None,
    force: bool = False,
) -> Sweep:
    """Play a scenario's design at many points under the same customers; see `ccsim.sweep`.

    `scenario` is a scenario file, or an experiment file that names one; what is given here comes
    before what that says. ScenarioProblems for whatever cannot be read, before anything runs.
    """
    plan = planned(Path(scenario), vary, design, tornado, measures, set)
    designs = plan.designs()
    keys = plan.measures or headline_measures(each.scenario for each in designs.values())
    _known(keys, designs[BASE])
    comparison = compare(
        designs,
        against=BASE,
        replications=plan.replications if replications is None else replications,
        seed=plan.seed if seed is None else seed,
        engine=engine,
        workers=workers,
        out=out,
        save=save,
        store=store,
        force=force,
        progress=None if watching is None else partial(watching, designs[BASE].scenario),
    ).asking([])
    found = Sweep(plan, tuple(plan.points()), keys, comparison)
    if found.folder is not None:
        from ccsim.experiment.disk import write_parquet
        from ccsim.experiment.files import sweep_table

        paths = [axis.path for axis in plan.axes]
        table = sweep_table(paths, list(found.rows()), comparison.results)
        write_parquet(found.folder / "sweep.parquet", table)
    return found


def planned(
    path: Path,
    vary: Sequence[str] | Mapping[str, str | list[Any]],
    design: str | None,
    tornado: bool | None,
    measures: Sequence[str],
    set: Sequence[str],
) -> Plan:
    """The plan of a scenario file with what varies, or of an experiment file."""
    from ccsim.scenario.read import read_file
    from ccsim.scenario.resolve import to_plain

    read = read_file(path, str(path)).plain()
    said: Mapping[str, Any] = read if isinstance(read, Mapping) else {}
    if "ccsim" in said or "scenario" not in said:
        said = {"scenario": path.name}
    _refuse_unknown(said, path)
    source = path.parent / str(said["scenario"])
    name = design or str(said.get("design", BASE))
    loaded = load(source, set)
    axes = _axes(vary or said.get("vary", {}), to_plain(loaded.get(name, loaded[BASE])), path)
    plan = Plan(
        scenario=source,
        axes=tuple(axes),
        design=name,
        tornado=bool(said.get("tornado", False)) if tornado is None else tornado,
        measures=tuple(measures or said.get("measures", ())),
        set=tuple(set),
        replications=_number(said, "replications", path),
        seed=_number(said, "seed", path),
    )
    count = sum(1 for _ in plan.points())
    if count > MOST_POINTS:
        message = f"{count} points are too many (at most {MOST_POINTS}): fewer values, or --tornado"
        raise ScenarioProblems([ScenarioError(str(path), 0, 0, "", message)])
    return plan


def _axes(
    vary: Sequence[str] | Mapping[str, str | list[Any]], base: Mapping[str, Any], path: Path
) -> list[Axis]:
    """What varies; all that cannot be read at once."""
    axes, problems = [], []
    for each in vary:
        values = vary[each] if isinstance(vary, Mapping) else None
        shown = f"--vary {each}" if values is None else f"{path}  vary.{each}"
        try:
            if values is None:
                axes.append(parse_axis(each, base))
            else:
                listed = isinstance(values, list | tuple)
                axes.append(axis_of(each, list(values) if listed else str(values), base))
        except UnitError as problem:
            problems.append(ScenarioError(shown, 0, 0, "", str(problem)))
    if not vary:
        problems.append(ScenarioError(str(path), 0, 0, "", "nothing varies", NOTHING_VARIES))
    if len({axis.path for axis in axes}) < len(axes):
        problems.append(ScenarioError(str(path), 0, 0, "", "a path is varied twice"))
    if problems:
        raise ScenarioProblems(problems)
    return axes


def _number(said: Mapping[str, Any], key: str, path: Path) -> int | None:
    value = said.get(key)
    if value is None or (isinstance(value, int) and value > 0):
        return value
    problem = ScenarioError(str(path), 0, 0, key, "a whole number above zero is expected")
    raise ScenarioProblems([problem])


NOTHING_VARIES = "write --vary teams.desk.people=40..50"


def _refuse_unknown(said: Mapping[str, Any], path: Path) -> None:
    unknown = [key for key in said if key not in KEYS]
    problems = [
        ScenarioError(str(path), 0, 0, key, "there is no such key", did_you_mean(key, KEYS, "keys"))
        for key in unknown
    ]
    if not isinstance(said.get("vary", {}), Mapping):
        problems.append(ScenarioError(str(path), 0, 0, "vary", "a map of values by path is needed"))
    if problems:
        raise ScenarioProblems(problems)


def _known(keys: Sequence[str], design: Design) -> None:
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
