"""Scenarios as tests: what is decided when, whose expectations count, and how sure that is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import ccsim
from ccsim.errors import ScenarioProblems
from ccsim.experiment.execution.interim_analyses import InterimAnalyses
from ccsim.experiment.execution.run import load
from ccsim.experiment.studies import gate
from ccsim.experiment.studies.gate import Gate, held_designs, scenario_files
from ccsim.report.text.gate_text import expectation_words, file_lines, gate_words, junit, markdown
from ccsim.scenario.schema import Expectation
from ccsim.statistics import mean, target_status
from tests.experiment.test_run import Stop


def expecting(desk_file: Path, *lines: str, first: int = 6, most: int = 6, **how: object) -> Gate:
    listed = "[" + ", ".join(lines) + "]"
    return gate.test(desk_file, first, at_most=most, set=[f"expect={listed}"], workers=1, **how)  # type: ignore[arg-type]


# --- looks ----------------------------------------------------------------------------------------


def test_looks_double_up_to_the_limit() -> None:
    assert list(InterimAnalyses(50, 400)) == [50, 100, 200, 400]
    assert list(InterimAnalyses(20, 70)) == [20, 40, 70]
    assert list(InterimAnalyses(30, 30)) == [30]
    assert [InterimAnalyses(50, 400).after(n) for n in (0, 50, 61, 399, 400)] == [
        50,
        100,
        100,
        400,
        None,
    ]


def test_all_looks_and_statements_share_five_percent() -> None:
    assert InterimAnalyses(50, 400).level(3) == pytest.approx(1 - 0.05 / 12)


@pytest.mark.parametrize("wrong", [(1, 10), (10, 9)])
def test_nonsense_looks_are_refused(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="replications"):
        InterimAnalyses(*wrong)


def test_a_bound_that_just_holds_is_seldom_called_missed() -> None:
    """Whatever the looks: on a mean whose truth is the bound, one statement in twenty at most is
    wrong. The same looks, each at 95 %, must be caught by this count (planted fault)."""
    looks = InterimAnalyses(20, 320)
    draws = np.random.default_rng(5).normal(10.0, 3.0, (1000, 320))

    def wrong(level: float) -> int:
        return sum(
            any(target_status(mean(row[:n], level), at_least=10.0) == "missed" for n in looks)
            for row in draws
        )

    # a missed bound is one tail: 2.5 % at most; binomial error of 1,000 is 0.5 %
    assert wrong(looks.level(1)) <= 25 + 3 * 5
    assert wrong(0.95) > 25 + 3 * 5


# --- which files and designs ----------------------------------------------------------------------


def test_scenarios_below_a_folder_are_found(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.yaml", "deep/a.yml"):
        (tmp_path / name).write_text("# a comment\nccsim: 1\n", encoding="utf-8")
    (tmp_path / "experiment.yaml").write_text("vary: {}\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("ccsim: 1\n", encoding="utf-8")
    found = [str(tmp_path / name) for name in ("b.yaml", "deep/a.yml")]
    assert scenario_files([tmp_path]) == found
    assert scenario_files([tmp_path / "experiment.yaml", tmp_path]) == [
        str(tmp_path / "experiment.yaml"),
        *found,
    ]


def test_paths_without_scenarios_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioProblems) as found:
        scenario_files([tmp_path, tmp_path / "nowhere.yaml"])
    assert [problem.message for problem in found.value.problems] == [
        "there is no scenario in it",
        "there is no such file or folder",
    ]


def test_the_base_counts_and_designs_with_expectations_of_their_own(desk_file: Path) -> None:
    assert list(held_designs(load(desk_file))) == ["base"]
    own = load(desk_file, ["designs.larger.expect=[all.heads <= 4]"])
    assert list(held_designs(own)) == ["base", "larger"]
    assert held_designs(load(desk_file, ["expect=[]"])) == {}


def test_a_design_is_held_to_its_own_list(desk_file: Path) -> None:
    settings = ["expect=[all.heads <= 3]", "designs.larger.expect=[all.heads <= 3.5]"]
    found = gate.test(desk_file, 2, at_most=2, set=settings, workers=1)
    assert [(each.design, each.status) for each in found.files[0].judgements] == [
        ("base", "met"),
        ("larger", "missed"),
    ]
    assert not found.passed


# --- what is decided ------------------------------------------------------------------------------


def test_met_missed_and_too_close(desk_file: Path) -> None:
    lines = [f"phone.service_level >= {bound} %" for bound in (60, 99, 88)]
    found = expecting(desk_file, *lines)
    assert [each.status for each in found.files[0].judgements] == [
        "met",
        "missed",
        "too close to call",
    ]
    assert not found.passed
    assert {each.estimate.level for each in found.files[0].judgements} == {1 - 0.05 / 3}


def test_too_close_passes_unless_strict(desk_file: Path) -> None:
    assert expecting(desk_file, "phone.service_level >= 88 %").passed
    assert not expecting(desk_file, "phone.service_level >= 88 %", strict=True).passed


def test_replications_are_added_only_until_decided(desk_file: Path) -> None:
    clear = expecting(desk_file, "phone.service_level >= 50 %", first=4, most=16)
    assert clear.files[0].replications == 4
    # kept at the first look already, and not judged again at the later ones of the undecided
    both = expecting(
        desk_file, "phone.service_level >= 50 %", "phone.service_level >= 88 %", first=4, most=16
    )
    assert both.files[0].replications == 16
    assert [each.estimate.n for each in both.files[0].judgements] == [4, 16]


def test_added_replications_are_those_of_a_longer_run(desk_file: Path) -> None:
    grown = expecting(desk_file, "phone.service_level >= 88 %", first=2, most=6)
    straight = ccsim.run(desk_file, replications=6, workers=1)
    level = grown.files[0].judgements[0].estimate.level
    assert grown.files[0].judgements[0].estimate == straight.result.estimate(
        "phone.service_level", level
    )


def test_what_was_answered_from_the_store_is_told(desk_file: Path, tmp_path: Path) -> None:
    def tested(*lines: str) -> gate.Tested:
        return expecting(desk_file, *lines, first=3, most=6, store=tmp_path / "store").files[0]

    clear, close = "all.heads <= 3", "phone.service_level >= 88 %"
    first, longer, again = tested(clear), tested(close), tested(close, clear)
    assert [(each.played, each.stored) for each in (first, longer, again)] == [
        (3, 0),
        (6, 3),
        (6, 6),
    ]
    told = [file_lines(each, marks=False)[0] for each in (first, longer, again)]
    assert ["(from the store)" in line for line in told] == [False, False, True]


def test_stopped_between_looks_decides_nothing_more(desk_file: Path) -> None:
    progress = Stop(after=5)
    found = expecting(
        desk_file,
        "phone.service_level >= 88 %",
        "all.heads <= 3",
        first=4,
        most=16,
        watching=lambda scenario, *said: progress(*said),
    )
    assert found.stopped and not found.passed
    assert [each.status for each in found.files[0].judgements] == ["too close to call", "met"]


def test_a_wrong_file_does_not_hide_the_others(desk_file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("ccsim: 1\nname: 5\n", encoding="utf-8")
    found = gate.test([wrong, desk_file], 2, at_most=2, workers=1)
    assert [bool(file.problems) for file in found.files] == [True, False]
    assert found.files[1].judgements and not found.passed


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("phone.service_level >= 80 %", "phone.service_level >= 80 %"),
        (
            {"measure": "phone.abandoned", "at_most": "5 %", "over": "day", "in": "90 %"},
            "phone.abandoned <= 5 %, in 90 % of days",
        ),
        (
            {"measure": "phone.abandoned", "at_most": "5 %", "over": "day"},
            "phone.abandoned <= 5 %, each day",
        ),
        (
            {"measure": "all.heads", "at_least": "3", "at_most": "5"},
            "all.heads >= 3 and <= 5",
        ),
    ],
)
def test_expectations_read_as_written(given: object, words: str) -> None:
    assert expectation_words(Expectation.model_validate(given)) == words


def test_junit_counts_what_the_gate_counts(desk_file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("ccsim: 1\nname: 5\n", encoding="utf-8")
    lines = [f"phone.service_level >= {bound} %" for bound in (60, 99, 88)]
    judged = expecting(desk_file, *lines).files
    for strict, failures, skipped in ((False, 1, 1), (True, 2, 0)):
        found = Gate((*gate.test(wrong, 2, at_most=2).files, *judged), strict)
        root = ElementTree.fromstring(junit(found))
        first, second = root.findall("testsuite")
        assert first.get("errors") == str(len(first.findall("testcase/error"))) != "0"
        assert second.attrib | {"time": ""} == {
            "name": str(desk_file), "time": "", "tests": "3", "failures": str(failures),
            "errors": "0", "skipped": str(skipped),
        }  # fmt: skip
        assert len(second.findall("testcase/failure")) == failures
        assert [case.get("name") for case in second] == lines
        assert root.get("failures") == str(failures)


# junit-10.xsd of Jenkins' xUnit plugin, which GitLab and GitHub's actions read too: what an element
# must have, what it may have, and which elements may stand in it.
COUNTS = {"tests", "failures", "errors", "disabled", "time"}
XSD: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name"} | COUNTS, {"testsuite"}),
    "testsuite": (
        {"name", "tests"},
        {"hostname", "id", "package", "skipped", "timestamp"} | COUNTS,
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name"},
        {"assertions", "time", "classname", "status"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "skipped": (set(), {"message"}, set()),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
}


def schema_faults(text: bytes) -> list[str]:
    """What the schema of JUnit XML refuses, and counts that are not those of the cases."""
    root = ElementTree.fromstring(text)
    found = [] if root.tag == "testsuites" else [f"{root.tag} is no root"]
    for element in root.iter():
        must, may, inside = XSD[element.tag]
        has = set(element.attrib)
        found += [f"{element.tag} lacks {name}" for name in must - has]
        found += [f"{element.tag} has {name}" for name in has - must - may]
        found += [f"{each.tag} in {element.tag}" for each in element if each.tag not in inside]
        found += [f"{name} is no number" for name in has & COUNTS if not _number(element.get(name))]
    for suite in root:
        kinds = {"tests": "testcase", "failures": ".//failure", "errors": ".//error"}
        kinds["skipped"] = ".//skipped"
        for name, path in kinds.items():
            if int(suite.get(name, "0")) != len(suite.findall(path)):
                found.append(f"{name} are others")
    return found


def _number(text: str | None) -> bool:
    return text is not None and text.replace(".", "", 1).isdigit()


def test_junit_is_of_its_schema(desk_file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("ccsim: 1\nname: 5\n", encoding="utf-8")
    nothing = gate.test(desk_file, 2, at_most=2, set=["expect=[]"])
    lines = [f"phone.service_level >= {bound} %" for bound in (60, 99, 88)]
    files = (
        *gate.test(wrong, 2, at_most=2).files,
        *nothing.files,
        *expecting(desk_file, *lines).files,
    )
    for strict in (False, True):
        for stopped in (False, True):
            last = replace(files[-1], stopped=stopped)
            text = junit(Gate((*files[:-1], last), strict))
            assert schema_faults(text) == []
    for right, broken in (
        (b"testcase", b"test"),
        (b' name="phone', b' title="phone'),
        (b"<failure message", b"<failure note"),
        (b'skipped="0"', b'skipped="1"'),
        (b'tests="4"', b'tests="5"'),
    ):
        assert right in text
        with pytest.raises((AssertionError, KeyError)):  # an element that is not known
            assert schema_faults(text.replace(right, broken)) == []


def test_signs_that_xml_cannot_hold_are_escaped(desk_file: Path) -> None:
    file = expecting(desk_file, "all.heads <= 3", first=2, most=2).files[0]
    odd = Gate((replace(file, path="odd\x1b<&>.yaml"),))
    assert ElementTree.fromstring(junit(odd))[0].get("name") == "odd\\x1b<&>.yaml"


def test_the_summary_is_a_table(desk_file: Path) -> None:
    found = expecting(desk_file, "phone.service_level >= 60 %", "phone.service_level >= 99 %")
    lines = markdown(found).splitlines()
    assert lines[0] == "## Scenarios: failed"
    assert lines[2] == "1 met, 1 missed, 0 too close to call in 1 scenario."
    rows = [line for line in lines if line.startswith("| ")]
    assert rows[1].endswith("| 6 | ✓ met |") and rows[2].endswith("| 6 | ✗ missed |")
    assert all(row.count("|") == 6 for row in rows)


def test_nothing_expected_is_said(desk_file: Path) -> None:
    found = gate.test(desk_file, 2, at_most=2, set=["expect=[]"])
    assert found.passed
    assert file_lines(found.files[0], marks=False)[0].endswith("no `expect` section")
    assert (
        gate_words(found)
        == "0 met, 0 missed, 0 too close to call in 0 scenarios; 1 expects nothing"
    )
