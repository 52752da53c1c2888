"""Hand-traced: routes with overflow, thresholds, reserved agents, equal ranks, empty teams."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ccsim.engine.reference import simulate
from ccsim.network.model import Step
from tests.law.tiny import build, call, expect, queue, run, step, team

A_AND_B = [team("A"), team("B")]


@pytest.mark.parametrize("head_start", [0, 3, 5, 20])
def test_overflow_after_a_wait(head_start: float) -> None:
    """A head start of the queue moves the place only: the step opens 5 s after the entry."""
    desk = queue("desk", ["A", step("B", after=5)], head_start=head_start)
    expect(
        run(A_AND_B, [desk], [call(0, work=30), 1]),
        """
        0 desk: 0 0 30 served a0
        1 desk: 1 6 16 served a1 waited 5
        """,
    )


def test_a_head_start_moves_the_place_before_others_whose_steps_open_sooner() -> None:
    """At 10 team B is free. Contact 2 of `plain` has waited for its overflow since 4. Contact 3 of
    `old` stands before it by its head start, but its own overflow opens at 5 + 6 only."""
    plain = queue("plain", ["A", step("B", after=6)])
    old = queue("old", ["A", step("B", after=6)], head_start=20)
    only_b = queue("only_b", ["B"])
    calls = [call(0, "plain", work=50), call(0, "only_b"), call(4, "plain"), call(5, "old")]
    expect(
        run(A_AND_B, [plain, old, only_b], calls),
        """
        0 plain: 0 0 50 served a0
        1 only_b: 0 0 10 served a1
        2 plain: 4 10 20 served a1 waited 6
        3 old: 5 20 30 served a1 waited 15
        """,
    )


def test_a_wait_observed_before_the_entry_counts_for_steps() -> None:
    desk = queue("desk", ["A", step("B", after=5)], head_start=3)
    expect(
        run(A_AND_B, [desk], [call(0, work=30), call(1, head_start=6), call(2, head_start=4)]),
        """
        0 desk: 0 0 30 served a0
        1 desk: 1 1 11 served a1
        2 desk: 2 11 21 served a1 waited 9
        """,
    )


def test_a_step_outwaited_at_the_instant_of_entry_opens_in_turn() -> None:
    """Contact 2 comes at 6 with a head start of 5: its step is due at 6, as contact 1's is, who
    has waited since 1 and is first."""
    desk = queue("desk", ["A", step("B", after=5)])
    expect(
        run(A_AND_B, [desk], [call(0, work=30), call(1), call(6, head_start=5)]),
        """
        0 desk: 0 0 30 served a0
        1 desk: 1 6 16 served a1 waited 5
        2 desk: 6 16 26 served a1 waited 10
        """,
    )


def test_an_earlier_step_may_serve_before_the_overflow_opens() -> None:
    expect(
        run(A_AND_B, [queue("desk", ["A", step("B", after=5)])], [call(0, work=4), 1]),
        """
        0 desk: 0 0 4 served a0
        1 desk: 1 4 14 served a0 waited 3
        """,
    )


def test_an_overflow_team_takes_only_those_to_whom_its_step_is_open() -> None:
    """At 8 team B is free: contact 2 has waited 7 and may go there, contact 3 only 3."""
    expect(
        run(
            A_AND_B,
            [queue("desk", ["A", step("B", after=5)]), queue("other", ["B"])],
            [call(0, "desk", work=50), call(0, "other", work=8), call(1, "desk"), call(5, "desk")],
        ),
        """
        0 desk: 0 0 50 served a0
        1 other: 0 0 8 served a1
        2 desk: 1 8 18 served a1 waited 7
        3 desk: 5 18 28 served a1 waited 13
        """,
    )


def test_a_step_not_open_yet_is_not_offered() -> None:
    """Team B is free from 3 on; the step opens at 6."""
    expect(
        run(
            A_AND_B,
            [queue("desk", ["A", step("B", after=5)]), queue("other", ["B"])],
            [call(0, "desk", work=50), call(0, "other", work=3), call(1, "desk")],
        ),
        """
        0 desk: 0 0 50 served a0
        1 other: 0 0 3 served a1
        2 desk: 1 6 16 served a1 waited 5
        """,
    )


def test_when_so_many_wait_the_first_goes() -> None:
    """At 3 the line has two: the first is taken, one is left, and the step is closed again."""
    expect(
        run(
            A_AND_B,
            [queue("desk", ["A", step("B", when_waiting=2)])],
            [call(0, work=30), 1, 3],
        ),
        """
        0 desk: 0 0 30 served a0
        1 desk: 1 3 13 served a1 waited 2
        2 desk: 3 30 40 served a0 waited 27
        """,
        duty="""
        a0: 0-40 on 1, 40-100 on 0
        a1: 0-3 on 0, 3-13 on 1, 13-100 on 0
        """,
    )


def test_a_freed_agent_takes_while_enough_wait() -> None:
    """B frees at 10 with three in line (three wait, then two): it takes one, at 20 another."""
    expect(
        run(
            A_AND_B,
            [queue("desk", ["A", step("B", when_waiting=2)]), queue("other", ["B"])],
            [call(0, "desk", work=90), call(0, "other"), *(call(n, "desk") for n in (1, 2, 3))],
        ),
        """
        0 desk: 0 0 90 served a0
        1 other: 0 0 10 served a1
        2 desk: 1 10 20 served a1 waited 9
        3 desk: 2 20 30 served a1 waited 18
        4 desk: 3 90 - inside a0 waited 87 in_service
        """,
    )


def test_a_reserved_agent_is_left_alone() -> None:
    """With one to keep idle, the second waits until two have room; then the longest idle of the
    team takes it, not the agent who was freed."""
    expect(
        run([team("A", agents=2)], [queue("desk", [step("A", keep_idle=1)])], [0, 1]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 1 10 20 served a1 waited 9
        """,
    )


def test_the_reserve_is_for_the_others() -> None:
    expect(
        run(
            [team("A", agents=2)],
            [queue("desk", [step("A", keep_idle=1)]), queue("vip", ["A"])],
            [call(0, "desk"), call(1, "desk"), call(2, "vip")],
        ),
        """
        0 desk: 0 0 10 served a0
        1 desk: 1 12 22 served a0 waited 11
        2 vip: 2 2 12 served a1
        """,
    )


def test_room_for_the_item_is_what_is_counted() -> None:
    """Two agents of two units, one unit taken of each: nobody has room for a big one, both have
    for a small one."""
    expect(
        run(
            [team("A", agents=2, units=2)],
            [
                queue("first", ["A"], handle=50),
                queue("big", [step("A", keep_idle=1)], units=2),
                queue("small", [step("A", keep_idle=1)]),
            ],
            [call(0, "first"), call(0, "first"), call(1, "big"), call(2, "small")],
        ),
        """
        0 first: 0 0 50 served a0
        1 first: 0 0 50 served a1
        2 big: 1 50 60 served a0 waited 49
        3 small: 2 2 12 served a0
        """,
    )


@pytest.mark.parametrize("route", ["A|B", "B|A"])
def test_of_equal_ranks_the_best_agent_of_all(route: str) -> None:
    """All idle since the start: by number, one after the other, however many each team has."""
    expect(
        run([team("A"), team("B", agents=2)], [queue("desk", [route])], [0, 1, 2, 3]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 1 1 11 served a1
        2 desk: 2 2 12 served a2
        3 desk: 3 10 20 served a0 waited 7
        """,
    )


def test_of_equal_ranks_the_longest_idle_of_all() -> None:
    """At 20 agent a2 has been idle since 0, a1 since 3, a0 since 10."""
    calls: list[call | float] = [call(0, work=10), call(1, work=2), 20, 21, 22]
    expect(
        run([team("A"), team("B", agents=2)], [queue("desk", ["A|B"])], calls),
        """
        0 desk: 0 0 10 served a0
        1 desk: 1 1 3 served a1
        2 desk: 20 20 30 served a2
        3 desk: 21 21 31 served a1
        4 desk: 22 22 32 served a0
        """,
    )


def test_of_equal_ranks_coming_on_duty_counts_as_a_change() -> None:
    teams = [team("A", agents=[[(5, 100)]]), team("B")]
    expect(
        run(teams, [queue("desk", ["A|B"], handle=2)], [20, 30]),
        """
        0 desk: 20 20 22 served a1
        1 desk: 30 30 32 served a0
        """,
    )


def test_of_equal_ranks_the_larger_share_of_free_units() -> None:
    """Agent a0 has two units, a1 three. Free before each: 2/2 and 3/3 (alike: by number), 1/2 and
    3/3, 1/2 and 2/3, 1/2 and 1/3, none and 1/3."""
    chats = queue("chat", ["A|B"], handle=50)
    expect(
        run([team("A", units=2), team("B", units=3)], [chats], [0, 1, 2, 3, 4]),
        """
        0 chat: 0 0 50 served a0
        1 chat: 1 1 51 served a1
        2 chat: 2 2 52 served a1
        3 chat: 3 3 53 served a0
        4 chat: 4 4 54 served a1
        """,
    )


def test_of_equal_ranks_equal_shares_of_unlike_units() -> None:
    """At 5 half of a0's two units and of a1's four are free: a0's changed at 0, a1's last at 2; at
    25 both are free again, a0's since 15, a1's since 12."""
    chats = queue("chat", ["A|B"])
    own = [queue("one", ["A"], handle=15), queue("two", ["B"])]
    calls = [call(0, "one"), call(1, "two"), call(2, "two"), call(5, "chat"), call(25, "chat")]
    expect(
        run([team("A", units=2), team("B", units=4)], [chats, *own], calls),
        """
        0 one: 0 0 15 served a0
        1 two: 1 1 11 served a1
        2 two: 2 2 12 served a1
        3 chat: 5 5 15 served a0
        4 chat: 25 25 35 served a1
        """,
    )


def test_of_equal_ranks_who_has_no_room_is_passed_over() -> None:
    """Of a0's three units two are free, too few for one that takes all of an agent there; a1 has
    one of two, enough for one that takes half of an agent."""
    big = queue("big", ["A|B"], units={"A": 3, "B": 1})
    own = [queue("one", ["A"], handle=50), queue("two", ["B"], handle=50)]
    calls = [call(0, "one"), call(0, "two"), call(1, "big")]
    expect(
        run([team("A", units=3), team("B", units=2)], [big, *own], calls),
        """
        0 one: 0 0 50 served a0
        1 two: 0 0 50 served a1
        2 big: 1 1 11 served a1
        """,
    )


def test_of_equal_ranks_each_keeps_its_own_reserve() -> None:
    desk = queue("desk", [step("A|B", keep_idle=1)])
    expect(
        run([team("A"), team("B", agents=2)], [desk], [0, 1]),
        """
        0 desk: 0 0 10 served a1
        1 desk: 1 10 20 served a2 waited 9
        """,
    )


def test_a_step_without_anybody_on_duty_opens_the_next_at_once() -> None:
    expect(
        run(
            [team("A", agents=[[(20, 40)]]), team("B")],
            [queue("desk", ["A", step("B", after=60)])],
            [0, 25, 26],
        ),
        """
        0 desk: 0 0 10 served a1
        1 desk: 25 25 35 served a0
        2 desk: 26 35 45 served a0 waited 9
        """,
        duty="""
        a0: 20-25 on 0, 25-40 on 1, 40-45 overtime 1
        a1: 0-10 on 1, 10-100 on 0
        """,
    )


def test_when_the_last_agent_leaves_those_who_wait_move_on() -> None:
    expect(
        run(
            [team("A", agents=[[(0, 10)]]), team("B", agents=2)],
            [queue("desk", ["A", step("B", after=60)])],
            [call(0, work=20), 2, 3, 4],
        ),
        """
        0 desk: 0 0 20 served a0
        1 desk: 2 10 20 served a1 waited 8
        2 desk: 3 10 20 served a2 waited 7
        3 desk: 4 20 30 served a1 waited 16
        """,
    )


def test_empty_steps_open_one_another() -> None:
    teams = [team("A", agents=[]), team("B", agents=[[(50, 60)]]), team("C")]
    steps: list[str | step] = ["A", step("B", after=30), step("C", after=60)]
    expect(run(teams, [queue("desk", steps)], [0]), "0 desk: 0 0 10 served a1")


def test_a_step_with_somebody_on_duty_does_not_open_the_next() -> None:
    """Step B is empty, but not reached before 30: only then it opens the step of C."""
    teams = [team("A"), team("B", agents=[]), team("C")]
    steps: list[str | step] = ["A", step("B", after=30), step("C", after=60)]
    expect(
        run(teams, [queue("desk", steps)], [call(0, work=90), 1]),
        """
        0 desk: 0 0 90 served a0
        1 desk: 1 31 41 served a1 waited 30
        """,
    )


def test_an_empty_step_waives_the_wait_of_the_next_but_not_its_threshold() -> None:
    teams = [team("A", agents=[]), team("B")]
    desk = queue("desk", ["A", step("B", after=60, when_waiting=2)])
    expect(
        run(teams, [desk], [0, 5]),
        """
        0 desk: 0 5 15 served a0 waited 5
        1 desk: 5 - - inside waited 95 waiting
        """,
    )


def test_nor_its_reserve() -> None:
    teams = [team("A", agents=[]), team("B")]
    desk = queue("desk", ["A", step("B", after=60, keep_idle=1)])
    expect(run(teams, [desk], [0]), "0 desk: 0 - - inside waited 100 waiting")


def test_an_unlimited_team_is_always_on_duty() -> None:
    teams = [team("A", agents=[]), team("bot", unlimited=True), team("C")]
    desk = queue("desk", ["A", step("bot", after=5), "C"], handle={"bot": 4, "C": 10})
    expect(run(teams, [desk], [1]), "0 desk: 1 1 5 served bot")


def test_the_first_step_may_open_later() -> None:
    expect(
        run([team("A")], [queue("desk", [step("A", after=4)])], [1]),
        "0 desk: 1 5 15 served a0 waited 4",
    )


def test_among_equals_an_unlimited_team_has_more_room_than_any() -> None:
    teams = [team("A", agents=3), team("bot", unlimited=True)]
    expect(run(teams, [queue("desk", ["A|bot"])], [0]), "0 desk: 0 0 10 served bot")


def test_work_that_goes_back_may_bring_a_threshold() -> None:
    """At 4 the deferred item is back: two wait, so team B takes the first of them; then one waits,
    and the step is closed again."""
    mail = queue("mail", ["A", step("B", when_waiting=2)], options={"deferred": True})
    expect(
        run([team("A", agents=[[(0, 4), (50, 90)]]), team("B")], [mail], [0, 1]),
        """
        0 mail: 0 0 10 served a1
        1 mail: 1 50 60 served a0 waited 49
        """,
    )


def test_a_route_to_a_team_that_does_not_serve_is_refused() -> None:
    case = build(A_AND_B, [queue("desk", ["A"])], [0])
    only = replace(case.network.queues[0], route=(Step((1,)),))
    with pytest.raises(ValueError, match="desk: its route leads to B"):
        simulate(replace(case.network, queues=(only,)), case.roster, case.workload)


def test_bounds_of_the_order_are_refused() -> None:
    case = build([team("A")], [queue("desk", ["A"])], [0])
    with pytest.raises(ValueError, match="max_legs is 0"):
        simulate(replace(case.network, max_legs=0), case.roster, case.workload)
    with pytest.raises(ValueError, match="sorted"):
        backwards = replace(case.workload, at=case.workload.at - 1)
        simulate(case.network, case.roster, backwards)
    many = replace(case.network.queues[0], route=(Step((0,)),) * 256)
    with pytest.raises(ValueError, match="more than 255 steps"):
        simulate(replace(case.network, queues=(many,)), case.roster, case.workload)
