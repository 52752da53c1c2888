"""A scenario with its queues and teams numbered: what every part of the compilation asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.network import hours
from ccsim.network.facts import QueueFacts
from ccsim.network.model import Hours
from ccsim.network.names import QueueName, queue_names, route_key_of
from ccsim.network.spreads import Spreads
from ccsim.network.structure import structure_of
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.conversations import base_stage
from ccsim.scenario.schema import (
    Channel,
    Handle,
    OnChannel,
    Route,
    RouteStep,
    Scenario,
    SelfService,
    Stage,
)
from ccsim.scenario.side_lines import (
    MACHINES,
    consulting_roles,
    machine_of,
    machine_team,
    machines_of,
)

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design


class NetworkPlan:
    """Look-ups in one design. Queues are in the order of `names.queue_names`, teams in that of the
    file, then roles whose people are asked for help, then machines that answer before people do;
    everything asked for exists in a scenario that passed its rules."""

    def __init__(self, design: Design) -> None:
        self.structure = structure_of(design.scenario)
        self.scenario: Scenario = self.structure.scenario
        self.clock = LocalClock(design.scenario.calendar)
        self.tables = Spreads(design)
        self.queues = queue_names(self.scenario)
        self.helpers = consulting_roles(design.scenario)
        self.machines = machines_of(design.scenario)
        self.teams = (
            *design.scenario.teams,
            *self.helpers,
            *(machine_team(channel, kind) for channel, kind in self.machines),
        )
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
        block = self.scenario.contacts[queue.contact].on(queue.channel)
        if block is None:
            raise KeyError(str(queue))
        return block

    def handle(self, queue: QueueName) -> Handle:
        """Handling at the queue's stage; that of the first one for side lines."""
        stage = self.stage(queue)
        return self.on_channel(queue).handle if stage is None else stage.handle

    def stage(self, queue: QueueName) -> Stage | None:
        """The later stage of its type that a queue is for; None for first stages and side lines."""
        return self.scenario.contacts[queue.contact].stages.get(base_stage(queue.stage))

    def is_side_line(self, queue: QueueName) -> bool:
        """Whether the queue stands beside the type's stages: a callback, a message, a helper."""
        return bool(queue.stage) and queue.stage not in self.scenario.contacts[queue.contact].stages

    def machine(self, queue: QueueName) -> SelfService | None:
        """The machine that answers this type on this channel before people do."""
        kind = machine_of(self.scenario, queue.contact, queue.channel)
        block: SelfService | None = getattr(self.channel(queue), kind) if kind else None
        return block

    def entry(self, queue: QueueName) -> int:
        """The number of the queue into which contacts of this type come on this channel: the
        machine's where one answers, else the first."""
        kind = machine_of(self.scenario, queue.contact, queue.channel)
        return self.index(QueueName(queue.contact, queue.channel, kind) if kind else queue.first)

    def route(self, queue: QueueName) -> Route:
        """The line of `routing` that applies to the queue."""
        if queue.stage in self.helpers:
            return Route(route=(RouteStep(team=(queue.stage,)),))
        if queue.stage in MACHINES and self.is_side_line(queue):
            return Route(route=(RouteStep(team=(machine_team(queue.channel, queue.stage),)),))
        key = route_key_of(queue, self.scenario.routing)
        if key is None:
            raise ValueError(f"no line of `routing` covers {queue}")
        return self.scenario.routing[key]

    def teams_of(self, queue: QueueName) -> tuple[str, ...]:
        """The teams in the queue's route, in the order in which they are reached, and the owners of
        its customers."""
        route = self.route(queue)
        named = [team for step in route.route for team in teams_of_step(step)]
        owners = [route.owner.team] if route.owner is not None else []
        return tuple(dict.fromkeys(named + owners))

    def facts(self, queue: QueueName) -> QueueFacts:
        """What the queue is, with its targets."""
        return self.structure.queues[self.index(queue)]

    def head_start(self, queue: QueueName) -> int:
        """Wait that counts from the beginning, us: the stage's, else that of the routing line."""
        stage = self.stage(queue)
        own = stage.head_start if stage is not None else 0
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
