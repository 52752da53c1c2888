"""Public holidays as dates: those that are written, and those of a country.

A country's holidays come from the package `holidays`, an optional extra that is imported only when
a scenario names a country. Written dates need no package.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ccsim.errors import suggestion

if TYPE_CHECKING:
    from ccsim.scenario.blocks.time import Holidays

MISSING = (
    "the public holidays of a country need the package `holidays`: pip install 'ccsim[holidays]'; "
    "or write the dates: holidays: {dates: [2027-05-01], ...}"
)


def holiday_dates(holidays: Holidays | None, first: dt.date, last: dt.date) -> frozenset[dt.date]:
    """The holidays from `first` to `last`; at least those, at most those of the same years.

    Raises ValueError in words when the package is missing or does not know the country.
    """
    if holidays is None:
        return frozenset()
    dates = frozenset(holidays.dates)
    if holidays.country is None:
        return dates
    years = tuple(range(first.year, last.year + 1))
    return dates | _of_country(holidays.country, holidays.region, years)


@lru_cache(maxsize=64)
def _of_country(country: str, region: str | None, years: tuple[int, ...]) -> frozenset[dt.date]:
    try:
        package: Any = import_module("holidays")
    except ImportError:
        raise ValueError(MISSING) from None
    known: dict[str, list[str]] = package.list_supported_countries(include_aliases=True)
    if country not in known:
        hint = suggestion(country, tuple(known), "countries") if country.upper() in known else ""
        raise ValueError(
            f"no holidays are known of '{country}'; a country is its two letters of ISO 3166: UA"
            + hint.split(" (")[0]
        )
    if region is not None and region not in known[country]:
        regions = ", ".join(known[country]) or "none"
        raise ValueError(f"{country} has no region '{region}' (regions: {regions})")
    return frozenset(package.country_holidays(country, subdiv=region, years=years))


__all__ = ["MISSING", "holiday_dates"]
