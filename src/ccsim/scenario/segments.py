"""Segments as variants of contact types: `technical#enterprise` beside `technical`.

A scenario with its variants has a contact type for each segment of each type, with the segment's
promises. Everything that asks for lines, routes and measures asks such a scenario; who comes, and
when, is said by the types alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccsim.scenario.blocks.demand import INBOUND
from ccsim.scenario.side_lines import MACHINES

if TYPE_CHECKING:
    from ccsim.scenario.blocks.segments import Segment
    from ccsim.scenario.schema import Channel, ContactType, OnChannel, Scenario

MARK = "#"  # no letter of a name


def variant(name: str, segment: str) -> str:
    """The name of a type's customers of a segment: `technical#enterprise`."""
    return f"{name}{MARK}{segment}"


def base_type(name: str) -> str:
    """The type of a variant; every other name is its own."""
    return name.partition(MARK)[0]


def segment_of(name: str) -> str:
    """The segment of a variant; "" for the others of the type."""
    return name.partition(MARK)[2]


def without_segment(line: str) -> str:
    """`technical.email@tier2` of `technical#enterprise.email@tier2`."""
    contact, dot, rest = line.partition(".")
    return f"{base_type(contact)}{dot}{rest}"


def segments_of(scenario: Scenario, name: str) -> dict[str, Segment]:
    """The segments of a contact type, in the order of the file."""
    return {
        segment: block
        for segment, block in scenario.segments.items()
        if block.of is None or name in block.of
    }


def with_segments(scenario: Scenario) -> Scenario:
    """The scenario with the variants of its types, each after its type; itself without segments,
    or where they are there already."""
    if not scenario.segments or any(MARK in name for name in scenario.contacts):
        return scenario
    contacts: dict[str, ContactType] = {}
    for name, contact in scenario.contacts.items():
        contacts[name] = contact
        for segment, block in segments_of(scenario, name).items():
            contacts[variant(name, segment)] = _variant(contact, block)
    channels = {name: _channel(scenario, block) for name, block in scenario.channels.items()}
    return scenario.model_copy(update={"contacts": contacts, "channels": channels})


def _variant(contact: ContactType, segment: Segment) -> ContactType:
    """The type with the segment's promises; its lists of customers to call stay with the type."""
    update: dict[str, Any] = {"outbound": None}
    for channel in INBOUND:
        block = contact.on(channel)
        if block is not None:
            update[channel] = _on_channel(block, channel, segment)
    if segment.priority is not None:
        update["priority"] = segment.priority
        update["stages"] = {
            name: stage.model_copy(update={"priority": segment.priority})
            for name, stage in contact.stages.items()
        }
    if segment.lost_if_abandoned is not None:
        update["lost_if_abandoned"] = segment.lost_if_abandoned
    if segment.upsell is not None:
        update["upsell"] = segment.upsell
    return contact.model_copy(update=update)


def _on_channel(block: OnChannel, channel: str, segment: Segment) -> OnChannel:
    own = {
        key: value.get(channel) if isinstance(value, dict) else value
        for key in ("priority", "answer_within", "target", "resolve_within")
        for value in [getattr(segment, key)]
    }
    said = {key: value for key, value in own.items() if value is not None}
    return block.model_copy(update=said) if said else block


def _channel(scenario: Scenario, block: Channel) -> Channel:
    """The channel; what its machine settles of a type, it settles of the type's segments."""
    update = {}
    for kind in MACHINES:
        machine = getattr(block, kind)
        if machine is None or not isinstance(machine.contains, dict):
            continue
        contains = dict(machine.contains)
        for name, share in machine.contains.items():
            for segment in segments_of(scenario, name):
                contains[variant(name, segment)] = share
        update[kind] = machine.model_copy(update={"contains": contains})
    return block.model_copy(update=update) if update else block
