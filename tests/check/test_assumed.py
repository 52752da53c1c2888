"""`ccsim check --explain` tells what nobody knows for sure, with ranges and sources."""

from __future__ import annotations

from ccsim.check import check
from ccsim.check.assumed import Assumed
from ccsim.report.text.check_text import check_lines
from ccsim.scenario.resolve import all_from_dict

SCENARIO = {
    "ccsim": 1,
    "name": "A desk",
    "calendar": {"start": "2027-03-01", "days": 1},
    "contacts": {
        "orders": {"arrivals": {"per_day": {"daily": 90}}, "phone": {"handle": "5 min"}},
    },
    "channels": {"phone": {"patience": "3 min"}},
    "teams": {"desk": {"people": 10}},
    "routing": {"orders": ["desk"]},
    "uncertain": {
        "contacts.orders.arrivals.per_day": {"by": ["-10 %", "+15 %"], "source": "illustrative"},
        "channels.phone.patience": {"range": ["2 min", "3 min", "5 min"], "source": "a survey"},
    },
    "designs": {
        "known": {"uncertain": {"channels.phone.patience": "none"}},
    },
}


def test_assumptions_are_told_with_their_source() -> None:
    base, known = (check(design) for design in all_from_dict(SCENARIO).values())
    assert [each.sentence for each in base.assumed] == [
        "contacts.orders.arrivals.per_day: may be -10 % to +15 % of what is stated "
        "(illustrative: nobody has measured it)",
        "channels.phone.patience: stated as 3 min, may be 2 min to 5 min, most likely 3 min "
        "(source: a survey)",
    ]
    assert base.to_json()["uncertain"][1] == {
        "path": "channels.phone.patience",
        "stated": ["3 min"],
        "low": "2 min",
        "likely": "3 min",
        "high": "5 min",
        "source": "a survey",
    }
    assert [each.path for each in known.assumed] == ["contacts.orders.arrivals.per_day"]


def test_the_explanation_has_a_section_for_them() -> None:
    designs = all_from_dict(SCENARIO)
    checks = [check(design) for design in designs.values()]
    text = "\n".join(check_lines(designs["base"].scenario, checks, explain=True, width=200))
    before, _, after = text.partition("Uncertain inputs")
    assert before and "(source: a survey)" in after.partition("Defaults that apply")[0]


def test_no_section_without_assumptions() -> None:
    plain = {key: value for key, value in SCENARIO.items() if key not in ("uncertain", "designs")}
    designs = all_from_dict(plain)
    lines = check_lines(designs["base"].scenario, [check(designs["base"])], explain=True, width=100)
    assert "Uncertain inputs" not in "\n".join(lines)
    assert check(designs["base"]).assumed == ()


def test_equal_stated_values_are_said_once() -> None:
    said = Assumed("a", ("4 %", "6 %"), "3 %", None, "8 %", False, "payroll").sentence
    assert said == "a: stated as 4 %, 6 %, may be 3 % to 8 % (source: payroll)"
