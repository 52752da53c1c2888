"""Random small networks that cover every feature of the machine, shared by all engines' tests.

`random_case(rng)` draws network, roster and workload. Times lie on a grid of 1 us, 1 s or 10 s, so
that ties and lengths of zero are common. `FEATURES` names every feature with the test by which a
case (or its records) is seen to have it; tests assert that many cases have each.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from ccsim.network.draws import contact_keys
from ccsim.network.model import (
    LEAVE,
    NO_LIMIT,
    NO_QUEUE,
    STAY,
    Affinity,
    Branch,
    Consult,
    Exit,
    Hours,
    Label,
    Limit,
    LimitClock,
    Network,
    OwnAgent,
    Queue,
    Service,
    Step,
    Take,
    Team,
)
from ccsim.network.quantiles import QuantileTable
from ccsim.records import Next, Presence, Records, State
from ccsim.roster.model import SCHEDULE, SPANS, Roster
from ccsim.workload.model import UNOBSERVED, Workload

TICKS = (1, 1_000_000, 10_000_000)  # us
GRID = 40  # ticks of a horizon, about


@dataclass(frozen=True)
class Case:
    """What an engine is given, and the grid [us] on which its times lie (1: none)."""

    network: Network
    roster: Roster
    workload: Workload
    tick: int


def table(*values: float) -> QuantileTable:
    """Up to three values with equal probability, as atoms below, between and above."""
    low, middle, high = values[0], values[len(values) // 2], values[-1]
    mass = 0.0 if len(values) == 1 else 1.0 / 3.0
    return QuantileTable(np.full((3, 1025), float(middle)), mass, float(low), mass, float(high))


def smooth(low: float, high: float) -> QuantileTable:
    """Uniform between two values."""
    nodes = np.empty((3, 1025))
    start = 0.0
    for level in range(3):
        shares = start + (1.0 - start) * np.arange(1025) / 1024.0
        nodes[level] = low + (high - low) * shares
        start = shares[1023]
    return QuantileTable(nodes)


def tail(mean: float) -> QuantileTable:
    """Exponential, cut at 2^-40: another line in each bin of the outermost tables."""
    nodes = np.empty((3, 1025))
    start = 0.0
    for level in range(3):
        shares = start + (1.0 - start) * np.arange(1025) / 1024.0
        nodes[level] = -mean * np.log(np.maximum(1.0 - shares, 2.0**-40))
        start = shares[1023]
    return QuantileTable(nodes)


def random_case(rng: random.Random) -> Case:
    return Maker(rng).case()


class Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.tick = rng.choice(TICKS)
        self.coarse = self.tick > 1 and rng.random() < 0.8  # all times on the grid
        self.unit = self.tick if self.tick > 1 else 1_000_000
        self.horizon = self.unit * rng.randint(20, 2 * GRID)
        self.queues = rng.randint(1, 4)
        self.rich = rng.random()  # how many features a case has

    def chance(self, share: float) -> bool:
        return self.rng.random() < share * (0.3 + 0.9 * self.rich)

    def time(self, low: int, high: int) -> int:
        """An instant or duration of low..high units."""
        if self.coarse:
            return self.unit * self.rng.randint(low, high)
        return self.rng.randint(self.unit * low, self.unit * high)

    def case(self) -> Case:
        rng = self.rng
        self.teams = self.make_teams()
        self.lines = tuple(rng.randint(0, 3) for _ in range(rng.randint(0, 2)))
        network = Network(
            queues=tuple(self.make_queue(index) for index in range(self.queues)),
            teams=self.teams,
            lines=self.lines,
            max_legs=rng.choice((1, 2, 4, 6, 16)),
            horizon=self.horizon,
        )
        return Case(network, self.make_roster(), self.make_workload(), self.unit)

    # ---- teams and their agents ----

    def make_teams(self) -> tuple[Team, ...]:
        rng = self.rng
        teams = []
        for index in range(rng.randint(1, 3)):
            units = rng.choice((1, 1, 2, 3, 4))
            rates = [65536]
            for _ in range(1, units):
                slower = rng.choice((65536, 56988, 46811, 32768)) if self.chance(0.7) else 65536
                rates.append(min(rates[-1], slower))
            teams.append(
                Team(
                    name=f"t{index}",
                    units=units,
                    rates=tuple(rates),
                    unlimited=index > 0 and self.chance(0.15),
                    take=rng.choice(list(Take)) if self.chance(0.5) else Take.PRIORITY,
                    keep_break_length=self.chance(0.4),
                )
            )
        return tuple(teams)

    def make_roster(self) -> Roster:
        rng = self.rng
        team_of: list[int] = []
        for index, team in enumerate(self.teams):
            team_of += [index] * (0 if team.unlimited else rng.randint(0 if index else 1, 3))
        spans = []
        for agent in range(len(team_of)):
            at = self.time(-6, 3) if self.chance(0.6) else 0
            for _ in range(rng.randint(0 if self.chance(0.1) else 1, 4)):
                until = at + max(self.time(1, GRID if self.chance(0.5) else 12), 1)
                pace = rng.choice((0.5, 1.5, 2.0, 1.1)) if self.chance(0.4) else 1.0
                spans.append((agent, at, until, pace, self.chance(0.6)))
                at = until + max(self.time(0 if not self.coarse else 1, 6), 1)
        return Roster(np.array(team_of, np.int32), np.array(spans, SPANS), np.zeros(0, SCHEDULE))

    # ---- queues ----

    def make_queue(self, index: int) -> Queue:
        rng = self.rng
        route = self.make_route()
        in_route = {team for step in route for team in step.teams}
        services = tuple(
            self.make_service(index, team) if team in in_route or rng.random() < 0.5 else None
            for team in range(len(self.teams))
        )
        limits = tuple(self.make_limit(index, n) for n in range(rng.randint(1, 2)))
        return Queue(
            name=f"q{index}",
            route=route,
            services=services,
            effort=self.make_effort(),
            patience=self.make_duration(0, 12) if self.chance(0.5) else None,
            priority=rng.choice((1, 2, 3)),
            head_start=self.time(0, 6) if self.chance(0.3) else 0,
            interruptible=self.chance(0.5),
            deferred=self.chance(0.4),
            effort_by_contact=self.chance(0.3),
            patience_by_contact=self.chance(0.3),
            wrap_up=self.make_effort() if self.chance(0.3) else None,
            abandoned=self.make_branches(index),
            no_line=self.make_branches(index),
            no_room=self.make_branches(index),
            closed=self.make_branches(index),
            limits=limits if self.chance(0.5) else (),
            lines=rng.randrange(len(self.lines)) if self.lines and self.chance(0.6) else -1,
            dials=rng.randrange(len(self.lines)) if self.lines and self.chance(0.3) else -1,
            room=rng.randint(0, 4) if self.chance(0.35) else NO_LIMIT,
            hours=self.make_hours() if self.chance(0.3) else None,
            affinity=self.make_affinity() if self.chance(0.4) else None,
        )

    def make_route(self) -> tuple[Step, ...]:
        rng = self.rng
        steps = []
        after = 0
        for number in range(rng.randint(1, 3)):
            teams = rng.sample(range(len(self.teams)), rng.randint(1, len(self.teams)))
            after = (after if rng.random() < 0.9 else 0) + self.time(0, 5) if number else 0
            if not number and self.chance(0.1):
                after = self.time(0, 3)
            steps.append(
                Step(
                    teams=tuple(teams),
                    after=after,
                    when_waiting=rng.randint(1, 3) if self.chance(0.3) else 0,
                    keep_idle=rng.randint(1, 2) if self.chance(0.25) else 0,
                )
            )
        return tuple(steps)

    def make_service(self, queue: int, team: int) -> Service:
        rng = self.rng
        return Service(
            mean=0 if self.chance(0.05) else self.time(1, 8),
            units=rng.randint(1, self.teams[team].units),
            served=self.make_branches(queue, served=True),
            wrap_up=self.time(0, 3) if self.chance(0.4) else 0,
            consult=Consult(
                queue=rng.randrange(self.queues),
                probability=rng.choice((0.5, 1.0)),
                at=rng.choice((0.0, 0.5, 1.0, 0.3)),
            )
            if self.chance(0.25)
            else None,
        )

    def make_effort(self) -> QuantileTable:
        if self.coarse:
            return self.rng.choice((table(1.0), table(0.0, 1.0, 2.0), table(1.0, 2.0, 3.0)))
        return self.rng.choice((table(1.0), table(0.0, 0.7, 2.3), smooth(0.2, 1.8)))

    def make_duration(self, low: int, high: int) -> QuantileTable:
        if self.coarse or self.rng.random() < 0.3:
            return table(*sorted(self.time(low, high) for _ in range(self.rng.choice((1, 3)))))
        return smooth(self.unit * low, self.unit * high)

    def make_branches(self, queue: int, served: bool = False) -> tuple[Branch, ...]:
        rng = self.rng
        if not self.chance(0.7):
            return ()
        shares = rng.choice(((1.0,), (0.5, 0.5), (0.25, 0.25, 0.5)))
        rows = [
            Branch(
                probability=share,
                target=rng.randrange(self.queues) if rng.random() < 0.45 else LEAVE,
                label=rng.choice(list(Label)[1:9]),
                delay=self.make_duration(0, 6) if rng.random() < 0.4 else None,
                share=rng.choice((0.0, 0.5, 0.25)) if served and rng.random() < 0.3 else 1.0,
                at_most=rng.randint(0, 2) if rng.random() < 0.3 else NO_LIMIT,
                hours=self.make_hours() if rng.random() < 0.2 else None,
            )
            for share in shares
        ]
        return tuple(self.make_warm(row) if served else row for row in rows)

    def make_warm(self, row: Branch) -> Branch:
        """The row as a warm transfer, sometimes."""
        lingers = row.target < 0 or row.delay is not None or row.hours is not None
        if lingers or self.rng.random() < 0.5:
            return row
        return replace(row, handover=self.rng.randrange(self.queues))

    def make_limit(self, queue: int, number: int) -> Limit:
        clock = self.rng.choice(list(LimitClock))
        branches = self.make_branches(queue)
        if branches and self.rng.random() < 0.5:
            first = branches[0]
            branches = (Branch(first.probability, STAY, first.label), *branches[1:])
        return Limit(
            name=f"limit{number}",
            clock=clock,
            branches=branches,
            after=self.time(0, 8) if clock is not LimitClock.CLOSING else 0,
            hours=None if clock is LimitClock.WAIT else self.make_hours(),
        )

    def make_hours(self) -> Hours:
        spans = []
        at = self.time(-3, 4)
        while at < self.horizon:
            until = at + max(self.time(1, 20), 1)
            spans.append((at, until))
            at = until + max(self.time(1, 6), 1)
        return Hours(tuple(spans))

    def make_affinity(self) -> Affinity:
        own = self.rng.choice(list(OwnAgent))
        team = self.rng.randrange(len(self.teams)) if own is OwnAgent.NAMED else -1
        return Affinity(own, hold=self.time(0, 8), team=team)

    # ---- contacts ----

    def make_workload(self) -> Workload:
        rng = self.rng
        count = rng.randint(1, 30)
        at = sorted(self.time(0, max(self.horizon // self.unit - 5, 1)) for _ in range(count))
        trace = self.chance(0.3)

        def observed(low: int, high: int) -> list[int]:
            return [
                self.time(low, high) if trace and rng.random() < 0.5 else UNOBSERVED for _ in at
            ]

        keys = contact_keys(rng.randrange(1 << 32), "a type", count)
        if rng.random() < 0.2:
            keys = keys | np.uint64(1)
        return Workload(
            at=np.array(at, np.int64),
            queue=np.array([rng.randrange(self.queues) for _ in at], np.int32),
            key=keys,
            work=np.array(observed(0, 8), np.int64),
            patience=np.array(observed(0, 12), np.int64),
            head_start=np.array(observed(0, 6), np.int64),
        )


# ---- features: of a case, or of what happened in it -------------------------------------------


def _steps(case: Case, test: Callable[[Step], bool]) -> bool:
    return any(test(step) for queue in case.network.queues for step in queue.route)


def _equals(case: Case, test: Callable[[Team, Team], bool]) -> bool:
    """Two teams with agents, of equal rank in a step, pass the test."""
    return _steps(
        case,
        lambda step: any(
            test(one, other)
            for one, other in combinations([case.network.teams[team] for team in step.teams], 2)
            if not one.unlimited and not other.unlimited
        ),
    )


def _starts(case: Case, team: Team) -> set[int]:
    """Instants at which somebody of the team comes on duty."""
    roster = case.roster
    members = np.flatnonzero(roster.team == case.network.teams.index(team))
    return set(roster.spans["start"][np.isin(roster.spans["agent"], members)].tolist())


def _queues(case: Case, test: Callable[[Queue], object]) -> bool:
    return any(test(queue) for queue in case.network.queues)


def _branches(case: Case, test: Callable[[Branch], bool]) -> bool:
    return any(
        test(branch)
        for queue in case.network.queues
        for rows in (
            queue.abandoned,
            queue.no_line,
            queue.no_room,
            queue.closed,
            *(limit.branches for limit in queue.limits),
            *(service.served for service in queue.services if service is not None),
        )
        for branch in rows
    )


def _limits(case: Case, clock: LimitClock) -> bool:
    return _queues(case, lambda queue: any(limit.clock is clock for limit in queue.limits))


def _exit(code: int) -> Callable[[Case, Records], bool]:
    return lambda case, records: bool(np.any(records.legs["exit"] == code))


def _state(state: State) -> Callable[[Case, Records], bool]:
    return lambda case, records: bool(np.any(records.legs["state"] == state))


def _presence(presence: Presence) -> Callable[[Case, Records], bool]:
    return lambda case, records: bool(np.any(records.duty["presence"] == presence))


def _work_rows(records: Records, handed_over: bool) -> bool:
    """An item with several work rows, of several agents or of one."""
    work = records.work
    same = np.ones(max(len(work) - 1, 0), bool)
    for column in ("contact", "leg", "part"):
        same &= work[column][1:] == work[column][:-1]
    other = work["agent"][1:] != work["agent"][:-1]
    return bool(np.any(same & (other if handed_over else ~other)))


def warm(records: Records) -> set[tuple[int, int]]:
    """(contact, leg) of the legs that a warm transfer has led to: answered on entry by who had
    done the helper's part of the leg before."""
    helped = {
        (leg["contact"], leg["leg"] + 1, leg["ended"], leg["agent"])
        for leg in records.legs[records.legs["label"] == Label.HELPED]
    }
    return {
        (leg["contact"], leg["leg"])
        for leg in records.legs[records.legs["part"] == 0]
        if (leg["contact"], leg["leg"], leg["answered"], _first_agent(records, leg)) in helped
        and leg["answered"] == leg["entered"]
    }


def _first_agent(records: Records, leg: np.void) -> int:
    work = records.work
    rows = (work["contact"] == leg["contact"]) & (work["leg"] == leg["leg"]) & (work["part"] == 0)
    return int(work["agent"][rows][0]) if rows.any() else -1


def _any(column: str, value: int, table_name: str = "legs") -> Callable[[Case, Records], bool]:
    return lambda case, records: bool(np.any(getattr(records, table_name)[column] == value))


FEATURES: dict[str, Callable[[Case, Records], bool]] = {
    "an overflow after a wait": lambda case, _: _steps(case, lambda step: step.after > 0),
    "a threshold": lambda case, _: _steps(case, lambda step: step.when_waiting > 1),
    "reserved agents": lambda case, _: _steps(case, lambda step: step.keep_idle > 0),
    "equal ranks": lambda case, _: _steps(case, lambda step: len(step.teams) > 1),
    "equal ranks of unlike units": lambda case, _: _equals(
        case, lambda one, other: one.units != other.units
    ),
    "equal ranks of one count of units": lambda case, _: _equals(
        case, lambda one, other: one.units == other.units
    ),
    "equal ranks that come on duty together": lambda case, _: _equals(
        case, lambda one, other: bool(_starts(case, one) & _starts(case, other))
    ),
    "an unlimited team of equal rank": lambda case, _: _steps(
        case, lambda step: len({case.network.teams[team].unlimited for team in step.teams}) > 1
    ),
    "an unlimited team": lambda case, _: any(team.unlimited for team in case.network.teams),
    "several at once": lambda case, _: any(team.units > 1 for team in case.network.teams),
    "slow-down": lambda case, _: any(team.rates[-1] < 65536 for team in case.network.teams),
    "home first": lambda case, _: any(t.take is Take.HOME_FIRST for t in case.network.teams),
    "a break that keeps its length": lambda case, _: any(
        team.keep_break_length for team in case.network.teams
    ),
    "pace": lambda case, _: bool(np.any(case.roster.spans["pace"] != 1.0)),
    "a span from before the start": lambda case, _: bool(np.any(case.roster.spans["start"] < 0)),
    "head start": lambda case, _: _queues(case, lambda queue: queue.head_start),
    "effort by contact": lambda case, _: _queues(case, lambda queue: queue.effort_by_contact),
    "patience by contact": lambda case, _: _queues(case, lambda queue: queue.patience_by_contact),
    "wrap-up drawn": lambda case, _: _queues(case, lambda queue: queue.wrap_up),
    "trunk lines": lambda case, _: _queues(case, lambda queue: queue.lines >= 0),
    "lines that are dialled": lambda case, _: _queues(case, lambda queue: queue.dials >= 0),
    "a waiting room": lambda case, _: _queues(case, lambda queue: queue.room >= 0),
    "no waiting room": lambda case, _: _queues(case, lambda queue: queue.room == 0),
    "opening hours": lambda case, _: _queues(case, lambda queue: queue.hours),
    "last agent": lambda case, _: _queues(
        case, lambda queue: queue.affinity and queue.affinity.own is OwnAgent.LAST
    ),
    "named owner": lambda case, _: _queues(
        case, lambda queue: queue.affinity and queue.affinity.own is OwnAgent.NAMED
    ),
    "a limit on the wait": lambda case, _: _limits(case, LimitClock.WAIT),
    "a limit in open hours": lambda case, _: _limits(case, LimitClock.OPEN_HOURS),
    "a limit at closing": lambda case, _: _limits(case, LimitClock.CLOSING),
    "a branch that stays": lambda case, _: _branches(case, lambda branch: branch.target == STAY),
    "a branch with a delay": lambda case, _: _branches(
        case, lambda branch: branch.delay is not None
    ),
    "a branch with a delay in hours": lambda case, _: _branches(
        case, lambda branch: branch.hours is not None
    ),
    "a share of the effort": lambda case, _: _branches(case, lambda branch: branch.share < 1),
    "a branch at most so often": lambda case, _: _branches(
        case, lambda branch: branch.at_most != NO_LIMIT
    ),
    "observed work": lambda case, _: bool(np.any(case.workload.work != UNOBSERVED)),
    "observed patience": lambda case, _: bool(np.any(case.workload.patience != UNOBSERVED)),
    "observed head start": lambda case, _: bool(np.any(case.workload.head_start != UNOBSERVED)),
    "antithetic keys": lambda case, _: bool(np.any(case.workload.key & np.uint64(1))),
    "a coarse clock": lambda case, _: case.tick > 1,
    "ties of arrivals": lambda case, _: bool(np.any(np.diff(case.workload.at) == 0)),
    "was served": _exit(Exit.SERVED),
    "abandoned": _exit(Exit.ABANDONED),
    "found no line": _exit(Exit.NO_LINE),
    "found no room": _exit(Exit.NO_ROOM),
    "found it closed": _exit(Exit.CLOSED),
    "left by the first limit": _exit(Exit.LIMIT),
    "left by the second limit": _exit(Exit.LIMIT + 1),
    "came to the bound on legs": _any("next", Next.BOUND),
    "gave up a row that was used up": _any("label", Label.GAVE_UP),
    "was helped": _any("label", Label.HELPED),
    "a warm transfer": lambda case, _: _branches(case, lambda branch: branch.handover != NO_QUEUE),
    "handed over warm": lambda _, records: bool(warm(records)),
    "a second leg": _any("leg", 1),
    "inside, waiting": _state(State.WAITING),
    "inside, in service": _state(State.IN_SERVICE),
    "inside, consulting": _state(State.CONSULTING),
    "inside, set aside": _state(State.PREEMPTED),
    "resumed by its agent": lambda _, records: _work_rows(records, handed_over=False),
    "handed over": lambda _, records: _work_rows(records, handed_over=True),
    "overtime": _presence(Presence.OVERTIME),
    "a break": _presence(Presence.BREAK),
    "wrap-up": lambda _, records: bool(np.any(records.work["freed"] > records.work["until"])),
    "work of no length": lambda _, records: bool(
        np.any(records.work["until"] == records.work["start"])
    ),
    "served by an unlimited team": _any("agent", -1, "work"),
}
