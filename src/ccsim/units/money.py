"""Money as people write it (`14 400 / year`), held as an amount and its period."""

from __future__ import annotations

import re
from typing import Final

from ccsim.units.numbers import (
    CHANGES,
    GAP,
    MAX_NUMBER,
    NUMBER,
    UnitError,
    found,
    parse_number,
    print_number,
    signed,
    text_of,
)

PERIODS: Final = ("minute", "h", "day", "week", "month", "year", "contact")
_PERIOD_WORDS: Final[dict[str, str]] = {
    "min": "minute",
    "hour": "h",
    "d": "day",
    **{period: period for period in PERIODS},
}


_MONEY = re.compile(rf"({NUMBER})(?:{GAP}/{GAP}([a-z]+))?")
MONEY_NEEDS: Final = "money is a number, with its period where it has one: 21 000, 18.50 / h"


def parse_money(value: object) -> tuple[float, str]:
    """Reads `14 400 / year` as (14400.0, 'year'); without a period, 'once'. UnitError: it is no
    amount, is negative, or has an unknown period."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not value <= MAX_NUMBER:
            raise UnitError("the amount of money is absurdly large")
        if value < 0:
            raise UnitError(f"{found(value)}: an amount of money cannot be negative here")
        return float(value), "once"
    text = text_of(value, MONEY_NEEDS)
    if signed(text):
        raise UnitError(f"{found(value)}: {CHANGES}, +10 % or -15 %")
    match = _MONEY.fullmatch(text)
    if match is None:
        raise UnitError(f"{MONEY_NEEDS}; found {found(value)}")
    number = parse_number(match[1])
    assert number is not None
    if match[2] is None:
        return float(number), "once"
    if match[2] not in _PERIOD_WORDS:
        raise UnitError(f"there is no period '{match[2]}' (periods: {', '.join(PERIODS)})")
    return float(number), _PERIOD_WORDS[match[2]]


def print_money(amount: float, per: str = "once") -> str:
    text = print_number(amount, thousands=" ")
    return text if per == "once" else f"{text} / {per}"
