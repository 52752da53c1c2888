"""A scenario becomes the network that a person would draw: each mechanism by hand."""

from __future__ import annotations

from designs import MINUTE, design

from ccsim.network.compile import compile_network
from ccsim.network.model import LEAVE, Branch, Label, Service, Step, Team


def test_a_line_of_calls_for_one_team() -> None:
    network = compile_network(design())
    (queue,) = network.queues
    assert queue.name == "calls.phone"
    assert queue.route == (Step((0,)),)
    assert queue.services == (
        Service(mean=3 * MINUTE, units=1, served=(Branch(1.0, LEAVE, Label.RESOLVED),)),
    )
    assert queue.priority == 5
    assert queue.patience is None and queue.hours is None and queue.lines == -1
    assert abs(queue.effort.mean() - 1.0) < 1e-12 and abs(queue.effort.cv() - 1.0) < 1e-3
    assert network.teams == (Team("agents"),)
    assert network.lines == ()
    assert network.max_legs == 16
    assert network.horizon == 24 * 60 * MINUTE


def test_equal_designs_give_equal_networks() -> None:
    assert compile_network(design()) == compile_network(design())
