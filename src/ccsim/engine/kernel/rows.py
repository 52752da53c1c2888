"""From the rows that the kernel wrote to the sorted tables of `ccsim.records`."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ccsim.engine.kernel.compiler import entry, kernel
from ccsim.engine.kernel.constants import CONTACT_BITS, LEG_BITS
from ccsim.engine.kernel.layout import Ints
from ccsim.engine.kernel.row_layout import DutyRow, LegRow, WorkRow
from ccsim.records import (
    DUTY_DTYPE,
    DUTY_UNITS_SHIFT,
    EXIT_SHIFT,
    LABEL_SHIFT,
    LEG_SHIFT,
    LEGS_DTYPE,
    PART_SHIFT,
    PRESENCE_SHIFT,
    QUEUE_SHIFT,
    STATE_SHIFT,
    TEAM_SHIFT,
    UNITS_SHIFT,
    WORK_DTYPE,
    Records,
)

Legs: TypeAlias = NDArray[np.void]
Work: TypeAlias = NDArray[np.void]
Duty: TypeAlias = NDArray[np.void]
CONTACT_MASK = (1 << CONTACT_BITS) - 1
AGENT_MASK = (1 << 32) - 1
UNITS_MASK = (1 << 20) - 1
LEG_MASK = (1 << LEG_BITS) - 1
AGENT_FIELD, TEAM_FIELD = (1 << TEAM_SHIFT) - 1, (1 << QUEUE_SHIFT - TEAM_SHIFT) - 1
BY_LEG, BY_LEG_AND_START, AS_WRITTEN = range(3)


def records_of(legs: Ints, work: Ints, duty: Ints, contacts: int, agents: int) -> Records:
    """The sorted tables of rows as they were written, in words."""
    legs_table = np.empty(len(legs) // LegRow.size, LEGS_DTYPE)
    unpack_legs(legs, _order(legs, LegRow.size, contacts, CONTACT_MASK, BY_LEG), legs_table)
    work_table = np.empty(len(work) // WorkRow.size, WORK_DTYPE)
    places = _order(work, WorkRow.size, contacts, CONTACT_MASK, BY_LEG_AND_START)
    unpack_work(work, places, work_table)
    duty_table = np.empty(len(duty) // DutyRow.size, DUTY_DTYPE)
    unpack_duty(duty, _order(duty, DutyRow.size, agents, AGENT_MASK, AS_WRITTEN), duty_table)
    return Records(legs_table, work_table, duty_table)


def _order(rows: Ints, words: int, numbers: int, mask: int, rule: int) -> Ints:
    places = np.full(len(rows) // words, -1, np.int64)
    sort_rows(rows, words, np.zeros(numbers + 1, np.int64), places, mask, rule)
    return places


@kernel
def _leg_and_part(word: int) -> int:
    return (word >> LEG_SHIFT & LEG_MASK) << 1 | (word >> PART_SHIFT & 1)


@entry
def sort_rows(rows: Ints, words: int, ends: Ints, places: Ints, mask: int, rule: int) -> None:
    """The order of rows by number (the low bits of their first word), then by the rule; rows alike
    keep their order. Rows of one number are few and nearly in order.

    `ends` is given as a 0 for each number and one more, `places` as -1; they become the rows in
    order.
    """
    count = places.size
    for row in range(count):
        ends[(rows[row * words] & mask) + 1] += 1
    for number in range(1, ends.size):
        ends[number] += ends[number - 1]
    for row in range(count):  # now the first place of each number; in the end, of the next
        word = rows[row * words]
        number = word & mask
        to = ends[number]
        ends[number] = to + 1
        while rule != AS_WRITTEN and to > 0:
            other = places[to - 1] * words
            if other < 0 or rows[other] & mask != number:
                break
            a, b = _leg_and_part(rows[other]), _leg_and_part(word)
            if a < b or (a == b and (rule == BY_LEG or rows[other + 1] <= rows[row * words + 1])):
                break
            places[to] = places[to - 1]
            to -= 1
        places[to] = row


@entry
def unpack_legs(rows: Ints, places: Ints, table: Legs) -> None:
    for to in range(places.size):
        row = places[to] * LegRow.size
        word, who, leg = rows[row], rows[row + 5], table[to]
        leg["contact"] = word & CONTACT_MASK
        leg["leg"] = word >> LEG_SHIFT & LEG_MASK
        leg["part"] = word >> PART_SHIFT & 1
        leg["queue"] = who >> QUEUE_SHIFT
        leg["entered"] = rows[row + 1]
        leg["answered"] = rows[row + 2]
        leg["ended"] = rows[row + 3]
        leg["exit"] = word >> EXIT_SHIFT & 0x1FF
        leg["label"] = word >> LABEL_SHIFT & 0x1F
        leg["agent"] = (who & AGENT_FIELD) - 1
        leg["team"] = (who >> TEAM_SHIFT & TEAM_FIELD) - 1
        leg["waited"] = rows[row + 4]
        leg["next"] = rows[row + 6]
        leg["state"] = word >> STATE_SHIFT & 7


@entry
def unpack_work(rows: Ints, places: Ints, table: Work) -> None:
    for to in range(places.size):
        row = places[to] * WorkRow.size
        word, who, piece = rows[row], rows[row + 4], table[to]
        piece["contact"] = word & CONTACT_MASK
        piece["leg"] = word >> LEG_SHIFT & LEG_MASK
        piece["part"] = word >> PART_SHIFT & 1
        piece["queue"] = who >> QUEUE_SHIFT
        piece["agent"] = (who & AGENT_FIELD) - 1
        piece["team"] = (who >> TEAM_SHIFT & TEAM_FIELD) - 1
        piece["start"] = rows[row + 1]
        piece["until"] = rows[row + 2]
        piece["freed"] = rows[row + 3]
        piece["units"] = word >> UNITS_SHIFT & UNITS_MASK


@entry
def unpack_duty(rows: Ints, places: Ints, table: Duty) -> None:
    for to in range(places.size):
        row = places[to] * DutyRow.size
        word, stay = rows[row], table[to]
        stay["agent"] = word & AGENT_MASK
        stay["start"] = rows[row + 1]
        stay["until"] = rows[row + 2]
        stay["presence"] = word >> PRESENCE_SHIFT & 7
        stay["units"] = word >> DUTY_UNITS_SHIFT
