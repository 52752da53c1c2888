"""A scenario becomes the network that a person would draw: each mechanism by hand."""

from __future__ import annotations

from typing import ClassVar

import pytest

from ccsim.network.compile import compile_network
from ccsim.network.model import (
    LEAVE,
    STAY,
    Branch,
    Exit,
    Label,
    LimitClock,
    Queue,
    Service,
    Step,
    Take,
    Team,
)
from tests.network.designs import DAY, HOUR, MINUTE, SECOND, Blocks, compiled, design

RESOLVED = Branch(1.0, LEAVE, Label.RESOLVED)
GAVE_UP = Branch(1.0, LEAVE, Label.GAVE_UP)


def queue_of(name: str, *patches: Blocks) -> Queue:
    return next(queue for queue in compiled(*patches).queues if queue.name == name)


def rows(branches: tuple[Branch, ...]) -> list[tuple[float, int, Label]]:
    return [(round(row.probability, 12), row.target, row.label) for row in branches]


TWO_TEAMS: Blocks = {
    "teams": {"specialists": {"people": 4}},
    "routing": {"calls": {"route": ({"team": "agents"}, {"team": "specialists", "after": MINUTE})}},
}
TIERS: Blocks = {
    "contacts": {
        "calls": {
            "stages": {"tier2": {"handle": {"mean": 14 * MINUTE}, "priority": 1}},
            "escalates": ({"to": "tier2", "share": 0.25, "at_effort": 0.4},),
            "resolved": {"agents": 0.8, "specialists": 0.95},
            "again": {"share": 0.6, "delay": {"mean": 20 * HOUR}},
        }
    },
    "teams": {"specialists": {"people": 4, "tier": 2}},
    "routing": {"calls@tier2": {"route": ({"team": "specialists"},)}},
}


def test_a_line_of_calls_for_one_team() -> None:
    network = compile_network(design())
    (queue,) = network.queues
    assert queue.name == "calls.phone"
    assert queue.route == (Step((0,)),)
    assert queue.services == (Service(mean=3 * MINUTE, units=1, served=(RESOLVED,)),)
    assert queue.priority == 5
    assert queue.abandoned == queue.no_line == queue.no_room == (GAVE_UP,)
    assert queue.patience is None
    assert queue.hours is None
    assert (queue.lines, queue.room, queue.limits) == (-1, -1, ())
    assert not (queue.interruptible or queue.deferred or queue.effort_by_contact)
    assert network.teams == (Team("agents"),)
    assert network.lines == ()
    assert network.max_legs == 16
    assert network.horizon == DAY


def test_equal_designs_give_equal_networks() -> None:
    assert compiled(TIERS) == compiled(TIERS)
    assert compiled(TIERS) != compiled()


class TestRoutes:
    def test_steps_are_copied_with_their_conditions(self) -> None:
        patch = {
            "teams": {"remote": {"people": 3}, "specialists": {"people": 3}},
            "routing": {
                "calls": {
                    "route": (
                        {"team": ("agents", "remote")},
                        {"team": "specialists", "after": MINUTE, "when_waiting": 3, "keep_idle": 2},
                    ),
                    "head_start": 90 * SECOND,
                }
            },
        }
        queue = queue_of("calls.phone", patch)
        assert queue.route == (Step((0, 1)), Step((2,), MINUTE, 3, 2))
        assert queue.head_start == 90 * SECOND

    def test_only_teams_of_the_route_serve(self) -> None:
        patch = {
            "teams": {"others": {"people": 1}},
            "contacts": {"mail": {"arrivals": {"per_day": 1.0}, "email": {"handle": {"mean": 1}}}},
            "routing": {"mail": {"route": ({"team": "others"},)}},
        }
        network = compiled(patch)
        assert [[s is not None for s in q.services] for q in network.queues] == [
            [True, False],
            [False, True],
        ]

    @pytest.mark.parametrize(
        ("lines", "team"),
        [
            (("*",), 0),
            (("*", ".phone"), 1),
            (("*", ".phone", "calls"), 2),
            (("*", ".phone", "calls", "calls.phone"), 3),
        ],
    )
    def test_the_most_specific_line_wins(self, lines: tuple[str, ...], team: int) -> None:
        names = ("a", "b", "c", "d")
        blocks = design().scenario.model_dump(by_alias=True)
        blocks["teams"] = {name: {"people": 1} for name in names}
        # written in the other order, so that the order of the file cannot decide
        blocks["routing"] = {
            line: {"route": ({"team": names[i]},)} for i, line in reversed(list(enumerate(lines)))
        }
        (queue,) = compile_network(design(replaces=blocks)).queues
        assert queue.route == (Step((team,)),)

    @pytest.mark.parametrize(
        ("lines", "team"),
        [(("calls",), 0), (("calls", "*@tier2"), 1), (("calls.phone", "calls@tier2"), 1)],
    )
    def test_a_line_for_the_stage_beats_one_for_the_type(
        self, lines: tuple[str, ...], team: int
    ) -> None:
        blocks = design(TIERS).scenario.model_dump(by_alias=True)
        blocks["routing"] = {
            line: {"route": ({"team": ("agents", "specialists")[i]},)}
            for i, line in enumerate(lines)
        }
        _, second = compile_network(design(replaces=blocks)).queues
        assert second.name == "calls.phone@tier2"
        assert second.route == (Step((team,)),)


class TestWhatFollowsHandling:
    def test_escalated_resolved_again_or_gone(self) -> None:
        network = compiled(TIERS)
        first, second = network.queues
        frontline, specialists = first.services[0], second.services[1]
        assert frontline is not None and specialists is not None
        # of 100: 25 passed on; of the other 75, 60 resolved; of 15 unresolved 9 come again
        assert rows(frontline.served) == [
            (0.25, 1, Label.ESCALATED),
            (0.6, LEAVE, Label.RESOLVED),
            (0.09, 0, Label.UNRESOLVED),
            (0.06, LEAVE, Label.UNRESOLVED),
        ]
        assert [row.share for row in frontline.served] == [0.4, 1.0, 1.0, 1.0]
        assert [row.delay is None for row in frontline.served] == [True, True, False, True]
        delay = frontline.served[2].delay
        assert delay is not None and abs(delay.mean() / (20 * HOUR) - 1) < 1e-9
        # tier 2 passes nothing on; who comes again begins at the first stage
        assert rows(specialists.served) == [
            (0.95, LEAVE, Label.RESOLVED),
            (0.03, 0, Label.UNRESOLVED),
            (0.02, LEAVE, Label.UNRESOLVED),
        ]
        assert specialists.mean == 14 * MINUTE
        assert second.priority == 1

    def test_only_the_teams_named_pass_on(self) -> None:
        patch = {
            "contacts": {
                "calls": {"escalates": ({"to": "tier2", "share": 0.25, "at": ("specialists",)},)}
            }
        }
        queue = queue_of("calls.phone", TIERS, TWO_TEAMS, patch)
        agents, specialists = queue.services
        assert agents is not None and specialists is not None
        assert Label.ESCALATED not in [row.label for row in agents.served]
        assert agents.served[0] == Branch(0.8, LEAVE, Label.RESOLVED)
        assert specialists.served[0].probability == 0.25

    def test_stages_may_lead_further_and_resolve_otherwise(self) -> None:
        patch = {
            "contacts": {
                "calls": {
                    "stages": {
                        "tier2": {"handle": {"mean": 14 * MINUTE}, "resolved": 0.5},
                        "tier3": {"handle": {"mean": HOUR}, "head_start": MINUTE},
                        "never": {"handle": {"mean": HOUR}},
                    },
                    "escalates": (
                        {"to": "tier2", "share": 0.2},
                        {"from": "tier2", "to": "tier3", "share": 0.1},
                    ),
                    "again": {"share": 0.0, "delay": {"mean": HOUR}},
                }
            }
        }
        network = compiled(TIERS, patch)
        assert [queue.name for queue in network.queues] == [
            "calls.phone",
            "calls.phone@tier2",
            "calls.phone@tier3",
        ]
        service = network.queues[1].services[1]
        assert service is not None
        assert rows(service.served) == [
            (0.1, 2, Label.ESCALATED),
            (0.45, LEAVE, Label.RESOLVED),
            (0.45, LEAVE, Label.UNRESOLVED),
        ]
        assert network.queues[2].head_start == MINUTE

    def test_an_escalation_of_some_channels(self) -> None:
        patch = {
            "contacts": {
                "calls": {
                    "chat": {"handle": {"mean": 8 * MINUTE}},
                    "escalates": ({"to": "tier2", "share": 0.25, "channels": ("chat",)},),
                }
            },
            "channels": {"chat": {}},
        }
        assert [queue.name for queue in compiled(TIERS, patch).queues] == [
            "calls.phone",
            "calls.chat",
            "calls.chat@tier2",
        ]

    def test_how_often_a_customer_comes_again_is_bounded(self) -> None:
        patch = {"contacts": {"calls": {"again": {"at_most": 2}}}}
        service = queue_of("calls.phone", TIERS, patch).services[0]
        assert service is not None
        assert [row.at_most for row in service.served] == [-1, -1, 2, -1]


class TestBreachedPromise:
    PROMOTED: ClassVar[Blocks] = {
        "contacts": {
            "calls": {"escalates": ({"to": "tier2", "when": "promise breached", "share": 0.7},)}
        }
    }

    def test_moves_to_the_stage_at_once(self) -> None:
        queue = queue_of("calls.phone", TIERS, self.PROMOTED)
        (limit,) = queue.limits
        assert (limit.name, limit.clock, limit.after) == ("promise", LimitClock.WAIT, 20 * SECOND)
        assert limit.hours is None
        assert rows(limit.branches) == [(0.7, 1, Label.PROMOTED), (0.3, STAY, Label.NONE)]
        assert queue.services[0] is not None
        assert Label.ESCALATED not in [row.label for row in queue.services[0].served]

    def test_counts_working_hours_when_the_promise_does(self) -> None:
        patch = {
            "channels": {"phone": {"promise": "working", "answer_within": 4 * HOUR}},
            "opens": {"phone": {"mon": ({"start": 9 * 3600, "until": 17 * 3600},)}},
        }
        (limit,) = queue_of("calls.phone", TIERS, self.PROMOTED, patch).limits
        assert (limit.clock, limit.after) == (LimitClock.OPEN_HOURS, 4 * HOUR)
        assert limit.hours is not None
        assert limit.hours.spans == ((9 * HOUR, 17 * HOUR),)


class TestTryingAgain:
    REDIAL: ClassVar[Blocks] = {
        "channels": {
            "phone": {
                "patience": {"mean": 2 * MINUTE, "hangs_up_at_once": 0.03},
                "redial": {"share": 0.4, "delay": {"mean": 12 * MINUTE}, "at_most": 3},
            }
        }
    }

    def test_after_abandoning_or_busy(self) -> None:
        queue = queue_of("calls.phone", self.REDIAL)
        for branches in (queue.abandoned, queue.no_line, queue.no_room):
            assert rows(branches) == [(0.4, 0, Label.REDIALLED), (0.6, LEAVE, Label.GAVE_UP)]
            assert branches[0].at_most == 3
            assert branches[0].delay is not None
        assert queue.closed == ()  # an empty exit: leaves, gave up
        assert queue.patience is not None
        assert (queue.patience.low_mass, queue.patience.low) == (0.03, 0.0)
        assert not queue.patience_by_contact

    def test_only_after_busy(self) -> None:
        patch = {"channels": {"phone": {"redial": {"after": ("busy",)}}}}
        queue = queue_of("calls.phone", self.REDIAL, patch)
        assert queue.abandoned == (GAVE_UP,)
        assert len(queue.no_line) == 2

    def test_the_same_customer_keeps_patience_and_effort(self) -> None:
        patch = {"channels": {"phone": {"redial": {"same_customer": True}}}}
        queue = queue_of("calls.phone", self.REDIAL, patch)
        assert queue.patience_by_contact and queue.effort_by_contact

    def test_from_a_later_stage_it_begins_anew(self) -> None:
        queue = queue_of("calls.phone@tier2", TIERS, self.REDIAL)
        assert queue.abandoned[0].target == 0


def test_lines_and_waiting_places() -> None:
    patch = {
        "contacts": {"calls": {"chat": {"handle": {"mean": 8 * MINUTE}}}},
        "channels": {"phone": {"lines": 120}, "chat": {"lines": 7, "waiting_places": 5}},
    }
    network = compiled(TIERS, patch)
    found = {queue.name: (queue.lines, queue.room) for queue in network.queues}
    assert network.lines == (120, 7)
    assert found == {
        "calls.phone": (0, -1),
        "calls.phone@tier2": (0, -1),
        "calls.chat": (1, 5),
        "calls.chat@tier2": (1, -1),  # who is passed on is inside: no full room turns them away
    }
    assert Exit.NO_ROOM < Exit.LIMIT


class TestHands:
    BLENDED: ClassVar[Blocks] = {
        "contacts": {
            "calls": {
                "chat": {"handle": {"mean": 8 * MINUTE}},
                "email": {"handle": {"mean": 6 * MINUTE}},
            }
        },
        "channels": {"chat": {"slowdown": (1.0, 1.15, 1.4)}, "email": {"answer_within": 4 * HOUR}},
        "teams": {"agents": {"hands": {"phone": "alone", "chat": 3, "email": "in gaps"}}},
    }

    def test_units_fill_a_person_exactly(self) -> None:
        network = compiled(self.BLENDED)
        (team,) = network.teams
        assert team.units == 3
        assert team.rates == (65536, round(65536 / 1.15), round(65536 / 1.4))
        units = {q.name: q.services[0].units for q in network.queues if q.services[0]}
        assert units == {"calls.phone": 3, "calls.chat": 1, "calls.email": 3}

    def test_two_kinds_of_several_at_once_share_a_measure(self) -> None:
        patch = {"teams": {"agents": {"hands": {"email": 2}}}}
        network = compiled(self.BLENDED, patch)
        assert network.teams[0].units == 6
        units = {q.name: q.services[0].units for q in network.queues if q.services[0]}
        assert units == {"calls.phone": 6, "calls.chat": 2, "calls.email": 3}
        assert network.teams[0].rates[3:] == (round(65536 / 1.4),) * 3

    def test_a_team_may_have_a_slowdown_of_its_own(self) -> None:
        patch = {"teams": {"agents": {"slowdown": (1.0, 1.5, 2.0)}}}
        assert compiled(self.BLENDED, patch).teams[0].rates == (65536, 43691, 32768)

    def test_work_in_gaps_comes_last_and_gives_way(self) -> None:
        phone, chat, email = compiled(self.BLENDED).queues
        assert (phone.priority, chat.priority, email.priority) == (5, 5, 105)
        assert (phone.interruptible, chat.interruptible, email.interruptible) == (0, 0, 1)
        assert (phone.deferred, chat.deferred, email.deferred) == (0, 0, 1)

    def test_what_hands_does_not_say(self) -> None:
        patch: Blocks = {"teams": {"agents": {"hands": {}}}}
        blocks = design(self.BLENDED, patch).scenario.model_dump(by_alias=True)
        blocks["teams"]["agents"]["hands"] = {}
        network = compile_network(design(replaces=blocks))
        assert network.teams[0].units == 1
        assert [queue.interruptible for queue in network.queues] == [False, False, True]

    def test_email_as_the_only_work(self) -> None:
        email = queue_of(
            "calls.email", self.BLENDED, {"teams": {"agents": {"hands": {"email": 1}}}}
        )
        assert (email.priority, email.interruptible, email.deferred) == (5, False, True)

    def test_interruptible_may_be_said(self) -> None:
        patch = {"channels": {"email": {"interruptible": False}}}
        email = queue_of("calls.email", self.BLENDED, patch)
        assert (email.priority, email.interruptible) == (105, False)


class TestOpeningHours:
    NINE_TO_FIVE: ClassVar[Blocks] = {
        "calendar": {"days": 2},
        "opens": {
            "phone": {
                "mon": ({"start": 9 * 3600, "until": 12 * 3600}, {"start": 43200, "until": 61200}),
                "tue": ({"start": 22 * 3600, "until": 6 * 3600},),
            }
        },
    }

    def test_touching_spans_are_one_and_nights_run_on(self) -> None:
        hours = queue_of("calls.phone", self.NINE_TO_FIVE).hours
        assert hours is not None
        assert hours.spans == ((9 * HOUR, 17 * HOUR), (DAY + 22 * HOUR, 2 * DAY + 6 * HOUR))

    def test_the_night_before_the_calendar_reaches_into_it(self) -> None:
        patch = {"opens": {"phone": {"sun": ({"start": 22 * 3600, "until": 2 * 3600},)}}}
        hours = queue_of("calls.phone", patch).hours
        assert hours is not None
        assert hours.spans[0] == (0, 2 * HOUR)

    def test_daylight_saving(self) -> None:
        """Europe/Kyiv leaps from 03:00 to 04:00 on Sunday 28 March 2027."""
        import datetime as dt

        patch = {
            "calendar": {"start": dt.date(2027, 3, 28), "timezone": "Europe/Kyiv"},
            "opens": {"phone": {"sun": ({"start": 7 * 3600, "until": 86400},)}},
        }
        network = compiled(patch)
        assert network.queues[0].hours is not None
        assert network.queues[0].hours.spans == ((6 * HOUR, 23 * HOUR),)
        assert network.horizon == 23 * HOUR

    def test_later_stages_do_not_close(self) -> None:
        assert queue_of("calls.phone@tier2", TIERS, self.NINE_TO_FIVE).hours is None

    def test_the_line_is_finished_unless_it_is_cleared(self) -> None:
        assert queue_of("calls.phone", self.NINE_TO_FIVE).limits == ()
        patch = {"at_close": {"phone": "clear the line"}}
        for name in ("calls.phone", "calls.phone@tier2"):
            (limit,) = queue_of(name, TIERS, self.NINE_TO_FIVE, patch).limits
            assert (limit.name, limit.clock) == ("closing", LimitClock.CLOSING)
            assert rows(limit.branches) == [(1.0, LEAVE, Label.DISCONNECTED)]
            assert limit.hours is not None


class TestPriorities:
    def test_the_channel_of_a_type_overrides_the_type(self) -> None:
        patch = {"contacts": {"calls": {"priority": 3, "phone": {"priority": 2}}}}
        first, second = compiled(TIERS, patch).queues
        assert (first.priority, second.priority) == (2, 1)

    def test_a_stage_without_its_own_takes_that_of_the_channel(self) -> None:
        patch = {
            "contacts": {
                "calls": {"phone": {"priority": 2}, "stages": {"tier2": {"priority": None}}}
            }
        }
        assert [queue.priority for queue in compiled(TIERS, patch).queues] == [2, 2]


class TestTeams:
    def test_how_they_take_and_break(self) -> None:
        patch = {"teams": {"agents": {"take": "home_first", "late_breaks": "full length"}}}
        (team,) = compiled(patch).teams
        assert team.take is Take.HOME_FIRST
        assert team.keep_break_length


class TestDistributions:
    def test_a_named_one_lends_its_shape(self) -> None:
        patch = {
            "distributions": {"calls": {"family": "lognormal", "cv": 0.85}},
            "contacts": {"calls": {"phone": {"handle": {"as": "calls", "wrap_up": 35 * SECOND}}}},
        }
        queue = queue_of("calls.phone", patch)
        assert abs(queue.effort.mean() - 1) < 1e-9
        assert abs(queue.effort.cv() - 0.85) < 1e-3
        assert queue.services[0] is not None
        assert (queue.services[0].mean, queue.services[0].wrap_up) == (3 * MINUTE, 35 * SECOND)
        assert queue.wrap_up is None

    def test_means_that_the_shape_itself_gives(self) -> None:
        handles: list[tuple[Blocks, int]] = [
            ({"between": (MINUTE, 3 * MINUTE), "mean": None}, 2 * MINUTE),
            ({"parts": ((0.8, MINUTE), (0.2, 6 * MINUTE)), "mean": None}, 2 * MINUTE),
        ]
        for handle, mean in handles:
            queue = queue_of("calls.phone", {"contacts": {"calls": {"phone": {"handle": handle}}}})
            assert queue.services[0] is not None
            assert queue.services[0].mean == mean
            assert abs(queue.effort.mean() - 1) < 1e-9

    def test_a_sample_from_a_file(self) -> None:
        columns = {"seconds": ("10", "20", "30", "40")}
        patch = {
            "distributions": {"gaps": {"family": "sample", "file": "gaps.csv"}},
            "contacts": {
                "calls": {
                    "phone": {
                        "handle": {
                            "mean": None,
                            "family": "sample",
                            "file": "gaps.csv",
                            "wrap_up_as": "gaps",
                        }
                    }
                }
            },
        }
        (queue,) = compiled(patch, files={"gaps.csv": columns}).queues
        assert queue.services[0] is not None
        assert queue.services[0].mean == 25 * SECOND
        assert queue.services[0].wrap_up == 25 * SECOND
        assert queue.wrap_up is not None
        assert abs(queue.wrap_up.value(0.1) * 25 - 10) < 0.01

    def test_a_censored_sample_is_patience(self) -> None:
        # Kaplan-Meier by hand: of four, one leaves at 10 s; at 20 s two are at risk, one leaves
        columns = {"wait": ("10", "15", "20", "30"), "observed": ("1", "0", "1", "0")}
        patch = {"channels": {"phone": {"patience": {"file": "waits.csv"}}}}
        (queue,) = compiled(patch, files={"waits.csv": columns}).queues
        assert queue.patience is not None
        assert abs(queue.patience.value(0.2) / SECOND - 10) < 0.2
        assert abs(queue.patience.value(0.5) / SECOND - 20) < 0.2

    def test_a_constant_is_exact(self) -> None:
        patch = {"contacts": {"calls": {"phone": {"handle": {"family": "constant"}}}}}
        queue = queue_of("calls.phone", patch)
        assert {queue.effort.value(u / 7) for u in range(7)} == {1.0}

    def test_endless_patience_is_none(self) -> None:
        queue = queue_of("calls.phone", {"channels": {"phone": {"patience": {"never": 1.0}}}})
        assert queue.patience is None

    def test_a_type_may_have_a_patience_of_its_own(self) -> None:
        patch = {
            "channels": {"phone": {"patience": {"mean": MINUTE}}},
            "contacts": {"calls": {"phone": {"patience": {"mean": 2 * MINUTE}}}},
        }
        queue = queue_of("calls.phone", patch)
        assert queue.patience is not None
        assert abs(queue.patience.mean() / MINUTE - 2) < 1e-9
