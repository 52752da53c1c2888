"""The clock of the reference engine: SimPy's, with the law's order of events at one instant."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import simpy

from ccsim.engine import order


class Subject(Protocol):
    """What an event is about. Its token moves on whenever what was due no longer is."""

    token: int


Handler = Callable[[Any, int], None]  # of a subject and a number: a step, a limit


class Timer(simpy.Event):
    """An event of the law. It is passed over when its subject has moved on since it was set."""

    def __init__(
        self,
        env: simpy.Environment,
        happens: Callable[[Any], None],
        handler: Handler,
        subject: Subject,
        number: int,
    ) -> None:
        self.env = env
        self.callbacks = [happens]
        self._ok = True
        self._value = None
        self.handler = handler
        self.subject = subject
        self.token = subject.token
        self.number = number


class Clock(ABC):
    """Time and the events to come. `now` is the instant of the present event [us]."""

    def __init__(self, start: int, horizon: int) -> None:
        self.now = start
        self.horizon = horizon
        self._env = simpy.Environment(initial_time=start)

    def set(
        self,
        at: int,
        kind: int,
        identity: int,
        handler: Handler,
        subject: Subject,
        number: int = 0,
    ) -> None:
        """Let an event happen at an instant, after all of lower kind or id; none at the horizon."""
        if at < self.horizon:
            timer = Timer(self._env, self._happens, handler, subject, number)
            self._env.schedule(
                timer,
                priority=order.priority(kind, identity),  # type: ignore[arg-type]
                delay=at - self.now,
            )

    def events(self) -> Iterator[None]:
        """Make the events happen one by one; between two of them the caller may look around."""
        step = self._env.step
        try:
            while True:
                step()
                yield
        except simpy.core.EmptySchedule:
            self.now = self.horizon

    def _happens(self, timer: Timer) -> None:
        self.now = self._env.now  # type: ignore[assignment]
        subject = timer.subject
        if timer.token == subject.token:
            timer.handler(subject, timer.number)
            self.make_offers()

    @abstractmethod
    def make_offers(self) -> None:
        """All changes of the event are made: offer what has become possible."""
