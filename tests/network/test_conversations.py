"""Contacts of several replies, from the scenario's words to the measures: by hand and by law."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ccsim.engine.reference import simulate
from ccsim.measures.catalogue import known_measures
from ccsim.network.compile import compile_network
from ccsim.network.model import Branch, Label, Network, OwnAgent
from ccsim.records import Records
from ccsim.roster import make_roster
from ccsim.scenario.resolve import Design, from_dict
from ccsim.workload import make_workload
from tests.evaluated import evaluate

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DESK: dict[str, Any] = {
    "ccsim": 1,
    "name": "Desk",
    "calendar": {"start": "2027-03-01", "days": 2},
    "contacts": {
        "orders": {
            "arrivals": {"per_day": 400},
            "messaging": {"handle": {"mean": "3 min", "family": "constant"}},
        }
    },
    "channels": {
        "messaging": {
            "answer_within": "5 min",
            "turns": {"mean": 3, "pause": {"mean": "40 min", "family": "constant"}},
        }
    },
    "teams": {"desk": {"staffing": [30]}},
    "routing": {"orders": ["desk"]},
}


def merged(base: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in patch.items():
        both = isinstance(value, dict) and isinstance(out.get(key), dict)
        out[key] = merged(out[key], value) if both else value
    return out


def design_of(patch: dict[str, Any], folder: Path | None = None) -> Design:
    return from_dict(merged(DESK, patch), folder, known_measures=known_measures)


def rows_of(network: Network, queue: str) -> dict[tuple[str, str], Branch]:
    """The served rows of the one team, by label and target."""
    names = [each.name for each in network.queues]
    (service,) = [each for each in network.queues[names.index(queue)].services if each]
    target = dict(enumerate(names)) | {-1: ""}
    return {(row.label.name, target[row.target]): row for row in service.served}


def run(design: Design, seed: int = 1) -> tuple[Network, Records, dict[str, float]]:
    """Records of a replication, and its measures as numbers."""
    network = compile_network(design)
    workload = make_workload(design, network, seed, 0)
    roster = make_roster(design, network, seed, 0)
    records = simulate(network, roster, workload)
    kpis = evaluate(design, network, roster, workload, records)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = kpis.totals[:, 0] / kpis.totals[:, 1]
    return network, records, dict(zip(kpis.keys, values.tolist(), strict=True))


# --- rows -----------------------------------------------------------------------------------------
def test_what_follows_a_contact_follows_its_last_reply() -> None:
    """mean 2.5: 60 % write again. Of the rest 20 % wait; of these 80 % the usual rows."""
    patch = {
        "contacts": {
            "orders": {
                "messaging": {
                    "turns": {"mean": 2.5, "pause": "1 h"},
                    "waits_for": {"share": "20 %", "delay": "1 d", "handle": "7 min"},
                },
                "resolved": "90 %",
                "reopened": {"share": "10 %", "delay": "1 d"},
                "escalates": [{"share": "25 %", "to": "second"}],
                "stages": {"second": {"handle": "9 min", "turns": {"mean": 1, "pause": "1 h"}}},
            }
        }
    }
    network = compile_network(design_of(patch))
    rows = rows_of(network, "orders.messaging")
    assert {key: row.probability for key, row in rows.items()} == pytest.approx(
        {
            ("REPLIED", "orders.messaging@turns"): 0.6,
            ("WAITS", "orders.messaging@resumed"): 0.4 * 0.2,
            ("ESCALATED", "orders.messaging@second"): 0.32 * 0.25,
            ("RESOLVED", ""): 0.32 * 0.75 * 0.9 * 0.9,
            ("REOPENED", "orders.messaging"): 0.32 * 0.75 * 0.9 * 0.1,
            ("UNRESOLVED", ""): 0.32 * 0.75 * 0.1,
        }
    )
    assert rows_of(network, "orders.messaging@turns") == rows
    resumed = rows_of(network, "orders.messaging@resumed")
    assert {label: row.probability for (label, _), row in resumed.items()} == pytest.approx(
        {"ESCALATED": 0.25, "RESOLVED": 0.6075, "REOPENED": 0.0675, "UNRESOLVED": 0.075}
    )
    # one turn at the second stage: no line of later ones
    assert [queue.name for queue in network.queues] == [
        "orders.messaging",
        "orders.messaging@second",
        "orders.messaging@turns",
        "orders.messaging@resumed",
    ]
    after = network.queues[3].services[0]
    assert after is not None and after.mean == 7 * MINUTE


def test_a_stage_has_turns_of_its_own_and_a_line_beside_its_own() -> None:
    patch = {
        "contacts": {
            "orders": {
                "escalates": [{"share": "25 %", "to": "second"}],
                "stages": {
                    "second": {
                        "handle": "9 min",
                        "turns": {"mean": 2, "pause": "1 h", "same_agent_for": "2 h"},
                    }
                },
            }
        },
        "teams": {"experts": {"staffing": [2]}, "writers": {"staffing": [2]}},
        "routing": {"orders@second": ["experts"], "orders@second.turns": ["writers", "experts"]},
    }
    network = compile_network(design_of(patch))
    queues = {queue.name: queue for queue in network.queues}
    later = queues["orders.messaging@second.turns"]
    assert [step.teams for step in later.route] == [(2,), (1,)]
    assert later.affinity is not None
    assert (later.affinity.own, later.affinity.hold) == (OwnAgent.LAST, 2 * HOUR)
    assert [step.teams for step in queues["orders.messaging@turns"].route] == [(0,)]
    assert queues["orders.messaging@turns"].affinity is None


def test_nobody_gives_up_between_turns_and_no_door_closes() -> None:
    patch = {
        "opens": {"messaging": {"daily": "08:00-18:00"}},
        "at_close": {"messaging": "clear the line"},
        "channels": {"messaging": {"patience": "10 min", "waiting_places": 5}},
    }
    network = compile_network(design_of(patch))
    first, later = network.queues
    assert first.hours is not None and first.patience is not None and first.room == 5
    assert first.limits and not later.limits
    assert later.hours is None and later.patience is None and later.room == -1


def test_the_bound_on_legs_leaves_conversations_their_length() -> None:
    network = compile_network(design_of({}))
    assert network.max_legs == 16 + math.ceil(math.log(1e-6) / math.log(2 / 3))


# --- the whole pipeline ---------------------------------------------------------------------------
def test_a_contact_of_several_replies_is_one_attempt() -> None:
    design = design_of(
        {
            "calendar": {"days": 4},
            "opens": {"messaging": {"mon-tue": "00:00-24:00", "wed-thu": "00:00-24:00"}},
            "contacts": {"orders": {"arrivals": {"per_day": {"mon-tue": 600, "wed-thu": 0}}}},
        }
    )
    _, records, values = run(design)
    customers = len(np.unique(records.legs["contact"]))
    assert values["orders.attempts"] == customers == values["orders.customers"]
    assert values["orders.repeats"] == 0
    assert values["orders.contacts_handled"] == len(records.legs) > 2.5 * customers
    # replies are geometric on 1, 2, ... with mean 3 and variance 1/p^2 - 1/p = 6
    replies = np.bincount(records.legs["contact"])
    assert values["orders.replies_per_contact"] == pytest.approx(replies.mean())
    assert abs(replies.mean() - 3) < 3.5 * math.sqrt(6 / customers)
    assert abs((replies == 1).mean() - 1 / 3) < 3.5 * math.sqrt(2 / 9 / customers)
    assert values["orders.first_contact_resolution"] == 1.0
    assert values["orders.first_contact_resolution_first_agent"] == 1.0
    # with somebody always free: replies of 3 min, pauses of 40 min
    assert values["orders.wait"] == values["orders.messaging@turns.wait"] == 0.0
    assert values["orders.resolution_time"] == pytest.approx(
        replies.mean() * 180 + (replies.mean() - 1) * 2400
    )


def test_a_conversation_in_a_pause_at_the_end_has_not_ended() -> None:
    """One reply every 40 min for ever (nearly): nothing has ended, everything was answered."""
    turns = {"mean": 100, "pause": {"mean": "1 d", "family": "constant"}}
    design = design_of(
        {"calendar": {"days": 1}, "channels": {"messaging": {"turns": turns}}, "contacts": {
            "orders": {"messaging": {"resolve_within": "1 h"}}}}
    )  # fmt: skip
    _, records, values = run(design)
    pausing = (records.legs["label"] == Label.REPLIED).sum()
    ended = (records.legs["label"] == Label.RESOLVED).sum()
    assert pausing > 0.9 * len(records.legs)
    assert values["orders.contacts_resolved"] == ended
    assert values["orders.resolved"] == 1.0 or ended == 0
    # who still pauses after an hour has missed the promise
    late = records.legs[records.legs["label"] == Label.REPLIED]["entered"] < 23 * HOUR
    assert values["orders.resolved_within"] == pytest.approx(ended / (ended + late.sum()))


def trace_design(folder: Path, rows: str, patch: dict[str, Any]) -> Design:
    (folder / "log.csv").write_text("at,handle_s\n" + rows, encoding="utf-8")
    base = {
        "calendar": {"days": 1},
        "contacts": {"orders": {"arrivals": {"trace": "log.csv"}}},
        "teams": {"desk": {"staffing": [2]}},
    }
    plain = merged(merged(DESK, base), patch)
    del plain["contacts"]["orders"]["arrivals"]["per_day"]
    return from_dict(plain, folder, known_measures=known_measures)


@pytest.mark.parametrize(
    ("same", "second_start", "second_agent"), [(None, 1000 + 600, 1), ("2 h", 2600, 0)]
)
def test_the_same_agent_for_a_while(
    tmp_path: Path, same: str | None, second_start: int, second_agent: int
) -> None:
    """By hand. The first customer is answered at 700 s (300 s of work) by agent 0, pauses 600 s,
    and writes again at 1600 s, when agent 0 serves another one from 1100 s to 2600 s and agent 1
    is free."""
    turns = {"mean": 100, "pause": {"mean": "10 min", "family": "constant"}}
    turns |= {} if same is None else {"same_agent_for": same}
    # at 1050 s agent 1, longest idle, takes a call until 1500 s; at 1100 s agent 0 is left
    design = trace_design(
        tmp_path,
        "700,300\n1050,450\n1100,1500\n",
        {"channels": {"messaging": {"turns": turns}}},
    )
    _, records, _ = run(design, seed=4)
    mine = records.legs[records.legs["contact"] == 0]
    assert mine["label"][0] == Label.REPLIED
    assert mine["entered"][1] == 1600 * 1_000_000
    assert (mine["answered"][1], mine["agent"][1]) == (second_start * 1_000_000, second_agent)


def test_work_that_waits_for_others_is_resumed_after_their_delay() -> None:
    design = design_of(
        {
            "contacts": {
                "orders": {
                    "arrivals": {"per_day": {"mon": 300, "tue": 0}},
                    "messaging": {
                        "turns": {"mean": 1, "pause": "1 h"},
                        "waits_for": {
                            "share": "100 %",
                            "delay": {"mean": "5 h", "family": "constant"},
                            "handle": {"mean": "1 min", "family": "constant"},
                        },
                    },
                }
            },
        }
    )
    network, records, values = run(design)
    assert [queue.name for queue in network.queues][1] == "orders.messaging@resumed"
    first, then = records.legs[0::2], records.legs[1::2]
    assert (then["entered"] - first["ended"] == 5 * HOUR).all()
    assert (then["ended"] - then["answered"] == MINUTE).all()
    assert values["orders.resolution_time"] == pytest.approx(180 + 5 * 3600 + 60)
    assert values["orders.attempts"] == len(first)


def test_reopened_contacts_come_again_and_are_not_resolved() -> None:
    share = 0.3
    design = design_of(
        {
            "calendar": {"days": 6},
            "contacts": {
                "orders": {
                    "arrivals": {"per_day": {"mon": 900, "tue-sat": 0}},
                    "messaging": {"turns": {"mean": 1, "pause": "1 h"}, "resolve_within": "2 h"},
                    "reopened": {"share": "30 %", "delay": {"mean": "3 h", "family": "constant"}},
                }
            },
        }
    )
    _, records, values = run(design)
    customers = len(np.unique(records.legs["contact"]))
    came = np.bincount(records.legs["contact"])
    assert values["orders.attempts"] == len(records.legs)
    assert values["orders.repeats"] == len(records.legs) - customers
    assert values["orders.reopened"] == pytest.approx(1 - customers / len(records.legs))
    error = 3.5 * math.sqrt(share * (1 - share) / len(records.legs))
    assert abs(values["orders.reopened"] - share) < error
    assert values["orders.first_contact_resolution"] == pytest.approx((came == 1).mean())
    assert values["orders.resolved_within"] == pytest.approx((came == 1).mean())


def test_a_backlog_is_work_and_no_attempt() -> None:
    """40 letters of 1 to 10 hours wait at midnight for one agent: the oldest first, 3 min each,
    while the day's first ones wait behind them."""
    design = design_of(
        {
            "contacts": {
                "orders": {
                    "messaging": {
                        "backlog": {"contacts": 40, "age": {"between": ["1 h", "10 h"]}},
                        "turns": {"mean": 1, "pause": "1 h"},
                    },
                    "arrivals": {"per_day": 240},
                }
            },
            "calendar": {"days": 1},
            "teams": {"desk": {"staffing": [1]}},
        }
    )
    network, records, values = run(design)
    names = [queue.name for queue in network.queues]
    workload = make_workload(design, network, 1, 0)
    old = np.flatnonzero(workload.queue == names.index("orders.messaging@backlog"))
    assert len(old) == 40 and not workload.at[old].any()
    ages = workload.head_start[old]
    assert ages.min() >= HOUR and ages.max() <= 10 * HOUR
    legs = records.legs[np.isin(records.legs["contact"], old)]
    by_age = legs[np.argsort(-workload.head_start[legs["contact"]], kind="stable")]
    assert (by_age["answered"] == np.arange(40) * 3 * MINUTE).all()
    assert records.legs["answered"][~np.isin(records.legs["contact"], old)].min() == 120 * MINUTE
    assert values["orders.attempts"] == values["orders.customers"] == len(workload) - 40
    assert values["orders.messaging@backlog.attempts"] == 40
    assert values["orders.messaging@backlog.wait"] == pytest.approx(39 / 2 * 180)
    assert values["orders.contacts_handled"] == (records.legs["exit"] == 1).sum()


def test_the_backlog_is_the_same_in_every_design() -> None:
    patch = {"contacts": {"orders": {"messaging": {"backlog": 10}}}}
    one, other = (
        make_workload(design, compile_network(design), 1, 0)
        for design in (design_of(patch), design_of(merged(patch, {"teams": {"desk": {
            "staffing": [3]}}})))
    )  # fmt: skip
    assert one.key.tolist() == other.key.tolist()
    quiet = design_of({})
    without = make_workload(quiet, compile_network(quiet), 1, 0)
    assert set(without.key.tolist()) < set(one.key.tolist())


def test_promises_of_resolution_count_working_hours() -> None:
    """Every ticket takes 1 h of constant work with somebody always free; those of the evening cross
    the night. Working hours 08:00-18:00: within 1 h of them always, within 59 min only at night."""
    base = {
        "contacts": {
            "orders": {
                "messaging": {
                    "handle": {"mean": "1 h", "family": "constant"},
                    "turns": {"mean": 1, "pause": "1 h"},
                }
            }
        },
        "teams": {"desk": {"staffing": [90]}},
    }
    for within, all_in_time in (("1 h", True), ("59 min", False)):
        channel = {
            "promise": "working",
            "working_hours": {"daily": "08:00-18:00"},
            "resolve_within": within,
        }
        _, records, values = run(design_of(merged(base, {"channels": {"messaging": channel}})))
        of_day = records.legs["entered"] % DAY
        inside = (of_day >= 8 * HOUR) & (of_day <= 17 * HOUR)
        ended = records.legs["label"] == Label.RESOLVED
        # at 59 min those who lie wholly in working hours miss, those who touch them may not
        found = values["orders.resolved_within"]
        if all_in_time:
            assert found == 1.0
        else:
            touching = (of_day > 7 * HOUR) & (of_day < 18 * HOUR) & ~inside & ended
            least = 1 - (inside & ended).sum() / ended.sum() - touching.sum() / ended.sum() / 30
            assert found == pytest.approx(least, abs=0.01)
