"""What pairing gains on shipped scenarios is what docs/background/statistics.md claims."""

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


TOLERANCE = 0.25  # of a gain: less than what a lost synchronisation does, more than a late digit
Range = tuple[float, float]


def table_of(page: str) -> dict[str, dict[str, Range]]:
    """What the page claims: for each scenario the least and the largest gain of each measure."""
    found: dict[str, dict[str, Range]] = {}
    for line in page.splitlines():
        name, *cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if name in SCENARIOS:
            ranges = {key: cell for key, cell in zip(KEYS, cells, strict=True) if cell}
            found[name] = {key: range_of(cell) for key, cell in ranges.items()}
    return found


def range_of(cell: str) -> Range:
    """`4.8 to 24` or `2.8`."""
    ends = [float(end) for end in cell.split(" to ")]
    return ends[0], ends[-1]


def gains_of(found: Comparison) -> dict[str, Range]:
    """The least and the largest gain over the designs, of each measure that all designs have."""
    gains = {
        key: [gain for name in found.others if (gain := found.gain(name, key)) is not None]
        for key in KEYS
        if all(key in found.shared(name) for name in found.others)
    }
    return {key: (min(each), max(each)) for key, each in gains.items() if each}


def untrue(claimed: Mapping[str, Range], gained: Mapping[str, Range]) -> list[str]:
    """Claims that do not hold: a range whose end is off by more than the tolerance, a measure that
    is claimed and has no gain, or one with a gain that is not claimed."""
    found = [f"{key}: only one of them" for key in claimed.keys() ^ gained.keys()]
    for key in claimed.keys() & gained.keys():
        for says, is_ in zip(claimed[key], gained[key], strict=True):
            if abs(says / is_ - 1.0) > TOLERANCE:
                found.append(f"{key}: the page says {says:g}, it is {is_:.3g}")
    return found


CLAIMED = table_of(PAGE.read_text(encoding="utf-8"))


def test_the_page_has_a_row_for_every_scenario() -> None:
    assert list(CLAIMED) == list(SCENARIOS)
    assert all(KEYS[0] in row and KEYS[3] in row for row in CLAIMED.values())


def test_a_table_is_read_as_it_is_written() -> None:
    row = "  | tiered-or-pooled | 4.8 to 24 | | 2.8 | 1.0 | |"
    assert table_of(row) == {
        "tiered-or-pooled": {KEYS[0]: (4.8, 24.0), KEYS[2]: (2.8, 2.8), KEYS[3]: (1.0, 1.0)}
    }


@pytest.mark.parametrize(
    ("gained", "holds"),
    [
        ({KEYS[0]: (4.8, 24.0), KEYS[3]: (1.0, 1.0)}, True),
        ({KEYS[0]: (5.4, 22.0), KEYS[3]: (0.96, 1.04)}, True),  # another release of a library
        ({KEYS[0]: (4.8, 12.0), KEYS[3]: (1.0, 1.0)}, False),  # one design lost half of it
        ({KEYS[0]: (1.1, 1.5), KEYS[3]: (1.0, 1.0)}, False),  # what absence by team did
        ({KEYS[0]: (4.8, 24.0)}, False),
        ({KEYS[0]: (4.8, 24.0), KEYS[3]: (1.0, 1.0), KEYS[4]: (2.0, 2.0)}, False),
    ],
)
def test_what_has_really_changed_is_caught(gained: dict[str, Range], holds: bool) -> None:
    assert (untrue({KEYS[0]: (4.8, 24.0), KEYS[3]: (1.0, 1.0)}, gained) == []) is holds


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_page_shows_what_pairing_gains(name: str) -> None:
    found = compare(ROOT / "scenarios" / f"{name}.yaml", replications=100)
    assert untrue(CLAIMED[name], gains_of(found)) == []
