"""Where the reference engine writes what happened: rows in the end sorted into `Records`."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ccsim.engine.state import Agent, Item
from ccsim.network.model import Exit, Label
from ccsim.records import DUTY_DTYPE, LEGS_DTYPE, NONE, WORK_DTYPE, Next, Presence, Records, State


class Ledger:
    """Rows in the order in which they were closed, kept as plain integers one after the other: a
    tenth of the memory that as many tuples take."""

    def __init__(self, horizon: int) -> None:
        self._horizon = horizon
        self._legs = array("q")
        self._work = array("q")

    def leg(
        self, item: Item, ended: int, exit_: int, label: int, onward: int, state: State
    ) -> None:
        agent, team = item.agent, item.team
        self._legs.extend(
            (
                item.contact.number,
                item.leg,
                item.part,
                item.queue.index,
                item.entered,
                item.answered,
                ended,
                exit_,
                label,
                NONE if agent is None else agent.number,
                NONE if team is None else team.index,
                item.waited,
                onward,
                state,
            )
        )

    def work(self, item: Item, until: int, freed: int) -> None:
        agent, team = item.agent, item.team
        assert team is not None
        self._work.extend(
            (
                item.contact.number,
                item.leg,
                item.part,
                item.queue.index,
                NONE if agent is None else agent.number,
                team.index,
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
        duty = array("q")
        for agent in agents:
            start, presence, units = agent.row
            agent.rows.extend((start, horizon, presence, units))
            rows = np.array(agent.rows, np.int64).reshape(-1, 4)
            rows = rows[(rows[:, 2] != Presence.OFF) & (rows[:, 1] > np.maximum(rows[:, 0], 0))]
            rows = np.insert(np.maximum(rows, 0), 0, agent.number, axis=1)
            duty.frombytes(rows.tobytes())
        return Records(
            legs=_table(self._legs, LEGS_DTYPE, ("contact", "leg", "part")),
            work=_table(self._work, WORK_DTYPE, ("contact", "leg", "part", "start")),
            duty=_table(duty, DUTY_DTYPE, ("agent", "start")),
        )


def _table(rows: array[int], dtype: np.dtype[np.void], order: tuple[str, ...]) -> NDArray[np.void]:
    """Rows as columns, sorted; rows that are equal in the order's columns keep their order."""
    assert dtype.names is not None
    values = np.array(rows, np.int64).reshape(-1, len(dtype.names))
    by = np.lexsort([values[:, dtype.names.index(column)] for column in reversed(order)])
    table = np.empty(len(values), dtype)
    for number, name in enumerate(dtype.names):
        table[name] = values[by, number]
    return table
