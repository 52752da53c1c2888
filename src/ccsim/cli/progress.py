"""A line of progress, rewritten while replications run; it is shown on terminals only."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from ccsim.cli.terminal import is_terminal

if TYPE_CHECKING:
    from rich.live import Live

    from ccsim.scenario.schema import Scenario
    from ccsim.statistics.estimate import Estimate

REDRAW = 0.2  # seconds between two updates of the line


def progress_words(done: int, total: int, elapsed: float, main: str) -> str:
    """Says `61 of 100 replications · 12 s left · phone answered within 20 s: 78.4 % ±0.9 so far`.

    elapsed: seconds since the start. main: the main measure and its value in words.
    """
    left = elapsed * (total - done) / done if done else None
    parts = [f"{done} of {total} replications"]
    if left is not None:
        parts.append(f"{left / 60:.0f} min left" if left > 100 else f"{left:.0f} s left")
    return " · ".join([*parts, f"{main} so far"])


class ProgressLine:
    """A context in which the line is rewritten a few times a second, and removed at the end.

    `update` is a progress callback of the API; `scenario` names its main measure. Where several
    scenarios are played in turn, `update_of` is the callback.
    """

    def __init__(self, scenario: Scenario | None = None) -> None:
        self._scenario = scenario
        self._started = time.monotonic()
        self._drawn = 0.0
        self._live: Live | None = None

    def __enter__(self) -> ProgressLine:
        if is_terminal(sys.stderr):
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(stderr=True), transient=True, auto_refresh=False)
            self._live.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def update(self, done: int, total: int, main: Estimate) -> None:
        """Shows how many of `total` replications are finished, and the main measure so far."""
        now = time.monotonic()
        if self._scenario is None:
            return
        if self._live is None or (now - self._drawn < REDRAW and done < total):
            return
        from ccsim.report.text.answer import main_words

        self._drawn = now
        self.tell(
            progress_words(done, total, now - self._started, main_words(self._scenario, main))
        )

    def tell(self, words: str) -> None:
        """Shows these words at once."""
        if self._live is None:
            return
        from rich.text import Text

        self._live.update(Text(words, no_wrap=True, overflow="ellipsis"), refresh=True)

    def update_of(self, scenario: Scenario, done: int, total: int, main: Estimate) -> None:
        """Does the same for the scenario that is played now."""
        if scenario is not self._scenario:
            self._scenario, self._started = scenario, time.monotonic()
        self.update(done, total, main)
