"""Enqueueing, dequeueing and timers of waiting items."""

from __future__ import annotations

from abc import abstractmethod

from ccsim.engine import draws
from ccsim.engine.order import Kind, event_id
from ccsim.engine.state import Contact, Item
from ccsim.engine.work import Work
from ccsim.records import State
from ccsim.workload.model import UNOBSERVED


class Waiting(Work):
    """Entry, what may happen to an item that waits, and the end of its wait."""

    inside: dict[Item, None]  # items not yet ended

    @abstractmethod
    def step_opens(self, item: Item, step: int) -> None: ...

    @abstractmethod
    def hold_ends(self, item: Item, _: int) -> None: ...

    @abstractmethod
    def limit_passes(self, item: Item, limit: int) -> None: ...

    @abstractmethod
    def patience_ends(self, item: Item, _: int) -> None: ...

    def enter(
        self, contact: Contact, queue: int, leg: int, part: int, asker: Item | None = None
    ) -> Item:
        """A contact, or with an `asker` a helper's part of it, that is about to wait in a queue."""
        state = self.state.queues[queue]
        entered = waits_from = self.now
        if leg == 0 and part == 0 and contact.observed_head_start != UNOBSERVED:
            waits_from -= contact.observed_head_start
        since = waits_from - state.spec.head_start
        place = (since, contact.number, leg)
        item = Item(contact, state, state.spec, leg, part, entered, waits_from, since, place, asker)
        self.inside[item] = None
        return item

    def is_closed(self, item: Item) -> bool:
        hours = item.spec.hours
        return hours is not None and hours.closing_after(self.now) < 0

    def quit(self, item: Item) -> None:
        """End the wait of an item."""
        queue = item.queue
        item.token += 1
        item.waited += self.now - item.waiting_since
        queue.count -= 1
        if item.answered < 0:
            queue.unanswered -= 1
        agent = item.held_for
        if agent is None:
            queue.remove(item)
        else:
            (agent.preempted if item.state is State.PREEMPTED else agent.held).remove(item)
            item.held_for = None

    def set_timers(self, item: Item) -> None:
        """What may happen to an item that waits: patience, limits and holds end with the first
        answer."""
        queue, contact, leg = item.spec, item.contact, item.leg
        for step in item.queue.steps:
            if step.number not in item.opened:
                identity = event_id(contact.number, leg, step.number)
                at = item.waits_from + step.after
                self.set(at, Kind.STEP_OPENS, identity, self.step_opens, item, step.number)
        if item.answered >= 0:
            return
        if item.held_for is not None:
            assert queue.affinity is not None
            identity = event_id(contact.number, leg, len(queue.route))  # after its steps
            at = item.entered + queue.affinity.hold
            self.set(at, Kind.STEP_OPENS, identity, self.hold_ends, item)
        for number, limit in enumerate(queue.limits):
            identity = event_id(contact.number, leg, number)
            at = draws.instant_of(limit, item.entered)
            self.set(at, Kind.LIMIT_PASSES, identity, self.limit_passes, item, number)
        patience = draws.patience_of(item)
        if patience is not None:
            identity = event_id(contact.number, leg)
            at = item.entered + patience
            self.set(at, Kind.PATIENCE_ENDS, identity, self.patience_ends, item)
