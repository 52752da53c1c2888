"""Writes the page of commands, docs/reference/cli.md, from the commands themselves.

`python -m tools.cli_reference > docs/reference/cli.md` (or `make pages`) writes it again, and a
test fails while the page differs from the commands.
"""

# ruff: noqa: E501 - rows of Markdown tables cannot be broken
from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from ccsim.cli.main import COMMANDS, cli

INTRODUCTION = """\
# Commands

<!-- Made by `python -m tools.cli_reference`; do not edit. -->

`ccsim help COMMAND` (or `ccsim COMMAND --help`, `-h`) prints what this page shows. Results go to standard output;
problems, hints and progress go to standard error. `python -m ccsim` is the same command.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | an expectation is missed (its whole interval lies beyond the bound); an undecided one gives 0 (with `test --strict`: 1) |
| 2 | the input is wrong: a scenario, an option or a file; the message says where and why |
| 130 | stopped by Ctrl-C, within 2 s; the finished replications are saved and labelled partial |
| 143 | the same, by SIGTERM |

On a terminal that shows colour, targets carry marks (✓ ✗ ?); in a pipe, or with `NO_COLOR` set,
the words *met*, *missed* and *too close to call*.

Completion of commands and options, once for each shell:

```sh
eval "$(_CCSIM_COMPLETE=bash_source ccsim)"                  # bash, in ~/.bashrc
eval "$(_CCSIM_COMPLETE=zsh_source ccsim)"                   # zsh, in ~/.zshrc
_CCSIM_COMPLETE=fish_source ccsim | source                   # fish, in its config
```
"""


def cli_page() -> str:
    """Returns the page as Markdown."""
    parts = [INTRODUCTION, *_command("ccsim", cli)]
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        parts += _command(f"ccsim {name}", command)
    return "\n".join(parts)


def _command(path: str, command: click.Command) -> Iterator[str]:
    """Yields the heading, usage, text, options and examples of one command."""
    above = click.Context(cli, info_name="ccsim", **cli.context_settings)
    context = above if command is cli else click.Context(command, info_name=path, parent=above)
    yield f"## {path}\n"
    pieces = " ".join(command.collect_usage_pieces(context))
    yield f"```text\n{path} {pieces}\n```\n"
    yield _text(command.help or "")
    options = [option for option in command.params if isinstance(option, click.Option)]
    if options:
        yield "| option | meaning |\n|---|---|"
    for option in options:
        record = option.get_help_record(context)
        if record is not None:
            name, meaning = (part.replace("|", "\\|") for part in record)
            yield f"| `{name}` | {meaning} |"
    yield ""


def _text(help_text: str) -> str:
    """Returns a help text as Markdown: blocks that keep their lines (click's \\b) become code."""
    blocks = []
    for paragraph in inspect.cleandoc(help_text).split("\n\n"):
        lines = paragraph.split("\n")
        if lines[0].strip() == "\b":
            title = lines[1] if re.match(r"Examples?\b", lines[1]) else ""
            body = "\n".join(line.removeprefix("  ") for line in lines[2 if title else 1 :])
            blocks.append((f"{title}\n\n" if title else "") + f"```text\n{body}\n```")
        else:
            blocks.append(paragraph)
    return "\n\n".join(blocks) + "\n"


if __name__ == "__main__":
    click.echo(cli_page(), nl=False)
