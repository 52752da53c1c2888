"""A scenario with its queues and teams numbered: what every part of the compilation asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.network import hours
from ccsim.network.model import Hours
from ccsim.network.names import QueueName, on_channel, queue_names, route_key_of
from ccsim.network.spreads import Spreads
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.schema import Channel, Handle, OnChannel, Route, RouteStep, Scenario

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design


class Plan:
    """Look-ups in one design. Queues are in the order of `names.queue_names`, teams in that of the
    file; everything asked for exists in a scenario that passed its rules."""

    def __init__(self, design: Design) -> None:
        self.scenario: Scenario = design.scenario
        self.clock = LocalClock(design.scenario.calendar)
        self.tables = Spreads(design)
        self.queues = queue_names(design.scenario)
        self.teams = tuple(design.scenario.teams)
        self._queue_index = {queue: i for i, queue in enumerate(self.queues)}
        self._opening: dict[str, Hours | None] = {}
        self._promise: dict[str, Hours | None] = {}

    def index(self, queue: QueueName) -> int:
        """The number of the queue in the network."""
        return self._queue_index[queue]

    def team_index(self, team: str) -> int:
        """The number of the team in the network."""
        return self.teams.index(team)

    def channel(self, queue: QueueName) -> Channel:
        """The channel's block; one that is not written has only defaults."""
        return self.scenario.channels.get(queue.channel, Channel())

    def on_channel(self, queue: QueueName) -> OnChannel:
        """How the queue's type is handled on its channel."""
        block = on_channel(self.scenario.contacts[queue.contact], queue.channel)
        if block is None:
            raise KeyError(str(queue))
        return block

    def handle(self, queue: QueueName) -> Handle:
        """Handling at the queue's stage."""
        if queue.stage:
            return self.scenario.contacts[queue.contact].stages[queue.stage].handle
        return self.on_channel(queue).handle

    def route(self, queue: QueueName) -> Route:
        """The line of `routing` that applies to the queue."""
        key = route_key_of(queue, self.scenario.routing)
        if key is None:
            raise ValueError(f"no line of `routing` covers {queue}")
        return self.scenario.routing[key]

    def teams_of(self, queue: QueueName) -> tuple[str, ...]:
        """The teams in the queue's route, in the order in which they are reached."""
        named = (team for step in self.route(queue).route for team in teams_of_step(step))
        return tuple(dict.fromkeys(named))

    def answer_within(self, queue: QueueName) -> int | None:
        """The promise, us; a type may override its channel."""
        own = self.on_channel(queue).answer_within
        return self.channel(queue).answer_within if own is None else own

    def target(self, queue: QueueName) -> float | None:
        """The share of contacts for which the promise is to be kept."""
        own = self.on_channel(queue).target
        return self.channel(queue).target if own is None else own

    def head_start(self, queue: QueueName) -> int:
        """Wait that counts from the beginning, us: the stage's, else that of the routing line."""
        contact = self.scenario.contacts[queue.contact]
        own = contact.stages[queue.stage].head_start if queue.stage else 0
        return own or self.route(queue).head_start

    def opening_hours(self, channel: str) -> Hours | None:
        """When the channel takes contacts; None is always."""
        if channel not in self._opening:
            self._opening[channel] = hours.opening_hours(self.scenario, self.clock, channel)
        return self._opening[channel]

    def promise_hours(self, channel: str) -> Hours | None:
        """The hours that the channel's promise counts; None when its clock always runs."""
        if channel not in self._promise:
            self._promise[channel] = hours.promise_hours(self.scenario, self.clock, channel)
        return self._promise[channel]


def teams_of_step(step: RouteStep) -> tuple[str, ...]:
    """The teams of equal rank in a step."""
    return tuple(step.team)
