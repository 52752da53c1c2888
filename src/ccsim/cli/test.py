"""`ccsim test`: the `expect` sections of scenarios as a gate for CI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccsim.cli.options import WholeNumber, json_option, machine_options, set_option
from ccsim.cli.progress import ProgressLine
from ccsim.cli.terminal import say, show, show_json, with_marks

if TYPE_CHECKING:
    from ccsim.experiment.studies.gate import Gate

DONE, MISSED, BAD_INPUT, STOPPED = 0, 1, 2, 130


@click.command("test", short_help="Do scenarios meet what they expect? A gate for CI.")
@click.argument(
    "paths", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="PATH..."
)
@click.option(
    "--strict",
    is_flag=True,
    help="What is too close to call at the limit is a failure too (exit code 1).",
)
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write JUnit XML, which CI servers show.",
)
@click.option(
    "--markdown",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also add a summary in Markdown to the end of a file (GitHub's $GITHUB_STEP_SUMMARY).",
)
@click.option(
    "-n",
    "--replications",
    type=WholeNumber(min=2),
    metavar="N",
    help="Replications before the first evaluation; default 50.",
)
@click.option(
    "--at-most",
    type=WholeNumber(min=2),
    metavar="N",
    help="The most replications; default eight times the first number.",
)
@machine_options
@set_option
@json_option
def command(
    paths: tuple[Path, ...],
    strict: bool,
    junit: Path | None,
    markdown: Path | None,
    as_json: bool,
    sets: tuple[str, ...],
    **how: Any,
) -> int:
    """Test the `expect` sections of scenario files; of a folder, every scenario below it.

    Each expectation is met (its whole interval clears the bound), missed (its whole interval lies
    beyond) or too close to call. While one is too close to call the replications are doubled, up to
    a limit. All verdicts on one file hold together at 95 %, over its expectations and evaluations.

    The expectations of the scenario itself (the base design) are tested. Its designs are
    alternatives under study and are not tested, unless an expectation names them in `designs` or
    their patch changes `expect`: then each is tested against its own list.

    \b
    Exit code 0: everything is met, or too close to call
              1: something is missed (with --strict: or too close to call)
              2: a file is wrong, or too large; the others are tested all the same
            130: stopped (143: by SIGTERM)

    \b
    Examples:
      ccsim test scenarios/
      ccsim test desk.yaml --strict --at-most 1000
      ccsim test scenarios/ --junit ccsim.xml --markdown summary.md
    """
    from ccsim.experiment.studies.gate import test
    from ccsim.report.text.gate_text import file_lines, gate_words

    if how["at_most"] is not None and how["at_most"] < (how["replications"] or 0):
        raise click.UsageError("--at-most is smaller than the first number of replications (-n)")
    marks = with_marks()
    with ProgressLine() as line:
        found = test(
            paths,
            strict=strict,
            set=sets,
            watching=line.update_of,
            **how,
        )
    _write(found, junit, markdown)
    if as_json:
        show_json(found.to_json())
        for problem in found.problems:
            say(str(problem))
    else:
        for file in found.files:
            show(file_lines(file, marks=marks))
        show(["", gate_words(found)])
    if found.stopped and not found.problems:
        say("stopped; what is shown was decided before")
    return _exit_code(found)


def _exit_code(found: Gate) -> int:
    if found.problems:
        return BAD_INPUT
    if found.stopped:
        return STOPPED
    return DONE if found.passed else MISSED


def _write(found: Gate, junit_file: Path | None, markdown_file: Path | None) -> None:
    """Writes the reports for CI servers where they are asked for."""
    from ccsim.report.text.gate_text import junit, markdown

    if junit_file is not None:
        junit_file.write_bytes(junit(found))
    if markdown_file is not None:
        with markdown_file.open("a", encoding="utf-8") as file:
            file.write(markdown(found))
