"""One word for one thing: texts use the terms of the glossary, and none that were retired."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import ccsim
from ccsim.measures.catalogue import MEASURES, known_measures
from ccsim.measures.measure import OPEN
from ccsim.report.text.answer import answer, answer_lines
from ccsim.report.words.labels import label_of, short_label
from ccsim.report.words.verdicts import Status
from tests.docs.markdown import DOCS, REPOSITORY

REPORT = REPOSITORY / "src" / "ccsim" / "report"
GLOSSARY = " ".join((DOCS / "glossary.md").read_text("utf-8").replace("*", "").split()).lower()
SHIPPED = sorted((REPOSITORY / "scenarios").glob("*.yaml"))
RETIRED = re.compile(
    r"promis|\bkept\b|\bkeeps?\b|\btold\b|\bunsure\b|what becomes of|passed on|\bnobody\b"
    r"|\bsomebody\b|not decided|told apart|taken off|\bin line\b|half hours?\b|\bassumed\b"
    r"|not known|still waits?\b|those who|\bmean wait\b|waiting at the end",
    re.IGNORECASE,
)
NO_WORDS = re.compile(r"[\w.]*_[\w.]*|[a-z]+\.[a-z]+")  # keys and names of modules


def retired(text: str) -> list[str]:
    """The retired words of a text, keys left aside."""
    return RETIRED.findall(NO_WORDS.sub("", text))


def strings(source: str) -> Iterator[str]:
    """The texts of a module that people may read: no documentation, no comparisons with data."""
    tree = ast.parse(source)
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in documentation:
            continue
        if isinstance(node.value, str) and " " in node.value:
            yield node.value


@pytest.mark.parametrize("path", sorted(REPORT.rglob("*.py")), ids=lambda path: path.stem)
def test_no_text_of_the_report_has_a_retired_word(path: Path) -> None:
    found = {text: words for text in strings(path.read_text("utf-8")) if (words := retired(text))}
    assert found == {}


def test_a_retired_word_is_caught() -> None:
    (text,) = strings('"""The promise is kept."""\nx = "every promise is kept"\ny = "kept"\n')
    assert retired(text) == ["promis", "kept"]
    assert retired("phone.intervals_kept") == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_answers_of_the_shipped_scenarios_use_the_terms(path: Path) -> None:
    play = ccsim.compare if len(ccsim.load(path)) > 1 else ccsim.run
    found = play(path, replications=2, workers=1)
    cuts = [answer(found), *(answer(found, by=by) for by in ("team", "type", "channel"))]
    for shown in cuts:
        text = "\n".join(answer_lines(shown, 100, marks=False)[1:])
        assert retired(text.replace(found.scenario.name, "")) == []


def terms() -> set[str]:
    """The fixed words of labels, of statuses, and of what stands between them."""
    fixed = {part for each in MEASURES for part in re.split(r"\{\w+\}", each.label)}
    fixed = {re.sub(r", \d\dth percentile", "", part) for part in fixed} | {"percentile"}
    plain = {text.strip(" ,").removeprefix("that ").lower() for text in fixed}
    return plain - {""} | {status.value for status in Status}


@pytest.mark.parametrize("term", sorted(terms()))
def test_every_term_is_in_the_glossary(term: str) -> None:
    assert term.lower() in GLOSSARY


def test_no_label_stands_for_two_measures_of_the_catalogue() -> None:
    for labels in (
        [measure.label for measure in MEASURES],
        [short_label(f"{measure.scopes[0]}.{measure.name}") for measure in MEASURES],
    ):
        assert [label for label, count in Counter(labels).items() if count > 1] == []
    fields = {field for each in MEASURES for field in re.findall(r"\{(\w+)\}", each.label)}
    assert fields <= set(OPEN)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_no_label_stands_for_two_measures_of_a_scenario(path: Path) -> None:
    """A queue of its own may be called as its type is, so that only one measure has to differ."""
    for design in ccsim.load(path).values():
        named: dict[str, set[str]] = {}
        for key in known_measures(design.scenario):
            named.setdefault(label_of(key, design.scenario), set()).add(key)
        doubled = {label: keys for label, keys in named.items() if len(keys) > 1}
        assert doubled == {}
