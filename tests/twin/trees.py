"""Faults planted in a syntax tree: a fragment of code gives way to another, wherever it stands.

Fragments are an expression or statements, compared by structure: layout and comments do not
matter. `if x: ...` and `while x: ...` are the head of a statement, whatever stands in it.
Where no code is literally the fragment, names are taken for variables: the code that is the
fragment up to a consistent renaming counts, when there is one such place only. So a fault outlives
a change of names, and a move to another function of its file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Names = dict[str, str]


@dataclass(frozen=True)
class Place:
    """Code that is a fragment: `length` nodes of a list of statements, or one node."""

    parent: ast.AST
    name: str  # the field of the parent
    index: int | None  # in a list
    length: int
    names: Names = field(hash=False)  # what the fragment's names are called here


def planted(text: str, right: str, wrong: str) -> str:
    """The module's text with `wrong` in place of `right` ('' drops a statement). Raises
    AssertionError unless the fragment stands in it once: the fault would be no fault."""
    tree = ast.parse(text)
    fragment, other = ast.parse(right).body, ast.parse(wrong or "pass").body
    if all(len(code) == 1 and isinstance(code[0], ast.Expr) for code in (fragment, other)):
        fragment, other = ([code[0].value] for code in (fragment, other))  # type: ignore
    found = list(_places(tree, fragment, renamed=False)) or list(
        _places(tree, fragment, renamed=True)
    )
    assert len(found) == 1, f"'{right}' stands there {len(found)} times"
    (place,) = found
    new = [_Renamed(place.names).visit(node) for node in other]
    held = getattr(place.parent, place.name)
    if _is_head(fragment[0]):
        held[place.index].test = new[0].test
    elif place.index is None:
        (one,) = new
        setattr(place.parent, place.name, one)
    else:
        held[place.index : place.index + place.length] = new
    return ast.unparse(ast.fix_missing_locations(tree))


def _is_head(node: Any) -> bool:
    """Whether it is a condition whose statement holds `...` alone."""
    return isinstance(node, ast.If | ast.While) and [ast.unparse(each) for each in node.body] == [
        "..."
    ]


def _places(tree: ast.AST, fragment: list[Any], renamed: bool) -> Iterator[Place]:
    length = len(fragment)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if isinstance(value, list):
                for i in range(len(value) - length + 1):
                    names = _match(fragment, value[i : i + length], renamed)
                    if names is not None:
                        yield Place(parent, name, i, length, names)
            elif length == 1 and isinstance(value, ast.AST):
                names = _match(fragment, [value], renamed)
                if names is not None:
                    yield Place(parent, name, None, 1, names)


def _match(pattern: list[Any], code: list[Any], renamed: bool) -> Names | None:
    """What the names of the pattern are called in the code, where that is one such."""
    names: Names = {}
    if not all(_same(p, c, names) for p, c in zip(pattern, code, strict=True)):
        return None
    if len(set(names.values())) < len(names):
        return None
    return names if renamed or all(a == b for a, b in names.items()) else None


def _same(pattern: Any, code: Any, names: Names) -> bool:
    if isinstance(pattern, ast.AST):
        if type(pattern) is not type(code):
            return False
        if _is_head(pattern):
            return _same(pattern.test, code.test, names)  # type: ignore[attr-defined]
        return all(
            _named(value, getattr(code, key), names)
            if isinstance(value, str) and key in ("id", "attr", "arg", "name")
            else _same(value, getattr(code, key), names)
            for key, value in ast.iter_fields(pattern)
            if key not in ("ctx", "kind", "type_comment")
        )
    if isinstance(pattern, list):
        return (
            isinstance(code, list)
            and len(pattern) == len(code)
            and all(_same(p, c, names) for p, c in zip(pattern, code, strict=True))
        )
    return type(pattern) is type(code) and bool(pattern == code)


def _named(pattern: str, code: Any, names: Names) -> bool:
    return isinstance(code, str) and names.setdefault(pattern, code) == code


class _Renamed(ast.NodeTransformer):
    """Code with the names that those of the fragment have where it stands."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for key in ("id", "attr", "arg", "name"):
            value = getattr(node, key, None)
            if isinstance(value, str):
                setattr(node, key, self.names.get(value, value))
        return super().generic_visit(node)
