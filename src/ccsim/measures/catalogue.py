"""Every measure by name: unit, meaning, what is divided by what; and which keys a design has.

A key is `scope.measure`: `all.attempts`, `phone.service_level`, `billing.phone.wait_p90`,
`billing.phone@tier2.handle_time`, `frontline.occupancy`, `tier1.contacts_handled`, `cost.total`.
Light to import: no NumPy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ccsim.measures.definitions import DEFINITIONS
from ccsim.measures.measure import Measure, ScopeKind
from ccsim.measures.registry import registered
from ccsim.network.facts import QueueFacts, QueueKind, TeamKind
from ccsim.network.structure import (
    ALL,
    BY_THEMSELVES,
    CAMPAIGNS,
    KEPT,
    Structure,
    structure_of,
)
from ccsim.scenario.conversations import WARM
from ccsim.scenario.side_lines import machines_of

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

__all__ = [
    "MEASURES",
    "Measure",
    "Scope",
    "all_measures",
    "definition_of",
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
    return definition_of(split_key(key)[1])


def definition_of(name: str) -> Measure:
    """The definition of a measure by its name. KeyError when there is no such measure."""
    own = registered().get(name)
    return _BY_NAME[name] if own is None else own.measure


def all_measures() -> tuple[Measure, ...]:
    """The built-in measures, and those that were registered."""
    return (*MEASURES, *(own.measure for own in registered().values()))


def quantile_of(key: str) -> tuple[str, float]:
    """Histogram key and probability of a quantile measure: phone.wait_p90 -> phone.wait, 0.9."""
    match = _QUANTILE.fullmatch(key)
    if match is None or describe(key).kind != "quantile":
        raise KeyError(key)
    return match["of"], int(match["percent"]) / 100


def known_measures(scenario: Scenario) -> tuple[str, ...]:
    """All keys that a design has, in the order in which they are shown. No data is looked at."""
    return _keys(structure_of(scenario), all_measures())


def interval_measures(scenario: Scenario) -> tuple[str, ...]:
    """Those of `known_measures` that are also counted by interval."""
    return tuple(
        f"{scope.name}.{measure.name}"
        for scope in scopes_of(scenario)
        if scope.kind in _CUT_BY_INTERVAL
        for measure in all_measures()
        if measure.by_interval and applies(measure, scope)
    )


@lru_cache(maxsize=KEPT)
def _keys(structure: Structure, measures: tuple[Measure, ...]) -> tuple[str, ...]:
    return tuple(
        f"{scope.name}.{measure.name}"
        for scope in _scopes(structure)
        for measure in measures
        if applies(measure, scope)
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
    return _scopes(structure_of(scenario))


@lru_cache(maxsize=KEPT)
def _scopes(structure: Structure) -> tuple[Scope, ...]:
    scenario = structure.scenario
    scopes = [*_contact_scopes(structure)]
    people = [(team, scenario.teams[team.name]) for team in structure.teams if team.is_staffed]
    scopes += (Scope(each.name, "team", paid=team.pay is not None) for each, team in people)
    helpers = (team for team in structure.teams if team.kind is TeamKind.HELPERS)
    scopes += (Scope(team.name, "team", has=frozenset({"help"})) for team in helpers)
    for tier in sorted({team.tier for _, team in people}):
        paid = any(team.tier == tier and team.pay is not None for _, team in people)
        scopes.append(Scope(f"tier{tier}", "tier", paid=paid))
    if _has_money(scenario):
        sells = any(contact.upsell is not None for contact in scenario.contacts.values())
        scopes.append(Scope("cost", "cost", valued=_valued(scenario), sells=sells))
        if sells:
            scopes.append(Scope("revenue", "revenue"))
    return tuple(scopes)


def _contact_scopes(structure: Structure) -> Iterator[Scope]:
    queues, scenario = structure.queues, structure.scenario
    firsts = [queue for queue in queues if queue.kind.is_first]
    beside = {queue.name: _beside(scenario, queue) for queue in queues}

    def scope(name: str, kind: ScopeKind, own: list[QueueFacts], **more: bool) -> Scope:
        has = frozenset[str]().union(*(beside[queue.name] for queue in own))
        promised = any(queue.kind.is_first and queue.answer_within is not None for queue in own)
        return Scope(name, kind, promised=promised, has=has, **more)

    paid = any(team.pay is not None for team in scenario.teams.values())
    yield scope(ALL, "all", list(queues), paid=paid)
    for channel in dict.fromkeys(queue.channel for queue in firsts):
        block = scenario.channels.get(channel)
        target = block is not None and block.target is not None
        yield scope(channel, "channel", [q for q in queues if q.channel == channel], target=target)
    named = [name for queue in firsts for name in (queue.contact, queue.segment)]
    for contact in sorted(filter(None, dict.fromkeys(named)), key=_types_first(scenario)):
        own = [q for q in queues if contact in (q.contact, q.contact_type, q.segment)]
        yield scope(contact, "type", own)
    for first in firsts:
        own = [q for q in queues if first.name in _pair_of(q)]
        yield scope(first.name, "type.channel", own, target=first.target is not None)
    for queue in queues:
        if queue.kind is QueueKind.MESSAGE:
            within, target = queue.answer_within is not None, queue.target is not None
            yield Scope(queue.name, "type.channel", within, target)
        elif queue.kind in BY_THEMSELVES:
            yield Scope(queue.name, "queue")


def _pair_of(queue: QueueFacts) -> tuple[str, str]:
    """The pairs of type and channel that a queue belongs to: its segment's and its type's."""
    return f"{queue.contact}.{queue.channel}", f"{queue.contact_type}.{queue.channel}"


def _types_first(scenario: Scenario) -> Callable[[str], int]:
    """The order of types with their variants, and segments after them."""
    return lambda name: 0 if name in scenario.contacts else 1


def _beside(scenario: Scenario, queue: QueueFacts) -> frozenset[str]:
    """Which measures beside the usual ones a queue brings with it."""
    contact, kind = scenario.contacts[queue.contact], queue.kind
    consults = any(row.how in ("consult", WARM) for row in contact.escalates)
    found = {
        "callback": kind is QueueKind.CALLBACK,
        "machine": kind.is_machine,
        "message": kind is QueueKind.MESSAGE,
        "calls": kind is QueueKind.CALLBACK or queue.channel == CAMPAIGNS,
        "help": kind is QueueKind.HELP or consults,
        "resolution": queue.resolve_within is not None,
        "turns": kind is QueueKind.TURNS,
        "reopened": contact.reopened is not None,
    }
    return frozenset(name for name, there in found.items() if there)


def promises_on(scenario: Scenario, channel: str) -> list[tuple[str, int | None, float | None]]:
    """Scope, time (us) and target of each type, or segment of it, that comes on a channel."""
    firsts = structure_of(scenario).of_kind(QueueKind.FIRST, QueueKind.CAMPAIGN)
    return [(q.name, q.answer_within, q.target) for q in firsts if q.channel == channel]


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
