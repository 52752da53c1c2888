"""What would turn the verdict first, in sentences, and never stronger than what was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ccsim.experiment.headline import NET
from ccsim.report.words.labels import contacts_of, label_of, sentence_case
from ccsim.report.words.rounding import number
from ccsim.report.words.verdicts import joined

if TYPE_CHECKING:
    from ccsim.experiment.result import Comparison
    from ccsim.experiment.turn import Statement, Turn, Turning

MOVED = {  # of the assumptions that are always tried: up, down
    "volumes": ("volumes were {} higher", "volumes were {} lower"),
    "handle times": ("handle times were {} longer", "handle times were {} shorter"),
    "patience": ("customers were {} more patient", "customers were {} less patient"),
    "absence": ("absence were {} higher", "absence were {} lower"),
}


def turning_words(comparison: Comparison) -> list[str]:
    """Which assumption would turn the verdict first, how sure that is, and which would not."""
    found = comparison.turning
    if found is None:
        return []
    if not found.said:
        return ["The verdict says nothing that could turn: nothing is decided yet."]
    words = [_nothing(found)] if found.first is None else [*_first(comparison, found, found.first)]
    if found.stopped:
        words.append("The search was stopped: what it had not come to may turn the verdict before.")
    return words


def _first(comparison: Comparison, found: Turning, first: Turn) -> Iterator[str]:
    then = joined([_otherwise(comparison, each) for each in first.otherwise])
    yield f"What would turn this first: if {_moved(first.assumption, first.at)}, {then}."
    edges = []
    if first.holds_at is not None:
        edges.append(f"at {_by(first.holds_at)} all of it surely still holds")
    if first.turned_at is not None:
        edges.append(f"at {_by(first.turned_at)} it has surely turned")
    size = number(found.replications, 0)
    limits = joined(edges) if edges else "where exactly is not known surely"
    yield f"({size} replications of each of {found.points} points: {limits}.)"
    later = _names(found, turning=True, besides=first.assumption)
    never = _names(found, turning=False, besides=first.assumption)
    if later:
        yield f"{_sentence(joined(later))} would turn it as well, but no sooner."
    if never:
        yield f"{_sentence(joined(never))} {_would(never)} not turn it {_within(found)}."


def _nothing(found: Turning) -> str:
    names = _names(found, turning=False)
    if not names:
        return "There is no assumption that could be moved to see what would turn it."
    return f"{_sentence(joined(names, 'or'))} alone would not turn it {_within(found)}."


def _would(names: list[str]) -> str:
    return "alone would" if len(names) == 1 else "would each alone"


def _within(found: Turning) -> str:
    if found.stated:
        return "anywhere in the range that the scenario gives"
    return f"within {found.tried[0].limit.lstrip('+-')} either way"


def _names(found: Turning, *, turning: bool, besides: str = "") -> list[str]:
    """The assumptions one of whose ways turns the verdict by its limit; or none of whose do."""
    by_name: dict[str, bool] = {}
    for each in found.tried:
        by_name[each.assumption] = by_name.get(each.assumption, False) or each.turns
    return [name for name, turns in by_name.items() if turns == turning and name != besides]


def _moved(assumption: str, at: str) -> str:
    """`volumes were 12 % higher`, `channels.phone.patience were 95 s`."""
    if assumption in MOVED:
        return MOVED[assumption][at.startswith("-")].format(at.lstrip("+-"))
    if at[0] in "+-":
        return f"{assumption} were {at.lstrip('+-')} {'lower' if at[0] == '-' else 'higher'}"
    return f"{assumption} were {at}"


def _by(at: str) -> str:
    return at.lstrip("+-") if at.endswith("%") else at


def _otherwise(comparison: Comparison, each: Statement) -> str:
    """What is then otherwise: `pooled would miss phone answered within 20 s`."""
    scenario = comparison.results[each.design].scenario
    if each.kind == "promises":
        if each.was == "missed":
            return f"{each.design} would keep every promise"
        label = label_of(each.measure, scenario)
        return f"{each.design} would miss a promise ({label[:1].lower()}{label[1:]})"
    if each.kind == "cost":
        much = "less" if each.was == "more" else "more"
        said = f"{each.design} would cost {much} than {comparison.against}"
        return f"{said} with revenue taken off" if each.measure == NET else said
    scope, _, name = each.measure.rpartition(".")
    if name == "service_level":
        much = "fewer" if each.was == "more" else "more"
        what = f"{much} {contacts_of(scope)} answered in time"
    else:
        what = f"{'shorter' if each.was == 'more' else 'longer'} waits of {contacts_of(scope)}"
    return f"{each.design} would have {what} than {comparison.against}"


def _sentence(text: str) -> str:
    """The first letter large, unless the sentence begins with a path, which is as it is written."""
    return text if "." in text.split(maxsplit=1)[0] else sentence_case(text)
