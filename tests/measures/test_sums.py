"""Additive measures over random histories: intervals sum to totals, channels to everything, and
what the definitions say of one another holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ccsim.measures.catalogue import describe
from ccsim.measures.kpis import Kpis
from ccsim.measures.tally import Window, peak, sum_time
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
    cuts = [draw.integers(1, END, 20), work["start"], work["freed"], [0, END]]
    edges = np.unique(np.concatenate(cuts))
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
    for key, rows in zip(got.interval_keys, got.by_interval, strict=True):
        num, den = totals[key]
        assert rows[:, 0].sum() == pytest.approx(num, rel=1e-12), key
        if describe(key).kind == "ratio":
            assert rows[:, 1].sum() == pytest.approx(den, rel=1e-12), key


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


stretch = st.tuples(st.integers(-5, 60), st.integers(0, 30), st.integers(0, 2), st.integers(1, 4))


@given(st.lists(stretch, max_size=20))
def test_time_falls_where_it_lies(rows: list[tuple[int, int, int, int]]) -> None:
    """Against counting microsecond by microsecond."""
    window = Window(np.array([0, 7, 20, 21, 40, 50]), np.zeros(5, np.int64), 3, 50)
    start, length, group, weight = (np.array(c, np.int64) for c in zip(*rows, strict=True)) if rows else (np.zeros(0, np.int64),) * 4  # fmt: skip  # noqa: E501
    got = sum_time(window, start, start + length, group, 3, weight)
    expected = np.zeros((3, 5))
    for s, n, g, w in rows:
        for t in range(max(s, 3), min(s + n, 50)):
            expected[g, np.searchsorted(window.edges, t, side="right") - 1] += w
    np.testing.assert_array_equal(got, expected)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=20))
def test_the_peak_is_the_highest_level(rows: list[tuple[int, int]]) -> None:
    levels = [sum(s <= t < s + n for s, n in rows) for t in range(40)]
    starts = np.sort(np.array([s for s, _ in rows], np.int64))
    untils = np.sort(np.array([s + n for s, n in rows], np.int64))
    assert peak(starts, untils) == max(levels, default=0)
