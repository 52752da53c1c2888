"""Enqueueing, dequeueing and timers of waiting items."""

from __future__ import annotations

from ccsim.engine.kernel.choice import is_better
from ccsim.engine.kernel.clock import cancel, set_event
from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.constants import (
    LEG_BITS,
    NEVER,
    NO_AGENT,
    NO_ITEM,
    NO_TEAM,
    NOT_YET,
    NUMBER_BITS,
    PREEMPTED,
    RANK_OF_LIMIT_PASSES,
    RANK_OF_PATIENCE_ENDS,
    RANK_OF_STEP_OPENS,
    UNOBSERVED,
    WAITING,
)
from ccsim.engine.kernel.draws import instant_of
from ccsim.engine.kernel.layout import Agent, Contact, Item, Limit, Queue, Run, Step
from ccsim.engine.kernel.state import closing_after, new_item, remove, unlink
from ccsim.engine.kernel.structs import Instant, Memory, nth


@kernel
def enter(m: Memory, contact: Contact, queue: Queue, leg: int, part: int, asker: Item) -> Item:
    now = m[Run.now]
    waits_from = now
    if leg == 0 and part == 0 and m[contact + Contact.head_start] != UNOBSERVED:
        waits_from = now - m[contact + Contact.head_start]
    item = new_item(m)
    m[item + Item.contact] = contact
    m[item + Item.queue] = queue
    m[item + Item.number] = m[contact + Contact.number]
    m[item + Item.leg] = leg
    m[item + Item.part] = part
    m[item + Item.state] = WAITING
    m[item + Item.entered] = now
    m[item + Item.waits_from] = waits_from
    m[item + Item.since] = waits_from - m[queue + Queue.head_start]
    m[item + Item.answered] = NOT_YET
    m[item + Item.waited] = 0
    m[item + Item.held_for] = NO_AGENT
    m[item + Item.agent] = NO_AGENT
    m[item + Item.team] = NO_TEAM
    m[item + Item.consulted] = 0
    m[item + Item.asker] = asker
    m[item + Item.pending] = 0
    return item


@kernel
def is_closed(m: Memory, queue: Queue) -> bool:
    hours = m[queue + Queue.hours]
    return bool(hours) and closing_after(m, hours, m[Run.now]) == NOT_YET


@kernel
def hold(m: Memory, agent: Agent, item: Item) -> None:
    """Hold a contact for the agent, behind those that the agent's team takes before it."""
    team = m[agent + Agent.team]
    before, behind = m[agent + Agent.held], NO_ITEM
    while before and is_better(m, team, item, before):
        behind = before
        before = m[before + Item.previous]
    m[item + Item.previous] = before
    m[item + Item.next] = behind
    m[(before + Item.next) if before else (agent + Agent.held_best)] = item
    m[(behind + Item.previous) if behind else (agent + Agent.held)] = item
    m[item + Item.held_for] = agent


@kernel
def let_go(m: Memory, item: Item) -> None:
    """End the time for which an item is held for its agent, or is to be resumed by it."""
    agent = m[item + Item.held_for]
    m[item + Item.held_for] = NO_AGENT
    if m[item + Item.state] == PREEMPTED:
        unlink(m, agent + Agent.preempted, item, Item.previous)
        return
    if m[agent + Agent.held_best] == item:
        m[agent + Agent.held_best] = m[item + Item.next]
    unlink(m, agent + Agent.held, item, Item.previous)


@inlined
def quit_queue(m: Memory, item: Item) -> None:
    """End the wait of an item."""
    cancel(m, item)
    queue = m[item + Item.queue]
    m[item + Item.waited] += m[Run.now] - m[item + Item.waiting_since]
    m[queue + Queue.count] -= 1
    if m[item + Item.answered] == NOT_YET:
        m[queue + Queue.unanswered] -= 1
    if not m[item + Item.held_for]:
        remove(m, item)
    else:
        let_go(m, item)


@kernel
def set_timer(m: Memory, item: Item, at: Instant, rank: int) -> None:
    """The next that may happen to an item that waits, after an event of this instant and rank.

    Patience, limits and holds end with the first answer. All that may happen is known, so one
    pending event is enough: the earliest of what is left.
    """
    queue, entered = m[item + Item.queue], m[item + Item.entered]
    leg = (m[item + Item.number] << LEG_BITS | m[item + Item.leg]) << NUMBER_BITS
    best_at, best = NEVER, 0
    if m[queue + Queue.timed]:
        steps = m[queue + Queue.steps]
        for number in range(m[queue + Queue.steps_count]):
            after = m[nth(Step, steps, number) + Step.after]
            due = m[item + Item.waits_from] + after
            due_rank = RANK_OF_STEP_OPENS | leg | number
            if (
                after > 0
                and (due > at or (due == at and due_rank > rank))
                and (due < best_at or (due == best_at and due_rank < best))
            ):
                best_at, best = due, due_rank
    if m[item + Item.answered] == NOT_YET:
        if m[item + Item.held_for]:
            due = entered + m[queue + Queue.hold]
            due_rank = RANK_OF_STEP_OPENS | leg | m[queue + Queue.steps_count]
            if (due > at or (due == at and due_rank > rank)) and (
                due < best_at or (due == best_at and due_rank < best)
            ):
                best_at, best = due, due_rank
        limits = m[queue + Queue.limits]
        for number in range(m[queue + Queue.limits_count]):
            due = instant_of(m, nth(Limit, limits, number), entered)
            due_rank = RANK_OF_LIMIT_PASSES | leg | number
            if (due > at or (due == at and due_rank > rank)) and (
                due < best_at or (due == best_at and due_rank < best)
            ):
                best_at, best = due, due_rank
        due, due_rank = m[item + Item.patience_at], RANK_OF_PATIENCE_ENDS | leg
        if due < best_at or (due == best_at and due_rank < best):
            best_at, best = due, due_rank
    set_event(m, item, best_at, best)
