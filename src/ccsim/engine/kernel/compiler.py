"""How kernel functions are compiled: with explicit types, without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(signature: str) -> Callable[[Function], Function]:
    """Compile a function for these types: `m` is the arena, `f` its view as floats, `i` an integer,
    `d` a float, `b` a truth value, `-` nothing; "b(mi)" takes the arena and an integer."""
    words = {
        "m": "int64[::1]",
        "f": "float64[::1]",
        "i": "int64",
        "d": "float64",
        "b": "boolean",
        "-": "void",
    }
    result, arguments = signature.rstrip(")").split("(")
    types = f"{words[result]}({', '.join(words[letter] for letter in arguments)})"

    def compiled(function: Function) -> Function:
        jit = numba.njit(types, cache=True, nogil=True, error_model="numpy")
        return cast(Function, jit(function))

    return compiled
