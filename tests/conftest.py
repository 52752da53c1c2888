"""What holds for all tests."""

from __future__ import annotations

import signal
import threading

import pytest
from hypothesis import settings

# The same examples every time, of which none is remembered, however slow the machine is.
settings.register_profile("ccsim", derandomize=True, database=None, deadline=None)
settings.load_profile("ccsim")


def pytest_configure() -> None:
    """Tests stop programs by Ctrl-C. A shell without job control starts what runs in the
    background with that signal ignored, and all that is started from there inherits it."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    if in_main_thread and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def compiled() -> None:
    """For tests of all that is said: what is compiled for the first time on a machine says so."""
    from ccsim.engine.kernel.compiler import prepare

    prepare()
