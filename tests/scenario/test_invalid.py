"""Every file of `invalid/` is named by the rule that it breaks, and says in its first lines which
problems must be told: `# line:column part of the message`. All of them, and no others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ccsim.errors import ScenarioError, ScenarioProblems
from ccsim.measures.catalogue import known_measures
from ccsim.scenario.resolve import load_all

FOLDER = Path(__file__).parent / "invalid"
FILES = sorted(FOLDER.glob("*.yaml"))
EXPECTED = re.compile(r"# (\d+):(\d+) (.+)")


def expected_of(path: Path) -> list[tuple[int, int, str]]:
    """Line, column and part of the message, from the comments at the top of a file."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        match = EXPECTED.fullmatch(line)
        if match is None:
            break
        found.append((int(match[1]), int(match[2]), match[3]))
    return found


def problems_of(path: Path) -> tuple[ScenarioError, ...]:
    """What loading the file says; fails where it says nothing."""
    with pytest.raises(ScenarioProblems) as raised:
        load_all(path, known_measures=known_measures)
    return raised.value.problems


def differences(
    told: tuple[ScenarioError, ...], expected: list[tuple[int, int, str]], file: str
) -> list[str]:
    """What was told and not expected, or expected and not told; empty where all agree."""
    left = list(told)
    missing = []
    for line, column, part in expected:
        for problem in left:
            whole = f"{problem.path}: {problem.message}"
            if (problem.line, problem.column) == (line, column) and part in whole:
                left.remove(problem)
                break
        else:
            missing.append(f"not told: {line}:{column} {part}")
    strangers = [f"in another file: {problem}" for problem in told if problem.file != file]
    return [*missing, *(f"not expected: {problem}" for problem in left), *strangers]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_problems_are_told_at_their_place(path: Path) -> None:
    expected = expected_of(path)
    assert expected, "the file does not say what it expects"
    assert differences(problems_of(path), expected, str(path)) == []


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 100


@pytest.mark.parametrize("fault", ["line", "column", "message", "more", "fewer"])
def test_the_comparison_catches_planted_faults(fault: str) -> None:
    path = FOLDER / "shift-unknown.yaml"
    told, ((line, column, part),) = problems_of(path), expected_of(path)
    planted = {
        "line": [(line + 1, column, part)],
        "column": [(line, column - 1, part)],
        "message": [(line, column, part.replace("early", "late"))],
        "more": [(line, column, part), (line, column, part)],
        "fewer": [],
    }[fault]
    assert differences(told, planted, str(path))
    assert differences(told, [(line, column, part)], "another.yaml")


def test_the_printed_form() -> None:
    path = FOLDER / "two-kinds-at-once.yaml"
    with pytest.raises(ScenarioProblems) as raised:
        load_all(path)
    assert str(raised.value).splitlines() == [
        f"{path}:19:56  channels.phone.patience: a duration needs a unit: 90 s, 2.5 min, 1 h; "
        "found the bare number 3",
        f"{path}:24:14  teams.desk.roster.erly: there is no shift 'erly'; did you mean 'early'? "
        "(shifts: early, late)",
        "2 problems, nothing was run",
    ]


def test_one_problem_is_one() -> None:
    with pytest.raises(ScenarioProblems) as raised:
        load_all(FOLDER / "no-such-scenario.yaml")
    assert str(raised.value).splitlines() == [
        f"{FOLDER / 'no-such-scenario.yaml'}  there is no such file",
        "1 problem, nothing was run",
    ]
