"""A network as text and as data, for people who want to see what their scenario became."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ccsim.network.capacity import FULL_RATE
from ccsim.network.model import (
    LEAVE,
    NO_LIMIT,
    NO_QUEUE,
    STAY,
    Branch,
    Hours,
    Label,
    Limit,
    LimitClock,
    Network,
    Queue,
    Service,
    Step,
    Take,
    Team,
)
from ccsim.network.quantiles import QuantileTable
from ccsim.scenario.clock import SECOND

UNITS = (("d", 86_400 * SECOND), ("h", 3600 * SECOND), ("min", 60 * SECOND), ("s", SECOND))
SPANS_SHOWN = 3
TAKES = {
    Take.PRIORITY: "by priority, then longest wait",
    Take.HOME_FIRST: "first from the queues whose routes name it earliest",
}
OF_EQUAL_RANK = "whoever is freest, then longest idle"
CLOCKS = {
    LimitClock.WAIT: "of waiting",
    LimitClock.OPEN_HOURS: "of waiting in open hours",
    LimitClock.CLOSING: "at closing time",
}


def duration(us: float) -> str:
    """A duration to three digits: `90 s`, `5.2 min`, `8 h`, `2 d`."""
    if us == math.inf:
        return "for ever"
    for unit, size in UNITS:
        if abs(us) >= 2 * size or (unit == "s" and us):
            return f"{float(f'{us / size:.3g}'):,g} {unit}".replace(",", " ")
    return "0 s"


def share(fraction: float) -> str:
    """A share to three digits: `80 %`, `12.5 %`."""
    return f"{float(f'{100 * fraction:.3g}'):g} %"


def describe(network: Network) -> str:
    """The whole network, one fact a line."""
    return "\n".join(_lines(network))


def network_data(network: Network) -> dict[str, Any]:
    """The network as plain data (times in seconds) for `ccsim check --json`."""
    return {
        "horizon_s": network.horizon / SECOND,
        "max_legs": network.max_legs,
        "lines": list(network.lines),
        "teams": [_team_data(team) for team in network.teams],
        "queues": [_queue_data(network, queue) for queue in network.queues],
    }


# --- text -----------------------------------------------------------------------------------------


def _lines(network: Network) -> Iterator[str]:
    yield (
        f"{len(network.queues)} queues, {len(network.teams)} teams, {duration(network.horizon)}; "
        f"a contact enters queues at most {network.max_legs} times"
    )
    for number, lines in enumerate(network.lines):
        users = [queue.name for queue in network.queues if number in (queue.lines, queue.dials)]
        yield f"{lines} trunk lines for {', '.join(users)}"
    for team in network.teams:
        yield from ("", *_team_lines(team))
    for queue in network.queues:
        yield from ("", *_queue_lines(network, queue))


def _team_lines(team: Team) -> Iterator[str]:
    yield f"team {team.name}"
    if team.unlimited:
        yield "  a server for every comer"
    yield f"  one person has {team.units} {_plural('unit', team.units)} of capacity"
    if any(rate != FULL_RATE for rate in team.rates):
        slower = ", ".join(share(FULL_RATE / rate) for rate in team.rates)
        yield f"  handle time with 1, 2, ... at once: {slower}"
    yield f"  takes {TAKES[team.take]}"
    if team.keep_break_length:
        yield "  a late break keeps its length"


def _queue_lines(network: Network, queue: Queue) -> Iterator[str]:
    yield f"queue {queue.name}"
    yield f"  {', '.join(_traits(queue))}"
    for number, step in enumerate(queue.route):
        yield f"  {'taken by' if number == 0 else 'then'} {step_words(network, step)}"
    for team, service in zip(network.teams, queue.services, strict=True):
        if service is not None:
            yield f"  at {team.name}: {_service_words(queue, service, team)}"
            yield from (f"    {row}" for row in rows_words(network, service.served))
    for exit_name, rows in (
        ("hangs up", queue.abandoned if queue.patience is not None else ()),
        ("no line free", queue.no_line if queue.lines >= 0 else ()),
        ("no place to wait", queue.no_room if queue.room != NO_LIMIT else ()),
        ("closed", (queue.closed or (Branch(1.0, LEAVE, Label.GAVE_UP),)) if queue.hours else ()),
    ):
        if rows:
            yield f"  {exit_name}:"
            yield from (f"    {row}" for row in rows_words(network, rows))
    for limit in queue.limits:
        yield f"  {_limit_words(limit)}:"
        yield from (f"    {row}" for row in rows_words(network, limit.branches))


def _traits(queue: Queue) -> Iterator[str]:
    yield f"priority {queue.priority}"
    yield "endless patience" if queue.patience is None else f"patience {_spread(queue.patience)}"
    if queue.head_start:
        yield f"stands in the queue as if it had waited {duration(queue.head_start)} already"
    if queue.interruptible:
        yield "gives way to live work"
    if queue.deferred:
        yield "goes back to the line at the end of duty"
    if queue.room != NO_LIMIT:
        yield f"{queue.room} may wait"
    if queue.lines >= 0:
        yield "holds a trunk line"
    if queue.dials >= 0:
        yield "takes a trunk line when the customer is called"
    if queue.hours is not None:
        yield f"open {_hours_words(queue.hours)}"
    if queue.effort_by_contact:
        yield "the same customer keeps handle time and patience"


def step_words(network: Network, step: Step) -> str:
    """`specialists (after 60 s, while more than 2 are free)`, `a or b (whoever is freest ...)`."""
    teams = " or ".join(network.teams[team].name for team in step.teams)
    conditions = [OF_EQUAL_RANK] if len(step.teams) > 1 else []
    if step.after:
        conditions.append(f"after {duration(step.after)}")
    if step.when_waiting:
        conditions.append(f"when {step.when_waiting} wait")
    if step.keep_idle:
        free = "is" if step.keep_idle == 1 else "are"
        conditions.append(f"while more than {step.keep_idle} {free} free")
    return f"{teams} ({', '.join(conditions)})" if conditions else teams


def rows_words(network: Network, rows: tuple[Branch, ...]) -> list[str]:
    """Each branch row as `25 % escalated after 40 % of the work, to calls.phone@tier2`."""
    return [f"{share(row.probability)} {_row_words(network, row)}" for row in rows]


def _row_words(network: Network, row: Branch) -> str:
    words = [row.label.name.lower().replace("_", " ")] if row.label is not Label.NONE else []
    if row.share != 1.0:
        words.append(f"after {share(row.share)} of the work")
    if row.handover != NO_QUEUE:
        words.append(f"in person (whoever comes in {network.queues[row.handover].name} goes on)")
    if row.target == STAY:
        words.append("stays in line")
    elif row.label is Label.UNRESOLVED and row.target == LEAVE:
        words.append("does not come again")
    elif row.target >= 0:
        words.append(f"to {network.queues[row.target].name}")
        if row.delay is not None:
            words.append(f"after {_spread(row.delay)}")
    if row.at_most != NO_LIMIT:
        words.append(f"at most {row.at_most} times")
    return ", ".join(words) or "leaves"


def _service_words(queue: Queue, service: Service, team: Team) -> str:
    spread = f" (cv {share(queue.effort.cv())})" if queue.effort.cv() > 1e-9 else ""
    wrap_up = f" + {duration(service.wrap_up)} wrap-up" if service.wrap_up else ""
    units = f", takes {service.units} of {team.units} units" if team.units > 1 else ""
    return f"{duration(service.mean)}{spread}{wrap_up}{units}"


def _limit_words(limit: Limit) -> str:
    if limit.clock is LimitClock.CLOSING:
        return CLOCKS[limit.clock]
    return f"after {duration(limit.after)} {CLOCKS[limit.clock]} ({limit.name})"


def _spread(table: QuantileTable) -> str:
    """`3 min on average (cv 100 %), 2 % none, 5 % without end`."""
    waits = 1.0 - table.low_mass - table.high_mass
    between = QuantileTable(table.nodes)
    words = f"{duration(between.mean())} on average"
    if waits > 0.0 and between.cv() > 1e-9:
        words += f" (cv {share(between.cv())})"
    if table.low_mass:
        words += f", {share(table.low_mass)} {duration(table.low) if table.low else 'none'}"
    if table.high_mass:
        words += f", {share(table.high_mass)} without end"
    return words


def _hours_words(hours: Hours) -> str:
    shown = [
        f"{duration(start)} to {duration(until)}" for start, until in hours.spans[:SPANS_SHOWN]
    ]
    more = len(hours.spans) - SPANS_SHOWN
    return ", ".join(shown) + (f" and {more} more spans" if more > 0 else "")


def _plural(word: str, count: int) -> str:
    return word if count == 1 else word + "s"


# --- data -----------------------------------------------------------------------------------------


def _team_data(team: Team) -> dict[str, Any]:
    return {
        "name": team.name,
        "units": team.units,
        "slowdown": [round(FULL_RATE / rate, 4) for rate in team.rates],
        "unlimited": team.unlimited,
        "takes": team.take.name.lower(),
        "keep_break_length": team.keep_break_length,
    }


def _queue_data(network: Network, queue: Queue) -> dict[str, Any]:
    return {
        "name": queue.name,
        "priority": queue.priority,
        "head_start_s": queue.head_start / SECOND,
        "interruptible": queue.interruptible,
        "deferred": queue.deferred,
        "lines": None if queue.lines < 0 else network.lines[queue.lines],
        "dials": None if queue.dials < 0 else network.lines[queue.dials],
        "room": None if queue.room == NO_LIMIT else queue.room,
        "open_s": _hours_data(queue.hours),
        "patience": None if queue.patience is None else _table_data(queue.patience),
        "effort_cv": _rounded(queue.effort.cv()),
        "route": [
            {
                "teams": [network.teams[team].name for team in step.teams],
                "after_s": step.after / SECOND,
                "when_waiting": step.when_waiting,
                "keep_idle": step.keep_idle,
            }
            for step in queue.route
        ],
        "served_by": {
            team.name: {
                "mean_s": service.mean / SECOND,
                "wrap_up_s": service.wrap_up / SECOND,
                "units": service.units,
                "then": [_row_data(network, row) for row in service.served],
            }
            for team, service in zip(network.teams, queue.services, strict=True)
            if service is not None
        },
        "exits": {
            name: [_row_data(network, row) for row in rows]
            for name, rows in (
                ("abandoned", queue.abandoned),
                ("no_line", queue.no_line),
                ("no_room", queue.no_room),
                ("closed", queue.closed),
            )
            if rows
        },
        "limits": [
            {
                "name": limit.name,
                "clock": limit.clock.name.lower(),
                "after_s": limit.after / SECOND,
                "then": [_row_data(network, row) for row in limit.branches],
            }
            for limit in queue.limits
        ],
    }


def _row_data(network: Network, row: Branch) -> dict[str, Any]:
    return {
        "probability": row.probability,
        "label": row.label.name.lower(),
        "to": None if row.target < 0 else network.queues[row.target].name,
        "stays": row.target == STAY,
        "delay": None if row.delay is None else _table_data(row.delay),
        "share_of_work": row.share,
        "in_person": None if row.handover == NO_QUEUE else network.queues[row.handover].name,
        "at_most": None if row.at_most == NO_LIMIT else row.at_most,
    }


def _table_data(table: QuantileTable) -> dict[str, Any]:
    """Mean and cv of those between the atoms, and the atoms."""
    between = QuantileTable(table.nodes)
    return {
        "mean_s": _rounded(between.mean() / SECOND),
        "cv": _rounded(between.cv()),
        "at_once": table.low_mass if table.low == 0.0 else 0.0,
        "never": table.high_mass,
    }


def _hours_data(hours: Hours | None) -> list[list[float]] | None:
    if hours is None:
        return None
    return [[start / SECOND, until / SECOND] for start, until in hours.spans]


def _rounded(value: float) -> float | None:
    """Six digits; None for what is not a number."""
    return float(f"{value:.6g}") if math.isfinite(value) else None
