"""What a measure is, and the usual kinds of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["ratio", "total", "quantile", "longest"]
ScopeKind = Literal[
    "all", "channel", "type", "type.channel", "queue", "team", "tier", "cost", "revenue"
]
Better = Literal["higher", "lower"] | None
Pair = tuple[str, str]
Needs = Literal[
    "",
    "promise",
    "target",
    "value",
    "sales",
    "pay",
    "callback",
    "machine",
    "message",
    "calls",
    "help",
    "resolution",
    "turns",
    "reopened",
]

CONTACT: tuple[ScopeKind, ...] = ("all", "channel", "type", "type.channel")
LINE: tuple[ScopeKind, ...] = (*CONTACT, "queue")
STAFF: tuple[ScopeKind, ...] = ("all", "team", "tier")
WORK: tuple[ScopeKind, ...] = (*LINE, "team", "tier")
ALL: tuple[ScopeKind, ...] = ("all",)
TARGET: tuple[ScopeKind, ...] = ("channel", "type.channel")
COST: tuple[ScopeKind, ...] = ("cost",)
REVENUE: tuple[ScopeKind, ...] = ("revenue",)
HELP: tuple[ScopeKind, ...] = (*CONTACT, "team")
QUANTILES = (50, 80, 90, 95)


# What a label may leave open, filled in for a scope by `report.words.labels`: how its contacts are
# called (`calls`), its place (`phone`; dropped for everything together), the target times, what its
# intervals are called (`half-hours`), what answers first, and ` a year` where money is scaled so.
OPEN = ("contacts", "place", "within", "resolve", "intervals", "machine", "a_year")


@dataclass(frozen=True)
class Measure:
    """What a number is. `longest` is an extreme of one replication (a maximum, or the worst)."""

    name: str
    label: str  # what people read, in lower case, with the fields of OPEN
    unit: str  # share, s, h, contacts, attempts, customers, items, people, FTE, money, ...
    kind: Kind
    scopes: tuple[ScopeKind, ...]
    better: Better
    definition: str  # one sentence for people
    numerator: str
    denominator: str  # "" for what is not a ratio
    assumed: bool = False  # follows from the scenario's assumptions alone
    by_interval: bool = False  # also counted by interval (all, channel, type, team and tier only)
    needs: Needs = ""  # what the scope must have
    part_of: str = ""  # the total of which this is a part: `total` for a kind of cost
    # The quantities that are divided, counted once each; the second is "" for a total. None: an
    # extreme, a quantile or an amount of money, which `evaluate` finds by itself.
    of: Pair | None = None


def share(
    name: str, label: str, better: Better, definition: str, numerator: str, denominator: str,
    scopes: tuple[ScopeKind, ...] = CONTACT, assumed: bool = False, needs: Needs = "",
    of: Pair | None = None,
) -> Measure:  # fmt: skip
    return Measure(
        name, label, "share", "ratio", scopes, better, definition, numerator, denominator,
        assumed, by_interval=True, needs=needs, of=of,
    )  # fmt: skip


def mean_time(
    name: str, label: str, definition: str, numerator: str, denominator: str,
    scopes: tuple[ScopeKind, ...] = CONTACT, better: Better = "lower", assumed: bool = False,
    needs: Needs = "", of: Pair | None = None,
) -> Measure:  # fmt: skip
    return Measure(
        name, label, "s", "ratio", scopes, better, definition, numerator, denominator,
        assumed, by_interval=True, needs=needs, of=of,
    )  # fmt: skip


def count(
    name: str, label: str, unit: str, definition: str, numerator: str,
    scopes: tuple[ScopeKind, ...] = CONTACT, better: Better = None, assumed: bool = False,
    needs: Needs = "", of: Pair | None = None,
) -> Measure:  # fmt: skip
    return Measure(
        name, label, unit, "total", scopes, better, definition, numerator, "", assumed, True,
        needs, of=of,
    )  # fmt: skip


def quantiles(
    name: str,
    label: str,
    what: str,
    population: str,
    scopes: tuple[ScopeKind, ...],
    assumed: bool = False,
) -> tuple[Measure, ...]:
    """A measure for each percentage of QUANTILES, which stands for `{percent}` in the label."""
    return tuple(
        Measure(
            f"{name}_p{percent}",
            label.replace("{percent}", str(percent)),
            "s",
            "quantile",
            scopes,
            "lower",
            f"The {what} that {percent} % of {population} do not exceed.",
            f"{percent} % quantile over {population}, all replications pooled",
            "",
            assumed,
        )
        for percent in QUANTILES
    )


def money(
    name: str,
    label: str,
    definition: str,
    numerator: str,
    better: Better = "lower",
    part_of: str = "total",
) -> Measure:
    """A sum of money over the horizon, by default a kind of cost that is a part of the total."""
    return Measure(
        name, label, "money", "total", COST, better, definition, numerator, "", part_of=part_of
    )
