"""Output: results go to standard output, messages to standard error.

On a terminal that shows colour, targets carry marks (✓ ✗ ?). In a pipe, with NO_COLOR set, or on
a dumb terminal they are words (met, missed, too close to call), which screen readers read aloud.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable
from typing import Any, TextIO

PIPE_WIDTH = 160  # columns: room for three designs side by side


def say(text: str) -> None:
    """Prints a message (a problem, a hint, progress) on standard error."""
    print(text, file=sys.stderr, flush=True)


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether the stream (default: standard output) is a terminal."""
    return bool((stream or sys.stdout).isatty())


def with_marks() -> bool:
    """Whether standard output shows colour and the marks."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    return is_terminal() and not plain and encoding.startswith("utf")


def width() -> int:
    """Returns the columns to fill: those of the terminal, or `PIPE_WIDTH` in a pipe."""
    return shutil.get_terminal_size((100, 24)).columns if is_terminal() else PIPE_WIDTH


def show(lines: Iterable[str]) -> None:
    """Prints lines on standard output; a colour terminal highlights marks and half-widths."""
    if not with_marks():
        for line in lines:
            print(line)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        text = Text(line)
        text.highlight_regex(r"✓", "bold green")
        text.highlight_regex(r"✗", "bold red")
        text.highlight_regex(r"(?<= )\?(?= |$)", "bold yellow")
        text.highlight_regex(r"±[\d. ]*\d", "dim")
        console.print(text)


def show_json(document: Any) -> None:
    """Prints one JSON document on standard output. ValueError: it contains NaN or infinity."""
    print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
