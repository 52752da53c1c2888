"""The flow of contacts: by hand, and against the measures of the same replication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from ccsim.engine import compiled
from ccsim.experiment.execution.run import load
from ccsim.measures.flows import COMINGS, ENDS, MEANING, PASSES, Passage
from ccsim.measures.kpis import Kpis
from ccsim.network.compile import compile_network
from ccsim.records import Records
from ccsim.roster import make_roster
from ccsim.workload import make_workload
from tests.evaluated import evaluate
from tests.measures.desk import LEGS, RECORDS, kpis, nobody, parts

PHONE, EMAIL, TECHNICAL = "billing.phone", "billing.email", "technical.phone"
TIER2 = "technical.phone@tier2"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
VALID = Path(__file__).parents[1] / "scenario" / "valid"


def test_by_hand() -> None:
    """The desk's thirteen customers, one by one."""
    assert kpis().flows == {
        Passage("", "first attempt", PHONE): 5,  # 0 to 4
        Passage("", "redial", PHONE): 1,  # 1
        Passage("", "repeat", PHONE): 1,  # 1
        Passage("", "first attempt", EMAIL): 2,  # 9, 10
        Passage("", "first attempt", TECHNICAL): 6,  # 5 to 8, 11, 12
        Passage(PHONE, "resolved", ""): 2,  # 0, and 1 at the third try
        Passage(PHONE, "redials", ""): 1,
        Passage(PHONE, "comes again", ""): 1,
        Passage(PHONE, "blocked", ""): 1,
        Passage(PHONE, "closed", ""): 1,
        Passage(PHONE, "cut off", ""): 1,
        Passage(TECHNICAL, PASSES, TIER2): 2,  # passed on, moved
        Passage(TIER2, "resolved", ""): 1,
        Passage(TIER2, "unresolved", ""): 1,
        Passage(TECHNICAL, "inside", ""): 3,  # two wait, one talks
        Passage(TECHNICAL, "gave up", ""): 1,
        Passage(EMAIL, "resolved", ""): 1,
        Passage(EMAIL, "inside", ""): 1,
    }


def test_a_warm_up_leaves_out_who_came_before() -> None:
    """With their whole way: who came before and is passed on after is in no line."""
    flows = kpis({"calendar": {"warm_up": 650 * 1_000_000}}).flows
    assert Passage("", "repeat", PHONE) in flows  # at 30 000 s
    assert Passage("", "redial", PHONE) not in flows  # at 500 s
    assert flows[Passage(TECHNICAL, PASSES, TIER2)] == 1  # 6; 5 came at 600 s and left at 665 s
    assert unbalanced(flows) == {}


def test_nobody_came() -> None:
    assert kpis(records=nobody()).flows == {}


def test_every_word_has_a_meaning() -> None:
    assert set(MEANING) == {*COMINGS, PASSES, *ENDS}
    for passage in kpis().flows:
        assert Passage.of_text(passage.text) == passage


def unbalanced(flows: Mapping[Passage, int]) -> dict[str, int]:
    """Lines into which others come than go out, and by how many."""
    lines: Counter[str] = Counter()
    for passage, count in flows.items():
        lines[passage.start] -= count
        lines[passage.to] += count
    del lines[""]
    return {line: more for line, more in lines.items() if more}


def test_a_contact_that_is_lost_is_found() -> None:
    """The check of the balance is one: a leg that goes to a line where it never comes in."""
    lost = LEGS[~((LEGS["contact"] == 5) & (LEGS["leg"] == 1))]
    got = dict(kpis(records=Records(lost, RECORDS.work, RECORDS.duty)).flows)
    assert unbalanced(got) == {}  # said as still on its way
    assert got[Passage(TECHNICAL, "inside", "")] == 4
    got[Passage(TECHNICAL, PASSES, TIER2)] += 1
    assert unbalanced(got) == {TIER2: 1, TECHNICAL: -1}


def played(path: Path, design: str = "base") -> Kpis:
    made = load(path)[design]
    network = compile_network(made)
    workload = make_workload(made, network, 7, 0)
    roster = make_roster(made, network, 7, 0)
    records = compiled.simulate(network, roster, workload)
    return evaluate(made, network, roster, workload, records)


@pytest.mark.parametrize(
    "path",
    [
        SCENARIOS / "telecom.yaml",
        SCENARIOS / "software-helpdesk.yaml",
        SCENARIOS / "bot-or-two-hires.yaml",
        VALID / "conversations.yaml",
        VALID / "waiting.yaml",
    ],
    ids=lambda path: path.stem,
)
def test_flows_are_the_counts_of_the_measures(path: Path) -> None:
    got = played(path)
    assert unbalanced(got.flows) == {}
    by_way: Counter[str] = Counter()
    for passage, count in got.flows.items():
        outbound = ".outbound" in passage.start + passage.to
        by_way[passage.how] += 0 if outbound else count
    assert by_way["redial"] == parts(got, "all.redials")[0]
    assert by_way["repeat"] == parts(got, "all.repeats")[0]
    # a backlog is no contact to the measures, and messages left are counted apart from `all`
    messages = sum(n for p, n in got.flows.items() if p.how == PASSES and "@message" in p.to)
    resolved = by_way["resolved"] - parts(got, "all.contacts_resolved")[0]
    assert 0 <= resolved <= by_way["before"] + messages
    assert resolved == 0 or by_way["before"] or messages
    assert by_way["first attempt"] == parts(got, "all.customers")[0]
    if "all.contained_attempts" in got.keys:
        # of whom the machine has had the last word, some come again
        machine = [p for p in got.flows if p.start.endswith(("@bot", "@ivr"))]
        again = sum(got.flows[p] for p in machine if p.how in ("comes again", "unresolved"))
        assert by_way["contained"] + again == parts(got, "all.contained_attempts")[0]
    assert by_way["closed"] <= parts(got, "all.closed")[0]  # some leave a message
    assert by_way["blocked"] <= parts(got, "all.blocked")[0]  # some try again


def test_times_to_the_answer_run_on_the_clock_of_the_promise() -> None:
    got = kpis()
    phone = got.histograms["billing.phone.answer_time"]
    assert phone.total == 3  # answered after 0, 10 and 30 s; nobody who left
    assert phone.cdf(20e6) == pytest.approx(2 / 3)
    email = got.histograms["email.answer_time"]  # half an hour of working hours, nine in all
    assert email.total == 1
    assert email.quantile(1.0) / 1e6 == pytest.approx(1800, rel=1 / 512)
    waits = got.histograms["email.wait"]
    assert waits.quantile(1.0) / 1e6 == pytest.approx(33_200, rel=1 / 512)
    inside = np.isclose(phone.counts.sum(), parts(got, "billing.phone.answered")[0])
    assert inside
