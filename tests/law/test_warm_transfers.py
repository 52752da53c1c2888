"""Hand-traced: warm transfers, where the first agent stays until somebody has taken over."""

from __future__ import annotations

import pytest

from ccsim.network.model import Branch, Label
from tests.law.tiny import ask, call, expect, hours, limit, own, queue, row, run, team

A_AND_B = [team("A"), team("B")]
SEEK = queue("seek", ["B"], handle=3)
NEXT = queue("next", ["B"], handle=20)


def _desk(share: float = 0.4, to: str = "next", **more: object) -> queue:
    """Ten seconds of work, of which a share is done here; then somebody is sought in `seek`."""
    passed = row(to, Label.ESCALATED, share=share, warm="seek")
    return queue("desk", ["A"], served=[passed], **more)  # type: ignore[arg-type]


def test_the_first_agent_stays_until_the_next_has_taken_over() -> None:
    """After 4 s of work B comes at once; for 3 s both talk; then B goes on alone for 20."""
    expect(
        run(A_AND_B, [_desk(), SEEK, NEXT], [0, 1]),
        """
        0 desk: 0 0 7 served escalated a0 to next
        0 helper seek: 4 4 7 served helped a1
        0.1 next: 7 7 27 served a1
        1 desk: 1 7 30 served escalated a0 waited 6 to next
        1 helper seek: 11 27 30 served helped a1 waited 16
        1.1 next: 30 30 50 served a1
        """,
        """
        0 a0: 0-7
        0 helper a1: 4-7
        0.1 a1: 7-27
        1 a0: 7-30
        1 helper a1: 27-30
        1.1 a1: 30-50
        """,
        """
        a0: 0-30 on 1, 30-100 on 0
        a1: 0-4 on 0, 4-50 on 1, 50-100 on 0
        """,
    )


def test_nobody_comes_between() -> None:
    """A call waits for B since 5, when B is freed of the handover at 7 and goes on all the same;
    the first agent's wrap-up begins then."""
    other = queue("other", ["B"], options={"priority": 0})
    desk = _desk(wrap_up=2)
    expect(
        run(A_AND_B, [desk, SEEK, NEXT, other], [call(0, "desk"), call(5, "other")]),
        """
        0 desk: 0 0 7 served escalated a0 to next
        0 helper seek: 4 4 7 served helped a1
        0.1 next: 7 7 27 served a1
        1 other: 5 27 37 served a1 waited 22
        """,
        """
        0 a0: 0-7 +2
        0 helper a1: 4-7
        0.1 a1: 7-27
        1 a1: 27-37
        """,
    )


def test_what_is_handed_over_gives_way_like_any_other_work() -> None:
    """The same, where the next queue may be interrupted: the call that waits since 5 finds nobody
    while B helps, and interrupts at 7; before, it waited until the next event of B's."""
    other = queue("other", ["B"], options={"priority": 0})
    next_ = queue("next", ["B"], handle=20, options={"interruptible": True})
    expect(
        run(A_AND_B, [_desk(), SEEK, next_, other], [call(0, "desk"), call(5, "other")]),
        """
        0 desk: 0 0 7 served escalated a0 to next
        0 helper seek: 4 4 7 served helped a1
        0.1 next: 7 7 37 served a1 waited 10
        1 other: 5 7 17 served a1 waited 2
        """,
        """
        0 a0: 0-7
        0 helper a1: 4-7
        0.1 a1: 7-7
        0.1 a1: 17-37
        1 a1: 7-17
        """,
    )


def test_where_nobody_comes_in_time_the_contact_waits_in_line() -> None:
    """B is busy until 12; at 9 the first agent gives up seeking and is free."""
    seek = queue("seek", ["B"], handle=3, limits=[limit(5)])
    other = queue("other", ["B"], handle=12)
    expect(
        run(A_AND_B, [_desk(), seek, NEXT, other], [call(0, "desk"), call(0, "other")]),
        """
        0 desk: 0 0 9 served escalated a0 to next
        0 helper seek: 4 - 9 limit0 waited 5
        0.1 next: 9 12 32 served a1 waited 3
        1 other: 0 0 12 served a1
        """,
    )


def test_a_closed_door_lets_the_contact_go_on_alone() -> None:
    seek = queue("seek", ["B"], handle=3, options={"hours": hours((50, 60))})
    expect(
        run(A_AND_B, [_desk(), seek, NEXT], [0]),
        """
        0 desk: 0 0 4 served escalated a0 to next
        0 helper seek: 4 - 4 closed
        0.1 next: 4 4 24 served a1
        """,
    )


def test_who_has_taken_over_goes_on_after_duty_and_past_closed_doors() -> None:
    """B's duty ends at 5 and the next line has closed at 6: B is in it, and stays."""
    next_ = queue("next", ["B"], handle=20, options={"hours": hours((0, 6))})
    teams = [team("A"), team("B", agents=[[(0, 5)], [(0, 100)]])]
    desk = _desk()
    other = queue("other", ["B"], handle=4)
    expect(
        run(teams, [desk, SEEK, next_, other], [call(0, "desk"), call(1, "other")]),
        """
        0 desk: 0 0 7 served escalated a0 to next
        0 helper seek: 4 4 7 served helped a2
        0.1 next: 7 7 27 served a2
        1 other: 1 1 5 served a1
        """,
    )
    expect(
        run([team("A"), team("B", agents=[[(0, 5)]])], [desk, SEEK, next_], [0]),
        """
        0 desk: 0 0 7 served escalated a0 to next
        0 helper seek: 4 4 7 served helped a1
        0.1 next: 7 7 27 served a1
        """,
        duty="""
        a0: 0-7 on 1, 7-100 on 0
        a1: 0-4 on 0, 4-5 on 1, 5-27 overtime 1
        """,
    )


def test_units_that_are_left_are_offered() -> None:
    """The handover takes all of B's two units, the rest of the chat one: at 7 the one who waits
    since 5 comes in beside it."""
    chat = queue("chat", ["B"], handle=6)
    teams = [team("A"), team("B", units=2)]
    expect(
        run(teams, [_desk(), SEEK, NEXT, chat], [call(0, "desk"), call(5, "chat")]),
        """
        0 desk: 0 0 7 served escalated a0 to next
        0 helper seek: 4 4 7 served helped a1
        0.1 next: 7 7 27 served a1
        1 chat: 5 7 13 served a1 waited 2
        """,
        """
        0 a0: 0-7
        0 helper a1: 4-7 x2
        0.1 a1: 7-27
        1 a1: 7-13
        """,
    )


def test_the_first_agent_is_offered_work_before_the_rest_of_the_other() -> None:
    """At 7 both agents could take the chat that waits since 5: the first agent does."""
    chat = queue("chat", ["A|B"], handle=6)
    teams = [team("A"), team("B", units=2)]
    found = run(teams, [_desk(), SEEK, NEXT, chat], [call(0, "desk"), call(5, "chat")])
    assert "1 chat: 5 7 13 served a0 waited 2" in found.legs


def test_a_team_that_does_not_serve_the_next_line_leaves_it() -> None:
    seek = queue("seek", ["C"], handle=3)
    teams = [*A_AND_B, team("C")]
    expect(
        run(teams, [_desk(), seek, NEXT], [0]),
        """
        0 desk: 0 0 7 served escalated a0 to next
        0 helper seek: 4 4 7 served helped a2
        0.1 next: 7 7 27 served a1
        """,
    )


def test_a_machine_introduces_and_is_gone() -> None:
    teams = [team("A"), team("bot", unlimited=True), team("B")]
    seek = queue("seek", ["bot"], handle=3)
    next_ = queue("next", ["B"], handle=20, also="bot")
    found = run(teams, [_desk(), seek, next_], [0])
    assert "0.1 next: 7 7 27 served a1" in found.legs


def test_at_the_bound_nothing_is_taken_over() -> None:
    expect(
        run(A_AND_B, [_desk(), SEEK, NEXT], [0, 1], max_legs=1),
        """
        0 desk: 0 0 7 served escalated a0 bound
        0 helper seek: 4 4 7 served helped a1
        1 desk: 1 7 14 served escalated a0 waited 6 bound
        1 helper seek: 11 11 14 served helped a1
        """,
    )


def test_the_line_is_kept_and_the_next_agent_is_the_contacts_own() -> None:
    """One trunk line, kept from the desk over the handover; the second caller hears busy until the
    end at 27. What comes again is held for B, who had it last."""
    line = {"lines": 0}
    next_ = queue("next", ["B"], handle=20, served=[row("again", delay=5)], options=line)
    again = queue("again", ["A"], also="B", own=own(20))
    found = run(
        A_AND_B,
        [_desk(options=line), SEEK, next_, again],
        [call(0, "desk"), call(20, "desk"), call(28, "desk")],
        lines=[1],
    )
    expect(
        found,
        """
        0 desk: 0 0 7 served escalated a0 to next
        0 helper seek: 4 4 7 served helped a1
        0.1 next: 7 7 27 served a1 to again
        0.2 again: 32 52 62 served a0 waited 20
        1 desk: 20 - 20 no_line gave_up
        2 desk: 28 28 35 served escalated a0 to next
        2 helper seek: 32 32 35 served helped a1
        2.1 next: 35 35 55 served a1 to again
        2.2 again: 60 60 70 served a1
        """,
    )


def test_who_seeks_does_not_ask_a_leader_too() -> None:
    """A row that hands over comes in place of the team's consult; the other rows keep it."""
    teams = [*A_AND_B, team("L")]
    help_ = queue("help", ["L"], handle=1)
    desk = _desk(consult=ask("help", at=0.5))
    assert "help:" not in run(teams, [desk, SEEK, NEXT, help_], [0]).legs


def test_a_warm_transfer_goes_on_at_once_to_a_queue() -> None:
    for kept in ({"target": -1}, {"target": 0, "delay": SEEK.effort}):
        with pytest.raises(ValueError, match="goes on to a queue at once"):
            Branch(1.0, handover=0, **kept)
