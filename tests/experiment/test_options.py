"""The options that all ways of playing share."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import pytest

import ccsim
from ccsim.experiment.execution.options import Given, Options, options_of

TAKES = (ccsim.run, ccsim.compare, ccsim.sweep, ccsim.uncertain, ccsim.test, ccsim.what_would_turn)


def test_every_option_may_be_given_by_name() -> None:
    by_place = {"replications"}
    assert {field.name for field in fields(Options)} == set(Given.__annotations__) | by_place


@pytest.mark.parametrize("call", TAKES)
def test_all_ways_of_playing_take_them(call: Any) -> None:
    known = inspect.signature(call).parameters
    assert {"replications", "options", "given"} <= set(known)
    assert not {"seed", "engine", "workers", "store", "force", "out"} & set(known)


def test_each_option_is_described() -> None:
    described = Options.__doc__ or ""
    assert all(f"{field.name}" in described for field in fields(Options))


def test_one_object_says_the_same_as_names(desk_file: Path) -> None:
    by_name = ccsim.run(desk_file, 3, seed=5, workers=1)
    as_object = ccsim.run(desk_file, options=Options(replications=3, seed=5, workers=1))
    assert by_name.to_json() == as_object.to_json()


def test_what_is_given_by_name_comes_first(desk_file: Path) -> None:
    how = Options(replications=9, seed=5, workers=1)
    found = ccsim.run(desk_file, 2, options=how, seed=6)
    assert (found.replications, found.seed) == (2, 6)


def test_options_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Options().seed = 3  # type: ignore[misc]


def test_a_name_that_is_none_is_refused_with_the_nearest(desk_file: Path) -> None:
    with pytest.raises(TypeError, match="there is no option 'worker'; did you mean 'workers'"):
        ccsim.run(desk_file, worker=1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("call", "option"),
    [
        (ccsim.uncertain, {"precision": ["all.abandoned: 1 point"]}),
        (ccsim.uncertain, {"keep_records": True}),
        (ccsim.sweep, {"keep_records": True}),
        (ccsim.test, {"out": "somewhere"}),
    ],
)
def test_an_option_without_use_is_refused(call: Any, option: Any, desk_file: Path) -> None:
    (name,) = option
    with pytest.raises(ValueError, match=f"the option '{name}' has no use here"):
        call(desk_file, **option)


def test_an_executor_of_ones_own_computes_the_same(desk_file: Path) -> None:
    """As a cluster would: in any order, somewhere else."""
    asked: list[int] = []

    def elsewhere(work: Any, numbers: Sequence[int]) -> Iterator[tuple[int, Any]]:
        asked.extend(numbers)
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(work, numbers))
        yield from reversed(list(zip(numbers, found, strict=True)))

    ours = ccsim.run(desk_file, 4, executor=elsewhere)
    assert asked == [0, 1, 2, 3]
    assert ours.to_json() == ccsim.run(desk_file, 4, workers=1).to_json()


def test_options_of_nothing_are_the_defaults() -> None:
    assert options_of(None, None, {}) == Options()
