"""Which measures an experiment is about when nobody says: those a decision usually rests on."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TYPE_CHECKING

from ccsim.measures.catalogue import describe, known_measures
from ccsim.network.structure import structure_of

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario


TOTAL, NET = "cost.total", "cost.net"


def headline_measures(scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """Service level of every channel with a target time, all other targets, customers who gave up,
    cost (also less revenue), and what is expected.

    Only measures that every design has.
    """
    designs = list(scenarios)
    known = [set(known_measures(scenario)) for scenario in designs]
    wanted = [f"{channel}.service_level" for channel in designs[0].channels]
    wanted += [target.key for scenario in designs for target in structure_of(scenario).targets]
    wanted += ["all.abandoned_by_customer", TOTAL, NET]
    wanted += ["cost.per_resolved_contact"]
    wanted += [each.measure for scenario in designs for each in scenario.expect]
    return tuple(key for key in dict.fromkeys(wanted) if all(key in keys for keys in known))


def cost_measure(known: Container[str]) -> str:
    """The cost that a decision rests on: what is left of it, where something is sold beside."""
    return NET if NET in known else TOTAL


def main_measure(scenario: Scenario) -> str:
    """The one measure that the progress line shows: the first promise, else speed of answer."""
    known = known_measures(scenario)
    for name in ("service_level", "speed_of_answer"):
        for channel in scenario.channels:
            if f"{channel}.{name}" in known:
                return f"{channel}.{name}"
    return next(key for key in known if describe(key).kind == "ratio")
