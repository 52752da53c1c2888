"""Agents' time: on duty, at work, scheduled, paid; and the measures made of it.

Capacity is counted in heads: an agent half of whose units are taken is half a head, so that teams
with different numbers of units add up. Time belongs to the interval in which it passes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.books import Books
from ccsim.measures.fold import layout as at
from ccsim.measures.frame import Frame
from ccsim.measures.tally import SECOND, Floats, Ints, sum_time
from ccsim.network.model import Network
from ccsim.roster.model import PAID, SHRINKAGE, Activity, Roster
from ccsim.roster.payroll import gross_up
from ccsim.scenario.schema import Contract, Team

WEEK_US = 7 * 86_400 * SECOND
Parts = tuple[str, str]

STAFF: dict[str, Parts] = {
    "occupancy": ("taken_s", "on_duty_s"),
    "occupancy_live": ("taken_live_s", "on_duty_s"),
    "occupancy_with_overtime": ("taken_always_s", "on_duty_and_taken_overtime_s"),
    "busy": ("busy_s", "on_duty_s"),
    "utilisation": ("with_work_s", "paid_and_overtime_s"),
    "shrinkage": ("shrunk_s", "paid_s"),
    "concurrency": ("in_hand_s", "with_work_s"),
    "contacts_per_agent_hour": ("items", "on_duty_h"),
    "heads_on_duty": ("on_duty_s", "time_s"),
    "heads_busy": ("taken_always_s", "time_s"),
    "heads_scheduled": ("scheduled_s", "time_s"),
    "paid_hours": ("paid_h", ""),
    "duty_hours": ("on_duty_h", ""),
    "overtime_hours": ("overtime_h", ""),
    "standby_hours": ("standby_h", ""),
}


def team_sums(books: Books, roster: Roster) -> dict[str, Floats]:
    """Each quantity of STAFF by team and interval, (T, I), but `time_s`: (1, I)."""
    frame, network = books.sheet.frame, books.sheet.network
    out = _duty(books)
    out |= _schedule(frame, network, roster)
    beyond = _overtime_beyond_pay(books, roster)
    # whoever is called out works overtime; planned overtime is so by the schedule
    out["overtime_s"] += out["planned_overtime_s"] + out["called_out_s"]
    out["in_hand_s"] = books.time_by_team(at.HAND) / SECOND
    out["items"] = books.by_team(at.ITEMS - at.FOR_TEAMS).astype(np.float64)
    out["taken_always_s"] = out["taken_s"] + out["taken_overtime_s"]
    out["on_duty_and_taken_overtime_s"] = out["on_duty_s"] + out["taken_overtime_s"]
    out["paid_and_overtime_s"] = out["paid_s"] + beyond
    out["overtime_beyond_pay_h"] = beyond / 3600
    for hours, seconds in (
        ("paid_h", "paid_s"),
        ("on_duty_h", "on_duty_s"),
        ("overtime_h", "overtime_s"),
        ("standby_h", "standby_s"),
    ):
        out[hours] = out[seconds] / 3600
    out["time_s"] = (frame.window.length_us / SECOND)[None, :]
    return out


def _duty(books: Books) -> dict[str, Floats]:
    capacity = np.array([team.units for team in books.sheet.network.teams], float)[:, None]
    busy, late_busy = books.time_by_team(at.BUSY), books.time_by_team(at.LATE_BUSY)
    units = books.time_by_team(at.UNITS)
    live = units - _taken_by_deferred(books) if books.sheet.wants_deferred else units
    on = busy + books.time_by_team(at.IDLE)
    late = late_busy + books.time_by_team(at.LATE_IDLE)
    return {
        "called_out_s": np.where(books.sheet.on_call[:, None], on, 0) / SECOND,
        "on_duty_s": on / SECOND,
        "overtime_s": late / SECOND,
        "busy_s": busy / SECOND,
        "with_work_s": (busy + late_busy) / SECOND,
        "taken_s": units / SECOND / capacity,
        "taken_live_s": live / SECOND / capacity,
        "taken_overtime_s": books.time_by_team(at.LATE_UNITS) / SECOND / capacity,
    }


def _taken_by_deferred(books: Books) -> Ints:
    """Units x us that deferred work took on duty, (T, I). The rest was live."""
    frame, teams = books.sheet.frame, books.sheet.teams
    agent, start, freed, units = books.spilled(at.DEFERRED_ROWS).T
    spans = np.concatenate([books.spilled(at.DUTY_SPANS), books.last_spans()])
    spans = spans[np.lexsort((spans[:, 1], spans[:, 0]))]
    row, since, until = _shared_time(frame, agent, start, freed, *spans.T)
    team = books.team_of[agent[row]]
    return sum_time(frame.window, since, until, team, teams, units[row]).astype(np.int64)


def _overtime_beyond_pay(books: Books, roster: Roster) -> Floats:
    """Seconds of overtime outside paid time, (T, I): work into a paid break is paid already.
    Planned overtime and the work of people on call are overtime too."""
    frame, n = books.sheet.frame, books.sheet.teams
    agent, start, until = books.spilled(at.LATE_ROWS).T
    paid = roster.schedule[np.isin(roster.schedule["activity"], PAID)]
    spans = paid["agent"], paid["start"], paid["until"]
    row, paid_from, paid_until = _shared_time(frame, agent, start, until, *spans)
    team = roster.team[agent]
    all_of_it = sum_time(frame.window, start, until, team, n)
    unplanned = all_of_it - sum_time(frame.window, paid_from, paid_until, team[row], n)
    planned = roster.schedule[roster.schedule["activity"] == Activity.OVERTIME]
    of = roster.team[planned["agent"]]
    return (unplanned + sum_time(frame.window, planned["start"], planned["until"], of, n)) / SECOND


def _shared_time(
    frame: Frame, agent: Ints, start: Ints, until: Ints, whose: Ints, since: Ints, to: Ints
) -> tuple[Ints, Ints, Ints]:
    """Where stretches of agents' time meet spans (`whose`, `since`, `to`) of the same agents: the
    number of the stretch, from, until. The spans are sorted by (agent, start), those of one agent
    disjoint."""
    horizon = frame.window.until_us
    known = (to > 0) & (since < horizon)
    begins, ends = np.maximum(since[known], 0), np.minimum(to[known], horizon)
    # Spans and stretches are placed on one axis, agent after agent, on which spans are sorted.
    axis, agent = horizon + 1, agent.astype(np.int64)
    of_span = whose[known].astype(np.int64) * axis
    first = np.searchsorted(of_span + ends, agent * axis + start, side="right")
    beyond = np.searchsorted(of_span + begins, agent * axis + until, side="left")
    meets = np.maximum(beyond - first, 0)
    row = np.repeat(np.arange(len(agent)), meets)
    span = np.arange(len(row)) - np.repeat(np.cumsum(meets) - meets, meets) + first[row]
    return row, np.maximum(start[row], begins[span]), np.minimum(until[row], ends[span])


def _schedule(frame: Frame, network: Network, roster: Roster) -> dict[str, Floats]:
    schedule = roster.schedule
    n = len(network.teams)
    team = roster.team[schedule["agent"]]
    activity = schedule["activity"]

    def total(rows: NDArray[np.bool_]) -> Floats:
        s = schedule[rows]
        return sum_time(frame.window, s["start"], s["until"], team[rows], n) / SECOND

    gross = gross_of_net(frame, network)[:, None]
    paid = total(np.isin(activity, PAID))
    return {
        "planned_overtime_s": total(activity == Activity.OVERTIME),
        "standby_s": total(activity == Activity.STANDBY),
        "scheduled_s": total(np.ones(len(schedule), bool)) * gross,
        "paid_s": paid * gross,
        "shrunk_s": total(np.isin(activity, SHRINKAGE)) + paid * (gross - 1.0),
    }


def gross_of_net(frame: Frame, network: Network) -> Floats:
    """(T,): paid hours for each scheduled one. Teams without shifts are scheduled net of shrinkage;
    that of the others stands in their schedule."""
    teams = frame.scenario.teams
    return np.array(
        [gross_up(teams[team.name]) if team.name in teams else 1.0 for team in network.teams]
    )


def full_time_hours(frame: Frame, network: Network) -> Floats:
    """(T,): hours of one full-time person in the measured window, by each team's contract; of roles
    by the usual one, of machines none."""
    weeks = frame.window.measured_us / WEEK_US
    teams = frame.scenario.teams
    return np.array(
        [
            float("nan") if team.unlimited else _weekly_hours(teams.get(team.name)) * weeks
            for team in network.teams
        ]
    )


def _weekly_hours(team: Team | None) -> float:
    """Full-time hours of a week; the usual ones where nothing is written."""
    contract = (team.contract if team is not None else None) or Contract()
    return contract.full_time / SECOND / 3600
