"""Every benchmark script runs from end to end on its smallest sizes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
PROGRAMS = 9  # that engines.py compares
ROW = re.compile(r"(?!exact).*\d\.\d{4} +\d\.\d{4} +\d+\.\d\d")
# Why a program may be left out of W1 or of W2; any other reason is a fault.
LEFT_OUT = re.compile(r".+: (W1 only|no C\+\+ compiler|\w+ is not installed)")


def played(script: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs a script of benchmarks/ as a user does, from another folder."""
    return subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=os.sep,
    )


def faults(out: str, error: str) -> list[str]:
    """Unexpected lines of engines.py on stderr, and rows that lack without a permitted reason."""
    excused = [line for line in error.splitlines() if LEFT_OUT.fullmatch(line)]
    unexpected = [line for line in error.splitlines() if line not in excused]
    rows = [line for line in out.splitlines() if ROW.fullmatch(line)]
    lacking = 2 * PROGRAMS - len(excused) - len(rows)
    return unexpected + ([f"{lacking} rows lack"] if lacking else [])


def test_engines() -> None:
    done = played("engines.py", "--small")
    assert done.returncode == 0, done.stderr
    assert faults(done.stdout, done.stderr) == []
    # A program that breaks, and a row that is lost, would be seen.
    assert faults(done.stdout, f"{done.stderr}reference: failed\n") == ["reference: failed"]
    rest = [line for line in done.stdout.splitlines() if not line.startswith("reference")]
    assert faults("\n".join(rest), done.stderr) == ["2 rows lack"]


def test_a_program_in_a_process_of_its_own() -> None:
    done = played("programs.py", "reference", "2", "200", "1")
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert answers["seconds"] > 0.0 and answers["peak_mb"] > 1.0


def test_growth(tmp_path: Path) -> None:
    done = played("growth.py", "--small", "--out", str(tmp_path / "growth.png"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("exponent") == 4
    assert (tmp_path / "growth.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("script", "rows"),
    [("helpdesk.py", "contacts per CPU second"), ("threads.py", " times")],
)
def test_tables(script: str, rows: str) -> None:
    done = played(script, "--small")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(rows) >= 5
