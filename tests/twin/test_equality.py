"""The compiled engine's records equal the reference engine's, cell by cell."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import numpy as np
import pytest

from ccsim.engine import compiled, packing, reference
from ccsim.engine.kernel.constants import NEEDS_OWNERS, NEEDS_ROWS, NEEDS_SPACE
from ccsim.engine.kernel.layout import Run
from ccsim.records import LEG_WORDS, PART_SHIFT, WORK_WORDS, Rows
from ccsim.roster.model import Roster
from ccsim.workload.model import Workload
from tests.crowds import crowded_case
from tests.networks import FEATURES, Case, random_case
from tests.twin.mutants import difference, engines

ORDINARY = 500  # networks in every run
CROWDS = 400  # of `tests.crowds`
SLOW, AT_ONCE = 20_000, 1_000
FIRST_SLOW = 1_000_000  # seeds apart from the ordinary ones


def case_of(seed: int) -> Case:
    return random_case(random.Random(seed))


def machine_of(case: Case, take: compiled.Take | None = None) -> compiled.Machine:
    packed = packing.PackedNetwork(case.network)
    return compiled.Machine(packed, case.roster, case.workload, take)


def assert_equal(seed: int, case: Case) -> None:
    given = case.network, case.roster, case.workload
    found = difference(reference.simulate(*given), compiled.simulate(*given))
    assert found is None, f"seed {seed}: {found}"


def test_random_networks_that_cover_every_feature() -> None:
    seen: Counter[str] = Counter()
    for seed in range(ORDINARY):
        case = case_of(seed)
        given = case.network, case.roster, case.workload
        records = compiled.simulate(*given)
        found = difference(reference.simulate(*given), records)
        assert found is None, f"seed {seed}: {found}"
        seen.update(name for name, has in FEATURES.items() if has(case, records))
    rare = {name: seen[name] for name in FEATURES if seen[name] < 5}
    assert not rare, f"of {ORDINARY} networks, too few have: {rare}"


@pytest.mark.slow
@pytest.mark.parametrize("first", range(FIRST_SLOW, FIRST_SLOW + SLOW, AT_ONCE))
def test_many_random_networks(first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        assert_equal(seed, case_of(seed))


def test_random_crowds() -> None:
    for seed in range(CROWDS):
        assert_equal(seed, crowded_case(random.Random(seed)))


@pytest.mark.slow
def test_many_random_crowds() -> None:
    for seed in range(FIRST_SLOW, FIRST_SLOW + AT_ONCE * 5):
        assert_equal(seed, crowded_case(random.Random(seed)))


def test_the_kernel_interpreted_is_equal() -> None:
    with engines() as plain:
        for seed in range(60):
            case = case_of(seed)
            given = case.network, case.roster, case.workload
            found = difference(compiled.simulate(*given), plain.compiled.simulate(*given))
            assert found is None, f"seed {seed}: {found}"


def test_a_run_may_pause_at_any_instant() -> None:
    for seed in range(100):
        case = case_of(seed)
        given = case.network, case.roster, case.workload
        machine = machine_of(case)
        pauses = random.Random(seed)
        for until in sorted(pauses.randint(0, case.network.horizon) for _ in range(4)):
            machine.advance(until)
            assert machine.now < until or until == 0
        found = difference(compiled.simulate(*given), machine.records())
        assert found is None, f"seed {seed}: {found}"


def test_room_grows_when_the_kernel_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """With almost no room at first, and crowds in line, heap, rows and arena are moved in the
    middle of a run."""
    asked: Counter[int] = Counter()
    provide = compiled.Machine._provide

    def counting(machine: compiled.Machine, status: int) -> None:
        asked[status] += 1
        provide(machine, status)

    monkeypatch.setattr(packing, "ROWS", 1)
    monkeypatch.setattr(packing, "OWNERS", 6)
    monkeypatch.setattr(compiled.Machine, "_provide", counting)
    for seed in range(20):
        assert_equal(seed, case_of(seed))
        assert_equal(seed, crowded(case_of(seed), times=20))
    assert all(asked[want] for want in (NEEDS_SPACE, NEEDS_OWNERS, NEEDS_ROWS)), asked


@pytest.mark.parametrize("at_hand", [1, 3])
def test_contacts_may_come_to_hand_few_at_a_time(
    monkeypatch: pytest.MonkeyPatch, at_hand: int
) -> None:
    """Those of one instant together; here nearly every contact is the last that is at hand."""
    monkeypatch.setattr(packing, "AT_HAND", at_hand)
    for seed in range(60):
        assert_equal(seed, case_of(seed))
        assert_equal(seed, crowded_case(random.Random(seed)))


def test_what_is_nearly_nothing_is_equal() -> None:
    """No contact, one; nobody employed, nobody ever on duty; all at once, at the last instant, at
    the horizon and after it; a horizon of 1 us."""
    for seed in range(40):
        case = case_of(seed)
        workload, roster, horizon = case.workload, case.roster, case.network.horizon
        count = len(workload)
        nobody = Roster(roster.team[:0], roster.spans[:0], roster.schedule[:0])
        for variant in (
            replace(case, workload=first(workload, 0)),
            replace(case, workload=first(workload, 1)),
            replace(case, roster=nobody),
            replace(case, roster=replace(roster, spans=roster.spans[:0])),
            replace(case, workload=replace(workload, at=np.zeros(count, np.int64))),
            replace(case, workload=replace(workload, at=np.sort(horizon - 1 + workload.at % 3))),
            replace(case, workload=replace(workload, at=workload.at + horizon // 2)),
            replace(case, network=replace(case.network, horizon=1)),
        ):
            assert_equal(seed, variant)


def first(workload: Workload, count: int) -> Workload:
    return Workload(*(getattr(workload, each.name)[:count] for each in fields(workload)))


def test_no_leg_is_handed_over_before_the_work_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is inside at the horizon, too, where a helper's part may be older than what it is a part
    of: else the helper's time is lost to the contact where a chunk ends between them."""
    monkeypatch.setattr(packing, "ROWS", 1)
    contact_and_leg = (1 << PART_SHIFT) - 1
    helped_inside = 0
    for seed in range(200, 300):
        case = case_of(seed)
        legs: set[int] = set()
        helped: set[int] = set()

        def take(rows: Rows) -> None:
            for first in rows.work[::WORK_WORDS].tolist():
                assert first & contact_and_leg not in legs, f"seed {seed}"  # noqa: B023
                if first >> PART_SHIFT & 1:
                    helped.add(first & contact_and_leg)  # noqa: B023
            for first in rows.legs[::LEG_WORDS].tolist():
                if not first >> PART_SHIFT & 1:
                    legs.add(first & contact_and_leg)  # noqa: B023

        machine = machine_of(case, take)
        machine.advance(case.network.horizon)
        before = set(legs)
        machine.finish()
        helped_inside += len(helped - before)
    assert helped_inside


@pytest.mark.parametrize("bits", [0, 18, 46])
def test_the_width_of_slots_changes_nothing(monkeypatch: pytest.MonkeyPatch, bits: int) -> None:
    """Turns of the wheel of microseconds, of a quarter of a second, of two years: what is near, in
    the wheel and far away differs at first, and the width is fitted in the middle of a run."""
    monkeypatch.setattr(packing, "TURN_BITS", bits)
    monkeypatch.setattr(packing, "OWNERS", 6)
    fitted = 0
    for seed in range(40):
        case = crowded(case_of(seed), times=20)
        machine = machine_of(case)
        at_first = machine._run[Run.slot_bits]
        found = difference(
            reference.simulate(case.network, case.roster, case.workload), machine.records()
        )
        assert found is None, f"seed {seed}: {found}"
        fitted += machine._run[Run.slot_bits] != at_first
    assert fitted


def test_lines_of_many_levels_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Levels of a line save steps and nothing else; here even the shortest lines have them."""
    monkeypatch.setattr(packing, "SHORT", 0)
    for seed in range(150):
        assert_equal(seed, case_of(seed))
    for seed in range(20):
        assert_equal(seed, crowded(case_of(seed), times=20))


def crowded(case: Case, times: int) -> Case:
    """The same with so many times the contacts, each with a key of its own."""
    workload = case.workload
    columns = {
        name: np.tile(getattr(workload, name), times)
        for name in ("queue", "work", "patience", "head_start")
    }
    keys = np.tile(workload.key, times)
    keys += np.arange(len(keys), dtype=np.uint64) * np.uint64(2)
    at = np.sort(np.tile(workload.at, times))
    return replace(case, workload=replace(workload, at=at, key=keys, **columns))


def test_threads_do_not_disturb_one_another() -> None:
    cases = [case_of(seed) for seed in range(40)]

    def run(case: Case) -> object:
        return compiled.simulate(case.network, case.roster, case.workload)

    alone = [run(case) for case in cases]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(run, cases))
    for one, other in zip(alone, together, strict=True):
        assert difference(one, other) is None  # type: ignore[arg-type]
