"""The reference pages are what the models say, and say something of every key."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tools.language_reference import language_page

from ccsim.scenario.language.json_schema import all_blocks, json_schema
from ccsim.scenario.language.structure import keys_of
from ccsim.scenario.language.unsupported import LATER

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
MAKE = "python -m tools.language_reference > docs/reference/language.md"


def test_the_page_is_up_to_date() -> None:
    assert (REFERENCE / "language.md").read_text(encoding="utf-8") == language_page(), MAKE


def test_the_schema_is_up_to_date() -> None:
    stored = json.loads((REFERENCE / "scenario.schema.json").read_text(encoding="utf-8"))
    assert stored == json_schema(), "ccsim schema > docs/reference/scenario.schema.json"


def test_every_key_has_its_row() -> None:
    page = language_page()
    for block in all_blocks():
        if block.only_short:
            continue
        section = page.split(f"### {block.__name__}\n")[1].split("\n### ")[0]
        for key in keys_of(block):
            (row,) = re.findall(rf"^\| `{key}` \|(.*)\|$", section, re.MULTILINE)
            written, _, meaning = (cell.strip() for cell in row.split(" | "))
            assert written and meaning, (block.__name__, key)


def test_what_comes_later_is_listed() -> None:
    page = language_page()
    assert all(f"| `{path}` |" in page for path in LATER)


def test_links_lead_to_sections() -> None:
    page = language_page()
    sections = {name.lower() for name in re.findall(r"^### (\w+)$", page, re.MULTILINE)}
    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= sections
