"""In a version of Numba that was not tried the kernel is compiled as Numba does by itself: slower,
with the same records, and one warning."""

from __future__ import annotations

import hashlib
import os
import random
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ccsim.engine import compiled
from ccsim.engine.kernel import linking
from ccsim.engine.packing import PackedNetwork
from ccsim.records import Rows
from tests.networks import random_case

ROOT = Path(__file__).parents[2]
NETWORKS = 60
CODE = """
from ccsim.engine.kernel import linking
from tests.twin.test_untried_numba import digest
print(linking.FAST, digest())
"""


def digest() -> str:
    """A hash of all rows of some random networks, as the compiled engine hands them over."""
    found = hashlib.sha256()

    def take(rows: Rows) -> None:
        for table in (rows.legs, rows.work, rows.duty):
            found.update(table.tobytes())

    for seed in range(NETWORKS):
        case = random_case(random.Random(seed))
        packed = PackedNetwork(case.network)
        compiled.Machine(packed, case.roster, case.workload, take).finish()
    return found.hexdigest()


@pytest.mark.timeout(280)
def test_the_plain_way_gives_the_same_rows() -> None:
    """Compiled once for each state of the sources (some 30 s of CPU), and kept like the rest."""
    environment = {**os.environ, linking.PLAIN: "1"}
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, env=environment, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", digest()]


def test_one_warning_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(linking, "FAST", False)
    monkeypatch.delenv(linking.PLAIN, raising=False)
    linking.warn_where_slow.cache_clear()
    linking.warn_where_slow()
    linking.warn_where_slow()
    said = capsys.readouterr().err
    linking.warn_where_slow.cache_clear()
    assert said.count("\n") == 1
    assert "was not tried" in said and "slower" in said and "results are the same" in said


def test_the_oldest_that_is_allowed_is_the_one_that_ci_tries() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = re.search(r"^OLDEST_NUMBA := (\S+)$", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert oldest is not None
    assert f"numba>={oldest[1]}" in project["dependencies"]
    assert linking.TRIED[0] == f"{oldest[1]}."


def test_the_version_at_hand_is_one_that_was_tried() -> None:
    """The fast way is what all other tests of the engine test."""
    assert linking.FAST or os.environ.get(linking.PLAIN)
