"""Rules about demand: facts that must be given, shares that must total 100 %, distributions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from ccsim import units
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.rules.facts import Facts, listed, on_channels
from ccsim.scenario.schema import Arrivals, Calendar, ContactType
from ccsim.scenario.tables.csv_forms import unequal_steps, weekdays_of
from ccsim.scenario.tables.timetables import instants_of
from ccsim.units import WEEKDAYS

MOST_CONTACTS = 20_000_000  # of one type in one replication: a decade of the largest centers
GROWTH_DAYS = {"week": 7.0, "month": 30.4375, "year": 365.25}
TOTAL_TOLERANCE = 1e-9  # shares are written in decimals; their sum in floats is off by less


def total_problem(shares: Mapping[str, object], path: Path) -> Iterator[Problem]:
    """Shares total 100 %; at most one may be `rest`, for which something must be left."""
    given = [share for share in shares.values() if isinstance(share, float)]
    rests = [name for name, share in shares.items() if share == "rest"]
    total = sum(given)
    if len(rests) > 1:
        yield Problem((*path, rests[1]), "only one share may be `rest`")
    elif rests and total > 1 + TOTAL_TOLERANCE:
        yield Problem(path, f"nothing is left for `rest`: the others total {_percent(total)}")
    elif not rests and abs(total - 1) > TOTAL_TOLERANCE:
        yield Problem(path, f"the shares total {_percent(total)}, not 100 %; one may be `rest`")


def _percent(share: float) -> str:
    return units.print_share(round(share, 9))


def volume_is_given(facts: Facts) -> Iterator[Problem]:
    """A volume or a trace, not both; a volume for every weekday of the calendar on which a channel
    is open."""
    for name, contact in facts.scenario.contacts.items():
        arrivals, path = contact.arrivals, ("contacts", name, "arrivals")
        surges = arrivals.incident is not None or arrivals.campaigns
        comes_by_itself = set(on_channels(contact)) != {"outbound"}  # else a list says how many
        nothing = arrivals.per_day is None and arrivals.trace is None and not surges
        if nothing and comes_by_itself:
            yield Problem(path, "the volume is missing: per_day: 1200, or by weekday, or a trace")
        if arrivals.trace is not None:
            yield from _nothing_beside_trace(arrivals, path)
        elif isinstance(arrivals.per_day, dict):
            missing = [
                day
                for day in facts.weekdays
                if day not in arrivals.per_day and not facts.is_closed(day, on_channels(contact))
            ]
            if missing:
                yield Problem(
                    (*path, "per_day"),
                    f"no volume is given for {listed(missing)}; write 0 where nobody comes",
                )


def volume_can_be_played(facts: Facts) -> Iterator[Problem]:
    """A slip of the pen in a volume or its growth would ask for more contacts than memory holds."""
    calendar = facts.scenario.calendar
    first = calendar.start.weekday()
    for name, contact in facts.scenario.contacts.items():
        arrivals, volume = contact.arrivals, contact.arrivals.per_day or 0.0
        rate, period = arrivals.growth or (0.0, "year")
        by_day = math.log1p(max(rate, -0.99)) / GROWTH_DAYS[period]
        stated = total = 0.0
        by_weekday = (
            {str(day): one for day, one in volume.items()} if isinstance(volume, dict) else {}
        )
        for day in range(min(7, calendar.days)):  # a weekday's days, a week apart
            weekday = WEEKDAYS[(first + day) % 7]
            daily = volume if isinstance(volume, float) else by_weekday.get(weekday, 0.0)
            weeks = (calendar.days - day + 6) // 7
            stated += daily * weeks
            total += daily * _grown(by_day, day, weeks)
        if total > MOST_CONTACTS:
            key = "per_day" if stated > MOST_CONTACTS else "growth"
            yield Problem(
                ("contacts", name, "arrivals", key),
                f"{total:.3g} contacts in {calendar.days} days: of one type no more than "
                f"{units.print_number(MOST_CONTACTS, ' ')} can be simulated at a time",
            )


def _grown(by_day: float, first: int, weeks: int) -> float:
    """The growth of a weekday summed over the weeks: a geometric series; huge where it overflows
    what can be meant."""
    last = by_day * (first + 7 * (weeks - 1))
    if last > 100.0:
        return math.exp(100.0)
    if by_day == 0.0:
        return float(weeks)
    return math.exp(by_day * first) * math.expm1(7 * by_day * weeks) / math.expm1(7 * by_day)


def _nothing_beside_trace(arrivals: Arrivals, path: Path) -> Iterator[Problem]:
    written = {
        "per_day": arrivals.per_day is not None,
        "shape": arrivals.shape != "flat",
        "busyness": arrivals.busyness is not None,
        "growth": arrivals.growth is not None,
        "season": arrivals.season is not None,
        "campaigns": bool(arrivals.campaigns),
        "incident": arrivals.incident is not None,
        "group": arrivals.group != 1,
        "counts": arrivals.counts != "customers",
    }
    for key, is_written in written.items():
        if is_written:
            yield Problem(
                (*path, key), f"a trace says when contacts come; `{key}` cannot stand here"
            )


def type_has_channels(facts: Facts) -> Iterator[Problem]:
    """A type comes on some channel; with several, their shares are given and total 100 %."""
    for name, contact in facts.scenario.contacts.items():
        path, channels = ("contacts", name), on_channels(contact)
        if "outbound" in channels:
            if len(channels) == 1:
                if contact.arrivals.per_day is not None or contact.arrivals.trace is not None:
                    yield Problem(
                        (*path, "arrivals"), "customers come, but it has only a list to be called"
                    )
                continue
            del channels["outbound"]  # nobody comes by it
        shares = contact.arrivals.by_channel
        if not channels:
            yield Problem(
                path, "how it is handled is missing: phone: {handle: 5 min}, chat or email"
            )
        elif shares is not None:
            yield from total_problem(shares, (*path, "arrivals", "by_channel"))
            for channel in channels:
                if channel not in shares:
                    yield Problem(
                        (*path, "arrivals", "by_channel"),
                        f"the share of {channel} is missing; write 0 % if nobody comes by it",
                    )
        elif len(channels) > 1 and not _trace_says_channel(facts, contact):
            yield Problem(
                (*path, "arrivals"),
                f"'by_channel' is missing: the shares of {listed(channels)}, together 100 %",
            )


def _trace_says_channel(facts: Facts, contact: ContactType) -> bool:
    trace = facts.files.get(contact.arrivals.trace or "")
    return trace is not None and "channel" in trace.columns


def trace_channels_are_handled(facts: Facts) -> Iterator[Problem]:
    """The channels in a trace are channels of the type."""
    for name, contact in facts.scenario.contacts.items():
        trace = facts.files.get(contact.arrivals.trace or "")
        for channel in sorted(set(trace.columns.get("channel", ())) if trace else ()):
            if channel and channel not in on_channels(contact):
                yield Problem(
                    ("contacts", name, "arrivals", "trace"),
                    f"the trace has contacts by {channel}, but '{name}' does not say how it is "
                    f"handled by {channel}",
                )


def traces_lie_in_the_calendar(facts: Facts) -> Iterator[Problem]:
    """A trace of which every row lies outside the calendar brings nobody."""
    calendar = facts.scenario.calendar
    for name, contact in facts.scenario.contacts.items():
        table = facts.files.get(contact.arrivals.trace or "")
        cells = table.columns.get("at", ()) if table is not None else ()
        if not cells or _any_inside(cells, calendar):
            continue
        last = calendar.start + timedelta(days=calendar.days - 1)
        yield Problem(
            ("contacts", name, "arrivals", "trace"),
            f"none of the {len(cells)} rows lies in the calendar ({calendar.start} to {last}), and "
            f"nobody would come; the first is at {units.found(cells[0])}",
        )


def _any_inside(cells: Sequence[str], calendar: Calendar) -> bool:
    try:
        clock = LocalClock(calendar)
        at = instants_of(cells, clock, "at")
    except ValueError:
        return True  # reported where the calendar or the file is read
    return bool(((at >= 0) & (at < clock.horizon_us)).any())


def shapes_have_weight(facts: Facts) -> Iterator[Problem]:
    """Lists of weights divide a day and are not all zero; files cover the calendar's weekdays."""
    for name, contact in facts.scenario.contacts.items():
        path: Path = ("contacts", name, "arrivals", "shape")
        shape = contact.arrivals.shape
        parts = list(shape.items()) if isinstance(shape, dict) else [("", shape)]
        for channel, part in parts:
            where = (*path, channel) if channel else path
            if isinstance(part, tuple):
                if sum(part) <= 0:
                    yield Problem(where, "all weights are zero")
                yield from divides_a_day(where, len(part), "weights")
            elif part != "flat":
                days = _days_with_contacts(facts, contact)
                yield from covers_weekdays(
                    facts, where, part, days, _closed_hint(facts, contact, part)
                )
        empty = [
            day for day in _days_with_contacts(facts, contact) if not _weighs(facts, parts, day)
        ]
        if empty and all(isinstance(part, str) and part in facts.files for _, part in parts):
            yield Problem(path, f"contacts come on {listed(empty)}, but all weights then are zero")


def _days_with_contacts(facts: Facts, contact: ContactType) -> list[str]:
    """The weekdays of the calendar, and the one that holidays are like, on which contacts come."""
    volume, holidays = contact.arrivals.per_day, facts.scenario.calendar.holidays
    days: list[str] = list(facts.weekdays)
    if holidays is not None and holidays.demand_like is not None:
        days.append(holidays.demand_like)
    if isinstance(volume, dict) and not contact.arrivals.campaigns:
        there = {str(day) for day, number in volume.items() if number > 0.0}
        return [day for day in dict.fromkeys(days) if day in there]
    return list(dict.fromkeys(days)) if volume or contact.arrivals.campaigns else []


def _closed_hint(facts: Facts, contact: ContactType, file: str) -> str:
    """What to write where a volume for every day includes closed days that a file leaves out."""
    volume, table = contact.arrivals.per_day, facts.files.get(file)
    if not isinstance(volume, float) or table is None:
        return ""
    covered, taken = weekdays_of(table.columns), on_channels(contact)
    if any(day not in covered and not facts.is_closed(day, taken) for day in facts.weekdays):
        return ""
    number = units.print_number(volume)
    written = ", ".join(f"{days}: {number}" for days in table.columns if days != "time")
    return f"; if nobody comes while it is closed, write per_day: {{{written}}}"


def _weighs(facts: Facts, parts: Iterable[tuple[str, object]], day: str) -> bool:
    """Whether any of these files gives the weekday a weight (or has no column for it, which is said
    apart)."""
    for _, part in parts:
        table = facts.files.get(str(part))
        if table is None:
            return True
        own = [cells for name, cells in table.columns.items() if day in weekdays_of({name: cells})]
        if not own or any(float(cell) > 0.0 for cell in own[0]):
            return True
    return False


def divides_a_day(path: Path, count: int, what: str) -> Iterator[Problem]:
    if count == 0 or units.SECONDS_PER_DAY % count:
        yield Problem(path, unequal_steps(count, what))


def covers_weekdays(
    facts: Facts, path: Path, name: str, weekdays: Iterable[str], hint: str = ""
) -> Iterator[Problem]:
    """A file by weekday has a column for each of these weekdays; `hint` ends the message."""
    table = facts.files.get(name)
    if table is None:
        return  # reported where the file was read
    covered = weekdays_of(table.columns)
    missing = [day for day in weekdays if day not in covered]
    if missing:
        yield Problem(path, f"'{name}' has no column for {listed(missing)}{hint}")


def escalation_shares_fit(facts: Facts) -> Iterator[Problem]:
    """What is passed on from one stage by one team on one channel is at most 100 %; help is asked
    for apart from that."""
    for name, contact in facts.scenario.contacts.items():
        rows = contact.escalates
        for number, row in enumerate(rows):
            before = [
                other.share
                for other in rows[: number + 1]
                if other.when == row.when
                and (other.how == "consult") == (row.how == "consult")
                and other.from_ == row.from_
                and (other.at is None or row.at is None or set(other.at) & set(row.at))
                and channels_meet(other.channels, row.channels)
            ]
            if len(before) > 1 and sum(before) > 1 + TOTAL_TOLERANCE:
                yield Problem(
                    ("contacts", name, "escalates", number),
                    f"more than 100 % is passed on from here: {_percent(sum(before))} in all",
                )


def channels_meet(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> bool:
    return one is None or other is None or bool(set(one) & set(other))


def breached_promises_exist(facts: Facts) -> Iterator[Problem]:
    """`when: promise breached` needs a promise, and takes no share of effort and no team."""
    scenario = facts.scenario
    for name, contact in scenario.contacts.items():
        for number, row in enumerate(contact.escalates):
            path = ("contacts", name, "escalates", number)
            if row.when != "promise breached":
                continue
            if row.at is not None:
                yield Problem((*path, "at"), "who waits has no team yet; leave `at` out")
            if row.at_effort != 1.0:
                yield Problem((*path, "at_effort"), "who waits has had no effort; leave it out")
            for channel, block in on_channels(contact).items():
                of_channel = scenario.channels.get(channel)
                promised = block.answer_within is not None or (
                    of_channel is not None and of_channel.answer_within is not None
                )
                if channels_meet(row.channels, (channel,)) and not promised:
                    yield Problem(
                        path, f"there is no promise to breach: {channel} has no answer_within"
                    )


def surges_make_sense(facts: Facts) -> Iterator[Problem]:
    """Campaigns begin before the calendar ends; what brings nobody is a mistake."""
    calendar = facts.scenario.calendar
    ends = calendar.start + timedelta(days=calendar.days)
    for name, contact in facts.scenario.contacts.items():
        arrivals, path = contact.arrivals, ("contacts", name, "arrivals")
        for number, campaign in enumerate(arrivals.campaigns):
            if campaign.on >= ends:
                yield Problem(
                    (*path, "campaigns", number, "on"),
                    f"the calendar ends before: its last day is {ends - timedelta(days=1)}",
                )
            if campaign.contacts == 0:
                yield Problem((*path, "campaigns", number, "contacts"), "brings no contacts")
        volume = arrivals.per_day
        if arrivals.campaigns and isinstance(volume, dict) and not any(volume.values()):
            yield Problem(
                (*path, "campaigns"),
                "they bring contacts on days on which `per_day` is above 0, and there is none; "
                "leave `per_day` out where all come from campaigns",
            )
        if arrivals.incident is not None and arrivals.incident.contacts == 0:
            yield Problem((*path, "incident", "contacts"), "brings no contacts")
        if arrivals.per_day is None:
            for key in ("growth", "season"):
                if getattr(arrivals, key) is not None:
                    yield Problem((*path, key), "there is no `per_day` that it could change")


RULES = (
    volume_is_given,
    volume_can_be_played,
    surges_make_sense,
    type_has_channels,
    trace_channels_are_handled,
    traces_lie_in_the_calendar,
    shapes_have_weight,
    escalation_shares_fit,
    breached_promises_exist,
)
