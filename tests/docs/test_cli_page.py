"""The page of commands is made from the commands, and is what they say now."""

from __future__ import annotations

from pathlib import Path

from tools.cli_reference import cli_page

from ccsim.cli.main import COMMANDS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def test_the_page_is_up_to_date() -> None:
    made = "write it again: python -m tools.cli_reference > docs/reference/cli.md"
    assert PAGE.read_text(encoding="utf-8") == cli_page(), made


def test_every_command_is_on_it_with_its_examples() -> None:
    text = cli_page()
    for name in COMMANDS:
        section = text.split(f"\n## ccsim {name}\n")[1].split("\n## ")[0]
        assert "Example" in section and f"ccsim {name}" in section.split("Example")[1]
