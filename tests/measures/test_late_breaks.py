"""Work into breaks, as a payroll clerk reckons it from the time sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from ccsim.engine.reference import simulate
from ccsim.measures.late_breaks import without_made_up
from ccsim.network.compile import compile_network
from ccsim.records import Presence
from ccsim.roster import Activity, make_roster
from ccsim.roster.model import PAID, SCHEDULE, SPANS, Roster
from ccsim.scenario.clock import MINUTE
from ccsim.scenario.resolve import Design, from_dict
from ccsim.workload import make_workload
from tests.evaluated import evaluate

ON, PAID_BREAK, UNPAID = Activity.ON_DUTY, Activity.PAID_BREAK, Activity.UNPAID_BREAK
Rows = list[tuple[int, int, int]]
Parts = Sequence[tuple[int, int, int]]

# Minutes since the shift begins: a break without pay from 240 to 270, the shift ends at 510.
LONG = [(0, 240, ON), (240, 270, UNPAID), (270, 510, ON)]
# the shift ends 20 minutes after the break
SHORT = [(0, 240, ON), (240, 270, UNPAID), (270, 290, ON)]
# a paid break, and one without pay right after it
BOTH = [(0, 240, ON), (240, 255, PAID_BREAK), (255, 285, UNPAID), (285, 510, ON)]
# two minutes between two breaks
TWO = [(0, 10, ON), (10, 15, UNPAID), (15, 17, ON), (17, 30, UNPAID), (30, 40, ON)]


def roster_of(*shifts: Parts) -> Roster:
    """A shift of each agent; whatever is not duty is a break."""
    scheduled = [(i, a, b, what) for i, shift in enumerate(shifts) for a, b, what in shift]
    schedule, spans = np.zeros(len(scheduled), SCHEDULE), []
    for row, (agent, start, until, what) in zip(schedule, scheduled, strict=True):
        row["agent"], row["activity"] = agent, what
        row["start"], row["until"] = start * MINUTE, until * MINUTE
    for agent, shift in enumerate(shifts):
        duty = [(a, b) for a, b, what in shift if what == ON]
        for a, b in duty:
            spans.append((agent, a * MINUTE, b * MINUTE, 1.0, (a, b) != duty[-1]))
    return Roster(np.zeros(len(shifts), np.int32), np.array(spans, SPANS), schedule)


def left(late: Rows, roster: Roster, keeps: bool = True) -> Rows:
    """What is left of overtime, in minutes, without what falls into paid time."""
    rows = np.array(late, np.int64).reshape(-1, 3)
    rows[:, 1:] *= MINUTE
    found = without_made_up(rows, roster, np.full(len(roster.team), keeps))
    paid = roster.schedule[np.isin(roster.schedule["activity"], PAID)]
    minutes = [
        (agent, minute, minute + 1)
        for agent, start, until in (found // [1, MINUTE, MINUTE]).tolist()
        for minute in range(start, until)
        if not any(
            row["agent"] == agent and row["start"] <= minute * MINUTE < row["until"] for row in paid
        )
    ]
    joined: Rows = []
    for agent, start, until in sorted(minutes):
        if joined and joined[-1][0] == agent and joined[-1][2] == start:
            joined[-1] = agent, joined[-1][1], until
        else:
            joined.append((agent, start, until))
    return joined


@pytest.mark.parametrize(
    ("shift", "late", "beyond"),
    [
        # ten minutes into the break, which lasts from 250 to 280: at work for 480, as planned
        (LONG, [(240, 250)], []),
        # in two rows, for there were two items in hand and then one
        (LONG, [(240, 244), (244, 250)], []),
        # the whole break and ten minutes more, then from 280 to 310 off: as planned
        (LONG, [(240, 280)], []),
        # after the shift: beyond it, whatever the break was
        (LONG, [(240, 250), (510, 525)], [(510, 525)]),
        # from 240 to 265, then home, for the break would end at 295: at work for 265 of the 260
        # that are paid; five minutes more, the last ones
        (SHORT, [(240, 265)], [(260, 265)]),
        # 15 minutes of paid break and five without pay: 45 minutes off begin at 260
        (BOTH, [(240, 260)], []),
        # a break of five minutes from 13 on, in which the second one begins: of two minutes on duty
        # none is worked; at work until 13 and from 30 to 40, 23 minutes of the 22 that are paid
        (TWO, [(10, 13)], [(12, 13)]),
        # through both: from 20 on the five minutes are over before the second one is; at work until
        # 20 and from 30 to 40, 30 minutes of 22
        (TWO, [(10, 20)], [(10, 15), (17, 20)]),
    ],
)
def test_work_into_breaks_that_keep_their_length(
    shift: Parts, late: list[tuple[int, int]], beyond: list[tuple[int, int]]
) -> None:
    rows = [(1, a, b) for a, b in late]
    # somebody before and somebody after has the same shift and keeps to it
    assert left(rows, roster_of(shift, shift, shift)) == [(1, a, b) for a, b in beyond]


def test_breaks_that_end_as_planned_are_lost() -> None:
    assert left([(0, 240, 250)], roster_of(LONG), keeps=False) == [(0, 240, 250)]
    assert left([(0, 240, 280)], roster_of(LONG), keeps=False) == [(0, 240, 270)]


def test_people_without_breaks() -> None:
    assert left([(0, 60, 70)], roster_of([(0, 60, ON)])) == [(0, 60, 70)]
    assert left([], roster_of(LONG)) == []


def test_several_people_each_by_their_own_shift() -> None:
    late = [(2, 10, 13), (0, 240, 250), (1, 240, 265), (0, 510, 511)]
    assert left(late, roster_of(LONG, SHORT, TWO)) == [(0, 510, 511), (1, 260, 265), (2, 12, 13)]


# --- a whole desk -------------------------------------------------------------------------------


def desk(late_breaks: str) -> Design:
    """A busy week of ten people whose break has no pay."""
    break_: dict[str, Any] = {"between": ["11:00", "14:00"], "for": "30 min", "paid": False}
    handle = {"mean": "14 min", "family": "exponential"}
    return from_dict(
        {
            "ccsim": 1,
            "name": "Late breaks",
            "currency": "EUR",
            "calendar": {"start": "2027-03-01", "days": 7, "warm_up": "2 d"},
            "contacts": {"calls": {"arrivals": {"per_day": 480}, "phone": {"handle": handle}}},
            "channels": {"phone": {"answer_within": "20 s", "target": "80 %", "patience": "8 min"}},
            "teams": {
                "desk": {
                    "people": 10,
                    "late_breaks": late_breaks,
                    "roster": {"day": "100 %"},
                    "pay": {"wage": "60 / h", "overtime": "150 %"},
                }
            },
            "routing": {"*": ["desk"]},
            "shifts": {
                "day": {"days": "daily", "from": "08:00", "to": "17:00", "breaks": [break_]}
            },
        }
    )


@pytest.mark.parametrize("late_breaks", ["planned end", "full length"])
def test_what_is_paid_is_what_the_time_sheet_says(late_breaks: str) -> None:
    """With breaks that have no pay and nothing else in the shift every minute at work is paid once:
    the hours of the shift at the wage, what is beyond them as overtime."""
    design = desk(late_breaks)
    network = compile_network(design)
    workload = make_workload(design, network, 3, 0)
    roster = make_roster(design, network, 3, 0)
    records = simulate(network, roster, workload)
    kpis = evaluate(design, network, roster, workload, records)
    duty = records.duty[np.isin(records.duty["presence"], (Presence.ON, Presence.OVERTIME))]
    start = np.maximum(duty["start"], 2 * 86_400 * 10**6)
    at_work = np.maximum(duty["until"] - start, 0).sum() / (60 * MINUTE)
    total = dict(zip(kpis.keys, kpis.totals[:, 0].tolist(), strict=True))
    assert total["desk.paid_hours"] == 5 * 10 * 8.5
    beyond = total["cost.overtime"] / (60 * 1.5)
    assert total["desk.paid_hours"] + beyond == pytest.approx(at_work)
    is_late = (duty["presence"] == Presence.OVERTIME) & (duty["start"] == start)
    into_breaks = duty[is_late & (duty["start"] % (86_400 * 10**6) < 14 * 60 * MINUTE)]
    assert (into_breaks["until"] - into_breaks["start"]).sum() > 5 * 60 * MINUTE
