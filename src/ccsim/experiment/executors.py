"""Where replications are computed: in this process, in threads of it, or in other processes.

An executor takes work (a picklable object, called with the number of a replication) and numbers,
and yields (number, result) in whatever order they are ready. Results depend on work and number
alone, so the number of workers and their order change nothing. A cluster's executor is one more
function of this signature.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import IO, Any, Protocol, TypeVar

Result = TypeVar("Result", covariant=True)
Work = Callable[[int], Result]


class Executor(Protocol):
    """Computes work(number) for every number and yields the results as they come."""

    def __call__(
        self, work: Work[Result], numbers: Sequence[int]
    ) -> Iterator[tuple[int, Result]]: ...  # pragma: no cover - a signature


class WorkerDied(ChildProcessError):  # noqa: N818 - it says what happened
    """A worker process ended before its result: killed, or out of memory. One line for people."""


def serial(work: Work[Result], numbers: Sequence[int]) -> Iterator[tuple[int, Result]]:
    """One after the other in this process."""
    for number in numbers:
        yield number, work(number)


def available_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Threads:
    """Several threads of this process, for work that mostly runs in code that holds no lock.

    Whatever ends the iteration (all done, an error, KeyboardInterrupt, the iterator thrown away)
    ends them too: work that calls `raise_if_stopped` now and then stops there, and what is not yet
    begun is left.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise ValueError(f"at least one worker is needed, not {workers}")
        self.workers = workers

    def __call__(self, work: Work[Result], numbers: Sequence[int]) -> Iterator[tuple[int, Result]]:
        """Yields results; an exception in a thread is raised here."""
        wanted: queue.SimpleQueue[int] = queue.SimpleQueue()
        ready: queue.SimpleQueue[tuple[int, Any, BaseException | None]] = queue.SimpleQueue()
        stop = threading.Event()
        for number in numbers:
            wanted.put(number)
        threads = [
            threading.Thread(target=_work_in_thread, args=(work, wanted, ready, stop), daemon=True)
            for _ in range(min(self.workers, len(numbers)))
        ]
        try:
            for thread in threads:
                thread.start()
            for _ in numbers:
                number, result, error = _next(ready)
                if error is not None:
                    raise error
                yield number, result
        finally:
            stop.set()
            for thread in threads:
                if thread.ident is not None:
                    thread.join(timeout=2)


class Stopped(BaseException):
    """The result of a thread is no longer wanted."""


_thread = threading.local()


def raise_if_stopped() -> None:
    """To be called now and then by work that may run in `Threads`; nothing happens elsewhere."""
    stop: threading.Event | None = getattr(_thread, "stop", None)
    if stop is not None and stop.is_set():
        raise Stopped


def _work_in_thread(
    work: Work[Any],
    wanted: queue.SimpleQueue[int],
    ready: queue.SimpleQueue[tuple[int, Any, BaseException | None]],
    stop: threading.Event,
) -> None:
    _thread.stop = stop
    while not stop.is_set():
        try:
            number = wanted.get_nowait()
        except queue.Empty:
            return
        try:
            ready.put((number, work(number), None))
        except Stopped:
            return
        except BaseException as error:
            ready.put((number, None, error))
            return


class Processes:
    """Several worker processes, each a fresh interpreter (never a fork of this one).

    A worker is started by a command line of its own and not by `multiprocessing`, whose `spawn`
    runs the caller's script again: a user's script needs no `if __name__ == "__main__":`, and it
    works from a notebook. Workers ignore Ctrl-C; whatever ends the iteration (all done, an error,
    KeyboardInterrupt, the iterator thrown away) ends them, and they end by themselves when this
    process is killed, for their input closes.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise ValueError(f"at least one worker is needed, not {workers}")
        self.workers = workers

    def __call__(self, work: Work[Result], numbers: Sequence[int]) -> Iterator[tuple[int, Result]]:
        """Yields results; an exception in a worker is raised here, a dead worker is WorkerDied."""
        wanted: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        ready: queue.SimpleQueue[tuple[int, Any, BaseException | None]] = queue.SimpleQueue()
        for number in numbers:
            wanted.put(number)
        message = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
        processes = _start(min(self.workers, len(numbers)))
        threads = [
            threading.Thread(target=_serve, args=(process, message, wanted, ready), daemon=True)
            for process in processes
        ]
        try:
            for thread in threads:
                wanted.put(None)
                thread.start()
            for _ in numbers:
                number, result, error = _next(ready)
                if error is not None:
                    raise error
                yield number, result
        finally:
            _stop(processes, threads)


def _next(ready: queue.SimpleQueue[Any]) -> Any:
    # A wait without a timeout cannot be interrupted by Ctrl-C on Windows.
    while True:
        with suppress(queue.Empty):
            return ready.get(timeout=0.2)


def _start(count: int) -> list[subprocess.Popen[bytes]]:
    # What ignores SIGINT passes that on to its children, so a Ctrl-C while a worker starts leaves
    # no traceback of a half-started interpreter on the terminal. Only the main thread may do so.
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; "
        "from ccsim.experiment.executors import work_for_parent as work; work()"
    )
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(count):
            processes.append(
                subprocess.Popen(
                    [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            )
    except BaseException:
        _stop(processes, [])
        raise
    finally:
        if main:
            signal.signal(signal.SIGINT, before)
    return processes


def _serve(
    process: subprocess.Popen[bytes],
    message: bytes,
    wanted: queue.SimpleQueue[int | None],
    ready: queue.SimpleQueue[tuple[int, Any, BaseException | None]],
) -> None:
    """Keep one worker busy (runs in a thread of the parent)."""
    number: int | None = -1
    try:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(message)
        while (number := wanted.get()) is not None:
            pickle.dump(number, process.stdin)
            process.stdin.flush()
            result, error = pickle.load(process.stdout)
            ready.put((number, result, error))
            if error is not None:
                return
    except (EOFError, OSError, ValueError, pickle.UnpicklingError):
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=2)  # its pipe closes a moment before its exit code is known
        ready.put((number or 0, None, WorkerDied(_how_it_died(number, process.returncode))))


def _how_it_died(number: int | None, code: int | None) -> str:
    how = "" if code is None else f" with exit code {code}"
    if code is not None and code < 0:
        how = f", killed by {signal.Signals(-code).name}"
    return f"a worker process ended{how} in replication {number}; is there enough memory?"


def _stop(processes: list[subprocess.Popen[bytes]], threads: list[threading.Thread]) -> None:
    for process in processes:
        process.kill()  # a worker holds nothing that must be finished
    for process in processes:
        process.wait()
    for thread in threads:
        if thread.ident is not None:
            thread.join(timeout=2)
    for process in processes:
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def work_for_parent() -> None:
    """The life of a worker: read the work, then numbers; write (result, error) for each."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = sys.stdin.buffer, _own_output()
    work = pickle.load(source)
    while True:
        try:
            number = pickle.load(source)
        except EOFError:  # the parent has ended, or needs nothing more
            return
        try:
            answer = pickle.dumps((work(number), None), protocol=pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            answer = _as_message(error)
        try:
            sink.write(answer)
            sink.flush()
        except OSError:  # the parent was killed while this was computed
            os._exit(1)


def _own_output() -> IO[bytes]:
    """The pipe to the parent; what anything prints goes to standard error instead."""
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return pipe


def _as_message(error: Exception) -> bytes:
    error.add_note("in a worker process:\n" + "".join(traceback.format_exception(error)))
    try:
        message = pickle.dumps((None, error))
        pickle.loads(message)  # an exception with a signature of its own may not come back
    except Exception:
        return pickle.dumps((None, RuntimeError(f"{type(error).__name__}: {error}")))
    return message
