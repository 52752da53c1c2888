"""`ccsim schema`: the scenario language as JSON Schema, for editors."""

from __future__ import annotations

import click

from ccsim.cli.terminal import show_json


@click.command("schema", short_help="The scenario language as JSON Schema, for editors.")
def command() -> None:
    """Print the JSON Schema of scenario files: every key, with its description.

    An editor that knows it completes keys and shows their meaning while you write. In VS Code and
    others with the YAML language server, save it and name it in the first line of a scenario, as
    `yaml-language-server: $schema=ccsim.schema.json` behind a #.

    \b
    Example:
      ccsim schema > ccsim.schema.json
    """
    from ccsim.scenario.language.json_schema import json_schema

    show_json(json_schema())
