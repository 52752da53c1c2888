"""Callbacks, calls in vain, machines that answer first, and helpers: what is counted of them.

What a machine passes on is counted from the handover on, what it contains is not offered to people.
A callback goes on waiting until somebody talks to the customer; a call in vain is no answer.
"""

from __future__ import annotations

from ccsim.measures.accumulate import layout as at
from ccsim.measures.attempts import Attempts, Outcome, attempts_of, customers_of
from ccsim.measures.context import NO_PROMISE, MeasureContext
from ccsim.measures.counts import (
    Count,
    Quantities,
    attempt_quantities,
    customer_quantities,
    registered_quantities,
)
from ccsim.measures.groups import Kinds
from ccsim.measures.work import Quantity
from ccsim.scenario.clock import SECOND

# by first queue and interval of the call; also in vain
CALLS = {"calls": Quantity(((at.CALLS, 1.0),)), "right_party": Quantity(((at.TALKED, 1.0),))}
# requests that were answered or given up, by first queue, and by team: that which came, or that was
# asked where nobody came
HELP = {
    "consults": Quantity(((at.CONSULTS, 1.0),)),
    "helped": Quantity(((at.HELPED_CONSULTS, 1.0),)),
    "consult_wait_s": Quantity(((at.CONSULT_WAIT, 1.0),), SECOND),
}


def calling_quantities(context: MeasureContext, a: Attempts) -> Quantities:
    """What is counted of attempts."""
    reached = a.outcome == Outcome.ANSWERED
    decided = a.called_back & (reached | (a.outcome == Outcome.UNREACHED))
    promise = context.callback_promise_us[a.queue] != NO_PROMISE
    # Who still waits to be called has outwaited the promise, or nobody knows yet.
    promised = a.called_back & promise & (decided | ~a.callback_kept)
    return {
        "contained": Count(a.contained),
        "met_machine": Count(a.met_machine),
        "callbacks": Count(a.called_back),
        "callbacks_reached": Count(a.called_back & reached),
        "callbacks_decided": Count(decided),
        "callbacks_in_time": Count(promised & reached & a.callback_kept),
        "callbacks_promised": Count(promised),
        "callback_wait_s": Count(a.called_back, 1 + at.CALLBACK_WAIT),
        "messages": Count(a.left_message),
    }


def counted(context: MeasureContext, kinds: Kinds) -> Quantities:
    """What is counted of attempts and of customers, of which there are these kinds."""
    customers = kinds.facts & at.OF_CUSTOMERS != 0
    attempts = attempts_of(kinds)
    of_attempts = {
        **attempt_quantities(context, attempts),
        **calling_quantities(context, attempts),
        **registered_quantities(attempts),
    }
    of_customers = customer_quantities(context, customers_of(kinds))
    return {
        name: each._replace(of=each.of & mine)
        for mine, quantities in ((~customers, of_attempts), (customers, of_customers))
        for name, each in quantities.items()
    }
