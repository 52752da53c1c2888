"""The store: what it answers, what changes its key, and that nothing but time is ever lost."""

from __future__ import annotations

import datetime as dt
import errno
import os
import random
import signal
import subprocess
import sys
import time
import zoneinfo
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ccsim.experiment import ResultsError, compare, run
from ccsim.experiment.execution.run import load
from ccsim.experiment.replications.replicate import ReplicationPlan, Replicator
from ccsim.experiment.storage import manifest, replication_cache, replication_key
from ccsim.experiment.storage.disk import Part
from ccsim.experiment.storage.manifest import mark_of
from ccsim.experiment.storage.replication_cache import CachedDesign
from ccsim.experiment.storage.replication_key import described
from ccsim.experiment.studies import gate
from tests.experiment.test_run import Stop, content

POSIX = os.name == "posix"


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Replicator, replication: int) -> None:
        raise AssertionError(f"replication {replication} was simulated again")

    monkeypatch.setattr(Replicator, "__call__", refuse)


def files(store: Path) -> list[str]:
    return sorted(path.name for path in store.rglob("*.parquet"))


# --- answers --------------------------------------------------------------------------------------


def test_what_is_kept_is_not_simulated_again(
    desk_file: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first = run(desk_file, workers=1, store=tmp_path)
    request.getfixturevalue("nothing_runs")
    again = run(desk_file, workers=1, store=tmp_path)
    assert (first.from_store, again.from_store) == (0, 6)
    assert content(again) == content(first)
    assert [each.status for each in again.expectations] == ["met"] * 3


def test_the_store_changes_no_result(desk_file: Path, tmp_path: Path) -> None:
    without = run(desk_file, workers=1)
    for _ in range(2):  # simulated, then read
        found = run(desk_file, workers=1, store=tmp_path)
        assert content(found) == content(without)
        # the order of the tables too, in which files are written
        durations = found.result.table.durations
        assert list(durations) == list(without.result.table.durations)


def test_more_replications_extend_a_run(desk_file: Path, tmp_path: Path) -> None:
    run(desk_file, replications=2, workers=1, store=tmp_path)
    found = run(desk_file, replications=5, workers=2, store=tmp_path)
    assert found.from_store == 2
    assert content(found) == content(run(desk_file, replications=5, workers=1))


def test_a_design_is_kept_for_itself(
    desk_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A comparison after a run simulates only the other design; both see the same customers."""
    run(desk_file, replications=3, workers=1, store=tmp_path)
    simulated: list[str] = []
    one = Replicator._one

    def noted(self: Replicator, played: object, *rest: object) -> object:
        simulated.append(played.design.name)  # type: ignore[attr-defined]
        return one(self, played, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Replicator, "_one", noted)
    found = compare(desk_file, replications=4, workers=1, store=tmp_path)
    assert sorted(simulated) == ["base"] + ["larger"] * 4
    monkeypatch.undo()
    assert content(found) == content(compare(desk_file, replications=4, workers=1))


def test_a_gate_is_answered_from_the_store(
    desk_file: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first = gate.test(desk_file, 4, at_most=4, workers=1, store=tmp_path)
    request.getfixturevalue("nothing_runs")
    again = gate.test(desk_file, 4, at_most=4, workers=1, store=tmp_path)
    assert again.to_json() == first.to_json()
    assert (first.files[0].stored, again.files[0].stored) == (0, 4)


# --- keys -----------------------------------------------------------------------------------------


def key(desk_file: Path, *settings: str, seed: int = 11, engine: str = "simpy") -> str:
    design = load(desk_file, settings)["base"]
    return mark_of(described(design, ReplicationPlan((design,), seed, engine)))  # type: ignore[arg-type]


def test_only_what_determines_the_replications_is_in_the_key(desk_file: Path) -> None:
    plain = key(desk_file)
    for same in (
        ["expect=[phone.service_level >= 1 %]"],
        ["name=Other"],
        ["run.replications=99"],
        ["designs.larger.teams.desk.people=9"],
    ):
        assert key(desk_file, *same) == plain
    for other in (["teams.desk.people=4"], ["channels.phone.patience.mean=3 min"]):
        assert key(desk_file, *other) != plain
    assert key(desk_file, seed=12) != plain
    assert key(desk_file, engine="compiled") != plain


def test_another_model_never_answers(desk_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = key(desk_file)
    monkeypatch.setattr(replication_key, "code_mark", lambda: "other code")
    assert key(desk_file) != plain
    monkeypatch.undo()
    monkeypatch.setattr(replication_key, "LAW", manifest.LAW + 1)
    assert key(desk_file) != plain


def test_the_order_of_teams_is_in_the_key(desk_file: Path, tmp_path: Path) -> None:
    """Of two people alike in all else the lower number is called, one of the first team."""
    text = desk_file.read_text("utf-8").replace("{orders: [desk]}", "{orders: [[desk, slow]]}")
    before, _, rest = text.partition("teams:\n")
    desk, _, after = rest.partition("routing:")
    slow = desk.replace("desk:", "slow:").replace("pay:", "handle_time: 150 %\n    pay:")
    found = []
    for name, teams in (("one", desk + slow), ("other", slow + desk)):
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"{before}teams:\n{teams}routing:{after}", encoding="utf-8")
        found.append((key(path), content(run(path, workers=1, store=tmp_path / "store"))))
        assert found[-1][1] == content(run(path, workers=1))
    (one, calls), (other, other_calls) = found
    assert calls != other_calls
    assert one != other


def test_what_governments_change_is_in_the_key(
    desk_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scenario names a zone and a country; what that means stands in databases."""
    settings = ["calendar.holidays={country: UA, demand_like: sun, shifts_like: sun}"]
    plain, with_holidays = key(desk_file), key(desk_file, *settings)
    monkeypatch.setattr(manifest, "holiday_dates", lambda *_: frozenset([dt.date(2027, 3, 1)]))
    assert key(desk_file, *settings) != with_holidays
    assert key(desk_file) == plain
    manifest._offsets.cache_clear()
    monkeypatch.setattr(manifest, "ZoneInfo", lambda _: zoneinfo.ZoneInfo("Asia/Tokyo"))
    assert key(desk_file) != plain
    manifest._offsets.cache_clear()


# --- files ----------------------------------------------------------------------------------------


def test_neighbours_are_put_together(desk_file: Path, tmp_path: Path) -> None:
    run(desk_file, replications=6, workers=1, store=tmp_path)
    assert len(files(tmp_path)) == 6
    run(desk_file, replications=9, workers=1, store=tmp_path)
    (name,) = files(tmp_path)
    assert name.startswith("000000-000008.")
    again = run(desk_file, replications=9, workers=1, store=tmp_path)
    assert again.from_store == 9
    assert content(again) == content(run(desk_file, replications=9, workers=1))


def test_any_reader_finds_the_columns_and_their_meaning(desk_file: Path, tmp_path: Path) -> None:
    found = run(desk_file, replications=2, workers=1, store=tmp_path)
    (path, *_) = sorted(tmp_path.rglob("*.parquet"))
    table = pq.read_table(path)
    assert table.column_names == list(replication_cache.COLUMNS)
    assert all(column.metadata[b"meaning"] for column in table.schema)
    totals = {
        row["measure"]: (row["numerator"], row["denominator"])
        for row in table.to_pylist()
        if row["part"] == "total"
    }
    num, den = found.result.table.columns("phone.service_level")
    assert totals["phone.service_level"] == (num[0], den[0])
    assert (path.parent / "about.json").exists()


@pytest.mark.parametrize("damage", [b"", b"PAR1 and no more"])
def test_a_broken_file_is_made_anew(damage: bytes, desk_file: Path, tmp_path: Path) -> None:
    whole = compare(desk_file, replications=4, workers=1, store=tmp_path)
    path = sorted(tmp_path.rglob("000002-*.parquet"))[0]
    path.write_bytes(damage)
    found = compare(desk_file, replications=4, workers=1, store=tmp_path)
    assert found.from_store == 3
    assert content(found) == content(whole)
    assert compare(desk_file, replications=4, workers=1, store=tmp_path).from_store == 4


def test_a_file_of_other_measures_is_not_believed(desk_file: Path, tmp_path: Path) -> None:
    found = run(desk_file, replications=2, workers=1, store=tmp_path)
    path = sorted(tmp_path.rglob("000001-*.parquet"))[0]
    table = pq.read_table(path)
    pq.write_table(table.slice(5), path)  # some totals are lost
    path.rename(
        path.with_name(f"000001-000001.{replication_cache._checksum(path.read_bytes())}.parquet")
    )
    again = run(desk_file, replications=2, workers=1, store=tmp_path)
    assert again.from_store == 1 and content(again) == content(found)


def test_a_bit_that_turned_is_no_other_number(desk_file: Path, tmp_path: Path) -> None:
    """Of three bits in four, Parquet itself makes other numbers and says nothing."""
    design = load(desk_file)["base"]
    plan = ReplicationPlan((design,), 11, "simpy")
    kpis = Replicator(plan)(0)[0].kpis
    for number in range(8):
        CachedDesign(tmp_path, design, plan).add(number, kpis)
    held = CachedDesign(tmp_path, design, plan)
    bits = random.Random(4)
    for _ in range(40):
        path = held.folder / sorted(path.name for path in held.folder.glob("*.parquet"))[-1]
        whole = path.read_bytes()
        damaged = bytearray(whole)
        damaged[bits.randrange(len(whole))] ^= 1 << bits.randrange(8)
        path.write_bytes(damaged)
        assert sorted(number for number, _ in held.read(range(8))) == list(range(7))
        assert not path.exists()
        path.write_bytes(damaged)
        held.put_together()  # what is broken is not written anew under a good name
        assert sorted(number for number, _ in held.read(range(8))) == list(range(7))
        held.add(7, kpis)


def test_a_full_disk_is_one_line_and_resumable(
    desk_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, left = replication_cache._write, [3]

    def full(path: Path, data: object, *, durable: bool) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, data, durable=durable)

    monkeypatch.setattr(replication_cache, "_write", full)
    with pytest.raises(ResultsError, match="the disk is full") as problem:
        run(desk_file, workers=1, store=tmp_path)
    assert "\n" not in str(problem.value)
    monkeypatch.undo()
    found = run(desk_file, workers=1, store=tmp_path)
    assert found.from_store == 2  # three files: what it is about, and two replications
    assert content(found) == content(run(desk_file, workers=1))


# --- stopped, killed, and side by side ------------------------------------------------------------


def test_a_stopped_run_goes_on_where_it_was(desk_file: Path, tmp_path: Path) -> None:
    stopped = run(desk_file, workers=1, store=tmp_path, progress=Stop(after=4))
    assert stopped.partial
    found = run(desk_file, workers=1, store=tmp_path)
    assert found.from_store == 4
    assert content(found) == content(run(desk_file, workers=1))


def test_what_finished_out_of_turn_is_kept_too(
    desk_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gap(work, numbers):  # type: ignore[no-untyped-def]
        for number in (0, 3, 4, 1, 2, 5):
            yield number, work(number)

    monkeypatch.setattr("ccsim.experiment.execution.runner.serial", gap)
    stopped = run(desk_file, workers=1, store=tmp_path, progress=Stop(after=3))  # has 0, 3, 4
    assert stopped.replications == 1
    monkeypatch.undo()
    found = run(desk_file, workers=1, store=tmp_path)
    assert found.from_store == 3
    assert content(found) == content(run(desk_file, workers=1))


PLAY = "import sys, ccsim; ccsim.run({!r}, replications={}, workers=1, store={!r}, engine='simpy')"


def start(desk_file: Path, replications: int, store: Path) -> subprocess.Popen[bytes]:
    code = PLAY.format(str(desk_file), replications, str(store))
    return subprocess.Popen([sys.executable, "-c", code])


def killed_again_and_again(desk_file: Path, store: Path, kills: int, n: int, seed: int) -> None:
    """Kill at random points until so many were hit, starting anew when it came to its end. How long
    that takes is told by the last that did: a machine is now slow, now fast."""
    dice = random.Random(seed)
    began = time.monotonic()
    assert start(desk_file, n, store / "timed").wait() == 0
    whole = time.monotonic() - began
    reference = content(run(desk_file, replications=n, workers=1, engine="simpy"))
    hit, round_ = 0, 0
    while hit < kills:
        round_ += 1
        now = store / f"round-{round_}"
        while hit < kills:
            began = time.monotonic()
            process = start(desk_file, n, now)
            try:
                process.wait(timeout=dice.uniform(0.3, 1.0) * whole)
                assert process.returncode == 0
                whole = min(whole, time.monotonic() - began)
                break
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                hit += 1
        found = run(desk_file, replications=n, workers=1, store=now, engine="simpy")
        assert content(found) == reference


@pytest.mark.skipif(not POSIX, reason="kill -9 is a signal of POSIX")
def test_kill_9_loses_nothing_that_was_finished(desk_file: Path, tmp_path: Path) -> None:
    killed_again_and_again(desk_file, tmp_path, kills=4, n=12, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.skipif(not POSIX, reason="kill -9 is a signal of POSIX")
def test_fifty_random_kill_points(desk_file: Path, tmp_path: Path) -> None:
    killed_again_and_again(desk_file, tmp_path, kills=50, n=24, seed=2)


def test_what_a_killed_process_was_writing_is_removed_in_time(
    desk_file: Path, tmp_path: Path
) -> None:
    run(desk_file, replications=2, workers=1, store=tmp_path)
    folder = next(tmp_path.rglob("about.json")).parent
    parts = [Part(folder / "000002-000002.parquet") for _ in range(2)]
    old, new = (Path(part.file.name) for part in parts)
    os.utime(old, (0, 0))
    run(desk_file, replications=2, workers=1, store=tmp_path)
    assert (old.exists(), new.exists()) == (False, True)
    for part in parts:
        part.discard()


def test_two_processes_work_in_one_store(desk_file: Path, tmp_path: Path) -> None:
    both = [start(desk_file, n, tmp_path) for n in (16, 20)]
    assert [process.wait() for process in both] == [0, 0]
    found = run(desk_file, replications=20, workers=1, store=tmp_path, engine="simpy")
    assert found.from_store == 20
    assert content(found) == content(run(desk_file, replications=20, workers=1, engine="simpy"))
    assert not list(tmp_path.rglob(".*"))


def test_a_replication_that_stands_in_two_files_is_read_once(
    desk_file: Path, tmp_path: Path
) -> None:
    run(desk_file, replications=9, workers=1, store=tmp_path)
    (block,) = tmp_path.rglob("*.parquet")
    design = load(desk_file)["base"]
    plan = ReplicationPlan((design,), 11)
    (outcome,) = Replicator(plan)(4)
    one = CachedDesign(tmp_path, design, plan)
    assert one.folder == block.parent
    one.add(4, outcome.kpis)
    assert [number for number, _ in one.read(range(9))] == list(range(9))
    one.put_together()
    assert files(tmp_path) == [block.name]
