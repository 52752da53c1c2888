"""Runs the commands of a page as a reader would, one after the other, in a folder of their own.

`ccsim` is called in this process, so that a page of thirty commands costs no thirty starts of
Python; what else a page uses (folders, redirections) is done by hand, and anything unknown is an
error of the page or of this module.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccsim.cli.main import run

_STATED = re.compile(r"exit code (\d+)")


@dataclass(frozen=True, slots=True)
class Command:
    """A line of a shell block: what is run, and the exit code that its comment states (else 0)."""

    line: str
    text: str
    code: int


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    talk: str


def commands(text: str) -> list[Command]:
    """The commands of a shell block; lines that are only comments are none."""
    found = []
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        words = shlex.split(line, comments=True)
        if words:
            comment = line.partition("#")[2]
            stated = _STATED.search(comment)
            found.append(Command(line, shlex.join(words), int(stated[1]) if stated else 0))
    return found


class Shell:
    """A folder and what is done in it. `fewer` may add arguments to a command of ccsim."""

    def __init__(
        self, folder: Path, fewer: Callable[[Sequence[str]], Sequence[str]] = lambda words: ()
    ) -> None:
        self.folder, self.fewer = folder, fewer

    def run(self, text: str) -> Ran:
        words, target = self._redirected(shlex.split(text))
        with contextlib.chdir(self.folder):
            match words:
                case ["mkdir", name]:
                    (self.folder / name).mkdir()
                    return Ran(0, "", "")
                case ["cd", name]:
                    self.folder = (self.folder / name).resolve(strict=True)
                    return Ran(0, "", "")
                case ["ccsim", *arguments]:
                    ran = self._ccsim([self._newest(each) for each in arguments])
                case _:
                    raise ValueError(f"no such command here: {text}")
            if target is not None:
                Path(target).write_text(ran.out, encoding="utf-8")
        return ran

    def _ccsim(self, arguments: list[str]) -> Ran:
        out, talk = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(talk):
            code = run([*arguments, *self.fewer(arguments)])
        return Ran(code, out.getvalue(), talk.getvalue())

    @staticmethod
    def _redirected(words: list[str]) -> tuple[list[str], str | None]:
        if ">" in words:
            at = words.index(">")
            return words[:at], words[at + 1]
        return words, None

    def _newest(self, argument: str) -> str:
        """`results/desk/…` is the newest folder there: its name is not known beforehand."""
        if not argument.endswith("…"):
            return argument
        parent = self.folder / argument.removesuffix("…")
        return str(max(parent.iterdir(), key=lambda path: (path / "run.json").stat().st_mtime_ns))
