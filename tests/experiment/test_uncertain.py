"""Draws of uncertain assumptions: keyed, the same for all designs, resumable; and the variances
that follow from them, where formulas give them exactly."""

from __future__ import annotations

import math
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import ccsim
from ccsim.erlang import ErlangA
from ccsim.errors import ScenarioProblems
from ccsim.experiment.replications.draws import share_of, shares_of
from ccsim.experiment.storage.disk import ResultsError
from ccsim.experiment.storage.replication_cache import ReplicationCache
from ccsim.experiment.studies.uncertain import Uncertain, shared_out, uncertain
from ccsim.scenario.drawn import drawn
from ccsim.scenario.resolve import Design, all_from_dict
from ccsim.scenario.uncertainty.spread import Spread

UNCERTAIN = {
    "contacts.orders.arrivals.per_day": {"by": ["-30 %", "+30 %"], "source": "illustrative"},
    "contacts.orders.phone.handle": {"range": ["3 min", "4 min", "6 min"], "source": "a log"},
}


@pytest.fixture(scope="module")
def desk(desk_file: Path) -> dict[str, Design]:
    from ccsim.scenario.parsing.read import read_file

    plain = read_file(desk_file, "desk.yaml").plain()
    assert isinstance(plain, dict)
    return all_from_dict({**plain, "uncertain": UNCERTAIN})


@pytest.fixture(scope="module")
def found(desk: dict[str, Design], tmp_path_factory: pytest.TempPathFactory) -> Uncertain:
    out = tmp_path_factory.mktemp("uncertain") / "out"
    return uncertain(desk, draws=24, replications=48, workers=1, out=out)


# --- draws ----------------------------------------------------------------------------------------


def test_a_draw_is_a_function_of_seed_path_and_number(desk: dict[str, Design]) -> None:
    base, larger = desk.values()
    assert shares_of(base, 11, 3) == shares_of(larger, 11, 3)
    assert shares_of(base, 11, 3) != shares_of(base, 11, 4) != shares_of(base, 12, 4)
    alone = all_from_dict(
        {
            **{k: v for k, v in _plain(base).items() if k != "uncertain"},
            "uncertain": {
                "contacts.orders.phone.handle": UNCERTAIN["contacts.orders.phone.handle"]
            },
        }
    )["base"]
    path = "contacts.orders.phone.handle"
    assert shares_of(alone, 11, 3)[path] == shares_of(base, 11, 3)[path]


def _plain(design: Design) -> dict[str, Any]:
    from ccsim.scenario.resolve import to_plain

    return to_plain(design)


def test_draws_are_uniform_and_apart() -> None:
    """Kolmogorov's distance below its 1 % bound, and correlations below theirs."""
    n = 4000
    u = np.array([[share_of(path, 5, draw) for path in ("a", "b")] for draw in range(n)])
    grid = np.arange(1, n + 1) / n
    for column in u.T:
        assert np.abs(np.sort(column) - grid).max() < 1.63 / math.sqrt(n)
    assert abs(np.corrcoef(u[:, 0], u[:, 1])[0, 1]) < 2.58 / math.sqrt(n)
    assert abs(np.corrcoef(u[1:, 0], u[:-1, 0])[0, 1]) < 2.58 / math.sqrt(n)


def test_a_replication_is_that_of_its_draw(found: Uncertain, desk: dict[str, Design]) -> None:
    """Replication 5 of two a draw is number 5 of the scenario that draw 2 makes."""
    alone = drawn(desk["base"], shares_of(desk["base"], found.seed, 2))
    run = ccsim.run(alone, replications=6, seed=found.seed, workers=1)
    for key in ("phone.service_level", "cost.total", "phone.attempts"):
        mine = found.results["base"].table.by_replication(key)[5]
        assert mine == run.result.table.by_replication(key)[5], key


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_change_nothing(desk: dict[str, Design], workers: int) -> None:
    how = {"draws": 3, "replications": 6}
    one = uncertain(desk, workers=1, **how)  # type: ignore[arg-type]
    many = uncertain(desk, workers=workers, **how)  # type: ignore[arg-type]
    assert one.to_json() == many.to_json()
    for name in one.results:
        np.testing.assert_array_equal(
            one.results[name].table.totals, many.results[name].table.totals
        )


def test_the_store_resumes(
    desk: dict[str, Design], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the third draw; then the rest is simulated and the content is that of a run that
    was not interrupted. More draws go on from there."""
    how: dict[str, Any] = {"workers": 1, "store": tmp_path}

    def stop(done: int, _total: int, _main: object) -> None:
        if done == 5:
            raise KeyboardInterrupt

    part = uncertain(desk, draws=6, replications=12, progress=stop, **how)
    assert (part.draws, part.partial) == (2, True)
    whole = uncertain(desk, draws=6, replications=12, **how)
    assert (whole.from_store, whole.partial) == (5, False)
    straight = uncertain(desk, draws=6, replications=12, workers=1)
    assert whole.to_json() == straight.to_json()
    more = uncertain(desk, draws=7, replications=14, **how)
    assert more.from_store == 12
    again = uncertain(desk, designs=["larger"], draws=7, replications=14, **how)
    assert again.from_store == 14


@pytest.mark.parametrize(("engine", "parts"), [("compiled", [4, 4, 2]), ("simpy", [4, 6])])
def test_the_first_draws_are_played_before_the_store_is_asked_for_all(
    desk: dict[str, Design],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    engine: Any,
    parts: list[int],
) -> None:
    """A draw takes hundredths of a second to be made and found: of a thousand that is long."""
    told: list[str] = []
    missing = ReplicationCache.missing

    def asked(self: ReplicationCache, wanted: Any) -> Any:
        told.append(f"asked for {len(wanted)}")
        return missing(self, wanted)

    monkeypatch.setattr(ReplicationCache, "missing", asked)
    monkeypatch.setattr("ccsim.experiment.execution.runner.DRAWS_AT_A_TIME", 2)
    uncertain(
        desk, ["base"], draws=5, replications=10, workers=1, engine=engine, store=tmp_path,
        progress=lambda done, total, main: told.append("played"),
    )  # fmt: skip
    assert told == [word for n in parts for word in (f"asked for {n}", *["played"] * n)]


def test_stratified_days_are_left_to_chance(desk: dict[str, Design]) -> None:
    """Replications of a draw that share out the busyness would vary less than by chance."""
    plain = _plain(desk["base"])
    plain["run"] |= {"stratify": "busyness", "control": "arrivals"}
    how: dict[str, Any] = {"designs": ["base"], "draws": 2, "replications": 4, "workers": 1}
    stratified = uncertain(all_from_dict(plain), **how)
    assert stratified.to_json() == uncertain(desk, **how).to_json()


# --- what follows ---------------------------------------------------------------------------------

DAY = {
    "ccsim": 1,
    "name": "Flat",
    "calendar": {"start": "2027-03-01", "days": 1, "warm_up": "2 h"},
    "contacts": {"calls": {"arrivals": {"per_day": 1200}, "phone": {"handle": "5 min"}}},
    "channels": {"phone": {"answer_within": "20 s", "patience": "2 min"}},
    "teams": {"desk": {"people": 5}},
    "routing": {"calls": ["desk"]},
    "uncertain": {"contacts.calls.arrivals.per_day": {"by": ["-7 %", "+7 %"], "source": "a test"}},
}
DRAWS = 300


@pytest.fixture(scope="module")
def flat() -> Uncertain:
    """Poisson calls, five agents day and night, exponential work and patience."""
    return uncertain(all_from_dict(DAY), draws=DRAWS, replications=2 * DRAWS, seed=3, workers=1)


def agrees(unknown: float, chance: float, exact: tuple[float, float]) -> bool:
    """Whether both estimates lie within four standard errors of the exact variances. The expected
    value is all but linear in a uniform number, whose kurtosis is 1.8."""
    between, within = exact
    whole = between + within / 2
    error = math.sqrt((0.8 * between**2 + 2 * (whole**2 - between**2)) / DRAWS)
    return (
        abs(unknown - between) < 4 * error
        and abs(chance - within) < 4 * math.sqrt(2 / DRAWS) * within
    )


def exact_attempts() -> tuple[float, float]:
    """22 of 24 hours of a Poisson number whose mean is uniform on 1200 ± 7 %."""
    mean = 1200 * 22 / 24
    return (0.14 * mean) ** 2 / 12, mean


def exact_abandoned() -> float:
    """The variance of Erlang A's share of callers who give up over the uniform rate, by Gauss's
    quadrature."""
    x, weight = np.polynomial.legendre.leggauss(24)
    share = np.array(
        [ErlangA(rate=50 / 3600 * (1 + 0.07 * at), handle=300, agents=5, patience=120).abandoned
         for at in x]
    )  # fmt: skip
    mean = float(share @ weight) / 2
    return float(((share - mean) ** 2) @ weight) / 2


def test_poisson_calls_of_an_uncertain_volume(flat: Uncertain) -> None:
    found = flat.split("base", "phone.attempts")
    assert agrees(found.unknown, found.chance, exact_attempts())
    assert found.told and found.share.low is not None and found.share.high is not None
    between, within = exact_attempts()
    assert found.share.low < between / (between + within) < found.share.high
    low, high = found.range() or (0.0, 0.0)
    assert (low, high) == pytest.approx((1100 * 0.937, 1100 * 1.063), rel=0.01)


def test_erlang_a_with_an_uncertain_rate(flat: Uncertain) -> None:
    """The share of callers who give up: its variance by not knowing, against the formula."""
    found = flat.split("base", "phone.abandoned")
    exact = exact_abandoned()
    assert agrees(found.unknown, found.chance, (exact, found.chance))
    # the spread of the draws' means has chance in it: to take that for not knowing is the fault
    assert not agrees(float(found.raw.var(ddof=1)), found.chance, (exact, found.chance))
    assert np.var(found.worlds, ddof=1) == pytest.approx(found.unknown)


def test_the_one_assumption_explains_it_all(flat: Uncertain) -> None:
    (effect,) = flat.effects("base", "phone.attempts").values()
    assert effect.told and effect.share == pytest.approx(1.0, abs=0.3)
    assert effect.move == pytest.approx(0.14 * 1100, rel=0.12)


def test_a_triangle_moves_it_by_the_whole_way(desk: dict[str, Design]) -> None:
    """Pay is hours x wage: from the lowest to the highest wage it changes by hours x 35, however
    seldom the ends are drawn."""
    wage = {"range": ["5 / h", "15 / h", "40 / h"], "source": "illustrative"}
    plain = {k: v for k, v in _plain(desk["base"]).items() if k != "uncertain"}
    designs = all_from_dict({**plain, "uncertain": {"teams.desk.pay.wage": wage}})
    found = uncertain(designs, draws=40, replications=80, workers=1)
    (effect,) = found.effects("base", "cost.pay").values()
    hours = float(found.results["base"].table.by_replication("all.paid_hours").mean())
    assert effect.move == pytest.approx(35 * hours, rel=0.1)


@pytest.mark.parametrize("top", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_the_slope_of_a_triangle(top: float) -> None:
    """Least squares of its quantiles at a fine grid of shares."""
    spread = Spread(Decimal(-3), Decimal(7), Decimal(-3) + 10 * Decimal(str(top)), "%", change=True)
    u = (np.arange(4000) + 0.5) / 4000
    values = [(float(spread.at(each)) + 3) / 10 for each in u]
    assert spread.slope == pytest.approx(np.polyfit(u, values, 1)[0], abs=1e-4)


def test_differences_are_of_one_draw(found: Uncertain) -> None:
    """What moves both designs alike does not move their difference: it varies less than either."""
    both = [found.split(name, "phone.abandoned").unknown for name in found.results]
    assert 0 < found.difference("larger", "phone.abandoned").unknown < max(both)
    exact = [
        found.results["larger"].table.by_replication("cost.total")[i]
        - found.results["base"].table.by_replication("cost.total")[i]
        for i in range(48)
    ]
    mean = found.difference("larger", "cost.total").mean.value
    assert mean == pytest.approx(np.mean(exact))


def test_a_ratio_of_a_draw_is_that_of_its_totals(found: Uncertain) -> None:
    num, den = found.results["base"].table.columns("phone.service_level")
    by_draw = num.reshape(24, 2).sum(axis=1) / den.reshape(24, 2).sum(axis=1)
    np.testing.assert_allclose(found.split("base", "phone.service_level").raw, by_draw, rtol=1e-12)


# --- what is said and written ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replications", "draws", "shared"),
    [(100, None, (100, 2)), (7, None, (6, 2)), (100, 25, (100, 4)), (2, None, (4, 2))],
)
def test_replications_are_shared_out(
    replications: int, draws: int | None, shared: tuple[int, int]
) -> None:
    assert shared_out(replications, draws) == shared


@pytest.mark.parametrize(("replications", "draws"), [(100, 30), (30, 30), (10, 1)])
def test_numbers_that_do_not_fit(replications: int, draws: int) -> None:
    with pytest.raises(ValueError, match=r"two draws|would"):
        shared_out(replications, draws)


def test_nothing_uncertain_is_said(desk_file: Path) -> None:
    with pytest.raises(ScenarioProblems, match="nothing in the scenario is uncertain"):
        uncertain(desk_file, draws=2, replications=4)


def test_the_folder_holds_replications_and_draws(found: Uncertain) -> None:
    assert found.folder is not None
    kpis = pq.read_table(found.folder / "kpis.parquet")
    assert set(kpis["replication"].to_pylist()) == set(range(48))
    draws = pq.read_table(found.folder / "draws.parquet").to_pylist()
    assert len(draws) == 2 * 24 * 2
    first = draws[0]
    assert (first["design"], first["draw"]) == ("base", 0)
    assert first["path"] == "contacts.orders.arrivals.per_day"
    change = -30 + 60 * first["share"]
    assert float(first["written"].split(" ")[0]) == pytest.approx(change, abs=1e-6)
    assert not (found.folder / "intervals.parquet").exists()


def test_a_folder_is_read_back_as_it_was(found: Uncertain) -> None:
    assert found.folder is not None
    again = ccsim.load_run(found.folder)
    assert isinstance(again, Uncertain)
    assert again.to_json() == found.to_json()
    assert (again.asked, again.wanted, again.draws, again.partial) == (48, 48, 24, False)
    np.testing.assert_array_equal(again.at, found.at)
    for name, result in found.results.items():
        for key in result:  # also the percentiles, which no sum holds
            np.testing.assert_array_equal(
                again.results[name].table.by_replication(key), result.table.by_replication(key)
            )


def test_what_was_stopped_is_read_back_too(desk: dict[str, Design], tmp_path: Path) -> None:
    """Five replications of two a draw: two draws are whole, and a third is begun."""

    def stop(done: int, _total: int, _main: object) -> None:
        if done == 5:
            raise KeyboardInterrupt

    out = tmp_path / "out"
    part = uncertain(desk, draws=6, replications=12, workers=1, progress=stop, out=out)
    again = ccsim.load_run(out)
    assert isinstance(again, Uncertain)
    assert (again.draws, again.partial) == (part.draws, part.partial) == (2, True)
    assert again.to_json() == part.to_json()


def test_a_folder_of_draws_without_its_tables_is_refused(found: Uncertain, tmp_path: Path) -> None:
    assert found.folder is not None
    broken = tmp_path / "broken"
    shutil.copytree(found.folder, broken)
    (broken / "durations.parquet").unlink()
    with pytest.raises(ResultsError, match="a file is missing"):
        ccsim.load_run(broken)


def test_json_has_both_kinds_of_doubt(found: Uncertain) -> None:
    said = found.to_json()
    assert (said["draws"], said["per_draw"]) == (24, 2)
    level = said["designs"]["base"]["phone.service_level"]
    assert level["chance_low"] < level["mean"] < level["chance_high"]
    assert level["unknown_low"] < level["mean"] < level["unknown_high"]
    assert set(level["assumptions"]) == set(UNCERTAIN)
    assert set(said["differences"]) == {"larger"}
