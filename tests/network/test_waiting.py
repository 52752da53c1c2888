"""Callbacks, queue messages and voicemail, traced by hand from the file to the measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ccsim.network.explain import describe
from tests.network.desks import run

S, MIN, H = 10**6, 60 * 10**6, 3600 * 10**6


def offers(**fields: Any) -> dict[str, Any]:
    """One agent, calls of ten minutes; after 90 s everybody accepts a callback."""
    return {
        "channels": {
            "phone": {"callback": {"offered_after": "90 s", "accepted": "100 %", **fields}}
        }
    }


class TestCallbacks:
    def test_the_wait_goes_on_until_somebody_talks_to_the_customer(self, tmp_path: Path) -> None:
        # The first is answered at once, until 10:00. The others accept after 90 s, at 1:40 and
        # 2:30, and are called in their order at 10:00 and 20:00.
        found = run(tmp_path, offers(promise="10 min"), calls=[0, 10, 60])
        back = found.legs_of("calls.phone@callback")
        assert back["entered"].tolist() == [100 * S, 150 * S]
        assert back["answered"].tolist() == [600 * S, 1200 * S]
        kpis = found.kpis
        assert kpis["phone.attempts"] == 3
        assert kpis["phone.contacts"] == 3
        assert kpis["phone.speed_of_answer"] == (0 + 590 + 1140) / 3
        assert kpis["phone.service_level"] == pytest.approx(1 / 3)
        assert (kpis["phone.abandoned"], kpis["phone.cut_off"]) == (0, 0)
        assert kpis["phone.callbacks"] == 2
        assert kpis["phone.callback_share"] == pytest.approx(2 / 3)
        assert kpis["phone.callback_wait"] == (500 + 1050) / 2
        assert kpis["phone.callbacks_reached"] == 1
        assert kpis["phone.callbacks_kept"] == 0.5  # 500 s and 1050 s of 10 min
        assert kpis["calls.phone@callback.speed_of_answer"] == (500 + 1050) / 2

    def test_place_is_kept_or_lost(self, tmp_path: Path) -> None:
        # The third comes at 1:35; the second accepts at 9:10, and has its place from 0:10.
        waits: dict[str, Any] = {"offered_after": "9 min"}
        kept = run(tmp_path, offers(**waits), calls=[0, 10, 95])
        assert kept.legs_of("calls.phone@callback")["answered"].tolist() == [600 * S, 1200 * S]
        # With its place lost, the second is called after one who came at 1:35 and still waits.
        later = run(tmp_path, offers(keeps_place=False, **waits), calls=[0, 10, 95])
        second, third = (later.legs[later.legs["contact"] == n] for n in (1, 2))
        assert second["entered"].tolist() == [10 * S, 550 * S]
        assert second["answered"].tolist() == [-1, 1200 * S]
        assert third["answered"].tolist() == [600 * S]

    def test_the_trunk_line_is_freed(self, tmp_path: Path) -> None:
        calls = [0, 10, 170]  # two lines; the third comes after the second has accepted
        busy = run(tmp_path, {"channels": {"phone": {"lines": 2}}}, calls=calls)
        assert busy.kpis["phone.blocked"] == pytest.approx(1 / 3)
        patch = offers()
        patch["channels"]["phone"]["lines"] = 2
        assert run(tmp_path, patch, calls=calls).kpis["phone.blocked"] == 0

    def test_the_call_back_takes_a_line_again(self, tmp_path: Path) -> None:
        """The second, who has accepted, is called at 10:00; who rings in at 10:10 has the other of
        two lines, who rings in ten seconds later none."""
        patch = offers()
        patch["channels"]["phone"]["lines"] = 2
        found = run(tmp_path, patch, calls=[0, 10, 610, 620])
        assert found.legs_of("calls.phone@callback")["answered"].tolist()[0] == 600 * S
        assert found.kpis["phone.blocked"] == 0.25
        text = describe(found.network)
        assert "2 trunk lines for calls.phone, calls.phone@callback" in text
        assert "takes a trunk line when the customer is called" in text

    def test_calls_in_vain_are_short_and_come_again(self, tmp_path: Path) -> None:
        patch = offers(answered="50 %", tries=3, try_for="40 s", again_after="15 min")
        patch |= {
            "calendar": {"start": "2027-03-01", "days": 2},
            "contacts": {"calls": {"arrivals": {"per_day": 500}}},
            "teams": {"desk": {"people": 4}},
        }
        patch["channels"]["phone"]["callback"]["offered_after"] = "1 s"
        patch["channels"]["phone"]["callback"]["again_after"] = {
            "mean": "15 min",
            "family": "constant",
        }
        found = run(tmp_path, patch)
        tries = [found.legs_of(f"calls.phone@try{n}") for n in (1, 2, 3)]
        for legs in tries:
            ended = legs[legs["ended"] >= 0]
            assert len(ended) and set((ended["ended"] - ended["answered"]).tolist()) == {40 * S}
        calls = found.legs_of("calls.phone@callback")
        talked = calls[calls["ended"] >= 0]
        assert set((talked["ended"] - talked["answered"]).tolist()) == {600 * S}
        first = tries[0][tries[0]["ended"] >= 0]
        second = tries[1]
        again = dict(zip(second["contact"].tolist(), second["entered"].tolist(), strict=True))
        followed = [row for row in first if row["contact"] in again]
        assert followed
        for row in followed:
            assert again[row["contact"]] - row["ended"] == 15 * MIN
        kpis = found.kpis
        assert kpis["phone.callbacks"] > 200
        assert kpis["phone.right_party"] == pytest.approx(0.5, abs=0.06)
        assert kpis["phone.callbacks_reached"] == pytest.approx(1 - 0.5**3, abs=0.06)
        unreached = np.sum(tries[2]["ended"] >= 0)
        assert unreached > 0
        # A call in vain is no answer and no item: every item is a talk of ten minutes.
        assert kpis["phone.handle_time"] == 600


class TestMessages:
    def test_who_leaves_at_a_message_has_given_up(self, tmp_path: Path) -> None:
        patch = {"channels": {"phone": {"messages": [{"after": "60 s", "leaves": "100 %"}]}}}
        kpis = run(tmp_path, patch, calls=[0, 10]).kpis
        assert kpis["phone.abandoned"] == 0.5
        assert kpis["phone.wait_abandoned"] == 60
        assert kpis["phone.cut_off"] == 0
        assert kpis["all.abandoned_by_customer"] == 0.5

    def test_those_who_leave_redial_like_others_who_give_up(self, tmp_path: Path) -> None:
        redial = {"share": "100 %", "delay": {"mean": "8 min 55 s", "family": "constant"}}
        phone = {"messages": [{"after": "60 s", "leaves": "100 %"}], "redial": redial}
        kpis = run(tmp_path, {"channels": {"phone": phone}}, calls=[0, 10]).kpis
        # hangs up at 1:10, rings at 10:05, when the agent is free since 10:00
        assert kpis["phone.attempts"] == 3
        assert kpis["phone.redials"] == 1
        assert kpis["phone.contacts"] == 2
        assert kpis["all.abandoned_by_customer"] == 0

    def test_who_stays_waits_with_another_patience(self, tmp_path: Path) -> None:
        phone: dict[str, Any] = {"patience": {"mean": "2 min", "family": "constant"}}
        impatient = run(tmp_path, {"channels": {"phone": phone}}, calls=[0, 10, 400])
        assert impatient.kpis["phone.wait_abandoned"] == 120
        message = {"after": "60 s", "patience": {"mean": "5 min", "family": "constant"}}
        phone["messages"] = [message]
        found = run(tmp_path, {"channels": {"phone": phone}}, calls=[0, 10, 400])
        # the second gives up at 10 s + 60 s + 5 min; the third is answered after 200 s
        assert found.kpis["phone.wait_abandoned"] == 360
        assert found.kpis["phone.contacts"] == 2
        assert found.kpis["phone.longest_wait"] == 360

    def test_place_and_overflow_go_on_through_a_message(self, tmp_path: Path) -> None:
        message = {"after": "60 s", "patience": "endless"}
        patch = {
            "channels": {"phone": {"messages": [message]}},
            "teams": {"desk": {"people": 1}, "help": {"people": 1}},
            "routing": {"*": ["desk", {"team": "help", "after": "90 s"}]},
        }
        found = run(tmp_path, patch, calls=[0, 10])
        told = found.legs_of("calls.phone@informed1")
        assert told["entered"].tolist() == [70 * S]
        assert told["answered"].tolist() == [100 * S]  # 90 s after 0:10, not after the message


class TestVoicemail:
    def test_a_message_is_work_of_its_own(self, tmp_path: Path) -> None:
        patch = {
            "opens": {"phone": {"daily": "08:00-18:00"}},
            "when_closed": {
                "phone": {
                    "leaves_message": "100 %",
                    "handle": {"mean": "4 min", "family": "constant"},
                    "answer_within": "2 h",
                    "target": "90 %",
                }
            },
            "teams": {"desk": {"people": None, "staffing": [0] * 8 + [1] * 10 + [0] * 6}},
        }
        found = run(tmp_path, patch, calls=[7 * 3600, 8 * 3600 + 60])
        message = found.legs_of("calls.phone@message")
        assert message["answered"].tolist() == [8 * H]
        assert message["ended"].tolist() == [8 * H + 4 * MIN]
        kpis = found.kpis
        assert kpis["phone.attempts"] == 2
        assert kpis["phone.closed"] == 0.5
        assert kpis["phone.contacts"] == 1  # the call at 8:01, answered at 8:04
        assert kpis["phone.speed_of_answer"] == 180
        assert kpis["phone.messages"] == 1
        assert kpis["calls.phone@message.attempts"] == 1
        assert kpis["calls.phone@message.speed_of_answer"] == 3600
        assert kpis["calls.phone@message.service_level"] == 1  # no opening time has passed
        assert kpis["phone.service_level"] == 0
        assert kpis["all.abandoned_by_customer"] == 0
        assert kpis["phone.redials"] + kpis["phone.repeats"] == 0
