"""What the rules ask of a scenario: its lines, who serves them, and problems about names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TypeAlias, cast

from ccsim.errors import suggestion
from ccsim.scenario.conversations import conversation_lines
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.queue_names import QueueName, RouteKey, parse_route_key, stages_reached
from ccsim.scenario.schema import (
    CHANNELS,
    INBOUND,
    Block,
    ContactType,
    Day,
    Distribution,
    OnChannel,
    Scenario,
)
from ccsim.scenario.segments import base_type, with_segments
from ccsim.scenario.side_lines import MACHINES, consulting_roles, side_stages
from ccsim.scenario.tables.files import FileTable
from ccsim.units import WEEKDAYS

KnownMeasures = Callable[[Scenario], Sequence[str]]


@dataclass(frozen=True)
class Facts:
    """A scenario that is right block by block, with what follows from it."""

    scenario: Scenario
    files: Mapping[str, FileTable]
    known_measures: KnownMeasures | None = None

    @cached_property
    def whole(self) -> Scenario:
        """The scenario with the variants of its types that segments make."""
        return with_segments(self.scenario)

    @cached_property
    def lines(self) -> tuple[QueueName, ...]:
        """Every waiting line that contacts can come to."""
        return tuple(
            QueueName(name, channel, stage)
            for name, contact in self.whole.contacts.items()
            for channel in on_channels(contact)
            for stage in (
                *(s for s in ("", *contact.stages) if s in stages_reached(contact, channel)),
                *self.routed_side_lines(name, channel),
            )
        )

    def routed_side_lines(self, contact: str, channel: str) -> Iterator[str]:
        """The side lines that people reach by `routing`: not those of machines and helpers."""
        own = (*MACHINES, *consulting_roles(self.scenario))
        for stage in side_stages(self.whole, contact, channel):
            if stage not in own:
                yield stage
        block = self.whole.contacts[contact]
        stages = [s for s in ("", *block.stages) if s in stages_reached(block, channel)]
        yield from conversation_lines(self.whole, contact, channel, stages)

    @cached_property
    def route_keys(self) -> dict[str, RouteKey]:
        return {key: parse_route_key(key) for key in self.scenario.routing}

    @cached_property
    def _keys_by_type(self) -> dict[str, list[str]]:
        """The keys of `routing` by the type that they name, `*` for those of all."""
        keys: dict[str, list[str]] = {}
        for key, parsed in self.route_keys.items():
            keys.setdefault(base_type(parsed.contact), []).append(key)
        return keys

    @cached_property
    def _key_at(self) -> dict[str, int]:
        return {key: number for number, key in enumerate(self.route_keys)}

    @cached_property
    def _key_of_line(self) -> dict[QueueName, str | None]:
        return {}

    def route_key(self, line: QueueName) -> str | None:
        """The most specific routing line that covers a waiting line."""
        if line not in self._key_of_line:
            mine, keys, at = self._keys_by_type, self.route_keys, self._key_at
            named = [*mine.get(base_type(line.contact), ()), *mine.get("*", ())]
            covering = [key for key in named if keys[key].covers(line)]
            self._key_of_line[line] = max(  # of equally specific ones the first of the file
                covering, key=lambda key: (keys[key].specificity, -at[key]), default=None
            )
        return self._key_of_line[line]

    def teams_of(self, line: QueueName) -> tuple[str, ...]:
        """The teams in the line's route."""
        key = self.route_key(line)
        if key is None:
            return ()
        route = self.scenario.routing[key]
        teams = [team for step in route.route for team in step.team]
        owners = [route.owner.team] if route.owner is not None else []
        return tuple(dict.fromkeys(teams + owners))

    @cached_property
    def channels_of(self) -> dict[str, set[str]]:
        """The channels of which each team takes contacts."""
        taken: dict[str, set[str]] = {team: set() for team in self.scenario.teams}
        for line in self.lines:
            for team in self.teams_of(line):
                taken.setdefault(team, set()).add(line.channel)
        return taken

    @cached_property
    def weekdays(self) -> tuple[str, ...]:
        """The weekdays that the calendar has, in the order of the week."""
        calendar = self.scenario.calendar
        present = {
            WEEKDAYS[(calendar.start + timedelta(days=day)).weekday()]
            for day in range(min(calendar.days, 7))
        }
        return tuple(day for day in WEEKDAYS if day in present)

    def is_closed(self, weekday: str, channels: Iterable[str]) -> bool:
        """Whether nobody can come by any of the channels on a weekday: all of them have hours, none
        on that day or from the day before past midnight, no voicemail, and no public holiday has
        its demand."""
        scenario = self.scenario
        holidays = scenario.calendar.holidays
        if holidays is not None and (holidays.demand_like == weekday or holidays.opens_like):
            return False
        return all(
            isinstance(hours := scenario.opens.get(channel), dict)
            and not hours.get(cast("Day", weekday))
            and not any(
                span.until <= span.start and span.until > 0
                for span in hours.get(cast("Day", _day_before(weekday)), ())
            )
            and channel not in scenario.when_closed
            for channel in channels
        )


def _day_before(weekday: str) -> str:
    return WEEKDAYS[WEEKDAYS.index(weekday) - 1]


Rule: TypeAlias = Callable[[Facts], Iterator[Problem]]


def on_channels(contact: ContactType) -> dict[str, OnChannel]:
    """The channels on which a type comes, with how it is handled there."""
    blocks = {channel: contact.on(channel) for channel in CHANNELS}
    return {channel: block for channel, block in blocks.items() if block is not None}


def distributions(scenario: Scenario) -> Iterator[tuple[Path, Distribution]]:
    """Every distribution with its path, the named ones too."""
    yield from _distributions(scenario, ())


def _distributions(value: object, path: Path) -> Iterator[tuple[Path, Distribution]]:
    if isinstance(value, Distribution):
        yield path, value
    elif isinstance(value, Block):
        for field, info in type(value).model_fields.items():
            yield from _distributions(getattr(value, field), (*path, info.alias or field))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _distributions(inner, (*path, key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _distributions(inner, (*path, index))


def unknown(
    path: Path, name: str, known: Iterable[str], kind: str, plural: str, at_key: bool = False
) -> Iterator[Problem]:
    """A problem when `name` is none of the known: there is no shift 'erly'; did you mean ..."""
    names = tuple(known)
    if name not in names:
        hint = suggestion(name, names, plural)
        yield Problem(path, f"there is no {kind} '{name}'{hint}", at_key)


def listed(names: Iterable[str]) -> str:
    """`a, b and c`."""
    words = list(names)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


__all__ = [
    "CHANNELS",
    "INBOUND",
    "Facts",
    "KnownMeasures",
    "Rule",
    "distributions",
    "listed",
    "on_channels",
    "unknown",
]
