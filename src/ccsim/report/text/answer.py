"""An experiment as a lead reads it: first the answer, then what it rests on, then the warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccsim.experiment.headline import main_measure
from ccsim.experiment.promises import promises
from ccsim.experiment.result import Comparison, Experiment
from ccsim.measures.catalogue import split_key
from ccsim.report.tables.answer_table import answer_table, cut_table, full_table, promises_of
from ccsim.report.tables.text_table import Table, paragraph, table_lines
from ccsim.report.tables.time_table import left_by_day, time_tables
from ccsim.report.text.cautions import cautions
from ccsim.report.text.reversal_text import turning_words
from ccsim.report.text.variance_text import reduction_words
from ccsim.report.words.labels import (
    LIVE,
    contacts_of,
    label_of,
    measured_days,
    scaled_row,
    unit_of,
    year_factor,
)
from ccsim.report.words.rounding import duration, number, scale_for, spread
from ccsim.report.words.verdicts import DesignChange, against_sentence, joined, promise_sentences
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown of an experiment, in the order in which it is shown."""

    title: str
    sample: str
    tables: tuple[Table, ...]
    footnotes: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    closing: tuple[str, ...] = field(default=())


def answer(experiment: Experiment, *, everything: bool = False, by: str | None = None) -> Answer:
    """The answer table, every measure, or the cut by team, time, type or channel."""
    base = experiment.against if isinstance(experiment, Comparison) else None
    scenarios, estimates = experiment.scenarios, experiment.results
    promised = experiment.promised
    main = answer_table(scenarios, estimates, base, experiment.judged, promised)
    if by in ("team", "type", "channel"):
        tables: tuple[Table, ...] = (cut_table(scenarios, estimates, base, by, promised),)
    elif by is not None:
        tables = time_tables(experiment, by, base)
    else:
        tables = (full_table(scenarios, estimates, base, promised) if everything else main,)
    keys = [row.key for table in tables for row in table.rows]
    return Answer(
        experiment.scenario.name,
        sample_words(experiment, timed=True),
        tables,
        tuple(_footnotes(experiment, everything and by is None)),
        tuple(_verdict(experiment, main)),
        tuple(cautions(scenarios, estimates, experiment.replications, _backlogs(experiment), keys)),
        tuple(_closing(experiment, everything or by is not None)),
    )


def answer_lines(shown: Answer, width: int, *, marks: bool) -> list[str]:
    """The answer as lines of text for a terminal or a pipe of this width."""
    heading = f"{shown.title}      {shown.sample}"
    lines = [heading] if len(heading) <= width else [shown.title, *paragraph(shown.sample, width)]
    for table in shown.tables:
        lines += ["", *table_lines(table, width, marks=marks)]
    for texts, indent in (
        (shown.footnotes, "  "),
        (shown.verdict, "  "),
        (shown.cautions, "  ! " if marks else "  Note: "),
    ):
        if texts:
            gap = [] if texts is shown.footnotes else [""]
            lines += gap + [p for text in texts for p in paragraph(text, min(width, 110), indent)]
    if shown.closing:
        lines += ["", *(f"  {text}" for text in shown.closing)]  # to be copied: never folded
    return lines


def sample_words(experiment: Experiment, *, timed: bool = False) -> str:
    """`7 days · 100 replications · same customers for every design · 3.9 s`."""
    days = measured_days(experiment.scenario)
    parts = [f"{days:g} day" + ("" if days == 1 else "s")]
    count = experiment.replications
    if experiment.partial:
        parts.append(f"{count} of {experiment.asked} replications (stopped: partial)")
    else:
        parts.append(f"{number(count, 0)} replication" + ("" if count == 1 else "s"))
    if timed and experiment.from_store:
        whole = experiment.from_store == count
        parts[-1] += " (from the store)" if whole else f" ({experiment.from_store} from the store)"
    if isinstance(experiment, Comparison):
        parts.append("same customers for every design")
    if timed and experiment.seconds:
        seconds = experiment.seconds
        parts.append(f"{seconds:.1f} s" if seconds < 100 else duration(round(seconds / 60) * 60e6))
    return " · ".join(parts)


def main_words(scenario: Scenario, estimate: Estimate) -> str:
    """The main measure in a line of progress: `phone answered within 20 s: 78.4 % ±0.9`."""
    key = main_measure(scenario)
    scale, (shown,) = scaled_row(unit_of(key, scenario, yearly=False), [estimate])
    unit = f" {scale.unit}" if scale.unit else ""
    label = label_of(key, scenario)
    value = f"{scale.text(shown.value)}{unit} {spread(shown, scale)}".rstrip()
    return f"{label[:1].lower()}{label[1:]}: {value}"


def changes_of(
    comparison: Comparison, design: str
) -> tuple[list[DesignChange], list[DesignChange]]:
    """What the design changes: service of each promised channel (the main one first), and cost;
    where something is sold beside, also what is left of the cost."""
    scenario = comparison.scenario
    shared = set(comparison.shared(design))
    main = main_measure(scenario)
    keys = [main, *(f"{channel}.service_level" for channel in scenario.channels)]
    service = [
        service_change(comparison, design, key) for key in dict.fromkeys(keys) if key in shared
    ]
    money = [cost_change(comparison, design)] if "cost.total" in shared else []
    if "cost.net" in shared:
        money.append(net_change(comparison, design))
    return service, money


def service_change(comparison: Comparison, design: str, key: str) -> DesignChange:
    """The difference in one measure of service, in words."""
    scope, name = split_key(key)
    contacts = contacts_of(scope)
    difference = comparison.difference(design, key).estimate
    if name == "service_level":
        subject = f"{contacts} answered in time"
        return DesignChange(difference, "points", f"more {subject}", f"fewer {subject}", subject)
    subject = f"mean wait of answered {contacts}"
    return DesignChange(
        difference, "s", f"longer {subject}", f"shorter {subject}", f"the {subject}"
    )


def cost_change(comparison: Comparison, design: str) -> DesignChange:
    """The difference in cost, scaled to a year."""
    return _yearly(comparison, design, "cost.total", "", "cost")


def net_change(comparison: Comparison, design: str) -> DesignChange:
    """The difference in what is left of the cost when revenue is taken off, scaled to a year."""
    return _yearly(comparison, design, "cost.net", " with revenue taken off", "cost less revenue")


def _yearly(comparison: Comparison, design: str, key: str, of: str, subject: str) -> DesignChange:
    scenario = comparison.scenario
    yearly = comparison.difference(design, key).estimate.scaled(year_factor(scenario))
    unit = f"sum:{scenario.currency or ''}"
    return DesignChange(yearly, unit, f"more a year{of}", f"less a year{of}", subject)


def _verdict(experiment: Experiment, main: Table) -> list[str]:
    names = list(experiment.results)
    sentences = promise_sentences(list(zip(names, promises_of(main), strict=True)))
    if isinstance(experiment, Comparison):
        several = len(experiment.others) > 1
        sentences += [
            against_sentence(
                experiment.against, design, *changes_of(experiment, design), several=several
            )
            for design in experiment.others
        ]
        sentences.append(" ".join(turning_words(experiment)))
    return [sentence for sentence in sentences if sentence]


def _footnotes(experiment: Experiment, everything: bool) -> list[str]:
    count = experiment.replications
    if count == 1:
        return [*precision_words(experiment)]
    notes = [
        f"± is a 95 % interval from {number(count, 0)} replications: it says how sure the "
        "simulation is, not how sure its inputs are."
        + (" --uncertain draws those that nobody knows." if _assumes(experiment) else "")
    ]
    marked = sum(map(promises, experiment.scenarios.values())) > 1
    if isinstance(experiment, Comparison):
        notes.append(
            "Differences between designs are paired, replication by replication; those in the "
            "verdict hold together at 95 %"
            + (", and so do all marks of kept and missed." if marked else ".")
        )
    elif marked:
        notes.append("All marks of kept and missed hold together at 95 %.")
    notes += [*precision_words(experiment), *reduction_words(experiment)]
    if everything:
        if isinstance(experiment, Comparison):
            notes += [*pairing_words(experiment), *best_words(experiment)]
        days = measured_days(experiment.scenario)
        notes.append(f"Counts and costs are for the {days:g} days that were simulated.")
    return notes


def _assumes(experiment: Experiment) -> bool:
    return any(scenario.uncertain for scenario in experiment.scenarios.values())


def pairing_words(comparison: Comparison) -> list[str]:
    """What the same customers saved: how many times more replications others would have taken."""
    words = []
    for key in comparison.asked_measures:
        gains = [(design, comparison.gain(design, key)) for design in comparison.others]
        told = [
            f"{design} {number(gain, 0 if gain >= 10 else 1)}"
            for design, gain in gains
            if gain is not None
        ]
        if told:
            words.append(f"{label_of(key, comparison.scenario)}: {', '.join(told)}")
    if not words:
        return []
    heading = "The same customers for every design save replications, so many times: "
    return [heading + "; ".join(words) + "."]


def best_words(comparison: Comparison) -> list[str]:
    """Which design is, or may be, the best of all in each measure on which the decision rests."""
    words = []
    for key in comparison.asked_measures if len(comparison.results) > 2 else ():
        found = comparison.best(key)
        label = label_of(key, comparison.scenario)
        best = [each.design for each in found if each.standing == "best"]
        possible = [each.design for each in found if each.standing == "may be best"]
        if best:
            words.append(f"{label}: {best[0]} is")
        elif possible:
            words.append(f"{label}: {joined(possible, 'or')} may be")
    if not words:
        return []
    return ["The best of all designs (95 % for each measure): " + "; ".join(words) + "."]


def precision_words(experiment: Experiment) -> list[str]:
    """What became of each half-width that was asked for."""
    words = []
    for each in experiment.precision:
        what = f"Asked for {each.text}"
        unit = unit_of(each.key, experiment.scenario, yearly=False)
        if each.got is None:
            words.append(f"{what}: there is no interval.")
            continue
        kind = "points" if unit.kind == "share" else unit.kind
        half = Estimate(each.got, 0.0, 2 * each.got, 0.95, "", experiment.replications)
        scale = scale_for(kind, [half])
        got = f"±{scale.text(each.got)} {scale.unit}".rstrip()
        where = f" in {each.design}" if len(experiment.results) > 1 else ""
        if each.enough:
            words.append(f"{what}: reached, {got}{where}.")
            continue
        more = ""
        if each.replications is not None:
            more = f"; about {number(each.replications, 0)} replications would do"
        words.append(f"{what}: not reached, {got}{where}{more}.")
    return words


def _backlogs(experiment: Experiment) -> dict[str, dict[str, Sequence[Estimate]]]:
    """The backlog that each day leaves, of the channels whose contacts wait (e-mail)."""
    return {
        name: {channel: left_by_day(result, channel) for channel in _written(result.scenario)}
        for name, result in experiment.results.items()
    }


def _written(scenario: Scenario) -> list[str]:
    return [channel for channel in scenario.channels if channel not in LIVE]


def _closing(experiment: Experiment, detailed: bool) -> list[str]:
    closing = []
    if experiment.folder is not None:
        closing.append(f"{experiment.folder}   ccsim plot {experiment.folder} for pictures")
    if not detailed:
        closing.append(
            "--all for every measure, --by team, interval, day, type or channel for cuts"
        )
    return closing


__all__ = [
    "Answer",
    "answer",
    "answer_lines",
    "changes_of",
    "cost_change",
    "main_words",
    "sample_words",
    "service_change",
]
