"""Numbers as people write them, and the error that every parser of quantities raises."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

MAX_NUMBER: Final = 10**15  # no count or amount is larger, and floats are exact below

SPACES = " \u00a0\u2009\u202f"
NUMBER: Final = rf"(?:\d{{1,3}}(?:[{SPACES}]\d{{3}})+|\d{{1,15}})(?:\.\d{{1,12}})?"
GAP = rf"[{SPACES}]*"
_NUMBER = re.compile(NUMBER)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d\d0")  # 14.400 may be meant as 14 400
_SIGNED = re.compile(rf"[{SPACES}]*[+\-−][{SPACES}]*[0-9.]")


class UnitError(ValueError):
    """A quantity that cannot be read; the text says which form is expected."""


def found(value: object) -> str:
    """Returns what was written, shortened to fit one line of an error message."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = str(value)
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}...'"


CHANGES: Final = "a value is written without a sign; a change of what stands there is a percentage"


def signed(value: object) -> bool:
    """Whether a text begins as a signed number, `+1`, which is neither a value nor a change."""
    return isinstance(value, str) and _SIGNED.match(value) is not None


def text_of(value: object, needs: str) -> str:
    """Returns the stripped text of a quantity. UnitError, beginning with `needs`: it is no text."""
    if isinstance(value, str):
        return value.strip(SPACES + "\t\n")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise UnitError(f"{needs}; found the bare number {found(value)[1:-1]}")
    raise UnitError(f"{needs}; found {found(value)}")


def parse_number(text: str) -> Decimal | None:
    """Reads `1 450 000.5`, with spaces or thin spaces between thousands; None: it is no number.

    UnitError: the point may be meant to separate thousands.
    """
    if not _NUMBER.fullmatch(text):
        return None
    if _THOUSANDS.fullmatch(text):
        other = f"{text.replace('.', ' ')} or {text.rstrip('0').rstrip('.')}"
        why = "a point is the decimal sign, and thousands are written with a space"
        raise UnitError(f"'{text}' could be {other}: {why}")
    return Decimal(re.sub(f"[{SPACES}]", "", text))


def print_number(value: float | Decimal, thousands: str = "") -> str:
    """Prints the shortest exact decimal, without exponent: 0.5, 1450000 (or '1 450 000')."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    text = format(exact, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, point, rest = text.partition(".")
    if thousands and len(whole.lstrip("-")) > 4:
        whole = f"{int(whole):,}".replace(",", thousands)
    return whole + point + rest


def round_half_up(value: float) -> int:
    """Rounds a count after a percent change: 41.5 people become 42."""
    return int(Decimal(repr(value)).to_integral_value(ROUND_HALF_UP))
