"""Absence, lateness, training and meetings: their stated shares, and whom they befall.

Each share is held to 3.5 standard errors of its mean; the error comes from the law that is drawn.
"""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, uniform
from ccsim.roster import Activity, Roster
from ccsim.roster.absence import absent_days
from ccsim.scenario.clock import DAY, HOUR, MINUTE
from tests.roster.rosters_by_hand import a_break, hours, roster_of, shift, team

OFFICE = {"day": shift("08:00", "16:00", a_break(30, at="12:00", paid=False))}


def chain_error(share: float, spell: float, days: int) -> float:
    """Standard error of the share of absent days in a stationary two-state chain.

    Its autocorrelation at lag k is r^k with r = 1 - ends - begins; the variance of the mean of n
    days tends to p (1 - p) (1 + r) / (1 - r) / n.
    """
    ends = 1 / spell
    r = 1 - ends - ends * share / (1 - share)
    return math.sqrt(share * (1 - share) * (1 + r) / (1 - r) / days)


def chain(key: int, share: float, spell: float, days: int) -> NDArray[np.bool_]:
    """The absent days of one person."""
    absent: NDArray[np.bool_] = absent_days(np.array([key], dtype=np.uint64), share, spell, days)[0]
    return absent


@pytest.mark.parametrize(("share", "spell"), [(0.05, 3.0), (0.1, 1.0), (0.3, 5.0)])
def test_absent_days_have_their_share_and_their_spells(share: float, spell: float) -> None:
    days = 40_000
    absent = chain(2 * 977, share, spell, days)
    error = chain_error(share, spell, days)
    assert absent.mean() == pytest.approx(share, abs=3.5 * error)
    starts = int(np.sum(absent[1:] & ~absent[:-1]))
    # spells are geometric: standard deviation sqrt(spell^2 - spell) of each
    spread = math.sqrt(max(spell * spell - spell, 0.01) / starts)
    assert absent.sum() / starts == pytest.approx(spell, abs=3.5 * spread + 0.01 * spell)


@pytest.mark.parametrize(("share", "spell"), [(0.1, 3.0), (0.3, 1.0), (0.45, 1.5), (0.9, 1.0)])
def test_absent_days_follow_one_another_as_stated(share: float, spell: float) -> None:
    """Day by day for each of three people: with spells so short that a day may ask the opposite of
    the day before, and so long that it never does."""
    keys = [2 * 31, 2 * 977, 2 * 7919]
    found = absent_days(np.array(keys, dtype=np.uint64), share, spell, 400)
    ends = min(1 / spell, (1 - share) / share)
    for key, days in zip(keys, found.tolist(), strict=True):
        away = uniform(key, 0, 0, Purpose.FIRST_WORKLOAD) < share
        assert days[0] == away
        for day in range(1, 400):
            u = uniform(key, day, 0, Purpose.FIRST_WORKLOAD)
            away = u < (1 - ends if away else ends * share / (1 - share))
            assert days[day] == away


def test_the_chain_is_stationary_from_its_first_day() -> None:
    keys = 2 * 7919 * np.arange(4000, dtype=np.uint64)
    first = np.mean(absent_days(keys, 0.3, 5.0, 1))
    assert first == pytest.approx(0.3, abs=3.5 * math.sqrt(0.3 * 0.7 / 4000))


def test_extreme_shares() -> None:
    assert not chain(2, 0.0, 3.0, 10).any()
    assert chain(2, 1.0, 3.0, 10).all()
    # nine days of ten in spells of one day cannot be: spells grow, the share stays
    assert chain(2, 0.9, 1.0, 20_000).mean() == pytest.approx(0.9, abs=0.02)


def test_shares_of_days_that_are_lost() -> None:
    away = {"leave": 0.10, "sick": {"share": 0.05, "spell": 3 * DAY}}
    people, days = 400, 50
    r = roster_of(
        {"t": team(people=people, roster={"day": 1.0}, shrinkage=away)}, OFFICE, days=days
    )
    total = hours(r.schedule)
    for activity, share, spell in ((Activity.LEAVE, 0.10, 5.0), (Activity.SICK, 0.05, 3.0)):
        lost = r.schedule[r.schedule["activity"] == activity]
        error = chain_error(share, spell, people * days)
        # the unpaid half hour of eight is no part of an absence
        assert hours(lost) / total * 8 / 7.5 == pytest.approx(share, abs=3.5 * error)
        # an absence takes a whole shift
        assert set(((lost["until"] - lost["start"]) // MINUTE).tolist()) == {240, 210}


def test_lateness_is_a_share_of_hours() -> None:
    people, days = 200, 20
    t = team(people=people, roster={"day": 1.0}, shrinkage={"late": 0.02})
    r = roster_of({"t": t}, OFFICE, days=days)
    late = r.schedule[r.schedule["activity"] == Activity.LATE]
    # uniform between 0 and 18 min: the standard deviation is the mean / sqrt(3)
    error = 0.02 / math.sqrt(3 * people * days)
    assert hours(late) / (7.5 * people * days) == pytest.approx(0.02, abs=3.5 * error)
    assert (late["until"] - late["start"]).max() <= 18 * MINUTE
    assert set(((late["start"] % DAY) / HOUR).tolist()) == {8.0}


def test_training_comes_once_a_week_in_one_piece_and_not_all_at_once() -> None:
    t = team(
        people=20, roster={"day": 1.0}, contract={"works": (5, 7)}, shrinkage={"training": 2 * HOUR}
    )
    r = roster_of({"t": t}, OFFICE, days=14)  # two weeks from Monday
    training = r.schedule[r.schedule["activity"] == Activity.TRAINING]
    assert len(training) == 40
    assert np.all(training["until"] - training["start"] == 2 * HOUR)
    per_person_and_week = np.bincount(training["agent"] * 2 + training["start"] // (7 * DAY))
    assert set(per_person_and_week.tolist()) == {1}
    assert np.all(training["start"] % (5 * MINUTE) == 0)
    # at no time more than four of the twenty: of the five on a day they go in turn
    starts = np.sort(training["start"])
    at_once = [int(np.sum((starts <= s) & (starts + 2 * HOUR > s))) for s in starts]
    assert max(at_once) <= 4


def test_training_follows_presence() -> None:
    away = {"training": 2 * HOUR, "leave": 0.3}
    t = team(people=60, roster={"day": 1.0}, shrinkage=away)
    r = roster_of({"t": t}, OFFICE, days=7)
    for agent in range(60):
        mine = r.schedule[r.schedule["agent"] == agent]
        is_there = bool(np.any(mine["activity"] == Activity.ON_DUTY))
        training = mine[mine["activity"] == Activity.TRAINING]
        assert hours(training) == (2 if is_there else 0)


def test_long_training_goes_on_the_next_day() -> None:
    t = team(people=3, roster={"day": 1.0}, shrinkage={"training": 10 * HOUR})
    r = roster_of({"t": t}, OFFICE, days=7)
    training = r.schedule[r.schedule["activity"] == Activity.TRAINING]
    assert hours(training) == 30
    for agent in range(3):
        mine = training[training["agent"] == agent]
        assert len(np.unique(mine["start"] // DAY)) == 2


def test_a_part_of_a_week_has_its_part_of_the_training() -> None:
    # one Wednesday: of 49 people, whose days rotate over the seven of the week, a seventh
    t = team(people=49, roster={"day": 1.0}, shrinkage={"training": 2 * HOUR})
    r = roster_of({"t": t}, OFFICE, days=1, start=dt.date(2027, 3, 3))
    assert hours(r.schedule[r.schedule["activity"] == Activity.TRAINING]) == 14


def test_meetings_every_day_apart_from_breaks_and_from_one_another() -> None:
    t = team(people=12, roster={"day": 1.0}, shrinkage={"meetings": 30 * MINUTE})
    r = roster_of({"t": t}, OFFICE, days=2)
    meetings = r.schedule[r.schedule["activity"] == Activity.MEETING]
    assert len(meetings) == 24
    assert np.all(meetings["until"] - meetings["start"] == 30 * MINUTE)
    today = np.sort(meetings["start"][meetings["start"] < DAY])
    at_once = [int(np.sum((today <= s) & (today + 30 * MINUTE > s))) for s in today]
    assert max(at_once) <= 3
    # a gap for a meeting is no break of the engine
    before_meeting = np.isin(r.spans["until"], meetings["start"])
    assert not r.spans["then_break"][before_meeting].any()


# --- the same people ----------------------------------------------------------------------------

AWAY = {"leave": 0.1, "sick": {"share": 0.1, "spell": 2 * DAY}, "late": 0.02, "training": HOUR}


def days_absent(r: Roster, agent: int) -> list[tuple[int, int]]:
    """(day, why) of one person."""
    rows = r.schedule[r.schedule["agent"] == agent]
    gone = rows[np.isin(rows["activity"], (Activity.LEAVE, Activity.SICK))]
    days = zip((gone["start"] // DAY).tolist(), gone["activity"].tolist(), strict=True)
    return sorted(set(days))


def test_a_person_is_absent_on_the_same_days_in_every_design() -> None:
    t = team(people=8, roster={"day": 1.0}, shrinkage=AWAY)
    more = team(people=11, roster={"day": 1.0}, shrinkage=AWAY, handle_time=0.9)
    few, many = roster_of({"t": t}, OFFICE, days=40), roster_of({"t": more}, OFFICE, days=40)
    late_shift = {"day": shift("12:00", "20:00")}
    moved = roster_of({"t": t}, late_shift, days=40)
    for agent in range(8):
        assert days_absent(few, agent) == days_absent(many, agent) == days_absent(moved, agent)
    assert any(days_absent(few, agent) for agent in range(8))


def test_a_person_keeps_absences_in_a_team_of_another_name_and_size() -> None:
    """Eight people of one team, and the same eight as teams of three and five: who stands at the
    same place of the payroll is away on the same days and late by the same times."""
    one = roster_of({"all": team(people=8, roster={"day": 1.0}, shrinkage=AWAY)}, OFFICE, days=40)
    few, most = (team(people=n, roster={"day": 1.0}, shrinkage=AWAY) for n in (3, 5))
    two = roster_of({"few": few, "most": most}, OFFICE, days=40)
    for agent in range(8):
        assert days_absent(one, agent) == days_absent(two, agent)
        assert late_of(one, agent) == late_of(two, agent)
    # planted: people matched one place off are away on other days
    assert any(days_absent(one, agent) != days_absent(two, agent + 1) for agent in range(7))


def late_of(r: Roster, agent: int) -> list[tuple[int, int]]:
    rows = r.schedule[(r.schedule["agent"] == agent) & (r.schedule["activity"] == Activity.LATE)]
    return sorted(zip(rows["start"].tolist(), rows["until"].tolist(), strict=True))


def chain_of_two_ways(key: int, share: float, spell: float, days: int) -> list[bool]:
    """The same chain in which a small uniform ends an absence: right in law, wrong for pairs."""
    ends, out = 1 / spell, [False]
    for day in range(1, days):
        u = uniform(key, day, 0, Purpose.FIRST_WORKLOAD)
        out.append(u >= ends if out[-1] else u < ends * share / (1 - share))
    return out


def test_a_larger_share_means_the_same_days_and_more() -> None:
    """The judge is tried on a chain that draws the end of a spell the other way round."""
    strangers = 0
    for key in range(0, 400, 2):
        few, many = (chain(key, share, 3.0, 200) for share in (0.05, 0.12))
        assert not (few & ~many).any()
        less, more = (np.array(chain_of_two_ways(key, share, 3.0, 200)) for share in (0.05, 0.12))
        strangers += int((less & ~more).sum())
    assert strangers > 100


def test_a_team_below_changes_nothing_and_one_above_only_who_is_who() -> None:
    t = team(people=8, roster={"day": 1.0}, shrinkage=AWAY)
    other = team(people=3, roster={"day": 1.0}, shrinkage=AWAY)
    alone, below, above = (
        roster_of(teams, OFFICE, days=10)
        for teams in ({"t": t}, {"t": t, "other": other}, {"other": other, "t": t})
    )
    for name in ("spans", "schedule"):
        rows = getattr(below, name)
        assert rows[rows["agent"] < 8].tolist() == getattr(alone, name).tolist()
    assert above.team.tolist() == [0] * 3 + [1] * 8
    # the people of the first eleven places are the same, whatever their teams
    assert [days_absent(above, agent) for agent in range(11)] == [
        days_absent(below, agent) for agent in range(11)
    ]


def test_who_has_no_shifts_is_not_counted() -> None:
    t = team(people=8, roster={"day": 1.0}, shrinkage=AWAY)
    always = roster_of({"always": team(people=3), "t": t}, OFFICE, days=10)
    alone = roster_of({"t": t}, OFFICE, days=10)
    assert [days_absent(always, agent + 3) for agent in range(8)] == [
        days_absent(alone, agent) for agent in range(8)
    ]


def test_replications_differ_and_repeat() -> None:
    t = {"t": team(people=8, roster={"day": 1.0}, shrinkage=AWAY)}
    first = roster_of(t, OFFICE, replication=3).schedule.tolist()
    assert first == roster_of(t, OFFICE, replication=3).schedule.tolist()
    assert first != roster_of(t, OFFICE, replication=4).schedule.tolist()
    assert first != roster_of(t, OFFICE, replication=3, seed=9).schedule.tolist()
