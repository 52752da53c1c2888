"""What would turn a verdict first: what a search found, as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["targets", "service", "cost"]
Was = Literal["met", "missed", "more", "less"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a comparison's verdict says, surely.

    `targets`: whether the design keeps every promise; `service` and `cost`: whether it has more or
    less of the measure than the design it is compared with. `measure` is the one that decides: of
    promises the first that is missed, where one is.
    """

    kind: Kind
    design: str
    was: Was
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """One assumption, moved one way as far as it goes.

    `limit` is how far, as it is written (`+30 %`); `turns` says whether the verdict turns by then;
    `at` is where, as it is written and as a share of the way to the limit, where it was looked for:
    not where another assumption turns the verdict before.
    """

    assumption: str
    limit: str
    turns: bool
    at: str | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The assumption that turns the verdict first, and what is then otherwise (as it was before).

    `at` is where the figures cross over. By their intervals all that the verdict says still holds
    at `holds_at`, and something has surely turned at `turned_at` (None: nowhere on the way).
    """

    assumption: str
    at: str
    share: float
    otherwise: tuple[Statement, ...]
    holds_at: str | None
    turned_at: str | None


@dataclass(frozen=True, slots=True)
class Turning:
    """What would turn a verdict: `first`, or nothing of what was `tried`.

    `said` is what the verdict says surely; with nothing there, nothing can turn. `stated` says that
    the assumptions are the scenario's own (`uncertain`), not those that are always tried.
    """

    first: Turn | None
    tried: tuple[Tried, ...]
    said: tuple[Statement, ...]
    stated: bool
    replications: int
    points: int
    stopped: bool = False

    def to_json(self) -> dict[str, Any]:
        """As a part of the document of `--json`."""
        return asdict(self)
