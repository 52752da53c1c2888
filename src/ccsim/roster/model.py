"""When agents work in one replication, and what of it is paid."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


class Activity(enum.IntEnum):
    """What a person's scheduled time is spent on."""

    ON_DUTY = 1  # available for contacts
    PAID_BREAK = 2
    UNPAID_BREAK = 3
    LEAVE = 4  # planned absence, paid
    SICK = 5
    LATE = 6
    TRAINING = 7
    MEETING = 8
    ELSEWHERE = 9  # paid here, at work on something else
    OVERTIME = 10  # planned: on duty after the shift, paid as overtime
    STANDBY = 11  # on call: available for contacts, paid for standing by
    HOLIDAY = 12  # a shift that is not worked because of a public holiday, paid without premium


DUTY = (Activity.ON_DUTY, Activity.OVERTIME, Activity.STANDBY)  # what the engine sees
SHRINKAGE = (
    Activity.LEAVE,
    Activity.SICK,
    Activity.LATE,
    Activity.TRAINING,
    Activity.MEETING,
    Activity.ELSEWHERE,
    Activity.HOLIDAY,
)
# paid at the usual rate; planned overtime and standing by are paid apart
PAID = (Activity.ON_DUTY, Activity.PAID_BREAK, *SHRINKAGE)


SPANS = np.dtype(
    [("agent", "i4"), ("start", "i8"), ("until", "i8"), ("pace", "f8"), ("then_break", "?")]
)
SCHEDULE = np.dtype(
    [("agent", "i4"), ("start", "i8"), ("until", "i8"), ("activity", "i1"), ("premium", "f8")]
)


@dataclass(frozen=True, slots=True)
class Roster:
    """The agents of one replication, numbered team by team.

    `spans` is what the engine sees: on-duty spans sorted by (agent, start), those of one agent
    disjoint, and touching only where the pace changes. `pace` multiplies handling time;
    `then_break` says that the gap until the agent's next span is a break of the same shift, not
    time off. Times are us since the calendar's start; spans may begin before 0 (night crews) and
    end beyond the horizon.

    `schedule` is what the payroll sees: everything scheduled, sorted by (agent, start), disjoint;
    a premium is a share of pay on top (0.2 for 20 %).
    """

    team: NDArray[np.int32]  # (agents,) team of each agent
    spans: NDArray[np.void]  # SPANS
    schedule: NDArray[np.void]  # SCHEDULE
