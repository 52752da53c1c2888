"""Wall clocks against elapsed time, on the days when they differ.

Transitions are those of the IANA data base: Europe/Kyiv 2027-03-28 03:00 -> 04:00 and 2027-10-31
04:00 -> 03:00; America/New_York 2027-03-14 02:00 -> 03:00 and 2027-11-07 02:00 -> 01:00;
Australia/Lord_Howe (half an hour) 2027-04-04 02:00 -> 01:30 and 2027-10-03 02:00 -> 02:30.
"""

import datetime as dt

import numpy as np
import pytest

from ccsim.scenario.clock import DAY, HOUR, MINUTE, LocalClock
from ccsim.scenario.schema import Calendar


def clock(start: dt.date, days: int, zone: str, interval: int = 30 * MINUTE) -> LocalClock:
    return LocalClock(
        Calendar.model_construct(start=start, days=days, timezone=zone, interval=interval)
    )


@pytest.mark.parametrize(
    ("zone", "start", "lengths_h"),
    [
        ("Europe/Kyiv", dt.date(2027, 3, 27), [24, 23, 24]),
        ("Europe/Kyiv", dt.date(2027, 10, 30), [24, 25, 24]),
        ("America/New_York", dt.date(2027, 3, 13), [24, 23, 24]),
        ("America/New_York", dt.date(2027, 11, 6), [24, 25, 24]),
        ("Australia/Lord_Howe", dt.date(2027, 4, 3), [24, 24.5, 24]),
        ("Australia/Lord_Howe", dt.date(2027, 10, 2), [24, 23.5, 24]),
        ("Asia/Tokyo", dt.date(2027, 3, 27), [24, 24, 24]),
        ("UTC", dt.date(2027, 10, 30), [24, 24, 24]),
    ],
)
def test_days_have_their_elapsed_hours(zone: str, start: dt.date, lengths_h: list[float]) -> None:
    c = clock(start, 3, zone)
    assert np.diff(c.day_starts).tolist() == [int(h * HOUR) for h in lengths_h]
    assert c.horizon_us == int(sum(lengths_h) * HOUR)
    assert c.day_start_us(-1) == -DAY
    assert c.day_start_us(4) == c.horizon_us + DAY


def test_spring_in_kyiv() -> None:
    c = clock(dt.date(2027, 3, 28), 1, "Europe/Kyiv")
    assert c.weekday(0) == "sun" and c.weekday(-1) == "sat" and c.weekday(8) == "mon"
    assert c.instant_us(0, 2 * 3600) == 2 * HOUR
    # 03:30 is skipped and moves forward by the gap to 04:30, 3.5 hours after midnight
    assert c.instant_us(0, 3.5 * 3600) == int(3.5 * HOUR)
    assert c.local_time(int(3.5 * HOUR)).strftime("%H:%M") == "04:30"
    assert c.instant_us(0, 4 * 3600) == 3 * HOUR
    # 22:00 to 07:00 the night before has 8 hours
    assert c.instant_us(0, 7 * 3600) - c.instant_us(-1, 22 * 3600) == 8 * HOUR
    # times past midnight belong to the next day
    assert c.instant_us(-1, 31 * 3600) == c.instant_us(0, 7 * 3600)
    assert [(s.start, s.until, s.wall) for s in c.stretches(0)] == [
        (0, 3 * HOUR, 0),
        (3 * HOUR, 23 * HOUR, 4 * HOUR),
    ]


def test_autumn_in_kyiv() -> None:
    c = clock(dt.date(2027, 10, 31), 1, "Europe/Kyiv")
    # 03:30 comes twice: the first one, before the clock is set back
    assert c.instant_us(0, 3.5 * 3600) == int(3.5 * HOUR)
    assert c.instant_us(0, 4 * 3600) == 5 * HOUR
    assert c.local_time(int(4.5 * HOUR)).strftime("%H:%M") == "03:30"
    assert c.instant_us(0, 7 * 3600) - c.instant_us(-1, 22 * 3600) == 10 * HOUR
    assert [(s.start, s.until, s.wall) for s in c.stretches(0)] == [
        (0, 4 * HOUR, 0),
        (4 * HOUR, 25 * HOUR, 3 * HOUR),
    ]


def test_half_hour_jump() -> None:
    c = clock(dt.date(2027, 10, 3), 1, "Australia/Lord_Howe", interval=HOUR)
    assert c.instant_us(0, 2.25 * 3600) == int(2.25 * HOUR)  # skipped: shows 02:45
    assert c.local_time(int(2.25 * HOUR)).strftime("%H:%M") == "02:45"
    assert c.instant_us(0, 3 * 3600) == int(2.5 * HOUR)
    # 23 whole hours and a last interval of 30 minutes
    assert len(c.interval_starts) == 24
    assert c.horizon_us - c.interval_starts[-1] == 30 * MINUTE


def test_midnight_that_does_not_exist() -> None:
    # Africa/Cairo: 2027-04-30 00:00 -> 01:00
    c = clock(dt.date(2027, 4, 29), 2, "Africa/Cairo")
    assert np.diff(c.day_starts).tolist() == [24 * HOUR, 23 * HOUR]
    assert c.local_time(c.day_start_us(1)).strftime("%d %H:%M") == "30 01:00"
    assert c.stretches(1)[0].wall == HOUR


def test_intervals_and_days_of_instants() -> None:
    c = clock(dt.date(2027, 3, 27), 3, "Europe/Kyiv")
    assert len(c.interval_starts) == 48 + 46 + 48
    at = [-1, 0, 30 * MINUTE - 1, 30 * MINUTE, DAY + 23 * HOUR, c.horizon_us]
    assert c.interval_of(at).tolist() == [-1, 0, 0, 1, 48 + 46, 48 + 46 + 48 - 1]
    assert c.day_of(at).tolist() == [-1, 0, 0, 0, 2, 3]


def test_many_wall_clock_times_equal_one_by_one() -> None:
    c = clock(dt.date(2027, 3, 27), 3, "Europe/Kyiv")
    days = np.repeat(np.arange(3), 24)
    walls = np.tile(np.arange(24) * HOUR + 17 * MINUTE, 3)
    expected = [c.instant_us(int(d), w / 1e6) for d, w in zip(days, walls, strict=True)]
    assert c.instants_us(days, walls).tolist() == expected


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(ValueError, match="Europe/Kiew"):
        clock(dt.date(2027, 3, 27), 3, "Europe/Kiew")


@pytest.mark.parametrize(
    ("start", "warm_up", "hours"),
    [
        (dt.date(2027, 3, 22), 7 * DAY, 7 * 24 - 1),  # the week in which summer time begins
        (dt.date(2027, 10, 25), 7 * DAY, 7 * 24 + 1),
        (dt.date(2027, 3, 22), 6 * DAY, 6 * 24),
        (dt.date(2027, 3, 22), 7 * DAY + 10 * HOUR, 7 * 24 - 1 + 10),
        (dt.date(2027, 3, 22), 34 * HOUR, 34),
        (dt.date(2027, 3, 22), 0, 0),
    ],
)
def test_whole_days_of_warm_up_end_at_midnight(start: dt.date, warm_up: int, hours: int) -> None:
    calendar = Calendar.model_construct(
        start=start, days=14, timezone="Europe/Kyiv", interval=30 * MINUTE, warm_up=warm_up
    )
    assert LocalClock(calendar).warm_up_us == hours * HOUR
