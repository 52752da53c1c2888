"""Compiled code is kept under a name that changes with its sources, or not at all; one version of
each function."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ccsim.engine.compiled  # every kernel function is defined by it
from ccsim.engine.kernel import compiler

RUN = """
import sys
sys.path.insert(0, {root!r})
import random
from ccsim.engine import compiled
from tests.networks import random_case
labels = set()
for seed in range(60):
    case = random_case(random.Random(seed))
    records = compiled.simulate(case.network, case.roster, case.workload)
    labels |= set(records.legs["label"].tolist())
print(compiled.__file__)
print(99 in labels, 9 in labels)
"""


def test_the_folder_changes_with_any_source(tmp_path: Path) -> None:
    copy = tmp_path / "ccsim"
    shutil.copytree(compiler.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = compiler.fingerprint(copy)
    assert before == compiler.fingerprint(compiler.PACKAGE)
    names = {before}
    for source in ("engine/kernel/layout.py", "engine/order.py", "network/draws.py", "records.py"):
        with (copy / source).open("a") as file:
            file.write("\n# a word\n")
        names.add(compiler.fingerprint(copy))
    assert len(names) == 5


def test_each_function_is_compiled_once_and_for_its_types() -> None:
    assert vars(ccsim.engine.compiled)["prepare"] is compiler.prepare
    compiler.prepare()
    for function in compiler.ENTRIES:
        assert len(function.signatures) == 1, function.__name__
    for function in compiler.FUNCTIONS:
        assert len(function.signatures) <= 1, function.__name__
    assert len(compiler.FUNCTIONS) > 80


@pytest.mark.slow
def test_an_edit_takes_effect(tmp_path: Path) -> None:
    """The label of a helper's part, in one file, is written by a function in another."""
    copy = tmp_path / "src" / "ccsim"
    shutil.copytree(compiler.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert _runs(tmp_path) == ("False True", True)
    assert _runs(tmp_path) == ("False True", False)
    constants = copy / "engine" / "kernel" / "constants.py"
    text = constants.read_text("utf-8")
    assert text.count("int(Label.HELPED)") == 1
    constants.write_text(text.replace("int(Label.HELPED)", "25"), "utf-8")
    said, compiled_anew = _runs(tmp_path, 25)
    assert said == "True False" and compiled_anew


@pytest.mark.slow
def test_a_home_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.touch()
    said, compiled_anew = _runs(tmp_path, cache=nowhere / "cache")
    assert said == "False True" and compiled_anew


def _runs(folder: Path, label: int = 99, cache: Path | None = None) -> tuple[str, bool]:
    """What the copy of the package says (the original where there is none), and whether it told of
    compiling."""
    root = Path(__file__).parents[2]
    source = folder / "src" if (folder / "src").exists() else root / "src"
    code = RUN.format(root=str(root)).replace("99", str(label))
    code = f"import sys; sys.path.insert(0, {str(source)!r})\n{code}"
    cached = str(cache or folder / "cache")
    environment = {**os.environ, "XDG_CACHE_HOME": cached, "NUMBA_CACHE_DIR": cached}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    file, said = done.stdout.splitlines()
    assert file.startswith(str(source))
    assert done.stderr.count("Compiling the engine") <= 1
    return said, "Compiling the engine" in done.stderr
