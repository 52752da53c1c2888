"""Quantities of a case that are no measure of ccsim, each a ratio (numerator, denominator) of one
replication, counted from its records here and nowhere else. Times in minutes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ccsim.network.model import Exit
from tests.theory.runs import Replication

US = 60_000_000  # microseconds in a minute
Ratio = tuple[float, float]
Instants = NDArray[np.int64]


def _measured(run: Replication) -> NDArray[np.void]:
    """Legs that entered after the warm-up."""
    return run.records.legs[run.records.legs["entered"] >= run.warm_up]


def _minutes(run: Replication) -> float:
    return (run.network.horizon - run.warm_up) / US


def _waits(run: Replication) -> NDArray[np.float64]:
    legs = _measured(run)
    waited: NDArray[np.int64] = legs["waited"][legs["exit"] != Exit.INSIDE]
    return waited / US


def second_moment_of_wait(run: Replication) -> Ratio:
    waits = _waits(run)
    return float((waits**2).sum()), float(len(waits))


def mean_sojourn(run: Replication, queue: str) -> Ratio:
    legs = _measured(run)
    mine = (legs["queue"] == run.queue(queue)) & (legs["exit"] == Exit.SERVED)
    return float((legs["ended"][mine] - legs["entered"][mine]).sum()) / US, float(mine.sum())


def sojourn_in_hours(run: Replication, queue: str) -> Ratio:
    minutes, count = mean_sojourn(run, queue)
    return minutes / 60, count


def sojourn_at_8_minutes(run: Replication) -> Ratio:
    """Of processor sharing, where E[T | x] = x / (1 - rho) at every size x: 8 times time over
    work, here for requirements of 7 to 9 minutes."""
    legs = _measured(run)
    served = legs[legs["exit"] == Exit.SERVED]
    work = run.work_of(served)
    middle = (work > 7 * US) & (work < 9 * US)
    took = (served["ended"] - served["entered"])[middle]
    return 8 * float(took.sum()), float(work[middle].sum())


def _time_at(run: Replication, starts: Instants, ends: Instants, number: int, more: bool) -> Ratio:
    """Share of the time measured in which `number` (or `more`) of the stays overlap."""
    instants = np.concatenate(([run.warm_up], starts, ends))
    steps = np.concatenate(([0], np.ones(len(starts)), -np.ones(len(ends))))
    order = np.argsort(instants, kind="stable")
    count = np.cumsum(steps[order])
    edges = np.clip(np.append(instants[order], run.network.horizon), run.warm_up, None)
    chosen = count >= number if more else count == number
    return float(np.diff(edges)[chosen].sum()) / US, _minutes(run)


def time_with(run: Replication, number: int) -> Ratio:
    """Share of time with so many contacts in the system."""
    legs = run.records.legs
    ended = np.where(legs["ended"] < 0, run.network.horizon, legs["ended"])
    return _time_at(run, legs["entered"], ended, number, more=False)


def time_with_busy(run: Replication, agents: int) -> Ratio:
    """Share of time with at least so many items in work."""
    work = run.records.work
    return _time_at(run, work["start"], work["until"], agents, more=True)


def orbit(run: Replication) -> Ratio:
    """How many are between two attempts, on average over time."""
    legs = run.records.legs
    following = np.flatnonzero(legs["leg"] > 0)
    start = np.maximum(legs["ended"][following - 1], run.warm_up)
    end = np.maximum(legs["entered"][following], run.warm_up)
    last = np.append(legs["contact"][1:] != legs["contact"][:-1], True)
    away = last & (legs["next"] >= 0)
    tail = run.network.horizon - np.maximum(legs["ended"][away], run.warm_up)
    return (float((end - start).sum()) + float(tail.sum())) / US, _minutes(run)


def orbit_wait(run: Replication) -> Ratio:
    """Time from the first attempt to service, by customer served."""
    legs = run.records.legs
    served = legs[legs["exit"] == Exit.SERVED]
    first = legs[legs["leg"] == 0]
    came = first["entered"][np.searchsorted(first["contact"], served["contact"])]
    mine = came >= run.warm_up
    return float((served["entered"] - came)[mine].sum()) / US, float(mine.sum())


def answered_by(run: Replication, queue: str, team: str) -> Ratio:
    """Share of a queue's contacts that a team took, of all that came."""
    legs = _measured(run)
    teams = legs["team"][legs["queue"] == run.queue(queue)]
    return float((teams == run.team(team)).sum()), float(len(teams))


def not_answered_by(run: Replication, queue: str, team: str) -> Ratio:
    """Those that a team did not take, a minute: with a mean handle time of a minute, Erlangs."""
    taken, came = answered_by(run, queue, team)
    return came - taken, _minutes(run)


def answered_within(run: Replication, minutes: float) -> Ratio:
    """Share of all that are served without waiting longer than so many minutes."""
    legs = _measured(run)
    known = legs[legs["exit"] != Exit.INSIDE]
    good = (known["exit"] == Exit.SERVED) & (known["waited"] <= minutes * US)
    return float(good.sum()), float(len(known))


def abandoned_within(run: Replication, seconds: float) -> Ratio:
    legs = _measured(run)
    known = legs[legs["exit"] != Exit.INSIDE]
    gone = (known["exit"] == Exit.ABANDONED) & (known["waited"] <= seconds * 1_000_000)
    return float(gone.sum()), float(len(known))


def delayed_or_gone_at_once(run: Replication) -> Ratio:
    legs = _measured(run)
    known = legs[legs["exit"] != Exit.INSIDE]
    held_up = (known["waited"] > 0) | (known["exit"] == Exit.ABANDONED)
    return float(held_up.sum()), float(len(known))


def handled_rate(run: Replication, queue: str) -> Ratio:
    """Items answered after the warm-up, a minute."""
    legs = run.records.legs
    mine = (legs["queue"] == run.queue(queue)) & (legs["answered"] >= run.warm_up)
    return float(mine.sum()), _minutes(run)


def entries(run: Replication, queue: str, per: str) -> Ratio:
    """Entries into a queue, an hour or for each first attempt."""
    legs = _measured(run)
    mine = legs["queue"] == run.queue(queue)
    return float(mine.sum()), _minutes(run) / 60 if per == "hour" else float(
        (legs["leg"] == 0).sum()
    )


def wait_in_hours(run: Replication, queue: str) -> Ratio:
    legs = _measured(run)
    mine = (legs["queue"] == run.queue(queue)) & (legs["exit"] != Exit.INSIDE)
    return float(legs["waited"][mine].sum()) / US / 60, float(mine.sum())


def hours_in_system_per_customer(run: Replication) -> Ratio:
    """Over all legs that entered after the warm-up; those still inside count until the horizon."""
    legs = _measured(run)
    ended = np.where(legs["ended"] < 0, run.network.horizon, legs["ended"])
    return float((ended - legs["entered"]).sum()) / US / 60, float((legs["leg"] == 0).sum())


def at_instant(run: Replication, instant: int) -> tuple[int, int]:
    """How many are in the system, and how many of them in line, at an instant."""
    legs = run.records.legs
    inside = (legs["entered"] <= instant) & ((legs["ended"] < 0) | (legs["ended"] > instant))
    waiting = inside & ((legs["answered"] < 0) | (legs["answered"] > instant))
    return int(inside.sum()), int(waiting.sum())
