"""What the bank's log says, as input for two scenarios: `python scenarios/bank/fit.py [FOLDER]`.

Reads `data/february_1999.csv.gz` and writes, below this folder or FOLDER, the files that
`replay.yaml` and `bank.yaml` name. Nothing is random: the same log gives the same bytes. Needs
Python and NumPy.

RULES OF INFERENCE. None of them has a number that was fitted to simulated waits. Rules 11 to 13 and
the outages of rule 8 were revised after first comparisons; `docs/background/bank.md` tells which,
why, and what each version gave.

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
    *Outages* are left out of it: twice no call at all reached the line for more than 20 minutes of
    a working day (3 February 12:50 to 13:19, 21 February 17:13 to 19:09). Who came in the 20
    minutes before or after and hung up did so because of it (agents gone at once; afterwards a
    rush of repeated short attempts): 131 calls carry their own wait as patience in the trace.
 9. *Agents* are the named servers of whose calls fewer than half are IN. Their calls are those
    with a conversation, of every type but IN, on every day.
10. *At work*: conversations of one server, joined where the gap is at most 600 s and holds no
    conversation of type IN (during that one the agent was there, but not for these calls).
    Longer gaps are time off. Conversations that overlap (a few) are joined.
11. *On duty* (accepting calls), for the replay: from the first answer of such a spell until half
    way through its last conversation. The log shows an agent to accept calls at the last answer,
    and to accept none once that conversation has ended; when between the two the agent stopped is
    not known, and the middle stands for it. (What is in hand then is finished, as overtime.)
12. *Skills*: in a week (Monday to Sunday) a server takes each of regular, stock and newcomer that
    makes up at least 2 % of its conversations of that week; called_back goes with regular. With
    fewer than 20 conversations in a week it takes everything.
13. *Wrap-up*: how long after a conversation the agent takes no other call, whatever the reason:
    notes, a word with a colleague, a short break. Seen only while somebody waits whom this agent
    could serve: gaps of 0 to 600 s between two conversations inside a spell, at whose start the
    line of the types that the agent takes was not empty. Where it was not empty until the next
    answer (give or take 2 s, the usual disagreement of the log's clocks) the wrap-up is the gap;
    else it is known to be longer than the time until the line was empty: a lower bound, as with
    patience.
14. *The replay* takes Sunday to Thursday, arrivals from 07:00 to 24:00, and spells that begin on
    those days and reach beyond 07:00 (cut there); spells run on past midnight.
15. *The profile* (`bank.yaml`) takes all days and hours. Arrivals: counts by weekday and half hour
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
import itertools
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
WEEK_S = 7 * DAY_S
JOIN_S = 600  # rules 10 and 13
CLOCKS_S = 2  # rule 13
SKILL_SHARE, FEW_CALLS = 0.02, 20  # rule 12
OUTAGE_S, OUTAGE_HOURS = 1200, (8 * 3600, 20 * 3600)  # rule 8
TEAMS = {  # by skills (rule 12)
    frozenset({"regular", "stock", "newcomer"}): "all_round",
    frozenset({"regular", "newcomer"}): "no_stock",
    frozenset({"regular", "stock"}): "no_newcomers",
    frozenset({"regular"}): "regular_only",
    frozenset({"stock"}): "stock_only",
}
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


@dataclass(frozen=True, slots=True)
class Gap:
    """The time between two conversations of a server inside a spell."""

    server: str
    start: int
    until: int


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
    """Rule 14: Sunday to Thursday from 07:00."""
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


def spells(log: Iterable[Call]) -> tuple[list[Spell], list[Gap]]:
    """Rule 10: the spells at work, and the gaps between conversations inside them."""
    found: list[Spell] = []
    gaps: list[Gap] = []
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
                    gaps.append(Gap(server, now.end, start))
                now = Spell(server, now.start, start, max(now.end, end))
                continue
            if now is not None:
                found.append(now)
            now = Spell(server, start, start, end)
        if now is not None:
            found.append(now)
    return found, gaps


class Skills:
    """Rule 12: what each server takes in each week."""

    def __init__(self, log: Iterable[Call]) -> None:
        self._taken: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for server, calls in conversations(log).items():
            for call in calls:
                if call.type != "IN" and call.answered is not None:
                    self._taken[server, call.answered // WEEK_S][TYPES[call.type]] += 1

    def of(self, server: str, instant: int) -> frozenset[str]:
        """Which of regular, stock and newcomer."""
        taken = self._taken[server, instant // WEEK_S]
        least = SKILL_SHARE * sum(taken.values())
        everything = sum(taken.values()) < FEW_CALLS
        return frozenset(
            name
            for name in ("regular", "stock", "newcomer")
            if everything or taken.get(name, 0) >= least
        )


def wrap_ups(calls: Sequence[Call], gaps: Iterable[Gap], skills: Skills) -> list[tuple[int, bool]]:
    """Rule 13: (seconds, whether observed to its end), sorted."""
    lines: dict[frozenset[str], tuple[Heads, Heads]] = {}
    found = []
    for gap in gaps:
        takes = skills.of(gap.server, gap.until)
        if takes not in lines:
            lines[takes] = waiting_times(calls, takes)
        starts, ends = lines[takes]
        i = int(np.searchsorted(starts, gap.start, side="right")) - 1
        if i < 0 or ends[i] <= gap.start:
            continue
        observed = gap.until <= int(ends[i]) + CLOCKS_S
        found.append(((gap.until if observed else int(ends[i])) - gap.start, observed))
    return sorted(found)


def waiting_times(calls: Iterable[Call], takes: frozenset[str]) -> tuple[Heads, Heads]:
    """Starts and ends of the times at which somebody waited who needs one of these skills."""
    merged: list[list[int]] = []
    for start, end in sorted(
        (call.queued, call.queued + call.waited)
        for call in calls
        if call.queued is not None and skill_for(TYPES[call.type]) in takes
    ):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    columns = np.array(merged, dtype=np.int64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]


def skill_for(name: str) -> str:
    return "regular" if name == "called_back" else name


def duty(found: Iterable[Spell], skills: Skills) -> dict[str, list[tuple[str, int, int]]]:
    """Rules 11, 12 and 14: by team, (server, from, until) of the replay."""
    rows: dict[str, list[tuple[str, int, int]]] = {team: [] for team in TEAMS.values()}
    for spell in found:
        start, until = spell.start, max((spell.last_answer + spell.end) // 2, spell.start + 1)
        opening = start // DAY_S * DAY_S + OPENING_S
        if DAYS[weekday(start)] in WORKING_DAYS and until > opening:
            team = TEAMS[skills.of(spell.server, spell.start)]
            rows[team].append((spell.server, max(start, opening), until))
    return {team: sorted(own) for team, own in rows.items()}


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
    """Rule 15: spread of the days beyond chance, sqrt(mean of (variance - mean) / mean^2)."""
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
    """Rule 15: whole heads by weekday and half hour."""
    at_work = np.floor(at_work_by_half_hour(found) + 0.5).astype(np.int64)
    return np.maximum(at_work, (arrivals > 0).astype(np.int64))


def preferred_heads(
    all_heads: Heads,
    by_type: Mapping[str, ByHalfHour],
    shares: Mapping[str, float],
    handle: Mapping[str, float],
) -> Heads:
    """Rule 15: of these heads, those of a desk for preferred customers alone."""
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


def near_outages(calls: Sequence[Call]) -> frozenset[int]:
    """Rule 8: instants of arrival near an outage; `calls` sorted by arrival."""
    at = [arrival(call) for call in calls]
    opens, closes = OUTAGE_HOURS
    outages = [
        (before, after)
        for before, after in itertools.pairwise(at)
        if after - before > OUTAGE_S
        and DAYS[weekday(before)] in WORKING_DAYS
        and opens <= before % DAY_S
        and after % DAY_S <= closes
        and before // DAY_S == after // DAY_S
    ]
    return frozenset(
        instant
        for instant in at
        for before, after in outages
        if before - OUTAGE_S <= instant <= before or after <= instant <= after + OUTAGE_S
    )


def yes_no(observed: bool) -> str:
    return "yes" if observed else "no"


def patience_rows(calls: Iterable[Call], outages: frozenset[int]) -> list[tuple[int, str]]:
    """Rule 8: waits of those who queued; `yes` for who hung up, `no` for a lower bound."""
    return sorted(
        (call.waited, yes_no(call.abandoned)) for call in calls if call.queued is not None
    )


def write_replay(
    write: Writer, calls: Sequence[Call], found: Sequence[Spell], skills: Skills
) -> None:
    outages = near_outages(calls)
    for name in sorted(set(TYPES.values())):
        trace = [
            (
                local_time(arrival(c)),
                c.waited if c.abandoned and c.queued in outages else "",
                c.handled if c.handle_known else "",
                c.head_start,
            )
            for c in calls
            if TYPES[c.type] == name
        ]
        write(f"replay/{name}.csv", ("at", "patience_s", "handle_s", "head_start_s"), trace)
    for team, rows in duty(found, skills).items():
        lines = [(server, local_time(start), local_time(until)) for server, start, until in rows]
        write(f"replay/duty-{team}.csv", ("agent", "start", "until"), lines)
    write("replay/patience.csv", ("seconds", "observed"), patience_rows(calls, outages))


def write_profile(write: Writer, calls: Sequence[Call], found: Sequence[Spell]) -> None:
    by_type: dict[str, ByHalfHour] = {}
    handle: dict[str, float] = {}
    volumes = []
    shares, outages = preferred_shares(calls), near_outages(calls)
    for name in sorted(set(TYPES.values())):
        own = [call for call in calls if TYPES[call.type] == name]
        times = sorted(call.handled for call in own if call.handle_known)
        handle[name] = float(np.mean(times))
        by_type[name] = counts_by_half_hour(own)
        write.by_half_hour(f"profile/arrivals-{name}.csv", by_type[name], lambda n: f"{n:.2f}")
        write(f"profile/handle-{name}.csv", ("seconds",), [(seconds,) for seconds in times])
        write(f"profile/patience-{name}.csv", ("seconds", "observed"), patience_rows(own, outages))
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
    skills = Skills(rows)
    write_replay(write, replayed, found, skills)
    lengths = wrap_ups(calls, [gap for gap in gaps if in_replay(gap.start)], skills)
    pairs = [(seconds, yes_no(observed)) for seconds, observed in lengths]
    write("replay/wrap-up.csv", ("seconds", "observed"), pairs)
    write_profile(write, calls, found)
    return write.written


if __name__ == "__main__":
    for written in fit(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE):
        print(written)
