"""Every fault planted in either engine is caught by comparing it with the other.

One by one: events in the wrong order, lost work, thresholds off by one, stale lists, wrong ties.
"""

from __future__ import annotations

import contextlib
import ctypes
import random
import threading
from collections.abc import Iterator

import pytest

from ccsim.engine import reference
from tests.crowds import crowded_case
from tests.networks import random_case
from tests.twin.mutants import Fault, difference, engines

TELLING = (6415,)  # networks that show what is seldom seen: unlike units held for one agent
ENDLESS = 30.0  # s; a network is played in less than one
ENOUGH = 2500  # networks, every second a crowd; most faults are seen within fifty

COMPILED = {
    "duty begins after all else": Fault(
        "kernel/constants.py",
        "RANK_OF_DUTY_BEGINS: Final = (1 + int(order.Kind.DUTY_BEGINS)) << order.ID_BITS",
        "RANK_OF_DUTY_BEGINS: Final = (5 + int(order.Kind.DUTY_BEGINS)) << order.ID_BITS",
    ),
    "patience ends before limits pass": Fault(
        "kernel/constants.py",
        "RANK_OF_PATIENCE_ENDS: Final = (1 + int(order.Kind.PATIENCE_ENDS)) << order.ID_BITS",
        "RANK_OF_PATIENCE_ENDS: Final = (1 + int(order.Kind.STEP_OPENS)) << order.ID_BITS",
    ),
    "what is far is looked at too late": Fault(
        "kernel/clock.py",
        "m[Run.far_look] = m[Run.slot] + m[Run.slots]",
        "m[Run.far_look] = m[Run.slot] + 2 * m[Run.slots]",
    ),
    "a slot is read one too late": Fault(
        "kernel/clock.py",
        "ahead <= 0",
        "ahead < 0",
    ),
    "the next in a slot keeps its neighbour who left": Fault(
        "kernel/clock.py",
        "m[behind + Owner.link] = word",
        "m[behind + Owner.link] += 0",
    ),
    "a lost wrap-up": Fault(
        "kernel/handlers.py",
        "if wrap_up: ...",
        "if wrap_up < 0: ...",
    ),
    "a threshold one too high": Fault(
        "kernel/choice.py",
        "m[queue + Queue.count] >= m[step + Step.when_waiting]",
        "m[queue + Queue.count] > m[step + Step.when_waiting]",
    ),
    "one agent too many kept idle": Fault(
        "kernel/state.py",
        "found > keep_idle and found > 0",
        "found > keep_idle + 1 and found > 0",
    ),
    "of two idle alike the higher number": Fault(
        "kernel/state.py",
        "m[before + Agent.number] > number",
        "m[before + Agent.number] < number",
    ),
    "of equal ranks the first team": Fault(
        "kernel/choice.py",
        "agent and (not best or is_freer(m, agent, best))",
        "agent and not best",
    ),
    "of equal ranks the more free units, not the larger share": Fault(
        "kernel/choice.py",
        "ours = m[agent + Agent.free] * m[m[other + Agent.team] + Team.units]",
        "ours = m[agent + Agent.free] * m[m[agent + Agent.team] + Team.units]",
    ),
    "of equal ranks the one who changed last": Fault(
        "kernel/choice.py",
        "return since < other_since",
        "return since > other_since",
    ),
    "of equal ranks alike the higher number": Fault(
        "kernel/choice.py",
        "return m[agent + Agent.number] < m[other + Agent.number]",
        "return m[agent + Agent.number] > m[other + Agent.number]",
    ),
    "an agent stays on its shelf": Fault(
        "kernel/handlers.py",
        "remove_from_shelf(m, agent)",
        "m[m[agent + Agent.team] + Team.free] += 0",
    ),
    "the last of a line is forgotten": Fault(
        "kernel/state.py",
        "m[head + Head.tail + level] = NO_ITEM if at == head else at",
        "m[head + Head.tail + level] = 0",
    ),
    "equals interrupt equals": Fault(
        "kernel/choice.py",
        "m[queue + Queue.interruptible] and m[queue + Queue.priority] > priority",
        "m[queue + Queue.interruptible] and m[queue + Queue.priority] >= priority",
    ),
    "work taken over is rounded down": Fault(
        "kernel/draws.py",
        "return quotient + 1 if left else quotient",
        "return quotient",
    ),
    "a row may be used once more": Fault(
        "kernel/draws.py",
        "at_most >= 0 and m[contact + Contact.uses + m[branch + Branch.use]] >= at_most",
        "at_most >= 0 and m[contact + Contact.uses + m[branch + Branch.use]] > at_most",
    ),
    "a line is kept over a delay": Fault(
        "kernel/exits.py",
        "onward >= 0 and at == now and m[going_to + Queue.trunk] == trunk",
        "onward >= 0 and m[going_to + Queue.trunk] == trunk",
    ),
    "one waits beyond the room": Fault(
        "kernel/handlers.py",
        "m[queue + Queue.unanswered] > room",
        "m[queue + Queue.unanswered] > room + 1",
    ),
    "a span over by then is not skipped": Fault(
        "kernel/work.py",
        "m[span + Span.until] <= back",
        "m[span + Span.until] < back",
    ),
    "agents help themselves": Fault(
        "kernel/choice.py",
        "asker and m[asker + Item.agent] == agent",
        "asker < 0",
    ),
    "a consult after each take-over": Fault(
        "kernel/draws.py",
        "part or m[item + Item.consulted]",
        "part",
    ),
    "helpers dial too": Fault(
        "kernel/offers.py",
        "m[item + Item.part] or trunk == held",
        "trunk == held",
    ),
    "more dialled than there are is one free": Fault(
        "kernel/handlers.py",
        "m[trunk] <= 0",
        "m[trunk] == 0",
    ),
    "who takes over is freed first": Fault(
        "kernel/handlers.py",
        "goes_on(m, item)",
        "goes_on(m, item) and m[Run.now] < 0",
    ),
    "what is handed over may lead beyond the bound": Fault(
        "kernel/choice.py",
        "m[item + Item.leg] + 1 >= m[Run.max_legs]",
        "m[item + Item.leg] > m[Run.max_legs]",
    ),
    "one leg beyond the bound": Fault(
        "kernel/exits.py",
        "m[item + Item.leg] + 1 >= m[Run.max_legs]",
        "m[item + Item.leg] + 1 > m[Run.max_legs]",
    ),
    "a delay ends at closing time": Fault(
        "kernel/state.py",
        "until - start > amount",
        "until - start >= amount",
    ),
    "remaining work is rounded down": Fault(
        "kernel/work.py",
        "(left + rate - 1) // rate",
        "left // rate",
    ),
    "what is preempted makes no line longer": Fault(
        "kernel/work.py",
        "put_in_ring(m, GROWN, address(m[item + Item.queue]))",
        "pass",
    ),
    "of a line that is left to others only the first is offered": Fault(
        "kernel/offers.py",
        "m[queue + Queue.watched] = m[Run.watch]",
        "",
    ),
    "a line that grew at the end of duty is not offered": Fault(
        "kernel/handlers.py",
        ("while queue:\n    watch(m, queue)\n    queue = handle(Queue, take_from_ring(m, GROWN))"),
        ("while queue:\n    queue = handle(Queue, take_from_ring(m, GROWN))"),
    ),
    "equals are the latest to yield": Fault(
        "kernel/choice.py",
        "m[m[preemptible + Item.queue] + Queue.priority] > priority",
        "m[m[preemptible + Item.queue] + Queue.priority] >= priority",
    ),
    "of latest items alike the higher agent": Fault(
        "kernel/choice.py",
        "not best or started > best_started or m[agent + Agent.number] < m[best + Agent.number]",
        "not best or started > best_started",
    ),
    "what may not be interrupted gives way": Fault(
        "kernel/offers.py",
        "m[queue + Queue.interruptible] and m[queue + Queue.priority] > priority",
        "m[queue + Queue.priority] > priority",
    ),
    "equals give way": Fault(
        "kernel/offers.py",
        "m[queue + Queue.interruptible] and m[queue + Queue.priority] > priority",
        "m[queue + Queue.interruptible] and m[queue + Queue.priority] >= priority",
    ),
    "the part of a line that came first does not walk first": Fault(
        "kernel/handlers.py",
        "one and other and before_in_place(m, other, one)",
        "one and other",
    ),
    "what was handed over gives way to nobody": Fault(
        "kernel/exits.py",
        ("answer(m, f, item, team, agent)\nm[Run.moving] = agent"),
        ("answer(m, f, item, team, agent)\nm[Run.moving] = agent if m[agent + Agent.free] else 0"),
    ),
    "one draw in a million is read beside its table": Fault(
        "kernel/draws.py",
        (
            "x = (x - 1023.0) * 1024.0\n"
            "grid += GRID_WORDS\n"
            "if x >= 1023.0:\n"
            "    x = (x - 1023.0) * 1024.0\n"
            "    grid += GRID_WORDS"
        ),
        (
            "x = (x - 1023.0) * 1024.0\n"
            "grid += GRID_WORDS\n"
            "if x >= 1023.0:\n"
            "    x = x - 1023.0\n"
            "    grid += GRID_WORDS"
        ),
    ),
    "the outermost table is not read": Fault(
        "kernel/draws.py",
        ("if x >= 1023.0:\n    x = (x - 1023.0) * 1024.0\n    grid += GRID_WORDS"),
        ("if x >= 2048.0:\n    x = (x - 1023.0) * 1024.0\n    grid += GRID_WORDS"),
    ),
    "those held for an agent stand as they came": Fault(
        "kernel/waiting.py",
        "before and is_better(m, team, item, before)",
        "before < 0",
    ),
    "only the first of those held is looked at": Fault(
        "kernel/choice.py",
        (
            "while item and (not best or is_better(m, team, item, best)):\n"
            "    if agent_can_take(m, item, agent):\n"
            "        best = item\n"
            "        break\n"
            "    item = m[item + Item.next]"
        ),
        (
            "while item and (not best or is_better(m, team, item, best)):\n"
            "    if agent_can_take(m, item, agent):\n"
            "        best = item\n"
            "        break\n"
            "    item = NO_ITEM"
        ),
    ),
    "the best of those held leaves nobody behind": Fault(
        "kernel/waiting.py",
        "m[agent + Agent.held_best] = m[item + Item.next]",
        "m[agent + Agent.held_best] = 0",
    ),
    "a step outwaited at entry is open": Fault(
        "kernel/state.py",
        "m[Run.now] - m[item + Item.waits_from] - 1",
        "m[Run.now] - m[item + Item.waits_from]",
    ),
    "an agent who is back too late is waited for": Fault(
        "kernel/choice.py",
        "m[agent + Agent.back] <= m[item + Item.entered] + hold",
        "m[agent + Agent.back] <= m[item + Item.entered] + 2 * hold",
    ),
    "who comes is held for an agent who has gone home": Fault(
        "kernel/handlers.py",
        "if back_in_time(m, item, agent): ...",
        "if m[m[item + Item.queue] + Queue.hold] > 0: ...",
    ),
    "all who are held are released at a break": Fault(
        "kernel/handlers.py",
        "not back_in_time(m, item, agent)",
        "agent",
    ),
    "a break that waits for the last item is thought to end as planned": Fault(
        "kernel/work.py",
        "m[agent + Agent.back] = NEVER",
        "m[agent + Agent.back] = m[span + Span.start]",
    ),
    "a head start opens later steps sooner": Fault(
        "kernel/waiting.py",
        "due = m[item + Item.waits_from] + after",
        "due = m[item + Item.since] + after",
    ),
    "a wait before the entry counts for the place only": Fault(
        "kernel/waiting.py",
        "m[item + Item.waits_from] = waits_from",
        "m[item + Item.waits_from] = now",
    ),
}
REFERENCE = {
    "those held for an agent stand as they came": Fault(
        "state.py",
        "insort(self.held, item, key=self.team.key)",
        "self.held.append(item)",
    ),
    "of equal ranks the more free units, not the larger share": Fault(
        "choice.py",
        "ours, theirs = agent.free * other.team.spec.units, other.free * agent.team.spec.units",
        "ours, theirs = agent.free, other.free",
    ),
    "of equal ranks alike the higher number": Fault(
        "choice.py",
        "(agent.changed, agent.number) < (other.changed, other.number)",
        "(agent.changed, -agent.number) < (other.changed, -other.number)",
    ),
    "of latest items alike the higher agent": Fault(
        "choice.py",
        "agent.number < best.number",
        "agent.number > best.number",
    ),
    "what moves again is offered before what is free": Fault(
        "offers.py",
        (
            "if self.freed:\n"
            "    self.offer(self.freed.pop(0))\n"
            "elif self.moving:\n"
            "    self.offer(self.moving.pop(0))\n"
            "elif self.grown:\n"
            "    self.offer_by_place([], [self.grown.pop(0)])\n"
            "elif self.spare:\n"
            "    self.offer(self.spare.pop(0))\n"
            "else:\n"
            "    return"
        ),
        (
            "if self.moving:\n"
            "    self.offer(self.moving.pop(0))\n"
            "elif self.freed:\n"
            "    self.offer(self.freed.pop(0))\n"
            "elif self.grown:\n"
            "    self.offer_by_place([], [self.grown.pop(0)])\n"
            "elif self.spare:\n"
            "    self.offer(self.spare.pop(0))\n"
            "else:\n"
            "    return"
        ),
    ),
    "who took over gives nothing else away": Fault(
        "reference.py",
        ("self.answer(item, agent.team, agent)\nself.moving.append(agent)"),
        "self.answer(item, agent.team, agent)",
    ),
    "who hands over asks too": Fault(
        "draws.py",
        "item.branch is not None and item.branch.handover != NO_QUEUE",
        "item.branch is not None and item.branch.handover > 0",
    ),
    "patience starts anew after an answer": Fault(
        "waiting.py",
        ("if item.answered >= 0:\n    return"),
        "",
    ),
    "an agent who is back too late is waited for": Fault(
        "choice.py",
        "agent.back <= item.entered + affinity.hold",
        "agent.back <= item.entered + 2 * affinity.hold",
    ),
    "who comes is held for an agent who has gone home": Fault(
        "reference.py",
        "if choice.back_in_time(item, agent): ...",
        "if item.spec.affinity.hold > 0: ...",
    ),
    "all who are held are released at a break": Fault(
        "reference.py",
        "held = [item for item in agent.held if choice.back_in_time(item, agent)]",
        "held = []",
    ),
    "a head start opens later steps sooner": Fault(
        "waiting.py", "at = item.waits_from + step.after", "at = item.since + step.after"
    ),
}


@pytest.mark.parametrize("name", COMPILED)
def test_a_fault_in_the_kernel_is_caught(name: str) -> None:
    with engines(COMPILED[name]) as faulty:
        assert _is_caught(faulty.compiled.simulate)


@pytest.mark.parametrize("name", REFERENCE)
def test_a_fault_in_the_reference_is_caught(name: str) -> None:
    from ccsim.engine import compiled

    with engines(REFERENCE[name]) as faulty:
        assert _is_caught(faulty.reference.simulate, compiled.simulate)


class EndlessError(Exception):
    """Raised in an engine that does not end."""


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise EndlessError in this thread when the block takes longer: some faults close a list to a
    circle, and then the faulty engine runs for ever, which is a difference, too."""
    thread = ctypes.c_ulong(threading.get_ident())
    error = ctypes.py_object(EndlessError)
    timer = threading.Timer(
        seconds, ctypes.pythonapi.PyThreadState_SetAsyncExc, args=(thread, error)
    )
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _is_caught(faulty: object, sound: object = reference.simulate) -> bool:
    for seed in (*TELLING, *range(ENOUGH)):
        make = crowded_case if seed % 2 else random_case
        case = make(random.Random(seed))
        given = case.network, case.roster, case.workload
        expected = sound(*given)  # type: ignore[operator]
        try:
            with _at_most(ENDLESS):
                found = faulty(*given)  # type: ignore[operator]
        except Exception:
            return True
        if difference(expected, found) is not None:
            return True
    return False
