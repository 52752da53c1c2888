"""Attempts and customers as they are counted: groups of those alike, by queue and interval.

What belongs to an attempt and what became of it is decided leg by leg in
`ccsim.measures.fold.contacts`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ccsim.measures.fold import layout as at
from ccsim.measures.groups import Groups
from ccsim.measures.tally import Ints, Mask


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
    """One row for all attempts that are alike in everything but times: those are summed.

    All arrays have the same length; times are us.
    """

    queue: Ints  # where it is counted: see Frame
    interval: Ints  # in which it entered
    number: Ints  # how many are alike
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
    wait: Ints  # until the first answer, the unanswered exit or the horizon
    response: (
        Ints  # until the first response: answer, or end of the first handling of deferred work
    )
    callback_wait: Ints  # from accepting a callback to the talk
    replies: Ints  # how often it was handled, transfers included
    agent_time: Ints  # with wrap-up and helpers


def attempts_of(groups: Groups) -> Attempts:
    """The facts of attempts by name."""
    has = _facts(groups)
    return Attempts(
        queue=groups.queue,
        interval=groups.interval,
        number=groups.number,
        outcome=groups.facts & (1 << at.OUTCOME_BITS) - 1,
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
        wait=groups.sums[:, at.WAIT],
        response=groups.sums[:, at.RESPONSE],
        callback_wait=groups.sums[:, at.CALLBACK_WAIT],
        replies=groups.sums[:, at.REPLIES],
        agent_time=groups.sums[:, at.TIME],
    )


@dataclass(frozen=True)
class Customers:
    """One row for all customers who are alike, by queue and interval of the first attempt."""

    queue: Ints
    interval: Ints
    number: Ints
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
    resolution: Ints  # us from the first attempt to the end of the one that resolved the problem


def customers_of(groups: Groups) -> Customers:
    """The facts of customers by name."""
    has = _facts(groups)
    return Customers(
        queue=groups.queue,
        interval=groups.interval,
        number=groups.number,
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
        resolution=groups.sums[:, at.RESOLUTION],
    )


def _facts(groups: Groups) -> Callable[[int], Mask]:
    return lambda fact: np.not_equal(groups.facts & fact, 0)
