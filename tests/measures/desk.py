"""A desk whose records are written by hand: two types, three channels' worth of cases, two teams.

Times in the tables are seconds since Monday, 2027-03-01, 00:00 (UTC); the horizon is two days.
Queues: 0 billing.phone, 1 billing.email, 2 technical.phone, 3 technical.phone@tier2.
Teams: 0 frontline (agents 0 and 1), 1 specialists (agent 2).
"""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.kpis import Kpis
from ccsim.network.compile import compile_network
from ccsim.network.model import Exit, Label, Network
from ccsim.records import DUTY_DTYPE, LEGS_DTYPE, WORK_DTYPE, Next, Presence, Records, State
from ccsim.roster.model import SCHEDULE, SPANS, Activity, Roster
from ccsim.scenario.schema import Scenario
from ccsim.workload.model import Workload
from tests.evaluated import evaluate

S = 1_000_000
HOUR = 3600
DAY = 86_400
HORIZON = 2 * DAY
Blocks = dict[str, Any]

DESK: Blocks = {
    "ccsim": 1,
    "name": "desk",
    "calendar": {"start": dt.date(2027, 3, 1), "days": 2, "interval": 6 * HOUR * S},
    "contacts": {
        "billing": {
            "arrivals": {"per_day": 10.0},
            "phone": {"handle": {"mean": 180 * S}},
            "email": {"handle": {"mean": 600 * S}},
        },
        "technical": {
            "arrivals": {"per_day": 10.0},
            "phone": {"handle": {"mean": 180 * S}},
            "stages": {"tier2": {"handle": {"mean": 600 * S}}},
            "escalates": ({"to": "tier2", "share": 0.3},),
        },
    },
    "channels": {
        "phone": {"answer_within": 20 * S, "target": 0.4},
        "email": {
            "answer_within": HOUR * S,
            "target": 0.9,
            "promise": "working",
            "working_hours": {
                day: ({"start": 9 * HOUR, "until": 17 * HOUR},) for day in ("mon", "tue")
            },
        },
    },
    "teams": {
        "frontline": {"people": 2, "hands": {"phone": "alone", "email": "in gaps"}},
        "specialists": {"people": 1, "tier": 2},
    },
    "routing": {
        "*": {"route": ({"team": "frontline"},)},
        "technical@tier2": {"route": ({"team": "specialists"},)},
    },
}


def merged(base: Blocks, patch: Blocks) -> Blocks:
    """`base` with the maps of `patch` merged in; other values replace."""
    result = dict(base)
    for key, value in patch.items():
        if isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def design(*patches: Blocks) -> Any:
    """The desk with patches, as a resolved design."""
    blocks = DESK
    for patch in patches:
        blocks = merged(blocks, patch)
    scenario = Scenario.model_validate(blocks)
    return SimpleNamespace(name="base", scenario=scenario, files={}, folder=None, places={})


def legs(*rows: tuple[Any, ...]) -> NDArray[np.void]:
    """(contact, leg, part, queue, entered, answered, ended, exit, label, agent, next, state)"""
    out = np.zeros(len(rows), LEGS_DTYPE)
    for i, row in enumerate(rows):
        contact, leg, part, queue, entered, answered, ended, exit_, label, agent, onward, state = (
            row
        )
        times = [t * S if t >= 0 else -1 for t in (entered, answered, ended)]
        line_end = HORIZON if ended < 0 and answered < 0 else (answered if answered >= 0 else ended)
        out[i] = (
            contact, leg, part, queue, *times, exit_, label, agent, TEAM_OF.get(agent, -1),
            (line_end - entered) * S, onward, state,
        )  # fmt: skip
    return out


def work(*rows: tuple[int, ...]) -> NDArray[np.void]:
    """(contact, leg, part, queue, agent, start, until, freed)"""
    out = np.zeros(len(rows), WORK_DTYPE)
    for i, (contact, leg, part, queue, agent, *times) in enumerate(rows):
        team = TEAM_OF[agent]
        out[i] = (contact, leg, part, queue, agent, team, *(t * S for t in times), 1)
    return out


def duty(*rows: tuple[int, ...]) -> NDArray[np.void]:
    """(agent, start, until, presence, units)"""
    out = np.zeros(len(rows), DUTY_DTYPE)
    for i, (agent, start, until, presence, units) in enumerate(rows):
        out[i] = (agent, start * S, until * S, presence, units)
    return out


def schedule(*rows: tuple[Any, ...]) -> NDArray[np.void]:
    """(agent, start, until, activity, premium)"""
    out = np.zeros(len(rows), SCHEDULE)
    for i, (agent, start, until, activity, premium) in enumerate(rows):
        out[i] = (agent, start * S, until * S, activity, premium)
    return out


def roster(rows: NDArray[np.void], team: tuple[int, ...] = (0, 0, 1)) -> Roster:
    return Roster(np.array(team, np.int32), np.zeros(0, SPANS), rows)


def workload(legs_: NDArray[np.void]) -> Workload:
    """The arrivals behind the first legs."""
    first = legs_[(legs_["leg"] == 0) & (legs_["part"] == 0)]
    n = len(first)
    nothing = np.full(n, -1, np.int64)
    key = np.zeros(n, np.uint64)
    return Workload(first["entered"], first["queue"], key, nothing, nothing, nothing)


TEAM_OF = {0: 0, 1: 0, 2: 1}
GONE, NONE = Next.LEAVES, -1
_SERVED, _LEFT, _IN = Exit.SERVED, Exit.ABANDONED, Exit.INSIDE
_DONE, _BUSY = State.ENDED, State.IN_SERVICE

LEGS = legs(
    # answered in 10 s, resolved
    (0, 0, 0, 0, 100, 110, 310, _SERVED, Label.RESOLVED, 0, GONE, _DONE),
    # hangs up after 10 s, redials and waits 30 s, unresolved, comes again and is resolved
    (1, 0, 0, 0, 120, -1, 130, _LEFT, Label.REDIALLED, NONE, 0, _DONE),
    (1, 1, 0, 0, 500, 530, 700, _SERVED, Label.UNRESOLVED, 0, 0, _DONE),
    (1, 2, 0, 0, 30_000, 30_000, 30_100, _SERVED, Label.RESOLVED, 0, GONE, _DONE),
    # busy tone; closed; cut off after 60 s in the line
    (2, 0, 0, 0, 200, -1, 200, Exit.NO_LINE, Label.GAVE_UP, NONE, GONE, _DONE),
    (3, 0, 0, 0, 300, -1, 300, Exit.CLOSED, Label.GAVE_UP, NONE, GONE, _DONE),
    (4, 0, 0, 0, 400, -1, 460, Exit.LIMIT, Label.DISCONNECTED, NONE, GONE, _DONE),
    # answered in 5 s, passed on, waits 100 s more, resolved by the second agent
    (5, 0, 0, 2, 600, 605, 665, _SERVED, Label.ESCALATED, 1, 3, _DONE),
    (5, 1, 0, 3, 665, 765, 1065, _SERVED, Label.RESOLVED, 2, GONE, _DONE),
    # moved to the second line after 20 s, answered after 100 s in all, helped, not resolved
    (6, 0, 0, 2, 1000, -1, 1020, Exit.LIMIT, Label.PROMOTED, NONE, 3, _DONE),
    (6, 1, 0, 3, 1020, 1100, 1200, _SERVED, Label.UNRESOLVED, 2, GONE, _DONE),
    (6, 1, 1, 3, 1150, 1150, 1180, _SERVED, Label.HELPED, 1, GONE, _DONE),
    # waits at the end: 800 s, 10 s
    (7, 0, 0, 2, 172_000, -1, -1, _IN, Label.NONE, NONE, GONE, State.WAITING),
    (8, 0, 0, 2, 172_790, -1, -1, _IN, Label.NONE, NONE, GONE, State.WAITING),
    # e-mail: from 00:16 to 09:30 in the line (half an hour of the promise), interrupted once
    (9, 0, 0, 1, 1000, 34_200, 35_100, _SERVED, Label.RESOLVED, 0, GONE, _DONE),
    # e-mail: 23:30 on the second day
    (10, 0, 0, 1, 171_000, -1, -1, _IN, Label.NONE, NONE, GONE, State.WAITING),
    # hangs up after 100 s for good
    (11, 0, 0, 2, 172_000, -1, 172_100, _LEFT, Label.GAVE_UP, NONE, GONE, _DONE),
    # answered in 10 s, still talking at the end
    (12, 0, 0, 2, 172_500, 172_510, -1, _IN, Label.NONE, 1, GONE, _BUSY),
)
WORK = work(
    (0, 0, 0, 0, 0, 110, 310, 340),
    (1, 1, 0, 0, 0, 530, 700, 700),
    (1, 2, 0, 0, 0, 30_000, 30_100, 30_100),
    (5, 0, 0, 2, 1, 605, 665, 665),
    (5, 1, 0, 3, 2, 765, 1065, 1095),
    (6, 1, 0, 3, 2, 1100, 1200, 1200),
    (6, 1, 1, 3, 1, 1150, 1180, 1180),
    (9, 0, 0, 1, 0, 34_200, 34_500, 34_500),
    (9, 0, 0, 1, 0, 34_800, 35_100, 35_100),
    (12, 0, 0, 2, 1, 172_510, 172_800, 172_800),
)
_ON, _BREAK, _LATE = Presence.ON, Presence.BREAK, Presence.OVERTIME
DUTY = duty(
    (0, 0, 110, _ON, 0), (0, 110, 340, _ON, 1), (0, 340, 530, _ON, 0), (0, 530, 700, _ON, 1),
    (0, 700, 30_000, _ON, 0), (0, 30_000, 30_100, _ON, 1), (0, 30_100, 34_200, _ON, 0),
    (0, 34_200, 34_500, _ON, 1), (0, 34_500, 34_800, _ON, 0), (0, 34_800, 35_100, _ON, 1),
    (0, 35_100, 36_000, _BREAK, 0), (0, 36_000, 40_900, _ON, 0),
    (1, 0, 605, _ON, 0), (1, 605, 665, _ON, 1), (1, 665, 1150, _ON, 0), (1, 1150, 1180, _ON, 1),
    (1, 1180, 172_510, _ON, 0), (1, 172_510, 172_600, _ON, 1), (1, 172_600, 172_800, _LATE, 1),
    (2, 0, 765, _ON, 0), (2, 765, 1095, _ON, 1), (2, 1095, 1100, _ON, 0), (2, 1100, 1200, _ON, 1),
    (2, 1200, 2000, _ON, 0),
)  # fmt: skip
SCHEDULED = schedule(
    (0, -1000, 35_100, Activity.ON_DUTY, 0.0),
    (0, 35_100, 36_000, Activity.UNPAID_BREAK, 0.0),
    (0, 36_000, 40_900, Activity.ON_DUTY, 0.0),
    (1, 0, 172_600, Activity.ON_DUTY, 0.0),
    (1, 172_700, 180_000, Activity.SICK, 0.0),
    (2, 0, 2000, Activity.ON_DUTY, 0.0),
    (2, 2000, 2500, Activity.TRAINING, 0.0),
    (2, 2500, 2700, Activity.PAID_BREAK, 0.0),
)
RECORDS = Records(LEGS, WORK, DUTY)


def kpis(
    *patches: Blocks,
    records: Records = RECORDS,
    scheduled: NDArray[np.void] = SCHEDULED,
    network: Network | None = None,
    team: tuple[int, ...] = (0, 0, 1),
) -> Kpis:
    """The KPIs of the desk (or of other records) under patches of the scenario."""
    made = design(*patches)
    machine = compile_network(made) if network is None else network
    return evaluate(made, machine, roster(scheduled, team), workload(records.legs), records)


def parts(of: Kpis, key: str) -> tuple[float, float]:
    """Numerator and denominator of a key."""
    num, den = of.totals[of.keys.index(key)]
    return float(num), float(den)


def nobody() -> Records:
    """Records of a day on which nothing happened."""
    return Records(LEGS[:0], WORK[:0], DUTY[:0])
