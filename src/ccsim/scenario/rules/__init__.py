"""What must hold between the parts of a scenario: one small function for each rule.

A rule takes the facts of a scenario whose blocks are right one by one, and yields problems with
their paths; `check` returns those of all rules.
"""

from __future__ import annotations

from collections.abc import Mapping

from ccsim.scenario.files import FileTable
from ccsim.scenario.problem import Problem
from ccsim.scenario.rules import (
    conversations,
    demand,
    names,
    people,
    segments,
    service,
    shifts,
    waiting,
)
from ccsim.scenario.rules.facts import Facts, KnownMeasures, Rule
from ccsim.scenario.schema import Scenario

RULES: tuple[Rule, ...] = (
    *names.RULES,
    *demand.RULES,
    *people.RULES,
    *shifts.RULES,
    *service.RULES,
    *waiting.RULES,
    *conversations.RULES,
    *segments.RULES,
)
NAME_RULES: tuple[Rule, ...] = (
    names.names_are_distinct,
    names.channels_exist,
    names.shifts_exist,
    names.distributions_exist,
    names.teams_exist,
    names.stages_exist,
    demand.distributions_are_whole,
    people.people_are_given,
    shifts.shifts_are_whole,
    shifts.breaks_fit_their_shift,
)


def check(
    scenario: Scenario,
    files: Mapping[str, FileTable],
    known_measures: KnownMeasures | None = None,
) -> list[Problem]:
    """All problems at once. `known_measures` lists the measures that `expect` may name; without
    it only their scopes are checked."""
    facts = Facts(scenario, files, known_measures)
    return list(dict.fromkeys(problem for rule in RULES for problem in rule(facts)))


def check_names(scenario: Scenario) -> list[Problem]:
    """The problems that can be seen in a scenario of which some values are left out."""
    facts = Facts(scenario, {})
    return list(dict.fromkeys(problem for rule in NAME_RULES for problem in rule(facts)))
