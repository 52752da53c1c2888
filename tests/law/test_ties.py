"""Every pair of kinds of event at one instant, with a network in which the order shows.

In each of the 28 settings two events fall due at 10 s, and what the law's order leads to is stated;
the other order would lead elsewhere. Each runs twice: as it is, and with SimPy's own tie-break (the
order of scheduling) turned around, for no result may depend on it. So each of the 7 x 7 ordered
pairs is a case: (first, second) as it is, (second, first) turned around.
"""

from __future__ import annotations

import itertools
import random

import pytest
import simpy

from ccsim.engine import order
from ccsim.engine.order import Kind
from ccsim.engine.reference import simulate
from tests.law.tiny import SECOND, Run, call, expect, limit, queue, row, run, step, team
from tests.networks import random_case

DEFERRED = {"deferred": True}
T = 10


class LastScheduledFirst(simpy.Environment):
    """Among events of equal time and priority the one scheduled last comes first."""

    def __init__(self, initial_time: int = 0) -> None:
        super().__init__(initial_time)
        self._eid = itertools.count(0, -1)


@pytest.fixture
def turned_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simpy, "Environment", LastScheduledFirst)


def _answered(found: Run, contact: int, leg: int = 0) -> float:
    legs = found.records.legs
    at = legs["answered"][(legs["contact"] == contact) & (legs["leg"] == leg)][0]
    return at / SECOND if at >= 0 else -1


# ---- kind 0: handling --------------------------------------------------------------------------


def handling_and_handling() -> None:
    """Contacts 0 (agent a1) and 1 (a0) end at 10: contact 0 first, so a1 is idle first."""
    teams = [team("A", agents=[[(5, 100)], [(0, 100)]])]
    found = run(teams, [queue("desk", ["A"])], [call(0), call(6, work=4), call(7)])
    expect(
        found,
        """
        0 desk: 0 0 10 served a1
        1 desk: 6 6 10 served a0
        2 desk: 7 10 20 served a1 waited 3
        """,
    )


def handling_and_end_of_duty() -> None:
    """Deferred work that is done at the end of duty does not go back; a1 gets nothing."""
    mail = queue("mail", ["A"], options=DEFERRED)
    teams = [team("A", agents=[[(0, 10)], [(1, 100)]])]
    expect(run(teams, [mail], [0]), "0 mail: 0 0 10 served a0", "0 a0: 0-10")


def handling_and_begin_of_duty() -> None:
    """The agent who is free takes the contact before the other is there."""
    teams = [team("A", agents=[[(10, 100)], [(0, 100)]])]
    found = run(teams, [queue("desk", ["A"])], [0, 3])
    expect(
        found,
        """
        0 desk: 0 0 10 served a1
        1 desk: 3 10 20 served a1 waited 7
        """,
    )


def handling_and_entry() -> None:
    """The one who waits is taken before a more urgent one is in."""
    low = queue("low", ["A"], options={"priority": 2})
    found = run(
        [team("A")], [low, queue("high", ["A"])], [call(0, "low"), call(1, "low"), call(10, "high")]
    )
    assert (_answered(found, 1), _answered(found, 2)) == (10, 20)


def handling_and_step() -> None:
    """Team B's agent takes the one who waits for it, before the step of a more urgent one opens."""
    queues = [
        queue("far", ["A", step("B", after=8)]),
        queue("near", ["B"], options={"priority": 2}),
    ]
    calls = [call(0, "far", work=90), call(0, "near"), call(2, "far"), call(3, "near")]
    found = run([team("A"), team("B")], queues, calls)
    assert (_answered(found, 3), _answered(found, 2)) == (10, 20)


def handling_and_limit() -> None:
    found = run([team("A")], [queue("desk", ["A"], limits=[limit(7)])], [0, 3])
    assert _answered(found, 1) == 10


def handling_and_patience() -> None:
    found = run([team("A")], [queue("desk", ["A"], patience=7)], [0, 3])
    assert _answered(found, 1) == 10


# ---- kind 1: the end of duty -------------------------------------------------------------------


def end_of_duty_twice() -> None:
    """Agent a0 has contact 1: its work goes back first and is taken by a2, the only idle one;
    contact 0's work of a1, earlier in line, finds nobody."""
    mail = queue("mail", ["A", "B"], handle=30, options=DEFERRED)
    teams = [team("A", agents=[[(2, 10)], [(0, 10)]]), team("B", agents=[[(6, 100)]])]
    found = run(teams, [mail], [0, 3])
    expect(
        found,
        """
        0 mail: 0 0 53 served a2 waited 23
        1 mail: 3 3 33 served a2
        """,
    )


def end_and_begin_of_duty() -> None:
    """Agent a1 begins when contact 0's work is back in line, before contact 1."""
    mail = queue("mail", ["A"], handle=30, options=DEFERRED)
    found = run([team("A", agents=[[(0, 10)], [(10, 100)]])], [mail], [0, 3])
    expect(
        found,
        """
        0 mail: 0 0 30 served a1
        1 mail: 3 30 60 served a1 waited 27
        """,
    )


def end_of_duty_and_entry() -> None:
    """Work that goes back is taken by the idle agent before a more urgent contact is in."""
    mail = queue("mail", ["A"], handle=30, options={**DEFERRED, "priority": 2})
    teams = [team("A", agents=[[(0, 10)], [(1, 100)]])]
    found = run(teams, [mail, queue("desk", ["A"])], [call(0, "mail"), call(10, "desk")])
    expect(
        found,
        """
        0 mail: 0 0 30 served a1
        1 desk: 10 30 40 served a1 waited 20
        """,
    )


def end_of_duty_and_step() -> None:
    """Work that goes back is taken by team B before contact 1's step to B opens."""
    mail = queue("mail", ["A", "B"], handle=30, options={**DEFERRED, "priority": 2})
    queues = [mail, queue("desk", ["C", step("B", after=8)])]
    teams = [team("A", agents=[[(0, 10)]]), team("B"), team("C", agents=[[(0, 100)]])]
    calls = [call(0, "mail"), call(0, "desk", work=90), call(2, "desk")]
    found = run(teams, queues, calls)
    assert found.records.legs["agent"].tolist() == [1, 2, 1]
    assert _answered(found, 2) == 30


def _moves_on_when_the_last_leaves(**more: object) -> None:
    """Contact 1 waits for team A; at 10 nobody of A is left and the idle team B takes it."""
    desk = queue("desk", ["A", step("B", after=60)], **more)  # type: ignore[arg-type]
    teams = [team("A", agents=[[(0, 10)]]), team("B")]
    found = run(teams, [desk], [call(0, work=30), call(3)])
    assert _answered(found, 1) == 10


def end_of_duty_and_limit() -> None:
    _moves_on_when_the_last_leaves(limits=[limit(7)])


def end_of_duty_and_patience() -> None:
    _moves_on_when_the_last_leaves(patience=7)


# ---- kind 2: the begin of duty -----------------------------------------------------------------


def begin_of_duty_twice() -> None:
    found = run([team("A", agents=[[(10, 90)], [(10, 90)]])], [queue("desk", ["A"])], [3])
    expect(found, "0 desk: 3 10 20 served a0 waited 7")


def begin_of_duty_and_entry() -> None:
    low = queue("low", ["A"], options={"priority": 2})
    queues = [low, queue("high", ["A"])]
    found = run([team("A", agents=[[(10, 100)]])], queues, [call(3, "low"), call(10, "high")])
    assert (_answered(found, 0), _answered(found, 1)) == (10, 20)


def begin_of_duty_and_step() -> None:
    queues = [
        queue("far", ["A", step("B", after=8)]),
        queue("near", ["B"], options={"priority": 2}),
    ]
    calls = [call(0, "far", work=90), call(2, "far"), call(3, "near")]
    found = run([team("A"), team("B", agents=[[(10, 100)]])], queues, calls)
    assert (_answered(found, 2), _answered(found, 1)) == (10, 20)


def begin_of_duty_and_limit() -> None:
    desk = queue("desk", ["A"], limits=[limit(7)])
    assert _answered(run([team("A", agents=[[(10, 90)]])], [desk], [3]), 0) == 10


def begin_of_duty_and_patience() -> None:
    desk = queue("desk", ["A"], patience=7)
    assert _answered(run([team("A", agents=[[(10, 90)]])], [desk], [3]), 0) == 10


# ---- kind 3: entry -----------------------------------------------------------------------------


def entry_twice() -> None:
    """Contact 0 redials at 10, when contact 1 comes: the lower number is in first."""
    queues = [queue("none", ["B"], patience=4, abandoned=[row("desk", delay=6)])]
    queues.append(queue("desk", ["A"]))
    teams = [team("A"), team("B", agents=[])]
    found = run(teams, queues, [call(0, "none"), call(10, "desk")])
    assert (_answered(found, 0, leg=1), _answered(found, 1)) == (10, 20)


def entry_and_step() -> None:
    """The newcomer takes team B's idle agent before contact 1's step to B opens."""
    queues = [queue("far", ["A", step("B", after=8)]), queue("near", ["B"])]
    calls = [call(0, "far", work=90), call(2, "far"), call(10, "near")]
    found = run([team("A"), team("B")], queues, calls)
    assert (_answered(found, 2), _answered(found, 1)) == (10, 20)


def _finds_no_room(**more: object) -> None:
    """Contact 1 leaves the only place at 10, too late for contact 2."""
    desk = queue("desk", ["A"], options={"room": 1}, **more)  # type: ignore[arg-type]
    found = run([team("A")], [desk], [call(0, work=50), call(3), call(10)])
    assert found.legs.splitlines()[2] == "2 desk: 10 - 10 no_room gave_up"


def entry_and_limit() -> None:
    _finds_no_room(limits=[limit(7)])


def entry_and_patience() -> None:
    _finds_no_room(patience=7)


# ---- kinds 4, 5 and 6: steps, limits, patience -------------------------------------------------


def step_twice() -> None:
    """Both may go to team B from 10 on: the lower number, though the other is more urgent."""
    queues = [
        queue("low", ["A", step("B", after=8)], options={"priority": 2}),
        queue("high", ["A", step("B", after=7)]),
    ]
    calls = [call(0, "low", work=90), call(2, "low"), call(3, "high")]
    found = run([team("A"), team("B")], queues, calls)
    assert (_answered(found, 1), _answered(found, 2)) == (10, 20)


def _goes_to_b(**more: object) -> None:
    desk = queue("desk", ["A", step("B", after=7)], **more)  # type: ignore[arg-type]
    found = run([team("A"), team("B")], [desk], [call(0, work=90), call(3)])
    assert _answered(found, 1) == 10


def step_and_limit() -> None:
    _goes_to_b(limits=[limit(7)])


def step_and_patience() -> None:
    _goes_to_b(patience=7)


def limit_twice() -> None:
    """Of two limits of one contact at one instant the first in the list is taken."""
    desk = queue("desk", ["A"], limits=[limit(7, row("two")), limit(7)])
    found = run([team("A")], [desk, queue("two", ["A"])], [call(0, work=50), call(3)])
    assert found.legs.splitlines()[1] == "1 desk: 3 - 10 limit0 waited 7 to two"


def limit_and_patience() -> None:
    desk = queue("desk", ["A"], limits=[limit(7)], patience=7)
    found = run([team("A")], [desk], [call(0, work=50), call(3)])
    assert found.legs.splitlines()[1] == "1 desk: 3 - 10 limit0 waited 7"


def patience_twice() -> None:
    """Contacts 1 and 2 leave at 10 for a queue with one place: the lower number finds it free.
    (Its entry, of a lower kind, comes before the other's patience ends.)"""
    desk = queue("desk", ["A"], abandoned=[row("two")])
    two = queue("two", ["A"], options={"room": 1})
    calls = [call(0, work=50), call(3, patience=7), call(3, patience=7)]
    found = run([team("A")], [desk, two], calls)
    expect(
        found,
        """
        0 desk: 0 0 50 served a0
        1 desk: 3 - 10 abandoned waited 7 to two
        1.1 two: 10 50 60 served a0 waited 40
        2 desk: 3 - 10 abandoned waited 7 to two
        2.1 two: 10 - 10 no_room gave_up
        """,
    )


H, E, B, N, S, L, P = Kind
SETTINGS = {
    (H, H): handling_and_handling,
    (H, E): handling_and_end_of_duty,
    (H, B): handling_and_begin_of_duty,
    (H, N): handling_and_entry,
    (H, S): handling_and_step,
    (H, L): handling_and_limit,
    (H, P): handling_and_patience,
    (E, E): end_of_duty_twice,
    (E, B): end_and_begin_of_duty,
    (E, N): end_of_duty_and_entry,
    (E, S): end_of_duty_and_step,
    (E, L): end_of_duty_and_limit,
    (E, P): end_of_duty_and_patience,
    (B, B): begin_of_duty_twice,
    (B, N): begin_of_duty_and_entry,
    (B, S): begin_of_duty_and_step,
    (B, L): begin_of_duty_and_limit,
    (B, P): begin_of_duty_and_patience,
    (N, N): entry_twice,
    (N, S): entry_and_step,
    (N, L): entry_and_limit,
    (N, P): entry_and_patience,
    (S, S): step_twice,
    (S, L): step_and_limit,
    (S, P): step_and_patience,
    (L, L): limit_twice,
    (L, P): limit_and_patience,
    (P, P): patience_twice,
}
PAIRS = list(itertools.product(Kind, Kind))


def test_every_pair_has_its_setting() -> None:
    assert set(SETTINGS) == {(a, b) for a, b in PAIRS if a <= b}
    assert len(PAIRS) == 49


@pytest.mark.parametrize(("first", "second"), [pair for pair in PAIRS if pair[0] <= pair[1]])
def test_order_at_one_instant(first: Kind, second: Kind) -> None:
    SETTINGS[first, second]()


@pytest.mark.usefixtures("turned_around")
@pytest.mark.parametrize(("first", "second"), [pair for pair in PAIRS if pair[0] >= pair[1]])
def test_order_does_not_depend_on_what_was_scheduled_first(first: Kind, second: Kind) -> None:
    SETTINGS[second, first]()


@pytest.mark.parametrize(("first", "second"), list(SETTINGS))
def test_a_setting_shows_a_wrong_order(
    first: Kind, second: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: with these two kinds exchanged, or ids in reverse, the setting fails."""
    priority = order.priority
    exchanged = {first: second, second: first}

    def wrong(kind: int, identity: int) -> int:
        if first is second:
            return priority(kind, (1 << 48) - 1 - identity)
        return priority(exchanged.get(Kind(kind), kind) if kind >= 0 else kind, identity)

    monkeypatch.setattr(order, "priority", wrong)
    with pytest.raises(AssertionError):
        SETTINGS[first, second]()


def test_random_networks_do_not_depend_on_what_was_scheduled_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for seed in range(150):
        case = random_case(random.Random(seed))
        straight = simulate(case.network, case.roster, case.workload)
        with monkeypatch.context() as patch:
            patch.setattr(simpy, "Environment", LastScheduledFirst)
            turned = simulate(case.network, case.roster, case.workload)
        for name in ("legs", "work", "duty"):
            assert getattr(straight, name).tolist() == getattr(turned, name).tolist(), seed
