"""What the same customers save on shipped scenarios, as docs/background/statistics.md shows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ccsim.experiment import Comparison, compare

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "background" / "statistics.md"
SCENARIOS = ("bot-or-two-hires", "tiered-or-pooled", "blended-or-split", "follow-the-sun")
KEYS = (
    "phone.service_level",
    "chat.service_level",
    "all.abandoned_by_customer",
    "cost.total",
    "cost.per_resolved_contact",
)


def written(gains: list[float]) -> str:
    """`4.8 to 24`, `2.8`, or nothing."""
    words = [f"{x:.0f}" if x >= 10 else f"{x:.1f}" for x in (min(gains), max(gains))]
    return " to ".join(dict.fromkeys(words))


def row_of(name: str, gains: Mapping[str, list[float]]) -> str:
    cells = [f" {written(gains[key])} " if gains.get(key) else " " for key in KEYS]
    return f"| {name} |" + "|".join(cells) + "|"


def gains_of(found: Comparison) -> dict[str, list[float]]:
    return {
        key: [gain for name in found.others if (gain := found.gain(name, key)) is not None]
        for key in KEYS
        if all(key in found.shared(name) for name in found.others)
    }


def test_a_row_is_written_as_on_the_page() -> None:
    gains = {KEYS[0]: [4.8, 24.2, 7.0], KEYS[2]: [2.84], KEYS[3]: [1.04, 0.96]}
    assert row_of("a", gains) == "| a | 4.8 to 24 | | 2.8 | 1.0 | |"
    assert all(f"| {name} | " in PAGE.read_text(encoding="utf-8") for name in SCENARIOS)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_page_shows_what_pairing_gains(name: str) -> None:
    found = compare(ROOT / "scenarios" / f"{name}.yaml", replications=100)
    row = row_of(name, gains_of(found))
    assert row in PAGE.read_text(encoding="utf-8"), row
