"""The options that every way of playing designs shares: how often, how surely, by what, and what is
saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from ccsim.errors import suggestion
from ccsim.experiment.replications.executors import Executor
from ccsim.experiment.replications.replicate import ENGINES, Engine
from ccsim.statistics import Estimate

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

LARGEST_SEED = 2**53  # as in a scenario

Progress = Callable[[int, int, Estimate], None]
"""Called with (replications done, of how many, the main measure so far) after each one."""

Watching = Callable[["Scenario", int, int, Estimate], None]
"""The same, with the scenario that is played before them, where there are several."""


class Given(TypedDict, total=False):
    """The options as keywords of `ccsim.run` and the others, which take replications by place,
    too; see `Options`."""

    precision: Sequence[str]
    at_most: int | None
    seed: int | None
    engine: Engine
    workers: int | None
    executor: Executor | None
    force: bool
    store: str | Path | None
    out: str | Path | None
    save: bool
    keep_records: bool
    progress: Progress | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How designs are played: what `run`, `compare`, `sweep`, `uncertain` and `test` share.

    Each of them takes these by name, or as one object: `ccsim.run("desk.yaml", seed=7)` is
    `ccsim.run("desk.yaml", options=ccsim.Options(seed=7))`. What is given by name comes before
    what the object says.

    replications: how often the calendar is played; None is what the scenario says.
    precision: half-widths that are wanted, as text (`phone.service_level: 0.5 points`);
        replications are added until all are reached, or there are `at_most`.
    at_most: the limit of replications for `precision`; None is 20 times those at first.
    seed: a whole number from 0 to 2**53; None is what the scenario says.
    engine: `compiled`, or `simpy`, the reference, which is slow.
    workers: replications side by side; None is one a core. Results do not depend on it.
    executor: what computes the replications in place of this machine's threads or processes: a
        function of the work and the numbers of replications, which yields (number, result) in any
        order, as `concurrent.futures` or a cluster would.
    force: plays what is estimated not to fit into memory, or to take more than a day.
    store: the folder that answers replications simulated before and keeps new ones.
    out: the folder for the results; `save` makes a new one under results/.
    keep_records: also saves every contact's way and every agent's duty.
    progress: called after each replication.

    ValueError for an engine that does not exist, and for numbers out of range.
    """

    replications: int | None = None
    precision: Sequence[str] = ()
    at_most: int | None = None
    seed: int | None = None
    engine: Engine = ENGINES[0]
    workers: int | None = None
    executor: Executor | None = None
    force: bool = False
    store: str | Path | None = None
    out: str | Path | None = None
    save: bool = False
    keep_records: bool = False
    progress: Progress | None = None

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise ValueError(f"there is no engine '{self.engine}' (engines: {', '.join(ENGINES)})")
        for what, number in (("worker", self.workers), ("replication", self.replications)):
            if number is not None and not _is_whole(number):
                raise ValueError(f"{what}s are a whole number, not {number!r}")
            if number is not None and number < 1:
                raise ValueError(f"at least one {what} is needed, not {number}")
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


def options_of(
    options: Options | None,
    replications: int | None,
    given: Given,
    *,
    without: Sequence[str] = (),
) -> Options:
    """The options of a call: those given by name before those of the object.

    without: options that the call has no use for. TypeError for a name that is no option;
    ValueError for one that is set and has no use.
    """
    known = [field.name for field in fields(Options)]
    for name in given:
        if name not in known:
            raise TypeError(f"there is no option '{name}'{suggestion(name, known, 'options')}")
    made = replace(options or Options(), **given)
    if replications is not None:
        made = replace(made, replications=replications)
    for name in without:
        if getattr(made, name) != getattr(Options(), name):
            raise ValueError(f"the option '{name}' has no use here")
    return made


def _is_whole(number: object) -> bool:
    """Whether it is one of Python's own integers; False counts as 0 in Python, and is refused."""
    return isinstance(number, int) and not isinstance(number, bool)
