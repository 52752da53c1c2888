"""`ccsim run`: one design, simulated many times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ccsim.cli.options import (
    Display,
    options_fit,
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
    scenario: Path, sets: tuple[str, ...], uncertain: bool, draws: int | None, **how: Any
) -> int:
    """Simulate SCENARIO many times and show which service and cost to expect.

    Every figure comes with its 95 % interval, and every target with whether it is met, missed, or
    too close to call. Results are saved in a folder under results/: the figures of every
    replication, what was simulated, and with --keep-records every contact's path. Exit code 1 means
    that something in the scenario's `expect` is missed.

    With --uncertain the assumptions that the scenario calls uncertain are drawn, each draw is
    simulated several times, and the spread of the answer is split into chance and what is not
    known.

    \b
    Examples:
      ccsim run desk.yaml
      ccsim run desk.yaml -n 400 --set teams.frontline.people=48
      ccsim run desk.yaml --by interval
      ccsim run desk.yaml --precision 'phone.service_level: 0.5 points' --at-most 500
      ccsim run desk.yaml --uncertain --draws 100 -n 200
      ccsim run desk.yaml --json > desk.json
    """
    options_fit(uncertain, draws, how)
    from ccsim.experiment.execution.run import run

    designs = load_designs(scenario, sets)
    if uncertain:
        return play_draws({"base": designs["base"]}, how, draws=draws)
    display = Display.taken_from(how)
    found = play(run, designs, scenario=designs["base"], save=True, **how)
    return show_outcome(found, display)
