"""Cuts by time: service, arrivals and staff by time of day, by day, or by weekday."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.experiment.execution.result import Experiment
from ccsim.experiment.results.cuts import By, Cut
from ccsim.experiment.results.design_result import DesignResult
from ccsim.measures.catalogue import split_key
from ccsim.report.tables.answer_table import cell_of, design_names, target_status, target_words
from ccsim.report.tables.text_table import Row, Table
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import contacts_of, sentence_case
from ccsim.report.words.units import labelled, scaled_row, unit_of

if TYPE_CHECKING:
    from ccsim.statistics.estimate import Estimate

TIMES: dict[str, By] = {"interval": "time", "day": "day", "weekday": "weekday"}
PER_CHANNEL = ("service_level", "attempts")
WORKED = 0.1  # of what the best day handles: days with less are days off
OVERALL = ("all.heads_on_duty", "all.occupancy")


def time_tables(experiment: Experiment, by: str, base: str | None) -> tuple[Table, ...]:
    """One table a measure: its value in each part of the day, on each day or weekday.

    `interval` means the time of day, all days together. Times at which nothing is defined in any
    design (nobody came, nobody was on duty) have no row.
    """
    keys = [f"{c}.{name}" for c in experiment.scenario.channels for name in PER_CHANNEL]
    return tuple(
        table
        for key in [*keys, *OVERALL]
        if (table := _table(experiment, key, TIMES[by], base)) is not None
    )


def cut_of(result: DesignResult, key: str, by: By) -> Cut | None:
    """The cut of a measure, None where the design has no such measure by interval."""
    return result.cut(key, by) if key in result.table.interval_keys else None


def left_by_day(result: DesignResult, channel: str) -> list[Estimate]:
    """How many contacts of a channel are waiting at the end of each day on which it is staffed.

    The end of the day, because the first day of a calendar begins with empty lines; days without
    work, such as a weekend, are left out. Empty without the channel.
    """
    waiting = cut_of(result, f"{channel}.backlog_mean", "interval")
    handled = cut_of(result, f"{channel}.contacts_handled", "day")
    if waiting is None or handled is None:
        return []
    last = {label.partition(" ")[0]: i for i, label in enumerate(waiting.labels)}
    counts = [handled.band.at(i).value or 0.0 for i in range(len(handled.labels))]
    least = WORKED * max(counts)
    return [
        waiting.band.at(last[date])
        for date, count in zip(handled.labels, counts, strict=True)
        if count >= least
    ]


def _table(experiment: Experiment, key: str, by: By, base: str | None) -> Table | None:
    cuts = {name: cut_of(result, key, by) for name, result in experiment.results.items()}
    found = [cut for cut in cuts.values() if cut is not None]
    if not found:
        return None
    scenario = experiment.scenario
    unit = unit_of(key, scenario, yearly=False)
    labels = found[0].labels
    grid: list[list[Estimate | None]] = [
        [None if cut is None else cut.band.at(i) for cut in cuts.values()]
        for i in range(len(labels))
    ]
    everything = [cell for row in grid for cell in row]
    scale, _ = scaled_row(unit, everything)
    rows = []
    for label, estimates in zip(labels, grid, strict=True):
        if all(e is None or (not e.value and not e.high) for e in estimates):
            continue
        _, shown = scaled_row(unit, estimates)
        statuses = [
            target_status(key, result.scenario, estimate)
            for result, estimate in zip(experiment.results.values(), estimates, strict=True)
        ]
        cells = [cell_of(e, scale, s) for e, s in zip(shown, statuses, strict=True)]
        rows.append(Row(label, tuple(cells), target_words(key, scenario), key))
    heading = labelled(_heading(key, experiment, by), scale, key)
    return Table(design_names(experiment.scenarios, base), tuple(rows), heading) if rows else None


def _heading(key: str, experiment: Experiment, by: By) -> str:
    scope, name = split_key(key)
    words = {"time": "by time of day", "day": "by day", "weekday": "by weekday"}[by]
    if name == "attempts":
        each = "" if by == "day" else ", on an average day"
        return f"{sentence_case(contacts_of(scope, experiment.scenario))} that came, {words}{each}"
    return f"{label_of(key, experiment.scenario)}, {words}"
