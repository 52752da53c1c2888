"""Legs -> attempts: where one begins and ends, when it was first answered, how it left.

An attempt begins with a contact's first leg and after each leg whose label says that the customer
came again (redialled, unresolved); transfers and moves to another line continue it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.frame import NO_PROMISE, Frame
from ccsim.measures.tally import Ints, Mask
from ccsim.network.model import Exit, Hours, Label

_COMES_AGAIN = (Label.REDIALLED, Label.UNRESOLVED)


class Outcome(enum.IntEnum):
    """What became of an attempt's wait."""

    WAITING = 0  # unanswered at the end
    ANSWERED = 1
    ABANDONED = 2
    BLOCKED = 3
    CLOSED = 4
    CUT_OFF = 5  # ended unanswered at a limit
    MOVED = 6  # to another line (only where each stay in a queue is looked at by itself)


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
    goes_on: Mask  # the customer is to come again
    responded: Ints  # first response: answer, or end of the first handling of deferred work; or -1
    done: Ints  # end of the last leg, or -1


def attempts_of(frame: Frame, legs: NDArray[np.void]) -> Attempts:
    """The attempts of all customers. `legs`: part 0 only, sorted by (contact, leg)."""
    return _collect(frame, legs, begins(legs), frame.first[legs["queue"]])


def begins(legs: NDArray[np.void]) -> Mask:
    """Which legs begin an attempt. `legs`: part 0 only, sorted by (contact, leg)."""
    new = np.ones(len(legs), bool)
    again = np.isin(legs["label"], _COMES_AGAIN)
    new[1:] = (legs["contact"][1:] != legs["contact"][:-1]) | again[:-1]
    return new


def stays_of(frame: Frame, legs: NDArray[np.void]) -> Attempts:
    """Each stay in a queue of a later stage, seen as an attempt of its own."""
    mine = legs[frame.later[legs["queue"]]]
    return _collect(frame, mine, np.ones(len(mine), bool), mine["queue"].astype(np.int64))


def _collect(frame: Frame, legs: NDArray[np.void], new: Mask, counted_in: Ints) -> Attempts:
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(legs))[: len(first)] - 1
    answered_leg = _first_where(legs["answered"] >= 0, first)
    got = answered_leg >= 0
    answered = np.where(got, legs["answered"][answered_leg], -1) if len(legs) else answered_leg
    final = legs[last]
    ended = final["exit"] != Exit.INSIDE
    before = legs[np.maximum(first - 1, 0)]
    follows = (first > 0) & (before["contact"] == legs["contact"][first])
    handled_before = before["exit"] == Exit.SERVED
    resolved = got & ended & (final["label"] == Label.RESOLVED)
    return Attempts(
        queue=counted_in[first],
        customer=legs["contact"][first],
        entered=legs["entered"][first],
        answered=answered,
        waited_until=np.where(
            got, answered, np.where(ended, final["ended"], frame.window.until_us)
        ),
        outcome=_outcomes(final, got),
        ended=ended,
        resolved=resolved,
        resolved_by_first=resolved & (answered_leg == last),
        escalated=_any(legs["label"] == Label.ESCALATED, first),
        promoted=_any(legs["label"] == Label.PROMOTED, first),
        redial=follows & ~handled_before,
        repeat=follows & handled_before,
        goes_on=final["next"] >= 0,
        responded=_responses(frame, legs, answered_leg),
        done=final["ended"],
    )


def _outcomes(final: NDArray[np.void], got: Mask) -> Ints:
    out = np.full(len(final), Outcome.WAITING, np.int64)
    ended_by = final["exit"]
    out[ended_by == Exit.ABANDONED] = Outcome.ABANDONED
    out[(ended_by == Exit.NO_LINE) | (ended_by == Exit.NO_ROOM)] = Outcome.BLOCKED
    out[ended_by == Exit.CLOSED] = Outcome.CLOSED
    at_limit = ended_by >= Exit.LIMIT
    out[at_limit] = Outcome.CUT_OFF
    out[at_limit & (final["next"] >= 0)] = Outcome.MOVED
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
