"""Results as HTML for notebooks: the answer as a terminal shows it, in a fragment that is complete
without any other file and harmless whatever a name holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from ccsim.experiment.execution.result import Experiment
from ccsim.experiment.results.design_result import DesignResult
from ccsim.experiment.studies.sweep import Sweep
from ccsim.report.studies.sweep_report import sweep_lines
from ccsim.report.tables.answer_table import answer_table
from ccsim.report.tables.text_table import Cell, Table
from ccsim.report.text.answer import answer
from ccsim.report.words.names import design_label, printable
from ccsim.report.words.verdicts import MARKS, Status

WIDTH = 110  # columns of what is shown as text
# Read on light and dark pages alike: the page's own colours, and three that stand out on both.
COLOURS = {Status.MET: "#1a8a4a", Status.MISSED: "#d1383d", Status.CLOSE: "#b07700"}
FRAME = "font-family:system-ui,sans-serif;line-height:1.45;max-width:72em"
TABLE = "border-collapse:collapse;margin:.6em 0;font-variant-numeric:tabular-nums"
CELL = "padding:.2em .9em;border-bottom:1px solid rgba(128,128,128,.3);white-space:nowrap"
LABEL, NUMBER = f"{CELL};text-align:left", f"{CELL};text-align:right"
QUIET = "opacity:.65;font-size:.9em"


def experiment_html(experiment: Experiment) -> str:
    """The answer of a run or a comparison."""
    shown = answer(experiment)
    parts = [
        _tag("div", f"{_tag('strong', _text(shown.title))} {_quiet(shown.sample)}"),
        *_paragraphs(shown.bottom_line, "margin:.6em 0;font-weight:600"),
        *(_table(table) for table in shown.tables),
        *_paragraphs(shown.verdict),
        *_paragraphs([f"Note: {text}" for text in shown.cautions]),
        *_paragraphs(shown.footnotes, QUIET),
    ]
    return _tag("div", "".join(parts), FRAME)


def design_html(result: DesignResult) -> str:
    """The main figures of one design, without marks: they hold together for an experiment only."""
    label = design_label(result.name, result.scenario)
    table = answer_table({result.name: result.scenario}, {result.name: result}, None)
    replications = f"{result.table.replications} replications"
    heading = _tag("div", f"{_tag('strong', _text(label))} {_quiet(replications)}")
    return _tag("div", heading + _table(table, marks=False), FRAME)


def sweep_html(found: Sweep) -> str:
    """What a sweep found, as a terminal shows it."""
    text = "\n".join(sweep_lines(found, WIDTH, marks=True))
    return _tag("pre", escape(text), "line-height:1.3;white-space:pre")


def _table(table: Table, *, marks: bool = True) -> str:
    targeted = any(row.target for row in table.rows)
    head = [(table.heading, LABEL), *([("target", NUMBER)] if targeted else [])]
    head += [(name, NUMBER) for name in table.columns]
    rows = [_tag("tr", "".join(_tag("th", _text(name), style) for name, style in head))]
    for row in table.rows:
        cells = [_tag("td", _text(row.label), LABEL)]
        cells += [_tag("td", _text(row.target), NUMBER)] * targeted
        cells += [_tag("td", _cell(cell, marks), NUMBER) for cell in row.cells]
        rows.append(_tag("tr", "".join(cells)))
    return _tag("div", _tag("table", "".join(rows), TABLE), "overflow-x:auto")


def _cell(cell: Cell, marks: bool) -> str:
    parts = [_text(cell.value)]
    if cell.spread:
        parts.append(_quiet(cell.spread))
    if marks and cell.status is not None:
        word = f"{MARKS[cell.status]} {cell.status.value}"
        parts.append(_tag("span", word, f"color:{COLOURS[cell.status]};font-weight:600"))
    return " ".join(parts)


def _paragraphs(texts: Iterable[str], style: str = "") -> Sequence[str]:
    return [_tag("p", _text(text), f"margin:.4em 0;{style}") for text in texts]


def _quiet(text: str) -> str:
    return _tag("span", _text(text), QUIET)


def _text(text: str) -> str:
    return escape(printable(text))


def _tag(name: str, inner: str, style: str = "") -> str:
    return f'<{name} style="{style}">{inner}</{name}>' if style else f"<{name}>{inner}</{name}>"
