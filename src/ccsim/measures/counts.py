"""What is counted of attempts and customers, and which counts are divided by which.

Each quantity is a number for every attempt (or customer), named as in the definitions; `ATTEMPTS`
and `CUSTOMERS` say which two of them make a measure. An attempt belongs to the interval in which it
entered, a customer to that of the first attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.attempts import Attempts, Outcome, on_promise_clock, within_promise
from ccsim.measures.frame import NO_PROMISE, Frame
from ccsim.measures.tally import SECOND, Floats, Ints, Mask, sum_events

Quantities = Mapping[str, NDArray[np.generic]]
Parts = tuple[str, str]  # numerator and denominator; a total has the denominator ""

_IN_VAIN = (Outcome.ABANDONED, Outcome.BLOCKED, Outcome.CUT_OFF, Outcome.UNREACHED)

ATTEMPTS: dict[str, Parts] = {
    "service_level": ("in_time", "decided"),
    "service_level_abandons_good": ("answered_or_abandoned_in_time", "decided"),
    "service_level_short_abandons_left_out": ("in_time", "decided_but_short_abandons"),
    "service_level_answered": ("in_time", "answered_with_promise"),
    "attempts": ("attempts", ""),
    "contacts": ("answered", ""),
    "redials": ("redials", ""),
    "repeats": ("repeats", ""),
    "redial_share": ("redials", "attempts"),
    "repeat_share": ("repeats", "attempts"),
    "answered": ("answered", "offered"),
    "abandoned": ("abandoned", "offered"),
    "blocked": ("blocked", "offered"),
    "closed": ("closed", "attempts"),
    "cut_off": ("cut_off", "offered"),
    "waited": ("waited", "wait_known"),
    "speed_of_answer": ("wait_of_answered_s", "answered"),
    "wait": ("wait_s", "wait_known"),
    "wait_given_wait": ("wait_s", "waited"),
    "wait_abandoned": ("wait_of_abandoned_s", "abandoned"),
    "first_response_time": ("response_s", "responded"),
    "resolved": ("resolved", "contacts_ended"),
    "reopened": ("reopened", "contacts_settled"),
    "replies_per_contact": ("replies", "contacts_ended"),
    "contacts_resolved": ("resolved", ""),
    "escalated": ("escalated", "answered"),
    "promoted": ("promoted", "attempts"),
}
CUSTOMERS: dict[str, Parts] = {
    "service_level_by_customer": ("reached_in_time", "customers_decided"),
    "abandoned_by_customer": ("gave_up", "reached_or_gave_up"),
    "resolution_time": ("resolution_s", "customers_resolved"),
    "resolved_within": ("resolved_in_time", "customers_settled"),
    "first_contact_resolution": ("first_contact_resolved", "first_contact_ended"),
    "first_contact_resolution_first_agent": ("first_agent_resolved", "first_contact_ended"),
}


def attempt_quantities(frame: Frame, a: Attempts) -> Quantities:
    """What is counted of each attempt, decided by its fate and its promise."""
    answered = a.outcome == Outcome.ANSWERED
    abandoned = a.outcome == Outcome.ABANDONED
    blocked = a.outcome == Outcome.BLOCKED
    cut_off = a.outcome == Outcome.CUT_OFF
    unreached = a.outcome == Outcome.UNREACHED
    offered = answered | abandoned | blocked | cut_off | unreached
    wait = a.waited_until - a.entered
    wait_known = answered | abandoned | cut_off
    promised = frame.promise_us[a.queue] != NO_PROMISE
    kept = within_promise(frame, a.queue, a.entered, a.waited_until)
    # Who still waits at the end has missed the promise once the wait exceeds it; before, nobody
    # knows.
    decided = promised & (offered | ((a.outcome == Outcome.WAITING) & ~kept))
    short_abandon = abandoned & kept
    responded = a.responded >= 0
    contacts_ended = answered & a.ended
    return {
        "attempts": np.ones(len(wait), bool),
        "answered": answered,
        "abandoned": abandoned,
        "blocked": blocked,
        "closed": a.outcome == Outcome.CLOSED,
        "cut_off": cut_off,
        "unreached": unreached,
        "offered": offered,
        "decided": decided,
        "in_time": answered & kept,
        "answered_or_abandoned_in_time": (answered | abandoned) & kept,
        "decided_but_short_abandons": decided & ~short_abandon,
        "answered_with_promise": answered & promised,
        "wait_known": wait_known,
        "waited": wait_known & (wait > 0),
        "wait_s": _seconds(wait, wait_known),
        "wait_of_answered_s": _seconds(wait, answered),
        "wait_of_abandoned_s": _seconds(wait, abandoned),
        "responded": responded,
        "response_s": _seconds(a.responded - a.entered, responded),
        "redials": a.redial,
        "repeats": a.repeat,
        "contacts_ended": contacts_ended,
        "resolved": contacts_ended & a.resolved,
        "reopened": contacts_ended & a.reopened,
        "contacts_settled": contacts_ended & (a.resolved | a.reopened),
        "replies": np.where(contacts_ended, a.replies, 0),
        "escalated": answered & a.escalated,
        "promoted": a.promoted,
    }


@dataclass(frozen=True)
class Customers:
    """One row a customer; indices point into the attempts."""

    first: Ints  # the first attempt
    reached: Mask  # answered at least once
    contact: Ints  # the first contact; any value where not reached
    gave_up: Mask  # never answered, gone, and not only because of closed doors; a machine that
    # answered and settled something is an answer
    gone: Mask
    resolving: Ints  # the attempt that resolved the problem, or -1


def customers_of(a: Attempts) -> Customers:
    """The customers behind all attempts, in their order."""
    n = len(a.customer)
    new = np.ones(n, bool)
    new[1:] = a.customer[1:] != a.customer[:-1]
    first = np.flatnonzero(new)
    last = np.append(first[1:], n)[: len(first)] - 1
    contact = _first_attempt(a.outcome == Outcome.ANSWERED, first)
    tried_in_vain = _first_attempt(np.isin(a.outcome, _IN_VAIN), first)
    settled = _first_attempt(a.contained, first) >= 0
    gone = a.ended[last] & ~a.goes_on[last]
    return Customers(
        first=first,
        reached=contact >= 0,
        contact=contact,
        gave_up=gone & (contact < 0) & (tried_in_vain >= 0) & ~settled,
        gone=gone,
        resolving=_first_attempt(a.resolved, first),
    )


def customer_quantities(frame: Frame, a: Attempts, c: Customers) -> Quantities:
    """What is counted of each customer."""
    queue, entered = a.queue[c.first], a.entered[c.first]
    promise = frame.promise_us[queue]
    promised = promise != NO_PROMISE
    horizon = np.full(len(entered), frame.window.until_us)
    reached_at = np.where(c.reached, a.answered[c.contact], horizon)
    kept = promised & (on_promise_clock(frame, queue, entered, reached_at) <= promise)
    unreached_too_long = ~c.reached & ~c.gone & ~kept & ~a.contained[c.first]
    first_contact_ended = c.reached & a.ended[c.contact]
    resolved = c.resolving >= 0
    within = frame.resolve_us[queue]
    resolved_at = np.where(resolved, a.done[c.resolving], horizon)
    in_time = on_promise_clock(frame, queue, entered, resolved_at) <= within
    gone_unresolved = c.gone & ~resolved & (c.reached | c.gave_up)
    settled = resolved | gone_unresolved | (~c.gone & ~in_time)
    return {
        "resolved_in_time": resolved & in_time & (within != NO_PROMISE),
        "customers_settled": settled & (within != NO_PROMISE),
        "customers": np.ones(len(entered), bool),
        "reached_in_time": c.reached & kept,
        "customers_decided": promised & (c.reached | c.gave_up | unreached_too_long),
        "gave_up": c.gave_up,
        "reached_or_gave_up": c.reached | c.gave_up,
        "customers_resolved": resolved,
        "resolution_s": _seconds(a.done[c.resolving] - entered, resolved),
        "first_contact_ended": first_contact_ended,
        "first_contact_resolved": first_contact_ended & a.resolved[c.contact],
        "first_agent_resolved": first_contact_ended & a.resolved_by_first[c.contact],
    }


def is_measured(frame: Frame, a: Attempts) -> Mask:
    """Which attempts entered after the warm-up and are no backlog."""
    entered: Mask = (a.entered >= frame.window.from_us) & ~a.left_over
    return entered


def measured(frame: Frame, a: Attempts) -> Attempts:
    """The attempts that entered after the warm-up, a backlog apart."""
    kept = is_measured(frame, a)
    if kept.all():
        return a
    return replace(a, **{name: column[kept] for name, column in vars(a).items()})


def measured_customers(frame: Frame, a: Attempts, c: Customers) -> Customers:
    """The customers whose first attempt entered after the warm-up, a backlog apart."""
    kept = is_measured(frame, a)[c.first]
    if kept.all():
        return c
    return replace(c, **{name: column[kept] for name, column in vars(c).items()})


def sums(frame: Frame, queue: Ints, instant: Ints, what: Quantities) -> dict[str, Floats]:
    """Each quantity summed by queue and interval: (Q, I)."""
    place = queue * frame.window.intervals + frame.window.interval_of(instant)
    return {
        name: sum_events(frame.window, place, len(frame.queues), values)
        for name, values in what.items()
    }


def _first_attempt(condition: Mask, first: Ints) -> Ints:
    """By customer, the first attempt for which it holds; -1 for none."""
    if not len(first):
        return np.empty(0, np.int64)
    none = len(condition)
    found = np.minimum.reduceat(np.where(condition, np.arange(none), none), first)
    return np.where(found < none, found, -1)


def _seconds(us: Ints, counted: Mask) -> Floats:
    return np.where(counted, us, 0) / SECOND
