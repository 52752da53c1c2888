"""Quantities with a reference: `5 of 7`, `40 h / week`, `10 % of days`, `1 % / month`."""

from __future__ import annotations

import re

from ccsim.units.durations import parse_duration
from ccsim.units.numbers import GAP, NUMBER, SPACES, UnitError, found, parse_number, text_of
from ccsim.units.shares import parse_share, print_share


def parse_of(value: object) -> tuple[int, int]:
    """Reads `5 of 7` as (5, 7). UnitError: the form differs, or the first number is larger."""
    needs = "working days are written 5 of 7"
    match = re.fullmatch(r"(\d{1,3})\s+of\s+(\d{1,3})", text_of(value, needs))
    if match is None:
        raise UnitError(f"{needs}; found {found(value)}")
    works, of = int(match[1]), int(match[2])
    if not 0 < works <= of:
        raise UnitError(f"{found(value)}: nobody works {works} days of {of}")
    return works, of


def parse_rate(value: object, per: str, example: str) -> int:
    """Reads the duration [us] of `40 h / week`. UnitError: the period is not `per`."""
    needs = f"write a time for each {per}: {example}"
    head, slash, tail = text_of(value, needs).partition("/")
    if not slash or tail.strip(SPACES) != per:
        raise UnitError(f"{needs}; found {found(value)}")
    return parse_duration(head)


def parse_share_of(value: object, of: str) -> float:
    """Reads the fraction of `10 % of days`. UnitError: it is no share of `of`."""
    needs = f"write a share of {of}: 5 % of {of}"
    text = text_of(value, needs)
    match = re.fullmatch(rf"(.*%)\s+of\s+{of}", text)
    if match is None:
        raise UnitError(f"{needs}; found {found(value)}")
    return parse_share(match[1])


def parse_growth(value: object) -> tuple[float, str]:
    """Reads `1 % / month` as (0.01, 'month'); it may be negative. UnitError: it is no growth."""
    needs = "growth is a percentage with its period: 1 % / month, -2 % / year"
    text = text_of(value, needs)
    match = re.fullmatch(rf"([+\-−]?)({NUMBER}){GAP}%{GAP}/{GAP}(week|month|year)", text)
    if match is None:
        raise UnitError(f"{needs}; found {found(value)}")
    number = parse_number(match[2])
    assert number is not None
    sign = 1 if match[1] in ("", "+") else -1
    if number > (1000 if sign > 0 else 99):
        raise UnitError(f"{found(value)} is absurd growth")
    return sign * float(number / 100), match[3]


def print_growth(growth: tuple[float, str]) -> str:
    return f"{print_share(growth[0])} / {growth[1]}"
