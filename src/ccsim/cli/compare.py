"""`ccsim compare`: several designs under the same customers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ccsim.cli.options import (
    limit_needs_precision,
    precision_options,
    result_options,
    scenario_argument,
    simulation_options,
)
from ccsim.cli.outcome import load_designs, play, show_outcome


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
@simulation_options
@precision_options
@result_options
def command(
    scenario: Path,
    chosen: tuple[str, ...] | None,
    against: str,
    out: Path | None,
    keep_records: bool,
    everything: bool,
    by: str | None,
    as_json: bool,
    sets: tuple[str, ...],
    **how: Any,
) -> int:
    """Play the designs of SCENARIO through, all with the same customers, and say which is better.

    Because every design meets the same customers, differences are told apart with far fewer
    replications than separate runs would need. The verdict says no more than the intervals do: it
    may say that the replications do not decide yet, and about how many would. Exit code 1 says that
    something in the scenario's `expect` is missed in a design.

    \b
    Examples:
      ccsim compare desk.yaml
      ccsim compare desk.yaml --designs pooled,pods --against pooled -n 200
      ccsim compare desk.yaml --by team
      ccsim compare desk.yaml --precision 'difference phone.service_level: 1 point' --at-most 500
      ccsim compare desk.yaml --json > desk.json
    """
    limit_needs_precision(how["precision"], how["replications"], how["at_most"])
    from ccsim.experiment.run import compare

    designs = load_designs(scenario, sets)
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
    return show_outcome(found, everything=everything, by=by, as_json=as_json)
