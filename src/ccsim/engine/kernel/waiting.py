"""Into the line and out of it: what is so of an item as long as it waits."""

from __future__ import annotations

from ccsim.engine.kernel.choice import is_better
from ccsim.engine.kernel.clock import cancel, set_event
from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.draws import UNOBSERVED, instant_of
from ccsim.engine.kernel.layout import *
from ccsim.engine.kernel.state import closing_after, new_item, remove, unlink


@kernel
def enter(m: Ints, contact: int, queue: int, leg: int, part: int, asker: int) -> int:
    now = m[NOW]
    head_start = m[queue + Q_HEAD_START]
    if leg == 0 and part == 0 and m[contact + C_HEAD_START] != UNOBSERVED:
        head_start = m[contact + C_HEAD_START]
    item = new_item(m)
    m[item + I_CONTACT] = contact
    m[item + I_QUEUE] = queue
    m[item + I_NUMBER] = m[contact + C_NUMBER]
    m[item + I_LEG] = leg
    m[item + I_PART] = part
    m[item + I_STATE] = WAITING
    m[item + I_ENTERED] = now
    m[item + I_SINCE] = (m[contact + C_FIRST] if m[queue + Q_SINCE_FIRST] else now) - head_start
    m[item + I_ANSWERED] = -1
    m[item + I_WAITED] = 0
    m[item + I_HELD_FOR] = 0
    m[item + I_AGENT] = 0
    m[item + I_CREW] = 0
    m[item + I_CONSULTED] = 0
    m[item + I_ASKER] = asker
    m[item + I_PENDING] = 0
    return item


@kernel
def is_closed(m: Ints, queue: int) -> bool:
    hours = m[queue + Q_HOURS]
    return hours != 0 and closing_after(m, hours, m[NOW]) < 0


@kernel
def hold(m: Ints, agent: int, item: int) -> None:
    """A contact is held for the agent: after those that the agent's team takes before it. Where
    weights count, whose order changes in time, as they come."""
    crew = m[agent + A_CREW]
    before, behind = m[agent + A_HELD], 0
    if m[crew + W_TAKE] != TAKE_WEIGHTED:
        while before and is_better(m, crew, item, before):
            behind = before
            before = m[before + I_PREVIOUS]
    m[item + I_PREVIOUS] = before
    m[item + I_NEXT] = behind
    m[(before + I_NEXT) if before else (agent + A_HELD_BEST)] = item
    m[(behind + I_PREVIOUS) if behind else (agent + A_HELD)] = item
    m[item + I_HELD_FOR] = agent


@kernel
def let_go(m: Ints, item: int) -> None:
    """It is held no longer, or no longer set aside, for its agent."""
    agent = m[item + I_HELD_FOR]
    m[item + I_HELD_FOR] = 0
    if m[item + I_STATE] == SET_ASIDE:
        unlink(m, agent + A_ASIDE, item, I_PREVIOUS)
        return
    if m[agent + A_HELD_BEST] == item:
        m[agent + A_HELD_BEST] = m[item + I_NEXT]
    unlink(m, agent + A_HELD, item, I_PREVIOUS)


@inlined
def quit_line(m: Ints, item: int) -> None:
    """The item waits no longer."""
    cancel(m, item)
    queue = m[item + I_QUEUE]
    m[item + I_WAITED] += m[NOW] - m[item + I_WAITING_SINCE]
    m[queue + Q_COUNT] -= 1
    if m[item + I_ANSWERED] < 0:
        m[queue + Q_UNANSWERED] -= 1
    if m[item + I_HELD_FOR] == 0:
        remove(m, item)
    else:
        let_go(m, item)


@kernel
def set_timer(m: Ints, item: int, at: int, rank: int) -> None:
    """The next that may happen to an item that waits, after an event of this instant and rank.

    Patience, limits and holds end with the first answer. All that may happen is known, so one
    pending event is enough: the earliest of what is left.
    """
    queue, entered = m[item + I_QUEUE], m[item + I_ENTERED]
    leg = (m[item + I_NUMBER] << LEG_BITS | m[item + I_LEG]) << NUMBER_BITS
    best_at, best = NEVER, 0
    if m[queue + Q_TIMED]:
        steps = m[queue + Q_STEPS]
        for number in range(m[queue + Q_STEPS_COUNT]):
            after = m[steps + STEP_WORDS * number + ST_AFTER]
            due = m[item + I_SINCE] + after
            due_rank = RANK_OF_STEP_OPENS | leg | number
            if (
                after > 0
                and (due > at or (due == at and due_rank > rank))
                and (due < best_at or (due == best_at and due_rank < best))
            ):
                best_at, best = due, due_rank
    if m[item + I_ANSWERED] < 0:
        if m[item + I_HELD_FOR]:
            due = entered + m[queue + Q_HOLD]
            due_rank = RANK_OF_STEP_OPENS | leg | m[queue + Q_STEPS_COUNT]
            if (due > at or (due == at and due_rank > rank)) and (
                due < best_at or (due == best_at and due_rank < best)
            ):
                best_at, best = due, due_rank
        limits = m[queue + Q_LIMITS]
        for number in range(m[queue + Q_LIMITS_COUNT]):
            due = instant_of(m, limits + LIMIT_WORDS * number, entered)
            due_rank = RANK_OF_LIMIT_PASSES | leg | number
            if (due > at or (due == at and due_rank > rank)) and (
                due < best_at or (due == best_at and due_rank < best)
            ):
                best_at, best = due, due_rank
        due, due_rank = m[item + I_PATIENCE_AT], RANK_OF_PATIENCE_ENDS | leg
        if due < best_at or (due == best_at and due_rank < best):
            best_at, best = due, due_rank
    set_event(m, item, best_at, best)
