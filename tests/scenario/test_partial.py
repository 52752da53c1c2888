"""A value that cannot be read hides little of what else is wrong, and makes nothing wrong."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ccsim.errors import ScenarioProblems
from ccsim.measures.catalogue import known_measures
from ccsim.scenario.resolve import load_all
from ccsim.scenario.rules import RULES
from ccsim.scenario.rules.partial_scenario import NAMES, ONE_THING, TOGETHER
from ccsim.scenario.validation.readable_part import LISTING

INVALID = Path(__file__).parent / "invalid"
FILES = [path for path in sorted(INVALID.glob("*.yaml")) if b"name: Base\n" in path.read_bytes()][
    ::6
]
Spoil = Callable[[str], str]


def replaced(old: str, new: str) -> Spoil:
    return lambda text: text.replace(old, new, 1)


SPOILT: dict[str, Spoil] = {  # what else cannot be read, in the words of the files' common base
    "about": lambda text: text.rstrip("\n") + "\nabout: [1]\n",
    "name": replaced("name: Base\n", "name: [1]\n"),
    "calendar": replaced("start: 2027-03-01", "start: 2027-13-01"),
    "target": replaced("target: 80 %", "target: 80"),
    "promise": replaced("answer_within: 20 s", "answer_within: 20"),
    "pay": replaced("salary: 30 000 / year", "salary: 30 000 / yr"),
    "handling": replaced("email: {handle: 6 min}", "email: {handle: 6}"),
    "type": replaced("    email: {handle: 6 min}\n", "    email: 6\n    priority: x\n"),
    "route": replaced('"*@second": [experts]', '"*@second": [{team: 5}]'),
    "expectation": replaced(
        "  - phone.service_level >= 80 %",
        "  - phone.service_level >> 80 %\n  - phone.service_level >= 80 %",
    ),
}


def told(path: Path) -> set[str]:
    """The messages without the design they are of, and without what there is instead."""
    try:
        load_all(path, known_measures=known_measures)
    except ScenarioProblems as problems:
        messages = [re.sub(r" \(in the design .*\)$", "", p.message) for p in problems.problems]
        return {LISTING.sub("", message) for message in messages}
    return set()


@pytest.mark.parametrize("what", SPOILT)
def test_what_cannot_be_read_makes_nothing_else_wrong(what: str, tmp_path: Path) -> None:
    """All that is told beside it is told without it, too."""
    folder = shutil.copytree(INVALID, tmp_path / "invalid")  # with the files that are named
    new: dict[str, set[str]] = {}
    for path in FILES:
        text = path.read_bytes().decode("utf-8", "replace")
        if (spoilt := SPOILT[what](text)) != text:
            (copy := folder / "spoilt.tmp").write_text(spoilt, encoding="utf-8")
            new[path.stem] = told(copy) - told(path)
    assert len(new) > len(FILES) // 3
    common = set.intersection(*(each for each in new.values() if each))  # the spoilt value itself
    assert common
    consequences = {stem: each - common for stem, each in new.items() if each - common}
    assert consequences == {}


def test_every_rule_says_what_it_needs() -> None:
    """Rules stand in one class at most, and those of the classes that tell most are rules."""
    classes = (*NAMES, *ONE_THING, *TOGETHER)
    assert len(set(classes)) == len(classes)
    only_of_parts = {"expectations_name_something", "penalties_name_something"}
    assert {rule.__name__ for rule in classes} - {rule.__name__ for rule in RULES} == only_of_parts
