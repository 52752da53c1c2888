"""Designs made by hand: blocks of the scenario as the reader leaves them, without a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from ccsim.scenario.schema import Arrivals, Busyness, Calendar, ContactType, OnChannel, Scenario
from ccsim.workload import Workload, make_workload


def design_of(
    contacts: Mapping[str, Mapping[str, Any]],
    days: int = 7,
    start: dt.date = dt.date(2027, 3, 1),
    timezone: str = "UTC",
    files: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
) -> Any:
    """A design with these types; each is the fields of its `arrivals` and `on`, its channels."""
    types = {}
    for name, fields in contacts.items():
        on = fields.get("on", ("phone",))
        arrivals = {key: value for key, value in fields.items() if key != "on"}
        if "busyness" in arrivals:
            arrivals["busyness"] = Busyness.model_construct(**arrivals["busyness"])
        channels: dict[str, Any] = {channel: OnChannel.model_construct() for channel in on}
        types[name] = ContactType.model_construct(
            arrivals=Arrivals.model_construct(**arrivals), **channels
        )
    scenario = Scenario.model_construct(
        name="by hand",
        calendar=Calendar.model_construct(start=start, days=days, timezone=timezone),
        contacts=types,
        channels={},
    )
    tables = {path: SimpleNamespace(path=path, columns=c) for path, c in (files or {}).items()}
    return SimpleNamespace(name="by hand", scenario=scenario, files=tables, places={})


def network_of(design: Any) -> Any:
    """Only the names of queues: all that arrivals ask of a network."""
    names = [
        f"{name}.{channel}"
        for name, contact in design.scenario.contacts.items()
        for channel in ("phone", "chat", "email")
        if contact.on(channel) is not None
    ]
    return SimpleNamespace(queues=[SimpleNamespace(name=name) for name in names])


def workload_of(
    contacts: Mapping[str, Mapping[str, Any]],
    seed: int = 1,
    replication: int = 0,
    options: Mapping[str, Any] | None = None,
    **calendar: Any,
) -> Workload:
    """The workload of a design made by hand."""
    design = design_of(contacts, **calendar)
    return make_workload(design, network_of(design), seed, replication, **(options or {}))
