"""Who gets whom (docs/background/model.md, section 4): decisions only, nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ccsim.engine.state import Agent, Contact, Item, QueueState, RouteStep, RunState, TeamState
from ccsim.network.draws import Purpose, uniform
from ccsim.network.model import NO_QUEUE, Network, OwnAgent


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who takes an item, and which items it preempts, in this order."""

    item: Item
    team: TeamState
    agent: Agent | None  # None: a server of an unlimited team
    preempted: Sequence[Item] = ()


def open_steps(item: Item) -> Sequence[RouteStep]:
    """The steps of its route that are open to a waiting item, in order, `keep_idle` apart.

    A step is reached when its `after` has passed, or when the step before is reached and nobody of
    its teams is on duty; it is open when also enough contacts wait.
    """
    queue = item.queue
    if queue.plain:
        return queue.steps
    found = []
    unattended = False  # the step before is reached, and nobody is on duty there
    for step in queue.steps:
        reached = unattended or step.number in item.opened
        if reached and queue.count >= step.when_waiting:
            found.append(step)
        unattended = reached and step.nobody_on_duty()
    return found


def along_route(item: Item) -> Assignment | None:
    """Find who takes the item: along its open steps an agent with room, else an agent who can
    preempt other items."""
    steps = open_steps(item)
    for step in steps:
        found = room_in_step(item, step)
        if found is not None:
            return found
    return interruption(item, (step.teams for step in steps if step.keep_idle <= 0))


def room_in_step(item: Item, step: RouteStep) -> Assignment | None:
    """Find who of a step has room: an unlimited team before all, else the best agent of all its
    teams."""
    best: Agent | None = None
    for team in step.teams:
        if team.unlimited:
            return Assignment(item, team, None)
        units = item.units_at(team)
        agent = team.best_agent(units) if team.has_room(units, step.keep_idle) else None
        if agent is not None and (best is None or is_freer(agent, best)):
            best = agent
    return None if best is None else Assignment(item, best.team, best)


def is_freer(agent: Agent, other: Agent) -> bool:
    """Whether the agent ranks before the other: a larger share of its units is free, then it
    changed longer ago, then its number is lower."""
    ours, theirs = agent.free * other.team.spec.units, other.free * agent.team.spec.units
    if ours != theirs:
        return ours > theirs
    return (agent.changed, agent.number) < (other.changed, other.number)


def interruption(item: Item, steps: Iterable[Sequence[TeamState]]) -> Assignment | None:
    """The assignment to an agent who preempts work of lower priority for an item that finds no
    room."""
    for teams in steps:
        agent = latest_to_preempt(item, teams)
        if agent is not None:
            return at_agent(item, agent)
    return None


def latest_to_preempt(item: Item, teams: Sequence[TeamState]) -> Agent | None:
    """The agent on duty who can gain enough units and whose latest preemptible item started or
    resumed last; of these the lowest number."""
    priority = item.spec.priority
    best: Agent | None = None
    best_started = 0
    for team in teams:
        units = item.units_at(team)
        seen = set()
        for preemptible in reversed(team.preemptible):
            agent = preemptible.agent
            if best is not None and preemptible.started < best_started:
                break
            if preemptible.spec.priority <= priority or agent is None or agent in seen:
                continue
            seen.add(agent)
            if not agent.on or agent.preempts(units, priority) is None:
                continue
            if best is None or preemptible.started > best_started or agent.number < best.number:
                best, best_started = agent, preemptible.started
    return best


def at_agent(item: Item, agent: Agent) -> Assignment | None:
    """The assignment of an item to this agent: by its room, else by preemption; None if neither
    suffices."""
    preempted = agent.preempts(item.units_at(agent.team), item.spec.priority)
    return None if preempted is None else Assignment(item, agent.team, agent, preempted)


def best_offer(agent: Agent, now: int) -> Assignment | None:
    """Select the highest-ranked item that this agent's team can serve: of the first items of the
    team's queues, the contacts held for this agent and the items preempted here."""
    team = agent.team
    best: Assignment | None = None
    best_key: tuple[object, ...] = ()
    for queue in team.queues:
        for waiting in queue.waiting:
            if waiting:
                head = first_open_to(team, waiting, now)
                if head is not None:
                    key = team.key(head)
                    if best is None or key < best_key:
                        found = by_team(head, team)
                        if found is not None:
                            best, best_key = found, key
    # Those held stand in the team's order: the first that can be taken is the best.
    for item in agent.held if agent.free or team.preemptible else ():
        key = team.key(item)
        if best is not None and key >= best_key:
            break
        found = at_agent(item, agent)
        if found is not None:
            best, best_key = found, key
    for item in agent.preempted:
        key = team.key(item)
        if agent.free >= item.units and (best is None or key < best_key):
            best, best_key = Assignment(item, team, agent), key
    return best


def first_open_to(team: TeamState, waiting: list[Item], now: int) -> Item | None:
    """The first item of a queue to which a step with this team is open."""
    for item in waiting:
        for step in open_steps(item):
            if team in step.teams and (
                step.keep_idle <= 0 or team.has_room(item.units_at(team), step.keep_idle)
            ):
                return item
        # A later contact has reached no more than this one, unless an event of this very instant
        # has yet to open a step to this one.
        if item.queue.plain or all(
            step.number in item.opened or item.waits_from + step.after > now
            for step in item.queue.steps
        ):
            return None
    return None


def by_team(item: Item, team: TeamState) -> Assignment | None:
    """The assignment of a waiting item, to which a step of the team is open, within that team."""
    agent = team.best_agent(item.units_at(team))
    if agent is not None:
        return Assignment(item, team, agent)
    if not team.preemptible:
        return None
    steps = open_steps(item)
    if any(room_in_step(item, step) is not None for step in steps):
        return None
    here = any(step.keep_idle <= 0 and team in step.teams for step in steps)
    return interruption(item, ((team,),)) if here else None


def own_agent(item: Item, state: RunState) -> Agent | None:
    """The agent whom the queue's affinity prefers for this contact, if the agent can serve it."""
    affinity = item.spec.affinity
    if affinity is None:
        return None
    contact: Contact = item.contact
    if affinity.own is OwnAgent.LAST:
        agent = contact.last_agent
    else:
        agents = state.teams[affinity.team].agents
        owner = int(len(agents) * uniform(contact.key, 0, 0, Purpose.OWNER))
        agent = agents[owner] if agents else None
    if agent is None or item.spec.services[agent.team.index] is None:
        return None
    if item.asker is not None and item.asker.agent is agent:
        return None  # no agent helps itself
    return agent


def back_in_time(item: Item, agent: Agent) -> bool:
    """Whether its own agent is on duty, or will be, before the contact's hold for it ends."""
    affinity = item.spec.affinity
    assert affinity is not None
    return affinity.hold > 0 and agent.back <= item.entered + affinity.hold


def goes_on(item: Item, network: Network) -> bool:
    """Whether the agent who served this part of a warm transfer takes the contact over: its team
    serves the queue that the contact goes to, and the bound on legs lets it go there."""
    if item.asker is None or item.agent is None:
        return False
    branch = item.asker.branch
    if branch is None or branch.handover == NO_QUEUE or item.leg + 1 >= network.max_legs:
        return False
    return network.queues[branch.target].services[item.agent.team.index] is not None


def first_of(queues: Iterable[QueueState]) -> list[Item]:
    return [item for queue in queues for item in queue.firsts()]
