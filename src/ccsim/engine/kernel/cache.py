"""The folder that keeps compiled code, and whether what lies in it can be trusted.

Machine code that is read from disk is run without a further look. So a folder that others could
write to is not used, and files that are not as they were written (after a power cut, on a full
disk) are deleted and made anew: `seal` notes the content of each file, `discard_broken` compares.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SEAL = "seal.json"  # names of the files and hashes of their content


def usual_base() -> Path:
    """The folder in which the programs of this user keep what can be made anew."""
    if sys.platform == "win32":
        usual = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        usual = "~/Library/Caches"
    else:
        usual = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.environ.get("NUMBA_CACHE_DIR") or usual).expanduser()


def folder_for(name: str) -> Path | None:
    """The folder of this name in ours, made if need be; None where it cannot be written, or where
    it, or a folder above that decides what it is, may be written to by others."""
    with suppress(OSError, RuntimeError):  # RuntimeError: the user has no home
        base = usual_base()
        base.mkdir(parents=True, exist_ok=True)
        folder = base / "ccsim" / name
        for each in (folder.parent, folder):
            each.mkdir(mode=0o700, exist_ok=True)
        (folder / "lock").touch()
        if _others_may_rename_in(base) or any(map(_others_may_write_to, (folder.parent, folder))):
            return None
        return folder
    return None


def _others_may_rename_in(base: Path) -> bool:
    """Whether every user may replace what is in this folder: it is open, and not sticky."""
    mode = base.stat().st_mode
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX and sys.platform != "win32"


def _others_may_write_to(folder: Path) -> bool:
    """Whether a folder belongs to another user, or its group or everybody may write to it."""
    if sys.platform == "win32":
        return False
    found = folder.lstat()
    shared = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or bool(shared)


def discard_broken(folder: Path) -> None:
    """Delete all compiled code where a file is not as it was sealed, or was never sealed: a
    process that was stopped in the middle leaves such files."""
    try:
        sealed = json.loads((folder / SEAL).read_text("utf-8"))
    except (OSError, ValueError):
        sealed = None
    if sealed != _content(folder):
        discard(folder)


def discard(folder: Path) -> None:
    """Delete all compiled code."""
    with suppress(OSError):
        (folder / SEAL).unlink(missing_ok=True)
    for file in _files(folder):
        with suppress(OSError):
            file.unlink()


def seal(folder: Path) -> None:
    """Note the content of all files, when all have been written."""
    with suppress(OSError):  # a full disk: what is not sealed is made anew
        written = folder / f"{SEAL}.{os.getpid()}"
        written.write_text(json.dumps(_content(folder)), "utf-8")
        written.replace(folder / SEAL)


def _content(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in _files(folder)
    }


def _files(folder: Path) -> list[Path]:
    """Numba's files: an index for each function, and its code."""
    return sorted(each for each in folder.rglob("*.nb[ic]") if each.is_file())


@contextmanager
def one_process_at_a_time(folder: Path | None) -> Iterator[None]:
    """Let processes that start together wait for the first of them."""
    if folder is None or sys.platform == "win32":
        yield
        return
    import fcntl

    with (folder / "lock").open() as lock:
        with suppress(OSError):  # a file system without locks: each compiles for itself
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
