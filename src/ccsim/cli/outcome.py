"""What `run` and `compare` share: load, play with a line of progress, show, and the exit code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccsim.cli.progress import ProgressLine
from ccsim.cli.terminal import say, show, show_json, width, with_marks

if TYPE_CHECKING:
    from ccsim.experiment.execution.result import Experiment
    from ccsim.scenario.resolve import Design

DONE, MISSED, STOPPED = 0, 1, 130


def load_designs(scenario: Path, sets: Sequence[str]) -> dict[str, Design]:
    """The designs of a scenario file, `base` first; every problem at once."""
    from ccsim.experiment.execution.run import load

    return load(scenario, sets)


def play(
    simulate: Callable[..., Experiment], loaded: Mapping[str, Design], /, **how: Any
) -> Experiment:
    """One call of the API, with a line of progress while it lasts."""
    scenario = next(iter(loaded.values())).scenario
    with ProgressLine(scenario) as line:
        return simulate(progress=line.update, **how)


def play_draws(
    loaded: Mapping[str, Design], /, *, everything: bool, as_json: bool, **how: Any
) -> int:
    """Designs over draws of their uncertain assumptions, shown; returns the exit code."""
    from ccsim.experiment.studies.uncertain import uncertain
    from ccsim.report.studies.uncertain_report import uncertain_lines

    with ProgressLine(next(iter(loaded.values())).scenario) as line:
        found = uncertain(loaded, save=True, progress=line.update, **how)
    if as_json:
        show_json(found.to_json())
    else:
        show(uncertain_lines(found, width(), marks=with_marks(), everything=everything))
    if found.partial:
        say(
            f"stopped after {found.draws} of {found.asked // found.per_draw} draws; they are kept, "
            "and labelled partial; run again to go on"
        )
        return STOPPED
    return DONE


def show_outcome(
    experiment: Experiment,
    *,
    everything: bool,
    by: str | None,
    as_json: bool,
    csv: Path | None = None,
) -> int:
    """The answer or one JSON document on standard output, the figures in files; returns the exit
    code."""
    if as_json:
        from ccsim.report.documents.answer_document import answer_document

        show_json(answer_document(experiment, by))
    else:
        show_answer(experiment, everything=everything, by=by)
    if csv is not None:
        from ccsim.report.documents.csv_files import write_figures
        from ccsim.report.tables.time_table import TIMES

        cut = None if by is None else TIMES.get(by)
        write_csv(lambda: write_figures(experiment, csv, cut))
    if experiment.partial:
        say(
            f"stopped after {experiment.replications} of {experiment.asked} replications; "
            "they are kept, and labelled partial"
            + ("" if experiment.from_store is None else "; run again to go on")
        )
        return STOPPED
    return MISSED if experiment.missed else DONE


def write_csv(write: Callable[[], Sequence[Path]]) -> None:
    """Write files of figures, and say where they are; what cannot be written does not take away
    the answer, which stands on standard output already. click.ClickException tells it."""
    try:
        written = write()
    except OSError as problem:
        raise click.ClickException(
            f"the figures could not be written: {problem.strerror or problem} ({problem.filename})"
        ) from None
    say(f"figures: {', '.join(map(str, written))}")


def show_answer(experiment: Experiment, *, everything: bool, by: str | None) -> None:
    """The answer on standard output."""
    from ccsim.report.text.answer import answer, answer_lines

    found = answer(experiment, everything=everything, by=by)
    show(answer_lines(found, width(), marks=with_marks()))
