"""What must hold between the parts of a scenario: one small function for each rule.

A rule takes the facts of a scenario whose blocks are right one by one, and yields problems with
their paths; `check` returns those of all rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from ccsim.errors import MOST_COLLECTED
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.rules import (
    conversations,
    degenerate,
    demand,
    distributions,
    money,
    names,
    people,
    plausible,
    segments,
    service,
    shifts,
    waiting,
)
from ccsim.scenario.rules.facts import Facts, KnownMeasures, Rule
from ccsim.scenario.schema import Scenario
from ccsim.scenario.tables.files import FileTable
from ccsim.scenario.validation.size_limits import too_many_lines

RULES: tuple[Rule, ...] = (
    *names.RULES,
    *demand.RULES,
    *distributions.RULES,
    *people.RULES,
    *plausible.RULES,
    *degenerate.RULES,
    *money.RULES,
    *shifts.RULES,
    *service.RULES,
    *waiting.RULES,
    *conversations.RULES,
    *segments.RULES,
)


def check(
    scenario: Scenario,
    files: Mapping[str, FileTable],
    known_measures: KnownMeasures | None = None,
) -> list[Problem]:
    """All problems at once. `known_measures` lists the measures that `expect` may name; without
    it only their scopes are checked."""
    if (problem := too_many_lines(scenario)) is not None:
        return [problem]
    return told_by(RULES, Facts(scenario, files, known_measures))


def told_by(rules: Iterable[Rule], facts: Facts) -> list[Problem]:
    """What some rules have to tell, each problem once."""
    found = (problem for rule in rules for problem in rule(facts))
    return list(dict.fromkeys(islice(found, MOST_COLLECTED)))
