"""The first moment of the command `ccsim`: while Python reads its modules, Ctrl-C ends it silently.

`ccsim.cli.stopping` takes over when there is something to stop. Nothing is imported here that takes
time.
"""

from __future__ import annotations

import os
import signal
from types import FrameType


def end_quietly(number: int, _frame: FrameType | None) -> None:
    """The handler of a signal that ends the process here and now: 130 after Ctrl-C."""
    os._exit(128 + number)


def main() -> None:
    """The entry point of the installed command, and of `python -m ccsim`."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored
        signal.signal(signal.SIGINT, end_quietly)
    from ccsim.cli.main import main as command

    command()
