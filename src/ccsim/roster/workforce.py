"""How fast people work: by tenure, or all alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ccsim.scenario.schema import Team


class Paces:
    """What multiplies the handle time of each person of a team, over time.

    Of n people, the share `new_now` (rounded half up) is new at the calendar's start. Newcomers are
    spread evenly over the team's numbers, hence over shifts, and become experienced one after the
    other, at dates spread evenly over `until`: the first half a step after the start, the last half
    a step before its end. A person's pace is that of the beginning of the shift,
    or of the day where no shifts are stated.
    """

    def __init__(self, team: Team, people: int) -> None:
        handle_time = team.handle_time
        self._experienced_from = np.full(people, -np.inf)
        if handle_time is None or isinstance(handle_time, (int, float)):
            self._new = self._experienced = 1.0 if handle_time is None else float(handle_time)
            return
        self._new, self._experienced = handle_time.new, handle_time.experienced
        count = math.floor(people * handle_time.new_now + 0.5 + 1e-9)
        for j in range(count):
            person = (2 * j + 1) * people // (2 * count)
            self._experienced_from[person] = handle_time.until * (j + 0.5) / count

    def of(self, person: NDArray[np.intp], at: NDArray[np.int64]) -> NDArray[np.float64]:
        """The paces of persons with these numbers in the team at instants (us)."""
        return np.where(at < self._experienced_from[person], self._new, self._experienced)
