"""A small scenario that has every kind of thing with a name of its own, as plain data."""

from __future__ import annotations

from typing import Any


def named(**names: str) -> dict[str, Any]:
    """The scenario, with other names for its things: `named(team="night_desk")`."""
    n = {
        "contact": "orders",
        "team": "desk",
        "shift": "day",
        "role": "leader",
        "distribution": "talk",
        "segment": "vip",
        "stage": "expert",
        "shared": "weather",
        "design": "bigger",
    } | names
    return {
        "ccsim": 1,
        "name": "Named",
        "currency": "EUR",
        "calendar": {"start": "2027-03-01", "days": 7},
        "distributions": {n["distribution"]: {"family": "gamma", "cv": "80 %"}},
        "contacts": {
            n["contact"]: {
                "arrivals": {"per_day": 40, "busyness": {"cv": "10 %", "shared": n["shared"]}},
                "phone": {"handle": {"mean": "5 min", "as": n["distribution"]}},
                "stages": {n["stage"]: {"handle": "9 min"}},
                "escalates": [{"to": n["stage"], "share": "5 %"}],
            }
        },
        "segments": {n["segment"]: {"share": "5 %"}},
        "channels": {"phone": {"answer_within": "20 s", "target": "80 %", "patience": "3 min"}},
        "teams": {
            n["team"]: {"people": 4, "roster": {n["shift"]: "100 %"}, "pay": {"wage": "20 / h"}},
            "experts": {"tier": 2, "people": 2, "roster": {n["shift"]: "100 %"}}
            | {"pay": {"wage": "30 / h"}},
        },
        "routing": {n["contact"]: [n["team"]], f"{n['contact']}@{n['stage']}": ["experts"]},
        "shifts": {n["shift"]: {"days": "daily", "from": "08:00", "to": "16:00"}},
        "roles": {n["role"]: {"one_per": "12 people", "pay": {"salary": "40 000 / year"}}},
        "designs": {n["design"]: {"teams": {n["team"]: {"people": 5}}}},
    }
