"""Figures as files, documents, frames and HTML: whole, as they are, and harmless."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

import ccsim
from ccsim.experiment.execution.result import Comparison, Run
from ccsim.experiment.execution.run import compare, run
from ccsim.report.documents import notebook
from ccsim.report.documents.answer_document import answer_document
from ccsim.report.documents.answer_schema import answer_schema
from ccsim.report.documents.csv_files import COLUMNS, csv_text, write_figures, write_sweep
from ccsim.report.documents.figures import figures_by, figures_of, iso
from ccsim.report.text.answer import answer
from ccsim.scenario.resolve import all_from_dict
from tests.docs.markdown import DOCS, REPOSITORY
from tests.report.desks import DESK

REFERENCE = DOCS / "reference"
SHIPPED = sorted((REPOSITORY / "scenarios").glob("*.yaml"))
TEAMS = {
    name: {key: value for key, value in team.items() if key != "people"}
    for name, team in DESK["teams"].items()
}
STAFFED = DESK | {"teams": TEAMS}
HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> &amp;"
EXPECT = [
    {"measure": "phone.abandoned", "at_most": "50 %"},
    {"measure": "phone.service_level", "at_least": "1 %", "over": "day", "in": "90 %"},
]


@pytest.fixture(scope="module")
def found() -> Comparison:
    """Two designs of a desk whose labels are an attack."""
    team = STAFFED["teams"]["frontline"] | {"label": "+1"}
    designs = {"fewer": {"label": HOSTILE, "teams": {"frontline": {"staffing": (11,) * 48}}}}
    data = STAFFED | {"expect": EXPECT, "teams": {"frontline": team}, "designs": designs}
    return compare(all_from_dict(data), replications=4, workers=1)


def rows_of(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_measure_of_every_design_is_a_figure_with_its_exact_value(
    found: Comparison, tmp_path: Path
) -> None:
    (path,) = write_figures(found, tmp_path / "all.csv")
    rows = rows_of(path)
    whole = {(r["design"], r["measure"]): r for r in rows if not r["against"] and not r["cut"]}
    assert set(whole) == {(name, key) for name, result in found.results.items() for key in result}
    for (name, key), row in whole.items():
        value = found[name][key].value
        assert row["value"] == ("" if value is None else repr(value))
    differences = [r for r in rows if r["against"]]
    assert {r["measure"] for r in differences} == set(found.shared("fewer"))
    one = next(r for r in differences if r["measure"] == "cost.total")
    assert float(one["value"]) == found.difference("fewer", "cost.total").estimate.value
    assert (one["design"], one["against"], one["unit"]) == ("fewer", "base", "UAH")


def test_bounds_and_their_statuses_are_those_of_the_answer(found: Comparison) -> None:
    figures = [each for each in figures_of(found) if each.design == "base" and each.status]
    bounds = {(each.measure, each.cut): (each.at_least, each.at_most) for each in figures}
    assert bounds == {
        ("phone.service_level", ""): (0.8, None),
        ("email.service_level", ""): (0.9, None),
        ("phone.abandoned", ""): (None, 0.5),
        ("phone.service_level", "share of days"): (0.9, None),
    }
    shown = {row.key: row.cells[0].status for row in reversed(answer(found).tables[0].rows)}
    for each in figures:
        if not each.cut:
            assert each.status == shown[each.measure]


def test_a_folder_holds_a_file_for_each_cut(found: Comparison, tmp_path: Path) -> None:
    written = write_figures(found, tmp_path / "figures")
    names = ["figures.csv", "by-time.csv", "by-day.csv", "by-weekday.csv", "by-week.csv"]
    assert [path.name for path in written] == names
    days = rows_of(written[2])
    assert {row["at"] for row in days} == {f"2027-03-0{day}" for day in range(1, 8)}
    cut = found["base"].cut("phone.attempts", "day")
    mine = [r for r in days if (r["design"], r["measure"]) == ("base", "phone.attempts")]
    assert [float(r["value"]) for r in mine] == [cut.band.at(i).value for i in range(7)]
    assert {row["at"] for row in rows_of(written[4])} == {"2027-03-01"}


@pytest.mark.parametrize(
    ("label", "due"),
    [
        ("2027-03-01 07:30", "2027-03-01T07:30"),
        ("week 2027-03-01", "2027-03-01"),
        ("2027-03-01", "2027-03-01"),
        ("07:30", "07:30"),
        ("mon", "mon"),
    ],
)
def test_dates_are_written_as_iso_8601(label: str, due: str) -> None:
    assert iso(label) == due


def test_no_cell_is_a_formula_and_every_line_ends_as_rfc_4180_says(
    found: Comparison, tmp_path: Path
) -> None:
    (path,) = write_figures(found, tmp_path / "all.csv")
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")
    for row in rows_of(path):
        for name in ("design", "design_label", "measure", "label", "scope", "at", "unit"):
            assert not row[name].startswith(("=", "+", "-", "@", "\t", "\r"))
    text = csv_text(("a", "b"), [("=1+1", -1.5), ('say "x", y\nz', float("nan")), ("@x", None)])
    assert text == 'a,b\r\n\'=1+1,-1.5\r\n"say ""x"", y\nz",\r\n\'@x,\r\n'


def test_letters_beyond_ascii_are_announced(found: Comparison, tmp_path: Path) -> None:
    scenario = found["base"].scenario.model_copy(update={"label": "план"})
    design = replace(found["base"].design, scenario=scenario)
    one = Run(results={"base": replace(found["base"], design=design)}, seed=1, asked=4,
              engine="compiled")  # fmt: skip
    (path,) = write_figures(one, tmp_path / "all.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert rows_of(path)[0]["design_label"] == "план"


def test_a_sweep_has_a_column_for_each_path(tmp_path: Path) -> None:
    scenario = tmp_path / "desk.json"
    scenario.write_text(json.dumps(STAFFED), "utf-8")
    path = "contacts.billing.arrivals.per_day"
    swept = ccsim.sweep(scenario, [f"{path}=800,1000"], replications=2, workers=1)
    (file,) = write_sweep(swept, tmp_path / "sweep.csv")
    customers = (row for row in rows_of(file) if row["measure"] == "all.customers")
    rows = [row for row in customers if not row["against"]]
    assert [row[path] for row in rows] == ["", "800", "1000"]
    assert float(rows[2]["value"]) > float(rows[1]["value"])
    assert tuple(rows[0]) == (path, *COLUMNS)


def test_the_document_is_the_whole_answer(found: Comparison) -> None:
    document = json.loads(json.dumps(answer_document(found, "day"), allow_nan=False))
    jsonschema.validate(document, answer_schema())
    shown = answer(found, by="day")
    assert document["verdict"] == {
        "bottom_line": list(shown.bottom_line),
        "sentences": list(shown.verdict),
    }
    assert (document["notes"], document["warnings"]) == ([*shown.footnotes], [*shown.cautions])
    assert document["designs"]["fewer"]["label"] == HOSTILE
    kpi = document["designs"]["base"]["kpis"]["phone.service_level"]
    assert (kpi["label"], kpi["at_least"]) == ("Calls answered within 20 s", 0.8)
    assert kpi["mean"] == found["base"]["phone.service_level"].value
    assert [t["over"] for t in document["designs"]["base"]["targets"]][-1] == "share of days"
    cuts = {(cut["design"], cut["measure"]): cut for cut in document["cuts"]}
    assert cuts["base", "phone.attempts"]["at"][0] == "2027-03-01"
    assert {figure.measure for figure in figures_by(found, "day")} == {key for _, key in cuts}


def test_a_document_that_lacks_a_part_is_refused(found: Comparison) -> None:
    document = answer_document(found)
    del document["designs"]["base"]["kpis"]["cost.total"]["low"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, answer_schema())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_documents_of_the_shipped_scenarios_fit_the_schema(path: Path) -> None:
    play = compare if len(ccsim.load(path)) > 1 else run
    document = json.loads(json.dumps(answer_document(play(path, replications=2, workers=1))))
    jsonschema.validate(document, answer_schema())


def test_the_stored_schema_is_up_to_date() -> None:
    stored = json.loads((REFERENCE / "answer.schema.json").read_text(encoding="utf-8"))
    assert stored == answer_schema(), "ccsim schema --of-answer > docs/reference/answer.schema.json"


class Tags(HTMLParser):
    """The tags of a fragment, and whether each is closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_whole_and_harmless(found: Comparison) -> None:
    for text in (found._repr_html_(), found["fewer"]._repr_html_()):
        tags = Tags()
        tags.feed(text)
        assert tags.open == []
        assert tags.names <= {"div", "strong", "span", "p", "table", "tr", "th", "td"}
        assert tags.attributes <= {"style"} and "url(" not in text
        assert "&lt;script&gt;" in text
    html = found._repr_html_()
    for row in answer(found).tables[0].rows:
        assert row.label in html and all(cell.value in html for cell in row.cells)


def test_what_is_shown_of_a_single_design_has_no_marks(found: Comparison) -> None:
    assert not any(mark in notebook.design_html(found["base"]) for mark in "✓✗?")


def test_a_frame_has_the_rows_of_the_file(found: Comparison) -> None:
    table = found.to_frame(library="pyarrow")
    assert tuple(table.column_names) == COLUMNS
    assert table.num_rows == sum(1 for _ in figures_of(found))
    days = found.to_frame("day", measures=["phone.attempts"], library="pyarrow").to_pylist()
    assert [row["at"] for row in days[:2]] == ["2027-03-01", "2027-03-02"] and len(days) == 14


def test_without_pandas_the_frame_is_one_of_pyarrow_or_a_kind_refusal(
    found: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert type(found.to_frame()).__module__.startswith("pyarrow")
    with pytest.raises(ImportError, match="pip install pandas"):
        found.to_frame(library="pandas")
    with pytest.raises(ValueError, match="polars"):
        found.to_frame(library="polars")
    with pytest.raises(ValueError, match="month"):
        found.to_frame("month")
    with pytest.raises(KeyError, match=r"phone\.luck"):
        found.to_frame(measures=["phone.luck"])


def test_with_pandas_the_frame_is_one_of_pandas(found: Comparison) -> None:
    pandas = pytest.importorskip("pandas")
    assert isinstance(found.to_frame(), pandas.DataFrame)
