"""What is being written: whole or not there, whatever ends it and whenever."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from ccsim.experiment.storage import disk
from ccsim.experiment.storage.disk import FolderInMaking, Part, write_whole

SOON = 0.2  # seconds in which what is not held back would have happened


@pytest.fixture(autouse=True)
def of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that leaves writes nothing any more; here another test follows."""
    monkeypatch.setattr(disk, "_gate", threading.Lock())
    monkeypatch.setattr(disk, "_parts", set())
    monkeypatch.setattr(disk, "_folders", set())
    monkeypatch.setattr(disk, "_hurried", threading.Event())


class Slow:
    """A file that is written slowly: the thread that writes it is half through until `go`."""

    def __init__(self, path: Path) -> None:
        self.half, self.go = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=write_whole, args=(path, self._write), daemon=True)
        self._thread.start()
        assert self.half.wait(60)

    def _write(self, file: IO[bytes]) -> None:
        file.write(b"half")
        file.flush()
        self.half.set()
        self.go.wait()  # of some tests for ever

    def ends(self) -> bool:
        """Whether it comes to its end when it goes on."""
        self.go.set()
        self._thread.join(SOON)
        return not self._thread.is_alive()


def in_thread(what: Callable[[], object]) -> bool:
    """Whether it comes to its end in another thread."""
    thread = threading.Thread(target=what, daemon=True)
    thread.start()
    thread.join(SOON)
    return not thread.is_alive()


def test_two_who_write_the_same_file_do_not_disturb_one_another(tmp_path: Path) -> None:
    path = tmp_path / "table"
    slow = Slow(path)
    write_whole(path, lambda file: file.write(b"whole"))
    assert path.read_bytes() == b"whole"
    assert slow.ends()
    assert path.read_bytes() == b"half"  # all that it had to write
    assert [each.name for each in tmp_path.iterdir()] == ["table"]


@pytest.mark.skipif(os.name != "posix", reason="signals to oneself are POSIX")
def test_ctrl_c_comes_after_a_file(tmp_path: Path) -> None:
    def stopped(file: IO[bytes]) -> None:
        file.write(b"wh")
        signal.raise_signal(signal.SIGINT)
        file.write(b"ole")

    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "table", stopped)
    assert (tmp_path / "table").read_bytes() == b"whole"


# --- leaving in the midst of it -------------------------------------------------------------------


def test_who_leaves_takes_away_what_is_half_written(tmp_path: Path) -> None:
    slow = Slow(tmp_path / "table")
    assert len(list(tmp_path.iterdir())) == 1
    disk.leave(60)
    assert list(tmp_path.iterdir()) == []
    assert not slow.ends()  # it gets no name
    assert list(tmp_path.iterdir()) == []


def test_who_has_left_begins_nothing(tmp_path: Path) -> None:
    disk.leave(60)
    for begins in (
        lambda: Part(tmp_path / "table"),
        lambda: FolderInMaking(tmp_path / "run", "run.json"),
    ):
        assert not in_thread(begins)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    """Somebody opens a file or gives one its name, and that takes for ever."""
    folder = FolderInMaking(tmp_path / "run", "run.json")
    write_whole(folder.path / "table", lambda file: file.write(b"whole"))
    Slow(folder.path / "other")
    assert disk._gate.acquire(timeout=60)
    disk.leave(0.01)
    # not the folder: the file that is getting its name may be the last one
    assert [each.name for each in folder.path.iterdir()] == ["table"]


def test_a_folder_without_its_last_file_goes_too(tmp_path: Path) -> None:
    folder = FolderInMaking(tmp_path / "runs" / "run", "run.json", new=True)
    inside = folder.path / "inputs" / "profiles"
    inside.mkdir(parents=True)
    write_whole(inside / "day.csv", lambda file: file.write(b"whole"))
    write_whole(folder.path / "table", lambda file: file.write(b"whole"))
    Slow(folder.path / "other")
    disk.leave(60)
    assert not folder.path.exists()


def test_a_folder_with_its_last_file_stays(tmp_path: Path) -> None:
    folder = FolderInMaking(tmp_path / "run", "run.json", new=True)
    for name in ("table", "run.json"):
        write_whole(folder.path / name, lambda file: file.write(b"whole"))
    Slow(folder.path / "sweep")
    disk.leave(60)
    assert sorted(each.name for each in folder.path.iterdir()) == ["run.json", "table"]


def test_what_others_put_into_a_folder_stays(tmp_path: Path) -> None:
    folder = FolderInMaking(tmp_path / "run", "run.json")
    write_whole(folder.path / "table", lambda file: file.write(b"whole"))
    (folder.path / "notes.txt").write_text("mine")
    disk.leave(60)
    assert [each.name for each in folder.path.iterdir()] == ["notes.txt"]


def test_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    FolderInMaking(tmp_path, "run.json")
    write_whole(tmp_path / "table", lambda file: file.write(b"whole"))
    disk.leave(60)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_to_be_new_is(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        FolderInMaking(tmp_path, "run.json", new=True)
    disk.leave(60)
    assert tmp_path.exists()


def test_what_is_abandoned_keeps_whole_files(tmp_path: Path) -> None:
    empty, folder = (FolderInMaking(tmp_path / name, "run.json") for name in ("empty", "run"))
    write_whole(folder.path / "table", lambda file: file.write(b"whole"))
    empty.abandon()
    folder.abandon()
    disk.leave(60)  # it is nobody's any more
    assert [each.name for each in tmp_path.rglob("*")] == ["run", "table"]


# --- in a hurry -----------------------------------------------------------------------------------


def test_who_is_in_a_hurry_waits_for_no_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[int] = []
    monkeypatch.setattr("ccsim.experiment.storage.disk.os.fsync", waited.append)
    for yes, times in ((True, 0), (False, 2)):  # the file, and its name
        disk.hurry(yes)
        write_whole(tmp_path / "table", lambda file: file.write(b"whole"))
        assert (tmp_path / "table").read_bytes() == b"whole"
        assert len(waited) == times
