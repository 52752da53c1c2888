"""Names of files made from names in a scenario."""

from __future__ import annotations

import re


def slug(name: str) -> str:
    """A name as a part of a file's name: `e-mail`, `tier-2`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "x"
