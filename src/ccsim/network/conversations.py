"""Contacts of several replies as queues and branches.

After a reply the contact goes, with the chance that the customer writes again, to the line of
later turns: after the pause, for its agent first. That makes the number of replies geometric. What
follows a contact (escalation, resolution, repeats) follows its last reply. What waits for others
goes to the line of resumed work after their delay. In all of them nobody gives up and no door is
closed.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

from ccsim.network.model import (
    NO_LIMIT,
    Affinity,
    Branch,
    Label,
    OwnAgent,
    Queue,
    Step,
)
from ccsim.network.names import QueueName
from ccsim.network.plan import NetworkPlan
from ccsim.network.services import service_of
from ccsim.numerics.elementary import log
from ccsim.scenario.conversations import (
    BACKLOG,
    RESUMED,
    TURNS,
    base_stage,
    line_kind,
    of_stage,
    same_agent_for,
    turns_of,
    waits_for_of,
)

UNSEEN = 1e-6  # conversations with more legs than the bound, as a share
MOST_LEGS = 4096


def legs_of_conversations(plan: NetworkPlan) -> int:
    """How many more legs contacts need so that all but a few in a million end before the bound."""
    more: Counter[QueueName] = Counter()
    for name in plan.queues:
        kind = line_kind(name.stage)
        if kind == RESUMED:
            more[name.first] += 1
        elif kind == TURNS:
            turns = turns_of(plan.scenario, name.contact, name.channel, base_stage(name.stage))
            assert turns is not None  # or there would be no such line
            more[name.first] += math.ceil(log(UNSEEN) / log(1.0 - 1.0 / turns.mean))
    return max(more.values(), default=0)


def in_conversation(
    plan: NetworkPlan, queue: QueueName, rows: tuple[Branch, ...], resumed: bool = False
) -> tuple[Branch, ...]:
    """The rows after a reply at the queue's stage: the next turn, waiting for others, and `rows`
    after the last one. `resumed`: after work that has been taken up again."""
    scenario = plan.scenario
    rows = _with_reopened(plan, queue, rows)
    if resumed:
        return rows
    more: list[Branch] = []
    left = 1.0
    turns = turns_of(scenario, queue.contact, queue.channel, queue.stage)
    if turns is not None and turns.mean > 1.0:
        again = 1.0 - 1.0 / turns.mean
        line = _line(plan, queue, TURNS)
        more.append(Branch(again, line, Label.REPLIED, delay=plan.tables.delay(turns.pause)))
        left -= again
    waits = waits_for_of(scenario, queue.contact, queue.channel, queue.stage)
    if waits is not None and waits.share > 0.0:
        line = _line(plan, queue, RESUMED)
        delay = plan.tables.delay(waits.delay)
        more.append(Branch(left * waits.share, line, Label.WAITS, delay=delay))
        left *= 1.0 - waits.share
    if not more:
        return rows
    rest = (replace(row, probability=row.probability * left) for row in rows)
    return (*more, *(row for row in rest if row.probability > 0.0))


def _with_reopened(
    plan: NetworkPlan, queue: QueueName, rows: tuple[Branch, ...]
) -> tuple[Branch, ...]:
    """The rows with a part of the resolved coming back."""
    reopened = plan.scenario.contacts[queue.contact].reopened
    if reopened is None or reopened.share == 0.0:
        return rows
    found: list[Branch] = []
    for row in rows:
        if row.label is Label.RESOLVED:
            stage = plan.stage(queue)
            keeps = stage is not None and stage.keeps_case is not None
            back = Branch(
                row.probability * reopened.share,
                plan.index(queue) if keeps else plan.entry(queue),
                Label.REOPENED,
                delay=plan.tables.delay(reopened.delay),
                hours=plan.opening_hours(queue.channel),
            )
            found += [replace(row, probability=row.probability * (1.0 - reopened.share)), back]
        else:
            found.append(row)
    return tuple(row for row in found if row.probability > 0.0)


def conversation_queue(
    plan: NetworkPlan,
    name: QueueName,
    base: Queue,
    route: tuple[Step, ...],
    after_resumed: dict[str, tuple[Branch, ...]],
) -> Queue:
    """The line of later turns, of resumed work, or of a backlog, beside the line `base` of its
    stage. `after_resumed`: the rows after resumed work by team."""
    kind = line_kind(name.stage)
    queue = replace(base, name=str(name), route=route, hours=None, closed=())
    if kind == BACKLOG:
        return queue
    queue = replace(
        queue,
        patience=None,
        head_start=0,
        lines=-1,
        room=NO_LIMIT,
        abandoned=(),
        no_line=(),
        no_room=(),
        limits=(),
    )
    stage = QueueName(name.contact, name.channel, base_stage(name.stage))
    hold = same_agent_for(plan.scenario, name.contact, name.channel, name.stage)
    if kind == TURNS:
        return _held(queue, hold)
    waits = waits_for_of(plan.scenario, name.contact, name.channel, stage.stage)
    assert waits is not None
    handle = plan.handle(stage) if waits.handle is None else waits.handle
    serving = plan.teams_of(name)
    services = tuple(
        service_of(plan, stage, team, handle, after_resumed[team]) if team in serving else None
        for team in plan.teams
    )
    queue = replace(
        queue,
        services=services,
        effort=plan.tables.effort(handle),
        wrap_up=plan.tables.wrap_up(handle),
        effort_by_contact=base.effort_by_contact and waits.handle is None,
    )
    return _held(queue, hold)


def _held(queue: Queue, hold: int | None) -> Queue:
    """For the last agent first; where nothing is said, as the line that it stands beside."""
    return queue if hold is None else replace(queue, affinity=Affinity(OwnAgent.LAST, hold))


def _line(plan: NetworkPlan, queue: QueueName, kind: str) -> int:
    return plan.index(QueueName(queue.contact, queue.channel, of_stage(queue.stage, kind)))


__all__ = ["MOST_LEGS", "conversation_queue", "in_conversation", "legs_of_conversations"]
