"""What `ccsim init` offers loads, says where its schema is, and shows the main words."""

from __future__ import annotations

from pathlib import Path

from ccsim.measures.catalogue import known_measures
from ccsim.scenario.resolve import load_all
from ccsim.scenario.templates import template


def test_the_starter_loads(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(template(), encoding="utf-8")
    designs = load_all(path, known_measures=known_measures)
    assert list(designs) == ["base", "mail_desk"]
    base = designs["base"].scenario
    assert set(base.channels) == {"phone", "chat", "email"}
    assert base.expect and base.currency == "EUR"
    heads = {
        name: sum(team.people or sum(int(n) for n in (team.roster or {}).values())
                  for team in design.scenario.teams.values())
        for name, design in designs.items()
    }  # fmt: skip
    assert heads == {"base": 12, "mail_desk": 12}  # the comparison is with equal heads


def test_the_starter_is_commented_and_fits_a_screen() -> None:
    lines = template().splitlines()
    assert lines[0].startswith("# yaml-language-server: $schema=")
    assert sum("#" in line for line in lines) >= 25
    assert max(map(len, lines)) <= 110
    assert "illustrative" in template()
