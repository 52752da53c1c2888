"""A small language for hand-traced runs: networks in a few words, traces as text.

All times are seconds. A trace has three blocks of text, compared line by line:

legs   `contact[.leg][ helper] queue: entered answered ended exit ...`, with what is not the rule
       behind it: label, the agent (a0) or unlimited team, `waited 3`, `to queue` or `bound`, state
work   `contact[.leg][ helper] agent: from-until`, then `+2` for wrap-up and `x3` for units
duty   `agent: from-until presence units, ...`
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ccsim.engine.reference import simulate
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
from ccsim.network.quantiles import QuantileTable, constant
from ccsim.records import Next, Presence, Records, State
from ccsim.roster.model import SCHEDULE, SPANS, Roster
from ccsim.workload.model import UNOBSERVED, Workload
from tests.networks import Case

SECOND = 1_000_000


def us(seconds: float) -> int:
    return round(seconds * SECOND)


def hours(*spans: tuple[float, float]) -> Hours:
    return Hours(tuple((us(start), us(until)) for start, until in spans))


@dataclass(frozen=True)
class row:  # noqa: N801 - words of the little language are written small
    """A branch row; `to` names a queue, or is 'stay' or 'leave'."""

    to: str = "leave"
    label: Label = Label.NONE
    p: float = 1.0
    delay: float | None = None
    share: float = 1.0
    at_most: int = NO_LIMIT
    hours: Hours | None = None
    warm: str = ""  # the queue in which somebody is sought to go on with it


@dataclass(frozen=True)
class limit:  # noqa: N801
    """Without a row the exit has none."""

    after: float
    to: row | None = field(default_factory=row)
    clock: LimitClock = LimitClock.WAIT
    hours: Hours | None = None


@dataclass(frozen=True)
class step:  # noqa: N801
    """Teams of equal rank are written 'A|B'."""

    teams: str
    after: float = 0
    when_waiting: int = 0
    keep_idle: int = 0


@dataclass(frozen=True)
class ask:  # noqa: N801
    """A consult at a share of the work."""

    queue: str
    at: float
    probability: float = 1.0


@dataclass(frozen=True)
class own:  # noqa: N801
    """The contact's last agent, or an owner in a team, is waited for."""

    hold: float
    team: str = ""


@dataclass(frozen=True)
class queue:  # noqa: N801
    """Values by team may be given for all teams at once. `also` names teams out of the route."""

    name: str
    route: Sequence[str | step]
    handle: float | Mapping[str, float] = 10
    wrap_up: float | Mapping[str, float] = 0
    units: int | Mapping[str, int] = 1
    served: Sequence[row] | Mapping[str, Sequence[row]] = ()
    consult: ask | Mapping[str, ask | None] | None = None
    also: str = ""
    patience: float | QuantileTable | None = None
    effort: QuantileTable = field(default_factory=lambda: constant(1.0))
    limits: Sequence[limit] = ()
    abandoned: Sequence[row] = ()
    no_line: Sequence[row] = ()
    no_room: Sequence[row] = ()
    closed: Sequence[row] = ()
    own: own | None = None
    head_start: float = 0
    options: Mapping[str, Any] = field(default_factory=dict)  # fields of Queue, as they are


@dataclass(frozen=True)
class team:  # noqa: N801
    """`agents` is a number of agents on duty throughout, or the spans of each: (from, until[,
    pace]), with 'break' at the end of a span that a break follows."""

    name: str
    agents: int | Sequence[Sequence[tuple[Any, ...]]] = 1
    units: int = 1
    slowdown: Sequence[float] = (1.0,)
    unlimited: bool = False
    take: Take = Take.PRIORITY
    keep_break_length: bool = False


@dataclass(frozen=True)
class call:  # noqa: N801
    at: float
    queue: str = ""
    work: float | None = None
    patience: float | None = None
    head_start: float | None = None
    key: int = 0


@dataclass(frozen=True)
class Run:
    records: Records
    queues: list[str]
    teams: list[str]

    @property
    def legs(self) -> str:
        return "\n".join(self._leg(leg) for leg in self.records.legs.tolist())

    @property
    def work(self) -> str:
        return "\n".join(self._work(piece) for piece in self.records.work.tolist())

    @property
    def duty(self) -> str:
        lines: dict[int, list[str]] = {}
        for agent, start, until, presence, units in self.records.duty.tolist():
            word = f"{_s(start)}-{_s(until)} {Presence(presence).name.lower()} {units}"
            lines.setdefault(agent, []).append(word)
        return "\n".join(f"a{agent}: {', '.join(words)}" for agent, words in lines.items())

    def _leg(self, leg: tuple[int, ...]) -> str:
        (contact, number, part, queue, entered, answered, ended, exit_, label) = leg[:9]
        (agent, team, waited, onward, state) = leg[9:]
        words = [f"{_name(contact, number, part)} {self.queues[queue]}:"]
        words += [_s(entered), _s(answered), _s(ended)]
        words.append(
            f"limit{exit_ - Exit.LIMIT}" if exit_ >= Exit.LIMIT else Exit(exit_).name.lower()
        )
        if label:
            words.append(Label(label).name.lower())
        if agent >= 0:
            words.append(f"a{agent}")
        elif team >= 0:
            words.append(self.teams[team])
        if waited:
            words.append(f"waited {_s(waited)}")
        if onward == Next.BOUND:
            words.append("bound")
        elif onward >= 0:
            words.append(f"to {self.queues[onward]}")
        if state:
            words.append(State(state).name.lower())
        return " ".join(words)

    def _work(self, piece: tuple[int, ...]) -> str:
        contact, leg, part, _, agent, team, start, until, freed, units = piece
        who = f"a{agent}" if agent >= 0 else self.teams[team]
        text = f"{_name(contact, leg, part)} {who}: {_s(start)}-{_s(until)}"
        if freed > until:
            text += f" +{_s(freed - until)}"
        return text + (f" x{units}" if units != 1 else "")


def _name(contact: int, leg: int, part: int) -> str:
    return f"{contact}" + (f".{leg}" if leg else "") + (" helper" if part else "")


def _s(instant: int) -> str:
    return "-" if instant == -1 else f"{instant / SECOND:g}"


def build(
    teams: Sequence[team],
    queues: Sequence[queue],
    calls: Sequence[call | float],
    horizon: float = 100,
    lines: Sequence[int] = (),
    max_legs: int = 16,
) -> Case:
    """The network, roster and workload."""
    names = [each.name for each in teams]
    lines_of = [each.name for each in queues]
    network = Network(
        queues=tuple(_queue(each, names, lines_of) for each in queues),
        teams=tuple(_team(each) for each in teams),
        lines=tuple(lines),
        max_legs=max_legs,
        horizon=us(horizon),
    )
    return Case(network, _roster(teams, horizon), _workload(calls, lines_of), 1)


def run(
    teams: Sequence[team],
    queues: Sequence[queue],
    calls: Sequence[call | float],
    horizon: float = 100,
    lines: Sequence[int] = (),
    max_legs: int = 16,
) -> Run:
    """Build a case and run it with all laws checked."""
    case = build(teams, queues, calls, horizon, lines, max_legs)
    records = simulate(case.network, case.roster, case.workload, check_laws=True)
    return Run(records, [each.name for each in queues], [each.name for each in teams])


def expect(found: Run, legs: str, work: str | None = None, duty: str | None = None) -> None:
    """The whole trace, blank space apart."""
    for name, expected in (("legs", legs), ("work", work), ("duty", duty)):
        if expected is not None:
            assert _lines(getattr(found, name)) == _lines(expected)


def _lines(text: str) -> list[str]:
    joined = text.strip().replace(",\n", ", ")  # a row of duty may go on in the next line
    return [" ".join(line.split()) for line in joined.splitlines()]


def _team(spec: team) -> Team:
    return Team(
        name=spec.name,
        units=spec.units,
        rates=tuple(round(65536 / slow) for slow in spec.slowdown),
        unlimited=spec.unlimited,
        take=spec.take,
        keep_break_length=spec.keep_break_length,
    )


def _roster(teams: Sequence[team], horizon: float) -> Roster:
    team_of: list[int] = []
    spans: list[tuple[int, int, int, float, bool]] = []
    for index, spec in enumerate(teams):
        whole = [(0, horizon)]
        agents = [whole] * spec.agents if isinstance(spec.agents, int) else spec.agents
        for agent in agents if not spec.unlimited else ():
            for start, until, *rest in agent:
                then_break = "break" in rest
                pace = next((float(word) for word in rest if word != "break"), 1.0)
                spans.append((len(team_of), us(start), us(until), pace, then_break))
            team_of.append(index)
    return Roster(np.array(team_of, np.int32), np.array(spans, SPANS), np.zeros(0, SCHEDULE))


def _workload(calls: Sequence[call | float], lines: list[str]) -> Workload:
    rows = [each if isinstance(each, call) else call(each) for each in calls]
    assert [each.at for each in rows] == sorted(each.at for each in rows)

    def column(name: str) -> np.ndarray[Any, Any]:
        values = [getattr(each, name) for each in rows]
        return np.array([UNOBSERVED if v is None else us(v) for v in values], np.int64)

    return Workload(
        at=column("at"),
        queue=np.array([lines.index(each.queue or lines[0]) for each in rows], np.int32),
        key=np.array([each.key for each in rows], np.uint64),
        work=column("work"),
        patience=column("patience"),
        head_start=column("head_start"),
    )


def _queue(spec: queue, teams: list[str], queues: list[str]) -> Queue:
    def rows(given: Sequence[row]) -> tuple[Branch, ...]:
        targets = {"leave": LEAVE, "stay": STAY}
        return tuple(
            Branch(
                probability=each.p,
                target=targets[each.to] if each.to in targets else queues.index(each.to),
                label=each.label,
                delay=None if each.delay is None else constant(us(each.delay)),
                share=each.share,
                at_most=each.at_most,
                hours=each.hours,
                handover=queues.index(each.warm) if each.warm else NO_QUEUE,
            )
            for each in given
        )

    steps = [each if isinstance(each, step) else step(each) for each in spec.route]
    route = tuple(
        Step(
            tuple(teams.index(name) for name in each.teams.split("|")),
            us(each.after),
            each.when_waiting,
            each.keep_idle,
        )
        for each in steps
    )
    reached = {name for each in steps for name in each.teams.split("|")} | set(spec.also)

    def by_team(given: Any, name: str, otherwise: Any) -> Any:
        return given.get(name, otherwise) if isinstance(given, Mapping) else given

    def service(name: str) -> Service | None:
        if name not in reached:
            return None
        consult = by_team(spec.consult, name, None)
        return Service(
            mean=us(by_team(spec.handle, name, 10)),
            units=by_team(spec.units, name, 1),
            served=rows(by_team(spec.served, name, ())),
            wrap_up=us(by_team(spec.wrap_up, name, 0)),
            consult=None
            if consult is None
            else Consult(queues.index(consult.queue), consult.probability, consult.at),
        )

    patience = spec.patience
    return Queue(
        name=spec.name,
        route=route,
        services=tuple(service(name) for name in teams),
        effort=spec.effort,
        patience=constant(us(patience)) if isinstance(patience, int | float) else patience,
        abandoned=rows(spec.abandoned),
        no_line=rows(spec.no_line),
        no_room=rows(spec.no_room),
        closed=rows(spec.closed),
        limits=tuple(
            Limit(
                f"limit{n}",
                each.clock,
                rows([each.to] if each.to else []),
                us(each.after),
                each.hours,
            )
            for n, each in enumerate(spec.limits)
        ),
        head_start=us(spec.head_start),
        affinity=None
        if spec.own is None
        else Affinity(
            OwnAgent.NAMED if spec.own.team else OwnAgent.LAST,
            us(spec.own.hold),
            teams.index(spec.own.team) if spec.own.team else -1,
        ),
        **spec.options,
    )
