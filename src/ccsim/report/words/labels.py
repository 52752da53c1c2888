"""What measures are called in tables, sentences and pictures: the terms of docs/glossary.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.measures.catalogue import definition_of, split_key
from ccsim.network.structure import structure_of
from ccsim.report.words.names import (
    contacts_in,
    interval_words,
    place_of,
    sentence_case,
)
from ccsim.report.words.rounding import duration
from ccsim.scenario.side_lines import machines_of

if TYPE_CHECKING:
    from ccsim.network.facts import QueueFacts
    from ccsim.scenario.schema import Scenario

TARGET_TIME = "the target time"  # where contacts of one row have different ones

KEYS = {  # what a single key is called
    "all.heads": "Headcount",
    "all.heads_with_roles": "Headcount incl. leads and support",
    "all.paid_fte": "Paid agent FTE",
    "all.heads_on_duty": "People on duty",
    "all.abandoned_by_customer": "Customers who gave up",
    "all.first_contact_resolution": "Resolved at first contact",
    "all.escalated": "Escalated",
    "all.repeat_share": "Repeat contacts",
    "all.occupancy": "Occupancy",
    "all.occupancy_live": "Occupancy, live channels",
    "all.consult_wait": "Average wait for help from a colleague",
    "cost.total": "Cost a year",
    "cost.penalties": "Penalties a year",
    "cost.net": "Cost less revenue, a year",
    "cost.per_resolved_contact": "Cost per resolved contact",
    "cost.per_contact": "Cost per contact",
    "cost.per_customer": "Cost per customer",
    "revenue.upselling": "Upselling revenue a year",
    "outbound.answered": "Customers on the list who were reached",
}
NAMES = {  # by measure: contacts are `calls`, `billing calls`; place is `phone`, `frontline`
    "service_level": "{contacts} answered within {within}",
    "intervals_kept": "{intervals} on target, {place}",
    "days_kept": "days on target, {place}",
    "worst_day": "{contacts} answered within {within} on the worst day",
    "speed_of_answer": "average wait, answered {contacts}",
    "backlog_end": "{contacts} still open at the end",
    "abandoned": "{contacts} abandoned",
    "closed": "{contacts} that found it closed",
    "blocked": "{contacts} that got a busy signal",
    "cut_off": "{contacts} cut off at closing time",
    "contained": "{contacts} resolved by {machine}",
    "callbacks_kept": "callbacks made in time, {place}",
    "callback_wait": "average wait for a callback, {place}",
    "resolved_within": "{contacts} resolved within {resolve}",
    "answered": "{contacts} answered",
    "heads": "headcount, {place}",
    "heads_on_duty": "people on duty, {place}",
    "paid_fte": "paid FTE, {place}",
    "occupancy": "occupancy, {place}",
    "occupancy_live": "occupancy with live work, {place}",
    "handle_time": "average handle time, {place}",
    "first_contact_resolution": "{contacts} resolved at first contact",
    "escalated": "{contacts} escalated",
}
SHORT = {  # under the name of a team, type or channel
    "heads": "headcount",
    "heads_on_duty": "people on duty",
    "paid_fte": "paid FTE",
    "occupancy_live": "occupancy, live work",
    "overtime_hours": "overtime",
    "people_cost": "cost of people a year",
    "service_level": "answered within the target time",
    "intervals_kept": "intervals on target",
    "worst_day": "answered within the target time, worst day",
    "speed_of_answer": "average wait of the answered",
    "wait_p90": "wait, 90th percentile",
    "backlog_end": "still open at the end",
    "abandoned_by_customer": "customers who gave up",
    "first_contact_resolution": "resolved at first contact",
    "agent_time_per_contact": "agent time per contact",
    "handle_time": "average handle time",
}
MACHINES = {"bot": "the bot", "ivr": "the voice menu"}


def label_of(key: str, scenario: Scenario) -> str:
    """What a measure is called, in the words of the trade; `units.labelled` adds its unit."""
    if key in KEYS:
        return KEYS[key]
    scope, name = split_key(key)
    template = NAMES.get(name) or definition_of(name).label
    if not template:
        return sentence_case(f"{name.replace('_', ' ')}, {place_of(scope, scenario)}")
    return sentence_case(
        template.format(
            contacts=contacts_in(scope, scenario),
            place=place_of(scope, scenario),
            within=target_time(scenario, scope) or TARGET_TIME,
            resolve=resolution_time(scenario, scope) or TARGET_TIME,
            intervals=interval_words(scenario.calendar.interval),
            machine=_machine(scenario, scope),
        )
    )


def short_label(key: str) -> str:
    """What a measure is called under the name of its team, type or channel."""
    name = split_key(key)[1]
    return SHORT.get(name, name.replace("_", " "))


def target_time(scenario: Scenario, scope: str) -> str | None:
    """Within what time the contacts of a scope are to be answered: `20 s`; `the target time` where
    they differ; None where no time is set."""
    return _only({queue.answer_within for queue in _queues(scenario, scope)})


def resolution_time(scenario: Scenario, scope: str) -> str | None:
    """Within what time the problems of a scope's customers are to be solved, as `target_time`."""
    return _only({queue.resolve_within for queue in _queues(scenario, scope)})


def _queues(scenario: Scenario, scope: str) -> list[QueueFacts]:
    """The queues whose attempts count in a scope."""
    return [queue for queue in structure_of(scenario).queues if scope in queue.attempt_scopes]


def _only(times: set[int | None]) -> str | None:
    """The one time of a set; `the target time` for several, None for none."""
    known = {time for time in times if time is not None}
    if not known:
        return None
    return duration(known.pop()) if len(known) == 1 else TARGET_TIME


def _machine(scenario: Scenario, scope: str) -> str:
    """What answers before people do in a scope: the bot, the voice menu, or either."""
    channel = scope.rpartition(".")[2]
    kinds = {kind for at, kind in machines_of(scenario) if channel in (at, "all")}
    return MACHINES[kinds.pop()] if len(kinds) == 1 else "a bot or voice menu"
