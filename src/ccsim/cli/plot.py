"""`ccsim plot`: pictures of saved results, or of a scenario that is simulated first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from click.core import ParameterSource

from ccsim.cli.options import OneOf, simulation_options
from ccsim.cli.outcome import load_designs, play
from ccsim.cli.terminal import say, show

OF_DRAWS = ("range", "difference", "assumptions")
KINDS = (
    "service", "waits", "backlog", "flow", "staff", "roster", "occupancy", "cost", "money",
    *OF_DRAWS,
)  # fmt: skip
if TYPE_CHECKING:
    from ccsim.experiment.execution.result import Experiment
    from ccsim.experiment.studies.uncertain import Uncertain

STOPPED = 130
NOTHING = (
    "nothing to draw: the results have nothing that these pictures show (no target, nobody on "
    "duty, no prices, nothing that waits, or only one design)"
)
NOTHING_OF_DRAWS = (
    "nothing to draw: results of --uncertain have the pictures range, assumptions and, with "
    "several designs, difference; with more than a dozen designs there are none, and with too few "
    "draws the effects of the assumptions are not known"
)
OF_THE_PICTURES = (
    "what",
    "kinds",
    "ending",
    "out",
)  # the other options are for simulating a scenario


@click.command("plot", short_help="Pictures for leaders, of results or of a scenario.")
@click.argument("what", type=click.Path(path_type=Path), metavar="RESULTS|SCENARIO")
@click.option(
    "--kind",
    "kinds",
    type=OneOf(KINDS),
    multiple=True,
    help="Which picture; may be given several times. Default: all.",
)
@click.option(
    "--format",
    "ending",
    type=OneOf(("png", "svg")),
    default="png",
    show_default=True,
    help="PNG for slides, SVG for print.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where the pictures go; default: the folder of the results.",
)
@simulation_options
def command(
    what: Path,
    kinds: tuple[str, ...],
    ending: Literal["png", "svg"],
    out: Path | None,
    sets: tuple[str, ...],
    **how: Any,
) -> int:
    """Draw pictures of a folder of RESULTS, or of a SCENARIO, which is then simulated first.

    \b
    service    service level by time of day with its band, against the target
    waits      share of contacts answered within a time, with the target marked
    backlog    waiting e-mails, tickets and the like over the days
    flow       where contacts come from, through which queues they go, and how they end
    staff      people on duty against the work that arrives, for each team
    roster     who is scheduled when on the fullest day, a row per person
    occupancy  share of each team's capacity that is in use, by hour of the day
    cost       cost against service level of the designs, with their differences
    money      what each design costs a year, kind by kind

    \b
    Of results of --uncertain:
    range        the range of each measure, by chance and by what is not known
    difference   the same for each design's difference
    assumptions  the shares of chance and of each assumption in the spread

    The title of a picture is its finding, no stronger than the intervals. Drawn again from the same
    results, its file is the same byte for byte.

    \b
    Examples:
      ccsim plot results/helpdesk/20270301-a1b2c3
      ccsim plot desk.yaml --kind service --kind waits --format svg
    """
    from ccsim.report.pictures import KINDS as ALL
    from ccsim.report.pictures import plot

    if what.is_dir():
        from ccsim.experiment.studies.loading import load_run

        _refuse_simulation_options(click.get_current_context())
        found: Experiment | Uncertain = load_run(what)
    else:
        if kinds and set(kinds) <= set(OF_DRAWS):
            raise click.UsageError(
                f"--kind {kinds[0]} is of results of --uncertain: ccsim run {what} --uncertain, "
                "then ccsim plot of its folder"
            )
        found = _played(what, sets, how)
    assert found.folder is not None  # it was saved
    folder = out or found.folder / "plots"
    wanted = tuple(kind for kind in ALL if not kinds or kind in kinds)
    paths = plot(found, folder, wanted, ending, notice=say)
    show(str(path) for path in paths)
    if not paths:
        from ccsim.experiment.studies.uncertain import Uncertain

        say(NOTHING_OF_DRAWS if isinstance(found, Uncertain) else NOTHING)
    return STOPPED if found.partial and not what.is_dir() else 0


def _played(scenario: Path, sets: tuple[str, ...], how: dict[str, Any]) -> Experiment:
    """Simulates a scenario's designs and saves the results."""
    from ccsim.experiment.execution.run import compare, run

    designs = load_designs(scenario, sets)
    several = len(designs) > 1
    return play(
        compare if several else run,
        designs,
        scenario=designs if several else designs["base"],
        save=True,
        **how,
    )


def _refuse_simulation_options(context: click.Context) -> None:
    """Raises UsageError where an option for simulating is given with a folder of results, which
    it cannot change."""
    for parameter in context.command.params:
        given = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if given and parameter.name not in OF_THE_PICTURES:
            raise click.UsageError(
                f"{parameter.opts[-1]} is for a scenario, which is simulated first; saved results "
                "are drawn as they are",
                context,
            )
