"""A user's own measure is one function: with intervals, cuts and differences between designs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ccsim
from ccsim.measures import register, unregister
from ccsim.measures.attempts import Attempts, Outcome
from ccsim.measures.registry import registered, versions

DESK = """
ccsim: 1
name: Desk
calendar: {start: 2027-03-01, days: 1}
contacts: {calls: {arrivals: {per_day: 300}, phone: {handle: 4 min}}}
channels: {phone: {patience: 5 min, answer_within: 20 s, target: 80 %}}
opens: {phone: {daily: "08:00-18:00"}}
teams: {desk: {staffing: [3]}}
routing: {calls: [desk]}
designs: {more: {teams: {desk: {staffing: [4]}}}}
"""


@pytest.fixture(autouse=True)
def nothing_stays_registered() -> Iterator[None]:
    before = set(registered())
    yield
    for name in set(registered()) - before:
        unregister(name)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path / "desk.yaml"


def add_measures() -> None:
    @register(
        definition="Attempts answered without any wait, of those answered.",
        numerator="attempts answered at once",
        denominator="attempts answered",
        better="higher",
    )
    def at_once(attempts: Attempts) -> Any:
        answered = attempts.outcome == Outcome.ANSWERED
        return answered & ~attempts.waited, answered

    @register(
        definition="Mean wait of the answered.",
        numerator="waits of the answered",
        denominator="attempts answered",
        sums="wait",
        better="lower",
    )
    def my_wait(attempts: Attempts) -> Any:
        answered = attempts.outcome == Outcome.ANSWERED
        return answered, answered

    @register(definition="Attempts.", numerator="attempts", unit="attempts")
    def my_attempts(attempts: Attempts) -> Any:
        return np.ones(len(attempts.queue), bool)


def test_a_measure_of_ones_own_has_all_that_others_have(desk: Path) -> None:
    add_measures()
    found = ccsim.compare(desk, replications=8, workers=1)
    base = found["base"]
    for own, due in (("my_wait", "speed_of_answer"), ("my_attempts", "attempts")):
        assert base[f"phone.{own}"].value == base[f"phone.{due}"].value
        assert base[f"all.{own}"].low == base[f"all.{due}"].low
        assert base[f"all.{own}"].high == base[f"all.{due}"].high
    at_once = base["calls.phone.at_once"]
    assert at_once.low is not None and at_once.high is not None
    assert 0.0 < at_once.low < at_once.high < 1.0
    difference = found.difference("more", "phone.at_once").estimate
    assert difference.low is not None and difference.low > 0.0
    assert found.verdict("more", "phone.at_once").word == "better"
    by_time = base.cut("phone.at_once", "time")
    assert len(by_time.labels) > 4


def test_without_registration_no_measure_is_added(desk: Path) -> None:
    plain = ccsim.run(desk, replications=2, workers=1)
    add_measures()
    more = ccsim.run(desk, replications=2, workers=1)
    assert set(more.result) - set(plain.result) == {
        f"{scope}.{name}"
        for scope in ("all", "phone", "calls", "calls.phone")
        for name in ("at_once", "my_wait", "my_attempts")
    }
    assert all(more.result[key].value == plain.result[key].value for key in plain.result)


def test_another_function_of_the_same_name_is_another_measure() -> None:
    add_measures()
    before = versions()["at_once"]

    @register(definition="Attempts.", numerator="attempts", denominator="attempts")
    def at_once(attempts: Attempts) -> Any:
        every = np.ones(len(attempts.queue), bool)
        return every, every

    assert versions()["at_once"] != before


def test_a_function_whose_source_is_not_at_hand_is_known_by_its_code(tmp_path: Path) -> None:
    """As one that is compiled from the middle of a page."""
    page = tmp_path / "page.md"
    page.write_text("Text (which is no Python:\n" * 9)
    code = "def {name}(attempts):\n    return attempts.{what}\n"
    found = set()
    for what in ("waited", "redial"):
        names: dict[str, Any] = {}
        exec(compile("\n" * 4 + code.format(name="mine", what=what), str(page), "exec"), names)
        register(definition="x", numerator="x", unit="attempts")(names["mine"])
        found.add(versions()["mine"])
    assert len(found) == 2


@pytest.mark.parametrize("name", ["abandoned", "Loud"])
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    def count(attempts: Attempts) -> Any:
        return attempts.waited

    count.__name__ = name
    with pytest.raises(ValueError, match=name):
        register(definition="x", numerator="x", unit="attempts")(count)


def test_what_is_no_mask_is_refused(desk: Path) -> None:
    @register(definition="x", numerator="x", unit="attempts")
    def broken(attempts: Attempts) -> Any:
        return attempts.queue

    with pytest.raises(ValueError, match="'broken': 1 masks"):
        ccsim.run(desk, replications=1, workers=1)


def test_words_that_are_not_known_are_refused() -> None:
    with pytest.raises(ValueError, match="sums"):
        register(definition="x", numerator="x", sums="sadness")
    with pytest.raises(ValueError, match="scopes"):
        register(definition="x", numerator="x", scopes=("team",))


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("{contacts} abandoned", "another measure"),
        ("waits in {room}", "may leave open"),
        ("waits {", "may leave open"),
    ],
)
def test_a_label_of_another_measure_or_with_unknown_fields_is_refused(label: str, why: str) -> None:
    def count(attempts: Attempts) -> Any:
        return attempts.waited

    with pytest.raises(ValueError, match=why):
        register(definition="x", numerator="x", unit="attempts", label=label)(count)


def test_the_guide_runs_as_it_is_written(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    guide = Path(__file__).parents[2] / "docs/guides/measures.md"
    (code,) = re.findall(r"```python\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(desk.parent)
    exec(compile(code, str(guide), "exec"), {})
    assert "answered_at_once" in registered()
    assert len(capsys.readouterr().out.splitlines()) >= 3
