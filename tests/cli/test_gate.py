"""`ccsim test`: exit codes, what is shown and what is written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import ccsim
from ccsim.cli.main import run
from ccsim.experiment.execution.run import load

DESK = Path(__file__).parent / "desk.yaml"
FEW = ["-n", "3", "--at-most", "3", "--workers", "1"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "desk.yaml"
    path.write_text(DESK.read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("expectation", "strict", "code", "word"),
    [
        ("all.heads <= 5", [], 0, "met"),
        ("all.heads <= 4", [], 1, "missed"),
        ("phone.abandoned <= 0.01 %", [], 0, "too close to call"),
        ("phone.abandoned <= 0.01 %", ["--strict"], 1, "too close to call"),
    ],
)
def test_exit_codes(
    expectation: str,
    strict: list[str],
    code: int,
    word: str,
    desk: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["test", ".", *FEW, *strict, "--set", f"expect=[{expectation}]"]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("desk.yaml      3 replications · ")
    assert lines[1].startswith(f"  {word}  {expectation}")
    assert f"1 {word}" in lines[-1]


def test_money_is_told_by_the_period_of_its_bound(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the calendar's days cost is a number beside the bound that looks well below it."""
    arguments = ["--set", "expect=[cost.total <= 500 / month]", "--junit", "found.xml"]
    assert run(["test", ".", *FEW, *arguments]) == 1
    line = capsys.readouterr().out.splitlines()[1]
    told = re.search(r"missed  cost.total <= 500 / month +([\d ]+) UAH / month", line)
    assert told is not None, line
    days = load(desk)["base"].scenario.calendar.days
    cost = ccsim.run(desk, replications=3)["cost.total"].value
    assert cost is not None
    assert float(told[1].replace(" ", "")) == pytest.approx(cost / days * 365.25 / 12, rel=2e-3)
    assert "UAH / month" in Path("found.xml").read_text("utf-8")


def test_a_wrong_file_is_exit_code_2(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("wrong.yaml").write_text("ccsim: 1\nname: 5\n", encoding="utf-8")
    assert run(["test", ".", *FEW]) == 2
    out = capsys.readouterr().out
    assert "wrong.yaml      wrong" in out
    assert "1 met, 0 missed, 0 too close to call in 1 scenario; 1 cannot be read" in out


def test_what_is_too_large_has_its_own_words(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file can be read; a smaller one beside it is tested all the same."""
    small = desk.read_text(encoding="utf-8")
    Path("wide.yaml").write_text(small + "  # the same, and a machine too small", encoding="utf-8")
    refuse = iter(["too large for this machine: 57 GB", None])
    monkeypatch.setattr("ccsim.experiment.execution.runner.too_large", lambda *_: next(refuse))
    files = ["--junit", "found.xml", "--markdown", "found.md"]
    assert run(["test", "wide.yaml", "desk.yaml", *FEW, *files]) == 2
    out = capsys.readouterr().out
    assert "wide.yaml      too large" in out and "wrong" not in out
    assert "1 met, 0 missed, 0 too close to call in 1 scenario; 1 is too large to be run" in out
    assert "cannot be read" not in out
    assert 'name="small enough to be run here"' in Path("found.xml").read_text(encoding="utf-8")
    told = Path("found.md").read_text(encoding="utf-8")
    assert "Too large:" in told and "Wrong:" not in told


def test_no_such_path_is_exit_code_2(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["test", "nowhere/"]) == 2
    assert "there is no such file or folder" in capsys.readouterr().err


def test_a_limit_below_the_first_look_is_refused(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["test", "desk.yaml", "-n", "9", "--at-most", "8"]) == 2
    assert "--at-most is smaller" in capsys.readouterr().err


def test_stopped_is_130(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ccsim.experiment.replications.replicate.Replicator.__call__", stop)
    assert run(["test", "desk.yaml", *FEW, "--junit", "found.xml"]) == 130
    assert "stopped" in capsys.readouterr().err
    assert ElementTree.parse("found.xml").find("testsuite/testcase/error") is not None


def test_summaries_are_written_and_markdown_is_added_to(desk: Path) -> None:
    Path("summary.md").write_text("# Before\n", encoding="utf-8")
    assert run(["test", ".", *FEW, "--junit", "found.xml", "--markdown", "summary.md"]) == 0
    assert ElementTree.parse("found.xml").getroot().get("tests") == "1"
    text = Path("summary.md").read_text(encoding="utf-8")
    assert text.startswith("# Before\n## Scenarios: passed\n")


def test_json_is_one_document(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["test", "desk.yaml", *FEW, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["passed"] is True
    (file,) = said["files"]
    assert file["path"] == "desk.yaml" and file["replications"] == 3
    assert file["expectations"][0]["status"] == "met"
