"""Who works when, told back; and what is odd about contracts, rotations and holidays."""

from __future__ import annotations

from typing import Any

import pytest

from ccsim.check import check
from ccsim.scenario.resolve import from_dict

SHIFTS = {
    "early": {"days": "mon-fri", "from": "06:00", "to": "14:00"},
    "late": {"days": "daily", "from": "14:00", "to": "22:00"},
    "split": {
        "days": "mon, wed",
        "parts": [{"from": "08:00", "to": "12:00"}, {"from": "20:00", "to": "24:00"}],
        "timezone": "Asia/Manila",
    },
    "wheel": {"rotates": ["early", "late", "off"], "every": "2 d"},
}


def scenario(team: dict[str, Any], **blocks: Any) -> dict[str, Any]:
    return {
        "ccsim": 1,
        "name": "Desk",
        "calendar": {"start": "2027-03-01", "days": 7},
        "contacts": {"calls": {"arrivals": {"per_day": 100}, "phone": {"handle": "3 min"}}},
        "channels": {"phone": {"answer_within": "20 s", "target": "80 %", "patience": "3 min"}},
        "teams": {"desk": team},
        "routing": {"calls": ["desk"]},
        "shifts": SHIFTS,
    } | blocks


@pytest.mark.parametrize(
    ("team", "sentence"),
    [
        ({"roster": {"early": 4}}, "desk: 4 early (mon-fri 06:00 to 14:00)."),
        (
            {"people": 3, "roster": {"late": "rest"}, "contract": {"works": "5 of 7"}},
            "desk: 3 late (daily 14:00 to 22:00); 5 of 7 days.",
        ),
        (
            {"roster": {"split": 1, "wheel": 6}, "timezone": "Europe/Kyiv"},
            "desk: 1 split (mon and wed 08:00 to 12:00 and 20:00 to 24:00 in Asia/Manila); 6 in "
            "turns early, late, off, 2 d each; by the clock of Europe/Kyiv.",
        ),
        (
            {"roster": {"early": 4}, "contract": {"hours": "20 h / week"}, "available": "50 %"},
            "desk: 4 early (mon-fri 06:00 to 14:00); 20 of 40 hours a week each; at hand for 50 % "
            "of their days, paid by that share.",
        ),
        (
            {
                "roster": {"early": 4},
                "overtime": [{"days": "mon, tue, fri", "for": "1 h", "share": "50 %"}],
            },
            "desk: 4 early (mon-fri 06:00 to 14:00); 60 min of planned overtime on mon, tue and "
            "fri for 50 % of them.",
        ),
        ({"people": 2}, "desk: 2 people throughout the calendar."),
        (
            {"people": 2, "take": "home_first"},
            "desk: 2 people throughout the calendar; who is free takes first the lines in whose "
            "routes the team stands earliest.",
        ),
        ({"staffing": [1, 2]}, "desk: by heads on duty as stated."),
    ],
)
def test_a_sentence_for_each_team(team: dict[str, Any], sentence: str) -> None:
    assert check(from_dict(scenario(team))).working == (sentence,)


def test_on_call_and_holidays() -> None:
    holidays = {"dates": ["2027-03-03", "2027-03-05"], "demand_like": "sun", "shifts_like": "sat"}
    data = scenario(
        {"roster": {"early": 4}},
        calendar={"start": "2027-03-01", "days": 7, "holidays": holidays},
        teams={
            "desk": {"roster": {"early": 4}},
            "call": {"drawn_from": "desk", "people_at_once": 2, "reaction": "10 min"},
            "wien": {"roster": {"early": 1}, "holidays": {"dates": ["2027-03-04"]}},
        },
        routing={"calls": ["desk", "wien", "call"]},
    )
    found = check(from_dict(data))
    assert found.working[1:] == (
        "call: 2 people of desk on call outside the shifts, in turns week by week; reached within "
        "10 min.",
        "wien: 1 early (mon-fri 06:00 to 14:00).",
        "Public holidays: Wed 03 Mar 2027, Fri 05 Mar 2027 (demand like sun; shifts like sat; "
        "opening hours like sat; days off by the date).",
        "Holidays of wien: Thu 04 Mar 2027.",
    )
    assert "call (reached within 10 min)" in found.takings[0].sentence
    assert found.to_json()["who_works_when"] == list(found.working)
    assert not any("Public holidays" in text for text in found.left_out)
    assert any("turn on call" in text for text in found.left_out)


def told(team: dict[str, Any], part: str, **blocks: Any) -> list[str]:
    return [text for text in check(from_dict(scenario(team, **blocks))).warnings if part in text]


def test_hours_that_the_shifts_do_not_give() -> None:
    # five days of eight hours are 40; two of the three turns of the wheel are worked
    contract = {"contract": {"hours": "20 h / week", "works": "5 of 7"}}
    assert told({"roster": {"early": 4}} | contract, "contract") == [
        "desk: the contract has 20 hours a week, the shifts give a person 40.0 on average."
    ]
    of_days = {"contract": {"hours": "50 h / week"}}
    assert told({"roster": {"early": 4}} | of_days, "contract") == [
        "desk: the contract has 50 hours a week, the shifts give a person 40.0 on average."
    ]
    assert told({"roster": {"early": 4}, "contract": {"hours": "24 h / week"}}, "contract") == []
    wheel = {"roster": {"wheel": 6}, "contract": {"hours": "27 h / week", "works": "5 of 7"}}
    assert told(wheel, "contract") == []


def test_short_rest_in_a_rotation() -> None:
    # from late (22:00) to early (06:00) are eight hours; from early to late sixteen
    shifts = SHIFTS | {"wheel": {"rotates": ["early", "late"]}}
    assert told({"roster": {"wheel": 2}}, "rests", shifts=shifts) == [
        "wheel: who goes from late to early rests 8 h in between, when both are worked on "
        "neighbouring days; 11 h are the least in the European Union."
    ]
    assert told({"roster": {"wheel": 3}}, "rests") == []


def test_holidays_that_never_come() -> None:
    calendar = {"start": "2027-03-01", "days": 7, "holidays": {"dates": ["2027-05-01"]}}
    assert told({"roster": {"early": 4}}, "holiday", calendar=calendar) == [
        "No public holiday falls into the calendar."
    ]
    calendar["holidays"] = {"dates": ["2027-03-01"]}
    assert told({"roster": {"early": 4}}, "holiday", calendar=calendar) == []


def test_shifts_that_a_holiday_adds() -> None:
    """Wednesday like Saturday: nothing new for who works daily, one more day for a weekend."""
    holidays = {"dates": ["2027-03-03"], "shifts_like": "sat"}
    shifts = SHIFTS | {"weekend": {"days": "sat-sun", "from": "08:00", "to": "16:00"}}
    roster = {"early": 2, "late": 2, "weekend": 1}
    calendar = {"start": "2027-03-01", "days": 7, "holidays": holidays}
    said = told({"roster": roster}, "over and above", calendar=calendar, shifts=shifts)
    assert said == [
        "desk: weekend is worked on public holidays over and above its days, for more paid hours: "
        "Wed 03 Mar 2027."
    ]
    of_their_own = {"roster": roster, "holidays": "worked"}
    assert told(of_their_own, "over and above", calendar=calendar, shifts=shifts) == []


def test_few_people_on_call_are_no_shortage() -> None:
    blocks: dict[str, Any] = {
        "teams": {"desk": {"roster": {"early": 4}}, "call": {"drawn_from": "desk"}},
        "routing": {"calls": ["desk", "call"]},
    }
    data = scenario({}, **blocks)
    data["contacts"]["calls"]["arrivals"]["per_day"] = 400
    assert not [text for text in check(from_dict(data)).warnings if "call: in " in text]
    data["teams"]["call"] = {"people": 1}  # who is there all day is judged
    assert [text for text in check(from_dict(data)).warnings if "call: in " in text]
