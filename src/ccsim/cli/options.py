"""Options that mean the same in every command, and the checks of their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from ccsim.errors import nearest

Function = TypeVar("Function", bound=Callable[..., Any])
CUTS = ("team", "interval", "day", "weekday", "type", "channel")
ENGINES = ("compiled", "simpy")
STORE = Path("results") / "store"
LARGEST_SEED = 2**53  # as in a scenario


@dataclass(frozen=True, slots=True)
class Display:
    """What `run` and `compare` show of a result: the options of `result_options`."""

    everything: bool
    by: str | None
    csv: Path | None
    as_json: bool

    @classmethod
    def taken_from(cls, how: dict[str, Any]) -> Display:
        """Removes these options from the values of all options, and returns them."""
        return cls(**{field.name: how.pop(field.name) for field in fields(cls)})


class OneOf(click.Choice[str]):
    """One of some words; an unknown word is answered with the nearest."""

    def fail(
        self, message: str, param: click.Parameter | None = None, ctx: click.Context | None = None
    ) -> NoReturn:
        quoted = re.match(r"'(.*?)' ", message)
        meant = nearest(quoted[1], list(self.choices)) if quoted else None
        if meant is not None:
            message = f"{message.rstrip('.')}; did you mean '{meant}'?"
        super().fail(message, param, ctx)


class WholeNumber(click.IntRange):
    """A whole number within bounds; what is no number is answered with what would be one."""

    def fail(
        self, message: str, param: click.Parameter | None = None, ctx: click.Context | None = None
    ) -> NoReturn:
        given, no_number, _ = message.partition(" is not a valid")
        least = 1 if self.min is None else self.min
        if no_number:
            message = f"{given} is no whole number; write one such as {max(least, 20)}"
        elif " is not in the range " in message:
            above = "" if self.max is None else f" and at most {self.max}"
            message = f"{message.split()[0]} is out of range; it is at least {least}{above}"
        super().fail(message, param, ctx)


def scenario_argument(function: Function) -> Function:
    """Adds the scenario file; the reader of scenarios reports what is wrong with it."""
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


def design_names(
    _ctx: click.Context, _option: click.Parameter, given: str | None
) -> tuple[str, ...] | None:
    """The names of designs of an option, separated by commas; None where it is not given."""
    if given is None:
        return None
    names = tuple(name.strip() for name in given.split(",") if name.strip())
    if not names:
        raise click.BadParameter("name at least one design, for instance --designs pooled,pods")
    return names


def _store(_ctx: click.Context, _option: click.Parameter, wanted: bool) -> Path | None:
    return STORE if wanted else None


set_option = click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="PATH=VALUE",
    callback=_assignments,
    help="Change one entry of the scenario in every design that has it; may be given several "
    "times.",
)

json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON document on standard output, and nothing else there.",
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
    """Adds the options of whatever plays a scenario: replications, machine options, --set."""
    options = [
        click.option(
            "-n",
            "--replications",
            type=WholeNumber(min=1),
            metavar="N",
            help="How often the calendar is simulated; default: what the scenario says.",
        ),
        machine_options,
        set_option,
    ]
    return _all(function, options)


def precision_options(function: Function) -> Function:
    """Adds the options that ask for a precision instead of a number of replications."""
    options = [
        click.option(
            "--precision",
            multiple=True,
            metavar="'MEASURE: HALF-WIDTH'",
            help="Add replications until the half-width is reached: 'phone.service_level: "
            "0.5 points', 'phone.speed_of_answer: 5 %', 'difference cost.total: 500'; may be given "
            "several times. -n is then the number to begin with, default 50.",
        ),
        click.option(
            "--at-most",
            type=WholeNumber(min=1),
            metavar="N",
            help="The most replications for --precision; default 20 times the first number.",
        ),
    ]
    return _all(function, options)


def uncertain_options(function: Function) -> Function:
    """Adds the options that draw the uncertain assumptions."""
    options = [
        click.option(
            "--uncertain",
            is_flag=True,
            help="Draw the assumptions under `uncertain`; separate chance from what is not known.",
        ),
        click.option(
            "--draws",
            type=WholeNumber(min=2),
            metavar="N",
            help="How many draws share the replications (-n); default: half as many as "
            "replications, so that each has two.",
        ),
    ]
    return _all(function, options)


def draws_fit(
    uncertain: bool, draws: int | None, replications: int | None, **others: object
) -> None:
    """Raises UsageError where --draws lacks --uncertain or does not divide -n, and where one of
    `others` (options by name) is given that --uncertain excludes."""
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
            f"-n {replications} cannot be divided equally among {draws} draws; "
            f"-n {draws * max(2, round(replications / draws))} can"
        )
    if draws is not None and replications is not None and replications < 2 * draws:
        raise click.UsageError(
            f"-n counts the replications of all draws, at least two each: -n {2 * draws} or more"
        )


def limit_needs_precision(
    precision: Sequence[str], replications: int | None, at_most: int | None
) -> None:
    """Raises UsageError where --at-most lacks --precision or is below the first replications."""
    if at_most is not None and not precision:
        raise click.UsageError("--at-most limits --precision, which is not given")
    if at_most is not None and at_most < (replications or 0):
        raise click.UsageError("--at-most is smaller than the first number of replications (-n)")


def options_fit(uncertain: bool, draws: int | None, how: dict[str, Any]) -> None:
    """Raises UsageError where options of `run` and `compare` do not go together."""
    limit_needs_precision(how["precision"], how["replications"], how["at_most"])
    excluded = ("precision", "at_most", "keep_records", "by", "csv")
    draws_fit(uncertain, draws, how["replications"], **{name: how[name] for name in excluded})


def machine_options(function: Function) -> Function:
    """Adds the options of everything that simulates: seed, engine, workers, store."""
    options = [
        click.option(
            "--seed",
            type=WholeNumber(0, LARGEST_SEED),
            metavar="N",
            help="Random seed: the same seed gives the same results; default: what the scenario "
            "says.",
        ),
        click.option(
            "--engine",
            type=OneOf(ENGINES),
            default=ENGINES[0],
            show_default=True,
            help="Which engine simulates.",
        ),
        click.option(
            "--workers",
            type=WholeNumber(min=1),
            metavar="N",
            help="Replications at once; results do not depend on it. Default: one per core.",
        ),
        click.option(
            "--force",
            is_flag=True,
            help="Run even if the estimate exceeds the memory, or takes days.",
        ),
        click.option(
            "--store/--no-store",
            default=True,
            show_default=True,
            callback=_store,
            help="Take from results/store what was simulated before, and save there what is "
            "simulated now; a stopped run continues where it was.",
        ),
    ]
    return _all(function, options)


def result_options(function: Function) -> Function:
    """Adds the options of what `run` and `compare` show (see `Display`) and save."""
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
            help="Also save every contact's path and every agent's duty (large).",
        ),
        click.option("--all", "everything", is_flag=True, help="Show every measure."),
        click.option(
            "--by",
            type=OneOf(CUTS),
            help="Break the main measures down by team, time, contact type or channel.",
        ),
        csv_option,
        json_option,
    ]
    return _all(function, options)


def _all(function: Function, options: Sequence[Callable[[Function], Function]]) -> Function:
    for option in reversed(options):
        function = option(function)
    return function
