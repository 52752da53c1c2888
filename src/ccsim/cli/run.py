"""`ccsim run`: one design, played through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
from ccsim.cli.outcome import load_designs, play, play_draws, show_outcome


@click.command("run", short_help="What service and cost to expect of the operation.")
@scenario_argument
@simulation_options
@precision_options
@uncertain_options
@result_options
def command(
    scenario: Path,
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
    """Play SCENARIO through many times and show what service and cost to expect.

    Every figure comes with its 95 % interval, promises with whether they are kept, missed, or not
    decided yet. Results are kept in a folder under results/: the figures of every replication, what
    was simulated, and with --keep-records every contact's way. Exit code 1 says that something in
    the scenario's `expect` is missed.

    With --uncertain the assumptions that the scenario calls uncertain are drawn, each draw is
    played several times, and what the answer is worth is split into chance and not knowing.

    \b
    Examples:
      ccsim run desk.yaml
      ccsim run desk.yaml -n 400 --set teams.frontline.people=48
      ccsim run desk.yaml --by interval
      ccsim run desk.yaml --precision 'phone.service_level: 0.5 points' --at-most 500
      ccsim run desk.yaml --uncertain --draws 100 -n 200
      ccsim run desk.yaml --json > desk.json
    """
    limit_needs_precision(how["precision"], how["replications"], how["at_most"])
    precision, at_most = how["precision"], how["at_most"]
    draws_fit(
        uncertain, draws, how["replications"],
        precision=precision, at_most=at_most, keep_records=keep_records, by=by, csv=csv,
    )  # fmt: skip
    from ccsim.experiment.execution.run import run

    designs = load_designs(scenario, sets)
    if uncertain:
        del how["precision"], how["at_most"]
        only = {"base": designs["base"]}
        return play_draws(only, everything=everything, as_json=as_json, draws=draws, out=out, **how)
    found = play(
        run, designs, scenario=designs["base"], out=out, save=True, keep_records=keep_records, **how
    )
    return show_outcome(found, everything=everything, by=by, as_json=as_json, csv=csv)
