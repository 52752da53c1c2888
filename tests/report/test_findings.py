"""Titles of figures, by rule: clear, reversed, too close to call. Expected words are by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ccsim.report.curves.findings import service_finding, spans, staff_finding, trade_off_finding
from ccsim.report.curves.shown import Sample, ServiceByTime, StaffByTime, TradeOff
from ccsim.report.words.verdicts import DesignChange
from ccsim.statistics.estimate import Estimate
from tests.report.estimates import around, certain, interval

SAMPLE = Sample("Desk", "7 days · 100 replications")
TARGET = "Calls answered within 20 s: target 80 %"
HOURS = tuple(range(8 * 3600, 14 * 3600, 3600))  # 08:00 .. 13:00


def curve(pattern: str) -> tuple[Estimate | None, ...]:
    """k: surely above 80 %, m: surely below, u: around it, -: no contacts."""
    cells = {
        "k": interval(0.88, 0.85, 0.91),
        "m": interval(0.70, 0.66, 0.74),
        "u": interval(0.80, 0.77, 0.83),
        "-": None,
    }
    return tuple(cells[letter] for letter in pattern)


def service(**patterns: str) -> ServiceByTime:
    curves = tuple((name, curve(pattern)) for name, pattern in patterns.items())
    return ServiceByTime("phone", "calls", "20 s", 0.8, HOURS, 3600, curves, SAMPLE)


@pytest.mark.parametrize(
    ("patterns", "title"),
    [
        ({"base": "kkkkkk"}, f"{TARGET} met all day"),
        ({"base": "kkmmmk"}, f"{TARGET} missed from 10:00 to 13:00"),
        (
            {"base": "mkmmmk"},
            f"{TARGET} missed from 08:00 to 09:00 and from 10:00 to 13:00",
        ),
        ({"base": "mkmkmk"}, f"{TARGET} missed in 3 of 6 hours (worst at 08:00)"),
        ({"base": "mmmmmm"}, f"{TARGET} missed all day"),
        ({"base": "-mmmm-"}, f"{TARGET} missed all day"),
        ({"base": "kkuukk"}, f"{TARGET} too close to call from 10:00 to 12:00"),
        (
            {"tiered": "kkmmkk", "pooled": "kkkkkk"},
            f"{TARGET} missed from 10:00 to 12:00 in tiered, met all day in pooled",
        ),
        (
            {"tiered": "kkkkkk", "pooled": "kkmmkk"},
            f"{TARGET} missed from 10:00 to 12:00 in pooled, met all day in tiered",
        ),
        (
            {"tiered": "kkkkkk", "pooled": "kkkkkk"},
            f"{TARGET} met all day in both designs",
        ),
        (
            {"tiered": "kkuukk", "pooled": "kkkkkk"},
            f"{TARGET} too close to call from 10:00 to 12:00 in tiered, met all day in pooled",
        ),
    ],
)
def test_service_by_time_of_day(patterns: dict[str, str], title: str) -> None:
    assert service_finding(service(**patterns)) == title


def test_without_a_target_the_title_claims_nothing() -> None:
    table = ServiceByTime(
        "phone", "calls", "20 s", None, HOURS, 3600, (("base", curve("mmmmmm")),), SAMPLE
    )
    assert service_finding(table) == "Calls answered within 20 s, by time of day"


def test_a_gap_in_the_hours_does_not_merge() -> None:
    assert spans([0, 3600, 10800], 3600, [True, True, True]) == [(0, 7200), (10800, 14400)]


def staff(
    duty: list[float], load: list[float], need: list[float], half: float = 0.2
) -> StaffByTime:
    return StaffByTime(
        "frontline",
        "base",
        "Mon 01 Mar 2027",
        HOURS[: len(duty)],
        3600,
        tuple(around(value, half) for value in duty),
        tuple(certain(value) for value in load),
        False,
        tuple(need),
        "",
        SAMPLE,
    )


@pytest.mark.parametrize(
    ("table", "title"),
    [
        (
            staff([10, 10], [8, 11], [10, 13]),
            "Frontline: more work than people from 09:00 to 10:00",
        ),
        (
            staff([10, 10, 10], [8, 9, 9], [10, 13, 12]),
            "Frontline: short of people from 09:00 to 11:00, by up to 3",
        ),
        (
            staff([10, 15], [8, 8], [10, 9.8]),
            "Frontline: enough people all day, 5 more than needed at 09:00",
        ),
        (
            staff([10, 10], [8, 8], [10, 10.6]),
            "Frontline: too close to call whether it is short of people from 09:00 to 10:00",
        ),
        (
            staff([10, 10], [8, 8], [10, 10]),
            "Frontline: just enough people all day",
        ),
    ],
)
def test_staff_against_load(table: StaffByTime, title: str) -> None:
    assert staff_finding(table) == title


def test_staff_against_work_in_hand_claims_no_need() -> None:
    table = replace(staff([10, 8, 10], [5, 7.2, 6], [0, 0, 0]), required=None, in_hand=True)
    assert staff_finding(table) == (
        "Frontline: busiest at 09:00, when work takes 90 % of those on duty"
    )


def test_work_that_may_wait_is_held_against_the_hours_of_the_day() -> None:
    table = replace(staff([2, 2, 2], [3, 1, 1], [0, 0, 0]), required=None)
    assert staff_finding(table) == "Frontline: 5 hours of work, 6 hours on duty"


def points(value: float, half: float) -> DesignChange:
    return DesignChange(
        around(value, half),
        "points",
        "more calls answered in time",
        "fewer calls answered in time",
        "calls answered in time",
    )


def money(value: float, half: float) -> DesignChange:
    interval = around(value, half)
    return DesignChange(interval, "price:UAH", "more a year", "less a year", "cost")


def trade_off(*changes: tuple[str, DesignChange, DesignChange]) -> TradeOff:
    nothing = interval(0.8, 0.79, 0.81)
    designs = tuple((name, nothing, nothing) for name in ("tiered", *(c[0] for c in changes)))
    return TradeOff("phone", "calls", "20 s", 0.8, "UAH", designs, changes, SAMPLE)


@pytest.mark.parametrize(
    ("table", "title"),
    [
        (
            trade_off(("pooled", points(0.077, 0.006), money(141_000, 2_000))),
            "Pooled compared with tiered: 7.7 points more calls answered in time, "
            "for 141 000 UAH more a year",
        ),
        (
            trade_off(("pooled", points(-0.077, 0.006), money(141_000, 2_000))),
            "Pooled compared with tiered: 7.7 points fewer calls answered in time, "
            "and 141 000 UAH more a year",
        ),
        (
            trade_off(("pooled", points(0.077, 0.006), money(0, 0))),
            "Pooled compared with tiered: 7.7 points more calls answered in time, at the same cost",
        ),
        (
            trade_off(("pooled", points(0.077, 0.006), money(100, 300))),
            "Pooled compared with tiered: 7.7 points more calls answered in time; "
            "cost too close to call",
        ),
        (
            trade_off(("pooled", points(0.002, 0.006), money(141_000, 2_000))),
            "Calls answered in time: pooled compared with tiered too close to call; "
            "pooled costs 141 000 UAH more a year",
        ),
        (
            trade_off(
                ("pooled", points(0.002, 0.006), money(141_000, 2_000)),
                ("pods", points(0.0, 0.006), money(100, 2_000)),
            ),
            "Calls answered in time: pooled and pods compared with tiered too close to call",
        ),
        (
            trade_off(("pooled", points(0.0, 0.0), money(100, 300))),
            "Calls answered in time the same",
        ),
        (trade_off(), "Calls answered within 20 s, and cost a year"),
    ],
)
def test_cost_against_service(table: TradeOff, title: str) -> None:
    assert trade_off_finding(table) == title


def test_times_without_staff_are_not_missed_targets() -> None:
    """Contacts of the night wait for the morning: the title speaks of the staffed hours."""
    table = service(base="mkkkkk")
    assert service_finding(table) == f"{TARGET} missed from 08:00 to 09:00"
    staffed = replace(table, off_duty=(True, *[False] * 5))
    assert service_finding(staffed) == f"{TARGET} met in all staffed hours"


def test_work_that_can_wait_makes_no_team_short() -> None:
    """Eight agents, six of them on calls and ten with e-mail: enough; nine on calls are more."""
    eight, six, nine = (tuple([certain(x)] * 6) for x in (8.0, 6.0, 9.0))
    both = StaffByTime(
        "desk", "base", "Mon 01 Mar 2027", HOURS, 3600, eight, six, False, (7.0,) * 6, "Erlang A",
        SAMPLE, (10.0,) * 6,
    )  # fmt: skip
    assert staff_finding(both).startswith("Desk: enough people all day")
    assert staff_finding(replace(both, load=nine)) == "Desk: more live work than people all day"
