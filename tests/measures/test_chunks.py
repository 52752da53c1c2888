"""Measures of rows in chunks are those of all rows at once, whatever the borders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ccsim.engine import compiled, reference
from ccsim.engine.packing import PackedNetwork
from ccsim.experiment.execution.run import load
from ccsim.measures import accumulator
from ccsim.measures.accumulate import layout as at
from ccsim.measures.accumulator import Accumulator
from ccsim.measures.evaluate import KpiEvaluator
from ccsim.measures.kpis import Kpis
from ccsim.network.compile import compile_network
from ccsim.records import Records, Rows, chunks_of
from ccsim.roster import make_roster
from ccsim.roster.model import Roster
from ccsim.scenario.resolve import Design
from ccsim.workload import make_workload
from ccsim.workload.model import Workload
from tests.evaluated import evaluate
from tests.measures.interpreted import interpreted

SCENARIOS = Path(__file__).parents[2] / "scenarios"
VALID = Path(__file__).parents[1] / "scenario" / "valid"
FILES = (
    VALID / "conversations.yaml",
    VALID / "waiting.yaml",
    VALID / "people.yaml",
    SCENARIOS / "software-helpdesk.yaml",
    SCENARIOS / "bot-or-two-hires.yaml",
)


@dataclass
class Played:
    """A replication of a scenario's base design, and its measures from one chunk."""

    design: Design
    evaluator: KpiEvaluator
    roster: Roster
    workload: Workload
    records: Records
    whole: Kpis

    def kpis(self, *chunks: Rows) -> Kpis:
        taken = self.evaluator.accumulator(self.roster)
        for rows in chunks:
            taken.take(rows)
        return self.evaluator.kpis(taken, self.roster, self.workload)


def played(file: Path, simulate: Callable[..., Records], days: int = 3) -> Played:
    design = load(file, [f"calendar.days={days}", "calendar.warm_up=1 d"])["base"]
    network = compile_network(design)
    workload, roster = (make(design, network, 3, 0) for make in (make_workload, make_roster))
    records = simulate(network, roster, workload)
    evaluator = KpiEvaluator(design, network)
    got = Played(design, evaluator, roster, workload, records, None)  # type: ignore[arg-type]
    got.whole = got.kpis(*chunks_of(records, most=1 << 40))
    return got


def equal(one: Kpis, other: Kpis) -> bool:
    """Bit for bit."""
    return (
        np.array_equal(one.totals, other.totals)
        and np.array_equal(one.cells, other.cells)
        and one.histograms == other.histograms
        and one.flows == other.flows
    )


def scattered(records: Records, chunks: int, seed: int) -> list[Rows]:
    """The records in so many chunks with random borders: the legs of a contact in their order, the
    work of a leg no later than the leg, the duty of an agent in order."""
    draw = np.random.default_rng(seed)
    legs, work, duty = records.legs, records.work, records.duty
    of_leg = _in_order(draw, legs["contact"], chunks)
    of_work = _in_order(draw, work["contact"], chunks)
    number = (legs["contact"] << 20) + 2 * legs["leg"].astype(np.int64) + legs["part"]
    mine = (work["contact"] << 20) + 2 * work["leg"].astype(np.int64)
    of_work = np.minimum(of_work, of_leg[np.searchsorted(number, mine)])
    of_duty = _in_order(draw, duty["agent"], chunks)
    return [
        next(chunks_of(Records(legs[of_leg == n], work[of_work == n], duty[of_duty == n]), 1 << 40))
        for n in range(chunks)
    ]


def _in_order(
    draw: np.random.Generator, whose: NDArray[np.int64], chunks: int
) -> NDArray[np.int64]:
    """A random chunk for each row, growing among the rows of one."""
    drawn = draw.integers(0, chunks, len(whose))
    return np.asarray(drawn[np.lexsort((drawn, whose))], np.int64)


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.stem)
def one(request: pytest.FixtureRequest) -> Played:
    return played(request.param, compiled.simulate)


def test_random_borders_change_nothing(one: Played) -> None:
    for seed in range(5):
        chunks = scattered(one.records, 2 + 3 * seed, seed)
        assert equal(one.kpis(*chunks), one.whole), seed


def test_what_an_engine_hands_over_while_it_runs(one: Played) -> None:
    """In chunks of a few rows, as they are written; with pauses, too."""
    for until in (0, 100_000_000_000):
        taken = one.evaluator.accumulator(one.roster)
        network = PackedNetwork(one.evaluator.network)
        machine = compiled.Machine(network, one.roster, one.workload, taken.take)
        machine.advance(until)
        machine.finish()
        assert equal(one.evaluator.kpis(taken, one.roster, one.workload), one.whole)


def test_both_engines_have_the_same_measures() -> None:
    ours, theirs = (played(FILES[0], each.simulate) for each in (compiled, reference))
    assert equal(ours.whole, theirs.whole)
    for seed in range(3):
        assert equal(theirs.kpis(*scattered(theirs.records, 4, seed)), theirs.whole)


def test_little_room_changes_nothing(one: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups, open contacts and what is spilled begin with next to no room."""
    for name in ("GROUPS", "MOST_GROUPS", "OPEN", "BUCKETS", "SPILL"):
        monkeypatch.setattr(accumulator, name, 2)
    assert equal(one.kpis(*scattered(one.records, 5, 1)), one.whole)


def test_the_fold_interpreted_is_equal() -> None:
    one = played(FILES[0], compiled.simulate, days=2)
    with interpreted():
        assert equal(one.kpis(*scattered(one.records, 3, 1)), one.whole)


def _lose_open_contacts(accumulator: Accumulator, rows: Rows) -> None:
    accumulator._open[:] = 0
    TAKE(accumulator, rows)


def _lose_open_spans(taken: Accumulator, rows: Rows) -> None:
    TAKE(taken, rows)
    taken._of(at.AGENTS, len(taken.team_of), at.G_WORDS)[:, at.G_SPAN_UNTIL] = -1


def _lose_what_was_spilled(taken: Accumulator, rows: Rows) -> None:
    TAKE(taken, rows)
    taken._b[at.LINE_EVENTS] = 0


TAKE = Accumulator.take


@pytest.mark.parametrize("fault", [_lose_open_contacts, _lose_open_spans, _lose_what_was_spilled])
def test_a_row_lost_at_a_border_is_noticed(
    monkeypatch: pytest.MonkeyPatch, fault: Callable[[Accumulator, Rows], None]
) -> None:
    one = played(SCENARIOS / "software-helpdesk.yaml", compiled.simulate)
    chunks = scattered(one.records, 4, 1)
    assert equal(one.kpis(*chunks), one.whole)
    monkeypatch.setattr(Accumulator, "take", fault)
    assert not equal(one.kpis(*chunks), one.whole)


def test_evaluate_is_the_same() -> None:
    one = played(FILES[1], compiled.simulate)
    found = evaluate(one.design, one.evaluator.network, one.roster, one.workload, one.records)
    assert equal(found, one.whole)
