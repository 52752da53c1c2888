"""Files that are whole or not there, and what a disk refuses, in words."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

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


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file under another name, flush it to the disk, then give it its name."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a table whole, or not at all; with checksums, for a bit that turned on the disk is read
    as another number without them."""
    import pyarrow.parquet as pq

    def write(file: IO[bytes]) -> None:
        pq.write_table(table, file, compression="zstd", write_page_checksum=True)

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
