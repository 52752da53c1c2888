"""Rows of records as the kernel writes them, several columns to a word: `ccsim.records.Rows`."""

from __future__ import annotations

from ccsim.engine.kernel.structs import Instant, Struct, Word, word


class LegRow(Struct):
    """A row of legs."""

    whose: Word[int] = word("contact, leg, part, exit, label and state")
    entered: Word[Instant] = word("instant of entry", "us")
    answered: Word[Instant] = word("instant of the first answer; NOT_YET", "us")
    ended: Word[Instant] = word("instant of the exit; NOT_YET: inside", "us")
    waited: Word[int] = word("all time in the queue", "us")
    who: Word[int] = word("agent, team and queue")
    next: Word[int] = word("queue of the next leg, or records.Next")


class WorkRow(Struct):
    """A row of work."""

    whose: Word[int] = word("contact, leg, part and units")
    start: Word[Instant] = word("handling starts or goes on", "us")
    until: Word[Instant] = word("handling ends or is preempted", "us")
    freed: Word[Instant] = word("units are given back", "us")
    who: Word[int] = word("agent, team and queue")


class DutyRow(Struct):
    """A row of duty."""

    whose: Word[int] = word("agent, presence and units")
    start: Word[Instant] = word("from", "us")
    until: Word[Instant] = word("until", "us")
