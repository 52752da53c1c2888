"""Runs that are too large for the machine: estimated by hand, refused before anything is made."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import ccsim
from ccsim.cli.main import run as command
from ccsim.experiment import size as sizes
from ccsim.experiment.replicate import ENGINES, Plan, Replicator
from ccsim.experiment.run import load
from ccsim.experiment.size import Size, available_memory, size_of, too_large

GB = 1e9
SMALL = Size(
    contacts=1_750.0,
    entries=2_000.0,
    agents=26,
    days=7,
    designs=3,
    replications=100,
    workers=1,
    fitting=8,
    memory=0.3 * GB,
    seconds=4.0,
)


def free(monkeypatch: pytest.MonkeyPatch, memory: float | None) -> None:
    """The machine has so much memory left."""
    for place in ("ccsim.experiment.size", "ccsim.experiment.job"):
        monkeypatch.setattr(f"{place}.available_memory", lambda: memory)


# --- the estimate ---------------------------------------------------------------------------------
def test_the_estimate_of_a_desk_by_hand(desk_file: Path) -> None:
    """220 contacts a day for 2 days; of each 15 % stay unresolved, and 40 % of those come again:
    1 / (1 - 0.06) entries into a line. Three agents, 24 hours a day, 48 intervals."""
    designs = load(desk_file)
    size = size_of({"base": designs["base"]}, 6, "compiled", 2)
    assert size.contacts == 440
    assert size.entries == pytest.approx(440 / 0.94, rel=1e-6)
    assert (size.agents, size.days, size.designs, size.workers) == (3, 2, 1, 2)
    cells = 48 * len(sizes.interval_measures(designs["base"].scenario))
    peak = 120 * size.entries + 1_600 * 3 * 2 + 70 * cells
    kept = 56 * cells + 100 * 6 * len(sizes.known_measures(designs["base"].scenario))
    assert size.memory == pytest.approx(200e6 + 2 * peak + kept)  # two threads of a process
    busy = 3e-6 * size.entries + 5e-5 * 3 * 2 + 1.7e-7 * cells + 0.005
    assert size.seconds == pytest.approx(6 * busy / 2)
    both = size_of(designs, 6, "compiled", 2)
    assert (both.designs, both.agents) == (2, 4)
    assert both.seconds == pytest.approx(2 * size.seconds, rel=0.01)
    slow = size_of({"base": designs["base"]}, 6, "simpy", 2)
    assert slow.seconds > size.seconds
    # two processes beside the first, and a thousand bytes an entry
    assert slow.memory == pytest.approx(3 * (100e6 + peak + 880 * size.entries) + kept)


@pytest.mark.parametrize(
    "name", ["telecom", "tiered-or-pooled", "blended-or-split", "bank-managers", "follow-the-sun"]
)
def test_the_estimate_is_what_comes(name: str) -> None:
    """First attempts and entries of one replication, against the estimate of the scenario."""
    path = Path(__file__).parents[2] / "scenarios" / f"{name}.yaml"
    design = load(path)["base"]
    size = size_of({"base": design}, 1, "compiled", 1)
    replicator = Replicator(Plan((design,), seed=5))
    workload, roster, records = replicator.records(design, replicator.networks[0], 0)
    assert len(workload) == pytest.approx(size.contacts, rel=0.25)
    assert len(records.legs) == pytest.approx(size.entries, rel=0.4)
    assert len(roster.team) == pytest.approx(size.agents, rel=0.25)


def test_what_volume_does_not_say_is_counted(tmp_path: Path) -> None:
    """A log, a list, a backlog, incidents: 3 rows; 10 a weekday; 40; 0.5 x 900 a day for a week."""
    (tmp_path / "log.csv").write_text("at\n5\n6\n7\n", encoding="utf-8")
    data: dict[str, Any] = {
        "ccsim": 1,
        "name": "All kinds",
        "calendar": {"start": "2027-03-01", "days": 7},
        "contacts": {
            "logged": {"arrivals": {"trace": "log.csv"}, "phone": {"handle": "5 min"}},
            "listed": {
                "outbound": {"handle": "5 min", "list": {"mon-fri": 10}, "reached": "100 %"}
            },
            "waiting": {
                "arrivals": {"per_day": 0},
                "email": {"handle": "5 min", "backlog": 40},
            },
            "broken": {
                "arrivals": {
                    "incident": {
                        "probability": "50 % / day",
                        "contacts": 900,
                        "decays_over": "1 h",
                    }
                },
                "phone": {"handle": "5 min"},
            },
        },
        "channels": {"phone": {"patience": "3 min"}, "email": {}},
        "teams": {
            "desk": {"staffing": [3, 5, 4], "hands": {"email": "in gaps", "outbound": "alone"}}
        },
        "routing": {"*": "desk"},
    }
    from ccsim.scenario.resolve import from_dict

    design = from_dict(data, tmp_path)
    size = size_of({"base": design}, 1, "compiled", 1)
    assert size.contacts == pytest.approx(3 + 50 + 40 + 0.5 * 900 * 7)
    assert size.agents == 5


MEASURED = """
import resource, sys
from pathlib import Path
from ccsim.experiment.job import Job
from ccsim.experiment.playing import Playing
from ccsim.experiment.run import load
def peak():
    # What Linux's getrusage tells, a process inherits from its parent: its own stands here.
    status = Path("/proc/self/status")
    if status.exists():
        told = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(told[0].split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
small = load(sys.argv[1], ["calendar.days=1"])["base"]
how = Playing(replications=1, seed=1, workers=1)
Job({"base": small}, small, how).play()
before = peak()
design = load(sys.argv[1], ["calendar.days=" + sys.argv[2]])["base"]
Job({"base": design}, design, how).play()
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the unit of maxrss is Linux's")
@pytest.mark.parametrize(("name", "days"), [("telecom", 91), ("tiered-or-pooled", 182)])
def test_the_memory_is_what_is_taken(name: str, days: int) -> None:
    """The growth of a fresh process while it plays one replication, against the estimate."""
    path = Path(__file__).parents[2] / "scenarios" / f"{name}.yaml"
    command = [sys.executable, "-c", MEASURED, str(path), str(days)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    size = size_of({"base": load(path, [f"calendar.days={days}"])["base"]}, 1, "compiled", 1)
    estimate = size.memory - sizes.PROCESS["compiled"]
    assert 0.3 * estimate < float(told.stdout) < 1.2 * estimate


# --- the verdict ----------------------------------------------------------------------------------
def test_what_fits_is_not_refused() -> None:
    assert too_large(SMALL, 1 * GB) is None
    assert too_large(SMALL, None) is None
    assert too_large(replace(SMALL, seconds=86_000.0), 1 * GB) is None


def test_too_much_memory_is_refused_with_figures() -> None:
    size = replace(SMALL, memory=57.4 * GB, workers=8, contacts=61_700_000.0, days=3700)
    assert too_large(size, 14 * GB) == (
        "too large for this machine: 100 replications of 3 designs, each about 62 000 000 contacts "
        "in 3700 days by 26 agents, would take about 57 GB of memory with 8 workers, and 14 GB are "
        "free; simulate fewer days, contacts or people at a time, or fewer --workers; --force runs "
        "it all the same"
    )
    assert too_large(size, None) is None  # nobody knows
    many = replace(size, replications=1_000_000, workers=1, designs=1)
    told = str(too_large(many, 14 * GB))
    assert "1 000 000 replications of one design" in told and "fewer replications (-n)" in told
    assert "with 1 worker," in told and "--workers" not in told


def test_days_of_work_are_refused_with_figures() -> None:
    told = str(too_large(replace(SMALL, seconds=3.3 * 86_400, workers=2), 1 * GB))
    assert told.startswith("too large to be meant: 100 replications of 3 designs, each about 1800")
    assert "would take about 3.3 days on 2 cores; simulate fewer days" in told


# --- what runs asks -------------------------------------------------------------------------------
def test_everything_that_runs_refuses_before_it_makes_anything(
    desk_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free(monkeypatch, 0.05 * GB)
    out = tmp_path / "out"
    for start in (
        lambda **how: ccsim.run(desk_file, out=out, **how),
        lambda **how: ccsim.compare(desk_file, out=out, **how),
        lambda **how: ccsim.sweep(desk_file, ["teams.desk.people=3,4"], out=out, **how),
    ):
        with pytest.raises(
            ccsim.TooLarge, match="memory with 1 worker, and 50 MB are free"
        ) as told:
            start(workers=1, engine="simpy")
        assert not out.exists()
        (problem,) = told.value.problems
        assert (problem.line, problem.column, problem.path) == (5, 37, "calendar.days")
    gate = ccsim.test([desk_file], replications=2, at_most=2, engine="simpy")
    assert not gate.passed and "50 MB are free" in gate.problems[0].message


def test_force_runs_it_all_the_same(
    desk_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free(monkeypatch, 0.0)
    assert ccsim.run(desk_file, 1, force=True)["all.attempts"].value > 0
    gate = ccsim.test([desk_file], replications=2, at_most=2, force=True)
    assert not gate.problems
    monkeypatch.chdir(tmp_path)
    assert command(["run", str(desk_file), "-n", "1", "--no-store", "--force"]) in (0, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["compare"],
        ["test"],
        ["sweep", "--vary", "teams.desk.people=3,4"],
        ["plot", "--kind", "service"],
    ],
)
def test_the_command_says_so_with_exit_code_2(
    arguments: list[str],
    desk_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    free(monkeypatch, 0.05 * GB)
    monkeypatch.chdir(tmp_path)
    assert command([arguments[0], str(desk_file), *arguments[1:]]) == 2
    printed = capsys.readouterr()
    said = printed.out + printed.err
    assert f"{desk_file}:5:37  calendar.days: too large for this machine: " in said
    assert "--force runs it all the same" in said and "Traceback" not in said
    assert not (tmp_path / "results").exists()


def test_what_takes_days_is_refused_too(desk_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 1000 * GB)
    with pytest.raises(ccsim.TooLarge, match=r"too large to be meant: 1 000 000 repl.* days on"):
        ccsim.run(
            desk_file,
            1_000_000,
            set=["contacts.orders.arrivals.per_day=4000"],
            workers=1,
            engine="simpy",
        )


def test_no_more_workers_than_fit(desk_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process takes 100 MB and what a replication holds; that which starts them too."""
    designs = load(desk_file)
    monkeypatch.setattr("ccsim.experiment.size.available_cores", lambda: 8)
    many = 2_000
    free(monkeypatch, None)
    assert size_of(designs, many, "simpy", None).workers == 8
    for memory, workers in ((100 * GB, 8), (0.7 * GB, 4), (0.1 * GB, 1)):
        free(monkeypatch, memory)
        assert size_of(designs, many, "simpy", None).workers == workers
        assert size_of(designs, 1, "simpy", None).workers == 1
        assert size_of(designs, many, "simpy", 5).workers == 5  # as asked


# --- the machine ----------------------------------------------------------------------------------
def test_what_is_free() -> None:
    found = available_memory()
    assert found is None or 1e6 < found < 1e15


def test_a_container_leaves_what_it_leaves(tmp_path: Path) -> None:
    assert sizes._left_of_container(tmp_path) is None
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    assert sizes._left_of_container(tmp_path) is None
    (tmp_path / "memory.max").write_text("3000000000\n", encoding="ascii")
    (tmp_path / "memory.current").write_text("1000000000\n", encoding="ascii")
    assert sizes._left_of_container(tmp_path) == 2e9
    (tmp_path / "memory.current").write_text("4000000000\n", encoding="ascii")
    assert sizes._left_of_container(tmp_path) == 0.0


def test_every_engine_has_its_figures() -> None:
    assert set(sizes.PROCESS) == set(sizes.PER_ENTRY) == set(sizes.PER_ENTRY_S) == set(ENGINES)
