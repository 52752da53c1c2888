"""A small scenario, made by hand, for tests of what is shown."""

from __future__ import annotations

from typing import Any

from ccsim.scenario.schema import Scenario

DESK: dict[str, Any] = {
    "ccsim": 1,
    "name": "Helpdesk",
    "currency": "UAH",
    "calendar": {"start": "2027-03-01", "days": 7, "timezone": "Europe/Kyiv"},
    "contacts": {
        "billing": {
            "arrivals": {"per_day": 900, "by_channel": {"phone": "70 %", "email": "rest"}},
            "phone": {"handle": {"mean": "5 min"}},
            "email": {"handle": {"mean": "6 min"}},
            "resolved": "80 %",
        }
    },
    "channels": {
        "phone": {
            "answer_within": "20 s",
            "target": "80 %",
            "patience": {"family": "exponential", "mean": "2 min"},
        },
        "email": {"answer_within": "4 h", "target": "90 %"},
    },
    "teams": {
        "frontline": {
            "people": 20,
            "hands": {"phone": "alone", "email": "in gaps"},
            "staffing": (14,) * 48,
            "pay": {"salary": "14 400 / year"},
        }
    },
    "routing": {"billing": ("frontline",)},
}


def desk(**changes: Any) -> Scenario:
    """The desk with some of its blocks replaced."""
    return Scenario.model_validate(DESK | changes)
