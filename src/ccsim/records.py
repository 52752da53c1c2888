"""The columns that come out of an engine. Measures read these and nothing else of an engine.

Three tables, each a NumPy structured array; times are microseconds since the calendar's start.
"""

from __future__ import annotations

import enum
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
    SET_ASIDE = 4  # interrupted, waiting for its agent or back in line


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
