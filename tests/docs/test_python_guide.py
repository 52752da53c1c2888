"""The examples in Python are executed, and print what the page shows."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import ccsim
from ccsim.experiment.execution import runner
from tests.docs.markdown import GUIDES, REPOSITORY, blocks
from tests.docs.shell import Shell

PAGE = GUIDES / "python.md"
README = REPOSITORY / "README.md"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the starter, on a machine with one core."""
    assert Shell(tmp_path).run("ccsim init desk.yaml").code == 0
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runner, "available_cores", lambda: 1)
    return tmp_path


def failures(text: str, name: str, first_line: int = 0) -> list[str]:
    """What the examples of a text print otherwise than shown."""
    test = doctest.DocTestParser().get_doctest(text, {}, name, name, first_line)
    assert test.examples
    told: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    return told


def test_the_guide_prints_what_it_shows(desk: Path) -> None:
    """One session for the whole page; each block keeps its line for the messages."""
    shown = [block for block in blocks(PAGE) if block.language == "pycon"]
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    kept = {n for b in shown for n in range(b.line, b.line + len(b.text.splitlines()))}
    session = "\n".join(line if n in kept else "" for n, line in enumerate(lines, start=1))
    told = failures(session, PAGE.name)
    assert told == [], "".join(told)


def test_what_is_printed_otherwise_is_caught() -> None:
    assert failures(">>> 1 + 1\n2\n", "right") == []
    assert failures(">>> 1 + 1\n3\n", "wrong") != []


def test_the_guide_speaks_of_every_function() -> None:
    text = PAGE.read_text(encoding="utf-8")
    functions = [name for name in ccsim.__all__ if name[0].islower()]
    assert len(functions) >= 6
    assert [name for name in functions if not re.search(rf"\b{name}\(", text)] == []


def test_the_examples_of_other_pages_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the README and of other guides: with two replications, from the repository."""
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setattr(runner, "available_cores", lambda: 1)
    assert Shell(tmp_path).run("ccsim init desk.yaml").code == 0
    readme = [block.text for block in blocks(README) if block.language == "python"]
    guides = [
        block.text.replace('"desk.yaml"', f'"{(tmp_path / "desk.yaml").as_posix()}"')
        for page in sorted(GUIDES.glob("*.md"))
        if page.name != "measures.md"  # run by tests/measures/test_register.py, with its designs
        for block in blocks(page)
        if block.language == "python"
    ]
    assert len(readme) >= 1 and len(guides) >= 2
    for text in (*readme, *guides):
        few = re.sub(r"replications=\d+", "replications=2", text)
        few = few.replace(
            '["scenarios/"], at_most=200', f'["{tmp_path.as_posix()}"], replications=10, at_most=10'
        )
        exec(compile(few, "example", "exec"), {})
