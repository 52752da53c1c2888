"""Load against staff, counted by hand on small desks."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ccsim.check import check
from ccsim.check.entries import overlap
from ccsim.erlang import agents_needed
from ccsim.scenario.clock import LocalClock
from tests.network.designs import HOUR, MINUTE, SECOND, Blocks, design

STAFFED: Blocks = {
    "contacts": {"calls": {"arrivals": {"per_day": 960.0}}},
    "teams": {"agents": {"people": None, "staffing": (4,)}},
}
"""20 calls every half hour, 3 minutes each: 2 agents' work; four on duty all day."""


def test_work_offered_is_rate_times_handle_time() -> None:
    (load,) = check(design(STAFFED)).load
    assert load.live == pytest.approx(np.full(48, 2.0))
    assert load.on_duty == pytest.approx(np.full(48, 4.0))
    assert not load.deferred.any()


def test_wrap_up_and_pace_count() -> None:
    patch = {
        "contacts": {"calls": {"phone": {"handle": {"wrap_up": 30 * SECOND}}}},
        "teams": {"agents": {"handle_time": 1.5}},
    }
    (load,) = check(design(STAFFED, patch)).load
    assert load.live[0] == pytest.approx(20 * (3 * 1.5 + 0.5) / 30)


def test_heads_needed_are_those_of_the_formula() -> None:
    (load,) = check(design(STAFFED)).load
    endless = agents_needed(20 / 30, 3.0, 1 / 3, 0.8)
    assert load.needed.tolist() == [endless] * 48
    assert load.basis == "Erlang C, phone 80 % within 20 s"
    patch = {"channels": {"phone": {"patience": {"mean": 2 * MINUTE, "hangs_up_at_once": 0.05}}}}
    (load,) = check(design(STAFFED, patch)).load
    impatient = agents_needed(20 / 30, 3.0, 1 / 3, 0.8, patience=2.0, hangs_up_at_once=0.05)
    assert load.needed.tolist() == [impatient] * 48
    assert load.basis.startswith("Erlang A")


def test_gross_of_shrinkage() -> None:
    patch = {"teams": {"agents": {"shrinkage": {"leave": 0.2}}}}
    (load,) = check(design(STAFFED, patch)).load
    assert load.needed[0] == 4
    assert load.needed_gross[0] == 5  # 4 / 0.8


def test_what_is_lost_within_a_shift_is_more_of_a_short_one() -> None:
    """2 h of training a week and 30 min of meetings a day are 4.5 of the 20 h that five shifts of
    four hours have, not of the 40 of a full-time week."""
    lost = {"training": 2 * HOUR, "meetings": 30 * MINUTE}
    for hours, share in ((4, 4.5 / 20), (8, 4.5 / 40)):
        shift = {"days": ("mon", "tue", "wed", "thu", "fri"), "from": 9 * 3600}
        team = {"staffing": None, "people": 4, "roster": {"day": 1.0}, "shrinkage": lost}
        patch = {
            "calendar": {"days": 7},
            "teams": {"agents": team},
            "shifts": {"day": shift | {"to": (9 + hours) * 3600}},
        }
        (load,) = check(design(STAFFED, patch)).load
        assert load.shrinkage == pytest.approx(share, abs=1e-9)


def test_repeats_are_work_too() -> None:
    """Half unresolved, all of them again: N = 2, within the 16 legs to 1 part in 30,000."""
    patch = {
        "contacts": {"calls": {"resolved": 0.5, "again": {"share": 1.0, "delay": {"mean": HOUR}}}}
    }
    (load,) = check(design(STAFFED, patch)).load
    assert load.live[0] == pytest.approx(4.0, rel=1e-4)
    offered = {"contacts": {"calls": {"arrivals": {"counts": "offered"}}}}
    found = check(design(STAFFED, patch, offered))
    assert found.load[0].live[0] == pytest.approx(2.0)  # the count holds the repeats already
    assert found.first_attempts == pytest.approx({"calls.phone": 0.5}, rel=1e-4)


def test_a_stage_is_the_other_teams_work() -> None:
    """A quarter goes up after 40 % of the work; the stage takes 12 minutes."""
    patch = {
        "contacts": {
            "calls": {
                "stages": {"tier2": {"handle": {"mean": 12 * MINUTE}}},
                "escalates": ({"to": "tier2", "share": 0.25, "at_effort": 0.4},),
            }
        },
        "teams": {"seniors": {"staffing": (3,)}},
        "routing": {"calls@tier2": {"route": ({"team": ("seniors",)},)}},
    }
    first, second = check(design(STAFFED, patch)).load
    assert first.live[0] == pytest.approx(2.0 * (0.75 + 0.25 * 0.4))
    assert second.live[0] == pytest.approx(20 * 0.25 * 12 / 30)


def test_several_at_once_are_parts_of_an_agent() -> None:
    """Three at once, then each takes 140 %: a chat of 6 minutes is 2.8 minutes of an agent."""
    patch = {
        "contacts": {"calls": {"phone": None, "chat": {"handle": {"mean": 6 * MINUTE}}}},
        "channels": {
            "chat": {"slowdown": (1.0, 1.15, 1.4), "answer_within": MINUTE, "target": 0.8}
        },
        "teams": {"agents": {"hands": {"chat": 3}}},
    }
    (load,) = check(design(STAFFED, patch)).load
    assert load.live[0] == pytest.approx(20 * 2.8 / 30, rel=1e-4)
    slots = agents_needed(20 / 30, 8.4, 1.0, 0.8)
    assert load.needed[0] == -(-slots // 3)


def test_equal_ranks_share_by_heads() -> None:
    patch = {
        "teams": {"remote": {"staffing": (12,)}},
        "routing": {"calls": {"route": ({"team": ("agents", "remote")},)}},
    }
    first, second = check(design(STAFFED, patch)).load
    assert first.live[0] == pytest.approx(0.5)
    assert second.live[0] == pytest.approx(1.5)


def test_who_is_not_there_is_passed_over() -> None:
    half = tuple([0] * 24 + [4] * 24)
    patch = {
        "teams": {"agents": {"staffing": half}, "night": {"staffing": (2,)}},
        "routing": {"calls": {"route": ({"team": ("agents",)}, {"team": ("night",)})}},
    }
    first, second = check(design(STAFFED, patch)).load
    assert first.live.tolist() == pytest.approx([0.0] * 24 + [2.0] * 24)
    assert second.live.tolist() == pytest.approx([2.0] * 24 + [0.0] * 24)


def test_email_is_spread_over_the_staffed_hours() -> None:
    """480 e-mails of 6 minutes are 48 hours: 75 % of the time of 4 people for 16 hours."""
    there = tuple([0] * 16 + [4] * 32)
    patch = {
        "contacts": {
            "calls": {
                "phone": None,
                "email": {"handle": {"mean": 6 * MINUTE}},
                "arrivals": {"per_day": 480.0},
            }
        },
        "channels": {"email": {"answer_within": 4 * HOUR, "target": 0.9}},
        "teams": {"agents": {"staffing": there}},
    }
    (load,) = check(design(STAFFED, patch)).load
    assert load.deferred == pytest.approx(np.full(48, 2.0))  # as it comes
    assert load.needed.tolist() == [0.0] * 16 + [3.0] * 32  # as it can be done


def test_no_load_while_closed() -> None:
    patch = {"opens": {"phone": {"mon": ({"start": 9 * 3600, "until": 17 * 3600 + 900},)}}}
    (load,) = check(design(STAFFED, patch)).load
    assert load.live.tolist() == pytest.approx([0.0] * 18 + [2.0] * 16 + [1.0] + [0.0] * 13)


def test_a_shape_and_a_short_day() -> None:
    """Europe/Kyiv, 28 March 2027: no hour from 3 to 4, which gives its calls to its neighbours."""
    hours = tuple([0.0] * 2 + [1.0, 1.0, 1.0] + [0.0] * 19)
    patch = {
        "calendar": {"start": dt.date(2027, 3, 28), "timezone": "Europe/Kyiv", "interval": HOUR},
        "contacts": {"calls": {"arrivals": {"shape": hours}}},
    }
    found = check(design(STAFFED, patch))
    assert found.entries.shape == (1, 23)
    assert found.entries[0].tolist() == pytest.approx([0.0, 0.0, 480.0, 480.0] + [0.0] * 19)


def test_a_trace_is_counted() -> None:
    patch = {
        "contacts": {"calls": {"arrivals": {"per_day": None, "trace": "log.csv"}}},
        "calendar": {"interval": HOUR},
    }
    columns = {"at": ("0", "1800", "3599", "3600", "90000")}  # the last is beyond the calendar
    found = check(design(STAFFED, patch, files={"log.csv": columns}))
    assert found.entries[0].tolist() == [3.0, 1.0] + [0.0] * 22


def test_shifts_give_heads() -> None:
    """Ten from 9 to 17 with an unpaid hour off in turns: 10 heads less one hour each."""
    shift = {
        "days": ("mon",),
        "from": 9 * 3600,
        "to": 17 * 3600,
        "breaks": ({"between": (11 * 3600, 15 * 3600), "for": HOUR, "paid": False},),
    }
    patch = {
        "shifts": {"day": shift},
        "teams": {"agents": {"staffing": None, "people": 10, "roster": {"day": 1.0}}},
    }
    (load,) = check(design(STAFFED, patch)).load
    assert load.on_duty[:18].sum() == 0
    assert load.on_duty.sum() / 2 == pytest.approx(70.0)
    assert load.on_duty[18] == pytest.approx(10.0)


def test_overlap_of_spans() -> None:
    clock = LocalClock(design({"calendar": {"interval": HOUR}}).scenario.calendar)
    covered = overlap([(-HOUR, HOUR // 2), (HOUR // 4, 2 * HOUR), (23 * HOUR, 99 * HOUR)], clock)
    assert covered.tolist() == [HOUR * 1.25, HOUR, *[0.0] * 21, HOUR]
