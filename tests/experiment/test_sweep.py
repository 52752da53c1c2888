"""Sweeps: what varies, at which points, under which customers, and what is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import ccsim
from ccsim.errors import ScenarioProblems
from ccsim.experiment import run
from ccsim.experiment.axes import Axis, axis_of, parse_axis, values_of
from ccsim.experiment.sweep import Sweep, planned
from ccsim.report.figures_sweep import curves_figure, draw, map_figure, tornado_figure
from ccsim.report.sweep import SweepCurves, SweepMap, Tornado, shown_of, sweep_lines
from ccsim.units import UnitError

PLAIN = {
    "teams": {"desk": {"people": 40, "handle_time": "96 %"}},
    "contacts": {"a": {"arrivals": {"per_day": {"mon": 5, "tue": 6}}}, "b": {"resolved": "80 %"}},
    "routing": {"a.phone": ["desk"]},
    "expect": ["phone.service_level >= 80 %", {"measure": "x", "in": "90 %"}],
}


@pytest.fixture(scope="module")
def people(desk_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    out = tmp_path_factory.mktemp("sweep") / "out"
    return ccsim.sweep(desk_file, ["teams.desk.people=2..4"], replications=4, workers=1, out=out)


# --- what varies ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("40, 45,50", ("40", "45", "50")),
        ("40..43", ("40", "41", "42", "43")),
        ("40..45 step 2", ("40", "42", "44")),
        ("0.5..1 step 0.25", ("0.5", "0.75", "1")),
        ("2 min..4 min step 1 min", ("2 min", "3 min", "4 min")),
        ("70..80 % step 5 %", ("70 %", "75 %", "80 %")),
        ("60 s..2 min step 30 s", ("1 min", "1.5 min", "2 min")),
        ("80%,100%", ("80%", "100%")),
        ("[a, b], [c]", ("[a, b]", "[c]")),
        ("1 450..1 451", ("1450", "1451")),
    ],
)
def test_lists_and_ranges(text: str, values: tuple[str, ...]) -> None:
    assert values_of(text) == values


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("people", "write a path and its values"),
        ("teams.desk.people=70 %..90 %", "needs a step"),
        ("teams.desk.people=5..4", "goes upwards"),
        ("teams.desk.people=1..2 step 0", "goes upwards"),
        ("teams.desk.people=1..1 000 000", "too long"),
        ("teams.desk.people=few..many", "is no quantity"),
        ("teams.desk.people=4,4", "written twice"),
        ("teams.desk.people=1 s..2 min", "needs a step"),
    ],
)
def test_what_cannot_vary_is_said(text: str, words: str) -> None:
    with pytest.raises(UnitError, match=words):
        parse_axis(text, PLAIN)


@pytest.mark.parametrize(
    ("path", "setting"),
    [
        ("teams.desk.people", "=-20 %"),  # a count is multiplied
        ("contacts.*.arrivals.per_day", "=-20 %"),  # every day's
        ("teams.desk.handle_time", "=80%"),  # a percentage is replaced
        ("contacts.b.resolved", "=80%"),
        ("teams.desk.works_from_home", "=80%"),  # nothing stands there
        ("expect.2.in", "=80%"),  # lists count from 1
    ],
)
def test_percentages_multiply_unless_a_percentage_stands_there(path: str, setting: str) -> None:
    assert axis_of(path, "80%", PLAIN).setting("80%") == path + setting


def test_factors_are_changes() -> None:
    axis = Axis("a", ("100 %", "112.5 %"), factors=True)
    assert [axis.setting(value) for value in axis.values] == ["a=+0 %", "a=+12.5 %"]


def test_values_stand_on_an_axis_where_they_are_numbers() -> None:
    assert Axis("a", ("2 min", "3 min")).numbers == (2.0, 3.0)
    assert Axis("a", ("2 min", "90 s")).numbers is None
    assert Axis("a", ("early", "late")).numbers is None


# --- points ---------------------------------------------------------------------------------------


def test_several_axes_are_a_grid_and_a_tornado_takes_one_at_a_time(desk_file: Path) -> None:
    vary = ["teams.desk.people=3,4", "calendar.days=1,2"]
    grid = planned(desk_file, vary, None, None, (), ())
    assert [tuple(point.settings.values()) for point in grid.points()] == [
        ("3", "1"), ("3", "2"), ("4", "1"), ("4", "2"),
    ]  # fmt: skip
    single = planned(desk_file, vary, None, True, (), ())
    assert [dict(point.settings) for point in single.points()] == [
        {"teams.desk.people": "3"}, {"teams.desk.people": "4"},
        {"calendar.days": "1"}, {"calendar.days": "2"},
    ]  # fmt: skip


def test_a_point_is_what_a_run_with_its_setting_is(people: Sweep, desk_file: Path) -> None:
    for point, count in zip(people.points, (2, 3, 4), strict=True):
        alone = run(desk_file, replications=4, workers=1, set=[f"teams.desk.people={count}"])
        for key in people.measures:
            assert people.estimate(point, key) == alone[key]
    # the unchanged design has three people
    np.testing.assert_array_equal(
        people.comparison["base"].table.totals,
        people.comparison[people.points[1].name].table.totals,
    )


def test_a_design_can_be_varied_over_its_own_patch(desk_file: Path) -> None:
    plan = planned(desk_file, ["teams.desk.people=6"], "larger", None, (), ())
    found = plan.designs()
    assert {name: d.scenario.teams["desk"].people for name, d in found.items()} == {
        "base": 4, "teams.desk.people=6": 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"vary": []}, "nothing varies"),
        ({"vary": ["a=1", "a=2"]}, "varied twice"),
        ({"vary": ["teams.desk.people=1..30", "calendar.days=1..30"]}, "900 points are too many"),
        ({"vary": ["teams.desk.people=3"], "design": "lager"}, "did you mean 'larger'"),
        ({"vary": ["teams.desk.people=3"], "measures": ["cost.totl"]}, "did you mean 'cost.total'"),
        ({"vary": ["teams.dessk.people=3"]}, "dessk"),
    ],
)
def test_nonsense_is_refused_before_anything_runs(
    desk_file: Path, how: dict[str, object], words: str
) -> None:
    with pytest.raises(ScenarioProblems, match=words):
        ccsim.sweep(desk_file, **how)  # type: ignore[arg-type]


# --- experiment files -----------------------------------------------------------------------------


def test_an_experiment_file_says_it_all(desk_file: Path, tmp_path: Path) -> None:
    (tmp_path / "desk.yaml").write_text(desk_file.read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "staffing.yaml"
    file.write_text(
        "scenario: desk.yaml\ndesign: larger\ntornado: true\nreplications: 3\nseed: 5\n"
        "measures: [cost.total]\n"
        "vary:\n  teams.desk.people: 3..5 step 2\n  calendar.days: [1, 2]\n",
        encoding="utf-8",
    )
    plan = planned(file, (), None, None, (), ())
    assert [(axis.path, axis.values) for axis in plan.axes] == [
        ("teams.desk.people", ("3", "5")),
        ("calendar.days", ("1", "2")),
    ]
    assert (plan.design, plan.tornado, plan.replications, plan.seed) == ("larger", True, 3, 5)
    assert plan.measures == ("cost.total",)
    assert planned(file, ["teams.desk.people=9"], None, False, (), ()).axes[0].values == ("9",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scenario: desk.yaml\nvery: {}\n", "did you mean 'vary'"),
        ("scenario: desk.yaml\nvary: [a]\n", "a map of values by path"),
        ("scenario: desk.yaml\nvary: {calendar.days: '2..1'}\n", "goes upwards"),
        ("scenario: desk.yaml\nvary: {calendar.days: 1}\nseed: many\n", "a whole number"),
    ],
)
def test_what_is_wrong_with_an_experiment_file(
    text: str, words: str, desk_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "desk.yaml").write_text(desk_file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "experiment.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioProblems, match=words):
        ccsim.sweep(tmp_path / "experiment.yaml")


# --- what is written and shown --------------------------------------------------------------------


def test_one_table_with_a_row_for_each_point_and_measure(people: Sweep) -> None:
    assert people.folder is not None
    table = pq.read_table(people.folder / "sweep.parquet")
    assert table.column_names == [
        "teams.desk.people", "measure", "value", "low", "high",
        "difference_value", "difference_low", "difference_high",
    ]  # fmt: skip
    assert table.num_rows == 3 * len(people.measures)
    rows = {(row["teams.desk.people"], row["measure"]): row for row in table.to_pylist()}
    for point in people.points:
        found = rows[point.settings["teams.desk.people"], "phone.service_level"]
        estimate = people.estimate(point, "phone.service_level")
        assert (found["value"], found["low"]) == (estimate.value, estimate.low)
        base = people.comparison["base"]["phone.service_level"].value
        assert found["difference_value"] == pytest.approx((estimate.value or 0) - (base or 0))
    assert all(column.metadata[b"meaning"] for column in table.schema)


def test_lines_tell_every_point_and_the_finding(people: Sweep) -> None:
    text = "\n".join(sweep_lines(people, 200, marks=False))
    for words in (
        "as it is",
        "desk.people = 2",
        "desk.people = 4",
        "same customers for every point",
    ):
        assert words in text
    assert "Phone answered within 20 s: the promise of 80 % is" in text


def test_figures_show_what_the_tables_hold(people: Sweep, tmp_path: Path) -> None:
    shown = next(iter(shown_of(people)))
    assert isinstance(shown, SweepCurves)
    (axes,) = curves_figure(shown).axes
    line = axes.lines[0]
    np.testing.assert_array_equal(line.get_xdata(), [2, 3, 4])
    values = [100 * (people.estimate(p, "phone.service_level").value or 0) for p in people.points]
    np.testing.assert_allclose(line.get_ydata(), values, rtol=1e-12)
    pictures = draw(people, tmp_path / "plots")
    assert len(pictures) == len(people.measures) and all(path.exists() for path in pictures)


def test_two_axes_are_a_map_and_a_tornado_is_sorted(desk_file: Path) -> None:
    vary = ["contacts.orders.handle_time=95%,105%", "teams.desk.people=2,4"]
    vary[0] = "contacts.orders.phone.handle.mean=99%,101%"
    key = "phone.service_level"
    how = {"replications": 3, "workers": 1, "measures": [key]}
    grid = ccsim.sweep(desk_file, vary, **how)  # type: ignore[arg-type]
    (shown,) = shown_of(grid)
    assert isinstance(shown, SweepMap)
    assert [[cell.value for cell in row] for row in shown.cells] == [
        [grid.estimate(point, key).value for point in grid.points[i : i + 2]] for i in (0, 2)
    ]
    (axes,) = map_figure(shown).axes
    assert len(axes.texts) == 4
    single = ccsim.sweep(desk_file, vary, tornado=True, **how)  # type: ignore[arg-type]
    (bars,) = shown_of(single)
    assert isinstance(bars, Tornado)
    assert [path for path, _ in bars.bars] == ["teams.desk.people", vary[0].partition("=")[0]]
    (axes,) = tornado_figure(bars).axes
    widths = [patch.get_width() for patch in axes.patches]
    moves = [100 * (move.value or 0.0) for _, moves in bars.bars for _, move in moves]
    np.testing.assert_allclose(widths, moves, rtol=1e-9)


def test_json_holds_the_same_rows(people: Sweep) -> None:
    said = people.to_json()
    assert said["vary"] == {"teams.desk.people": ["2", "3", "4"]}
    assert len(said["points"]) == 3 * len(people.measures)
    assert set(said["base"]) == set(people.measures)
