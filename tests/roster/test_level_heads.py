"""Daily headcounts are level to one and paid hours are the contract's, whatever the contract."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import numpy as np
import pytest

from ccsim.roster.planned import Planned
from ccsim.roster.shift_times import paid_seconds
from ccsim.roster.working_days import DAY_OFF, WorkingDays
from ccsim.scenario.clock import HOUR, LocalClock
from ccsim.scenario.schema import Calendar, Shift
from tests.roster.rosters_by_hand import a_break, shift, team

MONDAY = dt.date(2027, 3, 1)
DAYS = (
    ("mon", "tue", "wed", "thu", "fri"),
    ("mon", "tue", "wed", "thu", "fri", "sat"),
    ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    ("mon", "wed", "fri"),
)


def rotation(*names: str, every: int | None = None) -> Shift:
    fields: dict[str, Any] = {"rotates": names, "days": None, "breaks": ()}
    if every is not None:
        fields["every"] = every * 24 * HOUR
    return Shift.model_construct(**fields)


def table(working: WorkingDays, weeks: int, start: dt.date = MONDAY) -> np.ndarray[Any, Any]:
    """The shift of each person on each day: (people, days)."""
    days = [working.on(start + dt.timedelta(days=day)) for day in range(7 * weeks)]
    return np.stack(days, axis=1)


def spread(heads: np.ndarray[Any, Any]) -> int:
    return int(heads.max() - heads.min())


# Ten people of 2.5 days are 25 person-days on five days; 14 of 14 h (1.75 days) are 24.5.
@pytest.mark.parametrize(("people", "hours", "heads"), [(10, 20, {5}), (14, 14, {4, 5})])
def test_part_time_people_are_spread_over_the_week(
    people: int, hours: int, heads: set[int]
) -> None:
    one = {"s": shift("08:00", "16:00", days=DAYS[0])}
    part_time = team(people=people, roster={"s": 1.0}, contract={"hours": hours * HOUR})
    works = table(WorkingDays(part_time, one), 4) != DAY_OFF
    weekdays = works.reshape(people, 4, 7)[:, :, :5]
    assert set(weekdays.sum(axis=0).ravel().tolist()) == heads
    assert weekdays.sum() * 8 == people * hours * 4


def test_a_rotation_with_time_off_gives_the_hours_of_the_contract() -> None:
    # 20 h of 8 h are 2.5 days a week, worked in two weeks of three: 3.75 days in each of them
    shifts = {
        "e": shift("06:00", "14:00"),
        "l": shift("14:00", "22:00"),
        "r": rotation("e", "l", "off"),
    }
    twelve = team(people=12, roster={"r": 1.0}, contract={"hours": 20 * HOUR})
    found = table(WorkingDays(twelve, shifts), 12)
    assert (found[:, :28] != DAY_OFF).sum() * 8 == 960
    assert np.all((found != DAY_OFF).sum(axis=1) == 30)  # each person over four rounds
    for number in (0, 1):
        heads = (found == number).sum(axis=0).reshape(12, 7)
        assert all(spread(week) <= 1 for week in heads)


def test_shifts_of_one_person_each_do_not_share_their_days_off() -> None:
    shifts = {name: shift("08:00", "16:00") for name in "abcdefg"}
    seven = team(people=7, roster=dict.fromkeys(shifts, 1), contract={"works": (5, 7)})
    assert np.all((table(WorkingDays(seven, shifts), 1) != DAY_OFF).sum(axis=0) == 5)


def random_case(seed: int) -> tuple[Any, dict[str, Shift]]:
    """A team of one to three entries, plain or rotating, by hours or by days."""
    draw = random.Random(seed)
    days = draw.choice(DAYS)
    shifts: dict[str, Shift] = {}
    for name in "abc":
        length = draw.choice((4, 6, 8, 10))
        breaks = [a_break(30, into=2 * HOUR, paid=False)] if draw.random() < 0.5 else []
        shifts[name] = shift("06:00", f"{6 + length:02d}:00", *breaks, days=days)
    entries = list("abc"[: draw.randint(1, 3)])
    if draw.random() < 0.4:
        names = [draw.choice(("a", "b", "off")) for _ in range(draw.randint(1, 3))]
        shifts["r"] = rotation("a", *names, every=draw.choice((7, 14)))
        entries = ["r"]
    people = {entry: draw.randint(1, 17) for entry in entries}
    contract = draw.choice(
        ({"hours": draw.randint(6, 40) * HOUR}, {"works": (draw.randint(1, 6), 7)})
    )
    return team(people=sum(people.values()), roster=people, contract=contract), shifts


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_heads_are_level_and_hours_are_those_of_the_contract(first: int) -> None:
    for seed in range(first, first + 50):
        one, shifts = random_case(seed)
        working = WorkingDays(one, shifts)
        days = shifts["a"].days or ()
        open_days = [number for number, day in enumerate(DAYS[2]) if day in days]
        weeks = 24
        found = table(working, weeks)
        by_week = found.reshape(working.people, weeks, 7)[:, :, open_days]
        for week in range(weeks):
            all_heads = (by_week[:, week] != DAY_OFF).sum(axis=0)
            assert spread(all_heads) <= 1, (seed, week)
            for number in range(len(working.shifts)):
                assert spread((by_week[:, week] == number).sum(axis=0)) <= 1, (seed, week)
        if one.contract.works == (7, 7):
            check_hours(seed, one, shifts, working, by_week)


def check_hours(
    seed: int, one: Any, shifts: dict[str, Shift], working: WorkingDays, by_week: Any
) -> None:
    """Over whole rounds each person is paid the contract's hours, but for a day at each place."""
    lengths = np.array([paid_seconds(shifts[name]) for name in working.shifts] + [0])
    paid = lengths[by_week].sum(axis=(1, 2)) / 3600
    person = 0
    for entry, people in one.roster.items():
        names = shifts[entry].rotates or (entry,)
        weeks = len(names) * (shifts[entry].period_days // 7 if shifts[entry].rotates else 1)
        rounds = by_week.shape[1] // weeks
        own = lengths[by_week[person : person + people, : rounds * weeks]].sum(axis=(1, 2)) / 3600
        most = sum(
            len(shifts[name].days or ()) * paid_seconds(shifts[name]) / 3600 / len(names)
            for name in names
            if name != "off"
        )
        due = min(one.contract.hours / HOUR, most) * rounds * weeks
        places = 1 + max(1, weeks) * (len(names) > 1)
        assert np.all(np.abs(own - due) <= places * lengths.max() / 3600), (seed, entry, own, due)
        person += people
    assert len(paid) == person


def test_one_person_more_moves_nobody_on_the_same_shift() -> None:
    for seed in range(60):
        draw = random.Random(seed)
        people, hours = draw.randint(1, 15), draw.randint(6, 40)
        one = {"s": shift("08:00", "16:00", days=draw.choice(DAYS))}
        less, more = (
            WorkingDays(
                team(people=number, roster={"s": 1.0}, contract={"hours": hours * HOUR}), one
            )
            for number in (people, people + 1)
        )
        assert np.array_equal(table(less, 8), table(more, 8)[:people])


# --- people who are shared by days ----------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_shared_people_are_here_in_equal_numbers(seed: int) -> None:
    from ccsim.roster.shift_team import ShiftTeam
    from ccsim.scenario.blocks.duty import Available

    draw = random.Random(seed)
    people, share = draw.randint(3, 20), draw.choice((0.2, 0.25, 0.4, 0.5, 0.6, 0.75))
    contract = draw.choice(({}, {"works": (4, 7)}, {"hours": draw.randint(16, 40) * HOUR}))
    shared = team(
        people=people,
        roster={"s": 1.0},
        contract=contract,
        overtime=(),
        available=Available.model_construct(share=share, by="days", paid="by share"),
    )
    clock = LocalClock(Calendar.model_construct(start=MONDAY, days=56, timezone="UTC"))
    planned = Planned(clock, shared, {"s": shift("08:00", "16:00", days=DAYS[0])})
    here = np.zeros((people, 56), dtype=np.int64)
    planned_days = np.zeros_like(here)
    for plans in ShiftTeam(planned, 0).plans(1):
        day = plans.start // (24 * HOUR)
        here[plans.person[plans.shift], day] = 1
    inside = (planned.day >= 0) & (planned.day < 56)
    planned_days[planned.person[inside], planned.day[inside]] = 1
    heads = here.sum(axis=0).reshape(8, 7)[:, :5]
    due = planned_days.sum(axis=0).reshape(8, 7)[:, :5] * share
    assert np.all(np.abs(heads - due) < 1.0)
    ahead = np.cumsum(here - share * planned_days, axis=1)
    assert np.all(np.abs(ahead) < 2.0)
    total = here.sum(axis=1) - share * planned_days.sum(axis=1)
    assert np.all(np.abs(total) < 1.5)
