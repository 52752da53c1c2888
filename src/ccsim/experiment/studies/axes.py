"""What a sweep varies: a dotted path of the scenario and the values that it takes.

A path may also be an uncertain assumption of the scenario, whose values are those of its range.
A list `40, 45, 50`; a range `40..50`, `40..50 step 2`, `2 min..4 min step 30 s`; or factors
`80 %, 100 %, 120 %`, which multiply what stands there unless that is itself a percentage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ccsim.scenario.uncertainty.spread import Spread, between, spread_of
from ccsim.units import (
    UnitError,
    parse_duration,
    parse_number,
    print_duration,
    print_number,
)

if TYPE_CHECKING:
    from ccsim.scenario.schema import Assumption

MOST_VALUES = 1000
_RANGE = re.compile(r"(.+?)\s*\.\.\s*(.+?)(?:\s+step\s+(.+))?")
_QUANTITY = re.compile(r"([+-]?[\d\s.]*\d)\s*(.*)", re.DOTALL)
_PERCENT = re.compile(r"[\d.]+\s*%")


@dataclass(frozen=True, slots=True)
class Axis:
    """One path and its values as they are written; `factors`: they multiply what stands there.

    `assumed`: the path is an uncertain assumption, and the values are of its range. `ends`: between
    which values points were spread, in place of a list. `said` is how an error calls a value.
    """

    path: str
    values: tuple[str, ...]
    factors: bool = False
    assumed: bool = False
    ends: Spread | None = None
    said: str = "--vary {path}={value}"

    def setting(self, value: str) -> tuple[str, str]:
        """What is set at the path for this value, and how an error calls it."""
        shown = self.said.format(path=self.path, value=value)
        if not self.factors:
            return value, shown
        change = Decimal(value.rstrip("% ")) - 100
        return f"{'-' if change < 0 else '+'}{print_number(abs(change))} %", shown

    def at(self, place: float) -> str:
        """The value at a place in [0, 1] between the ends, as written."""
        assert self.ends is not None
        return self.ends.evenly(place)

    @property
    def numbers(self) -> tuple[float, ...] | None:
        """The values as numbers of one unit; None where they are no such numbers."""
        parts = [_QUANTITY.fullmatch(value) for value in self.values]
        found = [parse_number(part[1]) if part else None for part in parts]
        units = {part[2] for part in parts if part}
        if None in found or len(units) != 1:
            return None
        return tuple(float(number) for number in found if number is not None)

    @property
    def unit(self) -> str:
        """The unit that all values have, or nothing."""
        parts = [_QUANTITY.fullmatch(value) for value in self.values]
        units = {part[2] if part else "" for part in parts}
        return units.pop() if len(units) == 1 else ""


def parse_axis(text: str, base: Mapping[str, Any]) -> Axis:
    """`PATH=LIST` or `PATH=RANGE`; `base` is the scenario as plain data. UnitError otherwise."""
    path, equals, values = text.partition("=")
    if not equals or not path.strip() or not values.strip():
        raise UnitError("write a path and its values: teams.desk.people=40..50")
    return axis_of(path.strip(), values.strip(), base)


def axis_of(path: str, values: str | list[Any], base: Mapping[str, Any]) -> Axis:
    """The axis of a path, from the text of a list or range, or from a list of values."""
    found = values_of(values) if isinstance(values, str) else tuple(map(str, values))
    if not found:
        raise UnitError("no value is written")
    if len(set(found)) < len(found):
        raise UnitError("a value is written twice")
    percent = all(_PERCENT.fullmatch(value) for value in found)
    return Axis(path, found, percent and not _is_percent(_at(base, path.split("."))))


def span_axis(path: str, text: str, base: Mapping[str, Any]) -> Axis:
    """The axis of a path over all values of a range `40..50`, `2 min..4 min`, `80 %..120 %`."""
    match = _RANGE.fullmatch(text.strip())
    if match is None or match[3] is not None or "," in text:
        raise UnitError("points are spread between two ends: 40..50, 2 min..4 min, 80 %..120 %")
    low, high = match[1].strip(), match[2].strip()
    split = _QUANTITY.fullmatch(high)
    if parse_number(low) is not None and split is not None:
        low = f"{low} {split[2]}".strip()  # 80..120 %
    ends = between(low, high)
    percent = ends.unit == "%"
    return Axis(path, (), percent and not _is_percent(_at(base, path.split("."))), ends=ends)


def assumed_axis(path: str, assumption: Assumption) -> Axis:
    """The axis of an uncertain assumption: its lowest and its highest value."""
    written = assumption.by or assumption.range or ()
    return Axis(
        path, (written[0], written[-1]), assumed=True, ends=spread_of(assumption), said="{path}"
    )


def values_of(text: str) -> tuple[str, ...]:
    """The values of a list or a range."""
    match = _RANGE.fullmatch(text.strip())
    if match is not None and "," not in text:
        return _stepped(match[1], match[2], match[3])
    pieces, depth = [""], 0
    for sign in text:
        depth += (sign in "[{") - (sign in "]}")
        if sign == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += sign
    return tuple(piece.strip() for piece in pieces if piece.strip())


def _stepped(first: str, last: str, step: str | None) -> tuple[str, ...]:
    parts = [_split(each) for each in (first, last, *((step,) if step else ()))]
    units = {unit for _, unit in parts if unit}
    if len(units) > 1:
        return tuple(map(print_duration, _durations(first, last, step)))
    unit = units.pop() if units else ""
    numbers = [number for number, _ in parts]
    if step is None:
        if unit or any(number != int(number) for number in numbers):
            raise UnitError("a range needs a step: 70 %..90 % step 5 %")
        numbers.append(Decimal(1))
    found = _from_to(*numbers)
    return tuple(f"{print_number(number)} {unit}".strip() for number in found)


def _durations(first: str, last: str, step: str | None) -> list[int]:
    if step is None:
        raise UnitError("a range needs a step: 30 s..2 min step 30 s")
    edges = (Decimal(parse_duration(each)) for each in (first, last, step))
    return [int(us) for us in _from_to(*edges)]


def _from_to(first: Decimal, last: Decimal, step: Decimal) -> list[Decimal]:
    if step <= 0 or last < first:
        raise UnitError("a range goes upwards in steps above zero: 40..50 step 2")
    count = int((last - first) / step) + 1
    if count > MOST_VALUES:
        raise UnitError(f"a range of {count} values is too long (at most {MOST_VALUES})")
    return [first + k * step for k in range(count)]


def _split(text: str) -> tuple[Decimal, str]:
    match = _QUANTITY.fullmatch(text.strip())
    number = parse_number(match[1]) if match else None
    if match is None or number is None:
        raise UnitError(f"'{text}' is no quantity; a range is written 40..50 step 2")
    return number, match[2]


def _at(node: Any, steps: list[str]) -> Any:
    """What stands at a path of the plain scenario (`*`: at the first that has it), or None."""
    if not steps:
        return node
    if isinstance(node, list) and steps[0].isdigit():
        place = int(steps[0]) - 1
        return _at(node[place], steps[1:]) if 0 <= place < len(node) else None
    if not isinstance(node, Mapping):
        return None
    if steps[0] == "*":
        found = (_at(each, steps[1:]) for each in node.values())
        return next((each for each in found if each is not None), None)
    for end in range(len(steps), 0, -1):  # a name may hold dots: billing.phone
        name = ".".join(steps[:end])
        if name in node:
            return _at(node[name], steps[end:])
    return None


def _is_percent(found: Any) -> bool:
    """Whether a percentage stands there: then one that is set takes its place. A path at which
    nothing stands takes what is written."""
    if isinstance(found, Mapping | list):
        inside = list(found.values()) if isinstance(found, Mapping) else found
        return any(_is_percent(each) for each in inside)
    return found is None or (isinstance(found, str) and found.strip().endswith("%"))
