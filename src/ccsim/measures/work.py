"""Items and time in line: what agents did with contacts, and how many waited or were inside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.frame import Frame
from ccsim.measures.tally import SECOND, Floats, Ints, Mask, peak, sum_time
from ccsim.network.model import Exit, Label
from ccsim.records import Records, State


@dataclass(frozen=True)
class Items:
    """One row an item: an answered stay in a queue whose handling ended after the warm-up; a call
    to a customer in vain is none."""

    queue: Ints
    team: Ints
    ended: Ints  # us: the end of handling
    escalated: Mask
    finished: Mask  # wrap-up ended before the horizon
    handling: Ints  # us
    wrap_up: Ints  # us


def items_of(frame: Frame, records: Records, legs: NDArray[np.void]) -> Items:
    """The items among the legs (part 0 only). Their times are those of their own work rows: all
    teams' that worked on them, helpers' parts apart."""
    mine = records.work[records.work["part"] == 0]
    row = leg_of_work(legs, mine)
    n = len(legs)
    handling = np.bincount(row, mine["until"] - mine["start"], n).astype(np.int64)
    wrap_up = np.bincount(row, mine["freed"] - mine["until"], n).astype(np.int64)
    freed = np.zeros(n, np.int64)
    np.maximum.at(freed, row, mine["freed"])
    done = (legs["exit"] == Exit.SERVED) & (legs["ended"] >= frame.window.from_us)
    done &= ~frame.in_vain[legs["queue"]]
    ended = legs[done]
    return Items(
        queue=ended["queue"].astype(np.int64),
        team=ended["team"].astype(np.int64),
        ended=ended["ended"],
        escalated=ended["label"] == Label.ESCALATED,
        finished=freed[done] < frame.window.until_us,
        handling=handling[done],
        wrap_up=wrap_up[done],
    )


def leg_of_work(legs: NDArray[np.void], work: NDArray[np.void]) -> Ints:
    """The row among `legs` (part 0 only) of each work row, helpers' rows going to the leg that
    they helped. Both are sorted by (contact, leg)."""
    return np.searchsorted(_leg_key(legs), _leg_key(work)).astype(np.int64)


def _leg_key(rows: NDArray[np.void]) -> Ints:
    key: Ints = (rows["contact"].astype(np.int64) << 20) + rows["leg"]
    return key


@dataclass(frozen=True)
class Stretches:
    """Stretches of time in which contacts were in some state, us."""

    queue: Ints
    start: Ints
    until: Ints

    def by_interval(self, frame: Frame) -> Floats:
        """(Q, I): seconds, inside the measured window."""
        sums = sum_time(frame.window, self.start, self.until, self.queue, len(frame.queues))
        return sums / SECOND


def in_line(frame: Frame, records: Records, legs: NDArray[np.void]) -> Stretches:
    """Time in line, unanswered or set aside; helpers' parts apart. Its total is the sum of
    `waited` (Little's law as an identity)."""
    horizon = frame.window.until_us
    gone = np.where(legs["ended"] >= 0, legs["ended"], horizon)
    until = np.where(legs["answered"] >= 0, legs["answered"], gone)
    work = records.work[records.work["part"] == 0]
    same = leg_of_work(legs, work)
    again = np.flatnonzero(same[1:] == same[:-1]) if len(same) else np.empty(0, np.int64)
    last = np.searchsorted(same, np.arange(len(legs)), side="right") - 1
    aside = np.flatnonzero((legs["state"] == State.SET_ASIDE) & (legs["answered"] >= 0))
    start = [legs["entered"], work["freed"][again], work["freed"][last[aside]]]
    ends = [until, work["start"][again + 1], np.full(len(aside), horizon)]
    queue = [legs["queue"], work["queue"][again], legs["queue"][aside]]
    return Stretches(*(np.concatenate(parts).astype(np.int64) for parts in (queue, start, ends)))


def inside(frame: Frame, legs: NDArray[np.void]) -> Stretches:
    """Time from entry to the end of handling."""
    until = np.where(legs["ended"] >= 0, legs["ended"], frame.window.until_us)
    return Stretches(legs["queue"].astype(np.int64), legs["entered"], until)


def peaks(frame: Frame, line: Stretches) -> Floats:
    """(S,): the most that waited at one time, by scope."""
    start = np.maximum(line.start, frame.window.from_us)
    kept = start < line.until
    queue, start, until = line.queue[kept], start[kept], line.until[kept]
    by_start, by_until = np.argsort(start, kind="stable"), np.argsort(until, kind="stable")
    out = np.zeros(len(frame.scopes))
    for s, members in enumerate(frame.of_stays.astype(bool)):
        if members.any():
            ours = members[queue]
            out[s] = peak(start[by_start][ours[by_start]], until[by_until][ours[by_until]])
    return out


def waiting_at_end(legs: NDArray[np.void]) -> Mask:
    """Which stays are in line at the horizon."""
    return np.isin(legs["state"], (State.WAITING, State.SET_ASIDE))


def agent_time(frame: Frame, records: Records, legs: NDArray[np.void], attempt: Ints) -> Floats:
    """(attempts,): s of handling and wrap-up, helpers' parts included, of the legs that `legs`
    holds. `attempt`: of each leg."""
    work = records.work[records.work["agent"] >= 0]
    row = leg_of_work(legs, work)
    spent = work["freed"] - work["start"]
    return np.bincount(attempt[row], spent, int(attempt[-1]) + 1 if len(attempt) else 0) / SECOND
