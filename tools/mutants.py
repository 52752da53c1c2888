"""Plant small faults in the syntax tree of the package, one at a time, and see who notices.

    python tools/mutants.py --count 100 --seed 1 --out mutants.jsonl   # all rooms in turn
    python tools/mutants.py --room measures --count 5
    python tools/mutants.py --list --room statistics                   # places only, nothing is run
    python tools/mutants.py --again mutants.jsonl --full               # the unseen, by all tests

A mutant is one changed node of one function: a comparison that flips, a number that is off by one,
a term that is dropped, arguments that change places, a condition that is gone. The tree decides
where, not the text, so a rename breaks nothing. Each is planted in a copy of the repository, and
the tests run there, those nearest by imports first and up to the first failure: `seen` when one
fails, `not seen` when none of `--files` test files does. A verdict is written at once.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("src/ccsim")
TESTS = Path("tests")
# Read by every test that reads sources, and no nearer to one module than to another.
EVERYWHERE = {"test_architecture.py", "test_law_of_results.py", "test_every_processor.py"}

FLIPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPPOSITES: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
TWINS = {"min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum",
         "maximum": "minimum", "ceil": "floor", "floor": "ceil"}  # fmt: skip
# Arguments that may change places, or whose change no program survives.
COMMUTATIVE = {
    "min",
    "max",
    "minimum",
    "maximum",
    "array_equal",
    "isclose",
    "isinstance",
    "getattr",
}


@dataclass(frozen=True)
class Mutant:
    """A fault: the words from (line, column) to (end_line, end_column) become others."""

    file: str  # below the root
    function: str
    line: int
    column: int  # bytes of UTF-8, as the syntax tree counts
    end_line: int
    end_column: int
    kind: str
    before: str
    after: str

    @property
    def room(self) -> str:
        return Path(self.file).relative_to(PACKAGE).parts[0].removesuffix(".py")

    def planted(self, text: str) -> str:
        """The text of the file with the fault."""
        lines = [line.encode() for line in text.splitlines(keepends=True)]
        first, last = lines[self.line - 1], lines[self.end_line - 1]
        lines[self.line - 1 : self.end_line] = [
            first[: self.column] + self.after.encode() + last[self.end_column :]
        ]
        return b"".join(lines).decode()


# --- where faults can be ---


def mutants_of(file: str, text: str) -> Iterator[Mutant]:
    """All mutants of a module, in the order of its functions."""
    for function, node, kind, other in _places(ast.parse(text)):
        before, after = ast.get_source_segment(text, node) or "", _written(other)
        if after not in (before, f"({before})"):
            yield Mutant(
                file, function, node.lineno, node.col_offset,
                node.end_lineno or 0, node.end_col_offset or 0, kind, before, after,
            )  # fmt: skip


def _places(tree: ast.AST) -> Iterator[tuple[str, ast.expr | ast.stmt, str, ast.expr | ast.stmt]]:
    """The function, the node that changes, the kind of the change, and what takes its place."""
    for function, node in _nodes(tree):
        for kind, other in _changes(node):
            yield function, node, kind, other
        if isinstance(node, ast.If):
            for value in (True, False):
                yield function, node.test, "condition gone", ast.Constant(value)


def _nodes(tree: ast.AST) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    """Nodes within functions that a fault may be in, each with its function's name: no annotations,
    decorators, texts, messages, or what is for the type checker."""

    def walk(node: ast.AST, function: str) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
        if isinstance(node, ast.JoinedStr | ast.Raise | ast.Assert | ast.Import | ast.ImportFrom):
            return
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return
        if function and isinstance(node, ast.expr | ast.stmt):
            yield function, node
        name = function
        children = ast.iter_child_nodes(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            is_class = isinstance(node, ast.ClassDef)
            name = function if is_class else f"{function}.{node.name}".lstrip(".")
            children = iter(node.body)
            if not is_class and not function:
                name = node.name
        elif isinstance(node, ast.AnnAssign):
            children = iter([node.value] if node.value else [])
        elif isinstance(node, ast.arguments):
            return
        for child in children:
            yield from walk(child, name)

    yield from walk(tree, "")


def _changes(node: ast.expr | ast.stmt) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in FLIPS:
        other = FLIPS[type(node.ops[0])]()
        yield "comparison", ast.Compare(node.left, [other], node.comparators)
    elif isinstance(node, ast.BinOp):
        if type(node.op) in OPPOSITES and not isinstance(node.left, ast.Constant | ast.JoinedStr):
            yield "operator", ast.BinOp(node.left, OPPOSITES[type(node.op)](), node.right)
        if isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
            yield "dropped term", node.left
    elif isinstance(node, ast.BoolOp):
        yield (
            "dropped condition",
            ast.BoolOp(node.op, node.values[:-1]) if len(node.values) > 2 else node.values[0],
        )
        yield (
            "dropped condition",
            ast.BoolOp(node.op, node.values[1:]) if len(node.values) > 2 else node.values[1],
        )
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield "sign", node.operand
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield "constant", ast.Constant(not node.value)
        elif isinstance(node.value, int):
            yield "off by one", ast.Constant(node.value + 1)
        elif isinstance(node.value, float):
            yield "constant", ast.Constant(node.value * 1.25 or 0.5)
    elif isinstance(node, ast.Call):
        yield from _changes_of_call(node)
    elif isinstance(node, ast.AugAssign):
        if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.BitOr):
            yield "dropped statement", ast.Pass()
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "dropped statement", ast.Pass()
    elif isinstance(node, ast.IfExp):
        yield "condition gone", node.body
        yield "condition gone", node.orelse


def _changes_of_call(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    name = node.func.id if isinstance(node.func, ast.Name) else name
    plain = [a for a in node.args if not isinstance(a, ast.Starred)]
    swappable = len(plain) == len(node.args) >= 2 and not isinstance(node.args[1], ast.Constant)
    if swappable and name not in COMMUTATIVE:
        swapped = [node.args[1], node.args[0], *node.args[2:]]
        yield "swapped arguments", ast.Call(node.func, swapped, node.keywords)
    if name in TWINS:
        func: ast.expr = (
            ast.Attribute(node.func.value, TWINS[name])
            if isinstance(node.func, ast.Attribute)
            else ast.Name(TWINS[name])
        )
        yield "twin function", ast.Call(func, node.args, node.keywords)


def _written(node: ast.expr | ast.stmt) -> str:
    text = ast.unparse(ast.fix_missing_locations(node))
    simple = isinstance(node, ast.stmt | ast.Constant | ast.Name | ast.Attribute | ast.Call)
    return text if simple or isinstance(node, ast.Subscript) else f"({text})"


# --- which tests are near ---


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    parts = parts[parts.index("ccsim") :] if "ccsim" in parts else parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def nearest_tests(root: Path, file: str) -> list[str]:
    """Test files by their distance in imports from a module, those of its room first among equals.

    A test that imports `ccsim` alone stands beside the rooms that its lazy page leads to, so every
    test file is somewhere in the list, those without any path at its end.
    """
    paths = [*(root / PACKAGE).rglob("*.py"), *(root / TESTS).rglob("*.py")]
    name_of = {p: _module(p.relative_to(root)) for p in paths}
    known = set(name_of.values())
    importers: dict[str, set[str]] = defaultdict(set)
    for path, name in name_of.items():
        for target in _imported(path.read_text("utf-8")):
            if target in known and target != name:
                importers[target].add(name)
    start = _module(Path(file))
    distance = {start: 0}
    queue = deque([start])
    while queue:
        one = queue.popleft()
        for other in importers[one]:
            if other not in distance:
                distance[other] = distance[one] + 1
                queue.append(other)
    room = Path(file).relative_to(PACKAGE).parts[0].removesuffix(".py")
    tests = [p for p in paths if p.name.startswith("test_") and p.name not in EVERYWHERE]
    far = max(distance.values()) + 1

    def order(path: Path) -> tuple[int, bool, int, str]:
        inside = path.relative_to(root / TESTS).parts[0]
        near = distance.get(name_of[path], far)
        return near, inside != room, path.stat().st_size, path.as_posix()

    ordered = [p.relative_to(root).as_posix() for p in sorted(tests, key=order)]
    law = (TESTS / "test_law_of_results.py").as_posix()
    return [*ordered[:8], law, *ordered[8:]]


# --- planting and judging ---


@dataclass(frozen=True)
class Verdict:
    """What the tests said of a mutant."""

    mutant: Mutant
    verdict: str  # 'seen', 'not seen', 'not run' (what was planted is no Python, or all was broken)
    by: str  # the first failure
    files: int
    seconds: float


def judge(copy: Path, mutant: Mutant, files: int, limit: float) -> Verdict:
    """Plant the mutant in the copy, run the nearest tests there, and take it out again."""
    path = copy / mutant.file
    text, times = path.read_text("utf-8"), path.stat()
    faulty = mutant.planted(text)
    try:
        ast.parse(faulty)
    except SyntaxError:
        return Verdict(mutant, "not run", "no Python", 0, 0.0)
    tests = nearest_tests(copy, mutant.file)[:files]
    began = time.monotonic()
    path.write_text(faulty, "utf-8")
    try:
        done, output = _run(copy, ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", *tests], limit)
    finally:
        path.write_text(text, "utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # caches go by it
    seconds = round(time.monotonic() - began, 1)
    failed = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if done is None:
        return Verdict(mutant, "seen", f"still running after {limit:.0f} s", len(tests), seconds)
    if done == 0:
        return Verdict(mutant, "not seen", "", len(tests), seconds)
    first = failed[0] if failed else output.strip()[-300:]
    return Verdict(mutant, "seen", first[:300], len(tests), seconds)


def _run(copy: Path, arguments: list[str], limit: float) -> tuple[int | None, str]:
    """The exit code of pytest in the copy (None: stopped at the limit) and what it printed."""
    environment = os.environ | {
        "PYTHONPATH": str(copy / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "XDG_CACHE_HOME": str(copy / ".cache"),  # mutants of the kernel leave nothing behind
    }
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None, ""
        return process.returncode, output


def copied(into: Path) -> Path:
    """A copy of what Git knows of the repository, as it lies in the working tree."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, into / name)
    return into


def chosen(rooms: list[str], count: int, seed: int) -> list[Mutant]:
    """So many mutants, the rooms in turn; within a room every place is as likely as any other."""
    by_room: dict[str, list[Mutant]] = defaultdict(list)
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        for mutant in mutants_of(file, path.read_text("utf-8")):
            if not mutant.room.startswith("_"):
                by_room[mutant.room].append(mutant)
    unknown = set(rooms) - by_room.keys()
    if unknown:
        raise SystemExit(f"no such room: {', '.join(sorted(unknown))} ({', '.join(by_room)})")
    source = random.Random(seed)
    shuffled = {
        room: source.sample(found, len(found))
        for room, found in sorted(by_room.items())
        if not rooms or room in rooms
    }
    found: list[Mutant] = []
    while len(found) < count and any(shuffled.values()):
        found += [mutants.pop() for mutants in shuffled.values() if mutants]
    return found[:count]


def _read_again(path: Path) -> list[Mutant]:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [Mutant(**line["mutant"]) for line in lines if line["verdict"] == "not seen"]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=10, help="mutants (default: 10)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", action="append", default=[], help="of these rooms only")
    parser.add_argument("--files", type=int, default=30, help="test files for each (default: 30)")
    parser.add_argument("--full", action="store_true", help="all test files")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds for each")
    parser.add_argument("--out", type=Path, help="where verdicts are written, a line of JSON each")
    parser.add_argument("--again", type=Path, help="those of this file that were not seen")
    parser.add_argument("--list", action="store_true", help="print the places only")
    asked = parser.parse_args()
    mutants = (
        _read_again(asked.again) if asked.again else chosen(asked.room, asked.count, asked.seed)
    )
    if asked.list:
        for one in mutants:
            print(f"{one.file}:{one.line} {one.function}: {one.kind}: {one.before} -> {one.after}")
        return 0
    files = 10**6 if asked.full else asked.files
    seen = 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = copied(Path(folder))
        for number, mutant in enumerate(mutants, 1):
            found = judge(copy, mutant, files, asked.limit)
            seen += found.verdict == "seen"
            print(
                f"{number}/{len(mutants)} {found.verdict}: {mutant.file}:{mutant.line} "
                f"{mutant.function}: {mutant.kind}: {mutant.before} -> {mutant.after} "
                f"({found.seconds:.0f} s) {found.by}",
                flush=True,
            )
            if asked.out:
                with asked.out.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(asdict(found)) + "\n")
    print(f"{seen} of {len(mutants)} seen")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
