"""One line, rewritten, while replications run; nothing where nobody looks at it."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from ccsim.cli.terminal import is_terminal

if TYPE_CHECKING:
    from rich.live import Live

    from ccsim.statistics.estimate import Estimate


def seconds_left(done: int, total: int, elapsed: float) -> float | None:
    """By the pace so far; None before the first replication is done."""
    return None if done == 0 else elapsed * (total - done) / done


def progress_words(done: int, total: int, elapsed: float, main: tuple[str, Estimate] | None) -> str:
    """`61 of 100 replications · 12 s left · phone answered within 20 s: 78.4 % ±0.9 so far`."""
    parts = [f"{done} of {total} replications"]
    left = seconds_left(done, total, elapsed)
    if left is not None:
        parts.append(f"{left / 60:.0f} min left" if left > 100 else f"{left:.0f} s left")
    if main is not None and main[1].value is not None:
        from ccsim.report.rounding import scale_for, spread

        words, estimate = main
        scale = scale_for("share", [estimate])
        value = f"{scale.text(estimate.value)} % {spread(estimate, scale)}".rstrip()
        parts.append(f"{words}: {value} so far")
    return " · ".join(parts)


class ProgressLine:
    """Rewrites its line at most five times a second, and takes it away at the end."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._started = time.monotonic()
        self._drawn = 0.0
        self._live: Live | None = None

    def __enter__(self) -> ProgressLine:
        if is_terminal(sys.stderr):
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(stderr=True), transient=True, auto_refresh=False)
            self._live.start()
            self.update(0)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    @property
    def due(self) -> bool:
        """Whether anybody would see an update now: worth computing an estimate for."""
        return self._live is not None and time.monotonic() - self._drawn > 0.2

    def update(self, done: int, main: tuple[str, Estimate] | None = None) -> None:
        """`done` replications are finished; `main` is the main measure so far and its name."""
        if self._live is None:
            return
        from rich.text import Text

        elapsed = time.monotonic() - self._started
        self._drawn = time.monotonic()
        words = progress_words(done, self.total, elapsed, main)
        self._live.update(Text(words, no_wrap=True, overflow="ellipsis"), refresh=True)
