"""What determines the replications of a design, under whose hash the store keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from ccsim.experiment.storage.manifest import LAW, determining

if TYPE_CHECKING:
    from ccsim.experiment.replications.replicate import ReplicationPlan
    from ccsim.scenario.resolve import Design

# The code that results follow from, as folders and files of the package.
ROOMS = (
    "engine",
    "experiment/replications/replicate.py",
    "measures",
    "network",
    "numerics",
    "records.py",
    "roster",
    "scenario",
    "units",
    "workload",
)


def described(design: Design, plan: ReplicationPlan) -> dict[str, Any]:
    """Returns all that determines the replications of a design, as plain data: the resolved
    scenario, its files, its time zones and public holidays, the seed, the engine, the shares of
    first attempts, and the code of the model."""
    return {
        "law": LAW,
        "code": code_mark(),
        "engine": plan.engine,
        "seed": plan.seed,
        "first_attempts": dict(plan.first_attempts) if plan.first_attempts else None,
        "design": determining(design),
    }


@lru_cache(maxsize=1)
def code_mark() -> str:
    """Returns a hash of the code of `ROOMS`, so that a store never answers for another model.

    FileNotFoundError: a room is not in the package.
    """
    found = hashlib.sha256()
    package = resources.files("ccsim")
    for room in ROOMS:
        for name, text in _sources(package / room, room):
            found.update(name.encode() + b"\0" + text + b"\0")
    return found.hexdigest()


def _sources(place: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    """Yields the name and the bytes of each source file of a folder, or of one file."""
    if not place.is_dir():
        if name.endswith(".py"):
            yield name, place.read_bytes()
        return
    for inside in sorted(place.iterdir(), key=lambda each: each.name):
        yield from _sources(inside, f"{name}/{inside.name}")
