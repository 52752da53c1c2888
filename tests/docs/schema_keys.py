"""Which keys of the language a piece of YAML writes, read off the JSON Schema.

A key is `Block.key`, where the block is a definition of the schema (`Team.people`). Patches of
designs are walked for their own keys alone: what they change is counted where it is defined.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ccsim.scenario.language.json_schema import json_schema

Schema = dict[str, Any]
ROOT = "Scenario"
PATCHES = "Patch"


class Keys:
    """The keys of the language as its JSON Schema has them."""

    def __init__(self) -> None:
        schema = json_schema()
        self.root: Schema = schema["else"]
        self.definitions: Schema = schema["$defs"]

    def all(self) -> set[str]:
        """Every key of a scenario file; of designs, those that only designs have."""
        found = {f"{ROOT}.{key}" for key in self.root["properties"]}
        for name, definition in self.definitions.items():
            if not name.endswith(PATCHES):
                found |= {f"{name}.{key}" for key in self._keys(definition)}
        of_design = set(self.definitions[f"Design{PATCHES}"]["properties"])
        return found | {f"Design.{key}" for key in of_design - set(self.root["properties"])}

    @staticmethod
    def _keys(definition: Schema) -> Iterator[str]:
        for branch in (definition, *definition.get("anyOf", ())):
            yield from branch.get("properties", ())

    def written(self, data: Schema) -> set[str]:
        """The keys that `data`, a scenario or a part of one, writes."""
        found: set[str] = set()
        designs = data.get("designs")
        self._walk(self.root, data, ROOT, found)
        for patch in (designs or {}).values():
            if isinstance(patch, dict):
                found |= {f"Design.{key}" for key in patch if key == "like"}
        return found

    def _walk(self, schema: Schema, value: Any, block: str | None, found: set[str]) -> None:
        """`block` is the definition that the schema stands for, None inside of maps and lists."""
        if "$ref" in schema:
            name = schema["$ref"].removeprefix("#/$defs/")
            if not name.endswith(PATCHES):
                self._walk(self.definitions[name], value, name, found)
            return
        for branch in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
            self._walk(branch, value, block, found)
        if isinstance(value, list):
            items = schema.get("items", {})
            for number, each in enumerate(value):
                self._walk(items[number] if isinstance(items, list) else items, each, None, found)
        if not isinstance(value, dict):
            return
        properties, others = schema.get("properties", {}), schema.get("additionalProperties")
        for key, each in value.items():
            if key in properties:
                if block is not None:
                    found.add(f"{block}.{key}")
                self._walk(properties[key], each, None, found)
            elif isinstance(others, dict):
                self._walk(others, each, None, found)
