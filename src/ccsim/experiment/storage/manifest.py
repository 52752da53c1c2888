"""What a run's manifest says before anything is simulated, and the fingerprint of a run."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ccsim.measures.registry import versions
from ccsim.scenario.blocks.time import Holidays
from ccsim.scenario.holidays import holiday_dates
from ccsim.scenario.labels import without_labels
from ccsim.scenario.resolve import to_plain

if TYPE_CHECKING:
    from ccsim.experiment.replications.replicate import ReplicationPlan
    from ccsim.scenario.resolve import Design

FORMAT = 2  # of the folder; raised when a reader of the old one would misread
LAW = 3  # of the model: raised when the same scenario and seed give other results


def describe_run(
    designs: Mapping[str, Design], plan: ReplicationPlan, asked: int, kind: str, against: str
) -> dict[str, Any]:
    """All that is known before the first replication, as plain data."""
    first = next(iter(designs.values()))
    resolved = {name: _resolved(design) for name, design in designs.items()}
    return {
        "format": FORMAT,
        "kind": kind,
        "scenario": first.scenario.name,
        "against": against or None,
        "seed": plan.seed,
        "asked": asked,
        "engine": plan.engine,
        "fingerprint": fingerprint(designs, plan),
        "versions": {"ccsim": "0", "law": LAW, "python": platform.python_version()}
        | _versions("ccsim", "numpy", "numba", "simpy", "pyarrow"),
        "started": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "designs": resolved,
    }


def fingerprint(designs: Mapping[str, Design], plan: ReplicationPlan) -> str:
    """SHA-256 of what determines the results: resolved scenarios, files, seed, law of the model.

    What only says how often, how it is called or what is expected does not change it.
    """
    about = {
        "law": LAW,
        "seed": plan.seed,
        "first_attempts": dict(plan.first_attempts) if plan.first_attempts else None,
        "designs": {name: determining(design) for name, design in designs.items()},
    }
    return mark_of(about)


def mark_of(about: Mapping[str, Any]) -> str:
    """SHA-256 of plain data, in the order in which it stands: teams and contact types are numbered
    in theirs, and of two who are alike in all else the lower number goes first."""
    text = json.dumps(about, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _resolved(design: Design) -> dict[str, Any]:
    from ccsim.network.compile import compile_network

    network = compile_network(design)
    return {
        "about": design.about,
        "label": design.label,
        "queues": [queue.name for queue in network.queues],  # the indices of the records
        "teams": [team.name for team in network.teams],
        "files": hashes_of(design),
        "scenario": to_plain(design),
    }


def hashes_of(design: Design) -> dict[str, str]:
    """SHA-256 of each file that the design names."""
    return {name: table.sha256 for name, table in sorted(design.files.items())}


def determining(design: Design) -> dict[str, Any]:
    """What of a design determines its replications, as plain data."""
    scenario = to_plain(design)
    for key in ("name", "label", "about", "expect", "uncertain"):
        scenario.pop(key, None)
    scenario = without_labels(scenario)
    for key in ("replications", "seed", "control"):
        scenario.get("run", {}).pop(key, None)
    own = {"measures": versions()} if versions() else {}
    return {"scenario": scenario, "files": hashes_of(design), **_facts_of(design), **own}


def _facts_of(design: Design) -> dict[str, Any]:
    """What the scenario leaves to the databases of time zones and of public holidays: governments
    change both, and the next version of a database knows."""
    scenario = design.scenario
    calendar, teams, shifts = scenario.calendar, scenario.teams.values(), scenario.shifts.values()
    zones = [calendar.timezone, *(t.timezone for t in teams), *(s.timezone for s in shifts)]
    first = calendar.start - dt.timedelta(days=8)
    last = calendar.start + dt.timedelta(days=calendar.days + 8)
    holidays = [calendar.holidays, *(team.holidays for team in teams)]
    return {
        "offsets": {zone: _offsets(zone, first, last) for zone in zones if zone is not None},
        "holidays": [
            [str(date) for date in sorted(holiday_dates(each, first, last))]
            for each in holidays
            if isinstance(each, Holidays) and each.country is not None
        ],
    }


@lru_cache(maxsize=64)
def _offsets(zone: str, first: dt.date, last: dt.date) -> dict[str, str]:
    """How far the clocks of a zone are ahead of UTC, and when that changes, by the hour."""
    start = dt.datetime(first.year, first.month, first.day, tzinfo=dt.UTC)
    local = ZoneInfo(zone)
    found: dict[str, str] = {}
    before = None
    for hour in range(24 * (last - first).days):
        at = start + dt.timedelta(hours=hour)
        offset = at.astimezone(local).utcoffset()
        if offset != before:
            found[at.isoformat()] = str(offset)
            before = offset
    return found


def _versions(*packages: str) -> dict[str, str]:
    found = {}
    for package in packages:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found
