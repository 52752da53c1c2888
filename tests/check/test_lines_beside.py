"""What is expected of machines, campaigns, owners and helpers before anything is simulated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ccsim.check import Check, check
from ccsim.scenario.resolve import load
from tests.network.desks import BASE, merged


def checked(folder: Path, patch: dict[str, Any]) -> Check:
    blocks = merged(BASE, {"contacts": {"calls": {"arrivals": {"per_day": 100}}}})
    path = folder / "desk.yaml"
    path.write_text(yaml.safe_dump(merged(blocks, patch), sort_keys=False), encoding="utf-8")
    return check(load(path))


def entries(found: Check) -> dict[str, float]:
    names = [queue.name for queue in found.network.queues]
    return dict(zip(names, found.entries.sum(axis=1).tolist(), strict=True))


def test_a_machine_takes_its_share(tmp_path: Path) -> None:
    ivr = {"contains": "20 %", "takes": "1 min"}
    found = checked(tmp_path, {"channels": {"phone": {"ivr": ivr}}})
    coming = entries(found)
    assert coming["calls.phone@ivr"] == pytest.approx(100)
    assert coming["calls.phone"] == pytest.approx(80)
    assert [load.team for load in found.load] == ["desk"]  # a machine needs no people
    assert any("never fails" in sentence for sentence in found.left_out)


def test_helpers_are_asked_for_their_share(tmp_path: Path) -> None:
    role = {"count": 1, "pay": {"wage": "0 / h"}, "consults": {"share": "10 %", "for": "6 min"}}
    patch = {"roles": {"leader": role}, "teams": {"desk": {"pay": {"wage": "0 / h"}}}}
    found = checked(tmp_path, patch)
    assert entries(found)["calls.phone@leader"] == pytest.approx(10)
    leader = next(load for load in found.load if load.team == "leader")
    assert leader.live.sum() / 2 == pytest.approx(1.0)  # hours: ten times six minutes
    assert leader.on_duty.mean() == pytest.approx(1)


def test_helpers_lose_time_like_others(tmp_path: Path) -> None:
    """A tenth of the days, and one hour of eight on the others: 1 - 0.9 x 7/8."""
    role = {
        "count": 2,
        "pay": {"wage": "0 / h"},
        "consults": {"share": "10 %", "for": "6 min"},
        "shrinkage": {"leave": "10 % of days", "meetings": "1 h / day"},
    }
    desk = {"people": None, "roster": {"day": 4}, "pay": {"wage": "0 / h"}}
    patch = {
        "calendar": {"start": "2027-03-01", "days": 14},
        "roles": {"leader": role},
        "teams": {"desk": desk},
        "shifts": {"day": {"days": "daily", "from": "08:00", "to": "16:00"}},
    }
    lost = {load.team: load.shrinkage for load in checked(tmp_path, patch).load}
    assert lost["leader"] == pytest.approx(1 - 0.9 * 7 / 8)
    assert lost["desk"] == 0


def test_lists_are_called_so_often_as_it_takes(tmp_path: Path) -> None:
    outbound = {"list": 30, "reached": "50 %", "tries": 2, "handle": "5 min"}
    found = checked(tmp_path, {"contacts": {"renewals": {"outbound": outbound}}})
    coming = entries(found)
    # the draws of a list's first tries apart: 15 + 7.5 talks, 15 and 7.5 tries in vain
    assert coming["renewals.outbound"] == pytest.approx(22.5)
    assert coming["renewals.outbound@try1"] == pytest.approx(15)
    assert coming["renewals.outbound@try2"] == pytest.approx(7.5)
    desk = found.load[0]
    assert desk.deferred.sum() > 0  # who is called waits for people, people do not wait for them


def test_the_work_is_first_the_owners(tmp_path: Path) -> None:
    patch = {
        "teams": {"managers": {"people": 3}},
        "routing": {"*": {"owner": {"team": "managers", "waits": "60 s"}, "route": ["desk"]}},
    }
    found = checked(tmp_path, patch)
    work = {load.team: float(load.offered.sum()) for load in found.load}
    assert work["desk"] == 0 < work["managers"]
    assert "first for 60 s only the customer's owner" in found.takings[0].sentence


def test_what_counts_as_waited_is_told_of_lines_where_it_does(tmp_path: Path) -> None:
    """A callback keeps its place, whoever joins for a handover begins anew, and a case is kept."""
    up = {"share": "10 %", "to": "tier2", "how": "warm transfer", "handover": "1 min"}
    keeps = {"handle": "9 min", "head_start": "1 min", "keeps_case": {"waits": "2 h"}}
    again = {"share": "50 %", "delay": "1 d"}
    calls = {"escalates": [up], "tier2": keeps, "resolved": "90 %", "again": again}
    callback = {"offered_after": "90 s", "accepted": "50 %", "keeps_place": True}
    patch = {"contacts": {"calls": calls}, "channels": {"phone": {"callback": callback}}}
    found = checked(tmp_path, patch)
    told = {f"{taking.channel}@{taking.stage}": taking.sentence for taking in found.takings}
    assert told["phone@callback"].endswith("stands in the queue as if it had waited 90 s already.")
    assert told["phone@tier2.handover"].endswith("one at a time.")
    assert told["phone@tier2"].endswith(
        "first for 2 h only who had it last; stands in the queue as if it had waited 60 s already."
    )


def test_mail_that_finds_a_closed_door_is_warned_of(tmp_path: Path) -> None:
    """Flat over the week, and open for 50 of 168 hours."""
    calls = {"arrivals": {"per_day": 100}, "phone": None, "email": {"handle": "5 min"}}
    patch = {
        "calendar": {"start": "2027-03-01", "days": 7},
        "contacts": {"calls": calls},
        "channels": {"phone": None, "email": {"answer_within": "4 h", "target": "90 %"}},
        "opens": {"email": {"mon-fri": "08:00-18:00"}},
    }
    (told,) = [each for each in checked(tmp_path, patch).warnings if "closed" in each]
    assert told.startswith("email: 70.2 % of the contacts come while it is closed, and are lost")
    patch["opens"] = {"email": "always"}
    assert not any("closed" in each for each in checked(tmp_path, patch).warnings)


def test_rows_of_a_log_outside_the_calendar_are_told(tmp_path: Path) -> None:
    rows = ("at", "2027-02-28 23:59:59", "2027-03-01 09:00:00", "2027-03-02 00:00:00")
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    patch = {"contacts": {"calls": {"arrivals": {"per_day": None, "trace": "log.csv"}}}}
    told = checked(tmp_path, patch).warnings
    assert "calls: 2 of 3 rows of 'log.csv' lie outside the calendar and are left out." in told


def test_what_follows_is_told(tmp_path: Path) -> None:
    patch = {
        "opens": {"phone": {"daily": "08:00-18:00"}},
        "when_closed": {"phone": {"leaves_message": "30 %", "handle": "4 min"}},
        "channels": {
            "phone": {
                "callback": {
                    "offered_after": "2 min",
                    "accepted": "40 %",
                    "answered": "75 %",
                    "tries": 2,
                },
                "messages": [{"after": "1 min", "leaves": "10 %"}],
            }
        },
    }
    told = {after.exit: after.shares for after in checked(tmp_path, patch).exits}
    assert told["finds it closed"] == (
        "30 % message, to calls.phone@message",
        "70 % gave up",
    )
    first = [after for after in checked(tmp_path, patch).exits if after.queue == "calls.phone"]
    by_exit = {after.exit: after.shares for after in first}
    assert by_exit["waits 2 min"] == (
        "30 % callback, to calls.phone@callback",
        "10 % callback, to calls.phone@try1",
        "60 % stays in line",
    )
    assert by_exit["waits 60 s"] == ("10 % gave up", "90 % stays in line")
