"""Callbacks, calls in vain, machines that answer first, and helpers: what is counted of them.

What a machine passes on is counted from the handover on, what it contains is not offered to people.
A callback goes on waiting until somebody talks to the customer; a call in vain is no answer.
"""

from __future__ import annotations

import numpy as np

from ccsim.measures.attempts import Attempts, Outcome
from ccsim.measures.books import Books
from ccsim.measures.counts import Parts, Quantities
from ccsim.measures.fold import layout as at
from ccsim.measures.frame import NO_PROMISE, Frame
from ccsim.measures.tally import SECOND, Floats

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
    """What is counted of attempts."""
    reached = a.outcome == Outcome.ANSWERED
    decided = a.called_back & (reached | (a.outcome == Outcome.UNREACHED))
    promise = frame.callback_promise_us[a.queue] != NO_PROMISE
    # Who still waits to be called has outwaited the promise, or nobody knows yet.
    promised = a.called_back & promise & (decided | ~a.callback_kept)
    return {
        "contained": a.contained,
        "met_machine": a.met_machine,
        "callbacks": a.called_back,
        "callbacks_reached": a.called_back & reached,
        "callbacks_decided": decided,
        "callbacks_in_time": promised & reached & a.callback_kept,
        "callbacks_promised": promised,
        "callback_wait_s": a.callback_wait / SECOND,
        "messages": a.left_message,
    }


def calls_of(books: Books) -> dict[str, Floats]:
    """Calls that agents made, also in vain, by first queue and interval of the call: (Q, I)."""
    return {
        "calls": books.by_queue(at.CALLS).astype(np.float64),
        "right_party": books.by_queue(at.TALKED).astype(np.float64),
    }


def help_of(books: Books) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Requests for help that were answered or given up, by first queue and interval (Q, I), and by
    team (T, I): that which came, or that was asked where nobody came."""
    names = {"consults": at.CONSULTS, "helped": at.HELPED_CONSULTS, "wait_s": at.CONSULT_WAIT}
    by_queue = {name: books.by_queue(sum_).astype(np.float64) for name, sum_ in names.items()}
    by_team = {
        name: books.by_team(sum_ - at.FOR_TEAMS).astype(np.float64) for name, sum_ in names.items()
    }
    by_queue["wait_s"] /= SECOND
    by_team["wait_s"] /= SECOND
    return by_queue, by_team
