"""The folder of compiled code is not used where others may write to it, and broken code is made
anew."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ccsim.engine.kernel import cache, compiler

ROOT = Path(__file__).parents[2]
NAME = "kernel-0123456789abcdef"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


posix = pytest.mark.skipif(sys.platform == "win32", reason="rights of folders are POSIX's")


@posix
def test_the_folder_is_ours_alone(base: Path) -> None:
    folder = cache.folder_for(NAME)
    assert folder == base / "ccsim" / NAME
    assert [each.stat().st_mode & 0o777 for each in (folder.parent, folder)] == [0o700, 0o700]


@posix
@pytest.mark.parametrize("rights", [0o777, 0o770, 0o702, 0o720])
@pytest.mark.parametrize("which", ["ccsim", f"ccsim/{NAME}"])
def test_a_folder_that_others_may_write_to_is_not_used(base: Path, which: str, rights: int) -> None:
    assert cache.folder_for(NAME)
    (base / which).chmod(rights)
    assert cache.folder_for(NAME) is None


@posix
@pytest.mark.parametrize(("rights", "used"), [(0o777, False), (0o1777, True), (0o775, True)])
def test_the_folder_above_may_be_shared_where_nothing_in_it_can_be_replaced(
    base: Path, rights: int, used: bool
) -> None:
    base.chmod(rights)
    assert (cache.folder_for(NAME) is not None) is used


@posix
def test_a_folder_of_another_user_is_not_used(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache.folder_for(NAME)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert cache.folder_for(NAME) is None


@posix
def test_a_link_in_its_place_is_not_used(base: Path, tmp_path: Path) -> None:
    folder = cache.folder_for(NAME)
    assert folder is not None
    shutil.rmtree(folder)
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    assert cache.folder_for(NAME) is None


def test_what_is_sealed_stays(base: Path) -> None:
    folder = _sealed()
    cache.discard_broken(folder)
    assert len(_code(folder)) == 3


@pytest.mark.parametrize("file", ["a/f.nbi", "a/f.1.nbc", "b/g.nbi"])
@pytest.mark.parametrize("broken", ["cut", "emptied", "one bit", "gone"])
def test_what_is_broken_is_thrown_away_with_all_the_rest(
    base: Path, file: str, broken: str
) -> None:
    folder = _sealed()
    path = folder / file
    content = path.read_bytes()
    if broken == "gone":
        path.unlink()
    else:
        flipped = bytes([content[0] ^ 1]) + content[1:]
        path.write_bytes({"cut": content[:-1], "emptied": b"", "one bit": flipped}[broken])
    cache.discard_broken(folder)
    assert not _code(folder)


@pytest.mark.parametrize("seal", [None, "", "{", "[]", '{"a/f.nbi": "0"}'])
def test_what_was_never_sealed_is_thrown_away(base: Path, seal: str | None) -> None:
    """A process was stopped while it wrote, or the seal itself is broken."""
    folder = _sealed()
    (folder / cache.SEAL).unlink()
    if seal is not None:
        (folder / cache.SEAL).write_text(seal)
    cache.discard_broken(folder)
    assert not _code(folder)


def test_what_was_added_later_is_thrown_away(base: Path) -> None:
    folder = _sealed()
    (folder / "a" / "h.nbi").write_bytes(b"more")
    cache.discard_broken(folder)
    assert not _code(folder)


def _sealed() -> Path:
    folder = cache.folder_for(NAME)
    assert folder is not None
    for file in ("a/f.nbi", "a/f.1.nbc", "b/g.nbi"):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(file.encode())
    cache.seal(folder)
    return folder


def _code(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.suffix in (".nbi", ".nbc")]


def test_a_full_disk_stops_nothing(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    cache.seal(_folder_of(base))
    compiler._compile(_Compiled(OSError(28, "No space left"), runs=True))
    with pytest.raises(OSError, match="No space"):
        compiler._compile(_Compiled(OSError(28, "No space left"), runs=False))


def test_what_cannot_be_read_is_thrown_away_and_compiled(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _sealed()
    monkeypatch.setattr(compiler, "FOLDER", folder)
    function = _Compiled(EOFError("Ran out of input"), runs=False)
    compiler._compile(function)
    assert function.calls == 2 and not _code(folder)


def _folder_of(base: Path) -> Path:
    folder = base / "plain"
    folder.mkdir()
    return folder


class _Compiled:
    """A function whose first compilation fails."""

    def __init__(self, error: Exception, runs: bool) -> None:
        self.error, self.signatures, self.calls = error, [()] if runs else [], 0

    def compile(self, _: object) -> None:
        self.calls += 1
        if self.calls == 1:
            raise self.error


BREAK = """
import sys
sys.path.insert(0, {root!r})
from ccsim.engine.kernel import compiler
import ccsim.measures.accumulate.sums  # the quickest to compile of what is kept
compiler.prepare()
print(len(list(compiler.FOLDER.rglob("*.nbc"))), all(each.signatures for each in compiler.ENTRIES))
"""


@pytest.mark.slow
def test_broken_code_of_numba_is_made_anew(tmp_path: Path) -> None:
    """An index and the code of a real kernel are cut, as after a power cut, and made anew."""
    said = _process(tmp_path)
    assert _process(tmp_path) == (said[0], False)
    for kind in ("*.nbi", "*.nbc"):
        file = next(iter(sorted(tmp_path.rglob(kind))))
        file.write_bytes(file.read_bytes()[:100])
        assert _process(tmp_path) == (said[0], True)
        assert _process(tmp_path) == (said[0], False)


def _process(folder: Path) -> tuple[str, bool]:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", BREAK.format(root=str(ROOT))],
        capture_output=True, text=True, env=environment, check=True,
    )  # fmt: skip
    return done.stdout, "Compiling" in done.stderr
