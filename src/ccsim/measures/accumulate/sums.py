"""Adds arrivals, rosters and groups of contacts to an accumulator, and reads its sums."""

from __future__ import annotations

from ccsim.engine.kernel.compiler import entry, kernel, words
from ccsim.measures.accumulate.clock import add, cut, interval_of, make_whole, queue_sums, team_sums
from ccsim.measures.accumulate.layout import *


@entry
def count_arrivals(accumulator: Ints, at: Ints, queue: Ints) -> None:
    """Add customers who come in the measured window, but those of a backlog."""
    b = words(accumulator)
    for row in range(at.size):
        facts = b[QUEUES] + Q_WORDS * queue[row]
        if b[FROM] <= at[row] < b[UNTIL] and not b[facts + Q_BACKLOG]:
            b[queue_sums(b, b[facts + Q_FIRST], CAME) + interval_of(b, at[row])] += 1


@entry
def add_time(
    accumulator: Ints, sum_: int, team: Ints, start: Ints, until: Ints, weight: Ints
) -> None:
    """Add stretches of time, so many times each, to a sum of their teams."""
    b = words(accumulator)
    for row in range(start.size):
        if cut(b, start[row], until[row]):
            add(b, team_sums(b, team[row], sum_), weight[row])


@entry
def add_shared_time(
    accumulator: Ints, sum_: int, team: Ints, agent: Ints, start: Ints, until: Ints, weight: Ints,
    first: Ints, since: Ints, to: Ints,
) -> None:  # fmt: skip
    """Add, so many times each, what stretches of agents' time share with spans of the same agents
    to a sum of their teams. The spans of agent a, from `first[a]` to `first[a + 1]`, are disjoint
    and in order of time."""
    b = words(accumulator)
    for row in range(start.size):
        low, high = first[agent[row]], first[agent[row] + 1]
        last = high
        while low < high:  # to the first span that ends later than the stretch begins
            middle = (low + high) >> 1
            if to[middle] <= start[row]:
                low = middle + 1
            else:
                high = middle
        while low < last and since[low] < until[row]:
            if cut(b, max(start[row], since[low]), min(until[row], to[low])):
                add(b, team_sums(b, team[agent[row]], sum_), weight[row])
            low += 1


@entry
def settle(
    accumulator: Ints, groups: Ints, kinds: Ints, first: Ints, counted: Ints, of_kinds: Ints,
    cells: Floats,
) -> None:  # fmt: skip
    """Count groups of attempts and customers in `cells`: a row of all intervals for each sum of
    which measures are made. `kinds`: queue and facts of those that there are, sorted; `of_kinds`:
    number and sums of each, to be filled; `first`, `counted`: see `ccsim.measures.plan`."""
    b, g, c = words(accumulator), words(groups), words(cells)
    all_kinds, begins, pairs = words(kinds), words(first), words(counted)
    each = b[INTERVALS]
    for group in range(0, groups.size, GROUP_WORDS):
        key = g[group + G_KEY] - 1
        cell = key >> FACT_BITS
        queue = cell // each
        kind = place_among(all_kinds, kinds.size, queue << FACT_BITS | key & (1 << FACT_BITS) - 1)
        for word in range(COUNTED):
            of_kinds[COUNTED * kind + word] += g[group + G_NUMBER + word]
        for pair in range(begins[kind], begins[kind + 1]):
            to = each * pairs[2 * pair] + cell - each * queue
            c[to] += g[group + G_NUMBER + pairs[2 * pair + 1]]


@kernel
def place_among(numbers: Ints, count: int, number: int) -> int:
    """The place of a number among sorted ones, of which it is one."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) >> 1
        if numbers[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low


@entry
def sum_up(
    accumulator: Ints, sums: Ints, first: Ints, sources: Ints, weights: Floats, units: Floats,
    cells: Floats,
) -> None:  # fmt: skip
    """Read the sums when no more stretches of time come.

    `sums`: each row of the accumulator over all intervals, to be filled. To row r of `cells` the
    rows `sources[first[r]:first[r + 1]]` of the accumulator are added with their weights, and the
    row is divided by its unit.
    """
    b, c = words(accumulator), words(cells)
    each = b[INTERVALS]
    for queue in range(b[QUEUE_COUNT]):
        for sum_ in range(LINE, ITEMS, 2):
            make_whole(b, queue_sums(b, queue, sum_))
    for team in range(b[TEAM_COUNT]):
        for sum_ in range(HAND, TEAM_SUMS, 2):
            make_whole(b, team_sums(b, team, sum_))
    for row in range(sums.size):
        sums[row] = 0
        for cell in range(b[QUEUE_CELLS] + each * row, b[QUEUE_CELLS] + each * (row + 1)):
            sums[row] += b[cell]
    for row in range(units.size):
        to = each * row
        for place in range(first[row], first[row + 1]):
            if sums[sources[place]]:  # what stays zero takes no memory
                source, weight = b[QUEUE_CELLS] + each * sources[place], weights[place]
                for interval in range(each):
                    c[to + interval] += weight * b[source + interval]
        some = 0 if units[row] != 1.0 else each
        while some < each and c[to + some] == 0.0:
            some += 1
        for interval in range(some, each):
            c[to + interval] /= units[row]
