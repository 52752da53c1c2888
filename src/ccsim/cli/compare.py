"""`ccsim compare`: several designs under the same customers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccsim.cli.options import (
    draws_fit,
    limit_needs_precision,
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


def _names(
    _ctx: click.Context, _option: click.Parameter, given: str | None
) -> tuple[str, ...] | None:
    if given is None:
        return None
    names = tuple(name.strip() for name in given.split(",") if name.strip())
    if not names:
        raise click.BadParameter("name at least one design, for instance --designs pooled,pods")
    return names


@click.command("compare", short_help="The designs of a scenario, side by side.")
@scenario_argument
@click.option(
    "--designs",
    "chosen",
    metavar="NAME,NAME",
    callback=_names,
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
    help="Also look for the assumption that would turn the verdict first: of those that the "
    "scenario calls uncertain; without such, of volumes, handle times, patience and absence, 30 % "
    "either way. Plays the designs some twenty times more.",
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
    out: Path | None,
    keep_records: bool,
    everything: bool,
    by: str | None,
    csv: Path | None,
    as_json: bool,
    sets: tuple[str, ...],
    uncertain: bool,
    draws: int | None,
    **how: Any,
) -> int:
    """Play the designs of SCENARIO through, all with the same customers, and say which is better.

    Because every design meets the same customers, differences are told apart with far fewer
    replications than separate runs would need. The verdict says no more than the intervals do: it
    may say that the replications do not decide yet, and about how many would. Exit code 1 says that
    something in the scenario's `expect` is missed in a design.

    With --uncertain the assumptions that the scenario calls uncertain are drawn, the same for every
    design, and each difference is split into chance and not knowing.

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
    limit_needs_precision(how["precision"], how["replications"], how["at_most"])
    if uncertain and turning:
        raise click.UsageError("--what-would-turn moves what is stated; leave out --uncertain")
    precision, at_most = how["precision"], how["at_most"]
    draws_fit(
        uncertain, draws, how["replications"],
        precision=precision, at_most=at_most, keep_records=keep_records, by=by, csv=csv,
    )  # fmt: skip
    from ccsim.experiment.execution.run import chosen_designs, compare

    designs = load_designs(scenario, sets)
    if uncertain:
        del how["precision"], how["at_most"]
        chosen_designs(designs, chosen, against)  # at least two
        return play_draws(
            designs, everything=everything, as_json=as_json, designs=chosen, against=against,
            draws=draws, out=out, **how,
        )  # fmt: skip
    found = play(
        compare,
        designs,
        scenario=designs,
        designs=chosen,
        against=against,
        out=out,
        save=True,
        keep_records=keep_records,
        **how,
    )
    stopped = False
    if turning and not found.partial:
        found, stopped = _with_turning(found, how["workers"], how["store"], how["force"])
    code = show_outcome(found, everything=everything, by=by, as_json=as_json, csv=csv)
    return STOPPED if stopped else code


def _with_turning(
    found: Experiment, workers: int | None, store: Path | None, force: bool
) -> tuple[Experiment, bool]:
    """The comparison with what would turn it, and whether the search was stopped."""
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
