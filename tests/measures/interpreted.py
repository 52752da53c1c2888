"""The accumulator of the measures in plain Python, with or without a fault in its source."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import ccsim.measures.accumulate
from ccsim.measures import accumulator
from tests.twin.mutants import NOT_COMPILED, Fault, Finder
from tests.twin.trees import planted

SOURCE = Path(ccsim.measures.accumulate.__file__).parent
COMPILER = "ccsim.engine.kernel.compiler"
ENTRIES = {
    "rows": ("accumulate", "end", "peaks"),
    "sums": ("count_arrivals", "add_time", "add_shared_time", "settle", "sum_up"),
}


@contextmanager
def interpreted(fault: Fault | None = None) -> Iterator[None]:
    """Accumulate by the interpreted source, with the fault planted in it.

    Raises AssertionError where its code is not found once: the fault would be no fault.
    """
    name = "accumulate_in_python"
    modules = {f"{name}.compiler": (SOURCE / "compiler.py", NOT_COMPILED)}
    for path in sorted(SOURCE.glob("*.py")):
        text = path.read_text("utf-8")
        if fault is not None and fault.file == path.name:
            text = planted(text, fault.right, fault.wrong)
        text = text.replace(COMPILER, f"{name}.compiler").replace("ccsim.measures.accumulate", name)
        module = name if path.stem == "__init__" else f"{name}.{path.stem}"
        modules[module] = (path, text)
    finder = Finder(modules)
    sys.meta_path.insert(0, finder)
    try:
        with pytest.MonkeyPatch.context() as patch, np.errstate(over="ignore"):
            for module, entries in ENTRIES.items():
                source: ModuleType = importlib.import_module(f"{name}.{module}")
                for entry in entries:
                    patch.setattr(accumulator, entry, getattr(source, entry))
            yield
    finally:
        sys.meta_path.remove(finder)
        for module in modules:
            sys.modules.pop(module, None)
