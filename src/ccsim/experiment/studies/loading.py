"""A finished run read back from its folder, with every estimate as it was."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ccsim.experiment.execution.result import Comparison, Reached, Run
from ccsim.experiment.results.cuts import By
from ccsim.experiment.results.design_result import DesignResult
from ccsim.experiment.results.durations import Durations, from_flat
from ccsim.experiment.results.headline import headline_measures
from ccsim.experiment.results.reduction import reduced
from ccsim.experiment.results.table import KpiTable
from ccsim.experiment.results.tally import Tally
from ccsim.experiment.results.time_sums import TimeSums
from ccsim.experiment.storage.disk import ResultsError, reason_of
from ccsim.experiment.storage.files import SUMS
from ccsim.experiment.storage.manifest import FORMAT
from ccsim.experiment.storage.run_folder import INPUTS, MANIFEST, TABLES
from ccsim.measures.catalogue import quantile_of
from ccsim.measures.flows import Passage
from ccsim.measures.histogram import bin_of

if TYPE_CHECKING:
    import pyarrow as pa

    from ccsim.experiment.studies.uncertain import Uncertain
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario


def load_run(folder: str | Path) -> Run | Comparison | Uncertain:
    """What a finished run found, as `run`, `compare` or `uncertain` returned it (records apart).
    The points of a sweep are designs.

    ResultsError where the folder holds no finished run, or one of another format.
    """
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
        return _from_folder(path, about)
    except OSError as problem:
        gone = isinstance(problem, FileNotFoundError)
        reason = f"a file is missing ({problem})" if gone else reason_of(problem)
        raise ResultsError(f"{path}: results cannot be read: {reason}") from problem
    except (ValueError, LookupError, TypeError, AttributeError) as problem:  # not as it was written
        reason = str(problem).partition("\n")[0]
        raise ResultsError(f"{path}: these results cannot be read here: {reason}") from problem


def _from_folder(path: Path, about: Mapping[str, Any]) -> Run | Comparison | Uncertain:
    """What the manifest `about` and the tables beside it say."""
    if about["kind"] == "uncertain":
        return _draws(path, about)
    results = _results(path, about, TABLES)
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
        "precision": tuple(Reached(**said) for said in about.get("precision", ())),
    }
    if about["kind"] != "compare":
        return Run(**common)
    if about["against"] not in results:
        raise ValueError(f"there is no design '{about['against']}' to compare with")
    asked = headline_measures(result.scenario for result in results.values())
    return Comparison(**common, against=about["against"], asked_measures=asked)


def _draws(path: Path, about: Mapping[str, Any]) -> Uncertain:
    """What was found over draws: replications one by one, and nothing by interval."""
    from ccsim.experiment.studies.uncertain import OF_DRAWS, Uncertain

    results = _results(path, about, OF_DRAWS)
    return Uncertain(
        results=results,
        per_draw=int(about["per_draw"]),
        seed=int(about["seed"]),
        asked=int(about["asked"]),
        wanted=int(about.get("wanted", about["asked"])),
        engine=about["engine"],
        against=results[about["against"]].name,
        measures=headline_measures(result.scenario for result in results.values()),
        seconds=float(about.get("seconds") or 0.0),
        folder=path,
    )


def _results(path: Path, about: Mapping[str, Any], names: Iterable[str]) -> dict[str, DesignResult]:
    """The results of each design from the tables of these names."""
    tables = {name: _by_design(path / f"{name}.parquet") for name in names if name in TABLES}
    results = {}
    for name, said in about["designs"].items():
        design = _design(name, said, path)
        table = _table(
            design.scenario,
            int(about["replications"]),
            tables["kpis"][name],
            tables.get("intervals", {}).get(name),
            tables["durations"].get(name),
            tables["flows"].get(name),
            about.get("met", {}).get(name, {}),
        )
        table = reduced(table, design, about.get("first_attempts"))
        results[name] = DesignResult(name, design, table)
    return results


def _design(name: str, said: Mapping[str, Any], path: Path) -> Design:
    """The resolved design with its files, where the folder keeps them as they were read: then it
    can be simulated again."""
    from ccsim.scenario.parsing.tree import Place, from_plain
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario
    from ccsim.scenario.tables.files import FileReader
    from ccsim.scenario.written import FROM_FILE

    plain = from_plain(said["scenario"], Place("run.json")).plain()
    scenario = Scenario.model_validate(plain, context=FROM_FILE)
    own, common = path / f"{INPUTS}-{name}", path / INPUTS
    folder = own if own.is_dir() else common
    tables, _, _ = FileReader(folder).tables(scenario)
    hashes = said.get("files", {})
    files = {key: table for key, table in tables.items() if table.sha256 == hashes.get(key)}
    about, label = said.get("about", ""), said.get("label", name)
    return Design(name, scenario, files, folder, about=about, label=label)


def _by_design(path: Path) -> dict[str, pa.Table]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(path, page_checksum_verification=True)
    return {name: _only(table, "design", name) for name in pc.unique(table["design"]).to_pylist()}


def _only(table: pa.Table, column: str, word: str) -> pa.Table:
    import pyarrow.compute as pc

    return table.filter(pc.equal(table[column], word))


def _table(
    scenario: Scenario,
    n: int,
    kpis: pa.Table,
    intervals: pa.Table | None,
    durations: pa.Table | None,
    flows: pa.Table | None,
    met: Mapping[str, Any],
) -> KpiTable:
    tally = Tally(scenario)  # the keys and groups of a design, and nothing added up
    totals = np.zeros((n, len(tally.keys), 2))
    row, known = _codes(kpis, tally.keys)
    at = _ints(kpis, "replication")[known]
    totals[at, row, 0] = _floats(kpis, "numerator")[known]
    totals[at, row, 1] = _floats(kpis, "denominator")[known]
    quantiles = np.full((n, len(tally.quantile_keys)), np.nan)
    row, known = _codes(kpis, tally.quantile_keys)
    quantiles[_ints(kpis, "replication")[known], row] = _floats(kpis, "value")[known]
    return KpiTable(
        measures=tally.measures,
        keys=tally.keys,
        totals=totals,
        quantile_keys=tally.quantile_keys,
        quantiles=quantiles,
        durations=_durations(tally.quantile_keys, n, durations),
        interval_keys=tally.components.keys,
        cuts=_cuts(tally, intervals),
        flows=_flows(n, flows),
        met={int(i): np.array(rows, dtype=np.float64) for i, rows in met.items()},
    )


def _cuts(tally: Tally, table: pa.Table | None) -> dict[By, TimeSums]:
    """The sums of each measure, of which a count of nothing is not written."""
    if table is not None:
        for by, cut in tally.cuts.items():
            part = _only(table, "by", by)
            row, known = _codes(part, cut.components.keys)
            group = _ints(part, "group")[known]
            num, den, num2, den2, products = (_floats(part, word)[known] for word in SUMS)
            above, below = cut.components.above[row], cut.components.below[row]
            ratio = below >= 0
            cut.sums[above, group], cut.squares[above, group] = num, num2
            cell = below[ratio], group[ratio]
            cut.sums[cell], cut.squares[cell] = den[ratio], den2[ratio]
            cut.products[row[ratio], group[ratio]] = products[ratio]
    return tally.cuts


def _durations(
    quantile_keys: tuple[str, ...], n: int, table: pa.Table | None
) -> dict[str, Durations]:
    keys = tuple(dict.fromkeys(quantile_of(key)[0] for key in quantile_keys))
    if table is None:
        return {key: Durations.empty(n) for key in keys}
    code, known = _codes(table, keys)
    replication = _floats(table, "replication")[known]  # NaN: all together
    place = code * (n + 1) + np.where(np.isnan(replication), 0, replication + 1).astype(np.int64)
    bins = bin_of(_ints(table, "from_us")[known])
    counts = _ints(table, "count")[known]
    order = np.lexsort((bins, place))
    bins, counts = bins[order], counts[order]
    ends = np.searchsorted(place[order], np.arange(len(keys) * (n + 1) + 1))
    found = {}
    for i, key in enumerate(keys):
        cuts = ends[i * (n + 1) : (i + 1) * (n + 1) + 1]
        inside = slice(cuts[0], cuts[-1])
        found[key] = from_flat(bins[inside], counts[inside], np.diff(cuts).tolist())
    return found


def _flows(n: int, table: pa.Table | None) -> dict[Passage, NDArray[np.float64]]:
    found: dict[Passage, NDArray[np.float64]] = {}
    if table is not None:
        places = zip(*(table[word].to_pylist() for word in ("from", "how", "to")), strict=True)
        at, counts = _ints(table, "replication").tolist(), _ints(table, "count").tolist()
        for place, replication, count in zip(places, at, counts, strict=True):
            found.setdefault(Passage(*place), np.zeros(n))[replication] = count
    return dict(sorted(found.items()))


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
