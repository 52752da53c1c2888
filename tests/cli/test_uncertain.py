"""`--uncertain` on the command line: what is shown, what does not go with it, the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ccsim.cli.main import run

DESK = (Path(__file__).parent / "desk.yaml").read_text(encoding="utf-8")
LINES = """
uncertain:
  contacts.billing.arrivals.per_day: {by: [-20 %, +20 %], source: illustrative}
"""
FEW = ["--uncertain", "-n", "8", "--draws", "4", "--workers", "1"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "desk.yaml"
    path.write_text(DESK + LINES, encoding="utf-8")
    return path


def test_run_shows_the_split_and_keeps_it(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "desk.yaml", *FEW]) == 0
    out = capsys.readouterr().out
    assert "4 draws of 1 assumption, 2 replications each" in out
    assert "share of uncertainty from your inputs" in out
    (folder,) = Path("results/desk").iterdir()
    assert str(folder) in out
    assert (folder / "draws.parquet").exists()
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert (about["kind"], about["draws"], about["per_draw"]) == ("uncertain", 4, 2)


def test_compare_tells_differences(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "desk.yaml", *FEW]) == 0
    assert "difference to base" in capsys.readouterr().out
    assert run(["compare", "desk.yaml", *FEW, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said["differences"]) == {"more"}
    assert run(["compare", "desk.yaml", *FEW, "--designs", "base"]) == 2
    assert "nothing to compare" in capsys.readouterr().err


def test_its_pictures_are_drawn_of_its_folder(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = ["--uncertain", "-n", "24", "--draws", "12", "--workers", "1", "--out", "kept"]
    assert run(["compare", "desk.yaml", *many]) == 0
    assert "ccsim plot kept for pictures" in capsys.readouterr().out
    assert run(["plot", "kept"]) == 0
    names = ("range", "difference", "assumptions")
    assert capsys.readouterr().out.split() == [f"kept/plots/{name}.png" for name in names]
    assert run(["plot", "kept", "--kind", "difference", "--format", "svg", "--out", "one"]) == 0
    assert {path.name for path in Path("one").iterdir()} == {"difference.svg", "index.html"}
    assert run(["plot", "kept", "--kind", "service"]) == 0
    assert "results of --uncertain have the pictures" in capsys.readouterr().err
    assert run(["plot", "desk.yaml", "--kind", "range"]) == 2
    assert "ccsim run desk.yaml --uncertain" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("1", "1 replication (-n) was requested and 4 were run: two draws of two each"),
        ("7", "7 replications (-n) were requested and 6 were run: every draw has as many"),
        ("6", None),
    ],
)
def test_other_replications_than_asked_for_are_said(
    desk: Path, capsys: pytest.CaptureFixture[str], given: str, words: str | None
) -> None:
    assert run(["run", "desk.yaml", "--uncertain", "-n", given, "--workers", "1"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert words in out if words else "asked for" not in out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--draws", "4"], "--draws is for --uncertain"),
        (["--uncertain", "--draws", "4", "-n", "9"], "-n 8 can"),
        (["--uncertain", "--draws", "4", "-n", "4"], "-n 8 or more"),
        (["--uncertain", "--by", "day"], "--by does not go with --uncertain"),
        (["--uncertain", "--keep-records"], "--keep-records does not go with"),
        (["--uncertain", "--precision", "phone.wait: 1 s"], "--precision does not go with"),
    ],
)
def test_what_does_not_go_together(
    desk: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert run(["run", "desk.yaml", *options]) == 2
    assert words in capsys.readouterr().err


def test_a_scenario_without_assumptions(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write_text(DESK, encoding="utf-8")
    assert run(["run", "desk.yaml", "--uncertain"]) == 2
    assert "nothing in the scenario is uncertain" in capsys.readouterr().err


def test_a_sweep_over_draws(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vary = ["--vary", "channels.phone.patience=1 min,3 min", "--measure", "phone.service_level"]
    assert run(["sweep", "desk.yaml", *vary, *FEW]) == 0
    out = capsys.readouterr().out
    assert "patience = 3 min" in out and "in 90 % of the draws" in out
    (folder,) = Path("results/desk").iterdir()
    assert (folder / "plots" / "phone-service-level.png").exists()
    assert run(["sweep", "desk.yaml", *vary, *FEW, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["draws"] == 4
    assert run(["sweep", "desk.yaml", *FEW, "--tornado"]) == 2
    assert "--tornado does not go with --uncertain" in capsys.readouterr().err
