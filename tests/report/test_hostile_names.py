"""Five hundred hostile names in every output of the report: a name is text, and nothing else."""

from __future__ import annotations

import random
import re
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.text import Text

from ccsim.experiment.studies import gate
from ccsim.experiment.studies.gate import Gate
from ccsim.report.curves.shown import Sample, ServiceByTime
from ccsim.report.figures.charts import save, service_figure
from ccsim.report.figures.fonts import families, lacking
from ccsim.report.pictures import plot
from ccsim.report.tables.text_table import Cell, Row, Table, table_lines
from ccsim.report.text.answer import answer, answer_lines
from ccsim.report.text.gate_text import file_lines, junit, markdown
from ccsim.report.words.file_names import LONGEST, distinct, slug
from ccsim.report.words.names import printable
from tests.report.estimates import around

DESK = Path(__file__).parents[1] / "experiment" / "desk.yaml"
PIECES = (
    "$", "$x$", "\\frac", "$\\frac$", "_", "^", "{", "}", "{0}", "%s", "%", "\\", "\\n", "`", "```",
    "|", "||", "<b>", "</script>", "<!--", "-->", "]]>", "&", "&amp;", "&#0;", "#", "## Passed",
    "[x](y)", "![x](y)", "*", "**", "~~", "- [x]", "=cmd|' /C calc'!A0", "@", "+1", "'", '"', ";",
    "../..", "/etc", "C:\\", "CON", "nul", ".", "..", " ", "  ", "\t", "київ", "Київ", "львів",
    "窓口", "受付", "客服", "도움", "مرحبا", "שלום", "ไทย", "é", "e\u0301", "ß", "İ",
    "🙂", "👩\u200d💻",
    "x" * 60, "plan-b", "plan_b", "PLAN b", "base", "all", "revenue", "None", "nan", "-", "–", "0",
)  # fmt: skip
CONTROLS = ("\x00", "\x07", "\x1b[31m", "\x1b]0;t\x07", "\r", "\n", "\x7f", "\x85", "\u2028",
            "\u202e", "\ufeff", "\ud800")  # fmt: skip


def hostile_names(count: int = 500) -> list[str]:
    """The pieces alone, then joined at random; a fifth of them with control characters."""
    rng = random.Random(20270301)
    found = [*PIECES, *CONTROLS]
    while len(found) < count:
        pieces = rng.choices(PIECES, k=rng.randint(1, 4))
        if rng.random() < 0.2:
            pieces.insert(rng.randrange(len(pieces) + 1), rng.choice(CONTROLS))
        found.append("".join(pieces)[:60])
    return found


NAMES = hostile_names()


def test_there_are_so_many_and_the_worst_is_among_them() -> None:
    assert len(NAMES) == 500 and set(PIECES) | set(CONTROLS) <= set(NAMES)


def test_tables_stay_tables_and_no_control_character_is_printed() -> None:
    rows = tuple(Row(name, (Cell("1", "±1"),), "80 %") for name in NAMES)
    lines = [printable(line) for line in table_lines(Table(("base",), rows), 120, marks=True)]
    assert all(line.isprintable() or "\u200d" in line for line in lines)
    assert sum(line.endswith("1 ±1") for line in lines) == len(NAMES)


def test_what_can_be_printed_is_printed_as_it_is_and_the_rest_by_its_code() -> None:
    for name in NAMES:
        shown = printable(name)
        assert "\x1b" not in shown and "\n" not in shown
        if name.isprintable():
            assert shown == name
    assert printable("a\x1b[31mb\n") == "a\\x1b[31mb\\n"


def test_files_never_share_a_name_and_lie_in_their_folder(tmp_path: Path) -> None:
    taken: dict[str, str] = {}
    for name in NAMES:
        part = slug(name)
        assert re.fullmatch(r"[^\W_]+(-[^\W_]+)*", part, re.UNICODE), (name, part)
        assert len(part.encode()) <= LONGEST
        file = distinct(f"staff-{part}-{part}", taken)
        assert file not in taken
        taken[file] = name
        assert (tmp_path / f"{file}.png").resolve().parent == tmp_path.resolve()
    assert len({file.casefold() for file in taken}) == len(NAMES)


def test_scripts_are_told_apart_in_file_names() -> None:
    assert slug("київ") != slug("львів")
    assert (slug("Café"), slug("e-mail"), slug("$")) == ("cafe", "e-mail", "x")
    assert slug("plan-b") == slug("plan_b")  # so the second one has a number
    assert distinct("staff-plan-b", {"staff-plan-b", "staff-plan-b-2"}) == "staff-plan-b-3"


@pytest.fixture(scope="module")
def tested() -> Gate:
    return gate.test(DESK, 2, at_most=2)


def test_nothing_of_a_name_becomes_markup(tested: Gate) -> None:
    (file,) = tested.files
    for name in NAMES:
        judged = tuple(replace(each, design=name) for each in file.judgements)
        scenarios = {name: file.scenarios["base"]}
        odd = Gate((replace(file, path=name, judgements=judged, scenarios=scenarios),))
        lines = markdown(odd).splitlines()
        assert [line for line in lines if line.startswith("#")] == [lines[0]]
        rows = [line for line in lines if line.startswith("|")]
        assert len(rows) == 2 + len(judged)
        for row in rows[2:]:
            assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 6, (name, row)
            plain = re.sub(r"\\.", "", row)
            assert not re.search(r"[`*<\[\]$~]", plain), (name, row)
        suite = ElementTree.fromstring(junit(odd))[0]
        assert suite.get("name") == printable(name).encode("utf-8", "replace").decode()
        assert all(
            line.isprintable() or "\u200d" in line for line in file_lines(odd.files[0], marks=False)
        )


def test_pictures_show_names_as_they_are_written(tmp_path: Path) -> None:
    """No mathematics in names, no traceback, no warning of Python."""
    curve = (around(0.8, 0.1), around(0.7, 0.1))
    names = [printable(name) for name in NAMES]
    for first in range(0, len(names), 25):
        some = names[first : first + 25]
        table = ServiceByTime(
            "phone", "calls", "20 s", 0.8, (28_800, 30_600), 1800,
            tuple((name, curve) for name in some), Sample("Desk", f"{some[0]} · 100 replications"),
        )  # fmt: skip
        figure = service_figure(table)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            save(figure, tmp_path / f"{first}.png")
        texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
        assert not any(text.get_parse_math() for text in texts)
        shown = {text.get_text() for text in figure.legends[0].get_texts()}
        assert {name for name in some if not name.startswith("_")} <= shown


def test_a_font_is_looked_for_only_where_one_is_needed() -> None:
    assert lacking(["Calls, київ, é", "100 %"]) == frozenset()
    wanted = lacking(["窓口"])
    assert wanted == {"窓", "口"}
    names, left = families(wanted)
    assert names[0] == "DejaVu Sans" and left <= wanted
    assert families(frozenset("\U000f0000"))[1] == frozenset("\U000f0000")  # no font has it


def test_a_whole_answer_and_its_pictures_with_odd_labels(tmp_path: Path) -> None:
    import ccsim
    from ccsim.scenario.parsing.read import read_file
    from ccsim.scenario.resolve import all_from_dict

    plain: Any = read_file(DESK, "desk.yaml").plain()
    plain["name"] = "Costs $\\frac$ of <last> year"
    for block, name in (("contacts", "orders"), ("teams", "desk")):
        plain[block][name]["label"] = "$\\frac{窓口}$ | `x` <b>"
    plain["designs"]["larger"]["label"] = "100 % $more$ <people>"
    found = ccsim.compare(all_from_dict(plain), replications=3, workers=1)
    for by in (None, "team", "type", "channel", "day"):
        text = "\n".join(answer_lines(answer(found, by=by), 100, marks=False))
        assert "100 % $more$ <people>" in " ".join(text.split())
    said: list[str] = []
    paths = plot(found, tmp_path, notice=said.append)
    assert len(paths) == len(set(paths)) and all(path.exists() for path in paths)
    assert len(said) <= 1
