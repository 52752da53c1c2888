"""A Ctrl-C inside a stretch that must not be cut comes right after it."""

from __future__ import annotations

import signal
import threading

import pytest

from ccsim.experiment.replications.interruption import uninterrupted


def test_the_stretch_is_finished_and_then_stopped() -> None:
    before = signal.getsignal(signal.SIGINT)
    steps = []
    with pytest.raises(KeyboardInterrupt):
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            steps.append("finished")
        steps.append("not reached")
    assert steps == ["finished"]
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_inside_is_raised_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), uninterrupted():
        _ = 1 / 0


def test_other_threads_are_left_alone() -> None:
    done = []

    def work() -> None:
        with uninterrupted():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
