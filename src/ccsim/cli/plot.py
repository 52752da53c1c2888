"""`ccsim plot`: pictures of results that are there, or of a scenario played now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from click.core import ParameterSource

from ccsim.cli.options import simulation_options
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
    "nothing to draw: what these pictures show is not in the results (no promise, nobody on duty, "
    "no prices, nothing that waits, or one design alone)"
)
NOTHING_OF_DRAWS = (
    "nothing to draw: draws of --uncertain have the pictures range, assumptions, and of several "
    "designs difference; not of more than a dozen designs, and with too few draws the assumptions "
    "cannot be told"
)
OF_THE_PICTURES = ("what", "kinds", "ending", "out")  # the others are for playing a scenario


@click.command("plot", short_help="Pictures for leaders, of results or of a scenario.")
@click.argument("what", type=click.Path(path_type=Path), metavar="RESULTS|SCENARIO")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    help="Which pictures; may be given several times. Default: all.",
)
@click.option(
    "--format",
    "ending",
    type=click.Choice(("png", "svg")),
    default="png",
    show_default=True,
    help="PNG for slides, SVG for print.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where the pictures go; default: into the folder of the results.",
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
    """Draw pictures of a folder of RESULTS, or of a SCENARIO, which is then played first.

    \b
    service    service level by time of day with its band, against the promise
    waits      share that is answered within what time, with the promise marked
    backlog    contacts in line over the days, of what waits for its turn (e-mail, tickets)
    flow       how contacts come, through which lines they go, and how they end
    staff      people on duty against the work that comes, for each team
    roster     who is scheduled when on the fullest day, a row a person
    occupancy  share of each team's capacity that is taken, by hour of the day
    cost       cost against service level of the designs, with their differences
    money      what each design costs a year, kind by kind

    \b
    Of results of --uncertain:
    range        what is expected of each measure, by chance and by what is not known
    difference   the same of each design's difference
    assumptions  what chance and each assumption make of the spread

    The title of a picture is its finding, no stronger than the intervals. Its file is the same,
    byte for byte, whenever it is drawn from the same results.

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
    """A scenario's designs, played now and saved."""
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
    """What is drawn from a folder was simulated before: an option that would change it is a
    misunderstanding, not nothing."""
    for parameter in context.command.params:
        given = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if given and parameter.name not in OF_THE_PICTURES:
            raise click.UsageError(
                f"{parameter.opts[-1]} is for a scenario, which is played first; the results in a "
                "folder are drawn as they are",
                context,
            )
