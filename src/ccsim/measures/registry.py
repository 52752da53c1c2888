"""A user's own measures, made of facts that are known of every attempt.

`register` is the public hook. A measure is declared once, by one function; its intervals, its
values by time of day and weekday, and its differences between designs follow from that.
"""

from __future__ import annotations

import hashlib
import inspect
import marshal
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from ccsim.measures.measure import CONTACT, OPEN, Better, Measure, ScopeKind

if TYPE_CHECKING:
    from ccsim.measures.attempts import Attempts
    from ccsim.measures.window import Mask

    Counted: TypeAlias = Mask | tuple[Mask, Mask]

# What may be added up over attempts: the word of `sums`, and the unit of a mean of it.
SUMS: Final = {
    "wait": "s",
    "response": "s",
    "callback_wait": "s",
    "replies": "items",
    "agent_time": "s",
}


@dataclass(frozen=True)
class Registered:
    """A measure and the function that counts it. `version` changes when the function does."""

    measure: Measure
    count: Callable[[Attempts], Counted]
    sums: str
    version: str


_registered: dict[str, Registered] = {}


def register(
    *,
    definition: str,
    numerator: str,
    denominator: str = "",
    unit: str = "share",
    better: Better = None,
    scopes: tuple[ScopeKind, ...] = CONTACT,
    sums: str = "",
    assumed: bool = False,
    label: str = "",
) -> Callable[[Callable[[Attempts], Counted]], Callable[[Attempts], Counted]]:
    """Decorate a function of attempts, so that its name is a measure of every design.

    The function gets an `Attempts`: arrays with one entry for each kind of attempts that are alike.
    It returns a mask of the attempts that count, for a total (`denominator` ""); for a ratio, two
    masks: those of the numerator and those of the denominator.

    definition: one sentence for people. numerator, denominator: what is counted, in words.
    unit: "share" of a ratio, else what is counted ("attempts"), or the unit of `sums`.
    better: "higher", "lower" or None, for verdicts. scopes: for which parts of a design it exists.
    sums: adds up a quantity over the attempts of the numerator instead of counting them, so that
    the ratio is a mean: one of `SUMS`, times in seconds.
    assumed: whether it follows from inputs of the scenario alone. label: its name in tables, which
    may leave open `{contacts}` ("billing calls"), `{place}` ("billing, phone") and the other fields
    of `measure.OPEN`; without any, the place follows it.

    Raises ValueError where the name is that of a built-in measure or no word of small letters,
    digits and `_`, where the label is that of another measure or has unknown fields, and where
    `sums` or `scopes` are not known. A name that is registered already is replaced, so that a cell
    of a notebook can be run again.
    """
    if sums and sums not in SUMS:
        raise ValueError(f"sums={sums!r}: one of {', '.join(SUMS)} is expected")
    if not scopes or not set(scopes) <= set(CONTACT):
        raise ValueError(f"scopes: some of {', '.join(CONTACT)} are expected")

    def add(count: Callable[[Attempts], Counted]) -> Callable[[Attempts], Counted]:
        name = count.__name__
        _check_name(name)
        measure = Measure(
            name=name,
            label=_label(name, label),
            unit=SUMS[sums] if sums and unit == "share" else unit,
            kind="ratio" if denominator else "total",
            scopes=scopes,
            better=better,
            definition=definition,
            numerator=numerator,
            denominator=denominator,
            assumed=assumed,
            by_interval=True,
            of=_quantities(name, sums, bool(denominator)),
        )
        _registered[name] = Registered(measure, count, sums, _version(count, measure, sums))
        return count

    return add


def unregister(name: str) -> None:
    """Forget a registered measure. Raises KeyError where there is none of this name."""
    del _registered[name]


def registered() -> Mapping[str, Registered]:
    """The registered measures by name."""
    return MappingProxyType(_registered)


def versions() -> dict[str, str]:
    """A word for each registered measure that changes with its function: results of replications
    are kept under it."""
    return {name: own.version for name, own in sorted(_registered.items())}


def _check_name(name: str) -> None:
    from ccsim.measures.definitions import DEFINITIONS

    if any(measure.name == name for measure in DEFINITIONS):
        raise ValueError(f"'{name}' is a measure already")
    if not (name.isascii() and name.isidentifier() and name == name.lower()):
        raise ValueError(f"'{name}': small letters, digits and _ are expected")


def _label(name: str, given: str) -> str:
    """The label with the place after it where it leaves nothing open; the name in words where none
    is given. Raises ValueError for unknown fields and for the label of another measure."""
    from ccsim.measures.definitions import DEFINITIONS

    label = given or name.replace("_", " ")
    try:
        fields = {field for _, field, _, _ in Formatter().parse(label) if field is not None}
    except ValueError:  # a bracket that is not closed
        fields = {""}
    if not fields <= set(OPEN):
        known = ", ".join(f"{{{field}}}" for field in OPEN)
        raise ValueError(f"label={given!r}: a label may leave open {known}")
    label = label if fields else f"{label}, {{place}}"
    others = [*DEFINITIONS, *(own.measure for other, own in _registered.items() if other != name)]
    if any(label == measure.label for measure in others):
        raise ValueError(f"label={given!r}: another measure has this label already")
    return label


def _quantities(name: str, sums: str, ratio: bool) -> tuple[str, str]:
    """The quantities that are counted: those that end in `_s` are times."""
    timed = "_s" if SUMS.get(sums) == "s" else ""
    return f"{name}:above{timed}", f"{name}:below" if ratio else ""


def _version(count: Callable[..., object], measure: Measure, sums: str) -> str:
    """16 hexadecimal digits that change with the text of the function, or with all of its code
    where there is no text."""
    try:
        body = inspect.getsource(count)
    except (OSError, SyntaxError, tokenize.TokenError):  # typed at a prompt, or no Python file
        body = marshal.dumps(count.__code__).hex()
    return hashlib.sha256(f"{body}{measure}{sums}".encode()).hexdigest()[:16]
