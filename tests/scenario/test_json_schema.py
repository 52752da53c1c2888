"""The JSON Schema: draft 7, described throughout, true to the models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ccsim.scenario.language.json_schema import all_blocks, json_schema
from ccsim.scenario.language.structure import keys_of
from ccsim.scenario.parsing.read import read_file, read_text
from ccsim.scenario.templates import template

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
VALID = sorted((HERE / "valid").glob("*.yaml")) + sorted((REPOSITORY / "scenarios").rglob("*.yaml"))
SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
# what an editor can see without the rest of the file: units, words, keys, maps and lists
TYPE_KIND = (
    "duration-without-unit", "duration-unit-unknown", "duration-decimal-comma", "duration-negative",
    "month-where-no-fixed-length", "share-without-sign", "share-as-fraction", "share-signed",
    "count-not-whole", "count-as-text", "count-zero", "money-not-a-number", "money-period-unknown",
    "time-without-colon", "time-impossible", "span-without-end", "yes-no-expected",
    "date-other-order", "one-per-without-people", "contract-without-week", "sickness-without-days",
    "growth-without-period", "key-unknown-top", "key-missing", "key-missing-top",
    "map-expected", "list-expected", "text-expected", "nothing-written", "word-not-allowed",
    "name-with-dot", "version-unknown", "not-a-map", "channel-unknown", "expect-without-bound",
    "design-key-unknown", "design-value-wrong", "design-not-a-map",
)  # fmt: skip


def as_json(data: object) -> Any:
    """The reader's data with lists as JSON has them."""
    if isinstance(data, dict):
        return {key: as_json(value) for key, value in data.items()}
    return [as_json(item) for item in data] if isinstance(data, tuple) else data


def test_it_is_draft_7() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


def dictionaries(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from dictionaries(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from dictionaries(value)


def test_it_keeps_to_the_subset_that_editors_know() -> None:
    later = {"prefixItems", "unevaluatedProperties", "dependentRequired", "discriminator"}
    for schema in dictionaries(SCHEMA):
        assert not later & set(schema)
        if isinstance(schema.get("$ref"), str):
            assert set(schema) == {"$ref"}, "draft 7 ignores what stands beside a reference"
            assert schema["$ref"].removeprefix("#/$defs/") in SCHEMA["$defs"]


@pytest.mark.parametrize("path", VALID, ids=[path.stem for path in VALID])
def test_valid_files_validate(path: Path) -> None:
    errors = list(VALIDATOR.iter_errors(as_json(read_file(path, path.name).plain())))
    assert errors == []


def test_the_starter_validates() -> None:
    assert VALIDATOR.is_valid(as_json(read_text(template(), "starter.yaml").plain()))


@pytest.mark.parametrize("name", TYPE_KIND)
def test_errors_of_type_are_seen(name: str) -> None:
    path = HERE / "invalid" / f"{name}.yaml"
    assert not VALIDATOR.is_valid(as_json(read_file(path, name).plain()))


def test_every_field_is_described() -> None:
    for block in all_blocks():
        assert block.__doc__, block.__name__
        for field, info in block.model_fields.items():
            assert info.description, f"{block.__name__}.{field}"
            assert info.description.endswith((".", ")", "]", "}", "%")) or ":" in info.description


def test_every_key_is_in_the_schema() -> None:
    for block in all_blocks():
        if block.only_short:
            continue
        schema = SCHEMA["else"] if block.__name__ == "Scenario" else SCHEMA["$defs"][block.__name__]
        full = schema if "properties" in schema else schema["anyOf"][-1]
        extra = {"designs", "extends"} if block.__name__ == "Scenario" else set()
        assert set(full["properties"]) == set(keys_of(block)) | extra, block.__name__
        assert all("description" in value for value in full["properties"].values())


def test_defaults_are_written_as_people_write_them() -> None:
    calendar = SCHEMA["$defs"]["Calendar"]["properties"]
    assert calendar["interval"]["default"] == "30 min"
    assert SCHEMA["$defs"]["Pay"]["properties"]["overtime"]["default"] == "100 %"
    assert SCHEMA["$defs"]["Contract"]["properties"]["full_time"]["default"] == "40 h / week"
