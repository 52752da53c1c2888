"""`ccsim measures`: what every measure means."""

from __future__ import annotations

from pathlib import Path

import click

from ccsim.cli.options import json_option
from ccsim.cli.terminal import show, show_json, width


@click.command("measures", short_help="What every measure means, and which a scenario has.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--of",
    "scenario",
    type=click.Path(path_type=Path),
    metavar="SCENARIO",
    help="List the keys that this scenario has, such as phone.service_level.",
)
@json_option
def command(names: tuple[str, ...], scenario: Path | None, as_json: bool) -> None:
    """List the measures: unit, what is counted, and of what it is a share.

    With NAMEs, show those measures in full: definition, numerator, denominator. A key such as
    phone.service_level names its measure, too. Expectations in a scenario are written with keys.

    \b
    Examples:
      ccsim measures
      ccsim measures service_level abandoned_by_customer
      ccsim measures --of desk.yaml
    """
    from ccsim.report.text.measure_text import find_measures, measure_document, measure_lines

    if scenario is not None:
        from ccsim.measures.catalogue import known_measures
        from ccsim.scenario.resolve import load

        keys = known_measures(load(scenario).scenario)
        if as_json:
            show_json(list(keys))
        else:
            show(keys)
        return
    try:
        found = find_measures(names)
    except LookupError as problem:
        raise click.UsageError(str(problem.args[0])) from None
    if as_json:
        show_json(measure_document(found))
    else:
        show(measure_lines(found, in_full=bool(names), width=min(width(), 110)))
