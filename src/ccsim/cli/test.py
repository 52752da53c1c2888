"""`ccsim test`: the `expect` sections of scenarios as a gate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccsim.cli.options import json_option, machine_options, set_option
from ccsim.cli.progress import ProgressLine
from ccsim.cli.terminal import say, show, show_json, with_marks

if TYPE_CHECKING:
    from ccsim.experiment.studies.gate import Gate

DONE, MISSED, BAD_INPUT, STOPPED = 0, 1, 2, 130


@click.command("test", short_help="Do scenarios keep what they expect? A gate for CI.")
@click.argument(
    "paths", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="PATH..."
)
@click.option(
    "--strict",
    is_flag=True,
    help="What is not decided at the limit is a failure too (exit code 1).",
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
    type=click.IntRange(min=2),
    metavar="N",
    help="Replications before the first look; default 50.",
)
@click.option(
    "--at-most",
    type=click.IntRange(min=2),
    metavar="N",
    help="The limit of replications; default eight times those of the first look.",
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

    Each expectation is kept (its whole interval clears the bound), missed (all of it lies beyond)
    or unsure. While something is unsure the replications are doubled, up to a limit. All that is
    said of one file holds together at 95 %, over its expectations and over all looks.

    Whose expectations count: those of the scenario itself (the base design). Its designs are
    alternatives under study and are not tested, except those that expect something else, because
    an expectation names them in `designs` or their patch changes `expect`: they are tested too,
    each against its own list.

    \b
    Exit code 0: everything is kept, or not decided
              1: something is missed (with --strict: or not decided)
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
        raise click.UsageError("--at-most is smaller than the replications of the first look (-n)")
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
    else:
        for file in found.files:
            show(file_lines(file, marks=marks))
        show(["", gate_words(found)])
    if found.problems:
        if as_json:
            for problem in found.problems:
                say(str(problem))
        return BAD_INPUT
    if found.stopped:
        say("stopped; what is shown was decided before")
        return STOPPED
    return DONE if found.passed else MISSED


def _write(found: Gate, junit_file: Path | None, markdown_file: Path | None) -> None:
    from ccsim.report.text.gate_text import junit, markdown

    if junit_file is not None:
        junit_file.write_bytes(junit(found))
    if markdown_file is not None:
        with markdown_file.open("a", encoding="utf-8") as file:
            file.write(markdown(found))


__all__: Sequence[str] = ["command"]
