"""A short stretch of work that Ctrl-C may follow but not cut in two."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

HELD_BACK = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C, and SIGTERM where somebody handles it, until the block is done; then it is
    handled as it would have been (of Ctrl-C: KeyboardInterrupt).

    Outside the main thread nothing is held back: no signal arrives there.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seen: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        seen.append(number)

    before = {number: signal.getsignal(number) for number in HELD_BACK}
    handled = {number: handler for number, handler in before.items() if callable(handler)}
    for number in handled:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in handled.items():
            signal.signal(number, handler)
    if seen:
        handled[signal.Signals(seen[0])](seen[0], None)
