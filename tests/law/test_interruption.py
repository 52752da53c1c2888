"""Hand-traced: work that gives way to live contacts and is taken up again."""

from __future__ import annotations

from tests.law.tiny import call, expect, queue, run, step, team

GIVES_WAY = {"interruptible": True, "priority": 101}


def _mail(route: list[str | step] | None = None, **more: object) -> queue:
    return queue("mail", route or ["A"], options=GIVES_WAY, **more)  # type: ignore[arg-type]


PHONE = queue("phone", ["A"])


def test_an_e_mail_gives_way_to_a_call_and_goes_on_after_it() -> None:
    expect(
        run([team("A")], [_mail(), PHONE], [call(0, "mail"), call(4, "phone")]),
        """
        0 mail: 0 0 20 served a0 waited 10
        1 phone: 4 4 14 served a0
        """,
        """
        0 a0: 0-4
        0 a0: 14-20
        1 a0: 4-14
        """,
        "a0: 0-20 on 1, 20-100 on 0",
    )


def test_work_may_be_interrupted_again_and_again() -> None:
    expect(
        run(
            [team("A")],
            [_mail(), queue("phone", ["A"], handle=5)],
            [call(0, "mail"), call(4, "phone"), call(11, "phone"), call(12, "phone")],
        ),
        """
        0 mail: 0 0 25 served a0 waited 15
        1 phone: 4 4 9 served a0
        2 phone: 11 11 16 served a0
        3 phone: 12 16 21 served a0 waited 4
        """,
        """
        0 a0: 0-4
        0 a0: 9-11
        0 a0: 21-25
        1 a0: 4-9
        2 a0: 11-16
        3 a0: 16-21
        """,
    )


def test_only_strictly_lower_priority_gives_way() -> None:
    task = queue("task", ["A"], options={"priority": 101})
    expect(
        run([team("A")], [_mail(), task], [call(0, "mail"), call(4, "task")]),
        """
        0 mail: 0 0 10 served a0
        1 task: 4 10 20 served a0 waited 6
        """,
    )


def test_only_interruptible_work_gives_way() -> None:
    low = queue("low", ["A"], options={"priority": 101})
    expect(
        run([team("A")], [low, PHONE], [call(0, "low"), call(4, "phone")]),
        """
        0 low: 0 0 10 served a0
        1 phone: 4 10 20 served a0 waited 6
        """,
    )


def test_room_anywhere_on_the_route_comes_before_interruption() -> None:
    phone = queue("phone", ["A", "B"])
    expect(
        run([team("A"), team("B")], [_mail(), phone], [call(0, "mail"), call(4, "phone")]),
        """
        0 mail: 0 0 10 served a0
        1 phone: 4 4 14 served a1
        """,
    )


def test_interruption_goes_in_the_order_of_the_route() -> None:
    """Both teams are on e-mail; that of B started later, but A stands first."""
    queues = [_mail(["A", "B"]), queue("phone", ["A", "B"])]
    expect(
        run(
            [team("A"), team("B")],
            queues,
            [call(0, "mail"), call(1, "mail"), call(4, "phone")],
        ),
        """
        0 mail: 0 0 20 served a0 waited 10
        1 mail: 1 1 11 served a1
        2 phone: 4 4 14 served a0
        """,
    )


def test_a_step_not_open_does_not_interrupt() -> None:
    queues = [_mail(["B"]), queue("phone", ["A", step("B", after=5)])]
    expect(
        run(
            [team("A"), team("B")],
            queues,
            [call(0, "phone", work=30), call(0, "mail"), call(1, "phone")],
        ),
        """
        0 phone: 0 0 30 served a0
        1 mail: 0 0 20 served a1 waited 10
        2 phone: 1 6 16 served a1 waited 5
        """,
    )


def test_a_step_with_a_reserve_does_not_interrupt() -> None:
    phone = queue("phone", [step("A", keep_idle=1)])
    expect(
        run(
            [team("A", agents=2)],
            [_mail(), phone],
            [call(0, "mail"), call(1, "mail"), call(4, "phone")],
        ),
        """
        0 mail: 0 0 10 served a0
        1 mail: 1 1 11 served a1
        2 phone: 4 11 21 served a0 waited 7
        """,
    )


def test_the_agent_whose_work_started_last_is_interrupted() -> None:
    expect(
        run(
            [team("A", agents=3)],
            [_mail(), PHONE],
            [call(0, "mail"), call(1, "mail"), call(1, "phone"), call(5, "phone")],
        ),
        """
        0 mail: 0 0 10 served a0
        1 mail: 1 1 21 served a1 waited 10
        2 phone: 1 1 11 served a2
        3 phone: 5 5 15 served a1
        """,
    )


def test_of_those_who_started_together_the_lowest_number() -> None:
    expect(
        run(
            [team("A", agents=2)],
            [_mail(), PHONE],
            [call(0, "mail"), call(0, "mail"), call(5, "phone")],
        ),
        """
        0 mail: 0 0 20 served a0 waited 10
        1 mail: 0 0 10 served a1
        2 phone: 5 5 15 served a0
        """,
    )


def test_work_resumed_counts_from_then() -> None:
    """Contact 0 resumed at 14, contact 1 started at 8: the next call interrupts contact 0."""
    expect(
        run(
            [team("A", agents=[[(0, 100)], [(8, 100)]])],
            [_mail(handle=20), PHONE],
            [call(0, "mail"), call(4, "phone"), call(8, "mail"), call(16, "phone")],
        ),
        """
        0 mail: 0 0 40 served a0 waited 20
        1 phone: 4 4 14 served a0
        2 mail: 8 8 28 served a1
        3 phone: 16 16 26 served a0
        """,
        """
        0 a0: 0-4
        0 a0: 14-16
        0 a0: 26-40
        1 a0: 4-14
        2 a1: 8-28
        3 a0: 16-26
        """,
    )


def test_the_latest_items_yield_and_only_as_many_as_needed() -> None:
    """Three e-mails of one unit each, a call of two: the second and third give way. At 10 the first
    ends and the second has room; the third goes on when the call is over."""
    expect(
        run(
            [team("A", units=3)],
            [_mail(), queue("phone", ["A"], units=2)],
            [call(0, "mail"), call(1, "mail"), call(2, "mail"), call(5, "phone")],
        ),
        """
        0 mail: 0 0 10 served a0
        1 mail: 1 1 16 served a0 waited 5
        2 mail: 2 2 22 served a0 waited 10
        3 phone: 5 5 15 served a0
        """,
        """
        0 a0: 0-10
        1 a0: 1-5
        1 a0: 10-16
        2 a0: 2-5
        2 a0: 15-22
        3 a0: 5-15 x2
        """,
        "a0: 0-1 on 1, 1-2 on 2, 2-15 on 3, 15-16 on 2, 16-22 on 1, 22-100 on 0",
    )


def test_the_agent_must_gain_enough() -> None:
    """Agent a0's e-mail started later, but frees one unit beside a chat; a1's frees two."""
    queues = [
        _mail(units=1),
        queue("long", ["A"], units=2, options=GIVES_WAY),
        queue("chat", ["A"], handle=50),
        queue("phone", ["A"], units=2),
    ]
    expect(
        run(
            [team("A", agents=2, units=2)],
            queues,
            [call(0, "chat"), call(1, "long"), call(2, "mail"), call(5, "phone")],
        ),
        """
        0 chat: 0 0 50 served a0
        1 long: 1 1 21 served a1 waited 10
        2 mail: 2 2 12 served a0
        3 phone: 5 5 15 served a1
        """,
    )


def test_spare_units_after_an_interruption_are_offered() -> None:
    """The call needs one of the three units of the work that gives way; the chat that waits since
    1, of too low a priority to interrupt, takes another at once."""
    queues = [
        queue("project", ["A"], units=3, options=GIVES_WAY),
        queue("chat", ["A"], options={"priority": 200}),
        PHONE,
    ]
    expect(
        run(
            [team("A", units=3)],
            queues,
            [call(0, "project"), call(1, "chat"), call(4, "phone")],
        ),
        """
        0 project: 0 0 20 served a0 waited 10
        1 chat: 1 4 14 served a0 waited 3
        2 phone: 4 4 14 served a0
        """,
        duty="a0: 0-4 on 3, 4-14 on 2, 14-20 on 3, 20-100 on 0",
    )


def test_units_freed_may_make_an_interruption_possible() -> None:
    """The call needs three units. At 5 two are taken by a chat; when the chat ends at 10 the
    e-mail's unit makes three."""
    queues = [_mail(), queue("chat", ["A"], units=2), queue("phone", ["A"], units=3)]
    expect(
        run(
            [team("A", units=3)],
            queues,
            [call(0, "chat"), call(4, "mail"), call(5, "phone")],
        ),
        """
        0 chat: 0 0 10 served a0
        1 mail: 4 4 24 served a0 waited 10
        2 phone: 5 10 20 served a0 waited 5
        """,
    )


def test_work_set_aside_waits_for_its_own_agent() -> None:
    """Agent a1 comes on duty at 6 and is idle; the e-mail of a0 is not its business."""
    expect(
        run(
            [team("A", agents=[[(0, 100)], [(6, 100)]])],
            [_mail(), PHONE],
            [call(0, "mail"), call(4, "phone")],
        ),
        """
        0 mail: 0 0 20 served a0 waited 10
        1 phone: 4 4 14 served a0
        """,
    )


def test_work_set_aside_competes_by_priority_and_place() -> None:
    """At 14 the e-mail set aside (in since 0) is before the one that waits since 1, and after the
    call that waits since 5."""
    expect(
        run(
            [team("A")],
            [_mail(), PHONE],
            [call(0, "mail"), call(1, "mail"), call(4, "phone"), call(5, "phone")],
        ),
        """
        0 mail: 0 0 30 served a0 waited 20
        1 mail: 1 30 40 served a0 waited 29
        2 phone: 4 4 14 served a0
        3 phone: 5 14 24 served a0 waited 9
        """,
    )


def test_work_set_aside_is_counted_in_its_line() -> None:
    """One e-mail waits; at 4 another is set aside: two wait, and team B may help the first in
    line. The one set aside is held for its agent."""
    mail = _mail(["A", step("B", when_waiting=2)])
    expect(
        run(
            [team("A"), team("B")],
            [mail, PHONE],
            [call(0, "mail"), call(1, "mail"), call(4, "phone")],
        ),
        """
        0 mail: 0 0 20 served a0 waited 10
        1 mail: 1 4 14 served a1 waited 3
        2 phone: 4 4 14 served a0
        """,
    )


def test_the_waiting_room_is_for_the_unanswered() -> None:
    mail = queue("mail", ["A"], options={**GIVES_WAY, "room": 1})
    expect(
        run(
            [team("A")],
            [mail, PHONE],
            [call(0, "mail"), call(4, "phone"), call(5, "mail"), call(6, "mail")],
        ),
        """
        0 mail: 0 0 20 served a0 waited 10
        1 phone: 4 4 14 served a0
        2 mail: 5 20 30 served a0 waited 15
        3 mail: 6 - 6 no_room gave_up
        """,
    )


def test_a_wrap_up_cannot_be_interrupted() -> None:
    expect(
        run([team("A")], [_mail(wrap_up=6), PHONE], [call(0, "mail"), call(12, "phone")]),
        """
        0 mail: 0 0 10 served a0
        1 phone: 12 16 26 served a0 waited 4
        """,
    )


def test_work_set_aside_does_not_lose_patience() -> None:
    mail = queue("mail", ["A"], patience=6, options=GIVES_WAY)
    expect(
        run([team("A")], [mail, PHONE], [call(0, "mail"), call(4, "phone")]),
        """
        0 mail: 0 0 20 served a0 waited 10
        1 phone: 4 4 14 served a0
        """,
    )


def test_work_set_aside_at_the_horizon() -> None:
    expect(
        run([team("A")], [_mail(), PHONE], [call(0, "mail"), call(4, "phone")], horizon=9),
        """
        0 mail: 0 0 - inside a0 waited 5 preempted
        1 phone: 4 4 - inside a0 in_service
        """,
        """
        0 a0: 0-4
        1 a0: 4-9
        """,
    )


def test_work_set_aside_does_not_interrupt_in_its_turn() -> None:
    """The task (priority 50) started after the e-mail (101), so it yields to the call; it waits for
    room, though the e-mail is of lower priority."""
    task = queue("task", ["A"], options={"interruptible": True, "priority": 50})
    expect(
        run(
            [team("A", units=2)],
            [_mail(), task, PHONE],
            [call(0, "mail"), call(1, "task"), call(4, "phone")],
        ),
        """
        0 mail: 0 0 10 served a0
        1 task: 1 1 17 served a0 waited 6
        2 phone: 4 4 14 served a0
        """,
    )


def test_interruption_and_slow_down_together() -> None:
    """Half speed all along until 24. By 4 each e-mail has 8 s left; the call takes the place of the
    second. The first ends at 20, when the call has 2 s left (24) and the second goes on: 2 of its 8
    s until 24, 6 alone until 30."""
    expect(
        run(
            [team("A", units=2, slowdown=[1, 2])],
            [_mail(), PHONE],
            [call(0, "mail"), call(0, "mail"), call(4, "phone")],
        ),
        """
        0 mail: 0 0 20 served a0
        1 mail: 0 0 30 served a0 waited 16
        2 phone: 4 4 24 served a0
        """,
    )
