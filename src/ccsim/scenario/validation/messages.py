"""The validator's errors in the words of people, each with its place."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from ccsim.errors import MOST_COLLECTED, suggestion
from ccsim.scenario.language.structure import allowed_keys, description_at
from ccsim.scenario.language.unsupported import not_supported
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Node, Path, walk
from ccsim.scenario.parsing.yaml_diagnostics import slip_in_value
from ccsim.scenario.quantities import TAG_SIGN
from ccsim.units import found

FEW_KEYS = 10  # of a block that are listed where a map is missing
MAP = "a map (lines of `key: value`) is expected"
BY_TYPE = (
    "the handle time of a team is one share for all that it takes (110 %), or by tenure "
    "({new: 135 %, until: 12 weeks}); what is harder for it is a type of its own"
)
_EXPECTED = {
    "model_type": MAP,
    "model_attributes_type": MAP,
    "dict_type": MAP,
    "mapping_type": MAP,
    "tuple_type": "a list is expected: [..., ...]",
    "string_type": "text is expected (put it in quotes)",
    "float_type": "a number is expected",
    "int_type": "a whole number is expected",
    "bool_type": "yes or no is expected",
}
_PLAIN = {
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_long": "holds too many values ({actual_length} instead of {max_length})",
}


def in_words(error: ValidationError, root: Node) -> list[Problem]:
    """All problems that the validator found; those of one place and text are one."""
    errors = error.errors(include_url=False)[:MOST_COLLECTED]
    # a list of which no item can be read is not also too short
    inside = {each["loc"][:depth] for each in errors for depth in range(1, len(each["loc"]))}
    told = [each for each in errors if each["type"] != "too_short" or each["loc"] not in inside]
    return list(dict.fromkeys(_problem(each, root) for each in told))


def _problem(error: Any, root: Node) -> Problem:
    kind, loc, value = error["type"], _path(error["loc"]), error["input"]
    context = error.get("ctx", {})
    for length in range(1, len(loc) + 1):
        later = not_supported(loc[:length])
        if later:
            return Problem(loc[:length], later, at_key=True)
    if kind == "extra_forbidden":
        return _unknown_key(root, loc)
    if loc[-2:-1] == ("handle_time",) and kind == "missing" and _by_type(root, loc[:-1]):
        return Problem(loc[:-1], BY_TYPE, at_key=True)
    if kind == "missing":
        return _missing(root, loc)
    if error["loc"][-1:] == ("[key]",):
        return Problem(loc[:-1], _of_key(kind, loc[-2], context), at_key=True)
    return Problem(loc, _message(kind, value, context, loc, error["msg"]))


def _by_type(root: Node, path: Path) -> bool:
    """Whether a team's handle time is given by contact type or channel, by which it cannot be."""
    node: Node | None = root
    for step in path:
        entry = node.entries.get(str(step)) if node is not None else None
        node = entry.value if entry is not None else None
    return node is not None and node.is_map and not set(node.entries) & set(allowed_keys(path))


def _path(loc: tuple[int | str, ...]) -> Path:
    """The place in the model without the tags of a field's forms."""
    return tuple(step for step in loc if not (isinstance(step, str) and step.startswith(TAG_SIGN)))


def _message(kind: str, value: object, context: Any, path: Path, said: str) -> str:
    if value is None:
        return "nothing is written here"
    told = _what_is_wrong(kind, value, context, path, said)
    if _EXPECTED.get(kind) == MAP and isinstance(value, (list, tuple)):
        return f"{told}; leave the '-' or the [ ] out"
    keys = allowed_keys(path) if _EXPECTED.get(kind) == MAP else ()
    if 0 < len(keys) <= FEW_KEYS and not slip_in_value(value, pair=True):
        return f"{told} (keys: {', '.join(keys)})"
    return told + slip_in_value(value, pair=_EXPECTED.get(kind) == MAP)


def _what_is_wrong(kind: str, value: object, context: Any, path: Path, said: str) -> str:
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return _one_of(value, context["expected"], path)
    if kind == "too_short":
        if context.get("min_length", 1) == 1:
            return "is empty"
        return f"needs {context['min_length']} values; found {context['actual_length']}"
    if kind in _EXPECTED:
        return f"{_EXPECTED[kind]}; found {found(value)}"
    if kind in _PLAIN:
        return f"{_PLAIN[kind].format(**context)}; found {found(value)}"
    return f"{said[:1].lower()}{said[1:]}"


def _one_of(value: object, expected: str, path: Path) -> str:
    if path == ("ccsim",):
        return f"this program reads version 1 of the language: `ccsim: 1`; found {found(value)}"
    allowed = [each.strip(" '") for each in expected.replace(" or ", ", ").split(",")]
    if isinstance(value, str):
        return f"{found(value)} cannot stand here{suggestion(value, allowed, 'allowed')}"
    return f"{found(value)} cannot stand here (allowed: {', '.join(allowed)})"


def _of_key(kind: str, key: object, context: Any) -> str:
    if kind == "value_error":
        return str(context["error"])
    allowed = [each.strip(" '") for each in str(context.get("expected", "")).split(",")]
    return f"there is no '{key}' here{suggestion(str(key), allowed, 'allowed')}"


def _unknown_key(root: Node, path: Path) -> Problem:
    key = str(path[-1])
    keys = allowed_keys(path[:-1])
    if len(path) == 3 and path[0] == "contacts" and _is_stage(root, path):
        message = f"no escalation leads to the stage '{key}': escalates: [{{to: {key}, ...}}]"
        return Problem(path, message, at_key=True)
    if path[-2:-1] == ("handle_time",) and _by_type(root, path[:-1]):
        return Problem(path[:-1], BY_TYPE, at_key=True)
    meant = slip_in_value(key, pair=False) or suggestion(key, keys, "keys")
    return Problem(path, f"there is no key '{key}' here{meant}", at_key=True)


def _is_stage(root: Node, path: Path) -> bool:
    """Whether what stands there looks like a stage that nothing leads to."""
    node: Node | None = root
    for step in path:
        entry = node.entries.get(str(step)) if node is not None else None
        node = entry.value if entry is not None else None
    return node is not None and "handle" in node.entries


def _missing(root: Node, path: Path) -> Problem:
    last = path[-1]
    if isinstance(last, int):
        return Problem(path[:-1], f"needs more values; found {last}")
    about = description_at(path)
    about = f": {about[:1].lower()}{about[1:].rstrip('.')}" if about else ""
    written, _ = walk(root, path[:-1])
    return Problem((*written, last), f"'{last}' is missing{about}")
