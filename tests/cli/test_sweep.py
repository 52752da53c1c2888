"""`ccsim sweep`: what is shown, what is written, what the exit code says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ccsim.cli.main import run

DESK = Path(__file__).parent / "desk.yaml"
FEW = ["-n", "2", "--workers", "1"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "desk.yaml"
    path.write_text(DESK.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def test_a_sweep_shows_a_table_and_writes_its_files(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vary = [
        "--vary",
        "channels.phone.patience.mean=1 min..2 min step 1 min",
        "--measure",
        "phone.service_level",
    ]
    assert run(["sweep", "desk.yaml", *vary, *FEW]) == 0
    out = capsys.readouterr().out
    assert "patience.mean = 2 min" in out
    (folder,) = Path("results/desk").iterdir()
    assert str(folder / "sweep.parquet") in out
    assert (folder / "plots" / "phone-service-level.png").exists()


def test_json_is_one_document_and_pictures_can_be_left_out(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vary = ["--vary", "channels.phone.patience.mean=1 min,2 min", "--json", "--no-plots"]
    assert run(["sweep", "desk.yaml", *vary, *FEW]) == 0
    assert json.loads(capsys.readouterr().out)["replications"] == 2
    (folder,) = Path("results/desk").iterdir()
    assert not (folder / "plots").exists()


def test_what_is_wrong_is_exit_code_2(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "desk.yaml"]) == 2
    assert "nothing varies; write --vary" in capsys.readouterr().err
    assert run(["sweep", "desk.yaml", "--vary", "channels.phone.patience.mean=6..5"]) == 2
    assert "goes upwards" in capsys.readouterr().err


def test_points_are_spread_and_precision_is_told(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vary = ["--vary", "channels.phone.patience=1 min..3 min", "--measure", "phone.service_level"]
    assert run(["sweep", "desk.yaml", *vary, "--fill", "--points", "3", *FEW]) == 0
    out = capsys.readouterr().out
    assert "What each input changes" in out
    precise = ["--precision", "phone.service_level: 90 points"]
    vary[1] = "channels.phone.patience=1 min,3 min"
    assert run(["sweep", "desk.yaml", *vary, *precise, *FEW]) == 0
    assert "Asked for phone.service_level: 90 points: reached" in capsys.readouterr().out


def test_mistakes_are_told_as_they_were_written(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sweep", "desk.yaml", "--vary", "teams.frontline.people=5,many"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("--vary teams.frontline.people=many  teams.frontline.people:")
    assert (
        run(["sweep", "desk.yaml", "--points", "9", "--vary", "teams.frontline.people=3..6"]) == 2
    )
    assert "--fill" in capsys.readouterr().err
    assert run(["sweep", "desk.yaml", "--tornado"]) == 2
    assert "what is `uncertain` into the scenario" in capsys.readouterr().err
