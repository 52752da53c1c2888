"""What must hold after every event of the reference engine; switched on by `check_laws`.

Written apart from `ccsim.engine.choice` and without its indices: every agent and every waiting
item is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable

from ccsim.engine.state import Agent, Item, QueueState, RunState, TeamState
from ccsim.network.model import NO_LIMIT
from ccsim.records import State


def check(state: RunState, inside: Iterable[Item], now: int, leaving: int) -> None:
    """Raise AssertionError when a law is broken.

    The law of cascades waits until all ends of duty of this instant have happened (`leaving` is the
    number of those that have not): until then a step may be open by the clock alone.
    """
    items = list(inside)
    for agent in state.agents:
        _check_agent(agent, items, now, leaving)
    for team in state.teams:
        _check_index(team)
    for queue in state.queues:
        _check_queue(queue, items)
    if not leaving:
        for item in items:
            if item.state in (State.WAITING, State.PREEMPTED):
                taker = could_take(item)
                assert taker is None, f"{now}: {_name(item)} waits, but {taker} could take it"


def could_take(item: Item) -> str | None:
    """Who could take a waiting item: a law of section 4 says nobody."""
    agent = item.held_for
    if agent is not None:
        if not agent.on:
            return None
        if item.state is State.PREEMPTED:
            return f"agent {agent.number}" if agent.free >= item.units else None
        return f"agent {agent.number}" if _could_gain(agent, item, agent.free) else None
    walked = []
    reached = False
    for number, step in enumerate(item.queue.steps):
        on_duty = [agent for team in step.teams for agent in team.agents if agent.on]
        reached = reached or item.queue.plain or number in item.opened
        if reached and item.queue.count >= step.when_waiting:
            walked.append(step)
        reached = reached and not on_duty and not any(team.unlimited for team in step.teams)
    for step in walked:
        for team in step.teams:
            units = item.units_at(team)
            able = [agent for agent in team.agents if agent.on and agent.free >= units]
            if team.unlimited or len(able) > max(step.keep_idle, 0):
                return f"team {team.spec.name}"
    for step in walked:
        for team in step.teams if step.keep_idle <= 0 else ():
            for agent in team.agents:
                if agent.on and _could_gain(agent, item, agent.free):
                    return f"agent {agent.number} by interruption"
    return None


def _could_gain(agent: Agent, item: Item, free: int) -> bool:
    gained = sum(
        other.units
        for other in agent.progress
        if other.spec.interruptible and other.spec.priority > item.spec.priority
    )
    return free + gained >= item.units_at(agent.team)


def _check_agent(agent: Agent, items: list[Item], now: int, leaving: int) -> None:
    held = sum(
        item.units
        for item in items
        if item.agent is agent and item.state in (State.IN_SERVICE, State.CONSULTING)
    )
    capacity = agent.team.spec.units
    assert 0 <= agent.free <= capacity, f"{now}: agent {agent.number} has {agent.free} units free"
    assert held <= capacity - agent.free, f"{now}: agent {agent.number} holds {held} units"
    on_in_time = not agent.on or now < agent.until or leaving > 0
    assert on_in_time, f"{now}: agent {agent.number} is on duty after its span"
    progress = [item for item in items if item.agent is agent and item.state is State.IN_SERVICE]
    assert set(progress) == set(agent.progress)
    rate = agent.team.rates[len(progress)]
    assert all(item.rate == rate for item in progress), f"{now}: agent {agent.number}: rates"


def _check_index(team: TeamState) -> None:
    on = [agent for agent in team.agents if agent.on]
    assert team.on_duty == len(on)
    for free in range(1, team.spec.units + 1):
        expected = sorted(
            (agent.changed, agent.number, agent) for agent in on if agent.free == free
        )
        assert team.ready[free] == expected, f"team {team.spec.name}: index of {free} free units"


def _check_queue(queue: QueueState, items: list[Item]) -> None:
    waiting = [
        item
        for item in items
        if item.queue is queue and item.state in (State.WAITING, State.PREEMPTED)
    ]
    unanswered = [item for item in waiting if item.answered < 0]
    assert queue.count == len(waiting), f"{queue.spec.name}: {queue.count} are not {len(waiting)}"
    assert queue.unanswered == len(unanswered)
    room = queue.spec.room
    assert room == NO_LIMIT or len(unanswered) <= room, f"{queue.spec.name}: more than {room} wait"
    for part in (0, 1):
        expected = [item for item in waiting if item.part == part and item.held_for is None]
        expected.sort(key=lambda item: item.place)
        assert queue.waiting[part] == expected, f"{queue.spec.name}: order of the queue"


def _name(item: Item) -> str:
    return f"contact {item.contact.number}, leg {item.leg}, part {item.part} of {item.spec.name}"
