"""A finished run read back from its folder, with every estimate as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ccsim.experiment.headline import headline_measures
from ccsim.experiment.result import Comparison, DesignResult, Run
from ccsim.experiment.table import KpiTable
from ccsim.measures.catalogue import describe, interval_measures, known_measures
from ccsim.measures.histogram import Histogram, bin_of
from ccsim.scenario.clock import LocalClock

if TYPE_CHECKING:
    import pyarrow as pa

    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario


def from_folder(path: Path, about: Mapping[str, Any]) -> Run | Comparison:
    """What the manifest `about` and the tables beside it say."""
    n = int(about["replications"])
    kpis, intervals, histograms = (
        _by_design(path / f"{name}.parquet") for name in ("kpis", "intervals", "histograms")
    )
    results = {}
    for name, said in about["designs"].items():
        design = _design(name, said)
        table = _table(design.scenario, n, kpis[name], intervals.get(name), histograms.get(name))
        results[name] = DesignResult(name, design, table)
    finished = about.get("finished")
    common: dict[str, Any] = {
        "results": results,
        "seed": int(about["seed"]),
        "asked": int(about["asked"]),
        "engine": about["engine"],
        "first_attempts": about.get("first_attempts"),
        "finished": dt.datetime.fromisoformat(finished) if finished else None,
        "seconds": float(about.get("seconds") or 0.0),
        "folder": path,
    }
    if about["kind"] != "compare":
        return Run(**common)
    asked = headline_measures(result.scenario for result in results.values())
    return Comparison(**common, against=about["against"], asked_measures=asked)


def _design(name: str, said: Mapping[str, Any]) -> Design:
    """The resolved design. Its files' contents are not kept, so it cannot be simulated again."""
    from ccsim.scenario.quantities import FROM_FILE
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario
    from ccsim.scenario.tree import Place, from_plain

    plain = from_plain(said["scenario"], Place("run.json")).plain()
    scenario = Scenario.model_validate(plain, context=FROM_FILE)
    return Design(name, scenario, about=said.get("about", ""))


def _by_design(path: Path) -> dict[str, pa.Table]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    names = pc.unique(table["design"]).to_pylist()
    return {name: table.filter(pc.equal(table["design"], name)) for name in names}


def _table(
    scenario: Scenario,
    n: int,
    kpis: pa.Table,
    intervals: pa.Table | None,
    histograms: pa.Table | None,
) -> KpiTable:
    measures = known_measures(scenario)
    keys = tuple(key for key in measures if describe(key).kind != "quantile")
    interval_keys = interval_measures(scenario)
    totals = np.zeros((n, len(keys), 2))
    row, known = _codes(kpis, keys)
    at = _ints(kpis, "replication")[known]
    totals[at, row, 0] = _floats(kpis, "numerator")[known]
    totals[at, row, 1] = _floats(kpis, "denominator")[known]
    count = len(LocalClock(scenario.calendar).interval_starts)
    by_interval = np.zeros((n, len(interval_keys), count, 2))
    by_interval[:, [describe(key).kind == "total" for key in interval_keys], :, 1] = 1.0
    if intervals is not None:
        row, known = _codes(intervals, interval_keys)
        cell = _ints(intervals, "replication")[known], row, _ints(intervals, "interval")[known]
        by_interval[(*cell, 0)] = _floats(intervals, "numerator")[known]
        by_interval[(*cell, 1)] = _floats(intervals, "denominator")[known]
    return KpiTable(
        measures, keys, totals, interval_keys, by_interval, _histograms(measures, n, histograms)
    )


def _histograms(
    measures: tuple[str, ...], n: int, table: pa.Table | None
) -> dict[str, tuple[Histogram, ...]]:
    from ccsim.measures.catalogue import quantile_of

    quantiles = (key for key in measures if describe(key).kind == "quantile")
    keys = tuple(dict.fromkeys(quantile_of(key)[0] for key in quantiles))
    if table is None:
        return {key: (Histogram.empty(),) * n for key in keys}
    code, known = _codes(table, keys)
    replication = _ints(table, "replication")[known]
    bins = bin_of(_ints(table, "from_us")[known])
    counts = _ints(table, "count")[known]
    order = np.lexsort((bins, replication, code))
    group = (code * n + replication)[order]
    edges = np.searchsorted(group, np.arange(len(keys) * n + 1))
    parts = [
        Histogram(bins[order][a:b], counts[order][a:b])
        for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    ]
    return {key: tuple(parts[i * n : (i + 1) * n]) for i, key in enumerate(keys)}


def _codes(table: pa.Table, words: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The place of each row's measure among `words`, and which rows have one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.index_in(table["measure"], value_set=pa.array(list(words), pa.string()))
    codes = np.asarray(pc.fill_null(found, -1).to_numpy(), dtype=np.int64)
    known = codes >= 0
    return codes[known], known


def _ints(table: pa.Table, column: str) -> NDArray[np.int64]:
    return np.asarray(table[column].to_numpy(), dtype=np.int64)


def _floats(table: pa.Table, column: str) -> NDArray[np.float64]:
    return np.asarray(table[column].to_numpy(), dtype=np.float64)
