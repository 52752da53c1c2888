"""`ccsim run`: one design, played through."""

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


@click.command("run", short_help="What service and cost to expect of the operation.")
@scenario_argument
@simulation_options
@precision_options
@result_options
def command(
    scenario: Path,
    out: Path | None,
    keep_records: bool,
    everything: bool,
    by: str | None,
    as_json: bool,
    sets: tuple[str, ...],
    **how: Any,
) -> int:
    """Play SCENARIO through many times and show what service and cost to expect.

    Every figure comes with its 95 % interval, promises with whether they are kept, missed, or not
    decided yet. Results are kept in a folder under results/: the figures of every replication, what
    was simulated, and with --keep-records every contact's way. Exit code 1 says that something in
    the scenario's `expect` is missed.

    \b
    Examples:
      ccsim run desk.yaml
      ccsim run desk.yaml -n 400 --set teams.frontline.people=48
      ccsim run desk.yaml --by interval
      ccsim run desk.yaml --precision 'phone.service_level: 0.5 points' --at-most 500
      ccsim run desk.yaml --json > desk.json
    """
    limit_needs_precision(how["precision"], how["replications"], how["at_most"])
    from ccsim.experiment.run import run

    designs = load_designs(scenario, sets)
    found = play(
        run, designs, scenario=designs["base"], out=out, save=True, keep_records=keep_records, **how
    )
    return show_outcome(found, everything=everything, by=by, as_json=as_json)
