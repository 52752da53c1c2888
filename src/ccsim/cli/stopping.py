"""Leaving when told to: Ctrl-C and SIGTERM end a command within two seconds, whatever it does.

Both become KeyboardInterrupt, which what is going on answers by showing what is finished. Python
raises it between two of its own instructions only, and what follows may take long on a busy
machine: a replication in flight in compiled code, the compiler, a slow disk. So a thread hears of
the signal too, from the interpreter's own handler (`signal.set_wakeup_fd`), and leaves when the
command has not ended in time. Nothing is lost by that: files are written whole or not at all,
replications in the store are kept when they are finished, and workers end with this process.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

STOPS = (signal.SIGINT, signal.SIGTERM)
IN_TIME = 1.4  # seconds to show what is finished; leaving and its end come on top
TWICE = 0.3  # seconds within which two signals are one, sent to a process and to its group
CUT_OFF = "stopped; what the store holds is not simulated again"


class Stop:
    """Which signal told the command to stop, once one did."""

    def __init__(self) -> None:
        self.number = 0

    @property
    def code(self) -> int:
        """The exit code of a command that was stopped: 130 after Ctrl-C, 143 after SIGTERM."""
        return 128 + (self.number or signal.SIGINT)


@contextmanager
def leaves_in_time() -> Iterator[Stop]:
    """Within the block, Ctrl-C and SIGTERM are KeyboardInterrupt, and the process ends `IN_TIME`
    after the first of them, or at once after another one.

    A signal that the parent lets us ignore stays ignored. Outside the main thread nothing is done:
    no signal arrives there.
    """
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def raise_it(number: int, _frame: FrameType | None) -> None:
        stop.number = stop.number or number
        raise KeyboardInterrupt

    heard, told = socket.socketpair()
    told.setblocking(False)
    handlers = {each: signal.getsignal(each) for each in STOPS}
    for each, handler in handlers.items():
        if handler in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(each, raise_it)
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(heard,), daemon=True).start()
    try:
        yield stop
    finally:
        signal.set_wakeup_fd(before)
        for each, handler in handlers.items():
            signal.signal(each, handler)
        told.close()  # the thread hears that, and ends


def _watch(heard: socket.socket) -> None:
    """Hear of signals until the block ends; leave in time after the first, or at another one."""
    with heard:
        number = _next_stop(heard, None)
        if number is None:
            return
        began = time.monotonic()
        try:
            while _next_stop(heard, began + IN_TIME) is not None:
                if time.monotonic() > began + TWICE:
                    break
            else:
                return
        except TimeoutError:
            pass
        _leave(128 + number)


def _next_stop(heard: socket.socket, until: float | None) -> int | None:
    """The number of the next signal to stop; None when the block has ended. TimeoutError when
    neither came until then."""
    while True:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0.0:
            raise TimeoutError
        heard.settimeout(left)
        numbers = heard.recv(64)
        if not numbers:
            return None
        for number in numbers:
            if number in STOPS:
                return number


def _leave(code: int) -> None:
    """End the process and its workers here and now, with a word about it."""
    executors = sys.modules.get("ccsim.experiment.executors")
    if executors is not None:
        executors.kill_workers()
    text = f"{CUT_OFF}\n"
    if os.isatty(2):
        text = f"\r\x1b[K\x1b[?25h{text}"  # a line of progress hides the cursor
    with suppress(OSError):
        os.write(2, text.encode())
    os._exit(code)
