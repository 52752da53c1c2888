"""Replications in threads and in other processes: the same results, and nothing left behind."""

from __future__ import annotations

import functools
import operator
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccsim.experiment.replications.executors import (
    Executor,
    Processes,
    Threads,
    WorkerDied,
    available_cores,
    raise_if_stopped,
    serial,
)

power = functools.partial(pow, 3)  # work that any process can import


def test_serial_goes_one_after_the_other() -> None:
    assert list(serial(power, range(4))) == [(0, 1), (1, 3), (2, 9), (3, 27)]


@pytest.mark.parametrize("workers", [1, 2, 7])
@pytest.mark.parametrize("kind", [Processes, Threads])
def test_workers_give_what_serial_gives(kind: type[Processes | Threads], workers: int) -> None:
    assert dict(kind(workers)(power, range(5))) == dict(serial(power, range(5)))


@pytest.mark.parametrize("executor", [Processes(2), Threads(2)])
def test_the_order_of_numbers_changes_nothing(executor: Executor) -> None:
    assert dict(executor(power, [4, 0, 2])) == {0: 1, 2: 9, 4: 81}


def test_an_error_in_a_thread_is_raised_here_and_ends_the_others() -> None:
    before = set(threading.enumerate())

    def work(number: int) -> float:
        while number == 1:
            raise_if_stopped()
        return 1 / number

    with pytest.raises(ZeroDivisionError):
        list(Threads(2)(work, [1, 0, 5, 6]))
    assert _ended(before)


def test_threads_of_an_iterator_thrown_away_stop_where_they_are_and_begin_nothing_more() -> None:
    before, begun = set(threading.enumerate()), []

    def work(number: int) -> int:
        begun.append(number)
        while number:
            raise_if_stopped()
            time.sleep(0.001)
        return number

    results: Iterator[tuple[int, int]] = Threads(2)(work, range(9))
    assert next(results) == (0, 0)
    results.close()  # type: ignore[attr-defined]
    assert _ended(before)
    assert len(begun) <= 4
    raise_if_stopped()  # nobody stops this one


def _ended(before: set[threading.Thread]) -> bool:
    """Whether all other threads end; on a busy machine that takes longer than they are waited
    for."""
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
    return set(threading.enumerate()) <= before


def test_work_outside_threads_is_never_stopped() -> None:
    def work(number: int) -> int:
        raise_if_stopped()
        return number

    assert list(serial(work, [3])) == [(3, 3)]


def test_what_work_prints_does_not_disturb(capfd: pytest.CaptureFixture[str]) -> None:
    assert dict(Processes(1)(print, [1, 2])) == {1: None, 2: None}
    assert capfd.readouterr().out == ""


def test_an_error_comes_back_with_its_trace() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        list(Processes(2)(functools.partial(operator.truediv, 1), [3, 0]))
    assert any("in a worker process" in note for note in caught.value.__notes__)


def test_a_dead_worker_is_said_and_not_waited_for() -> None:
    with pytest.raises(WorkerDied, match="with exit code 3 in replication 3"):
        list(Processes(1)(os._exit, [3]))


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_a_killed_worker_names_its_signal() -> None:
    with pytest.raises(WorkerDied, match="killed by SIGKILL in replication 9"):
        list(Processes(1)(signal.raise_signal, [9]))


def test_none_is_no_number_of_workers() -> None:
    for kind in (Processes, Threads):
        with pytest.raises(ValueError, match="at least one worker"):
            kind(0)
    assert available_cores() >= 1


def test_an_iterator_thrown_away_ends_its_workers() -> None:
    before = _children_of(os.getpid())
    results: Iterator[tuple[int, object]] = Processes(2)(time.sleep, [0, 60, 60])
    assert next(results)[0] == 0
    results.close()  # type: ignore[attr-defined]
    assert _children_of(os.getpid()) <= before


SCRIPT = """
import sys, time
from ccsim.experiment.replications.executors import Processes
print("up", flush=True)
try:
    for number, _ in Processes(2)(time.sleep, [0.01, {long}, {long}]):
        print("first", flush=True)
except KeyboardInterrupt:
    print("stopped", flush=True)
    sys.exit(130)
"""


def _started(long: float) -> tuple[subprocess.Popen[str], set[int]]:
    """A script with two workers, one replication in, and the workers' process ids."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(long=long)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    assert process.stdout.readline() == "first\n"
    workers = _children_of(process.pid)
    assert len(workers) == 2
    return process, workers


@pytest.mark.skipif(os.name != "posix", reason="signals to one process are POSIX")
def test_ctrl_c_is_out_at_once_without_orphans_or_a_traceback() -> None:
    """How soon a command is out, test_stopping tells; here, that nobody waits for the work."""
    process, workers = _started(long=6000)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=100)
    assert (process.returncode, out, err) == (130, "stopped\n", "")
    assert not _alive(workers)


IN_THREADS = """
import sys
from ccsim.experiment.replications.executors import Threads
from ccsim.experiment.replications.replicate import ReplicationPlan, Replicator
from ccsim.experiment.execution.run import load
design = load({file!r}, ["calendar.days=364"])["base"]
try:
    for number, _ in Threads(2)(Replicator(ReplicationPlan((design,), 1)), range(100_000)):
        print("first", flush=True)
except KeyboardInterrupt:
    print("stopped", flush=True)
    sys.exit(130)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals to one process are POSIX")
def test_ctrl_c_ends_replications_in_threads_at_once() -> None:
    file = Path(__file__).parents[2] / "scenarios" / "bot-or-two-hires.yaml"
    process = subprocess.Popen(
        [sys.executable, "-c", IN_THREADS.format(file=str(file))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "first\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=100)  # all of the work would take longer
    assert process.returncode == 130, err
    assert out.endswith("stopped\n")
    assert "Traceback" not in err


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_workers_end_when_their_parent_is_killed() -> None:
    process, workers = _started(long=6000)
    process.kill()
    process.wait()
    until = time.monotonic() + 60
    while _alive(workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(workers)


def _children_of(parent: int) -> set[int]:
    return {pid for pid, (its_parent, _) in _processes().items() if its_parent == parent}


def _alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if pid in _processes()}


def _processes() -> dict[int, tuple[int, str]]:
    """Parent and command of every process that runs; what only waits to be reaped does not."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
    return {
        int(row[0]): (int(row[1]), row[3])
        for row in rows
        if not row[2].startswith("Z") and not row[3].startswith("ps ")
    }
