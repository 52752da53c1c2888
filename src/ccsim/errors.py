"""What can be wrong with what a person wrote. All of it is printed for people, never traced."""

from __future__ import annotations

import difflib
import functools
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

MOST_TOLD: Final = 100  # problems that are printed; who has more has one cause, or no scenario
MOST_COLLECTED: Final = 200  # problems that are looked for before giving up
LONGEST_NAME: Final = 40  # letters of a name that a nearest one is sought for
CLOSELY_COMPARED: Final = 6  # known names compared letter by letter: those with most in common


@dataclass(frozen=True, slots=True)
class ScenarioError:
    """One problem of a scenario: where it is, what is wrong, what would be right.

    `line` and `column` count from 1; 0 where the problem has no line (an option of the command
    line, a file that cannot be opened). `path` is the dotted path in the scenario's words.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str = ""

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        between = " " if self.hint.startswith("(") else "; "  # a list of what there is
        text = f"{self.message}{between}{self.hint}" if self.hint else self.message
        line = f"{self.where}  {self.path}: {text}" if self.path else f"{self.where}  {text}"
        return escaped(line)


class ScenarioProblems(Exception):  # noqa: N818 - it holds problems, and is named for what it says
    """Everything that is wrong with a scenario, in the order of the file. A file with hundreds of
    problems is not read to its end: the first hundred are printed, and how many are known."""

    def __init__(self, problems: Iterable[ScenarioError]) -> None:
        self.problems: tuple[ScenarioError, ...] = tuple(dict.fromkeys(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        last = f"{count} problem{'' if count == 1 else 's'}, nothing was run"
        if count > MOST_TOLD:
            known = f"{count} problems" if count < MOST_COLLECTED else f"{count} problems or more"
            last = f"{known}, the first {MOST_TOLD} are told; nothing was run"
        return "\n".join([*map(str, self.problems[:MOST_TOLD]), last])


class TooLarge(ScenarioProblems):
    """A run that does not fit into the machine's memory, or would take days: what it would take,
    and what would help. It is run all the same with `force=True`, or `--force`."""


# Categories of characters that a terminal or a table does not show as themselves: controls, formats
# (which turn the direction of writing), surrogates, private use, unassigned, separators of lines.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = "\u200c\u200d"  # they belong to the spelling of some languages, and to emoji


def escaped(text: str, keep: str = "") -> str:
    """The text with every character that cannot be seen written as an escape (`\\x1b`), but for
    those in `keep`: what a file holds must not command the terminal that an error is printed on."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        each
        if each in keep or each in _JOINERS or unicodedata.category(each) not in _UNSEEN
        else each.encode("unicode_escape").decode("ascii")
        for each in text
    )


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, or None."""
    names = list(known)
    folded = {other.casefold().replace("-", "_"): other for other in reversed(names)}
    meant = name.casefold().replace("-", "_")
    if meant in folded:
        return folded[meant]
    if len(name) > LONGEST_NAME:
        return None
    pairs = _pairs(meant)
    alike = sorted(names, key=lambda other: -len(pairs & _pairs(other.casefold())))
    close = difflib.get_close_matches(name, alike[:CLOSELY_COMPARED], n=1, cutoff=0.6)
    return close[0] if close else None


@functools.lru_cache(4096)
def _pairs(name: str) -> frozenset[str]:
    """The letters of a name and its pairs of letters: how much two names share is told fast."""
    return frozenset(
        {*name, *(name[at : at + 2] for at in range(min(len(name), LONGEST_NAME) - 1))}
    )


def did_you_mean(name: str, known: Sequence[str], plural: str) -> str:
    """`did you mean 'early'? (shifts: early, mid, late)`: the hint of an unknown name."""
    shown = ", ".join(known[:16]) + (", ..." if len(known) > 16 else "")
    listing = f"({plural}: {shown})" if known else f"(there are no {plural})"
    meant = nearest(name, known)
    return f"did you mean '{meant}'? {listing}" if meant else listing


def suggestion(name: str, known: Sequence[str], plural: str) -> str:
    """The same as the end of a sentence: `; did you mean ...? (...)`, or ` (...)` if nothing is
    near."""
    text = did_you_mean(name, known, plural)
    return f" {text}" if text.startswith("(") else f"; {text}"
