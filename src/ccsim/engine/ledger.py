"""Where the reference engine writes what happened: rows in the end sorted into `Records`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ccsim.engine.floor import Agent, Item
from ccsim.network.model import Exit, Label
from ccsim.records import DUTY_DTYPE, LEGS_DTYPE, NONE, WORK_DTYPE, Next, Presence, Records, State


class Ledger:
    """Rows in the order in which they were closed."""

    def __init__(self, horizon: int) -> None:
        self._horizon = horizon
        self._legs: list[tuple[int, ...]] = []
        self._work: list[tuple[int, ...]] = []

    def leg(
        self, item: Item, ended: int, exit_: int, label: int, onward: int, state: State
    ) -> None:
        agent, crew = item.agent, item.crew
        self._legs.append(
            (
                item.contact.number,
                item.leg,
                item.part,
                item.line.index,
                item.entered,
                item.answered,
                ended,
                exit_,
                label,
                NONE if agent is None else agent.number,
                NONE if crew is None else crew.index,
                item.waited,
                onward,
                state,
            )
        )

    def work(self, item: Item, until: int, freed: int) -> None:
        agent, crew = item.agent, item.crew
        assert crew is not None
        self._work.append(
            (
                item.contact.number,
                item.leg,
                item.part,
                item.line.index,
                NONE if agent is None else agent.number,
                crew.index,
                item.work_from,
                until,
                min(freed, self._horizon),
                item.units,
            )
        )

    def close(self, inside: Iterable[Item], agents: list[Agent]) -> Records:
        """The records at the horizon, with the legs that are still inside."""
        horizon = self._horizon
        for item in inside:
            if item.state in (State.IN_SERVICE, State.CONSULTING):
                self.work(item, horizon, horizon)
            else:
                item.waited += horizon - item.waiting_since
            self.leg(item, NONE, Exit.INSIDE, Label.NONE, Next.LEAVES, item.state)
        duty: list[tuple[int, ...]] = []
        for agent in agents:
            start, presence, units = agent.row
            for row in (*agent.rows, (start, horizon, presence, units)):
                start, until, presence, units = row
                if presence != Presence.OFF and until > max(start, 0):
                    duty.append((agent.number, max(start, 0), until, presence, units))
        return Records(
            legs=_table(self._legs, LEGS_DTYPE, ("contact", "leg", "part")),
            work=_table(self._work, WORK_DTYPE, ("contact", "leg", "part", "start")),
            duty=_table(duty, DUTY_DTYPE, ("agent", "start")),
        )


def _table(
    rows: list[tuple[int, ...]], dtype: np.dtype[np.void], order: tuple[str, ...]
) -> NDArray[np.void]:
    """Rows as columns, sorted; rows that are equal in the order's columns keep their order."""
    table: NDArray[Any] = np.array(rows, dtype=dtype)
    return table[np.lexsort([table[column] for column in reversed(order)])]
