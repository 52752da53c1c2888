"""The defaults that apply: every key that the scenario leaves to the language's convention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccsim.network.capacity import DEFAULT_HANDS
from ccsim.network.names import CHANNELS, queue_names, route_key_of
from ccsim.scenario.blocks.base import family_of
from ccsim.scenario.conversations import LIVE_CHANNELS

if TYPE_CHECKING:
    from ccsim.scenario.schema import Handle, Scenario

SILENT = frozenset({"about", "stages", "roles", "expect", "distributions", "ccsim"})
ABSENT = {  # keys that say that something is not there; where nothing is written, nothing is told
    "arrivals.group": "1",
    "head_start": "0 s",
    "hangs_up_at_once": "0 %",
    "never": "0 %",
    "overhead": "0 %",
    "overtime": "100 %",
    "on_top": "0 %",
}


@dataclass(frozen=True, slots=True)
class Default:
    """`contacts.*.priority` is 5, for billing and technical."""

    path: str  # dotted; `*` stands for each of `where`
    value: str
    where: tuple[str, ...] = ()


def defaults_of(scenario: Scenario) -> tuple[Default, ...]:
    """What is not written and therefore goes by convention, equal ones together."""
    full = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    written = scenario.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
    groups: dict[tuple[str, str], list[str]] = {}
    unwritten = (row for row in _unwritten(full, written, ()) if not _by_hours(row[0], written))
    for path, value in (*unwritten, *_conventions(scenario)):
        pattern, name = _pattern(path)
        if not any(pattern.endswith(key) and _text(value) == none for key, none in ABSENT.items()):
            groups.setdefault((pattern, _text(value)), []).append(name)
    return tuple(
        Default(pattern, value, tuple(dict.fromkeys(name for name in names if name)))
        for (pattern, value), names in groups.items()
    )


def _by_hours(path: tuple[str, ...], written: Mapping[str, Any]) -> bool:
    """Days of work that follow from the hours of a contract are no default."""
    if path[0] != "teams" or path[2:] != ("contract", "works"):
        return False
    return "hours" in written["teams"][path[1]].get("contract", {})


def _conventions(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], str]]:
    """Defaults that depend on more than their own key."""
    queues = queue_names(scenario)
    channels = [c for c in CHANNELS if any(queue.channel == c for queue in queues)]
    for channel in channels:
        if channel == "outbound":
            continue  # who is called neither waits on a line nor comes again
        if channel not in scenario.opens:
            yield ("opens", channel), "always"
        elif scenario.opens[channel] != "always" and channel not in scenario.at_close:
            yield ("at_close", channel), "finish the line"
        block = scenario.channels.get(channel)
        if channel in LIVE_CHANNELS and (block is None or block.patience is None):
            yield ("channels", channel, "patience"), "endless, unless a contact type says otherwise"
        if channel in LIVE_CHANNELS and (block is None or block.redial is None):
            yield ("channels", channel, "redial"), "nobody tries again"
    for name, team in scenario.teams.items():
        for channel in channels:
            taken = any(
                name in step.team
                for queue in queues
                if queue.channel == channel
                and (key := route_key_of(queue, scenario.routing)) is not None
                for step in scenario.routing[key].route
            )
            if taken and channel not in team.hands:
                yield ("teams", name, "hands", channel), str(DEFAULT_HANDS[channel])
    for path, handle in _handles(scenario):
        if handle.as_ is None and handle.family is None and family_of(handle) == "exponential":
            yield (*path, "family"), "exponential"


def _handles(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], Handle]]:
    for name, contact in scenario.contacts.items():
        for channel in CHANNELS:
            if (block := contact.on(channel)) is not None:
                yield ("contacts", name, channel, "handle"), block.handle
        for stage, content in contact.stages.items():
            yield ("contacts", name, "stages", stage, "handle"), content.handle


def _unwritten(
    full: Mapping[str, Any], written: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Leaves of `full` that are not in `written`."""
    for key, value in full.items():
        if key in SILENT and key not in written:
            continue
        here = (*path, key)
        beside = written.get(key)
        if isinstance(value, Mapping) and (value or key not in written):
            if value:
                yield from _unwritten(value, beside if isinstance(beside, Mapping) else {}, here)
        elif key not in written and value not in ([], ()):
            yield here, value


def _pattern(path: tuple[str, ...]) -> tuple[str, str]:
    """`contacts.billing.priority` as `contacts.*.priority` and `billing`."""
    if path[0] in ("contacts", "channels", "teams", "shifts") and len(path) > 2:
        return ".".join((path[0], "*", *path[2:])), path[1]
    return ".".join(path), ""


def _text(value: Any) -> str:
    if value is True:
        return "yes"
    if value is False:
        return "no"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return str(value)
