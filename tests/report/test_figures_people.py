"""A day of the roster as a picture, and occupancy by hour: what they show is what was scheduled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from ccsim.check.day_schedule import day_schedule
from ccsim.experiment.execution.run import run
from ccsim.report.curves.people_curves import (
    MOST_ROWS,
    occupancy_finding,
    occupancy_tables,
    roster_finding,
    roster_tables,
)
from ccsim.report.curves.shown import OccupancyByHour, RosterDay, Sample
from ccsim.report.figures.charts import save
from ccsim.report.figures.people_charts import KINDS, occupancy_figure, roster_figure
from ccsim.scenario.resolve import from_dict
from tests.report.drawn import bars
from tests.report.test_figures import boxes, overlaps

H = 3600
SAMPLE = Sample("Desk", "Helpdesk · 7 days · 100 replications")
EARLY = (
    (7 * H, 9 * H, "on duty"),
    (9 * H, 9 * H + 900, "break"),
    (9 * H + 900, 15 * H, "on duty"),
    (15 * H, 16 * H, "planned overtime"),
)
LATE = (
    (13 * H, 14 * H, "late, training, meeting or elsewhere"),
    (14 * H, 21 * H, "on duty"),
)
ROWS = (
    *(("frontline", EARLY) for _ in range(4)),
    ("frontline", ((7 * H, 16 * H, "on duty"),)),
    *(("frontline", LATE) for _ in range(3)),
    ("frontline", ((14 * H, 22 * H, "on duty"),)),
    ("frontline", ((7 * H, 15 * H, "absent"),)),
    ("specialists by night", ((0, 6 * H, "on duty"), (22 * H, 24 * H, "on duty"))),
    ("on_call", ((0, 7 * H, "on call"), (21 * H, 24 * H, "on call"))),
)
DAY = RosterDay("base", "Mon 01 Mar 2027", 24 * H, ROWS, len(ROWS), SAMPLE)
HOURS = OccupancyByHour(
    "pooled",
    ("frontline", "specialists by night"),
    tuple(range(24)),
    (
        tuple(None if h < 7 or h > 20 else 0.4 + 0.04 * (h - 7) for h in range(24)),
        tuple(0.3 for _ in range(24)),
    ),
    SAMPLE,
)
FIGURES: dict[str, Callable[[], Figure]] = {
    "roster": lambda: roster_figure(DAY),
    "roster of one": lambda: roster_figure(replace(DAY, rows=ROWS[:1], people=1)),
    "large roster": lambda: roster_figure(replace(DAY, rows=tuple(sorted(ROWS * 5)), people=600)),
    "occupancy": lambda: occupancy_figure(HOURS),
    "occupancy of many": lambda: occupancy_figure(
        replace(HOURS, teams=tuple(f"team {i}" for i in range(12)), shares=HOURS.shares[1:] * 12)
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_overlaps_or_leaves_the_figure(name: str) -> None:
    figure = FIGURES[name]()
    found = boxes(figure)
    assert overlaps(found) == []
    width, height = figure.bbox.width, figure.bbox.height
    outside = [t for t, b in found if b.x0 < 0 or b.y0 < 0 or b.x1 > width or b.y1 > height]
    assert outside == []


def test_bars_are_the_parts() -> None:
    (axes,) = roster_figure(DAY).axes
    drawn = {
        (round(bar.get_y() + bar.get_height() / 2), bar.get_x(), bar.get_x() + bar.get_width())
        for bar in bars(axes)
    }
    assert drawn == {
        (place, start, until) for place, (_, parts) in enumerate(ROWS) for start, until, _ in parts
    }
    assert [text.get_text() for text in axes.get_yticklabels()] == [
        "frontline", "specialists by night", "on_call",
    ]  # fmt: skip


def test_what_is_told_apart_differs_by_more_than_colour() -> None:
    colours = [colour for colour, _ in KINDS.values()]
    assert len(set(colours)) == len(KINDS)
    assert len({hatch for _, hatch in KINDS.values()}) >= len(KINDS) - 1


def test_findings_of_a_roster() -> None:
    # five early and four late between 14 and 16 o'clock (overtime counts), the night crew alone
    assert roster_finding(DAY) == (
        "Mon 01 Mar 2027: staffed from 00:00 to 06:00 and from 07:00 to 24:00, at most 9 (at 14:00)"
    )
    around = (("crew", ((0, 24 * H, "on duty"),)),)
    assert roster_finding(replace(DAY, rows=around * 3, people=3)).endswith("3 on duty all day")
    gaps = tuple((h * H, h * H + 1800, "on duty") for h in (8, 10, 12))
    assert roster_finding(replace(DAY, rows=(("crew", gaps),), people=1)) == (
        "Mon 01 Mar 2027: no one on duty for 22.5 h of the day, at most 1 (at 08:00)"
    )
    assert roster_finding(replace(DAY, rows=around + ROWS, people=26)) == (
        "Mon 01 Mar 2027: from about 2 (at 06:00) to about 20 (at 14:00) on duty"
    )


def test_findings_of_occupancy() -> None:
    assert occupancy_finding(HOURS) == (
        "Busiest hours: frontline 92 % at 20:00 and specialists by night 30 % at 00:00"
    )


def test_a_cell_for_each_team_and_hour() -> None:
    (axes,) = occupancy_figure(HOURS).axes
    cells = {
        (round(text.get_position()[1]), int(text.get_position()[0])): text.get_text()
        for text in axes.texts
    }
    assert len(cells) == 14 + 24 and cells[0, 7] == "40" and cells[1, 3] == "30"
    weights = {text.get_text(): text.get_fontweight() for text in axes.texts}
    assert weights["92"] == "bold" and weights["88"] == "normal"


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_the_same_table_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    makers: list[Callable[[], Figure]] = [
        lambda: roster_figure(DAY),
        lambda: occupancy_figure(HOURS),
    ]
    for make in makers:
        for name in ("a", "b"):
            save(make(), tmp_path / f"{name}.{ending}")
        first, second = ((tmp_path / f"{name}.{ending}").read_bytes() for name in ("a", "b"))
        assert first == second and len(first) > 5_000


SCENARIO: dict[str, Any] = {
    "ccsim": 1,
    "name": "Desk",
    "calendar": {"start": "2027-03-01", "days": 2},
    "contacts": {
        "calls": {
            "arrivals": {"per_day": {"mon": 240, "tue": 480}},
            "phone": {"handle": {"family": "constant", "mean": "3 min"}},
        }
    },
    "channels": {"phone": {"answer_within": "20 s", "target": "80 %", "patience": "endless"}},
    "teams": {
        "desk": {"roster": {"day": 2, "tuesday": 1}},
        "nights": {"roster": {"night": 1}},
        "call": {"drawn_from": "desk"},
    },
    "routing": {"calls": ["desk", "nights", "call"]},
    "shifts": {
        "day": {"days": "daily", "from": "08:00", "to": "20:00"},
        "tuesday": {"days": "tue", "from": "10:00", "to": "18:00"},
        "night": {"days": "daily", "from": "20:00", "to": "08:00"},
    },
}


def test_the_fullest_day_of_a_scenario() -> None:
    scheduled = day_schedule(from_dict(SCENARIO), seed=1)
    assert scheduled.day == 1 and scheduled.length == 24 * H
    assert [(row.team, row.parts) for row in scheduled.rows] == [
        ("desk", ((8 * H, 20 * H, "on duty"),)),
        ("desk", ((8 * H, 20 * H, "on duty"),)),
        ("desk", ((10 * H, 18 * H, "on duty"),)),
        ("nights", ((0, 8 * H, "on duty"), (20 * H, 24 * H, "on duty"))),
        ("call", ((0, 8 * H, "on call"), (20 * H, 24 * H, "on call"))),
    ]


def test_occupancy_by_hour_is_work_over_duty() -> None:
    experiment = run(from_dict(SCENARIO), replications=2)
    [table] = occupancy_tables(experiment)
    assert table.teams == ("desk", "nights") and table.hours == tuple(range(24))
    desk = dict(zip(table.hours, table.shares[0], strict=True))
    assert all((share is None) == (hour < 8 or hour > 19) for hour, share in desk.items())
    # 15 calls of three minutes an hour over both days, on average 2 or 3 people: but for chance
    shares = [share for share in desk.values() if share is not None]
    assert np.mean(shares) == pytest.approx(15 * 3 / 60 / 2.33, rel=0.2)
    result = experiment.results["base"]
    whole = result.estimate("desk.occupancy").value if hasattr(result, "estimate") else None
    assert whole is None or 0.8 * whole < np.mean(shares) < 1.2 * whole


def test_large_rosters_show_every_so_many_people() -> None:
    many = {**SCENARIO, "teams": {**SCENARIO["teams"], "desk": {"roster": {"day": 150}}}}
    [table] = roster_tables(run(from_dict(many), replications=1))
    assert table.people == 152 and len(table.rows) <= MOST_ROWS
    assert {team for team, _ in table.rows} == {"desk", "nights", "call"}
