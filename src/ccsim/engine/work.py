"""Work in progress (docs/background/model.md, section 5): rates, units, interruption, breaks."""

from __future__ import annotations

from abc import abstractmethod

from ccsim.engine.clock import Clock
from ccsim.engine.ledger import Ledger
from ccsim.engine.order import Kind, event_id
from ccsim.engine.state import Agent, Item, QueueState, RunState
from ccsim.network.model import NEVER
from ccsim.records import State


class Work(Clock):
    """What agents have in hand. Units and progress change here and nowhere else."""

    def __init__(self, state: RunState, start: int, horizon: int) -> None:
        super().__init__(start, horizon)
        self.state = state
        self.ledger = Ledger(horizon)
        # The offers that the present event leads to, in this order:
        self.freed: list[Agent] = []  # units were freed, or the agent came on duty
        self.moving: list[Agent] = []  # an item moves again after a consult
        self.grown: list[QueueState] = []  # a `when_waiting` is newly met by an item preempted
        self.spare: list[Agent] = []  # left with spare units by an interruption

    @abstractmethod
    def consult_point_reached(self, item: Item, _: int) -> None: ...

    @abstractmethod
    def handling_ends(self, item: Item, _: int) -> None: ...

    @abstractmethod
    def duty_begins(self, agent: Agent, _: int) -> None: ...

    # ---- progress ----

    def start(self, item: Item) -> None:
        """Let an item make progress, for the first time or again."""
        item.state = State.IN_SERVICE
        item.started = item.charged = self.now
        item.rate = 0
        agent = item.agent
        if agent is None:
            assert item.team is not None
            item.rate = item.team.rates[1]
            self._set_work_timer(item)
            return
        if item.spec.interruptible:
            agent.team.preemptible[item] = None
        agent.progress.append(item)
        self._slow_down(agent)

    def stop(self, item: Item) -> None:
        """Stop the progress of an item that waits for a helper, is preempted or has ended."""
        item.token += 1
        item.charge(self.now)
        item.rate = 0
        agent = item.agent
        if agent is not None:
            if item.spec.interruptible:
                del agent.team.preemptible[item]
            agent.progress.remove(item)
            self._slow_down(agent)

    def _slow_down(self, agent: Agent) -> None:
        """The rate of each item in progress depends on how many there are."""
        rate = agent.team.rates[len(agent.progress)]
        for item in agent.progress:
            if item.rate != rate:
                item.charge(self.now)
                item.rate = rate
                item.token += 1
                self._set_work_timer(item)

    def _set_work_timer(self, item: Item) -> None:
        handler = self.handling_ends if item.consult_left < 0 else self.consult_point_reached
        identity = event_id(item.contact.number, item.leg, item.part)
        self.set(item.due(), Kind.HANDLING, identity, handler, item)

    def preempt(self, item: Item) -> None:
        """Take an item in progress from its agent: it gives up its units and waits for that
        agent at its old place."""
        agent = item.agent
        assert agent is not None
        self.stop(item)
        self.ledger.work(item, self.now, self.now)
        self.change_units(agent, item.units)
        item.state = State.PREEMPTED
        item.held_for = agent
        agent.preempted.append(item)
        item.opened = ()
        if self.join(item):
            self.grown.append(item.queue)

    def join(self, item: Item) -> bool:
        """Count an item that begins to wait in its queue, and say whether a `when_waiting` is
        newly met."""
        queue = item.queue
        item.waiting_since = self.now
        queue.count += 1
        return queue.count in queue.thresholds

    # ---- units ----

    def change_units(self, agent: Agent, units: int) -> None:
        """Add `units` to the agent's free capacity and record the time of the change."""
        if agent.on:
            agent.team.remove_from_shelf(agent)
        agent.free += units
        agent.changed = self.now
        if agent.on:
            agent.team.add_to_shelf(agent)
        agent.note(self.now)

    def free(self, agent: Agent, units: int) -> None:
        """Give back the units of an item whose handling and wrap-up are over, and offer the
        agent work."""
        self.change_units(agent, units)
        self.freed.append(agent)
        if agent.late_break >= 0 and agent.free == agent.team.spec.units:
            self._begin_late_break(agent)

    # ---- between two spans of duty ----

    def set_next_span(self, agent: Agent) -> None:
        """Set the return of an agent that is off duty or on a break, unless a break that keeps its
        length waits for the agent's last item: nobody knows then when it will be back."""
        agent.back = NEVER
        if not agent.spans:
            return
        start = agent.spans[-1][0]
        busy = agent.free < agent.team.spec.units
        if agent.then_break and agent.team.spec.keep_break_length and busy:
            agent.late_break = start - agent.until
        else:
            self._come_back(agent, max(start, self.now))

    def _come_back(self, agent: Agent, at: int) -> None:
        agent.back = at
        self.set(at, Kind.DUTY_BEGINS, agent.number, self.duty_begins, agent)

    def _begin_late_break(self, agent: Agent) -> None:
        """The break runs its length from now; spans already over by then are skipped. When the
        shift is over by then, so is the break: the agent goes."""
        back = self.now + agent.late_break
        agent.late_break = -1
        while agent.spans and agent.spans[-1][1] <= back:
            agent.then_break = agent.spans.pop()[3]
        agent.note(self.now)
        if agent.spans:
            self._come_back(agent, max(agent.spans[-1][0], back))
