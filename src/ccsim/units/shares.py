"""Shares as people write them (`80 %`), held as fractions, and changes of quantities (`-15 %`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ccsim.units.numbers import (
    GAP,
    MAX_NUMBER,
    NUMBER,
    SPACES,
    UnitError,
    found,
    parse_number,
    print_number,
    text_of,
)

_SHARE = re.compile(rf"({NUMBER}){GAP}%")
_CHANGE = re.compile(rf"([+\-−])({NUMBER}){GAP}(%|points?)")


def parse_percent(value: object, what: str = "a share", most: int = 1000) -> float:
    """Reads `80 %` as a fraction. UnitError: it is no percentage, or exceeds `most` [%]."""
    needs = f"{what} needs a percent sign: 80 %, 12.5 %"
    text = text_of(value, needs)
    match = _SHARE.fullmatch(text)
    if match is None:
        if _CHANGE.fullmatch(text):
            raise UnitError(f"{found(value)} is a change; here {what} is written without a sign")
        raise UnitError(f"{needs}; found {found(value)}")
    number = parse_number(match[1])
    assert number is not None
    if number > most:
        raise UnitError(f"{found(value)} is absurdly large: at most {most} %")
    return float(number / 100)


def parse_share(value: object) -> float:
    """Reads a percentage as a fraction. UnitError: it does not lie in 0..100 %."""
    share = parse_percent(value)
    if share > 1:
        raise UnitError(f"{found(value)}: a share lies between 0 % and 100 %")
    return share


def print_share(fraction: float) -> str:
    return f"{print_number(Decimal(repr(float(fraction))) * 100)} %"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a quantity: `-15 %` multiplies by `factor`, `-2 points` adds `points` %."""

    factor: Decimal = Decimal(1)
    points: Decimal | None = None


def parse_change(value: object) -> Change | None:
    """Reads `-15 %`, `+10 %`, `-2 points`; None: it is no change, as the unsigned `15 %`."""
    if not isinstance(value, str):
        return None
    match = _CHANGE.fullmatch(value.strip(SPACES))
    if match is None:
        return None
    number = parse_number(match[2])
    assert number is not None
    signed = number if match[1] == "+" else -number
    return Change(1 + signed / 100) if match[3] == "%" else Change(points=signed)


_LEADING = re.compile(rf"({NUMBER})({GAP}(%?).*)", re.DOTALL)


def apply_change(change: Change, value: object) -> str | int | float:
    """Returns the changed quantity in the form of the old one: '5.2 min' less 15 % is '4.42 min'.

    Numbers stay numbers (1450 becomes 1232.5); `round_half_up` makes counts of them.
    UnitError: the value is no quantity, points meet no share, or the result is out of range.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise UnitError(f"a change needs a quantity to change; here stands {found(value)}")
    if isinstance(value, (int, float)):
        if change.points is not None:
            raise UnitError(f"points are added to shares; here stands the number {value}")
        if not abs(value) <= MAX_NUMBER:
            raise UnitError("the number is absurdly large")
        changed = Decimal(repr(value)) * change.factor
        _not_negative(changed)
        whole = changed == changed.to_integral_value()
        return int(changed) if whole and isinstance(value, int) else float(changed)
    match = _LEADING.fullmatch(value.strip(SPACES))
    number = parse_number(match[1]) if match else None
    if match is None or number is None:
        raise UnitError(f"a change needs a quantity to change; here stands {found(value)}")
    if change.points is not None:
        if not match[3]:
            raise UnitError(f"points are added to shares; here stands {found(value)}")
        changed = number + change.points
    else:
        changed = number * change.factor
    _not_negative(changed)
    if changed > MAX_NUMBER:
        raise UnitError(f"the change makes {found(value)} absurdly large")
    return print_number(round(changed, 9)) + match[2]


def _not_negative(value: Decimal) -> None:
    if value < 0:
        raise UnitError(f"the change makes the quantity negative ({print_number(value)})")
