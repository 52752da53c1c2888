"""Incidents, campaigns, seasons and swings within a day, against their formulas.

Seeds are fixed; a mean over n draws is held to 3.5 standard errors that the formula gives.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri

from ccsim.network.draws import root_key
from ccsim.scenario.blocks.surges import Campaign, Incident, WithinDay, expand_season
from ccsim.scenario.clock import DAY, HOUR, LocalClock
from ccsim.scenario.schema import Arrivals, Busyness, Calendar
from ccsim.units import UnitError
from ccsim.workload.profiles import ChannelsOfDays, day_profile
from ccsim.workload.surges import expected_of_incidents, incident_instants
from ccsim.workload.volumes import expected_volume
from ccsim.workload.within_day import HALF_HOUR, factors_within_days, swung
from tests.workload.workloads_by_hand import workload_of


def clock_of(days: int = 7, start: dt.date = dt.date(2027, 3, 1)) -> LocalClock:
    return LocalClock(Calendar.model_construct(start=start, days=days, timezone="UTC"))


def incident_of(**fields: Any) -> Incident:
    return Incident.model_construct(
        **{"probability": 1.0, "contacts": 100.0, "decays_over": HOUR, **fields}
    )


# --- seasons --------------------------------------------------------------------------------------
def test_a_season_multiplies_its_months() -> None:
    arrivals = Arrivals.model_construct(
        per_day=100.0, season={"jan": 0.5, "feb": 1.2}, growth=(0.1, "month")
    )
    clock = clock_of(days=70, start=dt.date(2027, 1, 30))
    grown = [1.1 ** (day / 30.4375) for day in range(70)]
    volumes = [expected_volume(arrivals, clock, day) / grown[day] for day in (0, 1, 2, 29, 30)]
    assert volumes == pytest.approx([50.0, 50.0, 120.0, 120.0, 100.0])  # 28 days of February


def test_a_season_by_iso_weeks() -> None:
    arrivals = Arrivals.model_construct(per_day=100.0, season={"w53": 0.5, "w1": 2.0})
    clock = clock_of(days=10, start=dt.date(2027, 1, 1))  # a Friday of week 53 of 2026
    volumes = [expected_volume(arrivals, clock, day) for day in range(10)]
    assert volumes == [50.0] * 3 + [200.0] * 7


def test_ranges_of_a_season_go_round_the_year() -> None:
    assert expand_season({"nov-jan": "80 %", "may": "90 %"}) == {
        "nov": "80 %", "dec": "80 %", "jan": "80 %", "may": "90 %"
    }  # fmt: skip
    for wrong in ({"june": "80 %"}, {"jan-w2": "80 %"}, {"jan": "1 %", "dec-feb": "2 %"}):
        with pytest.raises(UnitError):
            expand_season(wrong)
    with pytest.raises(UnitError, match="months or by weeks"):
        expand_season({"jan": "80 %", "w20": "90 %"})


# --- campaigns ------------------------------------------------------------------------------------
def test_a_campaign_is_a_geometric_series_with_its_size_as_sum() -> None:
    campaign = Campaign.model_construct(
        on=dt.date(2027, 3, 3), contacts=1000.0, decays_over=3 * DAY
    )
    arrivals = Arrivals.model_construct(campaigns=(campaign,))
    clock = clock_of(days=100)
    volumes = [expected_volume(arrivals, clock, day) for day in range(100)]
    assert volumes[:2] == [0.0, 0.0]
    assert sum(volumes) == pytest.approx(1000.0)
    assert volumes[3] / volumes[2] == pytest.approx(math.exp(-1 / 3))


def test_a_campaign_passes_over_days_on_which_nobody_comes() -> None:
    campaign = Campaign.model_construct(on=dt.date(2027, 2, 27), contacts=800.0, decays_over=DAY)
    weekdays = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), 0.001) | {"sat": 0.0, "sun": 0.0}
    arrivals = Arrivals.model_construct(per_day=weekdays, campaigns=(campaign,))
    volumes = [expected_volume(arrivals, clock_of(), day) for day in range(7)]
    first = 800.0 * (1 - math.exp(-1))  # begun on a Saturday, felt from Monday on
    assert volumes == pytest.approx([first * math.exp(-day) for day in range(5)] + [0, 0], abs=0.01)


# --- incidents ------------------------------------------------------------------------------------
def test_incidents_strike_by_their_chance_and_bring_a_poisson_number() -> None:
    days, p, size = 2000, 0.2, 30.0
    incident = incident_of(probability=p, contacts=size)
    clock = clock_of(days=days)
    counts = np.array(
        [
            len(incident_instants(incident, "a", clock, d, root_key(1, 0), False))
            for d in range(days)
        ]
    )
    struck = counts > 0  # P(N = 0) of a struck day is e^-30
    assert abs(struck.mean() - p) < 3.5 * math.sqrt(p * (1 - p) / days)
    assert abs(counts[struck].mean() - size) < 3.5 * math.sqrt(size / struck.sum())
    variance = counts[struck].var()
    assert abs(variance / size - 1) < 3.5 * math.sqrt((2 + 1 / size) / struck.sum())


def test_contacts_of_an_incident_cease_exponentially_from_a_uniform_beginning() -> None:
    clock = clock_of(days=1)
    between = type("Span", (), {"start": 8 * 3600, "until": 20 * 3600})()
    begins, after = [], []
    for replication in range(400):
        root = root_key(7, replication)
        at = incident_instants(
            incident_of(contacts=200.0, between=between), "a", clock, 0, root, False
        )
        begin = at.min()
        begins.append((begin / HOUR - 8) / 12)
        after.append((at[0] - begin) / HOUR)  # ordinals are in no order of time
    # the earliest of 200 comes 1/200 h after the beginning
    assert stats.kstest(begins, "uniform").pvalue > 0.01
    assert stats.kstest(after, "expon").pvalue > 0.01


def test_expected_contacts_of_incidents_are_the_integral() -> None:
    incident = incident_of(probability=0.5, contacts=40.0, decays_over=5 * HOUR)
    clock = clock_of(days=2)
    edges = np.arange(0, 2 * DAY + 1, HOUR)
    found = expected_of_incidents(incident, clock, edges)
    x = (np.arange(200_000) + 0.5) / 200_000 * DAY  # beginnings, on a fine grid
    for hour in (0, 5, 30):
        come = [
            -np.expm1(-np.maximum(edge - (x + day * DAY), 0) / (5 * HOUR))
            for day in (0, 1)
            for edge in (edges[hour], edges[hour + 1])
        ]
        exact = sum((late - early).mean() for early, late in (come[:2], come[2:]))
        assert found[hour] == pytest.approx(20.0 * exact, rel=1e-4)


def test_an_incident_moves_nobody_else() -> None:
    usual = {"per_day": 300.0, "on": ("phone", "chat"), "by_channel": {"phone": 0.6, "chat": 0.4}}
    quiet = workload_of({"a": usual})
    hit = workload_of({"a": {**usual, "incident": incident_of(probability=0.5)}})
    own = np.isin(hit.key, quiet.key)
    assert own.sum() == len(quiet) and len(hit) > len(quiet)
    for column in ("at", "queue", "key"):
        assert getattr(hit, column)[own].tolist() == getattr(quiet, column).tolist()
    assert len(set(hit.key.tolist())) == len(hit)
    assert abs((hit.queue[~own] == 0).mean() - 0.6) < 3.5 * math.sqrt(0.24 / (~own).sum())


def test_a_bigger_incident_has_the_same_customers_and_more() -> None:
    small, big = (
        workload_of({"a": {"incident": incident_of(contacts=size), "on": ("phone",)}})
        for size in (100.0, 150.0)
    )
    assert set(small.key.tolist()) < set(big.key.tolist())
    assert set(small.at.tolist()) <= set(big.at.tolist())


# --- within a day ---------------------------------------------------------------------------------
def busy(cv: float = 0.3, memory: int = 2 * HOUR, shared: str | None = None) -> Busyness:
    within = WithinDay.model_construct(cv=cv, memory=memory)
    return Busyness.model_construct(cv=0.0, shared=shared, within_day=within)


def of_one_day(
    busyness: Busyness, name: str, root: int, day: int, mirror: bool = False
) -> np.ndarray:
    """The factors of the half hours of one day of 24 hours."""
    factors = factors_within_days(busyness, name, root, [day], [DAY], mirror)
    assert factors is not None
    return factors[0]


def scores(factors: np.ndarray, cv: float) -> np.ndarray:
    """Normal scores of gamma factors."""
    return np.asarray(ndtri(stats.gamma(cv**-2, scale=cv**2).cdf(factors)))


def test_factors_within_a_day_are_gamma_and_their_scores_an_autoregression() -> None:
    cv, days = 0.3, 1500
    factors = np.array([of_one_day(busy(cv), "a", root_key(3, d), 0) for d in range(days)])
    assert factors.shape == (days, 48)
    for step in (0, 1, 47):
        assert stats.kstest(factors[:, step], stats.gamma(cv**-2, scale=cv**2).cdf).pvalue > 0.005
    z = scores(factors, cv)
    for lag, expected in ((1, math.exp(-0.25)), (4, math.exp(-1.0)), (24, math.exp(-6.0))):
        found = float(np.corrcoef(z[:, 10], z[:, 10 + lag])[0, 1])
        assert abs(found - expected) < 3.5 * (1 - expected**2) / math.sqrt(days), lag


def test_factors_of_a_day_do_not_depend_on_the_days_beside_it() -> None:
    root, lengths = root_key(3, 0), [DAY - HOUR, DAY, DAY + HOUR]
    together = factors_within_days(busy(), "a", root, [4, 5, 6], lengths, False)
    assert together is not None
    assert [len(factors) for factors in together] == [46, 48, 50]
    assert together[1].tolist() == of_one_day(busy(), "a", root, 5).tolist()


def test_antithetic_factors_mirror_the_scores() -> None:
    one, other = (of_one_day(busy(), "a", root_key(3, 0), 5, mirror) for mirror in (False, True))
    assert scores(one, 0.3) == pytest.approx(-scores(other, 0.3), abs=1e-9)


def test_types_with_the_same_word_share_the_swings() -> None:
    one, other, apart = (
        of_one_day(busy(shared=word), name, root_key(3, 0), 0)
        for name, word in (("a", "market"), ("b", "market"), ("b", None))
    )
    assert one.tolist() == other.tolist() != apart.tolist()


def test_swings_multiply_the_weights_and_shift_the_channels() -> None:
    clock = clock_of()
    halves = day_profile(clock, 0, np.array([1.0, 3.0]))
    morning = day_profile(clock, 0, np.array([1.0, 0.0]))
    assert halves is not None and morning is not None
    factors = np.array([2.0] * 24 + [0.5] * 24)
    total, channels = swung({"phone": (0.5, halves), "chat": (0.5, morning)}, factors)
    # phone: 1/4 x 2 + 3/4 x 0.5 = 0.875; chat: 2
    assert total == pytest.approx((0.875 + 2.0) / 2)
    assert channels["phone"][0] == pytest.approx(0.875 / 2.875)
    at_noon = np.searchsorted(channels["phone"][1].starts, 12 * HOUR)
    assert channels["phone"][1].cumulated[at_noon] == pytest.approx(0.5 / 0.875)
    assert set(np.diff(channels["chat"][1].starts)) == {HALF_HOUR}


def test_half_hours_without_a_factor_take_nobody() -> None:
    profile = day_profile(clock_of(), 0, np.ones(1))
    assert profile is not None
    assert swung({"phone": (1.0, profile)}, np.zeros(48))[0] == 0.0
    factors = np.array([0.0] * 47 + [1.0])
    _, channels = swung({"phone": (1.0, profile)}, factors)
    day, keys = np.zeros(50, dtype=np.intp), np.zeros(50, dtype=np.uint64)
    u = np.linspace(0, 1 - 1e-12, 50)
    at, _ = ChannelsOfDays([channels], {"phone": 0}).looked_up(day, keys, u)
    assert at.min() >= DAY - HALF_HOUR and at.max() < DAY


def test_counts_of_neighbouring_half_hours_hang_together() -> None:
    """For a Poisson number with a random rate of mean m: var = m + m^2 c^2, cov = m^2 c^2 rho_g,
    with rho_g the correlation of the gammas, a little under that of the scores."""
    cv, per_half_hour, days = 0.5, 50.0, 300
    workload = workload_of(
        {"a": {"per_day": 48 * per_half_hour, "on": ("phone",),
               "busyness": {"cv": 0.0, "within_day": busy(cv).within_day}}},
        days=days,
    )  # fmt: skip
    counts = np.bincount(workload.at // HALF_HOUR, minlength=48 * days).reshape(days, 48)
    total = counts.sum() / (48 * days * per_half_hour)
    # factors average over about 48 / (2 x 4 + 1) independent swings a day
    assert abs(total - 1) < 3.5 * cv * math.sqrt(9 / (48 * days))
    rho = float(np.corrcoef(counts[:, 20], counts[:, 21])[0, 1])
    noise = per_half_hour / (per_half_hour + (per_half_hour * cv) ** 2)
    expected = math.exp(-0.25) * (1 - noise)
    assert abs(rho - expected) < 3.5 * (1 - expected**2) / math.sqrt(days) + 0.02
