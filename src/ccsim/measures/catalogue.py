"""Every measure by name: unit, meaning, what is divided by what; and which keys a design has.

A key is `scope.measure`: `all.attempts`, `phone.service_level`, `billing.phone.wait_p90`,
`billing.phone@tier2.handle_time`, `frontline.occupancy`, `tier1.contacts_handled`, `cost.total`.
Light to import: no NumPy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccsim.measures.definitions import DEFINITIONS, Measure, ScopeKind
from ccsim.network.names import QueueName, kind_of, on_channel, queue_names
from ccsim.scenario.conversations import CONVERSATION_LINES, TURNS, WARM
from ccsim.scenario.segments import base_type, segment_of, with_segments, without_segment
from ccsim.scenario.side_lines import CALLBACK, MACHINES, MESSAGE, consulting_roles, machines_of

if TYPE_CHECKING:
    from ccsim.scenario.schema import OnChannel, Scenario, Team

__all__ = [
    "MEASURES",
    "Measure",
    "Scope",
    "describe",
    "interval_measures",
    "known_measures",
    "quantile_of",
    "scopes_of",
    "split_key",
]

MEASURES: tuple[Measure, ...] = DEFINITIONS
_BY_NAME = {measure.name: measure for measure in MEASURES}
BESIDE = frozenset(
    {"callback", "machine", "message", "calls", "help", "resolution", "turns", "reopened"}
)
LATER = ("stage", CALLBACK, *CONVERSATION_LINES)  # lines that are also looked at by themselves
_CUT_BY_INTERVAL: tuple[ScopeKind, ...] = ("all", "channel", "type", "team", "tier")
_QUANTILE = re.compile(r"(?P<of>.+)_p(?P<percent>\d\d)")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a measure is taken over: the first part of a key."""

    name: str
    kind: ScopeKind
    promised: bool = False  # some queue in it has `answer_within`
    target: bool = False  # it has one `target` of its own
    valued: bool = False  # some of its types has `lost_if_abandoned`
    paid: bool = False  # some of its teams has `pay`
    sells: bool = False  # some of its types has `upsell`
    has: frozenset[str] = frozenset()  # what else is there: callbacks, machines, calls, help


def split_key(key: str) -> tuple[str, str]:
    """Scope and measure of a key."""
    scope, _, name = key.rpartition(".")
    return scope, name


def describe(key: str) -> Measure:
    """The definition of a key's measure. KeyError when there is no such measure."""
    return _BY_NAME[split_key(key)[1]]


def quantile_of(key: str) -> tuple[str, float]:
    """Histogram key and probability of a quantile measure: phone.wait_p90 -> phone.wait, 0.9."""
    match = _QUANTILE.fullmatch(key)
    if match is None or describe(key).kind != "quantile":
        raise KeyError(key)
    return match["of"], int(match["percent"]) / 100


def known_measures(scenario: Scenario) -> tuple[str, ...]:
    """All keys that a design has, in the order in which they are shown. No data is looked at."""
    return tuple(
        f"{scope.name}.{measure.name}"
        for scope in scopes_of(scenario)
        for measure in MEASURES
        if applies(measure, scope)
    )


def interval_measures(scenario: Scenario) -> tuple[str, ...]:
    """Those of `known_measures` that are also counted by interval."""
    return tuple(
        f"{scope.name}.{measure.name}"
        for scope in scopes_of(scenario)
        if scope.kind in _CUT_BY_INTERVAL
        for measure in MEASURES
        if measure.by_interval and applies(measure, scope)
    )


def applies(measure: Measure, scope: Scope) -> bool:
    """Whether the scope has the measure: promises need a promise, kept intervals a target."""
    return (
        scope.kind in measure.scopes
        and (measure.needs != "promise" or scope.promised)
        and (measure.needs != "target" or scope.target)
        and (measure.needs != "value" or scope.valued)
        and (measure.needs != "pay" or scope.paid)
        and (measure.needs != "sales" or scope.sells)
        and (measure.needs not in BESIDE or measure.needs in scope.has)
    )


def scopes_of(scenario: Scenario) -> tuple[Scope, ...]:
    """All scopes of a design: everything, channels, types, their pairs, later stages, teams,
    tiers, money."""
    scenario = with_segments(scenario)
    scopes = [*_contact_scopes(scenario)]
    scopes += (Scope(name, "team", paid=team.pay is not None) for name, team in _teams(scenario))
    helped = frozenset({"help"})
    scopes += (Scope(name, "team", has=helped) for name in consulting_roles(scenario))
    for tier in sorted({team.tier for _, team in _teams(scenario)}):
        paid = any(team.tier == tier and team.pay is not None for _, team in _teams(scenario))
        scopes.append(Scope(f"tier{tier}", "tier", paid=paid))
    if _has_money(scenario):
        sells = any(contact.upsell is not None for contact in scenario.contacts.values())
        scopes.append(Scope("cost", "cost", valued=_valued(scenario), sells=sells))
        if sells:
            scopes.append(Scope("revenue", "revenue"))
    return tuple(scopes)


def _contact_scopes(scenario: Scenario) -> Iterator[Scope]:
    queues = queue_names(scenario)
    firsts = [queue for queue in queues if not queue.stage]
    beside = {queue: _beside(scenario, queue) for queue in queues}
    promised = {queue for queue in firsts if promise_of(scenario, queue) is not None}
    paid = any(team.pay is not None for _, team in _teams(scenario))
    everything = frozenset[str]().union(*beside.values())
    yield Scope("all", "all", promised=bool(promised), paid=paid, has=everything)
    for channel in dict.fromkeys(queue.channel for queue in firsts):
        yield Scope(
            channel,
            "channel",
            promised=any(queue.channel == channel for queue in promised),
            target=channel in scenario.channels and scenario.channels[channel].target is not None,
            has=frozenset[str]().union(*(beside[q] for q in queues if q.channel == channel)),
        )
    named = [name for queue in firsts for name in (queue.contact, segment_of(queue.contact))]
    for contact in sorted(filter(None, dict.fromkeys(named)), key=_types_first(scenario)):
        own = [queue for queue in queues if contact in types_of(queue)]
        has = frozenset[str]().union(*(beside[q] for q in own))
        yield Scope(contact, "type", promised=any(q in promised for q in own), has=has)
    for queue in firsts:
        has_target = target_of(scenario, queue) is not None
        own = [q for q in queues if str(queue) in (str(q.first), without_segment(str(q.first)))]
        has = frozenset[str]().union(*(beside[q] for q in own))
        promises = any(q in promised for q in own)
        yield Scope(str(queue), "type.channel", promised=promises, target=has_target, has=has)
    for queue in queues:
        kind = kind_of(scenario, queue)
        if kind == MESSAGE:
            within, target = promise_of(scenario, queue), target_of(scenario, queue)
            yield Scope(str(queue), "type.channel", within is not None, target is not None)
        elif kind in LATER:
            yield Scope(str(queue), "queue")


def types_of(queue: QueueName) -> tuple[str, ...]:
    """What a queue's customers are called: of their type, of their segment, of both."""
    return queue.contact, base_type(queue.contact), segment_of(queue.contact)


def _types_first(scenario: Scenario) -> Callable[[str], int]:
    """The order of types with their variants, and segments after them."""
    return lambda name: 0 if name in scenario.contacts else 1


def _beside(scenario: Scenario, queue: QueueName) -> frozenset[str]:
    """Which measures beside the usual ones a queue brings with it."""
    kind = kind_of(scenario, queue)
    contact = scenario.contacts[queue.contact]
    consults = any(row.how in ("consult", WARM) for row in contact.escalates)
    found = {
        "callback": kind == CALLBACK,
        "machine": kind in MACHINES,
        "message": kind == MESSAGE,
        "calls": kind == CALLBACK or queue.channel == "outbound",
        "help": kind == "help" or consults,
        "resolution": resolution_promise_of(scenario, queue) is not None,
        "turns": kind == TURNS,
        "reopened": contact.reopened is not None,
    }
    return frozenset(name for name, there in found.items() if there)


def _block(scenario: Scenario, queue: QueueName) -> OnChannel | None:
    return on_channel(scenario.contacts[queue.contact], queue.channel)


def promise_of(scenario: Scenario, queue: QueueName) -> int | None:
    """`answer_within` of the type on the channel, us: its own, else the channel's; messages have
    theirs."""
    if kind_of(scenario, queue) == MESSAGE:
        return scenario.when_closed[queue.channel].answer_within
    block = _block(scenario, queue)
    if block is not None and block.answer_within is not None:
        return block.answer_within
    channel = scenario.channels.get(queue.channel)
    return None if channel is None else channel.answer_within


def resolution_promise_of(scenario: Scenario, queue: QueueName) -> int | None:
    """`resolve_within` of the type on the channel, us: its own, else the channel's."""
    block = _block(scenario, queue)
    if block is not None and block.resolve_within is not None:
        return block.resolve_within
    channel = scenario.channels.get(queue.channel)
    return None if channel is None else channel.resolve_within


def target_of(scenario: Scenario, queue: QueueName) -> float | None:
    """`target` of the type on the channel: its own, else the channel's; messages have theirs."""
    if kind_of(scenario, queue) == MESSAGE:
        return scenario.when_closed[queue.channel].target
    block = _block(scenario, queue)
    if block is not None and block.target is not None:
        return block.target
    channel = scenario.channels.get(queue.channel)
    return None if channel is None else channel.target


def promises_on(scenario: Scenario, channel: str) -> list[tuple[str, int | None, float | None]]:
    """Scope, promise (us) and target of each type, or segment of it, that comes on a channel."""
    whole = with_segments(scenario)
    firsts = [q for q in queue_names(whole) if not q.stage and q.channel == channel]
    return [(str(q), promise_of(whole, q), target_of(whole, q)) for q in firsts]


def _teams(scenario: Scenario) -> list[tuple[str, Team]]:
    return list(scenario.teams.items())


def _valued(scenario: Scenario) -> bool:
    return any(contact.lost_if_abandoned is not None for contact in scenario.contacts.values())


def _fees(scenario: Scenario) -> Iterator[bool]:
    """Which machines cost something for each contact."""
    for channel, kind in machines_of(scenario):
        yield getattr(scenario.channels[channel], kind).cost is not None


def _has_money(scenario: Scenario) -> bool:
    costs = scenario.costs
    return (
        bool(scenario.roles)
        or costs.seat is not None
        or costs.tools is not None
        or costs.phone_minute is not None
        or bool(costs.penalties)
        or any(contact.upsell is not None for contact in scenario.contacts.values())
        or any(_fees(scenario))
        or _valued(scenario)
        or any(team.pay is not None for team in scenario.teams.values())
    )
