"""Each row of what can be said names keys of the language, and files that write them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from ccsim.scenario.language.unsupported import LATER
from ccsim.scenario.parsing.read import read_text
from tests.docs.markdown import DOCS, REPOSITORY
from tests.docs.schema_keys import Keys

PAGE = DOCS / "about" / "coverage.md"
SECTIONS = [
    "Channels",
    "Tiers and roles",
    "People who take no contacts",
    "Shifts",
    "Workforce over months",
    "Demand",
    "Money",
    "Outcomes",
]
LEFT = "left: the organisation"
KEYS = Keys()
ALL = KEYS.all()
Row = tuple[str, list[str], str]  # what, keys, shown by


def rows(text: str) -> list[Row]:
    """The rows of all tables of the page."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] != "what" and set(cells[0]) != {"-"}:
            what, keys, shown = cells
            found.append((what, re.findall(r"`([^`]+)`", keys), shown))
    return found


TEXT = PAGE.read_text(encoding="utf-8")
ROWS = rows(TEXT)


def files(shown: str) -> list[Path]:
    return [(PAGE.parent / link).resolve() for link in re.findall(r"\]\(([^)]+)\)", shown)]


@cache
def written(path: Path) -> frozenset[str]:
    """The keys that a scenario writes, its designs apart."""
    plain = read_text(path.read_text(encoding="utf-8"), path.name).plain()
    return frozenset(KEYS.written(json.loads(json.dumps(plain))))


def faults(row: Row) -> list[str]:
    """What is not so in a row."""
    what, keys, shown = row
    if not keys:
        return [f"{what}: no key"]
    if shown.startswith("left"):
        strange = [key for key in keys if key not in LATER]
        return [f"{what}: {shown}"] * (shown != LEFT) + [f"{key} is not left" for key in strange]
    paths = files(shown)
    missing = [f"{path} is not there" for path in paths if not path.is_file()]
    if missing or not any(path.suffix == ".yaml" for path in paths):
        return missing or [f"{what}: no scenario"]
    scenarios = [path for path in paths if path.suffix == ".yaml"]
    there = frozenset[str]().union(*map(written, scenarios))
    return [f"{key} is no key" for key in keys if key not in ALL] + [
        f"{what}: none of its scenarios writes {key}" for key in keys if key not in there
    ]


@pytest.mark.parametrize("row", ROWS, ids=[what for what, *_ in ROWS])
def test_a_row_is_shown_by_files_that_write_its_keys(row: Row) -> None:
    assert faults(row) == []


def test_every_kind_of_thing_has_its_table() -> None:
    assert re.findall(r"^## (.+)$", TEXT, re.MULTILINE) == SECTIONS
    assert len(ROWS) >= 75


def test_only_the_organisation_is_left() -> None:
    """Channels, tiers, shifts and demand are whole; of the rest what needs people over months."""
    parts = dict(zip(SECTIONS, re.split(r"^## .+$", TEXT, flags=re.MULTILINE)[1:], strict=True))
    left = {title for title, part in parts.items() if "left:" in part}
    assert left == {"People who take no contacts", "Workforce over months", "Money", "Outcomes"}
    assert [key for _, keys, shown in ROWS for key in keys if shown == LEFT] == [
        "roles.*.changes",
        "teams.*.hiring",
        "teams.*.promotion",
        "teams.*.attrition",
        "costs.hire",
        "costs.training",
        "contacts.*.satisfaction",
    ]


def test_scenarios_that_are_named_are_played_by_a_test() -> None:
    """Of the gallery by the gallery's tests, of `valid/` by tests/scenario/test_played.py."""
    named = {path for *_, shown in ROWS for path in files(shown) if path.suffix == ".yaml"}
    played = {*(REPOSITORY / "scenarios").glob("*.yaml")}
    played |= set((REPOSITORY / "tests" / "scenario" / "valid").glob("*.yaml"))
    assert named <= played and len(named) >= 10


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("social", ["ContactType.social"], "[a](../../scenarios/telecom.yaml)"), "none of its"),
        (("fax", ["ContactType.fax"], "[a](../../scenarios/telecom.yaml)"), "is no key"),
        (("chat", ["ContactType.chat"], "[a](../../scenarios/gone.yaml)"), "is not there"),
        (("chat", ["ContactType.chat"], LEFT), "is not left"),
        (("chat", ["ContactType.chat"], "[a](../../tests/law/tiny.py)"), "no scenario"),
        (("chat", [], LEFT), "no key"),
    ],
)
def test_planted_faults_are_found(row: Row, fault: str) -> None:
    assert any(fault in found for found in faults(row))
