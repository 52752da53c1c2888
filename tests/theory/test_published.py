"""Days whose results other simulators have printed: P01 to P07 of cases.json.

Agreement: the difference within 3.3 of both errors together, as the cases say. `sl_over_served`
and its like divide by other counts than ccsim does: numerators are counted from the records.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ccsim.experiment.replications.replicate import Engine
from ccsim.network.model import Exit
from tests.theory.observed import US, Ratio
from tests.theory.runs import ENGINES, Replication, judge, replications

KNOWN = {c["id"]: c for c in json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))}
HALF_WIDTHS = {"ci95_halfwidth": 1.96, "ci90_halfwidth": 1.645}
SECOND, HOUR = 1_000_000, 3_600_000_000


class Day:
    """What the published tables count, of one day."""

    def __init__(self, run: Replication) -> None:
        self.run = run
        legs = run.records.legs
        self.entered = legs["entered"]
        self.served = legs["exit"] == Exit.SERVED
        self.abandoned = legs["exit"] == Exit.ABANDONED
        self.wait = legs["waited"]
        self.exit = legs["exit"]

    def within(self, seconds: float) -> NDArray[np.bool_]:
        # "less than", not "at most"; with whole microseconds nobody waits exactly so long
        return self.wait < seconds * SECOND

    def level(self, seconds: float, hour: int | None = None) -> Ratio:
        """Served in time over served, and abandoned after that time."""
        mine = np.full(len(self.wait), True) if hour is None else self.entered // HOUR == hour
        good = self.served & self.within(seconds) & mine
        late = self.abandoned & ~self.within(seconds) & mine
        return float(good.sum()), float((self.served & mine).sum() + late.sum())

    def busy_hours(self, until: int) -> float:
        work = self.run.records.work
        start, end = (np.minimum(work[name], until) for name in ("start", "until"))
        return float((end - start).sum()) / HOUR

    def duty_hours(self, start: int, until: int) -> float:
        duty = self.run.records.duty
        from_, to = np.maximum(duty["start"], start), np.minimum(duty["until"], until)
        return float(np.maximum(to - from_, 0).sum()) / HOUR


def eight_hours(metric: str, day: Day) -> Ratio:
    """P01 to P04: twelve agents for eight hours and until the line is finished."""
    served, good = float(day.served.sum()), float((day.served & day.within(20)).sum())
    match metric:
        case "contacts_in_target":
            return good, 1
        case "abandoned":
            return float(day.abandoned.sum()), 1
        case "blocked":
            return float((day.exit == Exit.NO_ROOM).sum()), 1
        case "disconnected":
            return float((day.exit >= Exit.LIMIT).sum()), 1
        case "sl_over_served":
            return good, served
        case "sl_over_served_plus_blocked":
            return good, served + float((day.exit == Exit.NO_ROOM).sum())
        case "sl_over_served_plus_abandoned_after_20s":
            return day.level(20)
        case "mean_wait_min" | "mean_wait_served_min":
            return float(day.wait[day.served].sum()) / US, served
        case "occupancy_8h":
            return day.busy_hours(8 * HOUR), 8 * 12
    raise AssertionError(metric)


def thirteen_hours(metric: str, day: Day) -> Ratio:
    """P05 to P07: hourly volumes and staffing from 08:00 to 21:00; 1660 calls are expected."""
    match metric:
        case "arrivals":
            return float(len(day.wait)), 1
        case "wait_all_sum_over_1660_s":
            return float(day.wait.sum()) / SECOND, 1660
        case "share_good_over_1660":
            return float((day.within(20) & (day.served | day.abandoned)).sum()), 1660
        case "abandoned_over_1660":
            return float(day.abandoned.sum()), 1660
        case "sl20_over_served_plus_abandoned_after_20s":
            return day.level(20)
        case "sl30_same_definition":
            return day.level(30)
    raise AssertionError(metric)


COUNTED = {
    "P01-cc-MMC": eight_hours,
    "P02-cc-MMCAb": eight_hours,
    "P03-cc-MMCBlocked": eight_hours,
    "P04-cc-MMCClrQ": eight_hours,
    "P05-cc-CallCC": thirteen_hours,
    "P06-ssj-CallCenter400": thirteen_hours,
    "P07-cc-singleQueue": thirteen_hours,
}
# By the hour, and occupancy with the last hour's overtime: apart, below.
APART = {"sl20_by_hour", "occupancy_incl_overtime"}


def complaints(name: str, days: list[Day]) -> list[str]:
    found = []
    for metric, entry in KNOWN[name]["expected"].items():
        if metric in APART:
            continue
        width, z = next((entry[key], z) for key, z in HALF_WIDTHS.items() if key in entry)
        seen = judge([COUNTED[name](metric, day) for day in days])
        error = float(np.hypot(seen.error, width / z))
        if abs(seen.value - entry["value"]) > 3.3 * error:
            found.append(
                f"{metric}: {seen.value:.6g}, published {entry['value']} (error {error:.2g})"
            )
    return found


@ENGINES
@pytest.mark.parametrize("name", sorted(COUNTED))
def test_the_published_figures(name: str, engine: Engine) -> None:
    assert not complaints(name, [Day(run) for run in replications(name, engine)])


@ENGINES
def test_service_level_by_hour_and_occupancy(engine: Engine) -> None:
    days = [Day(run) for run in replications("P07-cc-singleQueue", engine)]
    published = KNOWN["P07-cc-singleQueue"]["expected"]
    hours = zip(
        published["sl20_by_hour"]["value"], published["sl20_by_hour"]["ci95_halfwidth"], strict=True
    )
    for hour, (value, width) in enumerate(hours, start=8):
        seen = judge([day.level(20, hour) for day in days])
        assert abs(seen.value - value) < 3.3 * np.hypot(seen.error, width / 1.96), hour
    entry = published["occupancy_incl_overtime"]
    seen = judge([(day.busy_hours(24 * HOUR), day.duty_hours(8 * HOUR, 21 * HOUR)) for day in days])
    # Agents who finish a call after their hour are on duty that much longer: under 1 % here.
    assert abs(seen.value - entry["value"]) < 3.3 * entry["ci95_halfwidth"] / 1.96 + 0.006


def test_the_comparison_catches_an_agent_too_many() -> None:
    runs = replications("P01-cc-MMC", "compiled", settings=("teams.agents.staffing=[13]",))
    assert complaints("P01-cc-MMC", [Day(run) for run in runs])
