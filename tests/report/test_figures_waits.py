"""Who is answered within what time, and how many are in line when: what is drawn and said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from ccsim.experiment.execution.result import Comparison
from ccsim.experiment.execution.run import compare, run
from ccsim.report.curves.shown import AnsweredWithin, BacklogByTime, Sample
from ccsim.report.curves.wait_curves import (
    answered_finding,
    answered_tables,
    backlog_finding,
    backlog_tables,
)
from ccsim.report.figures.wait_charts import answered_figure, backlog_figure
from ccsim.report.text.answer import answer
from ccsim.report.words.verdicts import Status
from ccsim.scenario.resolve import all_from_dict, from_dict
from tests.report.drawn import xs, ys
from tests.report.estimates import around, interval
from tests.report.test_figures import boxes, overlaps

SAMPLE = Sample("Desk", "Helpdesk · 7 days · 100 replications · same customers for every design")
AT = (0.0, 10.0, 20.0, 40.0, 60.0)


def answered(*in_time: float, half: float = 0.02, **changes: Any) -> AnsweredWithin:
    """A design for each share in time; its curve rises by ten points around the target time."""
    names = ("base", "pooled", "pods_with_a_long_name", "four", "five", "six")
    steps = (-0.2, -0.1, 0.0, 0.05, 0.1)
    table = AnsweredWithin(
        key="phone", contacts="calls", within="20 s", within_s=20.0, target=0.8, working=False,
        live=True, at=AT,
        curves=tuple(
            (name, tuple(around(min(share + step, 1.0), half) for step in steps))
            for name, share in zip(names, in_time, strict=False)
        ),
        in_time=tuple(around(share, half) for share in in_time),
        differ=len(in_time) > 1,
        median=tuple(around(12.0, 0.5) for _ in in_time),
        most=tuple(around(55.0, 2.0) for _ in in_time),
        sample=SAMPLE,
    )  # fmt: skip
    return replace(table, **changes)


def backlog(*last: float, days: int = 4, half: float = 1.0) -> BacklogByTime:
    """A design for each backlog of the last day; on the first it is 10, between in steps."""
    names = ("base", "pooled", "pods")
    midnights = [86_400.0 * day for day in range(days + 1)]
    at = tuple(midnight + 3600.0 * hour for midnight in midnights[:-1] for hour in range(24))
    dates = [dt.date(2027, 3, 1) + dt.timedelta(days=day) for day in range(days + 1)]
    means = [np.linspace(10, end, days) for end in last]
    return BacklogByTime(
        key="email", contacts="e-mails", at=at,
        labels=tuple(f"{day} {hour:02d}:00" for day in dates[:-1] for hour in range(24)),
        each="hours",
        curves=tuple(
            (name, tuple(around(mean * hour / 12, half) for mean in by_day for hour in range(24)))
            for name, by_day in zip(names, means, strict=False)
        ),
        days=tuple(zip(midnights, dates, strict=True)),
        by_day=tuple(tuple(around(mean, half) for mean in by_day) for by_day in means),
        grows=tuple(end > 20 for end in last),
        sample=SAMPLE,
    )  # fmt: skip


FIGURES: dict[str, Callable[[], Figure]] = {
    "answered by one": lambda: answered_figure(answered(0.86)),
    "answered by six": lambda: answered_figure(answered(0.86, 0.8, 0.7, 0.6, 0.5, 0.4)),
    "answered without a target time": lambda: answered_figure(
        answered(0.8, within=None, within_s=None, target=None, in_time=())
    ),
    "backlog": lambda: backlog_figure(backlog(12)),
    "backlog that grows": lambda: backlog_figure(backlog(12, 300, 50)),
    "backlog of a year": lambda: backlog_figure(backlog(12, days=365)),
    "backlog of a day": lambda: backlog_figure(backlog(12, days=1)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_overlaps_or_leaves_the_figure(name: str) -> None:
    figure = FIGURES[name]()
    found = boxes(figure)
    assert overlaps(found) == []
    width, height = figure.bbox.width, figure.bbox.height
    outside = [t for t, b in found if b.x0 < 0 or b.y0 < 0 or b.x1 > width or b.y1 > height]
    assert outside == []


def test_the_curves_are_the_tables() -> None:
    table = answered(0.86, 0.7)
    (axes,) = answered_figure(table).axes
    for line, (_, curve) in zip(axes.get_lines(), table.curves, strict=False):
        assert xs(line).tolist() == list(AT)
        np.testing.assert_allclose(ys(line), [100 * (c.value or 0) for c in curve])
    waits = backlog(12, 300)
    (axes,) = backlog_figure(waits).axes
    for line, (_, curve) in zip(axes.get_lines(), waits.curves, strict=False):
        np.testing.assert_allclose(ys(line), [c.value or 0.0 for c in curve])
    days = [text.get_text() for text in axes.get_xticklabels()]
    assert days[:2] == ["Mon\n01 Mar", "Tue\n02 Mar"]


def test_a_short_calendar_names_hours_too() -> None:
    (axes,) = backlog_figure(backlog(12, days=2)).axes
    hours = dict(zip(axes.get_xticks(minor=True), axes.get_xticklabels(minor=True), strict=True))
    named = {at / 3600: text.get_text() for at, text in hours.items()}
    assert {at: named[at] for at in (5.5, 29.5)} == {5.5: "06:00", 29.5: "06:00"}
    (axes,) = backlog_figure(backlog(12, days=7)).axes
    assert len(axes.get_xticks(minor=True)) == 0


def test_the_target_is_marked_at_its_time_and_share() -> None:
    figure = answered_figure(answered(0.86))
    (axes,) = figure.axes
    lines = {line.get_label(): line for line in axes.get_lines()}
    assert xs(lines["target time: 20 s"])[0] == 20
    assert ys(lines["target: 80 %"])[0] == 80
    assert "bands: 95 % intervals of the mean" in [t for t, _ in boxes(figure)]


@pytest.mark.parametrize(
    ("table", "title"),
    [
        (
            answered(0.86),
            "86 % of calls answered within 20 s; target 80 % met",
        ),
        (
            answered(0.75),
            "75 % of calls answered within 20 s; target 80 % missed: it takes 40 s to answer 80 %",
        ),
        (
            answered(0.65),
            "65 % of calls answered within 20 s; target 80 % missed, and not reached in the time "
            "shown",
        ),
        (
            answered(0.795),
            "80 % of calls answered within 20 s; target 80 % too close to call",
        ),
        (answered(0.86, target=None), "86 % of calls answered within 20 s"),
        (
            answered(0.75, 0.86),
            "Calls answered within 20 s: 86 % in pooled, 75 % in base; target 80 %",
        ),
        (
            answered(0.85, 0.86, differ=False),
            "Calls answered within 20 s: 85 to 86 %, the designs are too close to call; "
            "target 80 %",
        ),
        (
            answered(0.86, within=None, in_time=()),
            "Half of the answered calls wait up to 12 s, 90 % up to 55 s",
        ),
        (
            answered(0.86, 0.8, within=None, in_time=(), working=True,
                     median=(around(7200, 9), around(12_600, 9))),
            "Half of the answered calls wait up to 2.0 h to 3.5 h in working hours, "
            "90 % up to 55 s",
        ),
    ],
)  # fmt: skip
def test_findings_of_answers(table: AnsweredWithin, title: str) -> None:
    assert answered_finding(table) == title


@pytest.mark.parametrize(
    ("table", "title"),
    [
        (backlog(12), "At most 23 e-mails are waiting, on Thu 04 Mar at 23:00"),
        (
            backlog(40),
            "The backlog of e-mails grows every day: 10 open after the first, 40 after the "
            "last; too few people for the work",
        ),
        (
            backlog(12, 40),
            "The backlog of e-mails grows every day in pooled: 10 open after the first, 40 after "
            "the last; too few people for the work",
        ),
        (
            backlog(30, 40),
            "The backlog of e-mails grows every day in every design: 10 open after the first, 30 "
            "to 40 after the last; too few people for the work",
        ),
        (
            backlog(12, 20),
            "At most 38 e-mails are waiting in pooled (on Thu 04 Mar at 23:00), 23 in base",
        ),
        (
            backlog(12, 12.5),
            "At most 23 to 24 e-mails are waiting; the designs are too close to call",
        ),
    ],
)
def test_findings_of_a_backlog(table: BacklogByTime, title: str) -> None:
    assert backlog_finding(table) == title


# --- from results ---------------------------------------------------------------------------------

DESK: dict[str, Any] = {
    "ccsim": 1,
    "name": "Desk",
    "calendar": {"start": "2027-03-01", "days": 5, "interval": "60 min"},
    "contacts": {
        "orders": {
            "arrivals": {
                "per_day": 420,
                "by_channel": {"phone": "60 %", "email": "rest"},
            },
            "phone": {"handle": {"mean": "3 min"}},
            "email": {"handle": {"mean": "4 min"}},
        },
    },
    "channels": {
        "phone": {"answer_within": "20 s", "target": "80 %", "patience": {"mean": "2 min"}},
        "email": {"answer_within": "4 h", "target": "90 %"},
    },
    "teams": {"desk": {"roster": {"day": 3}, "hands": {"phone": "alone", "email": "in gaps"}}},
    "routing": {"orders": ["desk"]},
    "shifts": {"day": {"days": "daily", "from": "06:00", "to": "20:00"}},
    "designs": {"fewer": {"teams": {"desk": {"roster": {"day": 1}}}}},
}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(all_from_dict(DESK), replications=6, workers=1)


def test_the_curve_goes_through_the_service_level(comparison: Comparison) -> None:
    tables = {table.key: table for table in answered_tables(comparison)}
    assert list(tables) == ["phone", "email"]
    for table, key in ((tables["phone"], "phone"), (tables["email"], "email")):
        at = table.at.index(table.within_s)
        for (name, curve), level in zip(table.curves, table.in_time, strict=True):
            assert level == comparison.results[name][f"{key}.service_level"]
            assert curve[at].value == pytest.approx(level.value, abs=3e-3)
            shares = [cell.value for cell in curve]
            assert np.diff(np.array(shares, float)).min() > -1e-12
    assert tables["phone"].differ
    assert answered_finding(tables["phone"]).endswith("in fewer; target 80 %")


def test_types_with_other_target_times_have_their_own_pictures() -> None:
    other = {"arrivals": {"per_day": 50}, "phone": {"handle": "3 min", "answer_within": "60 s"}}
    two = {
        **DESK,
        "contacts": {**DESK["contacts"], "complaints": other},
        "routing": {"*": ["desk"]},
        "designs": {},
    }
    found = run(from_dict(two), replications=2, workers=1)
    tables = list(answered_tables(found))
    assert [(t.key, t.within) for t in tables] == [
        ("orders.phone", "20 s"), ("complaints.phone", "1 min"), ("email", "4 h"),
    ]  # fmt: skip


def test_the_backlog_is_the_measure_by_interval(comparison: Comparison) -> None:
    (table,) = backlog_tables(comparison)  # no live channel, whose line does not grow
    assert table.key == "email" and table.each == "hours"
    cut = comparison.results["fewer"].cut("email.backlog_mean", "interval")
    np.testing.assert_array_equal([cell.value for cell in table.curves[1][1]], cut.band.value)
    assert table.labels[7] == "2027-03-01 07:00"
    assert table.at[7] == 7.5 * 3600
    assert table.grows == (False, True)
    assert "grows every day in fewer" in backlog_finding(table)


def test_a_clock_that_changes_keeps_midnight_at_midnight() -> None:
    spring = {"start": "2027-03-27", "days": 3, "interval": "60 min", "timezone": "Europe/Kyiv"}
    found = run(from_dict({**DESK, "calendar": spring, "designs": {}}), replications=1, workers=1)
    (table,) = backlog_tables(found)
    assert [at / 3600 for at, _ in table.days] == [0, 24, 47, 71]  # the 28th has 23 hours
    assert len(table.at) == 71


def test_one_replication_has_curves_without_bands() -> None:
    table = answered(0.86)
    alone = tuple(interval(cell.value) for cell in table.curves[0][1])
    assert boxes(answered_figure(replace(table, curves=(("base", alone),))))


@pytest.mark.parametrize(
    ("place", "fault", "shown_by"),
    [
        ("status_of", lambda *_, **__: Status.MET, lambda: answered_finding(answered(0.75))),
        ("_sure_difference", lambda *_: True, lambda: _finding_of_equals()),
        ("grows", lambda days: True, lambda: _finding_of_a_day()),
    ],
    ids=["met", "told apart", "grows"],
)
def test_planted_faults_change_the_title(
    monkeypatch: pytest.MonkeyPatch, place: str, fault: Any, shown_by: Callable[[], str]
) -> None:
    """A title that claims too much would be noticed."""
    before = shown_by()
    monkeypatch.setattr(f"ccsim.report.curves.wait_curves.{place}", fault)
    assert shown_by() != before


def _finding_of_equals() -> str:
    alike = {**DESK, "designs": {"same": {"about": "nothing is changed"}}}
    found = compare(all_from_dict(alike), replications=3, workers=1)
    return answered_finding(next(iter(answered_tables(found))))


def _finding_of_a_day() -> str:
    quiet = {**DESK, "designs": {}}
    return backlog_finding(next(backlog_tables(run(from_dict(quiet), replications=2, workers=1))))


def test_a_weekend_without_people_is_no_growth() -> None:
    """Monday to Sunday, served on weekdays: what comes on the last two days is nobody's failure."""
    weekdays = {"day": {"days": "mon-fri", "from": "06:00", "to": "20:00"}}
    week = {"start": "2027-03-01", "days": 7, "interval": "60 min"}
    desk = {**DESK, "calendar": week, "shifts": weekdays, "designs": {}}
    found = run(from_dict(desk), replications=3, workers=1)
    (table,) = backlog_tables(found)
    assert len(table.by_day[0]) == 5
    assert table.grows == (False,)
    sunday = table.curves[0][1][-1].value
    assert sunday is not None and sunday > 200  # and yet it is drawn
    assert backlog_finding(table).endswith("on Sun 07 Mar at 23:00")
    assert not [text for text in answer(found).cautions if "grows" in text]
