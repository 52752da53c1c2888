"""On which of their working days people who are shared with other work are here."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def days_here(
    share: float,
    person: NDArray[np.intp],
    day: Ints,
    shift: Ints,
    begun: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Whether the people of each row are here, given rows of a `person` who works a `shift` on a
    `day`.

    Of those who work a shift on a day the share is here, rounded up or down so that the fractions
    are carried from day to day of that shift. They are those who lack most of their own share of
    days so far; `begun` in [0, 1), by person, is where each of them starts.
    """
    here = np.zeros(len(person), dtype=np.bool_)
    lacking = begun.astype(np.float64)
    carried: dict[int, float] = {}
    order = np.lexsort((person, shift, day))
    edges = np.flatnonzero(np.diff(day[order]) | np.diff(shift[order])) + 1
    for rows in np.split(order, edges) if len(order) else []:
        name, who = int(shift[rows[0]]), person[rows]
        wanted = carried.get(name, 0.5) + share * len(rows)
        count = math.floor(wanted + 1e-9)
        carried[name] = wanted - count
        lacking[who] += share
        chosen = np.argsort(-np.round(lacking[who], 9), kind="stable")[:count]
        here[rows[chosen]] = True
        lacking[who[chosen]] -= 1.0
    return here
