"""Every number of every shipped scenario can be set, absolutely and by a relative change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ccsim.measures.catalogue import known_measures
from ccsim.scenario.parsing.tree import Node
from ccsim.scenario.patching.patch import Patching
from ccsim.scenario.resolve import Design, from_dict, load

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "scenarios").rglob("*.yaml"))
QUANTITY = re.compile(r"\d[\d ]*([.,]\d+)?\s*(%|s|min|h|d|w|weeks?|days?)?( of \w+)?( */ *\w+)?")
NOT_OF_THE_BASE = ("ccsim", "designs", "expect", "uncertain")


def numbers(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """The dotted path of each number and quantity below a node, and what is written there."""
    if node.is_map:
        for key, entry in node.entries.items():
            if path or key not in NOT_OF_THE_BASE:
                yield from numbers(entry.value, (*path, key))
    elif node.is_list:
        for number, item in enumerate(node.items, start=1):
            yield from numbers(item, (*path, str(number)))
    elif isinstance(node.content, bool) or node.content is None:
        return
    elif isinstance(node.content, (int, float)) or (
        isinstance(node.content, str) and QUANTITY.fullmatch(node.content)
    ):
        yield ".".join(path), node.content


def plain_of(root: Node | None) -> dict[str, Any]:
    """A whole scenario as plain data."""
    plain = root.plain() if root is not None else None
    assert isinstance(plain, dict)
    return plain


@cache
def base_of(file: Path) -> Design:
    """The base of a scenario without its designs, which may remove what a setting is about."""
    plain = plain_of(load(file, known_measures=known_measures).root)
    alone = {key: value for key, value in plain.items() if key not in NOT_OF_THE_BASE[1:]}
    return from_dict(alone, file.parent, known_measures=known_measures)


def again(file: Path, settings: list[str]) -> Design:
    """The base, read again with settings."""
    plain = plain_of(base_of(file).root)
    return from_dict(plain, file.parent, settings=settings, known_measures=known_measures)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_number_can_be_set(file: Path) -> None:
    base = base_of(file)
    assert base.root is not None
    found = list(numbers(base.root))
    assert len(found) >= 4
    written = [f"{path}='{v}'" if isinstance(v, str) else f"{path}={v}" for path, v in found]
    assert again(file, written).scenario == base.scenario
    assert again(file, [f"{path}=+0 %" for path, _ in found]).scenario == base.scenario


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_change_reaches_every_number(file: Path) -> None:
    root = base_of(file).root
    assert root is not None
    for path, written in numbers(root):
        patching = Patching(root)
        patching.set(path, Node(root.place, "-50 %"), root.place)
        assert patching.problems == [], path
        changed = dict(numbers(patching.root)).get(path)
        is_zero = re.search("[1-9]", str(written)) is None
        assert changed is not None and (changed != written or is_zero), path
