"""The reference engine: the machine of docs/background/model.md on SimPy, written to be read.

It is the definition of the machine. A run is a deterministic function of network, roster and
workload: one handler for each kind of event, in the order of `ccsim.engine.order`; each event first
makes all its changes, then offers are made. Everything that is chosen is chosen in
`ccsim.engine.choice`; offers are made in `ccsim.engine.offers`; the state is in
`ccsim.engine.state`.
"""

from __future__ import annotations

from collections.abc import Callable

from ccsim.engine import choice, draws, laws, order
from ccsim.engine.offers import Offers
from ccsim.engine.order import Kind, event_id
from ccsim.engine.state import (
    Agent,
    Contact,
    Item,
    QueueState,
    open_by,
    state_before,
)
from ccsim.network.model import (
    NO_LIMIT,
    STAY,
    Branch,
    Exit,
    Label,
    Network,
)
from ccsim.records import Next, Records, State
from ccsim.roster.model import Roster
from ccsim.workload.model import Workload

ARRIVAL = 1  # the number that an arrival's event carries: the next arrival is set when it happens


def simulate(
    network: Network, roster: Roster, workload: Workload, *, check_laws: bool = False
) -> Records:
    """Run the machine from the start of the calendar to `network.horizon`.

    With `check_laws` the law of cascades and the capacities are asserted after every event (slow).
    Raises ValueError for a network, roster or workload beyond the bounds of `ccsim.engine.order`,
    a route to a team that does not serve the queue, and arrivals out of order; AssertionError for
    a broken law.
    """
    return Engine(network, roster, workload).run(check_laws)


class Engine(Offers):
    """One run. `state` is its state, `ledger` its records, `inside` the items not yet ended."""

    def __init__(self, network: Network, roster: Roster, workload: Workload) -> None:
        at = workload.at
        if len(at) and (at[0] < 0 or bool((at[1:] < at[:-1]).any())):
            raise ValueError("arrivals must be sorted, none before 0")
        state = state_before(network, roster, len(workload))
        starts = [agent.spans[-1][0] for agent in state.agents if agent.spans]
        super().__init__(state, min([0, *starts]), network.horizon)
        self.network = network
        self.inside: dict[Item, None] = {}
        self.leaving = 0  # agents whose span is over, the event of which has yet to happen
        self._arrivals = zip(
            workload.at.tolist(),
            range(len(workload)),
            workload.key.tolist(),
            workload.queue.tolist(),
            workload.work.tolist(),
            workload.patience.tolist(),
            workload.head_start.tolist(),
            strict=True,
        )
        for agent in state.agents:
            agent.row = (self.now, *agent.row[1:])
            self.set_next_span(agent)
        self._next_arrival()

    def run(self, check_laws: bool) -> Records:
        """Make the events before the horizon happen, in their order."""
        for _ in self.events():
            if check_laws:
                laws.check(self.state, self.inside, self.now, self.leaving)
        return self.ledger.close(self.inside, self.state.agents)

    # ---- kind 0: handling ------------------------------------------------------------------------

    def consult_point_reached(self, item: Item, _: int) -> None:
        """Stop an item that keeps its units, and let a helper's part enter the consult's queue."""
        self.stop(item)
        item.state = State.CONSULTING
        item.consult_left, item.consulted = -1, True
        part = self.enter(item.contact, draws.asks_in(item), item.leg, part=1, asker=item)
        if self.is_closed(part):
            self._leave(part, Exit.CLOSED)
        else:
            self._admit(part)

    def handling_ends(self, item: Item, _: int) -> None:
        """Take the served exit; the agent wraps up or is free. The part of a warm transfer ends
        together with the item that asked for it: the agent who served it goes on with the
        contact."""
        self.stop(item)
        if choice.goes_on(item, self.network):
            assert item.asker is not None
            self.ledger.work(item, self.now, self.now)
            self._end_part(item, Exit.SERVED)
            item.contact.handed_over = item
            self._finish(item.asker)
        else:
            self._finish(item)

    def _finish(self, item: Item) -> None:
        agent = item.agent
        wrap_up = draws.wrap_up_of(item)
        self.ledger.work(item, self.now, self.now + wrap_up)
        self._leave(item, Exit.SERVED)
        if agent is None:
            return
        if wrap_up:
            identity = event_id(item.contact.number, item.leg, item.part)
            self.set(self.now + wrap_up, Kind.HANDLING, identity, self.wrap_up_ends, item)
        else:
            self.free(agent, item.units)

    def wrap_up_ends(self, item: Item, _: int) -> None:
        assert item.agent is not None
        self.free(item.agent, item.units)

    # ---- kinds 1 and 2: duty ---------------------------------------------------------------------

    def span_is_over(self, agent: Agent, _: int) -> None:
        """Take an agent off duty for every offer and count from this instant on, before all
        other events."""
        agent.team.remove_from_shelf(agent)
        agent.team.on_duty -= 1
        agent.on = False
        self.leaving += 1
        agent.note(self.now)

    def duty_ends(self, agent: Agent, _: int) -> None:
        """Or a break begins.

        Deferred and preempted work goes back to its queues, and contacts held for the agent are
        released unless the agent will be back in time. These, and contacts to whom a step opens
        because nobody of the team is left, are offered by priority and place.
        """
        self.leaving -= 1
        for item in [item for item in agent.progress if item.spec.deferred]:
            self.preempt(item)
        self.set_next_span(agent)
        held = [item for item in agent.held if choice.back_in_time(item, agent)]
        offered = [*agent.preempted, *(item for item in agent.held if item not in held)]
        agent.preempted.clear()
        agent.held = held
        for item in offered:
            item.held_for = None
            item.queue.insert(item)
            if item.answered >= 0:
                item.opened = open_by(item.queue, item.waits_from, self.now)
                self.set_timers(item)
        team = agent.team
        queues = self.grown + (team.queues if team.on_duty == 0 else [])
        self.grown = []
        self.offer_by_place(offered, queues)

    def duty_begins(self, agent: Agent, _: int) -> None:
        """Begin a span of duty, or end a break."""
        _, agent.until, agent.pace, agent.then_break = agent.spans.pop()
        team = agent.team
        agent.on = True
        agent.changed = self.now
        team.on_duty += 1
        team.add_to_shelf(agent)
        agent.note(self.now)
        until = agent.until
        self.set(until, order.SPAN_IS_OVER, agent.number, self.span_is_over, agent)
        self.set(until, Kind.DUTY_ENDS, agent.number, self.duty_ends, agent)
        self.freed.append(agent)

    # ---- kind 3: entry ---------------------------------------------------------------------------

    def contact_enters(self, contact: Contact, is_arrival: int) -> None:
        if is_arrival:
            self._next_arrival()
        item = self.enter(contact, contact.queue, contact.leg, part=0)
        trunk = item.spec.lines
        if self.is_closed(item):
            self._leave(item, Exit.CLOSED)
        elif trunk >= 0 and trunk != contact.trunk and self.state.trunks[trunk] <= 0:
            self._leave(item, Exit.NO_LINE)
        else:
            if trunk >= 0 and trunk != contact.trunk:
                self.state.trunks[trunk] -= 1
                contact.trunk = trunk
            self._admit(item)

    # ---- kind 4: a step opens, a hold ends -------------------------------------------------------

    def step_opens(self, item: Item, step: int) -> None:
        item.opened = (*item.opened, step)
        if item.held_for is None:
            self.walk(item)

    def hold_ends(self, item: Item, _: int) -> None:
        if item.held_for is not None:
            item.held_for.held.remove(item)
            item.held_for = None
            item.queue.insert(item)
            self.walk(item)

    # ---- kinds 5 and 6: limits and patience ------------------------------------------------------

    def limit_passes(self, item: Item, limit: int) -> None:
        exit_ = Exit.LIMIT + limit
        if item.part:
            self.quit(item)
            self._leave(item, exit_)
            return
        row, branch = draws.branch_of(item, exit_, item.spec.limits[limit].branches)
        if branch.target == STAY:
            draws.count_use(item, exit_, row, branch)
        else:
            self.quit(item)
            self._leave(item, exit_, row, branch)

    def patience_ends(self, item: Item, _: int) -> None:
        self.quit(item)
        self._leave(item, Exit.ABANDONED)

    # ---- into the queue and out of it ------------------------------------------------------------

    def _admit(self, item: Item) -> None:
        """Add an item to its queue; then it is taken, or held for its own agent, or waits."""
        queue = item.queue
        item.opened = open_by(queue, item.waits_from, self.now)
        queue.unanswered += 1
        queue.insert(item)
        newly_met = self.join(item)
        if newly_met:
            self._walk_firsts(queue, lambda first: first.place < item.place)
        self._try(item)
        if newly_met:
            self._walk_firsts(queue, lambda first: first.place > item.place)
        if not item.waits or item.answered >= 0:
            return
        if item.spec.room != NO_LIMIT and queue.unanswered > item.spec.room:
            self.quit(item)
            self._leave(item, Exit.NO_ROOM)
        else:
            self.set_timers(item)

    def _try(self, item: Item) -> None:
        """Offer an item to its own agent, and hold it for that agent or let it walk its route."""
        agent = choice.own_agent(item, self.state)
        if agent is not None:
            found = choice.at_agent(item, agent) if agent.on else None
            if found is not None:
                self.assign(found)
                return
            if choice.back_in_time(item, agent):
                item.queue.remove(item)
                agent.hold(item)
                return
        self.walk(item)

    def _walk_firsts(self, queue: QueueState, chosen: Callable[[Item], bool]) -> None:
        """A `when_waiting` is newly met: the first items of the queue that are chosen walk."""
        for first in queue.firsts():
            if chosen(first):
                self.walk(first)

    # ---- exits (section 3) -----------------------------------------------------------------------

    def _leave(
        self, item: Item, exit_: int, row: int = draws.NO_ROW, branch: Branch | None = None
    ) -> None:
        """End a leg by an exit, and let the contact go where the branch leads."""
        if item.part:
            self._end_part(item, exit_)
            self._resume(item.asker)
            return
        del self.inside[item]
        item.token += 1
        item.state = State.ENDED
        if exit_ == Exit.SERVED:
            row, branch = item.row, item.branch
        elif branch is None:
            row, branch = draws.branch_of(item, exit_, draws.rows_of(item, exit_))
        assert branch is not None
        draws.count_use(item, exit_, row, branch)
        contact = item.contact
        onward: int = branch.target if branch.target >= 0 else Next.LEAVES
        if onward >= 0 and item.leg + 1 >= self.network.max_legs:
            onward = Next.BOUND
        at = draws.enters_at(item, exit_, branch, self.now) if onward >= 0 else self.now
        if contact.trunk >= 0 and not (
            onward >= 0 and at == self.now and self.network.queues[onward].lines == contact.trunk
        ):
            self.state.trunks[contact.trunk] += 1
            contact.trunk = -1
        self.ledger.leg(item, self.now, exit_, branch.label, onward, State.ENDED)
        if onward >= 0:
            contact.queue = onward
            contact.leg += 1
            part, contact.handed_over = contact.handed_over, None
            if part is not None:
                self._go_on(part)
            else:
                self.set(at, Kind.ENTERS, contact.number, self.contact_enters, contact)

    def _end_part(self, part: Item, exit_: int) -> None:
        del self.inside[part]
        part.token += 1
        part.state = State.ENDED
        label = Label.HELPED if exit_ == Exit.SERVED else Label.NONE
        self.ledger.leg(part, self.now, exit_, label, Next.LEAVES, State.ENDED)

    def _go_on(self, part: Item) -> None:
        """Let the contact enter its next queue, where the agent who served its part answers it
        whatever the route, the opening hours and the end of duty: no other agent is offered it
        and no trunk line is taken."""
        contact, agent = part.contact, part.agent
        assert agent is not None
        item = self.enter(contact, contact.queue, contact.leg, part=0)
        item.queue.unanswered += 1
        item.queue.insert(item)
        self.join(item)
        self.change_units(agent, part.units)
        self.answer(item, agent.team, agent)
        self.moving.append(agent)

    def _resume(self, item: Item | None) -> None:
        """Let an item move again whose helper's part has ended, in whatever way."""
        assert item is not None
        self.start(item)
        if item.agent is not None:
            self.moving.append(item.agent)

    # ---- the coming and going of contacts and agents ---------------------------------------------

    def _next_arrival(self) -> None:
        """Arrivals are sorted, so one pending is enough."""
        arrival = next(self._arrivals, None)
        if arrival is not None:
            at, *columns = arrival
            contact = Contact(*columns)
            self.set(at, Kind.ENTERS, contact.number, self.contact_enters, contact, ARRIVAL)
