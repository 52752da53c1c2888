"""How designs are played, whatever they are: what `run`, `compare`, `sweep`, `test` and the others
are told besides what is played."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ccsim.experiment.replications.replicate import ENGINES, Engine
from ccsim.statistics import Estimate

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

LARGEST_SEED = 2**53  # as in a scenario

Progress = Callable[[int, int, Estimate], None]
"""Called with (replications done, of how many, the main measure so far) after each one."""

Watching = Callable[["Scenario", int, int, Estimate], None]
"""The same, told first which scenario is played, where there are several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How often and how surely designs are played, from which seed, by what, and what is kept.

    `replications` and `seed`: None is what the scenario says. With a `precision` replications are
    added until it is reached or there are `at_most`. `workers`: None is one a core. `store`: the
    folder that answers and keeps replications; `out`, `save` and `keep_records`: the folder of the
    results. `force` plays what is too large.
    """

    replications: int | None = None
    precision: Sequence[str] = ()
    at_most: int | None = None
    seed: int | None = None
    engine: Engine = ENGINES[0]
    workers: int | None = None
    force: bool = False
    store: str | Path | None = None
    out: str | Path | None = None
    save: bool = False
    keep_records: bool = False
    progress: Progress | None = None

    def __post_init__(self) -> None:
        """ValueError for what cannot be played so."""
        if self.engine not in ENGINES:
            raise ValueError(f"there is no engine '{self.engine}' (engines: {', '.join(ENGINES)})")
        for told, number in (("worker", self.workers), ("replication", self.replications)):
            if number is not None and not _is_whole(number):
                raise ValueError(f"{told}s are a whole number, not {number!r}")
            if number is not None and number < 1:
                raise ValueError(f"at least one {told} is needed, not {number}")
        seed = 0 if self.seed is None else self.seed
        if not _is_whole(seed) or not 0 <= seed <= LARGEST_SEED:
            raise ValueError(f"a seed is a whole number from 0 to {LARGEST_SEED}, not {seed!r}")

    @property
    def answered(self) -> bool:
        """Whether there is a store that may hold some of it already."""
        return self.store is not None and not self.keep_records and Path(self.store).is_dir()

    @property
    def saved(self) -> bool:
        """Whether the results get a folder of their own."""
        return self.out is not None or self.save or self.keep_records


def _is_whole(number: object) -> bool:
    """Of Python's own: False counts as 0 in Python, and is no number that anybody means."""
    return isinstance(number, int) and not isinstance(number, bool)
