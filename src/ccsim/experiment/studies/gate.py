"""Scenarios as tests: is everything kept that their `expect` sections ask for?

The base design is tested, and every design that expects something else, against its own list (an
expectation names it in `designs`, or its patch changes `expect`). The other designs are
alternatives under study: that one of them misses what the base promises is an answer, not a
failure.

An expectation is decided at the first interim analysis at which its interval clears the bound or
lies wholly beyond, and stays so. The analyses are fixed before (`InterimAnalyses`); all statements
about one file, over all its expectations, designs and analyses, hold together at 95 %, so a file is
called wrong by chance in at most one of twenty cases, however many replications were added.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from ccsim.errors import ScenarioError, ScenarioProblems, TooLarge
from ccsim.experiment.execution.interim_analyses import InterimAnalyses
from ccsim.experiment.execution.options import Given, Options, Watching, options_of
from ccsim.experiment.execution.run import BASE, load
from ccsim.experiment.execution.runner import Runner
from ccsim.experiment.results.expectations import Judgement, judge

if TYPE_CHECKING:
    from ccsim.experiment.results.design_result import DesignResult
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario

ENDINGS = (".yaml", ".yml")
HEAD = "ccsim:"  # the key that makes a YAML file a scenario


@dataclass(frozen=True, slots=True)
class Tested:
    """What one scenario file came to.

    `judgements` are those of its tested designs, in the order written, each as it stood when it
    was decided (or at the last look). `replications` is the most that any design was given;
    `played` are those of all designs, of which `stored` were answered from the store.
    `problems` stand here instead where the file is wrong, or what it asks for `too_large` for this
    machine.
    """

    path: str
    judgements: tuple[Judgement, ...] = ()
    replications: int = 0
    seconds: float = 0.0
    problems: tuple[ScenarioError, ...] = ()
    stopped: bool = False
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    played: int = 0
    stored: int = 0
    too_large: bool = False

    def count(self, *words: str) -> int:
        """How many expectations stand so."""
        return sum(each.status in words for each in self.judgements)


@dataclass(frozen=True, slots=True)
class Gate:
    """What all files came to; `strict` makes what is not decided a failure."""

    files: tuple[Tested, ...]
    strict: bool = False

    def fails(self, judgement: Judgement) -> bool:
        """Whether this expectation closes the gate."""
        return judgement.status == "missed" or (self.strict and judgement.status != "met")

    @property
    def passed(self) -> bool:
        """Nothing is missed (with `strict`: everything is kept), wrong or stopped."""
        return not self.stopped and not any(
            file.problems or any(self.fails(each) for each in file.judgements)
            for file in self.files
        )

    @property
    def stopped(self) -> bool:
        return any(file.stopped for file in self.files)

    @property
    def problems(self) -> tuple[ScenarioError, ...]:
        return tuple(problem for file in self.files for problem in file.problems)

    def count(self, *words: str) -> int:
        """How many expectations stand so: kept, missed, unsure, undefined (nobody came)."""
        return sum(file.count(*words) for file in self.files)

    def to_json(self) -> dict[str, Any]:
        """The document of `--json`."""
        return {
            "passed": self.passed,
            "strict": self.strict,
            "files": [
                {
                    "path": file.path,
                    "replications": file.replications,
                    "too_large": file.too_large,
                    "problems": [str(problem) for problem in file.problems],
                    "expectations": [_judged(each) for each in file.judgements],
                }
                for file in self.files
            ],
        }


def test(
    paths: str | Path | Sequence[str | Path],
    replications: int | None = None,
    *,
    strict: bool = False,
    set: Sequence[str] = (),
    watching: Watching | None = None,
    options: Options | None = None,
    **given: Unpack[Given],
) -> Gate:
    """Test scenario files, and those below folders, by their `expect` sections.

    paths: files and folders. replications: those before the first interim analysis, by default 50;
    `at_most` is the limit, by default eight times as many. strict: what is too close to call fails,
    too.
    set and options as in `ccsim.run`. watching: called after each replication, with the scenario
    first.

    Problems of a file stand in its place of the result, and the other files are tested all the
    same. ScenarioProblems where a path does not exist, or no file is a scenario; ValueError for
    options that have no use here (`precision`, `out`, `save`, `keep_records`, `progress`).
    """
    unused = ("precision", "out", "save", "keep_records", "progress")
    how = options_of(options, replications, given, without=unused)
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    looks = looks_of(how.replications, how.at_most)
    how = replace(how, replications=looks.first, at_most=looks.most)
    files: list[Tested] = []
    for path in scenario_files(paths):
        files.append(_test_file(path, set, looks, how, watching))
        if files[-1].stopped:
            break
    return Gate(tuple(files), strict)


def looks_of(replications: int | None, at_most: int | None) -> InterimAnalyses:
    """So many replications at first (50), and at most so many (eight times as many)."""
    default = InterimAnalyses()
    if replications is None:
        first = default.first if at_most is None else min(default.first, at_most)
    else:
        first = replications
    return InterimAnalyses(first, 8 * first if at_most is None else at_most)


def scenario_files(paths: Iterable[str | Path]) -> list[str]:
    """The files given, and those below the folders given that are scenarios (they have the key
    `ccsim`), sorted by name. ScenarioProblems where there is none."""
    found: dict[str, None] = {}
    problems = []
    for given in paths:
        path = Path(given)
        below = sorted(_scenarios_below(path)) if path.is_dir() else [str(path)]
        found.update(dict.fromkeys(below))
        if not below:
            problems.append(ScenarioError(str(path), 0, 0, "", "there is no scenario in it"))
        elif not path.exists():
            problems.append(ScenarioError(str(path), 0, 0, "", "there is no such file or folder"))
    if problems:
        raise ScenarioProblems(problems)
    return list(found)


def _scenarios_below(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.suffix in ENDINGS and path.is_file():
            with path.open(encoding="utf-8", errors="replace") as lines:
                if any(line.startswith(HEAD) for line in lines):
                    yield str(path)


def _test_file(
    path: str, set: Sequence[str], looks: InterimAnalyses, how: Options, watching: Watching | None
) -> Tested:
    """One scenario file; what is wrong with it is part of what is returned."""
    began = time.perf_counter()
    judged: dict[str, dict[int, Judgement]] = {}
    scenarios: dict[str, Scenario] = {}
    most, played, stored, stopped = 0, 0, 0, False
    try:
        designs = load(path, set)
        tested = held_designs(designs)
        statements = sum(len(design.scenario.expect) for design in tested.values())
        for name, design in tested.items():
            scenarios[name] = design.scenario
            told = None if watching is None else partial(watching, design.scenario)
            judging = _Judging(looks, looks.level(statements))
            judged[name] = judging.decided
            with Runner({name: design}, designs[BASE], replace(how, progress=told)) as runner:
                results, _ = runner.play(judging)
            done = results[name].table.replications
            most, played = max(most, done), played + done
            stored += runner.from_cache or 0
            if done < runner.asked:
                judging.stop(results)
                stopped = True
                break
    except ScenarioProblems as wrong:
        large = isinstance(wrong, TooLarge)
        return Tested(path, problems=wrong.problems, too_large=large)
    except KeyboardInterrupt:
        stopped = True
    judgements = tuple(each[index] for name, each in judged.items() for index in sorted(each))
    seconds = time.perf_counter() - began
    return Tested(path, judgements, most, seconds, (), stopped, scenarios, played, stored)


def held_designs(designs: Mapping[str, Design]) -> dict[str, Design]:
    """The base, and the designs with expectations of their own; those only that expect anything."""
    base = designs[BASE].scenario
    return {
        name: design
        for name, design in designs.items()
        if design.scenario.expect and (name == BASE or design.scenario.expect != base.expect)
    }


class _Judging:
    """The rule of a test: goes on until every expectation is decided, or the looks are used up."""

    def __init__(self, looks: InterimAnalyses, level: float) -> None:
        self.looks, self.level = looks, level
        self.decided: dict[int, Judgement] = {}  # by its place in the list; also the undecided

    def __call__(self, results: Mapping[str, DesignResult]) -> int:
        result = next(iter(results.values()))
        for index in range(len(result.scenario.expect)):
            known = self.decided.get(index)
            if known is None or known.status not in ("met", "missed"):
                self.decided[index] = judge(result, index, self.level)
        n = result.table.replications
        if all(each.status in ("met", "missed") for each in self.decided.values()):
            return n
        return self.looks.after(n) or n

    def stop(self, results: Mapping[str, DesignResult]) -> None:
        """Call expectations that are open when a run is interrupted too close to call."""
        before = dict(self.decided)
        self(results)
        for index, each in self.decided.items():
            if index not in before or before[index].status not in ("met", "missed"):
                self.decided[index] = replace(each, status="too close to call")


def _judged(each: Judgement) -> dict[str, Any]:
    return {
        "design": each.design,
        "expectation": each.expectation.model_dump(mode="json", by_alias=True),
        "status": each.status,
        "value": each.estimate.value,
        "low": each.estimate.low,
        "high": each.estimate.high,
        "level": each.estimate.level,
        "replications": each.estimate.n,
        "detail": each.detail,
    }
