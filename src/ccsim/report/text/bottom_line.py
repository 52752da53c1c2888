"""The bottom line of a comparison: the cheapest design that meets all targets, and what it costs
in service.

The rules: nothing is said below `FEW` replications; a design is called the cheapest only where it
surely costs less than every other design that may meet all targets; a target that is too close to
call is named; whatever surely gets worse against the base is named; and a design that is closed to
many more contacts than another, or does not offer a channel, is not called the cheapest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ccsim.experiment.results.headline import NET, cost_measure
from ccsim.experiment.results.targets import targets
from ccsim.report.tables.answer_table import labels_of
from ccsim.report.text.cautions import FEW
from ccsim.report.text.decision import Decision
from ccsim.report.words.names import channel_name, contacts_of, joined
from ccsim.report.words.rounding import number
from ccsim.report.words.verdicts import DesignTargets, Status, alike, change_words, status_of
from ccsim.statistics import replications_for

START = "Bottom line: "
MOST_REPLICATIONS = 20_000  # of more it is not said how many would decide


def bottom_line(decision: Decision, stand: Mapping[str, DesignTargets]) -> list[str]:
    """The bottom line in sentences; `stand` says how each design stands with its targets."""
    count = decision.comparison.replications
    if count < FEW:
        few = f"{number(count, 0)} replication" + ("" if count == 1 else "s")
        return [f"No bottom line yet: {few} of the {FEW} that a decision needs (-n {FEW})."]
    if not any(each.targets for each in stand.values()):
        return ["No bottom line: no target is set (`target`, `expect`) that a design could meet."]
    return _Line(decision, stand).sentences()


class _Line:
    """The designs sorted by what can be said of them."""

    def __init__(self, decision: Decision, stand: Mapping[str, DesignTargets]) -> None:
        self.decision, self.stand = decision, stand
        self.labels = labels_of(decision.comparison.scenarios)
        self._scenario = decision.comparison.scenario
        closed = {name: decision.closed_to_more(name) for name in stand}
        missing = {name: decision.not_offered(name) for name in stand}
        self.closed = {n: channels for n, channels in closed.items() if channels}
        self.missing = {n: channels for n, channels in missing.items() if channels}
        counted = [n for n in stand if n not in self.closed and n not in self.missing]
        self.met = [n for n in counted if stand[n].status is Status.MET]
        self.close = [n for n in counted if stand[n].status is Status.CLOSE]

    def sentences(self) -> list[str]:
        """The first sentence names the design, the others what must be known beside it."""
        if not self.met:
            found = [self._none()]
        elif not self.decision.money:
            found = [f"{START}{self._names(self.met)} {_meet(self.met)}; no costs are given."]
        else:
            found = self._of_met()
        return found + self._not_counted()

    def _none(self) -> str:
        if not self.close:
            return f"{START}no design meets all targets."
        return (
            f"{START}no design surely meets all targets; too close to call: "
            f"{self._open(self.close)}{self._more_replications()}."
        )

    def _of_met(self) -> list[str]:
        cheapest = [n for n in self.met if all(self._below(n, o) for o in self.met if o != n)]
        if not cheapest:
            return [self._tied()]
        (best,) = cheapest
        rivals = [n for n in self.close if not self._below(best, n)]
        name = self.labels[best]
        if not rivals:
            only = len(self.met) == 1 and not self.close
            what = "the only design that" if only else f"the cheapest design{self._after()} that"
            first = f"{START}{name} is {what} meets all targets"
        else:
            alone = len(self.met) == 1
            what = (
                "the only design that surely meets"
                if alone
                else f"the cheapest{self._after()} that surely meets"
            )
            first = f"{START}{name} is {what} all targets; too close to call: {self._open(rivals)}"
        return [f"{first}.", *self._compared(best)]

    def _tied(self) -> str:
        """Several designs meet all targets, and none of them is surely the cheapest."""
        leading = [n for n in self.met if not any(self._below(o, n) for o in self.met if o != n)]
        pairs = [(a, b) for a in leading for b in leading if a < b]
        equal = all(self.decision.cheaper(a, b) == "equal" for a, b in pairs)
        cost = "cost practically the same" if equal else "which costs less is too close to call"
        others = [n for n in self.met if n not in leading]
        dearer = f"; {self._names(others)} {_meet(others)} at a higher cost" if others else ""
        return f"{START}{self._names(leading)} {_meet(leading)}; {cost}{dearer}."

    def _compared(self, best: str) -> list[str]:
        """What the design costs against the base, and what gets worse with it."""
        base = self.decision.comparison.against
        if best == base:
            return []
        change = self.decision.cost_change(best, base, cost_measure(self.decision.money))
        cost = f"costs {change_words(change)}" if change.direction else change_words(change)
        worse = [c for c in self.decision.service(best) if c.standing == "worse"]
        loss = joined([change_words(each) for each in worse])
        against = self.labels[base]
        if not worse:
            return [f"Against {against}: {cost}; nothing compared here is surely worse."]
        return [f"Against {against}: {cost}; what gets worse: {loss}."]

    def _not_counted(self) -> list[str]:
        """Why designs that meet their targets are not called the cheapest."""
        found = []
        for name, channels in self.closed.items():
            if self.stand[name].status is Status.MISSED:
                continue
            shares = [self._closed_words(name, channel) for channel in channels]
            found.append(
                f"{self.labels[name]} is left out: its targets count only who comes while it is "
                f"open, and {joined(shares)}."
            )
        for name, channels in self.missing.items():
            if self.stand[name].status is not Status.MISSED:
                offered = joined([channel_name(each, self._scenario) for each in channels], "or")
                found.append(f"{self.labels[name]} is left out: it does not offer {offered}.")
        return found

    def _closed_words(self, name: str, channel: str) -> str:
        key = f"{channel}.closed"
        least = min(self.labels, key=lambda each: self.decision.value(each, key))
        shares = [f"{number(100 * self.decision.value(each, key), 0)} %" for each in (name, least)]
        contacts = contacts_of(channel, self._scenario)
        return f"{shares[0]} of {contacts} find it closed ({shares[1]} in {self.labels[least]})"

    def _below(self, ours: str, theirs: str) -> bool:
        return self.decision.cheaper(ours, theirs) == "surely"

    def _after(self) -> str:
        """What `cheapest` means where something is sold."""
        return " after revenue" if cost_measure(self.decision.money) == NET else ""

    def _names(self, names: Sequence[str]) -> str:
        return joined([self.labels[name] for name in names])

    def _open(self, names: Sequence[str]) -> str:
        """Designs with the targets that are too close to call: `base and pooled (e-mails ...)`."""
        close = [(self.labels[name], self.stand[name].named(Status.CLOSE)) for name in names]
        return joined([f"{joined(who)} ({joined(what)})" for who, what in alike(close)])

    def _more_replications(self) -> str:
        """About how many replications would decide the targets that are too close to call."""
        comparison = self.decision.comparison
        needed = [
            replications_for(estimate, abs((estimate.value or 0.0) - wanted))
            for name in self.close
            for key, wanted in targets(comparison.scenarios[name]).items()
            for estimate in [comparison.promised[name][key]]
            if status_of(estimate, at_least=wanted) is Status.CLOSE
        ]
        most = max([count for count in needed if count is not None], default=0)
        if not most or None in needed or most > MOST_REPLICATIONS:
            return ""
        return f"; about {number(most, 0)} replications would decide (-n {most})"


def _meet(names: Sequence[str]) -> str:
    return "meet all targets" if len(names) > 1 else "meets all targets"
