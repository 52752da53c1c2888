"""`ccsim init`: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path

import click

from ccsim.cli.terminal import show


@click.command("init", short_help="Write a commented scenario to start from.")
@click.argument("file", type=click.Path(path_type=Path), default="scenario.yaml", metavar="[FILE]")
def command(file: Path) -> None:
    """Write a commented scenario to FILE (scenario.yaml unless named).

    It is a small helpdesk with two designs, runs as it stands, and says beside every entry what it
    means. Its numbers are illustrative: put yours in their place. A file that exists is never
    overwritten.

    \b
    Example:
      ccsim init desk.yaml
    """
    from ccsim.scenario.templates import template

    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(template())
    except FileExistsError:
        raise click.UsageError(f"{file} exists and is left as it is; name another file") from None
    show(
        [
            f"{file} written. What to do next:",
            f"  ccsim check {file} --explain   is this your operation?",
            f"  ccsim run {file}               what service and cost to expect",
            f"  ccsim compare {file}           its designs, side by side",
        ]
    )
