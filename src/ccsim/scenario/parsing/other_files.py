"""What is given as a scenario and is none: workbooks, tables, documents, results, web addresses,
names of files that are not there.

A file is recognised by how it begins, and the error says what it is and what to do with it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ccsim.errors import nearest

_BEGINNINGS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PK\x03\x04", "a workbook or another archive (zip)"),
    (b"\xd0\xcf\x11\xe0", "a workbook or document of an older Office"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf", "a compressed file (7z)"),
    (b"PAR1", "a table of results (Parquet)"),
    (b"\x7fELF", "a program"),
    (b"<?xml", "an XML document"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
)
_SEPARATORS: Final = (",", ";", "\t", "|")
_LOOKED_AT: Final = 20  # lines of a table
_LOOKED_AT_BYTES: Final = 4_000
_FEW: Final = 10  # control characters that a text may hold: the reader shows where the first stands
_MOSTLY: Final = 0.1  # text of any 8-bit coding has fewer bytes that are control characters
_CONTROLS: Final = bytes({*range(32), 127} - set(b"\t\n\r\f\x1b"))
_WEB: Final = re.compile(r"(https?|ftp|s3|file):/", re.IGNORECASE)
_ENDINGS: Final = (".yaml", ".yml")
_MOST_FILES: Final = 1_000  # of a folder in which the nearest name is looked for
_KEY = re.compile(r"\s*(- +)?[\w.*@#-]+ *:(\s|$)")
_RESULTS = re.compile(r'\{\s*"(format|problems|scenario|designs|name)"')
WHAT_IT_IS: Final = "a scenario is a YAML file; `ccsim init` writes one"
WHERE_TABLES_GO: Final = (
    "a scenario is a YAML file that names its tables (shape: x.csv, staffing: x.csv, trace: x.csv)"
)


def what_else(data: bytes) -> str | None:
    """What a file is that begins so and is no scenario, and what to do, as a sentence; None where
    it may be a scenario."""
    for beginning, what in _BEGINNINGS:
        if data.startswith(beginning):
            is_table = what.startswith(("a workbook", "a table"))
            return f"this is {what}; {WHERE_TABLES_GO if is_table else WHAT_IT_IS}"
    text = data[:20_000].decode("utf-8-sig", "replace")
    if _RESULTS.match(text.lstrip()):
        return "this is JSON, as results are written; `ccsim run` takes a scenario (YAML)"
    return f"this is a table (CSV); {WHERE_TABLES_GO}" if _is_table(text) else None


def why_missing(path: Path) -> str:
    """Says that no file has this name, and what was probably meant: a file whose name is near, or
    one that must be downloaded first."""
    if _WEB.match(str(path)):
        return "this is a web address; download the file, then name it here"
    meant = _nearest_file(path)
    return "there is no such file" + (f"; did you mean '{meant}'?" if meant else "")


def _nearest_file(path: Path) -> Path | None:
    """The scenario in the same folder whose name is nearest; None where none is near."""
    try:
        names = [
            other.name
            for _, other in zip(range(_MOST_FILES), path.parent.iterdir(), strict=False)
            if other.suffix in _ENDINGS
        ]
    except (OSError, ValueError):
        return None
    for name in names:
        if name in (path.name + ending for ending in _ENDINGS):
            return path.parent / name  # only the ending is missing
    meant = nearest(path.name, sorted(names))
    return None if meant is None else path.parent / meant


def is_binary(data: bytes) -> bool:
    """Whether so many bytes are control characters that this is no text of any 8-bit coding."""
    data = data[:_LOOKED_AT_BYTES]
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls > max(_FEW, _MOSTLY * len(data))


def _is_table(text: str) -> bool:
    """Whether all first lines hold one separator equally often, and none is `key: value`."""
    lines = [line for line in text.splitlines()[: _LOOKED_AT + 1] if line.strip()]
    lines = [line for line in lines[:_LOOKED_AT] if not line.startswith("#")]
    if len(lines) < 2 or any(_KEY.match(line) for line in lines):
        return False
    return any(
        len({line.count(sign) for line in lines}) == 1 and sign in lines[0] for sign in _SEPARATORS
    )
