"""Mutants are planted where the syntax tree says; the tests of a small repository judge them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.tools.loaded import tool

mutants = tool("mutants")
MODULE = '''"""A module; 1 + 1 stands in a text."""

from typing import Final

LIMIT: Final = 3


def within(count: int, most: int = 4) -> bool:
    """Whether count < most."""
    if count < 0 or most < 0:
        raise ValueError(f"{count + 1} is none")
    return count <= min(most, LIMIT)  # LIMIT + 1 is too many


def kept(times: list[int]) -> int:
    total = 0
    for time in times:
        total += time
    return total if times else -1
'''


def changes(text: str) -> set[tuple[str, str, str, str]]:
    found = mutants.mutants_of("src/ccsim/room/one.py", text)
    return {(one.function, one.kind, one.before, one.after) for one in found}


def test_what_can_be_changed_and_what_cannot() -> None:
    assert changes(MODULE) == {
        ("within", "dropped condition", "count < 0 or most < 0", "(count < 0)"),
        ("within", "dropped condition", "count < 0 or most < 0", "(most < 0)"),
        ("within", "condition gone", "count < 0 or most < 0", "True"),
        ("within", "condition gone", "count < 0 or most < 0", "False"),
        ("within", "comparison", "count < 0", "(count <= 0)"),
        ("within", "comparison", "most < 0", "(most <= 0)"),
        ("within", "off by one", "0", "1"),
        ("within", "comparison", "count <= min(most, LIMIT)", "(count < min(most, LIMIT))"),
        ("within", "twin function", "min(most, LIMIT)", "max(most, LIMIT)"),
        ("kept", "off by one", "0", "1"),
        ("kept", "dropped statement", "total += time", "pass"),
        ("kept", "condition gone", "total if times else -1", "total"),
        ("kept", "condition gone", "total if times else -1", "(-1)"),
        ("kept", "sign", "-1", "1"),
        ("kept", "off by one", "1", "2"),
    }


@pytest.mark.parametrize(
    ("expression", "kind", "after"),
    [
        ("a + b", "operator", "(a - b)"),
        ("a * b", "dropped term", "a"),
        ("f(a, b)", "swapped arguments", "f(b, a)"),
        ("not a", "sign", "a"),
        ("a in b", "comparison", "(a not in b)"),
        ("a << b", "operator", "(a >> b)"),
        ("0.5 - a", "dropped term", "0.5"),
    ],
)
def test_kinds_of_faults(expression: str, kind: str, after: str) -> None:
    assert ("f", kind, expression, after) in changes(f"def f(a, b):\n    return {expression}\n")


def test_a_mutant_changes_its_place_and_nothing_else() -> None:
    text = "def f(x, ä):\n    y = 'é', x < ä  # as it was\n    return y\n"
    (flip,) = (m for m in mutants.mutants_of("src/ccsim/a.py", text) if m.kind == "comparison")
    assert flip.planted(text) == text.replace("x < ä", "(x <= ä)")


def test_every_mutant_of_a_large_module_is_python() -> None:
    file = "src/ccsim/numerics/distributions.py"
    text = (mutants.ROOT / file).read_text("utf-8")
    found = list(mutants.mutants_of(file, text))
    assert len(found) > 200
    for one in found[::7]:
        ast.parse(one.planted(text))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A package of two modules and the tests of one of them."""
    for name, text in {
        "src/ccsim/__init__.py": "",
        "src/ccsim/room/__init__.py": "",
        "src/ccsim/room/one.py": MODULE,
        "src/ccsim/other.py": "from ccsim.room.one import within\n",
        "tests/test_far.py": "def test(): pass\n",
        "tests/test_other.py": "import ccsim.other\ndef test(): pass\n",
        "tests/room/test_one.py": (
            "from ccsim.room.one import kept, within\n"
            "def test():\n    assert within(3) and not within(4) and not within(-1 + 5)\n"
            "    assert kept([2, 3]) == 5\n"
        ),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_tests_stand_in_the_order_of_their_distance(repository: Path) -> None:
    assert mutants.nearest_tests(repository, "src/ccsim/room/one.py") == [
        "tests/room/test_one.py",
        "tests/test_other.py",
        "tests/test_far.py",
        "tests/test_law_of_results.py",
    ]


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("count <= min(most, LIMIT)", "(count < min(most, LIMIT))", "seen"),
        ("total += time", "pass", "seen"),
        ("count < 0", "(count <= 0)", "not seen"),
    ],
)
def test_the_tests_judge_a_mutant(repository: Path, before: str, after: str, verdict: str) -> None:
    file = "src/ccsim/room/one.py"
    (one,) = (m for m in mutants.mutants_of(file, MODULE) if (m.before, m.after) == (before, after))
    found = mutants.judge(repository, one, files=2, limit=60.0)
    assert found.verdict == verdict, found.by
    assert ("test_one.py" in found.by) == (verdict == "seen")
    assert (repository / file).read_text("utf-8") == MODULE  # it is taken out again
