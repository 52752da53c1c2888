"""The scenario language as JSON Schema (draft 7), generated from the models.

It is for editors: completion, descriptions, and the errors that can be seen without knowing the
rest of the file. Every valid scenario validates; what only rules can see (names, totals) does not
show here. Designs have a patch of each block: nothing is required, values may also be changes
(`-15 %`) or `none`, and `only` holds a whole new map. So is a file that `extends` others (`then`);
one that stands alone is under `else`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from ccsim.scenario import quantities
from ccsim.scenario.language.structure import key_of, keys_of
from ccsim.scenario.quantities import CHANGE_PATTERN
from ccsim.scenario.schema import FORMAT, INBOUND, Block, Money, Scenario, TimeSpan
from ccsim.scenario.written import schema_of

Schema = dict[str, Any]
PATCH: Final = "Patch"
TITLE: Final = "ccsim scenario"
_DESIGNS: Final[Schema] = {
    "type": "object",
    "description": "Alternatives: named patches over the scenario. Maps merge; lists and "
    "values replace; `none` removes; `{only: {...}}` replaces a whole map; `-15 %` multiplies "
    "and `-2 points` adds.",
    "additionalProperties": {"$ref": f"#/$defs/Design{PATCH}"},
}
_EXTENDS: Final[Schema] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    "description": "Files of the scenario's folder that it goes on from, whole or in parts: "
    "what stands here is a patch over them.",
}


def json_schema() -> Schema:
    """The schema of a scenario file with its designs."""
    generated = Scenario.model_json_schema(by_alias=True)
    definitions: Schema = generated.pop("$defs")
    blocks = {block.__name__: block for block in all_blocks()}
    definitions["Scenario"] = generated
    for name, schema in list(definitions.items()):
        definitions[name] = _as_written(_draft_7(schema), blocks[name])
    root = definitions.pop("Scenario")
    patches = {
        f"{name}{PATCH}": _patch(schema, {"$ref": f"#/$defs/{name}"})
        for name, schema in definitions.items()
    }
    root_patch = _design_patch(root)
    root["properties"] |= {"designs": _DESIGNS, "extends": _EXTENDS}
    root["properties"]["channels"]["propertyNames"] = {"enum": list(INBOUND)}
    without = {"anyOf": [{"const": "none"}, _DESIGNS["additionalProperties"]]}
    beside = {"extends": _EXTENDS, "designs": {**_DESIGNS, "additionalProperties": without}}
    over_others = {**root_patch, "properties": {**root_patch["properties"], **beside}}
    whole = {
        "if": {"required": ["extends"]},
        "then": over_others,
        "else": root,
        "$defs": {**definitions, **patches, f"Design{PATCH}": root_patch},
    }
    shared: Schema = {_key(schema): name for name, schema in _SHARED.items()}
    hoisted = _with_references(whole, shared)
    hoisted["$defs"] |= _SHARED
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"{TITLE}, format {FORMAT}",
        **hoisted,
    }


def _design_patch(scenario: Schema) -> Schema:
    """Returns the patch of a whole scenario, which is what a design is."""
    patch: Schema = _patch(scenario)
    properties = patch["properties"]
    del properties["only"]
    patch["properties"] = {
        "about": {"type": "string", "description": "What the design is, for people."},
        "label": {
            **properties.pop("label"),
            "description": "What people read, in tables and pictures; default its name here.",
        },
        "like": {"type": "string", "description": "The design that this one goes on from."},
        **{key: value for key, value in properties.items() if key != "about"},
    }
    patch["patternProperties"] = {
        r"\.": {"description": "A dotted path, such as teams.*.shrinkage.sick"}
    }
    return patch


def all_blocks(root: type[Block] = Block) -> Iterator[type[Block]]:
    """Every block of the language."""
    for block in root.__subclasses__():
        yield block
        yield from all_blocks(block)


def _draft_7(schema: Any) -> Any:
    """The generator speaks a later draft; titles only repeat names, and files have no null."""
    if isinstance(schema, list):
        return [_draft_7(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    new: Schema = {}
    for key, value in schema.items():
        if key in ("title", "discriminator", "default"):
            continue
        if key == "prefixItems":
            new["items"] = _draft_7(value)
        elif key in ("anyOf", "oneOf"):
            # the alternatives may overlap, and a value that is not there is not written
            new["anyOf"] = [_draft_7(each) for each in value if each != {"type": "null"}]
        elif key in ("properties", "additionalProperties", "$defs", "patternProperties"):
            new[key] = (
                {name: _draft_7(each) for name, each in value.items()}
                if key != "additionalProperties" and isinstance(value, dict)
                else _draft_7(value)
            )
        else:
            new[key] = _draft_7(value)
    if "properties" not in new and len(new.get("patternProperties", ())) == 1:
        # a map by names: what the names look like, and what each holds
        ((pattern, held),) = new.pop("patternProperties").items()
        new |= {"propertyNames": {"pattern": pattern}, "additionalProperties": held}
    if len(new.get("anyOf", ())) == 1:
        (only,) = new.pop("anyOf")
        new = {**only, **new}
    if "$ref" in new and len(new) > 1:
        # draft 7 ignores what stands beside a reference
        new = {"allOf": [{"$ref": new.pop("$ref")}], **new}
    return new


def _as_written(schema: Schema, block: type[Block]) -> Schema:
    """A block with its short forms and the defaults as people write them."""
    about = {"description": schema.pop("description", "")}
    about = {key: " ".join(text.split()) for key, text in about.items() if text}
    if block.only_short:
        return (
            {**about, "anyOf": list(block.short)}
            if len(block.short) > 1
            else {
                **about,
                **block.short[0],
            }
        )
    defaults = written_defaults(block)
    keys = keys_of(block)
    schema["properties"] = {
        key: _with_default(value, defaults.get(key))
        for key, value in schema["properties"].items()
        if key in keys
    }
    if block.other is not None:
        schema["additionalProperties"] = {"$ref": f"#/$defs/{block.other.__name__}"}
    return {**about, "anyOf": [*block.short, schema]} if block.short else {**about, **schema}


def _with_default(schema: Schema, default: object) -> Schema:
    if default in (None, {}, [], ""):
        return schema
    if "$ref" in schema:
        return {"allOf": [schema], "default": default}
    return {**schema, "default": default}


def written_defaults(block: type[Block]) -> dict[str, Any]:
    """The defaults of a block's keys as a file would write them; without those that are nothing."""
    if block.derived or block.only_short:
        return {}  # printed as a whole: there are no defaults to speak of
    fields = {
        field: info.get_default(call_default_factory=True)
        for field, info in block.model_fields.items()
        if not info.is_required()
    }
    empty = block.model_construct(**{key_of(block, name): value for name, value in fields.items()})
    dumped: dict[str, Any] = empty.model_dump(
        mode="json", by_alias=True, exclude_none=True, warnings="none", include=set(fields)
    )
    return dumped


# --- quantities, once each ------------------------------------------------------------------------
_CHANGE: Final[Schema] = {
    "anyOf": [
        {"const": "none"},
        {"type": "string", "pattern": CHANGE_PATTERN, "examples": ["-15 %", "-2 points"]},
    ]
}
_SHARED: Final[Schema] = {
    "change": _CHANGE,
    **{
        name: schema_of(quantity)
        for name, quantity in {
            "duration": quantities.Duration,
            "tenure": quantities.LongDuration,
            "share": quantities.Share,
            "percent": quantities.Percent,
            "slowdown": quantities.Slowdown,
            "share_of_days": quantities.ShareOfDays,
            "share_of_hours": quantities.ShareOfHours,
            "time_a_week": quantities.PerWeek,
            "time_a_day": quantities.PerDay,
            "time_of_day": quantities.TimeOfDay,
            "days": quantities.Days,
            "amount": quantities.Amount,
            "count": quantities.Count,
            "positive_count": quantities.PositiveCount,
        }.items()
    },
    "money": Money.short[0],
    "span": TimeSpan.short[0],
}


def _key(schema: Schema) -> str:
    return json.dumps(schema, sort_keys=True)


def _with_references(schema: Any, shared: Schema) -> Any:
    """The schema with references to the quantities in place of their patterns."""
    if isinstance(schema, list):
        return [_with_references(each, shared) for each in schema]
    if not isinstance(schema, dict):
        return schema
    about = {key: schema[key] for key in ("description", "default") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in about}
    name = shared.get(_key(rest)) if rest else None
    if name is not None:
        reference = {"$ref": f"#/$defs/{name}"}
        return {**about, "allOf": [reference]} if about else reference
    return {key: _with_references(value, shared) for key, value in schema.items()}


# --- patches --------------------------------------------------------------------------------------
def _patch(schema: Any, whole: Schema | None = None) -> Any:
    """What a design may write where the scenario has `schema`; `whole` refers to it by name."""
    if "anyOf" in schema:
        kept = {key: value for key, value in schema.items() if key != "default"}
        inner = [_patch(each, whole) if _has_parts(each) else each for each in schema["anyOf"]]
        return {**kept, "anyOf": [*inner, _CHANGE]}
    if "allOf" in schema:
        return {**schema, "allOf": [_patch(each) for each in schema["allOf"]]}
    if "$ref" in schema:
        return {**schema, "$ref": f"{schema['$ref']}{PATCH}"}
    if schema.get("type") == "object":
        return _patch_of_map(schema, whole)
    about = {key: schema[key] for key in ("description",) if key in schema}
    plain = {key: value for key, value in schema.items() if key not in about and key != "default"}
    return {**about, "anyOf": [plain, _CHANGE]}


def _has_parts(schema: Schema) -> bool:
    """Whether a patch may go into the value."""
    return "$ref" in schema or "anyOf" in schema or schema.get("type") == "object"


def _patch_of_map(schema: Schema, whole: Schema | None) -> Schema:
    new = {key: value for key, value in schema.items() if key not in ("required", "minProperties")}
    held = {key: value for key, value in schema.items() if key not in ("description", "properties")}
    new["properties"] = {
        **{key: _or_change(value) for key, value in schema.get("properties", {}).items()},
        "only": {"description": "What replaces the whole map.", "allOf": [whole or held]},
    }
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        new["additionalProperties"] = _or_change(others)
    if "propertyNames" in schema:
        new["propertyNames"] = {"anyOf": [schema["propertyNames"], {"const": "only"}]}
    return new


def _or_change(schema: Schema) -> Schema:
    """The patch of a value; blocks and maps may also be removed."""
    patched = _patch(schema)
    if "anyOf" in patched:
        return dict(patched)
    about = {"description": patched["description"]} if "description" in patched else {}
    return {**about, "anyOf": [patched, _CHANGE]}
