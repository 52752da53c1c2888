"""Bots and voice menus, and campaigns, traced by hand from the file to the measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.network.desks import Run, run

S, MIN, H = 10**6, 60 * 10**6, 3600 * 10**6


def menu(**fields: Any) -> dict[str, Any]:
    """A voice menu of one minute before the desk."""
    takes = {"mean": "1 min", "family": "constant"}
    return {"channels": {"phone": {"ivr": {"contains": "0 %", "takes": takes} | fields}}}


class TestMachines:
    def test_what_is_passed_on_waits_from_the_handover_on(self, tmp_path: Path) -> None:
        found = run(tmp_path, menu(harder_rest="120 %"), calls=[0, 10])
        human = found.legs_of("calls.phone")
        # handed over at 1:00 and 1:10; twelve minutes each, one after the other
        assert human["answered"].tolist() == [60 * S, 60 * S + 12 * MIN]
        kpis = found.kpis
        assert kpis["phone.attempts"] == kpis["phone.contacts"] == kpis["all.customers"] == 2
        assert kpis["phone.speed_of_answer"] == (0 + 710) / 2
        assert kpis["phone.service_level"] == 0.5
        assert kpis["phone.handle_time"] == 720  # people's, not the machine's
        assert kpis["phone.contained"] == 0
        assert kpis["desk.contacts_handled"] == 2
        assert kpis["all.agent_time_per_contact"] == 720

    def test_what_is_contained_is_offered_to_nobody(self, tmp_path: Path) -> None:
        patch = menu(contains="100 %", cost="0.50 / contact")
        patch |= {"teams": {"desk": {"pay": {"wage": "10 / h"}}}, "costs": {"phone_minute": 0.1}}
        kpis = run(tmp_path, patch, calls=[0, 10]).kpis
        assert (kpis["phone.contained"], kpis["phone.contained_attempts"]) == (1, 2)
        assert (kpis["phone.attempts"], kpis["phone.contacts"]) == (2, 0)
        assert np.isnan(kpis["phone.service_level"])  # of nobody
        assert kpis["phone.abandoned_by_customer"] != 1
        assert kpis["phone.resolution_time"] == 60
        assert kpis["cost.machines"] == 1.0
        assert kpis["cost.telecom"] == pytest.approx(0.2)  # a minute each
        assert kpis["cost.total"] == pytest.approx(240 + 1.0 + 0.2)
        assert kpis["cost.per_customer"] == pytest.approx(241.2 / 2)

    def test_the_contained_may_come_again(self, tmp_path: Path) -> None:
        again = {"share": "100 %", "delay": {"mean": "1 h", "family": "constant"}, "at_most": 2}
        kpis = run(tmp_path, menu(contains="100 %", again=again), calls=[0]).kpis
        assert (kpis["phone.attempts"], kpis["phone.repeats"]) == (3, 2)
        assert kpis["phone.contained_attempts"] == 3

    def test_the_trunk_line_is_held_from_the_menu_on(self, tmp_path: Path) -> None:
        patch = menu()
        patch["channels"]["phone"]["lines"] = 1
        kpis = run(tmp_path, patch, calls=[0, 30, 120, 700]).kpis
        # busy in the menu and during the talk until 11:00, free at 11:40
        assert kpis["phone.blocked"] == 0.5
        assert kpis["phone.contacts"] == 2

    def test_doors_are_at_the_menu_or_behind_it(self, tmp_path: Path) -> None:
        hours = {"opens": {"phone": {"daily": "08:00-18:00"}}}
        calls = [18 * 3600 - 30, 20 * 3600]
        kpis = run(tmp_path, menu() | hours, calls=calls).kpis
        # who is in the menu at six is inside; at eight in the evening nobody answers
        assert (kpis["phone.contacts"], kpis["phone.closed"]) == (1, 0.5)
        kpis = run(tmp_path, menu(always_open=True) | hours, calls=calls).kpis
        assert (kpis["phone.contacts"], kpis["phone.closed"]) == (0, 1)

    def test_a_line_that_is_cleared_takes_nobody_from_the_menu_after_hours(
        self, tmp_path: Path
    ) -> None:
        """At six the line is cleared: who is in the menu then does not wait until the morning."""
        patch = menu() | {
            "calendar": {"start": "2027-03-01", "days": 2},
            "opens": {"phone": {"daily": "08:00-18:00"}},
            "at_close": {"phone": "clear the line"},
            "teams": {"desk": {"people": None, "roster": {"day": 1}}},
            "shifts": {"day": {"days": "daily", "from": "08:00", "to": "18:00"}},
        }
        six = 18 * 3600
        found = run(tmp_path, patch, calls=[six - 400, six - 300, six - 30])
        answered = found.legs_of("calls.phone")["answered"]
        assert answered.tolist() == [(six - 340) * S, -1, -1]
        assert (found.kpis["phone.cut_off"], found.kpis["phone.closed"]) == (0.5, 1 / 3)

    def test_messages_are_no_harder_where_no_machine_was_met(self, tmp_path: Path) -> None:
        """A message of five minutes, left at eight in the evening, after the menu or without it."""
        message = {"leaves_message": "100 %", "handle": {"mean": "5 min", "family": "constant"}}
        patch = {"when_closed": {"phone": message}, "opens": {"phone": {"daily": "08:00-18:00"}}}
        for always, minutes in ((False, 5), (True, 10)):
            door = menu(harder_rest="200 %", always_open=always)
            kpis = run(tmp_path, patch | door, calls=[20 * 3600]).kpis
            assert kpis["calls.phone@message.handle_time"] == minutes * 60

    def test_types_that_it_does_not_know_go_straight_to_people(self, tmp_path: Path) -> None:
        patch = menu(contains={"others": "50 %"})
        patch["contacts"] = {
            "others": {"arrivals": {"per_day": 10}, "phone": {"handle": "1 min"}},
        }
        names = [queue.name for queue in run(tmp_path, patch, calls=[0]).network.queues]
        assert names == ["calls.phone", "others.phone", "others.phone@ivr"]


def campaign(**fields: Any) -> dict[str, Any]:
    """Two days with calling hours from nine to 9:25, and a list."""
    outbound = {"list": 4, "reached": "100 %", "handle": {"mean": "10 min", "family": "constant"}}
    return {
        "calendar": {"start": "2027-03-01", "days": 2},
        "opens": {"outbound": {"daily": "09:00-09:25"}},
        "contacts": {"renewals": {"outbound": outbound | fields}},
    }


def listed(found: Run) -> dict[str, float]:
    return {key: value for key, value in found.kpis.items() if key.startswith("outbound.")}


class TestCampaigns:
    def test_a_list_is_called_in_calling_hours(self, tmp_path: Path) -> None:
        found = run(tmp_path, campaign(), calls=[30 * 3600])
        answered = found.legs_of("renewals.outbound")["answered"]
        called = sorted(answered[answered >= 0].tolist())
        assert called == [9 * H, 9 * H + 10 * MIN, 9 * H + 20 * MIN, 33 * H]
        kpis = listed(found)
        assert kpis["outbound.attempts"] == kpis["outbound.contacts"] == 4
        assert kpis["outbound.calls_made"] == 4
        assert kpis["outbound.answered"] == kpis["outbound.right_party"] == 1
        assert kpis["outbound.speed_of_answer"] == (0 + 600 + 1200 + 86_400) / 4
        assert found.kpis["all.attempts"] == 1  # a campaign is no demand

    def test_a_list_outlasts_many_spans_of_calling_hours(self, tmp_path: Path) -> None:
        """Six spans a day, and nobody who calls before the fifth day."""
        patch = campaign(list=1) | {
            "calendar": {"start": "2027-03-01", "days": 5},
            "opens": {"outbound": {"daily": [f"{h:02}:00-{h:02}:30" for h in range(8, 20, 2)]}},
            "teams": {"desk": {"people": None, "duty_log": "duty.csv"}},
        }
        log = "agent,start,until\nann,2027-03-05T14:00,2027-03-05T18:00\n"
        (tmp_path / "duty.csv").write_text(log, encoding="utf-8")
        found = run(tmp_path, patch, calls=[5 * 86_400 - 1])
        assert found.legs_of("renewals.outbound")["answered"].max() == (4 * 24 + 14) * H
        assert found.kpis["outbound.contacts"] == 1

    def test_a_holiday_lists_as_many_as_the_day_that_its_demand_is_like(
        self, tmp_path: Path
    ) -> None:
        """Monday and Tuesday; Tuesday is a holiday with the demand of a Sunday."""
        patch = campaign(list={"mon": 2, "tue": 30, "wed-sat": 0, "sun": 1})
        holidays = {"dates": ["2027-03-02"], "demand_like": "sun"}
        patch["calendar"] = patch["calendar"] | {"holidays": holidays}
        assert run(tmp_path, patch, calls=[30 * 3600]).kpis["outbound.customers"] == 3

    def test_who_calls_in_goes_first(self, tmp_path: Path) -> None:
        found = run(tmp_path, campaign(), calls=[9 * 3600 + 5 * 60])
        answered = found.legs_of("renewals.outbound")["answered"]
        assert sorted(answered[answered >= 0].tolist())[:2] == [9 * H, 9 * H + 20 * MIN]
        assert found.kpis["phone.speed_of_answer"] == 300

    def test_their_calls_take_the_phones_lines(self, tmp_path: Path) -> None:
        """One line: who rings in at 9:05 hears busy, the list is called from 9:00 on."""
        patch = campaign() | {"channels": {"phone": {"lines": 1}}}
        found = run(tmp_path, patch, calls=[8 * 3600, 9 * 3600 + 5 * 60])
        assert found.kpis["phone.blocked"] == 0.5

    def test_some_are_kept_free_for_those_who_call_in(self, tmp_path: Path) -> None:
        patch = campaign()
        patch["teams"] = {"desk": {"people": 2}}
        patch["routing"] = {"renewals": [{"team": "desk", "keep_idle": 1}]}
        found = run(tmp_path, patch, calls=[9 * 3600 + 60])
        assert found.kpis["phone.speed_of_answer"] == 0
        # the second of the list only once both are free: one from 9:10, the other from 9:11
        answered = found.legs_of("renewals.outbound")["answered"]
        assert sorted(answered[answered >= 0].tolist())[:2] == [9 * H, 9 * H + 11 * MIN]

    def test_calls_in_vain(self, tmp_path: Path) -> None:
        again = {"mean": "30 min", "family": "constant"}
        patch = campaign(list=2000, reached="30 %", tries=3, try_for="30 s", again_after=again)
        patch["opens"] = {"outbound": {"daily": "09:00-21:00"}}
        patch["teams"] = {"desk": {"people": 40}}
        kpis = listed(run(tmp_path, patch, calls=[1]))
        # a geometric number of tries, three at most: 1 + 0.7 + 0.49 calls each
        assert kpis["outbound.answered"] == pytest.approx(1 - 0.7**3, abs=0.04)
        assert kpis["outbound.calls_made"] == pytest.approx(2000 * 2.19, rel=0.03)
        assert kpis["outbound.right_party"] == pytest.approx(0.3, abs=0.02)
        assert kpis["outbound.handle_time"] == 600
        assert kpis["outbound.abandoned"] == 0

    def test_the_same_people_are_reached_in_every_design(self, tmp_path: Path) -> None:
        few = run(tmp_path, campaign(list=200, reached="40 %"), calls=[1])
        more = run(tmp_path, campaign(list=200, reached="60 %"), calls=[1])
        reached = [set(each.legs_of("renewals.outbound")["contact"]) for each in (few, more)]
        assert reached[0] < reached[1]

    def test_minutes_of_the_calls_are_paid(self, tmp_path: Path) -> None:
        again = {"mean": "30 min", "family": "constant"}
        patch = campaign(tries=2, reached="50 %", try_for="60 s", again_after=again, list=40)
        patch["opens"] = {"outbound": {"daily": "09:00-21:00"}}
        patch["teams"] = {"desk": {"pay": {"wage": "0 / h"}}}
        patch["costs"] = {"phone_minute": 0.5}
        found = run(tmp_path, patch, calls=[30 * 3600])
        in_vain = sum(len(found.legs_of(f"renewals.outbound@try{n}")) for n in (1, 2))
        talks = len(found.legs_of("renewals.outbound"))
        assert in_vain > 0 < talks
        # ten minutes of those who called in themselves; nobody pays for being on a list
        assert found.kpis["cost.telecom"] == pytest.approx(0.5 * (10 + 10 * talks + in_vain))
