"""What every command says, and the exit codes: 0 done, 1 missed, 2 bad input, 130 stopped."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ccsim.cli.main import COMMANDS, cli, run
from ccsim.measures.catalogue import MEASURES

DESK = Path(__file__).parent / "desk.yaml"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desk in a folder of its own, which is where the commands run."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "desk.yaml"
    path.write_text(DESK.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def with_expectation(desk: Path, text: str) -> Path:
    desk.write_text(
        desk.read_text(encoding="utf-8").replace("cost.total <= 1 000 000", text), encoding="utf-8"
    )
    return desk


# --- help -----------------------------------------------------------------------------------------


def command_of(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


def examples(name: str) -> list[list[str]]:
    """The example lines of a command's help, as arguments after the command's name."""
    text = (command_of(name).help or "").split("Example")[-1]
    lines = re.findall(rf"^\s*ccsim {name}\b(.*)$", text, re.MULTILINE)
    return [shlex.split(re.split(r"\s{2,}|[|>]", line)[0]) for line in lines]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_has_an_example_that_parses(name: str) -> None:
    found = examples(name)
    assert found
    for arguments in found:
        command_of(name).make_context(name, arguments)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_every_option_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    text = capsys.readouterr().out
    for option in command_of(name).params:
        if isinstance(option, click.Option):
            assert option.help and option.opts[-1] in text


def test_the_commands_are_listed_in_the_order_of_their_use(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    places = [text.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert re.fullmatch(r"ccsim \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from ccsim.cli.main import run\n"
        "assert run(['--help']) == 0\n"
        "heavy = {'numpy', 'scipy', 'matplotlib', 'pyarrow', 'simpy', 'pydantic', 'yaml'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_shell_completes_commands() -> None:
    environment = {
        **os.environ,
        "_CCSIM_COMPLETE": "bash_complete",
        "COMP_WORDS": "ccsim com",
        "COMP_CWORD": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from ccsim.cli.main import main; main()"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "plain,compare")


def test_python_dash_m_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ccsim", "measures", "servicelevel"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == "" and "service_level" in done.stderr


# --- bad input: 2, in words -----------------------------------------------------------------------


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What is said on standard error; nothing may stand on standard output."""
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err


def test_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert "did you mean 'compare'?" in refused(["compere"], capsys)


def test_unknown_option(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--replication" in refused(["run", "desk.yaml", "--replication", "3"], capsys)


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_replications_are_a_count(
    value: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(["run", "desk.yaml", "-n", value], capsys)


@pytest.mark.parametrize("command", ["run", "compare", "check", "plot"])
def test_no_such_file(command: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "dask.yaml" in refused([command, "dask.yaml"], capsys)


def test_a_file_that_is_no_scenario(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write_bytes(b"\xff\xfe\x00\x01")
    refused(["run", "desk.yaml"], capsys)


@pytest.mark.parametrize("text", ["people=5", "=5", "teams.frontline.people"])
def test_bad_set(text: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(["run", "desk.yaml", "--set", text], capsys)


def test_a_set_with_a_wrong_name_names_the_nearest(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = refused(["run", "desk.yaml", "--set", "teams.frontline.peopel=5"], capsys)
    assert "people" in text.replace("peopel", "")


def test_an_unknown_measure_names_the_nearest(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_expectation(desk, "phone.servis_level >= 80 %")
    text = refused(["run", "desk.yaml"], capsys)
    assert re.search(r"desk\.yaml:\d+:\d+ .*phone\.service_level", text)


def test_an_unknown_design_names_the_nearest(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "'more'" in refused(["compare", "desk.yaml", "--designs", "mor"], capsys)
    assert "'more'" in refused(["compare", "desk.yaml", "--against", "mroe"], capsys)


def test_a_measure_that_is_like_no_other_is_answered_with_the_list(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "there is no measure 'xyzzy' (measures: " in refused(["measures", "xyzzy"], capsys)


@pytest.mark.parametrize("option", [["-n", "5"], ["--set", "run.seed=4"], ["--seed", "9"]])
def test_an_option_that_results_cannot_heed_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    """Nothing is played again for a folder: the option would be without effect."""
    text = refused(["plot", str(tmp_path), *option], capsys)
    assert "saved results are drawn as they are" in " ".join(text.split())


def test_nothing_to_compare_names_the_file(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = refused(["compare", "desk.yaml", "--designs", "base"], capsys)
    assert text.startswith("desk.yaml  designs: ")
    assert "there is nothing to compare: 'base' alone was named (designs: base, more)" in text


def test_results_are_never_written_over_others(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("kept").mkdir()
    Path("kept/notes.txt").write_text("mine", encoding="utf-8")
    assert "kept" in refused(["run", "desk.yaml", "-n", "2", "--out", "kept"], capsys)
    assert [path.name for path in Path("kept").iterdir()] == ["notes.txt"]


def test_a_folder_without_results(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    assert "no finished run" in refused(["plot", "empty"], capsys)


def test_all_problems_at_once_and_as_data(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = desk.read_text(encoding="utf-8").replace("4 min", "4").replace("[frontline]", "[front]")
    desk.write_text(text, encoding="utf-8")
    said = refused(["check", "desk.yaml"], capsys)
    assert re.search(r"\d problems, nothing was run", said)
    assert run(["check", "desk.yaml", "--json"]) == 2
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert len(document["problems"]) >= 2
    assert {"file", "line", "column", "path", "message", "hint"} == set(document["problems"][0])
    assert captured.err == ""


# --- init, measures, schema, check ----------------------------------------------------------------


def test_init_writes_a_scenario_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "mine.yaml"]) == 0
    assert "ccsim compare mine.yaml" in capsys.readouterr().out
    assert run(["check", "mine.yaml"]) == 0
    capsys.readouterr()
    before = Path("mine.yaml").read_bytes()
    assert "exists" in refused(["init", "mine.yaml"], capsys)
    assert Path("mine.yaml").read_bytes() == before


def test_measures_lists_every_measure(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measures"]) == 0
    text = capsys.readouterr().out
    assert all(re.search(rf"^{measure.name} ", text, re.MULTILINE) for measure in MEASURES)


def test_one_measure_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measures", "phone.service_level"]) == 0
    text = capsys.readouterr().out
    assert "numerator:" in text and "denominator:" in text


def test_an_unknown_measure_is_refused_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "service_level" in refused(["measures", "servicelevel"], capsys)


def test_measures_of_a_scenario(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measures", "--of", "desk.yaml"]) == 0
    assert "phone.service_level" in capsys.readouterr().out.splitlines()
    assert run(["measures", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(MEASURES)


def test_schema_is_a_json_schema_that_the_desk_meets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    import jsonschema
    import yaml

    assert run(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    data = yaml.load(DESK.read_text(encoding="utf-8"), yaml.BaseLoader)
    data["ccsim"] = 1
    validator = jsonschema.Draft7Validator(schema)
    data["calendar"]["days"] = 2
    data["run"] = {"replications": 3, "seed": 7}
    data["contacts"]["billing"]["arrivals"]["per_day"] = 240
    for team in (data["teams"], data["designs"]["more"]["teams"]):
        team["frontline"]["people"] = 5
        team["frontline"]["roster"]["morning"] = 5
    assert [error.message for error in validator.iter_errors(data)] == []
    del data["teams"]["frontline"]["people"]
    data["teams"]["frontline"]["peple"] = 5
    assert list(validator.iter_errors(data)), "a wrong key is found"


def test_check_tells_the_operation_back(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "desk.yaml", "--explain"]) == 0
    text = capsys.readouterr().out
    for part in (
        "Who takes what",
        "Workload against staff",
        "required incl. shrinkage",
        "What happens after each contact",
        "Defaults that apply",
        "What the model leaves out",
        "Design more, where it differs",
    ):
        assert part in text


def test_check_as_data(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "desk.yaml", "--json"]) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert document["problems"] == []
    assert document["network"]["queues"] and document["load"]["teams"]
    assert set(document["designs"]) == {"base", "more"}
    assert captured.err == ""
