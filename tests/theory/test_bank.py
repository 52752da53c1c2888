"""The bank's February: what is inferred from the log, and the replay beside what really happened.

Expected values and bands are those of the case `D-february-1999-replay`.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

HERE = Path(__file__).parent
BANK = HERE.parent.parent / "scenarios" / "bank"
CASE = next(
    case
    for case in json.loads((HERE / "cases.json").read_text("utf-8"))
    if case["id"] == "D-february-1999-replay"
)
EXPECTED = {name: entry["value"] for name, entry in CASE["expected"].items()}
REPLICATIONS = 20


@pytest.fixture(scope="module")
def fit() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BANK))
    yield importlib.import_module("fit")
    sys.path.remove(str(BANK))


@pytest.fixture(scope="module")
def beside(fit: ModuleType) -> ModuleType:
    return importlib.import_module("beside_the_log")


@pytest.fixture(scope="module")
def log(fit: ModuleType) -> list[Any]:
    rows: list[Any] = fit.read_log()
    return rows


# --- inference ---------------------------------------------------------------------------------


def call(fit: ModuleType, **fields: Any) -> Any:
    usual = {
        "type": "PS", "priority": 0, "outcome": "AGENT", "queued": None, "waited": 0,
        "answered": None, "handled": 0, "server": None,
    }  # fmt: skip
    return fit.Call(**{**usual, **fields})


def test_the_committed_files_are_what_the_script_writes(fit: ModuleType, tmp_path: Path) -> None:
    written = fit.fit(tmp_path)
    assert sorted(written) == sorted(
        path.relative_to(BANK).as_posix()
        for folder in ("replay", "profile")
        for path in (BANK / folder).iterdir()
    )
    for name in written:
        assert (tmp_path / name).read_text("utf-8") == (BANK / name).read_text("utf-8"), name


def test_the_log_is_whole(log: list[Any]) -> None:
    assert len(log) == 33_344
    outcomes = [row.outcome for row in log]
    assert [outcomes.count(name) for name in ("AGENT", "HANG", "PHANTOM")] == [27_162, 5_904, 278]
    handled = [row.handled for row in log if row.handled > 0 and row.outcome == "AGENT"]
    assert np.mean(handled) == pytest.approx(176.9, abs=0.6)


def test_the_counted_calls_are_those_of_the_case(
    fit: ModuleType, beside: ModuleType, log: list[Any]
) -> None:
    """To 0.2 %: the case does not say what it does with 21 calls that have no instant."""
    calls = [c for c in fit.counted(log) if fit.in_replay(fit.arrival(c))]
    month = beside._of_log(calls)
    assert month.abandoned / month.calls == pytest.approx(EXPECTED["abandon_share"], rel=2e-3)
    assert month.waited_s / month.calls == pytest.approx(EXPECTED["mean_wait_s"], rel=2e-3)
    assert month.in_time / month.calls == pytest.approx(
        EXPECTED["answered_within_20s_over_offered"], rel=2e-3
    )
    assert len(calls) == 28_401


def test_spells_by_hand(fit: ModuleType) -> None:
    """Answers at 100 (50 s), 750 (gap 600: joined), 1_400 (IN: ends it), 1_500, 2_200 (gap 601)."""
    found, gaps = fit.spells(
        [
            call(fit, answered=start, handled=length, server="DORIT", type=kind)
            for start, length, kind in (
                (750, 100, "PS"), (100, 50, "NW"), (1400, 60, "IN"), (1500, 99, "TT"),
                (2200, 10, "PS"),
            )
        ]
    )  # fmt: skip
    assert [(s.start, s.last_answer, s.end) for s in found] == [
        (100, 750, 850), (1500, 1500, 1599), (2200, 2200, 2210)
    ]  # fmt: skip
    assert gaps == [fit.Gap("DORIT", 150, 750)]


def test_agents_of_internet_support_are_none_of_ours(fit: ModuleType) -> None:
    calls = [call(fit, answered=t, handled=9, server="S", type="IN") for t in (10, 20)]
    assert not fit.conversations([*calls, call(fit, answered=40, handled=9, server="S")])


def everything(fit: ModuleType) -> Any:
    return fit.Skills([])  # nobody has enough calls to tell


def test_wrap_up_is_what_is_seen_while_somebody_waits(fit: ModuleType) -> None:
    """The line is not empty in 100..160 (two waits that touch) and 200..300."""
    waits = [
        call(fit, queued=start, waited=until - start)
        for start, until in ((100, 130), (130, 160), (200, 300))
    ]
    gaps = {
        (110, 150): (40, True),
        (110, 162): (52, True),  # clocks may disagree by 2 s
        (110, 163): (50, False),  # the line was empty from 160 on: a lower bound
        (99, 110): None,
        (170, 180): None,
        (160, 200): None,
        (200, 200): (0, True),
    }
    for (start, until), expected in gaps.items():
        found = fit.wrap_ups(waits, [fit.Gap("S", start, until)], everything(fit))
        assert found == ([] if expected is None else [expected])


def test_who_cannot_be_served_does_not_make_a_gap_a_wrap_up(fit: ModuleType) -> None:
    conversations = [
        call(fit, answered=100 * k, handled=90, server="S", type="PS" if k else "NW")
        for k in range(1, 60)
    ]
    skills = fit.Skills(conversations)
    assert skills.of("S", 0) == {"regular"}
    assert skills.of("S", fit.WEEK_S) == {"regular", "stock", "newcomer"}  # another week: unknown
    gap = fit.Gap("S", 110, 120)
    for kind, seen in (("NW", False), ("NE", False), ("PS", True), ("TT", True), ("PE", True)):
        waits = [call(fit, type=kind, queued=100, waited=100)]
        assert bool(fit.wrap_ups(waits, [gap], skills)) == seen


def test_a_skill_is_a_fiftieth_of_the_calls_of_a_week(fit: ModuleType) -> None:
    def taken(newcomers: int, others: int) -> Any:
        kinds = ["NW"] * newcomers + ["PS"] * others
        return fit.Skills(
            call(fit, answered=100 + k, handled=1, server="S", type=kind)
            for k, kind in enumerate(kinds)
        ).of("S", 0)

    assert taken(2, 98) == {"regular", "newcomer"}
    assert taken(1, 98) == {"regular"}
    assert taken(0, 19) == {"regular", "stock", "newcomer"}
    assert taken(0, 20) == {"regular"}


def test_duty_ends_half_way_through_the_last_conversation(fit: ModuleType) -> None:
    monday, friday = 0, 4 * fit.DAY_S
    seven = 7 * 3600
    spells = [
        fit.Spell("A", monday + seven - 600, monday + seven + 60, monday + seven + 301),
        fit.Spell("B", monday + seven - 600, monday + seven - 60, monday + seven + 20),
        fit.Spell("C", friday + 36_000, friday + 37_000, friday + 37_100),
        fit.Spell("D", monday + 86_000, monday + 86_500, monday + 86_600),
        fit.Spell("E", monday + 40_000, monday + 40_000, monday + 40_000),
    ]
    by_team = fit.duty(spells, everything(fit))
    assert by_team.pop("all_round") == [
        ("A", seven, seven + 180),
        ("D", 86_000, 86_550),
        ("E", 40_000, 40_001),
    ]
    assert not any(by_team.values())


def test_the_two_outages_of_the_month(fit: ModuleType, log: list[Any]) -> None:
    calls = fit.counted(log)
    instants = fit.near_outages(calls)
    near = [c for c in calls if fit.arrival(c) in instants]
    assert {fit.local_time(fit.arrival(c))[:10] for c in near} == {"1999-02-03", "1999-02-21"}
    assert sum(c.abandoned for c in near) == 131
    traces = [
        line.split(",")[1]
        for name in sorted(set(fit.TYPES.values()))
        for line in (BANK / "replay" / f"{name}.csv").read_text("utf-8").splitlines()[1:]
    ]
    assert len(traces) - traces.count("") == 131


def test_two_desks_have_the_heads_of_one_line(fit: ModuleType) -> None:
    def table(name: str) -> np.ndarray[Any, np.dtype[np.int64]]:
        text = (BANK / "profile" / f"staffing-{name}.csv").read_text("utf-8").splitlines()[1:]
        return np.array([line.split(",")[1:] for line in text], dtype=np.int64)

    everyone, preferred, others = table("all"), table("preferred"), table("others")
    assert (preferred + others == everyone).all()
    assert (others[everyone > 0] >= 1).all()


def test_the_profile_scenario_has_the_volumes_of_the_log(beside: ModuleType) -> None:
    design, _ = beside.load("bank.yaml")
    lines = (BANK / "profile" / "volumes.csv").read_text("utf-8").splitlines()
    header, *table = [line.split(",") for line in lines]
    for name, *cells in table:
        share = float(cells[-1] or 0.0)
        parts = {name: 1.0 - share}
        if share:
            parts["preferred" if name == "regular" else f"preferred_{name}"] = share
        for contact, part in parts.items():
            per_day = design.scenario.contacts[contact].arrivals.per_day
            for day, cell in zip(header[1:8], cells[:7], strict=True):
                assert per_day[day] == pytest.approx(float(cell) * part, abs=0.051)
    cv = float((BANK / "profile" / "busyness.csv").read_text("utf-8").splitlines()[1])
    assert {c.arrivals.busyness.cv for c in design.scenario.contacts.values()} == {cv}


# --- the replay --------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Replay:
    """What a replay gives where the case has a number."""

    abandoned: float
    wait_s: float
    in_time: float
    rank_of_waits: float
    rank_of_abandonment: float

    def misses(self) -> set[str]:
        """The bands of the case that it lies outside of."""
        kept = {
            "abandoned": abs(self.abandoned / EXPECTED["abandon_share"] - 1) <= 0.12,
            "wait": abs(self.wait_s / EXPECTED["mean_wait_s"] - 1) <= 0.12,
            "in time": abs(self.in_time - EXPECTED["answered_within_20s_over_offered"]) <= 0.10,
            "order of waits": self.rank_of_waits >= 0.85,
            "order of abandonment": self.rank_of_abandonment >= 0.95,
        }
        return {name for name, holds in kept.items() if not holds}


@pytest.fixture(scope="module")
def days_of_log(fit: ModuleType, beside: ModuleType, log: list[Any]) -> dict[int, Any]:
    calls = [c for c in fit.counted(log) if fit.in_replay(fit.arrival(c))]
    return {day: kinds["all"] for day, kinds in beside.log_days(calls).items()}


def replay_of(runs: Sequence[Any], days: dict[int, Any]) -> Replay:
    """Totals over the replications; their days pooled, then ranked against the log's."""
    pooled: dict[int, list[Any]] = {day: [] for day in days}
    for run in runs:
        for day, count in run.by_day().items():
            pooled[day].append(count)
    counts = [count for day in pooled.values() for count in day]
    calls = sum(count.calls for count in counts)

    def rank(field: str) -> float:
        made = [sum(getattr(c, field) for c in own) / sum(c.calls for c in own)
                for own in pooled.values()]  # fmt: skip
        seen = [getattr(count, field) / count.calls for count in days.values()]
        return float(spearmanr(made, seen).statistic)

    return Replay(
        abandoned=sum(count.abandoned for count in counts) / calls,
        wait_s=sum(count.waited_s for count in counts) / calls,
        in_time=sum(count.in_time for count in counts) / calls,
        rank_of_waits=rank("waited_s"),
        rank_of_abandonment=rank("abandoned"),
    )


def test_the_replay_meets_the_case(beside: ModuleType, days_of_log: dict[int, Any]) -> None:
    design, network = beside.load("replay.yaml")
    runs = beside.simulated(design, network, range(REPLICATIONS))
    assert {sum(c.calls for c in run.by_day().values()) for run in runs} == {28_401.0}
    replay = replay_of(runs, days_of_log)
    assert not replay.misses(), replay


def test_without_wrap_up_the_replay_misses(beside: ModuleType, days_of_log: dict[int, Any]) -> None:
    """The planted fault: the case says that waits are then 30 % low."""
    design, network = beside.load("replay.yaml")
    queues = tuple(
        dataclasses.replace(
            queue,
            wrap_up=None,
            services=tuple(s and dataclasses.replace(s, wrap_up=0) for s in queue.services),
        )
        for queue in network.queues
    )
    runs = beside.simulated(design, dataclasses.replace(network, queues=queues), range(2))
    replay = replay_of(runs, days_of_log)
    assert {"abandoned", "wait"} <= replay.misses(), replay
    assert replay.wait_s < 0.85 * EXPECTED["mean_wait_s"]


def test_without_the_head_start_the_preferred_wait_longer(
    fit: ModuleType, beside: ModuleType
) -> None:
    """The mean of all stays (somebody else waits instead); who waits changes."""
    from ccsim.engine.reference import simulate
    from ccsim.roster import make_roster
    from ccsim.workload import make_workload

    design, network = beside.load("replay.yaml")
    seed = design.scenario.run.seed
    workload = make_workload(design, network, seed, 0)
    preferred = workload.head_start == fit.HEAD_START_S * 1_000_000
    assert int(preferred.sum()) == 8_605
    waits = []
    for head_start in (workload.head_start, np.zeros_like(workload.head_start)):
        legs = simulate(
            network,
            make_roster(design, network, seed, 0),
            dataclasses.replace(workload, head_start=head_start),
        ).legs
        own = preferred[legs["contact"]]
        waits.append([legs["waited"][which].mean() / 1e6 for which in (own, ~own)])
    (ahead, behind), (alike, others) = waits
    assert ahead + 10 < alike
    assert behind > others + 5
    shares = np.array([preferred.mean(), 1 - preferred.mean()])
    assert shares @ waits[0] == pytest.approx(shares @ waits[1], rel=0.05)
