"""One small comparison, simulated once, for all tests that only look at results."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.experiment import Comparison, Run, compare, run


@pytest.fixture(scope="session")
def desk_file() -> Path:
    return Path(__file__).parent / "desk.yaml"


@pytest.fixture(scope="session")
def comparison(desk_file: Path) -> Comparison:
    return compare(desk_file, workers=1)


@pytest.fixture(scope="session")
def desk(desk_file: Path) -> Run:
    return run(desk_file, workers=1)
