"""Random networks in which much happens at one instant and at one agent.

`tests.networks` covers every feature; what follows from several of them at once is rare there. Here
contacts come in bursts, agents of a team begin and end together, hold several items of several
priorities, and few steps open by the clock alone: so items give way, a line grows by what is set
aside, the last of a team leaves a whole line to the next. Some draws lie in the outermost tails of
their distribution, where a replication of a million contacts gets once.
"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from ccsim.network.draws import GOLDEN, MASK, Purpose
from ccsim.network.model import NO_LIMIT, Queue, Service, Step, Take, Team
from ccsim.network.quantiles import QuantileTable
from ccsim.roster.model import SCHEDULE, SPANS, Roster
from ccsim.workload.model import Workload
from tests.networks import Case, Maker, tail

DRAWN = (
    Purpose.EFFORT,
    Purpose.EFFORT,
    Purpose.PATIENCE,
    Purpose.WRAP_UP,
    Purpose.CONSULT,
    Purpose.BRANCH + 1,
)


def crowded_case(rng: random.Random) -> Case:
    return _Crowds(rng).case()


class _Crowds(Maker):
    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self.rich = 1.0
        self.queues = rng.randint(2, 4)
        self.tick = self.unit = 1_000_000
        self.coarse = rng.random() < 0.9
        self.horizon = self.unit * rng.randint(20, 60)

    def make_teams(self) -> tuple[Team, ...]:
        rng = self.rng
        teams = []
        for index in range(rng.randint(1, 3)):
            rates = [65536]
            for _ in range(rng.randint(0, 3)):
                rates.append(min(rates[-1], rng.choice((65536, 65536, 56988, 32768))))
            teams.append(
                Team(
                    name=f"t{index}",
                    units=len(rates),
                    rates=tuple(rates),
                    take=rng.choice(list(Take)),
                    keep_break_length=rng.random() < 0.5,
                )
            )
        return tuple(teams)

    def make_roster(self) -> Roster:
        """Agents of a team have the same spans, nearly all."""
        rng = self.rng
        if rng.random() < 0.4:
            return super().make_roster()
        team_of: list[int] = []
        spans: list[tuple[int, int, int, float, bool]] = []
        for index in range(len(self.teams)):
            common = self.make_spans()
            for _ in range(rng.randint(1, 4)):
                spans += [(len(team_of), *span) for span in common]
                team_of.append(index)
                common = self.make_spans() if rng.random() < 0.1 else common
        return Roster(np.array(team_of, np.int32), np.array(spans, SPANS), np.zeros(0, SCHEDULE))

    def make_spans(self) -> list[tuple[int, int, float, bool]]:
        spans: list[tuple[int, int, float, bool]] = []
        at = self.time(-3, 2)
        longest = self.rng.choice((3, 10, 30))
        while at < self.horizon and len(spans) < 8:
            until = at + max(self.time(1, longest), 1)
            spans.append((at, until, 1.0, self.rng.random() < 0.6))
            at = until + max(self.time(1, 5), 1)
        return spans

    def make_queue(self, index: int) -> Queue:
        rng, queue = self.rng, super().make_queue(index)
        return replace(
            queue,
            interruptible=rng.random() < 0.7,
            deferred=rng.random() < 0.4,
            priority=rng.randint(1, 4),
            room=queue.room if rng.random() < 0.1 else NO_LIMIT,
            hours=None,
            lines=-1,
            dials=-1,
            limits=queue.limits if rng.random() < 0.2 else (),
            patience=queue.patience if rng.random() < 0.3 else None,
            affinity=queue.affinity if rng.random() < 0.3 else None,
            head_start=queue.head_start if rng.random() < 0.2 else 0,
        )

    def make_route(self) -> tuple[Step, ...]:
        rng, never = self.rng, 100 * self.unit
        return tuple(
            replace(
                step,
                after=rng.choice((0, step.after, never, never)) if number else 0,
                when_waiting=rng.choice((0, 0, 2, 3, 4)),
                keep_idle=rng.choice((0, 0, 0, 0, 1)),
            )
            for number, step in enumerate(super().make_route())
        )

    def make_service(self, queue: int, team: int) -> Service:
        rng, service = self.rng, super().make_service(queue, team)
        return replace(
            service,
            mean=self.time(1, 10),
            units=rng.choice((1, 1, service.units)),
            consult=service.consult if rng.random() < 0.4 else None,
        )

    def make_effort(self) -> QuantileTable:
        return tail(0.1) if self.rng.random() < 0.1 else super().make_effort()

    def make_workload(self) -> Workload:
        rng, workload = self.rng, super().make_workload()
        latest = max(self.horizon // self.unit - 5, 1)
        bursts = [self.time(0, latest) for _ in range(rng.randint(2, 6))]
        at = [rng.choice(bursts) if rng.random() < 0.8 else x for x in workload.at.tolist()]
        keys = [
            key_that_draws(self.extreme(), rng.choice(DRAWN)) if rng.random() < 0.15 else key
            for key in workload.key.tolist()
        ]
        return replace(workload, at=np.sort(np.array(at, np.int64)), key=np.array(keys, np.uint64))

    def extreme(self) -> int:
        """53 bits of a draw: as often of one in a million as of one in ten, mostly near 1."""
        low = self.rng.getrandbits(53) >> self.rng.randint(8, 53)
        return low if self.rng.random() < 0.2 else (1 << 53) - 1 - low


def key_that_draws(bits: int, purpose: int) -> int:
    """A contact's key whose draw for this purpose on leg 0 is `bits` of 2^53: `uniform` backwards.

    Of the 2^11 outputs with these bits on top, the first whose key ends with 0.
    """
    for low in range(1 << 11):
        key = (_state_of(bits << 11 | low) - (purpose + 1) * GOLDEN) & MASK
        if not key & 1:
            return key
    raise AssertionError("every second key ends with 0")


def _state_of(z: int) -> int:
    """The state for which splitmix64 gives this output: its steps undone, the last first."""
    z ^= z >> 31 ^ z >> 62
    z = z * pow(0x94D049BB133111EB, -1, 1 << 64) & MASK
    z ^= z >> 27 ^ z >> 54
    z = z * pow(0xBF58476D1CE4E5B9, -1, 1 << 64) & MASK
    return z ^ z >> 30 ^ z >> 60
