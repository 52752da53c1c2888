"""Which block stands where: the models read as a map of the language.

Used for nearest keys in errors, for opening short forms that a patch goes into, for the defaults
that apply, and for the reference.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.schema import Block, Scenario


def members(annotation: Any) -> Iterator[Any]:
    """The alternatives of a type without their annotations and without None."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from members(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from members(part)
    elif annotation is not type(None):
        yield annotation


def is_block(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Block)


def key_of(block: type[Block], field: str) -> str:
    """The key of a field in a file: `from` for `from_`."""
    return block.model_fields[field].alias or field


def keys_of(block: type[Block]) -> tuple[str, ...]:
    """The keys of a block in a file, in its order; derived fields are no keys."""
    return tuple(key_of(block, field) for field in block.model_fields if field not in block.derived)


def _inside(annotation: Any, step: str | int) -> Iterator[Any]:
    """The types of what stands under a key or at a place of a list."""
    if is_block(annotation):
        for field, info in annotation.model_fields.items():
            if key_of(annotation, field) == step:
                yield from members(info.annotation)
                return
        if isinstance(step, str) and annotation.other is not None:
            yield annotation.other
    elif get_origin(annotation) is dict and isinstance(step, str):
        yield from members(get_args(annotation)[1])
    elif get_origin(annotation) is tuple and isinstance(step, int):
        arguments = [each for each in get_args(annotation) if each is not Ellipsis]
        yield from members(arguments[min(step, len(arguments) - 1)])


@functools.lru_cache(10_000)
def types_at(path: Path) -> tuple[Any, ...]:
    """The types that may stand at a path; empty where nothing may.

    A step that a short form leaves out may be missing: `routing.calls.0` is a step of a route.
    """
    found: list[Any] = [Scenario]
    for step in path:
        found = [inner for each in found for inner in _inside_or_short(each, step)]
    return tuple(found)


def _inside_or_short(annotation: Any, step: str | int) -> list[Any]:
    direct = list(_inside(annotation, step))
    if direct or not is_block(annotation) or annotation.short_key is None:
        return direct
    through = _inside(annotation, annotation.short_key)
    return [inner for each in through for inner in _inside(each, step)]


def blocks_at(path: Path) -> tuple[type[Block], ...]:
    """The blocks that may stand at a path."""
    return tuple(each for each in types_at(path) if is_block(each))


def allowed_keys(path: Path) -> tuple[str, ...]:
    """The keys that may stand in the map at a path; empty where names are free."""
    return tuple(dict.fromkeys(key for block in blocks_at(path) for key in keys_of(block)))


def description_at(path: Path) -> str:
    """What the key that ends the path means; empty for names of a person's choice."""
    for block in blocks_at(path[:-1]):
        for field, info in block.model_fields.items():
            if key_of(block, field) == path[-1]:
                return info.description or ""
    return ""
