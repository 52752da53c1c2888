"""Ctrl-C and SIGTERM end a command within two seconds, whatever it is doing.

Both raise KeyboardInterrupt, which the running command catches to show what is finished. During an
import (which may turn it into another error) and in a finalizer (which cannot raise) it would be
lost; there it is raised a moment later.

Python raises it only between two of its own instructions, and a replication in compiled code, the
compiler or a slow disk may take long on a busy machine. Therefore a thread is woken by the signal,
too (`signal.set_wakeup_fd`), and ends the process when the command has not ended in time. Nothing
is lost by that: files are written whole or not at all (partial ones are removed), finished
replications are in the store, and workers end with this process.
"""

from __future__ import annotations

import _thread
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from ccsim import leaving
from ccsim.cli.start import end_quietly

STOPS = (signal.SIGINT, signal.SIGTERM)
IN_TIME = 1.4  # seconds to show what is finished; the end of the process takes a little more
AGAIN = 0.05  # seconds after which KeyboardInterrupt is raised again where it was lost
TIDY = 0.2  # seconds for removing partial files, on a disk that may hang
TWICE = 0.3  # seconds within which two signals count as one, sent to a process and its group
CUT_OFF = "stopped; what the store holds is not simulated again"


class Stop:
    """The signal that stops the command, once one has arrived."""

    def __init__(self) -> None:
        self.number = 0  # of the signal for which KeyboardInterrupt was raised; 0: none
        self.put_off = 0  # of the signal for which it has yet to be raised

    @property
    def code(self) -> int:
        """The exit code of a command that was stopped: 130 after Ctrl-C, 143 after SIGTERM."""
        return 128 + (self.number or self.put_off or signal.SIGINT)

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Handles a signal: raises KeyboardInterrupt, or notes that it must be raised later."""
        if self.number:  # at a second signal the thread ends the process
            return
        if _importing(frame):
            self.put_off = number
            return
        self.number, self.put_off = number, 0
        raise KeyboardInterrupt

    def was_lost(self) -> None:
        """Notes that KeyboardInterrupt was swallowed and must be raised again."""
        self.number, self.put_off = 0, self.number or self.put_off


@contextmanager
def leaves_in_time(stop: Stop | None = None) -> Iterator[Stop]:
    """Within the block, Ctrl-C and SIGTERM raise KeyboardInterrupt, and the process ends `IN_TIME`
    after the first of them, or at once after a second one.

    A signal that the parent process set to be ignored stays ignored. Outside the main thread the
    block is unchanged, since no signal arrives there.
    """
    stop = stop or Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def not_raised(what: sys.UnraisableHookArgs) -> None:
        if what.exc_type is KeyboardInterrupt:
            stop.was_lost()
        else:
            hook(what)

    heard, told = socket.socketpair()
    told.setblocking(False)
    watch = threading.Thread(target=_watch, args=(heard, stop), daemon=True)
    watch.start()
    handlers = {each: signal.getsignal(each) for each in STOPS}
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    hook, sys.unraisablehook = sys.unraisablehook, not_raised
    try:
        for each, handler in handlers.items():
            if handler in (signal.SIG_DFL, signal.default_int_handler, end_quietly):
                signal.signal(each, stop.handle)
        yield stop
    finally:
        stop.put_off, sys.unraisablehook = 0, hook
        signal.set_wakeup_fd(before)
        for each, handler in handlers.items():
            signal.signal(each, handler)
        told.close()  # the thread reads the end of the stream and ends
        watch.join()
        _hurry(False)


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _watch(heard: socket.socket, stop: Stop) -> None:
    """Waits for signals until the block ends; ends the process in time after the first, or at a
    second one."""
    with heard:
        number = _next_stop(heard, None)
        if number is None:
            return
        began = now = time.monotonic()
        _hurry(True)
        own = 0  # signals that this thread has sent itself
        while now < began + IN_TIME:
            if stop.put_off and not own:
                own += 1
                _thread.interrupt_main(signal.Signals(number))
            with suppress(TimeoutError):
                if _next_stop(heard, min(now + AGAIN, began + IN_TIME)) is None:
                    return
                if not own and time.monotonic() > began + TWICE:
                    break
                own = 0
            now = time.monotonic()
        _leave(128 + number)


def _next_stop(heard: socket.socket, until: float | None) -> int | None:
    """Returns the number of the next stop signal, or None when the block has ended. TimeoutError:
    neither happened before `until`."""
    while True:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0.0:
            raise TimeoutError
        heard.settimeout(left)
        number = heard.recv(1)
        if not number:
            return None
        if number[0] in STOPS:
            return number[0]


def _hurry(yes: bool) -> None:
    """Sets whether written files skip the wait for the disk."""
    leaving.hurry(yes)


def _leave(code: int) -> None:
    """Ends the process and its workers at once, prints that it stopped, and removes partial files.
    It waits for a disk or a terminal that hangs no longer than `TIDY`."""
    leaving.leave()
    last = [
        threading.Thread(target=_say_so, daemon=True),
        threading.Thread(target=leaving.tidy, args=(TIDY / 2,), daemon=True),
    ]
    until = time.monotonic() + TIDY
    for each in last:
        each.start()
    for each in last:
        each.join(max(until - time.monotonic(), 0.0))
    os._exit(code)


def _say_so() -> None:
    text = f"{CUT_OFF}\n"
    if os.isatty(2):
        text = f"\r\x1b[K\x1b[?25h{text}"  # the line of progress hides the cursor
    with suppress(OSError):
        os.write(2, text.encode())
