"""The guide to the language: every example is loaded and simulated, every key has an example."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import ccsim
from ccsim.measures.catalogue import known_measures
from ccsim.scenario import schema as language
from ccsim.scenario.language.json_schema import all_blocks, json_schema
from ccsim.scenario.parsing.read import read_text
from ccsim.scenario.resolve import Design, load_all
from tests.docs.markdown import GUIDES, blocks, says
from tests.docs.markdown import Block as Fenced
from tests.docs.schema_keys import Keys

PAGE = GUIDES / "language.md"
BASE = "base.yaml"
FENCED = blocks(PAGE)


def is_told_wrong(block: Fenced) -> bool:
    """Whether the block after it is the message that it is answered with."""
    after = FENCED[FENCED.index(block) + 1 :]
    return bool(after) and after[0].language == "text"


YAML = [block for block in FENCED if block.language == "yaml" and yaml.safe_load(block.text)]
PARTS = [block for block in YAML if block.file is not None]
WRONG = [block for block in YAML if is_told_wrong(block)]
EXAMPLES = [block for block in YAML if block not in PARTS and block not in WRONG]
FILES = [block for block in FENCED if block.language == "csv"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guide's own files: the base, parts, profiles and logs."""
    folder = tmp_path_factory.mktemp("guide")
    for block in (*PARTS, *FILES):
        assert block.file is not None, f"line {block.line}: no caption says which file this is"
        path = folder / block.file
        path.parent.mkdir(exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    return folder


def as_written(block: Fenced, folder: Path) -> Path:
    """The example as the file that the guide says it is: an addition to `base.yaml`."""
    whole = {"ccsim", "extends"} & set(read(block))
    path = folder / f"line-{block.line}.yaml"
    path.write_text(block.text if whole else f"extends: {BASE}\n{block.text}", encoding="utf-8")
    return path


def read(block: Fenced) -> dict[str, Any]:
    """As ccsim reads it: `on` is a key and a date is text, which other readers see otherwise."""
    data = json.loads(json.dumps(read_text(block.text, f"line {block.line}").plain()))
    assert isinstance(data, dict)
    return data


def load(block: Fenced, folder: Path) -> dict[str, Design]:
    return load_all(as_written(block, folder), known_measures=known_measures)


ids = [f"line-{block.line}" for block in EXAMPLES]


@pytest.mark.parametrize("block", EXAMPLES, ids=ids)
def test_an_example_is_a_scenario_and_runs(block: Fenced, folder: Path) -> None:
    """All of its designs, once; what is written is neither refused nor without any contact."""
    path = as_written(block, folder)
    for design in load(block, folder).values():
        run = ccsim.run(design, replications=1, workers=1)
        handled = run["all.contacts_handled"].value
        assert handled is not None and handled > 0, (path.name, design.name)


@pytest.mark.parametrize("block", WRONG, ids=[f"line-{block.line}" for block in WRONG])
def test_a_mistake_is_told_as_the_guide_says(block: Fenced, folder: Path) -> None:
    with pytest.raises(ccsim.ScenarioProblems) as told:
        load(block, folder)
    (problem,) = told.value.problems
    message = FENCED[FENCED.index(block) + 1].text
    assert says(message, str(problem).partition("  ")[2]), str(problem)


def test_an_editor_accepts_the_examples(folder: Path) -> None:
    validator = jsonschema.Draft7Validator(json_schema())
    for block in (*EXAMPLES, *PARTS):
        data = read(block)
        if "ccsim" not in data:
            data = {"extends": BASE, **data}
        problems = [error.message for error in validator.iter_errors(data)]
        assert problems == [], f"line {block.line}"


def test_what_the_guide_says_of_changes(folder: Path) -> None:
    """Counts have no sign, percent changes are rounded, a day is changed apart from its set."""

    def changed(*settings: str) -> Design:
        return load_all(folder / BASE, settings, known_measures=known_measures)["base"]

    with pytest.raises(ccsim.ScenarioProblems, match=r"'\+1': a value is written without a sign"):
        changed("teams.desk.people=+1")
    assert changed("teams.desk.people=+15 %").scenario.teams["desk"].people == 9  # of 8: 9.2
    by_weekday = "contacts.orders.arrivals.per_day={mon-fri: 90, sat-sun: 10}"
    apart = changed(by_weekday, "contacts.orders.arrivals.per_day={mon: 120}")
    per_day = apart.scenario.contacts["orders"].arrivals.per_day
    assert isinstance(per_day, dict) and (per_day["mon"], per_day["tue"]) == (120, 90)
    replaced = changed(by_weekday, "contacts.orders.arrivals.per_day={only: {daily: 70}}")
    per_day = replaced.scenario.contacts["orders"].arrivals.per_day
    assert isinstance(per_day, dict) and set(per_day.values()) == {70}


# --- every key ------------------------------------------------------------------------------------
def own_keys(keys: Keys, names: set[str]) -> set[str]:
    """A key that a block has from another (a `handle` is a distribution) is the other's key."""
    by_name = {block.__name__: block for block in all_blocks()}

    def origin(name: str) -> str:
        block, key = name.split(".", 1)
        parents = by_name[block].__mro__[1:] if block in by_name else ()
        of_parents = [f"{parent.__name__}.{key}" for parent in parents]
        return next((each for each in of_parents if each in known), name)

    known = keys.all()
    return {origin(name) for name in names}


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys()


def test_every_key_has_an_example(keys: Keys) -> None:
    written = set().union(*(keys.written(read(block)) for block in (*EXAMPLES, *PARTS)))
    assert sorted(own_keys(keys, keys.all()) - own_keys(keys, written)) == []


def test_a_key_without_an_example_is_found(keys: Keys) -> None:
    """The count of keys is not made smaller by the walk: single keys are told apart."""
    data = {"teams": {"desk": {"people": 3, "pay": {"wage": "3 / h"}}}, "calendar": {"days": 1}}
    written = keys.written(data)
    assert written == {
        "Scenario.teams",
        "Scenario.calendar",
        "Team.people",
        "Team.pay",
        "Pay.wage",
        "Calendar.days",
    }
    assert {"Team.roster", "Calendar.start", "Route.owner", "Design.like"} <= keys.all() - written


def test_all_blocks_of_the_language_are_walked(keys: Keys) -> None:
    """Every key of every model stands in the schema that is walked."""
    blocks_with_keys = {name.split(".")[0] for name in keys.all()}
    for block in all_blocks():
        if block.__module__.startswith("ccsim.") and not block.only_short:
            assert block.__name__ in blocks_with_keys, block.__name__
    assert language.Scenario.__name__ in blocks_with_keys
