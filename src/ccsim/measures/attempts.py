"""Legs -> attempts: where one begins and ends, when it was first answered, how it left.

An attempt begins with a contact's first leg and after each leg whose label says that the customer
came again (redialled, unresolved, reopened); transfers, moves to another line, later turns and
resumed work continue it. A message that is left makes an attempt of its own. Where a machine
answers first, an attempt begins when people get it, and its answer is that of a person; calls to a
customer in vain are no answers. What was there when the calendar started is work, but no attempt.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.frame import NO_PROMISE, Frame
from ccsim.measures.tally import Ints, Mask
from ccsim.network.model import Exit, Hours, Label

_COMES_AGAIN = (Label.REDIALLED, Label.UNRESOLVED, Label.MESSAGE, Label.REOPENED)
_PAUSES = (Label.REPLIED, Label.WAITS)  # the customer, or somebody else, has the next word
_LEFT_IN_LINE = (Label.REDIALLED, Label.GAVE_UP)  # at a limit: who hangs up at a queue message


class Outcome(enum.IntEnum):
    """What became of an attempt's wait."""

    WAITING = 0  # unanswered at the end
    ANSWERED = 1
    ABANDONED = 2
    BLOCKED = 3
    CLOSED = 4
    CUT_OFF = 5  # ended unanswered at a limit
    MOVED = 6  # to another line (only where each stay in a queue is looked at by itself)
    CONTAINED = 7  # settled by a machine that answers first
    UNREACHED = 8  # called in vain as often as it was to be tried


@dataclass(frozen=True)
class Attempts:
    """One row an attempt; all arrays have its length, instants are us."""

    queue: Ints  # where it is counted: see Frame
    customer: Ints
    entered: Ints
    answered: Ints  # first answer, or -1
    waited_until: Ints  # first answer, unanswered exit or the horizon
    outcome: Ints  # Outcome
    ended: Mask  # the last leg has ended
    resolved: Mask
    resolved_by_first: Mask  # the item that was answered first resolved it
    escalated: Mask  # passed on at least once
    promoted: Mask  # moved to another line while waiting
    redial: Mask  # follows an attempt that ended unanswered
    repeat: Mask  # follows a contact that was handled
    reopened: Mask  # counted as resolved, and comes back
    replies: Ints  # how often it was handled, transfers included
    left_over: Mask  # was there when the calendar started
    goes_on: Mask  # the customer is to come again
    responded: Ints  # first response: answer, or end of the first handling of deferred work; or -1
    done: Ints  # end of the last leg, or -1
    contained: Mask  # settled by a machine
    met_machine: Mask  # answered by a machine first
    left_message: Mask  # found it closed and left a message
    callback_at: Ints  # instant at which a callback was accepted, or -1


def attempts_of(frame: Frame, legs: NDArray[np.void]) -> Attempts:
    """The attempts of all customers. `legs`: part 0 only, sorted by (contact, leg)."""
    kept = counted(frame, legs)
    handed = np.zeros(len(legs), bool)
    handed[1:] = ~kept[:-1] & (legs["contact"][1:] == legs["contact"][:-1])
    legs = legs[kept]
    return _collect(frame, legs, begins(legs), frame.first[legs["queue"]], handed[kept])


def counted(frame: Frame, legs: NDArray[np.void]) -> Mask:
    """Which legs belong to attempts: not those in which a machine passes on, or still speaks."""
    passing = (legs["label"] == Label.HANDED_OVER) | (legs["exit"] == Exit.INSIDE)
    kept: Mask = ~(frame.machine[legs["queue"]] & passing)
    return kept


def begins(legs: NDArray[np.void]) -> Mask:
    """Which legs begin an attempt. `legs`: part 0 only, sorted by (contact, leg)."""
    return begins_after(legs, _COMES_AGAIN)


def begins_after(legs: NDArray[np.void], after: tuple[Label, ...]) -> Mask:
    """Which legs are a contact's first, or follow a leg with one of these labels."""
    new = np.ones(len(legs), bool)
    again = np.isin(legs["label"], after)
    new[1:] = (legs["contact"][1:] != legs["contact"][:-1]) | again[:-1]
    return new


def stays_of(frame: Frame, legs: NDArray[np.void]) -> Attempts:
    """Each stay in a queue of a later stage, seen as an attempt of its own."""
    mine = legs[frame.later[legs["queue"]]]
    one_by_one, nobody = np.ones(len(mine), bool), np.zeros(len(mine), bool)
    return _collect(frame, mine, one_by_one, mine["queue"].astype(np.int64), nobody)


def _collect(
    frame: Frame, legs: NDArray[np.void], new: Mask, counted_in: Ints, handed: Mask
) -> Attempts:
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(legs))[: len(first)] - 1
    machine = frame.machine[legs["queue"]] & (legs["exit"] == Exit.SERVED)
    nobody = frame.machine[legs["queue"]] | frame.in_vain[legs["queue"]]
    answered_leg = _first_where((legs["answered"] >= 0) & ~nobody, first)
    got = answered_leg >= 0
    answered = np.where(got, legs["answered"][answered_leg], -1) if len(legs) else answered_leg
    final = legs[last]
    ended = (final["exit"] != Exit.INSIDE) & ~_to_be_called(frame, final)
    ended &= ~np.isin(final["label"], _PAUSES)
    escalated = _any(legs["label"] == Label.ESCALATED, first)
    begun_in = legs["queue"][first]
    contained = machine[last]
    before = legs[np.maximum(first - 1, 0)]
    follows = (first > 0) & (before["contact"] == legs["contact"][first])
    resolved = got & ended & (final["label"] == Label.RESOLVED)
    called_back = _first_where(legs["label"] == Label.CALLBACK, first)
    return Attempts(
        queue=counted_in[first],
        customer=legs["contact"][first],
        entered=legs["entered"][first],
        answered=answered,
        waited_until=np.where(
            got, answered, np.where(ended, final["ended"], frame.window.until_us)
        ),
        outcome=_called_or_contained(frame, final, contained, got, _outcomes(final, got)),
        ended=ended,
        resolved=resolved | (contained & (final["label"] == Label.CONTAINED)),
        resolved_by_first=resolved & ~escalated,
        escalated=escalated,
        promoted=_any(legs["label"] == Label.PROMOTED, first),
        redial=follows & (before["label"] == Label.REDIALLED),
        repeat=follows & np.isin(before["label"], (Label.UNRESOLVED, Label.REOPENED)),
        reopened=final["label"] == Label.REOPENED,
        replies=_count(legs["exit"] == Exit.SERVED, first),
        left_over=frame.backlog[begun_in] & (counted_in[first] != begun_in),
        goes_on=final["next"] >= 0,
        responded=_responses(frame, legs, answered_leg),
        done=final["ended"],
        contained=contained,
        met_machine=contained | handed[first],
        left_message=final["label"] == Label.MESSAGE,
        callback_at=np.where(called_back >= 0, legs["ended"][called_back], -1)
        if len(legs)
        else called_back,
    )


def _to_be_called(frame: Frame, final: NDArray[np.void]) -> Mask:
    """Which attempts' last legs lead to a call that has yet to come: a try in vain before another,
    a list that waits for the next calling hours."""
    waits: Mask = (final["next"] >= 0) & frame.dialled[final["queue"]]
    return waits & ~np.isin(final["label"], (*_COMES_AGAIN, Label.ESCALATED))


def _called_or_contained(
    frame: Frame, final: NDArray[np.void], contained: Mask, got: Mask, out: Ints
) -> Ints:
    """The outcomes, with those of customers who are called and of machines that answer."""
    in_vain = frame.in_vain[final["queue"]] & (final["exit"] == Exit.SERVED)
    out = np.where(in_vain, Outcome.UNREACHED, out)
    out = np.where(_to_be_called(frame, final), Outcome.WAITING, out)
    out = np.where(contained, Outcome.CONTAINED, out)
    return np.where(got, Outcome.ANSWERED, out)


def _outcomes(final: NDArray[np.void], got: Mask) -> Ints:
    out = np.full(len(final), Outcome.WAITING, np.int64)
    ended_by = final["exit"]
    out[ended_by == Exit.ABANDONED] = Outcome.ABANDONED
    out[(ended_by == Exit.NO_LINE) | (ended_by == Exit.NO_ROOM)] = Outcome.BLOCKED
    out[ended_by == Exit.CLOSED] = Outcome.CLOSED
    at_limit = ended_by >= Exit.LIMIT
    out[at_limit] = Outcome.CUT_OFF
    out[at_limit & (final["next"] >= 0)] = Outcome.MOVED
    out[at_limit & np.isin(final["label"], _LEFT_IN_LINE)] = Outcome.ABANDONED
    out[got] = Outcome.ANSWERED
    return out


def _responses(frame: Frame, legs: NDArray[np.void], answered_leg: Ints) -> Ints:
    if not len(legs):
        return answered_leg
    leg = legs[answered_leg]
    instant = np.where(frame.deferred[leg["queue"]], leg["ended"], leg["answered"])
    return np.where(answered_leg >= 0, instant, -1)


def _first_where(condition: Mask, first: Ints) -> Ints:
    """By attempt, the first leg for which it holds; -1 for none."""
    if not len(first):
        return np.empty(0, np.int64)
    none = len(condition)
    found = np.minimum.reduceat(np.where(condition, np.arange(none), none), first)
    return np.where(found < none, found, -1)


def _count(condition: Mask, first: Ints) -> Ints:
    if not len(first):
        return np.empty(0, np.int64)
    return np.add.reduceat(condition.astype(np.int64), first)


def _any(condition: Mask, first: Ints) -> Mask:
    if not len(first):
        return np.empty(0, bool)
    found: Mask = np.logical_or.reduceat(condition, first)
    return found


def on_promise_clock(frame: Frame, queue: Ints, start: Ints, until: Ints) -> Ints:
    """Time from `start` to `until` on the clock of each queue's promise, us: all of it, or only
    the hours that the promise counts."""
    elapsed = until - start
    for hours in {h for h in frame.hours if h is not None}:
        mine = np.array([h == hours for h in frame.hours], bool)[queue]
        elapsed[mine] = _open_before(hours, until[mine]) - _open_before(hours, start[mine])
    return elapsed


def _open_before(hours: Hours, us: Ints) -> Ints:
    """Time of `hours` that lies before each instant, us."""
    if not hours.spans:
        return np.zeros(len(us), np.int64)
    spans = np.array(hours.spans, np.int64)
    total = np.append(0, np.cumsum(spans[:, 1] - spans[:, 0]))
    at = np.searchsorted(spans[:, 0], us, side="right") - 1  # the last span that has begun
    inside = np.clip(us - spans[at, 0], 0, spans[at, 1] - spans[at, 0])
    return np.where(at >= 0, total[at] + inside, 0)


def within_promise(frame: Frame, queue: Ints, start: Ints, until: Ints) -> Mask:
    """Whether `until` comes no later than the queue's promise from `start`; False without one."""
    promise = frame.promise_us[queue]
    kept: Mask = (promise != NO_PROMISE) & (on_promise_clock(frame, queue, start, until) <= promise)
    return kept
