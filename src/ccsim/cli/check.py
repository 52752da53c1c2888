"""`ccsim check`: is the scenario valid, and is it the operation that was meant?"""

from __future__ import annotations

from pathlib import Path

import click

from ccsim.cli.options import json_option, scenario_argument, set_option
from ccsim.cli.outcome import load_designs
from ccsim.cli.terminal import say, show, show_json, width
from ccsim.errors import ScenarioError, ScenarioProblems

BAD_INPUT = 2


@click.command("check", short_help="Is the scenario valid, and is it your operation?")
@scenario_argument
@click.option(
    "--explain",
    is_flag=True,
    help="Explain in words and tables what the scenario means, design by design.",
)
@set_option
@json_option
def command(scenario: Path, explain: bool, sets: tuple[str, ...], as_json: bool) -> int:
    """Read SCENARIO, report all its errors at once, and warn of what may not be meant.

    With --explain it describes the operation: who takes which contacts and when they overflow; the
    load against the staff, and the people needed by formula; what happens after each contact; the
    costs that are known beforehand; the defaults that apply; what the model leaves out. Nothing is
    simulated. With --json that is one document, which contains the errors; the exit code is then 2.

    \b
    Examples:
      ccsim check desk.yaml
      ccsim check desk.yaml --explain
      ccsim check desk.yaml --set teams.frontline.people=48 --json
    """
    from ccsim.check import check
    from ccsim.experiment.results.expectations import problems
    from ccsim.report.text.check_text import check_lines, document
    from ccsim.scenario.comparable import why_not_comparable

    try:
        designs = load_designs(scenario, sets)
        if refused := [
            *problems(designs),
            *why_not_comparable(designs),
        ]:
            raise ScenarioProblems(refused)
    except ScenarioProblems as found:
        if not as_json:
            raise
        show_json({"problems": [_problem(each) for each in found.problems]} | document([]))
        return BAD_INPUT
    checks = [check(design) for design in designs.values()]
    if as_json:
        show_json({"problems": []} | document(checks))
        return 0
    base = designs["base"].scenario
    show(check_lines(base, checks, explain=explain, width=min(width(), 110)))
    if not explain:
        say(f"ccsim check {scenario} --explain describes the whole operation")
    return 0


def _problem(problem: ScenarioError) -> dict[str, str | int]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "path": problem.path,
        "message": problem.message,
        "hint": problem.hint,
    }
