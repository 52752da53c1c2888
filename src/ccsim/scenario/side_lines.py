"""Waiting lines beside those of a type and its stages: callbacks, messages, machines, helpers.

They stand where a stage's name stands: `billing.phone@callback`. A line of `routing` may name them;
otherwise they are routed like the line that they belong to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ccsim.scenario.conversations import LINES_OF_STAGES

if TYPE_CHECKING:
    from ccsim.scenario.blocks.waiting import SelfService
    from ccsim.scenario.schema import Scenario

CALLBACK = "callback"  # who accepted a callback, and answers when called
TRY = "try"  # + number: a call in vain
MESSAGE = "message"  # left while the channel was closed
INFORMED = "informed"  # + number: who has heard a queue message and waits with another patience
MACHINES = ("ivr", "bot")  # answer before people do
RESERVED = re.compile(
    rf"{CALLBACK}|{MESSAGE}|{TRY}\d|{INFORMED}\d+|{'|'.join((*MACHINES, *LINES_OF_STAGES))}"
)


def side_stages(scenario: Scenario, name: str, channel: str) -> Iterator[str]:
    """The side lines of a contact type on one of its channels."""
    contact = scenario.contacts[name]
    block = scenario.channels.get(channel)
    machine = machine_of(scenario, name, channel)
    if machine is not None:
        yield machine
    if channel == "outbound":
        if contact.outbound is not None and contact.outbound.reached < 1.0:
            yield from _tries(contact.outbound.tries)
    elif block is not None:
        if block.callback is not None:
            yield CALLBACK
            if block.callback.answered < 1.0:
                yield from _tries(block.callback.tries)
        for number, message in enumerate(block.messages, 1):
            if message.patience is not None:
                yield f"{INFORMED}{number}"
    if channel in scenario.when_closed:
        yield MESSAGE
    yield from consulting_roles(scenario)


def _tries(count: int) -> Iterator[str]:
    for number in range(1, count + 1):
        yield f"{TRY}{number}"


def consulting_roles(scenario: Scenario) -> tuple[str, ...]:
    """The roles whose people are asked for help."""
    return tuple(name for name, role in scenario.roles.items() if role.consults is not None)


def machine_of(scenario: Scenario, name: str, channel: str) -> str | None:
    """`ivr` or `bot` where such a machine answers this type on this channel; None without."""
    block = scenario.channels.get(channel)
    if block is None:
        return None
    for kind in MACHINES:
        machine: SelfService | None = getattr(block, kind)
        if machine is not None:
            takes = not isinstance(machine.contains, dict) or name in machine.contains
            return kind if takes else None
    return None


def machines_of(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """The channels with a machine in front, and its kind."""
    return tuple(
        (channel, kind)
        for channel, block in scenario.channels.items()
        for kind in MACHINES
        if getattr(block, kind) is not None
    )


def machine_team(channel: str, kind: str) -> str:
    """The name of a machine among the teams of the network."""
    return f"{channel}_{kind}"
