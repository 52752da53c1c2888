"""The types of fields that hold text: names, labels, dates, time zones, answers."""

from __future__ import annotations

import datetime as dt
import functools
import re
import zoneinfo
from collections.abc import Callable
from typing import Annotated, Final

from ccsim import errors, units
from ccsim.scenario.written import Written, pattern_of
from ccsim.units import UnitError

MOST_TITLE: Final = 200  # letters of a scenario's name
MOST_NAME: Final = 64  # letters of a key that names a thing: names of files hold several
MOST_LABEL: Final = 60  # letters of a label, which heads columns and rows
NAME_PATTERN: Final = r"^[^\W\d_]([\w-]*[^\W_])?$"


def read_name(value: object) -> object:
    """The name of a thing of the scenario. It becomes part of measures, paths and files, so its
    alphabet is narrow; `label` is for people. UnitError for others."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(NAME_PATTERN, value) or not value[0].isalpha():
        raise UnitError(
            f"the name {units.found(value)} will not do: letters, digits, _ and - only, "
            "a letter first, no _ at the end (any text can be its `label`)"
        )
    if len(value) > MOST_NAME:
        raise UnitError(f"a name has at most {MOST_NAME} letters; this one has {len(value)}")
    return value


def _date(value: object) -> object:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            date = dt.date.fromisoformat(value)
        except ValueError:
            raise UnitError(f"there is no day '{value}'") from None
        if not 1970 <= date.year <= 2200:
            raise UnitError(f"the year lies between 1970 and 2200; found '{value}'")
        return date
    raise UnitError(f"a date is written 2027-03-01; found {units.found(value)}")


_OFFSET = re.compile(
    r"(?:GMT|UTC|Z)? *(?P<sign>[+\-−])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?", re.IGNORECASE
)


# Files beside those of places: the machine's own zone, placeholders, clocks with leap seconds.
_NO_PLACE = re.compile(r"localtime|Factory|posixrules|(?:right|posix)/(?P<zone>.+)")


@functools.cache
def _zones() -> tuple[str, ...]:
    known = zoneinfo.available_timezones()
    return tuple(sorted(zone for zone in known if _NO_PLACE.fullmatch(zone) is None))


def _cities() -> tuple[str, ...]:
    """The zones that are offered: those of places and UTC. The signs of `Etc/GMT+3` are the reverse
    of what people write."""
    return tuple(zone for zone in _zones() if not zone.startswith(("Etc/", "GMT")))


def _zone(value: object) -> object:
    if not isinstance(value, str):
        raise UnitError(f"a time zone is a name: Europe/Kyiv; found {units.found(value)}")
    if (odd := _NO_PLACE.fullmatch(value)) is not None:
        hint = f"; write '{odd['zone']}'" if odd["zone"] else " (names are like Europe/Kyiv)"
        raise UnitError(f"'{value}' is the zone of no place, or of the machine at hand{hint}")
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        message = f"there is no time zone {units.found(value)}{_zone_hint(value)}"
        raise UnitError(message) from None
    return value


def _zone_hint(value: str) -> str:
    """What was meant by a zone that does not exist, as the end of a sentence."""
    if (offset := _OFFSET.fullmatch(value.strip())) is not None:
        hours = int(offset["hours"])
        # The names of the database count westwards: Etc/GMT-3 is three hours ahead of Greenwich.
        name = f"Etc/GMT{'-' if offset['sign'] == '+' else '+'}{hours}" if hours else "Etc/GMT"
        whole = offset["minutes"] in (None, "00") and name in _zones()
        fixed = f", or '{name}' for the fixed offset {offset['sign']}{hours} h" if whole else ""
        return f"; write a city, whose daylight saving is counted (Europe/Kyiv){fixed}"
    city = [zone for zone in _zones() if zone.rpartition("/")[2] == value.strip().title()]
    meant = city[0] if city else errors.nearest(value, _cities())
    return f"; did you mean '{meant}'?" if meant else " (names are like Europe/Kyiv)"


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise UnitError(f"text is expected (put it in quotes); found {units.found(value)}")
    return value


def read_text(value: object) -> str:
    """Text of any length and of several lines. UnitError where it is no text, or holds characters
    that cannot be seen."""
    text = _string(value)
    if errors.escaped(text, keep="\n\r\t") != text:
        raise UnitError("this text holds a character that cannot be seen; remove it")
    return text


def one_line(most: int, what: str) -> Callable[[object], str]:
    """A reader of text that stands in headings and tables: one line of letters that can be seen, at
    most so many. UnitError names it as `what`."""

    def read(value: object) -> str:
        text = _string(value)
        if not text.strip() or errors.escaped(text) != text:
            raise UnitError(f"{what} of printable letters is expected, in one line")
        if len(text) > most:
            raise UnitError(f"{what} has at most {most} letters; this one has {len(text)}")
        return text

    return read


read_label: Final = one_line(MOST_LABEL, "a label")


def _answer(value: object) -> object:
    if not isinstance(value, bool):
        raise UnitError(f"yes or no is expected; found {units.found(value)}")
    return value


Name = Annotated[str, Written(read_name, {"type": "string", "pattern": "^[^\\s.@*/]+$"})]
Text = Annotated[str, Written(read_text, {"type": "string"})]
Title = Annotated[str, Written(one_line(MOST_TITLE, "a title"), {"type": "string", "minLength": 1})]
Label = Annotated[
    str, Written(read_label, {"type": "string", "minLength": 1, "maxLength": MOST_LABEL})
]
Date = Annotated[dt.date, Written(_date, pattern_of(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2027-03-01"))]
TimeZone = Annotated[str, Written(_zone, {"type": "string", "examples": ["Europe/Kyiv"]})]
# an editor's YAML 1.2 reads `yes` as text, ours as the boolean that it is
YesNo = Annotated[bool, Written(_answer, {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]})]


def _one_or_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[
    tuple[Name, ...],
    Written(
        _one_or_list,
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    ),
]
