"""Which assumption would turn the verdict of a comparison first, and how far it must move.

One at a time each assumption is moved to its limit, either way, under the same customers. Where the
verdict is then another one, the point at which it turns is looked for by bisection, as long as no
other assumption turns it before. The verdict turns where the figure of something that it says
surely crosses over; two more searches tell up to where by the intervals all of it surely still
holds, and from where some of it has surely turned. The first crossing on the way is taken to be the
only one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Unpack

from ccsim.experiment.execution.options import Given, Options, options_of
from ccsim.experiment.execution.result import Comparison
from ccsim.experiment.execution.reversal import Kind, Statement, Tried, Turn, Turning, Was
from ccsim.experiment.execution.run import compared
from ccsim.experiment.results.expectations import Judgement, bounds
from ccsim.experiment.results.headline import cost_measure, main_measure
from ccsim.experiment.results.targets import targets
from ccsim.experiment.studies.assumptions import Moved, assumptions
from ccsim.statistics import Estimate, target_status
from ccsim.statistics.verdict import TargetStatus

if TYPE_CHECKING:
    from ccsim.scenario.schema import Calendar

REPLICATIONS = 30  # of each point, or as many as the comparison has

Watching = Callable[[int, str], None]
"""Told how many points were played, and which assumption is moved now, before each of them."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """How a statement stands: 1 or -1 by the figure, and what of that is sure (0: nothing)."""

    figure: int
    sure: int
    measure: str = ""


Stands = Mapping[tuple[Kind, str], _Stand]  # by kind and design


def what_would_turn(
    found: Comparison,
    replications: int | None = None,
    *,
    watching: Watching | None = None,
    options: Options | None = None,
    **given: Unpack[Given],
) -> Turning:
    """Find which of the scenario's uncertain assumptions would turn the verdict of a comparison
    first; without such, which of volumes, handle times, patience and absence, within 30 % either
    way.

    Each point is played with `replications` (30, or as many as the comparison has), under the seed
    and by the engine of the comparison; options as in `ccsim.compare`. watching: called with the
    number of a point and what is moved there. A Ctrl-C ends the search with what is known by then.
    ValueError for options that have no use here.
    """
    unused = ("precision", "at_most", "seed", "out", "save", "keep_records")
    how = options_of(options, replications, given, without=unused)
    how = replace(
        how,
        replications=how.replications or min(found.replications, REPLICATIONS),
        seed=found.seed,
        engine=found.engine,
    )
    search = _Search(found, how, watching)
    stated, moves = assumptions(found.designs)
    try:
        return search.result(stated, moves)
    except KeyboardInterrupt:
        return search.so_far(stated, moves, stopped=True)


class _Search:
    def __init__(self, found: Comparison, how: Options, watching: Watching | None) -> None:
        self.found, self.how, self.watching = found, how, watching
        self.was = {key: each for key, each in stands(found).items() if each.sure}
        self.played: dict[tuple[Moved, int], Stands] = {}
        self.crossings: dict[Moved, int] = {}
        self.first: Moved | None = None

    def result(self, stated: bool, moves: Sequence[Moved]) -> Turning:
        if self.was:
            turning = [move for move in moves if self.turns(move, move.steps)]
            for move in turning:
                self.look(move)
        if self.first is not None:
            self.look_for_sure(self.first)
        return self.so_far(stated, moves)

    def look(self, move: Moved) -> None:
        """Where it turns the verdict, unless another one does before."""
        high = move.steps
        if self.first is not None:
            high = int(self.share(self.first) * move.steps)
            if high < 1 or not self.turns(move, high):
                return
        low = 0
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.turns(move, middle) else (middle, high)
        self.crossings[move] = high
        if self.first is None or self.share(move) < self.share(self.first):
            self.first = move

    def look_for_sure(self, move: Moved) -> None:
        """Up to where the verdict surely holds on the way, and from where it has surely turned."""
        low, high = 0, self.crossings[move]
        while high - low > 1:
            middle = (low + high) // 2
            self.play(move, middle)
            low, high = (middle, high) if self.holds(move, middle) else (low, middle)
        low, high = self.crossings[move], move.steps
        while high - low > 1 and self.surely(move, high):
            middle = (low + high) // 2
            self.play(move, middle)
            if not self.surely(move, middle):
                low = middle
            else:
                high = middle

    def share(self, move: Moved) -> float:
        return self.crossings[move] / move.steps

    def turns(self, move: Moved, step: int) -> bool:
        """Whether the figure of anything that the verdict says has crossed over."""
        at = self.play(move, step)
        return any(at[key].figure == -was.sure for key, was in self.was.items())

    def play(self, move: Moved, step: int) -> Stands:
        known = self.played.get((move, step))
        if known is None:
            if self.watching is not None:
                self.watching(len(self.played), f"{move.name} {move.written(step)}")
            designs = move.designs(self.found.designs, step)
            found = compared(designs, self.how, against=self.found.against)
            if found.partial:
                raise KeyboardInterrupt
            known = self.played[move, step] = stands(found)
        return known

    def so_far(self, stated: bool, moves: Sequence[Moved], stopped: bool = False) -> Turning:
        tried = []
        for move in moves:
            if (move, move.steps) not in self.played:
                continue
            at = self.crossings.get(move)
            turns = self.turns(move, move.steps)
            words = None if at is None else move.written(at)
            share = None if at is None else self.share(move)
            tried.append(Tried(move.name, move.written(move.steps), turns, words, share))
        said = tuple(_statement(key, each) for key, each in self.was.items())
        first = None if self.first is None else self.turn(self.first)
        size, points = self.how.replications or 0, len(self.played)
        return Turning(first, tuple(tried), said, stated, size, points, stopped)

    def turn(self, move: Moved) -> Turn:
        at = self.crossings[move]
        there = self.played[move, at]
        otherwise = tuple(
            replace(_statement(key, was), measure=there[key].measure or was.measure)
            for key, was in self.was.items()
            if there[key].figure == -was.sure
        )
        holds = [step for step in self.steps_of(move) if self.holds(move, step)]
        turned = [step for step in self.steps_of(move) if self.surely(move, step)]
        return Turn(
            move.name,
            move.written(at),
            self.share(move),
            otherwise,
            move.written(max(holds)) if holds else None,
            move.written(min(turned)) if turned else None,
        )

    def steps_of(self, move: Moved) -> list[int]:
        return [step for each, step in self.played if each == move]

    def holds(self, move: Moved, step: int) -> bool:
        at = self.played[move, step]
        return all(at[key].sure == was.sure for key, was in self.was.items())

    def surely(self, move: Moved, step: int) -> bool:
        at = self.played[move, step]
        return any(at[key].sure == -was.sure for key, was in self.was.items())


def _statement(key: tuple[Kind, str], stand: _Stand) -> Statement:
    kind, design = key
    was: tuple[Was, Was] = ("met", "missed") if kind == "targets" else ("more", "less")
    return Statement(kind, design, was[0 if stand.sure > 0 else 1], stand.measure)


# --- what a comparison says -----------------------------------------------------------------------


def stands(found: Comparison) -> dict[tuple[Kind, str], _Stand]:
    """All that a verdict may say: of each design whether it keeps every promise, and of each that
    is compared whether it has more or less of the main service, and of cost (of what is left of it
    where something is sold beside)."""
    main = main_measure(found.scenario)
    stated: dict[tuple[Kind, str], _Stand] = {
        ("targets", name): each for name, each in _promises(found)
    }
    for name in found.others:
        shared = found.shared(name)
        kinds: tuple[tuple[Kind, str], ...] = (("service", main), ("cost", cost_measure(shared)))
        for kind, key in kinds:
            if key in shared:
                stated[kind, name] = _difference(found.difference(name, key).estimate, key)
    return stated


def _difference(estimate: Estimate, key: str) -> _Stand:
    value, low, high = estimate.value, estimate.low, estimate.high
    if value is None or low is None or high is None:
        return _Stand(0, 0, key)
    sure = 1 if low > 0 else -1 if high < 0 else 0
    return _Stand((value > 0) - (value < 0), sure, key)


def _promises(found: Comparison) -> Iterator[tuple[str, _Stand]]:
    """How each design stands with all its promises; the measure is that of the first it misses."""
    for name, result in found.results.items():
        figures, sure = [], []
        wanted = targets(result.scenario)
        for key, estimate in found.promised[name].items():
            exact = result.estimate(key)
            exact = replace(exact, low=exact.value, high=exact.value)
            figures.append((target_status(exact, at_least=wanted[key]), key))
            sure.append(target_status(estimate, at_least=wanted[key]))
        for each in found.judged[name]:
            figures.append((_figure(each, result.scenario.calendar), each.expectation.measure))
            sure.append(each.status)
        if not figures:
            continue
        missed = next((key for word, key in figures if word == "missed"), "")
        surely = 1 if set(sure) == {"met"} else -1 if "missed" in sure else 0
        yield name, _Stand(-1 if missed else 1, surely, missed)


def _figure(judged: Judgement, calendar: Calendar) -> TargetStatus:
    """Kept or missed by the figure itself; where each day must hold, missed only where one surely
    does not."""
    expected, exact = judged.expectation, judged.estimate
    exact = replace(exact, low=exact.value, high=exact.value)
    if expected.over is None:
        return target_status(exact, *bounds(expected, calendar))
    if expected.in_ is not None:
        return target_status(exact, at_least=expected.in_)
    return "missed" if judged.status == "missed" else "met"
