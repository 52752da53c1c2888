"""What a scenario promises: targets of channels and of types, and what it expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.measures.catalogue import known_measures

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario


def targets(scenario: Scenario) -> dict[str, float]:
    """The share of contacts to be answered in time, by the key of the service level: of channels,
    and of types that have a target of their own."""
    known = set(known_measures(scenario))
    found = {
        f"{name}.service_level": block.target
        for name, block in scenario.channels.items()
        if block.target is not None
    }
    found |= {
        f"{name}.{channel}.service_level": block.target
        for name, contact in scenario.contacts.items()
        for channel in scenario.channels
        if (block := getattr(contact, channel, None)) is not None and block.target is not None
    }
    return {key: target for key, target in found.items() if key in known}


def promises(scenario: Scenario) -> int:
    """How many statements of kept or missed are made of a design."""
    return len(targets(scenario)) + len(scenario.expect)
