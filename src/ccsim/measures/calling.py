"""Callbacks, calls in vain, machines that answer first, and helpers: what is counted of them.

What a machine passes on is counted from the handover on, what it contains is not offered to people.
A callback goes on waiting until somebody talks to the customer; a call in vain is no answer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.attempts import Attempts, Outcome, on_promise_clock
from ccsim.measures.counts import Parts, Quantities
from ccsim.measures.frame import NO_PROMISE, Frame
from ccsim.measures.tally import SECOND, Floats, Ints, Mask, sum_events
from ccsim.network.model import Exit, Network

ATTEMPTS: dict[str, Parts] = {
    "contained": ("contained", "met_machine"),
    "contained_attempts": ("contained", ""),
    "callbacks": ("callbacks", ""),
    "callback_share": ("callbacks", "offered"),
    "callbacks_reached": ("callbacks_reached", "callbacks_decided"),
    "callbacks_kept": ("callbacks_in_time", "callbacks_promised"),
    "callback_wait": ("callback_wait_s", "callbacks_reached"),
    "messages": ("messages", ""),
}
CALLS: dict[str, Parts] = {"calls_made": ("calls", ""), "right_party": ("right_party", "calls")}
HELP: dict[str, Parts] = {
    "consults": ("consults", ""),
    "consults_helped": ("helped", "consults"),
    "consult_wait": ("wait_s", "consults"),
}


def calling_quantities(frame: Frame, a: Attempts) -> Quantities:
    """What is counted of each attempt."""
    reached: Mask = a.outcome == Outcome.ANSWERED
    unreached: Mask = a.outcome == Outcome.UNREACHED
    called_back = a.callback_at >= 0
    talked = called_back & reached
    until = np.where(reached, a.answered, frame.window.until_us)
    promise = frame.callback_promise_us[a.queue]
    since = np.where(called_back, a.callback_at, 0)
    on_clock = on_promise_clock(frame, a.queue, since, np.where(called_back, until, 0))
    kept = on_clock <= promise
    decided = called_back & (reached | unreached)
    # Who still waits to be called has outwaited the promise, or nobody knows yet.
    promised = called_back & (promise != NO_PROMISE) & (decided | ~kept)
    return {
        "contained": a.contained,
        "met_machine": a.met_machine,
        "callbacks": called_back,
        "callbacks_reached": talked,
        "callbacks_decided": decided,
        "callbacks_in_time": promised & talked & kept,
        "callbacks_promised": promised,
        "callback_wait_s": np.where(talked, until - since, 0) / SECOND,
        "messages": a.left_message,
    }


def calls_of(frame: Frame, legs: NDArray[np.void]) -> dict[str, Floats]:
    """Calls that agents made, also in vain, by first queue and interval of the call: (Q, I)."""
    made = legs[frame.dialled[legs["queue"]] & (legs["answered"] >= frame.window.from_us)]
    queue = frame.first[made["queue"]]
    place = queue * frame.window.intervals + frame.window.interval_of(made["answered"])
    talked = ~frame.in_vain[made["queue"]]
    n = len(frame.queues)
    return {
        "calls": sum_events(frame.window, place, n),
        "right_party": sum_events(frame.window, place, n, talked),
    }


def help_of(frame: Frame, legs: NDArray[np.void], by: Ints, groups: int) -> dict[str, Floats]:
    """Requests for help that were answered or given up, by group (of each leg) and interval."""
    answered = legs["answered"] >= 0
    asked = (legs["part"] == 1) & (legs["entered"] >= frame.window.from_us)
    asked &= answered | (legs["exit"] != Exit.INSIDE)
    mine, group, helped = legs[asked], by[asked], answered[asked]
    place = group * frame.window.intervals + frame.window.interval_of(mine["entered"])
    wait = (np.where(helped, mine["answered"], mine["ended"]) - mine["entered"]) / SECOND
    return {
        "consults": sum_events(frame.window, place, groups),
        "helped": sum_events(frame.window, place, groups, helped),
        "wait_s": sum_events(frame.window, place, groups, wait),
    }


def helpers_of(network: Network, legs: NDArray[np.void]) -> Ints:
    """The team of each leg, or the one that was asked where nobody came."""
    first = np.array([queue.route[0].teams[0] for queue in network.queues], np.int64)
    return np.where(legs["team"] >= 0, legs["team"], first[legs["queue"]]).astype(np.int64)


def machine_contacts(frame: Frame, legs: NDArray[np.void]) -> Floats:
    """(Q,): contacts that the machine of each queue answered after the warm-up."""
    met = frame.machine[legs["queue"]] & (legs["answered"] >= frame.window.from_us)
    return np.bincount(legs["queue"][met], minlength=len(frame.queues)).astype(np.float64)
