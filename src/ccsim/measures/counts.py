"""What is counted of attempts and customers.

Each quantity tells of every kind of attempts (or customers) alike whether it counts them, and which
of their sums it adds up; it is named as in the definitions. An attempt belongs to the interval in
which it entered, a customer to that of the first attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ccsim.measures.accumulate import layout as at
from ccsim.measures.attempts import Attempts, Customers, Outcome
from ccsim.measures.context import NO_PROMISE, MeasureContext
from ccsim.measures.registry import registered
from ccsim.measures.window import Mask
from ccsim.scenario.clock import SECOND

NUMBER = 0  # how many; after it stand their sums


class Count(NamedTuple):
    """Which kinds are counted, and the column that is added up."""

    of: Mask
    column: int = NUMBER


Quantities = Mapping[str, Count]


def attempt_quantities(context: MeasureContext, a: Attempts) -> Quantities:
    """What is counted of attempts, decided by their fate and their promise."""
    answered = a.outcome == Outcome.ANSWERED
    abandoned = a.outcome == Outcome.ABANDONED
    blocked = a.outcome == Outcome.BLOCKED
    cut_off = a.outcome == Outcome.CUT_OFF
    unreached = a.outcome == Outcome.UNREACHED
    offered = answered | abandoned | blocked | cut_off | unreached
    wait_known = answered | abandoned | cut_off
    promised = context.promise_us[a.queue] != NO_PROMISE
    # Who still waits at the end has missed the promise once the wait exceeds it; before, nobody
    # knows.
    decided = promised & (offered | ((a.outcome == Outcome.WAITING) & ~a.kept))
    # A list is known from the beginning: whoever has not been called yet was not reached.
    on_list = context.campaign[a.queue] & (a.outcome == Outcome.WAITING)
    contacts_ended = answered & a.ended
    return {
        "attempts": Count(np.ones(len(a.queue), bool)),
        "answered": Count(answered),
        "abandoned": Count(abandoned),
        "blocked": Count(blocked),
        "closed": Count(a.outcome == Outcome.CLOSED),
        "cut_off": Count(cut_off),
        "offered": Count(offered | on_list),
        "decided": Count(decided),
        "in_time": Count(answered & a.kept),
        "answered_or_abandoned_in_time": Count((answered | abandoned) & a.kept),
        "decided_but_short_abandons": Count(decided & ~(abandoned & a.kept)),
        "answered_with_promise": Count(answered & promised),
        "wait_known": Count(wait_known),
        "waited": Count(wait_known & a.waited),
        "wait_s": Count(wait_known, 1 + at.WAIT),
        "wait_of_answered_s": Count(answered, 1 + at.WAIT),
        "wait_of_abandoned_s": Count(abandoned, 1 + at.WAIT),
        "responded": Count(a.responded),
        "response_s": Count(a.responded, 1 + at.RESPONSE),
        "redials": Count(a.redial),
        "repeats": Count(a.repeat),
        "contacts_ended": Count(contacts_ended),
        "resolved": Count(contacts_ended & a.resolved),
        "reopened": Count(contacts_ended & a.reopened),
        "contacts_settled": Count(contacts_ended & (a.resolved | a.reopened)),
        "replies": Count(contacts_ended, 1 + at.REPLIES),
        "agent_time_s": Count(contacts_ended, 1 + at.TIME),
        "escalated": Count(answered & a.escalated),
        "promoted": Count(a.promoted),
    }


def customer_quantities(context: MeasureContext, c: Customers) -> Quantities:
    """What is counted of customers."""
    promised = context.promise_us[c.queue] != NO_PROMISE
    unreached_too_long = ~c.reached & ~c.gone & ~c.reached_in_time & ~c.contained_first
    within = context.resolve_us[c.queue] != NO_PROMISE
    gone_unresolved = c.gone & ~c.resolved & (c.reached | c.gave_up)
    settled = c.resolved | gone_unresolved | (~c.gone & ~c.resolved_in_time)
    return {
        "resolved_in_time": Count(c.resolved & c.resolved_in_time),
        "customers_settled": Count(settled & within),
        "reached_in_time": Count(c.reached & c.reached_in_time),
        "customers_decided": Count(promised & (c.reached | c.gave_up | unreached_too_long)),
        "gave_up": Count(c.gave_up),
        "reached_or_gave_up": Count(c.reached | c.gave_up),
        "customers_resolved": Count(c.resolved),
        "resolution_s": Count(c.resolved, 1 + at.RESOLUTION),
        "first_contact_ended": Count(c.first_contact_ended),
        "first_contact_resolved": Count(c.first_contact_resolved),
        "first_agent_resolved": Count(c.first_agent_resolved),
    }


def unit_of(quantity: str) -> float:
    """What the sums of a quantity are divided by: seconds are counted in microseconds."""
    return SECOND if quantity.endswith("_s") else 1.0


SUM_COLUMNS = {  # of `registry.SUMS`
    "wait": at.WAIT,
    "response": at.RESPONSE,
    "callback_wait": at.CALLBACK_WAIT,
    "replies": at.REPLIES,
    "agent_time": at.TIME,
}


def registered_quantities(a: Attempts) -> Quantities:
    """What is counted for the measures that users registered. Raises ValueError where a function
    returns anything but one or two masks of all attempts."""
    found: dict[str, Count] = {}
    for name, own in registered().items():
        pair = own.measure.of
        assert pair is not None  # of every registered measure
        result = own.count(a)
        masks = result if isinstance(result, tuple) else (result,)
        arrays = [np.asarray(mask) for mask in masks]
        names = [quantity for quantity in pair if quantity]
        if [each.shape for each in arrays] != [a.queue.shape] * len(names) or any(
            each.dtype != bool for each in arrays
        ):
            raise ValueError(f"measure '{name}': {len(names)} masks of the attempts are expected")
        column = 1 + SUM_COLUMNS[own.sums] if own.sums else NUMBER
        found[names[0]] = Count(arrays[0], column)
        if len(names) > 1:
            found[names[1]] = Count(arrays[1])
    return found
