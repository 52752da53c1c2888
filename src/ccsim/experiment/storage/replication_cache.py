"""The store: KPIs of replications, kept under the fingerprint of what determines them.

A folder for each design and seed, named by the SHA-256 of what `replication_key` describes. In it
Parquet files `000000-000099.1c291ca3.parquet` of
replications in a row, with the columns of `COLUMNS` and the checksum of the file in its name; a
replication that is finished is a file of its own at once, and files of neighbours are put together
at the end of an experiment. Files are written under another name and renamed, and are never
changed; a replication that stands in two of them is the same in both. So whatever stops a process,
at any point, loses at most the replications that it had not finished, and several may work in one
store; and what a disk has spoiled since is made anew.
"""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ccsim.experiment.replications.interruption import uninterrupted
from ccsim.experiment.storage.disk import in_words, write_whole
from ccsim.experiment.storage.manifest import mark_of
from ccsim.experiment.storage.replication_key import described
from ccsim.measures.catalogue import describe, known_measures
from ccsim.measures.components import Components
from ccsim.measures.flows import Passage
from ccsim.measures.histogram import Histograms
from ccsim.measures.kpis import Kpis

if TYPE_CHECKING:
    import pyarrow as pa

    from ccsim.experiment.replications.replicate import ReplicationPlan
    from ccsim.scenario.resolve import Design

STORE = Path("results") / "store"  # where the command line keeps it
WORTH_TOGETHER = 8  # files of neighbours that are put together
ABANDONED = 3600.0  # seconds after which a file under another name is nobody's: it takes one
LARGEST = 100  # replications of a file
COLUMNS = {
    "replication": "number of the replication, from 0",
    "part": "total, interval, duration or flow: what the row is part of",
    "measure": "scope.measure; of intervals the part of a measure (of measures/components.py); of "
    "durations the key without its percentile; of flows from where, how and to where",
    "place": "the interval of the horizon, or the bin of a duration (of measures/histogram.py)",
    "numerator": "total above the line; of an interval the sum; of a duration or flow how many "
    "contacts",
    "denominator": "total below the line; 0 for all but totals",
}
PARTS = ("total", "interval", "duration", "flow")
_NAME = re.compile(r"(\d{6,})-(\d{6,})\.([0-9a-f]{8})\.parquet")


@dataclass(frozen=True, slots=True)
class _Block:
    first: int
    last: int
    path: Path
    checksum: str

    def table(self, **options: Any) -> pa.Table:
        """What it holds. ValueError or OSError where the file is broken or gone: Parquet by itself
        reads other numbers where a bit has turned."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        data = self.path.read_bytes()
        if _checksum(data) != self.checksum:
            raise ValueError(f"{self.path}: not what was written")
        return pq.read_table(pa.BufferReader(data), use_threads=False, **options)


class CachedDesign:
    """The replications of one design that a store holds."""

    def __init__(self, root: Path, design: Design, plan: ReplicationPlan) -> None:
        self.keys = tuple(
            key for key in known_measures(design.scenario) if describe(key).kind != "quantile"
        )
        self.components = Components.of(design.scenario)
        about = described(design, plan)
        self.mark = mark_of(about)
        self.folder = root / self.mark[:2] / self.mark
        with in_words(root):
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / "about.json").exists():
                text = json.dumps(about, indent=2, ensure_ascii=False) + "\n"
                _write(self.folder / "about.json", text.encode(), durable=False)

    def numbers(self) -> set[int]:
        """The replications that are kept."""
        return {n for block in self._blocks() for n in range(block.first, block.last + 1)}

    def read(self, wanted: Iterable[int]) -> Iterator[tuple[int, Kpis]]:
        """The replications wanted that are kept and can be read, in the order of their numbers."""
        left = set(wanted)
        for block in self._blocks():
            inside = [n for n in range(block.first, block.last + 1) if n in left]
            if inside:
                for number, kpis in self._read_block(block, inside):
                    left.discard(number)
                    yield number, kpis

    def add(self, number: int, kpis: Kpis) -> None:
        """Keep a finished replication, at once."""
        with in_words(self.folder):
            self._write_block(number, number, _rows(number, kpis), durable=False)

    def put_together(self) -> None:
        """Put files of neighbouring replications into one; what is kept stays the same."""
        import pyarrow as pa

        with in_words(self.folder):
            for run in _runs(self._blocks()):
                if len(run) < WORTH_TOGETHER:
                    continue
                try:
                    tables = [block.table() for block in run]
                except (OSError, ValueError):  # another process was here first, or it is broken
                    continue
                whole = pa.concat_tables(tables)
                self._write_block(run[0].first, run[-1].last, whole, durable=True)
            self._sweep()

    def _blocks(self) -> list[_Block]:
        """The files, by the first replication in them, of equals the longest first."""
        found = []
        for path in self.folder.iterdir():
            match = _NAME.fullmatch(path.name)
            if match is not None:
                found.append(_Block(int(match[1]), int(match[2]), path, match[3]))
        return sorted(found, key=lambda block: (block.first, -block.last))

    def _sweep(self) -> None:
        """Remove files whose replications stand in a longer one too, and what a killed process
        had not finished writing."""
        for path in self.folder.glob(".*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > ABANDONED:
                    path.unlink()
        covered = -1
        for block in self._blocks():
            if block.last <= covered:
                block.path.unlink(missing_ok=True)
            covered = max(covered, block.last)

    def _read_block(self, block: _Block, inside: Sequence[int]) -> list[tuple[int, Kpis]]:
        """Nothing where the file is gone (it was put together) or broken (the power failed)."""
        try:
            # words stay codes: a replication has a hundred thousand rows and a few hundred words
            words = ["part", "measure"]
            table = block.table(read_dictionary=words)
            number = table["replication"].to_numpy()
            first, last = _rows_from(number, min(inside), max(inside) + 1)
            rows = table.slice(first, last - first).unify_dictionaries().combine_chunks()
            return list(self._kpis(rows, inside))
        except (OSError, LookupError, ValueError) as problem:
            if not getattr(problem, "errno", None):  # not the system's refusal: the file is broken
                block.path.unlink(missing_ok=True)  # it is made anew
            return []

    def _kpis(self, table: pa.Table, inside: Sequence[int]) -> Iterator[tuple[int, Kpis]]:
        import pyarrow as pa

        intervals = int(table.schema.metadata[b"intervals"])
        number = np.asarray(table["replication"].to_numpy())
        part = np.asarray(_codes(table["part"], PARTS))
        place = np.asarray(table["place"].to_numpy())
        num, den = (np.asarray(table[name].to_numpy()) for name in ("numerator", "denominator"))
        totals_at = _codes(table["measure"], self.keys)
        cell_at = _codes(table["measure"], self.components.cells)
        names = json.loads(table.schema.metadata[b"durations"])
        duration_at = _codes(table["measure"], names)
        # these are not the same in every replication, and so not in the file's metadata
        passages = (
            table["measure"].filter(pa.array(part == PARTS.index("flow"))).unique().to_pylist()
        )
        flow_at = _codes(table["measure"], passages)
        for replication in inside:
            rows = slice(*_rows_from(number, replication, replication + 1))
            of = [part[rows] == code for code in range(len(PARTS))]
            totals = np.zeros((len(self.keys), 2))
            at = totals_at[rows][of[0]]
            row = cell_at[rows][of[1]]
            if len(at) != len(self.keys) or (at < 0).any() or (row < 0).any():
                raise ValueError("other measures")
            totals[at, 0], totals[at, 1] = num[rows][of[0]], den[rows][of[0]]
            cells = np.zeros((len(self.components.cells), intervals))
            cells[row, place[rows][of[1]]] = num[rows][of[1]]
            counts = num[rows][of[2]].astype(np.int64)
            some = counts > 0
            histograms = Histograms(
                tuple(names),
                np.bincount(duration_at[rows][of[2]][some], minlength=len(names)),
                place[rows][of[2]][some].astype(np.int64),
                counts[some],
            )
            went = zip(flow_at[rows][of[3]].tolist(), num[rows][of[3]].tolist(), strict=True)
            flows = {Passage.of_text(passages[code]): int(times) for code, times in went}
            yield replication, Kpis(self.keys, totals, self.components, cells, histograms, flows)

    def _write_block(self, first: int, last: int, table: pa.Table, *, durable: bool) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd", write_statistics=False)
        data = sink.getvalue()
        path = self.folder / f"{first:06d}-{last:06d}.{_checksum(data)}.parquet"
        _write(path, data, durable=durable)


class ReplicationCache:
    """The cached replications of an experiment's designs, as its `Runner` needs them.

    Where assumptions are drawn, every draw of a design is a design of its own in the cache.
    """

    def __init__(
        self, root: str | Path, designs: Mapping[str, Design], plan: ReplicationPlan
    ) -> None:
        self.names = tuple(designs)
        self.answered = 0  # replications that were whole in the store
        self._root, self._plan = Path(root), plan
        self._places: dict[int, dict[str, CachedDesign]] = {}  # by draw

    def _of(self, number: int) -> dict[str, CachedDesign]:
        """Where the designs of a replication are kept."""
        draw = self._plan.draw_of(number)
        if draw not in self._places:
            with uninterrupted():  # a signal in the midst of printing a design is not passed on
                played = zip(self.names, self._plan.designs_of(number), strict=True)
                self._places[draw] = {
                    name: CachedDesign(self._root, design, self._plan) for name, design in played
                }
        return self._places[draw]

    def missing(self, wanted: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """The designs that lack each of the replications wanted."""
        held: dict[int, set[int]] = {}  # by the place that was looked at
        found = {}
        for number in wanted:
            places = self._of(number)
            for kept in places.values():
                if id(kept) not in held:
                    held[id(kept)] = kept.numbers()
            lacking = (name for name, kept in places.items() if number not in held[id(kept)])
            found[number] = tuple(lacking)
        return found

    def read(self, wanted: Sequence[int]) -> Iterator[tuple[int, dict[str, Kpis]]]:
        """The designs of each replication wanted that could be read."""
        found: dict[int, dict[str, Kpis]] = {n: {} for n in wanted}
        for numbers in self._together(wanted):
            for name, kept in self._of(numbers[0]).items():
                for number, kpis in kept.read(numbers):
                    found[number][name] = kpis
            for number in numbers:
                yield number, found.pop(number)

    def _together(self, wanted: Sequence[int]) -> Iterator[list[int]]:
        """Replications that are read at once: of one draw, and not too many."""
        by_draw: dict[int, list[int]] = {}
        for number in wanted:
            by_draw.setdefault(self._plan.draw_of(number), []).append(number)
        for numbers in by_draw.values():
            for start in range(0, len(numbers), LARGEST):
                yield numbers[start : start + LARGEST]

    def add(self, number: int, found: Mapping[str, Kpis]) -> None:
        """Keep the designs of a replication that were simulated."""
        for name, kpis in found.items():
            self._of(number)[name].add(number, kpis)

    def put_together(self) -> None:
        """Put files of neighbours together, at the end of an experiment."""
        for places in self._places.values():
            for kept in places.values():
                kept.put_together()


# --- rows and files -------------------------------------------------------------------------------


def _rows(number: int, kpis: Kpis) -> pa.Table:
    """A replication as a table; intervals in which nothing was counted are left out."""
    import pyarrow as pa

    row, at = np.nonzero(kpis.cells)
    own = kpis.histograms
    empty = np.flatnonzero(own.sizes == 0)  # said by a count of nothing
    passages = [passage.text for passage in kpis.flows]
    words = [*kpis.keys, *kpis.components.cells, *own.names, *passages]
    before = np.cumsum([len(kpis.keys), len(kpis.components.cells), len(own)])
    duration = np.concatenate([np.repeat(np.arange(len(own)), own.sizes), empty])
    steps = np.arange(len(passages))
    each = (np.arange(len(kpis.keys)), row + before[0], duration + before[1], steps + before[2])
    measure = np.concatenate(each)
    lengths = [len(part) for part in each]
    zero, nowhere = np.zeros(len(empty)), np.zeros(len(passages))
    place = np.concatenate([np.zeros(lengths[0]), at, own.bins, zero, nowhere])
    went = list(kpis.flows.values())
    num = np.concatenate([kpis.totals[:, 0], kpis.cells[row, at], own.counts, zero, went])
    den = np.concatenate([kpis.totals[:, 1], np.zeros(sum(lengths[1:]))])
    columns = [
        pa.array(np.full(len(measure), number, np.int32)),
        _words(PARTS, np.repeat(np.arange(len(PARTS)), lengths)),
        _words(words, measure),
        pa.array(place.astype(np.int32)),
        pa.array(num.astype(np.float64)),
        pa.array(den.astype(np.float64)),
    ]
    fields = [
        pa.field(name, column.type, metadata={"meaning": meaning})
        for column, (name, meaning) in zip(columns, COLUMNS.items(), strict=True)
    ]
    about = {"intervals": str(kpis.cells.shape[1]), "durations": json.dumps(own.names)}
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=about))


def _rows_from(numbers: NDArray[Any], first: int, after: int) -> tuple[int, int]:
    """Where the rows of replications from `first` to before `after` begin and end in a sorted
    column. The bounds have the column's type, or NumPy would convert all of it every time."""
    ends = np.searchsorted(numbers, np.array([first, after], numbers.dtype))
    return int(ends[0]), int(ends[1])


def _words(words: Sequence[str], codes: NDArray[Any]) -> pa.Array:
    import pyarrow as pa

    listed = pa.array(list(words), pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), listed).cast(
        pa.string()
    )


def _codes(column: pa.ChunkedArray, words: Sequence[str]) -> NDArray[np.int32]:
    """The place in the list of each word of a dictionary column; -1 for others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    listed = pa.array(list(words), pa.string())
    found = [np.empty(0, np.int32)]
    for chunk in column.chunks:
        places = pc.fill_null(pc.index_in(chunk.dictionary, value_set=listed), -1).to_numpy()
        found.append(places[chunk.indices.to_numpy()])
    return np.concatenate(found)


def _runs(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Neighbours without a gap, at most `LARGEST` replications together."""
    run: list[_Block] = []
    for block in blocks:
        if run and block.last <= run[-1].last:
            continue  # it stands in a longer one
        fits = run and block.first == run[-1].last + 1 and block.last - run[0].first < LARGEST
        if run and not fits:
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _checksum(data: Any) -> str:
    """CRC-32 of a file's bytes, as it stands in its name."""
    return f"{zlib.crc32(data):08x}"


def _write(path: Path, data: Any, *, durable: bool) -> None:
    write_whole(path, lambda file: file.write(data), durable=durable)
