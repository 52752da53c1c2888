"""How an uncertain number is spread: its ends, its most likely value, and what a draw takes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ccsim import units
from ccsim.scenario.quantities import Changed
from ccsim.units import NUMBER, UnitError

if TYPE_CHECKING:
    from ccsim.scenario.schema import Assumption

_QUANTITY = re.compile(rf"([+\-−]?)({NUMBER})\s*([^\d:]*)")
_PLACES = 9  # decimals of a drawn number


@dataclass(frozen=True, slots=True)
class Spread:
    """Uniform between `low` and `high`, or by a triangle with its top at `likely`.

    `unit` is what follows the number: `min`, `%`, `% of days`, `points`; nothing for counts.
    """

    low: Decimal
    high: Decimal
    likely: Decimal | None
    unit: str
    change: bool  # of what stands there, rather than a value in its place

    def at(self, u: float) -> Decimal:
        """The value below which a share `u` in [0, 1] of all draws lies."""
        low, high, u = float(self.low), float(self.high), float(u)
        if self.likely is None:
            value = low + u * (high - low)
        else:
            # Inverse of the triangular distribution function, on either side of its top.
            top = float(self.likely)
            left = (top - low) / (high - low)
            if u < left:
                value = low + math.sqrt(u * (high - low) * (top - low))
            else:
                value = high - math.sqrt((1 - u) * (high - low) * (high - top))
        return min(self.high, max(self.low, round(Decimal(repr(value)), _PLACES)))

    @property
    def slope(self) -> float:
        """Of the straight line through values by the share of draws below them, as a part of the
        way from the lowest to the highest: 1 where all are equally likely, 0.7 to 0.8 of a
        triangle, whose ends are seldom drawn.

        It is cov(X, F(X)) / var(F(X)) = 3 E|X - X'|, and of a triangle on [0, 1] with its top
        at m the integral of F (1 - F), half of E|X - X'|, is
        (m^2 + (1 - m)^2) / 3 - (m^3 + (1 - m)^3) / 5.
        """
        if self.likely is None:
            return 1.0
        m = float((self.likely - self.low) / (self.high - self.low))
        return 2 * (m**2 + (1 - m) ** 2) - 6 * (m**3 + (1 - m) ** 3) / 5

    def written(self, u: float) -> str | float:
        """That value as a scenario writes it."""
        value = self.at(u)
        if self.change:
            sign = "-" if value < 0 else "+"
            return f"{sign}{units.print_number(abs(value))} {self.unit}"
        if not self.unit:
            return Changed(value)
        return f"{units.print_number(value)} {self.unit}"

    def share_below(self, value: object) -> float:
        """The share of all draws below a value (of a change, the change), in [0, 1]. UnitError
        where it is of another kind."""
        x = float(value if isinstance(value, Decimal) else _in_unit(value, self.unit))
        low, high = float(self.low), float(self.high)
        x = min(high, max(low, x))
        if self.likely is None:
            return (x - low) / (high - low)
        top = float(self.likely)
        if x < top:
            return (x - low) ** 2 / ((high - low) * (top - low))
        above = (high - x) ** 2 / ((high - low) * (high - top)) if x < high else 0.0
        return 1.0 - above

    def evenly(self, place: float) -> str:
        """The value at that place in [0, 1] of the way from the lowest to the highest, as written:
        in steps below a hundredth of the way, whole where both ends are and have no unit."""
        width = self.high - self.low
        whole = not self.unit and self.low == int(self.low) and self.high == int(self.high)
        digits = 0 if whole else max(0, -(width / 100).adjusted())
        value = round(self.low + Decimal(repr(float(place))) * width, digits)
        value = min(self.high, max(self.low, value))
        sign = ("-" if value < 0 else "+") if self.change else "-" if value < 0 else ""
        return f"{sign}{units.print_number(abs(value))} {self.unit}".rstrip()

    def place(self, written: str) -> float:
        """Where a value that was written stands on that way."""
        value = units.parse_change(written) if self.change else None
        if value is None:
            number = _in_unit(written, self.unit)
        else:
            number = value.points if value.points is not None else (value.factor - 1) * 100
        return float((number - self.low) / (self.high - self.low))

    def holds(self, stated: object) -> bool:
        """Whether a stated value lies between the ends. UnitError where it is of another kind."""
        return self.low <= _in_unit(stated, self.unit) <= self.high


def between(low: str, high: str) -> Spread:
    """All values between two quantities as written. UnitError where they are none, of several
    units, or not in their order."""
    (first, last), unit = _values([low, high])
    if first >= last:
        raise UnitError("write the lowest first and the highest last")
    return Spread(first, last, None, unit, change=False)


def spread_of(assumption: Assumption) -> Spread:
    """The spread of an assumption that has `by` or `range`. UnitError says what is wrong with it:
    no quantities, several units, not in their order."""
    if assumption.by is not None:
        numbers, unit = _changes(assumption.by)
    else:
        numbers, unit = _values(assumption.range or ())
    low, high = numbers[0], numbers[-1]
    likely = numbers[1] if len(numbers) == 3 else None
    if low >= high or (likely is not None and not low <= likely <= high):
        raise UnitError("write the lowest first and the highest last")
    return Spread(low, high, likely, unit, change=assumption.by is not None)


def _changes(texts: Sequence[str]) -> tuple[list[Decimal], str]:
    changes = [units.parse_change(text) for text in texts]
    points = [each.points for each in changes if each is not None and each.points is not None]
    if points and len(points) < len(texts):
        raise UnitError("write all of them in % or all of them in points")
    if points:
        return points, "points"
    return [(each.factor - 1) * 100 for each in changes if each is not None], "%"


def _values(texts: Sequence[str]) -> tuple[list[Decimal], str]:
    """Numbers of one unit; durations of several units in seconds."""
    parts = [_split(text) for text in texts]
    found = {part[1] for part in parts if part is not None}
    if None not in parts and len(found) == 1:
        return [part[0] for part in parts if part is not None], found.pop()
    try:
        return [_seconds(text) for text in texts], "s"
    except UnitError:
        wrong = next((text for text, part in zip(texts, parts, strict=True) if part is None), None)
        if wrong is None:
            raise UnitError("write all of them in one unit") from None
        raise UnitError(f"a quantity is needed; found {units.found(wrong)}") from None


def _in_unit(value: object, unit: str) -> Decimal:
    """A stated quantity in a unit of a spread. UnitError where it is of another kind."""
    part = _split(value)
    if part is not None and part[1] == unit:
        return part[0]
    try:
        return _seconds(value) / _seconds(f"1 {unit}")
    except UnitError:
        what = f"in {unit}" if unit else "numbers"
        raise UnitError(f"the range is {what}, and here stands {units.found(value)}") from None


def _seconds(value: object) -> Decimal:
    return Decimal(units.parse_duration(value)) / units.US_PER_SECOND


def _split(value: object) -> tuple[Decimal, str] | None:
    """A quantity as its number and its unit; None for what is no such thing."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(repr(float(value))), ""
    match = _QUANTITY.fullmatch(value.strip()) if isinstance(value, str) else None
    number = units.parse_number(match[2]) if match is not None else None
    if match is None or number is None:
        return None
    return -number if match[1] in ("-", "−") else number, match[3].strip()
