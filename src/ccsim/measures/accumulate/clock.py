"""Time by interval, and time on the clock of a promise."""

from __future__ import annotations

from ccsim.engine.kernel.compiler import kernel
from ccsim.measures.accumulate.layout import *


@kernel
def interval_of(b: Ints, us: int) -> int:
    """The interval that holds an instant; the first or the last one outside the horizon."""
    edges, last = b[EDGES], b[INTERVALS] - 1
    found = b[NOW_AT]
    if b[edges + found] <= us < b[edges + found + 1]:
        return found
    found = min(max(us // b[USUAL], 0), last)  # all but a few are equally long
    while found > 0 and us < b[edges + found]:
        found -= 1
    while found < last and us >= b[edges + found + 1]:
        found += 1
    b[NOW_AT] = found
    return found


@kernel
def cut(b: Ints, start: int, until: int) -> bool:
    """Cut a stretch of time by the intervals, for `add`: what of it lies in the first and in the
    last one. False where none of it lies in the measured window."""
    start, until = max(start, b[FROM]), min(until, b[UNTIL])
    if start >= until:
        return False
    first = interval_of(b, start)
    last = first if until <= b[b[EDGES] + first + 1] else interval_of(b, until - 1)
    b[SPREAD_FIRST], b[SPREAD_LAST] = first, last
    if first == last:
        b[SPREAD_HEAD], b[SPREAD_TAIL] = until - start, 0
    else:
        b[SPREAD_HEAD] = b[b[EDGES] + first + 1] - start
        b[SPREAD_TAIL] = until - b[b[EDGES] + last]
    return True


@kernel
def add(b: Ints, to: int, weight: int) -> None:
    """Add the stretch that was cut to a sum of time: `to` is the address of its row. In the row
    after it stands how many more stretches than in the interval before cover all of this one."""
    first, last = b[SPREAD_FIRST], b[SPREAD_LAST]
    b[to + first] += b[SPREAD_HEAD] * weight
    if first != last:
        b[to + last] += b[SPREAD_TAIL] * weight
        covered = to + b[INTERVALS]
        b[covered + first + 1] += weight
        b[covered + last] -= weight


@kernel
def make_whole(b: Ints, to: int) -> None:
    """Add the whole intervals to a sum of time: nothing more comes."""
    edges, covered = b[EDGES], to + b[INTERVALS]
    number = 0
    for interval in range(b[INTERVALS]):
        number += b[covered + interval]
        if number:
            b[to + interval] += number * (b[edges + interval + 1] - b[edges + interval])


@kernel
def queue_sums(b: Ints, queue: int, sum_: int) -> int:
    """The address of a sum of a queue: that in the first interval."""
    return b[QUEUE_CELLS] + b[INTERVALS] * (QUEUE_SUMS * queue + sum_)


@kernel
def team_sums(b: Ints, team: int, sum_: int) -> int:
    return b[TEAM_CELLS] + b[INTERVALS] * (TEAM_SUMS * team + sum_)


@kernel
def _open_before(b: Ints, hours: int, us: int) -> int:
    """How much of the hours lies before an instant [us]."""
    count = b[hours]
    low, high = 0, count  # the spans before `low` have begun
    while low < high:
        middle = (low + high) >> 1
        if b[hours + 1 + middle] <= us:
            low = middle + 1
        else:
            high = middle
    if low == 0:
        return 0
    start, until = b[hours + low], b[hours + count + low]
    return b[hours + 2 * count + low] + min(us, until) - start


@kernel
def on_clock(b: Ints, queue: int, start: int, until: int) -> int:
    """Time between two instants on the clock of a queue's promise [us]. `queue`: its words."""
    hours = b[queue + Q_HOURS]
    if hours == 0:
        return until - start
    return _open_before(b, hours, until) - _open_before(b, hours, start)


@kernel
def bin_of(us: int) -> int:
    """The histogram's bin of a duration; see `ccsim.measures.histogram`."""
    shift = 0
    while us >> shift >= 1 << 18:
        shift += 8
    while us >> shift >= 1 << 10:
        shift += 1
    return (shift << 9) + (us >> shift)


@kernel
def count_duration(b: Ints, queue: int, which: int, bin_: int) -> None:
    """Put a duration, by its bin, into one of the histograms of a queue (its words)."""
    number = b[queue + Q_HISTOGRAMS]
    if number >= 0:
        b[b[BINS] + b[BINS_EACH] * (number + which) + bin_] += 1
