"""Results on disk: whole or not there, described, and the same when read back."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import re
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from ccsim.check import check
from ccsim.errors import ScenarioProblems
from ccsim.experiment import Comparison, ResultsError, Run, compare, load_run, run
from ccsim.experiment.execution.run import load
from ccsim.experiment.replications.replicate import ReplicationPlan
from ccsim.experiment.storage import files
from ccsim.experiment.storage.disk import Part, write_whole
from ccsim.experiment.storage.manifest import fingerprint
from ccsim.experiment.storage.run_folder import keep_inputs, slug
from ccsim.measures.catalogue import describe
from ccsim.records import LEGS
from ccsim.scenario.tables.files import FileTable
from tests.experiment.test_run import Stop, content


@pytest.fixture(scope="module")
def kept(desk_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    out = tmp_path_factory.mktemp("results") / "kept"
    return compare(desk_file, out=out, keep_records=True, workers=1)


def test_a_folder_holds_its_tables_and_the_manifest(kept: Comparison) -> None:
    assert kept.folder is not None
    assert {file.name for file in kept.folder.iterdir()} == {
        "run.json", "kpis.parquet", "intervals.parquet", "durations.parquet", "flows.parquet",
        "legs.parquet", "work.parquet", "duty.parquet",
    }  # fmt: skip


def test_what_is_read_back_is_what_was_found(kept: Comparison) -> None:
    assert kept.folder is not None
    back = load_run(kept.folder)
    assert isinstance(back, Comparison)
    assert content(back) == content(kept)
    assert back.to_json() == kept.to_json()
    assert back.scenarios == kept.scenarios
    assert [e.status for e in back.expectations] == [e.status for e in kept.expectations]
    for name in kept.results:
        ours, theirs = kept[name], back[name]
        for by in ("interval", "time", "day", "weekday", "week"):
            for key in ("phone.service_level", "phone.attempts", "desk.heads_on_duty"):
                a, b = ours.cut(key, by), theirs.cut(key, by)
                assert a.labels == b.labels
                np.testing.assert_array_equal(a.band.value, b.band.value)
                np.testing.assert_array_equal(a.band.low, b.band.low)
    said = ("seed", "asked", "engine", "against", "asked_measures", "replications", "finished")
    assert [getattr(back, word) for word in said] == [getattr(kept, word) for word in said]


def test_a_plain_run_comes_back_as_one(desk: Run, tmp_path: Path) -> None:
    folder = desk.save(tmp_path / "saved")
    back = load_run(folder)
    assert isinstance(back, Run)
    assert back.to_json() == desk.to_json()


def test_a_table_in_parts_is_the_same(
    desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = desk.save(tmp_path / "whole") / "intervals.parquet"
    monkeypatch.setattr(files, "ROWS_AT_ONCE", 100)
    parts = desk.save(tmp_path / "parts") / "intervals.parquet"
    assert pq.ParquetFile(whole).num_row_groups == 1
    assert pq.ParquetFile(parts).num_row_groups > 10
    assert pq.read_table(parts).equals(pq.read_table(whole), check_metadata=True)


def test_a_folder_keeps_the_files_that_the_scenario_names(desk_file: Path, tmp_path: Path) -> None:
    """Moved elsewhere, without the scenario, a folder still says all that was simulated."""
    home = tmp_path / "home"
    (home / "profiles").mkdir(parents=True)
    csv = home / "profiles" / "day.csv"
    csv.write_bytes(b"time,weight\r\n00:00,0\r\n12:00,1\r\n")
    text = desk_file.read_text(encoding="utf-8")
    shaped, count = re.subn(r"shape: [^\n}]+", "shape: profiles/day.csv", text, count=1)
    assert count == 1
    (home / "desk.yaml").write_text(shaped, encoding="utf-8")
    found = run(home / "desk.yaml", replications=1, workers=1, out=tmp_path / "out")
    bytes_before = csv.read_bytes()
    csv.write_text("time,weight\n00:00,1\n12:00,0\n", encoding="utf-8")  # changed since
    moved = (tmp_path / "out").rename(tmp_path / "moved")
    assert (moved / "inputs" / "profiles" / "day.csv").read_bytes() == bytes_before
    back = load_run(moved)
    ours, theirs = found.results["base"].design, back.results["base"].design
    assert theirs.files == ours.files
    again = run(theirs, replications=1, workers=1)
    assert content(again) == content(found)
    assert [team.needed.tolist() for team in check(theirs).load] == [
        team.needed.tolist() for team in check(ours).load
    ]


def test_files_that_designs_name_alike_are_kept_apart(desk_file: Path, tmp_path: Path) -> None:
    table, other = (
        FileTable("day.csv", hashlib.sha256(data).hexdigest(), {}, data=data)
        for data in (b"weight\n1\n", b"weight\n2\n")
    )
    base = load(desk_file)["base"]
    designs = {
        "one": replace(base, name="one", files={"day.csv": table}),
        "two": replace(base, name="two", files={"day.csv": other}),
    }
    keep_inputs(tmp_path, designs)
    assert (tmp_path / "inputs" / "day.csv").read_bytes() == table.data
    assert (tmp_path / "inputs-two" / "day.csv").read_bytes() == other.data


def test_every_column_says_its_unit_and_meaning(kept: Comparison) -> None:
    assert kept.folder is not None
    for path in kept.folder.glob("*.parquet"):
        for column in pq.read_schema(path):
            assert column.metadata[b"meaning"], (path.name, column.name)
            assert b"unit" in column.metadata
    legs = pq.read_schema(kept.folder / "legs.parquet")
    assert legs.names[2:] == [column.name for column in LEGS]
    assert legs.field("waited").metadata[b"unit"] == b"us"


def test_measures_are_defined_in_the_file(kept: Comparison) -> None:
    assert kept.folder is not None
    said = json.loads(pq.read_schema(kept.folder / "kpis.parquet").metadata[b"measures"])
    assert set(said) == set(kept["base"])
    assert said["cost.total"]["unit"] == "EUR"
    for key in ("phone.service_level", "cost.total"):
        assert said[key]["definition"] == describe(key).definition


def test_kpis_are_one_row_a_replication_and_measure(kept: Comparison) -> None:
    assert kept.folder is not None
    table = pq.read_table(kept.folder / "kpis.parquet")
    assert table.num_rows == 2 * 6 * len(kept["base"])
    rows = [
        row
        for row in table.to_pylist()
        if row["design"] == "larger" and row["measure"] == "phone.service_level"
    ]
    assert [row["replication"] for row in rows] == list(range(6))
    num, den = kept["larger"].table.columns("phone.service_level")
    assert [row["numerator"] for row in rows] == num.tolist()
    assert [row["value"] for row in rows] == (num / den).tolist()
    undefined = [r for r in table.to_pylist() if r["measure"] == "email.wait_abandoned"]
    assert {row["value"] for row in undefined} == {None}


def test_records_are_those_the_measures_were_counted_from(kept: Comparison) -> None:
    assert kept.folder is not None
    for name in kept.results:
        legs = pq.read_table(kept.folder / "legs.parquet", filters=[("design", "=", name)])
        firsts = legs.filter(np.asarray(legs["leg"]) == 0).num_rows
        customers, _ = kept[name].table.columns("all.customers")
        assert firsts == customers.sum()
    assert pq.read_table(kept.folder / "duty.parquet").num_rows > 0
    assert pq.read_table(kept.folder / "work.parquet").num_rows > 0


def test_the_manifest_says_what_was_simulated(kept: Comparison) -> None:
    assert kept.folder is not None
    said = json.loads((kept.folder / "run.json").read_text())
    assert (said["kind"], said["seed"], said["asked"], said["replications"]) == (
        "compare", 11, 6, 6,
    )  # fmt: skip
    assert said["partial"] is False
    assert said["designs"]["larger"]["scenario"]["teams"]["desk"]["people"] == 4
    assert said["designs"]["base"]["queues"] == ["orders.phone", "orders.email"]
    assert {"ccsim", "law", "python", "numpy", "simpy"} <= set(said["versions"])


def test_a_stopped_run_is_labelled_partial(desk_file: Path, tmp_path: Path) -> None:
    run(desk_file, workers=1, out=tmp_path / "out", keep_records=True, progress=Stop(after=2))
    said = json.loads((tmp_path / "out" / "run.json").read_text())
    assert (said["partial"], said["replications"], said["asked"]) == (True, 2, 6)
    back = load_run(tmp_path / "out")
    assert isinstance(back, Run) and back.partial and back.replications == 2
    legs = pq.read_table(tmp_path / "out" / "legs.parquet")
    assert set(legs["replication"].to_pylist()) == {0, 1}


# --- never half, never over -----------------------------------------------------------------------


def test_nothing_is_overwritten(desk: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ResultsError, match="holds files already"):
        desk.save(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_what_a_killed_run_left_is_said(desk: Run, tmp_path: Path) -> None:
    (tmp_path / "kpis.parquet").write_bytes(b"whole")
    with pytest.raises(ResultsError, match=r"a run has left that was killed, .* no run\.json"):
        desk.save(tmp_path)


@pytest.mark.parametrize("place", ["precision.Asked.reached", "runner.Runner.play"])
@pytest.mark.parametrize("ended", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("there", [False, True])
def test_what_ends_a_run_before_its_folder_is_finished_leaves_none(
    place: str,
    ended: type[BaseException],
    there: bool,
    desk_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    if there:
        out.mkdir()

    def end(*_: object) -> None:
        assert out.exists()
        raise ended

    monkeypatch.setattr(f"ccsim.experiment.execution.{place}", end)
    with pytest.raises(ended):
        run(desk_file, replications=1, workers=1, out=out, keep_records=True)
    assert list(tmp_path.rglob("*")) == ([out] if there else [])  # a folder of others stays


def test_ctrl_c_while_a_folder_is_made_leaves_none(
    desk_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(path: Path) -> Part:
        assert path.parent.exists()
        signal.raise_signal(signal.SIGINT)
        return Part(path)

    monkeypatch.setattr("ccsim.experiment.storage.run_folder.Part", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(desk_file, replications=1, workers=1, out=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_each_run_has_a_folder_of_its_own(
    desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = desk.save(), desk.save()
    assert first != second
    assert first.parent == second.parent == Path("results/small-desk-for-tests")


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "table"

    def fails(file) -> None:  # type: ignore[no-untyped-def]
        file.write(b"half")
        assert not target.exists()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match="No space"):
        write_whole(target, fails)
    assert list(tmp_path.iterdir()) == []
    write_whole(target, lambda file: file.write(b"whole"))
    assert target.read_bytes() == b"whole"


def test_a_full_disk_is_one_line_and_leaves_no_manifest(
    desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("ccsim.experiment.storage.disk.os.fsync", full)
    with pytest.raises(ResultsError) as caught:
        desk.save(tmp_path / "out")
    assert str(caught.value).endswith("out: results cannot be kept: the disk is full")
    assert not (tmp_path / "out").exists()


def test_a_place_that_is_no_folder_is_said_before_anything_runs(
    desk_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    seen: list[int] = []
    with pytest.raises(ResultsError, match="results cannot be kept"):
        run(desk_file, out=tmp_path / "file" / "out", progress=lambda done, *_: seen.append(done))
    assert seen == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "holds no finished run"),
        ("{", "cannot be read"),
        ('{"format": 99}', "not of the format"),
        ("[]", "not of the format"),
    ],
)
def test_what_is_no_run_is_said_in_one_line(tmp_path: Path, text: str | None, words: str) -> None:
    if text is not None:
        (tmp_path / "run.json").write_text(text)
    with pytest.raises(ResultsError, match=words) as caught:
        load_run(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_damaged_table_is_said_in_one_line(desk: Run, tmp_path: Path) -> None:
    folder = desk.save(tmp_path / "out")
    (folder / "kpis.parquet").write_bytes(b"no parquet")
    with pytest.raises(ResultsError) as caught:
        load_run(folder)
    assert "\n" not in str(caught.value)


def test_a_bit_that_turned_is_no_other_number(desk: Run, tmp_path: Path) -> None:
    """It is noticed, or stands where nothing is read."""
    folder = desk.save(tmp_path / "out")
    path = folder / "kpis.parquet"
    whole, bits, refused = path.read_bytes(), random.Random(3), 0
    for _ in range(15):
        damaged = bytearray(whole)
        damaged[bits.randrange(4, len(whole))] ^= 1 << bits.randrange(8)
        path.write_bytes(damaged)
        try:
            assert content(load_run(folder)) == content(desk)  # type: ignore[arg-type]
        except ResultsError:
            refused += 1
    assert refused


# --- fingerprints ---------------------------------------------------------------------------------


def _mark(desk_file: Path, *settings: str, seed: int = 1) -> str:
    designs = load(desk_file, settings)
    return fingerprint(designs, ReplicationPlan(tuple(designs.values()), seed))


@pytest.mark.parametrize(
    ("key", "value"), [("designs", [1]), ("against", "nobody"), ("seed", None), ("kind", None)]
)
def test_a_damaged_manifest_is_said_in_one_line(
    kept: Comparison, tmp_path: Path, key: str, value: object
) -> None:
    assert kept.folder is not None
    folder = tmp_path / "damaged"
    shutil.copytree(kept.folder, folder)
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    about[key] = value
    if value is None:
        del about[key]
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(ResultsError, match=r"damaged: these results cannot be read here") as told:
        load_run(folder)
    assert "\n" not in str(told.value)


def test_a_missing_table_is_said_to_be_missing(desk: Run, tmp_path: Path) -> None:
    folder = desk.save(tmp_path / "saved")
    (folder / "kpis.parquet").unlink()
    with pytest.raises(ResultsError, match=r"cannot be read: a file is missing .*kpis\.parquet"):
        load_run(folder)


def test_what_determines_results_determines_the_fingerprint(desk_file: Path) -> None:
    mark = _mark(desk_file)
    assert mark == _mark(desk_file)
    assert mark == _mark(desk_file, "run.replications=50")
    assert mark == _mark(desk_file, "name=Another name")
    assert mark != _mark(desk_file, seed=2)
    assert mark != _mark(desk_file, "teams.desk.people=5")
    assert mark != _mark(desk_file, "designs.larger.teams.desk.people=5")


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Tiered, pooled or pods?", "tiered-pooled-or-pods"),
        ("Büro  Süd", "buro-sud"),
        ("../../etc", "etc"),
        ("Підтримка", "scenario"),
        ("x" * 200, "x" * 60),
    ],
)
def test_slugs_are_safe_names_of_folders(name: str, folder: str) -> None:
    assert slug(name) == folder


def test_a_broken_scenario_makes_no_folder(desk_file: Path, tmp_path: Path) -> None:
    with pytest.raises(ScenarioProblems):
        run(desk_file, set=["teams.desk.people=none"], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
