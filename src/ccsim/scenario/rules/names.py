"""Rules about names: each name that is used exists, and no two things share one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ccsim.scenario.conversations import base_stage
from ccsim.scenario.labels import LABELLED
from ccsim.scenario.language.unsupported import not_supported
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.queue_names import stages_reached
from ccsim.scenario.rules.facts import (
    CHANNELS,
    INBOUND,
    Facts,
    distributions,
    on_channels,
    unknown,
)
from ccsim.scenario.schema import ContactType, Scenario
from ccsim.scenario.segments import base_type

# Words that name nothing, whatever kind of thing it is, and what they mean.
RESERVED_EVERYWHERE = {
    **dict.fromkeys(("yes", "no", "true", "false"), "the answer yes or no"),
    "null": "nothing, in YAML",
    "none": "removes what stands there",
    "only": "replaces a whole map",
}
# Words that are scopes of measures or stand in their place.
RESERVED_SCOPES = {
    "all": "all contacts together",
    "cost": "the measures of cost",
    "revenue": "the measures of what is sold beside",
    "rest": "what is left of 100 %",
    "base": "the scenario itself among its designs",
    "always": "without closing",
}
_TIER = re.compile(r"tier\d+")


def names_are_distinct(facts: Facts) -> Iterator[Problem]:
    """Types, teams and channels are scopes of measures (`phone.service_level`): one name, one."""
    seen: dict[str, str] = dict.fromkeys(CHANNELS, "a channel")
    groups = (
        *(("contacts", "a contact type"), ("teams", "a team")),
        *(("segments", "a segment"), ("roles", "a role")),
    )
    for group, what in groups:
        for name in getattr(facts.scenario, group):
            if name in RESERVED_SCOPES or _TIER.fullmatch(name):
                meaning = RESERVED_SCOPES.get(name, "the teams of a tier")
                yield Problem((group, name), _reserved(name, meaning), at_key=True)
            elif name in seen:
                yield Problem(
                    (group, name),
                    f"'{name}' is {seen[name]} already; types, teams and channels need names of "
                    "their own",
                    at_key=True,
                )
            seen.setdefault(name, what)


def _reserved(name: str, meaning: str) -> str:
    return f"'{name}' is a word of the language ({meaning}); choose another name"


def names_are_no_words(facts: Facts) -> Iterator[Problem]:
    """YAML reads some words as answers or as nothing, and patches read others as what they do."""
    scenario = facts.scenario
    paths: list[Path] = [
        (group, name)
        for group in ("contacts", "teams", "segments", "shifts", "roles", "distributions")
        for name in getattr(scenario, group)
    ]
    for contact, block in scenario.contacts.items():
        paths += [("contacts", contact, "stages", stage) for stage in block.stages]
    for path in paths:
        name = str(path[-1])
        if name in RESERVED_EVERYWHERE:
            yield Problem(path, _reserved(name, RESERVED_EVERYWHERE[name]), at_key=True)


def labels_are_distinct(facts: Facts) -> Iterator[Problem]:
    """Two rows of a table are told apart by what people read."""
    for block, what in LABELLED.items():
        things = getattr(facts.scenario, block)
        read: dict[str, str] = {name: name for name, thing in things.items() if not thing.label}
        for name, thing in things.items():
            if thing.label and (other := read.setdefault(thing.label, name)) != name:
                message = f"the {what} '{other}' is called '{thing.label}' already"
                yield Problem((block, name, "label"), message)


def channels_exist(facts: Facts) -> Iterator[Problem]:
    """Channels are phone, chat and email; what is said of one needs its block."""
    scenario = facts.scenario
    for name in scenario.channels:
        later = not_supported(("channels", name))
        if later and name not in INBOUND:
            yield Problem(("channels", name), later, at_key=True)
        else:
            path: Path = ("channels", name)
            yield from unknown(path, name, INBOUND, "channel", "channels", at_key=True)
    known = dict.fromkeys((*scenario.channels, *_with_lists(scenario)))
    for group in ("opens", "at_close"):
        for name in getattr(scenario, group):
            yield from _channel((group, name), name, known)
    for name, contact in scenario.contacts.items():
        for channel in on_channels(contact):
            if channel not in scenario.channels and channel != "outbound":
                yield Problem(
                    ("contacts", name, channel),
                    f"the channel {channel} has no block under `channels`: its promise, how long "
                    "its customers wait",
                    at_key=True,
                )
        for channel in contact.arrivals.by_channel or {}:
            path = ("contacts", name, "arrivals", "by_channel", channel)
            yield from _channel_of_type(path, channel, name, contact)
        if isinstance(contact.arrivals.shape, dict):
            for channel in contact.arrivals.shape:
                path = ("contacts", name, "arrivals", "shape", channel)
                yield from _channel_of_type(path, channel, name, contact)
    for name, team in scenario.teams.items():
        for channel in team.hands:
            path = ("teams", name, "hands", channel)
            yield from unknown(path, channel, CHANNELS, "channel", "channels", at_key=True)


def _with_lists(scenario: Scenario) -> tuple[str, ...]:
    """`outbound` where some type has a list to be called: it needs no block of its own."""
    lists = any(contact.outbound is not None for contact in scenario.contacts.values())
    return ("outbound",) if lists else ()


def _channel(path: Path, name: str, known: object) -> Iterator[Problem]:
    names = tuple(known) if isinstance(known, dict) else INBOUND
    yield from unknown(path, name, names, "channel", "channels", at_key=True)


def _channel_of_type(
    path: Path, channel: str, name: str, contact: ContactType
) -> Iterator[Problem]:
    if channel in INBOUND and channel not in on_channels(contact):
        yield Problem(
            path,
            f"'{name}' does not say how it is handled by {channel}; write "
            f"contacts.{name}.{channel}: {{handle: ...}}",
            at_key=True,
        )
    else:
        yield from unknown(path, channel, INBOUND, "channel", "channels", at_key=True)


def shifts_exist(facts: Facts) -> Iterator[Problem]:
    for name, team in facts.scenario.teams.items():
        for shift in team.roster or {}:
            path = ("teams", name, "roster", shift)
            yield from unknown(path, shift, facts.scenario.shifts, "shift", "shifts", at_key=True)


def distributions_exist(facts: Facts) -> Iterator[Problem]:
    """`as` names a distribution, and names do not go round in a circle."""
    known = facts.scenario.distributions
    for path, distribution in distributions(facts.scenario):
        for key, name in (("as", distribution.as_), ("wrap_up_as", _wrap_up_as(distribution))):
            if name is not None:
                yield from unknown((*path, key), name, known, "distribution", "distributions")
    for name, distribution in known.items():
        seen = [name]
        while distribution.as_ in known and distribution.as_ not in seen:
            seen.append(distribution.as_)
            distribution = known[distribution.as_]
        if distribution.as_ == name:
            round_trip = " -> ".join([*seen, name])
            yield Problem(
                ("distributions", name, "as"), f"the names go round in a circle: {round_trip}"
            )


def _wrap_up_as(distribution: object) -> str | None:
    name: str | None = getattr(distribution, "wrap_up_as", None)
    return name


def teams_exist(facts: Facts) -> Iterator[Problem]:
    """Teams in routes, roles, escalations and shares by team."""
    scenario = facts.scenario
    path: Path
    for key, route in scenario.routing.items():
        for number, step in enumerate(route.route):
            for position, team in enumerate(step.team):
                path = ("routing", key, "route", number, "team", position)
                yield from unknown(path, team, scenario.teams, "team", "teams")
    for name, role in scenario.roles.items():
        for position, team in enumerate(role.of):
            path = ("roles", name, "of", position)
            yield from unknown(path, team, scenario.teams, "team", "teams")
    for name, contact in scenario.contacts.items():
        for number, row in enumerate(contact.escalates):
            for position, team in enumerate(row.at or ()):
                path = ("contacts", name, "escalates", number, "at", position)
                yield from unknown(path, team, scenario.teams, "team", "teams")
        for path, shares in _resolved_by_team(name, contact):
            for team in shares:
                yield from unknown((*path, team), team, scenario.teams, "team", "teams", True)


def _resolved_by_team(name: str, contact: ContactType) -> Iterator[tuple[Path, dict[str, float]]]:
    path: Path = ("contacts", name)
    if isinstance(contact.resolved, dict):
        yield (*path, "resolved"), contact.resolved
    for stage, block in contact.stages.items():
        if isinstance(block.resolved, dict):
            yield (*path, "stages", stage, "resolved"), block.resolved


def resolved_names_all_teams(facts: Facts) -> Iterator[Problem]:
    """Shares by team name every team that takes these contacts: none is assumed."""
    for name, contact in facts.scenario.contacts.items():
        for path, shares in _resolved_by_team(name, contact):
            stage = path[3] if len(path) > 3 else None
            lines = [
                line
                for line in facts.lines
                if base_type(line.contact) == name
                and (line.stage == stage if stage else _uses_type(contact, line.stage))
                and not _only_helps(contact, line.stage)
            ]
            for team in dict.fromkeys(team for line in lines for team in facts.teams_of(line)):
                if team not in shares and team in facts.scenario.teams:
                    yield Problem(
                        path, f"the team '{team}' takes these contacts too; say what it resolves"
                    )


def _only_helps(contact: ContactType, stage: str) -> bool:
    """Whether people of a stage are asked for help and never get a contact of their own."""
    ways = {row.how for row in contact.escalates if row.to == stage}
    return ways == {"consult"}


def _uses_type(contact: ContactType, stage: str) -> bool:
    block = contact.stages.get(base_stage(stage))
    return block is None or block.resolved is None


def stages_exist(facts: Facts) -> Iterator[Problem]:
    """Escalations lead to stages of the type, and forward only."""
    for name, contact in facts.scenario.contacts.items():
        stages = tuple(contact.stages)
        base = ("contacts", name, "escalates")
        for number, row in enumerate(contact.escalates):
            yield from unknown((*base, number, "to"), row.to, stages, "stage", "stages")
            if row.from_ is not None:
                yield from unknown((*base, number, "from"), row.from_, stages, "stage", "stages")
            for position, channel in enumerate(row.channels or ()):
                path = (*base, number, "channels", position)
                yield from unknown(path, channel, on_channels(contact), "channel", "channels")
        yield from _cycles(name, contact)


def stages_are_reached(facts: Facts) -> Iterator[Problem]:
    """Every stage has an escalation that leads there."""
    for name, contact in facts.scenario.contacts.items():
        reached = {
            stage for channel in on_channels(contact) for stage in stages_reached(contact, channel)
        }
        for stage in contact.stages:
            if stage not in reached and on_channels(contact):
                yield Problem(
                    ("contacts", name, "stages", stage),
                    f"no escalation leads to the stage '{stage}'",
                    at_key=True,
                )


def _cycles(name: str, contact: ContactType) -> Iterator[Problem]:
    onward: dict[str, set[str]] = {}
    for row in contact.escalates:
        onward.setdefault(row.from_ or "", set()).add(row.to)

    def leads(start: str, goal: str, seen: frozenset[str]) -> bool:
        return any(
            to == goal or (to not in seen and leads(to, goal, seen | {to}))
            for to in onward.get(start, ())
        )

    for number, row in enumerate(contact.escalates):
        if row.from_ is not None and (row.to == row.from_ or leads(row.to, row.from_, frozenset())):
            yield Problem(
                ("contacts", name, "escalates", number),
                f"escalations go round in a circle: from '{row.from_}' to '{row.to}' and back",
            )


RULES = (
    names_are_distinct,
    names_are_no_words,
    labels_are_distinct,
    channels_exist,
    shifts_exist,
    distributions_exist,
    teams_exist,
    resolved_names_all_teams,
    stages_exist,
    stages_are_reached,
)
