"""Sweeps: what varies, at which points, under which customers, and what is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from matplotlib.patches import Rectangle

import ccsim
from ccsim.errors import ScenarioProblems
from ccsim.experiment import run
from ccsim.experiment.execution.options import Options
from ccsim.experiment.studies.axes import Axis, axis_of, parse_axis, values_of
from ccsim.experiment.studies.sweep import Sweep
from ccsim.experiment.studies.sweep_draws import SweepDraws, sweep_draws
from ccsim.experiment.studies.sweep_plan import SweepPlan, planned
from ccsim.report.figures.sweep_charts import (
    curves_figure,
    draw,
    effects_figure,
    map_figure,
    tornado_figure,
)
from ccsim.report.studies.draws_report import shown_of_draws, sweep_draws_lines
from ccsim.report.studies.fill_report import MainEffects
from ccsim.report.studies.sweep_report import SweepCurves, SweepMap, Tornado, shown_of, sweep_lines
from ccsim.report.words.verdicts import MARKS
from ccsim.statistics.split import effects as split_effects
from ccsim.units import UnitError
from tests.report.drawn import bars as drawn_bars
from tests.report.drawn import xs, ys
from tests.report.test_figures import boxes, overlaps

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


@pytest.mark.parametrize("in_a_file", [False, True])
def test_what_is_wrong_is_said_in_the_order_given(
    desk_file: Path, tmp_path: Path, in_a_file: bool
) -> None:
    """Path by path and value by value, although a grid meets the first and the last path's values
    by turns; what two of them together make wrong comes last."""
    vary = {
        "channels.phone.target": ["xx", "70%", "120%"],
        "teams.desk.people": ["0", "4", "x"],
        "teams.desk.roster.day": ["-3", "100 %"],
    }
    if in_a_file:
        path = tmp_path / "experiment.yaml"
        (tmp_path / "desk.yaml").write_text(desk_file.read_text("utf-8"), encoding="utf-8")
        lines = [f"  {key}: [{', '.join(values)}]" for key, values in vary.items()]
        path.write_text("\n".join(["scenario: desk.yaml", "vary:", *lines]), encoding="utf-8")
        plan = planned(path, (), {}, ())
        said = str(path) + "  vary.{}: {}"
    else:
        given = [f"{key}={','.join(values)}" for key, values in vary.items()]
        plan = planned(desk_file, given, {}, ())
        said = "--vary {}={}"
    with pytest.raises(ScenarioProblems) as found:
        plan.designs()
    order = [said.format(*each) for each in (
        ("channels.phone.target", "xx"), ("channels.phone.target", "120%"),
        ("teams.desk.people", "0"), ("teams.desk.people", "x"), ("teams.desk.roster.day", "-3"),
    )]  # fmt: skip
    met = [problem.file for problem in found.value.problems]
    assert list(dict.fromkeys(each for each in met if each in order)) == order
    others = [each not in order for each in met]
    assert others == sorted(others)


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
        ("teams.desk.people", "-20 %"),  # a count is multiplied
        ("contacts.*.arrivals.per_day", "-20 %"),  # every day's
        ("teams.desk.handle_time", "80%"),  # a percentage is replaced
        ("contacts.b.resolved", "80%"),
        ("teams.desk.works_from_home", "80%"),  # nothing stands there
        ("expect.2.in", "80%"),  # lists count from 1
    ],
)
def test_percentages_multiply_unless_a_percentage_stands_there(path: str, setting: str) -> None:
    assert axis_of(path, "80%", PLAIN).setting("80%")[0] == setting


def test_factors_are_changes() -> None:
    axis = Axis("a", ("100 %", "112.5 %"), factors=True)
    assert [axis.setting(value) for value in axis.values] == [
        ("+0 %", "--vary a=100 %"),
        ("+12.5 %", "--vary a=112.5 %"),
    ]


def test_values_stand_on_an_axis_where_they_are_numbers() -> None:
    assert Axis("a", ("2 min", "3 min")).numbers == (2.0, 3.0)
    assert Axis("a", ("2 min", "90 s")).numbers is None
    assert Axis("a", ("early", "late")).numbers is None


# --- points ---------------------------------------------------------------------------------------


def test_several_axes_are_a_grid_and_a_tornado_takes_one_at_a_time(desk_file: Path) -> None:
    vary = ["teams.desk.people=3,4", "calendar.days=1,2"]
    grid = planned(desk_file, vary, {}, ())
    assert [tuple(point.settings.values()) for point in grid.points] == [
        ("3", "1"), ("3", "2"), ("4", "1"), ("4", "2"),
    ]  # fmt: skip
    single = planned(desk_file, vary, {"tornado": True}, ())
    assert [dict(point.settings) for point in single.points] == [
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
    plan = planned(desk_file, ["teams.desk.people=6"], {"design": "larger"}, ())
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
    plan = planned(file, (), {}, ())
    assert [(axis.path, axis.values) for axis in plan.axes] == [
        ("teams.desk.people", ("3", "5")),
        ("calendar.days", ("1", "2")),
    ]
    assert (plan.design, plan.tornado, plan.replications, plan.seed) == ("larger", True, 3, 5)
    assert plan.measures == ("cost.total",)
    assert planned(file, ["teams.desk.people=9"], {"tornado": False}, ()).axes[0].values == ("9",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scenario: desk.yaml\nvery: {}\n", "did you mean 'vary'"),
        ("scenario: desk.yaml\nvary: [a]\n", "a map of values by path"),
        ("scenario: desk.yaml\nvary: {calendar.days: '2..1'}\n", "goes upwards"),
        ("scenario: desk.yaml\nvary: {calendar.days: 1}\nseed: many\n", "a whole number"),
        ("scenario: desk.yaml\nvary: {calendar.days: 1}\nprecision: [1]\n", "precision: a list of"),
        ("scenario: desk.yaml\nvary: {calendar.days: 1}\nmeasures: [1]\n", "measures: a list of"),
        ("scenario: desk.yaml\nvary: {calendar.days: 1}\ntornado: maybe\n", "tornado: yes or no"),
        ("scenario: desk.yaml\nvary: {calendar.days: 1}\ndesign: [a]\n", "the name of a design"),
        ("scenario: [desk.yaml]\nvary: {calendar.days: 1}\n", "the name of a file"),
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
    assert "Calls answered within 20 s: the target of 80 % is" in text


def test_figures_show_what_the_tables_hold(people: Sweep, tmp_path: Path) -> None:
    _, shown = next(iter(shown_of(people)))
    assert isinstance(shown, SweepCurves)
    (axes,) = curves_figure(shown).axes
    line = axes.lines[0]
    np.testing.assert_array_equal(xs(line), [2, 3, 4])
    values = [100 * (people.estimate(p, "phone.service_level").value or 0) for p in people.points]
    np.testing.assert_allclose(ys(line), values, rtol=1e-12)
    pictures = draw(people, tmp_path / "plots")
    assert len(pictures) == len(people.measures) and all(path.exists() for path in pictures)


def test_two_axes_are_a_map_and_a_tornado_is_sorted(desk_file: Path) -> None:
    vary = ["contacts.orders.handle_time=95%,105%", "teams.desk.people=2,4"]
    vary[0] = "contacts.orders.phone.handle.mean=99%,101%"
    key = "phone.service_level"
    how = {"replications": 3, "workers": 1, "measures": [key]}
    grid = ccsim.sweep(desk_file, vary, **how)  # type: ignore[arg-type]
    ((_, shown),) = shown_of(grid)
    assert isinstance(shown, SweepMap)
    assert [[cell.value for cell in row] for row in shown.cells] == [
        [grid.estimate(point, key).value for point in grid.points[i : i + 2]] for i in (0, 2)
    ]
    axes, key_of_colours = map_figure(shown).axes
    assert [text.get_text()[0] for text in axes.texts] == [
        MARKS[status] for row in shown.statuses for status in row
    ]
    assert key_of_colours.get_title() == "%"
    assert "the target of 80 % is surely met at" in shown.title
    assert shown.question.startswith("Calls answered within 20 s, %, over ")  # cells are bare
    single = ccsim.sweep(desk_file, vary, tornado=True, **how)  # type: ignore[arg-type]
    ((_, bars),) = shown_of(single)
    assert isinstance(bars, Tornado)
    assert [path for path, _ in bars.bars] == ["people (desk)", "handle mean (orders, phone)"]
    (axes,) = tornado_figure(bars).axes
    widths = [bar.get_width() for bar in drawn_bars(axes)]
    moves = [100 * (move.value or 0.0) for _, moves in bars.bars for _, move in moves]
    np.testing.assert_allclose(widths, moves, rtol=1e-9)


def test_json_holds_the_same_rows(people: Sweep) -> None:
    said = people.to_json()
    assert said["vary"] == {"teams.desk.people": ["2", "3", "4"]}
    assert len(said["points"]) == 3 * len(people.measures)
    assert set(said["base"]) == set(people.measures)


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vary", "words"),
    [
        ("teams.desk.people=3,many", "--vary teams.desk.people=many"),
        ("channels.phone.target=80 %,120 %", "--vary channels.phone.target=120 %"),
        ("teams.*.people=50 %,1 %", "--vary teams.*.people=1 %"),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_the_users_words(
    desk_file: Path, vary: str, words: str
) -> None:
    with pytest.raises(ScenarioProblems) as told:
        ccsim.sweep(desk_file, [vary], replications=1)
    text = str(told.value)
    assert words in text and "--set" not in text and "designs." not in text


def test_the_values_of_an_experiment_file_are_told_as_of_it(
    desk_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "desk.yaml").write_text(desk_file.read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "staffing.yaml"
    file.write_text("scenario: desk.yaml\nvary: {teams.desk.people: [3, many]}\n", encoding="utf-8")
    with pytest.raises(ScenarioProblems, match=r"vary\.teams\.desk\.people: many"):
        ccsim.sweep(file, replications=1)


# --- precision ------------------------------------------------------------------------------------


def test_replications_are_added_until_every_point_is_sure_enough(desk_file: Path) -> None:
    how: dict[str, Any] = {"workers": 1, "measures": ["phone.service_level"]}
    vary = ["teams.desk.people=3,4"]
    first = ccsim.sweep(desk_file, vary, replications=10, **how)
    widths = [first.estimate(point, "phone.service_level").half_width for point in first.points]
    wanted = max(width for width in widths if width is not None) * 0.6
    asked = f"phone.service_level: {100 * wanted:.2f} points"
    found = ccsim.sweep(desk_file, vary, replications=10, precision=[asked], at_most=200, **how)
    (reached,) = found.comparison.precision
    assert reached.enough and 10 < found.comparison.replications < 200
    for point in found.points:
        half = found.estimate(point, "phone.service_level").half_width
        assert half is not None and half <= wanted
    assert found.to_json()["precision"][0]["enough"] is True
    assert "Asked for phone.service_level" in "\n".join(sweep_lines(found, 200, marks=False))


# --- assumptions and points that are spread -------------------------------------------------------

LINES = """
uncertain:
  contacts.orders.arrivals.per_day: {by: [-20 %, +30 %], source: illustrative}
  channels.phone.patience: {range: [1 min, 2 min, 4 min], source: a survey}
"""


@pytest.fixture(scope="module")
def assumed(desk_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("assumed") / "desk.yaml"
    path.write_text(desk_file.read_text(encoding="utf-8") + LINES, encoding="utf-8")
    return path


def test_a_tornado_takes_the_ends_of_the_assumptions(assumed: Path) -> None:
    found = ccsim.sweep(
        assumed, tornado=True, replications=3, workers=1, measures=["phone.service_level"]
    )
    assert [point.name for point in found.points] == [
        "contacts.orders.arrivals.per_day=-20 %",
        "contacts.orders.arrivals.per_day=+30 %",
        "channels.phone.patience=1 min",
        "channels.phone.patience=4 min",
    ]
    alone = run(assumed, replications=3, workers=1, set=["contacts.orders.arrivals.per_day=+30 %"])
    assert found.estimate(found.points[1], "phone.service_level") == alone["phone.service_level"]
    patience = found.comparison[found.points[3].name].scenario.channels["phone"].patience
    assert patience is not None and (patience.family, patience.mean) == ("exponential", 240 * 10**6)
    ((_, shown),) = shown_of(found)
    assert isinstance(shown, Tornado) and len(shown.bars) == 2


def test_nothing_assumed_and_nothing_varied(desk_file: Path) -> None:
    with pytest.raises(ScenarioProblems, match="nothing varies; write --vary, or what is"):
        ccsim.sweep(desk_file, tornado=True)


def filled(desk_file: Path, **how: Any) -> SweepPlan:
    vary = ["teams.desk.people=2..9", "contacts.*.arrivals.per_day=80 %..120 %"]
    return planned(desk_file, vary, {"fill": True, **how}, ())


def test_points_are_spread_evenly_over_all_paths(desk_file: Path) -> None:
    """Of 64 points each eighth of an axis holds about eight, and their centred discrepancy is far
    below that of points drawn at random; whole people are whole."""
    from scipy.stats.qmc import discrepancy

    vary = ["channels.phone.patience=1 min..3 min", "contacts.*.arrivals.per_day=80 %..120 %"]
    plan = planned(desk_file, vary, {"fill": True, "points": 64}, ())
    assert len(plan.points) == 64
    places = np.array(
        [
            [axis.ends.place(point.settings[axis.path]) for axis in plan.axes if axis.ends]
            for point in plan.points
        ]
    )
    assert places.min() >= 0.0 and places.max() <= 1.0
    for axis in places.T:
        counts = np.histogram(axis, bins=8, range=(0, 1))[0]
        assert counts.min() >= 6 and counts.max() <= 10
    chance = np.random.default_rng(0)
    at_random = [discrepancy(chance.random((64, 2))) for _ in range(50)]
    assert discrepancy(places) < 0.5 * min(at_random)
    people = {point.settings["teams.desk.people"] for point in filled(desk_file, points=64).points}
    assert people == set("23456789")


def test_points_follow_from_the_seed_and_go_on_from_fewer(desk_file: Path) -> None:
    names = [point.name for point in filled(desk_file, points=40).points]
    assert names == [point.name for point in filled(desk_file, points=40).points]
    assert names[:12] == [point.name for point in filled(desk_file, points=12).points]
    assert names != [point.name for point in filled(desk_file, points=40, seed=99).points]


def test_a_point_that_is_spread_is_what_a_run_with_its_settings_is(desk_file: Path) -> None:
    vary = ["teams.desk.people=2..5", "channels.phone.patience=1 min..4 min"]
    found = ccsim.sweep(desk_file, vary, fill=True, points=3, replications=2, workers=1)
    point = found.points[1]
    alone = run(
        desk_file, replications=2, workers=1,
        set=[
            f"teams.desk.people={point.settings['teams.desk.people']}",
            f"channels.phone.patience={point.settings['channels.phone.patience']}",
        ],
    )  # fmt: skip
    assert found.estimate(point, "phone.service_level") == alone["phone.service_level"]


def test_spread_points_tell_what_each_path_does(assumed: Path, tmp_path: Path) -> None:
    """More people answer more calls, whatever else; the surprise of a wrong order is planted."""
    vary = ["teams.desk.people=2..6", "contacts.orders.phone.handle=3 min..5 min"]
    how: dict[str, Any] = {"replications": 4, "workers": 1, "measures": ["phone.service_level"]}
    found = ccsim.sweep(assumed, vary, fill=True, points=24, **how)
    effects = found.effects("phone.service_level")
    assert effects is not None
    people, handle = effects.of(0), effects.of(1)
    assert people.told and people.move > 0.2 and handle.told and handle.move < 0
    assert people.share > handle.share
    swapped = np.roll([found.estimate(p, "phone.service_level").value for p in found.points], 5)
    planted = split_effects(found.places(), swapped.astype(float), float(np.var(swapped)))
    assert planted is not None and planted.of(0).share < people.share / 2
    ((_, shown),) = shown_of(found)
    assert isinstance(shown, MainEffects)
    assert [panel.across for panel in shown.panels] == [
        "people (desk)", "handle (orders, phone), min",
    ]  # fmt: skip
    figure = effects_figure(shown)
    assert len(figure.axes) == 2
    dots = figure.axes[0].lines[0]
    np.testing.assert_allclose(xs(dots), shown.panels[0].at)
    text = "\n".join(sweep_lines(found, 160, marks=False))
    assert "What each input changes, from end to end" in text and "desk.people" in text
    assert found.to_json()["effects"]["phone.service_level"]["teams.desk.people"]["told"] is True
    assert draw(found, tmp_path / "plots")


def test_assumptions_are_spread_where_nothing_else_varies(assumed: Path) -> None:
    plan = planned(assumed, (), {"fill": True, "points": 5}, ())
    assert [axis.path for axis in plan.axes] == [
        "contacts.orders.arrivals.per_day", "channels.phone.patience",
    ]  # fmt: skip
    designs = plan.designs()
    assert len(designs) == 6
    first = plan.points[0].settings["contacts.orders.arrivals.per_day"]
    change = float(first.replace(" ", "").rstrip("%"))
    per_day = designs[plan.points[0].name].scenario.contacts["orders"].arrivals.per_day
    assert isinstance(per_day, float) and per_day == pytest.approx(220 * (1 + change / 100))


@pytest.mark.parametrize(
    ("vary", "how", "words"),
    [
        (["teams.desk.people=2,3"], {"fill": True}, "spread between two ends"),
        (["teams.desk.people=2..9 step 2"], {"fill": True}, "spread between two ends"),
        (["teams.desk.people=9..2"], {"fill": True}, "lowest first"),
        (["teams.desk.people=2..9"], {"points": 9}, "for points that are spread"),
        (["teams.desk.people=2..9"], {"fill": True, "tornado": True}, "not both"),
        (["teams.desk.people=2..9"], {"fill": True, "points": 501}, "from 2 to 500"),
        (["teams.desk.people=2..9"], {"at_most": 9}, "for a precision"),
        (["teams.desk.people=2..9"], {"at_most": 9, "replications": 10,
         "precision": ["phone.wait: 1 s"]}, "below the replications"),
    ],
)  # fmt: skip
def test_what_does_not_go_together(
    desk_file: Path, vary: list[str], how: dict[str, Any], words: str
) -> None:
    with pytest.raises(ScenarioProblems, match=words):
        planned(desk_file, vary, how, ())


# --- over draws -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def over_draws(assumed: Path, tmp_path_factory: pytest.TempPathFactory) -> SweepDraws:
    out = tmp_path_factory.mktemp("draws") / "out"
    vary = ["teams.desk.people=3,4"]
    keys = ["phone.service_level", "cost.total"]
    how = Options(replications=40, workers=1, out=out)
    return sweep_draws(assumed, vary, how, draws=20, measures=keys)


def test_points_over_draws_are_what_draws_of_their_setting_are(
    over_draws: SweepDraws, assumed: Path
) -> None:
    alone = ccsim.uncertain(
        assumed, designs=["base"], draws=20, replications=40, workers=1, set=["teams.desk.people=4"]
    )
    point = over_draws.points[1]
    ours, theirs = (
        over_draws.split(point, "phone.service_level"),
        alone.split("base", "phone.service_level"),
    )
    assert ours.mean == theirs.mean and ours.unknown == theirs.unknown
    np.testing.assert_array_equal(ours.worlds, theirs.worlds)


def test_what_varies_is_not_drawn(assumed: Path) -> None:
    vary = ["channels.phone.patience=2 min,3 min"]
    found = sweep_draws(assumed, vary, Options(replications=4, workers=1), draws=2)
    for name in found.found.results:
        lines = found.found.results[name].scenario.uncertain
        assert list(lines) == ["contacts.orders.arrivals.per_day"]


def test_both_doubts_of_a_point_are_written_and_drawn(over_draws: SweepDraws) -> None:
    assert over_draws.folder is not None
    rows = pq.read_table(over_draws.folder / "sweep.parquet").to_pylist()
    assert len(rows) == 4
    first = rows[0]
    assert first["unknown_low"] < first["chance_low"] < first["value"] < first["chance_high"]
    text = "\n".join(sweep_draws_lines(over_draws, 120, marks=False))
    assert "desk.people = 4" in text and "in 90 % of the draws" in text
    assert "Calls answered within 20 s: target of 80 % met in 19 of 20 draws" in text
    (_, shown), *_ = shown_of_draws(over_draws)
    assert isinstance(shown, SweepCurves)
    (axes,) = curves_figure(shown).axes
    wide, narrow = axes.collections[0], axes.collections[1]
    heights = [
        np.ptp(np.asarray(collection.get_paths()[0].vertices)[:, 1])
        for collection in (wide, narrow)
    ]
    assert heights[0] > heights[1]
    assert len(over_draws.to_json()["points"]) == 4


def test_two_paths_over_draws_are_a_map(assumed: Path, tmp_path: Path) -> None:
    """Each cell says what is expected and where in 90 % of the draws; a frame is around those in
    which the target is met in 19 of 20 draws, and only these are counted in the title."""
    vary = ["teams.desk.people=2,4", "channels.phone.patience=1 min,3 min"]
    how = Options(replications=40, workers=1, out=tmp_path / "out")
    found = sweep_draws(assumed, vary, how, draws=20, measures=["phone.service_level"])
    ((_, shown),) = shown_of_draws(found)
    assert isinstance(shown, SweepMap)
    assert (shown.rows, shown.columns) == (("2", "4"), ("1 min", "3 min"))
    splits = [found.split(point, "phone.service_level") for point in found.points]
    reached = [float(np.mean(split.worlds >= 0.8)) >= 0.95 for split in splits]
    assert any(reached) and not all(reached)
    assert shown.framed == (tuple(reached[:2]), tuple(reached[2:]))
    assert shown.title.endswith(
        f"target of 80 % met in 19 of 20 draws at {sum(reached)} of 4 points"
    )
    figure = map_figure(shown)
    axes = figure.axes[0]
    assert len([p for p in axes.patches if isinstance(p, Rectangle)]) == sum(reached)
    texts = [text.get_text() for text in axes.texts]
    low, high = (f"{100 * end:.1f}" for end in splits[3].range() or (0, 0))
    assert f"{low} to {high}" in texts[3]
    assert "framed: target of 80 % met in 19 of 20 draws" in [t.get_text() for t in figure.texts]
    assert overlaps(boxes(figure)) == []
    vary += ["teams.desk.shrinkage.sick=5 % of days,6 % of days"]
    three = sweep_draws(assumed, vary, Options(replications=4, workers=1), draws=2)
    assert list(shown_of_draws(three)) == []


def test_spread_points_are_not_drawn_over(assumed: Path, tmp_path: Path) -> None:
    (tmp_path / "desk.yaml").write_text(assumed.read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "experiment.yaml"
    file.write_text("scenario: desk.yaml\ntornado: yes\n", encoding="utf-8")
    with pytest.raises(ScenarioProblems, match="not those of a tornado"):
        sweep_draws(file, (), Options(replications=4), draws=2)


def test_a_misspelt_path_is_reported_once_and_a_wrong_value_by_itself(desk_file: Path) -> None:
    with pytest.raises(ScenarioProblems) as refused:
        ccsim.sweep(desk_file, ["teams.desk.poeple=10,11,12", "teams.desk.people=3,0.5"])
    files = [problem.file for problem in refused.value.problems]
    assert files == ["--vary teams.desk.poeple", "--vary teams.desk.people=0.5"]
    with pytest.raises(ScenarioProblems) as refused:
        ccsim.sweep(desk_file, {"teams.desk.poeple": [10, 11, 12]})
    (problem,) = refused.value.problems
    assert problem.file.endswith("vary.teams.desk.poeple")
