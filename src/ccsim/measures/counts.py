"""What is counted of attempts and customers, and which counts are divided by which.

Each quantity tells of every group of attempts (or customers) that are alike whether they are
counted, or a sum over them; it is named as in the definitions. `ATTEMPTS` and `CUSTOMERS` say which
two quantities make a measure. An attempt belongs to the interval in which it entered, a customer to
that of the first attempt.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.attempts import Attempts, Customers, Outcome
from ccsim.measures.frame import NO_PROMISE, Frame
from ccsim.measures.tally import SECOND, Floats, Ints, Mask

Quantities = Mapping[str, NDArray[np.generic]]
Parts = tuple[str, str]  # numerator and denominator; a total has the denominator ""

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
    "agent_time_per_contact": ("agent_time_s", "contacts_ended"),
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
    """What is counted of attempts, decided by their fate and their promise."""
    answered = a.outcome == Outcome.ANSWERED
    abandoned = a.outcome == Outcome.ABANDONED
    blocked = a.outcome == Outcome.BLOCKED
    cut_off = a.outcome == Outcome.CUT_OFF
    unreached = a.outcome == Outcome.UNREACHED
    offered = answered | abandoned | blocked | cut_off | unreached
    wait_known = answered | abandoned | cut_off
    promised = frame.promise_us[a.queue] != NO_PROMISE
    # Who still waits at the end has missed the promise once the wait exceeds it; before, nobody
    # knows.
    decided = promised & (offered | ((a.outcome == Outcome.WAITING) & ~a.kept))
    contacts_ended = answered & a.ended
    return {
        "attempts": np.ones(len(a.number), bool),
        "answered": answered,
        "abandoned": abandoned,
        "blocked": blocked,
        "closed": a.outcome == Outcome.CLOSED,
        "cut_off": cut_off,
        "offered": offered,
        "decided": decided,
        "in_time": answered & a.kept,
        "answered_or_abandoned_in_time": (answered | abandoned) & a.kept,
        "decided_but_short_abandons": decided & ~(abandoned & a.kept),
        "answered_with_promise": answered & promised,
        "wait_known": wait_known,
        "waited": wait_known & a.waited,
        "wait_s": _seconds(a.wait, wait_known),
        "wait_of_answered_s": _seconds(a.wait, answered),
        "wait_of_abandoned_s": _seconds(a.wait, abandoned),
        "responded": a.responded,
        "response_s": _seconds(a.response, a.responded),
        "redials": a.redial,
        "repeats": a.repeat,
        "contacts_ended": contacts_ended,
        "resolved": contacts_ended & a.resolved,
        "reopened": contacts_ended & a.reopened,
        "contacts_settled": contacts_ended & (a.resolved | a.reopened),
        "replies": np.where(contacts_ended, a.replies, 0),
        "agent_time_s": _seconds(a.agent_time, contacts_ended),
        "escalated": answered & a.escalated,
        "promoted": a.promoted,
    }


def customer_quantities(frame: Frame, c: Customers) -> Quantities:
    """What is counted of customers."""
    promised = frame.promise_us[c.queue] != NO_PROMISE
    unreached_too_long = ~c.reached & ~c.gone & ~c.reached_in_time & ~c.contained_first
    within = frame.resolve_us[c.queue] != NO_PROMISE
    gone_unresolved = c.gone & ~c.resolved & (c.reached | c.gave_up)
    settled = c.resolved | gone_unresolved | (~c.gone & ~c.resolved_in_time)
    return {
        "resolved_in_time": c.resolved & c.resolved_in_time,
        "customers_settled": settled & within,
        "reached_in_time": c.reached & c.reached_in_time,
        "customers_decided": promised & (c.reached | c.gave_up | unreached_too_long),
        "gave_up": c.gave_up,
        "reached_or_gave_up": c.reached | c.gave_up,
        "customers_resolved": c.resolved,
        "resolution_s": _seconds(c.resolution, c.resolved),
        "first_contact_ended": c.first_contact_ended,
        "first_contact_resolved": c.first_contact_resolved,
        "first_agent_resolved": c.first_agent_resolved,
    }


def sums(frame: Frame, of: Attempts | Customers, what: Quantities) -> dict[str, Floats]:
    """Each quantity summed by queue and interval: (Q, I)."""
    n = frame.window.intervals
    place, size = of.queue * n + of.interval, len(frame.queues) * n
    found = {}
    for name, values in what.items():
        weights = np.where(values, of.number, 0) if values.dtype == bool else values
        found[name] = np.bincount(place, weights, size).astype(np.float64).reshape(-1, n)
    return found


def _seconds(us: Ints, counted: Mask) -> Floats:
    return np.where(counted, us, 0) / SECOND
