"""Ctrl-C and SIGTERM: out within two seconds at any point, nothing left behind, and it goes on.

A point is a random moment after the command's own handlers are installed, so that all of reading,
compiling, playing and writing is met. `-m slow` meets twenty of them beside a busy machine.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ccsim.cli import stopping
from ccsim.cli.main import run

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="looks at /proc for handlers and processes"
)
DESK = Path(__file__).parent / "desk.yaml"
LIMIT = 2.0  # seconds
LONG = ["-n", "100000"]
COMMANDS = {
    "run": ["run", "desk.yaml", *LONG],
    "compare": ["compare", "desk.yaml", *LONG, "--workers", "2"],
    "sweep": ["sweep", "desk.yaml", *LONG, "--vary", "contacts.*.arrivals.per_day=80%,120%"],
    "test": ["test", "desk.yaml", "-n", "100000", "--set", "expect=[phone.service_level >= 80 %]"],
    "reference": ["run", "desk.yaml", *LONG, "--engine", "simpy", "--workers", "2"],
    "compiling": ["run", "desk.yaml", *LONG],
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copy(DESK, tmp_path / "desk.yaml")
    return tmp_path


def handles_stops(pid: int) -> bool:
    """Whether the process has its own handler for SIGTERM, which only a running command has."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("SigCgt:"):
            return bool(int(line.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
    return False


def in_session(session: int) -> set[int]:
    """The processes of a session that still run."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,sid=,stat="], capture_output=True, text=True, check=True
    )
    rows = (line.split() for line in listed.stdout.splitlines())
    return {int(pid) for pid, sid, stat in rows if int(sid) == session and stat[0] != "Z"}


def stopped(command: str, delay: float, number: int, folder: Path) -> tuple[float, int, str]:
    """Seconds from the signal to the end, the exit code, and what was said on standard error."""
    environment = os.environ | {"COLUMNS": "120"}
    if command == "compiling":
        environment["NUMBA_CACHE_DIR"] = str(folder / f"cache-{delay}")
    process = subprocess.Popen(
        [sys.executable, "-m", "ccsim", *COMMANDS[command]],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not handles_stops(process.pid):
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(delay)
    began = time.monotonic()
    process.send_signal(number)
    process.wait(timeout=60)
    took = time.monotonic() - began
    until = time.monotonic() + 1.0
    while in_session(process.pid) and time.monotonic() < until:
        time.sleep(0.02)
    left = in_session(process.pid)
    _, err = process.communicate()
    assert not left, f"{command}: {left} still run"
    return took, process.returncode, err


def goes_on(folder: Path) -> None:
    """Whatever was left in the store serves the next run, and nothing is half written."""
    assert run(["run", "desk.yaml", "-n", "3", "--workers", "1"]) in (0, 1)
    names = [path.name for path in folder.rglob("*") if path.is_file()]
    assert not [name for name in names if name.endswith(".part")]


@pytest.mark.parametrize(
    ("command", "number"),
    [
        ("run", signal.SIGINT),
        ("compare", signal.SIGTERM),
        ("sweep", signal.SIGINT),
        ("test", signal.SIGINT),
        ("reference", signal.SIGTERM),
    ],
)
def test_stopped_in_time_and_clean(
    command: str, number: signal.Signals, desk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    took, code, err = stopped(command, random.Random(command).uniform(0.0, 3.0), number, desk)
    assert took < LIMIT, err
    assert code == 128 + number, err
    assert "stopped" in err and "Traceback" not in err
    goes_on(desk)


@contextmanager
def a_busy_machine() -> Iterator[None]:
    """As many processes as there are cores that do nothing but compute."""
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_twenty_random_points_beside_a_busy_machine(desk: Path) -> None:
    chance = random.Random(1)
    took = {}
    with a_busy_machine():
        for point in range(20):
            command = chance.choice(list(COMMANDS))
            delay = chance.uniform(0.0, 12.0)
            number = chance.choice(stopping.STOPS)
            seconds, code, err = stopped(command, delay, number, desk)
            took[point, command, round(delay, 1), number.name] = round(seconds, 2)
            assert code == 128 + number, err
            assert "Traceback" not in err
    print(took)
    assert max(took.values()) < LIMIT, took
    goes_on(desk)


# --- what cannot be interrupted -------------------------------------------------------------------

# In one long call of compiled code that holds no lock, as the compiled engine is: no handler of
# Python's runs before it returns.
DEAF = """
import hashlib
from ccsim.cli import stopping
stopping.IN_TIME = {in_time}
with stopping.leaves_in_time() as stop:
    print("up", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"word", b"salt", 2_000_000_000)
"""


def _deaf(in_time: float = stopping.IN_TIME) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", DEAF.format(in_time=in_time)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "up\n"
    time.sleep(0.3)  # between the word and the compiled code it still listens
    return process


def test_what_does_not_end_is_cut_off() -> None:
    process = _deaf()
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert stopping.IN_TIME <= time.monotonic() - began < LIMIT
    assert (process.returncode, out, err) == (143, "", stopping.CUT_OFF + "\n")


def test_a_second_signal_is_at_once_but_one_sent_twice_is_one() -> None:
    process = _deaf(in_time=60)
    process.send_signal(signal.SIGINT)
    time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    time.sleep(stopping.TWICE + 1.0)
    assert process.poll() is None
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    assert time.monotonic() - began < 1.0
    process.communicate()


def test_handlers_are_given_back() -> None:
    before = [signal.getsignal(number) for number in stopping.STOPS]
    with pytest.raises(KeyboardInterrupt), stopping.leaves_in_time() as stop:
        signal.raise_signal(signal.SIGTERM)
    assert stop.code == 143
    assert [signal.getsignal(number) for number in stopping.STOPS] == before
    time.sleep(stopping.IN_TIME + 0.2)  # and nobody leaves any more


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from ccsim.cli.stopping import leaves_in_time\n"
        "with leaves_in_time(): signal.raise_signal(signal.SIGINT); print('went on')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "went on\n"
