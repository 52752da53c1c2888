"""What a design fixes before any data: its scopes, which queues and teams belong to them, its
promises, and the window that is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ccsim.measures.catalogue import (
    LATER,
    Scope,
    promise_of,
    resolution_promise_of,
    scopes_of,
    target_of,
    types_of,
)
from ccsim.measures.window import Floats, Ints, Mask, Window
from ccsim.network.hours import opening_hours, promise_hours
from ccsim.network.model import Hours, Network
from ccsim.network.names import QueueName, kind_of, parse_queue_name
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.conversations import BACKLOG
from ccsim.scenario.segments import with_segments, without_segment
from ccsim.scenario.side_lines import CALLBACK, MACHINES, MESSAGE, TRY

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario

NO_PROMISE = -1


@dataclass(frozen=True)
class Frame:
    """Everything that the measures of a design have in common over its replications.

    Campaigns belong to their own scopes only, not to `all`: nobody waits there for an answer.

    Attempts are counted in the *first* queue of their type and channel, items and time in line in
    the queue where they are. `of_attempts` and `of_stays` say with 1.0 which queues belong to which
    scope; a later stage's own scope counts each stay in its queue as an attempt.
    """

    scenario: Scenario
    window: Window
    scopes: tuple[Scope, ...]
    queues: tuple[QueueName, ...]
    first: Ints  # (Q,) the first queue of each queue's type and channel
    later: Mask  # (Q,) a queue of a later stage
    deferred: Mask  # (Q,) work that waits for its turn (e-mail)
    machine: Mask  # (Q,) a machine that answers before people do
    in_vain: Mask  # (Q,) calls to customers who do not answer
    dialled: Mask  # (Q,) customers who are called, in vain or not
    backlog: Mask  # (Q,) contacts that were there when the calendar started
    promise_us: Ints  # (Q,) `answer_within`, or NO_PROMISE
    resolve_us: Ints  # (Q,) `resolve_within`, or NO_PROMISE
    callback_promise_us: Ints  # (Q,) the promise of a callback, or NO_PROMISE
    hours: tuple[Hours | None, ...]  # (Q,) the hours that the promise counts; None: all
    target: Floats  # (S,) of each scope; NaN without
    of_attempts: Floats  # (S, Q)
    of_stays: Floats  # (S, Q)
    of_teams: Floats  # (S, T)


def frame_of(design: Design, network: Network) -> Frame:
    """The frame of a design and its network."""
    scenario = with_segments(design.scenario)
    clock = LocalClock(scenario.calendar)
    scopes = scopes_of(scenario)
    queues = tuple(parse_queue_name(queue.name) for queue in network.queues)
    index = {queue: i for i, queue in enumerate(queues)}
    kinds = [kind_of(scenario, queue) for queue in queues]
    later = np.array([kind in LATER for kind in kinds], bool)
    counted_in = [
        queue if kind == MESSAGE else queue.first for queue, kind in zip(queues, kinds, strict=True)
    ]
    promises = [promise_of(scenario, queue) for queue in counted_in]
    resolve = [resolution_promise_of(scenario, queue.first) for queue in queues]
    in_vain = np.array([kind == TRY for kind in kinds], bool)
    outbound = np.array([queue.channel == "outbound" for queue in queues], bool)
    first = np.array([kind == "" for kind in kinds], bool)
    back = [_callback_promise(scenario, queue) for queue in queues]
    return Frame(
        scenario=scenario,
        window=_window(scenario, clock, network.horizon),
        scopes=scopes,
        queues=queues,
        first=np.array([index.get(queue, i) for i, queue in enumerate(counted_in)], np.int64),
        later=later,
        deferred=np.array([queue.deferred for queue in network.queues], bool),
        machine=np.array([kind in MACHINES for kind in kinds], bool),
        in_vain=in_vain,
        dialled=in_vain | (outbound & first) | np.array([kind == CALLBACK for kind in kinds], bool),
        callback_promise_us=np.array([NO_PROMISE if p is None else p for p in back], np.int64),
        backlog=np.array([kind == BACKLOG for kind in kinds], bool),
        resolve_us=np.array([NO_PROMISE if p is None else p for p in resolve], np.int64),
        promise_us=np.array([NO_PROMISE if p is None else p for p in promises], np.int64),
        hours=_promise_hours(scenario, clock, queues, kinds),
        target=np.array([_target(scenario, scope) for scope in scopes]),
        of_attempts=np.array(
            [[_attempts_in(scenario, q, s) for q in queues] for s in scopes], float
        ),
        of_stays=np.array([[_stays_in(scenario, q, s) for q in queues] for s in scopes], float),
        of_teams=np.array(
            [[_team_in(scenario, team.name, s) for team in network.teams] for s in scopes], float
        ),
    )


def _window(scenario: Scenario, clock: LocalClock, horizon: int) -> Window:
    starts = clock.interval_starts[clock.interval_starts < horizon]
    return Window(
        edges=np.append(starts, horizon).astype(np.int64),
        day=clock.day_of(starts),
        from_us=clock.warm_up_us,
        until_us=horizon,
    )


def _promise_hours(
    scenario: Scenario, clock: LocalClock, queues: tuple[QueueName, ...], kinds: list[str]
) -> tuple[Hours | None, ...]:
    """Messages are answered in opening hours, whatever the channel's promise counts."""
    by_channel = {q.channel: promise_hours(scenario, clock, q.channel) for q in queues}
    open_at = {q.channel: opening_hours(scenario, clock, q.channel) for q in queues}
    return tuple(
        (open_at if kind == MESSAGE else by_channel)[queue.channel]
        for queue, kind in zip(queues, kinds, strict=True)
    )


def _callback_promise(scenario: Scenario, queue: QueueName) -> int | None:
    channel = scenario.channels.get(queue.channel)
    return None if channel is None or channel.callback is None else channel.callback.promise


def _target(scenario: Scenario, scope: Scope) -> float:
    target = None
    if scope.kind == "channel" and scope.target:
        target = scenario.channels[scope.name].target
    elif scope.kind == "type.channel" and scope.target:
        target = target_of(scenario, parse_queue_name(scope.name))
    return float("nan") if target is None else target


def _stays_in(scenario: Scenario, queue: QueueName, scope: Scope) -> bool:
    if scope.kind == "queue":
        return scope.name in _names(queue)
    kind = kind_of(scenario, queue)
    if kind in MACHINES or kind == MESSAGE:
        return scope.name in _names(queue)
    return _attempts_in(scenario, queue.first, scope)


def _names(queue: QueueName) -> tuple[str, str]:
    """A segment's line is also one of its type's."""
    return str(queue), without_segment(str(queue))


def _attempts_in(scenario: Scenario, queue: QueueName, scope: Scope) -> bool:
    if queue.stage:
        kinds = ("queue", "type.channel") if kind_of(scenario, queue) == MESSAGE else ("queue",)
        return scope.kind in kinds and scope.name in _names(queue)
    return (
        (scope.kind == "all" and queue.channel != "outbound")
        or (scope.kind == "channel" and scope.name == queue.channel)
        or (scope.kind == "type" and scope.name in types_of(queue))
        or (scope.kind == "type.channel" and scope.name in _names(queue))
    )


def _team_in(scenario: Scenario, team: str, scope: Scope) -> bool:
    if scope.kind == "tier":
        return team in scenario.teams and scope.name == f"tier{scenario.teams[team].tier}"
    if scope.kind == "all":
        return team in scenario.teams
    return scope.kind == "team" and scope.name == team


def on_call_teams(frame: Frame, network: Network) -> Mask:
    """(T,): whether the team's people are on call, drawn from another team. To stand by is no
    duty: of them only time with work is."""
    teams = frame.scenario.teams
    return np.array(
        [team.name in teams and teams[team.name].drawn_from is not None for team in network.teams],
        dtype=bool,
    )


def holds_line(frame: Frame) -> Mask:
    """(Q,): whose contacts hold a phone line, which is paid by the minute after the warm-up: from
    entry to the end of handling, waiting included; none for who met a busy tone or a closed
    door."""
    return np.array([queue.channel in ("phone", "outbound") for queue in frame.queues], bool)


def called_before_held(frame: Frame) -> Mask:
    """(Q,): customers who are called (callbacks, messages, campaigns) and hold it for the call."""
    messages = [kind_of(frame.scenario, queue) == MESSAGE for queue in frame.queues]
    called: Mask = frame.dialled | np.array(messages, bool)
    return called
