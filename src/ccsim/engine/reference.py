"""The reference engine: the machine of docs/background/model.md on SimPy, written to be read.

It is the definition of the machine. A run is a deterministic function of network, roster and
workload: one handler for each kind of event, in the order of `ccsim.engine.order`; each event first
makes all its changes, then offers are made. Everything that is chosen is chosen in
`ccsim.engine.choice`; the state is in `ccsim.engine.floor`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import simpy

from ccsim.engine import choice, laws, order
from ccsim.engine.choice import Assignment
from ccsim.engine.floor import (
    WORK_BITS,
    Agent,
    Contact,
    Crew,
    Floor,
    Item,
    Line,
    in_order,
    open_by,
    open_floor,
)
from ccsim.engine.ledger import Ledger
from ccsim.engine.order import Kind, event_id
from ccsim.network.draws import Purpose, uniform
from ccsim.network.model import (
    LEAVE,
    NO_LIMIT,
    STAY,
    Branch,
    Exit,
    Label,
    LimitClock,
    Network,
)
from ccsim.network.quantiles import QuantileTable
from ccsim.records import Next, Records, State
from ccsim.roster.model import Roster
from ccsim.workload.model import UNOBSERVED, Workload

NO_ROW = -1
GIVES_UP = Branch(1.0, LEAVE, Label.GAVE_UP)  # exits without rows, and rows used up
ENDS = Branch(1.0, LEAVE, Label.NONE)  # the served exit without rows


def simulate(
    network: Network, roster: Roster, workload: Workload, *, check_laws: bool = False
) -> Records:
    """Run the machine from the start of the calendar to `network.horizon`.

    With `check_laws` the law of cascades and the capacities are asserted after every event (slow).
    Raises ValueError for a network, roster or workload beyond the bounds of `ccsim.engine.order`,
    or a route to a team that does not serve the queue; AssertionError for a broken law.
    """
    engine = Engine(network, roster, workload)
    engine.run(check_laws)
    return engine.ledger.close(engine.inside, engine.floor.agents)


class Timer(simpy.Event):
    """An event of the law. It is passed over when its subject has moved on since it was set."""

    def __init__(
        self,
        env: simpy.Environment,
        happens: Callable[[Any], None],
        handler: Callable[[Any, int], None],
        subject: Contact | Item | Agent,
        number: int,
    ) -> None:
        self.env = env
        self.callbacks = [happens]
        self._ok = True
        self._value = None
        self.handler = handler
        self.subject = subject
        self.token = subject.token
        self.number = number


class Engine:
    """One run. `floor` is its state, `ledger` its records, `inside` the items not yet ended."""

    def __init__(self, network: Network, roster: Roster, workload: Workload) -> None:
        _check_bounds(network, workload)
        self.network = network
        self.horizon = network.horizon
        self.floor: Floor = open_floor(network, roster.team.tolist(), roster.spans)
        self.ledger = Ledger(network.horizon)
        self.inside: dict[Item, None] = {}
        self.leaving = 0  # agents whose span is over, the event of which has yet to happen
        self._arrivals = zip(
            workload.at.tolist(),
            workload.queue.tolist(),
            workload.key.tolist(),
            workload.work.tolist(),
            workload.patience.tolist(),
            workload.head_start.tolist(),
            strict=True,
        )
        self._arrived = 0
        # The offers that the present event leads to, in this order:
        self._freed: list[Agent] = []  # units were freed, or the agent came on duty
        self._moving: list[Agent] = []  # an item moves again after a consult
        self._grown: list[Line] = []  # a `when_waiting` is newly met
        self._spare: list[Agent] = []  # left with spare units by an interruption

        starts = [agent.spans[-1][0] for agent in self.floor.agents if agent.spans]
        self.now = min([0, *starts])
        self.env = simpy.Environment(initial_time=self.now)
        for agent in self.floor.agents:
            agent.row = (self.now, agent.row[1], agent.row[2])
            self._next_span(agent, self.now)
        self._next_arrival()

    def run(self, check_laws: bool) -> None:
        """Make the events before the horizon happen, in their order."""
        step = self.env.step
        try:
            while True:
                step()
                if check_laws:
                    laws.check(self.floor, self.inside, self.now, self.leaving)
        except simpy.core.EmptySchedule:
            self.now = self.horizon

    def _set(
        self,
        at: int,
        kind: int,
        identity: int,
        handler: Callable[[Any, int], None],
        subject: Contact | Item | Agent,
        number: int = 0,
    ) -> None:
        if at < self.horizon:
            timer = Timer(self.env, self._happens, handler, subject, number)
            self.env.schedule(
                timer,
                priority=order.priority(kind, identity),  # type: ignore[arg-type]
                delay=at - self.now,
            )

    def _happens(self, timer: Timer) -> None:
        self.now = self.env.now  # type: ignore[assignment]
        subject = timer.subject
        if timer.token == subject.token:
            timer.handler(subject, timer.number)
            if self._freed or self._moving or self._grown or self._spare:
                self._make_offers()

    # ---- kind 0: handling ------------------------------------------------------------------------

    def consult_point_reached(self, item: Item, _: int) -> None:
        """The item stops, keeps its units, and a helper's part enters the consult's queue."""
        self._stop(item)
        item.state = State.CONSULTING
        item.consult_left, item.consulted = -1, True
        assert item.crew is not None
        consult = item.service(item.crew).consult
        assert consult is not None
        part = self._enter(item.contact, consult.queue, item.leg, part=1, asker=item)
        if self._is_closed(part):
            self._leave(part, Exit.CLOSED)
        else:
            self._admit(part)

    def handling_ends(self, item: Item, _: int) -> None:
        """The served exit is taken; the agent wraps up or is free."""
        self._stop(item)
        agent = item.agent
        wrap_up = self._wrap_up(item)
        self.ledger.work(item, self.now, self.now + wrap_up)
        self._leave(item, Exit.SERVED)
        if agent is None:
            return
        if wrap_up:
            identity = event_id(item.contact.number, item.leg, item.part)
            self._set(self.now + wrap_up, Kind.HANDLING, identity, self.wrap_up_ends, item)
        else:
            self._free(agent, item.units)

    def wrap_up_ends(self, item: Item, _: int) -> None:
        assert item.agent is not None
        self._free(item.agent, item.units)

    # ---- kinds 1 and 2: duty ---------------------------------------------------------------------

    def span_is_over(self, agent: Agent, _: int) -> None:
        """Before all kinds: from this instant on the agent is off duty for every count."""
        agent.crew.strike(agent)
        agent.crew.on_duty -= 1
        agent.on = False
        self.leaving += 1
        agent.note(self.now)

    def duty_ends(self, agent: Agent, _: int) -> None:
        """Or a break begins. Deferred and set-aside work goes back to its lines, held contacts are
        released; then these, and those to whom a next step opens because nobody of the team is
        left, are offered by priority and place."""
        self.leaving -= 1
        offered = [*agent.aside, *agent.held]
        for item in [item for item in agent.progress if item.queue.deferred]:
            self._set_aside(item)
            offered.append(item)
        agent.aside.clear()
        agent.held.clear()
        for item in offered:
            item.held_for = None
            item.line.insert(item)
            if item.answered >= 0:
                item.opened = open_by(item.line, item.since, self.now)
                self._set_timers(item)
        crew = agent.crew
        self._next_span(agent, self.now)
        lines = self._grown + (crew.lines if crew.on_duty == 0 else [])
        self._grown = []
        self._offer_by_place(offered, lines)

    def duty_begins(self, agent: Agent, _: int) -> None:
        """Or a break ends."""
        _, agent.until, agent.pace, agent.then_break = agent.spans.pop()
        crew = agent.crew
        agent.on = True
        agent.changed = self.now
        crew.on_duty += 1
        crew.enlist(agent)
        agent.note(self.now)
        until = agent.until
        self._set(until, order.SPAN_IS_OVER, agent.number, self.span_is_over, agent)
        self._set(until, Kind.DUTY_ENDS, agent.number, self.duty_ends, agent)
        self._freed.append(agent)

    # ---- kind 3: entry ---------------------------------------------------------------------------

    def contact_enters(self, contact: Contact, is_arrival: int) -> None:
        if is_arrival:
            self._next_arrival()
        item = self._enter(contact, contact.queue, contact.leg, part=0)
        trunk = item.queue.lines
        if self._is_closed(item):
            self._leave(item, Exit.CLOSED)
        elif trunk >= 0 and trunk != contact.trunk and not self.floor.trunks[trunk]:
            self._leave(item, Exit.NO_LINE)
        else:
            if trunk >= 0 and trunk != contact.trunk:
                self.floor.trunks[trunk] -= 1
                contact.trunk = trunk
            self._admit(item)

    # ---- kind 4: a step opens, a hold ends -------------------------------------------------------

    def step_opens(self, item: Item, step: int) -> None:
        item.opened = (*item.opened, step)
        if item.held_for is None:
            self._walk(item)

    def hold_ends(self, item: Item, _: int) -> None:
        if item.held_for is not None:
            item.held_for.held.remove(item)
            item.held_for = None
            item.line.insert(item)
            self._walk(item)

    # ---- kinds 5 and 6: limits and patience ------------------------------------------------------

    def limit_passes(self, item: Item, limit: int) -> None:
        exit_ = Exit.LIMIT + limit
        if item.part:
            self._quit(item)
            self._leave(item, exit_)
            return
        row, branch = self._draw(item, exit_, item.queue.limits[limit].branches)
        if branch.target == STAY:
            self._count_use(item, exit_, row, branch)
        else:
            self._quit(item)
            self._leave(item, exit_, row, branch)

    def patience_ends(self, item: Item, _: int) -> None:
        self._quit(item)
        self._leave(item, Exit.ABANDONED)

    # ---- offers (section 4) ----------------------------------------------------------------------

    def _make_offers(self) -> None:
        """All changes are made: offer to those to whom something may have become possible."""
        while True:
            if self._freed:
                self._offer(self._freed.pop(0))
            elif self._moving:
                self._offer(self._moving.pop(0))
            elif self._grown:
                self._offer_by_place([], [self._grown.pop(0)])
            elif self._spare:
                self._offer(self._spare.pop(0))
            else:
                return

    def _offer(self, agent: Agent) -> None:
        """To the agent, which is to its team, until nothing is taken."""
        while agent.on:
            found = choice.best_offer(agent, self.now)
            if found is None:
                return
            self._assign(found)

    def _offer_by_place(self, items: Iterable[Item], lines: Iterable[Line]) -> None:
        """Let items, and the first of each line as long as they are taken, walk their routes."""
        watched = set(lines)
        pending = in_order({*items, *choice.first_of(watched)})
        while pending:
            item = pending.pop(0)
            can_walk = item.waits and item.held_for is None
            if can_walk and self._walk(item) and item.line in watched:
                pending = in_order({*pending, *item.line.firsts()})

    def _walk(self, item: Item) -> bool:
        found = choice.along_route(item)
        if found is None:
            return False
        self._assign(found)
        return True

    def _assign(self, found: Assignment) -> None:
        for item in found.yields:
            self._set_aside(item)
        self._answer(found.item, found.crew, found.agent)
        if found.yields and found.agent is not None and found.agent.free:
            self._spare.append(found.agent)

    # ---- into the line and out of it -------------------------------------------------------------

    def _enter(
        self, contact: Contact, queue: int, leg: int, part: int, asker: Item | None = None
    ) -> Item:
        line = self.floor.lines[queue]
        head_start = line.queue.head_start
        if leg == 0 and part == 0 and contact.observed_head_start != UNOBSERVED:
            head_start = contact.observed_head_start
        now = self.now
        since = (contact.first if line.queue.since_first_arrival else now) - head_start
        place = (since, contact.number, leg)
        item = Item(contact, line, line.queue, leg, part, now, since, place, asker)
        self.inside[item] = None
        return item

    def _is_closed(self, item: Item) -> bool:
        hours = item.queue.hours
        return hours is not None and hours.closing_after(self.now) < 0

    def _admit(self, item: Item) -> None:
        """It joins its line first; then it is taken, or held for its own agent, or waits."""
        line = item.line
        item.opened = open_by(line, item.since, self.now)
        line.unanswered += 1
        line.insert(item)
        newly_met = self._join(item)
        if newly_met:
            self._walk_firsts(line, lambda first: first.place < item.place)
        self._try(item)
        if newly_met:
            self._walk_firsts(line, lambda first: first.place > item.place)
        if not item.waits or item.answered >= 0:
            return
        if item.queue.room != NO_LIMIT and line.unanswered > item.queue.room:
            self._quit(item)
            self._leave(item, Exit.NO_ROOM)
        else:
            self._set_timers(item)

    def _try(self, item: Item) -> None:
        """Its own agent is tried, for whom it is then held; else it walks its route."""
        agent = choice.own_agent(item, self.floor)
        if agent is not None:
            found = choice.at_agent(item, agent) if agent.on else None
            if found is not None:
                self._assign(found)
                return
            if item.queue.affinity.hold > 0:  # type: ignore[union-attr]
                item.line.remove(item)
                agent.held.append(item)
                item.held_for = agent
                return
        self._walk(item)

    def _walk_firsts(self, line: Line, chosen: Callable[[Item], bool]) -> None:
        """A `when_waiting` is newly met: those of the first in line walk who are chosen."""
        for first in line.firsts():
            if chosen(first):
                self._walk(first)

    def _join(self, item: Item) -> bool:
        """One more waits in the item's line, in it or held. Is a `when_waiting` newly met?"""
        line = item.line
        item.waiting_since = self.now
        line.count += 1
        return line.count in line.thresholds

    def _quit(self, item: Item) -> None:
        """The item waits no longer."""
        line = item.line
        item.token += 1
        item.waited += self.now - item.waiting_since
        line.count -= 1
        if item.answered < 0:
            line.unanswered -= 1
        agent = item.held_for
        if agent is None:
            line.remove(item)
        else:
            (agent.aside if item.state is State.SET_ASIDE else agent.held).remove(item)
            item.held_for = None

    def _set_timers(self, item: Item) -> None:
        """What may happen to an item that waits: patience, limits and holds end with the first
        answer."""
        queue, contact, leg = item.queue, item.contact, item.leg
        for step in item.line.steps:
            if step.number not in item.opened:
                identity = event_id(contact.number, leg, step.number)
                at = item.since + step.after
                self._set(at, Kind.STEP_OPENS, identity, self.step_opens, item, step.number)
        if item.answered >= 0:
            return
        if item.held_for is not None:
            assert queue.affinity is not None
            identity = event_id(contact.number, leg, len(queue.route))  # after its steps
            at = item.entered + queue.affinity.hold
            self._set(at, Kind.STEP_OPENS, identity, self.hold_ends, item)
        for number, limit in enumerate(queue.limits):
            identity = event_id(contact.number, leg, number)
            if limit.clock is LimitClock.WAIT or limit.hours is None:
                at = item.entered + limit.after
            elif limit.clock is LimitClock.OPEN_HOURS:
                at = limit.hours.after_open_time(item.entered, limit.after)
            else:
                at = limit.hours.closing_after(item.entered)
            if at >= self.now:
                self._set(at, Kind.LIMIT_PASSES, identity, self.limit_passes, item, number)
        patience = self._patience(item)
        if patience is not None:
            identity = event_id(contact.number, leg)
            at = item.entered + patience
            self._set(at, Kind.PATIENCE_ENDS, identity, self.patience_ends, item)

    # ---- work (section 5) ------------------------------------------------------------------------

    def _answer(self, item: Item, crew: Crew, agent: Agent | None) -> None:
        """The agent takes the item, for the first time, again, or over from another."""
        resumed = item.state is State.SET_ASIDE and item.held_for is not None
        self._quit(item)
        item.units = item.units_at(crew)
        item.crew, item.agent = crew, agent
        if not resumed:
            self._measure(item, crew, agent)
        if item.answered < 0:
            item.answered = self.now
        if agent is not None:
            if not item.part:
                item.contact.last_agent = agent
            self._change_units(agent, -item.units)
        item.work_from = self.now
        self._start(item)

    def _measure(self, item: Item, crew: Crew, agent: Agent | None) -> None:
        """The work that the item is at this agent's pace; of work taken over, what remains."""
        contact, queue = item.contact, item.queue
        service = item.service(crew)
        effort_leg = 0 if queue.effort_by_contact else item.leg
        if item.leg == 0 and item.part == 0 and contact.observed_work != UNOBSERVED:
            work: float = contact.observed_work
        else:
            u = uniform(contact.key, effort_leg, item.part, Purpose.EFFORT)
            work = queue.effort.value(u) * service.mean
        total = int(work * (1.0 if agent is None else agent.pace))
        if item.part == 0:
            item.row, item.branch = self._draw(item, Exit.SERVED, service.served, crew.index)
            if item.branch.share != 1.0:
                total = int(total * item.branch.share)
        if item.answered < 0:
            item.remaining = total << WORK_BITS
        elif item.total:
            item.remaining = -(-item.remaining * total // item.total)
        item.total = total
        item.consult_left = -1
        consult = service.consult
        if consult is not None and item.part == 0 and not item.consulted:
            u = uniform(contact.key, item.leg, 0, Purpose.CONSULT)
            if u < consult.probability:
                item.consult_left = (total - int(total * consult.at)) << WORK_BITS

    def _wrap_up(self, item: Item) -> int:
        assert item.crew is not None
        mean = item.service(item.crew).wrap_up
        table = item.queue.wrap_up
        if table is None or mean == 0:
            return mean
        u = uniform(item.contact.key, item.leg, item.part, Purpose.WRAP_UP)
        return int(table.value(u) * mean)

    def _patience(self, item: Item) -> int | None:
        """How long the contact waits unanswered [us], or None: it does not leave."""
        contact, queue = item.contact, item.queue
        if item.part:
            return None
        if item.leg == 0 and contact.observed_patience != UNOBSERVED:
            return contact.observed_patience
        if queue.patience is None:
            return None
        leg = 0 if queue.patience_by_contact else item.leg
        return int(queue.patience.value(uniform(contact.key, leg, 0, Purpose.PATIENCE)))

    def _start(self, item: Item) -> None:
        """The item makes progress (again)."""
        item.state = State.IN_SERVICE
        item.started = item.charged = self.now
        item.rate = 0
        agent = item.agent
        if agent is None:
            assert item.crew is not None
            item.rate = item.crew.rates[1]
            self._set_work_timer(item)
            return
        if item.queue.interruptible:
            agent.crew.yielding[item] = None
        agent.progress.append(item)
        self._slow_down(agent)

    def _stop(self, item: Item) -> None:
        """The item makes no progress for now, or has ended."""
        item.token += 1
        item.charge(self.now)
        item.rate = 0
        agent = item.agent
        if agent is not None:
            if item.queue.interruptible:
                del agent.crew.yielding[item]
            agent.progress.remove(item)
            self._slow_down(agent)

    def _slow_down(self, agent: Agent) -> None:
        """As many items as make progress set the rate of each."""
        rate = agent.crew.rates[len(agent.progress)]
        for item in agent.progress:
            if item.rate != rate:
                item.charge(self.now)
                item.rate = rate
                item.token += 1
                self._set_work_timer(item)

    def _set_work_timer(self, item: Item) -> None:
        handler = self.handling_ends if item.consult_left < 0 else self.consult_point_reached
        identity = event_id(item.contact.number, item.leg, item.part)
        self._set(item.due(), Kind.HANDLING, identity, handler, item)

    def _set_aside(self, item: Item) -> None:
        """The item gives up its units and is held for its agent at its old place."""
        agent = item.agent
        assert agent is not None
        self._stop(item)
        self.ledger.work(item, self.now, self.now)
        self._change_units(agent, item.units)
        item.state = State.SET_ASIDE
        item.held_for = agent
        agent.aside.append(item)
        item.opened = ()
        if self._join(item):
            self._grown.append(item.line)

    def _free(self, agent: Agent, units: int) -> None:
        self._change_units(agent, units)
        self._freed.append(agent)
        if agent.late_break >= 0 and agent.free == agent.crew.team.units:
            self._begin_late_break(agent)

    def _change_units(self, agent: Agent, units: int) -> None:
        if agent.on:
            agent.crew.strike(agent)
        agent.free += units
        agent.changed = self.now
        if agent.on:
            agent.crew.enlist(agent)
        agent.note(self.now)

    # ---- exits (section 3) -----------------------------------------------------------------------

    def _leave(
        self, item: Item, exit_: int, row: int = NO_ROW, branch: Branch | None = None
    ) -> None:
        """The leg ends by this exit, and the contact goes where the branch leads."""
        del self.inside[item]
        item.token += 1
        item.state = State.ENDED
        if item.part:
            label = Label.HELPED if exit_ == Exit.SERVED else Label.NONE
            self.ledger.leg(item, self.now, exit_, label, Next.LEAVES, State.ENDED)
            self._resume(item.asker)
            return
        if exit_ == Exit.SERVED:
            row, branch = item.row, item.branch
        elif branch is None:
            row, branch = self._draw(item, exit_, self._rows(item, exit_))
        assert branch is not None
        self._count_use(item, exit_, row, branch)
        contact = item.contact
        onward: int = branch.target if branch.target >= 0 else Next.LEAVES
        if onward >= 0 and item.leg + 1 >= self.network.max_legs:
            onward = Next.BOUND
        delay = self._delay(item, exit_, branch.delay) if onward >= 0 else 0
        if contact.trunk >= 0 and not (
            onward >= 0 and delay == 0 and self.network.queues[onward].lines == contact.trunk
        ):
            self.floor.trunks[contact.trunk] += 1
            contact.trunk = -1
        self.ledger.leg(item, self.now, exit_, branch.label, onward, State.ENDED)
        if onward >= 0:
            contact.queue = onward
            contact.leg += 1
            self._set(self.now + delay, Kind.ENTERS, contact.number, self.contact_enters, contact)

    def _resume(self, item: Item | None) -> None:
        """The helper's part has ended, in whatever way: the item moves again."""
        assert item is not None
        self._start(item)
        if item.agent is not None:
            self._moving.append(item.agent)

    def _rows(self, item: Item, exit_: int) -> tuple[Branch, ...]:
        queue = item.queue
        if exit_ == Exit.ABANDONED:
            return queue.abandoned
        if exit_ == Exit.NO_LINE:
            return queue.no_line
        if exit_ == Exit.NO_ROOM:
            return queue.no_room
        if exit_ == Exit.CLOSED:
            return queue.closed
        return queue.limits[exit_ - Exit.LIMIT].branches

    def _draw(
        self, item: Item, exit_: int, rows: tuple[Branch, ...], team: int = -1
    ) -> tuple[int, Branch]:
        """The number of the row that the contact takes, and what it does: a row used up gives up.

        Served rows are told apart by team."""
        if not rows:
            return NO_ROW, ENDS if exit_ == Exit.SERVED else GIVES_UP
        number = len(rows) - 1
        if number:
            u = uniform(item.contact.key, item.leg, item.part, Purpose.BRANCH + exit_)
            cumulated = 0.0
            for candidate, branch in enumerate(rows):
                cumulated += branch.probability
                if u < cumulated:
                    number = candidate
                    break
        branch = rows[number]
        if branch.at_most != NO_LIMIT:
            uses = item.contact.uses or {}
            if uses.get((item.line.index, team, exit_, number), 0) >= branch.at_most:
                return number, GIVES_UP
        return number, branch

    def _count_use(self, item: Item, exit_: int, row: int, branch: Branch) -> None:
        if branch.at_most == NO_LIMIT:
            return
        contact = item.contact
        if contact.uses is None:
            contact.uses = {}
        team = item.crew.index if exit_ == Exit.SERVED and item.crew is not None else -1
        key = (item.line.index, team, exit_, row)
        contact.uses[key] = contact.uses.get(key, 0) + 1

    def _delay(self, item: Item, exit_: int, table: QuantileTable | None) -> int:
        if table is None:
            return 0
        purpose = Purpose.DELAY + exit_
        return int(table.value(uniform(item.contact.key, item.leg, item.part, purpose)))

    # ---- the coming and going of contacts and agents ---------------------------------------------

    def _next_arrival(self) -> None:
        """Arrivals are sorted, so one pending is enough."""
        for at, queue, key, work, patience, head_start in self._arrivals:
            contact = Contact(self._arrived, key, queue, at, work, patience, head_start)
            self._set(at, Kind.ENTERS, contact.number, self.contact_enters, contact, number=1)
            self._arrived += 1
            return

    def _next_span(self, agent: Agent, now: int) -> None:
        """The agent goes off duty or on a break; its return is set, unless a break that keeps its
        length waits for its last item."""
        if not agent.spans:
            return
        start = agent.spans[-1][0]
        busy = agent.free < agent.crew.team.units
        if agent.then_break and agent.crew.team.keep_break_length and busy:
            agent.late_break = start - agent.until
        else:
            self._set(max(start, now), Kind.DUTY_BEGINS, agent.number, self.duty_begins, agent)

    def _begin_late_break(self, agent: Agent) -> None:
        """The break runs its length from now; spans already over by then are skipped. When the
        shift is over by then, so is the break: the agent goes."""
        back = self.now + agent.late_break
        agent.late_break = -1
        while agent.spans and agent.spans[-1][1] <= back:
            agent.then_break = agent.spans.pop()[3]
        agent.note(self.now)
        if agent.spans:
            at = max(agent.spans[-1][0], back)
            self._set(at, Kind.DUTY_BEGINS, agent.number, self.duty_begins, agent)


def _check_bounds(network: Network, workload: Workload) -> None:
    if len(workload) > 1 << order.CONTACT_BITS:
        raise ValueError(f"more than {1 << order.CONTACT_BITS} contacts in one replication")
    if not 0 < network.max_legs <= 1 << order.LEG_BITS:
        raise ValueError(f"max_legs is {network.max_legs}, not 1 to {1 << order.LEG_BITS}")
    for queue in network.queues:
        if max(len(queue.route) + 1, len(queue.limits)) > 1 << order.NUMBER_BITS:
            raise ValueError(f"{queue.name}: more than {1 << order.NUMBER_BITS} steps or limits")
