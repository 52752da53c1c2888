"""Attempts and customers as they are counted: kinds of those alike, by queue.

What belongs to an attempt and what became of it is decided leg by leg in
`ccsim.measures.accumulate.contacts`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ccsim.measures.accumulate import layout as at
from ccsim.measures.groups import Kinds
from ccsim.measures.window import Ints, Mask


class Outcome(enum.IntEnum):
    """What became of an attempt's wait."""

    WAITING = at.OUTCOME_WAITING  # unanswered at the end
    ANSWERED = at.ANSWERED
    ABANDONED = at.ABANDONED
    BLOCKED = at.BLOCKED
    CLOSED = at.CLOSED
    CUT_OFF = at.CUT_OFF  # ended unanswered at a limit
    MOVED = at.MOVED  # to another line (only where each stay in a queue is looked at by itself)
    CONTAINED = at.CONTAINED_OUTCOME  # settled by a machine that answers first
    UNREACHED = at.UNREACHED  # called in vain as often as it was to be tried


@dataclass(frozen=True)
class Attempts:
    """One row for all attempts that are alike in all but when they came; arrays of one length."""

    queue: Ints  # where it is counted: see MeasureContext
    outcome: Ints  # Outcome
    ended: Mask  # the last leg has ended
    resolved: Mask
    resolved_by_first: Mask  # the item that was answered first resolved it
    escalated: Mask  # passed on at least once
    promoted: Mask  # moved to another line while waiting
    redial: Mask  # follows an attempt that ended unanswered
    repeat: Mask  # follows a contact that was handled
    reopened: Mask  # counted as resolved, and comes back
    responded: Mask
    contained: Mask  # settled by a machine
    met_machine: Mask  # answered by a machine first
    left_message: Mask  # found it closed and left a message
    called_back: Mask  # accepted a callback
    callback_kept: Mask  # talked to within the promise of a callback, or not yet outwaited it
    kept: Mask  # the wait, as far as it is known, is within the promise; never without one
    waited: Mask  # at all


def attempts_of(kinds: Kinds) -> Attempts:
    """The facts of attempts by name."""
    has = _facts(kinds)
    return Attempts(
        queue=kinds.queue,
        outcome=kinds.facts & (1 << at.OUTCOME_BITS) - 1,
        ended=has(at.ENDED),
        resolved=has(at.RESOLVED),
        resolved_by_first=has(at.RESOLVED_BY_FIRST),
        escalated=has(at.ESCALATED),
        promoted=has(at.PROMOTED),
        redial=has(at.REDIAL),
        repeat=has(at.REPEAT),
        reopened=has(at.REOPENED),
        responded=has(at.RESPONDED),
        contained=has(at.CONTAINED),
        met_machine=has(at.MET_MACHINE),
        left_message=has(at.LEFT_MESSAGE),
        called_back=has(at.CALLED_BACK),
        callback_kept=has(at.CALLBACK_KEPT),
        kept=has(at.KEPT),
        waited=has(at.WAITED),
    )


@dataclass(frozen=True)
class Customers:
    """One row for all customers who are alike, by queue of the first attempt."""

    queue: Ints
    reached: Mask  # answered at least once
    reached_in_time: Mask  # or not yet outwaited the promise, or gone before; never without one
    gave_up: Mask  # never answered, gone, and not only because of closed doors; a machine that
    # answered and settled something is an answer
    gone: Mask
    contained_first: Mask  # the first attempt was settled by a machine
    first_contact_ended: Mask
    first_contact_resolved: Mask
    first_agent_resolved: Mask
    resolved: Mask
    resolved_in_time: Mask  # or not yet outwaited the promise; never without one


def customers_of(kinds: Kinds) -> Customers:
    """The facts of customers by name."""
    has = _facts(kinds)
    return Customers(
        queue=kinds.queue,
        reached=has(at.REACHED),
        reached_in_time=has(at.REACHED_IN_TIME),
        gave_up=has(at.GAVE_UP),
        gone=has(at.GONE),
        contained_first=has(at.CONTAINED_FIRST),
        first_contact_ended=has(at.FIRST_CONTACT_ENDED),
        first_contact_resolved=has(at.FIRST_CONTACT_RESOLVED),
        first_agent_resolved=has(at.FIRST_AGENT_RESOLVED),
        resolved=has(at.PROBLEM_RESOLVED),
        resolved_in_time=has(at.RESOLVED_IN_TIME),
    )


def _facts(kinds: Kinds) -> Callable[[int], Mask]:
    return lambda fact: np.not_equal(kinds.facts & fact, 0)
