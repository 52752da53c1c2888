"""The conservation laws of section 6, as checks on what came out of an engine.

`broken(case, records)` names every law that the records break; an empty list is a clean record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from ccsim.network.model import Branch, Exit, Label, Queue
from ccsim.records import Next, Presence, Records, State
from ccsim.workload.model import UNOBSERVED
from tests.networks import Case

Row = dict[str, Any]
Key = tuple[int, int, int]
BLOCKED = (Exit.NO_LINE, Exit.NO_ROOM, Exit.CLOSED)


def broken(case: Case, records: Records) -> list[str]:
    return [
        f"law {law}: {problem}"
        for law, check in LAWS.items()
        for problem in check(case, _rows(records.legs), _rows(records.work), _rows(records.duty))
    ]


def _handed_over(legs: list[Row], work: list[Row]) -> set[Key]:
    """Legs taken by who had done the helper's part of the leg before, at the instant of its end."""
    helped = {
        (leg["contact"], leg["leg"] + 1, leg["agent"]): leg["ended"]
        for leg in legs
        if leg["label"] == Label.HELPED
    }
    entered = {_key(leg): leg["entered"] for leg in legs}
    found: set[Key] = set()
    for piece in work:
        ended = helped.get((piece["contact"], piece["leg"], piece["agent"]), -1)
        if piece["part"] == 0 and piece["start"] == ended == entered[_key(piece)]:
            found.add(_key(piece))
    return found


def _rows(table: Any) -> list[Row]:
    names = table.dtype.names
    return [dict(zip(names, row, strict=True)) for row in table.tolist()]


def _key(row: Row) -> Key:
    return row["contact"], row["leg"], row["part"]


def order(case: Case, legs: list[Row], work: list[Row], duty: list[Row]) -> Iterator[str]:
    """Tables are sorted and hold no row twice."""
    if [_key(leg) for leg in legs] != sorted({_key(leg) for leg in legs}):
        yield "legs are not sorted, or one occurs twice"
    keys = [(*_key(piece), piece["start"]) for piece in work]
    if keys != sorted(keys):
        yield "work is not sorted"
    starts = [(row["agent"], row["start"]) for row in duty]
    if starts != sorted(set(starts)):
        yield "duty is not sorted"


def exits(case: Case, legs: list[Row], work: list[Row], duty: list[Row]) -> Iterator[str]:
    """Law 1: every entry has one exit or is inside; labels partition the served."""
    horizon = case.network.horizon
    arrived = sum(1 for at in case.workload.at.tolist() if at < horizon)
    first = [leg for leg in legs if leg["leg"] == 0 and leg["part"] == 0]
    if len(first) != arrived:
        yield f"{arrived} contacts arrived, {len(first)} first legs"
    by_key = {_key(leg): leg for leg in legs}
    for leg in legs:
        inside = leg["exit"] == Exit.INSIDE
        queue = case.network.queues[leg["queue"]]
        if inside != (leg["ended"] == -1) or inside != (leg["state"] != State.ENDED):
            yield f"{_key(leg)}: exit {leg['exit']}, ended {leg['ended']}, state {leg['state']}"
        if leg["exit"] == Exit.SERVED and leg["answered"] < 0:
            yield f"{_key(leg)}: served but never answered"
        unanswered = leg["exit"] in (*BLOCKED, Exit.ABANDONED) or leg["exit"] >= Exit.LIMIT
        if unanswered and leg["answered"] >= 0:
            yield f"{_key(leg)}: answered, and left by exit {leg['exit']}"
        if leg["exit"] in BLOCKED and (leg["ended"] != leg["entered"] or leg["waited"]):
            yield f"{_key(leg)}: blocked, but stayed"
        if leg["exit"] >= Exit.LIMIT + len(queue.limits):
            yield f"{_key(leg)}: there is no exit {leg['exit']}"
        if leg["label"] not in _labels(case, leg):
            yield f"{_key(leg)}: the label {leg['label']} is of no row of its exit"
        if not inside:
            yield from _onward(case, leg, by_key)


def _labels(case: Case, leg: Row) -> set[int]:
    """Labels that a leg may end with."""
    if leg["exit"] == Exit.INSIDE:
        return {Label.NONE}
    if leg["part"]:
        return {Label.HELPED if leg["exit"] == Exit.SERVED else Label.NONE}
    queue = case.network.queues[leg["queue"]]
    rows = _branches(queue, leg)
    labels = {int(row.label) for row in rows}
    if any(row.at_most >= 0 for row in rows):
        labels.add(Label.GAVE_UP)
    if not rows:
        labels.add(Label.NONE if leg["exit"] == Exit.SERVED else Label.GAVE_UP)
    return labels


def _branches(queue: Queue, leg: Row) -> tuple[Branch, ...]:
    exit_ = leg["exit"]
    if exit_ == Exit.SERVED:
        service = queue.services[leg["team"]]
        return service.served if service is not None else ()
    if exit_ >= Exit.LIMIT:
        return queue.limits[int(exit_) - Exit.LIMIT].branches
    branches: dict[Exit, tuple[Branch, ...]] = {
        Exit.ABANDONED: queue.abandoned,
        Exit.NO_LINE: queue.no_line,
        Exit.NO_ROOM: queue.no_room,
        Exit.CLOSED: queue.closed,
    }
    return branches[Exit(exit_)]


def _onward(case: Case, leg: Row, by_key: dict[Key, Row]) -> Iterator[str]:
    """A leg follows where `next` says so, and nowhere else."""
    key = _key(leg)
    if leg["part"]:
        if (key[0], key[1], 0) not in by_key:
            yield f"{key}: a helper's part of nothing"
        return
    after = by_key.get((key[0], key[1] + 1, 0))
    if leg["next"] < 0:
        if after is not None:
            yield f"{key}: another leg follows one that leads nowhere"
        bound = key[1] + 1 == case.network.max_legs
        if leg["next"] == Next.BOUND and not bound:
            yield f"{key}: the bound is not reached"
        return
    if key[1] + 1 >= case.network.max_legs:
        yield f"{key}: led on beyond the bound"
    at_once = all(
        branch.delay is None and branch.hours is None
        for branch in _branches(_queue(case, leg), leg)
    )
    if after is None:
        if at_once:
            yield f"{key}: should be followed at once"
    elif after["queue"] != leg["next"] or after["entered"] < leg["ended"]:
        yield f"{key}: is not followed as `next` says"
    elif at_once and after["entered"] != leg["ended"]:
        yield f"{key}: should be followed at once"


def _queue(case: Case, row: Row) -> Queue:
    return case.network.queues[row["queue"]]


def capacity(case: Case, legs: list[Row], work: list[Row], duty: list[Row]) -> Iterator[str]:
    """Law 2: no agent holds more units than its capacity or starts work off duty, but goes on with
    what was handed over."""
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for agent, start, until, _, _ in case.roster.spans.tolist():
        spans[agent].append((start, until))
    changes: dict[int, list[tuple[int, int]]] = defaultdict(list)
    handed_over = _handed_over(legs, work)
    for piece in work:
        if not piece["start"] <= piece["until"] <= piece["freed"] <= case.network.horizon:
            yield f"{_key(piece)}: {piece['start']} to {piece['until']}, {piece['freed']}"
        if piece["agent"] < 0:
            continue
        if piece["team"] != case.roster.team[piece["agent"]]:
            yield f"{_key(piece)}: agent {piece['agent']} is not of team {piece['team']}"
        on_duty = any(a <= piece["start"] < b for a, b in spans[piece["agent"]])
        if not on_duty and _key(piece) not in handed_over:
            yield f"{_key(piece)}: begun at {piece['start']} by an agent off duty"
        changes[piece["agent"]].append((piece["start"], piece["units"]))
        changes[piece["agent"]].append((piece["freed"], -piece["units"]))
    for agent, steps in changes.items():
        units = case.network.teams[case.roster.team[agent]].units
        held = 0
        at = -1
        for instant, change in sorted(steps):
            if instant != at and held > units:
                yield f"agent {agent} holds {held} of {units} units at {at}"
            held += change
            at = instant


def waiting(case: Case, legs: list[Row], work: list[Row], duty: list[Row]) -> Iterator[str]:
    """Law 3: a leg waits when it is not being handled; answered when its first work begins."""
    handled: dict[Key, int] = defaultdict(int)
    begun: dict[Key, int] = {}
    last: dict[Key, int] = {}
    for piece in work:
        handled[_key(piece)] += piece["until"] - piece["start"]
        begun.setdefault(_key(piece), piece["start"])
        last[_key(piece)] = piece["agent"]
    for leg in legs:
        key = _key(leg)
        until = case.network.horizon if leg["ended"] == -1 else leg["ended"]
        if leg["waited"] != until - leg["entered"] - handled[key]:
            yield f"{key}: waited {leg['waited']} of {until - leg['entered']}, work {handled[key]}"
        if leg["answered"] != begun.get(key, -1):
            yield f"{key}: answered {leg['answered']}, work from {begun.get(key)}"
        if leg["agent"] != last.get(key, -1):
            yield f"{key}: the last agent is not {leg['agent']}"
    for key in begun.keys() - {_key(leg) for leg in legs}:
        yield f"{key}: work without a leg"


def presence(case: Case, legs: list[Row], work: list[Row], duty: list[Row]) -> Iterator[str]:
    """Law 4: duty is the roster's; busy time is that of the work rows, at every instant."""
    horizon = case.network.horizon
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for agent, start, until, _, _ in case.roster.spans.tolist():
        if until > 0 and start < horizon:
            spans[agent].append((max(start, 0), min(until, horizon)))
    rows: dict[int, list[Row]] = defaultdict(list)
    for row in duty:
        rows[row["agent"]].append(row)
    pieces: dict[int, list[Row]] = defaultdict(list)
    for piece in work:
        pieces[piece["agent"]].append(piece)
    for agent, team in enumerate(case.roster.team.tolist()):
        keeps = case.network.teams[team].keep_break_length
        planned = sum(until - start for start, until in spans[agent])
        on = sum(
            row["until"] - row["start"] for row in rows[agent] if row["presence"] == Presence.ON
        )
        if on > planned or (on < planned and not keeps):
            yield f"agent {agent} is on duty for {on} of {planned} us"
        for before, after in zip(rows[agent], rows[agent][1:], strict=False):
            same = before["presence"] == after["presence"] and before["units"] == after["units"]
            if before["until"] > after["start"] or (before["until"] == after["start"] and same):
                yield f"agent {agent}: rows overlap or are not merged at {after['start']}"
        for row in rows[agent]:
            if not 0 <= row["start"] < row["until"] <= horizon:
                yield f"agent {agent}: a row from {row['start']} until {row['until']}"
            if (row["presence"] == Presence.OVERTIME and not row["units"]) or (
                row["presence"] == Presence.BREAK and row["units"]
            ):
                yield f"agent {agent}: presence {row['presence']} with {row['units']} units"
        if _profile(rows[agent], "until") != _profile(pieces[agent], "freed"):
            yield f"agent {agent}: units of duty are not those of the work"


def _profile(rows: list[Row], until: str) -> list[tuple[int, int]]:
    """Units taken as a step function: (instant, units from then on), changes only."""
    changes: dict[int, int] = defaultdict(int)
    for row in rows:
        changes[row["start"]] += row["units"]
        changes[row[until]] -= row["units"]
    steps = []
    total = 0
    for instant in sorted(changes):
        if changes[instant]:
            total += changes[instant]
            steps.append((instant, total))
    return steps


def overtaking(case: Case, legs: list[Row], work: list[Row], duty: list[Row]) -> Iterator[str]:
    """Law 5: nobody overtakes another of the same line, held, returned and handed over apart."""
    lines: dict[int, list[tuple[tuple[int, int, int], Row]]] = defaultdict(list)
    for leg in legs:
        if leg["part"] == 0 and leg["exit"] not in BLOCKED:
            lines[leg["queue"]].append((_place(case, leg), leg))
    handed_over = _handed_over(legs, work)
    for index, line in lines.items():
        if case.network.queues[index].affinity is not None:
            continue
        for place, leg in line:
            if leg["answered"] < 0 or _key(leg) in handed_over:
                continue
            for other_place, other in line:
                there = other["entered"] < leg["answered"] and (
                    other["answered"] > leg["answered"]
                    or (
                        other["answered"] < 0
                        and (other["ended"] == -1 or other["ended"] > leg["answered"])
                    )
                )
                if other_place < place and there:
                    yield f"{_key(leg)} is answered before {_key(other)}"


def _place(case: Case, leg: Row) -> tuple[int, int, int]:
    queue = _queue(case, leg)
    contact = leg["contact"]
    observed = int(case.workload.head_start[contact])
    own = leg["leg"] == 0 and observed != UNOBSERVED
    start = leg["entered"] - queue.head_start - (observed if own else 0)
    return start, contact, leg["leg"]


LAWS: dict[str, Callable[[Case, list[Row], list[Row], list[Row]], Iterator[str]]] = {
    "0 (order)": order,
    "1 (exits)": exits,
    "2 (capacity)": capacity,
    "3 (waiting)": waiting,
    "4 (presence)": presence,
    "5 (overtaking)": overtaking,
}
