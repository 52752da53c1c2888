"""The steps of `run` and `compare`: load, simulate with a line of progress, show, exit code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccsim.cli.options import Display
from ccsim.cli.progress import ProgressLine
from ccsim.cli.terminal import say, show, show_json, width, with_marks

if TYPE_CHECKING:
    from ccsim.experiment.execution.result import Experiment
    from ccsim.scenario.resolve import Design

DONE, MISSED, STOPPED = 0, 1, 130


def load_designs(scenario: Path, sets: Sequence[str]) -> dict[str, Design]:
    """Returns the designs of a scenario file, `base` first. ScenarioProblems: all its errors."""
    from ccsim.experiment.execution.run import load

    return load(scenario, sets)


def play(
    simulate: Callable[..., Experiment], loaded: Mapping[str, Design], /, **how: Any
) -> Experiment:
    """Calls a function of the API, with a line of progress while it runs."""
    scenario = next(iter(loaded.values())).scenario
    with ProgressLine(scenario) as line:
        return simulate(progress=line.update, **how)


def play_draws(loaded: Mapping[str, Design], how: dict[str, Any], /, **more: Any) -> int:
    """Plays designs over draws of their uncertain assumptions, shows them, and returns the exit
    code. `how` has the values of all options."""
    from ccsim.experiment.studies.uncertain import uncertain
    from ccsim.report.studies.uncertain_report import uncertain_lines

    display = Display.taken_from(how)
    for name in ("precision", "at_most", "keep_records"):  # do not go with draws
        del how[name]
    with ProgressLine(next(iter(loaded.values())).scenario) as line:
        found = uncertain(loaded, save=True, progress=line.update, **how, **more)
    if display.as_json:
        show_json(found.to_json())
    else:
        everything = display.everything
        show(uncertain_lines(found, width(), marks=with_marks(), everything=everything))
    if found.partial:
        say(
            f"stopped after {found.draws} of {found.asked // found.per_draw} draws; they are "
            "saved, and labelled partial; run again to continue"
        )
        return STOPPED
    return DONE


def show_outcome(experiment: Experiment, display: Display) -> int:
    """Shows the answer or one JSON document on standard output, writes the figures into files
    where they are asked for, and returns the exit code."""
    by, csv = display.by, display.csv
    if display.as_json:
        from ccsim.report.documents.answer_document import answer_document

        show_json(answer_document(experiment, by))
    else:
        show_answer(experiment, everything=display.everything, by=by)
    if csv is not None:
        from ccsim.report.documents.csv_files import write_figures
        from ccsim.report.tables.time_table import TIMES

        cut = None if by is None else TIMES.get(by)
        write_csv(lambda: write_figures(experiment, csv, cut))
    if experiment.partial:
        say(
            f"stopped after {experiment.replications} of {experiment.asked} replications; "
            "they are saved, and labelled partial"
            + ("" if experiment.from_store is None else "; run again to continue")
        )
        return STOPPED
    return MISSED if experiment.missed else DONE


def write_csv(write: Callable[[], Sequence[Path]]) -> None:
    """Writes files of figures, and prints where they are. click.ClickException: they cannot be
    written; the answer is on standard output already."""
    try:
        written = write()
    except OSError as problem:
        raise click.ClickException(
            f"the figures could not be written: {problem.strerror or problem} ({problem.filename})"
        ) from None
    say(f"figures: {', '.join(map(str, written))}")


def show_answer(experiment: Experiment, *, everything: bool, by: str | None) -> None:
    """Prints the answer on standard output."""
    from ccsim.report.text.answer import answer, answer_lines

    found = answer(experiment, everything=everything, by=by)
    show(answer_lines(found, width(), marks=with_marks()))
