"""The laws of section 6 on random networks, each with faults that its check must catch."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.engine import choice, work
from ccsim.engine.reference import Engine, simulate
from ccsim.engine.state import Agent, TeamState
from ccsim.network.model import Label, Network, Queue, Service, Step, Team
from ccsim.network.quantiles import exponential
from ccsim.records import Records
from ccsim.roster.model import SCHEDULE, SPANS, Roster
from ccsim.workload.model import Workload
from tests.crowds import crowded_case
from tests.law.conservation import broken
from tests.law.scaled import (
    blurred,
    differences,
    renamed,
    stretched,
    times_multiplied,
    until,
    whole,
)
from tests.law.tiny import build, queue, row, team
from tests.networks import FEATURES, Case, random_case

SEEDS = st.integers(0, 2**32 - 1)
many = settings(derandomize=True, deadline=None, max_examples=250)
some = settings(derandomize=True, deadline=None, max_examples=80)


def _case(seed: int) -> Case:
    return random_case(random.Random(seed))


def _run(case: Case, check_laws: bool = False) -> Records:
    return simulate(case.network, case.roster, case.workload, check_laws=check_laws)


# ---- laws 1 to 5 and 8 -------------------------------------------------------------------------


@many
@given(SEEDS)
def test_the_laws_hold(seed: int) -> None:
    """Law 8 (cascades) after every event, 1 to 5 on the records."""
    case = _case(seed)
    assert broken(case, _run(case, check_laws=True)) == []


def test_the_laws_hold_in_crowds() -> None:
    """Where much happens at one instant and at one agent."""
    for seed in range(150):
        case = crowded_case(random.Random(seed))
        assert broken(case, _run(case, check_laws=True)) == [], seed


@some
@given(SEEDS)
def test_a_run_is_a_function_of_its_arguments(seed: int) -> None:
    case = _case(seed)
    assert differences(_run(case), _run(case)) == []


def test_random_networks_cover_every_feature() -> None:
    """Of 400 cases at least 10 have each feature."""
    seen: Counter[str] = Counter()
    for seed in range(400):
        case = _case(seed)
        records = _run(case)
        seen.update(name for name, test in FEATURES.items() if test(case, records))
    assert {name: seen[name] for name in FEATURES if seen[name] < 10} == {}


@some
@given(SEEDS)
def test_the_time_integral_of_the_lines_is_the_sum_of_the_waits(seed: int) -> None:
    """Law 3 (Little's law as an identity): the engine's own count of each line, summed over time
    between events, against `waited`."""
    case = _case(seed)
    assert _line_integrals(case) == _waits(case, _run(case))


def _line_integrals(case: Case) -> list[int]:
    engine = Engine(case.network, case.roster, case.workload)
    integrals = [0] * len(engine.state.queues)
    counts = list(integrals)
    at = engine.now
    for _ in engine.events():
        for index, count in enumerate(counts):
            integrals[index] += count * (engine.now - at)
        at = engine.now
        counts = [queue.count for queue in engine.state.queues]
    return [
        total + count * (case.network.horizon - at)
        for total, count in zip(integrals, counts, strict=True)
    ]


def _waits(case: Case, records: Records) -> list[int]:
    legs = records.legs
    queues = range(len(case.network.queues))
    return [int(legs["waited"][legs["queue"] == queue].sum()) for queue in queues]


# ---- planted faults in the records -------------------------------------------------------------

Fault = Callable[[Records], tuple[str, np.ndarray[Any, Any]]]


def _changed(name: str, find: Callable[[Any], Any], column: str, by: int) -> Fault:
    """The first row of a table that `find` points at, with one value changed."""

    def fault(records: Records) -> tuple[str, np.ndarray[Any, Any]]:
        table = getattr(records, name).copy()
        table[column][int(np.flatnonzero(find(table))[0])] += by
        return name, table

    return fault


def _without(name: str, find: Callable[[Any], Any]) -> Fault:
    def fault(records: Records) -> tuple[str, np.ndarray[Any, Any]]:
        table = getattr(records, name)
        return name, np.delete(table, int(np.flatnonzero(find(table))[0]))

    return fault


def _twice(name: str) -> Fault:
    def fault(records: Records) -> tuple[str, np.ndarray[Any, Any]]:
        table = getattr(records, name)
        return name, np.concatenate([table[:1], table])

    return fault


def _swapped_answers(records: Records) -> tuple[str, np.ndarray[Any, Any]]:
    """The first who waited in line changes places with the one who was answered next."""
    legs = records.legs.copy()
    legs["answered"][1], legs["answered"][2] = legs["answered"][2], legs["answered"][1]
    return "legs", legs


FAULTS: dict[str, tuple[str, Fault]] = {
    "a leg twice": ("0", _twice("legs")),
    "duty out of order": ("0", _twice("duty")),
    "a leg lost": ("1", _without("legs", lambda t: t["leg"] == 0)),
    "a second leg lost": ("3", _without("legs", lambda t: t["leg"] == 1)),
    "abandoned, not served": ("1", _changed("legs", lambda t: t["exit"] == 1, "exit", 1)),
    "inside, but ended": ("1", _changed("legs", lambda t: t["exit"] == 1, "exit", -1)),
    "a label of no row": ("1", _changed("legs", lambda t: t["label"] == 2, "label", 6)),
    "led elsewhere": ("1", _changed("legs", lambda t: t["next"] >= 0, "next", 1)),
    "work off duty": ("2", _changed("work", lambda t: t["start"] == 0, "start", -1)),
    "too many units": ("2", _changed("work", lambda t: t["agent"] == 0, "units", 2)),
    "the wrong agent": ("2", _changed("work", lambda t: t["agent"] == 0, "agent", 2)),
    "one us more waited": ("3", _changed("legs", lambda t: t["waited"] > 0, "waited", 1)),
    "answered later": ("3", _changed("legs", lambda t: t["answered"] >= 0, "answered", 1)),
    "work without a leg": ("3", _changed("work", lambda t: t["leg"] == 1, "leg", 7)),
    "on duty for longer": ("4", _changed("duty", lambda t: t["presence"] == 1, "until", 1)),
    "a unit more on duty": ("4", _changed("duty", lambda t: t["units"] == 1, "units", 1)),
    "overtime with nothing": ("4", _changed("duty", lambda t: t["presence"] == 3, "units", -1)),
    "duty of another kind": ("4", _changed("duty", lambda t: t["presence"] == 1, "presence", 1)),
    "a row of duty lost": ("4", _without("duty", lambda t: t["presence"] == 1)),
    "somebody overtakes": ("5", _swapped_answers),
}


def _desk() -> Case:
    """Two agents, a third in another team; contacts wait, come again, and overtime is made."""
    again = row("desk", Label.UNRESOLVED, delay=20, at_most=1)
    return build(
        [team("A", agents=[[(0, 60)], [(0, 25)]]), team("B")],
        [queue("desk", ["A"], served=[again]), queue("other", ["B"])],
        [0, 0, 3, 4, 20, 22],
    )


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_caught(name: str) -> None:
    law, fault = FAULTS[name]
    case = _desk()
    records = _run(case)
    assert broken(case, records) == []
    table, changed = fault(records)
    assert any(
        problem.startswith(f"law {law} ")
        for problem in broken(case, replace(records, **{table: changed}))
    )


# ---- planted faults in the engine: law 8 and the capacities ------------------------------------


def _count_of_broken_runs(cases: int = 60) -> int:
    """Runs that a law stops, or that stumble over what should not be."""
    stopped = 0
    for seed in range(cases):
        try:
            _run(_case(seed), check_laws=True)
        except (AssertionError, IndexError) as error:
            assert str(error)
            stopped += 1
    return stopped


def _nobody_is_offered(self: Engine, agent: Agent) -> None:
    """A freed agent is forgotten."""


def _no_interruption(*_: object) -> None:
    return None


def _sleepy_offer(agent: Agent, now: int) -> choice.Assignment | None:
    """Set-aside work is forgotten when units are freed."""
    found = _best_offer(agent, now)
    return None if found is not None and found.item in agent.preempted else found


def _one_more(self: TeamState, units: int, keep_idle: int) -> bool:
    """A reserve of one too many."""
    return sum(map(len, self.ready[units:])) > keep_idle + 1


_best_offer = choice.best_offer


@pytest.mark.parametrize(
    ("where", "what", "fault"),
    [
        (Engine, "offer", _nobody_is_offered),
        (choice, "interruption", _no_interruption),
        (choice, "best_offer", _sleepy_offer),
        (TeamState, "has_room", _one_more),
        (Engine, "offer_by_place", lambda *_: None),
        (Engine, "_walk_firsts", lambda *_: None),
        (Engine, "step_opens", lambda *_: None),
    ],
)
def test_the_law_of_cascades_catches_a_forgotten_offer(
    where: Any, what: str, fault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, what, fault)
    if what == "step_opens":  # the step opens, and the contact does not walk

        def opens(self: Engine, item: Any, step: int) -> None:
            item.opened = (*item.opened, step)

        monkeypatch.setattr(where, what, opens)
    assert _count_of_broken_runs(250) > 0


def test_the_laws_catch_units_that_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgets(self: work.Work, agent: Agent, units: int) -> None:
        if units > 0:
            _change_units(self, agent, units)

    _change_units = work.Work.change_units
    monkeypatch.setattr(work.Work, "change_units", forgets)
    assert _count_of_broken_runs() > 0


# ---- law 6: an added agent delays nobody -------------------------------------------------------


def _one_line(rng: random.Random, agents: int) -> Case:
    """One first-come-first-served line, one unit, equal pace, no abandonment, all on duty."""
    horizon = 10**12
    count = 40
    unit = rng.choice((1_000_000, 1_000_000_000))
    at = sorted(rng.randrange(0, 40) * unit for _ in range(count))
    line = Queue("line", (Step((0,)),), (Service(3 * unit, 1, ()),), exponential(1.0), None)
    network = Network((line,), (Team("team"),), horizon=horizon)
    spans = np.array([(n, 0, horizon, 1.0, False) for n in range(agents)], SPANS)
    roster = Roster(np.zeros(agents, np.int32), spans, np.zeros(0, SCHEDULE))
    nothing = np.full(count, -1, np.int64)
    keys = np.array([rng.getrandbits(63) * 2 for _ in range(count)], np.uint64)
    workload = Workload(
        np.array(at, np.int64), np.zeros(count, np.int32), keys, nothing, nothing, nothing
    )
    return Case(network, roster, workload, unit)


@some
@given(SEEDS, st.integers(1, 5))
def test_an_added_agent_delays_nobody(seed: int, agents: int) -> None:
    fewer, more = (_run(_one_line(random.Random(seed), n)) for n in (agents, agents + 1))
    assert np.all(more.legs["answered"] <= fewer.legs["answered"])
    assert np.all(more.legs["ended"] <= fewer.legs["ended"])


# ---- law 7: scaling, renaming, horizons --------------------------------------------------------


def _coarse(seed: int) -> Case | None:
    """A case with all times on the grid, or None."""
    case = _case(seed)
    tables = [queue.effort for queue in case.network.queues]
    tables += [queue.wrap_up for queue in case.network.queues if queue.wrap_up is not None]
    on_grid = all(
        value == int(value)
        for table in tables
        for value in (table.low, float(table.nodes[0][512]), table.high)
    )
    times = [*case.workload.at.tolist(), *case.roster.spans["until"].tolist()]
    if not on_grid or any(time % 1_000_000 for time in times):
        return None
    return whole(case)


@pytest.mark.parametrize("k", [2, 3, 1000])
def test_when_all_times_are_multiplied_so_are_the_records(k: int) -> None:
    tried = 0
    for seed in range(150):
        case = _coarse(seed)
        if case is None:
            continue
        tried += 1
        straight = times_multiplied(_run(case), k)
        assert differences(straight, _run(stretched(case, k))) == [], seed
    assert tried > 50


@some
@given(SEEDS)
def test_names_change_nothing(seed: int) -> None:
    case = _case(seed)
    assert differences(_run(case), _run(renamed(case))) == []


@some
@given(SEEDS, st.floats(0.05, 0.95))
def test_an_earlier_horizon_cuts_and_changes_nothing(seed: int, share: float) -> None:
    case = _case(seed)
    horizon = int(case.network.horizon * share)
    short = replace(case, network=replace(case.network, horizon=horizon))
    expected = until(_run(case), horizon)
    assert differences(blurred(expected), blurred(_run(short))) == [], seed


def test_the_comparison_of_records_catches_a_planted_fault() -> None:
    records = _run(_desk())
    for name in ("legs", "work", "duty"):
        table = getattr(records, name).copy()
        last = table.dtype.names[-1]
        table[last][-1] += 1
        assert differences(records, replace(records, **{name: table}))
        shorter = replace(records, **{name: getattr(records, name)[:-1]})
        assert differences(records, shorter)
    assert differences(times_multiplied(records, 2), records)
