"""Agents' time: on duty, at work, scheduled, paid; and the measures made of it.

Capacity is counted in heads: an agent half of whose units are taken is half a head, so that teams
with different numbers of units add up. Time belongs to the interval in which it passes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.frame import Frame
from ccsim.measures.tally import SECOND, Floats, Ints, sum_events, sum_time
from ccsim.measures.work import Items
from ccsim.network.model import Network
from ccsim.records import Presence, Records
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


def team_sums(
    frame: Frame, network: Network, roster: Roster, records: Records, items: Items
) -> dict[str, Floats]:
    """Each quantity of STAFF by team and interval, (T, I), but `time_s`: (I,)."""
    n = len(network.teams)
    duty = _at_work(frame, network, roster, records.duty)
    out = _duty(frame, network, roster, duty)
    out |= _schedule(frame, network, roster)
    beyond = _overtime_beyond_pay(frame, network, roster, duty)
    # whoever is called out works overtime; planned overtime is so by the schedule
    out["overtime_s"] += out["planned_overtime_s"] + out["called_out_s"]
    work = records.work[records.work["agent"] >= 0]
    hand = sum_time(frame.window, work["start"], work["freed"], work["team"], n)
    out["in_hand_s"] = hand / SECOND
    out["taken_live_s"] = _taken_live(frame, network, duty, work)
    place = items.team * frame.window.intervals + frame.window.interval_of(items.ended)
    out["items"] = sum_events(frame.window, place[items.team >= 0], n)
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
    out["time_s"] = frame.window.length_us / SECOND
    return out


def _at_work(
    frame: Frame, network: Network, roster: Roster, duty: NDArray[np.void]
) -> NDArray[np.void]:
    """The duty rows, of people on call only those with work: to stand by is no duty."""
    on_call = on_call_teams(frame, network)[roster.team[duty["agent"]]]
    return duty[~on_call | (duty["units"] > 0)] if on_call.any() else duty


def on_call_teams(frame: Frame, network: Network) -> NDArray[np.bool_]:
    """(T,): whether the team's people are on call, drawn from another team."""
    teams = frame.scenario.teams
    return np.array(
        [team.name in teams and teams[team.name].drawn_from is not None for team in network.teams],
        dtype=bool,
    )


def _duty(
    frame: Frame, network: Network, roster: Roster, duty: NDArray[np.void]
) -> dict[str, Floats]:
    n = len(network.teams)
    team = roster.team[duty["agent"]]
    capacity = _capacity(network)[:, None]
    on, late = duty["presence"] == Presence.ON, duty["presence"] == Presence.OVERTIME
    works = duty["units"] > 0

    def total(rows: NDArray[np.bool_], weight: Ints | None = None) -> Floats:
        d = duty[rows]
        return sum_time(frame.window, d["start"], d["until"], team[rows], n, weight) / SECOND

    called_out = on & on_call_teams(frame, network)[team]
    return {
        "called_out_s": total(called_out),
        "on_duty_s": total(on),
        "overtime_s": total(late),
        "busy_s": total(on & works),
        "with_work_s": total((on | late) & works),
        "taken_s": total(on, duty["units"][on]) / capacity,
        "taken_overtime_s": total(late, duty["units"][late]) / capacity,
    }


def _capacity(network: Network) -> Floats:
    return np.array([team.units for team in network.teams], float)


def _taken_live(
    frame: Frame, network: Network, duty: NDArray[np.void], work: NDArray[np.void]
) -> Floats:
    """Head-seconds taken by work that is not deferred, while on duty: (T, I)."""
    live = work[~frame.deferred[work["queue"]]]
    on = duty[duty["presence"] == Presence.ON]
    row, start, until = _shared_time(frame, live["agent"], live["start"], live["freed"], on)
    weight = live["units"][row].astype(np.int64)
    sums = sum_time(frame.window, start, until, live["team"][row], len(network.teams), weight)
    return sums / SECOND / _capacity(network)[:, None]


def _overtime_beyond_pay(
    frame: Frame, network: Network, roster: Roster, duty: NDArray[np.void]
) -> Floats:
    """Seconds of overtime outside paid time, (T, I): work into a paid break is paid already.
    Planned overtime and the work of people on call are overtime too."""
    team = roster.team[duty["agent"]]
    of_call = on_call_teams(frame, network)[team]
    late = duty[(duty["presence"] == Presence.OVERTIME) | of_call]
    paid = roster.schedule[np.isin(roster.schedule["activity"], PAID)]
    row, start, until = _shared_time(frame, late["agent"], late["start"], late["until"], paid)
    team, n = roster.team[late["agent"]], len(network.teams)
    all_of_it = sum_time(frame.window, late["start"], late["until"], team, n)
    unplanned = all_of_it - sum_time(frame.window, start, until, team[row], n)
    planned = roster.schedule[roster.schedule["activity"] == Activity.OVERTIME]
    of = roster.team[planned["agent"]]
    return (unplanned + sum_time(frame.window, planned["start"], planned["until"], of, n)) / SECOND


def _shared_time(
    frame: Frame, agent: Ints, start: Ints, until: Ints, spans: NDArray[np.void]
) -> tuple[Ints, Ints, Ints]:
    """Where stretches of agents' time meet spans of the same agents: the number of the stretch,
    from, until. The spans are sorted by (agent, start), those of one agent disjoint."""
    horizon = frame.window.until_us
    spans = spans[(spans["until"] > 0) & (spans["start"] < horizon)]
    begins, ends = np.maximum(spans["start"], 0), np.minimum(spans["until"], horizon)
    # Spans and stretches are placed on one axis, agent after agent, on which spans are sorted.
    axis, agent = horizon + 1, agent.astype(np.int64)
    of_span = spans["agent"].astype(np.int64) * axis
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
