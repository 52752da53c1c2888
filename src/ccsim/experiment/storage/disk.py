"""Files that are whole or not there, and what a disk refuses, in words.

What this process is writing is known here: the files that have not got their names yet, and the
folders whose last file is not there. Whoever ends the process in the midst of it (`leave`) takes
that away first, so that no half of anything stays behind.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ccsim.experiment.replications.interruption import uninterrupted
from ccsim.leaving import tidies, when_hurried

if TYPE_CHECKING:
    import pyarrow as pa


class ResultsError(OSError):
    """Results cannot be written or read; its text is one line for people."""


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Whatever the disk refuses, as one line that says where and why."""
    try:
        yield
    except ResultsError:
        raise
    except (OSError, ValueError) as problem:  # pyarrow's errors are of either kind
        reason = reason_of(problem) if isinstance(problem, OSError) else str(problem)
        reason = reason.partition("\n")[0]
        raise ResultsError(f"{path}: results cannot be kept: {reason}") from problem


def reason_of(problem: OSError) -> str:
    """What the system says, as people say it."""
    if problem.errno == errno.ENOSPC:
        return "the disk is full"
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "the folder may not be written to"
    return problem.strerror or str(problem)


# --- what is being written ------------------------------------------------------------------------

# Held while a file or a folder comes, gets its name or goes, never while it is filled. `leave`
# takes it and keeps it: then nothing can begin any more.
_gate = threading.Lock()
_parts: set[Part] = set()
_folders: set[FolderInMaking] = set()
_hurried = threading.Event()


class Part:
    """A file that is written under another name, in the same folder, until it is whole.

    The other name is nobody else's, whatever writes there: `.kpis.parquet.0f1e2d3c4b5a.part`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._place = path.with_name(f".{path.name}.{os.urandom(6).hex()}.part")
        with _gate:
            _parts.add(self)
            try:
                self.file = self._place.open("xb")
            except BaseException:
                self._remove()
                raise

    def keep(self, *, durable: bool = True) -> None:
        """Give the file its name. A `durable` one is on the disk before it has it, and the name
        too; not where `hurry` was called."""
        durable = durable and not _hurried.is_set()
        self.file.flush()
        if durable:
            os.fsync(self.file.fileno())
        self.file.close()
        with _gate:
            self._place.replace(self.path)
            _parts.discard(self)
            for folder in tuple(_folders):
                folder.received(self.path)
        if durable:
            sync_folder(self.path.parent)

    def discard(self) -> None:
        """Remove what was written; nothing happens to a file that has its name."""
        with suppress(OSError):  # what is still to be written may find the disk full
            self.file.close()
        with _gate:
            self._remove()

    def _remove(self) -> None:
        with suppress(OSError):
            self._place.unlink(missing_ok=True)
        _parts.discard(self)


class FolderInMaking:
    """A folder that is worth something when its `last` file is there.

    It is made here (with `new`: FileExistsError where there is one), or was empty. Who makes it
    holds back Ctrl-C, or it would be nobody's.
    """

    def __init__(self, path: Path, last: str, *, new: bool = False) -> None:
        self.path, self._last = path, path / last
        self._files: list[Path] = []
        with _gate:
            self._made_here = not path.exists()
            path.mkdir(parents=True, exist_ok=not new)
            _folders.add(self)

    def received(self, path: Path) -> None:
        """A file has got its name (the gate is held)."""
        if path == self._last:
            _folders.discard(self)
        elif self.path in path.parents:
            self._files.append(path)

    def abandon(self) -> None:
        """It gets no more files: remove it where it was made here and is empty."""
        with _gate:
            self._remove_empty()

    def remove(self) -> None:
        """Take away what has been written into it (the gate is held)."""
        for path in self._files:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        self._remove_empty()

    def _remove_empty(self) -> None:
        for place, _, _ in os.walk(self.path, topdown=False):
            if self._made_here or Path(place) != self.path:
                with suppress(OSError):
                    Path(place).rmdir()
        _folders.discard(self)


@when_hurried
def hurry(yes: bool = True) -> None:
    """Wait for no disk from now on. What is written is whole when this process ends, as ever; a
    power failure in the next half a minute may break it."""
    if yes:
        _hurried.set()
    else:
        _hurried.clear()


@tidies
def leave(within: float) -> None:
    """Take away what is half written, before the process is ended by force; after that it writes
    nothing any more. For another thread than the one that writes; waits for that at most `within`
    seconds."""
    alone = _gate.acquire(timeout=within)  # and never released
    for part in tuple(_parts):
        part._remove()
    if alone:  # else a folder may be getting its last file at this moment
        for folder in tuple(_folders):
            folder.remove()


def write_whole(path: Path, write: Callable[[IO[bytes]], object], *, durable: bool = True) -> None:
    """Write a file under another name, and give it its name when it is whole (see `Part.keep`)."""
    with uninterrupted():
        part = Part(path)
        try:
            write(part.file)
            part.keep(durable=durable)
        except BaseException:
            part.discard()
            raise


def write_parquet(path: Path, table: pa.Table | Iterator[pa.Table]) -> None:
    """Write a table, which may come in parts, whole or not at all; with checksums, for a bit that
    turned on the disk is read as another number without them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def write(file: IO[bytes]) -> None:
        parts = iter([table]) if isinstance(table, pa.Table) else table
        first = next(parts)
        with pq.ParquetWriter(
            file, first.schema, compression="zstd", write_page_checksum=True
        ) as writer:
            for part in chain([first], parts):
                writer.write_table(part)

    write_whole(path, write)


def sync_folder(path: Path) -> None:
    """Flush the names in a folder to the disk."""
    if os.name != "posix":  # elsewhere a folder cannot be opened; renames are flushed by themselves
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
