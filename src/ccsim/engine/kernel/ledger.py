"""Rows of what happened, several columns to a word, in the order in which they were closed."""

from __future__ import annotations

from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.constants import (
    BREAK,
    CONSULTING,
    ENDED,
    IN_SERVICE,
    INSIDE,
    LEAVES,
    NOT_YET,
    OFF,
    ON,
    OVERTIME,
    PREEMPTED,
    START,
    UNLABELLED,
    UNUSED_ITEM,
    WAITING,
    WRAPPING_UP,
)
from ccsim.engine.kernel.layout import Agent, Item, Queue, Run, Team
from ccsim.engine.kernel.row_layout import DutyRow, LegRow, WorkRow
from ccsim.engine.kernel.structs import Instant, Memory, Place, handle
from ccsim.records import (
    DUTY_UNITS_SHIFT,
    EXIT_SHIFT,
    LABEL_SHIFT,
    LEG_SHIFT,
    PART_SHIFT,
    PRESENCE_SHIFT,
    QUEUE_SHIFT,
    STATE_SHIFT,
    TEAM_SHIFT,
    UNITS_SHIFT,
)


@kernel
def _new_row(m: Memory, rows: Place[int], length: Place[int], size: int) -> int:
    """The address of the next row of a table, whose address and length stand at these places."""
    count = m[length]
    if count >= m[Run.rows_capacity]:
        m[Run.broken] = 1
        count -= 1
    m[length] = count + 1
    return m[rows] + size * count


@kernel
def _who(m: Memory, item: Item) -> int:
    agent, team = m[item + Item.agent], m[item + Item.team]
    agent_part = m[agent + Agent.number] + 1 if agent else 0
    team_part = m[team + Team.index] + 1 if team else 0
    queue_part = m[m[item + Item.queue] + Queue.index]
    return agent_part | team_part << TEAM_SHIFT | queue_part << QUEUE_SHIFT


@kernel
def write_leg(
    m: Memory, item: Item, ended: Instant, exit_: int, label: int, onward: int, state: int
) -> None:
    row = handle(LegRow, _new_row(m, Run.leg_rows, Run.leg_length, LegRow.size))
    m[row + LegRow.whose] = (
        m[item + Item.number]
        | m[item + Item.leg] << LEG_SHIFT
        | m[item + Item.part] << PART_SHIFT
        | exit_ << EXIT_SHIFT
        | label << LABEL_SHIFT
        | state << STATE_SHIFT
    )
    m[row + LegRow.entered] = m[item + Item.entered]
    m[row + LegRow.answered] = m[item + Item.answered]
    m[row + LegRow.ended] = ended
    m[row + LegRow.waited] = m[item + Item.waited]
    m[row + LegRow.who] = _who(m, item)
    m[row + LegRow.next] = onward


@kernel
def write_work(m: Memory, item: Item, until: Instant, freed: Instant) -> None:
    row = handle(WorkRow, _new_row(m, Run.work_rows, Run.work_length, WorkRow.size))
    m[row + WorkRow.whose] = (
        m[item + Item.number]
        | m[item + Item.leg] << LEG_SHIFT
        | m[item + Item.part] << PART_SHIFT
        | m[item + Item.units] << UNITS_SHIFT
    )
    m[row + WorkRow.start] = m[item + Item.work_from]
    m[row + WorkRow.until] = until
    m[row + WorkRow.freed] = min(freed, m[Run.horizon])
    m[row + WorkRow.who] = _who(m, item)


@kernel
def _write_duty(
    m: Memory, agent: Agent, start: Instant, until: Instant, presence: int, units: int
) -> None:
    start = max(start, START)
    if presence != OFF and until > start:
        row = handle(DutyRow, _new_row(m, Run.duty_rows, Run.duty_length, DutyRow.size))
        whose = m[agent + Agent.number] | presence << PRESENCE_SHIFT
        m[row + DutyRow.whose] = whose | units << DUTY_UNITS_SHIFT
        m[row + DutyRow.start] = start
        m[row + DutyRow.until] = until


@kernel
def _write_last_duty(m: Memory, agent: Agent) -> None:
    if m[agent + Agent.last_presence]:
        _write_duty(
            m,
            agent,
            m[agent + Agent.last_start],
            m[agent + Agent.last_until],
            m[agent + Agent.last_presence],
            m[agent + Agent.last_units],
        )


@inlined
def note(m: Memory, agent: Agent) -> None:
    """Close the agent's row of duty when presence or units have changed; empty rows are dropped
    and equal neighbours merged."""
    units = m[m[agent + Agent.team] + Team.units] - m[agent + Agent.free]
    if m[agent + Agent.on]:
        presence = ON
    elif units:
        presence = OVERTIME
    elif m[agent + Agent.then_break]:
        presence = BREAK
    else:
        presence = OFF
    if presence == m[agent + Agent.row_presence] and units == m[agent + Agent.row_units]:
        return
    now = m[Run.now]
    if now > m[agent + Agent.row_start]:
        _write_last_duty(m, agent)
        m[agent + Agent.last_start] = m[agent + Agent.row_start]
        m[agent + Agent.last_until] = now
        m[agent + Agent.last_presence] = m[agent + Agent.row_presence]
        m[agent + Agent.last_units] = m[agent + Agent.row_units]
        m[agent + Agent.row_start] = now
    elif m[agent + Agent.last_presence] == presence and m[agent + Agent.last_units] == units:
        m[agent + Agent.row_start] = m[agent + Agent.last_start]
        m[agent + Agent.last_presence] = 0
    m[agent + Agent.row_presence] = presence
    m[agent + Agent.row_units] = units


@kernel
def close_work(m: Memory, item: Item) -> Item:
    """The work at the horizon of an item that is inside, which then waits for `close_leg`; the next
    item ever made."""
    if m[item + Item.state] in (IN_SERVICE, CONSULTING):
        write_work(m, item, m[Run.horizon], m[Run.horizon])
    behind = m[item + Item.made]
    m[item + Item.made] = m[Run.last_closed]
    m[Run.last_closed] = item
    return behind


@kernel
def close_leg(m: Memory, item: Item) -> Item:
    """The leg at the horizon of an item that is inside; the next one whose work was written."""
    state = m[item + Item.state]
    if state in (WAITING, PREEMPTED):
        m[item + Item.waited] += m[Run.horizon] - m[item + Item.waiting_since]
    if state != ENDED and state != WRAPPING_UP and state != UNUSED_ITEM:
        write_leg(m, item, NOT_YET, INSIDE, UNLABELLED, LEAVES, state)
        m[item + Item.state] = ENDED
    return m[item + Item.made]


@kernel
def close_agent(m: Memory, agent: Agent) -> None:
    _write_last_duty(m, agent)
    m[agent + Agent.last_presence] = 0
    presence, units = m[agent + Agent.row_presence], m[agent + Agent.row_units]
    _write_duty(m, agent, m[agent + Agent.row_start], m[Run.horizon], presence, units)
