"""Every target that a scenario can write stands in every reader, and `every target is met` is said
only where every one is. The list of targets is the network's; here none may be forgotten."""

from __future__ import annotations

from typing import Any

import pytest

import ccsim
from ccsim.experiment.results.headline import headline_measures
from ccsim.experiment.results.targets import promises, targets
from ccsim.measures.catalogue import known_measures
from ccsim.network.facts import Target
from ccsim.network.structure import structure_of
from ccsim.report.pictures import service_tables
from ccsim.report.tables.answer_table import answer_table, full_table, targets_of
from ccsim.report.text.answer import answer
from ccsim.report.text.decision import Decision
from ccsim.report.words.labels import label_of
from ccsim.report.words.verdicts import Status, target_sentences
from ccsim.scenario.resolve import all_from_dict
from ccsim.statistics.estimate import Estimate
from tests.report.estimates import around, certain

DESK: dict[str, Any] = {
    "ccsim": 1,
    "name": "All targets",
    "calendar": {"start": "2027-03-01", "days": 2},
    "opens": {"phone": {"daily": "08:00-18:00"}},
    "when_closed": {
        "phone": {"leaves_message": "50 %", "handle": "2 min", "answer_within": "4 h",
                  "target": "90 %"},
    },
    "contacts": {
        "orders": {
            "arrivals": {"per_day": 200, "by_channel": {"phone": "70 %", "email": "rest"}},
            "phone": {"handle": "2 min", "resolve_within": "24 h"},
            "email": {"handle": "3 min"},
            "resolved": "90 %",
        },
        "urgent": {
            "arrivals": {"per_day": 50},
            "phone": {"handle": "2 min", "answer_within": "10 s", "target": "85 %"},
        },
    },
    "channels": {
        "phone": {
            "answer_within": "20 s", "target": "80 %", "patience": {"mean": "2 min"},
            "callback": {"offered_after": "30 s", "accepted": "50 %", "promise": "2 h"},
        },
        "email": {"answer_within": "8 h", "target": "90 %", "resolve_within": "48 h"},
    },
    "segments": {"vip": {"share": "10 %", "answer_within": "5 s", "target": "95 %"}},
    "teams": {"desk": {"staffing": [4], "hands": {"phone": "alone", "email": "in gaps"}}},
    "routing": {"*": ["desk"]},
}  # fmt: skip
MORE = {"more": {"teams": {"desk": {"staffing": [5]}}}}


@pytest.fixture(scope="module")
def found() -> ccsim.Comparison:
    return ccsim.compare(all_from_dict({**DESK, "designs": MORE}), replications=4, workers=1)


@pytest.fixture(scope="module")
def every(found: ccsim.Comparison) -> tuple[Target, ...]:
    return structure_of(found.scenario).targets


def test_the_desk_has_targets_of_all_kinds(every: tuple[Target, ...]) -> None:
    assert {each.kind for each in every} == set(type(every[0].kind))
    keys = {each.key for each in every}
    assert {"phone.service_level", "urgent.phone.service_level", "vip.service_level"} <= keys
    assert "orders.phone@message.service_level" in keys


def test_every_target_has_a_row_and_a_label(
    found: ccsim.Comparison, every: tuple[Target, ...]
) -> None:
    rows = {row.key: row for row in answer(found).tables[0].rows}
    known = known_measures(found.scenario)
    for target in every:
        assert target.key in known
        row = rows[target.key]
        assert "_" not in row.label and "@" not in row.label
        marked = [cell.status is not None for cell in row.cells]
        assert all(marked) if target.share is not None else not any(marked)
        assert (row.target == f"{100 * target.share:g} %") if target.share is not None else True


def test_every_share_is_judged_everywhere(
    found: ccsim.Comparison, every: tuple[Target, ...]
) -> None:
    shares = {each.key: each.share for each in every if each.share is not None}
    assert targets(found.scenario) == shares
    assert all(set(by_key) == set(shares) for by_key in found.promised.values())
    assert promises(found.scenario) == len(shares)
    assert set(shares) <= set(headline_measures(found.scenarios.values()))
    table = full_table(found.scenarios, found.results, "base", found.promised)
    marked = {row.key for row in table.rows if row.cells[0].status is not None}
    assert marked == set(shares)
    differing = {
        key for key in shares
        if found.difference("more", key).estimate.low != found.difference("more", key).estimate.high
    }  # fmt: skip
    assert differing <= set(Decision(found).keys)


def test_service_is_drawn_of_every_target_with_intervals(
    found: ccsim.Comparison, every: tuple[Target, ...]
) -> None:
    drawn = {f"{table.key}.service_level": table.target for table in service_tables(found)}
    counted = set(found.results["base"].table.interval_keys)
    for target in every:
        if target.share is not None and target.key in counted:
            assert drawn[target.key] == target.share


def reached(scenario: Any, missed: str, value: float) -> dict[str, Estimate]:
    """All targets are reached, but for one."""
    found = {key: certain(1.0) for key in known_measures(scenario)}
    return found | {missed: around(value, 0.01)}


def test_it_is_not_said_that_every_target_is_met_while_one_is_not(
    found: ccsim.Comparison, every: tuple[Target, ...]
) -> None:
    scenario = found.scenario
    shares = [each for each in every if each.share is not None]
    assert len(shares) >= 6
    for target in shares:
        share = target.share or 0.0
        label = label_of(target.key, scenario)
        for value, status, word in (
            (share - 0.1, Status.MISSED, "Missed: "), (share, Status.CLOSE, "Too close to call: "),
        ):  # fmt: skip
            estimates = {"base": reached(scenario, target.key, value)}
            table = answer_table({"base": scenario}, estimates, None)
            (stand,) = targets_of(table, ["base"])
            assert stand.status is status
            (sentence,) = target_sentences([stand])
            assert sentence.startswith(word) and label[1:] in sentence
    table = answer_table({"base": scenario}, {"base": reached(scenario, "none", 0.0)}, None)
    assert target_sentences(targets_of(table, ["base"])) == ["Every target is met."]


def test_a_segment_that_misses_its_target_is_named() -> None:
    """95 % within 5 s for one in ten customers, of whom 73 % get it, as two people are there."""
    desk = {
        "ccsim": 1, "name": "Segments", "calendar": {"start": "2027-03-01", "days": 7},
        "contacts": {"q": {"arrivals": {"per_day": 300}, "phone": {"handle": "5 min"}}},
        "channels": {"phone": {"answer_within": "60 s", "target": "50 %", "patience": "5 min"}},
        "segments": {"vip": {"share": "10 %", "answer_within": "5 s", "target": "95 %"}},
        "teams": {"a": {"staffing": [2]}}, "routing": {"*": ["a"]},
    }  # fmt: skip
    shown = answer(ccsim.run(all_from_dict(desk)["base"], replications=10, workers=1))
    assert shown.verdict == ("Missed: vip contacts answered within 5 s.",)


def test_voicemails_that_wait_too_long_are_named() -> None:
    """90 % within an hour, while the evening's messages wait for the morning."""
    desk = {
        "ccsim": 1, "name": "Voicemail", "calendar": {"start": "2027-03-01", "days": 7},
        "opens": {"phone": {"daily": "08:00-18:00"}},
        "when_closed": {"phone": {"leaves_message": "100 %", "handle": "10 min",
                                  "answer_within": "1 h", "target": "90 %", "priority": 20}},
        "contacts": {"q": {"arrivals": {"per_day": 200}, "phone": {"handle": "1 min"}}},
        "channels": {"phone": {"answer_within": "60 s", "target": "55 %", "patience": "5 min"}},
        "teams": {"a": {"staffing": [0, 3, 2, 0], "hands": {"phone": "alone"}}},
        "routing": {"q": ["a"]},
    }  # fmt: skip
    shown = answer(ccsim.run(all_from_dict(desk)["base"], replications=10, workers=1))
    assert shown.verdict[0] == "Missed: q voicemails answered within 1 h."
    assert "Every target is met." not in shown.verdict
