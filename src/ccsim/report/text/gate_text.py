"""Tested scenarios in words: lines for a terminal, Markdown for a summary, JUnit XML for a server.

JUnit has no *too close to call*: it is `skipped` there, and `failure` under --strict. The form
is that of the schema which Jenkins publishes (testsuites, testsuite, testcase), which GitHub's
actions and GitLab read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ccsim.experiment.results.expectations import PERIOD_DAYS
from ccsim.report.words.names import measured_days, printable
from ccsim.report.words.rounding import number, spread
from ccsim.report.words.units import Unit, scaled_row, unit_of
from ccsim.report.words.verdicts import MARKS, Status, status_from

if TYPE_CHECKING:
    from ccsim.experiment.results.expectations import Judgement
    from ccsim.experiment.studies.gate import Gate, Tested
    from ccsim.scenario.schema import Expectation

NOTHING_EXPECTED = "nothing is expected: no `expect` section"
_MARKUP = re.compile(r"[\\`*\[\]!|~$]|(?<![^\W_])_|_(?![^\W_])")
# XML 1.0 has no place for these, escaped or not
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def expectation_words(expected: Expectation) -> str:
    """The expectation as it is written: `phone.abandoned <= 5 %, in 90 % of days`."""
    written = expected.model_dump(mode="json", by_alias=True)
    if isinstance(written, str):
        return written
    signs = (("at_least", ">="), ("at_most", "<="))
    bounds = " and ".join(f"{sign} {written[side]}" for side, sign in signs if side in written)
    over = ""
    if expected.over is not None:
        over = f", in {written['in']} of {expected.over}s" if "in" in written else ""
        over = over or f", each {expected.over}"
    return f"{expected.measure} {bounds}{over}"


def reached_words(judged: Judgement, file: Tested) -> str:
    """What was reached with its interval: `77.9 % ±0.6`; money by the period of its bound."""
    expected, scenario = judged.expectation, file.scenarios[judged.design]
    unit, period = unit_of(expected.measure, scenario, yearly=False), ""
    share_of_days = expected.over is not None and expected.in_ is not None
    if expected.over is None and expected.per is not None and expected.per in PERIOD_DAYS:
        unit = Unit(unit.kind, PERIOD_DAYS[expected.per] / measured_days(scenario))
        period = f" / {expected.per}"
    scale, (shown,) = scaled_row(Unit("share") if share_of_days else unit, [judged.estimate])
    if shown.value is None:
        return "no contacts came"
    name = f" {scale.unit}{period}" if scale.unit else period
    words = f"{scale.text(shown.value)}{name} {spread(shown, scale)}".rstrip()
    return f"{words} ({judged.detail})" if judged.detail else words


def file_lines(file: Tested, *, marks: bool) -> list[str]:
    """One file: its name and how much it took, then a line for each expectation."""
    return [printable(line) for line in _file_lines(file, marks)]


def _file_lines(file: Tested, marks: bool) -> list[str]:
    if file.problems:
        word = "too large" if file.too_large else "wrong"
        return [f"{file.path}      {word}", *(f"  {problem}" for problem in file.problems)]
    if not file.judgements:
        said = "stopped early" if file.stopped else NOTHING_EXPECTED
        return [f"{file.path}      {said}"]
    stored = "" if file.stored < file.played else " (from the store)"
    taken = f"{number(file.replications, 0)} replications{stored} · {file.seconds:.1f} s"
    rows = [
        (
            MARKS[status_from(each.status)] if marks else status_from(each.status).value,
            _asked(each),
            reached_words(each, file),
        )
        for each in file.judgements
    ]
    first, second = (max(len(row[place]) for row in rows) for place in (0, 1))
    stopped = " · stopped early" if file.stopped else ""
    return [
        f"{file.path}      {taken}{stopped}",
        *(f"  {word:<{first}}  {asked:<{second}}   {got}" for word, asked, got in rows),
    ]


def gate_words(gate: Gate) -> str:
    """The counts: `5 met, 1 missed, 0 too close to call in 2 scenarios; 2 expect nothing`."""
    judged = sum(bool(file.judgements) for file in gate.files)
    silent = sum(not file.judgements and not file.problems for file in gate.files)
    large = sum(file.too_large for file in gate.files)
    wrong = sum(bool(file.problems) for file in gate.files) - large
    words = (
        f"{gate.count('met')} met, {gate.count('missed')} missed, "
        f"{gate.count('too close to call', 'undefined')} too close to call in {judged} scenario"
    )
    words += "" if judged == 1 else "s"
    if silent:
        words += f"; {silent} expect{'s' if silent == 1 else ''} nothing"
    words += f"; {wrong} cannot be read" if wrong else ""
    return (
        f"{words}; {large} {'is' if large == 1 else 'are'} too large to be run" if large else words
    )


def markdown(gate: Gate) -> str:
    """A summary for a merge request or a job's page."""
    lines = [
        f"## Scenarios: {'passed' if gate.passed else 'failed'}",
        "",
        f"{gate_words(gate)}.",
        "",
    ]
    rows = [
        (
            file.path,
            _asked(each),
            reached_words(each, file),
            f"{each.estimate.n}",
            _said(gate, each),
        )
        for file in gate.files
        for each in file.judgements
    ]
    if rows:
        lines += ["| scenario | expected | reached | replications | |", "|---|---|---|---:|---|"]
        lines += ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
        lines.append("")
    for heading, large in (("Wrong:", False), ("Too large:", True)):
        files = [file for file in gate.files if file.too_large == large]
        problems = [f"- {_code(str(problem))}" for file in files for problem in file.problems]
        lines += [heading, "", *problems, ""] if problems else []
    lines += [f"Stopped early in {_code(file.path)}.\n" for file in gate.files if file.stopped]
    return "\n".join(lines)


def junit(gate: Gate) -> bytes:
    """JUnit XML: a test suite for each file, a test case for each expectation."""
    root = Element("testsuites", name="ccsim")
    for file in gate.files:
        suite = SubElement(root, "testsuite", name=_plain(file.path), time=f"{file.seconds:.3f}")
        counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
        for name, kind, message in _cases(gate, file):
            case = SubElement(suite, "testcase", classname=_plain(file.path), name=_plain(name))
            counts["tests"] += 1
            if kind:
                counts[{"failure": "failures", "error": "errors"}.get(kind, kind)] += 1
                SubElement(case, kind, message=_plain(message)).text = _plain(message)
        for word, count in counts.items():
            suite.set(word, str(count))
    for word in ("tests", "failures", "errors"):
        root.set(word, str(sum(int(suite.get(word, "0")) for suite in root)))
    indent(root)
    found: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return found + b"\n"


def _cases(gate: Gate, file: Tested) -> Iterator[tuple[str, str, str]]:
    """Name, kind of element ('' when it is met) and message of each case of a file."""
    for problem in file.problems:
        name = "small enough to be run here" if file.too_large else "the file can be read"
        yield name, "error", str(problem)
    for each in file.judgements:
        message = f"{each.status}: {reached_words(each, file)}, {each.estimate.n} replications"
        if gate.fails(each):
            yield _asked(each), "failure", message
        else:
            yield _asked(each), "" if each.status == "met" else "skipped", message
    if file.stopped:
        yield "the run finished", "error", "stopped early"
    elif not file.problems and not file.judgements:
        yield "expect", "skipped", NOTHING_EXPECTED


def _asked(each: Judgement) -> str:
    words = expectation_words(each.expectation)
    return words if each.design == "base" else f"{each.design}: {words}"


def _said(gate: Gate, each: Judgement) -> str:
    word = status_from(each.status)
    return f"{MARKS[word]} {word.value}" + (
        " (strict)" if gate.strict and word == Status.CLOSE else ""
    )


def _cell(text: str) -> str:
    """Text in a cell of a Markdown table: one line, with every sign of markup escaped."""
    return _MARKUP.sub(r"\\\g<0>", printable(text)).replace("&", "&amp;").replace("<", "&lt;")


def _code(text: str) -> str:
    """Text as code in Markdown: one line, fenced by more backticks than it holds."""
    inner = printable(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", inner)), default=0))
    space = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{fence}{space}{inner}{space}{fence}"


def _plain(text: str) -> str:
    """Text for XML: one line, without what XML has no place for."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", printable(text))
