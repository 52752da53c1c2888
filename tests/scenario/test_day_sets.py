"""A weekday can be changed apart from the days that it is written with: by designs, `--set`, sweeps
and files that go on from others; so can months of a season and days of premiums and hours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ccsim.errors import ScenarioProblems
from ccsim.measures.catalogue import known_measures
from ccsim.scenario.resolve import all_from_dict, from_dict, load_all, varied

SCENARIO: dict[str, Any] = {
    "ccsim": 1,
    "name": "Desk",
    "currency": "EUR",
    "calendar": {"start": "2027-03-01", "days": 7},
    "opens": {"phone": {"mon-fri": ["08:00-12:00", "13:00-18:00"], "sat": "09:00-12:00"}},
    "contacts": {
        "calls": {
            "arrivals": {
                "per_day": {"mon-fri": 90, "sat-sun": 10},
                "season": {"jun-aug": "80 %", "dec": "150 %"},
            },
            "phone": {"handle": "3 min"},
        }
    },
    "channels": {
        "phone": {
            "answer_within": "20 s",
            "target": "80 %",
            "patience": "3 min",
            "promise": "working",
            "working_hours": {"daily": "09:00-17:00"},
        }
    },
    "teams": {
        "desk": {
            "people": 5,
            "roster": {"day": "100 %"},
            "pay": {"wage": "20 / h", "premium": {"sat-sun": "50 %", "22:00-06:00": "20 %"}},
        },
        "call": {
            "drawn_from": "desk",
            "hours": {"mon-fri": "18:00-22:00", "sat-sun": "00:00-24:00"},
            "standby_pay": "3 / h",
        },
    },
    "shifts": {"day": {"days": "daily", "from": "08:00", "to": "16:00"}},
    "routing": {"calls": ["desk", "call"]},
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
VOLUME = "contacts.calls.arrivals.per_day"


def changed(*settings: str, **patch: Any) -> Any:
    designs = all_from_dict(
        SCENARIO | {"designs": {"other": patch}}, settings=settings, known_measures=known_measures
    )
    return designs["other"].scenario


def volumes(scenario: Any) -> list[float]:
    per_day = scenario.contacts["calls"].arrivals.per_day
    return [per_day[day] for day in DAYS]


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({"mon": 120}, [120, 90, 90, 90, 90, 10, 10]),
        ({"mon": "-10 %"}, [81, 90, 90, 90, 90, 10, 10]),
        ({"mon-tue": 50, "sun": 0}, [50, 50, 90, 90, 90, 10, 0]),
        ({"fri-sat": "+100 %"}, [90, 90, 90, 90, 180, 20, 10]),
        ({"daily": "+10 %"}, [99, 99, 99, 99, 99, 11, 11]),
        ({"daily": 30}, [30] * 7),
        ({"mon-fri": 70}, [70] * 5 + [10, 10]),
        ({"weekdays": 70}, [70] * 5 + [10, 10]),
        ({"only": {"daily": 5}}, [5] * 7),
    ],
)
def test_volumes_of_days(patch: dict[str, Any], expected: list[float]) -> None:
    assert volumes(changed(**{VOLUME: patch})) == pytest.approx(expected)


def test_from_the_command_line_one_after_the_other() -> None:
    scenario = changed(f"{VOLUME}.mon=120", f"{VOLUME}.mon=+10 %", f"{VOLUME}.sat-sun=-50 %")
    assert volumes(scenario) == pytest.approx([132, 90, 90, 90, 90, 5, 5])


def test_one_number_for_all_days_gets_an_exception() -> None:
    calls = SCENARIO["contacts"]["calls"] | {"arrivals": {"per_day": 40}}
    data = SCENARIO | {"contacts": {"calls": calls}}
    design = from_dict(data, settings=[f"{VOLUME}.sun=5"], known_measures=known_measures)
    assert volumes(design.scenario) == [40] * 6 + [5]
    as_a_map = from_dict(data, settings=[f"{VOLUME}={{mon: +50 %}}"], known_measures=known_measures)
    assert volumes(as_a_map.scenario) == [60] + [40] * 6


def test_opening_and_working_hours() -> None:
    scenario = changed(opens={"phone": {"wed": "08:00-12:00", "fri": "none"}})
    hours = scenario.opens["phone"]
    assert list(hours) and "fri" not in hours
    assert [len(hours[day]) for day in ("mon", "tue", "wed", "thu", "sat")] == [2, 2, 1, 2, 1]
    scenario = changed("channels.phone.working_hours.sat-sun=none")
    assert sorted(scenario.channels["phone"].working_hours) == sorted(DAYS[:5])


def test_hours_on_call_and_premiums() -> None:
    hours = changed("teams.call.hours.fri=18:00-24:00").teams["call"].hours
    assert hours["fri"][0].until == 86_400 and hours["thu"][0].until == 22 * 3600
    pay = changed("teams.desk.pay.premium.sun=100 %").teams["desk"].pay
    assert pay.premium == {"sat": 0.5, "sun": 1.0, "22:00-06:00": 0.2}
    pay = changed("teams.desk.pay.premium={22:00-06:00: 30 %, sat: none}").teams["desk"].pay
    assert pay.premium == {"sun": 0.5, "22:00-06:00": 0.3}


def test_months_of_a_season() -> None:
    season = changed("contacts.calls.arrivals.season.jul=90 %").contacts["calls"].arrivals.season
    assert season == {"jun": 0.8, "jul": 0.9, "aug": 0.8, "dec": 1.5}


def test_a_sweep_and_an_assumption() -> None:
    base = from_dict(SCENARIO, known_measures=known_measures)
    design = varied(base, "busy", {f"{VOLUME}.mon": ("200", "axis")}, known_measures=known_measures)
    assert volumes(design.scenario) == [200, 90, 90, 90, 90, 10, 10]
    unsure = {f"{VOLUME}.mon": {"by": ["-10 %", "+20 %"], "source": "a guess"}}
    held = from_dict(SCENARIO | {"uncertain": unsure}, known_measures=known_measures)
    assert volumes(held.scenario) == [90] * 5 + [10, 10]


def test_a_file_that_goes_on_from_another(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(json.dumps(SCENARIO), encoding="utf-8")
    (tmp_path / "more.yaml").write_text(
        "extends: base.yaml\ncontacts: {calls: {arrivals: {per_day: {mon: 120}}}}\n",
        encoding="utf-8",
    )
    assert volumes(load_all(tmp_path / "more.yaml")["base"].scenario)[:2] == [120, 90]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("opens.phone.sun=none", "there is nothing here to remove"),
        ("contacts.calls.arrivals.season.feb=+10 %", "there is nothing here to change"),
        (f"{VOLUME}.munday=5", "there is no day 'munday'"),
        (f"{VOLUME}={{mon-wed: 5, tue: 6}}", "tue is here twice"),
    ],
)
def test_what_is_told(setting: str, words: str) -> None:
    with pytest.raises(ScenarioProblems, match=words):
        changed(setting)


def test_a_day_of_hours_that_are_always_is_no_hours_of_that_day_alone() -> None:
    """It would close every other day in silence."""
    with pytest.raises(ScenarioProblems, match="'sun' cannot be set: here stands 'always'"):
        changed("opens.phone=always", "opens.phone.sun=10:00-12:00")


def test_what_is_not_touched_stays_as_it_is_written() -> None:
    design = from_dict(SCENARIO, settings=[f"{VOLUME}.sat=5"], known_measures=known_measures)
    assert design.root is not None
    node = design.root.entries["contacts"].value.entries["calls"].value.entries["arrivals"].value
    assert list(node.entries["per_day"].value.entries) == ["mon-fri", "sat", "sun"]
