"""What the bank's log says, as input for two scenarios: `python scenarios/bank/fit.py [FOLDER]`.

Reads `data/february_1999.csv.gz` and writes, below this folder or FOLDER, the files that
`replay.yaml` and `bank.yaml` name. Nothing is random: the same log gives the same bytes. Needs
Python and NumPy.

RULES OF INFERENCE. Everything below is fixed; none of it has a number that was chosen by looking
at simulated waits. (What was revised after the first try, and why, is told in
`docs/background/bank.md`.)

 1. *Clock.* Times of the log are local wall-clock times of the row's date. A wait or conversation
    that crosses midnight wraps around in `q_exit` and `ser_exit`; so ends are start plus `q_time`
    or `ser_time`, never the exit columns. `0:00:00` means 'none'.
 2. *Calls that count.* Outcome not PHANTOM, type not IN (internet support had agents of its own),
    that entered the line (`q_start`) or reached an agent (outcome AGENT). Who hung up inside the
    voice-response unit asked nothing of an agent. The 21 calls that 'reached an agent' without an
    instant of either kind have no arrival and are left out.
 3. *Arrival* is `q_start` where the call queued, else `ser_start`.
 4. *Abandoned* is outcome HANG, also for the 97 calls with some seconds of conversation with
    NO_SERVER after hanging up (a record of the switch, not of an agent). Its wait is `q_time`.
 5. *Handle time* is `ser_time` of calls with outcome AGENT and an instant `ser_start`: zeros (35)
    and those with NO_SERVER (median 6 s) included, for they were answered. 29 calls that waited,
    reached an agent and have no conversation recorded have an unknown handle time; so have those
    who hung up. Whoever of them is answered in the simulation gets one drawn from the handle
    times of the type.
 6. *Head start*: 90 s for priority 2, none for 0 and 1, as recorded. (Priority is mostly unknown
    for calls that did not wait.)
 7. *Types*: regular (PS, and PE, the same in English), stock (NE), newcomer (NW), called_back (TT).
    For `bank.yaml` regular and stock are split by the share of priority 2 among calls that queued,
    since for the others the priority is not recorded.
 8. *Patience*: product-limit (Kaplan-Meier) estimate of the counted calls that queued: the wait of
    those who hung up is observed, of those who reached an agent a lower bound. The files hold the
    pairs; the simulator makes the estimate, with an exponential tail where the longest waits are
    bounds. One file for all (the replay) and one for each type.
 9. *Agents* are the named servers of whose calls fewer than half are IN. Their calls are those
    with a conversation, of every type but IN, on every day.
10. *At work*: conversations of one server, joined where the gap is at most 600 s and holds no
    conversation of type IN (during that one the agent was there, but not for these calls).
    Longer gaps are time off. Conversations that overlap (a few) are joined.
11. *On duty* (accepting calls), for the replay: from the first answer of such a spell until one
    second after its last answer: the instants between which the log shows the agent to accept
    calls. The last conversation runs on as overtime, as in the model ('live items are finished').
    Renewal theory says why: a simulated agent who accepts calls during a time L accepts about
    L / m + (1 + c^2) / 2 of them (m, c: mean and coefficient of variation of the time from answer
    to answer). A spell of n calls has L = (n - 1) m between its first and last answer, which gives
    n for c near 1; duty until the end of the last conversation would give each of the 2,000 spells
    a call more than it had.
12. *Wrap-up*: gaps of 0 to 600 s between two conversations inside such a spell, during the whole
    of which somebody counted waited (the line was never empty from the end of the first to the
    start of the second, give or take 2 s, the usual disagreement of the log's clocks). It holds
    whatever kept the agent: notes, a word with a colleague, a short break, no skill for who
    waits.
13. *The replay* takes Sunday to Thursday, arrivals from 07:00 to 24:00, and spells that begin on
    those days and reach beyond 07:00 (cut there); spells run on past midnight.
14. *The profile* (`bank.yaml`) takes all days and hours. Arrivals: counts by weekday and half hour
    over the four weeks, divided by four. Busyness: what the variance of a weekday's count over the
    four weeks has beyond Poisson, as a coefficient of variation, from the working days. Staffing:
    the mean number of agents at work (rule 10) by weekday and half hour, rounded half up, and one
    at least where a call arrived in that half hour of any of the four weeks. Two desks share these
    heads by the handling work of their types in the same half hour: the preferred desk gets the
    rounded share, but leaves one for the others.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
LOG = HERE / "data" / "february_1999.csv.gz"

FIRST_DAY = dt.date(1999, 2, 1)
WEEKS = 4
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # as date.weekday() counts
WORKING_DAYS = frozenset({"sun", "mon", "tue", "wed", "thu"})
DAY_S, HALF_HOUR_S = 86_400, 1_800
OPENING_S = 7 * 3600
JOIN_S = 600  # rules 10 and 12
CLOCKS_S = 2  # rule 12
HEAD_START_S = 90  # rule 6
TYPES = {"PS": "regular", "PE": "regular", "NE": "stock", "NW": "newcomer", "TT": "called_back"}
SPLIT_BY_PRIORITY = ("regular", "stock")

Heads = NDArray[np.int64]
ByHalfHour = NDArray[np.float64]  # (7 weekdays, 48)


@dataclass(frozen=True, slots=True)
class Call:
    """A row of the log. Instants are seconds since 1 February, 00:00; None for none."""

    type: str
    priority: int
    outcome: str
    queued: int | None
    waited: int
    answered: int | None
    handled: int
    server: str | None

    @property
    def arrived(self) -> int | None:
        return self.queued if self.queued is not None else self.answered

    @property
    def abandoned(self) -> bool:
        return self.outcome == "HANG"

    @property
    def counts(self) -> bool:
        """Rule 2."""
        asked = self.queued is not None or self.outcome == "AGENT"
        return (
            asked and self.outcome != "PHANTOM" and self.type != "IN" and self.arrived is not None
        )

    @property
    def handle_known(self) -> bool:
        """Rule 5."""
        return self.outcome == "AGENT" and self.answered is not None

    @property
    def head_start(self) -> int:
        return HEAD_START_S if self.priority == 2 else 0


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time in which a server was at work (rule 10), seconds as in `Call`."""

    server: str
    start: int
    last_answer: int
    end: int


def read_log(path: Path = LOG) -> list[Call]:
    """All rows of the log, in its order."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [_call(row) for row in csv.DictReader(file)]


def _call(row: Mapping[str, str]) -> Call:
    midnight = (dt.date.fromisoformat(row["date"]) - FIRST_DAY).days * DAY_S

    def instant(column: str) -> int | None:
        hours, minutes, seconds = (int(part) for part in row[column].split(":"))
        since = hours * 3600 + minutes * 60 + seconds
        return midnight + since if since else None

    return Call(
        type=row["type"],
        priority=int(row["priority"]),
        outcome=row["outcome"],
        queued=instant("q_start"),
        waited=int(row["q_time"]),
        answered=instant("ser_start"),
        handled=int(row["ser_time"]),
        server=None if row["server"] == "NO_SERVER" else row["server"],
    )


def weekday(instant: int) -> int:
    """0 for Monday, of an instant; 1 February 1999 was one."""
    return (FIRST_DAY.weekday() + instant // DAY_S) % 7


def in_replay(instant: int) -> bool:
    """Rule 13: Sunday to Thursday from 07:00."""
    return DAYS[weekday(instant)] in WORKING_DAYS and instant % DAY_S >= OPENING_S


def counted(log: Iterable[Call]) -> list[Call]:
    """Rule 2, sorted by arrival."""
    return sorted((call for call in log if call.counts), key=arrival)


def arrival(call: Call) -> int:
    """Rule 3; of a call that counts."""
    assert call.arrived is not None
    return call.arrived


# --- agents ------------------------------------------------------------------------------------


def conversations(log: Iterable[Call]) -> dict[str, list[Call]]:
    """Rule 9: by server, IN calls included (they end a spell), sorted by answer."""
    by_server: dict[str, list[Call]] = defaultdict(list)
    for call in log:
        if call.server is not None and call.answered is not None and call.outcome == "AGENT":
            by_server[call.server].append(call)
    return {
        server: sorted(calls, key=lambda call: (call.answered or 0, call.handled))
        for server, calls in sorted(by_server.items())
        if 2 * sum(call.type == "IN" for call in calls) < len(calls)
    }


def spells(log: Iterable[Call]) -> tuple[list[Spell], list[tuple[int, int]]]:
    """Rule 10: the spells at work, and the gaps (from, until) between conversations inside them."""
    found: list[Spell] = []
    gaps: list[tuple[int, int]] = []
    for server, calls in conversations(log).items():
        now: Spell | None = None
        for call in calls:
            assert call.answered is not None
            if call.type == "IN":
                if now is not None:
                    found.append(now)
                now = None
                continue
            start, end = call.answered, call.answered + call.handled
            if now is not None and start - now.end <= JOIN_S:
                if start >= now.end:
                    gaps.append((now.end, start))
                now = Spell(server, now.start, start, max(now.end, end))
                continue
            if now is not None:
                found.append(now)
            now = Spell(server, start, start, end)
        if now is not None:
            found.append(now)
    return found, gaps


def wrap_ups(calls: Iterable[Call], gaps: Iterable[tuple[int, int]]) -> list[int]:
    """Rule 12: lengths of the gaps during which somebody waited, sorted."""
    busy: list[list[int]] = []  # times at which the line was not empty
    for start, end in sorted(
        (call.queued, call.queued + call.waited) for call in calls if call.queued is not None
    ):
        if busy and start <= busy[-1][1]:
            busy[-1][1] = max(busy[-1][1], end)
        else:
            busy.append([start, end])
    starts = np.array([start for start, _ in busy])
    lengths = []
    for start, end in gaps:
        i = int(np.searchsorted(starts, start, side="right")) - 1
        if i >= 0 and busy[i][1] >= end - CLOCKS_S and busy[i][1] >= start:
            lengths.append(end - start)
    return sorted(lengths)


def duty(found: Iterable[Spell]) -> list[tuple[str, int, int]]:
    """Rules 11 and 13: (server, from, until) of the replay."""
    rows = []
    for spell in found:
        start, until = spell.start, spell.last_answer + 1
        opening = start // DAY_S * DAY_S + OPENING_S
        if DAYS[weekday(start)] in WORKING_DAYS and until > opening:
            rows.append((spell.server, max(start, opening), until))
    return sorted(rows)


# --- profiles ----------------------------------------------------------------------------------


def preferred_shares(calls: Sequence[Call]) -> dict[str, float]:
    """Rule 7: share of priority 2 among the calls of a type that queued."""
    shares = {}
    for name in SPLIT_BY_PRIORITY:
        queued = [c for c in calls if TYPES[c.type] == name and c.queued is not None]
        shares[name] = sum(c.priority == 2 for c in queued) / len(queued)
    return shares


def counts_by_half_hour(calls: Iterable[Call]) -> ByHalfHour:
    """Arrivals by weekday and half hour, a mean over the weeks."""
    counts = np.zeros((7, DAY_S // HALF_HOUR_S))
    for call in calls:
        at = arrival(call)
        counts[weekday(at), at % DAY_S // HALF_HOUR_S] += 1 / WEEKS
    return counts


def busyness_cv(calls: Iterable[Call]) -> float:
    """Rule 14: spread of the days beyond chance, sqrt(mean of (variance - mean) / mean^2)."""
    counts = np.zeros((WEEKS, 7))
    for call in calls:
        day = arrival(call) // DAY_S
        counts[day // 7, (FIRST_DAY.weekday() + day) % 7] += 1
    working = counts[:, [i for i, day in enumerate(DAYS) if day in WORKING_DAYS]]
    mean, variance = working.mean(axis=0), working.var(axis=0, ddof=1)
    return float(np.sqrt(max(float(np.mean((variance - mean) / mean**2)), 0.0)))


def at_work_by_half_hour(found: Iterable[Spell]) -> ByHalfHour:
    """Mean number of agents at work by weekday and half hour."""
    seconds = np.zeros((7, DAY_S // HALF_HOUR_S))
    for spell in found:
        start = spell.start
        while start < spell.end:
            until = min(spell.end, (start // HALF_HOUR_S + 1) * HALF_HOUR_S)
            seconds[weekday(start), start % DAY_S // HALF_HOUR_S] += until - start
            start = until
    return seconds / (HALF_HOUR_S * WEEKS)


def heads(found: Iterable[Spell], arrivals: ByHalfHour) -> Heads:
    """Rule 14: whole heads by weekday and half hour."""
    at_work = np.floor(at_work_by_half_hour(found) + 0.5).astype(np.int64)
    return np.maximum(at_work, (arrivals > 0).astype(np.int64))


def preferred_heads(
    all_heads: Heads,
    by_type: Mapping[str, ByHalfHour],
    shares: Mapping[str, float],
    handle: Mapping[str, float],
) -> Heads:
    """Rule 14: of these heads, those of a desk for preferred customers alone."""
    work = {name: counts * handle[name] for name, counts in by_type.items()}
    total = sum(work.values(), np.zeros_like(all_heads, dtype=np.float64))
    preferred = sum((work[name] * share for name, share in shares.items()), np.zeros_like(total))
    share = np.divide(preferred, total, out=np.zeros_like(total), where=total > 0)
    rounded: Heads = np.floor(all_heads * share + 0.5).astype(np.int64)
    left: Heads = np.minimum(rounded, np.maximum(all_heads - 1, 0))
    return left


# --- files -------------------------------------------------------------------------------------


class Writer:
    """Writes CSV files below a folder, with Unix line ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: list[str] = []

    def __call__(self, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(header)
            out.writerows(rows)
        self.written.append(name)

    def by_half_hour(
        self, name: str, table: NDArray[np.generic], text: Callable[[float], str]
    ) -> None:
        rows = [
            [f"{i // 2:02d}:{i % 2 * 30:02d}", *(text(table[day, i]) for day in range(7))]
            for i in range(table.shape[1])
        ]
        self(name, ("time", *DAYS), rows)


def local_time(instant: int) -> str:
    """2 Feb 1999, 07:00: 1999-02-02T07:00:00."""
    midnight = dt.datetime.combine(FIRST_DAY, dt.time())
    return (midnight + dt.timedelta(seconds=instant)).isoformat()


def patience_rows(calls: Iterable[Call]) -> list[tuple[int, str]]:
    """Rule 8: waits of those who queued; `yes` for who hung up, `no` for a lower bound."""
    return sorted(
        (call.waited, "yes" if call.abandoned else "no")
        for call in calls
        if call.queued is not None
    )


def write_replay(write: Writer, calls: Sequence[Call], found: Sequence[Spell]) -> None:
    for name in sorted(set(TYPES.values())):
        trace = [
            (local_time(arrival(c)), c.handled if c.handle_known else "", c.head_start)
            for c in calls
            if TYPES[c.type] == name
        ]
        write(f"replay/{name}.csv", ("at", "handle_s", "head_start_s"), trace)
    write(
        "replay/duty.csv",
        ("agent", "start", "until"),
        [(server, local_time(start), local_time(until)) for server, start, until in duty(found)],
    )
    write("replay/patience.csv", ("seconds", "observed"), patience_rows(calls))


def write_profile(write: Writer, calls: Sequence[Call], found: Sequence[Spell]) -> None:
    by_type: dict[str, ByHalfHour] = {}
    handle: dict[str, float] = {}
    volumes = []
    shares = preferred_shares(calls)
    for name in sorted(set(TYPES.values())):
        own = [call for call in calls if TYPES[call.type] == name]
        times = sorted(call.handled for call in own if call.handle_known)
        handle[name] = float(np.mean(times))
        by_type[name] = counts_by_half_hour(own)
        write.by_half_hour(f"profile/arrivals-{name}.csv", by_type[name], lambda n: f"{n:.2f}")
        write(f"profile/handle-{name}.csv", ("seconds",), [(seconds,) for seconds in times])
        write(f"profile/patience-{name}.csv", ("seconds", "observed"), patience_rows(own))
        share = shares.get(name)
        volumes.append(
            (
                name,
                *(f"{n:.2f}" for n in by_type[name].sum(axis=1)),
                f"{handle[name]:.1f}",
                "" if share is None else f"{share:.4f}",
            )
        )
    write("profile/volumes.csv", ("type", *DAYS, "handle_s", "preferred"), volumes)
    write("profile/busyness.csv", ("cv",), [(f"{busyness_cv(calls):.3f}",)])
    arrivals = sum(by_type.values(), np.zeros((7, DAY_S // HALF_HOUR_S)))
    everyone = heads(found, arrivals)
    desk = preferred_heads(everyone, by_type, shares, handle)
    for name, table in (("all", everyone), ("preferred", desk), ("others", everyone - desk)):
        write.by_half_hour(f"profile/staffing-{name}.csv", table, lambda n: f"{n:d}")


def fit(folder: Path = HERE, log: Path = LOG) -> list[str]:
    """Write all files below `folder`; their names."""
    rows = read_log(log)
    calls = counted(rows)
    found, gaps = spells(rows)
    replayed = [call for call in calls if in_replay(arrival(call))]
    write = Writer(folder)
    write_replay(write, replayed, found)
    on_replayed_days = [gap for gap in gaps if in_replay(gap[0])]
    write("replay/wrap-up.csv", ("seconds",), [(g,) for g in wrap_ups(calls, on_replayed_days)])
    write_profile(write, calls, found)
    return write.written


if __name__ == "__main__":
    for written in fit(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE):
        print(written)
