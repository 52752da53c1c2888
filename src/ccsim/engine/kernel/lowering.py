"""What Numba knows of `ccsim.engine.kernel.structs`, by its public extension interface only.

A structure is a constant to it, with offsets and a size; the functions that make handles are sums.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import extending, types

from ccsim.engine.kernel.structs import (
    Structures,
    address,
    as_instant,
    as_units,
    handle,
    memory,
    nth,
    reals,
)

_extending: Any = extending  # its annotations lack what is used here
_types: Any = types


@_extending.typeof_impl.register(Structures)  # type: ignore[untyped-decorator]
def _type_of_structure(structure: Structures, context: object) -> Any:
    """A structure is to Numba what a module is: something with constants."""
    return _types.Module(structure)


@_extending.type_callable(handle)  # type: ignore[untyped-decorator]
def _type_of_handle(context: object) -> Callable[..., Any]:
    return lambda kind, address: _types.int64


@_extending.lower_builtin(handle, _types.Module, _types.Integer)  # type: ignore[untyped-decorator]
def _lower_handle(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return context.cast(builder, arguments[1], signature.args[1], _types.int64)


@_extending.type_callable(nth)  # type: ignore[untyped-decorator]
def _type_of_nth(context: object) -> Callable[..., Any]:
    return lambda kind, first, number: _types.int64


@_extending.lower_builtin(  # type: ignore[untyped-decorator]
    nth, _types.Module, _types.Integer, _types.Integer
)
def _lower_nth(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    kind, *given = signature.args
    first, number = (
        context.cast(builder, argument, type_, _types.int64)
        for argument, type_ in zip(arguments[1:], given, strict=True)
    )
    size = context.get_constant(_types.int64, kind.pymod.size)
    return builder.add(first, builder.mul(size, number))


def _unchanged(function: Callable[..., Any]) -> None:
    """Let Numba take a function that changes a word's type only as the word itself."""

    @_extending.type_callable(function)  # type: ignore[untyped-decorator]
    def _(context: object) -> Callable[..., Any]:
        return lambda number: _types.int64

    @_extending.lower_builtin(function, _types.Integer)  # type: ignore[untyped-decorator]
    def _(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.cast(builder, arguments[0], signature.args[0], _types.int64)


def pass_as_address(function: Callable[..., Any]) -> None:
    """Let Numba take a function of an array as the address of its first word: an array is seven
    arguments to each call, and each of its indices is tested for being negative."""

    @_extending.type_callable(function)  # type: ignore[untyped-decorator]
    def _(context: object) -> Callable[..., Any]:
        return lambda array: _types.CPointer(array.dtype)

    @_extending.lower_builtin(function, _types.Array)  # type: ignore[untyped-decorator]
    def _(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.make_array(signature.args[0])(context, builder, arguments[0]).data


_unchanged(as_instant)
_unchanged(as_units)
_unchanged(address)
pass_as_address(memory)
pass_as_address(reals)
