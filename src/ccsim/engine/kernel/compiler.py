"""How kernel functions are compiled, and when.

Each function is compiled once, for the types that it is annotated with. Numba's own cache looks at
the file of a function alone and would return stale code when a constant or a function of another
file has changed; so the folder bears a fingerprint of all sources that may matter.
"""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from ccsim.engine.kernel import cache, layout, linking, lowering, structs
from ccsim.records import DUTY_DTYPE, LEGS_DTYPE, WORK_DTYPE

Function = TypeVar("Function", bound=Callable[..., object])
Word = TypeVar("Word", bound=np.generic)

PACKAGE = Path(__file__).parents[2]
# whatever the kernels take a constant from
SOURCES = ("engine", "measures/accumulate", "network", "records.py")
_numba: Any = numba  # its annotations lack what is used here
_types: Any = types
FUNCTIONS: list[Any] = []  # all there are
ENTRIES: list[Any] = []  # those that Python calls
TYPES = {
    "int": types.int64,
    "float": types.float64,
    "bool": types.boolean,
    "None": types.void,
    "Ints": types.int64[::1],
    "Floats": types.float64[::1],
    "Legs": numba.from_dtype(LEGS_DTYPE)[::1],
    "Work": numba.from_dtype(WORK_DTYPE)[::1],
    "Duty": numba.from_dtype(DUTY_DTYPE)[::1],
}
# What an annotation of a kernel function says to the type checker is a whole number to Numba.
HANDLES = {
    name: types.int64
    for module in (layout, structs)
    for name, kind in vars(module).items()
    if isinstance(kind, structs.Structures) or name in ("Instant", "Units")
} | {"Place": types.int64, "Offset": types.int64}
# Within the kernel an array is the address of its first word (`lowering`).
POINTERS = {
    "Ints": _types.CPointer(types.int64),
    "Memory": _types.CPointer(types.int64),
    "Reals": _types.CPointer(types.float64),
}


def kernel(function: Function) -> Function:
    """A function of integers, truth values and arrays that the kernel calls."""
    return _compiled(function, POINTERS, linking.options_of_part())


def inlined(function: Function) -> Function:
    """One that is repeated wherever it is called: what every contact goes through."""
    return _compiled(function, POINTERS, linking.options_of_part(inline=True))


def entry(function: Function) -> Function:
    """A function that Python calls; with all that it calls it is kept on disk."""
    with _cache_in(FOLDER):
        options = {"cache": FOLDER is not None, "nogil": True, **linking.options_of_entry()}
        compiled = _compiled(function, {}, options)
    ENTRIES.append(compiled)
    return compiled


def words(array: NDArray[Word]) -> NDArray[Word]:
    """An array as functions of the kernel take it; not to be outlived by it."""
    return array


lowering.pass_as_address(words)


def _compiled(function: Function, kinds: dict[str, Any], options: dict[str, Any]) -> Function:
    compiled: Any = _numba.njit(error_model="numpy", **options)(function)
    if not _numba.config.DISABLE_JIT:
        # Left to itself Numba compiles a version for every constant that is ever an argument.
        known = TYPES | HANDLES | kinds
        named = {
            name: known[kind.partition("[")[0]] for name, kind in function.__annotations__.items()
        }
        returned = named.pop("return")
        compile_for = compiled.compile
        compiled.compile = lambda _: compile_for(returned(*named.values()))
    FUNCTIONS.append(compiled)
    return cast(Function, compiled)


# --- the folder ---


def fingerprint(package: Path = PACKAGE) -> str:
    """16 hexadecimal digits that change with any source of the engines or the network, with the
    versions of Numba and Python, and with the way in which code is linked."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version} {linking.FAST}".encode())
    for source in SOURCES:
        path = package / source
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            digest.update(f"\0{file.relative_to(package).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


FOLDER = None if _numba.config.DISABLE_JIT else cache.folder_for(f"kernel-{fingerprint()}")


@contextmanager
def _cache_in(folder: Path | None) -> Iterator[None]:
    before = _numba.config.CACHE_DIR
    _numba.config.CACHE_DIR = str(folder or before)
    try:
        yield
    finally:
        _numba.config.CACHE_DIR = before


# --- the first time ---

_preparing = threading.Lock()


def prepare() -> None:
    """Compile what has been imported and is not yet compiled on this machine.

    It says so on standard error; processes that start together wait for the first of them. Compiled
    code on disk that is broken is made anew.
    """
    with _preparing:
        missing = [each for each in ENTRIES if not (_numba.config.DISABLE_JIT or each.signatures)]
        if not missing:
            return
        linking.warn_where_slow()
        with cache.one_process_at_a_time(FOLDER):
            if FOLDER is not None:
                cache.discard_broken(FOLDER)
            on_disk = all(map(_is_on_disk, missing))
            if not on_disk:
                _say_that_it_compiles()
            for function in missing:
                _compile(function)
            if FOLDER is not None and not on_disk:
                cache.seal(FOLDER)


def _compile(function: Any) -> None:
    """Compile a function or read it from disk; where that fails, without what lies on disk."""
    try:
        function.compile(())
    except OSError:  # it could not be written, on a full disk: it runs all the same
        if not function.signatures:
            raise
    except Exception:
        if FOLDER is None:
            raise
        cache.discard(FOLDER)
        function.compile(())


@lru_cache(maxsize=1)
def _say_that_it_compiles() -> None:
    """Once in a process, though the engine and the measures are compiled one after the other."""
    kept = "once" if FOLDER else "each time: no cache folder can be used"
    told = f"Compiling the engine ({kept}, about {linking.SECONDS} s)..."
    print(told, file=sys.stderr, flush=True)


def _is_on_disk(function: Any) -> bool:
    return FOLDER is not None and any(FOLDER.rglob(f"*.{function.__name__}-*.nbi"))
