"""`ccsim sweep`: one design at many points of its inputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccsim.cli.options import (
    WholeNumber,
    csv_option,
    draws_fit,
    json_option,
    limit_needs_precision,
    precision_options,
    simulation_options,
    uncertain_options,
)
from ccsim.cli.outcome import write_csv
from ccsim.cli.progress import ProgressLine
from ccsim.cli.terminal import say, show, show_json, width, with_marks

if TYPE_CHECKING:
    from ccsim.experiment.studies.sweep import Sweep

STOPPED = 130
NOT_DRAWN = ("tornado", "fill", "points", "precision", "at_most")  # do not go with --uncertain


@click.command("sweep", short_help="What if an input were different? One design at many points.")
@click.argument("scenario", type=click.Path(path_type=Path), metavar="SCENARIO|EXPERIMENT")
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=VALUES",
    help="What varies: a list (40,45,50), a range (40..50, 40..50 step 2) or factors of the "
    "present value (80%,100%,120%); several make a grid.",
)
@click.option("--design", metavar="NAME", help="The design to vary; default: base.")
@click.option(
    "--tornado",
    is_flag=True,
    default=None,
    help="Vary one path at a time, to see which matters most. Without --vary the scenario's "
    "uncertain assumptions, at their ends.",
)
@click.option(
    "--fill",
    is_flag=True,
    default=None,
    help="Spread points over the ranges (40..50) of all paths at once, or of the scenario's "
    "uncertain assumptions.",
)
@click.option(
    "--points",
    type=WholeNumber(min=2, max=500),
    metavar="N",
    help="How many points --fill spreads; default 40. More points add to those of fewer.",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="KEY",
    help="A measure to show; may be given several times. Default: targets, giving up, cost.",
)
@simulation_options
@precision_options
@uncertain_options
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where the results go; default: a new folder under results/.",
)
@click.option("--no-plots", is_flag=True, help="Draw no pictures.")
@csv_option
@json_option
def command(
    scenario: Path,
    no_plots: bool,
    csv: Path | None,
    as_json: bool,
    sets: tuple[str, ...],
    uncertain: bool,
    draws: int | None,
    **how: Any,
) -> int:
    """Simulate one design of SCENARIO at many points, all with the same customers.

    At every point the paths have the values of that point; differences are to the design as it is.
    Results are one table on the screen and in `sweep.parquet`, and a picture for each measure: a
    curve with its band, a map for two paths, bars for a tornado, and for points that are spread
    (--fill) the effect of each path by itself.

    With --uncertain the scenario's uncertain assumptions are drawn, with the same draws at every
    point; what varies is not drawn.

    \b
    Instead of a scenario, a file that describes the experiment:
      scenario: desk.yaml
      vary:
        teams.desk.people: 10..14 step 2
        contacts.orders.arrivals.per_day: [80 %, 100 %, 120 %]
      measures: [phone.service_level, cost.total]
      replications: 100
    It may also have `design`, `tornado`, `fill`, `points`, `precision`, `at_most` and `seed`;
    options take precedence over it.

    \b
    Examples:
      ccsim sweep desk.yaml --vary teams.desk.people=10..14
      ccsim sweep desk.yaml --vary "contacts.*.arrivals.per_day=80%,100%,120%" -n 50
      ccsim sweep desk.yaml --tornado --vary teams.desk.people=9,14 --vary channels.phone.lines=9,20
      ccsim sweep desk.yaml --tornado
      ccsim sweep desk.yaml --fill --vary teams.desk.people=9..14 --vary channels.phone.lines=9..20
      ccsim sweep desk.yaml --vary teams.desk.people=9..14 --precision 'cost.total: 2 %'
      ccsim sweep staffing.yaml --json
    """
    if how["precision"]:  # a limit alone may be for the precision of an experiment file
        limit_needs_precision(how["precision"], how["replications"], how["at_most"])
    not_drawn = {name: how[name] for name in NOT_DRAWN}
    draws_fit(uncertain, draws, how["replications"], csv=csv, **not_drawn)
    how |= {"set": sets, "save": True}
    if uncertain:
        return _over_draws(scenario, no_plots, as_json, how | {"draws": draws})
    return _over_points(scenario, no_plots, csv, as_json, how)


def _over_points(
    scenario: Path, no_plots: bool, csv: Path | None, as_json: bool, how: dict[str, Any]
) -> int:
    """Plays the points, shows them, and returns the exit code."""
    from ccsim.experiment.studies.sweep import sweep

    with ProgressLine() as line:
        found = sweep(scenario, watching=line.update_of, **how)
    partial = found.comparison.partial  # a stopped sweep draws no pictures
    if found.folder is not None and not no_plots and not partial:
        from ccsim.report.figures.sweep_charts import draw

        found = replace(found, pictures=draw(found, found.folder / "plots", say))
    _show(found, csv, as_json)
    if partial:
        done, asked = found.comparison.replications, found.comparison.asked
        say(
            f"stopped after {done} of {asked} replications; they are saved, and labelled partial"
            + ("" if found.comparison.from_store is None else "; run again to continue")
        )
        return STOPPED
    return 0


def _show(found: Sweep, csv: Path | None, as_json: bool) -> None:
    """Shows the table or one JSON document, and writes the figures into a file."""
    if as_json:
        show_json(found.to_json())
    else:
        from ccsim.report.studies.sweep_report import sweep_lines

        show(sweep_lines(found, width(), marks=with_marks()))
    if csv is not None:
        from ccsim.report.documents.csv_files import write_sweep

        write_csv(lambda: write_sweep(found, csv))


def _over_draws(scenario: Path, no_plots: bool, as_json: bool, how: dict[str, Any]) -> int:
    """Does the same over draws of the uncertain assumptions."""
    from ccsim.experiment.execution.options import Options
    from ccsim.experiment.studies.sweep_draws import sweep_draws

    of_sweep = {name: how.pop(name) for name in ("vary", "design", "draws", "measures", "set")}
    playing = Options(**{name: value for name, value in how.items() if name not in NOT_DRAWN})
    with ProgressLine() as line:
        found = sweep_draws(scenario, how=playing, watching=line.update_of, **of_sweep)
    if found.folder is not None and not no_plots and not found.found.partial:
        from ccsim.report.figures.sweep_charts import write_pictures
        from ccsim.report.studies.draws_report import shown_of_draws

        found = replace(
            found, pictures=write_pictures(shown_of_draws(found), found.folder / "plots", say)
        )
    if as_json:
        show_json(found.to_json())
    else:
        from ccsim.report.studies.draws_report import sweep_draws_lines

        show(sweep_draws_lines(found, width(), marks=with_marks()))
    if found.found.partial:
        done, asked = found.found.draws, found.found.asked // found.found.per_draw
        say(f"stopped after {done} of {asked} draws; they are saved; run again to continue")
        return STOPPED
    return 0
