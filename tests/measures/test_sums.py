"""Additive measures over random histories: intervals sum to totals, channels to everything, and
what the definitions say of one another holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ccsim.measures.accumulate import layout as at
from ccsim.measures.accumulate.rows import peaks
from ccsim.measures.accumulate.sums import add_shared_time, add_time, sum_up
from ccsim.measures.catalogue import describe
from ccsim.measures.kpis import Kpis
from ccsim.network.model import Exit, Label
from ccsim.records import DUTY_DTYPE, LEGS_DTYPE, WORK_DTYPE, Next, Presence, Records, State
from tests.measures.desk import HORIZON, S, kpis

END = HORIZON * S


def history(seed: int, contacts: int) -> Records:
    """A random history of the desk's queues 0 to 2, one leg a contact."""
    draw = np.random.default_rng(seed)
    legs = np.zeros(contacts, LEGS_DTYPE)
    legs["contact"] = np.arange(contacts)
    legs["queue"] = draw.integers(0, 3, contacts)
    legs["entered"] = np.sort(draw.integers(0, END, contacts))
    left = legs["entered"] + draw.integers(0, 200, contacts) * draw.integers(0, 2, contacts) * S
    ended = left + draw.integers(0, 900 * S, contacts)
    fate = draw.integers(0, 10, contacts)
    served, gone = fate < 6, (fate >= 6) & (fate < 9)
    legs["exit"] = np.select([served, gone], [Exit.SERVED, Exit.ABANDONED], Exit.NO_LINE)
    legs["label"] = np.where(served, Label.RESOLVED, Label.GAVE_UP)
    legs["answered"] = np.where(served, left, -1)
    legs["ended"] = np.select([served, gone], [ended, left], legs["entered"])
    legs["team"] = legs["agent"] = np.where(served, 0, -1)
    legs["next"] = Next.LEAVES
    waits, talks = gone & (left >= END), served & (ended >= END)
    waits |= served & (left >= END)
    talks &= ~waits
    for inside in (waits, talks):
        legs["exit"][inside], legs["label"][inside], legs["ended"][inside] = 0, 0, -1
    legs["answered"][waits] = -1
    legs["state"] = np.select([waits, talks], [State.WAITING, State.IN_SERVICE], State.ENDED)
    handled = legs[legs["answered"] >= 0]
    work = np.zeros(len(handled), WORK_DTYPE)
    for name in ("contact", "queue", "agent", "team"):
        work[name] = handled[name]
    work["start"] = handled["answered"]
    work["until"] = np.where(handled["ended"] >= 0, handled["ended"], END)
    work["freed"] = np.minimum(work["until"] + 30 * S, END)
    work["units"] = 1
    return Records(legs, work, _steps(draw, work))


def _steps(draw: np.random.Generator, work: NDArray[np.void]) -> NDArray[np.void]:
    """The duty of the one agent, who has so much work in hand."""
    cuts = [draw.integers(1, END, 20), work["start"], work["freed"], np.array([0, END])]
    edges: NDArray[np.int64] = np.unique(np.concatenate(cuts))
    edges = edges[edges <= END]
    duty = np.zeros(len(edges) - 1, DUTY_DTYPE)
    duty["start"], duty["until"] = edges[:-1], edges[1:]
    begun = np.searchsorted(np.sort(work["start"]), edges[:-1], side="right")
    duty["units"] = begun - np.searchsorted(np.sort(work["freed"]), edges[:-1], side="right")
    works = duty["units"] > 0
    presence = draw.choice([Presence.ON, Presence.OVERTIME, Presence.BREAK], len(duty))
    presence[works & (presence == Presence.BREAK)] = Presence.ON
    presence[~works & (presence == Presence.OVERTIME)] = Presence.BREAK
    duty["presence"] = presence
    return duty


def table(got: Kpis) -> dict[str, Any]:
    return dict(zip(got.keys, got.totals.tolist(), strict=True))


histories = st.builds(history, st.integers(0, 2**32), st.integers(0, 60))


@settings(max_examples=40, deadline=None)
@given(histories, st.sampled_from([0, 7 * 3600 * S, 30 * 3600 * S]))
def test_intervals_sum_to_totals(records: Records, warm_up: int) -> None:
    got = kpis({"calendar": {"warm_up": warm_up}}, records=records)
    totals = table(got)
    for key in got.components.keys:
        nums, dens = got.by_interval(key)
        num, den = totals[key]
        assert nums.sum() == pytest.approx(num, rel=1e-12), key
        if describe(key).kind == "ratio":
            assert dens.sum() == pytest.approx(den, rel=1e-12), key


@settings(max_examples=40, deadline=None)
@given(histories)
def test_parts_sum_to_the_whole(records: Records) -> None:
    totals = table(kpis(records=records))
    for name in ("attempts", "contacts", "customers", "contacts_resolved", "backlog_end"):
        whole = totals[f"all.{name}"][0]
        assert totals[f"phone.{name}"][0] + totals[f"email.{name}"][0] == whole
        assert totals[f"billing.{name}"][0] + totals[f"technical.{name}"][0] == whole
    for name in ("service_level", "wait", "abandoned", "backlog_mean"):
        num = totals[f"billing.phone.{name}"][0] + totals[f"technical.phone.{name}"][0]
        assert num == pytest.approx(totals[f"phone.{name}"][0])


@settings(max_examples=40, deadline=None)
@given(histories)
def test_what_the_definitions_say_of_one_another(records: Records) -> None:
    got = kpis(records=records)
    totals = table(got)
    assert totals["all.backlog_mean"][0] == pytest.approx(
        ((np.where(records.legs["answered"] >= 0, records.legs["answered"],
                   np.where(records.legs["ended"] >= 0, records.legs["ended"], END))
          - records.legs["entered"]).sum()) / S
    )  # fmt: skip
    for scope in ("all", "phone", "billing.phone"):
        level = totals[f"{scope}.service_level"]
        generous = totals[f"{scope}.service_level_abandons_good"]
        lenient = totals[f"{scope}.service_level_short_abandons_left_out"]
        assert level[0] <= generous[0] <= generous[1]
        assert lenient[0] == level[0] <= lenient[1] <= level[1]
        offered = totals[f"{scope}.answered"][1]
        fates = ("answered", "abandoned", "blocked", "cut_off")
        assert sum(totals[f"{scope}.{fate}"][0] for fate in fates) == offered
    for key, (num, den) in totals.items():
        measure = describe(key)
        assert num >= 0 and den >= 0
        if measure.unit == "share" and measure.name != "utilisation":  # agents need no schedule
            assert num <= den * (1 + 1e-12), key
        if measure.kind == "ratio" and den == 0:
            assert num == 0, key
    assert got.histograms["all.wait"].total == totals["all.wait"][1]


EDGES = np.array([0, 7, 20, 21, 40, 50], np.int64)
TEAMS = 3


def small_books() -> NDArray[np.int64]:
    """Books with the sums of three teams and of no line, measured from 3 us to 50 us."""
    cells = at.FIXED + len(EDGES)
    books = np.zeros(cells + TEAMS * at.TEAM_SUMS * (len(EDGES) - 1), np.int64)
    books[at.FIXED : cells] = EDGES
    known = {at.FROM: 3, at.UNTIL: 50, at.INTERVALS: 5, at.EDGES: at.FIXED, at.USUAL: 10}
    known |= {at.TEAM_COUNT: TEAMS, at.TEAM_CELLS: cells, at.QUEUE_CELLS: cells}
    for word, value in known.items():
        books[word] = value
    return books


def summed(books: NDArray[np.int64], sum_: int) -> NDArray[np.float64]:
    """(teams, intervals) of a sum of time, in half units, as cells are made of it."""
    cells, sums = np.zeros((TEAMS, 5)), np.zeros(TEAMS * at.TEAM_SUMS, np.int64)
    sources = np.arange(TEAMS) * at.TEAM_SUMS + sum_
    each = np.arange(TEAMS + 1), sources, np.ones(TEAMS), np.full(TEAMS, 2.0)
    sum_up(books, sums, *each, cells.reshape(-1))
    assert sums[sources].tolist() == (2 * cells).sum(axis=1).tolist()
    return cells


def columns(rows: Sequence[tuple[int, ...]], words: int) -> list[NDArray[np.int64]]:
    return list(np.array(rows, np.int64).reshape(-1, words).T.copy())


stretch = st.tuples(
    st.integers(0, TEAMS - 1), st.integers(-5, 60), st.integers(0, 30), st.integers(1, 4)
)


@given(st.lists(stretch, max_size=20))
def test_time_falls_where_it_lies(rows: list[tuple[int, int, int, int]]) -> None:
    """Against counting microsecond by microsecond."""
    books = small_books()
    team, start, length, weight = columns(rows, 4)
    add_time(books, at.PAID, team, start, start + length, weight)
    expected = np.zeros((TEAMS, 5))
    for which, s, n, w in rows:
        for t in range(max(s, 3), min(s + n, 50)):
            expected[which, np.searchsorted(EDGES, t, side="right") - 1] += w / 2
    np.testing.assert_array_equal(summed(books, at.PAID), expected)


@given(st.lists(stretch, max_size=10), st.sets(st.integers(0, 60), max_size=9))
def test_time_is_shared_where_it_meets_spans(
    rows: list[tuple[int, int, int, int]], borders: set[int]
) -> None:
    """Agent a of team 2 - a: every second stretch between the borders, moved by a, is a span."""
    books, team = small_books(), np.arange(TEAMS)[::-1].copy()
    cuts = sorted(borders)
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    spans = [(a, since + a, to + a) for a in range(TEAMS) for since, to in pairs]
    whose, since, to = columns(spans, 3)
    first = np.searchsorted(whose, np.arange(TEAMS + 1))
    agent, start, length, weight = columns(rows, 4)
    each = team, agent, start, start + length, weight, first, since, to
    add_shared_time(books, at.DEFERRED_UNITS, *each)
    expected = np.zeros((TEAMS, 5))
    for which, s, n, w in rows:
        for t in range(max(s, 3), min(s + n, 50)):
            inside = any(a == which and b <= t < c for a, b, c in spans)
            place = np.searchsorted(EDGES, t, side="right") - 1
            expected[2 - which, place] += inside * w / 2
    np.testing.assert_array_equal(summed(books, at.DEFERRED_UNITS), expected)


stay = st.tuples(st.integers(0, 30), st.integers(1, 9), st.integers(0, 1))


@given(st.lists(stay, max_size=20))
def test_the_peak_is_the_highest_level(rows: list[tuple[int, int, int]]) -> None:
    """Of two lines: of the first, and of both together."""
    start, length, line = columns(rows, 3)
    events = np.sort(np.concatenate([start << 2 | 2 | line, start + length << 2 | line]))
    levels, highest = np.zeros((2, 2), np.int64)
    peaks(events, 2, np.array([1, 1, 0, 1]), 2, levels, highest)
    for number, lines in enumerate([(0,), (0, 1)]):
        mine = [(s, n) for s, n, which in rows if which in lines]
        at_once = [sum(s <= t < s + n for s, n in mine) for t in range(40)]
        assert highest[number] == max(at_once, default=0)
    assert levels.tolist() == [0, 0]
