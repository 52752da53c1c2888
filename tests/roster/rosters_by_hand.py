"""Designs made by hand: blocks of the scenario as the reader leaves them, without a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from ccsim.roster import Roster, make_roster
from ccsim.roster.model import DUTY
from ccsim.scenario.clock import HOUR, MINUTE
from ccsim.scenario.schema import (
    Block,
    Break,
    Calendar,
    Contract,
    Pay,
    Scenario,
    Shift,
    Shrinkage,
    Sick,
    Team,
    Tenure,
)

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BLOCKS: dict[str, type[Block]] = {
    "contract": Contract,
    "pay": Pay,
    "shrinkage": Shrinkage,
    "sick": Sick,
    "handle_time": Tenure,
}


def clock_time(text: str) -> int:
    """'07:30' in seconds after midnight."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def a_break(minutes: int, **when: Any) -> Break:
    """`between=("09:00", "10:30")`, `at="12:00"` or `into=3 hours in us`; `paid=False`."""
    if "between" in when:
        when["between"] = tuple(clock_time(t) for t in when["between"])
    if "at" in when:
        when["at"] = clock_time(when["at"])
    return Break.model_construct(**{"for": minutes * MINUTE, **when})


def shift(start: str, to: str, *breaks: Break, days: tuple[str, ...] = WEEK) -> Shift:
    """A shift by wall-clock times; every day unless said."""
    fields: dict[str, Any] = {
        "from": clock_time(start),
        "to": clock_time(to),
        "days": days,
        "breaks": breaks,
    }
    return Shift.model_construct(**fields)


def team(**fields: Any) -> Team:
    """A team; maps become the blocks of their names."""
    made: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "shrinkage" and "sick" in value:
            value = {**value, "sick": Sick.model_construct(**value["sick"])}
        is_block = name in BLOCKS and isinstance(value, Mapping)
        made[name] = BLOCKS[name].model_construct(**value) if is_block else value
    made.setdefault("shrinkage", Shrinkage())
    return Team.model_construct(**made)


def design_of(
    teams: Mapping[str, Team],
    shifts: Mapping[str, Shift] | None = None,
    days: int = 7,
    start: dt.date = dt.date(2027, 3, 1),
    timezone: str = "UTC",
    files: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
) -> Any:
    scenario = Scenario.model_construct(
        name="by hand",
        calendar=Calendar.model_construct(start=start, days=days, timezone=timezone),
        teams=dict(teams),
        shifts=dict(shifts or {}),
    )
    tables = {path: SimpleNamespace(path=path, columns=c) for path, c in (files or {}).items()}
    return SimpleNamespace(name="by hand", scenario=scenario, files=tables, places={})


def roster_of(
    teams: Mapping[str, Team],
    shifts: Mapping[str, Shift] | None = None,
    seed: int = 1,
    replication: int = 0,
    **calendar: Any,
) -> Roster:
    """The roster of a design made by hand; it keeps the laws of rosters."""
    design = design_of(teams, shifts, **calendar)
    network: Any = SimpleNamespace(teams=[SimpleNamespace(name=name) for name in teams])
    roster = make_roster(design, network, seed, replication)
    check_laws(roster)
    return roster


def check_laws(roster: Roster) -> None:
    """What roster/model.py promises of every roster."""
    for rows in (roster.spans, roster.schedule):
        assert all(rows["until"] > rows["start"])
        same = rows["agent"][1:] == rows["agent"][:-1]
        assert all(rows["agent"][1:] >= rows["agent"][:-1])
        gaps = rows["start"][1:] - rows["until"][:-1]
        assert all(gaps[same] >= 0)
    touches = (roster.spans["agent"][1:] == roster.spans["agent"][:-1]) & (
        roster.spans["start"][1:] == roster.spans["until"][:-1]
    )
    assert not any(touches & (roster.spans["pace"][1:] == roster.spans["pace"][:-1]))
    duty = roster.schedule[np.isin(roster.schedule["activity"], DUTY)]
    assert (duty["until"] - duty["start"]).sum() == (
        roster.spans["until"] - roster.spans["start"]
    ).sum()


def hours(rows: Any) -> float:
    """Total length of spans or schedule rows in hours."""
    return float((rows["until"] - rows["start"]).sum()) / HOUR
