"""Structures in one array of words, declared once: offsets for Numba, types for the type checker.

A structure is declared like a dataclass. Each field has a type, a meaning and perhaps a unit:

    class Span(Struct):
        \"\"\"A stretch of time on duty.\"\"\"

        start: Word[Instant] = word("first instant on duty", "us")

The fields stand in the array in the order of their declaration, after those of the base class. A
*handle* of a structure is the address of its first word, and 0 is no structure. At run time
`Span.start` is an offset and a handle is an integer, so that `memory[span + Span.start]` compiles
to one load. To the type checker it is a word of a span that holds an instant: it refuses the field
of another structure, the handle of another structure, and a value of another type.

`ccsim.engine.kernel.lowering` makes structures and these functions known to Numba.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
S = TypeVar("S", bound="Struct")
Whose = TypeVar("Whose", contravariant=True)


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """What is known of a field. `count` words stand side by side; `offset` is its first."""

    name: str
    type: str
    meaning: str
    unit: str
    count: int
    offset: int


class Structures(type):
    """The class of structures: it replaces each declaration by its offset."""

    size: int  # words of one
    fields: tuple[FieldInfo, ...]

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], first: int | None = None
    ) -> Structures:
        """`first` is the offset of the first field: behind those of the base class, unless said."""
        base = next((each for each in bases if isinstance(each, Structures)), None)
        fields = list(base.fields) if base is not None else []
        offset = first if first is not None else base.size if base is not None else 0
        types_of = namespace.get("__annotations__", {})
        for field, declared in list(namespace.items()):
            if isinstance(declared, _Declared):
                meaning, unit, count = declared.meaning, declared.unit, declared.count
                fields.append(FieldInfo(field, types_of[field], meaning, unit, count, offset))
                namespace[field] = offset
                offset += count
        made = super().__new__(cls, name, bases, namespace)
        made.size, made.fields = offset, tuple(fields)
        return made


@dataclass(frozen=True, slots=True)
class _Declared:
    meaning: str
    unit: str
    count: int


def word(meaning: str, unit: str = "", *, count: int = 1) -> Any:
    """Declare a field of `count` words with what it means and the unit of its numbers."""
    return _Declared(meaning, unit, count)


if TYPE_CHECKING:

    class Place(Generic[T]):
        """The address of a word that holds a T."""

        def __add__(self, words: int, /) -> Place[T]: ...
        def __bool__(self) -> bool: ...

    class Offset(Generic[Whose, T]):
        """Where a T stands in a structure."""

    class Bits:
        """A word that holds a float: it is read through `Reals` and moved through `Memory`."""

    class Word(Generic[T]):
        """A field of a structure that holds a T."""

        def __get__(self, instance: object, owner: type[S]) -> Offset[S, T]: ...

    class FixedWord(Generic[T]):
        """A field of a structure that there is once, at a fixed address."""

        def __get__(self, instance: object, owner: object) -> Place[T]: ...

    class Memory:
        """The array, read and written as whole numbers and handles."""

        def __getitem__(self, place: Place[T], /) -> T: ...
        def __setitem__(self, place: Place[T], value: T, /) -> None: ...

    class Reals:
        """The same array, read as floats."""

        def __getitem__(self, place: Place[Bits], /) -> float: ...

    class Struct(metaclass=Structures):
        """The handle of a structure; 0 is none, and false."""

        def __add__(self: S, offset: Offset[S, T], /) -> Place[T]: ...
        def __bool__(self) -> bool: ...
        def __lt__(self: S, other: S, /) -> bool: ...
        def __ge__(self: S, other: S, /) -> bool: ...

    class Instant:
        """A number of microseconds since the start of the calendar."""

        def __add__(self, length: int, /) -> Instant: ...
        @overload
        def __sub__(self, other: Instant, /) -> int: ...
        @overload
        def __sub__(self, length: int, /) -> Instant: ...
        def __sub__(self, other: object, /) -> Any: ...
        def __lt__(self, other: Instant, /) -> bool: ...
        def __le__(self, other: Instant, /) -> bool: ...
        def __gt__(self, other: Instant, /) -> bool: ...
        def __ge__(self, other: Instant, /) -> bool: ...
        def __rshift__(self, bits: int, /) -> int: ...
        def __int__(self) -> int: ...

    class Units(int):
        """A number of units of an agent's capacity."""

        def __add__(self, other: int, /) -> Units: ...
        def __sub__(self, other: int, /) -> Units: ...
        def __neg__(self) -> Units: ...

else:

    class Struct(metaclass=Structures):
        """The base of all structures."""

    Instant = Units = int
    Place = Offset = Bits = Word = FixedWord = Memory = Reals = object


def handle(kind: type[S], address: int | Place[Any] | Struct) -> S:
    """The structure of this kind at an address."""
    return address  # type: ignore[return-value]


def nth(kind: type[S], first: S, number: int) -> S:
    """The structure with this number, from 0, of those of one kind that stand side by side."""
    return first + kind.size * number  # type: ignore[operator, no-any-return]


def as_instant(number: int) -> Instant:
    """A whole number of microseconds as an instant."""
    return number  # type: ignore[return-value]


def as_units(number: int) -> Units:
    """A whole number as units of capacity."""
    return number  # type: ignore[return-value]


def address(of: Struct) -> int:
    """The address of a structure as a plain number."""
    return of  # type: ignore[return-value]


def as_place(number: int) -> Place[Any]:
    """An address of a word; for constants, not known to Numba."""
    return number  # type: ignore[return-value]


def memory(array: NDArray[np.int64]) -> Memory:
    """An array as the kernel's functions take it; it must outlive its use."""
    return array  # type: ignore[return-value]


def reals(array: NDArray[np.float64]) -> Reals:
    """The float64 view of an array as the kernel's functions take it."""
    return array  # type: ignore[return-value]
