"""Items and time in line: what agents did with contacts, and how many waited or were inside.

An item is an answered stay in a queue whose handling ended after the warm-up; a call to a customer
in vain is none. Its times are those of its own work: all teams' that worked on it, helpers' parts
apart. Time in line is that of the unanswered and of those set aside; its total is the sum of
`waited` (Little's law as an identity).
"""

from __future__ import annotations

import numpy as np

from ccsim.measures.books import Books
from ccsim.measures.counts import Parts
from ccsim.measures.fold import layout as at
from ccsim.measures.tally import SECOND, Floats, Ints

ITEMS: dict[str, Parts] = {
    "handle_time": ("handle_s", "items_finished"),
    "talk_time": ("talk_s", "items_finished"),
    "wrap_up_time": ("wrap_up_s", "items_finished"),
    "contacts_handled": ("items", ""),
    "escalations": ("escalations", ""),
}
_SUMS = {
    "items": at.ITEMS,
    "items_finished": at.FINISHED,  # wrap-up ended before the horizon
    "talk_s": at.TALK,
    "wrap_up_s": at.WRAP,
    "escalations": at.ESCALATED_ITEMS,
}


def items_of(books: Books) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Each quantity of ITEMS by queue and interval (Q, I), and by team (T, I)."""
    by_queue = {name: books.by_queue(sum_) for name, sum_ in _SUMS.items()}
    by_team = {name: books.by_team(sum_ - at.FOR_TEAMS) for name, sum_ in _SUMS.items()}
    return _with_times(by_queue), _with_times(by_team)


def _with_times(sums: dict[str, Ints]) -> dict[str, Floats]:
    sums["handle_s"] = sums["talk_s"] + sums["wrap_up_s"]
    return {
        name: found / SECOND if name.endswith("_s") else found.astype(np.float64)
        for name, found in sums.items()
    }


def in_line(books: Books) -> Floats:
    """(Q, I): seconds in line, unanswered or set aside; helpers' parts apart."""
    return books.time_by_queue(at.LINE) / SECOND


def inside(books: Books) -> Floats:
    """(Q, I): seconds from entry to the end of handling."""
    return books.time_by_queue(at.INSIDE_TIME) / SECOND
