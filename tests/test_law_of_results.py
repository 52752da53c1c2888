"""No change alters a figure unless it means to: results hash to what is stored.

A change that must alter figures updates the hashes of the scenarios that it concerns in a commit of
its own (`python -m tests.law_hashes --update NAME...`), which the changelog names.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import ccsim
from tests import law_hashes as law

# What the reference engine plays in about a second; the slow set plays all designs of the gallery.
REFERENCE = (
    "blended-or-split", "bot-or-two-hires", "follow-the-sun", "penalty-or-hire",
    "tiered-or-pooled", "P02-cc-MMCAb", "P03-cc-MMCBlocked", "P04-cc-MMCClrQ",
    "P06-ssj-CallCenter400", "P10-cc-Bilingual", "T04-simmer-MM23", "T06-simmer-deterministic",
    "T07-simmer-tie", "T08-ciw-baulking", "T09-ciw-PS-mean-3-5", "T10-cc-group-volume", "X08-DM1",
    "X31-MtMinf", "X35-opening-backlog", "X38-gamma-busyness-10", "X40-ciw-limited-PS",
)  # fmt: skip


@pytest.mark.parametrize("name", law.SCENARIOS)
def test_results_are_those_stored(name: str) -> None:
    assert not law.differences(law.stored()[name], law.hashes(name))


@pytest.mark.parametrize("name", REFERENCE)
def test_the_reference_engine_has_the_same_results(name: str) -> None:
    due = {"base": law.stored()[name]["base"]}
    assert not law.differences(due, law.hashes(name, "simpy", only="base"))


@pytest.mark.slow
@pytest.mark.parametrize("name", law.GALLERY)
def test_the_reference_engine_has_the_same_results_in_every_design(name: str) -> None:
    assert not law.differences(law.stored()[name], law.hashes(name, "simpy"))


def test_records_of_a_small_run_are_those_stored() -> None:
    assert not law.differences(law.stored()[law.RECORDS], law.hashes_of_records())


def test_one_bit_of_one_figure_is_seen_and_named() -> None:
    result = ccsim.run(law.SCENARIOS["T07-simmer-tie"], replications=2, workers=1).result
    due = {"base": law.hashes_of(result)}
    totals = result.table.totals.copy()
    row = result.table.keys.index("all.handle_time")
    totals[1, row, 0] = np.nextafter(totals[1, row, 0], np.inf)
    other = replace(result, table=replace(result.table, totals=totals))
    assert law.differences(due, {"base": law.hashes_of(other)}) == ["base: handle_time"]
    assert law.differences(due, {"base": law.hashes_of(result)}) == []


def test_every_scenario_has_its_hashes() -> None:
    assert law.stored().keys() == law.SCENARIOS.keys() | {law.RECORDS}
    assert set(REFERENCE) <= law.SCENARIOS.keys()
