"""Offers (docs/background/model.md, section 4): what has become possible happens."""

from __future__ import annotations

from collections.abc import Iterable

from ccsim.engine import choice, draws
from ccsim.engine.choice import Assignment
from ccsim.engine.state import Agent, Item, QueueState, TeamState, in_order
from ccsim.engine.waiting import Waiting
from ccsim.records import State


class Offers(Waiting):
    """Items are offered to agents, and agents answer them."""

    def make_offers(self) -> None:
        """Offer work where it may have become possible, when all changes of an event are made."""
        while True:
            if self.freed:
                self.offer(self.freed.pop(0))
            elif self.moving:
                self.offer(self.moving.pop(0))
            elif self.grown:
                self.offer_by_place([], [self.grown.pop(0)])
            elif self.spare:
                self.offer(self.spare.pop(0))
            else:
                return

    def offer(self, agent: Agent) -> None:
        """Offer work to the agent, which is to its team, until nothing is taken."""
        while agent.on:
            found = choice.best_offer(agent, self.now)
            if found is None:
                return
            self.assign(found)

    def offer_by_place(self, items: Iterable[Item], queues: Iterable[QueueState]) -> None:
        """Let the pending items walk their routes by priority and place, and with them the first
        items of the watched queues as long as these are taken."""
        watched = set(queues)
        pending = in_order({*items, *choice.first_of(watched)})
        while pending:
            item = pending.pop(0)
            can_walk = item.waits and item.held_for is None
            if can_walk and self.walk(item) and item.queue in watched:
                pending = in_order({*pending, *item.queue.firsts()})

    def walk(self, item: Item) -> bool:
        found = choice.along_route(item)
        if found is None:
            return False
        self.assign(found)
        return True

    def assign(self, found: Assignment) -> None:
        for item in found.preempted:
            self.preempt(item)
        self.answer(found.item, found.team, found.agent)
        if found.preempted and found.agent is not None and found.agent.free:
            self.spare.append(found.agent)

    def answer(self, item: Item, team: TeamState, agent: Agent | None) -> None:
        """Give an item to an agent, for the first time, again, or over from another."""
        resumed = item.state is State.PREEMPTED and item.held_for is not None
        self.quit(item)
        item.units = item.units_at(team)
        item.team, item.agent = team, agent
        if not resumed:
            draws.sample(item, team, agent)
        if item.answered < 0:
            item.answered = self.now
            self.dial(item)
        if agent is not None:
            if not item.part:
                item.contact.last_agent = agent
            self.change_units(agent, -item.units)
        item.work_from = self.now
        self.start(item)

    def dial(self, item: Item) -> None:
        """Take a trunk line for a customer who is called, even if none is free; a line of
        another group is given back."""
        contact, trunk = item.contact, item.spec.dials
        if item.part or trunk < 0 or trunk == contact.trunk:
            return
        if contact.trunk >= 0:
            self.state.trunks[contact.trunk] += 1
        self.state.trunks[trunk] -= 1
        contact.trunk = trunk
