"""A network in words and as data."""

from __future__ import annotations

import json
import math

import pytest

from ccsim.network.explain import describe, duration, network_data, share
from tests.network.designs import DAY, HOUR, MINUTE, SECOND, Blocks, compiled

DESK: Blocks = {
    "calendar": {"days": 1},
    "opens": {"phone": {"mon": ({"start": 9 * 3600, "until": 17 * 3600},)}},
    "contacts": {
        "calls": {
            "phone": {"handle": {"mean": 5 * MINUTE, "wrap_up": 35 * SECOND}},
            "chat": {"handle": {"mean": 8 * MINUTE, "family": "constant"}},
            "stages": {"tier2": {"handle": {"mean": 14 * MINUTE}}},
            "escalates": (
                {"to": "tier2", "share": 0.25, "at_effort": 0.4},
                {"to": "tier2", "when": "promise breached", "channels": ("phone",)},
            ),
            "resolved": 0.8,
            "again": {"share": 0.6, "delay": {"mean": 20 * HOUR}, "at_most": 2},
        }
    },
    "channels": {
        "phone": {
            "patience": {"mean": 2 * MINUTE, "hangs_up_at_once": 0.03, "never": 0.1},
            "redial": {"share": 0.4, "delay": {"mean": 12 * MINUTE}, "at_most": 3},
            "lines": 30,
        },
        "chat": {"slowdown": (1.0, 1.25)},
    },
    "teams": {"agents": {"hands": {"chat": 2}}, "specialists": {"people": 3}},
    "routing": {
        "calls": {
            "route": ({"team": "agents"}, {"team": "specialists", "after": MINUTE, "keep_idle": 2})
        },
        "calls@tier2": {"route": ({"team": "specialists"},)},
    },
}


def test_the_network_in_words() -> None:
    text = describe(compiled(DESK))
    for line in (
        "4 queues, 2 teams, 24 h; a contact enters queues at most 16 times",
        "30 trunk lines for calls.phone, calls.phone@tier2",
        "  one person has 2 units of capacity",
        "  handle time with 1, 2, ... at once: 100 %, 125 %",
        "  taken by agents",
        "  then specialists (after 60 s, while more than 2 are free)",
        "  at agents: 5 min (cv 100 %) + 35 s wrap-up, takes 2 of 2 units",
        "    25 % escalated, after 40 % of the work, to calls.phone@tier2",
        "    9 % unresolved, to calls.phone, after 20 h on average (cv 100 %), at most 2 times",
        "    6 % unresolved, does not come again",
        "    40 % redialled, to calls.phone, after 12 min on average (cv 100 %), at most 3 times",
        "  after 20 s of waiting (promise):",
        "    100 % promoted, to calls.phone@tier2",
        "  at agents: 8 min, takes 1 of 2 units",
    ):
        assert line in text.splitlines(), line
    assert "patience 2 min on average (cv 100 %), 3 % none, 10 % without end" in text
    assert "open 9 h to 17 h" in text


def test_the_network_as_data() -> None:
    data = json.loads(json.dumps(network_data(compiled(DESK)), allow_nan=False))
    phone = data["queues"][0]
    assert phone["name"] == "calls.phone"
    assert phone["lines"] == 30
    assert phone["open_s"][0] == [9 * 3600, 17 * 3600]
    assert phone["served_by"]["agents"]["mean_s"] == 300
    assert phone["served_by"]["agents"]["then"][0]["to"] == "calls.phone@tier2"
    assert phone["patience"]["at_once"] == 0.03
    assert phone["patience"]["never"] == 0.1
    assert phone["patience"]["mean_s"] == pytest.approx(120)
    assert data["teams"][0]["slowdown"] == [1.0, 1.25]


@pytest.mark.parametrize(
    ("us", "words"),
    [
        (0, "0 s"),
        (90 * SECOND, "90 s"),
        (60 * SECOND, "60 s"),
        (2.5 * SECOND, "2.5 s"),
        (5.2 * MINUTE, "5.2 min"),
        (8 * HOUR, "8 h"),
        (DAY, "24 h"),
        (7 * DAY, "7 d"),
        (1_234_567, "1.23 s"),
        (math.inf, "for ever"),
    ],
)
def test_durations(us: float, words: str) -> None:
    assert duration(us) == words


def test_shares() -> None:
    assert [share(x) for x in (0.8, 0.125, 1.0, 0.0004)] == ["80 %", "12.5 %", "100 %", "0.04 %"]
