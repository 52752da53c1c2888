"""Small designs for the tests of compilation, as dicts in the held form of the schema's blocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ccsim.network.compile import compile_network
from ccsim.network.model import Network
from ccsim.scenario.resolve import Design
from ccsim.scenario.schema import Scenario
from ccsim.scenario.tables.files import FileTable

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Blocks = dict[str, Any]


def merged(base: Blocks, patch: Blocks) -> Blocks:
    """`base` with the maps of `patch` merged in; other values replace."""
    result = dict(base)
    for key, value in patch.items():
        if isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


PHONE: Blocks = {
    "ccsim": 1,
    "name": "one line",
    "calendar": {"start": dt.date(2027, 3, 1), "days": 1},
    "contacts": {
        "calls": {
            "arrivals": {"per_day": 1000.0},
            "phone": {"handle": {"mean": 3 * MINUTE}},
        }
    },
    "channels": {"phone": {"answer_within": 20 * SECOND, "target": 0.8}},
    "teams": {"agents": {"people": 10}},
    "routing": {"calls": {"route": ({"team": "agents"},)}},
}
"""A type, a channel, a team: nothing else."""


def design(
    *patches: Blocks,
    files: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
    replaces: Blocks | None = None,
) -> Design:
    """PHONE with patches (or `replaces` instead of it), as a resolved design."""
    blocks = PHONE if replaces is None else replaces
    for patch in patches:
        blocks = merged(blocks, patch)
    return Design(
        name="base",
        scenario=Scenario.model_validate(blocks),
        files={path: FileTable(path, "", columns) for path, columns in (files or {}).items()},
    )


def compiled(
    *patches: Blocks, files: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None
) -> Network:
    """The network of PHONE with patches."""
    return compile_network(design(*patches, files=files))
