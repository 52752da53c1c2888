"""Which of several designs is best: selection under the same customers, with a guarantee.

All designs still in play play the same replications. At looks, fixed before (after 50, then after
a tenth more each), a design drops out when it surely misses a target, or when a design that surely
meets all targets is surely better. The selection ends when none of those left can be better than
the leader by more than the difference that matters. All that is said at the end holds together at
95 %, as far as what happens in fewer than one replication of 17 does not decide (`sequential`).

This is selection with a guarantee of a good selection (Kim and Nelson, ACM TOMACS 11 (2001)
251-273; Hong, Fan and Luo, Frontiers of Engineering Management 8 (2021)) on a bound of our own
choice. Designs are never given unequal numbers of replications: that would destroy the pairing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ccsim.statistics.samples import Sample
from ccsim.statistics.sequential import FIRST, Evidence

ERROR = 0.05  # of all statements together
TO_MISS, TO_MEET = 0.2, 0.2  # parts of the error left to `misses` and to `meets`; the rest compares
TARGET = Literal["meets", "misses", "undecided"]
Standing = Literal["best", "as good", "worse", "misses", "left out", "undecided"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What a target or an expectation asks of a measure, and the evidence so far.

    `tolerance`: a value that is short of the bound by no more than this meets it.
    """

    key: str
    evidence: Evidence
    at_least: float | None = None
    at_most: float | None = None
    tolerance: float = 0.0

    def meets(self, error: float) -> bool:
        """Whether the bound surely holds, to within the tolerance."""
        low, high = self.evidence.lower(error), self.evidence.upper(error)
        return (self.at_least is None or low >= self.at_least - self.tolerance) and (
            self.at_most is None or high <= self.at_most + self.tolerance
        )

    def missed_by(self, error: float) -> tuple[float, float] | None:
        """By how much the bound is surely missed, at least and at most; None where it is not."""
        low, high = self.evidence.lower(error), self.evidence.upper(error)
        if self.at_least is not None and high < self.at_least:
            return self.at_least - high, self.at_least - low
        if self.at_most is not None and low > self.at_most:
            return low - self.at_most, high - self.at_most
        return None


@dataclass(frozen=True, slots=True)
class Miss:
    """A bound that a design surely misses, and by how much, in the measure's unit."""

    key: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Stand:
    """How one design stands at the end.

    `targets` says whether it meets what is asked. `low` and `high` bound by how much it is worse
    than the leader (negative: better), in the measure's unit; None without a leader. `out_after`
    is the look at which it dropped out; `why` names what a design was left out for.
    """

    design: str
    standing: Standing
    targets: TARGET
    value: float
    low: float | None = None
    high: float | None = None
    misses: tuple[Miss, ...] = ()
    why: tuple[str, ...] = ()
    out_after: int | None = None


@dataclass
class Selection:
    """The rule, look after look. Give every look to `look`, until `finished`.

    designs: their names, in the order shown. larger_is_better: of the objective. within: the
    difference that matters, in the objective's unit, at least 0. most: the last look.
    """

    designs: Sequence[str]
    larger_is_better: bool
    within: float
    most: int
    error: float = ERROR
    first: int = FIRST
    alive: list[str] = field(init=False)
    leader: str | None = field(init=False, default=None)
    finished: bool = field(init=False, default=False)
    stands: dict[str, Stand] = field(init=False, default_factory=dict)
    wanted: int | None = field(init=False, default=None)
    _meets: set[str] = field(init=False, default_factory=set)
    _bounded: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        if self.within < 0 or not math.isfinite(self.within):
            raise ValueError(f"the difference that matters is at least 0, not {self.within}")
        if not self.designs:
            raise ValueError("there is no design to choose from")
        self.alive = list(self.designs)

    def after(self, n: int) -> int:
        """The look that follows the one after n replications; n itself after the last."""
        if n < self.first:
            return min(self.first, self.most)
        return min(math.ceil(1.1 * n), self.most)

    @property
    def regret(self) -> float | None:
        """How much may be lost at most by taking the leader; None without a leader or bound."""
        if self.leader is None:
            return None
        lows = [self.stands[name].low for name in self.alive if name != self.leader]
        known = [low for low in lows if low is not None]
        worst = max([0.0, *(-low for low in known)])
        return worst if math.isfinite(worst) else None

    def look(
        self, n: int, values: Mapping[str, Sample], bounds: Mapping[str, Sequence[Bound]]
    ) -> None:
        """Take in what n replications say of the designs in play.

        values: the objective of each; bounds: what is asked of each, with its evidence.
        """
        asked = max((len(each) for each in bounds.values()), default=0)
        self._bounded = self._bounded or asked > 0
        self._judge(n, values, bounds, asked)
        self._compare(n, values)
        self.finished = self.finished or n >= self.most

    def leave_out(self, n: int, name: str, value: float, why: Sequence[str]) -> None:
        """Take a design out of play after n replications that is no choice at all, whatever it
        reaches; `why` in words of the caller."""
        stand = Stand(name, "left out", "undecided", value, why=tuple(why), out_after=n)
        self._drop(stand)

    # --- targets ----------------------------------------------------------------------------------

    def _judge(
        self,
        n: int,
        values: Mapping[str, Sample],
        bounds: Mapping[str, Sequence[Bound]],
        asked: int,
    ) -> None:
        k = len(self.designs)
        for name in list(self.alive):
            of_design = bounds.get(name, ())
            to_miss = self.error * TO_MISS / (k * max(1, asked))
            misses = tuple(
                Miss(bound.key, *by)
                for bound in of_design
                if (by := bound.missed_by(to_miss)) is not None
            )
            if misses and name not in self._meets:
                value = values[name].value
                stand = Stand(name, "misses", "misses", value, misses=misses, out_after=n)
                self._drop(stand)
            # To call a design good that is not, the one bound that it misses must be misjudged.
            elif all(bound.meets(self.error * TO_MEET / k) for bound in of_design):
                self._meets.add(name)

    # --- the objective ----------------------------------------------------------------------------

    def _compare(self, n: int, values: Mapping[str, Sample]) -> None:
        good = {
            name: values[name] if self.larger_is_better else values[name].turned()
            for name in self.alive
        }
        met = [name for name in self.alive if name in self._meets]
        defined = [name for name in met if not math.isnan(good[name].value)]
        if not defined:
            self.leader = None
            for name in self.alive:
                self.stands[name] = Stand(name, "undecided", self._of(name), values[name].value)
            self.finished = not self.alive
            return
        self.leader = leader = max(defined, key=lambda name: good[name].value)
        part = 1.0 - TO_MISS - TO_MEET if self._bounded else 1.0
        error = self.error * part / max(1, len(self.designs) - 1)
        open_: list[tuple[Evidence, float]] = []
        for name in list(self.alive):
            if name == leader:
                continue
            worse = good[leader].less(good[name]).evidence()
            low, high = worse.lower(error), worse.upper(error)
            standing: Standing = "as good" if -low <= self.within else "undecided"
            told = low, high
            stand = Stand(name, standing, self._of(name), values[name].value, *told)
            if low > 0.0:
                self._drop(
                    Stand(name, "worse", self._of(name), values[name].value, *told, out_after=n)
                )
            else:
                self.stands[name] = stand
                if standing == "undecided":
                    open_.append((worse, max(worse.value, self.within + worse.value)))
        best: Standing = "undecided" if open_ else "best"
        self.stands[leader] = Stand(leader, best, "meets", values[leader].value, 0.0, 0.0)
        self.finished = not open_
        needed = [e.replications_for(error, length) if length > 0 else None for e, length in open_]
        self.wanted = None if None in needed else max((x for x in needed if x), default=None)

    def _of(self, name: str) -> TARGET:
        return "meets" if name in self._meets else "undecided"

    def _drop(self, stand: Stand) -> None:
        self.alive.remove(stand.design)
        self.stands[stand.design] = stand
