"""Figures as data frames: of pandas where it is installed, else as tables of PyArrow."""

from __future__ import annotations

import importlib
from dataclasses import asdict
from typing import Any, Literal, get_args

from ccsim.experiment.execution.result import Experiment
from ccsim.experiment.results.cuts import By
from ccsim.report.documents.figures import figures_by, figures_of

Library = Literal["pandas", "pyarrow"]
MISSING = (
    "data frames of pandas need pandas, which is not installed: `pip install pandas`, or "
    "to_frame(library='pyarrow'), which needs nothing more"
)


def frame_of(
    experiment: Experiment,
    by: By | None = None,
    *,
    measures: list[str] | None = None,
    library: Library | None = None,
) -> Any:
    """All figures of an experiment as a frame with the columns of `Figure`: of all days, or of each
    part of the cut `by`; of all measures, or of these. `library`: by default pandas, where it is
    there. ImportError where pandas is asked for and missing, ValueError for an unknown word,
    KeyError for a measure that no design has."""
    if library not in (None, *get_args(Library)):
        raise ValueError(f"library={library!r}: one of {', '.join(get_args(Library))} is expected")
    if by not in (None, *get_args(By)):
        raise ValueError(f"by={by!r}: one of {', '.join(get_args(By))} is expected")
    for key in measures or ():
        if not any(key in result for result in experiment.results.values()):
            raise KeyError(key)
    figures = figures_of(experiment) if by is None else figures_by(experiment, by, measures)
    rows = [asdict(each) for each in figures if measures is None or each.measure in measures]
    pandas = _pandas(needed=library == "pandas") if library != "pyarrow" else None
    if pandas is not None:
        return pandas.DataFrame(rows)
    import pyarrow as pa

    return pa.Table.from_pylist(rows)


def _pandas(*, needed: bool) -> Any:
    try:
        return importlib.import_module("pandas")
    except ImportError:
        if needed:
            raise ImportError(MISSING) from None
        return None
