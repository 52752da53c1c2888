"""What results look like in a notebook and as a data frame.

How is the business of the report, which comes after the experiment and imports it; so that nothing
is imported in a circle, and nothing before it is needed, it is looked up here by its name.
"""

from __future__ import annotations

import importlib
from typing import Any

REPORT = "ccsim.report.documents"


class Displayed:
    """A result that a notebook shows; `_shown_by` is the function of the report that does it."""

    _shown_by = "notebook:experiment_html"

    def _repr_html_(self) -> str:
        return str(_called(self._shown_by, self))


class Tabular(Displayed):
    """A result whose figures can be had as a data frame."""

    def to_frame(
        self,
        by: str | None = None,
        *,
        measures: list[str] | None = None,
        library: str | None = None,
    ) -> Any:
        """All figures, one row each, of all days or by `interval`, `time`, `day`, `weekday` or
        `week`: a pandas.DataFrame where pandas is installed, else a pyarrow.Table.

        `measures` chooses some, `library` ("pandas", "pyarrow") says which frame it is to be. The
        columns are those of the files that `--csv` writes. ImportError where pandas is asked for
        and missing, ValueError for an unknown word, KeyError for a measure that no design has.
        """
        return _called("frames:frame_of", self, by, measures=measures, library=library)


def _called(place: str, *given: Any, **named: Any) -> Any:
    module, _, function = place.partition(":")
    return getattr(importlib.import_module(f"{REPORT}.{module}"), function)(*given, **named)
