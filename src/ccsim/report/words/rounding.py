"""How numbers are shown: units people say, and no more digits than the interval supports.

The rule: the half-widths of a row decide its decimals. Their geometric mean keeps one significant
digit, or two where the first is a 1 (there one digit would misstate the width by up to a half).
All designs in a row share unit and decimals, so that they can be compared by eye. A half-width is
never shown as zero unless it is zero. Shares stay within [0 %, 100 %], and nothing that cannot be
negative is shown below zero: where value plus or minus half-width would say so, or where the
interval is clearly lopsided, its ends are shown in place of the half-width.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ccsim.statistics.estimate import Estimate

RARE = 0.01  # shares below this are shown with two decimals of a percent
LOPSIDED = 1.5  # one arm of the interval this many times the other: show the ends instead of ±
US = {"ms": 1e3, "s": 1e6, "min": 60e6, "h": 3600e6, "d": 86_400e6, "weeks": 604_800e6}
NOTHING = "–"  # a value that is not defined, e.g. the wait of nobody


@dataclass(frozen=True, slots=True)
class Scale:
    """How a row is shown: value x factor, in `unit`, with so many decimals."""

    factor: float
    unit: str  # as people read it: "%", "min", "thousand UAH", "" for plain counts
    decimals: int = 0
    floor: float = -math.inf  # bounds of what may be shown, in the shown unit
    ceiling: float = math.inf

    def text(self, value: float | None) -> str:
        """The number alone, without its unit, kept within the bounds."""
        if value is None or not math.isfinite(value):
            return NOTHING
        return number(min(max(value * self.factor, self.floor), self.ceiling), self.decimals)


def number(value: float, decimals: int) -> str:
    """Digits in groups of three, a point for decimals, and no minus before a zero.

    Negative decimals round before the point: -3 to thousands.
    """
    rounded = round(value, decimals) if decimals < 0 else value
    text = f"{rounded:,.{max(decimals, 0)}f}".replace(",", " ")
    return text[1:] if text.startswith("-") and not text.strip("-0. ") else text


def decimals_for(half_widths: Iterable[float], fallback: int, most: int) -> int:
    """Decimals that the half-widths (in the shown unit) support; `fallback` if all are zero.

    Negative where not even the last digits before the point are known.
    """
    widths = [width for width in half_widths if width > 0 and math.isfinite(width)]
    if not widths:
        return min(fallback, most)
    typical = math.exp(sum(map(math.log, widths)) / len(widths))
    exponent = math.floor(math.log10(typical) + 1e-12)
    first_is_one = typical / 10.0**exponent < 2
    return min(first_is_one - exponent, most)


def time_unit(values_us: Iterable[float | None]) -> str:
    """The unit in which the largest of these times (us) reads best: s, min, h or d."""
    largest = max((abs(value) for value in values_us if value is not None), default=0.0)
    for unit, limit in (("s", 120e6), ("min", 120 * 60e6), ("h", 48 * 3600e6)):
        if largest < limit:
            return unit
    return "d"


def money_factor(values: Iterable[float | None]) -> tuple[float, str]:
    """Factor and word by which amounts are shortened: thousands from 100 000, millions from 1e9."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if largest >= 1e9:
        return 1e-6, "million "
    return (1e-3, "thousand ") if largest >= 1e5 else (1.0, "")


def scale_for(unit: str, shown: Sequence[Estimate], *, signed: bool = False) -> Scale:
    """The scale of a row of values in `unit`.

    `unit` is one of: `share` (a fraction, shown in %), `points` (a difference of fractions),
    `us` or `s` (a time), `money:CUR` (shortened), `price:CUR` (an amount for one thing, not
    shortened), `sum:CUR` (an amount written out), or anything else, shown as it is. `signed` says
    that values below zero make sense.
    """
    values = [interval.value for interval in shown]
    floor = -math.inf if signed else 0.0
    kind, _, currency = unit.partition(":")
    ceiling, fallback, most = math.inf, 1, 2
    if kind == "share":
        factor, name, ceiling = 100.0, "%", 100.0
        most = 2 if max((v for v in values if v is not None), default=1.0) < RARE else 1
    elif kind == "points":
        factor, name, floor = 100.0, "points", -math.inf
    elif kind in ("us", "s"):
        to_us = 1.0 if kind == "us" else 1e6
        name = time_unit([None if value is None else value * to_us for value in values])
        factor = to_us / US[name]
    elif kind == "money":
        factor, word = money_factor(values)
        name, fallback = word + currency, 0
    elif kind == "sum":
        factor, name, fallback = 1.0, currency, 0
    elif kind == "price":
        factor, name, fallback = 1.0, currency, 2
    else:
        factor, name = 1.0, unit
        whole = all(value is None or float(value).is_integer() for value in values)
        fallback = 0 if whole else 1
    widths = [(interval.half_width or 0.0) * factor for interval in shown]
    return Scale(factor, name, decimals_for(widths, fallback, most), floor, ceiling)


def spread(interval: Estimate, scale: Scale) -> str:
    """`±0.9`, or `(0.0 to 0.4)` where ± would mislead, or nothing where there is no interval."""
    if interval.value is None or interval.low is None or interval.high is None:
        return ""
    if not interval.half_width:
        return ""
    value, low, high = (x * scale.factor for x in (interval.value, interval.low, interval.high))
    half = interval.half_width * scale.factor
    step = 10.0**-scale.decimals
    lower, upper = value - low, high - value
    arms = max(lower, upper) / max(min(lower, upper), 1e-300)
    noticeable = abs(upper - lower) >= 2 * step
    outside = value - half < scale.floor or value + half > scale.ceiling
    if outside or (arms > LOPSIDED and noticeable):
        down, up = _outward(low, high, step)  # what is shown holds at least what was found
        low, high = max(down, scale.floor), min(up, scale.ceiling)
        return f"({number(low, scale.decimals)} to {number(high, scale.decimals)})"
    return f"±{number(max(half, step), scale.decimals)}"


def _outward(low: float, high: float, step: float) -> tuple[float, float]:
    """The ends at the next steps outside; a hair's breadth beyond a step is on it."""
    return math.floor(low / step + 1e-6) * step, math.ceil(high / step - 1e-6) * step


def duration(us: float) -> str:
    """A time as people write it: `20 s`, `90 s`, `45 min`, `1.5 h`, `24 h`, `2 d`."""
    for unit, least in (("d", 2.0), ("h", 1.0), ("min", 1.0)):
        count = us / US[unit]
        if count >= least and (
            count.is_integer() or (count > 1 and unit == "h" and count * 2 % 1 == 0)
        ):
            return f"{count:g} {unit}"
    return f"{us / US['s']:g} s"
