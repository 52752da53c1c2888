"""Rows of what happened, several columns to a word, in the order in which they were closed."""

from __future__ import annotations

from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.layout import *

ON, BREAK, OVERTIME, OFF = 1, 2, 3, 4  # records.Presence


@kernel
def _new_row(m: Ints, rows: int, length: int, words: int) -> int:
    """The address of the next row of a table, whose address and length stand at these addresses."""
    count = m[length]
    if count >= m[ROWS_CAPACITY]:
        m[BROKEN] = 1
        count -= 1
    m[length] = count + 1
    return m[rows] + words * count


@kernel
def _who(m: Ints, item: int) -> int:
    agent, crew = m[item + I_AGENT], m[item + I_CREW]
    number = m[agent + A_NUMBER] + 1 if agent else 0
    team = m[crew + W_INDEX] + 1 if crew else 0
    queue = m[m[item + I_QUEUE] + Q_INDEX]
    return number | team << TEAM_SHIFT | queue << QUEUE_SHIFT


@kernel
def write_leg(
    m: Ints, item: int, ended: int, exit_: int, label: int, onward: int, state: int
) -> None:
    row = _new_row(m, LEG_ROWS, LEG_LENGTH, LEG_WORDS)
    m[row] = (
        m[item + I_NUMBER]
        | m[item + I_LEG] << LEG_SHIFT
        | m[item + I_PART] << PART_SHIFT
        | exit_ << EXIT_SHIFT
        | label << LABEL_SHIFT
        | state << STATE_SHIFT
    )
    m[row + 1] = m[item + I_ENTERED]
    m[row + 2] = m[item + I_ANSWERED]
    m[row + 3] = ended
    m[row + 4] = m[item + I_WAITED]
    m[row + 5] = _who(m, item)
    m[row + 6] = onward


@kernel
def write_work(m: Ints, item: int, until: int, freed: int) -> None:
    row = _new_row(m, WORK_ROWS, WORK_LENGTH, WORK_WORDS)
    m[row] = (
        m[item + I_NUMBER]
        | m[item + I_LEG] << LEG_SHIFT
        | m[item + I_PART] << PART_SHIFT
        | m[item + I_UNITS] << UNITS_SHIFT
    )
    m[row + 1] = m[item + I_WORK_FROM]
    m[row + 2] = until
    m[row + 3] = min(freed, m[HORIZON])
    m[row + 4] = _who(m, item)


@kernel
def _write_duty(m: Ints, agent: int, start: int, until: int, presence: int, units: int) -> None:
    start = max(start, 0)
    if presence != OFF and until > start:
        row = _new_row(m, DUTY_ROWS, DUTY_LENGTH, DUTY_WORDS)
        m[row] = m[agent + A_NUMBER] | presence << PRESENCE_SHIFT | units << DUTY_UNITS_SHIFT
        m[row + 1] = start
        m[row + 2] = until


@kernel
def _write_last_duty(m: Ints, agent: int) -> None:
    if m[agent + A_LAST_PRESENCE]:
        _write_duty(
            m,
            agent,
            m[agent + A_LAST_START],
            m[agent + A_LAST_UNTIL],
            m[agent + A_LAST_PRESENCE],
            m[agent + A_LAST_UNITS],
        )


@inlined
def note(m: Ints, agent: int) -> None:
    """Keep the presence rows up to date: no empty rows, equal neighbours merged. Only the row
    before the present one can be merged with what comes, for time does not stand still twice."""
    units = m[m[agent + A_CREW] + W_UNITS] - m[agent + A_FREE]
    if m[agent + A_ON]:
        presence = ON
    elif units:
        presence = OVERTIME
    elif m[agent + A_THEN_BREAK]:
        presence = BREAK
    else:
        presence = OFF
    if presence == m[agent + A_ROW_PRESENCE] and units == m[agent + A_ROW_UNITS]:
        return
    now = m[NOW]
    if now > m[agent + A_ROW_START]:
        _write_last_duty(m, agent)
        m[agent + A_LAST_START] = m[agent + A_ROW_START]
        m[agent + A_LAST_UNTIL] = now
        m[agent + A_LAST_PRESENCE] = m[agent + A_ROW_PRESENCE]
        m[agent + A_LAST_UNITS] = m[agent + A_ROW_UNITS]
        m[agent + A_ROW_START] = now
    elif m[agent + A_LAST_PRESENCE] == presence and m[agent + A_LAST_UNITS] == units:
        m[agent + A_ROW_START] = m[agent + A_LAST_START]
        m[agent + A_LAST_PRESENCE] = 0
    m[agent + A_ROW_PRESENCE] = presence
    m[agent + A_ROW_UNITS] = units


@kernel
def close_work(m: Ints, item: int) -> int:
    """The work at the horizon of an item that is inside, which then waits for `close_leg`; the next
    item ever made."""
    if m[item + I_STATE] in (IN_SERVICE, CONSULTING):
        write_work(m, item, m[HORIZON], m[HORIZON])
    behind = m[item + I_MADE]
    m[item + I_MADE] = m[LAST_CLOSED]
    m[LAST_CLOSED] = item
    return behind


@kernel
def close_leg(m: Ints, item: int) -> int:
    """The leg at the horizon of an item that is inside; the next one whose work was written."""
    state = m[item + I_STATE]
    if state in (WAITING, SET_ASIDE):
        m[item + I_WAITED] += m[HORIZON] - m[item + I_WAITING_SINCE]
    if state != ENDED and state != WRAPPING_UP and state != UNUSED_ITEM:
        write_leg(m, item, -1, 0, 0, -1, state)
        m[item + I_STATE] = ENDED
    return m[item + I_MADE]


@kernel
def close_agent(m: Ints, agent: int) -> None:
    _write_last_duty(m, agent)
    m[agent + A_LAST_PRESENCE] = 0
    presence, units = m[agent + A_ROW_PRESENCE], m[agent + A_ROW_UNITS]
    _write_duty(m, agent, m[agent + A_ROW_START], m[HORIZON], presence, units)
