"""The engines as plain Python, with or without a fault planted in their source.

A copy of the package `ccsim.engine` is loaded under another name, its kernel not compiled. So the
kernel's own source runs interpreted, and a fault is a change of one place in the syntax tree.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

import ccsim.engine
from ccsim.records import Records
from tests.twin.trees import planted

SOURCE = Path(ccsim.engine.__file__).parent
NOT_COMPILED = """
FUNCTIONS, ENTRIES = [], []
def kernel(function): return function
entry = inlined = words = kernel
def prepare(): pass
"""
TURN_BITS = 27  # two minutes
_numbers = itertools.count()


@dataclass(frozen=True)
class Fault:
    """In a file, the one place whose code is `right` has `wrong` instead; see `trees.planted`."""

    file: str
    right: str
    wrong: str


@contextmanager
def engines(fault: Fault | None = None) -> Iterator[ModuleType]:
    """The package with the fault: its modules `reference` and `compiled` are engines.

    Raises AssertionError where the code is not found once: the fault would be no fault.
    """
    name = f"engines_{next(_numbers)}"
    modules = {}
    for path in sorted(SOURCE.rglob("*.py")):
        file = path.relative_to(SOURCE).as_posix()
        text = path.read_text("utf-8")
        if fault is not None and fault.file == file:
            text = planted(text, fault.right, fault.wrong)
        parts = [name, *file.removesuffix(".py").split("/")]
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        text = NOT_COMPILED if file == "kernel/compiler.py" else text
        modules[".".join(parts)] = (path, text.replace("ccsim.engine", name))
    finder = Finder(modules)
    sys.meta_path.insert(0, finder)
    try:
        with np.errstate(over="ignore"):  # draws wrap around
            package = importlib.import_module(name)
            importlib.import_module(f"{name}.reference")
            importlib.import_module(f"{name}.compiled")
            # Small networks live for minutes: what is far away shall be far for them.
            vars(importlib.import_module(f"{name}.packing"))["TURN_BITS"] = TURN_BITS
            yield package
    finally:
        sys.meta_path.remove(finder)
        for module in modules:
            sys.modules.pop(module, None)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules whose source is at hand as text."""

    def __init__(self, modules: dict[str, tuple[Path, str]]) -> None:
        self.modules = modules

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in self.modules:
            return None
        is_package = self.modules[name][0].name == "__init__.py"
        return importlib.machinery.ModuleSpec(name, self, is_package=is_package)

    def create_module(self, spec: object) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        path, text = self.modules[module.__name__]
        exec(compile(text, str(path), "exec"), module.__dict__)


Simulate = Callable[..., Records]


def difference(one: Records, other: Records) -> str | None:
    """Where two engines' records differ first, cell by cell; None: nowhere."""
    for name in ("legs", "work", "duty"):
        a, b = getattr(one, name), getattr(other, name)
        if a.dtype != b.dtype:
            return f"{name}: {a.dtype} and {b.dtype}"
        for row, (left, right) in enumerate(zip(a.tolist(), b.tolist(), strict=False)):
            if left != right:
                assert a.dtype.names is not None
                cells = zip(a.dtype.names, left, right, strict=True)
                unlike = {column: (x, y) for column, x, y in cells if x != y}
                return f"{name} row {row}: {left}; {unlike}"
        if len(a) != len(b):
            return f"{name}: {len(a)} and {len(b)} rows"
    return None
