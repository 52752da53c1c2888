"""Hand-traced: who waits, who serves, how long it takes (sections 1, 4 and 5 of the model)."""

from __future__ import annotations

import math

import pytest

from ccsim.network.draws import Purpose, uniform
from ccsim.network.model import Take
from ccsim.network.quantiles import constant, exponential
from tests.law.tiny import SECOND, call, expect, own, queue, run, team


def test_first_come_first_served() -> None:
    expect(
        run([team("A")], [queue("desk", ["A"])], [0, 2, 5]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 2 10 20 served a0 waited 8
        2 desk: 5 20 30 served a0 waited 15
        """,
        """
        0 a0: 0-10
        1 a0: 10-20
        2 a0: 20-30
        """,
        "a0: 0-30 on 1, 30-100 on 0",
    )


def test_wrap_up_keeps_the_agent_but_not_the_contact() -> None:
    expect(
        run([team("A")], [queue("desk", ["A"], wrap_up=3)], [0, 2]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 2 13 23 served a0 waited 11
        """,
        """
        0 a0: 0-10 +3
        1 a0: 13-23 +3
        """,
        "a0: 0-26 on 1, 26-100 on 0",
    )


def test_wrap_up_may_have_a_spread() -> None:
    desk = queue("desk", ["A"], wrap_up=3, options={"wrap_up": constant(2.0)})
    expect(run([team("A")], [desk], [0]), "0 desk: 0 0 10 served a0", "0 a0: 0-10 +6")


def test_wrap_up_is_drawn_by_leg() -> None:
    desk = queue("desk", ["A"], wrap_up=3, options={"wrap_up": exponential(1.0)})
    work = run([team("A")], [desk], [call(0, key=12)]).records.work[0]
    u = uniform(12, 0, 0, Purpose.WRAP_UP)
    assert work["freed"] - work["until"] == int(exponential(1.0).value(u) * 3 * SECOND)


def test_the_longest_idle_agent_takes_the_call() -> None:
    expect(
        run(
            [team("A", agents=2)],
            [queue("desk", ["A"])],
            [call(0, work=10), call(1, work=2), call(20), call(21)],
        ),
        """
        0 desk: 0 0 10 served a0
        1 desk: 1 1 3 served a1
        2 desk: 20 20 30 served a1
        3 desk: 21 21 31 served a0
        """,
        duty="""
        a0: 0-10 on 1, 10-21 on 0, 21-31 on 1, 31-100 on 0
        a1: 0-1 on 0, 1-3 on 1, 3-20 on 0, 20-30 on 1, 30-100 on 0
        """,
    )


def test_coming_on_duty_counts_as_a_change() -> None:
    expect(
        run(
            [team("A", agents=[[(0, 100)], [(5, 100)]])],
            [queue("desk", ["A"], handle=2)],
            [0, 20, 30],
        ),
        """
        0 desk: 0 0 2 served a0
        1 desk: 20 20 22 served a0
        2 desk: 30 30 32 served a1
        """,
        duty="""
        a0: 0-2 on 1, 2-20 on 0, 20-22 on 1, 22-100 on 0
        a1: 5-30 on 0, 30-32 on 1, 32-100 on 0
        """,
    )


def test_most_free_units_come_before_longest_idle() -> None:
    expect(
        run([team("A", agents=2, units=2)], [queue("chat", ["A"])], [0, 1, 2, 3, 4]),
        """
        0 chat: 0 0 10 served a0
        1 chat: 1 1 11 served a1
        2 chat: 2 2 12 served a0
        3 chat: 3 3 13 served a1
        4 chat: 4 10 20 served a0 waited 6
        """,
        duty="""
        a0: 0-2 on 1, 2-12 on 2, 12-20 on 1, 20-100 on 0
        a1: 0-1 on 0, 1-3 on 1, 3-11 on 2, 11-13 on 1, 13-100 on 0
        """,
    )


def test_patience_ends() -> None:
    expect(
        run([team("A")], [queue("desk", ["A"], patience=5)], [0, 2, 8]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 2 - 7 abandoned gave_up waited 5
        2 desk: 8 10 20 served a0 waited 2
        """,
        """
        0 a0: 0-10
        2 a0: 10-20
        """,
        "a0: 0-20 on 1, 20-100 on 0",
    )


def test_without_patience_only_an_idle_agent_helps() -> None:
    expect(
        run([team("A")], [queue("desk", ["A"], patience=0)], [0, 3]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 3 - 3 abandoned gave_up
        """,
    )


def test_a_trace_carries_its_own_work_patience_and_head_start() -> None:
    expect(
        run(
            [team("A", agents=[[(0, 100, 1.5)]])],
            [queue("desk", ["A"], patience=50, head_start=20)],
            [
                call(0, work=6),
                call(2, patience=3),
                call(3),
                call(6, head_start=2),
                call(7, head_start=9),
            ],
        ),
        """
        0 desk: 0 0 9 served a0
        1 desk: 2 - 5 abandoned gave_up waited 3
        2 desk: 3 24 39 served a0 waited 21
        3 desk: 6 39 54 served a0 waited 33
        4 desk: 7 9 24 served a0 waited 2
        """,
    )


@pytest.mark.parametrize(("key", "pace"), [(2, 1.1), (4, 0.7), (6, 1.3), (8, 0.9)])
def test_work_is_effort_times_mean_times_pace(key: int, pace: float) -> None:
    effort = exponential(1.0)
    desk = queue("desk", ["A"], handle=10, effort=effort)
    leg = run([team("A", agents=[[(0, 100, pace)]])], [desk], [call(0, key=key)]).records.legs[0]
    drawn = effort.value(uniform(key, 0, 0, Purpose.EFFORT))
    assert leg["ended"] == math.floor((drawn * 10_000_000) * pace)


def test_a_head_start_counts_for_the_place_in_line() -> None:
    expect(
        run(
            [team("A")],
            [queue("plain", ["A"]), queue("old", ["A"], head_start=20)],
            [call(0, "plain"), call(1, "plain"), call(5, "old")],
        ),
        """
        0 plain: 0 0 10 served a0
        1 plain: 1 20 30 served a0 waited 19
        2 old: 5 10 20 served a0 waited 5
        """,
    )


def test_priority_comes_before_place() -> None:
    expect(
        run(
            [team("A")],
            [queue("low", ["A"], options={"priority": 2}), queue("high", ["A"])],
            [call(0, "low"), call(1, "low"), call(5, "high")],
        ),
        """
        0 low: 0 0 10 served a0
        1 low: 1 20 30 served a0 waited 19
        2 high: 5 10 20 served a0 waited 5
        """,
    )


@pytest.mark.parametrize(("take", "first"), [(Take.PRIORITY, 2), (Take.HOME_FIRST, 3)])
def test_home_first_takes_what_its_team_stands_first_for(take: Take, first: int) -> None:
    """Team B is the second choice of `far` (priority 1) and the first of `home` (priority 2)."""
    found = run(
        [team("A"), team("B", take=take)],
        [queue("far", ["A", "B"]), queue("home", ["B"], options={"priority": 2})],
        [call(0, "far", work=50), call(0, "home", work=10), call(1, "far"), call(2, "home")],
    )
    answered = found.records.legs["answered"].tolist()
    assert answered[first] == 10 * SECOND
    assert answered[5 - first] == 20 * SECOND


def test_a_head_that_does_not_fit_is_skipped() -> None:
    """The big one waits from 1 for two units; nobody is kept free for it."""
    expect(
        run(
            [team("A", units=2)],
            [queue("small", ["A"]), queue("big", ["A"], units=2)],
            [call(0, "small"), call(1, "big"), call(2, "small"), call(3, "small")],
        ),
        """
        0 small: 0 0 10 served a0
        1 big: 1 20 30 served a0 waited 19
        2 small: 2 2 12 served a0
        3 small: 3 10 20 served a0 waited 7
        """,
        """
        0 a0: 0-10
        1 a0: 20-30 x2
        2 a0: 2-12
        3 a0: 10-20
        """,
        "a0: 0-2 on 1, 2-12 on 2, 12-20 on 1, 20-30 on 2, 30-100 on 0",
    )


def test_two_at_once_slow_each_other_down() -> None:
    """Half speed from 4 to 16: six seconds of work each."""
    expect(
        run([team("A", units=2, slowdown=[1, 2])], [queue("chat", ["A"])], [0, 4]),
        """
        0 chat: 0 0 16 served a0
        1 chat: 4 4 20 served a0
        """,
        duty="a0: 0-4 on 1, 4-16 on 2, 16-20 on 1, 20-100 on 0",
    )


def test_a_wrap_up_slows_nobody() -> None:
    expect(
        run([team("A", units=2, slowdown=[1, 2])], [queue("chat", ["A"], wrap_up=5)], [0, 4]),
        """
        0 chat: 0 0 16 served a0
        1 chat: 4 4 20 served a0
        """,
        """
        0 a0: 0-16 +5
        1 a0: 4-20 +5
        """,
        "a0: 0-4 on 1, 4-21 on 2, 21-25 on 1, 25-100 on 0",
    )


def test_progress_is_counted_in_whole_parts_of_65536() -> None:
    """Slow-down 1.25 is the rate round(65536 / 1.25) = 52429; the end is rounded up."""
    found = run([team("A", units=2, slowdown=[1, 1.25])], [queue("chat", ["A"])], [0, 0])
    end = math.ceil(10_000_000 * 65536 / 52429)
    assert end == 12_499_953
    assert found.records.legs["ended"].tolist() == [end, end]


def test_what_is_charged_in_pieces_ends_as_if_charged_at_once() -> None:
    """A third chat of another agent's makes events, but none at this agent."""
    teams = [team("A", units=2, slowdown=[1, 1.15]), team("B")]
    queues = [queue("chat", ["A"]), queue("other", ["B"], handle=0.001)]
    chats = [call(0, "chat"), call(0.5, "chat")]
    alone = run(teams, queues, chats).records.legs["ended"][:2].tolist()
    calls = [*chats, *(call(1 + n / 7, "other") for n in range(40))]
    assert run(teams, queues, calls).records.legs["ended"][:2].tolist() == alone


def test_an_unlimited_team_serves_every_comer() -> None:
    expect(
        run(
            [team("bot", unlimited=True, units=2, slowdown=[1, 2])],
            [queue("desk", ["bot"], wrap_up=2)],
            [0, 0, 3],
        ),
        """
        0 desk: 0 0 10 served bot
        1 desk: 0 0 10 served bot
        2 desk: 3 3 13 served bot
        """,
        """
        0 bot: 0-10 +2
        1 bot: 0-10 +2
        2 bot: 3-13 +2
        """,
        "",
    )


def test_work_of_no_length() -> None:
    expect(
        run([team("A")], [queue("desk", ["A"], handle=0)], [3, 3]),
        """
        0 desk: 3 3 3 served a0
        1 desk: 3 3 3 served a0
        """,
        """
        0 a0: 3-3
        1 a0: 3-3
        """,
        "a0: 0-100 on 0",
    )


def test_the_horizon_cuts_and_says_where_contacts_are() -> None:
    expect(
        run([team("A")], [queue("desk", ["A"], wrap_up=4)], [0, 2, 3, 27], horizon=27),
        """
        0 desk: 0 0 10 served a0
        1 desk: 2 14 24 served a0 waited 12
        2 desk: 3 - - inside waited 24 waiting
        """,
        """
        0 a0: 0-10 +4
        1 a0: 14-24 +3
        """,
        "a0: 0-27 on 1",
    )


def test_an_item_in_service_at_the_horizon() -> None:
    expect(
        run([team("A")], [queue("desk", ["A"])], [0, 5], horizon=12),
        """
        0 desk: 0 0 10 served a0
        1 desk: 5 10 - inside a0 waited 5 in_service
        """,
        """
        0 a0: 0-10
        1 a0: 10-12
        """,
        "a0: 0-12 on 1",
    )


def test_nothing_happens_where_nothing_is() -> None:
    expect(run([team("A", agents=[])], [queue("desk", ["A"])], []), "", "", "")
    expect(run([team("A")], [queue("desk", ["A"])], [0], horizon=0), "", "", "")


def test_home_first_ranks_what_is_out_of_its_route_last() -> None:
    """Team B serves `far` only as somebody's own agent: at 10 the contact held for it since 2 comes
    after the one of its own line, in since 3."""
    home = queue("home", ["B"], options={"priority": 2})
    far = queue("far", ["A"], also="B", own=own(50, team="B"))
    expect(
        run(
            [team("A"), team("B", take=Take.HOME_FIRST)],
            [home, far],
            [call(0, "home"), call(2, "far"), call(3, "home")],
        ),
        """
        0 home: 0 0 10 served a1
        1 far: 2 20 30 served a1 waited 18
        2 home: 3 10 20 served a1 waited 7
        """,
    )
