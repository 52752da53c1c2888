"""The money of a design before anything is simulated: by hand, and as the simulation has it.

Desk: 4 people, mon-fri 06:00 to 14:00, 10 an hour, 10 % on top: 160 h are 1600. Premium of 20 % for
two of the eight hours: 40 h x 0.2 x 10 = 80. Half of them an hour of overtime on Monday at 150 %:
2 x 15 = 30. On top 171, together 1881. Second: one person, 40 h, at a salary that is 10 an hour.
"""

from __future__ import annotations

from typing import Any

import pytest

import ccsim
from ccsim.check import Check, check
from ccsim.measures.catalogue import known_measures
from ccsim.report.text.check_text import check_lines
from ccsim.scenario.resolve import from_dict

TEN_AN_HOUR = f"{40 * 365.25 / 7 * 10:.6f} / year"  # 40 h in each of 365.25 / 7 weeks
SCENARIO: dict[str, Any] = {
    "ccsim": 1,
    "name": "Desk",
    "currency": "EUR",
    "calendar": {"start": "2027-03-01", "days": 7},
    "opens": {"phone": {"mon-fri": "06:00-14:00"}, "chat": {"mon-fri": "06:00-14:00"}},
    "contacts": {
        "calls": {
            "arrivals": {"per_day": 240, "by_channel": {"phone": "50 %", "chat": "rest"}},
            "phone": {"handle": "1 min"},
            "chat": {"handle": "1 min"},
            "upsell": {"share": {"desk": "6 %", "second": "9 %"}, "value": 40},
            "lost_if_abandoned": 38,
        }
    },
    "channels": {
        "phone": {"answer_within": "20 s", "target": "80 %", "patience": "3 min"},
        "chat": {
            "patience": "3 min",
            "bot": {"contains": "50 %", "takes": "1 min", "cost": "0.5 / contact"},
        },
    },
    "shifts": {"early": {"days": "mon-fri", "from": "06:00", "to": "14:00"}},
    "teams": {
        "desk": {
            "roster": {"early": 4},
            "overtime": [{"days": "mon", "for": "1 h", "share": "50 %"}],
            "pay": {
                "wage": "10 / h",
                "on_top": "10 %",
                "overtime": "150 %",
                "premium": {"06:00-08:00": "20 %", "sun": "50 %"},
            },
        },
        "second": {"roster": {"early": 1}, "pay": {"salary": TEN_AN_HOUR}},
    },
    "roles": {
        "leader": {"one_per": "4 people", "of": ["desk"], "pay": {"salary": "1 000 / week"}},
    },
    "costs": {
        "seat": "70 / week",
        "phone_minute": 0.02,
        "overhead": "10 %",
        "penalties": [
            {"of": "phone", "costs": "5 000 / month"},
            {"of": "calls.phone", "costs": "12 / contact"},
        ],
    },
    "routing": {"calls": ["desk", "second"]},
}


def checked(**blocks: Any) -> Check:
    return check(from_dict(SCENARIO | blocks, known_measures=known_measures))


def test_premiums_of_people_counted_net_are_on_their_paid_hours() -> None:
    """One on duty at all times, net of a quarter: 224 h are paid in a week, Sunday's 32 at half
    as much again."""
    net = {"leave": "25 % of days"}
    pay = {"wage": "10 / h", "premium": {"sun": "50 %"}}
    desk = {"staffing": [1], "shrinkage": net, "pay": pay}
    found = checked(teams=SCENARIO["teams"] | {"desk": desk}).costing
    assert found is not None
    assert found.teams[0].paid_hours == pytest.approx(224)
    assert found.teams[0].premiums == pytest.approx(32 * 0.5 * 10)


def test_by_hand() -> None:
    found = checked().costing
    assert found is not None
    desk, second = found.teams
    assert (desk.paid_hours, desk.hourly, desk.pay) == (160, 10, 1600)
    assert (desk.premiums, desk.overtime, desk.standby) == pytest.approx((80, 30, 0))
    assert (desk.on_top, desk.total) == pytest.approx((171, 1881))
    assert (second.hourly, second.total) == pytest.approx((10, 400))
    amounts = {item.words.split(":")[0]: item.amount for item in found.items}
    assert amounts["leader"] == pytest.approx(1000)
    assert amounts["Seats"] == pytest.approx(6 * 70)
    # a third of 120 chats on each of five days comes while it is open: all meet the bot first
    assert amounts["bot by chat"] == pytest.approx(0.5 * 40 * 5)
    overhead = 0.1 * (1881 + 400 + 1000 + 420 + 100)
    assert amounts["Overhead"] == pytest.approx(overhead)
    assert found.total == pytest.approx(3801 + overhead)


def test_as_the_simulation_has_it() -> None:
    design = from_dict(SCENARIO, known_measures=known_measures)
    found, run = check(design).costing, ccsim.run(design, replications=1, workers=1)
    assert found is not None
    for measure, amount in {
        "cost.pay": sum(team.pay for team in found.teams),
        "cost.premiums": sum(team.premiums for team in found.teams),
        "cost.roles": 1000.0,
        "cost.seats": 420.0,
    }.items():
        assert run[measure].value == pytest.approx(amount), measure


def test_of_the_measured_days_alone() -> None:
    calendar = {"start": "2027-03-01", "days": 7, "warm_up": "2 d"}
    found = checked(calendar=calendar).costing
    assert found is not None and found.days == 5
    assert found.teams[0].paid_hours == 4 * 8 * 3  # Wednesday to Friday
    assert found.teams[0].overtime == 0  # Monday's
    assert found.items[2].amount == pytest.approx(1000 * 5 / 7)


def test_in_words() -> None:
    design = from_dict(SCENARIO, known_measures=known_measures)
    lines = check_lines(design.scenario, [check(design)], explain=True, width=110)
    first = lines.index("What it costs, as far as known before any simulation")
    told = lines[first + 1 : lines.index("", first)]
    text = " ".join(line.strip() for line in told)
    assert [" ".join(line.split()) for line in told[:8]] == [
        "desk second",
        "Paid hours 160.0 40.0",
        "Pay per hour, EUR 10.00 10.00",
        "Pay 1 600 400",
        "Premiums 80 0",
        "Planned overtime 30 0",
        "On top of pay 171 0",
        "Total 1 881 400",
    ]
    for sentence in (
        "desk: 10 / h; 10 % on top of all pay; premiums of 20 % at 06:00-08:00, 50 % on sun; "
        "overtime at 150 % of the hour.",
        "an hour (52.18 weeks of 40 h a week); overtime at 100 % of the hour.",
        "leader: 1 person (one for each 4 of desk), 1000 / week each: 1000.",
        "Seats: 70 / week for each of 5 in the teams and 1 beside them: 420.",
        "bot by chat: 0.5 for each contact, about 200: 100.",
        "Phone: 0.02 / minute from joining the line to the end of the talk.",
        "Overhead: 10 % on all of this; also on what only a run knows, penalties apart: 380.1.",
        "Penalty: 5000 for each month in which fewer than 80 % of phone are answered in time.",
        "Penalty: 12 for each contact of calls.phone not answered in time (late, given up, turned "
        "away).",
        "calls: of what is resolved 6 % by desk, 9 % by second sells for 40 (revenue, no part of "
        "the cost).",
        "calls: 38 lost with each customer who gives up (no part of the cost).",
        "All of this: 4181 in 7 days, 218 164 a year. Only a run knows what comes to it: overtime "
        "to finish what is begun, minutes on the phone, penalties.",
    ):
        assert sentence in text, sentence


def test_nothing_is_said_where_there_is_no_money() -> None:
    free = {key: value for key, value in SCENARIO.items() if key not in ("currency", "costs")}
    teams = {name: {"roster": team["roster"]} for name, team in SCENARIO["teams"].items()}
    contacts = {"calls": {"arrivals": {"per_day": 20}, "phone": {"handle": "1 min"}}}
    channels = {"phone": SCENARIO["channels"]["phone"]}
    bare = free | {"teams": teams, "contacts": contacts, "channels": channels, "opens": {}}
    del bare["roles"]
    found = check(from_dict(bare, known_measures=known_measures))
    assert found.costing is None
    lines = check_lines(from_dict(bare).scenario, [found], explain=True, width=110)
    assert not any("costs" in line for line in lines)
