"""Every fault planted in either engine is caught by comparing it with the other.

One by one: events in the wrong order, lost work, thresholds off by one, stale lists, wrong ties.
"""

from __future__ import annotations

import random

import pytest

from ccsim.engine import reference
from tests.crowds import crowded_case
from tests.networks import random_case
from tests.twin.mutants import Fault, difference, engines

ENOUGH = 2500  # networks, every second a crowd; most faults are seen within fifty

COMPILED = {
    "duty begins after all else": Fault(
        "kernel/layout.py",
        "RANK_OF_DUTY_BEGINS = (1 + int(order.Kind.DUTY_BEGINS))",
        "RANK_OF_DUTY_BEGINS = (5 + int(order.Kind.DUTY_BEGINS))",
    ),
    "patience ends before limits pass": Fault(
        "kernel/layout.py",
        "RANK_OF_PATIENCE_ENDS = (1 + int(order.Kind.PATIENCE_ENDS))",
        "RANK_OF_PATIENCE_ENDS = (1 + int(order.Kind.STEP_OPENS))",
    ),
    "what is far is looked at too late": Fault(
        "kernel/clock.py",
        "m[FAR_LOOK] = m[SLOT] + m[SLOTS]\n    owner",
        "m[FAR_LOOK] = m[SLOT] + 2 * m[SLOTS]\n    owner",
    ),
    "a slot is read one too late": Fault("kernel/clock.py", "if ahead <= 0:", "if ahead < 0:"),
    "the next in a slot keeps its neighbour who left": Fault(
        "kernel/clock.py",
        "        m[behind + DUE_WORD] = word",
        "        m[behind + DUE_WORD] += 0",
    ),
    "a lost wrap-up": Fault("kernel/handlers.py", "    if wrap_up:\n", "    if wrap_up < 0:\n"),
    "a threshold one too high": Fault(
        "kernel/choice.py",
        "m[queue + Q_COUNT] >= m[step + ST_WHEN_WAITING]",
        "m[queue + Q_COUNT] > m[step + ST_WHEN_WAITING]",
    ),
    "one agent too many kept idle": Fault(
        "kernel/state.py", "found > keep_idle and found > 0", "found > keep_idle + 1 and found > 0"
    ),
    "of two idle alike the higher number": Fault(
        "kernel/state.py",
        "m[before + A_NUMBER] > number",
        "m[before + A_NUMBER] < number",
    ),
    "of equal ranks the first team": Fault(
        "kernel/choice.py",
        "if agent and (best == 0 or is_freer(m, agent, best)):",
        "if agent and best == 0:",
    ),
    "of equal ranks the more free units, not the larger share": Fault(
        "kernel/choice.py",
        "ours = m[agent + A_FREE] * m[m[other + A_CREW] + W_UNITS]",
        "ours = m[agent + A_FREE] * m[m[agent + A_CREW] + W_UNITS]",
    ),
    "of equal ranks the one who changed last": Fault(
        "kernel/choice.py", "return ours < theirs", "return ours > theirs"
    ),
    "of equal ranks alike the higher number": Fault(
        "kernel/choice.py",
        "return m[agent + A_NUMBER] < m[other + A_NUMBER]",
        "return m[agent + A_NUMBER] > m[other + A_NUMBER]",
    ),
    "an agent stays on its shelf": Fault(
        "kernel/handlers.py", "    strike(m, agent)\n", "    m[m[agent + A_CREW] + W_FREE] += 0\n"
    ),
    "the last of a line is forgotten": Fault(
        "kernel/state.py",
        "m[head + I_TAIL + level] = 0 if at == head else at",
        "m[head + I_TAIL + level] = 0",
    ),
    "equals interrupt equals": Fault(
        "kernel/choice.py",
        "if m[queue + Q_INTERRUPTIBLE] and m[queue + Q_PRIORITY] > priority:",
        "if m[queue + Q_INTERRUPTIBLE] and m[queue + Q_PRIORITY] >= priority:",
    ),
    "work taken over is rounded down": Fault(
        "kernel/draws.py", "return quotient + 1 if left else quotient", "return quotient"
    ),
    "a row may be used once more": Fault("kernel/draws.py", ">= at_most:", "> at_most:"),
    "a line is kept over a delay": Fault(
        "kernel/handlers.py", "onward >= 0 and at == now and m[going", "onward >= 0 and m[going"
    ),
    "one waits beyond the room": Fault(
        "kernel/handlers.py", "m[queue + Q_UNANSWERED] > room", "m[queue + Q_UNANSWERED] > room + 1"
    ),
    "a span over by then is not skipped": Fault(
        "kernel/work.py", "m[span + SPAN_UNTIL] <= back", "m[span + SPAN_UNTIL] < back"
    ),
    "agents help themselves": Fault(
        "kernel/choice.py", "if asker and m[asker + I_AGENT] == agent:", "if asker < 0:"
    ),
    "a consult after each take-over": Fault(
        "kernel/draws.py", "if part or m[item + I_CONSULTED]:", "if part:"
    ),
    "helpers dial too": Fault(
        "kernel/offers.py", "if m[item + I_PART] or trunk == held:", "if trunk == held:"
    ),
    "more dialled than there are is one free": Fault(
        "kernel/handlers.py", "if m[trunk] <= 0:", "if m[trunk] == 0:"
    ),
    "who takes over is freed first": Fault(
        "kernel/handlers.py", "if goes_on(m, item):", "if goes_on(m, item) and m[NOW] < 0:"
    ),
    "what is handed over may lead beyond the bound": Fault(
        "kernel/choice.py", "m[item + I_LEG] + 1 >= m[MAX_LEGS]", "m[item + I_LEG] > m[MAX_LEGS]"
    ),
    "one leg beyond the bound": Fault(
        "kernel/handlers.py",
        "m[item + I_LEG] + 1 >= m[MAX_LEGS]",
        "m[item + I_LEG] + 1 > m[MAX_LEGS]",
    ),
    "a delay ends at closing time": Fault(
        "kernel/state.py", "if until - start > amount:", "if until - start >= amount:"
    ),
    "remaining work is rounded down": Fault(
        "kernel/work.py", "(left + rate - 1) // rate", "left // rate"
    ),
    "what is set aside makes no line longer": Fault(
        "kernel/work.py", "        put_in_ring(m, GROWN, m[item + I_QUEUE])\n", "        pass\n"
    ),
    "of a line that is left to others only the first is offered": Fault(
        "kernel/offers.py", "    m[queue + Q_WATCHED] = m[WATCH]\n", ""
    ),
    "a line that grew at the end of duty is not offered": Fault(
        "kernel/handlers.py",
        "    while queue:\n        watch(m, queue)\n",
        "    while queue:\n",
    ),
    "equals are the latest to yield": Fault(
        "kernel/choice.py",
        "m[m[yielding + I_QUEUE] + Q_PRIORITY] > priority",
        "m[m[yielding + I_QUEUE] + Q_PRIORITY] >= priority",
    ),
    "of latest items alike the higher agent": Fault(
        "kernel/choice.py",
        "best == 0 or started > best_started or m[agent + A_NUMBER] < m[best + A_NUMBER]",
        "best == 0 or started > best_started",
    ),
    "what may not be interrupted gives way": Fault(
        "kernel/offers.py",
        "if m[queue + Q_INTERRUPTIBLE] and m[queue + Q_PRIORITY] > priority:",
        "if m[queue + Q_PRIORITY] > priority:",
    ),
    "equals give way": Fault(
        "kernel/offers.py",
        "if m[queue + Q_INTERRUPTIBLE] and m[queue + Q_PRIORITY] > priority:",
        "if m[queue + Q_INTERRUPTIBLE] and m[queue + Q_PRIORITY] >= priority:",
    ),
    "the part of a line that came first does not walk first": Fault(
        "kernel/handlers.py",
        "if one and other and before_in_place(m, other, one):",
        "if one and other:",
    ),
    "what was handed over gives way to nobody": Fault(
        "kernel/handlers.py",
        "    answer(m, f, item, crew, agent)\n    m[MOVING] = agent\n",
        "    answer(m, f, item, crew, agent)\n    m[MOVING] = agent if m[agent + A_FREE] else 0\n",
    ),
    "one draw in a million is read beside its table": Fault(
        "kernel/draws.py",
        "            x = (x - 1023.0) * 1024.0\n            grid",
        "            x = x - 1023.0\n            grid",
    ),
    "the outermost table is not read": Fault(
        "kernel/draws.py",
        "        if x >= 1023.0:\n            x",
        "        if x >= 2048.0:\n            x",
    ),
    "those held for an agent stand as they came": Fault(
        "kernel/waiting.py",
        "while before and is_better(m, crew, item, before):",
        "while before < 0:",
    ),
    "only the first of those held is looked at": Fault(
        "kernel/choice.py",
        "item = 0 if best == item and not weighted else m[item + I_NEXT]",
        "item = 0",
    ),
    "the best of those held leaves nobody behind": Fault(
        "kernel/waiting.py",
        "m[agent + A_HELD_BEST] = m[item + I_NEXT]",
        "m[agent + A_HELD_BEST] = 0",
    ),
    "a step outwaited at entry is open": Fault(
        "kernel/state.py", "m[NOW] - m[item + I_SINCE] - 1", "m[NOW] - m[item + I_SINCE]"
    ),
}
REFERENCE = {
    "those held for an agent stand as they came": Fault(
        "state.py",
        "insort(self.held, item, key=lambda other: self.crew.key(other, now))",
        "self.held.append(item)",
    ),
    "of equal ranks the more free units, not the larger share": Fault(
        "choice.py",
        "ours, theirs = agent.free * other.crew.team.units, other.free * agent.crew.team.units",
        "ours, theirs = agent.free, other.free",
    ),
    "of equal ranks alike the higher number": Fault(
        "choice.py",
        "(agent.changed, agent.number) < (other.changed, other.number)",
        "(agent.changed, -agent.number) < (other.changed, -other.number)",
    ),
    "of latest items alike the higher agent": Fault(
        "choice.py", "agent.number < best.number", "agent.number > best.number"
    ),
    "what moves again is offered before what is free": Fault(
        "reference.py",
        "            if self.freed:\n                self._offer(self.freed.pop(0))\n"
        "            elif self.moving:\n                self._offer(self.moving.pop(0))\n",
        "            if self.moving:\n                self._offer(self.moving.pop(0))\n"
        "            elif self.freed:\n                self._offer(self.freed.pop(0))\n",
    ),
    "who took over gives nothing else away": Fault(
        "reference.py",
        "        self._answer(item, agent.crew, agent)\n        self.moving.append(agent)\n",
        "        self._answer(item, agent.crew, agent)\n",
    ),
    "who hands over asks too": Fault(
        "draws.py",
        "item.branch.handover != NO_QUEUE:\n        item.consult_left",
        "item.branch.handover > 0:\n        item.consult_left",
    ),
    "weights count twice": Fault(
        "state.py", "-item.queue.weight * (now", "-item.queue.weight**2 * (now"
    ),
    "patience starts anew after an answer": Fault(
        "waiting.py", "        if item.answered >= 0:\n            return\n", ""
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


def _is_caught(faulty: object, sound: object = reference.simulate) -> bool:
    for seed in range(ENOUGH):
        make = crowded_case if seed % 2 else random_case
        case = make(random.Random(seed))
        given = case.network, case.roster, case.workload
        expected = sound(*given)  # type: ignore[operator]
        try:
            found = faulty(*given)  # type: ignore[operator]
        except Exception:
            return True
        if difference(expected, found) is not None:
            return True
    return False
