"""Distributions of a scenario as quantile tables.

A distribution may be named (`as: calls`), and then only says what differs: the mean, usually. One
without a family is exponential, unless what it gives says which it is: `between` a uniform one,
`parts` a hyperexponential one, `file` a sample, `cv` a lognormal one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ccsim.network import quantiles
from ccsim.network.quantiles import QuantileTable
from ccsim.numerics.elementary import exact_sum
from ccsim.scenario.blocks.base import family_of
from ccsim.scenario.clock import SECOND
from ccsim.scenario.schema import Distribution, Handle

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.tables.files import FileTable

TABLES_KEPT = 512  # tables are immutable and shared: equal distributions are one object
LONGEST_WAIT = float(1 << 58)  # us: 9,000 years
FALSE_WORDS = frozenset({"0", "no", "false", "censored"})


class Spreads:
    """The tables of one design."""

    def __init__(self, design: Design) -> None:
        self._named: Mapping[str, Distribution] = design.scenario.distributions
        self._files: Mapping[str, FileTable] = design.files

    def effort(self, handle: Distribution) -> QuantileTable:
        """How much more or less work a contact is than the average one; mean 1."""
        return self._of_mean_one(self.resolved(handle))

    def mean(self, distribution: Distribution) -> int:
        """Mean of a distribution, us: as given, else of its bounds, parts or sample."""
        full = self.resolved(distribution)
        if full.mean is not None:
            return full.mean
        if full.between is not None:
            return round((full.between[0] + full.between[1]) / 2)
        if full.parts is not None:
            return round(exact_sum(share * mean for share, mean in full.parts))
        if full.file is not None:
            return round(self._shape(full).mean())
        raise ValueError("a distribution needs a mean")

    def wrap_up_mean(self, handle: Handle) -> int:
        """Mean of the work after a contact, us."""
        if handle.wrap_up or handle.wrap_up_as is None:
            return handle.wrap_up
        return self.mean(self._named[handle.wrap_up_as])

    def wrap_up(self, handle: Handle) -> QuantileTable | None:
        """The spread of wrap-up with mean 1; None where each takes exactly its mean."""
        if handle.wrap_up_as is None:
            return None
        return self._of_mean_one(self.resolved(self._named[handle.wrap_up_as]))

    def delay(self, distribution: Distribution) -> QuantileTable:
        """How long until a customer comes again, us."""
        return self._scaled(self.resolved(distribution))

    def patience(self, distribution: Distribution | None) -> QuantileTable | None:
        """Patience, us; None where nobody leaves. The mean is that of those who neither hang up at
        once nor stay for ever."""
        if distribution is None:
            return None
        full = self.resolved(distribution)
        if full.never >= 1.0:
            return None
        return _with_atoms(self._scaled(full), full.hangs_up_at_once, full.never)

    def resolved(self, distribution: Distribution) -> Distribution:
        """The distribution with what it takes from the one that it names."""
        if distribution.as_ is None:
            return distribution
        own = {
            name: value
            for name in Distribution.model_fields
            if name != "as_" and name in distribution.model_fields_set
            for value in [getattr(distribution, name)]
            if value is not None
        }
        return self.resolved(self._named[distribution.as_]).model_copy(update=own)

    def _of_mean_one(self, full: Distribution) -> QuantileTable:
        shape = self._shape(full)  # where all values are zero, so is the mean that multiplies it
        return quantiles.constant(1.0) if shape.mean() == 0.0 else _rescaled(shape, 1.0)

    def _scaled(self, full: Distribution) -> QuantileTable:
        return _bounded(_rescaled(self._shape(full), float(self.mean(full))))

    def _shape(self, full: Distribution) -> QuantileTable:
        family = family_of(full)
        if family == "sample":
            values, observed = _sample_columns(self._files[full.file or ""])
            return _sample(values, observed)
        return _family(family, full.cv, full.shape, full.between, full.parts)


@lru_cache(maxsize=TABLES_KEPT)
def _family(
    family: str,
    cv: float | None,
    shape: float | None,
    between: tuple[int, int] | None,
    parts: tuple[tuple[float, int], ...] | None,
) -> QuantileTable:
    """A table of the family's shape; its mean is 1 unless bounds or parts give it."""
    if family == "exponential":
        return quantiles.exponential(1.0)
    if family == "constant":
        return quantiles.constant(1.0)
    if family == "lognormal":
        return quantiles.lognormal(1.0, 1.0 if cv is None else cv)
    if family == "gamma":
        return quantiles.gamma(1.0, cv=cv, shape=shape)
    if family == "weibull":
        return quantiles.weibull(1.0, shape=shape, cv=cv)
    if family == "erlang" and shape is not None:
        return quantiles.erlang(1.0, shape)
    if family == "uniform" and between is not None:
        return quantiles.uniform(*between)
    if family == "hyperexponential" and parts is not None:
        return quantiles.hyperexponential(parts)
    raise ValueError(f"the distribution {family} is not fully described")


@lru_cache(maxsize=TABLES_KEPT)
def _sample(values: tuple[float, ...], observed: tuple[bool, ...] | None) -> QuantileTable:
    return quantiles.sample(values, observed)


@lru_cache(maxsize=TABLES_KEPT)
def _rescaled(table: QuantileTable, mean: float) -> QuantileTable:
    if mean == 0.0:
        return quantiles.constant(0.0)
    return table if table.mean() == mean else table.scaled_to(mean)


@lru_cache(maxsize=TABLES_KEPT)
def _bounded(table: QuantileTable) -> QuantileTable:
    """The table with no value beyond a time that no calendar reaches: sums of instants hold it."""
    if max(float(table.nodes.max()), table.high) <= LONGEST_WAIT:
        return table
    nodes = np.minimum(table.nodes, LONGEST_WAIT)
    return replace(table, nodes=nodes, high=min(table.high, LONGEST_WAIT))


@lru_cache(maxsize=TABLES_KEPT)
def _with_atoms(table: QuantileTable, at_zero: float, never: float) -> QuantileTable:
    if at_zero == 0.0 and never == 0.0:
        return table
    return table.with_atoms(at_zero=at_zero, never=never)


def _sample_columns(file: FileTable) -> tuple[tuple[float, ...], tuple[bool, ...] | None]:
    """Durations in us from the first column in seconds; from a second column whether each was
    observed to its end or is a lower bound (censored)."""
    columns = list(file.columns.values())
    values = tuple(float(text) * SECOND for text in columns[0])
    if len(columns) == 1:
        return values, None
    return values, tuple(text.strip().lower() not in FALSE_WORDS for text in columns[1])
