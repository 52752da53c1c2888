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
