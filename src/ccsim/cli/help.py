"""`ccsim help`: what a command does, as `ccsim COMMAND --help` prints it."""

from __future__ import annotations

import click


@click.command("help", short_help="What a command does, with an example.")
@click.argument("name", required=False, metavar="[COMMAND]")
@click.pass_context
def command(ctx: click.Context, name: str | None) -> None:
    """Show what COMMAND does, its options and an example; without COMMAND, all commands.

    \b
    Examples:
      ccsim help
      ccsim help compare
    """
    above = ctx.parent
    assert above is not None  # `help` is one of the group's commands
    group = above.command
    assert isinstance(group, click.Group)
    if name is None:
        click.echo(group.get_help(above))
        return
    _, wanted, _ = group.resolve_command(above, [name])
    assert wanted is not None
    click.echo(wanted.get_help(click.Context(wanted, info_name=name, parent=above)))
