"""The command `ccsim`: its subcommands, the messages of errors, and the exit codes.

0: done. 1: an expectation is missed. 2: the input is wrong (a scenario, an option, a file).
130: stopped by Ctrl-C (143: by SIGTERM); the finished replications are saved. A traceback is always
a fault of ccsim, never of the input.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ccsim.cli.stopping import CUT_OFF, STOPS, Stop, leaves_in_time
from ccsim.cli.terminal import say
from ccsim.errors import ScenarioProblems, nearest

DONE, MISSED, BAD_INPUT, STOPPED = 0, 1, 2, 130
STOPPED_BY = tuple(128 + number for number in STOPS)
COMMANDS = (
    "init", "check", "run", "compare", "best", "sweep", "test", "plot", "measures", "schema",
    "help",
)  # fmt: skip


class Commands(click.Group):
    """The subcommands in the order in which they are used; each is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"ccsim.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise click.UsageError(_no_command(args[0]), ctx)
        return super().resolve_command(ctx, args)


def _no_command(name: str) -> str:
    """Says that there is no such command, and what was probably meant."""
    if Path(name).suffix in (".yaml", ".yml"):
        return f"'{name}' is no command; to simulate a scenario, write: ccsim run {name}"
    meant = nearest(name, COMMANDS)
    hint = f"; did you mean '{meant}'?" if meant else ""
    return f"there is no command '{name}'{hint} (commands: {', '.join(COMMANDS)})"


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"ccsim {version('ccsim')}")
        ctx.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Write `ccsim help COMMAND` for what a command does, with an example.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and exit.",
)
def cli() -> None:
    """Simulate a contact center, and see what another team structure would change.

    You describe the operation in a scenario file: who contacts you, by which channel, who answers,
    when, and at what cost. ccsim simulates it many times and reports which service and which cost
    to expect, how certain that is, and which design is better.

    \b
    Example, from nothing to an answer:
      ccsim init desk.yaml               a commented scenario to start from
      ccsim check desk.yaml --explain    is this your operation?
      ccsim compare desk.yaml            its designs, side by side
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line (default: that of the process) and returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="replace"
            )  # a terminal that cannot show ± must not end in an error
    stop = Stop()
    try:
        with leaves_in_time(stop):
            code = _run(None if arguments is None else list(arguments))
    except KeyboardInterrupt:  # just before the command, or just after it
        return stop.code
    except Exception as problem:
        if not _comes_of_a_stop(problem):
            raise
        say(CUT_OFF)
        return stop.code
    return stop.code if code == STOPPED else code


def _run(args: list[str] | None) -> int:
    """Runs the command, prints what went wrong, and returns the exit code."""
    try:
        code = cli.main(args, prog_name="ccsim", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as problem:
        problem.show()
        return BAD_INPUT
    except ScenarioProblems as problems:
        say(str(problems))
        return BAD_INPUT
    except (KeyboardInterrupt, click.Abort):
        say(CUT_OFF)
        return STOPPED
    except (BrokenPipeError, SystemExit):  # click and rich exit with 1 when the pipe is closed
        return _reader_left()
    except OSError as problem:
        name = f"{problem.filename}: " if problem.filename else ""
        say(f"{name}{problem.strerror or problem}")
        return BAD_INPUT
    except MemoryError:
        say("this does not fit into memory; simulate fewer days, people or contacts at a time")
        return BAD_INPUT
    return code if isinstance(code, int) else DONE


def _reader_left() -> int:
    """The exit code after `ccsim measures | head`, where the reader has closed the pipe; nothing
    more is written to it. It is 0, for 1 would say that an expectation is missed."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _comes_of_a_stop(problem: BaseException | None) -> bool:
    """Whether this error was caused by KeyboardInterrupt, as in libraries that call back."""
    while problem is not None and not isinstance(problem, KeyboardInterrupt):
        problem = problem.__cause__ or problem.__context__
    return problem is not None


def main() -> None:
    """Runs the installed command and exits."""
    code = run()
    if code in STOPPED_BY:  # the exit must not wait for finalizers
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
