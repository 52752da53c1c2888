"""Names of files made from names in a scenario: readable, of any script, and never twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

LONGEST = 72  # bytes of one part: two parts and an ending fit into the 255 of a file's name


def slug(name: str) -> str:
    """A name as a part of a file's name: `e-mail`, `tier-2`, `київ`.

    Letters and digits of every script stay, without marks on Latin letters; all else becomes a
    hyphen. Cut to `LONGEST` bytes; `x` where nothing is left.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    latin = "".join(_without_marks(letter) for letter in plain)
    words = re.sub(r"[\W_]+", "-", latin).strip("-")
    cut = words.encode("utf-8", "ignore")[:LONGEST].decode("utf-8", "ignore")
    return cut.strip("-") or "x"


def _without_marks(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter


def distinct(name: str, taken: Container[str]) -> str:
    """The name, with the first number that makes it another than those taken: `staff-x-2`."""
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"
