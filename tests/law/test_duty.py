"""Hand-traced: the end of duty, overtime, work that goes back, breaks."""

from __future__ import annotations

from ccsim.network.model import Label
from tests.law.tiny import SECOND, call, expect, hours, queue, row, run, step, team

DEFERRED = {"deferred": True, "priority": 101}


def test_live_work_is_finished_in_overtime_and_none_is_begun() -> None:
    expect(
        run([team("A", agents=[[(0, 5)]])], [queue("desk", ["A"], wrap_up=2)], [0, 2, 11]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 2 - - inside waited 98 waiting
        2 desk: 11 - - inside waited 89 waiting
        """,
        "0 a0: 0-10 +2",
        "a0: 0-5 on 1, 5-12 overtime 1",
    )


def test_nobody_starts_at_the_second_the_shift_ends() -> None:
    expect(
        run([team("A", agents=[[(0, 10)], [(10, 100)]])], [queue("desk", ["A"])], [0, 3]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 3 10 20 served a1 waited 7
        """,
        duty="""
        a0: 0-10 on 1
        a1: 10-20 on 1, 20-100 on 0
        """,
    )


def test_work_taken_over_by_another_on_duty() -> None:
    mail = queue("mail", ["A"], options=DEFERRED)
    expect(
        run([team("A", agents=[[(0, 4)], [(6, 100)]])], [mail], [0]),
        "0 mail: 0 0 12 served a1 waited 2",
        """
        0 a0: 0-4
        0 a1: 6-12
        """,
        """
        a0: 0-4 on 1
        a1: 6-12 on 1, 12-100 on 0
        """,
    )


def test_an_idle_agent_takes_over_at_once() -> None:
    mail = queue("mail", ["A"], options=DEFERRED)
    expect(
        run([team("A", agents=[[(0, 4)], [(0, 100)]])], [mail], [0]),
        "0 mail: 0 0 10 served a1",
        """
        0 a0: 0-4
        0 a1: 4-10
        """,
    )


def test_what_remains_is_scaled_to_who_takes_over() -> None:
    """Six of ten seconds remain: at team B (20 s) twelve; at half speed (pace 2) twelve, too."""
    two = queue("mail", ["A", "B"], handle={"A": 10, "B": 20}, options=DEFERRED)
    expect(
        run([team("A", agents=[[(0, 4)]]), team("B")], [two], [0]),
        "0 mail: 0 0 16 served a1",
    )
    one = queue("mail", ["A"], options=DEFERRED)
    expect(
        run([team("A", agents=[[(0, 4)], [(4, 100, 2.0)]])], [one], [0]),
        "0 mail: 0 0 16 served a1",
    )


def test_the_scaling_is_exact_and_rounded_up() -> None:
    """Five of seven seconds remain, of ten: 50 / 7 s, rounded up to the 1/65536 us."""
    mail = queue("mail", ["A", "B"], handle={"A": 7, "B": 10}, options=DEFERRED)
    leg = run([team("A", agents=[[(0, 2)]]), team("B")], [mail], [0]).records.legs[0]
    remaining = -(-5_000_000 * 65536 * 10_000_000 // 7_000_000)
    assert leg["ended"] == 2 * SECOND + -(-remaining // 65536) == 2 * SECOND + 7_142_858


def test_who_takes_over_decides_what_follows() -> None:
    """The served row and its share are those of the team that finishes: half of B's 20 s, of which
    six tenths remain."""
    mail = queue(
        "mail",
        ["A", "B"],
        handle={"A": 10, "B": 20},
        served={"A": [row(label=Label.RESOLVED)], "B": [row(label=Label.ESCALATED, share=0.5)]},
        options=DEFERRED,
    )
    expect(
        run([team("A", agents=[[(0, 4)]]), team("B")], [mail], [0]),
        "0 mail: 0 0 10 served escalated a1",
    )


def test_the_same_agent_may_take_it_up_after_the_break() -> None:
    mail = queue("mail", ["A"], options=DEFERRED)
    expect(
        run([team("A", agents=[[(0, 4, "break"), (9, 100)]])], [mail], [0]),
        "0 mail: 0 0 15 served a0 waited 5",
        """
        0 a0: 0-4
        0 a0: 9-15
        """,
        "a0: 0-4 on 1, 4-9 break 0, 9-15 on 1, 15-100 on 0",
    )


def test_returned_work_keeps_its_place_and_waits_without_patience() -> None:
    mail = queue("mail", ["A"], patience=7, options=DEFERRED)
    expect(
        run([team("A", agents=[[(0, 4)], [(8, 100)]])], [mail], [0, 2]),
        """
        0 mail: 0 0 14 served a1 waited 4
        1 mail: 2 - 9 abandoned gave_up waited 7
        """,
    )


def test_returned_work_is_offered_by_priority_and_place() -> None:
    """At 6 both items of a0 go back; a1 has room for one: the urgent one, though it came later."""
    queues = [
        queue("mail", ["A"], options=DEFERRED),
        queue("urgent", ["A"], options={"deferred": True, "priority": 50}),
        queue("chat", ["A"], handle=30),
    ]
    expect(
        run(
            [team("A", agents=[[(0, 6)], [(1, 100)]], units=2)],
            queues,
            [call(0, "mail"), call(0, "urgent"), call(1, "chat"), call(60, "chat")],
        ),
        """
        0 mail: 0 0 14 served a1 waited 4
        1 urgent: 0 0 10 served a1
        2 chat: 1 1 31 served a1
        3 chat: 60 60 90 served a1
        """,
    )


def test_work_set_aside_goes_back_at_the_end_of_duty() -> None:
    """The e-mail of a0 is set aside for the call at 4 and goes back at 6; a1, idle since 5, takes
    it. It need not be deferred for this."""
    queues = [
        queue("mail", ["A"], options={"interruptible": True, "priority": 101}),
        queue("phone", ["A"]),
    ]
    expect(
        run(
            [team("A", agents=[[(0, 6)], [(0, 100)]])],
            queues,
            [call(0, "mail"), call(0, "phone", work=5), call(4, "phone")],
        ),
        """
        0 mail: 0 0 12 served a1 waited 2
        1 phone: 0 0 5 served a1
        2 phone: 4 4 14 served a0
        """,
        """
        0 a0: 0-4
        0 a1: 6-12
        1 a1: 0-5
        2 a0: 4-14
        """,
        """
        a0: 0-6 on 1, 6-14 overtime 1
        a1: 0-5 on 1, 5-6 on 0, 6-12 on 1, 12-100 on 0
        """,
    )


def test_returned_work_finds_outwaited_steps_open() -> None:
    """Team B's step after 3 is long open at 4; one after 6 opens at 6."""
    for after, answered in ((3, "10 served a2"), (6, "12 served a2 waited 2")):
        mail = queue("mail", ["A", step("B", after=after)], options=DEFERRED)
        teams = [team("A", agents=[[(0, 4)], [(0, 50)]]), team("B")]
        queues = [mail, queue("chat", ["A"], handle=30)]
        expect(
            run(teams, queues, [call(0, "mail"), call(0, "chat")]),
            f"""
            0 mail: 0 0 {answered}
            1 chat: 0 0 30 served a1
            """,
        )


def test_a_wrap_up_does_not_go_back() -> None:
    mail = queue("mail", ["A"], wrap_up=6, options=DEFERRED)
    expect(
        run([team("A", agents=[[(0, 12)], [(0, 100)]])], [mail], [0]),
        "0 mail: 0 0 10 served a0",
        "0 a0: 0-10 +6",
        """
        a0: 0-12 on 1, 12-16 overtime 1
        a1: 0-100 on 0
        """,
    )


def test_slow_down_ends_for_live_work_when_deferred_work_goes_back() -> None:
    """Half speed until 4: 2 s of each are done. The chat then has 8 s to go, alone."""
    queues = [queue("mail", ["A"], options=DEFERRED), queue("chat", ["A"])]
    expect(
        run(
            [team("A", agents=[[(0, 4)], [(20, 100)]], units=2, slowdown=[1, 2])],
            queues,
            [call(0, "mail"), call(0, "chat")],
        ),
        """
        0 mail: 0 0 28 served a1 waited 16
        1 chat: 0 0 12 served a0
        """,
        duty="""
        a0: 0-4 on 2, 4-12 overtime 1
        a1: 20-28 on 1, 28-100 on 0
        """,
    )


def test_who_comes_back_on_duty_may_still_hold_work() -> None:
    expect(
        run(
            [team("A", agents=[[(0, 10), (12, 30)]], units=2)],
            [queue("desk", ["A"])],
            [5, 11],
        ),
        """
        0 desk: 5 5 15 served a0
        1 desk: 11 12 22 served a0 waited 1
        """,
        duty="a0: 0-5 on 0, 5-10 on 1, 10-12 overtime 1, 12-15 on 2, 15-22 on 1, 22-30 on 0",
    )


def test_a_break_between_two_spans() -> None:
    expect(
        run([team("A", agents=[[(0, 10, "break"), (15, 40)]])], [queue("desk", ["A"])], [12]),
        "0 desk: 12 15 25 served a0 waited 3",
        duty="a0: 0-10 on 0, 10-15 break 0, 15-25 on 1, 25-40 on 0",
    )


def test_a_late_break_keeps_its_planned_end() -> None:
    for work, duty in (
        (8, "5-10 on 1, 10-13 overtime 1, 13-15 break 0, 15-40 on 0"),
        (12, "5-10 on 1, 10-15 overtime 1, 15-17 on 1, 17-40 on 0"),
    ):
        agents = [[(0, 10, "break"), (15, 40)]]
        found = run([team("A", agents=agents)], [queue("desk", ["A"])], [call(5, work=work)])
        expect(found, f"0 desk: 5 5 {5 + work} served a0", duty=f"a0: 0-5 on 0, {duty}")


def test_a_late_break_may_keep_its_length() -> None:
    agents = [[(0, 10, "break"), (15, 40)]]
    expect(
        run(
            [team("A", agents=agents, keep_break_length=True)],
            [queue("desk", ["A"], wrap_up=1)],
            [call(5, work=7), call(14)],
        ),
        """
        0 desk: 5 5 12 served a0
        1 desk: 14 18 28 served a0 waited 4
        """,
        duty="""
        a0: 0-5 on 0, 5-10 on 1, 10-13 overtime 1, 13-18 break 0, 18-29 on 1, 29-40 on 0
        """,
    )


def test_a_break_in_time_is_as_planned_with_either_option() -> None:
    agents = [[(0, 10, "break"), (15, 40)]]
    for keeps in (False, True):
        expect(
            run([team("A", agents=agents, keep_break_length=keeps)], [queue("desk", ["A"])], [0]),
            "0 desk: 0 0 10 served a0",
            duty="a0: 0-10 on 1, 10-15 break 0, 15-40 on 0",
        )


def test_spans_over_before_a_late_break_are_skipped() -> None:
    """The item ends at 13, the break at 18: the span 15-17 is skipped, the next begins at 30."""
    agents = [[(0, 10, "break"), (15, 17, "break"), (30, 40)]]
    expect(
        run(
            [team("A", agents=agents, keep_break_length=True)],
            [queue("desk", ["A"])],
            [call(5, work=8)],
        ),
        "0 desk: 5 5 13 served a0",
        duty="a0: 0-5 on 0, 5-10 on 1, 10-13 overtime 1, 13-30 break 0, 30-40 on 0",
    )


def test_when_the_shift_is_over_before_the_late_break_the_agent_goes() -> None:
    agents = [[(0, 10, "break"), (15, 17), (60, 80)]]
    expect(
        run(
            [team("A", agents=agents, keep_break_length=True)],
            [queue("desk", ["A"])],
            [call(5, work=8)],
        ),
        "0 desk: 5 5 13 served a0",
        duty="a0: 0-5 on 0, 5-10 on 1, 10-13 overtime 1, 60-80 on 0",
    )


def test_a_late_break_may_end_within_the_next_span() -> None:
    agents = [[(0, 10, "break"), (15, 40, 2.0)]]
    expect(
        run(
            [team("A", agents=agents, keep_break_length=True)],
            [queue("desk", ["A"])],
            [call(5, work=25), call(36)],
        ),
        """
        0 desk: 5 5 30 served a0
        1 desk: 36 36 56 served a0
        """,
        duty="""
        a0: 0-5 on 0, 5-10 on 1, 10-30 overtime 1, 30-35 break 0, 35-36 on 0,
            36-40 on 1, 40-56 overtime 1
        """,
    )


def test_no_late_break_for_work_that_went_back() -> None:
    """The e-mail goes back when the break begins, so the break begins in time."""
    mail = queue("mail", ["A"], options=DEFERRED)
    agents = [[(0, 4, "break"), (9, 100)]]
    expect(
        run([team("A", agents=agents, keep_break_length=True)], [mail], [0]),
        "0 mail: 0 0 15 served a0 waited 5",
        duty="a0: 0-4 on 1, 4-9 break 0, 9-15 on 1, 15-100 on 0",
    )


def test_duty_from_before_the_start() -> None:
    """Rows begin at 0; who came earlier is idle longer."""
    agents = [[(-1, 20)], [(-8, -6), (-5, 10)]]
    expect(
        run([team("A", agents=agents)], [queue("desk", ["A"], handle=2)], [1]),
        "0 desk: 1 1 3 served a1",
        duty="""
        a0: 0-20 on 0
        a1: 0-1 on 0, 1-3 on 1, 3-10 on 0
        """,
    )


def test_pace_belongs_to_the_span() -> None:
    expect(
        run(
            [team("A", agents=[[(0, 30), (40, 100, 1.5)]])],
            [queue("desk", ["A"])],
            [0, 25, 50],
        ),
        """
        0 desk: 0 0 10 served a0
        1 desk: 25 25 35 served a0
        2 desk: 50 50 65 served a0
        """,
    )


def test_who_waits_when_nobody_comes_back() -> None:
    """A queue open for longer than its team: what came in waits for the next shift."""
    desk = queue("desk", ["A"], options={"hours": hours((0, 30))})
    expect(
        run([team("A", agents=[[(0, 10)], [(50, 60)]])], [desk], [20]),
        "0 desk: 20 50 60 served a1 waited 30",
    )
