"""Arrivals against the law of their process, and the promise that designs see the same customers.

Seeds are fixed. A mean over n replications is held to 3.5 standard errors, which the formula of the
process gives; a variance to its own 3.5 standard errors, sqrt((kurtosis + 2) / n) of the variance.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from ccsim.errors import ScenarioProblems
from ccsim.network.draws import Purpose, contact_keys, root_key, uniform, uniforms
from ccsim.scenario.clock import DAY, HOUR, MINUTE
from ccsim.workload.model import merged, without_history
from ccsim.workload.poisson import LEAST, DayStreams, exact_count, poisson_counts
from tests.workload.workloads_by_hand import workload_of

DAY_SHAPE = (0.0,) * 8 + (100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60) + (0.0,) * 3


def columns(workload: Any) -> list[list[int]]:
    names = ("at", "queue", "key", "work", "patience", "head_start")
    return [getattr(workload, name).tolist() for name in names]


# --- counts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mean", [0.0, 0.3, 7.0, 1660.0, 1_000_000.0])
def test_counts_are_the_quantiles_of_the_poisson_law(mean: float) -> None:
    u = (np.arange(200) + 0.37) / 200
    expected = stats.poisson(mean).ppf(u) if mean else np.zeros(200)
    assert poisson_counts(mean, u).tolist() == expected.astype(int).tolist()


@pytest.mark.parametrize("mean", [0.3, 7.0, 400.25])
def test_a_uniform_at_the_very_border_of_a_count_is_decided_exactly(mean: float) -> None:
    """SciPy's P(N <= k) as the uniform, and its neighbours: 50 digits say on which side it lies."""
    for k in range(max(0, int(mean - 3)), int(mean + 4)):
        border = float(special.gammaincc(k + 1.0, mean))
        for u in (border, np.nextafter(border, 0.0), np.nextafter(border, 1.0)):
            with localcontext(prec=60):
                terms = [Decimal(mean) ** i / math.factorial(i) for i in range(k + 2)]
                at_most = [sum(terms[: i + 1]) * (-Decimal(mean)).exp() for i in (k - 1, k, k + 1)]
            due = k if at_most[1] > Decimal(float(u)) else k + 1
            assert at_most[0] < Decimal(float(u)) < at_most[2]
            assert poisson_counts(mean, u).tolist() == due == exact_count(mean, float(u))


def test_no_uniform_means_no_count_at_all() -> None:
    assert poisson_counts(50.0, 0.0).tolist() == exact_count(50.0, LEAST) > 0


def test_extreme_uniforms_give_counts() -> None:
    counts = poisson_counts([0.5, 1e6], [1 - 2.0**-53, 0.0])
    assert 5 < counts[0] < 40
    assert 1e6 - 40e3 < counts[1] < 1e6


@pytest.mark.parametrize(("shape", "sd"), [(10.0, 526.5168563), (400.0, 92.46080251)])
def test_daily_volume_with_busyness_is_mixed_poisson(shape: float, sd: float) -> None:
    """Cases X38a and X38b: Poisson(1660 B), B gamma with mean 1: variance m + m^2 / shape."""
    contacts = {"calls": {"per_day": 1660.0, "shape": DAY_SHAPE, "busyness": {"cv": shape**-0.5}}}
    counts = []
    for replication in range(5):
        w = workload_of(contacts, days=400, seed=38, replication=replication)
        counts += np.bincount(w.at // DAY, minlength=400).tolist()
    n = len(counts)
    assert np.mean(counts) == pytest.approx(1660, abs=3.5 * sd / math.sqrt(n))
    # excess kurtosis of the gamma is 6 / shape, which bounds that of the mixture
    error = math.sqrt((2 + 6 / shape) / n) / 2
    assert np.std(counts) == pytest.approx(sd, rel=3.5 * error, abs=0)


def test_counts_without_busyness_are_poisson_and_days_are_independent() -> None:
    w = workload_of({"calls": {"per_day": 50.0}}, days=3000)
    counts = np.bincount(w.at // DAY, minlength=3000)
    assert counts.mean() == pytest.approx(50, abs=3.5 * math.sqrt(50 / 3000))
    assert counts.var() == pytest.approx(50, rel=3.5 * math.sqrt(2 / 3000), abs=0)
    assert abs(np.corrcoef(counts[:-1], counts[1:])[0, 1]) < 3.5 / math.sqrt(3000)


def test_arrivals_follow_the_integral_of_the_rate() -> None:
    """Rate 100 + 20 sin t (case X31, t in hours), in steps of 6 minutes over a day.

    Counts of disjoint hours are independent and Poisson with the integral of the rate as mean:
    the sum of their squared standardised deviations is chi-square.
    """
    edges = np.arange(241) * 0.1
    integral = 100 * edges - 20 * np.cos(edges)
    weights = tuple(np.diff(integral).tolist())
    total = float(integral[-1] - integral[0])
    w = workload_of({"calls": {"per_day": total, "shape": weights}}, days=200)
    hour = (w.at % DAY) // HOUR
    expected = 200 * np.diff(integral[::10])
    seen = np.bincount(hour, minlength=24)
    chi_square = float(np.sum((seen - expected) ** 2 / expected))
    assert stats.chi2(24).sf(chi_square) > 1e-3
    # the test has the power to see a flat day
    flat = 200 * total / 24
    assert stats.chi2(24).sf(float(np.sum((seen - flat) ** 2 / flat))) < 1e-6
    # within a step instants are uniform
    within = (w.at % (6 * MINUTE)) / (6 * MINUTE)
    assert stats.kstest(within, "uniform").pvalue > 1e-3


def test_weekdays_growth_and_silent_days() -> None:
    per_day = {"mon": 4000.0, "tue": 2000.0, "sun": 100.0}
    w = workload_of({"calls": {"per_day": per_day, "growth": (0.5, "week")}}, days=14)
    counts = np.bincount(w.at // DAY, minlength=14)
    for day, expected in {
        0: 4000,
        1: 2000 * 1.5 ** (1 / 7),
        7: 6000,
        13: 150 * 1.5 ** (6 / 7),
    }.items():
        assert counts[day] == pytest.approx(expected, abs=3.5 * math.sqrt(expected))
    assert counts[2:6].sum() == 0 == counts[9:13].sum()


def test_shared_busyness_moves_types_together() -> None:
    def correlation(names: tuple[str | None, str | None]) -> float:
        contacts = {
            kind: {"per_day": 500.0, "busyness": {"cv": 0.4, "shared": name}}
            for kind, name in zip("ab", names, strict=True)
        }
        w = workload_of(contacts, days=600)
        counts = [np.bincount(w.at[w.queue == q] // DAY, minlength=600) for q in (0, 1)]
        matrix = np.asarray(np.corrcoef(np.array(counts)))
        return float(matrix[0, 1])

    # cov = (500 x 0.4)^2, var = 500 + (500 x 0.4)^2: correlation 0.988
    assert correlation(("market", "market")) == pytest.approx(1 / (1 + 500 / 200**2), abs=0.005)
    assert abs(correlation((None, None))) < 3.5 / math.sqrt(600)


# --- shape and daylight saving ------------------------------------------------------------------


def test_instants_keep_to_their_steps() -> None:
    shape = tuple(1.0 if k in (18, 40) else 0.0 for k in range(48))
    w = workload_of({"calls": {"per_day": 3000.0, "shape": shape}}, days=1)
    assert set((w.at // (30 * MINUTE)).tolist()) == {18, 40}
    assert np.all(np.diff(w.at) >= 0)


def test_a_skipped_hour_gives_its_demand_to_its_neighbours() -> None:
    # Kyiv, 2027-03-28: 03:00 is 04:00. Everything comes at 03:00-04:00.
    shape = tuple(1.0 if k == 3 else 0.0 for k in range(24))
    w = workload_of(
        {"calls": {"per_day": 4000.0, "shape": shape}},
        days=1, start=dt.date(2027, 3, 28), timezone="Europe/Kyiv",
    )  # fmt: skip
    hours = np.bincount(w.at // HOUR, minlength=23)
    assert len(hours) == 23 and hours[2] + hours[3] == len(w)  # elapsed hour 3 shows 04:00
    assert hours[2] == pytest.approx(2000, abs=3.5 * math.sqrt(2000))


def test_a_doubled_hour_spreads_its_demand() -> None:
    # Kyiv, 2027-10-31: 03:00-04:00 comes twice
    shape = tuple(1.0 if k in (3, 10) else 0.0 for k in range(24))
    w = workload_of(
        {"calls": {"per_day": 8000.0, "shape": shape}},
        days=1, start=dt.date(2027, 10, 31), timezone="Europe/Kyiv",
    )  # fmt: skip
    hours = np.bincount(w.at // HOUR, minlength=25)
    assert np.flatnonzero(hours).tolist() == [3, 4, 11]
    for hour, expected in ((3, 2000), (4, 2000), (11, 4000)):
        assert hours[hour] == pytest.approx(expected, abs=3.5 * math.sqrt(expected))


def test_shape_from_a_file() -> None:
    columns_of = {
        "time": ("00:00", "06:00", "12:00", "18:00"),
        "mon-fri": ("0", "1", "0", "0"),
        "sat": ("0", "0", "1", "0"),
        "daily": ("0", "0", "0", "2"),
    }
    w = workload_of(
        {"calls": {"per_day": 100.0, "shape": "p.csv"}}, days=7, files={"p.csv": columns_of}
    )
    quarter = (w.at % DAY) // (6 * HOUR)
    by_day = [set(quarter[w.at // DAY == d].tolist()) for d in range(7)]
    assert by_day == [{1}, {1}, {1}, {1}, {1}, {2}, {3}]


@pytest.mark.parametrize(
    ("fields", "files", "message"),
    [
        ({"shape": (1.0,) * 7 + (2.0,) * 4}, {}, "do not divide a day"),
        ({"shape": "p.csv"}, {"p.csv": {"mon": ("1", "2")}}, "no column for tue"),
        ({"shape": "p.csv"}, {"p.csv": {"daily": ("1", "x")}}, "something else than numbers"),
        ({"shape": (0.0, 0.0)}, {}, "all weights are 0"),
        ({"shape": (1.0, -1.0)}, {}, "weights are numbers from 0"),
        ({"trace": "t.csv"}, {"t.csv": {"when": ("1",)}}, "a trace has the columns"),
        ({"trace": "t.csv"}, {"t.csv": {"at": ("soon",)}}, "local dates and times"),
        ({"trace": "t.csv"}, {"t.csv": {"at": ("1",), "handle_s": ("-1",)}}, "negative"),
        ({"trace": "t.csv"}, {"t.csv": {"at": ("1",), "channel": ("fax",)}}, "come by 'fax'"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(
    fields: dict[str, Any], files: dict[str, Any], message: str
) -> None:
    with pytest.raises(ScenarioProblems) as caught:
        workload_of({"calls": {"per_day": 100.0, **fields}}, files=files)
    [problem] = caught.value.problems
    assert message in problem.message
    assert problem.path.startswith("contacts.calls.arrivals.")


# --- channels, groups, offered -------------------------------------------------------------------


def test_channels_by_share_and_by_key() -> None:
    shares = {"phone": 0.5, "chat": 0.2, "email": "rest"}
    contacts = {"help": {"per_day": 2000.0, "by_channel": shares, "on": ("phone", "chat", "email")}}
    w = workload_of(contacts, days=5)
    for queue, share in enumerate((0.5, 0.2, 0.3)):
        error = math.sqrt(share * (1 - share) / len(w))
        assert np.mean(w.queue == queue) == pytest.approx(share, abs=3.5 * error)
    u = uniforms(w.key, Purpose.CHANNEL)
    assert np.all((u < 0.5) == (w.queue == 0)) and np.all((u >= 0.7) == (w.queue == 2))


def test_each_channel_may_have_its_shape() -> None:
    shapes = {"phone": (0.0, 1.0), "chat": (1.0, 0.0)}
    contacts = {
        "help": {
            "per_day": 500.0,
            "shape": shapes,
            "by_channel": {"phone": 0.5, "chat": "rest"},
            "on": ("phone", "chat"),
        }
    }
    w = workload_of(contacts, days=2)
    afternoon = (w.at % DAY) >= 12 * HOUR
    assert np.array_equal(afternoon, w.queue == 0)


def test_a_channel_without_weight_on_a_day_leaves_its_share_to_the_others() -> None:
    files = {"phone.csv": {"mon": ("1",), "tue": ("0",)}, "chat.csv": {"daily": ("1",)}}
    contacts = {
        "help": {
            "per_day": {"mon": 1000.0, "tue": 1000.0},
            "shape": {"phone": "phone.csv", "chat": "chat.csv"},
            "by_channel": {"phone": 0.7, "chat": "rest"},
            "on": ("phone", "chat"),
        }
    }
    w = workload_of(contacts, days=2, files=files)
    by_phone = w.queue == 0
    tuesday = w.at >= DAY
    assert not by_phone[tuesday].any()
    assert np.sum(tuesday) == pytest.approx(1000, abs=3.5 * math.sqrt(1000))
    error = math.sqrt(0.7 * 0.3 / 1000)
    assert by_phone[~tuesday].mean() == pytest.approx(0.7, abs=3.7 * error)


def test_groups_come_together() -> None:
    w = workload_of({"calls": {"per_day": 400.0, "group": 4}}, days=100)
    _, sizes = np.unique(w.at, return_counts=True)
    assert set(sizes.tolist()) == {4}
    assert len(np.unique(w.key)) == len(w)
    # 100 groups a day: variance of the count is 16 x 100
    assert len(w) == pytest.approx(40_000, abs=3.5 * math.sqrt(16 * 100 * 100))


def test_first_attempts_thin_the_offered_volume() -> None:
    contacts = {"calls": {"per_day": 3000.0}, "other": {"per_day": 10.0}}
    options = {"first_attempt_share": {"calls": 0.8}}
    w, all_of_them = workload_of(contacts, options=options), workload_of(contacts)
    mine = int(np.sum(w.queue == 0))
    assert mine == pytest.approx(7 * 2400, abs=3.5 * math.sqrt(7 * 2400))
    assert w.key[w.queue == 1].tolist() == all_of_them.key[all_of_them.queue == 1].tolist()


def test_first_attempts_by_channel() -> None:
    contacts = {
        "help": {
            "per_day": 4000.0,
            "by_channel": {"phone": 0.5, "chat": 0.5},
            "on": ("phone", "chat"),
        }
    }
    options = {"first_attempt_share": {"help.phone": 0.5}}
    w = workload_of(contacts, days=2, options=options)
    for queue, expected in ((0, 2 * 1000), (1, 2 * 2000)):
        assert np.sum(w.queue == queue) == pytest.approx(expected, abs=3.5 * math.sqrt(expected))


# --- traces -------------------------------------------------------------------------------------


def test_a_trace_is_replayed() -> None:
    files = {
        "t.csv": {
            "at": (
                "2027-03-28 09:00:01.5",
                "2027-03-27 23:00:00",
                "2027-03-28 02:30:00",
                "2027-03-30",
            ),
            "channel": ("phone", "chat", "phone", "phone"),
            "patience_s": ("", "30", "0", "1"),
            "handle_s": ("90.5", "", "10", "1"),
            "head_start_s": ("90", "0", "", "1"),
        }
    }
    contacts = {"calls": {"trace": "t.csv", "on": ("phone", "chat")}}
    calendar: dict[str, Any] = {"start": dt.date(2027, 3, 27), "days": 2, "timezone": "Europe/Kyiv"}
    w = workload_of(contacts, files=files, **calendar)
    assert w.at.tolist() == [23 * HOUR, DAY + int(2.5 * HOUR), DAY + 8 * HOUR + 1_500_000]
    assert w.queue.tolist() == [1, 0, 0]
    assert w.patience.tolist() == [30_000_000, 0, -1]
    assert w.work.tolist() == [-1, 10_000_000, 90_500_000]
    assert w.head_start.tolist() == [0, -1, 90_000_000]
    again = workload_of(contacts, files=files, replication=7, **calendar)
    assert again.at.tolist() == w.at.tolist()
    assert again.key.tolist() != w.key.tolist()


def test_a_trace_in_seconds() -> None:
    columns_of = {"at": ("7.25", "3", "3"), "channel": ("phone", "", "phone")}
    w = workload_of({"calls": {"trace": "t.csv"}}, files={"t.csv": columns_of})
    assert w.at.tolist() == [3_000_000, 3_000_000, 7_250_000]
    keys = contact_keys(root_key(1, 0), "calls", 3).tolist()
    assert w.key.tolist() == [keys[1], keys[2], keys[0]]


# --- the same customers -------------------------------------------------------------------------

BASE: dict[str, dict[str, Any]] = {
    "calls": {"per_day": 300.0, "shape": DAY_SHAPE, "busyness": {"cv": 0.2, "shared": "market"}},
    "mails": {"per_day": 80.0, "busyness": {"cv": 0.1}},
}


def test_replications_differ_and_repeat() -> None:
    one = columns(workload_of(BASE, replication=3))
    assert one == columns(workload_of(BASE, replication=3))
    assert one != columns(workload_of(BASE, replication=4))
    assert one != columns(workload_of(BASE, replication=3, seed=2))


def test_another_type_moves_nobody() -> None:
    def keys_and_times(contacts: dict[str, Any], queue: int) -> list[tuple[int, int]]:
        w = workload_of(contacts)
        mine = w.queue == queue
        return list(zip(w.at[mine].tolist(), w.key[mine].tolist(), strict=True))

    more = {"news": {"per_day": 500.0, "busyness": {"cv": 0.2, "shared": "market"}}, **BASE}
    assert keys_and_times(BASE, 0) == keys_and_times(more, 1)
    assert keys_and_times(BASE, 1) == keys_and_times(more, 2)


def test_more_volume_has_the_same_customers_and_some_more() -> None:
    def customers(per_day: dict[str, float]) -> set[tuple[int, int]]:
        w = workload_of({"calls": {"per_day": per_day, "shape": DAY_SHAPE}}, days=3)
        return set(zip(w.at.tolist(), w.key.tolist(), strict=True))

    few = customers({"mon": 300.0, "tue": 200.0, "wed": 200.0})
    more = customers({"mon": 330.0, "tue": 200.0, "wed": 200.0})
    assert few < more
    # and all of the added come on Monday
    assert {at // DAY for at, _ in more - few} == {0}


def test_a_longer_calendar_begins_with_the_same_days() -> None:
    short, long = workload_of(BASE, days=3), workload_of(BASE, days=6)
    assert columns(short) == [column[: len(short)] for column in columns(long)]
    assert len(long) > len(short)


def test_antithetic_partners_mirror_every_draw() -> None:
    contacts = {"calls": {"per_day": 1000.0, "busyness": {"cv": 0.3}}}
    totals = []
    for replication in range(60):
        pair = [
            len(workload_of(contacts, days=1, replication=replication, options={"antithetic": a}))
            for a in (False, True)
        ]
        totals.append(pair)
    first, second = np.array(totals).T
    assert np.corrcoef(first, second)[0, 1] < -0.9
    w = workload_of(contacts, days=1, options={"antithetic": True})
    assert np.all(w.key & np.uint64(1))
    key = int(w.key[0])
    partner = uniform(key & ~1, 2, 0, Purpose.PATIENCE)
    assert uniform(key, 2, 0, Purpose.PATIENCE) == 1 - 2.0**-53 - partner


def test_a_stream_gives_the_numbers_of_philox() -> None:
    """First outputs of Philox 4x64-10 for key 0 and counter (1, 0, 0, 0) as NumPy counts: the
    known-answer test of Random123 for counter 0 is NumPy's counter -1 (it increments first)."""
    raw = np.random.Philox(key=0, counter=(1 << 256) - 1).random_raw(4)
    # Random123 kat_vectors: philox4x64 10, counter 0, key 0
    assert [hex(int(x)) for x in raw] == [
        "0x16554d9eca36314c",
        "0xdb20fe9d672d0fdc",
        "0xd7e772cee186176b",
        "0x7e68b68aec7ba23b",
    ]
    plain, mirrored = (DayStreams(5, antithetic).numbers([2], [3]) for antithetic in (False, True))
    assert (plain + mirrored).tolist() == [1 - 2.0**-53] * 3


def test_types_without_customers_leave_the_keys_of_others_as_they_are() -> None:
    """Keys are 64 bits: joined with an empty column of another type they would become floats."""
    one = without_history(np.array([5]), np.array([0], np.int32), np.array([2**63 + 1], np.uint64))
    joined = merged([one, merged([]), one])
    assert joined.key.dtype == np.uint64 and joined.key.tolist() == [2**63 + 1] * 2
    assert joined.queue.dtype == np.int32 and joined.work.tolist() == [-1, -1]
