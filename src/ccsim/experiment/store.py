"""Results on disk: one folder a run, written once, complete when its `run.json` is there.

Every file is written under another name, flushed to the disk and then renamed; `run.json` comes
last. So no file is ever half written under its final name, whatever stops the program. The columns
are described in results/README.md and in the files' own metadata.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import os
import platform
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ccsim.experiment.files import RecordFile, durations_table, intervals_table, kpis_table
from ccsim.records import DUTY, LEGS, WORK
from ccsim.scenario.resolve import to_plain

if TYPE_CHECKING:
    import pyarrow as pa

    from ccsim.experiment.replicate import Plan
    from ccsim.experiment.result import Comparison, Experiment, Run
    from ccsim.records import Records
    from ccsim.scenario.resolve import Design

RESULTS = Path("results")
MANIFEST = "run.json"
INPUTS = "inputs"  # the CSV files that the scenario names, as they were read
FORMAT = 1  # of the folder; raised when a reader of the old one would misread
LAW = 1  # of the model: raised when the same scenario and seed give other results


TABLES: dict[str, Callable[[Experiment], Any]] = {
    "kpis": kpis_table,
    "intervals": intervals_table,
    "durations": durations_table,
}


class ResultsError(OSError):
    """Results cannot be written or read; its text is one line for people."""


@dataclass
class RunFolder:
    """The folder of one run while it is being made."""

    path: Path
    about: dict[str, Any]
    _files: dict[str, RecordFile] = field(default_factory=dict)

    @classmethod
    def create(
        cls,
        designs: Mapping[str, Design],
        plan: Plan,
        asked: int,
        kind: str,
        against: str = "",
        path: Path | None = None,
    ) -> RunFolder:
        """Make the folder: the one given, which must be new or empty, or a new one under results/.

        ResultsError where that is not possible.
        """
        about = describe_run(designs, plan, asked, kind, against)
        with _in_words(path or RESULTS):
            if path is None:
                path = _new_folder(RESULTS / slug(about["scenario"]), about["fingerprint"])
            else:
                path.mkdir(parents=True, exist_ok=True)
                if any(path.iterdir()):
                    raise ResultsError(f"{path} holds files already; results overwrite nothing")
            probe = path / ".writing"
            probe.write_bytes(b"")
            probe.unlink()
        return cls(path, about)

    def record(self, design: str, replication: int, records: Records) -> None:
        """Append the records of one replication; in the order of replications."""
        tables = {"legs": (LEGS, records.legs), "work": (WORK, records.work)}
        tables |= {"duty": (DUTY, records.duty)}
        with _in_words(self.path):
            for name, (columns, rows) in tables.items():
                if name not in self._files:
                    self._files[name] = RecordFile(self.path / f"{name}.parquet", columns)
                self._files[name].add(design, replication, rows)

    def finish(self, found: Experiment) -> None:
        """Write the tables of what was found, and the manifest last."""
        about = self.about | {
            "asked": found.asked,  # more than at first where a precision was asked for
            "precision": [each.to_json() for each in found.precision],
            "replications": found.replications,
            "partial": found.partial,
            "seconds": round(found.seconds, 3),
            "finished": found.finished.isoformat() if found.finished else None,
            "first_attempts": dict(found.first_attempts) if found.first_attempts else None,
            "met": {
                name: {str(i): rows.tolist() for i, rows in result.table.met.items()}
                for name, result in found.results.items()
            },
        }
        with _in_words(self.path):
            for file in self._files.values():
                file.close()
            for name, make in TABLES.items():
                write_parquet(self.path / f"{name}.parquet", make(found))
            keep_inputs(self.path, found.designs)
            text = json.dumps(about, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
            write_whole(self.path / MANIFEST, lambda file: file.write(text.encode()))

    def abandon(self) -> None:
        """Nothing was finished: remove what was begun."""
        for file in self._files.values():
            file.abandon()
        with suppress(OSError):
            self.path.rmdir()


def save(found: Experiment, path: str | Path | None = None) -> Path:
    """Write results that are in memory to a new or empty folder; returns it. Without a path it is
    a new one under results/. ResultsError where that is not possible."""
    from ccsim.experiment.replicate import Plan
    from ccsim.experiment.result import Comparison

    kind, against = ("compare", found.against) if isinstance(found, Comparison) else ("run", "")
    plan = Plan(tuple(found.designs.values()), found.seed, found.engine, found.first_attempts)
    where = None if path is None else Path(path)
    folder = RunFolder.create(found.designs, plan, found.asked, kind, against, where)
    folder.finish(found)
    return folder.path


def load_run(folder: str | Path) -> Run | Comparison:
    """What a finished run found, as `run` or `compare` returned it (records apart).

    ResultsError where the folder holds no finished run, or one of another format.
    """
    from ccsim.experiment.loading import from_folder

    path = Path(folder)
    try:
        about = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultsError(f"{path} holds no finished run (there is no {MANIFEST})") from None
    except (OSError, ValueError) as problem:
        raise ResultsError(f"{path / MANIFEST} cannot be read: {problem}") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise ResultsError(f"{path / MANIFEST} is not of the format {FORMAT} that is read here")
    try:
        return from_folder(path, about)
    except OSError as problem:
        gone = isinstance(problem, FileNotFoundError)
        reason = f"a file is missing ({problem})" if gone else _reason(problem)
        raise ResultsError(f"{path}: results cannot be read: {reason}") from problem
    except (ValueError, LookupError, TypeError, AttributeError) as problem:  # not as it was written
        reason = str(problem).partition("\n")[0]
        raise ResultsError(f"{path}: these results cannot be read here: {reason}") from problem


# --- what the manifest says -----------------------------------------------------------------------


def describe_run(
    designs: Mapping[str, Design], plan: Plan, asked: int, kind: str, against: str
) -> dict[str, Any]:
    """All that is known before the first replication, as plain data."""
    from ccsim import __version__

    first = next(iter(designs.values()))
    resolved = {name: _resolved(design) for name, design in designs.items()}
    return {
        "format": FORMAT,
        "kind": kind,
        "scenario": first.scenario.name,
        "against": against or None,
        "seed": plan.seed,
        "asked": asked,
        "engine": plan.engine,
        "fingerprint": fingerprint(designs, plan),
        "versions": {"ccsim": __version__, "law": LAW, "python": platform.python_version()}
        | _versions("numpy", "numba", "simpy", "pyarrow"),
        "started": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "designs": resolved,
    }


def fingerprint(designs: Mapping[str, Design], plan: Plan) -> str:
    """SHA-256 of what determines the results: resolved scenarios, files, seed, law of the model.

    What only says how often, how it is called or what is expected does not change it.
    """
    determining = {
        "law": LAW,
        "seed": plan.seed,
        "first_attempts": dict(plan.first_attempts) if plan.first_attempts else None,
        "designs": {name: _determining(design) for name, design in designs.items()},
    }
    text = json.dumps(determining, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _resolved(design: Design) -> dict[str, Any]:
    from ccsim.network.compile import compile_network

    network = compile_network(design)
    return {
        "about": design.about,
        "queues": [queue.name for queue in network.queues],  # the indices of the records
        "teams": [team.name for team in network.teams],
        "files": _hashes(design),
        "scenario": to_plain(design),
    }


def keep_inputs(path: Path, designs: Mapping[str, Design]) -> None:
    """Keep the files that the designs name, so that the folder says all that was simulated.

    Under their names below `inputs`; where designs name different files alike (they came from
    different folders), those of the later one below `inputs-DESIGN`.
    """
    kept: dict[str, str] = {}
    for design in designs.values():
        hashes = _hashes(design)
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


def _hashes(design: Design) -> dict[str, str]:
    return {name: table.sha256 for name, table in sorted(design.files.items())}


def _determining(design: Design) -> dict[str, Any]:
    scenario = to_plain(design)
    for key in ("name", "about", "expect"):
        scenario.pop(key, None)
    for key in ("replications", "seed"):
        scenario.get("run", {}).pop(key, None)
    return {"scenario": scenario, "files": _hashes(design)}


def _versions(*packages: str) -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for package in packages:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Whatever the disk refuses, as one line that says where and why."""
    try:
        yield
    except ResultsError:
        raise
    except (OSError, ValueError) as problem:  # pyarrow's errors are of either kind
        reason = _reason(problem) if isinstance(problem, OSError) else str(problem)
        reason = reason.partition("\n")[0]
        raise ResultsError(f"{path}: results cannot be kept: {reason}") from problem


def _reason(problem: OSError) -> str:
    if problem.errno == errno.ENOSPC:
        return "the disk is full"
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "the folder may not be written to"
    return problem.strerror or str(problem)


# --- files ----------------------------------------------------------------------------------------


def slug(name: str) -> str:
    """A folder's name for a scenario's: `Tiered, pooled or pods?` -> `tiered-pooled-or-pods`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "scenario"


def _new_folder(parent: Path, mark: str) -> Path:
    """A folder that did not exist: the time (UTC), the fingerprint's start, a number if needed."""
    parent.mkdir(parents=True, exist_ok=True)
    name = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H-%M-%S}-{mark[:8]}"
    for attempt in range(1, 1000):
        path = parent / (name if attempt == 1 else f"{name}-{attempt}")
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path
    raise ResultsError(f"{parent} holds too many runs of this second")


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file under another name, flush it to the disk, then give it its name."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a table whole, or not at all."""
    import pyarrow.parquet as pq

    write_whole(path, lambda file: pq.write_table(table, file, compression="zstd"))


def _sync_folder(path: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened; renames are flushed by themselves
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
