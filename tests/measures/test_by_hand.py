"""Every measure of the hand-made desk against numerators and denominators counted by hand."""

from __future__ import annotations

import pytest

from ccsim.measures.catalogue import describe
from tests.measures.counted import CASES
from tests.measures.desk import HOUR, kpis, parts


@pytest.fixture(scope="module")
def desk_kpis():  # type: ignore[no-untyped-def]
    return kpis()


@pytest.mark.parametrize(("key", "expected"), CASES, ids=[key for key, _ in CASES])
def test_by_hand(desk_kpis, key: str, expected: tuple[float, float]) -> None:  # type: ignore[no-untyped-def]
    assert parts(desk_kpis, key) == pytest.approx(expected, rel=1e-12)


def test_every_measure_of_contacts_and_staff_was_counted_by_hand(desk_kpis) -> None:  # type: ignore[no-untyped-def]
    counted = {key for key, _ in CASES}
    for scope in ("billing.phone", "technical.phone@tier2", "frontline"):
        keys = {key for key in desk_kpis.keys if key.rpartition(".")[0] == scope}
        assert keys and keys <= counted


def test_quantiles_of_waits_responses_and_resolutions(desk_kpis) -> None:  # type: ignore[no-untyped-def]
    waits = desk_kpis.histograms["billing.phone.wait"]
    assert waits.total == 5  # 0, 10, 10, 30, 60: the busy and the closed have none
    assert waits.cdf(0) == 0.2
    assert waits.quantile(1.0) / 1e6 == pytest.approx(60, rel=1 / 512)
    assert waits.quantile(0.6) / 1e6 == pytest.approx(10, rel=1 / 512)
    tier2 = desk_kpis.histograms["technical.phone@tier2.wait"]
    assert tier2.total == 2 and tier2.quantile(1.0) / 1e6 == pytest.approx(100, rel=1 / 512)
    response = desk_kpis.histograms["email.first_response_time"]
    assert response.quantile(0.5) / 1e6 == pytest.approx(34_100, rel=1 / 256)
    assert desk_kpis.histograms["all.resolution_time"].total == 4
    assert "frontline.wait" not in desk_kpis.histograms


def test_a_day_is_the_sum_of_its_intervals(desk_kpis) -> None:  # type: ignore[no-untyped-def]
    in_time, decided = desk_kpis.by_interval("phone.service_level").tolist()
    assert decided == [7, 1, 0, 0, 0, 0, 0, 3]
    assert in_time == [2, 1, 0, 0, 0, 0, 0, 1]
    six_hours = 6 * HOUR
    seconds = desk_kpis.by_interval("frontline.heads_on_duty")[0].tolist()
    assert seconds[:3] == [2 * six_hours, six_hours + 40_900 - six_hours - 900, six_hours]
    assert seconds[7] == six_hours - 200


def test_every_key_is_described(desk_kpis) -> None:  # type: ignore[no-untyped-def]
    for key in desk_kpis.keys:
        assert describe(key).unit
