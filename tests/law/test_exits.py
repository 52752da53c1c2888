"""Hand-traced: exits and where they lead; limits, trunk lines, waiting room, hours, bounds."""

from __future__ import annotations

from ccsim.network.draws import Purpose, uniform
from ccsim.network.model import Exit, Label, LimitClock
from ccsim.network.quantiles import exponential
from tests.law.tiny import SECOND, ask, call, expect, hours, limit, queue, row, run, team

A_AND_B = [team("A"), team("B")]


def test_a_transfer_takes_its_share_of_the_effort() -> None:
    queues = [
        queue("first", ["A"], served=[row("second", Label.ESCALATED, share=0.4)]),
        queue("second", ["B"]),
    ]
    expect(
        run(A_AND_B, queues, [0, 3]),
        """
        0 first: 0 0 4 served escalated a0 to second
        0.1 second: 4 4 14 served a1
        1 first: 3 4 8 served escalated a0 waited 1 to second
        1.1 second: 8 14 24 served a1 waited 6
        """,
        """
        0 a0: 0-4
        0.1 a1: 4-14
        1 a0: 4-8
        1.1 a1: 14-24
        """,
    )


def test_who_comes_again_after_a_while_and_a_row_that_is_used_up() -> None:
    again = row("desk", Label.UNRESOLVED, delay=20, at_most=1)
    expect(
        run([team("A")], [queue("desk", ["A"], served=[again])], [0]),
        """
        0 desk: 0 0 10 served unresolved a0 to desk
        0.1 desk: 30 30 40 served gave_up a0
        """,
    )


def test_a_row_used_up_takes_the_whole_effort() -> None:
    """The share belongs to the row; used up, it is a plain leave."""
    again = row("desk", Label.ESCALATED, share=0.5, at_most=1)
    expect(
        run([team("A")], [queue("desk", ["A"], served=[again])], [0]),
        """
        0 desk: 0 0 5 served escalated a0 to desk
        0.1 desk: 5 5 15 served gave_up a0
        """,
    )


def test_rows_are_drawn_by_cumulated_probability() -> None:
    rows = [row(label=Label.RESOLVED, p=0.3), row(label=Label.UNRESOLVED, p=0.2), row(p=0.5)]
    calls = [call(n, key=2 * n) for n in range(60)]
    bot = [team("bot", unlimited=True)]
    found = run(bot, [queue("desk", ["bot"], served=rows)], calls).records.legs
    for leg in found:
        u = uniform(2 * int(leg["contact"]), 0, 0, Purpose.BRANCH + Exit.SERVED)
        expected = Label.RESOLVED if u < 0.3 else Label.UNRESOLVED if u < 0.5 else Label.NONE
        assert leg["label"] == expected
    assert set(found["label"].tolist()) == {0, 1, 2}


def test_when_rounding_leaves_no_row_the_last_is_taken() -> None:
    rows = [row(label=Label.RESOLVED, p=0.0), row(label=Label.UNRESOLVED, p=0.0)]
    found = run([team("A")], [queue("desk", ["A"], served=rows)], [0])
    expect(found, "0 desk: 0 0 10 served unresolved a0")


def test_served_rows_depend_on_the_team() -> None:
    served = {"A": [row(label=Label.RESOLVED)], "B": [row("desk", Label.UNRESOLVED)]}
    expect(
        run(A_AND_B, [queue("desk", ["A", "B"], served=served)], [0, 1]),
        """
        0 desk: 0 0 10 served resolved a0
        1 desk: 1 1 11 served unresolved a1 to desk
        1.1 desk: 11 11 21 served resolved a0
        """,
    )


def test_who_hangs_up_redials() -> None:
    redial = row("desk", Label.REDIALLED, delay=10, at_most=2)
    expect(
        run(
            [team("A")],
            [queue("desk", ["A"], patience=5, abandoned=[redial])],
            [call(0, work=90), 1],
            horizon=80,
        ),
        """
        0 desk: 0 0 - inside a0 in_service
        1 desk: 1 - 6 abandoned redialled waited 5 to desk
        1.1 desk: 16 - 21 abandoned redialled waited 5 to desk
        1.2 desk: 31 - 36 abandoned gave_up waited 5
        """,
        "0 a0: 0-80",
    )


def test_a_delay_beyond_the_horizon_leads_on_all_the_same() -> None:
    redial = row("desk", Label.REDIALLED, delay=500)
    expect(
        run([team("A")], [queue("desk", ["A"], served=[redial])], [0]),
        "0 desk: 0 0 10 served redialled a0 to desk",
    )


def test_effort_and_patience_by_leg_or_by_contact() -> None:
    """A redialling customer is drawn anew for each leg, or once (leg 0)."""
    table = exponential(1.0)
    for by_contact in (False, True):
        options = {"effort_by_contact": by_contact, "patience_by_contact": by_contact}
        patience = exponential(5 * SECOND)
        redial = row("desk", Label.REDIALLED, delay=0.5, at_most=1)
        desk = queue(
            "desk", ["A"], effort=table, patience=patience, abandoned=[redial], options=options
        )
        found = run([team("A")], [desk], [call(0, work=99), call(1, key=18)]).records.legs
        for leg in (0, 1):
            u = uniform(18, 0 if by_contact else leg, 0, Purpose.PATIENCE)
            assert found["waited"][1 + leg] == int(patience.value(u))
        again = row("desk", Label.UNRESOLVED, at_most=1)
        desk = queue("desk", ["A"], effort=table, served=[again], options=options)
        found = run([team("A")], [desk], [call(1, key=18)]).records.legs
        for leg in (0, 1):
            u = uniform(18, 0 if by_contact else leg, 0, Purpose.EFFORT)
            assert found["ended"][leg] - found["answered"][leg] == int(table.value(u) * 10_000_000)


def test_observed_values_are_for_the_first_leg_only() -> None:
    """Patience 3 was observed, then the table's 7; work 2 was observed, then the mean 10."""
    redial = row("desk", delay=1)
    desk = queue("desk", ["A"], patience=7, abandoned=[redial], served=[row("desk", at_most=1)])
    expect(
        run([team("A")], [desk], [call(0, work=20), call(1, patience=3)], max_legs=2),
        """
        0 desk: 0 0 20 served a0 to desk
        0.1 desk: 20 20 30 served gave_up a0
        1 desk: 1 - 4 abandoned waited 3 to desk
        1.1 desk: 5 - 12 abandoned waited 7 bound
        """,
    )


def test_a_limit_on_the_wait_leads_elsewhere() -> None:
    queues = [queue("desk", ["A"], limits=[limit(5, row("mail", Label.CALLBACK))])]
    queues.append(queue("mail", ["B"]))
    expect(
        run(A_AND_B, queues, [call(0, work=30), 1]),
        """
        0 desk: 0 0 30 served a0
        1 desk: 1 - 6 limit0 callback waited 5 to mail
        1.1 mail: 6 6 16 served a1
        """,
    )


def test_who_declines_keeps_place_and_patience() -> None:
    desk = queue("desk", ["A"], patience=8, limits=[limit(3, row("stay"))])
    expect(
        run([team("A")], [desk], [call(0, work=7), 1, 2]),
        """
        0 desk: 0 0 7 served a0
        1 desk: 1 7 17 served a0 waited 6
        2 desk: 2 - 10 abandoned gave_up waited 8
        """,
    )


def test_staying_counts_as_a_use_of_the_row() -> None:
    """Two limits share nothing: each has its own row; a row for no use at all gives up."""
    desk = queue("desk", ["A"], limits=[limit(3, row("stay", at_most=1)), limit(6, row())])
    none = queue("none", ["A"], limits=[limit(3, row("stay", at_most=0))])
    expect(
        run([team("A")], [desk, none], [call(0, work=50), call(1, "desk"), call(1, "none")]),
        """
        0 desk: 0 0 50 served a0
        1 desk: 1 - 7 limit1 waited 6
        2 none: 1 - 4 limit0 gave_up waited 3
        """,
    )


def test_a_limit_without_rows_gives_up() -> None:
    expect(
        run([team("A")], [queue("desk", ["A"], limits=[limit(4, None)])], [0, 1]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 1 - 5 limit0 gave_up waited 4
        """,
    )


def test_a_promise_counts_opening_hours() -> None:
    """In at 5; open until 10 and again from 50: the 15th second of opening time is 60."""
    promise = limit(15, clock=LimitClock.OPEN_HOURS, hours=hours((0, 10), (50, 100)))
    expect(
        run([team("A")], [queue("desk", ["A"], limits=[promise])], [call(0, work=90), 5, 12, 85]),
        """
        0 desk: 0 0 90 served a0
        1 desk: 5 - 60 limit0 waited 55
        2 desk: 12 - 65 limit0 waited 53
        3 desk: 85 90 - inside a0 waited 5 in_service
        """,
    )


def test_a_promise_that_the_hours_never_reach() -> None:
    promise = limit(15, clock=LimitClock.OPEN_HOURS, hours=hours((0, 10)))
    expect(
        run([team("A")], [queue("desk", ["A"], limits=[promise])], [call(0, work=90), 5]),
        """
        0 desk: 0 0 90 served a0
        1 desk: 5 90 - inside a0 waited 85 in_service
        """,
    )


def test_the_line_is_cleared_at_closing_time() -> None:
    """Who came while it was closed is not cut off by the closing of later hours."""
    closing = limit(0, row(label=Label.DISCONNECTED), LimitClock.CLOSING, hours((0, 30), (50, 60)))
    expect(
        run([team("A")], [queue("desk", ["A"], limits=[closing])], [call(0, work=90), 5, 40, 55]),
        """
        0 desk: 0 0 90 served a0
        1 desk: 5 - 30 limit0 disconnected waited 25
        2 desk: 40 90 - inside a0 waited 50 in_service
        3 desk: 55 - 60 limit0 disconnected waited 5
        """,
    )


def test_limits_end_with_the_answer() -> None:
    expect(
        run([team("A")], [queue("desk", ["A"], limits=[limit(5)], patience=6)], [0, 7]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 7 10 20 served a0 waited 3
        """,
    )


def test_a_caller_without_a_line_hears_busy() -> None:
    redial = row("desk", Label.REDIALLED, delay=8, at_most=1)
    desk = queue("desk", ["A"], no_line=[redial], options={"lines": 0})
    expect(
        run([team("A", agents=2)], [desk], [0, 2, 3], lines=[1]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 2 - 2 no_line redialled to desk
        1.1 desk: 10 10 20 served a1
        2 desk: 3 - 3 no_line redialled to desk
        2.1 desk: 11 - 11 no_line gave_up
        """,
    )


def _two_stages(delay: float | None, lines: int = 0) -> list[queue]:
    return [
        queue("first", ["A"], served=[row("second", delay=delay)], options={"lines": 0}),
        queue("second", ["B"], options={"lines": lines}),
    ]


def test_a_line_is_kept_over_an_immediate_transfer() -> None:
    expect(
        run(A_AND_B, _two_stages(None), [0, 12, 21], lines=[1]),
        """
        0 first: 0 0 10 served a0 to second
        0.1 second: 10 10 20 served a1
        1 first: 12 - 12 no_line gave_up
        2 first: 21 21 31 served a0 to second
        2.1 second: 31 31 41 served a1
        """,
    )


def test_a_line_is_given_back_when_the_next_leg_comes_later() -> None:
    expect(
        run(A_AND_B, _two_stages(2), [0, 11], lines=[1]),
        """
        0 first: 0 0 10 served a0 to second
        0.1 second: 12 - 12 no_line gave_up
        1 first: 11 11 21 served a0 to second
        1.1 second: 23 23 33 served a1
        """,
    )


def test_a_delay_of_zero_is_no_delay() -> None:
    found = run(A_AND_B, _two_stages(0), [0, 12], lines=[1])
    assert found.records.legs["exit"].tolist() == [Exit.SERVED, Exit.SERVED, Exit.NO_LINE]


def test_lines_of_another_group_are_taken_anew() -> None:
    """The second stage has one line of its own; contact 1 finds the first group's line free."""
    expect(
        run(A_AND_B, _two_stages(None, lines=1), [0, 10.5], lines=[1, 1]),
        """
        0 first: 0 0 10 served a0 to second
        0.1 second: 10 10 20 served a1
        1 first: 10.5 10.5 20.5 served a0 to second
        1.1 second: 20.5 20.5 30.5 served a1
        """,
    )


def test_a_line_is_free_at_the_exit_before_wrap_up() -> None:
    desk = queue("desk", ["A"], wrap_up=5, options={"lines": 0})
    expect(
        run([team("A")], [desk], [0, 12], lines=[1]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 12 15 25 served a0 waited 3
        """,
    )


def test_who_is_called_takes_a_line_from_the_answer_on() -> None:
    """Of two lines the caller has one from 0 to 10. Contact 1 waits to be called since 1 and takes
    none; at 10 it takes one, the caller of 12 the other; who comes at 13 hears busy."""
    queues = [
        queue("phone", ["A|B"], options={"lines": 0}),
        queue("back", ["A"], options={"dials": 0}),
    ]
    calls = [
        call(0, "phone"),
        call(1, "back"),
        call(12, "phone"),
        call(13, "phone"),
        call(21, "phone"),
    ]
    expect(
        run(A_AND_B, queues, calls, lines=[2]),
        """
        0 phone: 0 0 10 served a0
        1 back: 1 10 20 served a0 waited 9
        2 phone: 12 12 22 served a1
        3 phone: 13 - 13 no_line gave_up
        4 phone: 21 21 31 served a0
        """,
    )


def test_who_is_called_takes_a_line_though_none_be_free() -> None:
    """One line, and two on it from 1 on: after the first has gone there is still none at 11."""
    queues = [
        queue("phone", ["A"], options={"lines": 0}),
        queue("back", ["B"], handle=20, options={"dials": 0}),
    ]
    calls = [call(0, "phone"), call(1, "back"), call(11, "phone"), call(21, "phone")]
    expect(
        run(A_AND_B, queues, calls, lines=[1]),
        """
        0 phone: 0 0 10 served a0
        1 back: 1 1 21 served a1
        2 phone: 11 - 11 no_line gave_up
        3 phone: 21 21 31 served a0
        """,
    )


def test_a_dialled_line_is_kept_over_an_immediate_transfer() -> None:
    """Until 20; a helper needs none."""
    queues = [
        queue(
            "back", ["A"], served=[row("next")], consult=ask("help", at=0.5), options={"dials": 0}
        ),
        queue("next", ["B"], handle=10, options={"lines": 0}),
        queue("help", ["B"], handle=0, options={"dials": 0}),
        queue("phone", ["A"], options={"lines": 0}),
    ]
    found = run(A_AND_B, queues, [call(0, "back"), call(15, "phone"), call(20, "phone")], lines=[1])
    assert "1 phone: 15 - 15 no_line" in found.legs
    assert "2 phone: 20 20 30 served" in found.legs


def test_who_waits_holds_a_line_too() -> None:
    desk = queue("desk", ["A"], patience=4, options={"lines": 0})
    expect(
        run([team("A")], [desk], [0, 1, 2, 6], lines=[2]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 1 - 5 abandoned gave_up waited 4
        2 desk: 2 - 2 no_line gave_up
        3 desk: 6 10 20 served a0 waited 4
        """,
    )


def test_the_waiting_room() -> None:
    """Room for none: taken or turned away. Room for one: the second who waits is turned away."""
    for room, second in ((0, "1 - 1 no_room gave_up"), (1, "1 10 20 served a0 waited 9")):
        expect(
            run([team("A")], [queue("desk", ["A"], options={"room": room})], [0, 1, 2]),
            f"""
            0 desk: 0 0 10 served a0
            1 desk: {second}
            2 desk: 2 - 2 no_room gave_up
            """,
        )


def test_no_room_has_its_own_branch() -> None:
    queues = [queue("desk", ["A"], no_room=[row("mail")], options={"room": 0})]
    queues.append(queue("mail", ["B"]))
    expect(
        run(A_AND_B, queues, [0, 1]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 1 - 1 no_room to mail
        1.1 mail: 1 1 11 served a1
        """,
    )


def test_a_queue_takes_contacts_in_its_hours_only() -> None:
    """Open until 10, exclusive; what waits then is served after."""
    desk = queue(
        "desk",
        ["A"],
        closed=[row("desk", Label.CALLBACK, delay=3, at_most=1)],
        options={"hours": hours((0, 10), (20, 30))},
    )
    expect(
        run([team("A")], [desk], [0, 9, 10, 18]),
        """
        0 desk: 0 0 10 served a0
        1 desk: 9 10 20 served a0 waited 1
        2 desk: 10 - 10 closed callback to desk
        2.1 desk: 13 - 13 closed gave_up
        3 desk: 18 - 18 closed callback to desk
        3.1 desk: 21 21 31 served a0
        """,
    )


def test_a_kept_line_is_given_back_by_a_closed_queue() -> None:
    queues = [
        queue("first", ["A"], served=[row("second")], options={"lines": 0}),
        queue("second", ["B"], options={"lines": 0, "hours": hours((50, 60))}),
    ]
    expect(
        run(A_AND_B, queues, [0, 10.5], lines=[1]),
        """
        0 first: 0 0 10 served a0 to second
        0.1 second: 10 - 10 closed gave_up
        1 first: 10.5 10.5 20.5 served a0 to second
        1.1 second: 20.5 - 20.5 closed gave_up
        """,
    )


def test_the_bound_on_legs() -> None:
    """The last leg's branch is drawn, not followed; a blocked entry counts as a leg."""
    desk = queue("desk", ["A"], served=[row("desk", Label.UNRESOLVED)])
    expect(
        run([team("A")], [desk], [0], max_legs=2),
        """
        0 desk: 0 0 10 served unresolved a0 to desk
        0.1 desk: 10 10 20 served unresolved a0 bound
        """,
    )
    closed = queue("desk", ["A"], closed=[row("desk")], options={"hours": hours((50, 60))})
    expect(
        run([team("A")], [closed], [3], max_legs=3),
        """
        0 desk: 3 - 3 closed to desk
        0.1 desk: 3 - 3 closed to desk
        0.2 desk: 3 - 3 closed bound
        """,
    )


def test_a_line_is_given_back_at_the_bound() -> None:
    desk = queue("desk", ["A"], served=[row("desk")], options={"lines": 0})
    expect(
        run([team("A")], [desk], [0, 11], lines=[1], max_legs=1),
        """
        0 desk: 0 0 10 served a0 bound
        1 desk: 11 11 21 served a0 bound
        """,
    )
