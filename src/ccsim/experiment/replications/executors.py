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
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import IO, Any, Protocol, TypeVar

from ccsim.leaving import when_leaving

Result = TypeVar("Result", covariant=True)
Work = Callable[[int], Result]
# How long, s, a thread in Python may make one wait that comes out of compiled code. By Python's own
# 5 ms two threads with small replications were slower than one.
PATIENCE = 0.001
GRACE = 0.5  # seconds for threads to notice that they are stopped; who does not is left behind


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
        interval = sys.getswitchinterval()
        try:
            sys.setswitchinterval(min(interval, PATIENCE))
            for thread in threads:
                thread.start()
            for _ in numbers:
                number, result, error = _next(ready)
                if error is not None:
                    raise error
                yield number, result
                del result  # while the next is waited for only its receiver holds it
        finally:
            sys.setswitchinterval(interval)
            stop.set()
            until = time.monotonic() + GRACE
            for thread in threads:
                if thread.ident is not None:
                    thread.join(timeout=max(until - time.monotonic(), 0.0))


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
    works from a notebook. Ctrl-C does not reach workers; whatever ends the iteration (all done, an
    error, KeyboardInterrupt, the iterator thrown away) ends them, and they end by themselves when
    this process is killed, for their input closes.
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


# Workers are a process group of their own: the terminal sends them no Ctrl-C, so a worker that is
# just starting leaves no traceback there.
_AS_WORKER: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE} | (
    {"process_group": 0} if os.name == "posix" else {"creationflags": 0x00000200}
)
_running: set[subprocess.Popen[bytes]] = set()


@when_leaving
def kill_workers() -> None:
    """End every worker process of this process now, from any thread."""
    for process in tuple(_running):
        process.kill()


def _start(count: int) -> list[subprocess.Popen[bytes]]:
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; "
        "from ccsim.experiment.replications.executors import work_for_parent as work; work()"
    )
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(count):
            processes.append(subprocess.Popen([sys.executable, "-c", code], **_AS_WORKER))
            _running.add(processes[-1])
    except BaseException:
        _stop(processes, [])
        raise
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
        _running.discard(process)
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
    source, sink = sys.stdin.buffer, _own_output()
    try:
        work = pickle.load(source)
    except EOFError:  # the parent has ended meanwhile
        return
    numbers: queue.SimpleQueue[int] = queue.SimpleQueue()
    threading.Thread(target=_read_numbers, args=(source, numbers), daemon=True).start()
    while True:
        number = numbers.get()
        try:
            answer = pickle.dumps((work(number), None), protocol=pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            answer = _as_message(error)
        try:
            sink.write(answer)
            sink.flush()
        except OSError:  # the parent has ended
            os._exit(1)


def _read_numbers(source: IO[bytes], numbers: queue.SimpleQueue[int]) -> None:
    """Runs in a thread of a worker, so that it ends with its parent and not only when it has
    finished what it is at."""
    while True:
        try:
            numbers.put(pickle.load(source))
        except (EOFError, OSError, pickle.UnpicklingError):
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
