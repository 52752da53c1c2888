"""The designs of a scenario: their names, what they go on from, and their patches applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ccsim.errors import MOST_COLLECTED, ScenarioError, suggestion
from ccsim.scenario.parsing.tree import Entry, Node, Place
from ccsim.scenario.patching.patch import ABOUT, LABEL, LIKE, Patching
from ccsim.scenario.texts import read_label, read_name, read_text
from ccsim.units import UnitError

BASE: Final = "base"
DESIGNS: Final = "designs"
RESERVED: Final = ("all", "none", "only", "yes", "no", "true", "false", "null")
READERS: Final = {ABOUT: read_text, LABEL: read_label}  # keys that no other design takes over


def problems_of_designs(root: Node, patches: Mapping[str, Entry]) -> list[ScenarioError]:
    """What is wrong with the names of designs, their labels and descriptions, and with `like`."""
    found: list[ScenarioError] = []

    def problem(place: Place, path: str, message: str) -> None:
        found.append(ScenarioError(place.file, place.line, place.column, path, message))

    if DESIGNS in root.entries and not root.entries[DESIGNS].value.is_map:
        place = root.entries[DESIGNS].value.place
        problem(place, DESIGNS, "a map of designs by name is expected")
    for name, entry in patches.items():
        if (wrong := _wrong_name(name)) is not None:
            problem(entry.key_place, DESIGNS, wrong)
        for key, reader in READERS.items():
            written = entry.value.entries.get(key)
            if written is None:
                continue
            try:
                reader(written.value.content)
            except UnitError as error:
                problem(written.value.place, f"{DESIGNS}.{name}.{key}", str(error))
    for name, label, other in _called_alike(root, patches):
        path = LABEL if name == BASE else f"{DESIGNS}.{name}.{LABEL}"
        problem(label.place, path, f"the design '{other}' is called that already")
    for name, entry in patches.items():
        if (like := entry.value.entries.get(LIKE)) is not None:
            wrong = _wrong_like(name, like.value.content, patches)
            if wrong is not None:
                problem(like.value.place, f"{DESIGNS}.{name}.{LIKE}", wrong)
    return found


def _called_alike(root: Node, patches: Mapping[str, Entry]) -> Iterator[tuple[str, Node, str]]:
    """The designs whose label people already read as another design's: (name, label, other)."""
    labels = {BASE: root.entries.get(LABEL)}
    labels |= {name: entry.value.entries.get(LABEL) for name, entry in patches.items()}
    read = {name: name for name, label in labels.items() if label is None}
    for name, label in labels.items():
        if label is not None:
            other = read.setdefault(str(label.value.content), name)
            if other != name:
                yield name, label.value, other


def _wrong_name(name: str) -> str | None:
    """Why a design cannot have this name; None where it can."""
    if name == BASE:
        return "'base' is the scenario itself; choose another name"
    if name in RESERVED:
        return f"'{name}' is a word of the language; choose another name"
    try:
        read_name(name)
    except UnitError as error:
        return str(error)
    return None


def _wrong_like(name: str, other: object, patches: Mapping[str, Entry]) -> str | None:
    """Why a design cannot go on from `other`; None where it can."""
    if other == BASE:
        return "every design goes on from the base; leave `like` out"
    if not isinstance(other, str) or other not in patches:
        return f"there is no design '{other}'{suggestion(str(other), tuple(patches), 'designs')}"
    if name in _ancestors(name, patches):
        return "the designs go round in a circle"
    return None


def _like(name: str, patches: Mapping[str, Entry]) -> str | None:
    like = patches[name].value.entries.get(LIKE) if name in patches else None
    other = like.value.content if like is not None else None
    return other if isinstance(other, str) and other in patches else None


def _ancestors(name: str, patches: Mapping[str, Entry]) -> list[str]:
    """The designs that a design goes on from, nearest first; ends where they go round."""
    found: list[str] = []
    other = _like(name, patches)
    while other is not None and other not in found:
        found.append(other)
        other = _like(other, patches)
    return found


def patched_designs(base: Node, patches: Mapping[str, Entry]) -> dict[str, Patching]:
    """Every design with its patch over the base, or over the design that it is `like`."""
    made = {BASE: Patching(base)}
    for name in patches:
        names = [name, *(other for other in _ancestors(name, patches) if other != name)]
        before = BASE
        for each in reversed(names):  # the most general first
            if each not in made:
                made[each] = made[before].copy(patches[each].key_place)
                made[each].design(patches[each].value)
            before = each
        if sum(len(making.problems) for making in made.values()) >= MOST_COLLECTED:
            break  # enough is wrong
    return {name: made[name] for name in (BASE, *patches) if name in made}
