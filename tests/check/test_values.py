"""Values that may be meant and seldom are: each has its sentence, and what is usual has none."""

from __future__ import annotations

from typing import Any

import pytest

from ccsim.check import check
from ccsim.measures.catalogue import known_measures
from ccsim.scenario.resolve import from_dict

PLAIN: dict[str, Any] = {
    "ccsim": 1,
    "name": "Desk",
    "currency": "EUR",
    "calendar": {"start": "2027-03-01", "days": 7},
    "contacts": {
        "orders": {
            "arrivals": {
                "per_day": 100,
                "by_channel": {"phone": "70 %", "tickets": "rest"},
                "busyness": {"cv": "10 %", "within_day": {"cv": "15 %", "memory": "2 h"}},
                "season": {"mar": "120 %"},
                "incident": {"probability": "5 % / day", "contacts": 10, "decays_over": "2 h"},
                "campaigns": [{"on": "2027-02-25", "contacts": 50, "decays_over": "2 d"}],
            },
            "phone": {"handle": {"family": "lognormal", "mean": "5 min", "cv": "80 %"}},
            "tickets": {
                "handle": "6 min",
                "turns": {"mean": 1.5, "pause": "4 h"},
                "waits_for": {"share": "10 %", "delay": "1 d"},
            },
        }
    },
    "channels": {
        "phone": {
            "answer_within": "20 s",
            "target": "80 %",
            "patience": "3 min",
            "ivr": {"contains": "10 %", "takes": "30 s"},
        },
        "tickets": {"answer_within": "4 h", "target": "90 %"},
    },
    "segments": {"gold": {"share": "20 %", "priority": 2}},
    "teams": {
        "desk": {
            "people": 12,
            "roster": {"day": "100 %"},
            "contract": {"full_time": "40 h / week"},
            "handle_time": {"new": "130 %", "until": "12 weeks"},
            "shrinkage": {
                "leave": "10 % of days",
                "sick": {"share": "5 % of days", "spell": "3 d"},
            },
            "pay": {
                "wage": "20 / h",
                "on_top": "22 %",
                "overtime": "150 %",
                "premium": {"sun": "50 %"},
            },
        },
        "night": {"people": 3, "pay": {"wage": "20 / h"}},
    },
    "costs": {"overhead": "8 %"},
    "routing": {"orders": {"route": ["desk", {"team": "night", "after": "60 s"}]}},
    "shifts": {
        "day": {
            "days": "daily",
            "from": "08:00",
            "to": "16:00",
            "breaks": [{"at": "12:00", "for": "30 min"}],
        }
    },
}
ODD = [
    ("run.max_legs=2", "run: with max_legs 2 a contact is lost after 2 lines"),
    ("contacts.orders.phone.handle.cv=800 %", "phone.handle: a cv of 800 % is rare"),
    ("contacts.orders.phone.handle.mean=0.3 s", "orders.phone: handling takes less than a second"),
    (
        "contacts.orders.arrivals.incident.decays_over=30 d",
        "orders: an incident goes on for longer",
    ),
    ("contacts.orders.arrivals.campaigns.1.on=2020-03-01", "campaign of 2020-03-01 is over when"),
    ("contacts.orders.arrivals.season.mar=900 %", "a season of 900 % is 9 times the usual volume"),
    ("contacts.orders.arrivals.busyness.within_day.memory=1 s", "with a memory of 1 s the rate"),
    ("contacts.orders.arrivals.busyness.within_day.memory=30 d", "with a memory of 30 d the rate"),
    (
        "contacts.orders.tickets.turns.pause=3 d",
        "orders.tickets: customers pause for 3 d on average",
    ),
    ("contacts.orders.tickets.waits_for.delay=5 d", "orders.tickets: others take 5 d on average"),
    ("channels.phone.target=0.8 %", "phone: a target of 0.8 % is hardly a promise"),
    ("channels.tickets.answer_within=30 d", "tickets: promised within 30 d, in a calendar of 7 d"),
    ("contacts.orders.phone.answer_within=9 d", "orders.phone: promised within 9 d, in a calendar"),
    ("channels.phone.patience=3 s", "phone: a patience of 3 s on average; is the unit right?"),
    ("channels.phone.patience=3 d", "phone: a patience of 3 d on average; is the unit right?"),
    ("channels.phone.ivr.contains=100 %", "phone: its ivr contains everybody"),
    ("segments.gold.share=100 %", "gold: all customers belong to this segment"),
    ("teams.desk.contract.full_time=4 h / week", "desk: full time of 4 h a week"),
    ("teams.desk.contract.full_time=160 h / week", "desk: full time of 160 h a week"),
    ("teams.desk.contract.hours=50 h / week", "desk: people work more hours than full time has"),
    ("teams.desk.handle_time=11 %", "desk: handle time of 11 % of the usual"),
    ("teams.desk.handle_time.new=90 %", "desk: new people are quicker than the experienced"),
    ("teams.desk.shrinkage.leave=70 % of days", "desk: leave and sickness take 75 % of days"),
    ("teams.desk.shrinkage.sick.spell=90 d", "desk: who falls ill is away for 90 d on average"),
    ("teams.desk.pay.on_top=220 %", "desk: 220 % on top more than doubles the pay"),
    ("teams.desk.pay.overtime=500 %", "desk: an hour of overtime is paid 500 % of the usual one"),
    ("teams.desk.pay.premium.sun=500 %", "desk: a premium of 500 % (sun) on top of the pay"),
    ("costs.overhead=800 %", "costs: an overhead of 800 % more than doubles the cost"),
    ("routing.orders.route.2.after=8 d", "orders: night after 8 d, when the calendar is over"),
    ("routing.orders.head_start=8 d", "orders: a head start of 8 d is always first"),
    ("shifts.day.to=08:00", "day: a shift of 24 h"),
    ("shifts.day.breaks.1.for=30 s", "day: a break of 30 s; is the unit right?"),
    (
        "opens={phone: {mon-fri: '10:00-14:00'}}",
        "phone: 88.1 % of the contacts come while it is closed, and leave; is their `shape` that "
        "of the opening hours?",
    ),
    (
        "opens={tickets: {daily: '08:00-18:00'}}",
        "tickets: 58.3 % of the contacts come while it is closed, and are lost; what waits until "
        "somebody is there needs no `opens`",
    ),
]


def warnings(*settings: str) -> tuple[str, ...]:
    return check(from_dict(PLAIN, settings=settings, known_measures=known_measures)).warnings


@pytest.mark.parametrize(("setting", "sentence"), ODD, ids=[setting for setting, _ in ODD])
def test_what_is_seldom_meant_is_asked(setting: str, sentence: str) -> None:
    """88.1 %: of five days four hours each are open, 20 of 168 h; 58.3 %: 14 of 24 h are closed."""
    told = [text for text in warnings(setting) if sentence in text]
    assert len(told) == 1, warnings(setting)
    assert not [text for text in warnings() if sentence in text]


def test_what_is_usual_is_not_asked() -> None:
    assert warnings() == ()
