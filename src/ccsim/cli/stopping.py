"""Leaving when told to: Ctrl-C and SIGTERM end a command within two seconds, whatever it does.

Both become KeyboardInterrupt, which what is going on answers by showing what is finished. Where it
would be lost it comes a moment later: an import may make another error of it, a finalizer may not
raise.

Python raises it between two of its own instructions only, and what follows may take long on a busy
machine: a replication in flight in compiled code, the compiler, a slow disk. So a thread hears of
the signal too, from the interpreter's own handler (`signal.set_wakeup_fd`), and leaves when the
command has not ended in time. Nothing is lost by that: files are written whole or not at all (what
is half written is taken away), replications in the store are kept when they are finished, and
workers end with this process.
"""

from __future__ import annotations

import _thread
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from ccsim.cli.start import end_quietly

STOPS = (signal.SIGINT, signal.SIGTERM)
IN_TIME = 1.4  # seconds to show what is finished; leaving and its end come on top
AGAIN = 0.05  # seconds after which what could not be raised is tried again
TIDY = 0.2  # seconds for taking away what is half written, on a disk that may hang
TWICE = 0.3  # seconds within which two signals are one, sent to a process and to its group
CUT_OFF = "stopped; what the store holds is not simulated again"


class Stop:
    """Which signal told the command to stop, once one did."""

    def __init__(self) -> None:
        self.number = 0  # KeyboardInterrupt was raised for it
        self.put_off = 0  # it is still to be raised

    @property
    def code(self) -> int:
        """The exit code of a command that was stopped: 130 after Ctrl-C, 143 after SIGTERM."""
        return 128 + (self.number or self.put_off or signal.SIGINT)

    def handle(self, number: int, frame: FrameType | None) -> None:
        """The handler of the signals."""
        if self.number:  # what another one is to end, the thread ends
            return
        if _importing(frame):
            self.put_off = number
            return
        self.number, self.put_off = number, 0
        raise KeyboardInterrupt

    def was_lost(self) -> None:
        """What was raised had no effect; it is to be raised again."""
        self.number, self.put_off = 0, self.number or self.put_off


@contextmanager
def leaves_in_time(stop: Stop | None = None) -> Iterator[Stop]:
    """Within the block, Ctrl-C and SIGTERM are KeyboardInterrupt, and the process ends `IN_TIME`
    after the first of them, or at once after another one.

    A signal that the parent lets us ignore stays ignored. Outside the main thread nothing is done:
    no signal arrives there.
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
        told.close()  # the thread hears that, and ends
        watch.join()
        _hurry(False)


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _watch(heard: socket.socket, stop: Stop) -> None:
    """Hear of signals until the block ends; leave in time after the first, or at another one."""
    with heard:
        number = _next_stop(heard, None)
        if number is None:
            return
        began = now = time.monotonic()
        _hurry(True)
        own = 0  # signals that come from here
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
    """The number of the next signal to stop; None when the block has ended. TimeoutError when
    neither came until then."""
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
    """Whether what is written waits for the disk."""
    _of("ccsim.experiment.storage.disk", "hurry")(yes)


def _leave(code: int) -> None:
    """End the process and its workers here and now, with a word about it, and take away what is
    half written. Neither a disk nor a terminal that hangs is waited for any longer than `TIDY`."""
    _of("ccsim.experiment.replications.executors", "kill_workers")()
    tidy = _of("ccsim.experiment.storage.disk", "leave")
    last = [
        threading.Thread(target=_say_so, daemon=True),
        threading.Thread(target=tidy, args=(TIDY / 2,), daemon=True),
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
        text = f"\r\x1b[K\x1b[?25h{text}"  # a line of progress hides the cursor
    with suppress(OSError):
        os.write(2, text.encode())


def _of(module: str, name: str) -> Callable[..., None]:
    """A function of a module. Where that is not imported, or not to its end, there is nothing to do
    for it: one that does nothing."""
    return getattr(sys.modules.get(module), name, lambda *_: None)
