"""Plain data that knows where it was written: what reading gives and what patches work on.

A node holds a scalar, a list or a map, and its place; entries of maps also keep the place of their
key. Nodes are never changed after they are made: a patch makes new ones and shares the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ccsim.units import WEEKDAYS, UnitError, parse_days

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """File, line and column, counted from 1; line 0 is 'no line' (an option, Python data)."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a map."""

    key_place: Place
    value: Node


@dataclass(frozen=True, slots=True)
class Node:
    """`content`: a scalar (None, bool, int, float, str), a tuple of nodes, or a dict of entries."""

    place: Place
    content: object

    @property
    def is_map(self) -> bool:
        return isinstance(self.content, dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self.content, tuple)

    @property
    def entries(self) -> dict[str, Entry]:
        """The entries of a map; empty for everything else."""
        return self.content if isinstance(self.content, dict) else {}

    @property
    def items(self) -> tuple[Node, ...]:
        """The items of a list; empty for everything else."""
        return self.content if isinstance(self.content, tuple) else ()

    def plain(self) -> object:
        """Dicts, tuples and scalars, without places."""
        if isinstance(self.content, dict):
            return {key: entry.value.plain() for key, entry in self.content.items()}
        if isinstance(self.content, tuple):
            return tuple(item.plain() for item in self.content)
        return self.content


def from_plain(data: object, place: Place) -> Node:
    """Python data as nodes that all stand at one place. Keys become text, and text that cannot be
    written (lone surrogates) gets question marks."""
    if isinstance(data, str):
        return Node(place, data.encode("utf-8", "replace").decode("utf-8"))
    if isinstance(data, Mapping):
        return Node(
            place,
            {
                str(key).encode("utf-8", "replace").decode("utf-8"): Entry(
                    place, from_plain(value, place)
                )
                for key, value in data.items()
            },
        )
    if isinstance(data, Sequence) and not isinstance(data, bytes):
        return Node(place, tuple(from_plain(item, place) for item in data))
    return Node(place, data)


def walk(root: Node, path: Path) -> tuple[Path, Place]:
    """The part of `path` that is really written, and the place to point at.

    Short forms have no nodes for all steps of the model's path (`[a, b]` for `{route: [a, b]}`):
    a step that does not exist is passed over. The place is that of the value reached; for a map or
    a list reached by a key, the place of the key, which is where the eye looks for it.
    """
    node, place, written = root, root.place, []
    for step in path:
        key = written_key(node, step) if isinstance(step, str) else None
        if key is not None:
            entry = node.entries[key]
            node = entry.value
            place = entry.key_place if node.is_map or node.is_list else node.place
        elif isinstance(step, int) and 0 <= step < len(node.items):
            node = node.items[step]
            place = node.place
        else:
            continue
        written.append(step if key is None else key)
    return tuple(written), place


def written_key(node: Node, step: str) -> str | None:
    """The key of a map that holds a step; a weekday may stand in a set of days (`mon-fri`)."""
    if step in node.entries or step not in WEEKDAYS:
        return step if step in node.entries else None
    for key in node.entries:
        try:
            if step in parse_days(key):
                return key
        except UnitError:
            continue
    return None


def key_place(root: Node, path: Path) -> Place:
    """The place of the key that ends `path`, for errors about the name itself."""
    written, place = walk(root, path[:-1])
    node = root
    for step in written:
        node = node.entries[step].value if isinstance(step, str) else node.items[step]
    last = path[-1]
    if isinstance(last, str) and last in node.entries:
        return node.entries[last].key_place
    return walk(root, path)[1] if written else place


def dotted(path: Path) -> str:
    """`routing.billing.phone.2.after`: the path in words; items of lists are counted from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def leaves(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node, Place]]:
    """Every node below with its path and place; maps, lists and nothing stand at their key."""
    if not path:
        yield path, node, node.place
    for key, entry in node.entries.items():
        child = entry.value
        at_value = not (child.is_map or child.is_list or child.content is None)
        yield (*path, key), child, child.place if at_value else entry.key_place
        yield from leaves(child, (*path, key))
    for index, item in enumerate(node.items):
        yield (*path, index), item, item.place
        yield from leaves(item, (*path, index))
