"""Cuts by time: groups of intervals by hand, with daylight saving and a warm-up."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import numpy as np
import pytest

from ccsim.experiment import Run
from ccsim.experiment.results.cuts import By, cuts_of
from ccsim.scenario.schema import Calendar

HOUR = 3_600_000_000


def calendar(**changes: object) -> Calendar:
    said = {"start": dt.date(2027, 3, 27), "days": 3, "timezone": "Europe/Kyiv", "interval": HOUR}
    return Calendar(**{**said, **changes})  # type: ignore[arg-type]


def test_days_of_a_spring_night() -> None:
    # Sunday 2027-03-28 has 23 hours in Kyiv: 03:00 does not exist
    groups = cuts_of(calendar())["day"]
    assert groups.labels == ("2027-03-27", "2027-03-28", "2027-03-29")
    assert np.bincount(groups.of_interval).tolist() == [24, 23, 24]
    assert groups.starts == (0, 24 * HOUR, 47 * HOUR)


def test_times_of_day_are_those_of_the_wall_clock() -> None:
    groups = cuts_of(calendar())["time"]
    assert len(groups) == 24
    assert groups.labels[:4] == ("00:00", "01:00", "02:00", "03:00")
    # three days show 04:00, two show 03:00
    assert groups.days.tolist() == [3.0] * 3 + [2.0] + [3.0] * 20
    assert groups.starts[7] == 7 * 3600


def test_weekdays_and_weeks() -> None:
    nine = calendar(start=dt.date(2027, 3, 1), days=9, timezone="UTC")
    weekdays = cuts_of(nine)["weekday"]
    assert weekdays.labels == ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    assert weekdays.days.tolist() == [2.0, 2.0] + [1.0] * 5
    weeks = cuts_of(nine)["week"]
    assert weeks.labels == ("week 2027-03-01", "week 2027-03-08")
    assert weeks.days.tolist() == [1.0, 1.0]
    assert np.bincount(weeks.of_interval).tolist() == [7 * 24, 2 * 24]


def test_weeks_begin_when_the_warm_up_is_over() -> None:
    """Seven days after one of warm-up are one week, and not six days and one."""
    eight = calendar(start=dt.date(2027, 3, 1), days=8, timezone="UTC", warm_up=24 * HOUR)
    weeks = cuts_of(eight)["week"]
    assert weeks.labels == ("week 2027-03-02",)
    assert weeks.of_interval.tolist() == [-1] * 24 + [0] * 7 * 24


def test_the_warm_up_belongs_to_no_group() -> None:
    groups = cuts_of(calendar(timezone="UTC", warm_up=24 * HOUR))["day"]
    assert groups.labels == ("2027-03-28", "2027-03-29")
    assert groups.of_interval.tolist() == [-1] * 24 + [0] * 24 + [1] * 24
    assert len(cuts_of(calendar(warm_up=24 * HOUR))["interval"]) == 47


@pytest.mark.parametrize("start", [dt.date(2027, 3, 28), dt.date(2027, 10, 31)])
def test_a_day_of_warm_up_ends_at_midnight_when_the_clocks_change(start: dt.date) -> None:
    """Sundays of 23 and of 25 hours: neither leaves an hour that is no day."""
    groups = cuts_of(calendar(start=start, warm_up=24 * HOUR))["day"]
    assert np.bincount(groups.of_interval[groups.of_interval >= 0]).tolist() == [24, 24]


def test_sums_by_group() -> None:
    cells = np.zeros((2, 72, 2))
    cells[0, :, 0], cells[1, :, 1] = 1.0, np.arange(72)
    groups = cuts_of(calendar(timezone="UTC"))["day"]
    assert groups.summed(cells[..., 0])[0].tolist() == [24.0, 24.0, 24.0]
    assert groups.summed(cells[..., 1])[1].tolist() == [276.0, 276.0 + 24 * 24, 276.0 + 24 * 48]


@pytest.mark.parametrize("by", get_args(By))
def test_sums_of_groups_that_are_no_neighbours_and_a_warm_up(by: By) -> None:
    groups = cuts_of(calendar(timezone="UTC", warm_up=30 * HOUR))[by]
    cells = np.arange(72.0)[None, :]
    expected = [cells[0, groups.of_interval == group].sum() for group in range(len(groups))]
    assert groups.summed(cells)[0].tolist() == expected


@pytest.mark.parametrize("by", ["interval", "time", "day", "weekday", "week"])
def test_ratios_of_a_cut_are_ratios_of_totals_and_add_up(desk: Run, by: str) -> None:
    cut = desk.result.table.cuts[by]  # type: ignore[index]
    row = desk.result.table.interval_keys.index("phone.service_level")
    num, den = desk.result.table.columns("phone.service_level")
    sums = cut.of(row, desk.replications)
    assert sums[:, 0].sum() == num.sum()
    assert sums[:, 1].sum() == den.sum()
    with np.errstate(invalid="ignore"):
        wanted = sums[:, 0] / sums[:, 1]
    np.testing.assert_array_equal(desk.cut("phone.service_level", by).band.value, wanted)  # type: ignore[arg-type]


def test_totals_of_a_cut_are_per_day(desk: Run) -> None:
    # both days together are the horizon; a time of day is an average over the two days
    attempts = desk["phone.attempts"].value
    by_day = desk.cut("phone.attempts", "day").band.value
    by_time = desk.cut("phone.attempts", "time").band.value
    by_week = desk.cut("phone.attempts", "week").band.value
    assert by_day.sum() == pytest.approx(attempts, rel=1e-12)
    assert by_time.sum() == pytest.approx(attempts / 2, rel=1e-12)  # type: ignore[operator]
    assert by_week.tolist() == pytest.approx([attempts], rel=1e-12)


def test_nobody_at_night_is_undefined(desk: Run) -> None:
    cut = desk.cut("phone.service_level", "time")
    assert cut.band.at(cut.labels.index("03:00")).value is None
    assert cut.band.at(cut.labels.index("11:00")).value is not None
