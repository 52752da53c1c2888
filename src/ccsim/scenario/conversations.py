"""Lines beside a stage: later turns, work resumed, a backlog, warm transfers, consults.

A line of a stage has the stage's name before its own: `technical.email@tier2.turns`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccsim.scenario.blocks.conversations import Turns, WaitsFor
    from ccsim.scenario.blocks.demand import Escalation
    from ccsim.scenario.schema import Scenario

TURNS = "turns"  # later turns of a conversation
RESUMED = "resumed"  # work that goes on after others have done theirs
BACKLOG = "backlog"  # contacts that were there when the calendar started
HANDOVER = "handover"  # where somebody of the stage is sought for a warm transfer
CONVERSATION_LINES = (TURNS, RESUMED, BACKLOG)
WARM = "warm transfer"
CONSULT = "consult"  # also where help is asked for, beside a stage in whose line contacts wait
LINES_OF_STAGES = (*CONVERSATION_LINES, HANDOVER, CONSULT)
FIVE_MINUTES = 5 * 60 * 1_000_000  # us: who seeks somebody to help or take over waits no longer
LIVE_CHANNELS = ("phone", "chat")  # the customer is there all the time: no pauses, no backlog


def base_stage(stage: str) -> str:
    """The stage that a line belongs to: `tier2` of `tier2.turns`, "" of `turns`."""
    head, _, last = stage.rpartition(".")
    return head if last in LINES_OF_STAGES else stage


def line_kind(stage: str) -> str:
    """`turns`, `resumed`, `backlog`, `handover` or `consult`; "" for every other line."""
    last = stage.rpartition(".")[2]
    return last if last in LINES_OF_STAGES else ""


def of_stage(stage: str, kind: str) -> str:
    """The stage's line of a kind: `tier2.turns`, `turns`."""
    return f"{stage}.{kind}" if stage else kind


def turns_of(scenario: Scenario, name: str, channel: str, stage: str) -> Turns | None:
    """The turns of a type's contacts at a stage: the stage's, the type's on this channel, or those
    of the channel."""
    if channel in (*LIVE_CHANNELS, "outbound"):
        return None
    contact = scenario.contacts[name]
    if stage and contact.stages[stage].turns is not None:
        return contact.stages[stage].turns
    on_channel, block = contact.on(channel), scenario.channels.get(channel)
    own = None if on_channel is None else on_channel.turns
    return own if own is not None or block is None else block.turns


def waits_for_of(scenario: Scenario, name: str, channel: str, stage: str) -> WaitsFor | None:
    """What contacts wait for at a stage: what stands there, no less."""
    contact = scenario.contacts[name]
    block = contact.stages[stage] if stage else contact.on(channel)
    return None if block is None else block.waits_for


def warm_transfer_to(scenario: Scenario, name: str, channel: str, stage: str) -> Escalation | None:
    """An escalation of a type that leads to a stage by warm transfer on a channel; they are alike
    in what happens there."""
    for row in scenario.contacts[name].escalates:
        on_channel = row.channels is None or channel in row.channels
        if row.how == WARM and row.to == base_stage(stage) and on_channel:
            return row
    return None


def consult_line(scenario: Scenario, name: str, channel: str, stage: str) -> str:
    """Where the people of a stage are asked for help: its line, but one beside it where contacts
    wait in that, too, for the wait for help has an end."""
    shared = any(row.how != CONSULT for row in _leading_to(scenario, name, channel, stage))
    return of_stage(stage, CONSULT) if shared else stage


def help_is_sought_for(scenario: Scenario, name: str, channel: str, stage: str) -> int | None:
    """How long who asks the people of a stage for help waits for them, us; None if nobody does."""
    rows = _leading_to(scenario, name, channel, stage)
    waits = (FIVE_MINUTES if row.waits is None else row.waits for row in rows if row.how == CONSULT)
    return next(waits, None)


def _leading_to(scenario: Scenario, name: str, channel: str, stage: str) -> tuple[Escalation, ...]:
    """The escalations of a type to a stage on a channel, help that is asked for among them."""
    return tuple(
        row
        for row in scenario.contacts[name].escalates
        if row.to == stage and (row.channels is None or channel in row.channels)
    )


def conversation_lines(
    scenario: Scenario, name: str, channel: str, stages: Iterable[str]
) -> Iterator[str]:
    """The lines of several replies, of warm transfers and of consults of a type on a channel that
    has these stages ("" the first)."""
    for stage in stages:
        turns = turns_of(scenario, name, channel, stage)
        if turns is not None and turns.mean > 1.0:
            yield of_stage(stage, TURNS)
        waits = waits_for_of(scenario, name, channel, stage)
        if waits is not None and waits.share > 0.0:
            yield of_stage(stage, RESUMED)
        if stage and warm_transfer_to(scenario, name, channel, stage) is not None:
            yield of_stage(stage, HANDOVER)
        asked = stage and help_is_sought_for(scenario, name, channel, stage) is not None
        if asked and consult_line(scenario, name, channel, stage) != stage:
            yield of_stage(stage, CONSULT)
    backlog = getattr(scenario.contacts[name], channel).backlog
    if backlog is not None and backlog.contacts:
        yield BACKLOG


def same_agent_for(scenario: Scenario, name: str, channel: str, stage: str) -> int | None:
    """How long a line waits for who had the contact last, us; None where it does not."""
    at = (scenario, name, channel, base_stage(stage))
    block: Turns | WaitsFor | None = None
    if line_kind(stage) == TURNS:
        block = turns_of(*at)
    elif line_kind(stage) == RESUMED:
        block = waits_for_of(*at)
    return None if block is None else block.same_agent_for
