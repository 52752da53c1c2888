"""Whether the designs of a scenario can be compared: replication r is the same days and customers
in each of them, and figures in two currencies have no difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccsim.errors import ScenarioError
from ccsim.scenario.resolve import Design

# What `run` states once for all designs: a key, what is wrong where it differs, and what to do.
_OF_ALL = (
    ("replications", "has another number of replications than", "it is one for all (-n)"),
    ("seed", "has another seed than", "it is one for all (--seed)"),
    (
        "stratify",
        "does not share out the busyness as",
        "`run: {stratify: ...}` is one for all",
    ),
)


def why_not_comparable(designs: Mapping[str, Design]) -> Iterator[ScenarioError]:
    """What keeps designs from being compared with the first of them, each with its place."""
    base, *others = designs.values()
    for other in others:
        if other.scenario.calendar != base.scenario.calendar:
            message = f"design '{other.name}' has another calendar than '{base.name}'"
            hint = "designs are compared over the same days"
            yield problem_of(other, "calendar", message, hint)
        if other.scenario.currency != base.scenario.currency:
            message = f"design '{other.name}' counts in another currency than '{base.name}'"
            yield problem_of(other, "currency", message, "write all costs in one")
        for key, said, hint in _OF_ALL:
            ours, theirs = (getattr(each.scenario.run, key) for each in (other, base))
            if ours != theirs:
                message = f"design '{other.name}' {said} '{base.name}'"
                yield problem_of(other, f"run.{key}", message, hint)


def problem_of(design: Design, path: str, message: str, hint: str = "") -> ScenarioError:
    """A problem of a resolved design, at its place in the file where that is known."""
    somewhere = next(iter(design.places.values()), (design.name, 0, 0))[0]  # at least the file
    file, line, column = design.places.get(path, (somewhere, 0, 0))
    return ScenarioError(file, line, column, path, message, hint)
