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
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ccsim.cli import stopping
from ccsim.cli.main import run
from ccsim.experiment.storage import disk

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="looks at /proc for handlers and processes"
)
DESK = Path(__file__).parent / "desk.yaml"
LIMIT = 2.0  # seconds
TRIES = 3  # a limit is not kept when so many tries miss it: a machine may stall for a moment
LONG = ["-n", "100000", "--force"]  # however little memory is free
COMMANDS = {
    "run": ["run", "desk.yaml", *LONG],
    "compare": ["compare", "desk.yaml", *LONG, "--workers", "2"],
    "sweep": ["sweep", "desk.yaml", *LONG, "--vary", "contacts.*.arrivals.per_day=80%,120%"],
    "test": ["test", "desk.yaml", *LONG, "--set", "expect=[phone.service_level >= 80 %]"],
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
    process.wait()  # with a timeout it would look now and then
    took = time.monotonic() - began
    until = time.monotonic() + 20.0  # killed they are; how soon they are gone is the system's
    while in_session(process.pid) and time.monotonic() < until:
        time.sleep(0.02)
    left = in_session(process.pid)
    _, err = process.communicate()
    assert not left, f"{command}: {left} still run"
    return took, process.returncode, err


def started(code: str, up: str = "up\n", **how: Any) -> subprocess.Popen[str]:
    """A program that has said so."""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **how,
    )
    assert process.stdout is not None and process.stdout.readline() == up
    return process


def goes_on(folder: Path) -> None:
    """Nothing is half written, and whatever was left in the store serves the next run."""
    assert not half_written(folder)
    assert run(["run", "desk.yaml", "-n", "3", "--workers", "1"]) in (0, 1)
    assert not half_written(folder)


def half_written(folder: Path) -> list[Path]:
    """Files under another name, and folders of runs without a manifest."""
    runs = (path for path in folder.glob("results/*/*/") if path.parent.name != "store")
    return [*folder.rglob("*.part"), *(path for path in runs if not (path / "run.json").exists())]


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
    stopped_in_time(command, random.Random(command).uniform(0.0, 3.0), number, desk)
    goes_on(desk)


def stopped_in_time(command: str, delay: float, number: int, folder: Path) -> list[float]:
    """Stop the command there, once more where it took too long; returns how long it took."""
    took: list[float] = []
    while not took or (min(took) >= LIMIT and len(took) < TRIES):
        seconds, code, err = stopped(command, delay, number, folder)
        took.append(round(seconds, 2))
        assert code == 128 + number, err
        assert "stopped" in err and "Traceback" not in err
        assert not half_written(folder)
    assert min(took) < LIMIT, (command, delay, took)
    return took


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
            took[point, command, delay, number.name] = stopped_in_time(command, delay, number, desk)
    print(took)
    goes_on(desk)


# --- in the midst of writing ----------------------------------------------------------------------

# A file gets no further than half: the disk is busy, or the table large.
HALF = """
import hashlib, os, time
from contextlib import suppress
from pathlib import Path
from ccsim.cli import stopping
from ccsim.experiment.storage.disk import write_whole
from ccsim.experiment.storage.files import RecordFile
from ccsim.experiment.replications.interruption import uninterrupted
from ccsim.experiment.replications.replicate import ReplicationPlan
from ccsim.experiment.execution.run import load
from ccsim.experiment.storage.run_folder import RunFolder
from ccsim.records import LEGS
import pyarrow as pa

def half(file):
    file.write(b"half")
    file.flush()
    print("up", flush=True)
    time.sleep(600)

stopping.IN_TIME = 0.2
designs = load("desk.yaml")
folder = RunFolder.create(designs, ReplicationPlan(tuple(designs.values()), 1), 1, "run")
with stopping.leaves_in_time():
    {work}
"""
MIDST = {
    "a file": """
    write_whole(folder.path / "table", half)
""",
    "the tables of results, of which some are whole": """
    def more(_):
        assert (folder.path / "kpis.parquet").exists()
        write_whole(folder.path / "table", half)
    folder.finish({}, {}, {"kpis": lambda _: pa.table({"whole": [1]}), "durations": more})
""",
    "records, while compiled code is running": """
    legs = RecordFile(folder.path / "legs.parquet", LEGS)
    with uninterrupted():
        print("up", flush=True)
        hashlib.pbkdf2_hmac("sha256", b"word", b"salt", 2_000_000_000)
""",
    "a file that is whole while the process is ending, and the next one": """
    leave, left = os._exit, []
    def slowly(code):
        left.append(code)
        time.sleep(1.0)
        leave(code)
    os._exit = slowly
    def whole(file):
        print("up", flush=True)
        while not left:
            time.sleep(0.01)
    for name in "ab":
        with suppress(OSError):
            write_whole(Path(name), whole)
""",
}


@pytest.mark.parametrize("midst", MIDST)
def test_what_is_half_written_is_taken_away(midst: str, desk: Path) -> None:
    process = started(HALF.replace("{work}", MIDST[midst].strip()))
    assert half_written(desk)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, stopping.CUT_OFF + "\n")
    assert not half_written(desk)
    assert [path.name for path in desk.rglob("*") if path.is_file()] == ["desk.yaml"]


# --- before anything is there to stop -------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "import runpy; runpy.run_module('ccsim', run_name='__main__')",
        "from ccsim.__main__ import main; main()",
    ],
)
def test_ctrl_c_while_python_reads_the_program_is_silent(code: str, tmp_path: Path) -> None:
    """Of all modules `click` is the first that takes time."""
    (tmp_path / "click.py").write_text("import time; print('up', flush=True); time.sleep(600)")
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    process = started(code, env=os.environ | {"PYTHONPATH": paths}, cwd=tmp_path)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")


def test_the_installed_command_begins_there_too() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["scripts"] == {"ccsim": "ccsim.__main__:main"}


# --- what cannot be interrupted -------------------------------------------------------------------

# In one long call of compiled code, as the compiled engine is: no handler of Python's runs before
# it returns. (One that would run in the moment before it is held back.)
DEAF = """
import hashlib
from ccsim.cli import stopping
from ccsim.experiment.replications.interruption import uninterrupted
stopping.IN_TIME, stopping.TWICE = {in_time}, {twice}
with stopping.leaves_in_time() as stop, uninterrupted():
    print("up", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"word", b"salt", 2_000_000_000)
"""


def test_what_does_not_end_is_cut_off() -> None:
    took: list[float] = []
    while not took or (min(took) >= LIMIT and len(took) < TRIES):
        process = started(DEAF.format(in_time=stopping.IN_TIME, twice=stopping.TWICE))
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        took.append(time.monotonic() - began)
        assert (process.returncode, out, err) == (143, "", stopping.CUT_OFF + "\n")
    assert stopping.IN_TIME <= min(took) < LIMIT


def test_one_signal_sent_twice_is_one() -> None:
    process = started(DEAF.format(in_time=600, twice=600))
    for number in stopping.STOPS:
        process.send_signal(number)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)
    process.kill()
    process.communicate()


def test_a_second_signal_is_at_once() -> None:
    process = started(DEAF.format(in_time=600, twice=0))
    for number in stopping.STOPS:  # which it hears first is the system's
        process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (130, 143)
    assert err == stopping.CUT_OFF + "\n"


# Where Python would lose it: an import may make another error of it, a finalizer may not raise.
LOST = """
import time
from ccsim.cli import stopping
stopping.IN_TIME = 60
class Last:
    def __del__(self):
        print("up", flush=True)
        time.sleep(0.3)
with stopping.leaves_in_time() as stop:
    try:
        {work}
        while True: time.sleep(0.01)
    except KeyboardInterrupt:
        print("stopped")
print(stop.code)
"""


@pytest.mark.parametrize(
    ("work", "whole"), [("import slow", "whole\n"), ("last = Last(); del last", "")]
)
def test_what_would_be_lost_comes_a_moment_later(work: str, whole: str, tmp_path: Path) -> None:
    text = "import time; print('up', flush=True); time.sleep(0.3); print('whole')"
    (tmp_path / "slow.py").write_text(text)
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    process = started(LOST.replace("{work}", work), env=os.environ | {"PYTHONPATH": paths})
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert (out, err) == (f"{whole}stopped\n143\n", "")


TWO = """
import signal
from ccsim.cli import stopping
stopping.IN_TIME = stopping.TWICE = 60
with stopping.leaves_in_time() as stop:
    try:
        signal.raise_signal(signal.SIGTERM)
    except KeyboardInterrupt:
        signal.raise_signal(signal.SIGINT)
        print("up", stop.code, flush=True)
"""


def test_what_answers_a_signal_is_not_interrupted_by_another() -> None:
    out, err = started(TWO, up="up 143\n").communicate(timeout=60)
    assert (out, err) == ("", "")


def test_with_nothing_registered_it_leaves_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules that write or run workers may not be imported yet when the signal comes."""
    for name in ("_hurries", "_at_once", "_in_time"):
        monkeypatch.setattr(f"ccsim.leaving.{name}", [])
    left: list[int] = []
    monkeypatch.setattr("ccsim.cli.stopping.os._exit", left.append)
    stopping._hurry(True)
    stopping._leave(130)
    assert left == [130]


def test_what_writes_and_what_runs_workers_is_registered() -> None:
    from ccsim import leaving
    from ccsim.experiment.replications.executors import kill_workers
    from ccsim.experiment.storage.disk import hurry, leave

    assert hurry in leaving._hurries
    assert kill_workers in leaving._at_once
    assert leave in leaving._in_time


def test_everything_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def given() -> list[object]:
        return [
            sys.unraisablehook,
            threading.active_count(),
            *map(signal.getsignal, stopping.STOPS),
        ]

    monkeypatch.setattr(stopping, "IN_TIME", 60)
    before = given()
    with pytest.raises(KeyboardInterrupt), stopping.leaves_in_time() as stop:
        signal.raise_signal(signal.SIGTERM)
    assert stop.code == 143
    assert given() == before  # and nobody leaves any more


def test_who_was_told_to_stop_waits_for_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "IN_TIME", 600)
    with stopping.leaves_in_time():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert disk._hurried.wait(60)
    assert not disk._hurried.is_set()


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from ccsim.cli.stopping import leaves_in_time\n"
        "with leaves_in_time(): signal.raise_signal(signal.SIGINT); print('went on')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "went on\n"
