"""The workflow files of the guide to CI: they can be read, say what such files must, and what they
run does what they count on. The judges are tried on broken files."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.markdown import GUIDES, blocks
from tests.docs.shell import Shell
from tests.docs.test_commands import few, with_scenarios

PAGE = GUIDES / "ci.md"


def written(caption: str) -> str:
    """The file that the page shows under this name."""
    (text,) = (block.text for block in blocks(PAGE) if caption in block.caption)
    return text


def github_faults(text: str) -> list[str]:
    """What is wrong with a workflow of GitHub Actions."""
    try:
        flow: dict[Any, Any] = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        return [str(problem)]
    found = []
    if not (flow.get("on") or flow.get(True)):  # YAML 1.1 reads a bare `on` as true
        found.append("nothing starts it")
    for name, job in (flow.get("jobs") or {"": {}}).items():
        if not isinstance(job.get("runs-on"), str):
            found.append(f"{name}: no machine")
        for step in job.get("steps") or [{}]:
            if ("run" in step) == ("uses" in step):
                found.append(f"{name}: a step runs a command or uses an action: {step}")
            if not re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step.get("uses", "actions/checkout@v4")):
                found.append(f"{name}: not an action: {step['uses']}")
            known = {"name", "uses", "run", "with", "if", "env", "id"}
            found += [f"{name}: no key of a step: {key}" for key in step.keys() - known]
    return found


def gitlab_faults(text: str) -> list[str]:
    """What is wrong with a pipeline of GitLab."""
    try:
        flow: dict[str, Any] = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        return [str(problem)]
    found = []
    for name, job in flow.items():
        script = job.get("script")
        if not script or not all(isinstance(line, str) for line in script):
            found.append(f"{name}: no script of commands")
        known = {"image", "timeout", "cache", "script", "artifacts", "stage", "rules"}
        found += [f"{name}: no key of a job: {key}" for key in job.keys() - known]
        if not isinstance(job.get("artifacts", {}).get("reports", {}).get("junit"), str):
            found.append(f"{name}: no report")
    return found


def ccsim_lines(text: str) -> list[str]:
    return re.findall(r"ccsim test [^\n]*", text)


def test_the_workflow_for_github() -> None:
    text = written(".github/workflows/scenarios.yml")
    assert github_faults(text) == []
    (line,) = ccsim_lines(text)
    words = shlex.split(line)
    (job,) = yaml.safe_load(text)["jobs"].values()
    kept = [step["with"] for step in job["steps"] if "cache" in step.get("uses", "")]
    assert [each["path"] for each in kept] == ["results/store"]
    shown = [step for step in job["steps"] if "upload" in step.get("uses", "")]
    assert shown[0]["with"]["path"] == words[words.index("--junit") + 1]
    assert shown[0]["if"] == "always()", "also, and above all, when the gate is closed"


def test_the_pipeline_for_gitlab() -> None:
    text = written(".gitlab-ci.yml")
    assert gitlab_faults(text) == []
    (line,) = ccsim_lines(text)
    words = shlex.split(line)
    job = yaml.safe_load(text)["scenarios"]
    assert job["artifacts"]["reports"]["junit"] == words[words.index("--junit") + 1]
    assert job["artifacts"]["when"] == "always"
    assert job["cache"]["paths"] == ["results/store"]


@pytest.mark.parametrize("name", [".github/workflows/scenarios.yml", ".gitlab-ci.yml"])
def test_what_they_run_does_it(name: str, tmp_path: Path) -> None:
    (line,) = ccsim_lines(written(name))
    shell = Shell(tmp_path, few)
    with_scenarios(tmp_path)
    first = shell.run(line.replace('"$GITHUB_STEP_SUMMARY"', "summary.md"))
    assert first.code == 0, first.talk
    assert (tmp_path / "ccsim.xml").read_bytes().startswith(b"<?xml")
    again = shell.run(line.replace('"$GITHUB_STEP_SUMMARY"', "summary.md"))
    assert "(from the store)" in again.out and "(from the store)" not in first.out


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        (".github/workflows/scenarios.yml", "    steps:", "   steps:"),
        (".github/workflows/scenarios.yml", "runs-on:", "runs_on:"),
        (".github/workflows/scenarios.yml", "on: [push, pull_request]\n", ""),
        (".github/workflows/scenarios.yml", "- run: ccsim", "- runs: ccsim"),
        (".github/workflows/scenarios.yml", "checkout@v4", "checkout"),
        (".gitlab-ci.yml", "  script:", " script:"),
        (".gitlab-ci.yml", "script:", "scripts:"),
        (".gitlab-ci.yml", "junit:", "xunit:"),
    ],
)
def test_broken_files_are_caught(name: str, right: str, wrong: str) -> None:
    text = written(name)
    faults = github_faults if "github" in name else gitlab_faults
    assert right in text
    assert faults(text.replace(right, wrong))
