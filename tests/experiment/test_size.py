"""Runs that are too large for the machine: estimated by hand, refused before anything is made."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import ccsim
from ccsim.cli.main import run as command
from ccsim.experiment.execution.run import load
from ccsim.experiment.replications import size as sizes
from ccsim.experiment.replications.replicate import ENGINES, ReplicationPlan, Replicator
from ccsim.experiment.replications.size import Size, available_memory, size_of, too_large
from ccsim.experiment.storage.replication_cache import ReplicationCache
from ccsim.measures.catalogue import interval_measures, known_measures

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
    for place in ("ccsim.experiment.replications.size", "ccsim.experiment.execution.runner"):
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
    cells = 48 * len(interval_measures(designs["base"].scenario))
    peak = 120 * size.entries + 1_600 * 3 * 2 + 36 * cells
    kept = 28 * cells + 100 * 6 * len(known_measures(designs["base"].scenario))
    assert size.memory == pytest.approx(200e6 + 2 * peak + kept)  # two threads of a process
    busy = 3e-6 * size.entries + 5e-5 * 3 * 2 + 4e-8 * cells + 0.005
    assert size.seconds == pytest.approx(6 * busy / 2)
    both = size_of(designs, 6, "compiled", 2)
    assert (both.designs, both.agents) == (2, 4)
    assert both.seconds == pytest.approx(2 * size.seconds, rel=0.01)
    slow = size_of({"base": designs["base"]}, 6, "simpy", 2)
    assert slow.seconds > size.seconds
    # two processes beside the first, and a thousand bytes an entry
    assert slow.memory == pytest.approx(3 * (100e6 + peak + 880 * size.entries) + kept)


def test_the_estimate_with_records_by_hand(desk_file: Path) -> None:
    """1500 bytes of an entry into a line, in every thread and where one replication is written, of
    both designs; 90 bytes of each in files."""
    designs = load(desk_file)
    size = size_of(designs, 6, "compiled", 2)
    kept = size_of(designs, 6, "compiled", 2, records=True)
    entries = 2 * 440 / 0.94  # the same customers in both designs
    assert kept.memory - size.memory == pytest.approx(3 * 1_500 * entries)
    assert kept.recorded == pytest.approx(6 * 90 * entries)
    assert size.recorded == 0.0
    one = size_of(designs, 1, "compiled", 1, records=True).memory
    assert one - size_of(designs, 1, "compiled", 1).memory == pytest.approx(1_500 * entries)


def test_the_estimate_of_what_may_be_added_and_what_is_there(desk_file: Path) -> None:
    """Time is that of what lacks in the store, memory that of all that may come to be."""
    designs = {"base": load(desk_file)["base"]}
    size, ten = (size_of(designs, n, "compiled", 1) for n in (6, 60))
    more = size_of(designs, 6, "compiled", 1, most=60)
    assert (more.seconds, more.memory) == (ten.seconds, ten.memory)
    assert (more.replications, more.most) == (6, 60)
    partly = size_of(designs, 60, "compiled", 1, lacking=6)
    assert partly.seconds == pytest.approx(size.seconds)
    assert partly.memory == ten.memory
    there = size_of(designs, 60, "compiled", 1, lacking=0)
    assert there.seconds == 0.0 and there.memory < ten.memory


@pytest.mark.parametrize(
    "name", ["telecom", "tiered-or-pooled", "blended-or-split", "bank-managers", "follow-the-sun"]
)
def test_the_estimate_is_what_comes(name: str) -> None:
    """First attempts and entries of one replication, against the estimate of the scenario."""
    path = Path(__file__).parents[2] / "scenarios" / f"{name}.yaml"
    design = load(path)["base"]
    size = size_of({"base": design}, 1, "compiled", 1)
    replicator = Replicator(ReplicationPlan((design,), seed=5))
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
from ccsim.experiment.execution.runner import Runner
from ccsim.experiment.execution.options import Options
from ccsim.experiment.execution.run import load
def peak():
    # What Linux's getrusage tells, a process inherits from its parent: its own stands here.
    status = Path("/proc/self/status")
    if status.exists():
        told = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(told[0].split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
small = load(sys.argv[1], ["calendar.days=1"])["base"]
count, out = int(sys.argv[3]), sys.argv[4]
def play(design, replications, out):
    how = Options(
        replications=replications, seed=1, workers=2, out=out, keep_records=out is not None
    )
    with Runner({"base": design}, design, how, "run") as job:
        results, _ = job.play()
        if job.folder is not None:
            job.folder.finish(results, {})
play(small, 1, out + "/small" if out else None)
before = peak()
design = load(sys.argv[1], ["calendar.days=" + sys.argv[2]])["base"]
play(design, count, out + "/whole" if out else None)
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the unit of maxrss is Linux's")
@pytest.mark.parametrize(
    ("name", "days", "count", "records"),
    [
        ("telecom", 91, 1, False),
        ("tiered-or-pooled", 182, 1, False),
        ("telecom", 28, 4, True),
        ("tiered-or-pooled", 91, 8, True),
    ],
)
def test_the_memory_is_what_is_taken(
    name: str, days: int, count: int, records: bool, tmp_path: Path
) -> None:
    """The growth of a fresh process while it plays one replication, or several whose records are
    kept, and the size of their files, against the estimate."""
    path = Path(__file__).parents[2] / "scenarios" / f"{name}.yaml"
    out = str(tmp_path) if records else ""
    command = [sys.executable, "-c", MEASURED, str(path), str(days), str(count), out]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    designs = {"base": load(path, [f"calendar.days={days}"])["base"]}
    size = size_of(designs, count, "compiled", min(count, 2), records=records)
    estimate = size.memory - sizes.PROCESS["compiled"]
    assert 0.3 * estimate < float(told.stdout) < 1.2 * estimate
    if records:
        names = [tmp_path / "whole" / f"{each}.parquet" for each in ("legs", "work", "duty")]
        assert sum(each.stat().st_size for each in names) == pytest.approx(size.recorded, rel=0.2)


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


def test_records_that_do_not_fit_are_refused_with_figures() -> None:
    size = replace(SMALL, recorded=57.4 * GB)
    assert too_large(size, 1 * GB, None) is too_large(size, 1 * GB, 60 * GB) is None
    assert too_large(size, 1 * GB, 14 * GB) == (
        "too large for this disk: 100 replications of 3 designs, each about 1800 contacts in 7 "
        "days by 26 agents, would write about 57 GB of records, and 14 GB are free; simulate fewer "
        "days, contacts or people at a time, fewer replications (-n), or leave out --keep-records; "
        "--force runs it all the same"
    )
    told = str(too_large(size, 0.1 * GB, 60 * GB))
    assert "of memory" in told and "or leave out --keep-records" in told


def test_days_of_work_are_refused_with_figures() -> None:
    told = str(too_large(replace(SMALL, seconds=3.3 * 86_400, workers=2), 1 * GB))
    assert told.startswith("too large to be meant: 100 replications of 3 designs, each about 1800")
    assert "would take about 3.3 days on 2 cores; simulate fewer days" in told
    more = replace(SMALL, seconds=3.3 * 86_400, workers=2, most=1000)
    told = str(too_large(more, 1 * GB))
    assert told.startswith("too large to be meant: 100 to 1000 replications of 3 designs")
    assert "would take up to 3.3 days" in told and "fewer replications (--at-most)" in told


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
    attempts = ccsim.run(desk_file, 1, force=True)["all.attempts"].value
    assert attempts is not None and attempts > 0
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
    monkeypatch.setattr("ccsim.experiment.replications.size.available_cores", lambda: 8)
    many = 2_000
    free(monkeypatch, None)
    assert size_of(designs, many, "simpy", None).workers == 8
    for memory, workers in ((100 * GB, 8), (0.7 * GB, 4), (0.1 * GB, 1)):
        free(monkeypatch, memory)
        assert size_of(designs, many, "simpy", None).workers == workers
        assert size_of(designs, 1, "simpy", None).workers == 1
        assert size_of(designs, many, "simpy", 5).workers == 5  # as asked


LONG = ["contacts.orders.arrivals.per_day=4000"]  # a replication of the reference takes 0.5 s
SLOW: dict[str, Any] = {"set": LONG, "workers": 1, "engine": "simpy"}


def test_what_a_precision_or_a_test_may_add_is_refused(
    desk_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free(monkeypatch, 1000 * GB)
    precision = ["phone.service_level: 0.01 points"]
    with pytest.raises(ccsim.TooLarge, match="2 to 1 000 000 replications of one design"):
        ccsim.run(desk_file, 2, precision=precision, at_most=1_000_000, **SLOW)
    gate = ccsim.test([desk_file], replications=2, at_most=1_000_000, **SLOW)
    assert gate.files[0].too_large and "(--at-most)" in gate.problems[0].message
    assert gate.to_json()["files"][0]["too_large"]


def test_what_the_store_holds_takes_no_time(
    desk_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of four are there: with a day for the others it is played, with less it is refused; where
    there is no store yet, none is made by asking."""
    how: dict[str, Any] = {"workers": 1, "store": tmp_path / "store"}
    design = {"base": load(desk_file)["base"]}
    monkeypatch.setattr(sizes, "LONGEST", size_of(design, 2, "compiled", 1).seconds * 1.01)
    with pytest.raises(ccsim.TooLarge, match="too large to be meant"):
        ccsim.run(desk_file, 4, **how)
    assert not (tmp_path / "store").exists()
    ccsim.run(desk_file, 2, **how)
    with pytest.raises(ccsim.TooLarge, match="too large to be meant"):
        ccsim.run(desk_file, 5, **how)
    with pytest.raises(ccsim.TooLarge, match="too large to be meant"):
        ccsim.run(desk_file, 4, workers=1)
    assert ccsim.run(desk_file, 4, **how).from_store == 2


def test_records_need_room_on_the_disk(
    desk_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ccsim.experiment.execution.runner.free_disk", lambda where: 1e5)
    with pytest.raises(ccsim.TooLarge, match="too large for this disk"):
        ccsim.run(desk_file, 6, workers=1, out=tmp_path / "out", keep_records=True)
    assert not (tmp_path / "out").exists()
    assert ccsim.run(desk_file, 1, workers=1, out=tmp_path / "one", keep_records=True).replications


# --- the machine ----------------------------------------------------------------------------------
def test_what_is_free() -> None:
    found = available_memory()
    assert found is None or 1e6 < found < 1e15


def test_the_disk_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    found = sizes.free_disk(tmp_path / "not" / "yet")
    assert found is not None and found == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)


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


def test_a_number_of_replications_beyond_all_memory_is_refused_before_anything_grows(
    desk_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a store, too: it was asked for each of a thousand million replications."""

    def asked(*_: object) -> None:
        raise AssertionError("the cache is not asked for so many")

    monkeypatch.setattr(ReplicationCache, "missing", asked)
    for options in ({}, {"store": tmp_path}):
        with pytest.raises(
            ccsim.TooLarge, match=r"1 000 000 000 replications .* fewer replications \(-n"
        ):
            ccsim.run(desk_file, 1_000_000_000, workers=1, **options)  # type: ignore[arg-type]
