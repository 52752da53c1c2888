"""Owned customers, kept cases and consults, traced by hand from the file to the measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ccsim.network.model import Affinity, OwnAgent
from tests.network.desks import run

S, MIN, H = 10**6, 60 * 10**6, 3600 * 10**6


class TestOwners:
    def test_the_owner_is_waited_for_then_others_help(self, tmp_path: Path) -> None:
        patch = {
            "teams": {"managers": {"people": 1}},
            "routing": {
                "*": {"owner": {"team": "managers", "waits": "60 s"}, "route": ["desk"]},
            },
        }
        found = run(tmp_path, patch, calls=[0, 10, 595])
        legs = found.legs_of("calls.phone")
        # the manager is free at 0 and again at 10:00; the second goes to the desk after a minute
        assert legs["answered"].tolist() == [0, 70 * S, 600 * S]
        teams = [found.network.teams[team].name for team in legs["team"]]
        assert teams == ["managers", "desk", "managers"]
        affinity = found.network.queues[0].affinity
        assert affinity == Affinity(OwnAgent.NAMED, 60 * S, team=1)

    def test_every_customer_has_the_same_owner_in_every_attempt(self, tmp_path: Path) -> None:
        patch: dict[str, Any] = {
            "contacts": {
                "calls": {
                    "resolved": "0 %",
                    "again": {"share": "100 %", "delay": "1 h", "at_most": 3},
                }
            },
            "teams": {"managers": {"people": 5}},
            "routing": {
                "*": {"owner": {"team": "managers", "waits": "20 h"}, "route": ["desk"]},
            },
        }
        found = run(tmp_path, patch, calls=[60 * n for n in range(30)])
        legs = found.legs_of("calls.phone")
        owner: dict[int, int] = {}
        for leg in legs[legs["answered"] >= 0]:
            assert owner.setdefault(int(leg["contact"]), int(leg["agent"])) == leg["agent"]
        assert len(set(owner.values())) > 1


def test_home_language_goes_first(tmp_path: Path) -> None:
    """Two languages: each team helps out in the other one, and takes its own first."""
    patch: dict[str, Any] = {
        "contacts": {
            "german": {"phone": {"handle": {"mean": "10 min", "family": "constant"}}},
            "french": {"phone": {"handle": {"mean": "10 min", "family": "constant"}}},
            "calls": None,
        },
        "teams": {"desk": None},
        "routing": {"*": None, "german": ["bern", "geneva"], "french": ["geneva", "bern"]},
    }
    found = {}
    for take in ("priority", "home_first"):
        for team in ("bern", "geneva"):
            patch["teams"][team] = {"people": 1, "take": take}
        # two German calls fill both; then one French call waits before one German call
        patch["contacts"]["french"]["arrivals"] = {"trace": "french.csv"}
        (tmp_path / "french.csv").write_text("at\n20\n", encoding="utf-8")
        found[take] = run(tmp_path, patch, calls=[0, 10, 30], type_name="german")
    # Bern is free at 10:00: the longest wait is the French one, its own the German one
    by_priority, by_home = found["priority"], found["home_first"]
    assert by_priority.legs_of("french.phone")["answered"].tolist() == [600 * S]
    assert by_home.legs_of("french.phone")["answered"].tolist() == [610 * S]
    assert by_home.legs_of("german.phone")["answered"].tolist() == [0, 10 * S, 600 * S]


def test_a_case_stays_with_who_had_it(tmp_path: Path) -> None:
    patch: dict[str, Any] = {
        "contacts": {
            "calls": {
                "escalates": [{"share": "100 %", "to": "second"}],
                "second": {
                    "handle": {"mean": "20 min", "family": "constant"},
                    "resolved": "0 %",
                    "keeps_case": {"waits": "2 h"},
                },
                "again": {
                    "share": "100 %",
                    "delay": {"mean": "30 min", "family": "constant"},
                    "at_most": 1,
                },
            }
        },
        "teams": {"seniors": {"people": 2}},
        "routing": {"*@second": ["seniors"]},
    }
    found = run(tmp_path, patch, calls=[0, 600])
    legs = found.legs_of("calls.phone@second")
    first, second = (legs[legs["contact"] == contact] for contact in (0, 1))
    # contact 0: seniors at 0:10 and 1:00; contact 1 at 0:20 and 1:10, with the other one
    assert first["answered"].tolist() == [10 * MIN, 60 * MIN]
    assert second["answered"].tolist() == [20 * MIN, 70 * MIN]
    assert len(set(first["agent"])) == len(set(second["agent"])) == 1
    assert first["agent"][0] != second["agent"][0]
    assert found.kpis["phone.repeats"] == 2
    # and it is waited for while another is free
    alone = run(tmp_path, patch, calls=[0, 2990])
    legs = alone.legs_of("calls.phone@second")
    mine = legs[legs["contact"] == 0]
    assert len(set(mine["agent"])) == 1


def led(count: int, **fields: Any) -> dict[str, Any]:
    return {
        "teams": {"desk": {"pay": {"wage": "10 / h"}, "people": 2}},
        "roles": {
            "leader": {
                "count": count,
                "pay": {"wage": "0 / h"},
                "consults": {"share": "100 %", "for": "4 min"} | fields,
            }
        },
    }


class TestConsults:
    def test_the_contact_stays_with_its_agent(self, tmp_path: Path) -> None:
        found = run(tmp_path, led(1), calls=[0])
        whole = found.legs[found.legs["part"] == 0]
        helped = found.legs[found.legs["part"] == 1]
        assert helped["entered"].tolist() == [5 * MIN]  # at half of the handling
        assert found.network.queues[int(helped["queue"][0])].name == "calls.phone@leader"
        help_took = int(helped["ended"][0] - helped["answered"][0])
        assert whole["ended"].tolist() == [10 * MIN + help_took]
        kpis = found.kpis
        assert (kpis["phone.consults"], kpis["leader.consults"]) == (1, 1)
        assert kpis["phone.consult_wait"] == 0
        assert kpis["phone.contacts"] == 1
        assert kpis["all.heads"] == 2
        assert kpis["all.heads_with_roles"] == 3
        assert kpis["leader.heads"] == 1
        assert kpis["leader.paid_fte"] == pytest.approx(24 / (40 / 7))
        assert kpis["cost.total"] == pytest.approx(2 * 24 * 10)

    def test_a_small_span_of_control_shows_in_waits(self, tmp_path: Path) -> None:
        one = run(tmp_path, led(1, waits="5 h"), calls=[0, 0])
        two = run(tmp_path, led(2, waits="5 h"), calls=[0, 0])
        assert two.kpis["phone.consult_wait"] == 0 < one.kpis["phone.consult_wait"]
        assert two.kpis["phone.handle_time"] < one.kpis["phone.handle_time"]

    def test_nobody_waits_for_help_for_ever(self, tmp_path: Path) -> None:
        found = run(tmp_path, led(1, waits="1 s"), calls=[0, 0])
        whole = found.legs[found.legs["part"] == 0]
        assert sorted((whole["ended"] - whole["answered"]).tolist())[0] == 10 * MIN + S
        kpis = found.kpis
        assert (kpis["phone.consults"], kpis["phone.consults_helped"]) == (2, 0.5)
        assert kpis["phone.consult_wait"] == kpis["leader.consult_wait"] == 0.5

    def test_leaders_ask_each_other_nothing(self, tmp_path: Path) -> None:
        network = run(tmp_path, led(1), calls=[0]).network
        (leader,) = [n for n, team in enumerate(network.teams) if team.name == "leader"]
        for queue in network.queues:
            service = queue.services[leader]
            assert service is None or service.consult is None

    def test_helpers_of_a_later_stage(self, tmp_path: Path) -> None:
        patch = {
            "contacts": {
                "calls": {
                    "resolved": {"desk": "100 %"},  # who only helps resolves nothing
                    "escalates": [
                        {"share": "100 %", "to": "second", "how": "consult", "at_effort": "30 %"}
                    ],
                    "second": {"handle": {"mean": "6 min", "family": "constant"}},
                }
            },
            "teams": {"seniors": {"people": 1}},
            "routing": {"*@second": ["seniors"]},
        }
        found = run(tmp_path, patch, calls=[0])
        helped = found.legs[found.legs["part"] == 1]
        assert helped["entered"].tolist() == [3 * MIN]
        assert helped["ended"].tolist() == [9 * MIN]
        whole = found.legs[found.legs["part"] == 0]
        assert whole["ended"].tolist() == [16 * MIN]
        assert found.kpis["phone.escalations"] == 0
        assert found.kpis["phone.first_contact_resolution_first_agent"] == 1

    @pytest.mark.parametrize(("said", "minutes"), [({}, 5), ({"waits": "90 s"}, 1.5)])
    def test_nobody_waits_all_night_for_a_later_stage(
        self, tmp_path: Path, said: dict[str, Any], minutes: float
    ) -> None:
        """Help is asked for at 18:05, and those who help are at home."""
        row = {"share": "100 %", "to": "second", "how": "consult", "at_effort": "50 %"} | said
        stage = {"handle": {"mean": "6 min", "family": "constant"}}
        patch = {
            "calendar": {"start": "2027-03-01", "days": 2},
            "contacts": {"calls": {"escalates": [row], "second": stage}},
            "teams": {"seniors": {"roster": {"day": 1}}},
            "shifts": {"day": {"days": "daily", "from": "08:00", "to": "18:00"}},
            "routing": {"*@second": ["seniors"]},
        }
        found = run(tmp_path, patch, calls=[18 * 3600])
        whole = found.legs[found.legs["part"] == 0]
        assert (whole["ended"] - whole["answered"]).tolist() == [(10 + minutes) * MIN]
        assert (found.kpis["phone.consults"], found.kpis["phone.consults_helped"]) == (1, 0)

    @pytest.mark.parametrize(("said", "minutes"), [({}, 5), ({"waits": "90 s"}, 1.5)])
    def test_help_where_contacts_wait_too(
        self, tmp_path: Path, said: dict[str, Any], minutes: float
    ) -> None:
        """Help is asked for at 18:05 in vain; who is passed on after the other half of the ten
        minutes waits for the morning, and does not leave unserved."""
        rows = [
            {"share": "100 %", "to": "second", "how": "consult", "at_effort": "50 %"} | said,
            {"share": "100 %", "to": "second"},
        ]
        stage = {"handle": {"mean": "6 min", "family": "constant"}}
        patch = {
            "calendar": {"start": "2027-03-01", "days": 2},
            "contacts": {"calls": {"escalates": rows, "second": stage}},
            "teams": {"seniors": {"roster": {"day": 1}}},
            "shifts": {"day": {"days": "daily", "from": "08:00", "to": "18:00"}},
            "routing": {"*@second": ["seniors"]},
        }
        found = run(tmp_path, patch, calls=[18 * 3600])
        whole = found.legs[found.legs["part"] == 0]
        assert (whole["ended"] - whole["answered"]).tolist() == [(10 + minutes) * MIN, 6 * MIN]
        assert whole["answered"].tolist() == [18 * 60 * MIN, 32 * 60 * MIN]
        assert (found.kpis["phone.consults"], found.kpis["phone.consults_helped"]) == (1, 0)
        queues = {queue.name: queue for queue in found.network.queues}
        assert queues["calls.phone@second"].limits == ()
        asked = queues["calls.phone@second.consult"]
        assert asked.priority == queues["calls.phone@second"].priority

    def test_who_helps_takes_as_long_as_the_stage(self, tmp_path: Path) -> None:
        """From 10:05 to 10:11, after which the other half of the ten minutes and then, by the same
        people, six minutes of the second stage follow."""
        rows = [
            {"share": "100 %", "to": "second", "how": "consult", "at_effort": "50 %"},
            {"share": "100 %", "to": "second"},
        ]
        stage = {"handle": {"mean": "6 min", "family": "constant"}}
        patch = {
            "contacts": {"calls": {"escalates": rows, "second": stage}},
            "teams": {"seniors": {"people": 1}},
            "routing": {"*@second": ["seniors"]},
        }
        found = run(tmp_path, patch, calls=[10 * 3600])
        work = found.legs[["part", "answered", "ended"]].tolist()
        at = 10 * 60 * MIN
        assert sorted(work, key=lambda row: row[1]) == [
            (0, at, at + 16 * MIN),
            (1, at + 5 * MIN, at + 11 * MIN),
            (0, at + 16 * MIN, at + 22 * MIN),
        ]
        assert (found.kpis["phone.consults"], found.kpis["phone.consults_helped"]) == (1, 1)

    def test_who_was_helped_may_be_passed_on(self, tmp_path: Path) -> None:
        """Asking for help and passing on are drawn apart, so their shares need not fit together."""
        rows = [
            {"share": "100 %", "to": "second", "how": "consult"},
            {"share": "100 %", "to": "third"},
        ]
        calls: dict[str, Any] = {"escalates": rows}
        for stage in ("second", "third"):
            calls[stage] = {"handle": {"mean": "6 min", "family": "constant"}}
        patch = {
            "contacts": {"calls": calls},
            "teams": {"seniors": {"people": 1}},
            "routing": {"*@second": ["seniors"], "*@third": ["seniors"]},
        }
        kpis = run(tmp_path, patch, calls=[0]).kpis
        assert (kpis["phone.consults_helped"], kpis["phone.escalations"]) == (1, 1)
