"""Edges: nobody came, the warm-up, the working clock, several at once; and planted faults."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.measures.catalogue import describe
from ccsim.network.compile import compile_network
from ccsim.network.model import Exit, Label
from ccsim.records import Presence, Records, State
from ccsim.roster.model import SCHEDULE
from tests.measures.counted import CASES
from tests.measures.desk import (
    DAY,
    DUTY,
    GONE,
    HORIZON,
    HOUR,
    LEGS,
    RECORDS,
    WORK,
    Blocks,
    S,
    design,
    duty,
    kpis,
    legs,
    nobody,
    parts,
)
from tests.measures.desk import (
    work as work_rows,
)
from tests.measures.interpreted import interpreted
from tests.twin.mutants import Fault


def test_nobody_came() -> None:
    got = kpis(records=nobody())
    for key, (num, den) in zip(got.keys, got.totals.tolist(), strict=True):
        measure = describe(key)
        if measure.name in ("backlog_mean", "in_system") or measure.name.startswith("heads_"):
            assert den > 0  # time passes all the same
        elif measure.kind == "total" or measure.name in ("backlog_peak", "oldest_end"):
            assert den == 1
        elif measure.name not in ("shrinkage", "utilisation"):  # people were scheduled
            assert (num, den) == (0, 0), key
    assert got.histograms["all.wait"].total == 0


def test_nobody_came_and_nobody_worked() -> None:
    empty = kpis(records=nobody(), scheduled=np.zeros(0, SCHEDULE), team=())
    assert parts(empty, "all.shrinkage") == (0, 0)
    assert parts(empty, "all.heads") == (0, 1)


def test_the_warm_up_is_not_measured() -> None:
    """Two days of which the first is left out: 7, 8, 10, 11 and 12 remain."""
    got = kpis({"calendar": {"warm_up": DAY * S}})
    assert parts(got, "all.attempts") == (5, 1)
    assert parts(got, "all.customers") == (5, 1)
    assert parts(got, "phone.service_level") == (1, 3)
    assert parts(got, "email.attempts") == (1, 1)
    assert parts(got, "billing.phone.service_level") == (0, 0)
    assert parts(got, "frontline.heads_on_duty") == (DAY - 200, DAY)
    assert parts(got, "frontline.occupancy") == (90, DAY - 200)
    assert parts(got, "phone.backlog_mean") == (800 + 10 + 100 + 10, DAY)
    assert parts(got, "all.contacts_handled") == (0, 1)
    assert parts(got, "all.worst_day") == pytest.approx((1 / 3, 1))
    assert parts(got, "frontline.net_fte")[0] == pytest.approx((DAY - 200) / HOUR / (40 / 7))
    assert got.histograms["all.wait"].total == 2


def test_the_warm_up_cuts_what_began_in_it() -> None:
    """The e-mail of 00:16 is handled at 09:30: an item of the measured time, not an attempt."""
    got = kpis({"calendar": {"warm_up": 6 * HOUR * S}})
    assert parts(got, "email.attempts") == (1, 1)
    assert parts(got, "email.contacts_handled") == (1, 1)
    assert parts(got, "email.wait") == (0, 0)
    assert parts(got, "email.backlog_mean")[0] == (34_200 - 6 * HOUR) + 300 + 1800


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [(8, 10, 1), (9, 17, 8), (16, 33.5, 1.5), (18, 32, 0), (10, 34, 8), (47, 47.9, 0)],
)
def test_the_promise_counts_working_hours_only(since: float, until: float, hours: float) -> None:
    """Monday and Tuesday 09:00 to 17:00 for e-mail; all hours for the phone."""
    for queue, expected in ((1, hours), (0, until - since)):
        row = (0, 0, 0, queue, since * HOUR, until * HOUR, until * HOUR, Exit.SERVED,
               Label.RESOLVED, 0, GONE, 0)  # fmt: skip
        done = work_rows((0, 0, 0, queue, 0, *[int(until * HOUR)] * 3))
        got = kpis(records=Records(legs(row), done, DUTY[:0]))
        key = "all.answer_time" if queue else "billing.phone.answer_time"
        upper = int(expected * HOUR * S)
        assert got.histograms[key].cdf(upper + upper // 512) == 1.0
        assert got.histograms[key].cdf(upper - upper // 512 - 1) == 0.0


def test_a_wait_of_exactly_the_promise_keeps_it() -> None:
    for seconds, kept in ((20, 1), (21, 0)):
        row = (0, 0, 0, 0, 100, 100 + seconds, 300, Exit.SERVED, Label.RESOLVED, 0, GONE, 0)
        done = work_rows((0, 0, 0, 0, 0, 100 + seconds, 300, 300))
        got = kpis(records=Records(legs(row), done, DUTY[:0]))
        assert parts(got, "phone.service_level") == (kept, 1)


def test_who_has_waited_exactly_the_promise_at_the_end_may_still_be_in_time() -> None:
    for since, decided in ((20, 0), (21, 1)):
        row = (0, 0, 0, 0, HORIZON - since, -1, -1, Exit.INSIDE, 0, -1, GONE, State.WAITING)
        got = kpis(records=Records(legs(row), WORK[:0], DUTY[:0]))
        assert parts(got, "phone.service_level") == (0, decided)
        assert parts(got, "phone.service_level_by_customer") == (0, decided)


def test_the_customer_who_is_to_redial_after_the_end_has_not_given_up() -> None:
    row = (0, 0, 0, 0, HORIZON - 15, -1, HORIZON - 5, Exit.ABANDONED, Label.REDIALLED, -1, 0, 0)
    got = kpis(records=Records(legs(row), WORK[:0], DUTY[:0]))
    assert parts(got, "phone.abandoned") == (1, 1)
    assert parts(got, "phone.abandoned_by_customer") == (0, 0)
    assert parts(got, "phone.service_level_by_customer") == (0, 0)


def test_who_hangs_up_after_a_transfer_was_answered_and_is_unresolved() -> None:
    rows = legs(
        (0, 0, 0, 2, 0, 5, 65, Exit.SERVED, Label.ESCALATED, 1, 3, 0),
        (0, 1, 0, 3, 65, -1, 165, Exit.ABANDONED, Label.GAVE_UP, -1, GONE, 0),
    )
    got = kpis(records=Records(rows, work_rows((0, 0, 0, 2, 1, 5, 65, 65)), DUTY[:0]))
    assert parts(got, "technical.phone.service_level") == (1, 1)
    assert parts(got, "technical.phone.abandoned") == (0, 1)
    assert parts(got, "technical.phone@tier2.abandoned") == (1, 1)
    assert parts(got, "technical.abandoned_by_customer") == (0, 1)
    assert parts(got, "technical.first_contact_resolution") == (0, 1)
    assert parts(got, "technical.phone.backlog_mean")[0] == 105


def test_a_move_out_of_a_later_stage_decides_nothing_there() -> None:
    rows = legs((0, 0, 0, 3, 0, -1, 60, Exit.LIMIT, Label.PROMOTED, -1, 2, 0))
    got = kpis(records=Records(rows, WORK[:0], DUTY[:0]))
    assert parts(got, "technical.phone@tier2.answered") == (0, 0)
    assert parts(got, "technical.phone@tier2.promoted") == (1, 1)


def test_several_chats_at_once() -> None:
    """An agent of three units holds 1, 2, then 1 of them for 100 s each, and is free for 100 s."""
    chat: Blocks = {
        "contacts": {"billing": {"chat": {"handle": {"mean": 300 * S}}}},
        "teams": {"frontline": {"hands": {"phone": "alone", "email": "in gaps", "chat": 3}}},
    }
    made = design(chat)
    machine = compile_network(made)
    queue = [q.name for q in machine.queues].index("billing.chat")
    assert machine.teams[0].units == 3
    rows = legs(
        (0, 0, 0, queue, 0, 0, 200, Exit.SERVED, Label.RESOLVED, 0, GONE, 0),
        (1, 0, 0, queue, 100, 100, 300, Exit.SERVED, Label.RESOLVED, 0, GONE, 0),
    )
    done = work_rows((0, 0, 0, queue, 0, 0, 200, 200), (1, 0, 0, queue, 0, 100, 300, 300))
    on = duty(
        (0, 0, 100, Presence.ON, 1),
        (0, 100, 200, Presence.ON, 2),
        (0, 200, 300, Presence.ON, 1),
        (0, 300, 400, Presence.ON, 0),
    )
    got = kpis(chat, records=Records(rows, done, on), network=machine)
    assert parts(got, "frontline.concurrency") == (400, 300)
    assert parts(got, "frontline.busy") == (300, 400)
    assert parts(got, "frontline.occupancy") == pytest.approx((400 / 3, 400))
    assert parts(got, "frontline.occupancy_live") == pytest.approx((400 / 3, 400))


def test_live_work_is_cut_at_breaks_and_at_the_end_of_duty() -> None:
    """A call from 100 to 1000; on duty 0-300 and 500-800, so 200 + 300 s of it."""
    rows = legs((0, 0, 0, 0, 100, 100, 1000, Exit.SERVED, Label.RESOLVED, 0, GONE, 0))
    on = duty(
        (0, 0, 100, Presence.ON, 0),
        (0, 100, 300, Presence.ON, 1),
        (0, 300, 500, Presence.OVERTIME, 1),
        (0, 500, 800, Presence.ON, 1),
        (0, 800, 1000, Presence.OVERTIME, 1),
        (1, 0, 1000, Presence.ON, 0),
    )
    got = kpis(records=Records(rows, work_rows((0, 0, 0, 0, 0, 100, 1000, 1000)), on))
    assert parts(got, "frontline.occupancy_live") == (500, 1600)
    assert parts(got, "frontline.occupancy") == (500, 1600)
    assert parts(got, "frontline.occupancy_with_overtime") == (900, 2000)


def _wrong_cases() -> set[str]:
    got = kpis()
    return {key for key, expected in CASES if parts(got, key) != pytest.approx(expected, rel=1e-12)}


@pytest.mark.parametrize(
    ("fault", "shown_by"),
    [
        (
            Fault(
                "contacts.py",
                "label in (B_REDIALLED, B_UNRESOLVED, B_MESSAGE, B_REOPENED)",
                "label in (B_UNRESOLVED, B_MESSAGE, B_REOPENED)",
            ),
            "billing.phone.attempts",
        ),
        (Fault("clock.py", "if hours == 0: ...", "if True: ..."), "email.service_level"),
        (
            Fault(
                "contacts.py",
                "if exit_ in (X_NO_LINE, X_NO_ROOM): ...",
                "if exit_ == X_NO_ROOM: ...",
            ),
            "billing.phone.blocked",
        ),
        (Fault("rows.py", "if o[place + W_OWN]: ...", "if False: ..."), "email.backlog_mean"),
        (
            Fault(
                "rows.py",
                "if b[WANTS_DEFERRED] and b[b[QUEUES] + Q_WORDS * queue + Q_DEFERRED]: ...",
                "if False: ...",
            ),
            "frontline.occupancy_live",
        ),
        (
            Fault("clock.py", "b[covered + first + 1] += weight", "pass"),
            "frontline.heads_on_duty",
        ),
        (
            Fault(
                "contacts.py",
                "if outcome in (ABANDONED, BLOCKED, CUT_OFF, UNREACHED): ...",
                "if outcome in (BLOCKED, CUT_OFF, UNREACHED): ...",
            ),
            "technical.phone.abandoned_by_customer",
        ),
    ],
)
def test_the_hand_count_notices_a_planted_fault(fault: Fault, shown_by: str) -> None:
    with interpreted():
        assert not _wrong_cases()
    with interpreted(fault):
        assert shown_by in _wrong_cases()


def test_the_fixture_is_whole() -> None:
    """Little's law and the books of the hand-made desk itself."""
    assert RECORDS.legs is LEGS
    taken = DUTY[DUTY["units"] > 0]
    assert (taken["until"] - taken["start"]).sum() == (WORK["freed"] - WORK["start"]).sum()
