"""What `ccsim init` offers: commented scenarios that run as they stand."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

STARTER: Final = "starter.yaml"


def template(name: str = STARTER) -> str:
    """The text of a template."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
