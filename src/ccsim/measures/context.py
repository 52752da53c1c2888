"""What a design fixes before any data: its scopes, which queues and teams belong to them, its
promises, and the window that is measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ccsim.measures.catalogue import Scope, scopes_of
from ccsim.measures.measure import LINE
from ccsim.measures.window import Floats, Ints, Mask, Window
from ccsim.network.facts import QueueFacts, QueueKind, TeamFacts, TeamKind
from ccsim.network.model import Hours, Network
from ccsim.network.structure import BY_THEMSELVES, CAMPAIGNS
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.segments import with_segments

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario

NO_PROMISE = -1


@dataclass(frozen=True)
class MeasureContext:
    """Everything that the measures of a design have in common over its replications.

    Campaigns belong to their own scopes only, not to `all`: nobody waits there for an answer.

    Attempts are counted in the *first* queue of their type and channel, items and time in line in
    the queue where they are. `of_attempts` and `of_stays` say with 1.0 which queues belong to which
    scope; a later stage's own scope counts each stay in its queue as an attempt.
    """

    scenario: Scenario
    window: Window
    scopes: tuple[Scope, ...]
    queues: tuple[QueueFacts, ...]
    first: Ints  # (Q,) the first queue of each queue's type and channel
    later: Mask  # (Q,) a queue of a later stage
    deferred: Mask  # (Q,) work that waits for its turn (e-mail)
    machine: Mask  # (Q,) a machine that answers before people do
    in_vain: Mask  # (Q,) calls to customers who do not answer
    dialled: Mask  # (Q,) customers who are called, in vain or not
    campaign: Mask  # (Q,) customers of a list, whoever of them is called
    backlog: Mask  # (Q,) contacts that were there when the calendar started
    promise_us: Ints  # (Q,) `answer_within`, or NO_PROMISE
    resolve_us: Ints  # (Q,) `resolve_within`, or NO_PROMISE
    callback_promise_us: Ints  # (Q,) the promise of a callback, or NO_PROMISE
    hours: tuple[Hours | None, ...]  # (Q,) the hours that the promise counts; None: all
    target: Floats  # (S,) of each scope; NaN without
    of_attempts: Floats  # (S, Q)
    of_stays: Floats  # (S, Q)
    of_teams: Floats  # (S, T)


def context_of(design: Design, network: Network) -> MeasureContext:
    """The context of a design and its network."""
    scenario = with_segments(design.scenario)
    scopes = scopes_of(scenario)
    facts = tuple(queue.facts for queue in network.queues)
    counted_in = [facts[queue.first] for queue in facts]
    kinds = [queue.kind for queue in facts]
    in_vain = np.array([kind is QueueKind.TRY for kind in kinds], bool)
    called = (QueueKind.TRY, QueueKind.CALLBACK, QueueKind.CAMPAIGN)
    return MeasureContext(
        scenario=scenario,
        window=_window(scenario, LocalClock(scenario.calendar), network.horizon),
        scopes=scopes,
        queues=facts,
        first=np.array([queue.first for queue in facts], np.int64),
        later=np.array([kind in BY_THEMSELVES for kind in kinds], bool),
        deferred=np.array([queue.deferred for queue in network.queues], bool),
        machine=np.array([kind.is_machine for kind in kinds], bool),
        in_vain=in_vain,
        dialled=np.array([kind in called for kind in kinds], bool),
        campaign=np.array([kind is QueueKind.CAMPAIGN for kind in kinds], bool),
        backlog=np.array([kind is QueueKind.BACKLOG for kind in kinds], bool),
        promise_us=_times(queue.answer_within for queue in counted_in),
        resolve_us=_times(queue.resolve_within for queue in counted_in),
        callback_promise_us=_times(queue.callback_within for queue in facts),
        hours=tuple(queue.target_hours for queue in network.queues),
        target=np.array([_target(scenario, facts, scope) for scope in scopes]),
        of_attempts=_belonging(scopes, [queue.attempt_scopes for queue in facts]),
        of_stays=_belonging(scopes, [queue.stay_scopes for queue in facts]),
        of_teams=np.array(
            [[_team_in(team.facts, scope) for team in network.teams] for scope in scopes], float
        ),
    )


def _times(times: Iterable[int | None]) -> Ints:
    return np.array([NO_PROMISE if time is None else time for time in times], np.int64)


def _window(scenario: Scenario, clock: LocalClock, horizon: int) -> Window:
    starts = clock.interval_starts[clock.interval_starts < horizon]
    return Window(
        edges=np.append(starts, horizon).astype(np.int64),
        day=clock.day_of(starts),
        from_us=clock.warm_up_us,
        until_us=horizon,
    )


def _target(scenario: Scenario, queues: tuple[QueueFacts, ...], scope: Scope) -> float:
    """The share that attempts of a channel, or of a type on it, should reach; NaN without."""
    target = None
    if scope.kind == "channel" and scope.target:
        target = scenario.channels[scope.name].target
    elif scope.kind == "type.channel" and scope.target:
        target = next(queue.target for queue in queues if queue.name == scope.name)
    return float("nan") if target is None else target


def _belonging(scopes: tuple[Scope, ...], names: list[tuple[str, ...]]) -> Floats:
    """(S, Q) of 0 and 1: which queues belong to which scope. `names`: those of each queue."""
    found = np.zeros((len(scopes), len(names)))
    place = {scope.name: s for s, scope in enumerate(scopes) if scope.kind in LINE}
    for queue, of_queue in enumerate(names):
        found[[place[name] for name in of_queue if name in place], queue] = 1.0
    return found


def _team_in(team: TeamFacts, scope: Scope) -> bool:
    if scope.kind == "tier":
        return team.is_staffed and scope.name == f"tier{team.tier}"
    if scope.kind == "all":
        return team.is_staffed
    return scope.kind == "team" and scope.name == team.name


def on_call_teams(network: Network) -> Mask:
    """(T,): whether the team's people are on call, drawn from another team. To stand by is no
    duty: of them only time with work is."""
    return np.array([team.facts.kind is TeamKind.ON_CALL for team in network.teams], bool)


def holds_line(context: MeasureContext) -> Mask:
    """(Q,): whose contacts hold a phone line, which is paid by the minute after the warm-up: from
    entry to the end of handling, waiting included; none for who met a busy tone or a closed
    door."""
    return np.array([queue.channel in ("phone", CAMPAIGNS) for queue in context.queues], bool)


def called_before_held(context: MeasureContext) -> Mask:
    """(Q,): customers who are called (callbacks, messages, campaigns) and hold it for the call."""
    messages = [queue.kind is QueueKind.MESSAGE for queue in context.queues]
    called: Mask = context.dialled | np.array(messages, bool)
    return called
