"""Rules about segments: types that exist, shares that fit, promises on channels of theirs."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim import units
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.rules.facts import Facts, on_channels, unknown
from ccsim.scenario.schema import Segment
from ccsim.scenario.segments import segments_of

ROUNDING = 1e-9
BY_CHANNEL = ("answer_within", "target", "resolve_within")


def segments_are_of_types(facts: Facts) -> Iterator[Problem]:
    """A segment is a part of types that exist, and promises on channels by which they come."""
    contacts = facts.scenario.contacts
    for name, segment in facts.scenario.segments.items():
        path: Path = ("segments", name)
        for position, contact in enumerate(segment.of or ()):
            where = (*path, "of", position)
            yield from unknown(where, contact, contacts, "contact type", "contact types")
            if contact in contacts and set(on_channels(contacts[contact])) == {"outbound"}:
                yield Problem(
                    where,
                    f"the list of '{contact}' has no segments; write those who are called "
                    "otherwise as a campaign of their own",
                )
        yield from _channels(facts, path, segment)


def _channels(facts: Facts, path: Path, segment: Segment) -> Iterator[Problem]:
    contacts = facts.scenario.contacts
    own = [contacts[name] for name in segment.of or contacts if name in contacts]
    known = tuple(dict.fromkeys(channel for each in own for channel in on_channels(each)))
    for key in BY_CHANNEL:
        value = getattr(segment, key)
        for channel in value if isinstance(value, dict) else ():
            yield from unknown((*path, key, channel), channel, known, "channel", "channels", True)


def segments_fit_into_their_type(facts: Facts) -> Iterator[Problem]:
    """The segments of a type are at most all of its customers."""
    for name in facts.scenario.contacts:
        total = 0.0
        for segment, block in segments_of(facts.scenario, name).items():
            total += block.share
            if total > 1 + ROUNDING:
                shown = units.print_share(round(total, 9))
                yield Problem(
                    ("segments", segment, "share"),
                    f"the segments of '{name}' total {shown}, more than all of its customers",
                )
                break


RULES = (segments_are_of_types, segments_fit_into_their_type)
