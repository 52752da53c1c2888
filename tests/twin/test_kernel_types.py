"""The type checker tells the kernel's handles apart: a mix of two of them is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ccsim.engine.kernel import constants, layout, row_layout, structs
from ccsim.records import DUTY_WORDS, LEG_WORDS, WORK_WORDS

ROOT = Path(__file__).parents[2]
IMPORTS = """from __future__ import annotations

from ccsim.engine.kernel.constants import NO_AGENT
from ccsim.engine.kernel.layout import Agent, Branch, Item, Run, Team
from ccsim.engine.kernel.structs import Instant, Memory, Reals, Units, handle, nth
"""
FUNCTION = """

def planted_{}(m: Memory, f: Reals, item: Item, agent: Agent, team: Team, branch: Branch) -> None:
    {}
"""
RIGHT = (
    "m[item + Item.agent] = agent",
    "m[agent + Agent.changed] = m[Run.now]",
    "units: Units = m[agent + Agent.free] + m[item + Item.units]",
    "share = f[branch + Branch.share] * 2.0",
    "ends: Instant = m[Run.now] + m[item + Item.remaining]",
    "other = nth(Agent, agent, 1)",
)
WRONG = {
    "a field of an agent read of an item": "m[item + Agent.free]",
    "an item stored as an agent": "m[item + Item.agent] = item",
    "an item assigned to an agent": "agent = item",
    "a team where an agent is meant": "agent = nth(Agent, team, 1)",
    "two handles compared by a mistake": "item < agent",
    "the number of an agent taken for the agent": "agent = m[agent + Agent.number]",
    "a length taken for an instant": "m[item + Item.entered] = m[item + Item.waited]",
    "an instant taken for a length": "m[item + Item.waited] = m[Run.now]",
    "two instants added": "m[Run.now] + m[item + Item.entered]",
    "a priority taken for units": "units: Units = m[item + Item.part]",
    "the bits of a float read as a number": "m[branch + Branch.share] * 2.0",
    "a number read as a float": "f[branch + Branch.at_most]",
    "a handle of nobody for another nobody": "m[item + Item.queue] = NO_AGENT",
}


@pytest.mark.timeout(280)
def test_a_mix_of_handles_is_refused(tmp_path: Path) -> None:
    """One module holds each mistake in a function of its own, and mypy names the line of each."""
    text, mistakes = IMPORTS, set()
    for number, statement in enumerate((*RIGHT, *WRONG.values())):
        text += FUNCTION.format(number, statement)
        if number >= len(RIGHT):
            mistakes.add(text.count("\n"))
    planted = tmp_path / "planted.py"
    planted.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(planted)],
        cwd=ROOT,
        env={
            "MYPYPATH": str(ROOT / "src"),
            "MYPY_CACHE_DIR": str(ROOT / ".mypy_cache" / "planted"),
            "PATH": "",
        },
        capture_output=True,
        text=True,
    )
    assert not done.stderr, done.stderr
    found = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    assert found == mistakes, done.stdout


def test_every_field_says_what_it_means() -> None:
    kinds = [
        each
        for each in {**vars(layout), **vars(row_layout)}.values()
        if isinstance(each, structs.Structures)
    ]
    assert len(kinds) > 20
    for kind in kinds:
        assert kind.__doc__
        places = [
            place for each in kind.fields for place in range(each.offset, each.offset + each.count)
        ]
        assert places == sorted(set(places)), f"{kind.__name__}: two fields share a word"
        for each in kind.fields:
            assert each.meaning, f"{kind.__name__}.{each.name}"
            is_time = "Instant" in each.type
            assert not is_time or each.unit == "us", f"{kind.__name__}.{each.name}: no unit"


def test_rows_are_those_of_the_records() -> None:
    sizes = row_layout.LegRow.size, row_layout.WorkRow.size, row_layout.DutyRow.size
    assert sizes == (LEG_WORDS, WORK_WORDS, DUTY_WORDS)


def test_links_stand_side_by_side() -> None:
    """Lists are unlinked by the word behind `previous`."""
    item = layout.Item
    assert item.next == item.previous + 1  # type: ignore[operator]
    assert item.preemptible_next == item.preemptible_previous + 1  # type: ignore[operator]


def test_a_handle_of_nothing_is_zero() -> None:
    names = [name for name in vars(constants) if name.startswith("NO_")]
    assert len(names) > 8
    codes = ("NO_LINE", "NO_ROOM", "NO_STEP_OPEN")
    assert all(vars(constants)[name] == 0 for name in names if name not in codes)
