"""The first moment of a command: while Python reads its modules, Ctrl-C ends it silently.

`ccsim.cli.stopping` takes over when there is something to stop. Nothing is imported here that takes
time.
"""

from __future__ import annotations

import os
import signal
from types import FrameType


def ends_quietly() -> None:
    """From now on Ctrl-C ends the process here and now, where it is not ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end_quietly)


def end_quietly(number: int, _frame: FrameType | None) -> None:
    """The handler: the exit code is 130 after Ctrl-C."""
    os._exit(128 + number)
