"""When an experiment looks at its results before it has enough of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ccsim.statistics import LEVEL, simultaneous

FIRST = 50  # with fewer, intervals cover too little; see docs/background/statistics.md


@dataclass(frozen=True, slots=True)
class InterimAnalyses:
    """Interim analyses after `first` replications, after twice as many, and so on, up to `most`.

    They are fixed before anything is simulated. A statement made at each analysis at the level of
    `level(statements)` (Bonferroni over analyses and statements) therefore holds at 95 % over all
    of them, whichever turns out to be the last. ValueError for fewer than two replications at
    first, or for a limit below them.
    """

    first: int = FIRST
    most: int = 8 * FIRST

    def __post_init__(self) -> None:
        if self.first < 2:
            raise ValueError(f"at least two replications are needed, not {self.first}")
        if self.most < self.first:
            raise ValueError(
                f"at most {self.most} replications is fewer than {self.first} at first"
            )

    def __iter__(self) -> Iterator[int]:
        n = self.first
        while n < self.most:
            yield n
            n *= 2
        yield self.most

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def after(self, n: int) -> int | None:
        """The look that follows the one after `n` replications; None after the last."""
        return next((look for look in self if look > n), None)

    def level(self, statements: int) -> float:
        """The level of each of so many statements at each look."""
        return simultaneous(LEVEL, statements * len(self))
