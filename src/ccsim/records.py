"""The columns that come out of an engine. Measures read these and nothing else of an engine.

Three tables, each a NumPy structured array; times are microseconds since the calendar's start.
While an engine runs they are handed over in chunks of `Rows`, where several columns share a word.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NONE = -1  # an agent, an instant or a queue that there is not


class State(enum.IntEnum):
    """Where a contact is when its leg is `inside` at the horizon; 0 when the leg has ended."""

    ENDED = 0
    WAITING = 1  # in line, or held for its own agent
    IN_SERVICE = 2
    CONSULTING = 3  # its agent waits for a helper
    PREEMPTED = 4  # it gave way to another, waiting for its agent or back in line


class Presence(enum.IntEnum):
    ON = 1
    BREAK = 2  # between two spans of the same shift, holding no work
    OVERTIME = 3  # off duty or on break, and still holding work
    OFF = 4  # never written: no empty rows


class Next(enum.IntEnum):
    """Values of `next` that are not a queue."""

    LEAVES = -1
    BOUND = -2  # the branch went on, but the bound on legs was reached


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    dtype: str
    unit: str
    meaning: str


LEGS = (
    Column("contact", "i8", "", "number of the contact in the workload"),
    Column("leg", "i4", "", "its entries into queues so far, from 0"),
    Column("part", "i1", "", "1 for a helper's part of a consult, else 0"),
    Column("queue", "i4", "", "index of the queue"),
    Column("entered", "i8", "us", "instant of entry"),
    Column("answered", "i8", "us", "instant of the first answer; -1: never"),
    Column("ended", "i8", "us", "instant of the exit (handling ended, wrap-up apart); -1: inside"),
    Column("exit", "i2", "", "network.model.Exit; 6 + i is the queue's limit i"),
    Column("label", "i2", "", "network.model.Label of the branch taken"),
    Column("agent", "i4", "", "the last agent who worked on it; -1: none or an unlimited team's"),
    Column("team", "i4", "", "that agent's team, or the unlimited team; -1: none"),
    Column(
        "waited", "i8", "us", "all time in line, unanswered or returned to it, until the horizon"
    ),
    Column("next", "i4", "", "queue of the next leg, or records.Next"),
    Column("state", "i1", "", "records.State at the horizon"),
)
WORK = (
    Column("contact", "i8", "", "number of the contact"),
    Column("leg", "i4", "", "its leg"),
    Column("part", "i1", "", "1 for a helper's part"),
    Column("queue", "i4", "", "index of the queue"),
    Column("agent", "i4", "", "agent; -1: a server of an unlimited team"),
    Column("team", "i4", "", "the team"),
    Column("start", "i8", "us", "handling starts or goes on"),
    Column("until", "i8", "us", "handling ends or is interrupted, at most the horizon"),
    Column("freed", "i8", "us", "units are given back: `until` plus wrap-up, at most the horizon"),
    Column("units", "i4", "", "units held"),
)
DUTY = (
    Column("agent", "i4", "", "agent"),
    Column("start", "i8", "us", "from"),
    Column("until", "i8", "us", "until, at most the horizon"),
    Column("presence", "i1", "", "records.Presence"),
    Column("units", "i4", "", "units taken"),
)


def dtype_of(columns: tuple[Column, ...]) -> np.dtype[np.void]:
    return np.dtype([(column.name, column.dtype) for column in columns])


LEGS_DTYPE = dtype_of(LEGS)
WORK_DTYPE = dtype_of(WORK)
DUTY_DTYPE = dtype_of(DUTY)


@dataclass(frozen=True, slots=True)
class Records:
    """All that one replication leaves behind, sorted: legs by (contact, leg, part), work by
    (contact, leg, part, start), duty by (agent, start)."""

    legs: NDArray[np.void]
    work: NDArray[np.void]
    duty: NDArray[np.void]


# --- rows in words, as they are handed over while an engine runs ---

LEG_WORDS, WORK_WORDS, DUTY_WORDS = 7, 5, 3
# legs: contact and the following | entered | answered | ended | waited | who | next
# work: contact and the following | start | until | freed | who; duty: agent ... | start | until
LEG_SHIFT, PART_SHIFT, EXIT_SHIFT, LABEL_SHIFT, STATE_SHIFT = 28, 40, 41, 50, 55
UNITS_SHIFT = 41
TEAM_SHIFT, QUEUE_SHIFT = 26, 42  # in `who`: agent + 1, then team + 1, then the queue
PRESENCE_SHIFT, DUTY_UNITS_SHIFT = 32, 36

Words = NDArray[np.int64]
NEVER = (1 << 62) - 1


@dataclass(frozen=True, slots=True)
class Rows:
    """A chunk of the three tables, row after row in words.

    The legs of a contact come in their order, the work of a leg in order of time and no later than
    the leg, the duty of an agent in order of time. Nothing else is sorted. The arrays may be views
    of an engine's own memory: whoever wants to keep them copies them.
    """

    legs: Words
    work: Words
    duty: Words


def chunks_of(records: Records, most: int = 1 << 12) -> Iterator[Rows]:
    """All records in chunks of about so many legs, those of a contact in one chunk, and as much of
    the duty in each."""
    borders = np.unique(np.concatenate([[0], records.legs["contact"][most::most], [NEVER]]))
    legs = np.searchsorted(records.legs["contact"], borders)
    work = np.searchsorted(records.work["contact"], borders)
    duty = np.linspace(0, len(records.duty), len(borders)).astype(np.int64)
    for chunk in range(len(borders) - 1):
        yield _rows(
            records.legs[legs[chunk] : legs[chunk + 1]],
            records.work[work[chunk] : work[chunk + 1]],
            records.duty[duty[chunk] : duty[chunk + 1]],
        )


def _rows(legs: NDArray[np.void], work: NDArray[np.void], duty: NDArray[np.void]) -> Rows:
    return Rows(
        _side_by_side(
            _whose(legs)
            | _word(legs["exit"], EXIT_SHIFT)
            | _word(legs["label"], LABEL_SHIFT)
            | _word(legs["state"], STATE_SHIFT),
            legs["entered"],
            legs["answered"],
            legs["ended"],
            legs["waited"],
            _who(legs),
            legs["next"],
        ),
        _side_by_side(
            _whose(work) | _word(work["units"], UNITS_SHIFT),
            work["start"],
            work["until"],
            work["freed"],
            _who(work),
        ),
        _side_by_side(
            _word(duty["agent"], 0)
            | _word(duty["presence"], PRESENCE_SHIFT)
            | _word(duty["units"], DUTY_UNITS_SHIFT),
            duty["start"],
            duty["until"],
        ),
    )


def _word(column: NDArray[np.generic], shift: int) -> Words:
    return column.astype(np.int64) << shift


def _whose(rows: NDArray[np.void]) -> Words:
    return rows["contact"] | _word(rows["leg"], LEG_SHIFT) | _word(rows["part"], PART_SHIFT)


def _who(rows: NDArray[np.void]) -> Words:
    agent, team = _word(rows["agent"], 0) + 1, _word(rows["team"], 0) + 1
    return agent | team << TEAM_SHIFT | _word(rows["queue"], QUEUE_SHIFT)


def _side_by_side(*columns: Words) -> Words:
    return np.column_stack(columns).astype(np.int64, copy=False).ravel()
