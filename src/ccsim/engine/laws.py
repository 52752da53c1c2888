"""What must hold after every event of the reference engine; switched on by `check_laws`.

Written apart from `ccsim.engine.choice` and without its indices: every agent and every waiting
item is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable

from ccsim.engine.state import Agent, Crew, Floor, Item, Line
from ccsim.network.model import NO_LIMIT
from ccsim.records import State


def check(floor: Floor, inside: Iterable[Item], now: int, leaving: int) -> None:
    """Raise AssertionError when a law is broken.

    The law of cascades waits until all ends of duty of this instant have happened (`leaving` is the
    number of those that have not): until then a step may be open by the clock alone.
    """
    items = list(inside)
    for agent in floor.agents:
        _check_agent(agent, items, now, leaving)
    for crew in floor.crews:
        _check_index(crew)
    for line in floor.lines:
        _check_line(line, items)
    if not leaving:
        for item in items:
            if item.state in (State.WAITING, State.SET_ASIDE):
                taker = could_take(item)
                assert taker is None, f"{now}: {_name(item)} waits, but {taker} could take it"


def could_take(item: Item) -> str | None:
    """Who could take a waiting item: a law of section 4 says nobody."""
    agent = item.held_for
    if agent is not None:
        if not agent.on:
            return None
        if item.state is State.SET_ASIDE:
            return f"agent {agent.number}" if agent.free >= item.units else None
        return f"agent {agent.number}" if _could_gain(agent, item, agent.free) else None
    walked = []
    reached = False
    for number, step in enumerate(item.line.steps):
        on_duty = [agent for crew in step.crews for agent in crew.agents if agent.on]
        reached = reached or item.line.plain or number in item.opened
        if reached and item.line.count >= step.when_waiting:
            walked.append(step)
        reached = reached and not on_duty and not any(crew.unlimited for crew in step.crews)
    for step in walked:
        for crew in step.crews:
            units = item.units_at(crew)
            able = [agent for agent in crew.agents if agent.on and agent.free >= units]
            if crew.unlimited or len(able) > max(step.keep_idle, 0):
                return f"team {crew.team.name}"
    for step in walked:
        for crew in step.crews if step.keep_idle <= 0 else ():
            for agent in crew.agents:
                if agent.on and _could_gain(agent, item, agent.free):
                    return f"agent {agent.number} by interruption"
    return None


def _could_gain(agent: Agent, item: Item, free: int) -> bool:
    gained = sum(
        other.units
        for other in agent.progress
        if other.queue.interruptible and other.queue.priority > item.queue.priority
    )
    return free + gained >= item.units_at(agent.crew)


def _check_agent(agent: Agent, items: list[Item], now: int, leaving: int) -> None:
    held = sum(
        item.units
        for item in items
        if item.agent is agent and item.state in (State.IN_SERVICE, State.CONSULTING)
    )
    capacity = agent.crew.team.units
    assert 0 <= agent.free <= capacity, f"{now}: agent {agent.number} has {agent.free} units free"
    assert held <= capacity - agent.free, f"{now}: agent {agent.number} holds {held} units"
    on_in_time = not agent.on or now < agent.until or leaving > 0
    assert on_in_time, f"{now}: agent {agent.number} is on duty after its span"
    progress = [item for item in items if item.agent is agent and item.state is State.IN_SERVICE]
    assert set(progress) == set(agent.progress)
    rate = agent.crew.rates[len(progress)]
    assert all(item.rate == rate for item in progress), f"{now}: agent {agent.number}: rates"


def _check_index(crew: Crew) -> None:
    on = [agent for agent in crew.agents if agent.on]
    assert crew.on_duty == len(on)
    for free in range(1, crew.team.units + 1):
        expected = sorted(
            (agent.changed, agent.number, agent) for agent in on if agent.free == free
        )
        assert crew.ready[free] == expected, f"team {crew.team.name}: index of {free} free units"


def _check_line(line: Line, items: list[Item]) -> None:
    waiting = [
        item
        for item in items
        if item.line is line and item.state in (State.WAITING, State.SET_ASIDE)
    ]
    unanswered = [item for item in waiting if item.answered < 0]
    assert line.count == len(waiting), f"{line.queue.name}: {line.count} are not {len(waiting)}"
    assert line.unanswered == len(unanswered)
    room = line.queue.room
    assert room == NO_LIMIT or len(unanswered) <= room, f"{line.queue.name}: more than {room} wait"
    for part in (0, 1):
        expected = [item for item in waiting if item.part == part and item.held_for is None]
        expected.sort(key=lambda item: item.place)
        assert line.waiting[part] == expected, f"{line.queue.name}: order of the line"


def _name(item: Item) -> str:
    return f"contact {item.contact.number}, leg {item.leg}, part {item.part} of {item.queue.name}"
