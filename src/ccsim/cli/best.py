"""`ccsim best`: which of several designs, with a guarantee."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ccsim.cli.options import (
    WholeNumber,
    design_names,
    json_option,
    machine_options,
    scenario_argument,
    set_option,
)
from ccsim.cli.progress import ProgressLine
from ccsim.cli.terminal import say, show, show_json, width

DONE, NONE_MEETS, STOPPED = 0, 1, 130


@click.command("best", short_help="Which design is best? The cheapest that meets its targets.")
@scenario_argument
@click.option(
    "--measure",
    metavar="KEY",
    help="What is compared; default: the cost (less revenue, where something is sold).",
)
@click.option(
    "--within",
    metavar="DIFFERENCE",
    help="The difference that matters: '0.5 points', '2 s', or an amount of money (totals: a "
    "year). Default: half a point, or 1 % of the base's value.",
)
@click.option(
    "--designs",
    metavar="NAME,NAME",
    callback=design_names,
    help="Which designs to choose from; default: all of the scenario. With --vary: which one is "
    "varied.",
)
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=VALUES",
    help="Choose among points in place of designs: a list (40,45,50) or a range (40..50 step 2); "
    "several make a grid.",
)
@click.option(
    "--regardless",
    is_flag=True,
    help="Choose among all designs, whether they meet their targets or not.",
)
@click.option(
    "--at-least",
    type=WholeNumber(min=50),
    metavar="N",
    help="Replications before the first look, at least and by default 50. More see rarer events.",
)
@click.option(
    "--at-most",
    type=WholeNumber(min=50),
    metavar="N",
    help="The limit of replications; default 1000.",
)
@machine_options
@set_option
@json_option
def command(
    scenario: Path,
    at_least: int | None,
    as_json: bool,
    sets: tuple[str, ...],
    **how: Any,
) -> int:
    """Find the best design of SCENARIO: the cheapest that meets all its targets and `expect`.

    All designs play the same customers. After 50 replications, and then after a tenth more each, a
    design drops out when it surely misses a target, or when another that surely meets all of them
    is surely better. It ends when none of those left can be better than the leader by more than
    --within. The choice holds at 95 %, however often was looked.

    \b
    Exit code 0: a design that meets all targets was found, or not decided (see the answer)
              1: none is known to meet all targets
              2: the scenario or an option is wrong
            130: stopped (143: by SIGTERM)

    \b
    Examples:
      ccsim best desk.yaml
      ccsim best desk.yaml --within 20000 --at-most 400
      ccsim best desk.yaml --measure phone.service_level --within '1 point' --regardless
      ccsim best desk.yaml --vary teams.desk.people=9..14
      ccsim best desk.yaml --json
    """
    from ccsim.experiment.studies.best import best
    from ccsim.report.studies.best_report import best_lines

    if at_least is not None and how["at_most"] is not None and how["at_most"] < at_least:
        raise click.UsageError("--at-most is smaller than --at-least")
    with ProgressLine() as line:
        found = best(
            scenario,
            set=sets,
            replications=at_least,
            watching=line.update_of,
            **how,
        )
    if as_json:
        show_json(found.to_json())
    else:
        show(best_lines(found, width()))
    if found.stopped:
        say("stopped; what was played is in the store, and is not simulated again")
        return STOPPED
    return NONE_MEETS if found.leader is None else DONE
