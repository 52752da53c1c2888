"""What a measure is called in tables, sentences and pictures: the label of its declaration
(`ccsim.measures`), filled in for a scope of a scenario. Its terms stand in docs/glossary.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.measures.catalogue import definition_of, split_key
from ccsim.network.structure import ALL, CAMPAIGNS, structure_of
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
# Customers who are called are not answered: they are reached.
OF_CAMPAIGNS = {"answered": "{contacts} who were reached"}
MACHINES = {"bot": "the bot", "ivr": "the voice menu"}
ANY_MACHINE = "a bot or voice menu"
A_YEAR = " a year"
PLACE = ", {place}"


def label_of(key: str, scenario: Scenario, *, yearly: bool = True) -> str:
    """What a measure is called, in the words of the trade; `units.labelled` adds its unit.

    `yearly` says that sums of money are scaled to a year.
    """
    scope, name = split_key(key)
    template = definition_of(name).label
    if scope.rpartition(".")[2] == CAMPAIGNS:
        template = OF_CAMPAIGNS.get(name, template)
    if scope == ALL:
        template = template.replace(PLACE, "")
    return sentence_case(
        template.format(
            contacts=contacts_in(scope, scenario),
            place=place_of(scope, scenario),
            within=target_time(scenario, scope) or TARGET_TIME,
            resolve=resolution_time(scenario, scope) or TARGET_TIME,
            intervals=interval_words(scenario.calendar.interval),
            machine=_machine(scenario, scope),
            a_year=A_YEAR if yearly else "",
        )
    )


def short_label(key: str, *, yearly: bool = True) -> str:
    """What a measure is called under the name of its team, type or channel: its label without the
    contacts and the place, `found it closed` for `calls that found it closed`."""
    template = definition_of(split_key(key)[1]).label
    for what in ("{contacts} that ", "{contacts} "):
        template = template.removeprefix(what)
    return template.replace(PLACE, "").format(
        contacts="contacts",
        within=TARGET_TIME,
        resolve=TARGET_TIME,
        intervals="intervals",
        machine=ANY_MACHINE,
        a_year=A_YEAR if yearly else "",
    )


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
    return MACHINES[kinds.pop()] if len(kinds) == 1 else ANY_MACHINE
