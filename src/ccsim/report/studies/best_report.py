"""The answer of `ccsim best`: a sentence, a row for each design, and what it rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ccsim.experiment.results.unserved import MORE_CLOSED
from ccsim.measures.catalogue import describe, split_key
from ccsim.report.tables.answer_table import labels_of
from ccsim.report.tables.text_table import folded, paragraph
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import (
    channel_name,
    contacts_in,
    joined,
    lower_first,
    printable,
)
from ccsim.report.words.rounding import NOTHING, Scale, number, scale_for
from ccsim.report.words.units import labelled, unit_of
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.experiment.studies.best import Best
    from ccsim.statistics.selection import Miss, Stand

GAP = "   "
RARE = 3  # of the first look: what happens less often than so many times in it cannot decide
CLOSE = "too close to call"
TARGETS = {"meets": "met", "misses": "missed", "undecided": CLOSE}
MORE = {
    "money": ("dearer", "cheaper"),
    "s": ("longer", "shorter"),
    "h": ("longer", "shorter"),
}


def best_lines(found: Best, width: int) -> list[str]:
    """The lines for a terminal of so many columns."""
    words = _Words(found)
    head = f"{printable(found.scenario.name)}      {words.sample()}"
    lines = [head, ""]
    for sentence in words.sentences():
        lines += paragraph(printable(sentence), width)
    return [*lines, "", *words.table(width), "", *paragraph(printable(words.basis()), width)]


class _Words:
    def __init__(self, found: Best) -> None:
        self.found, self.scenario = found, found.scenario
        self.labels = labels_of({name: d.scenario for name, d in found.designs.items()})
        measure = describe(found.measure)
        self.unit = unit_of(found.measure, self.scenario, yearly=True)
        self.yearly = measure.unit == "money" and measure.kind != "ratio"
        shown = [
            self.unit.of(Estimate(_none(stand.value), None, None, 0.95, "", 0))
            for stand in found.stands.values()
        ]
        within = max(found.within * self.unit.factor, 1e-12)
        scale = scale_for(self.unit.kind, shown)
        decimals = max(0, min(3, 1 - math.floor(math.log10(within * scale.factor))))
        self.scale = Scale(
            scale.factor, scale.unit, decimals if measure.unit != "money" else 0,
            scale.floor, scale.ceiling,
        )  # fmt: skip
        kind = {"share": "points", "money": f"sum:{self.scenario.currency or ''}"}
        self.kind = kind.get(measure.unit, self.unit.kind)

    def sample(self) -> str:
        played = number(self.found.replications, 0)
        return f"{played} replications · same customers · {self.found.seconds:.0f} s"

    # --- sentences --------------------------------------------------------------------------------

    def sentences(self) -> list[str]:
        """What was found, what would decide where it did not, and where no target was set."""
        found = self._found()
        if self.found.unguarded:
            found.append(
                "No target is set (`target`, `expect`): nothing but this measure was looked at."
            )
        leader, first = self.found.leader, next(iter(self.found.designs))
        if leader is not None and leader != first:
            found.append(
                f"What else changes with it: ccsim compare ... --against {first} --designs {leader}"
            )
        return found

    def _found(self) -> list[str]:
        found = self.found
        if found.leader is None:
            return self._none()
        name = self.labels[found.leader]
        what = self._superlative()
        asked = any(stand.targets != "meets" for stand in found.stands.values())
        among = " of the designs that meet all targets" if asked else ""
        if found.decided:
            said = f"{name} is the {what}{among}, to within {self.amount(found.within)}."
            equal = [
                self.labels[s.design] for s in found.stands.values() if s.standing == "as good"
            ]
            if not equal:
                return [said]
            verb = "is" if len(equal) == 1 else "are"
            lost = found.regret or 0.0
            by = f"; by taking {name} you lose at most {self.amount(lost)}" if lost > 0 else ""
            return [f"{said} {joined(equal)} {verb} as good{by}."]
        rivals = self._named("undecided")
        if found.regret is None:
            loss = "more replications are needed to say how much you may lose"
        else:
            loss = f"whichever you take, you lose at most {self.amount(found.regret)}"
        how = "stopped" if found.stopped else CLOSE
        said = f"{how.capitalize()} after {number(found.replications, 0)} replications: "
        said += f"{joined(rivals)} may each be the {what}{among}; {loss}."
        return [said, *self._more()]

    def _none(self) -> list[str]:
        found = self.found
        if not found.alive:
            return ["No design meets all targets."]
        names = joined([self.labels[name] for name in found.alive])
        return [
            f"No design surely meets all targets after {number(found.replications, 0)} "
            f"replications; too close to call: {names}.",
            *self._more(),
        ]

    def _more(self) -> list[str]:
        found = self.found
        if found.wanted is None or found.wanted <= found.replications:
            return []
        return [
            f"About {number(found.wanted, 0)} replications would decide (--at-most {found.wanted})."
        ]

    def _superlative(self) -> str:
        unit = describe(self.found.measure).unit
        if unit == "money" and not self.found.larger_is_better:
            return "cheapest"
        label = lower_first(label_of(self.found.measure, self.scenario))
        return f"best in {label}"

    def _named(self, standing: str) -> list[str]:
        stands = self.found.stands.values()
        return [self.labels[stand.design] for stand in stands if stand.standing == standing]

    # --- the table --------------------------------------------------------------------------------

    def table(self, width: int) -> list[str]:
        """A row for each design, in the order of the file; how it stands is folded to the width."""
        label = label_of(self.found.measure, self.scenario)
        heading = labelled(label, self.scale, self.found.measure)
        rows = [("", "targets", heading, "")]
        for stand in self.found.stands.values():
            value = self.scale.text(stand.value * self.unit.factor)
            if describe(self.found.measure).unit == "share" and value != NOTHING:
                value += " %"
            name = printable(self.labels[stand.design])
            met = NOTHING if stand.standing == "left out" else TARGETS[stand.targets]
            rows.append((name, met, value, self._standing(stand)))
        first, second, third = (max(len(row[i]) for row in rows) for i in range(3))
        lines = []
        for row in rows:
            start = f"  {row[0]:<{first}}{GAP}{row[1]:<{second}}{GAP}{row[2]:>{third}}{GAP}"
            room = max(24, width - len(start))
            parts = folded(printable(row[3]), room, break_words=False) or [""]
            lines += [
                ((start if i == 0 else " " * len(start)) + part).rstrip()
                for i, part in enumerate(parts)
            ]
        return lines

    def _standing(self, stand: Stand) -> str:
        out = f"; out after {stand.out_after}" if stand.out_after is not None else ""
        if stand.standing == "misses":
            return f"{joined([self._missed(miss) for miss in _once(stand.misses)])}{out}"
        if stand.standing == "left out":
            channels = [channel_name(each, self.scenario) for each in stand.why]
            return f"left out: does not offer {joined(channels, 'or')}"
        if stand.standing == "best":
            return "← the best"
        if stand.design == self.found.leader:
            return "leads"
        worse, better = MORE.get(describe(self.found.measure).unit, ("worse", "better"))
        if self.found.larger_is_better and worse == "dearer":
            worse, better = "less", "more"
        if stand.low is None or stand.high is None or not math.isfinite(stand.low):
            return CLOSE
        if stand.standing == "worse":
            return f"{worse} by {self._range(stand.low, stand.high)}{out}"
        at_most = self.amount(max(0.0, -stand.low))
        word = "as good" if stand.standing == "as good" else CLOSE
        return f"{word}: at most {at_most} {better}" if stand.low < 0 else word

    def _missed(self, miss: Miss) -> str:
        scope, name = split_key(miss.key)
        if name == "closed":
            low, high = (number(100 * (x + MORE_CLOSED), 0) for x in (miss.low, miss.high))
            contacts = contacts_in(scope, self.scenario)
            return f"closed to {low} to {high} points more of the {contacts}"
        label = f"misses {lower_first(label_of(miss.key, self.scenario))}"
        unit = unit_of(miss.key, self.scenario, yearly=False)
        kind = "points" if unit.kind == "share" else unit.kind
        ends = [unit.factor * end for end in (miss.low, miss.high)]
        if not math.isfinite(ends[1]):
            return label
        middle = Estimate(sum(ends) / 2, ends[0], ends[1], 0.95, "", 0)
        scale = scale_for(kind, [middle], signed=True)
        decimals = max(scale.decimals, 1) if kind == "points" else scale.decimals
        low, high = (number(end * scale.factor, decimals) for end in ends)
        return f"{label} by {low} to {high} {scale.unit}".rstrip()

    def _range(self, low: float, high: float) -> str:
        if low == high:
            return self.amount(low)
        if not math.isfinite(high):
            return f"{self.amount(low)} or more"
        ends = low * self.unit.factor, high * self.unit.factor
        scale = scale_for(self.kind, [Estimate(sum(ends) / 2, *ends, 0.95, "", 0)], signed=True)
        texts = [number(end * scale.factor, scale.decimals) for end in ends]
        return f"{texts[0]} to {texts[1]} {scale.unit}".rstrip() + self._period

    def amount(self, value: float) -> str:
        """A difference in its unit, rounded up to two digits: `2 400 EUR a year`, `0.5 points`."""
        of = Estimate(abs(value) * self.unit.factor, None, None, 0.95, "", 0)
        scale = scale_for(self.kind, [of], signed=True)
        size = abs(value) * self.unit.factor * scale.factor
        decimals = 1 - math.floor(math.log10(size)) if size > 0 else 0
        step = 10.0**-decimals
        text = number(math.ceil(size / step - 1e-9) * step, decimals)
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return f"{text} {scale.unit}".rstrip() + self._period

    @property
    def _period(self) -> str:
        return " a year" if self.yearly else ""

    def basis(self) -> str:
        """What the statement rests on."""
        found = self.found
        rare = round(found.first / RARE)
        asked = ""
        if any(s.targets != "undecided" or s.misses for s in found.stands.values()):
            asked = f" Targets count as met to within {number(100 * found.tolerance, 1)} points."
        return (
            f"The choice holds at 95 %, as far as what happens in fewer than one replication of "
            f"{rare} does not decide (--at-least); the ranges hold one by one.{asked}"
        )


def _once(misses: Sequence[Miss]) -> list[Miss]:
    """The misses, of those of one measure (its target and what is expected) the largest."""
    largest = {miss.key: miss for miss in sorted(misses, key=lambda miss: miss.low)}
    return list(largest.values())


def _none(value: float) -> float | None:
    return None if math.isnan(value) else value
