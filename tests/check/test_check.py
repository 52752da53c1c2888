"""Warnings, sentences, defaults and the data of `ccsim check --json`."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ccsim.check import check
from ccsim.check.defaults import defaults_of
from ccsim.scenario.resolve import from_dict
from tests.network.designs import DAY, HOUR, MINUTE, Blocks, design, merged

GOOD: Blocks = {
    "contacts": {"calls": {"arrivals": {"per_day": 960.0}}},
    "channels": {"phone": {"patience": {"mean": 2 * MINUTE}}},
    "teams": {"agents": {"people": None, "staffing": (4,)}},
}


def test_nothing_to_warn_of() -> None:
    assert check(design(GOOD)).warnings == ()


NIGHT_OFF = tuple([0] * 12 + [4] * 36)
WARNINGS: dict[str, tuple[Blocks, str]] = {
    "nobody at night": (
        {"teams": {"agents": {"staffing": NIGHT_OFF}}},
        "calls.phone: 25 % of the contacts come while nobody who takes them is on duty",
    ),
    "nobody ever": (
        {"teams": {"agents": {"staffing": (0,)}}},
        "calls.phone: contacts come, but nobody who takes them is ever on duty.",
    ),
    "more work than people": (
        {"teams": {"agents": {"staffing": (1,)}}},
        "agents: more work than people over the whole calendar, 200 % of their time on duty",
    ),
    "a day too many": (
        {
            "calendar": {"days": 2},
            "contacts": {"calls": {"arrivals": {"per_day": {"mon": 2400.0, "tue": 960.0}}}},
        },
        "agents: on 1 of 2 days more work comes than its people have time on duty (first Mon 01",
    ),
    "too busy": (
        {"contacts": {"calls": {"arrivals": {"per_day": 1728.0}}}},
        "agents: busy 90 % of its time on duty, above 88 %.",
    ),
    "fewer than the formula": (
        {"teams": {"agents": {"staffing": (3,)}}, "channels": {"phone": {"target": 0.99}}},
        "agents: in 48 of 48 intervals fewer people are on duty than the promise takes",
    ),
    "no busyness to share out": (
        {"run": {"stratify": "busyness"}},
        "run: no contact type has a busyness that replications could share out (stratify).",
    ),
    "no route": (
        {"teams": {"others": {"staffing": (1,)}}},
        "others: no route leads to this team; its people take nothing.",
    ),
    "no contacts": (
        {"channels": {"chat": {"answer_within": MINUTE}}},
        "chat: no contacts come by this channel; its promise is never tested.",
    ),
    "no target": (
        {"channels": {"phone": {"target": None}}},
        "phone: promised within 20 s but for no share of the contacts (target)",
    ),
    "no promise": (
        {"channels": {"phone": {"target": None, "answer_within": None}}},
        "phone: nothing is promised (answer_within), so nothing is judged.",
    ),
    "nobody redials": (
        {
            "channels": {
                "phone": {"patience": None, "redial": {"share": 0.4, "delay": {"mean": MINUTE}}}
            }
        },
        "phone: nobody gives up or hears busy, so nobody redials.",
    ),
    "few lines": (
        {"channels": {"phone": {"lines": 3}}},
        "phone: 3 lines for up to 4 people",
    ),
    "no slow-down": (
        {
            "contacts": {"calls": {"phone": None, "chat": {"handle": {"mean": 3 * MINUTE}}}},
            "channels": {"chat": {"answer_within": MINUTE, "target": 0.8}},
            "teams": {"agents": {"hands": {"chat": 3}}},
        },
        "agents: 3 at once by chat without any slow-down.",
    ),
    "a short slow-down": (
        {
            "contacts": {"calls": {"phone": None, "chat": {"handle": {"mean": 3 * MINUTE}}}},
            "channels": {"chat": {"answer_within": MINUTE, "target": 0.8, "slowdown": (1.0, 1.2)}},
            "teams": {"agents": {"hands": {"chat": 3}}},
        },
        "agents: 3 at once by chat, but slow-downs for 2; the last one is taken for more.",
    ),
    "late repeats": (
        {"contacts": {"calls": {"resolved": 0.9, "again": {"share": 0.5, "delay": {"mean": DAY}}}}},
        "calls: customers come again after 24 h on average, in a calendar of 24 h",
    ),
    "never again": (
        {"contacts": {"calls": {"again": {"share": 0.5, "delay": {"mean": HOUR}}}}},
        "calls: every contact is resolved, so nobody comes again.",
    ),
    "a stage that nothing reaches": (
        {"contacts": {"calls": {"stages": {"tier2": {"handle": {"mean": HOUR}}}}}},
        "calls, stage tier2: no escalation leads there.",
    ),
}


@pytest.mark.parametrize("case", WARNINGS)
def test_warnings(case: str) -> None:
    patch, words = WARNINGS[case]
    found = check(design(GOOD, patch)).warnings
    assert any(warning.startswith(words) for warning in found), found


def test_where_only_a_log_is_played_nothing_is_known_beforehand() -> None:
    log = "at,channel\n2027-03-01 09:00:00,phone\n"
    made = {
        "ccsim": 1,
        "name": "A log",
        "calendar": {"start": "2027-03-01", "days": 1},
        "run": {"control": "arrivals"},
        "contacts": {"calls": {"arrivals": {"trace": "log.csv"}, "phone": {"handle": "3 min"}}},
        "channels": {"phone": {"patience": "2 min", "answer_within": "20 s", "target": "80 %"}},
        "teams": {"desk": {"people": 3}},
        "routing": {"calls": ["desk"]},
    }
    with TemporaryDirectory() as folder:
        Path(folder, "log.csv").write_text(log, encoding="utf-8")
        found = check(from_dict(made, folder)).warnings
    words = "run: the mean of no contact type's arrivals is known beforehand (control)."
    assert words in found


def test_who_takes_what() -> None:
    patch = {
        "contacts": {
            "calls": {
                "chat": {"handle": {"mean": 5 * MINUTE}},
                "stages": {"tier2": {"handle": {"mean": 9 * MINUTE}, "head_start": MINUTE}},
                "escalates": ({"to": "tier2", "share": 0.2, "channels": ("phone",)},),
            }
        },
        "channels": {"chat": {}},
        "teams": {"agents": {"hands": {"chat": 3}}, "seniors": {"staffing": (2,)}},
        "routing": {
            "calls.phone": {
                "route": (
                    {"team": ("agents",)},
                    {"team": ("seniors",), "after": MINUTE, "when_waiting": 3, "keep_idle": 1},
                )
            },
            "calls.chat": {"route": ({"team": ("agents", "seniors")}, {"team": ("agents",)})},
            "calls@tier2": {"route": ({"team": ("seniors",)},)},
        },
    }
    assert [taking.sentence for taking in check(design(GOOD, patch)).takings] == [
        "calls by phone: agents; also seniors after 60 s when 3 wait while more than 1 of them is "
        "free; one at a time.",
        "calls by phone, stage tier2: seniors; one at a time; stands in the queue as if it had "
        "waited 60 s already.",
        "calls by chat: agents or seniors (whoever is freest, then longest idle); also agents when "
        "all of them are taken; one at a time or up to 3 at once.",
    ]


def test_what_follows_each_exit() -> None:
    patch = {
        "contacts": {"calls": {"resolved": 0.8}},
        "channels": {"phone": {"lines": 9, "redial": {"share": 0.4, "delay": {"mean": MINUTE}}}},
        "teams": {"seniors": {"staffing": (2,)}},
        "routing": {"calls": {"route": ({"team": ("agents",)}, {"team": ("seniors",)})}},
    }
    exits = [(after.exit, after.shares) for after in check(design(GOOD, patch)).exits]
    assert exits == [
        ("handled by agents or seniors", ("80 % resolved", "20 % unresolved, does not come again")),
        (
            "hangs up or hears busy",
            ("40 % redialled, to calls.phone, after 60 s on average (cv 100 %)", "60 % gave up"),
        ),
    ]


def plain(patch: Blocks) -> dict[str, Any]:
    """A scenario as a person writes it."""
    return merged(
        {
            "ccsim": 1,
            "name": "a desk",
            "calendar": {"start": "2027-03-01", "days": 1},
            "contacts": {
                "calls": {"arrivals": {"per_day": 960}, "phone": {"handle": {"mean": "3 min"}}}
            },
            "channels": {"phone": {"answer_within": "20 s", "target": "80 %", "patience": "2 min"}},
            "teams": {"agents": {"staffing": [4]}},
            "routing": {"calls": ["agents"]},
        },
        patch,
    )


def test_the_defaults_that_apply() -> None:
    found = {default.path: default for default in defaults_of(from_dict(plain({})).scenario)}
    assert found["calendar.timezone"].value == "UTC"
    assert found["calendar.interval"].value == "30 min"
    assert found["contacts.*.priority"].value == "5"
    assert found["contacts.*.priority"].where == ("calls",)
    assert found["contacts.*.phone.handle.family"].value == "exponential"
    assert found["teams.*.hands.phone"].value == "alone"
    assert found["channels.*.redial"].value == "nobody tries again"
    assert found["opens.phone"].value == "always"
    assert "contacts.*.phone.handle.never" not in found
    written = plain(
        {"calendar": {"timezone": "Europe/Kyiv"}, "contacts": {"calls": {"priority": 2}}}
    )
    paths = {default.path for default in defaults_of(from_dict(written).scenario)}
    assert "calendar.timezone" not in paths
    assert "contacts.*.priority" not in paths


def test_what_the_model_leaves_out() -> None:
    sentences = " ".join(check(design(GOOD)).left_out)
    assert "Public holidays" in sentences
    assert "closed" not in sentences
    patch: dict[str, Any] = {"opens": {"phone": {"mon": ({"start": 0, "until": 86_400},)}}}
    assert "closed" in " ".join(check(design(GOOD, patch)).left_out)
    assert "at_most" not in sentences
    patch = {"channels": {"phone": {"redial": {"share": 0.4, "delay": {"mean": 1}, "at_most": 3}}}}
    assert "at_most" in " ".join(check(design(GOOD, patch)).left_out)


def test_the_check_as_data() -> None:
    found = check(from_dict(plain({}))).to_json()
    data = json.loads(json.dumps(found, allow_nan=False))
    assert data["design"] == "base"
    assert data["network"]["queues"][0]["name"] == "calls.phone"
    (team,) = data["load"]["teams"]
    assert team["team"] == "agents"
    assert team["hours_offered"] == pytest.approx(48.0)
    assert team["hours_on_duty"] == pytest.approx(96.0)
    assert len(team["on_duty"]) == len(data["load"]["interval_starts"]) == 48
    assert data["load"]["interval_starts"][1] == "2027-03-01T00:30:00+00:00"
    assert data["load"]["contacts_expected"]["calls.phone"][0] == pytest.approx(20.0)
    assert team["busiest"]["needed"] == team["needed"][0]
