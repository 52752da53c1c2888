"""Ctrl-C while Python still imports the modules of a command: the process ends without a message.

`ccsim.cli.stopping` takes over once a command runs. This module imports nothing that takes time.
"""

from __future__ import annotations

import os
import signal
from types import FrameType


def ends_quietly() -> None:
    """Makes Ctrl-C end the process at once, unless the parent process lets it be ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end_quietly)


def end_quietly(number: int, _frame: FrameType | None) -> None:
    """Handles a signal: exits with 128 plus its number, 130 after Ctrl-C."""
    os._exit(128 + number)
