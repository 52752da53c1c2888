"""Quantities: what is read, what is refused in which words, and that printing loses nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccsim import units
from ccsim.units import UnitError

S, MIN, H, D = 10**6, 60 * 10**6, 3600 * 10**6, 86_400 * 10**6


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("20 s", 20 * S),
        ("20s", 20 * S),
        ("5.2 min", 312 * S),
        ("4 h", 4 * H),
        ("2 d", 2 * D),
        ("12 weeks", 84 * D),
        ("1 h 30 min", 90 * MIN),
        ("1 d 2 h 3 min 4.5 s", D + 2 * H + 3 * MIN + 4_500_000),
        ("1 000 s", 1000 * S),
        ("1\u2009000\u202fs", 1000 * S),
        ("0 s", 0),
        ("0.5 ms", 500),
        ("7 us", 7),
    ],
)
def test_durations(text: str, us: int) -> None:
    assert units.parse_duration(text) == us


def test_long_durations() -> None:
    # a month is a twelfth of 365.25 days
    assert units.parse_duration("2 months", long=True) == round(2 * 30.4375 * D)
    assert units.parse_duration("1 year", long=True) == round(365.25 * D)


@pytest.mark.parametrize(
    ("parse", "value", "words"),
    [
        (units.parse_duration, 20, "a duration needs a unit: 90 s, 2.5 min, 1 h; found the bare"),
        (units.parse_duration, "20", "a duration needs a unit"),
        (units.parse_duration, "", "a duration needs a unit"),
        (units.parse_duration, "20 secs", "there is no unit of time 'secs'"),
        (units.parse_duration, "20 S", "a duration needs a unit"),
        (units.parse_duration, "2,5 min", "decimals have a point"),
        (units.parse_duration, "30 min 1 h", "larger units first"),
        (units.parse_duration, "-5 min", "'-5 min': a value is written without a sign"),
        (units.parse_money, "+ 100 / year", "a change of what stands there is a percentage"),
        (units.parse_duration, "1 month", "a month has no fixed length"),
        (units.parse_duration, "101 weeks 99999999999 s", "longer than 100 years"),
        (units.parse_duration, "10 00 s", "a duration needs a unit"),
        (units.parse_duration, None, "found nothing"),
        (units.parse_duration, [1], "found a list"),
        (units.parse_duration, True, "found yes"),
        (units.parse_share, 0.8, "a share needs a percent sign"),
        (units.parse_share, "80", "a share needs a percent sign"),
        (units.parse_share, "101 %", "between 0 % and 100 %"),
        (units.parse_share, "-1 %", "is a change; here a share is written without a sign"),
        (units.parse_share, "+5 %", "is a change; here a share is written without a sign"),
        (units.parse_percent, "99 999 999 %", "absurdly large"),
        (units.parse_money, "twelve", "money is a number"),
        (units.parse_money, "5 / fortnight", "there is no period 'fortnight'"),
        (units.parse_money, -1, "cannot be negative"),
        (units.parse_time, "7", "a time of day is written"),
        (units.parse_time, 570, "a time of day is written"),
        (units.parse_time, "24:30", "there is no time of day"),
        (units.parse_time, "12:60", "there is no time of day"),
        (units.parse_span, "07:00", "a span of the day is written"),
        (units.parse_span, "24:00-07:00", "cannot begin at 24:00"),
        (units.parse_days, "monday", "there is no day 'monday'"),
        (units.parse_days, "mon-fry", "there is no day 'fry'"),
        (units.parse_days, "mon, mon-fri", "names mon twice"),
        (units.parse_of, "8 of 7", "nobody works 8 days of 7"),
        (units.parse_of, "5/7", "written 5 of 7"),
        (units.parse_growth, "1 %", "growth is a percentage with its period"),
    ],
)
def test_what_is_refused(parse: Callable[[object], object], value: object, words: str) -> None:
    with pytest.raises(UnitError) as refused:
        parse(value)
    assert words in str(refused.value)


def test_shares_and_numbers() -> None:
    assert units.parse_share("12.5 %") == 0.125
    assert units.parse_share("100%") == 1.0
    assert units.parse_percent("135 %") == 1.35
    assert units.parse_number("1 450 000.5") is not None
    assert units.parse_number("1 45") is None


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("14 400 / year", (14_400.0, "year")),
        ("18.50 / h", (18.5, "h")),
        ("0.35/contact", (0.35, "contact")),
        ("21 000", (21_000.0, "once")),
        (38, (38.0, "once")),
        ("5 / hour", (5.0, "h")),
    ],
)
def test_money(text: object, money: tuple[float, str]) -> None:
    assert units.parse_money(text) == money


def test_times_and_days() -> None:
    assert units.parse_time("07:00") == 7 * 3600
    assert units.parse_time("24:00") == 86_400
    assert units.parse_span("22:00-06:00") == (22 * 3600, 6 * 3600)
    assert units.parse_span("07:00 – 21:30") == (7 * 3600, 21 * 3600 + 1800)
    assert units.parse_days("mon-fri") == ("mon", "tue", "wed", "thu", "fri")
    assert units.parse_days("sat-mon") == ("mon", "sat", "sun")
    assert units.parse_days(["wed", "mon"]) == ("mon", "wed")
    assert units.parse_days("daily") == units.WEEKDAYS
    assert units.parse_of("5 of 7") == (5, 7)
    assert units.parse_rate("40 h / week", "week", "40 h / week") == 40 * H
    assert units.parse_share_of("10 % of days", "days") == 0.1
    assert units.parse_growth("-2 % / year") == (-0.02, "year")


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        ("-15 %", "5.2 min", "4.42 min"),
        ("+10 %", 46, 50.6),
        ("+50 %", 46, 69),
        ("-15 %", 1450, 1232.5),
        ("-2 points", "82 %", "80 %"),
        ("+1 point", "12.5 %", "13.5 %"),
        ("-30 %", "5 % of days", "3.5 % of days"),
        ("+10 %", "14 400 / year", "15840 / year"),
        ("−10 %", "1 h", "0.9 h"),
    ],
)
def test_changes(change: str, old: str | float, new: str | float) -> None:
    parsed = units.parse_change(change)
    assert parsed is not None
    assert units.apply_change(parsed, old) == new


@pytest.mark.parametrize(
    ("change", "old", "words"),
    [
        ("-2 points", "5 min", "points are added to shares"),
        ("-2 points", 12, "points are added to shares"),
        ("-2 points", "1 %", "makes the quantity negative"),
        ("-200 %", "1 h", "makes the quantity negative"),
        ("-2 %", "lognormal", "a change needs a quantity"),
        ("-2 %", True, "a change needs a quantity"),
    ],
)
def test_changes_that_cannot_be(change: str, old: object, words: str) -> None:
    parsed = units.parse_change(change)
    assert parsed is not None
    with pytest.raises(UnitError, match=words):
        units.apply_change(parsed, old)


@pytest.mark.parametrize("text", ["15 %", "80 %", "+15", "x", "- %", "-1 % / month"])
def test_what_is_no_change(text: str) -> None:
    assert units.parse_change(text) is None


@given(st.integers(0, 10**14))
def test_printed_durations_are_exact(us: int) -> None:
    assert units.parse_duration(units.print_duration(us)) == us


@given(st.floats(0, 1))
def test_printed_shares_are_exact(share: float) -> None:
    if 0 < share < 1e-9:
        return  # more decimals than people write are not read
    printed = units.print_share(round(share, 12))
    assert units.parse_share(printed) == round(share, 12)


@given(st.floats(0, 1e9), st.sampled_from([*units.PERIODS, "once"]))
def test_printed_money_is_exact(amount: float, per: str) -> None:
    cents = round(amount, 2)
    assert units.parse_money(units.print_money(cents, per)) == (cents, per)


@given(st.lists(st.sampled_from(units.WEEKDAYS), min_size=1, unique=True))
def test_printed_days_are_exact(days: list[str]) -> None:
    ordered = tuple(day for day in units.WEEKDAYS if day in days)
    assert units.parse_days(units.print_days(ordered)) == ordered


@given(st.integers(0, 86_400))
def test_printed_times_are_exact(seconds: int) -> None:
    assert units.parse_time(units.print_time(seconds)) == seconds


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (
        units.parse_duration,
        units.parse_share,
        units.parse_money,
        units.parse_time,
        units.parse_span,
        units.parse_days,
        units.parse_of,
        units.parse_growth,
    ):
        try:
            parse(text)
        except UnitError as refused:
            assert str(refused)
