"""A sweep before it is played: which design, what varies, at which points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import ScenarioError, ScenarioProblems, did_you_mean
from ccsim.experiment.execution.options import Options, Watching
from ccsim.experiment.execution.run import BASE, load
from ccsim.experiment.replications.draws import place_of
from ccsim.experiment.studies.axes import Axis, assumed_axis, axis_of, parse_axis, span_axis
from ccsim.measures.catalogue import known_measures
from ccsim.units import UnitError

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design

MOST_POINTS = 500
POINTS = 40  # that are spread between the ends where nobody says how many
KEYS = (
    "scenario", "vary", "design", "tornado", "fill", "points", "measures", "replications",
    "precision", "at_most", "seed",
)  # fmt: skip
NOTHING_VARIES = "write --vary teams.desk.people=40..50"
NOTHING_ASSUMED = "write --vary, or what is `uncertain` into the scenario"

Vary = Sequence[str] | Mapping[str, str | list[Any]]


@dataclass(frozen=True, slots=True)
class Point:
    """One point: the design made for it, and the value (as written) of each path that it sets."""

    name: str
    settings: Mapping[str, str]


@dataclass(frozen=True)
class SweepPlan:
    """A sweep before it is played: which scenario, design, axes and measures.

    `fill`: so many points are spread over all that lies between the ends of the axes (0: the values
    of the axes, as a grid or one at a time). Points are those of Sobol's sequence, moved by a shift
    that follows from the root seed and the path, so that more points go on from fewer.
    """

    scenario: Path
    axes: tuple[Axis, ...]
    design: str = BASE
    tornado: bool = False
    fill: int = 0
    measures: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    replications: int | None = None
    precision: tuple[str, ...] = ()
    at_most: int | None = None
    seed: int | None = None

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The grid of all axes, first axis slowest; one axis at a time for a tornado; or points
        spread over all of it, equal ones once."""
        if self.fill:
            rows = [
                {axis.path: axis.at(float(at)) for axis, at in zip(self.axes, place, strict=True)}
                for place in self._places()
            ]
        elif self.tornado:
            rows = [{axis.path: value} for axis in self.axes for value in axis.values]
        else:
            paths = [axis.path for axis in self.axes]
            grid = product(*(axis.values for axis in self.axes))
            rows = [dict(zip(paths, values, strict=True)) for values in grid]
        named = {", ".join(f"{path}={value}" for path, value in row.items()): row for row in rows}
        return tuple(Point(name, row) for name, row in named.items())

    def _places(self) -> NDArray[np.float64]:
        """Where the points lie: (points, axes) in [0, 1)."""
        from scipy.stats.qmc import Sobol

        count = max(1, (self.fill - 1).bit_length())  # a power of two, of which the first are taken
        spread = Sobol(len(self.axes), scramble=False).random_base2(count)[: self.fill]
        shift = [place_of(axis.path, self.seed or 0) for axis in self.axes]
        return np.asarray((spread + shift) % 1.0)

    def designs(self) -> dict[str, Design]:
        """The unchanged design first (`base`), then one for each point. ScenarioProblems with those
        of every point: path by path and value by value as they are given, then what lies in several
        together."""
        base = replace(self._loaded(), name=BASE)
        found, problems = {BASE: base}, dict[ScenarioError, None]()
        for point in self.points:
            try:
                found[point.name] = self._made(base, point)
            except ScenarioProblems as wrong:
                problems |= dict.fromkeys(wrong.problems)
        if problems:
            said = [axis.setting(value)[1] for axis in self.axes for value in axis.values]
            place = {words: number for number, words in enumerate(dict.fromkeys(said))}
            ordered = sorted(problems, key=lambda problem: place.get(problem.file, len(place)))
            raise ScenarioProblems(self._once(ordered))
        return found

    def _once(self, problems: Sequence[ScenarioError]) -> list[ScenarioError]:
        """The problems; one that every value of an axis has (a misspelt path) is reported once."""
        written = {
            axis.setting(value)[1]: (axis, value) for axis in self.axes for value in axis.values
        }
        found: dict[ScenarioError, None] = {}
        for problem in problems:
            told = problem
            if problem.file in written:
                axis, value = written[problem.file]
                bare = replace(problem, file="")
                alike = {each.file for each in problems if replace(each, file="") == bare}
                if len(axis.values) > 1 and {axis.setting(v)[1] for v in axis.values} <= alike:
                    told = replace(problem, file=problem.file.removesuffix(value).rstrip("=: "))
            found[told] = None
        return list(found)

    def playing(self, how: Options, watching: Watching | None, played: Design) -> Options:
        """How it is played: what the plan says, and else as given."""
        return replace(
            how,
            replications=self.replications,
            seed=self.seed,
            precision=self.precision,
            at_most=self.at_most,
            progress=how.progress if watching is None else partial(watching, played.scenario),
        )

    def _made(self, base: Design, point: Point) -> Design:
        """The design of a point, which is one of the scenario's words: `check` would pass it."""
        from ccsim.scenario.drawn import drawn
        from ccsim.scenario.resolve import varied

        by_path = {axis.path: axis for axis in self.axes}
        assumed = {p: text for p, text in point.settings.items() if by_path[p].assumed}
        settings = {
            path: by_path[path].setting(value)
            for path, value in point.settings.items()
            if path not in assumed
        }
        made = drawn(base, assumed) if assumed else base
        if not settings:
            return replace(made, name=point.name)
        return varied(made, point.name, settings, known_measures=known_measures)

    def _loaded(self) -> Design:
        designs = load(self.scenario, self.set)
        if self.design not in designs:
            hint = did_you_mean(self.design, list(designs), "designs")
            message = f"there is no design '{self.design}'"
            raise ScenarioProblems([ScenarioError(str(self.scenario), 0, 0, "", message, hint)])
        return designs[self.design]


def planned(path: Path, vary: Vary, given: Mapping[str, Any], set: Sequence[str]) -> SweepPlan:
    """The plan of a scenario file with what varies, or of an experiment file; what is `given` (by
    the names of `Plan`; None and nothing are not) comes before what the file says."""
    from ccsim.scenario.parsing.read import read_file
    from ccsim.scenario.resolve import to_plain

    read = read_file(path, str(path)).plain()
    said: Mapping[str, Any] = read if isinstance(read, Mapping) else {}
    if "ccsim" in said or "scenario" not in said:
        said = {"scenario": path.name}
    _refuse_unknown(said, path)
    asked = {**said, **{key: value for key, value in given.items() if value not in (None, (), [])}}
    source = path.parent / str(said["scenario"])
    name = str(asked.get("design", BASE))
    loaded = load(source, set)
    design = loaded.get(name, loaded[BASE])
    fill = _fill(asked, path)
    tornado = bool(asked.get("tornado", False)) and not fill
    vary = vary or said.get("vary", {})
    if vary:
        axes = _axes(vary, to_plain(design), path, spread=bool(fill))
    else:
        axes = _assumed(design, path, wanted=bool(fill) or tornado)
    seed = _number(asked, "seed", path)
    plan = SweepPlan(
        scenario=source,
        axes=tuple(axes),
        design=name,
        tornado=tornado,
        fill=fill,
        measures=tuple(asked.get("measures", ())),
        set=tuple(set),
        replications=_number(asked, "replications", path),
        precision=tuple(asked.get("precision", ())),
        at_most=_number(asked, "at_most", path),
        seed=design.scenario.run.seed if seed is None else seed,
    )
    if plan.at_most is not None and not plan.precision:
        message = "a limit of replications is for a precision, which is not asked for"
        raise ScenarioProblems([ScenarioError(str(path), 0, 0, "at_most", message)])
    if plan.at_most is not None and plan.at_most < (plan.replications or 0):
        message = "the limit is below the replications at first"
        raise ScenarioProblems([ScenarioError(str(path), 0, 0, "at_most", message)])
    if len(plan.points) > MOST_POINTS:
        message = (
            f"{len(plan.points)} points are too many (at most {MOST_POINTS}): fewer values, "
            "--tornado, or --fill"
        )
        raise ScenarioProblems([ScenarioError(str(path), 0, 0, "", message)])
    return plan


def _fill(asked: Mapping[str, Any], path: Path) -> int:
    """How many points are spread; 0 where the axes' values are taken."""
    points = _number(asked, "points", path)
    if not asked.get("fill", False):
        if points is not None:
            message = "a number of points is for points that are spread; write fill: yes (--fill)"
            raise ScenarioProblems([ScenarioError(str(path), 0, 0, "points", message)])
        return 0
    if asked.get("tornado", False):
        message = "one at a time (--tornado) or all at once (--fill), not both"
        raise ScenarioProblems([ScenarioError(str(path), 0, 0, "", message)])
    if points is not None and not 2 <= points <= MOST_POINTS:
        message = f"from 2 to {MOST_POINTS} points can be spread"
        raise ScenarioProblems([ScenarioError(str(path), 0, 0, "points", message)])
    return POINTS if points is None else points


def _axes(vary: Vary, base: Mapping[str, Any], path: Path, *, spread: bool) -> list[Axis]:
    """What varies; all that cannot be read at once."""
    axes, problems = [], []
    for each in vary:
        values = vary[each] if isinstance(vary, Mapping) else None
        shown = f"--vary {each}" if values is None else f"{path}  vary.{each}"
        said = "--vary {path}={value}" if values is None else f"{path}  vary.{{path}}: {{value}}"
        try:
            axes.append(replace(_axis(each, values, base, spread=spread), said=said))
        except UnitError as problem:
            problems.append(ScenarioError(shown, 0, 0, "", str(problem)))
    if len({axis.path for axis in axes}) < len(axes):
        problems.append(ScenarioError(str(path), 0, 0, "", "a path is varied twice"))
    if problems:
        raise ScenarioProblems(problems)
    return axes


def _axis(
    each: str, values: str | list[Any] | None, base: Mapping[str, Any], *, spread: bool
) -> Axis:
    if not spread:
        if values is None:
            return parse_axis(each, base)
        return axis_of(
            each, list(values) if isinstance(values, list | tuple) else str(values), base
        )
    path, _, text = each.partition("=")
    return span_axis(path.strip(), text if values is None else str(values), base)


def _assumed(design: Design, path: Path, *, wanted: bool) -> list[Axis]:
    """The uncertain assumptions of a design, where they are what is asked for."""
    lines = design.scenario.uncertain
    if wanted and lines:
        return [assumed_axis(each, line) for each, line in lines.items()]
    hint = NOTHING_ASSUMED if wanted else NOTHING_VARIES
    raise ScenarioProblems([ScenarioError(str(path), 0, 0, "", "nothing varies", hint)])


def _number(said: Mapping[str, Any], key: str, path: Path) -> int | None:
    value = said.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
        return value
    if key == "seed" and value == 0:
        return 0
    problem = ScenarioError(str(path), 0, 0, key, "a whole number above zero is expected")
    raise ScenarioProblems([problem])


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_answer(value: Any) -> bool:
    return isinstance(value, bool)


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, tuple | list) and all(isinstance(each, str) for each in value)


_KINDS = (
    ("scenario", "the name of a file", _is_text),
    ("design", "the name of a design", _is_text),
    ("tornado", "yes or no", _is_answer),
    ("fill", "yes or no", _is_answer),
    ("measures", "a list of measures: [phone.service_level]", _is_list_of_text),
    ("precision", "a list of texts: ['phone.service_level: 0.5 points']", _is_list_of_text),
)
"""What an experiment file says at a key, besides numbers and `vary`."""


def _refuse_unknown(said: Mapping[str, Any], path: Path) -> None:
    unknown = [key for key in said if key not in KEYS]
    problems = [
        ScenarioError(str(path), 0, 0, key, "there is no such key", did_you_mean(key, KEYS, "keys"))
        for key in unknown
    ]
    if not isinstance(said.get("vary", {}), Mapping):
        problems.append(ScenarioError(str(path), 0, 0, "vary", "a map of values by path is needed"))
    problems += [
        ScenarioError(str(path), 0, 0, key, f"{what} is expected")
        for key, what, holds in _KINDS
        if key in said and not holds(said[key])
    ]
    if problems:
        raise ScenarioProblems(problems)
