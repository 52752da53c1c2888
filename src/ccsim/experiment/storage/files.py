"""The Parquet tables of a run: their columns, with unit and meaning in the files themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ccsim.experiment.results.durations import edges_of, flat
from ccsim.experiment.storage.disk import Part
from ccsim.measures.catalogue import describe
from ccsim.measures.flows import MEANING as WAYS
from ccsim.records import Column
from ccsim.scenario.uncertainty.spread import spread_of

if TYPE_CHECKING:
    import pyarrow as pa

    from ccsim.experiment.results.cuts import By
    from ccsim.experiment.results.design_result import DesignResult

ROWS_AT_ONCE = 1 << 18  # of a table that may have millions

MEANING: dict[str, tuple[str, str]] = {  # column: (unit, meaning)
    "design": ("", "name of the design; `base` is the scenario itself"),
    "replication": ("", "number of the replication, from 0: the same customers in every design"),
    "measure": ("", "scope.measure, as `ccsim measures` lists them"),
    "numerator": ("of the measure", "total above the line; sum it before dividing"),
    "denominator": ("of the measure", "total below the line; 1 for totals, 0 where undefined"),
    "value": ("of the measure", "numerator / denominator; null where undefined"),
    "by": ("", "how the horizon is cut: interval, time (of day), day, weekday, week"),
    "group": ("", "number of the interval, time of day, day ..., from 0 in the order of time"),
    "label": ("", "the group in words, in the scenario's time zone"),
    "low": ("of the measure", "lower end of the 95 % interval; null where there is none"),
    "high": ("of the measure", "upper end of the 95 % interval; null where there is none"),
    "numerators": ("of the measure", "sum over replications of what stands above the line"),
    "denominators": ("of the measure", "sum over replications of what stands below the line"),
    "squared_numerators": ("", "sum over replications of the square of each"),
    "squared_denominators": ("", "sum over replications of the square of each"),
    "products": ("", "sum over replications of numerator x denominator"),
    "from_us": ("us", "the shortest duration of the bin"),
    "to_us": ("us", "the longest duration of the bin"),
    "count": ("contacts", "durations in the bin; contacts that passed"),
    "from": ("", "the line that they left, as the queues in run.json; empty: they came"),
    "how": ("", "how they came, went on or ended; the words are in the table's metadata"),
    "to": ("", "the line that they went to; empty: they left"),
    "draw": ("", "number of the draw of the uncertain assumptions, from 0"),
    "path": ("", "the assumption, as the scenario's `uncertain` names it"),
    "share": ("", "below which share of its distribution it was drawn, the same in every design"),
    "written": ("as written", "the value, or the change of what stands there"),
}


SUMS = (
    "numerators",
    "denominators",
    "squared_numerators",
    "squared_denominators",
    "products",
)


def kpis_table(results: Mapping[str, DesignResult]) -> pa.Table:
    """One row per design, replication and measure, quantiles included, in this order."""
    import pyarrow as pa

    parts: list[pa.Table] = []
    for name, result in results.items():
        table = result.table
        n, keys = table.replications, table.measures
        num, den = np.full((2, n, len(keys)), np.nan)
        value = np.empty((n, len(keys)))
        for column, key in enumerate(keys):
            value[:, column] = table.by_replication(key)
            if describe(key).kind != "quantile":
                num[:, column], den[:, column] = table.columns(key)
        parts.append(
            _table(
                {
                    "design": _words([name], np.zeros(n * len(keys), np.int32)),
                    "replication": _ints(np.repeat(np.arange(n), len(keys))),
                    "measure": _words(keys, np.tile(np.arange(len(keys)), n)),
                    "numerator": _floats(num.reshape(-1)),
                    "denominator": _floats(den.reshape(-1)),
                    "value": _floats(value.reshape(-1)),
                }
            )
        )
    return _described(pa.concat_tables(parts), results)


def interval_tables(results: Mapping[str, DesignResult]) -> Iterator[pa.Table]:
    """One row per design, kind of group, measure and group in which anything was counted: sums
    over replications, and the estimate. In parts, for a year has millions of rows."""
    import pyarrow as pa

    parts: list[pa.Table] = []
    for name, result in results.items():
        for by, cut in result.table.cuts.items():
            keys = result.table.interval_keys
            at_once = max(1, ROWS_AT_ONCE // len(cut.groups))
            for first in range(0, len(keys), at_once):
                parts.append(_of_cut(name, result, by, keys[first : first + at_once]))
                if sum(map(len, parts)) > ROWS_AT_ONCE:
                    yield _described(pa.concat_tables(parts), results)
                    parts.clear()
    if parts:
        yield _described(pa.concat_tables(parts), results)


def _of_cut(name: str, result: DesignResult, by: By, keys: Sequence[str]) -> pa.Table:
    """The rows of some measures of a design, cut one way."""
    table = result.table
    cut = table.cuts[by]
    group, values = [], []
    for key in keys:
        sums = cut.of(table.interval_keys.index(key), table.replications)
        band = table.cut(key, by).band
        # the days of a total are there also where nothing was counted
        counted = sums[:, : 1 if describe(key).kind == "total" else 2].any(axis=1)
        group.append(np.flatnonzero(counted))
        values.append(np.stack([band.value, band.low, band.high, *sums.T])[:, counted])
    groups = np.concatenate(group)
    one = np.zeros(len(groups), np.int32)
    columns = {
        "design": _words([name], one),
        "by": _words([by], one),
        "measure": _words(keys, np.repeat(np.arange(len(keys)), [len(each) for each in group])),
        "group": _ints(groups),
        "label": _words(cut.groups.labels, groups),
    }
    numbers = zip(("value", "low", "high", *SUMS), np.concatenate(values, axis=1), strict=True)
    return _table(columns | {word: _floats(each) for word, each in numbers})


def durations_table(results: Mapping[str, DesignResult]) -> pa.Table:
    """One row per design, duration, replication and bin that is not empty; first (replication
    null) all replications together in finer bins."""
    import pyarrow as pa

    parts: list[pa.Table] = []
    for name, result in results.items():
        for key, durations in result.table.durations.items():
            bins, counts, sizes = flat(durations)
            edges = edges_of(bins, durations)
            replication = np.repeat(np.arange(-1, len(sizes) - 1), sizes)
            columns = {
                "design": _words([name], np.zeros(len(bins), np.int32)),
                "measure": _words([key], np.zeros(len(bins), np.int32)),
                "replication": pa.array(replication.astype(np.int32), mask=replication < 0),
                "from_us": pa.array(edges[:, 0].astype(np.int64) + 1),
                "to_us": pa.array(edges[:, 1].astype(np.int64)),
                "count": pa.array(counts),
            }
            parts.append(_table(columns))
    return _described(pa.concat_tables(parts), results)


def flows_table(results: Mapping[str, DesignResult]) -> pa.Table:
    """One row per design, replication and passage that any contact made: from which line to which,
    and how they came and ended."""
    import pyarrow as pa

    parts: list[pa.Table] = []
    for name, result in results.items():
        flows = result.table.flows
        counts = np.array([*flows.values()]).reshape(len(flows), result.table.replications)
        replication, passage = np.nonzero(counts.T)
        columns = {
            "design": _words([name], np.zeros(len(passage), np.int32)),
            "replication": _ints(replication),
            "from": _words([each.start for each in flows], passage),
            "how": _words([each.how for each in flows], passage),
            "to": _words([each.to for each in flows], passage),
            "count": pa.array(counts[passage, replication].astype(np.int64)),
        }
        parts.append(_table(columns))
    ways = json.dumps(WAYS, sort_keys=True)
    return pa.concat_tables(parts).replace_schema_metadata({"how": ways})


def draws_table(
    results: Mapping[str, DesignResult], paths: Sequence[str], at: NDArray[np.float64]
) -> pa.Table:
    """One row per design, draw and assumption; `at` (draws, paths) says where it was drawn."""
    import pyarrow as pa

    parts: list[pa.Table] = []
    for name, result in results.items():
        lines = result.scenario.uncertain
        own = [(i, path, spread_of(lines[path])) for i, path in enumerate(paths) if path in lines]
        draws, shares = np.arange(len(at)), at[:, [i for i, _, _ in own]].reshape(-1)
        written = [str(spread.written(u)) for row in at for (i, _, spread) in own for u in [row[i]]]
        columns = {
            "design": _words([name], np.zeros(len(shares), np.int32)),
            "draw": _ints(np.repeat(draws, len(own))),
            "path": _words([path for _, path, _ in own], np.tile(np.arange(len(own)), len(at))),
            "share": _floats(shares),
            "written": pa.array(written, pa.string()),
        }
        parts.append(_table(columns))
    return pa.concat_tables(parts)


class RecordFile:
    """A table of records that grows by replication, named only when it is whole."""

    def __init__(self, path: Path, columns: tuple[Column, ...]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.columns = columns
        head = [("design", pa.string()), ("replication", pa.int32())]
        fields = [pa.field(name, kind, metadata=_metadata(*MEANING[name])) for name, kind in head]
        fields += [
            pa.field(
                column.name,
                pa.from_numpy_dtype(np.dtype(column.dtype)),
                metadata=_metadata(column.unit, column.meaning),
            )
            for column in columns
        ]
        self._schema = pa.schema(fields)
        self._part = Part(path)
        self._writer = pq.ParquetWriter(
            self._part.file, self._schema, compression="zstd", write_page_checksum=True
        )

    def add(self, design: str, replication: int, rows: NDArray[np.void]) -> None:
        """Append the records of one replication of a design."""
        import pyarrow as pa

        head = [
            pa.array([design] * len(rows), pa.string()),
            pa.array(np.full(len(rows), replication, np.int32)),
        ]
        body = [pa.array(np.ascontiguousarray(rows[column.name])) for column in self.columns]
        self._writer.write_table(pa.Table.from_arrays(head + body, schema=self._schema))

    def close(self) -> None:
        """Finish the file, flush it to the disk and give it its name."""
        self._writer.close()
        self._part.keep()

    def abandon(self) -> None:
        """Remove what was written; nothing happens to a file that is finished."""
        with suppress(OSError, ValueError):  # else it is closed, with noise, when it is let go
            self._writer.close()
        self._part.discard()


def definitions(result: DesignResult) -> dict[str, dict[str, str]]:
    """Unit, kind and meaning of each measure of a design."""
    found = {}
    for key in result:
        measure = describe(key)
        unit = measure.unit
        if unit == "money":
            unit = result.scenario.currency or unit
        found[key] = {
            "unit": unit,
            "kind": measure.kind,
            "definition": measure.definition,
            "numerator": measure.numerator,
            "denominator": measure.denominator,
        }
    return found


def _described(table: pa.Table, results: Mapping[str, DesignResult]) -> pa.Table:
    """With the definitions of the measures as metadata of the whole table."""
    every: dict[str, dict[str, str]] = {}
    for result in results.values():
        every |= definitions(result)
    text = json.dumps(every, ensure_ascii=False, sort_keys=True)
    name = next(iter(results.values())).scenario.name
    return table.replace_schema_metadata({"measures": text, "scenario": name})


def _table(columns: dict[str, Any]) -> pa.Table:
    import pyarrow as pa

    fields = [
        pa.field(name, array.type, metadata=_metadata(*MEANING[name]))
        for name, array in columns.items()
    ]
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))


def _metadata(unit: str, meaning: str) -> dict[str, str]:
    return {"unit": unit, "meaning": meaning}


def _words(words: Any, codes: NDArray[Any]) -> pa.Array:
    """Text from a short list of words: stored once each, read back as plain text."""
    import pyarrow as pa

    listed = pa.array(list(words), pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), listed).cast(
        pa.string()
    )


def _ints(values: NDArray[Any]) -> pa.Array:
    import pyarrow as pa

    return pa.array(values.astype(np.int32))


def _floats(values: NDArray[np.float64]) -> pa.Array:
    """NaN is null: undefined."""
    import pyarrow as pa

    return pa.array(values, from_pandas=True)


OF_POINTS = {
    "value": "what was reached; null where undefined",
    "low": MEANING["low"][1],
    "high": MEANING["high"][1],
    "difference_value": "paired difference to the unchanged design",
    "difference_low": f"of the paired difference to the unchanged design: {MEANING['low'][1]}",
    "difference_high": f"of the paired difference to the unchanged design: {MEANING['high'][1]}",
}
OF_DRAWN_POINTS = {
    "value": "the mean over the draws of the uncertain assumptions; null where undefined",
    "chance_low": "lower end of its 95 % interval by chance alone",
    "chance_high": "upper end of its 95 % interval by chance alone",
    "unknown_low": "in 90 % of the draws the expected value lies above it; null: not told",
    "unknown_high": "in 90 % of the draws the expected value lies below it; null: not told",
}


def sweep_table(
    paths: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    results: Mapping[str, DesignResult],
    numbers: Mapping[str, str] = OF_POINTS,
) -> pa.Table:
    """One row per point and measure (as the `rows` of a sweep give them); a column for each of the
    paths that vary, named by it, then the `numbers`, by name and meaning."""
    import pyarrow as pa

    columns: dict[str, pa.Array] = {}
    fields = []
    for path in paths:
        columns[path] = pa.array([row["settings"][path] for row in rows], pa.string())
        meaning = "the value that is set there, as written; null: unchanged"
        fields.append(pa.field(path, pa.string(), metadata=_metadata("as written", meaning)))
    columns["measure"] = pa.array([row["measure"] for row in rows], pa.string())
    fields.append(pa.field("measure", pa.string(), metadata=_metadata(*MEANING["measure"])))
    for name, meaning in numbers.items():
        columns[name] = pa.array([row[name] for row in rows], pa.float64())
        fields.append(pa.field(name, pa.float64(), metadata=_metadata("of the measure", meaning)))
    table = pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))
    return _described(table, results)
