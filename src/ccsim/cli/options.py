"""Options that mean the same in every command, and what their text must look like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])
CUTS = ("team", "interval", "day", "weekday", "type", "channel")
ENGINES = ("compiled", "simpy")
STORE = Path("results") / "store"
LARGEST_SEED = 2**53  # as in a scenario


def scenario_argument(function: Function) -> Function:
    """The scenario file; whether it can be read is said by the reader, with its place."""
    return click.argument("scenario", type=click.Path(path_type=Path), metavar="SCENARIO")(function)


def _assignments(
    _ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...]:
    for text in given:
        path, sign, _ = text.partition("=")
        if not sign or not path.strip():
            raise click.BadParameter(
                f"'{text}' sets nothing; write a path and a value: teams.frontline.people=48"
            )
    return given


def _store(_ctx: click.Context, _option: click.Parameter, wanted: bool) -> Path | None:
    return STORE if wanted else None


set_option = click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="PATH=VALUE",
    callback=_assignments,
    help="Change one entry of the scenario, in every design that has it; may be given several "
    "times.",
)

json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON document on standard output, and nothing else there.",
)


csv_option = click.option(
    "--csv",
    "csv",
    type=click.Path(path_type=Path),
    metavar="FILE|FOLDER",
    help="Also write all figures as CSV, not rounded: into one file (a name that ends in .csv), or "
    "into a folder with a file for each cut by time.",
)


def simulation_options(function: Function) -> Function:
    """What `run` and `compare` (and `plot` of a scenario) share: how much, from which seed, how."""
    options = [
        click.option(
            "-n",
            "--replications",
            type=click.IntRange(min=1),
            metavar="N",
            help="How often the calendar is played through; default: what the scenario says.",
        ),
        machine_options,
        set_option,
    ]
    return _all(function, options)


def precision_options(function: Function) -> Function:
    """What `run` and `compare` share: how sure it must be."""
    options = [
        click.option(
            "--precision",
            multiple=True,
            metavar="'MEASURE: HALF-WIDTH'",
            help="Add replications until the half-width is reached: 'phone.service_level: "
            "0.5 points', 'phone.speed_of_answer: 5 %', 'difference cost.total: 500'; may be given "
            "several times. -n is then the number at first, default 50.",
        ),
        click.option(
            "--at-most",
            type=click.IntRange(min=1),
            metavar="N",
            help="The limit of replications for --precision; default 20 times those at first.",
        ),
    ]
    return _all(function, options)


def uncertain_options(function: Function) -> Function:
    """What `run`, `compare` and `sweep` share: draw what nobody knows for sure."""
    options = [
        click.option(
            "--uncertain",
            is_flag=True,
            help="Draw the assumptions under `uncertain`, and tell chance from not knowing.",
        ),
        click.option(
            "--draws",
            type=click.IntRange(min=2),
            metavar="N",
            help="How many draws share the replications (-n); default: half as many, two for each; "
            "two draws of two are the fewest.",
        ),
    ]
    return _all(function, options)


def draws_fit(
    uncertain: bool, draws: int | None, replications: int | None, **others: object
) -> None:
    """Draws need --uncertain and as many replications each; the others do not go with it."""
    if not uncertain:
        if draws is not None:
            raise click.UsageError("--draws is for --uncertain, which is not given")
        return
    for name, given in others.items():
        if given:
            option = name.replace("_", "-")
            raise click.UsageError(f"--{option} does not go with --uncertain")
    if draws is not None and replications is not None and replications % draws:
        raise click.UsageError(
            f"-n {replications} does not give each of {draws} draws as many replications; "
            f"-n {draws * max(2, round(replications / draws))} would"
        )
    if draws is not None and replications is not None and replications < 2 * draws:
        raise click.UsageError(f"-n is for all draws together, two each: -n {2 * draws} or more")


def limit_needs_precision(
    precision: Sequence[str], replications: int | None, at_most: int | None
) -> None:
    """A limit says nothing without a precision, and lies above the first replications."""
    if at_most is not None and not precision:
        raise click.UsageError("--at-most is the limit of --precision, which is not given")
    if at_most is not None and at_most < (replications or 0):
        raise click.UsageError("--at-most is smaller than the replications at first (-n)")


def machine_options(function: Function) -> Function:
    """What everything that simulates shares: from which seed, by what."""
    options = [
        click.option(
            "--seed",
            type=click.IntRange(0, LARGEST_SEED),
            metavar="N",
            help="The same seed gives the same results; default: what the scenario says.",
        ),
        click.option(
            "--engine",
            type=click.Choice(ENGINES),
            default=ENGINES[0],
            show_default=True,
            help="Which engine plays it.",
        ),
        click.option(
            "--workers",
            type=click.IntRange(min=1),
            metavar="N",
            help="Replications side by side; results do not depend on it. Default: one a core.",
        ),
        click.option(
            "--force",
            is_flag=True,
            help="Run it even where its estimate does not fit into the memory, or takes days.",
        ),
        click.option(
            "--store/--no-store",
            default=True,
            show_default=True,
            callback=_store,
            help="Answer from results/store what was simulated before, and keep there what is "
            "simulated now: a stopped run goes on where it was.",
        ),
    ]
    return _all(function, options)


def result_options(function: Function) -> Function:
    """What `run` and `compare` share: what is shown and what is kept."""
    options = [
        click.option(
            "--out",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="FOLDER",
            help="Where this run's results go; default: a new folder under results/.",
        ),
        click.option(
            "--keep-records",
            is_flag=True,
            help="Also keep every contact's way and every agent's duty (large).",
        ),
        click.option("--all", "everything", is_flag=True, help="Show every measure."),
        click.option(
            "--by",
            type=click.Choice(CUTS),
            help="Cut the main measures by team, time, contact type or channel.",
        ),
        csv_option,
        json_option,
    ]
    return _all(function, options)


def _all(function: Function, options: Sequence[Callable[[Function], Function]]) -> Function:
    for option in reversed(options):
        function = option(function)
    return function
