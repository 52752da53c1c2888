"""The names that people read (`label:`) of teams, contact types, channels, stages, shifts, roles,
segments and designs, where tables and pictures show them. Without a label the key is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

# The blocks of a scenario whose things may have a label, and what one of them is called.
LABELLED: Final = {
    "contacts": "contact type",
    "channels": "channel",
    "teams": "team",
    "segments": "segment",
    "shifts": "shift",
    "roles": "role",
}


class _Labelled(Protocol):
    @property
    def label(self) -> str | None: ...


def label_of(things: Mapping[str, _Labelled], name: str) -> str:
    """The label of one of a scenario's things (`label_of(scenario.teams, "desk")`); its name where
    it has none, or is not there."""
    thing = things.get(name)
    return name if thing is None or thing.label is None else thing.label


def without_labels(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario as plain data without any label: what is simulated does not depend on them."""

    bare = {key: value for key, value in scenario.items() if key != "label"}
    for block in LABELLED:
        if block in bare:
            bare[block] = {name: _unlabelled(thing) for name, thing in bare[block].items()}
    return bare


def _unlabelled(thing: Mapping[str, Any]) -> dict[str, Any]:
    bare = {key: value for key, value in thing.items() if key != "label"}
    if "stages" in bare:
        bare["stages"] = {name: _unlabelled(stage) for name, stage in bare["stages"].items()}
    return bare
