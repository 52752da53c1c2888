"""The Parquet tables of a run: their columns, with unit and meaning in the files themselves."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.catalogue import describe
from ccsim.measures.histogram import lowest_of, width_of
from ccsim.records import Column
from ccsim.scenario.clock import LocalClock

if TYPE_CHECKING:
    import pyarrow as pa

    from ccsim.experiment.result import DesignResult, Experiment

MEANING: dict[str, tuple[str, str]] = {  # column: (unit, meaning)
    "design": ("", "name of the design; `base` is the scenario itself"),
    "replication": ("", "number of the replication, from 0: the same customers in every design"),
    "measure": ("", "scope.measure, as `ccsim measures` lists them"),
    "numerator": ("of the measure", "total above the line; sum it before dividing"),
    "denominator": ("of the measure", "total below the line; 1 for totals, 0 where undefined"),
    "value": ("of the measure", "numerator / denominator of this row; null where undefined"),
    "interval": ("", "number of the interval from the calendar's start"),
    "start": ("", "when the interval begins, in the scenario's time zone"),
    "from_us": ("us", "the shortest duration of the bin"),
    "to_us": ("us", "the longest duration of the bin"),
    "count": ("contacts", "durations in the bin"),
}


def kpis_table(found: Experiment) -> pa.Table:
    """One row per design, replication and measure, quantiles included, in this order."""
    import pyarrow as pa

    parts: list[pa.Table] = []
    for name, result in found.results.items():
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
    return _described(pa.concat_tables(parts), found)


def intervals_table(found: Experiment) -> pa.Table:
    """One row per design, measure, interval and replication in which anything was counted."""
    import pyarrow as pa

    clock = LocalClock(found.scenario.calendar)
    starts = np.array(
        [int(clock.local_time(us).timestamp() * 1e6) for us in clock.interval_starts.tolist()],
        dtype=np.int64,
    )
    parts: list[pa.Table] = []
    for name, result in found.results.items():
        table = result.table
        cells = table.by_interval.transpose(1, 2, 0, 3)  # measure, interval, replication, num/den
        total = np.array([describe(key).kind == "total" for key in table.interval_keys])
        some = np.where(total[:, None, None], cells[..., 0] != 0, (cells != 0).any(axis=-1))
        measure, interval, replication = np.nonzero(some)
        num, den = cells[some].T
        columns = {
            "design": _words([name], np.zeros(len(measure), np.int32)),
            "measure": _words(table.interval_keys, measure),
            "interval": _ints(interval),
            "start": _instants(starts[interval], found.scenario.calendar.timezone),
            "replication": _ints(replication),
            "numerator": _floats(num),
            "denominator": _floats(den),
        }
        parts.append(_table(columns))
    return _described(pa.concat_tables(parts), found)


def histograms_table(found: Experiment) -> pa.Table:
    """One row per design, duration, replication and bin that is not empty."""
    import pyarrow as pa

    parts: list[pa.Table] = []
    for name, result in found.results.items():
        for key, histograms in result.table.histograms.items():
            bins = np.concatenate([one.bins for one in histograms])
            lowest = lowest_of(bins)
            sizes = [len(one.bins) for one in histograms]
            columns = {
                "design": _words([name], np.zeros(len(bins), np.int32)),
                "measure": _words([key], np.zeros(len(bins), np.int32)),
                "replication": _ints(np.repeat(np.arange(len(sizes)), sizes)),
                "from_us": pa.array(lowest),
                "to_us": pa.array(lowest + width_of(bins) - 1),
                "count": pa.array(np.concatenate([one.counts for one in histograms])),
            }
            parts.append(_table(columns))
    return _described(pa.concat_tables(parts), found)


class RecordFile:
    """A table of records that grows by replication, named only when it is whole."""

    def __init__(self, path: Path, columns: tuple[Column, ...]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path = path
        self.columns = columns
        self._part = path.with_name(path.name + ".part")
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
        self._file = self._part.open("wb")
        self._writer = pq.ParquetWriter(self._file, self._schema, compression="zstd")

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
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self.path)

    def abandon(self) -> None:
        """Remove what was written."""
        self._file.close()
        self._part.unlink(missing_ok=True)


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


def _described(table: pa.Table, found: Experiment) -> pa.Table:
    """With the definitions of the measures as metadata of the whole table."""
    every: dict[str, dict[str, str]] = {}
    for result in found.results.values():
        every |= definitions(result)
    text = json.dumps(every, ensure_ascii=False, sort_keys=True)
    return table.replace_schema_metadata({"measures": text, "scenario": found.scenario.name})


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


def _instants(us: NDArray[np.int64], zone: str) -> pa.Array:
    import pyarrow as pa

    return pa.array(us, pa.timestamp("us", tz=zone))
