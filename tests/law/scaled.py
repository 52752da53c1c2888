"""Transformed cases: times multiplied, names changed, the horizon brought forward."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ccsim.network.model import (
    NEVER,
    Affinity,
    Branch,
    Hours,
    Limit,
    Network,
    Queue,
    Service,
    Step,
)
from ccsim.network.quantiles import QuantileTable
from ccsim.records import Records, State
from ccsim.roster.model import Roster
from ccsim.workload.model import UNOBSERVED, Workload
from tests.networks import Case


def whole(case: Case) -> Case:
    """The case with rates and paces of 1 and nothing deferred or set aside, so that no work is
    handed over, and without work that is cut at fractions."""
    network = replace(
        case.network,
        teams=tuple(replace(team, rates=(65536,) * team.units) for team in case.network.teams),
        queues=tuple(
            replace(queue, deferred=False, interruptible=False) for queue in case.network.queues
        ),
    )
    spans = case.roster.spans.copy()
    spans["pace"] = 1.0
    return replace(case, network=network, roster=replace(case.roster, spans=spans))


def stretched(case: Case, k: int) -> Case:
    """All times multiplied by k."""
    network = replace(
        case.network,
        queues=tuple(_queue(queue, k) for queue in case.network.queues),
        horizon=case.network.horizon * k,
    )
    spans = case.roster.spans.copy()
    spans["start"] *= k
    spans["until"] *= k
    roster = Roster(case.roster.team, spans, case.roster.schedule)
    return Case(network, roster, _workload(case.workload, k), case.tick * k)


def _queue(queue: Queue, k: int) -> Queue:
    def rows(branches: tuple[Branch, ...]) -> tuple[Branch, ...]:
        return tuple(
            replace(branch, delay=_table(branch.delay, k), hours=_hours(branch.hours, k))
            for branch in branches
        )

    def service(given: Service | None) -> Service | None:
        if given is None:
            return None
        return replace(
            given, mean=given.mean * k, wrap_up=given.wrap_up * k, served=rows(given.served)
        )

    def limit(given: Limit) -> Limit:
        return replace(
            given,
            branches=rows(given.branches),
            after=given.after * k,
            hours=_hours(given.hours, k),
        )

    def affinity(given: Affinity | None) -> Affinity | None:
        return None if given is None else replace(given, hold=given.hold * k)

    def step(given: Step) -> Step:
        return replace(given, after=given.after * k)

    return replace(
        queue,
        route=tuple(step(each) for each in queue.route),
        services=tuple(service(each) for each in queue.services),
        patience=_table(queue.patience, k),
        head_start=queue.head_start * k,
        abandoned=rows(queue.abandoned),
        no_line=rows(queue.no_line),
        no_room=rows(queue.no_room),
        closed=rows(queue.closed),
        limits=tuple(limit(each) for each in queue.limits),
        hours=_hours(queue.hours, k),
        affinity=affinity(queue.affinity),
    )


def _table(table: QuantileTable | None, k: int) -> QuantileTable | None:
    if table is None:
        return None
    return replace(table, nodes=table.nodes * k, low=table.low * k, high=table.high * k)


def _hours(hours: Hours | None, k: int) -> Hours | None:
    if hours is None:
        return None
    return Hours(tuple((start * k, min(until * k, NEVER)) for start, until in hours.spans))


def _workload(workload: Workload, k: int) -> Workload:
    def times(column: np.ndarray) -> np.ndarray:
        return np.where(column == UNOBSERVED, UNOBSERVED, column * k)

    return replace(
        workload,
        at=workload.at * k,
        work=times(workload.work),
        patience=times(workload.patience),
        head_start=times(workload.head_start),
    )


def renamed(case: Case) -> Case:
    """Other names for everything; numbers and keys stay."""
    network = case.network
    return replace(
        case,
        network=Network(
            queues=tuple(
                replace(
                    queue,
                    name=f"line {number} from the left",
                    limits=tuple(replace(limit, name="some limit") for limit in queue.limits),
                )
                for number, queue in enumerate(network.queues)
            ),
            teams=tuple(replace(team, name=f"people of {team.name}") for team in network.teams),
            lines=network.lines,
            max_legs=network.max_legs,
            horizon=network.horizon,
        ),
    )


def times_multiplied(records: Records, k: int) -> Records:
    """Records as they should be when all times are multiplied."""
    tables = {}
    for name, columns in (
        ("legs", ("entered", "answered", "ended", "waited")),
        ("work", ("start", "until", "freed")),
        ("duty", ("start", "until")),
    ):
        table = getattr(records, name).copy()
        for column in columns:
            table[column] = np.where(table[column] == -1, -1, table[column] * k)
        tables[name] = table
    return Records(**tables)


def until(records: Records, horizon: int) -> Records:
    """What the records would hold had the run ended at an earlier horizon; of legs then inside the
    columns that do not tell where they were."""
    legs = records.legs[records.legs["entered"] < horizon].copy()
    open_ = (legs["ended"] == -1) | (legs["ended"] >= horizon)
    for column, value in (("ended", -1), ("exit", 0), ("label", 0), ("next", -1)):
        legs[column] = np.where(open_, value, legs[column])
    legs["answered"] = np.where(legs["answered"] >= horizon, -1, legs["answered"])
    for column in ("agent", "team", "waited", "state"):  # told by the work rows
        legs[column] = np.where(open_, 0, legs[column])
    work = records.work[records.work["start"] < horizon].copy()
    work["until"] = np.minimum(work["until"], horizon)
    work["freed"] = np.minimum(work["freed"], horizon)
    duty = records.duty[records.duty["start"] < horizon].copy()
    duty["until"] = np.minimum(duty["until"], horizon)
    return Records(legs, work, duty)


def blurred(records: Records) -> Records:
    """Records without what `until` cannot tell of legs inside."""
    legs = records.legs.copy()
    inside = legs["state"] != State.ENDED
    for column in ("agent", "team", "waited", "state"):
        legs[column] = np.where(inside, 0, legs[column])
    return Records(legs, records.work, records.duty)


def differences(one: Records, other: Records) -> list[str]:
    """The rows in which two records differ, at most three of each table."""
    found = []
    for name in ("legs", "work", "duty"):
        first, second = getattr(one, name).tolist(), getattr(other, name).tolist()
        if len(first) != len(second):
            found.append(f"{name}: {len(first)} rows, {len(second)} rows")
        different = [(a, b) for a, b in zip(first, second, strict=False) if a != b]
        found += [f"{name}: {a} and {b}" for a, b in different[:3]]
    return found
