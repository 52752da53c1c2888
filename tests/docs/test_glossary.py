"""What the glossary names exists: measures in the catalogue, keys in the language."""

from __future__ import annotations

import re

import pytest

from ccsim.measures.catalogue import MEASURES
from ccsim.scenario.language.json_schema import all_blocks
from ccsim.scenario.language.structure import keys_of
from tests.docs.markdown import DOCS

PAGE = DOCS / "glossary.md"
HERE = 2  # the column of our own names
WORDS_OF_THE_LANGUAGE = {"in gaps"}  # values that stand by themselves
MEASURE_NAMES = {measure.name for measure in MEASURES}
KEYS = {key for block in all_blocks() for key in keys_of(block)} | {"extends", "designs"}


def rows(text: str) -> list[list[str]]:
    """The rows of the page's tables, without heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    split = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [cells for cells in split if cells[0] != "term" and set(cells[0]) != {"-"}]


def names(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def unknown(name: str) -> bool:
    """Whether a name is neither a measure nor a key (`key: value` names its key)."""
    key = name.partition(":")[0]
    return key not in MEASURE_NAMES | KEYS | WORDS_OF_THE_LANGUAGE


TEXT = PAGE.read_text(encoding="utf-8")
ROWS = rows(TEXT)


@pytest.mark.parametrize("cells", ROWS, ids=[cells[0].strip("*") for cells in ROWS])
def test_a_term_has_its_key_or_measure(cells: list[str]) -> None:
    assert len(cells) == 6 and all(cells)
    named = names(cells[HERE])
    assert named
    assert [name for name in named if unknown(name)] == []


def test_a_name_that_does_not_exist_is_found() -> None:
    assert unknown("service_levels") and unknown("wages: 3 / h")
    assert not unknown("service_level") and not unknown("wage: 3 / h")


def test_the_models_name_keys() -> None:
    models = TEXT.split("## Models")[1]
    named = [name for name in names(models) if " --" not in name]
    assert len(named) >= 4 and [name for name in named if unknown(name)] == []


@pytest.mark.parametrize(
    "term",
    [
        "service level", "ASA", "occupancy", "shrinkage", "FCR", "AHT", "ACW", "concurrency",
        "blending", "Erlang A", "Erlang C", "utilisation", "FTE", "backlog", "callback",
        "containment", "escalation", "abandonment", "patience", "overflow",
    ],
)  # fmt: skip
def test_the_words_that_people_look_up_are_there(term: str) -> None:
    assert re.search(rf"^(\| |- ).{{0,20}}{re.escape(term)}", TEXT, re.MULTILINE)


def test_every_measure_of_the_table_of_results_is_named() -> None:
    """The measures that the table of a comparison shows have a row here."""
    shown = {
        "service_level", "speed_of_answer", "abandoned_by_customer", "first_contact_resolution",
        "occupancy_live", "backlog_end", "intervals_kept", "paid_fte", "per_resolved_contact",
        "total",
    }  # fmt: skip
    assert shown <= MEASURE_NAMES
    assert shown <= {name for cells in ROWS for name in names(cells[HERE])}
