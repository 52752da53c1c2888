"""The code blocks of a page, as a reader meets them: in order, with what introduces each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
GUIDES = DOCS / "guides"
_FENCE = re.compile(r"^(?P<mark>`{3,}|~{3,})(?P<language>\w*)\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `line` is that of its first line of content, counted from 1; `caption` the
    last line of text before it."""

    language: str
    text: str
    line: int
    caption: str

    @property
    def file(self) -> str | None:
        """The file that the caption says the block is: "this goes into `parts/teams.yaml`:"."""
        names = re.findall(r"`([\w./-]+\.(?:yaml|csv))`", self.caption)
        return names[-1] if names and self.caption.endswith(":") else None


def blocks(page: Path) -> list[Block]:
    """All fenced blocks of a page. A fence that is never closed is an error of the page."""
    found: list[Block] = []
    caption, mark, language, held, start = "", "", "", [""], 0
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        match = _FENCE.match(line)
        if mark:
            if line.strip() == mark:
                found.append(Block(language, "".join(held), start, caption))
                mark, caption = "", ""
            else:
                held.append(f"{line}\n")
        elif match:
            mark, language, held, start = match["mark"], match["language"], [], number + 1
        elif line.strip():
            caption = line.strip()
    if mark:
        raise ValueError(f"{page}: the block before line {start} is not closed")
    return found


def without_code(text: str) -> str:
    """The text of a page without its fenced blocks."""
    return re.sub(r"^(`{3,}|~{3,}).*?^\1\s*$", "", text, flags=re.DOTALL | re.MULTILINE)


def says(shown: str, real: str) -> bool:
    """Whether a block shows what was really printed: the same lines, where `…` in the block stands
    for any part of a line, and a line that is only `…` for any lines left out."""
    pattern = "".join(_pattern(line) for line in shown.strip("\n").splitlines())
    return re.fullmatch(pattern, "".join(_lines(real))) is not None


def claims(text: str) -> list[str]:
    """What a table or a verdict claims, without how it is printed: its figures and its marks."""
    words = re.sub(r"(?<=\d) (?=\d{3}\b)", "", text)  # 1 141 is one figure
    return re.findall(
        r"\d+(?:\.\d+)?|\bmet\b|\bmissed\b|too close to call", " ".join(words.split())
    )


def claims_hold(shown: str, real: str) -> bool:
    """Whether every claim of a block was printed, in its order; `…` stands for any others."""
    known = claims(real)
    at = 0
    for part in shown.split("…"):
        wanted = claims(part)
        found = [i for i in range(at, len(known)) if known[i : i + len(wanted)] == wanted]
        if not found:
            return False
        at = found[0] + len(wanted)
    return True


def _lines(text: str) -> Iterable[str]:
    return (f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())


def _pattern(line: str) -> str:
    if line.strip() == "…":
        return r"(?:[^\n]*\n)*?"
    return r"[^\n]*".join(re.escape(part) for part in line.rstrip().split("…")) + r"\n"
