"""`ccsim schema`: the scenario language, and the document of --json, as JSON Schema."""

from __future__ import annotations

import click

from ccsim.cli.terminal import show_json


@click.command("schema", short_help="The scenario language as JSON Schema, for editors.")
@click.option(
    "--of-answer",
    is_flag=True,
    help="Of the document that `run --json` and `compare --json` print, in place of scenarios.",
)
def command(of_answer: bool) -> None:
    """Print the JSON Schema of scenario files: every key, with its description.

    An editor that knows it completes keys and shows their meaning while you write. In VS Code and
    others with the YAML language server, save it and name it in the first line of a scenario, as
    `yaml-language-server: $schema=ccsim.schema.json` behind a #.

    \b
    Examples:
      ccsim schema > ccsim.schema.json
      ccsim schema --of-answer > answer.schema.json
    """
    if of_answer:
        from ccsim.report.documents.answer_schema import answer_schema

        show_json(answer_schema())
        return
    from ccsim.scenario.language.json_schema import json_schema

    show_json(json_schema())
