"""What keys are called in tables and sentences, and in which unit their values are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccsim.measures.catalogue import describe, split_key
from ccsim.report.words.rounding import Scale, duration, scale_for
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

DAYS_A_YEAR = 365.25
CHANNELS = {"phone": "phone", "chat": "chat", "email": "e-mail"}
CONTACTS = {  # one call, two calls
    "phone": "calls",
    "chat": "chats",
    "messaging": "conversations",
    "social": "conversations",
    "email": "e-mails",
    "tickets": "tickets",
}
LIVE = ("phone", "chat")

SHORT = {
    "heads": "people",
    "heads_on_duty": "people on duty, on average",
    "paid_fte": "paid FTE",
    "occupancy_live": "occupancy, live work",
    "overtime_hours": "overtime",
    "people_cost": "cost of people a year",
    "service_level": "answered in time",
    "intervals_kept": "intervals that kept the promise",
    "worst_day": "answered in time on the worst day",
    "speed_of_answer": "mean wait of the answered",
    "wait_p90": "wait that 90 % do not exceed",
    "backlog_end": "waiting at the end",
    "abandoned_by_customer": "customers who gave up",
    "first_contact_resolution": "resolved at first contact",
    "escalated": "passed on",
    "agent_time_per_contact": "agent time for a contact",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """How the values of one key are shown: `kind` as in rounding.scale_for, times `factor`."""

    kind: str
    factor: float = 1.0

    def of(self, estimate: Estimate) -> Estimate:
        """The estimate in this unit."""
        return estimate if self.factor == 1.0 else estimate.scaled(self.factor)


def unit_of(key: str, scenario: Scenario, *, yearly: bool) -> Unit:
    """The unit of a key; money totals become a year's if `yearly`."""
    measure = describe(key)
    currency = scenario.currency or ""
    if measure.unit != "money":
        return Unit(measure.unit)
    if measure.kind == "ratio":
        return Unit(f"price:{currency}")
    return Unit(f"money:{currency}", year_factor(scenario) if yearly else 1.0)


def measured_days(scenario: Scenario) -> float:
    """Days of the calendar that are measured, warm-up apart."""
    return scenario.calendar.days - scenario.calendar.warm_up / 86_400_000_000


def year_factor(scenario: Scenario) -> float:
    """From the measured days to a year: 365.25 / days."""
    return DAYS_A_YEAR / measured_days(scenario)


def sentence_case(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def channel_name(channel: str) -> str:
    """`e-mail` for email; others as they are written."""
    return CHANNELS.get(channel, channel)


def contacts_of(channel: str) -> str:
    """`calls`, `chats`, `e-mails`, or `phone contacts` for a channel without a word of its own."""
    return CONTACTS.get(channel, f"{channel} contacts")


def promised_within(scenario: Scenario, channel: str) -> str | None:
    """The channel's promise in words, `20 s`; `the promise` where its types differ. Also that of
    one type on it, `billing.phone`."""
    name, _, its_channel = channel.rpartition(".")
    if name in scenario.contacts:
        block = getattr(scenario.contacts[name], its_channel, None)
        within = block.answer_within if block is not None else None
        if within is None and its_channel in scenario.channels:
            within = scenario.channels[its_channel].answer_within
        return None if within is None else duration(within)
    of_channel = scenario.channels[channel].answer_within if channel in scenario.channels else None
    blocks = [getattr(contact, channel, None) for contact in scenario.contacts.values()]
    own = {block.answer_within for block in blocks if block is not None}
    promises = {of_channel if within is None else within for within in own} - {None}
    if not promises:
        return None
    only = promises.pop()
    return "the promise" if promises or only is None else duration(only)


def short_label(key: str) -> str:
    """What a measure is called under the name of its team, type or channel."""
    name = split_key(key)[1]
    return SHORT.get(name, name.replace("_", " "))


def label_of(key: str, scenario: Scenario) -> str:
    """What a row is called, in the trade's words; the unit is added by `labelled`."""
    scope, name = split_key(key)
    where = channel_name(scope)
    contact, _, channel = scope.rpartition(".")
    if contact in scenario.contacts:
        where = f"{contact} by {channel_name(channel)}"
    if name == "service_level":
        within = promised_within(scenario, scope) or "the promise"
        return sentence_case(f"{where} answered within {within}")
    if name == "intervals_kept":
        when = sentence_case(interval_words(scenario.calendar.interval))
        return f"{when} in which {where} kept its promise"
    words = {
        "all.heads": "People who take contacts",
        "all.heads_with_roles": "People, with those who lead and support",
        "all.paid_fte": "Paid time of those who take contacts, FTE",
        "all.heads_on_duty": "People on duty",
        "all.abandoned_by_customer": "Customers who gave up",
        "all.first_contact_resolution": "Resolved at first contact",
        "all.escalated": "Contacts passed on",
        "all.occupancy": "Occupancy",
        "all.occupancy_live": "Occupancy, live channels",
        "cost.total": "Cost a year",
        "cost.penalties": "Penalties a year",
        "revenue.upselling": "Revenue from upselling a year",
        "cost.net": "Cost less revenue a year",
        "cost.per_resolved_contact": "Cost per resolved contact",
        "cost.per_contact": "Cost per contact",
        "cost.per_customer": "Cost per customer",
        "all.consult_wait": "Mean wait of agent and customer for help",
        "outbound.answered": "Customers on the list who were reached",
    }
    if key in words:
        return words[key]
    by_name = {
        "speed_of_answer": f"Mean wait of answered {contacts_of(scope)}",
        "backlog_end": f"{sentence_case(contacts_of(scope))} waiting at the end",
        "days_kept": f"Days on which {where} kept its promise",
        "abandoned": f"{sentence_case(contacts_of(scope))} abandoned",
        "contained": f"{sentence_case(contacts_of(scope))} that needed nobody",
        "callbacks_kept": "Callbacks within their promise",
    }
    return by_name.get(name, f"{sentence_case(where)}: {name.replace('_', ' ')}")


def interval_words(length_us: int) -> str:
    """The trade's word for intervals of this length: `half hours`."""
    minutes = length_us / 60_000_000
    words = {15.0: "quarter hours", 30.0: "half hours", 60.0: "hours"}
    return words.get(minutes, f"intervals of {duration(length_us)}")


def labelled(label: str, scale: Scale, key: str) -> str:
    """The label with its unit, once, and with the word for what rests on assumptions alone.

    Times and money need their unit; counts are named by their labels.
    """
    measure = describe(key)
    if measure.unit in ("s", "h", "money") or " per " in measure.unit:
        label = f"{label}, {scale.unit}".rstrip(", ")
    return f"{label} (assumed)" if measure.assumed else label


def scaled_row(unit: Unit, estimates: Sequence[Estimate | None]) -> tuple[Scale, list[Estimate]]:
    """The scale of a row and its estimates in its unit; a missing one is undefined."""
    nothing = Estimate(None, None, None, 0.95, "not measured", 0)
    shown = [nothing if estimate is None else unit.of(estimate) for estimate in estimates]
    return scale_for(unit.kind, shown), shown
