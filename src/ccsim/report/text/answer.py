"""An experiment as a lead reads it: first the answer, then what it rests on, then the warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccsim.experiment.execution.result import Comparison, Experiment
from ccsim.experiment.results.headline import main_measure
from ccsim.experiment.results.targets import promises
from ccsim.report.tables.answer_table import (
    answer_table,
    cut_table,
    full_table,
    labels_of,
    targets_of,
)
from ccsim.report.tables.text_table import Table, paragraph, table_lines
from ccsim.report.tables.time_table import left_by_day, time_tables
from ccsim.report.text.bottom_line import bottom_line
from ccsim.report.text.cautions import cautions, closed_sentences
from ccsim.report.text.decision import Decision
from ccsim.report.text.reversal_text import turning_words
from ccsim.report.text.variance_text import reduction_words
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import LIVE, joined, lower_first, measured_days, printable
from ccsim.report.words.rounding import duration, number, scale_for, spread
from ccsim.report.words.units import scaled_row, unit_of
from ccsim.report.words.verdicts import DesignTargets, against_sentence, target_sentences
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown of an experiment, in the order in which it is shown."""

    title: str
    sample: str
    tables: tuple[Table, ...]
    bottom_line: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    closing: tuple[str, ...] = field(default=())


def answer(experiment: Experiment, *, everything: bool = False, by: str | None = None) -> Answer:
    """The answer table, every measure, or the cut by team, time, type or channel."""
    base = experiment.against if isinstance(experiment, Comparison) else None
    scenarios, estimates = experiment.scenarios, experiment.results
    deciding = experiment.promised
    main = answer_table(scenarios, estimates, base, experiment.judged, deciding)
    if by in ("team", "type", "channel"):
        tables: tuple[Table, ...] = (cut_table(scenarios, estimates, base, by, deciding),)
    elif by is not None:
        tables = time_tables(experiment, by, base)
    else:
        tables = (full_table(scenarios, estimates, base, deciding) if everything else main,)
    first = _bottom_line(experiment, main)
    keys = [row.key for table in tables for row in table.rows]
    return Answer(
        experiment.scenario.name,
        sample_words(experiment, timed=True),
        tables,
        tuple(first),
        tuple(_footnotes(experiment, everything and by is None)),
        tuple(_verdict(experiment, main, first)),
        tuple(cautions(scenarios, estimates, experiment.replications, _backlogs(experiment), keys)),
        tuple(_closing(experiment, everything or by is not None)),
    )


def answer_lines(shown: Answer, width: int, *, marks: bool) -> list[str]:
    """The answer as lines of text for a terminal or a pipe of this width."""
    heading = f"{shown.title}      {shown.sample}"
    lines = [heading] if len(heading) <= width else [shown.title, *paragraph(shown.sample, width)]
    if shown.bottom_line:
        lines += ["", *(p for text in shown.bottom_line for p in paragraph(text, min(width, 110)))]
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
    return [printable(line) for line in lines]


def sample_words(experiment: Experiment, *, timed: bool = False) -> str:
    """`7 days · 100 replications · same customers for every design · 3.9 s`."""
    days = measured_days(experiment.scenario)
    parts = [f"{days:g} day" + ("" if days == 1 else "s")]
    count = experiment.replications
    if experiment.partial:
        parts.append(f"{count} of {experiment.asked} replications (stopped early: partial)")
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
    """The main measure in a line of progress: `calls answered within 20 s: 78.4 % ±0.9`."""
    key = main_measure(scenario)
    scale, (shown,) = scaled_row(unit_of(key, scenario, yearly=False), [estimate])
    unit = f" {scale.unit}" if scale.unit else ""
    label = label_of(key, scenario)
    value = f"{scale.text(shown.value)}{unit} {spread(shown, scale)}".rstrip()
    return f"{lower_first(label)}: {value}"


def _stand(experiment: Experiment, main: Table) -> dict[str, DesignTargets]:
    """How each design stands with its targets, by its key."""
    labels = labels_of(experiment.scenarios)
    return dict(zip(labels, targets_of(main, [*labels.values()]), strict=True))


def _bottom_line(experiment: Experiment, main: Table) -> list[str]:
    if not isinstance(experiment, Comparison):
        return []
    return bottom_line(Decision(experiment), _stand(experiment, main))


def _verdict(experiment: Experiment, main: Table, said: Sequence[str]) -> list[str]:
    """The sentences of the verdict, without what the bottom line has `said` already."""
    sentences = target_sentences([*_stand(experiment, main).values()])
    if any("too close to call: " in line for line in said):
        sentences = [text for text in sentences if not text.startswith("Too close to call in")]
    sentences += closed_sentences(experiment.scenarios, experiment.results)
    if isinstance(experiment, Comparison):
        labels, decision = labels_of(experiment.scenarios), Decision(experiment)
        sentences += [
            against_sentence(
                labels[experiment.against],
                labels[design],
                decision.service(design),
                decision.costs(design),
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
        f"± is the 95 % confidence interval from {number(count, 0)} replications. It covers "
        "chance, not how sure your inputs are"
        + ("; --uncertain adds that." if _assumes(experiment) else ".")
    ]
    if isinstance(experiment, Comparison):
        notes.append(
            "Designs are compared under the same customers, replication by replication. All that "
            "the verdict states, the marks of targets included, holds together at 95 %."
        )
    elif sum(map(promises, experiment.scenarios.values())) > 1:
        notes.append("All marks of targets hold together at 95 %.")
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
    """How many times more replications different customers for each design would have needed."""
    words = []
    labels = labels_of(comparison.scenarios)
    for key in comparison.asked_measures:
        gains = [(design, comparison.gain(design, key)) for design in comparison.others]
        known = [
            f"{labels[design]} {number(gain, 0 if gain >= 10 else 1)}"
            for design, gain in gains
            if gain is not None
        ]
        if known:
            words.append(f"{label_of(key, comparison.scenario)}: {', '.join(known)}")
    if not words:
        return []
    heading = "With different customers for each design, so many times the replications are needed"
    return [f"{heading}: {'; '.join(words)}."]


def best_words(comparison: Comparison) -> list[str]:
    """Which design is, or may be, the best of all in each measure on which the decision rests."""
    words = []
    labels = labels_of(comparison.scenarios)
    for key in comparison.asked_measures if len(comparison.results) > 2 else ():
        found = comparison.best(key)
        label = label_of(key, comparison.scenario)
        best = [labels[each.design] for each in found if each.standing == "best"]
        possible = [labels[each.design] for each in found if each.standing == "may be best"]
        if best:
            words.append(f"{label}: {best[0]} is")
        elif possible:
            words.append(f"{label}: {joined(possible, 'or')} may be")
    if not words:
        return []
    return ["The best of all designs (95 % for each measure): " + "; ".join(words) + "."]


def precision_words(experiment: Experiment) -> list[str]:
    """Whether each precision that was asked for was reached."""
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
    "main_words",
    "sample_words",
]
