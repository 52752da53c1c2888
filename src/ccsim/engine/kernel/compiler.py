"""How kernel functions are compiled: without the interpreter's lock, kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])

FUNCTIONS: list[Callable[..., object]] = []  # all there are


def kernel(function: Function) -> Function:
    """Compile a function when it is first called; an integer is 64 bits everywhere, so there is one
    version of each."""
    compiled = cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    FUNCTIONS.append(compiled)
    return compiled
