"""What is paid, through the whole pipeline: a desk of two, a trace of calls, a list of customers.

A day of warm-up, then the day that is measured. Two people are there day and night. Handling takes
exactly a minute, nobody waits, and every customer on the list answers the first call.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import ccsim

CALLS = (
    "2027-03-01T10:00:00",  # in the warm-up
    "2027-03-01T23:59:30",  # half of it in the warm-up
    "2027-03-02T10:00:00",
    "2027-03-02T11:00:00",
    "2027-03-02T23:59:30",  # half of it after the end
)
MINUTE_OF_WORK = {"family": "constant", "mean": "60 s"}
DESK: dict[str, Any] = {
    "ccsim": 1,
    "name": "money",
    "currency": "EUR",
    "calendar": {"start": "2027-03-01", "days": 2, "warm_up": "1 d"},
    "run": {"replications": 1, "seed": 1},
    "contacts": {
        "calls": {"arrivals": {"trace": "calls.csv"}, "phone": {"handle": MINUTE_OF_WORK}},
        "renewal": {
            "outbound": {"list": {"tue": 12}, "reached": "100 %", "handle": MINUTE_OF_WORK}
        },
    },
    "opens": {"outbound": {"tue": "12:00-18:00"}},
    "channels": {
        "phone": {"answer_within": "20 s", "target": "80 %", "patience": "endless"},
    },
    "teams": {
        "desk": {
            "staffing": [2],
            "hands": {"phone": "alone", "outbound": "alone"},
            "pay": {"wage": "30 / h", "on_top": "20 %", "premium": {"22:00-06:00": "25 %"}},
        }
    },
    "routing": {"calls": ["desk"], "renewal": ["desk"]},
    "costs": {"phone_minute": 0.6, "seat": "60.875 / month", "overhead": "10 %"},
}
PAY = 2 * 24 * 30.0
PREMIUMS = 2 * 8 * 30.0 * 0.25  # six hours after midnight and two before
ON_COSTS = 0.2 * (PAY + PREMIUMS)
SEATS = 2 * 60.875 * 12 / 365.25  # 2 a day for each of two
MINUTES = 0.5 + 1 + 1 + 0.5 + 12  # of the measured day
TELECOM = MINUTES * 0.6
BEFORE = PAY + PREMIUMS + ON_COSTS + SEATS + TELECOM
TOTAL = 1.1 * BEFORE


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("money")
    (folder / "calls.csv").write_text("at\n" + "\n".join(CALLS) + "\n", "utf-8")
    file = folder / "money.yaml"
    file.write_text(json.dumps(DESK), "utf-8")
    return ccsim.run(Path(file), replications=1, workers=1).result.table


@pytest.mark.parametrize(
    ("measure", "amount"),
    [
        ("pay", PAY),
        ("premiums", PREMIUMS),
        ("on_costs", ON_COSTS),
        ("seats", SEATS),
        ("telecom", TELECOM),
        ("overhead", 0.1 * BEFORE),
        ("total", TOTAL),
    ],
)
def test_every_kind_of_cost_is_that_of_the_measured_day(
    table: Any, measure: str, amount: float
) -> None:
    numerator, denominator = table.columns(f"cost.{measure}")
    assert numerator.tolist() == pytest.approx([amount], rel=1e-12)
    assert denominator.tolist() == [1.0]


@pytest.mark.parametrize(
    ("measure", "contacts"),
    [
        # two calls at ten and eleven, one that lasts beyond the end, twelve customers called
        ("per_contact", 3 + 12),
        ("per_customer", 3 + 12),
        ("per_resolved_contact", 2 + 12),
    ],
)
def test_those_who_are_called_share_the_cost_like_those_who_call(
    table: Any, measure: str, contacts: int
) -> None:
    numerator, denominator = table.columns(f"cost.{measure}")
    assert numerator.tolist() == pytest.approx([TOTAL], rel=1e-12)
    assert denominator.tolist() == [contacts]
