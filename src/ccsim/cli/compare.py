"""`ccsim compare`: several designs with the same customers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccsim.cli.options import (
    Display,
    design_names,
    options_fit,
    precision_options,
    result_options,
    scenario_argument,
    simulation_options,
    uncertain_options,
)
from ccsim.cli.outcome import STOPPED, load_designs, play, play_draws, show_outcome
from ccsim.cli.progress import ProgressLine

if TYPE_CHECKING:
    from ccsim.experiment.execution.result import Experiment


@click.command("compare", short_help="The designs of a scenario, side by side.")
@scenario_argument
@click.option(
    "--designs",
    "chosen",
    metavar="NAME,NAME",
    callback=design_names,
    help="Which designs to compare; default: all of the scenario.",
)
@click.option(
    "--against",
    default="base",
    show_default=True,
    metavar="NAME",
    help="The design that the others are compared with.",
)
@click.option(
    "--what-would-turn",
    "turning",
    is_flag=True,
    help="Also find the assumption that would reverse the verdict first: among those that the "
    "scenario calls uncertain, or without such among volumes, handle times, patience and absence, "
    "30 % either way. Simulates the designs some twenty times more.",
)
@simulation_options
@precision_options
@uncertain_options
@result_options
def command(
    scenario: Path,
    chosen: tuple[str, ...] | None,
    against: str,
    turning: bool,
    sets: tuple[str, ...],
    uncertain: bool,
    draws: int | None,
    **how: Any,
) -> int:
    """Simulate the designs of SCENARIO, all with the same customers, and say which is better.

    Because every design gets the same customers, differences show with far fewer replications than
    separate runs would need. The verdict never says more than the intervals do: it may say that the
    replications do not decide yet, and about how many would. Exit code 1 means that something in
    the scenario's `expect` is missed in a design.

    With --uncertain the assumptions that the scenario calls uncertain are drawn, the same for every
    design, and each difference is split into chance and what is not known.

    \b
    Examples:
      ccsim compare desk.yaml
      ccsim compare desk.yaml --designs pooled,pods --against pooled -n 200
      ccsim compare desk.yaml --by team
      ccsim compare desk.yaml --precision 'difference phone.service_level: 1 point' --at-most 500
      ccsim compare desk.yaml --uncertain -n 200
      ccsim compare desk.yaml --what-would-turn
      ccsim compare desk.yaml --json > desk.json
    """
    options_fit(uncertain, draws, how)
    if uncertain and turning:
        raise click.UsageError("--what-would-turn varies the stated values; leave out --uncertain")
    from ccsim.experiment.execution.run import chosen_designs, compare

    designs = load_designs(scenario, sets)
    if uncertain:
        chosen_designs(designs, chosen, against)  # at least two
        return play_draws(designs, how, designs=chosen, against=against, draws=draws)
    display = Display.taken_from(how)
    how |= {"designs": chosen, "against": against, "save": True}
    found = play(compare, designs, scenario=designs, **how)
    stopped = False
    if turning and not found.partial:
        found, stopped = _with_turning(found, how["workers"], how["store"], how["force"])
    code = show_outcome(found, display)
    return STOPPED if stopped else code


def _with_turning(
    found: Experiment, workers: int | None, store: Path | None, force: bool
) -> tuple[Experiment, bool]:
    """Returns the comparison with what would reverse it, and whether the search was stopped."""
    from ccsim.experiment.execution.result import Comparison
    from ccsim.experiment.studies.reversal_search import what_would_turn

    assert isinstance(found, Comparison)
    with ProgressLine() as line:
        turning = what_would_turn(
            found,
            workers=workers,
            store=store,
            force=force,
            watching=lambda point, what: line.tell(f"point {point + 1}: if it were {what}"),
        )
    return replace(found, turning=turning), turning.stopped
