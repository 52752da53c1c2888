"""Hand-traced: queues that prefer the contact's own agent (affinity and holds)."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest

from ccsim.engine import compiled, reference
from ccsim.engine.state import Item, TeamState
from ccsim.network.draws import Purpose, uniform
from tests.law.tiny import (
    SECOND,
    build,
    call,
    expect,
    hours,
    limit,
    own,
    queue,
    row,
    run,
    step,
    team,
)
from tests.networks import Case

A_AND_B = [team("A"), team("B")]


def _first_then_follow(hold: float, **more: object) -> list[queue]:
    """A first talk with team B, then at once a follow-up for which team A is the route."""
    follow = queue("follow", ["A"], also="B", own=own(hold), **more)  # type: ignore[arg-type]
    return [queue("first", ["B"], served=[row("follow")]), follow]


def test_the_last_agent_is_tried_first_whatever_the_route() -> None:
    expect(
        run(A_AND_B, _first_then_follow(20), [0]),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 10 20 served a1
        """,
    )


def test_the_last_agent_before_the_longest_idle() -> None:
    again = queue("desk", ["A"], served=[row("desk", delay=5, at_most=1)], own=own(20))
    expect(
        run([team("A", agents=2)], [again], [0]),
        """
        0 desk: 0 0 10 served a0 to desk
        0.1 desk: 15 15 25 served gave_up a0
        """,
    )


def test_who_finds_the_own_agent_busy_is_held() -> None:
    """At 10 the freed agent takes contact 1 from the line before contact 0 is back."""
    expect(
        run(A_AND_B, _first_then_follow(20), [0, 5]),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 20 30 served a1 waited 10
        1 first: 5 10 20 served a1 waited 5 to follow
        1.1 follow: 20 30 40 served a1 waited 10
        """,
    )


def test_a_hold_ends_in_time_and_the_route_begins() -> None:
    expect(
        run(A_AND_B, _first_then_follow(4), [0, 5]),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 14 24 served a0 waited 4
        1 first: 5 10 20 served a1 waited 5 to follow
        1.1 follow: 20 20 30 served a1
        """,
    )


def test_no_hold_is_no_wait_for_the_own_agent() -> None:
    expect(
        run(A_AND_B, _first_then_follow(0), [0, 5]),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 10 20 served a0
        1 first: 5 10 20 served a1 waited 5 to follow
        1.1 follow: 20 20 30 served a1
        """,
    )


def test_the_end_of_duty_of_the_own_agent_ends_the_hold() -> None:
    """Contact 0 waits when it ends at 12 and is released; contact 1 comes back after it, at 20."""
    teams = [team("A"), team("B", agents=[[(0, 12)]])]
    expect(
        run(teams, _first_then_follow(20), [0, 5]),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 12 22 served a0 waited 2
        1 first: 5 10 20 served a1 waited 5 to follow
        1.1 follow: 20 22 32 served a0 waited 2
        """,
        duty="""
        a0: 0-12 on 0, 12-32 on 1, 32-100 on 0
        a1: 0-12 on 1, 12-20 overtime 1
        """,
    )


def test_an_absent_own_agent_may_come_on_duty_within_the_hold() -> None:
    teams = [team("A"), team("B", agents=[[(0, 10, "break"), (14, 100)]])]
    expect(
        run(teams, _first_then_follow(20), [0]),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 14 24 served a1 waited 4
        """,
        duty="""
        a0: 0-100 on 0
        a1: 0-10 on 1, 10-14 break 0, 14-24 on 1, 24-100 on 0
        """,
    )


def test_others_pass_the_held_over() -> None:
    """Contact 2 has no agent of its own: it goes to team A past contact 0, who is held."""
    expect(
        run(A_AND_B, _first_then_follow(20), [call(0), call(5, work=30), call(11, "follow")]),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 30 40 served a0 waited 20
        1 first: 5 10 40 served a1 waited 5 to follow
        1.1 follow: 40 40 50 served a1
        2 follow: 11 11 21 served a0
        """,
    )


def test_the_held_compete_at_their_agent_by_priority_and_place() -> None:
    """At 20 agent a1 is free: contact 2 waits in line since 8, contact 0 is held since 10."""
    expect(
        run(A_AND_B, _first_then_follow(50), [0, 5, 8]),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 30 40 served a1 waited 20
        1 first: 5 10 20 served a1 waited 5 to follow
        1.1 follow: 20 40 50 served a1 waited 20
        2 first: 8 20 30 served a1 waited 12 to follow
        2.1 follow: 30 50 60 served a1 waited 20
        """,
    )


def test_the_held_are_counted_in_their_line() -> None:
    """Contact 0 is held from 10; at 11 contact 2 makes two, and may go to team C."""
    queues = [
        queue("first", ["B"], served=[row("follow")]),
        queue("follow", ["A", step("C", when_waiting=2)], also="B", own=own(50)),
    ]
    calls = [call(0), call(0, "follow", work=90), call(5, work=50), call(11, "follow")]
    expect(
        run([*A_AND_B, team("C")], queues, calls, horizon=60),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 - - inside waited 50 waiting
        1 follow: 0 0 - inside a0 in_service
        2 first: 5 10 - inside a1 waited 5 in_service
        3 follow: 11 11 21 served a2
        """,
    )


def test_one_who_is_held_may_bring_the_first_of_the_line_to_its_turn() -> None:
    """Contact 1 waits since 2 for team A; at 10 contact 0 joins, held: two wait, team C opens."""
    queues = [
        queue("first", ["B"], served=[row("follow")]),
        queue("follow", ["A", step("C", when_waiting=2)], also="B", own=own(50)),
    ]
    calls = [call(0), call(0, "follow", work=40), call(2, "follow"), call(4, work=20)]
    expect(
        run([*A_AND_B, team("C")], queues, calls),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 30 40 served a1 waited 20
        1 follow: 0 0 40 served a0
        2 follow: 2 10 20 served a2 waited 8
        3 first: 4 10 30 served a1 waited 6 to follow
        3.1 follow: 30 40 50 served a1 waited 10
        """,
    )


def test_the_held_take_room() -> None:
    queues = _first_then_follow(50, options={"room": 1})
    calls = [call(0), call(0, "follow", work=90), call(5, work=50), call(11, "follow")]
    found = run(A_AND_B, queues, calls, horizon=50)
    expect(
        found,
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 - - inside waited 40 waiting
        1 follow: 0 0 - inside a0 in_service
        2 first: 5 10 - inside a1 waited 5 in_service
        3 follow: 11 - 11 no_room gave_up
        """,
    )


def test_the_held_lose_patience_and_pass_limits() -> None:
    queues = _first_then_follow(50, patience=7)
    expect(
        run(A_AND_B, queues, [call(0), call(5, work=50)], horizon=30),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 - 17 abandoned gave_up waited 7
        1 first: 5 10 - inside a1 waited 5 in_service
        """,
    )
    queues = _first_then_follow(50, limits=[limit(6)])
    expect(
        run(A_AND_B, queues, [call(0), call(5, work=50)], horizon=30),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 - 16 limit0 waited 6
        1 first: 5 10 - inside a1 waited 5 in_service
        """,
    )


def test_the_own_agent_sets_lesser_work_aside() -> None:
    """Agent a1 took the e-mail at 10; contact 0 comes back at 12 and interrupts it, though team A
    is idle."""
    queues = [
        queue("first", ["B"], served=[row("follow", delay=2)]),
        queue("follow", ["A"], also="B", own=own(20)),
        queue("mail", ["B"], options={"interruptible": True, "priority": 101}),
    ]
    expect(
        run(A_AND_B, queues, [call(0, "first"), call(1, "mail")]),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 12 12 22 served a1
        1 mail: 1 10 30 served a1 waited 19
        """,
        """
        0 a1: 0-10
        0.1 a1: 12-22
        1 a1: 10-12
        1 a1: 22-30
        """,
    )


@pytest.mark.parametrize("key", [2, 4, 6, 8, 10])
def test_a_named_owner_is_drawn_from_its_team(key: int) -> None:
    queues = [queue("desk", ["A"], also="B", own=own(30, team="B"))]
    found = run([team("A"), team("B", agents=3)], queues, [call(0, key=key)])
    owner = 1 + int(3 * uniform(key, 0, 0, Purpose.OWNER))
    expect(found, f"0 desk: 0 0 10 served a{owner}")


def test_a_named_owner_in_an_empty_team_is_nobody() -> None:
    queues = [queue("desk", ["A"], also="B", own=own(30, team="B"))]
    expect(run([team("A"), team("B", agents=[])], queues, [0]), "0 desk: 0 0 10 served a0")


def test_an_agent_whose_team_does_not_serve_the_queue_is_not_waited_for() -> None:
    queues = [queue("first", ["B"], served=[row("follow")]), queue("follow", ["A"], own=own(20))]
    expect(
        run(A_AND_B, queues, [0]),
        """
        0 first: 0 0 10 served a1 to follow
        0.1 follow: 10 10 20 served a0
        """,
    )


def test_a_bot_is_nobodys_own_agent() -> None:
    teams = [team("bot", unlimited=True), team("A", agents=2), team("B")]
    queues = [
        queue("human", ["B"], served=[row("menu")]),
        queue("menu", ["bot"], handle=1, served=[row("follow")]),
        queue("follow", ["A"], also="B", own=own(20)),
    ]
    expect(
        run(teams, queues, [0]),
        """
        0 human: 0 0 10 served a2 to menu
        0.1 menu: 10 10 11 served bot to follow
        0.2 follow: 11 11 21 served a2
        """,
    )


def test_a_closed_queue_does_not_look_for_the_own_agent() -> None:
    queues = _first_then_follow(20, options={"hours": hours((50, 60))})
    found = run(A_AND_B, queues, [0])
    assert found.records.legs["ended"].tolist() == [10 * SECOND, 10 * SECOND]


def test_those_held_for_an_agent_are_taken_by_the_rule_of_the_team() -> None:
    """At 10 the owner comes on duty: the more important, which came last, goes first."""
    lines = [
        queue("later", ["B"], also="A", own=own(100, "A"), options={"priority": 5}),
        queue("sooner", ["B"], also="A", own=own(100, "A"), options={"priority": 1}),
    ]
    calls = [call(1, "later"), call(2, "sooner"), call(3, "later"), call(4, "sooner")]
    expect(
        run([team("A", agents=[[(10, 100)]]), team("B")], lines, calls),
        """
        0 later: 1 30 40 served a0 waited 29
        1 sooner: 2 10 20 served a0 waited 8
        2 later: 3 40 50 served a0 waited 37
        3 sooner: 4 20 30 served a0 waited 16
        """,
    )


ON_THE_WAY = [
    (6, 10, "4 10 20 served a1 waited 6"),  # back before the hold ends
    (5, 9, "4 9 19 served a1 waited 5"),  # at the instant at which it would end
    (5, 10, "4 4 14 served a0"),  # too late: the route begins at once
    (99, 30, "4 30 40 served a1 waited 26"),
]


@pytest.mark.parametrize(("hold", "back", "trace"), ON_THE_WAY)
def test_an_agent_who_will_be_back_in_time_is_waited_for(
    hold: float, back: float, trace: str
) -> None:
    """The follow-up comes at 4; its agent is away from 2 (or overtime from 3) until `back`."""
    follow = queue("follow", ["A"], also="B", own=own(hold))
    first = queue("first", ["B"], served=[row("follow", delay=1)])
    expect(
        run(
            [team("A"), team("B", agents=[[(0, 2), (back, 50)]])],
            [first, follow],
            [call(0, work=3)],
        ),
        f"""
        0 first: 0 0 3 served a1 to follow
        0.1 follow: {trace}
        """,
    )


def test_who_waits_when_a_break_begins_is_held_on_where_it_ends_in_time() -> None:
    """Both wait for a1, whose break lasts from 12 to 17: one until 16, one until 19."""
    short = queue("short", ["A"], also="B", own=own(6, "B"))
    long = queue("long", ["A"], also="B", own=own(8, "B"))
    teams = [team("A"), team("B", agents=[[(0, 12), (17, 50)]])]
    busy = queue("busy", ["B"])
    expect(
        run(
            teams,
            [busy, short, long],
            [call(0, "busy", work=12), call(10, "short"), call(11, "long")],
        ),
        """
        0 busy: 0 0 12 served a1
        1 short: 10 12 22 served a0 waited 2
        2 long: 11 17 27 served a1 waited 6
        """,
    )


def test_nobody_waits_for_a_named_owner_who_has_gone_home() -> None:
    """Who waits at 12, when the owner goes, is released; who comes a second later is not held."""
    desk = queue("desk", ["A"], also="B", own=own(600, "B"))
    teams = [team("A", agents=3), team("B", agents=[[(0, 12)]])]
    expect(
        run(teams, [desk], [call(5), call(6), call(13)]),
        """
        0 desk: 5 5 15 served a3
        1 desk: 6 12 22 served a0 waited 6
        2 desk: 13 13 23 served a1
        """,
    )


def test_an_agent_whose_late_break_waits_for_its_last_item_is_not_waited_for() -> None:
    """The break from 8 to 12 keeps its length: it begins at 15, and ends at 19, not 12."""
    desk = queue("desk", ["A"], also="B", own=own(6, "B"))
    busy = queue("busy", ["B"])
    late = team("B", agents=[[(0, 8, "break"), (12, 50)]], keep_break_length=True)
    expect(
        run(
            [team("A", agents=3), late],
            [busy, desk],
            [call(0, "busy", work=15), call(7, "desk"), call(9, "desk"), call(16, "desk")],
        ),
        """
        0 busy: 0 0 15 served a3
        1 desk: 7 8 18 served a0 waited 1
        2 desk: 9 9 19 served a1
        3 desk: 16 19 29 served a3 waited 3
        """,
    )


def test_many_held_for_one_owner_are_not_looked_at_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of n that are held, each that is taken costs some look-ups, not all n: else 4 500 000."""
    n, looked = 3000, 0
    usual = TeamState.key

    def counted(team: TeamState, item: Item) -> tuple[object, ...]:
        nonlocal looked
        looked += 1
        return usual(team, item)

    monkeypatch.setattr(TeamState, "key", counted)
    case = _many_held(n)
    records = reference.simulate(case.network, case.roster, case.workload)
    assert (records.legs["answered"] > 0).all()
    assert looked < 40 * n


def test_the_compiled_engine_takes_many_held_in_good_time() -> None:
    """Four times as many took sixteen times as long: 4.6 s where now 0.06 are enough."""
    few, case = _many_held(10), _many_held(40_000)
    compiled.simulate(few.network, few.roster, few.workload)  # compilation is not timed
    start = process_time()
    records = compiled.simulate(case.network, case.roster, case.workload)
    assert process_time() - start < 2.0
    assert (np.diff(records.legs["answered"]) > 0).all()  # as they came


def _many_held(n: int) -> Case:
    """All come while their owner is off duty, who then takes them one by one."""
    line = queue("desk", ["B"], also="A", own=own(1e6, "A"))
    teams = [team("A", agents=[[(n / 1000, 100 * n)]]), team("B")]
    return build(teams, [line], [i / 1000 for i in range(n)], horizon=100 * n)
