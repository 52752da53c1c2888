"""The worked examples of CONTRIBUTING are carried out, on a copy of the tree."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ccsim
from ccsim.measures import unregister
from tests.docs.markdown import REPOSITORY, blocks
from tests.docs.shell import Shell

PAGE = REPOSITORY / "CONTRIBUTING.md"
CHANGES = Path(__file__).with_name("changes")
EXAMPLES = {"A measure of a new fact": "short_abandoned", "A new condition of a route": "keep_free"}
COPIED = ("src", "tests", "tools", "docs", "pyproject.toml")
# The engines with the new condition, side by side; `difference` has planted faults of its own.
TWIN = """
import random
from ccsim.engine import compiled, reference
from tests.networks import FEATURES, random_case
from tests.twin.mutants import difference
new = 0
for seed in range(120):
    case = random_case(random.Random(seed))
    given = case.network, case.roster, case.workload
    records = compiled.simulate(*given)
    found = difference(reference.simulate(*given), records)
    assert found is None, f"seed {seed}: {found}"
    new += FEATURES["places kept free"](case, records)
print(new)
"""


def apply(name: str, tree: Path) -> subprocess.CompletedProcess[str]:
    """Applies a change of `tests/docs/changes` to a tree; one line of context must agree."""
    change = ["git", "apply", "-C1", str(CHANGES / f"{name}.diff")]
    return subprocess.run(change, cwd=tree, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with both changes."""
    copy = tmp_path_factory.mktemp("tree")
    for name in COPIED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    for name in EXAMPLES.values():
        done = apply(name, copy)
        assert done.returncode == 0, f"{name}.diff is out of date: {done.stderr}"
    return copy


def python(tree: Path, *arguments: str) -> str:
    """Runs Python on the sources of a tree, with a cache of compiled code of its own."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(tree / "src"), str(tree))),
        "XDG_CACHE_HOME": str(tree / "cache"),
        "NUMBA_CACHE_DIR": str(tree / "cache"),
    }
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tree, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def redials_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of the measure that the page registers, in one file of the user's."""
    (code,) = [block.text for block in blocks(PAGE) if block.language == "python"]
    (tmp_path / "my_measures.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("my_measures")
    yield "redials_answered"
    unregister("redials_answered")
    sys.modules.pop("my_measures")


def test_a_measure_of_known_facts(redials_answered: str, tmp_path: Path) -> None:
    """Its value is a share of redials; with nobody who redials it is undefined."""
    assert Shell(tmp_path).run("ccsim init desk.yaml").code == 0
    found = ccsim.run(tmp_path / "desk.yaml", replications=4, workers=1)
    share, redials = found[f"phone.{redials_answered}"], found["phone.redials"]
    assert redials.value is not None and redials.value > 0.0
    assert share.value is not None and 0.0 < share.value < 1.0
    assert share.low is not None and share.low < share.value
    other = ccsim.run(tmp_path / "desk.yaml", replications=1, workers=1, engine="simpy")
    same = ccsim.run(tmp_path / "desk.yaml", replications=1, workers=1)
    key = f"phone.{redials_answered}"
    assert other[key].value == same[key].value


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_page_lists_the_files_of_the_change(title: str) -> None:
    section = PAGE.read_text("utf-8").split(f"\n### {title}\n")[1].split("\n### ")[0]
    listed = re.findall(r"^\| `([\w./]+)` \|", section, re.MULTILINE)
    change = (CHANGES / f"{EXAMPLES[title]}.diff").read_text("utf-8")
    assert sorted(listed) == sorted(re.findall(r"^\+\+\+ b/(.+)$", change, re.MULTILINE))
    assert f"tests/docs/changes/{EXAMPLES[title]}.diff" in section


@pytest.mark.timeout(600)
def test_the_changes_hold_on_both_engines(tree: Path) -> None:
    """Their own tests, and random networks with the new condition; the kernel is compiled anew."""
    assert int(python(tree, "-c", TWIN)) >= 10
    own = ("tests/theory/test_short_abandoned.py", "tests/law/test_keep_free.py")
    fault = "tests/twin/test_planted_faults.py::test_a_fault_in_the_kernel_is_caught"
    python(
        tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", *own,
        f"{fault}[one place too few kept free]",
    )  # fmt: skip


def test_the_pages_have_what_is_new(tree: Path) -> None:
    python(tree, "-m", "tools.measures_reference", "docs/reference/measures.md")
    assert "`short_abandoned`" in (tree / "docs/reference/measures.md").read_text("utf-8")
    assert "| `keep_free` |" in python(tree, "-m", "tools.language_reference")


def test_a_change_that_is_out_of_date_is_noticed(tree: Path) -> None:
    """What is applied already cannot be applied again."""
    assert apply("keep_free", tree).returncode != 0
