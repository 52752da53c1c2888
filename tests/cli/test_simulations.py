"""`run`, `compare` and `plot`: what is shown, what is kept, what the exit code says."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import ccsim
from ccsim.cli.main import run
from ccsim.cli.plot import KINDS as PLOT_KINDS
from ccsim.cli.progress import progress_words
from ccsim.report.pictures import KINDS

DESK = Path(__file__).parent / "desk.yaml"
POSIX = os.name == "posix"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desk in a folder of its own, which is where the commands run."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "desk.yaml"
    path.write_text(DESK.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def expecting(desk: Path, text: str) -> Path:
    desk.write_text(
        desk.read_text(encoding="utf-8").replace("cost.total <= 1 000 000", text), encoding="utf-8"
    )
    return desk


# --- exit codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expectation", "code", "word"),
    [
        ("email.service_level >= 1 %", 0, "met"),
        ("email.service_level >= 99 %", 1, "missed"),
        # nobody hangs up in three replications, which cannot show that fewer than 1 in 10 000 do
        ("phone.abandoned <= 0.01 %", 0, "too close to call"),
    ],
)
def test_an_expectation_decides_the_exit_code(
    expectation: str, code: int, word: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expecting(desk, expectation)
    assert run(["run", "desk.yaml"]) == code
    assert re.search(rf"at (least|most).*{word}|% .*{word}", capsys.readouterr().out)


def test_a_missed_target_that_is_not_expected_is_no_failure(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "desk.yaml"]) == 0
    assert re.search(r"E-mails answered within 4 h .* missed", capsys.readouterr().out)


# --- what is shown --------------------------------------------------------------------------------


@pytest.mark.usefixtures("compiled")
def test_the_answer_first(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "desk.yaml"]) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0].startswith(
        "Desk      2 days · 3 replications · same customers for every design · "
    )
    assert lines[2].startswith("  No bottom line yet: 3 replications of the 50")
    assert re.search(r"target +base +more$", lines[4])
    assert 10 <= sum(bool(re.match(r"  [A-Z][^.]{20,}", line)) for line in lines) <= 24
    assert "more compared with base: calls answered within 20 s" in captured.out
    assert "20 160 UAH more a year" in captured.out  # 2 x 14 400 x 0.7: 28 of 40 hours a week
    assert captured.err == "", "no progress where nobody looks"


def test_words_instead_of_marks_in_a_pipe(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["run", "desk.yaml"])
    text = capsys.readouterr().out
    assert "met" in text and "missed" in text
    assert not re.search("[✓✗]|\x1b", text)


@pytest.mark.parametrize("by", ["team", "interval", "day", "weekday", "type", "channel"])
def test_cuts(by: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "desk.yaml", "--by", by]) == 0
    text = capsys.readouterr().out
    expected = {
        "team": "Frontline: occupancy",
        "interval": "08:30",
        "day": "2027-03-02",
        "weekday": "tue",
        "type": "Billing: answered within the target time",
        "channel": "E-mail: answered within the target time",
    }
    assert expected[by] in text


def test_every_measure(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from ccsim.measures.catalogue import known_measures
    from ccsim.scenario.resolve import load

    assert run(["run", "desk.yaml", "--all"]) == 0
    text = capsys.readouterr().out
    for key in known_measures(load("desk.yaml").scenario):
        assert f"  {key}" in text


def test_settings_replications_and_seed_are_used(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", "desk.yaml", "-n", "2", "--seed", "9", "--json"]
    assert run([*arguments, "--set", "teams.frontline.people=6"]) == 2  # the roster says 5
    capsys.readouterr()
    settings = ["--set", "teams.frontline.people=6", "--set", "teams.frontline.roster.morning=6"]
    assert run([*arguments, *settings]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["replications"], document["seed"]) == (2, 9)
    assert document["designs"]["base"]["kpis"]["all.heads"]["mean"] == 6


@pytest.mark.usefixtures("compiled")
def test_json_is_one_document_and_nothing_else(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compare", "desk.yaml", "--json"]) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert set(document) >= {"scenario", "replications", "seed", "designs", "differences"}
    kpi = document["designs"]["more"]["kpis"]["phone.service_level"]
    said = {"label", "mean", "low", "high", "unit", "definition"}
    assert set(kpi) == said | {"at_least", "at_most", "status"}
    difference = document["differences"][0]
    assert set(difference) == {"design", "against", "measure", "mean", "low", "high", "unit"}
    assert (difference["design"], difference["against"]) == ("more", "base")
    assert captured.err == ""


def test_the_same_seed_says_the_same(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for _ in range(2):
        assert run(["compare", "desk.yaml", "--json"]) == 0
        text = capsys.readouterr().out
        texts.append(text.replace(json.loads(text)["folder"], "FOLDER"))
    assert texts[0] == texts[1]


def test_chosen_designs_against_another(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "desk.yaml", "--designs", "base", "--against", "more"]) == 0
    text = capsys.readouterr().out
    assert "base compared with more: " in text and "20 160 UAH less a year" in text


def test_one_design_is_nothing_to_compare(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "desk.yaml", "--designs", "more", "--against", "more"]) == 2
    assert "nothing to compare" in capsys.readouterr().err


# --- what is kept ---------------------------------------------------------------------------------


def test_results_are_kept_where_asked_and_can_be_drawn(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compare", "desk.yaml", "--out", "kept", "--keep-records"]) == 0
    assert "ccsim plot kept" in capsys.readouterr().out
    names = {path.name for path in Path("kept").iterdir()}
    assert {"run.json", "kpis.parquet", "legs.parquet"} <= names
    assert run(["plot", "kept", "--format", "svg", "--kind", "service", "--kind", "cost"]) == 0
    drawn = capsys.readouterr().out.split()
    assert [Path(path).name for path in drawn] == [
        "service-phone.svg",
        "service-email.svg",
        "cost-against-service-phone.svg",
    ]
    assert all(Path(path).parent == Path("kept/plots") for path in drawn)
    before = [Path(path).read_bytes() for path in drawn]
    assert run(["plot", "kept", "--format", "svg"]) == 0
    assert [Path(path).read_bytes() for path in drawn] == before
    assert (Path("kept/plots") / "staff-more-frontline.svg").exists()


def test_a_scenario_is_played_and_drawn(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plot", "desk.yaml", "-n", "2", "--kind", "staff", "--out", "pictures"]) == 0
    capsys.readouterr()
    assert sorted(path.name for path in Path("pictures").glob("*.[ps][nv]g")) == [
        "staff-base-frontline.png",
        "staff-more-frontline.png",
    ]


def test_pictures_of_people(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kinds = ["--kind", "roster", "--kind", "occupancy"]
    assert run(["plot", "desk.yaml", "-n", "2", *kinds, "--out", "pictures"]) == 0
    capsys.readouterr()
    assert sorted(path.name for path in Path("pictures").glob("*.[ps][nv]g")) == [
        "occupancy-base.png",
        "occupancy-more.png",
        "roster-base.png",
        "roster-more.png",
    ]


def test_pictures_of_waits_money_and_flow(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "desk.yaml", "--out", "kept"]) == 0
    kinds = [word for kind in ("flow", "money", "waits", "backlog") for word in ("--kind", kind)]
    capsys.readouterr()
    assert run(["plot", "kept", *kinds]) == 0
    first = capsys.readouterr().out.split()
    assert [Path(path).name for path in first] == [  # in the order of the help
        "waits-phone.png",
        "waits-email.png",
        "backlog-email.png",
        "flow-base.png",
        "flow-more.png",
        "cost-by-kind.png",
    ]
    before = [Path(path).read_bytes() for path in first]
    assert run(["plot", "kept", *kinds]) == 0
    assert [Path(path).read_bytes() for path in first] == before


def test_pictures_from_python_are_those_of_the_command(desk: Path) -> None:
    found = ccsim.run("desk.yaml", replications=2, workers=1)
    paths = ccsim.plot(found, "pictures", kinds=["waits", "flow"], ending="svg")
    assert [path.name for path in paths] == ["waits-phone.svg", "waits-email.svg", "flow.svg"]
    found.save("kept")
    assert run(["plot", "kept", "--kind", "waits", "--format", "svg", "--out", "again"]) == 0
    assert Path("again/waits-phone.svg").read_bytes() == paths[0].read_bytes()
    with pytest.raises(ValueError, match="no picture of 'weights'"):
        ccsim.plot(found, "pictures", kinds=["weights"])  # type: ignore[list-item]


def test_every_kind_of_picture_is_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plot", "--help"]) == 0
    text = capsys.readouterr().out
    assert PLOT_KINDS == KINDS
    for kind in KINDS:
        assert f"\n  {kind:<9}  " in text


# --- stopping, terminals, pipes -------------------------------------------------------------------


@pytest.mark.skipif(not POSIX, reason="signals of this kind are POSIX")
def test_stopped_runs_keep_what_is_finished(desk: Path) -> None:
    """With time to show them: without, it may be cut off (test_stopping)."""
    arguments = ["run", "desk.yaml", "-n", "100000", "--force", "--workers", "1", "--out", "kept"]
    code = "from ccsim.cli import main, stopping; stopping.IN_TIME = 600; main.main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(list(Path("results").rglob("*.parquet"))) < 2 and process.poll() is None:
        time.sleep(0.05)  # the second one is in the store: the first is counted
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130, err
    message = r"stopped after (\d+) of 100000 replications; they are saved, and labelled partial"
    message += "; run again to continue"
    stopped = re.search(message, err)
    assert stopped and int(stopped[1]) >= 1
    assert "Traceback" not in err
    assert f"{stopped[1]} of 100000 replications (stopped early: partial)" in out
    assert json.loads(Path("kept/run.json").read_text(encoding="utf-8"))["partial"] is True


@pytest.mark.skipif(not POSIX, reason="pseudo-terminals are POSIX")
def test_a_terminal_sees_marks_and_a_line_of_progress(desk: Path) -> None:
    import pty

    parent, child = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "ccsim", "run", "desk.yaml", "-n", "60", "--workers", "1"],
        stdout=child,
        stderr=child,
        env=environment,
    )
    os.close(child)
    seen = b""
    while True:
        try:
            block = os.read(parent, 65536)
        except OSError:  # the other side has ended
            break
        if not block:
            break
        seen += block
    process.wait()
    os.close(parent)
    text = seen.decode("utf-8", "replace")
    assert process.returncode == 0
    assert re.search(
        r"\d+ of 60 replications · \d+ (s|min) left · calls answered within 20 s: ", text
    )
    assert "✓" in text and "✗" in text and " met" not in text


@pytest.mark.skipif(not POSIX, reason="a shell is needed")
def test_a_reader_that_has_enough_is_no_error() -> None:
    command = f"{sys.executable} -m ccsim measures | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (done.stderr, len(done.stdout.splitlines())) == ("", 1)


@pytest.mark.skipif(not POSIX, reason="a shell is needed")
@pytest.mark.parametrize("ccsim", ["measures", "run desk.yaml -n 2 --no-store", "check desk.yaml"])
def test_a_reader_that_has_enough_never_reads_as_an_expectation_missed(
    ccsim: str, desk: Path
) -> None:
    """The reader has gone before anything is written, so that the pipe is closed for certain."""
    reader, writer = os.pipe()
    os.close(reader)
    words = [sys.executable, "-m", "ccsim", *ccsim.split()]
    done = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_the_line_of_progress() -> None:
    main = "calls answered within 20 s: 78.4 % ±0.9"
    assert progress_words(61, 100, 61.0, main) == (
        "61 of 100 replications · 39 s left · calls answered within 20 s: 78.4 % ±0.9 so far"
    )
    assert "10 min left" in progress_words(10, 100, 66.7, main)


# --- precision ------------------------------------------------------------------------------------


def test_precision_is_reached_and_told(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--precision", "phone.service_level: 30 points", "--at-most", "9", "-n", "4"]
    assert run(["run", "desk.yaml", *asked]) == 0
    assert re.search(
        r"Asked for phone.service_level: 30 points: reached, ±\d", capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--at-most", "9"], "--at-most limits --precision"),
        (["--at-most", "3", "-n", "4", "--precision", "cost.total: 5"], "--at-most is smaller"),
        (["--precision", "cost.total: much"], "needs a half-width above zero: an amount"),
    ],
)
def test_precision_that_makes_no_sense(
    arguments: list[str], words: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compare", "desk.yaml", *arguments]) == 2
    assert words in capsys.readouterr().err


# --- the store ------------------------------------------------------------------------------------


def test_the_second_time_is_answered_from_the_store(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def lines() -> list[str]:
        text = capsys.readouterr().out
        return [line for line in text.splitlines() if "results/" not in line][1:]

    assert run(["run", "desk.yaml"]) == 0
    first = lines()
    assert run(["compare", "desk.yaml"]) == 0
    capsys.readouterr()
    assert run(["run", "desk.yaml"]) == 0
    again = capsys.readouterr().out.splitlines()
    assert "3 replications (from the store)" in again[0]
    assert [line for line in again if "results/" not in line][1:] == first
    assert run(["run", "desk.yaml", "-n", "4"]) == 0
    assert "4 replications (3 from the store)" in capsys.readouterr().out


def test_without_the_store_nothing_is_kept_in_it(desk: Path) -> None:
    assert run(["run", "desk.yaml", "--no-store"]) == 0
    assert not Path("results/store").exists()


def test_what_would_turn_the_verdict_is_told(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["compare", "desk.yaml", "--what-would-turn", "--workers", "1"]
    run(ask)
    shown = capsys.readouterr().out
    assert re.search(r"What would reverse this first|would not reverse it within 30 %", shown)
    run([*ask, "--json"])
    told = json.loads(capsys.readouterr().out)["turning"]
    assert told["said"]
    assert told["points"] >= 6
    run(["compare", "desk.yaml", "--workers", "1"])
    assert "turn" not in capsys.readouterr().out
    assert run([*ask, "--uncertain"]) == 2
    assert "leave out --uncertain" in capsys.readouterr().err


def test_a_search_that_is_stopped_ends_as_stopped(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ccsim.experiment.studies import reversal_search

    def stop(*_given: object, **_how: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reversal_search._Search, "play", stop)
    ask = ["compare", "desk.yaml", "--what-would-turn", "--workers", "1"]
    assert run(ask) == 130
    assert "The search was stopped" in capsys.readouterr().out
