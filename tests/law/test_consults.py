"""Hand-traced: an agent asks a helper in the middle of the work."""

from __future__ import annotations

import pytest

from ccsim.network.draws import Purpose, uniform
from tests.law.tiny import ask, call, expect, hours, limit, own, queue, row, run, team

A_AND_LEADER = [team("A"), team("L")]
HELP = queue("help", ["L"], handle=3)


def _desk(at: float = 0.4, **more: object) -> queue:
    return queue("desk", ["A"], consult=ask("help", at=at), **more)  # type: ignore[arg-type]


def test_the_helper_is_asked_after_a_share_of_the_work() -> None:
    expect(
        run(A_AND_LEADER, [_desk(), HELP], [0]),
        """
        0 desk: 0 0 13 served a0
        0 helper help: 4 4 7 served helped a1
        """,
        """
        0 a0: 0-13
        0 helper a1: 4-7
        """,
        """
        a0: 0-13 on 1, 13-100 on 0
        a1: 0-4 on 0, 4-7 on 1, 7-100 on 0
        """,
    )


@pytest.mark.parametrize(("at", "asked"), [(0.0, 0), (1.0, 10)])
def test_at_the_start_and_at_the_end(at: float, asked: int) -> None:
    expect(
        run(A_AND_LEADER, [_desk(at), HELP], [0]),
        f"""
        0 desk: 0 0 13 served a0
        0 helper help: {asked} {asked} {asked + 3} served helped a1
        """,
    )


def test_the_helper_may_be_busy() -> None:
    expect(
        run(A_AND_LEADER, [_desk(), HELP], [call(0, "desk"), call(2, "help", work=10)]),
        """
        0 desk: 0 0 21 served a0
        0 helper help: 4 12 15 served helped a1 waited 8
        1 help: 2 2 12 served a1
        """,
    )


def test_a_consult_takes_the_whole_helper() -> None:
    """The leader has three units and one chat: it helps when the chat is over, and takes no
    other meanwhile."""
    chat = queue("chat", ["L"], handle=8)
    expect(
        run(
            [team("A"), team("L", units=3)],
            [_desk(), HELP, chat],
            [call(0, "desk"), call(1, "chat"), call(10, "chat")],
        ),
        """
        0 desk: 0 0 18 served a0
        0 helper help: 4 9 12 served helped a1 waited 5
        1 chat: 1 1 9 served a1
        2 chat: 10 12 20 served a1 waited 2
        """,
        """
        0 a0: 0-18
        0 helper a1: 9-12 x3
        1 a1: 1-9
        2 a1: 12-20
        """,
        """
        a0: 0-18 on 1, 18-100 on 0
        a1: 0-1 on 0, 1-9 on 1, 9-12 on 3, 12-20 on 1, 20-100 on 0
        """,
    )


def test_the_helper_wraps_up_after_the_agent_went_on() -> None:
    help_ = queue("help", ["L"], handle=3, wrap_up=20)
    expect(
        run(A_AND_LEADER, [_desk(), help_], [0]),
        """
        0 desk: 0 0 13 served a0
        0 helper help: 4 4 7 served helped a1
        """,
        """
        0 a0: 0-13
        0 helper a1: 4-7 +20
        """,
    )


def test_any_exit_of_the_helpers_part_lets_the_work_go_on() -> None:
    busy = [call(0, "desk"), call(2, "help", work=50)]
    limited = queue("help", ["L"], handle=3, limits=[limit(5, row("desk"))])
    expect(
        run(A_AND_LEADER, [_desk(), limited], busy),
        """
        0 desk: 0 0 15 served a0
        0 helper help: 4 - 9 limit0 waited 5
        1 help: 2 2 52 served a1
        """,
    )
    for option, word in (({"room": 0}, "no_room"), ({"hours": hours((0, 3))}, "closed")):
        expect(
            run(A_AND_LEADER, [_desk(), queue("help", ["L"], options=option)], busy),
            f"""
            0 desk: 0 0 10 served a0
            0 helper help: 4 - 4 {word}
            1 help: 2 2 52 served a1
            """,
        )


def test_the_helpers_part_needs_no_line_has_no_patience_and_no_branches() -> None:
    help_ = queue("help", ["L"], handle=3, patience=1, served=[row("desk")], options={"lines": 0})
    calls = [call(0, "desk"), call(0, "help", work=10)]
    expect(
        run(A_AND_LEADER, [_desk(), help_], calls, lines=[1]),
        """
        0 desk: 0 0 19 served a0
        0 helper help: 4 10 13 served helped a1 waited 6
        1 help: 0 0 10 served a1 to desk
        1.1 desk: 10 19 32 served a0 waited 9
        1.1 helper help: 23 23 26 served helped a1
        """,
    )


def test_no_consult_inside_a_consult() -> None:
    """Leaders who serve `help` themselves would ask; a helper does not."""
    help_ = queue("help", ["L"], handle=3, consult=ask("desk", at=0.5))
    expect(
        run(A_AND_LEADER, [_desk(), help_], [0]),
        """
        0 desk: 0 0 13 served a0
        0 helper help: 4 4 7 served helped a1
        """,
    )


def test_no_agent_helps_itself() -> None:
    help_ = queue("help", ["A"], handle=3, limits=[limit(6)])
    queues = [_desk(), help_]
    expect(
        run([team("A", agents=2)], queues, [0]),
        """
        0 desk: 0 0 13 served a0
        0 helper help: 4 4 7 served helped a1
        """,
    )
    expect(
        run([team("A", units=2)], queues, [0]),
        """
        0 desk: 0 0 16 served a0
        0 helper help: 4 - 10 limit0 waited 6
        """,
    )


def test_the_asker_is_not_its_own_agent_and_a_helper_is_nobodys() -> None:
    """The consult's queue prefers the contact's last agent, which is the asker: it is passed over.
    When the contact comes back, its own agent is the one who handled it, not the helper."""
    teams = [team("A"), team("L"), team("C")]
    desk = queue(
        "desk", ["A"], consult=ask("help", at=0.4), served=[row("again", delay=5)], handle=10
    )
    help_ = queue("help", ["L"], also="A", handle=3, own=own(20))
    again = queue("again", ["C"], also="AL", own=own(20))
    expect(
        run(teams, [desk, help_, again], [0]),
        """
        0 desk: 0 0 13 served a0 to again
        0 helper help: 4 4 7 served helped a1
        0.1 again: 18 18 28 served a0
        """,
    )


def test_who_waits_for_a_helper_cannot_be_interrupted() -> None:
    """The call comes at 5 while the e-mail's agent consults; at 7 the e-mail moves again and
    gives way at once."""
    mail = _desk(options={"interruptible": True, "priority": 101})
    expect(
        run(A_AND_LEADER, [mail, HELP, queue("phone", ["A"])], [call(0, "desk"), call(5, "phone")]),
        """
        0 desk: 0 0 23 served a0 waited 10
        0 helper help: 4 4 7 served helped a1
        1 phone: 5 7 17 served a0 waited 2
        """,
        """
        0 a0: 0-7
        0 a0: 17-23
        0 helper a1: 4-7
        1 a0: 7-17
        """,
    )


def test_who_waits_for_a_helper_does_not_go_back_at_the_end_of_duty() -> None:
    mail = _desk(options={"deferred": True})
    expect(
        run([team("A", agents=[[(0, 5)], [(5, 100)]]), team("L")], [mail, HELP], [0]),
        """
        0 desk: 0 0 13 served a0
        0 helper help: 4 4 7 served helped a2
        """,
        """
        0 a0: 0-13
        0 helper a2: 4-7
        """,
        """
        a0: 0-5 on 1, 5-13 overtime 1
        a1: 5-100 on 0
        a2: 0-4 on 0, 4-7 on 1, 7-100 on 0
        """,
    )


def test_who_waits_for_a_helper_slows_nobody() -> None:
    """Two at half speed: 0-8 is 4 s of work each. Contact 0 consults 8-11, contact 1 alone does 3
    s; both at half speed until contact 1 (3 s left) is done at 17; 3 s of contact 0 are left."""
    queues = [_desk(), HELP, queue("chat", ["A"])]
    expect(
        run(
            [team("A", units=2, slowdown=[1, 2]), team("L")],
            queues,
            [call(0, "desk"), call(0, "chat")],
        ),
        """
        0 desk: 0 0 20 served a0
        0 helper help: 8 8 11 served helped a1
        1 chat: 0 0 17 served a0
        """,
    )


def test_the_share_is_of_the_work_that_will_be_done_here() -> None:
    """Half of the effort is handled here: 5 s, of which 40 % are 2."""
    desk = _desk(served=[row("leave", share=0.5)])
    expect(
        run(A_AND_LEADER, [desk, HELP], [0]),
        """
        0 desk: 0 0 8 served a0
        0 helper help: 2 2 5 served helped a1
        """,
    )


def test_whether_to_ask_is_drawn_at_answer() -> None:
    desk = queue("desk", ["A"], consult=ask("help", at=0.4, probability=0.5))
    for key in range(2, 22, 2):
        legs = run(A_AND_LEADER, [desk, HELP], [call(0, key=key)]).records.legs
        assert len(legs) == (2 if uniform(key, 0, 0, Purpose.CONSULT) < 0.5 else 1)


def test_a_bot_may_ask() -> None:
    desk = queue("desk", ["bot"], consult=ask("help", at=0.4))
    expect(
        run([team("bot", unlimited=True), team("L")], [desk, HELP], [0, 1]),
        """
        0 desk: 0 0 13 served bot
        0 helper help: 4 4 7 served helped a0
        1 desk: 1 1 16 served bot
        1 helper help: 5 7 10 served helped a0 waited 2
        """,
    )


def test_who_takes_over_asks_at_once_where_the_point_is_passed() -> None:
    """Team A would ask at 8 of 10; at 4 it goes home. Team B asks at 2 of 10, which is passed. The
    same contact does not ask again when B goes home at 8."""
    desk = queue(
        "desk",
        ["A", "B"],
        consult={"A": ask("help", at=0.8), "B": ask("help", at=0.2)},
        options={"deferred": True},
    )
    spans = [(0, 4), (20, 50)]
    expect(
        run(
            [team("A", agents=[spans]), team("B", agents=[[(0, 8)]]), team("L")], [desk, HELP], [0]
        ),
        """
        0 desk: 0 0 25 served a0 waited 12
        0 helper help: 4 4 7 served helped a2
        """,
        """
        0 a0: 0-4
        0 a1: 4-8
        0 a0: 20-25
        0 helper a2: 4-7
        """,
    )


def test_a_helper_who_goes_home_passes_deferred_help_on() -> None:
    """The part goes back to its line and another leader takes over."""
    help_ = queue("help", ["L"], handle=6, options={"deferred": True})
    teams = [team("A"), team("L", agents=[[(0, 6)], [(8, 100)]])]
    expect(
        run(teams, [_desk(), help_], [0]),
        """
        0 desk: 0 0 18 served a0
        0 helper help: 4 4 12 served helped a2 waited 2
        """,
        """
        0 a0: 0-18
        0 helper a1: 4-6
        0 helper a2: 8-12
        """,
    )


def test_states_at_the_horizon() -> None:
    expect(
        run(A_AND_LEADER, [_desk(), HELP], [0], horizon=6),
        """
        0 desk: 0 0 - inside a0 consulting
        0 helper help: 4 4 - inside a1 in_service
        """,
        """
        0 a0: 0-6
        0 helper a1: 4-6
        """,
    )
