"""Who gets whom (docs/background/model.md, section 4): decisions only, nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ccsim.engine.state import Agent, Contact, Crew, Floor, Item, Line, RouteStep
from ccsim.network.draws import Purpose, uniform
from ccsim.network.model import NO_QUEUE, Network, OwnAgent, Take


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who takes an item, and which items give way for it, in this order."""

    item: Item
    crew: Crew
    agent: Agent | None  # None: a server of an unlimited team
    yields: Sequence[Item] = ()


def open_steps(item: Item) -> Sequence[RouteStep]:
    """The steps of its route that are open to a waiting item, in order, `keep_idle` apart.

    A step is reached when its `after` has passed, or when the step before is reached and nobody of
    its teams is on duty; it is open when also enough contacts wait.
    """
    line = item.line
    if line.plain:
        return line.steps
    found = []
    unattended = False  # the step before is reached, and nobody is on duty there
    for step in line.steps:
        reached = unattended or step.number in item.opened
        if reached and line.count >= step.when_waiting:
            found.append(step)
        unattended = reached and step.nobody_on_duty()
    return found


def along_route(item: Item) -> Assignment | None:
    """Walk the open steps in order: to who has room, else to an agent whose items give way."""
    steps = open_steps(item)
    for step in steps:
        found = room_in_step(item, step)
        if found is not None:
            return found
    return interruption(item, (step.crews for step in steps if step.keep_idle <= 0))


def room_in_step(item: Item, step: RouteStep) -> Assignment | None:
    """Who of a step has room: an unlimited crew before all, else the best agent of all its crews.

    The best of one crew is its `best_agent`; of these, the freest.
    """
    best: Agent | None = None
    for crew in step.crews:
        if crew.unlimited:
            return Assignment(item, crew, None)
        units = item.units_at(crew)
        agent = crew.best_agent(units) if crew.has_room(units, step.keep_idle) else None
        if agent is not None and (best is None or is_freer(agent, best)):
            best = agent
    return None if best is None else Assignment(item, best.crew, best)


def is_freer(agent: Agent, other: Agent) -> bool:
    """The larger share of the units is free, then longest since it changed, then lowest number."""
    ours, theirs = agent.free * other.crew.team.units, other.free * agent.crew.team.units
    if ours != theirs:
        return ours > theirs
    return (agent.changed, agent.number) < (other.changed, other.number)


def interruption(item: Item, steps: Iterable[Sequence[Crew]]) -> Assignment | None:
    """The agent who sets work of lower priority aside for an item that finds no room."""
    for crews in steps:
        agent = latest_to_yield(item, crews)
        if agent is not None:
            return at_agent(item, agent)
    return None


def latest_to_yield(item: Item, crews: Sequence[Crew]) -> Agent | None:
    """Of the agents on duty who can gain enough units: the one whose latest yielding item started
    or resumed last, then the lowest number."""
    priority = item.queue.priority
    best: Agent | None = None
    best_started = 0
    for crew in crews:
        units = item.units_at(crew)
        seen = set()
        for yielding in reversed(crew.yielding):
            agent = yielding.agent
            if best is not None and yielding.started < best_started:
                break
            if yielding.queue.priority <= priority or agent is None or agent in seen:
                continue
            seen.add(agent)
            if not agent.on or agent.yields(units, priority) is None:
                continue
            if best is None or yielding.started > best_started or agent.number < best.number:
                best, best_started = agent, yielding.started
    return best


def at_agent(item: Item, agent: Agent) -> Assignment | None:
    """An item that is for this agent alone: by its room, else by what gives way there."""
    yields = agent.yields(item.units_at(agent.crew), item.queue.priority)
    return None if yields is None else Assignment(item, agent.crew, agent, yields)


def best_offer(agent: Agent, now: int) -> Assignment | None:
    """What an agent's team takes next: the best, that somebody may take, of the first contacts of
    the team's lines, this agent's held contacts and its set-aside items."""
    crew = agent.crew
    best: Assignment | None = None
    best_key: tuple[object, ...] = ()
    for line in crew.lines:
        for waiting in line.waiting:
            if waiting:
                head = first_open_to(crew, waiting, now)
                if head is not None:
                    key = crew.key(head, now)
                    if best is None or key < best_key:
                        found = by_crew(head, crew)
                        if found is not None:
                            best, best_key = found, key
    # Of those held the first that can be taken is the best; where weights count, any may be.
    for item in agent.held if agent.free or crew.yielding else ():
        key = crew.key(item, now)
        if best is not None and key >= best_key:
            if crew.take is Take.WEIGHTED:
                continue
            break
        found = at_agent(item, agent)
        if found is not None:
            best, best_key = found, key
    for item in agent.aside:
        key = crew.key(item, now)
        if agent.free >= item.units and (best is None or key < best_key):
            best, best_key = Assignment(item, crew, agent), key
    return best


def first_open_to(crew: Crew, waiting: list[Item], now: int) -> Item | None:
    """The first contact of a line to whom a step with this crew is open."""
    for item in waiting:
        for step in open_steps(item):
            if crew in step.crews and (
                step.keep_idle <= 0 or crew.has_room(item.units_at(crew), step.keep_idle)
            ):
                return item
        # A later contact has reached no more than this one, unless an event of this very instant
        # has yet to open a step to this one.
        if item.line.plain or all(
            step.number in item.opened or item.since + step.after > now for step in item.line.steps
        ):
            return None
    return None


def by_crew(item: Item, crew: Crew) -> Assignment | None:
    """How a waiting item, to whom a step of the crew is open, is taken by the crew."""
    agent = crew.best_agent(item.units_at(crew))
    if agent is not None:
        return Assignment(item, crew, agent)
    if not crew.yielding:
        return None
    steps = open_steps(item)
    if any(room_in_step(item, step) is not None for step in steps):
        return None
    here = any(step.keep_idle <= 0 and crew in step.crews for step in steps)
    return interruption(item, ((crew,),)) if here else None


def own_agent(item: Item, floor: Floor) -> Agent | None:
    """The agent whom the queue's affinity prefers for this contact, if there is one who can."""
    affinity = item.queue.affinity
    if affinity is None:
        return None
    contact: Contact = item.contact
    if affinity.own is OwnAgent.LAST:
        agent = contact.last_agent
    else:
        agents = floor.crews[affinity.team].agents
        owner = int(len(agents) * uniform(contact.key, 0, 0, Purpose.OWNER))
        agent = agents[owner] if agents else None
    if agent is None or item.queue.services[agent.crew.index] is None:
        return None
    if item.asker is not None and item.asker.agent is agent:
        return None  # no agent helps itself
    return agent


def goes_on(item: Item, network: Network) -> bool:
    """Whether who has done this part of a warm transfer takes the contact over: an agent whose team
    serves the queue that it goes to, where it goes anywhere."""
    if item.asker is None or item.agent is None:
        return False
    branch = item.asker.branch
    if branch is None or branch.handover == NO_QUEUE or item.leg + 1 >= network.max_legs:
        return False
    return network.queues[branch.target].services[item.agent.crew.index] is not None


def first_of(lines: Iterable[Line]) -> list[Item]:
    return [item for line in lines for item in line.firsts()]
