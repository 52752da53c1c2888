"""The structure of a scenario: its queues, teams and targets with all that is known about them.

Made once for a scenario and kept for the last ones. `compile.py` puts the facts into the
network; whoever has only the scenario (rules, plans of experiments) calls `structure_of`. Names of
queues are taken apart here and nowhere else. Imports neither NumPy nor the compiler.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from ccsim.network.facts import (
    QueueFacts,
    QueueKind,
    Target,
    TargetClock,
    TeamFacts,
    TeamKind,
)
from ccsim.network.names import QueueName, queue_names
from ccsim.network.targets import targets_of
from ccsim.scenario.conversations import base_stage, line_kind
from ccsim.scenario.schema import Channel, OnChannel, Scenario
from ccsim.scenario.segments import base_type, segment_of, with_segments, without_segment
from ccsim.scenario.side_lines import consulting_roles, machine_team, machines_of

ALL = "all"
KEPT: Final = 64  # scenarios whose structure is kept at a time
CAMPAIGNS = "outbound"  # the channel of campaigns, whose attempts are not part of `all`


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """What a scenario consists of, for readers. `scenario` has the variants of its segments."""

    scenario: Scenario
    queues: tuple[QueueFacts, ...]
    teams: tuple[TeamFacts, ...]
    targets: tuple[Target, ...]

    def of_kind(self, *kinds: QueueKind) -> tuple[QueueFacts, ...]:
        """The queues of these kinds, in the order of the network."""
        return tuple(queue for queue in self.queues if queue.kind in kinds)

    def queue(self, name: str) -> QueueFacts:
        """The queue of this name. Raises KeyError where there is none."""
        for queue in self.queues:
            if queue.name == name:
                return queue
        raise KeyError(name)


class _Same:
    """A scenario as a key of a cache: scenarios hold maps and have no hash of their own."""

    __slots__ = ("scenario",)

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        return id(self.scenario)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.scenario is self.scenario


def structure_of(scenario: Scenario) -> Structure:
    """The structure of a scenario, with or without the variants of its segments."""
    return _structure(_Same(scenario))


@lru_cache(maxsize=KEPT)
def _structure(key: _Same) -> Structure:
    scenario = with_segments(key.scenario)
    queues = queue_facts(scenario)
    return Structure(scenario, queues, team_facts(scenario), targets_of(scenario, queues))


def queue_facts(scenario: Scenario) -> tuple[QueueFacts, ...]:
    """The queues of a scenario with variants, in the order of `names.queue_names`."""
    names = queue_names(scenario)
    index = {name: i for i, name in enumerate(names)}
    return tuple(_queue(scenario, name, index) for name in names)


def team_facts(scenario: Scenario) -> tuple[TeamFacts, ...]:
    """The teams of the network: those of the file, then roles whose people are asked for help,
    then machines that answer before people do."""
    people = (
        TeamFacts(name, TeamKind.PEOPLE, team.tier)
        if team.drawn_from is None
        else TeamFacts(name, TeamKind.ON_CALL, team.tier, team.drawn_from)
        for name, team in scenario.teams.items()
    )
    helpers = (TeamFacts(name, TeamKind.HELPERS) for name in consulting_roles(scenario))
    machines = (TeamFacts(machine_team(*at), TeamKind.MACHINE) for at in machines_of(scenario))
    return (*people, *helpers, *machines)


def _queue(scenario: Scenario, name: QueueName, index: dict[QueueName, int]) -> QueueFacts:
    kind, number = _kind(scenario, name)
    channel = scenario.channels.get(name.channel) or Channel()
    own = scenario.contacts[name.contact].on(name.channel)
    is_help = kind is QueueKind.HELP
    facts = QueueFacts(
        name=str(name),
        kind=kind,
        contact=name.contact,
        contact_type=base_type(name.contact),
        segment=segment_of(name.contact),
        channel=name.channel,
        stage=base_stage(name.stage) if _has_stage(scenario, name) else "",
        role=name.stage if is_help else "",
        number=number,
        first=index[name if kind is QueueKind.MESSAGE else name.first],
        answer_within=_own_or_channels(own, channel, "answer_within"),
        target=_own_or_channels(own, channel, "target"),
        resolve_within=_own_or_channels(own, channel, "resolve_within"),
        callback_within=None if channel.callback is None else channel.callback.promise,
        clock=TargetClock.WORKING if channel.promise == "working" else TargetClock.ALWAYS,
    )
    if kind is QueueKind.MESSAGE:
        voicemail = scenario.when_closed[name.channel]
        facts = replace(
            facts,
            answer_within=voicemail.answer_within,
            target=voicemail.target,
            clock=TargetClock.OPEN,
        )
    return replace(facts, attempt_scopes=_attempt_scopes(facts), stay_scopes=_stay_scopes(facts))


def _own_or_channels(own: OnChannel | None, channel: Channel, key: str) -> Any:
    """What a type states for a channel, else what the channel states: the one home of this rule."""
    value = None if own is None else getattr(own, key)
    return getattr(channel, key) if value is None else value


def _has_stage(scenario: Scenario, name: QueueName) -> bool:
    return base_stage(name.stage) in scenario.contacts[name.contact].stages


def _kind(scenario: Scenario, name: QueueName) -> tuple[QueueKind, int]:
    """The kind of a queue, and its number among those of its kind (0 where there is one)."""
    if not name.stage:
        return QueueKind.CAMPAIGN if name.channel == CAMPAIGNS else QueueKind.FIRST, 0
    if line_kind(name.stage):
        return QueueKind(line_kind(name.stage)), 0
    if name.stage in scenario.contacts[name.contact].stages:
        return QueueKind.TIER, 0
    if name.stage in consulting_roles(scenario):
        return QueueKind.HELP, 0
    kind = name.stage.rstrip("0123456789")
    return QueueKind(kind), int(name.stage.removeprefix(kind) or 0)


BY_THEMSELVES = (
    *(QueueKind.TIER, QueueKind.CALLBACK),
    *(QueueKind.TURNS, QueueKind.RESUMED, QueueKind.BACKLOG),
)  # also measured as a queue of their own, where each stay counts as an attempt


def _names(queue: QueueFacts) -> tuple[str, ...]:
    """A queue of a segment is also one of its type's."""
    return tuple(dict.fromkeys((queue.name, without_segment(queue.name))))


def _attempt_scopes(queue: QueueFacts) -> tuple[str, ...]:
    if queue.kind.is_first:
        return tuple(_customer_scopes(queue))
    measured = queue.kind is QueueKind.MESSAGE or queue.kind in BY_THEMSELVES
    return _names(queue) if measured else ()


def _customer_scopes(queue: QueueFacts) -> Iterator[str]:
    """Everything, the channel, the type and segment, and the pairs of type and channel."""
    if queue.channel != CAMPAIGNS:
        yield ALL
    yield queue.channel
    yield from dict.fromkeys(
        name for name in (queue.contact, queue.contact_type, queue.segment) if name
    )
    first = f"{queue.contact}.{queue.channel}"
    yield from dict.fromkeys((first, without_segment(first)))


def _stay_scopes(queue: QueueFacts) -> tuple[str, ...]:
    """Work of machines and of messages is not part of what people do for the type's contacts."""
    own = _names(queue) if queue.kind in BY_THEMSELVES else ()
    if queue.kind.is_machine or queue.kind is QueueKind.MESSAGE:
        return _names(queue)
    return (*_customer_scopes(queue), *own)
