"""Results on disk: one folder a run, written once, complete when its `run.json` is there.

Every file is written under another name, flushed to the disk and then renamed; `run.json` comes
last. So no file is ever half written under its final name, whatever stops the program. The columns
are described in results/README.md and in the files' own metadata.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ccsim.experiment.replications.interruption import uninterrupted
from ccsim.experiment.storage.disk import (
    FolderInMaking,
    Part,
    ResultsError,
    in_words,
    write_parquet,
    write_whole,
)
from ccsim.experiment.storage.files import (
    RecordFile,
    durations_table,
    flows_table,
    interval_tables,
    kpis_table,
)
from ccsim.experiment.storage.manifest import describe_run, hashes_of
from ccsim.records import DUTY, LEGS, WORK

if TYPE_CHECKING:
    from ccsim.experiment.replications.replicate import ReplicationPlan
    from ccsim.experiment.results.design_result import DesignResult
    from ccsim.records import Records
    from ccsim.scenario.resolve import Design

RESULTS = Path("results")
MANIFEST = "run.json"
INPUTS = "inputs"  # the CSV files that the scenario names, as they were read

TABLES: dict[str, Callable[[Mapping[str, DesignResult]], Any]] = {
    "kpis": kpis_table,
    "intervals": interval_tables,
    "durations": durations_table,
    "flows": flows_table,
}


@dataclass
class RunFolder:
    """The folder of one run while it is being made."""

    path: Path
    about: dict[str, Any]
    _making: FolderInMaking
    _files: dict[str, RecordFile] = field(default_factory=dict)

    @classmethod
    def create(
        cls,
        designs: Mapping[str, Design],
        plan: ReplicationPlan,
        asked: int,
        kind: str,
        against: str = "",
        path: Path | None = None,
    ) -> RunFolder:
        """Make the folder: the one given, which must be new or empty, or a new one under results/.

        ResultsError where that is not possible.
        """
        about = describe_run(designs, plan, asked, kind, against)
        made: FolderInMaking | None = None
        try:
            with in_words(path or RESULTS), uninterrupted():
                if path is None:
                    made = _new_folder(RESULTS / slug(about["scenario"]), about["fingerprint"])
                else:
                    if path.exists() and any(path.iterdir()):
                        raise ResultsError(f"{path} {_held(path)}; results overwrite nothing")
                    made = FolderInMaking(path, MANIFEST)
                Part(made.path / MANIFEST).discard()  # can it be written to?
            return cls(made.path, about, made)
        except BaseException:
            if made is not None:
                made.abandon()
            raise

    def record(self, design: str, replication: int, records: Records) -> None:
        """Append the records of one replication; in the order of replications."""
        tables = {"legs": (LEGS, records.legs), "work": (WORK, records.work)}
        tables |= {"duty": (DUTY, records.duty)}
        with in_words(self.path):
            for name, (columns, rows) in tables.items():
                if name not in self._files:
                    self._files[name] = RecordFile(self.path / f"{name}.parquet", columns)
                self._files[name].add(design, replication, rows)

    def finish(
        self,
        results: Mapping[str, DesignResult],
        found: Mapping[str, Any],
        tables: Mapping[str, Callable[[Mapping[str, DesignResult]], Any]] = TABLES,
    ) -> None:
        """Write the tables of the results, and the manifest last: what was known before, and what
        was `found` (plain data; it says `asked` anew where more was asked for on the way).

        Ctrl-C comes after it: all was simulated for it. What fails is abandoned.
        """
        met = {
            name: {str(i): rows.tolist() for i, rows in result.table.met.items()}
            for name, result in results.items()
        }
        about = {**self.about, **found, "met": met}
        try:
            with in_words(self.path), uninterrupted():
                self._finish(results, about, tables)
        except BaseException:
            self.abandon()
            raise

    def _finish(
        self,
        results: Mapping[str, DesignResult],
        about: Mapping[str, Any],
        tables: Mapping[str, Callable[[Mapping[str, DesignResult]], Any]],
    ) -> None:
        for file in self._files.values():
            file.close()
        for name, make in tables.items():
            write_parquet(self.path / f"{name}.parquet", make(results))
        keep_inputs(self.path, {name: result.design for name, result in results.items()})
        text = json.dumps(about, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        write_whole(self.path / MANIFEST, lambda file: file.write(text.encode()))

    def abandon(self) -> None:
        """Remove what was begun, and the folder where it was made here and nothing whole is in
        it."""
        for file in self._files.values():
            file.abandon()
        self._making.abandon()


def keep_inputs(path: Path, designs: Mapping[str, Design]) -> None:
    """Keep the files that the designs name, so that the folder says all that was simulated.

    Under their names below `inputs`; where designs name different files alike (they came from
    different folders), those of the later one below `inputs-DESIGN`.
    """
    kept: dict[str, str] = {}
    for design in designs.values():
        hashes = hashes_of(design)
        alone = any(kept.get(name, sha) != sha for name, sha in hashes.items())
        folder = path / (f"{INPUTS}-{design.name}" if alone else INPUTS)
        for name, table in design.files.items():
            if alone or name not in kept:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                write_whole(folder / name, partial(_write_bytes, table.data))
        if not alone:
            kept |= hashes


def _write_bytes(data: bytes, file: IO[bytes]) -> None:
    file.write(data)


def _held(path: Path) -> str:
    """What is in the way of results."""
    if (path / MANIFEST).exists() or not (any(path.glob("*.parquet")) or any(path.glob(".*.part"))):
        return "holds files already"
    return f"holds what a run has left that was killed, or still goes on (it has no {MANIFEST})"


def _new_folder(parent: Path, mark: str) -> FolderInMaking:
    """A folder that did not exist: the time (UTC), the fingerprint's start, a number if needed."""
    parent.mkdir(parents=True, exist_ok=True)
    name = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H-%M-%S}-{mark[:8]}"
    for attempt in range(1, 1000):
        path = parent / (name if attempt == 1 else f"{name}-{attempt}")
        with suppress(FileExistsError):
            return FolderInMaking(path, MANIFEST, new=True)
    raise ResultsError(f"{parent} holds too many runs of this second")


def slug(name: str) -> str:
    """A folder's name for a scenario's: `Tiered, pooled or pods?` -> `tiered-pooled-or-pods`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "scenario"
