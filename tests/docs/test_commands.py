"""Every shell command of the README and of the guides is run, and ends as the page says."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.docs.markdown import GUIDES, REPOSITORY, blocks, claims_hold
from tests.docs.shell import Command, Ran, Shell, commands

README = REPOSITORY / "README.md"
# Commands that set a machine up; `.ci/run` runs them. Here: that there are no others, and that
# make knows them.
SETTING_UP = (
    "make demo",
    "make test",
    "python3 -m venv .venv",
    ".venv/bin/python -m pip install -c constraints.txt -e .[dev]",
    ".venv/bin/ccsim compare scenarios/blended-or-split.yaml -n 60",
    ".venv/bin/ccsim test scenarios/ -n 20 --at-most 80",
    ".venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy "
    "&& .venv/bin/pytest -n auto",
)


def commands_of(page: Path) -> list[Command]:
    return [
        command
        for block in blocks(page)
        if block.language == "sh"
        for command in commands(block.text)
    ]


def few(arguments: Sequence[str]) -> Sequence[str]:
    """What is added to a command so that it is done soon: the last of two equal options counts."""
    if "--uncertain" in arguments:
        return ["-n", "4", "--draws", "2", "--workers", "1"]
    match arguments[0]:
        case "run" | "compare" | "sweep":
            fewer = ["--points", "4"] if "--fill" in arguments else []
            fewer += ["--at-most", "2"] if "--at-most" in arguments else []
            return [*fewer, "-n", "2", "--workers", "1"]
        case "test":
            return ["-n", "10", "--at-most", "10", "--workers", "1"]
    return []


def here(arguments: Sequence[str]) -> Sequence[str]:
    """As written, in this process."""
    return ["--workers", "1"] if arguments[0] in ("run", "compare", "test") else []


def with_scenarios(folder: Path) -> Shell:
    """A folder in which pages that speak of `scenarios/` find one, the starter in it."""
    shell = Shell(folder, few)
    (folder / "scenarios").mkdir()
    assert shell.run("ccsim init scenarios/desk.yaml").code == 0
    return shell


def ended_as_stated(command: Command, ran: Ran) -> None:
    assert ran.code == command.code, f"{command.line}\n{ran.out}{ran.talk}"


# --- the README -----------------------------------------------------------------------------------
def test_the_readmes_tour_runs(tmp_path: Path) -> None:
    shell = with_scenarios(tmp_path)
    tour = [command for command in commands_of(README) if command.text not in _set_up()]
    assert [command.text.split()[0] for command in tour] == ["ccsim"] * len(tour)
    assert len(tour) >= 6
    for command in tour:
        ended_as_stated(command, shell.run(command.text))
    assert list(tmp_path.rglob("*.png"))


def _set_up() -> set[str]:
    return {commands(line)[0].text for line in SETTING_UP}


def would_run(*targets: str) -> str:
    """The commands of make for the targets, where nothing is installed yet."""
    made = ["make", "-n", "-B", *targets]
    done = subprocess.run(made, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="the plain commands are for such machines")
def test_the_readmes_set_up_is_what_make_does() -> None:
    written = [command.text for command in commands_of(README)]
    assert _set_up() <= set(written)
    plain = would_run("demo", "test").replace("--quiet --disable-pip-version-check ", "")
    for line in SETTING_UP[3:]:
        for part in line.split(" && "):
            assert part.replace(".[dev]", "'.[dev]'") in plain, part


@pytest.mark.skipif(shutil.which("make") is None, reason="the plain commands are for such machines")
def test_make_knows_its_targets() -> None:
    for target in ("demo", "test"):
        made = would_run(target)
        assert "ccsim compare scenarios/" in made or "pytest" in made


def test_the_readme_names_what_is_there() -> None:
    names = re.findall(
        r"`((?:src|tests|scenarios|benchmarks|docs)/[\w./-]+)`", README.read_text("utf-8")
    )
    assert names
    assert [name for name in names if not (REPOSITORY / name).exists()] == []


# --- the guides -----------------------------------------------------------------------------------
def test_the_first_ten_minutes_print_what_the_guide_shows(tmp_path: Path) -> None:
    """As written, with all replications: what a text block claims is what was found."""
    shell = Shell(tmp_path, here)
    ran: Ran | None = None
    shown = 0
    for block in blocks(GUIDES / "start.md"):
        if block.language == "sh":
            for command in commands(block.text):
                ran = shell.run(command.text)
                ended_as_stated(command, ran)
        elif block.language == "text" and not block.text.startswith("desk.yaml:"):
            assert ran is not None
            assert claims_hold(block.text, ran.out), (
                f"line {block.line} of start.md; printed:\n{ran.out}"
            )
            shown += 1
    assert shown >= 3
    assert list((tmp_path / "desk" / "compared" / "plots").glob("*.png"))


def test_the_first_mistakes_are_told_as_the_guide_shows(tmp_path: Path) -> None:
    (told,) = (
        block.text for block in blocks(GUIDES / "start.md") if block.text.startswith("desk.yaml:")
    )
    shell = Shell(tmp_path)
    assert shell.run("ccsim init desk.yaml").code == 0
    desk = tmp_path / "desk.yaml"
    text = desk.read_text(encoding="utf-8")
    for right, wrong in (("early: 50 %", "erly: 50 %"), ("within: 20 s", "within: 20")):
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    desk.write_text(text, encoding="utf-8")
    ran = shell.run("ccsim check desk.yaml")
    assert ran.code == 2
    assert ran.talk == told


def test_a_design_of_the_guide_goes_into_the_starter(tmp_path: Path) -> None:
    (patch,) = (block.text for block in blocks(GUIDES / "start.md") if block.language == "yaml")
    shell = Shell(tmp_path)
    assert shell.run("ccsim init desk.yaml").code == 0
    desk = tmp_path / "desk.yaml"
    designs = "\n".join(patch.splitlines()[1:])
    desk.write_text(desk.read_text(encoding="utf-8") + designs + "\n", encoding="utf-8")
    ran = shell.run("ccsim check desk.yaml")
    assert (ran.code, "3 designs" in ran.out) == (0, True), ran.out


def test_the_commands_of_other_guides_run(tmp_path: Path) -> None:
    pages = sorted(page for page in GUIDES.glob("*.md") if page.name != "start.md")
    for page in pages:
        folder = tmp_path / page.stem
        folder.mkdir()
        shell = with_scenarios(folder)
        if "ccsim init desk.yaml" not in [command.text for command in commands_of(page)]:
            assert shell.run("ccsim init desk.yaml").code == 0
        for command in commands_of(page):
            ended_as_stated(command, shell.run(command.text))


def test_an_experiment_in_a_file_runs(tmp_path: Path) -> None:
    """The one that the guide to sweeps shows, beside the starter."""
    (block,) = (each for each in blocks(GUIDES / "sweep.md") if each.language == "yaml")
    (tmp_path / "experiment.yaml").write_text(block.text, encoding="utf-8")
    shell = Shell(tmp_path, few)
    assert shell.run("ccsim init desk.yaml").code == 0
    ran = shell.run("ccsim sweep experiment.yaml --no-plots")
    assert ran.code == 0, ran.talk


def test_a_command_that_ends_otherwise_is_caught(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    (command,) = commands("ccsim check missing.yaml    # exit code 0\n")
    with pytest.raises(AssertionError):
        ended_as_stated(command, shell.run(command.text))
    with pytest.raises(ValueError, match="no such command"):
        shell.run("rm -r .")
