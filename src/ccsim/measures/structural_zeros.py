"""Shares that a scenario leaves no way to: a busy tone without a bound on lines, redials where
nobody tries again. They are 0, surely; a share that only has not happened yet is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.measures.catalogue import split_key

if TYPE_CHECKING:
    from ccsim.scenario.schema import ContactType, Scenario


def is_structural_zero(key: str, scenario: Scenario) -> bool:
    """Whether nothing in the scenario could make the share other than 0. False for all measures
    that are not such shares."""
    scope, name = split_key(key)
    types, channels = _within(scope.partition("@")[0], scenario)
    if name == "escalated":
        return not any(contact.escalates for contact in types)
    if name == "promoted":
        return not any(each.when != "handled" for contact in types for each in contact.escalates)
    if name == "repeat_share":
        return all(contact.again is None for contact in types)
    blocks = [scenario.channels[channel] for channel in channels if channel in scenario.channels]
    if name == "redial_share":
        return all(block.redial is None for block in blocks)
    if name == "blocked":
        return all(block.lines is None and block.waiting_places is None for block in blocks)
    if name == "closed":
        return all(scenario.opens.get(channel, "always") == "always" for channel in channels)
    if name == "cut_off":
        return all(scenario.at_close.get(channel) != "clear the line" for channel in channels)
    return False


def _within(scope: str, scenario: Scenario) -> tuple[list[ContactType], list[str]]:
    """The contact types and channels of a scope: `all`, `phone`, `billing`, `billing.phone`."""
    name, _, channel = scope.partition(".")
    if name in scenario.contacts:
        types = [scenario.contacts[name]]
        return types, [channel] if channel else list(scenario.channels)
    return list(scenario.contacts.values()), (
        [name] if name in scenario.channels else list(scenario.channels)
    )
