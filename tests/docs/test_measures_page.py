"""The page of measures shows the definitions of the code."""

from __future__ import annotations

import pytest
from tools.measures_reference import renewed, tables

from ccsim.measures.catalogue import MEASURES
from tests.docs.markdown import DOCS

PAGE = DOCS / "reference" / "measures.md"


def test_the_page_shows_the_definitions_of_the_code() -> None:
    page = PAGE.read_text("utf-8")
    assert renewed(page) == page, "python -m tools.measures_reference docs/reference/measures.md"


def test_a_page_that_lost_a_row_is_noticed() -> None:
    page = PAGE.read_text("utf-8")
    row = next(line for line in page.splitlines() if line.startswith("| `abandoned`"))
    assert renewed(page.replace(row + "\n", "")) != page.replace(row + "\n", "")
    with pytest.raises(ValueError, match="begin and end"):
        renewed("# no tables")


def test_every_measure_is_on_the_page() -> None:
    for measure in MEASURES:
        assert f"`{measure.name}`" in tables()
