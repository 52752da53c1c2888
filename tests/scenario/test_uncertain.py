"""Uncertain assumptions: which number a draw takes, where it goes, and whose range it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ccsim.errors import ScenarioProblems
from ccsim.scenario.drawn import drawn, values_at
from ccsim.scenario.resolve import Design, from_dict, load_all, to_plain
from ccsim.scenario.schema import Assumption
from ccsim.scenario.uncertainty.spread import spread_of
from ccsim.units import UnitError

FILE = Path(__file__).parent / "valid" / "uncertain.yaml"
MIN = 60 * 10**6


@pytest.fixture(scope="module")
def designs() -> dict[str, Design]:
    return load_all(FILE)


def spread(**said: object) -> object:
    return spread_of(Assumption.model_validate({"source": "a test", **said}))


# --- what a draw takes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "u", "written"),
    [
        ({"by": ("-10 %", "+15 %")}, 0.0, "-10 %"),
        ({"by": ("-10 %", "+15 %")}, 0.4, "+0 %"),
        ({"by": ("-10 %", "+15 %")}, 1.0, "+15 %"),
        ({"by": ("-8 points", "+2 points")}, 0.5, "-3 points"),
        ({"range": ("4.6 min", "6 min")}, 0.5, "5.3 min"),
        ({"range": ("1 min", "110 s")}, 0.1, "65 s"),
        ({"range": ("3 % of days", "8 % of days")}, 0.2, "4 % of days"),
        ({"range": ("14 400 / year", "15 400 / year")}, 0.5, "14900 / year"),
        ({"range": ("-1 % / month", "3 % / month")}, 0.0, "-1 % / month"),
        ({"range": ("9", "12")}, 0.5, 10.5),
    ],
)
def test_a_value_between_the_ends(said: dict[str, object], u: float, written: object) -> None:
    assert spread(**said).written(u) == written  # type: ignore[attr-defined]


@pytest.mark.parametrize("likely", [0.0, 3.0, 4.5, 10.0])
def test_a_triangle_has_the_moments_of_its_formula(likely: float) -> None:
    """Mean (a + b + c) / 3, variance (a^2 + b^2 + c^2 - ab - ac - bc) / 18."""
    found = spread(range=("0", f"{likely:g}", "10"))
    u = (np.arange(20_000) + 0.5) / 20_000
    values = np.array([float(found.at(each)) for each in u])  # type: ignore[attr-defined]
    assert values.mean() == pytest.approx((10 + likely) / 3, abs=1e-3)
    assert values.var() == pytest.approx((100 + likely**2 - 10 * likely) / 18, rel=1e-3)
    assert (np.diff(values) >= 0).all()


def test_a_uniform_has_the_moments_of_its_formula() -> None:
    found = spread(by=("-10 %", "+15 %"))
    u = (np.arange(20_000) + 0.5) / 20_000
    values = np.array([float(found.at(each)) for each in u])  # type: ignore[attr-defined]
    assert values.mean() == pytest.approx(2.5, abs=1e-6)
    assert values.var() == pytest.approx(25**2 / 12, rel=1e-4)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"range": ("6 min", "4 min")}, "lowest first"),
        ({"range": ("4 min", "9 min", "6 min")}, "lowest first"),
        ({"range": ("4 min", "4 min")}, "lowest first"),
        ({"range": ("4 min", "6 %")}, "one unit"),
        ({"range": ("few", "many")}, "a quantity is needed; found 'few'"),
        ({"by": ("-1 points", "+2 %")}, "all of them in points"),
    ],
)
def test_no_spread(said: dict[str, object], words: str) -> None:
    with pytest.raises(UnitError, match=words):
        spread(**said)


# --- where it goes --------------------------------------------------------------------------------


def test_a_draw_changes_what_its_line_is_about_and_nothing_else(
    designs: dict[str, Design],
) -> None:
    base = designs["base"]
    for path in base.scenario.uncertain:
        moved = drawn(base, {path: 1.0}).scenario
        changed = [
            block
            for block in ("contacts", "channels", "teams", "routing", "shifts", "calendar", "costs")
            if getattr(moved, block) != getattr(base.scenario, block)
        ]
        assert changed == [path.partition(".")[0]], path


def test_values_of_a_draw(designs: dict[str, Design]) -> None:
    at = dict.fromkeys(designs["base"].scenario.uncertain, 1.0)
    high = drawn(designs["base"], at).scenario
    orders = high.contacts["orders"]
    assert isinstance(orders.arrivals.per_day, dict)
    assert orders.arrivals.per_day["mon"] == pytest.approx(200 * 1.15 * 1.03)
    assert orders.arrivals.per_day["sun"] == pytest.approx(90 * 1.15)
    assert orders.arrivals.growth == (0.03, "month")
    assert isinstance(orders.resolved, dict)
    assert orders.resolved["desk"] == pytest.approx(0.82)
    assert orders.resolved["night"] == pytest.approx(0.72)
    assert high.contacts["returns"].phone.handle.mean == 110 * 10**6  # type: ignore[union-attr]
    patience = high.channels["phone"].patience
    assert patience is not None
    assert (patience.family, patience.mean, patience.shape) == ("weibull", 4 * MIN, 2.0)
    # one line is one draw: both teams have the same, also where they are stated apart
    assert [t.shrinkage.sick.share for t in high.teams.values()] == [0.08, 0.08]  # type: ignore[union-attr]
    assert high.teams["night"].pay.wage.amount == pytest.approx(26 * 1.06)  # type: ignore[union-attr]
    assert high.teams["desk"].people == 12
    assert high.routing["orders"].route[1].after == 2 * MIN


def test_a_design_is_moved_from_where_it_stands(designs: dict[str, Design]) -> None:
    volumes = "contacts.orders.arrivals.per_day"
    for design in designs.values():
        if volumes in design.scenario.uncertain:
            low = drawn(design, {volumes: 0.0}).scenario.contacts["orders"]
            assert low.phone == design.scenario.contacts["orders"].phone
    assert drawn(designs["larger"], {"teams.desk.people": 0.0}).scenario.teams["desk"].people == 12


def test_a_design_has_the_lines_that_are_about_it(designs: dict[str, Design]) -> None:
    has = {name: set(design.scenario.uncertain) for name, design in designs.items()}
    assert has["certain"] == set()
    assert "teams.helpers.people" in has["helped"]
    assert has["helped"] - has["base"] == {"teams.helpers.people"}
    assert has["larger"] == has["base"]


def test_what_is_decided_by_set_is_known(designs: dict[str, Design]) -> None:
    every = set(designs["base"].scenario.uncertain)

    def left(*settings: str) -> set[str]:
        return every - set(load_all(FILE, settings)["base"].scenario.uncertain)

    assert left("teams.desk.people=40") == {"teams.desk.people"}
    assert left("teams.*.shrinkage.sick=5 % of days") == {"teams.*.shrinkage.sick"}
    assert left("channels.phone.patience=+50 %") == {"channels.phone.patience"}
    assert left("teams.desk.people=10") == set()  # as stated
    assert left("contacts.orders.arrivals.per_day=+50 %") == set()  # `by` is of what stands there


def test_a_design_read_back_is_drawn_alike(designs: dict[str, Design]) -> None:
    for design in designs.values():
        again = from_dict(to_plain(design))
        at = dict.fromkeys(design.scenario.uncertain, 0.3)
        assert drawn(again, at).scenario == drawn(design, at).scenario


def test_values_that_are_stated(designs: dict[str, Design]) -> None:
    base = designs["base"]
    assert values_at(base, "teams.*.shrinkage.sick") == ("4 % of days", "6 % of days")
    assert values_at(base, "channels.phone.patience") == ("2 min",)
    assert values_at(base, "contacts.orders.arrivals.per_day") == ()


def test_ends_that_only_together_do_not_fit() -> None:
    """Each share alone may be 60 %; both of them are more than everybody."""
    plain = to_plain(load_all(FILE)["certain"])
    plain["contacts"]["orders"]["arrivals"]["by_channel"] = {"phone": "50 %", "chat": "rest"}
    plain["contacts"]["orders"]["chat"] = {"handle": "5 min"}
    plain["contacts"]["orders"]["email"] = {"handle": "5 min"}
    plain["contacts"]["orders"]["arrivals"]["by_channel"]["email"] = "40 %"
    plain["channels"] |= {"chat": {"patience": "3 min"}, "email": {"answer_within": "4 h"}}
    shares = "contacts.orders.arrivals.by_channel"
    ends = {"range": ["40 %", "60 %"], "source": "a test"}
    plain["uncertain"] = {f"{shares}.phone": ends}
    assert from_dict(plain).scenario.uncertain
    plain["uncertain"] = {f"{shares}.phone": ends, f"{shares}.email": ends}
    with pytest.raises(ScenarioProblems, match="where what is uncertain is highest"):
        from_dict(plain)
