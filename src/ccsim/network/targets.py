"""All targets of a scenario as one list, for everything that judges or shows results.

A time (`answer_within`, `resolve_within`, a callback's `promise`) may be written for a channel, for
a type on it, for a segment, for messages; a share (`target`) as well. Each place becomes one
`Target`, with the measure that it is compared with. What a type or segment takes over from its
channel is covered by the channel's target: its measure counts each contact with the time that
applies to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ccsim.network.facts import QueueFacts, QueueKind, Target, TargetClock, TargetKind
from ccsim.scenario.segments import MARK

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

# Every key of the language that states a target, as `Block.key`, and who reads it. A test compares
# the table with the schema, so that a new key cannot be forgotten.
READ_BY = {
    "Channel.answer_within": "Target",
    "Channel.target": "Target",
    "Channel.resolve_within": "Target",
    "OnChannel.answer_within": "Target",
    "OnChannel.target": "Target",
    "OnChannel.resolve_within": "Target",
    "Outbound.answer_within": "Target",
    "Outbound.target": "Target",
    "Outbound.resolve_within": "Target",
    "Segment.answer_within": "Target",
    "Segment.target": "Target",
    "Segment.resolve_within": "Target",
    "WhenClosed.answer_within": "Target",
    "WhenClosed.target": "Target",
    "Callback.promise": "Target",
    "Channel.promise": "clock of the channel's targets",
    "Penalty.promise": "cost.penalties: which target the contract is about",
    "Penalty.under": "cost.penalties: a missed level is priced",
}
_FIELDS = {
    TargetKind.ANSWER: ("answer_within", "target"),
    TargetKind.RESOLUTION: ("resolve_within", ""),
}


def targets_of(scenario: Scenario, queues: tuple[QueueFacts, ...]) -> tuple[Target, ...]:
    """The targets of a scenario with the variants of its segments: those of channels, types,
    segments, messages and callbacks, in this order."""
    firsts = [(i, queue) for i, queue in enumerate(queues) if queue.kind.is_first]
    found = [
        *_of_channels(scenario, firsts),
        *_of_types(scenario, firsts),
        *_of_segments(scenario, firsts),
        *_of_messages(queues),
        *_of_callbacks(scenario, queues),
    ]
    return tuple(target for target in found if target is not None)


_Numbered = list[tuple[int, QueueFacts]]


def _target(
    kind: TargetKind, scope: str, share: float | None, source: str, queues: Iterable[Any]
) -> Target | None:
    """The target of those of the `queues` that state a time; None where none does."""
    within: dict[TargetKind, Callable[[QueueFacts], int | None]] = {
        TargetKind.ANSWER: lambda queue: queue.answer_within,
        TargetKind.RESOLUTION: lambda queue: queue.resolve_within,
        TargetKind.CALLBACK: lambda queue: queue.callback_within,
    }
    about = [(i, queue) for i, queue in queues if within[kind](queue) is not None]
    if not about:
        return None
    times = {within[kind](queue) for _, queue in about}
    clocks = {queue.clock for _, queue in about}
    return Target(
        key=f"{scope}.{kind.value}",
        kind=kind,
        scope=scope,
        share=share,
        within=times.pop() if len(times) == 1 else None,
        clock=clocks.pop() if len(clocks) == 1 else TargetClock.ALWAYS,
        source=source,
        queues=tuple(i for i, _ in about),
    )


def _stated(block: object, kind: TargetKind) -> tuple[str, float | None] | None:
    """The key that a block states for this kind of target, and the share; None where it states
    nothing."""
    within, share = _FIELDS[kind]
    written = getattr(block, share) if share else None
    if written is not None:
        return share, written
    return (within, None) if getattr(block, within) is not None else None


def _of_channels(scenario: Scenario, firsts: _Numbered) -> Iterator[Target | None]:
    for name, block in scenario.channels.items():
        own = [(i, queue) for i, queue in firsts if queue.channel == name]
        for kind in _FIELDS:
            if (stated := _stated(block, kind)) is not None:
                key, share = stated
                yield _target(kind, name, share, f"channels.{name}.{key}", own)


def _of_types(scenario: Scenario, firsts: _Numbered) -> Iterator[Target | None]:
    """What types state for a channel; it is also about the segments' customers of the type."""
    for _, first in firsts:
        block = scenario.contacts[first.contact].on(first.channel)
        if first.segment or block is None:
            continue
        own = [
            (i, queue)
            for i, queue in firsts
            if (queue.contact_type, queue.channel) == (first.contact_type, first.channel)
        ]
        for kind in _FIELDS:
            if (stated := _stated(block, kind)) is not None:
                key, share = stated
                source = f"contacts.{first.contact}.{first.channel}.{key}"
                yield _target(kind, first.name, share, source, own)


def _of_segments(scenario: Scenario, firsts: _Numbered) -> Iterator[Target | None]:
    """One for the segment; one for each type and channel where channels are written apart."""
    for name, block in scenario.segments.items():
        own = [(i, queue) for i, queue in firsts if queue.segment == name]
        for kind in _FIELDS:
            stated = _stated(block, kind)
            if stated is None:
                continue
            key, written = stated
            source = f"segments.{name}.{key}"
            by_channel = getattr(block, key)
            if not isinstance(by_channel, dict):
                yield _target(kind, name, written, source, own)
                continue
            for i, queue in own:
                if queue.channel in by_channel:
                    share = by_channel[queue.channel] if key == _FIELDS[kind][1] else None
                    yield _target(kind, queue.name, share, source, [(i, queue)])


def _of_messages(queues: tuple[QueueFacts, ...]) -> Iterator[Target | None]:
    for queue in queues:
        if queue.kind is QueueKind.MESSAGE and MARK not in queue.name:
            same = (queue.contact_type, queue.channel, queue.kind)
            own = [
                (j, each)
                for j, each in enumerate(queues)
                if (each.contact_type, each.channel, each.kind) == same
            ]
            key = "answer_within" if queue.target is None else "target"
            source = f"when_closed.{queue.channel}.{key}"
            yield _target(TargetKind.ANSWER, queue.name, queue.target, source, own)


def _of_callbacks(scenario: Scenario, queues: tuple[QueueFacts, ...]) -> Iterator[Target | None]:
    callbacks = [(i, queue) for i, queue in enumerate(queues) if queue.kind is QueueKind.CALLBACK]
    for name in scenario.channels:
        own = [(i, queue) for i, queue in callbacks if queue.channel == name]
        source = f"channels.{name}.callback.promise"
        yield _target(TargetKind.CALLBACK, name, None, source, own)
