"""The laws of the house, checked from the imports; the checker itself is tried on bad samples."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from ccsim.experiment.storage.replication_key import ROOMS

SOURCE = Path(__file__).parent.parent / "src" / "ccsim"

# What each room may import from the project: data flows one way.
WORDS = {"units", "errors"}
MACHINE = {"network", "workload", "roster", "records"}
MAY_IMPORT: dict[str, set[str]] = {
    "units": set(),
    "errors": set(),
    "leaving": set(),
    "records": set(),
    "erlang": set(),
    "numerics": set(),
    "scenario": WORDS,
    "network": WORDS | {"scenario", "numerics"},
    "workload": WORDS | {"scenario", "network", "numerics"},
    "roster": WORDS | {"scenario", "network", "numerics"},
    "check": WORDS | {"scenario", "network", "workload", "roster", "erlang"},
    "engine": MACHINE,
    "measures": WORDS | MACHINE | {"scenario"},
    "statistics": {"measures"},
    "experiment": WORDS
    | MACHINE
    | {"scenario", "engine", "measures", "statistics", "check", "leaving"},
    "report": WORDS
    | {"scenario", "network", "records", "measures", "statistics", "experiment", "check"},
    "cli": WORDS
    | {"scenario", "measures", "statistics", "experiment", "report", "check", "leaving"},
}
# The rooms within a room, with the modules that stand beside them: each may import those before it.
ORDER_WITHIN = {
    "experiment": ("replications", "results", "storage", "execution", "studies"),
    "report": ("words", "tables", "text", "curves", "studies", "documents", "figures", "pictures"),
    "scenario": (
        *("parsing", "written", "texts", "quantities", "blocks", "schema"),
        *("holidays", "clock", "conversations", "side_lines", "segments", "labels", "queue_names"),
        *("language", "patching", "tables", "validation", "rules", "uncertainty"),
        *("resolve", "comparable", "drawn", "templates"),
    ),
}
# Each heavy or impure dependency has one owner (a path prefix below src/ccsim).
OWNERS: dict[str, tuple[str, ...]] = {
    "yaml": ("scenario/parsing/read.py",),
    "numpy.random": ("workload/", "roster/"),
    "numba": ("network/draws.py", "network/quantiles.py", "engine/"),
    "matplotlib": ("report/figures/",),
    "simpy": ("engine/clock.py",),
    "click": ("cli/",),
    "rich": ("cli/", "report/"),
    "pyarrow": (
        *("experiment/storage/", "experiment/studies/loading.py"),
        "report/documents/frames.py",
    ),
}
HEAVY = ("scipy", "matplotlib", "numba", "pyarrow", "simpy", "pandas")
COMPILER = "ccsim.engine.kernel.compiler"  # how and where it is kept; it knows nothing of a room
# What replications import and no figure of theirs depends on: the store's key has the design that
# was drawn, and executors only decide where a replication is played.
IN_NO_KEY = {
    "ccsim.errors",
    "ccsim.experiment.replications.draws",
    "ccsim.experiment.replications.executors",
    "ccsim.leaving",
}
BAD_NAMES = {"utils", "helpers", "manager", "misc"}
MODULE_LINES, FUNCTION_LINES = 400, 60
# A comment beside what is longer says why: `# Long: a dispatch over all kinds of events.`
REASON = re.compile(r"# Long: \w+( \S+){2,}")


def imports_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif (
            isinstance(node, ast.Attribute)
            and node.attr == "random"
            and isinstance(node.value, ast.Name)
            and node.value.id in {"np", "numpy"}
        ):
            yield "numpy.random"


def faults(path: str, text: str) -> list[str]:
    """The laws that a file below src/ccsim breaks."""
    found = []
    room = path.split("/")[0].removesuffix(".py")
    tree = ast.parse(text)
    for name in imports_of(tree):
        parts = name.split(".")
        if parts[0] == "ccsim" and len(parts) > 1 and room not in {"__init__", "__main__"}:
            other = parts[1]
            if (
                not name.startswith(COMPILER)
                and other != room
                and other not in MAY_IMPORT.get(room, set())
                and other != "__version__"
            ):
                found.append(f"{path}: {room} imports {other}")
            order = ORDER_WITHIN.get(room, ())
            if other == room and order and len(parts) > 2 and "/" in path:
                here, there = path.split("/")[1].removesuffix(".py"), parts[2]
                if here != "__init__" and order.index(there) > order.index(here):
                    found.append(f"{path}: {room}/{here} imports {room}/{there}")
        for library, owners in OWNERS.items():
            if (name == library or name.startswith(library + ".")) and not path.startswith(owners):
                found.append(f"{path}: imports {library}")
    if Path(path).stem in BAD_NAMES:
        found.append(f"{path}: says nothing about what it holds")
    return [*found, *(f"{path}: {what} has {lines} lines" for what, lines in too_long(text, tree))]


def too_long(text: str, tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Functions, and the module, that exceed the limits without a reason, and their lines.

    The reason of a function stands above it (and above its decorators), that of a module above
    its imports.
    """
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if line.startswith(("import", "from"))), 0)
    if text.count("\n") > MODULE_LINES and not any(map(REASON.match, lines[:first])):
        yield "the module", text.count("\n")
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            length = node.end_lineno - node.lineno + 1
            above = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 2
            if length > FUNCTION_LINES and not REASON.match(lines[above].strip()):
                yield node.name, length


def imported_modules(name: str, text: str, known: Iterable[str]) -> set[str]:
    """The known modules that a module imports, anywhere in it: what is only for types counts, for
    a reader needs it all the same."""
    found = set()
    for full in imports_of(ast.parse(text)):
        owner = full if full in known else full.rpartition(".")[0]
        if owner in known and owner != name:
            found.add(owner)
    return found


def circles(sources: Mapping[str, str]) -> list[list[str]]:
    """Groups of modules that import one another in a circle (strongly connected, by Tarjan)."""
    graph = {name: imported_modules(name, text, sources) for name, text in sources.items()}
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        stack.append(name)
        for other in sorted(graph[name]):
            if other not in number:
                visit(other)
            if other in stack:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == number[name]:
            group = stack[stack.index(name) :]
            del stack[-len(group) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(graph):
        if name not in number:
            visit(name)
    return found


def module_name(file: Path) -> str:
    parts = ("ccsim", *file.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_every_room_is_known() -> None:
    rooms = {
        p.name.removesuffix(".py") for p in SOURCE.iterdir() if not p.name.startswith(("_", "py."))
    }
    assert rooms <= MAY_IMPORT.keys()


def test_each_folder_of_tests_is_a_room_or_a_claim_that_contributing_names() -> None:
    folders = {
        p.name for p in (SOURCE.parents[1] / "tests").iterdir() if (p / "__init__.py").exists()
    }
    rooms = {p.name.removesuffix(".py") for p in SOURCE.iterdir()} | {"tools"}
    page = (SOURCE.parents[1] / "CONTRIBUTING.md").read_text("utf-8")
    assert {name for name in folders - rooms if f"`{name}`" not in page} == set()


def test_the_source_obeys_the_laws() -> None:
    found = [
        fault
        for file in sorted(SOURCE.rglob("*.py"))
        for fault in faults(file.relative_to(SOURCE).as_posix(), file.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("engine/reference.py", "from ccsim.scenario.schema import Scenario"),
        ("workload/arrivals.py", "import ccsim.roster.model"),
        ("measures/waits.py", "from ccsim.engine import reference"),
        ("measures/waits.py", "import numpy as np\nnp.random.default_rng()"),
        ("scenario/rules/names.py", "from ccsim.measures.catalogue import MEASURES"),
        ("scenario/rules/names.py", "import yaml"),
        ("scenario/tables/files.py", "from ccsim.scenario.rules import check"),
        ("report/tables/answer_table.py", "def f():\n    import matplotlib.figure"),
        ("report/words/labels.py", "from ccsim.report.tables.text_table import Table"),
        ("network/utils.py", ""),
        ("network/model.py", "\n" * (MODULE_LINES + 1)),
        ("network/model.py", "# Long:\nimport ast\n" + "\n" * MODULE_LINES),
        ("network/model.py", "def f():\n" + "    x = 1\n" * FUNCTION_LINES),
        ("network/model.py", "# Long: no.\ndef f():\n" + "    x = 1\n" * FUNCTION_LINES),
    ],
)
def test_the_checker_catches(path: str, text: str) -> None:
    assert faults(path, text)


@pytest.mark.parametrize(
    "text",
    [
        "# Long: one table of all measures.\nimport ast\n" + "\n" * MODULE_LINES,
        "# Long: one branch for each event.\n@cache\ndef f():\n" + "    x = 1\n" * FUNCTION_LINES,
        "def f():\n" + "    x = 1\n" * (FUNCTION_LINES - 1),
    ],
)
def test_a_reason_beside_it_permits_what_is_long(text: str) -> None:
    assert faults("network/model.py", text) == []


def test_the_limits_are_those_of_contributing() -> None:
    page = (SOURCE.parents[1] / "CONTRIBUTING.md").read_text("utf-8")
    assert f"{MODULE_LINES} lines and a function {FUNCTION_LINES}" in " ".join(page.split())


def test_no_modules_import_one_another_in_a_circle() -> None:
    sources = {module_name(file): file.read_text("utf-8") for file in SOURCE.rglob("*.py")}
    assert circles(sources) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("from ccsim.room.b import thing", "import ccsim.room.a"),
        ("from ccsim.room import b", "def f():\n    from ccsim.room.c import thing"),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ccsim.room import b",
            "from ccsim.room import c",
        ),
    ],
)
def test_circles_are_caught(one: str, other: str) -> None:
    sources = {
        "ccsim.room.a": one,
        "ccsim.room.b": other,
        "ccsim.room.c": "from ccsim.room.a import thing",
        "ccsim.room.d": "from ccsim.room.a import thing",  # imports the circle, is not in it
    }
    assert circles(sources) in [
        [["ccsim.room.a", "ccsim.room.b"]],
        [["ccsim.room.a", "ccsim.room.b", "ccsim.room.c"]],
    ]
    assert circles(sources | {"ccsim.room.b": ""}) == []


def test_the_store_is_keyed_by_all_code_that_results_follow_from() -> None:
    """All that plays a replication, by imports, stands in a room whose code the key has."""
    sources = {module_name(file): file.read_text("utf-8") for file in SOURCE.rglob("*.py")}
    needed, left = set(), ["ccsim.experiment.replications.replicate"]
    while left:
        name = left.pop()
        if name not in needed:
            needed.add(name)
            left += imported_modules(name, sources[name], sources)
    rooms = [f"ccsim.{room.removesuffix('.py').replace('/', '.')}" for room in ROOMS]
    lacking = {
        name for name in needed if not any(f"{name}.".startswith(f"{room}.") for room in rooms)
    }
    assert lacking <= {"ccsim", *IN_NO_KEY}
    assert all((SOURCE / room).exists() for room in ROOMS)


@pytest.mark.parametrize("command", ["import ccsim", "import ccsim.cli.main"])
def test_start_up_is_light(command: str) -> None:
    code = f"{command}; import sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
