"""Where text goes: data on standard output, talk on standard error; marks only where they show.

On a terminal that shows colour, promises carry marks (✓ ✗ ?). In a pipe, with NO_COLOR set, or on
a dumb terminal they are the words kept, missed and unsure, which screen readers read aloud too.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable
from typing import Any, TextIO

PIPE_WIDTH = 160  # columns: three designs beside one another, and few lines of a log are longer


def say(text: str) -> None:
    """Talk: problems, hints and progress, on standard error."""
    print(text, file=sys.stderr, flush=True)


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether a person looks at it (standard output unless told)."""
    return bool((stream or sys.stdout).isatty())


def with_marks() -> bool:
    """Whether standard output shows colour and signs."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    return is_terminal() and not plain and encoding.startswith("utf")


def width() -> int:
    """Columns to fill: the terminal's, or a wide page in a pipe."""
    return shutil.get_terminal_size((100, 24)).columns if is_terminal() else PIPE_WIDTH


def show(lines: Iterable[str]) -> None:
    """Print lines on standard output; on a colour terminal the marks and headings stand out."""
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
    """One JSON document on standard output; NaN and infinity are refused."""
    print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
