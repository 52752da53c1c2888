"""What `check` says of conversations, backlogs and segments."""

from __future__ import annotations

from ccsim.check import check
from tests.network.test_conversations import design_of

SAID = {
    "contacts": {
        "orders": {
            "messaging": {
                "backlog": 30,
                "waits_for": {"share": "20 %", "delay": "1 d", "same_agent_for": "4 h"},
            },
            "escalates": [{"share": "25 %", "to": "second"}],
            "stages": {"second": {"handle": "9 min", "turns": {"mean": 2, "pause": "1 h"}}},
        }
    },
    "segments": {"gold": {"share": "10 %", "priority": 1}},
}


def test_lines_of_conversations_are_told_in_words() -> None:
    explained = check(design_of(SAID))
    sentences = [taking.sentence for taking in explained.takings]
    assert "orders by messaging: desk; one at a time." in sentences
    assert "orders by messaging, later turns: desk; one at a time." in sentences
    assert (
        "orders by messaging, resumed: desk; one at a time; first for 4 h only who had it last."
        in sentences
    )
    assert "orders by messaging, stage second, later turns: desk; one at a time." in sentences
    assert "orders by messaging, there at the start: desk; one at a time." in sentences
    assert "orders#gold by messaging, later turns: desk; one at a time." in sentences


def test_what_the_model_leaves_out_of_them_is_told() -> None:
    told = " ".join(check(design_of(SAID)).left_out)
    for part in ("The promise is of the first reply", "who are waited for", "no attempt"):
        assert part in told
    assert "later turns" not in " ".join(check(design_of({"channels": {"messaging": {"turns": {
        "mean": 1}}}})).left_out)  # fmt: skip


def test_work_of_every_turn_is_expected() -> None:
    """Geometric with mean 3: two later turns a contact."""
    network_and_entries = check(design_of({}))
    entries = {
        queue.name: float(coming.sum())
        for queue, coming in zip(
            network_and_entries.network.queues, network_and_entries.entries, strict=True
        )
    }
    assert abs(entries["orders.messaging"] - 800) < 1e-6
    assert abs(entries["orders.messaging@turns"] / 800 - 2) < 1e-3
