"""What people read (`label:`): any text of one line; its defaults, what is refused, and that no
result depends on it."""

from __future__ import annotations

from typing import Any

import pytest

from ccsim.errors import ScenarioProblems
from ccsim.experiment.storage.manifest import determining
from ccsim.scenario.labels import LABELLED, label_of
from ccsim.scenario.resolve import Design, all_from_dict
from tests.scenario.named import named

ODD = ["$5 desk$", "<desk>", "`desk`\u00a0|", "客服中心", "{label}", "a" * 60, "_-=#@*", "№1, так"]
REFUSED = ["", "  ", "a\nb", "\x1b[31mred", "a" * 61, "\u202edesk", 5, None, ["a"], "a\x00"]
THINGS = {
    "contacts": "orders",
    "channels": "phone",
    "teams": "desk",
    "segments": "vip",
    "shifts": "day",
    "roles": "leader",
}


def with_label(label: object, block: str, name: str) -> dict[str, Any]:
    data = named()
    data[block][name]["label"] = label
    return data


def designs_of(data: dict[str, Any]) -> dict[str, Design]:
    return all_from_dict(data)


def problems_of(data: dict[str, Any]) -> list[str]:
    with pytest.raises(ScenarioProblems) as raised:
        all_from_dict(data)
    return [f"{problem.path}: {problem.message}" for problem in raised.value.problems]


def test_every_kind_is_tried() -> None:
    assert THINGS.keys() == LABELLED.keys()


@pytest.mark.parametrize("block", THINGS)
def test_any_text_of_one_line_is_a_label(block: str) -> None:
    for label in ODD:
        name = THINGS[block]
        data = with_label(label, block, name)
        data["designs"]["bigger"]["label"] = data["label"] = label + "+" if len(label) < 60 else "b"
        data["label"] = "now"
        designs = designs_of(data)
        assert label_of(getattr(designs["base"].scenario, block), name) == label
        assert designs["bigger"].label[:-1] == label or designs["bigger"].label == "b"
        assert designs["base"].label == "now"


@pytest.mark.parametrize("label", REFUSED)
@pytest.mark.parametrize("block", [*THINGS, "designs"])
def test_what_is_no_label_is_refused_at_its_place(label: object, block: str) -> None:
    name = THINGS.get(block, "bigger")
    found = problems_of(with_label(label, block, name))
    assert found and all(each.startswith(f"{block}.{name}.label: ") for each in found)


def test_without_a_label_the_name_is_read() -> None:
    designs = designs_of(named())
    assert designs["base"].label == "base" and designs["bigger"].label == "bigger"
    scenario = designs["base"].scenario
    for block, name in THINGS.items():
        assert label_of(getattr(scenario, block), name) == name


def test_a_design_does_not_take_over_the_label_of_another() -> None:
    data = named()
    data["label"] = "Today"
    data["designs"] = {"bigger": {"label": "Two more"}, "next": {"like": "bigger"}}
    assert [design.label for design in designs_of(data).values()] == ["Today", "Two more", "next"]


def test_two_of_a_kind_are_not_called_the_same() -> None:
    for label in ("experts", "Experts"):
        data = with_label(label, "teams", "desk")
        data["teams"]["experts"] |= {"label": "Experts"} if label == "Experts" else {}
        (found, *_) = problems_of(data)
        assert "is called" in found and ".label: " in found
    data = named()
    data["designs"]["next"] = {"label": "bigger"}
    assert "designs.next.label: the design 'bigger' is called that already" in problems_of(data)
    data = named() | {"label": "bigger"}
    assert "label: the design 'bigger' is called that already" in problems_of(data)


def test_no_result_depends_on_a_label() -> None:
    before = determining(designs_of(named())["base"])
    data = named() | {"label": "Today"}
    for block, name in THINGS.items():
        data[block][name]["label"] = f"The {name}"
    data["contacts"]["orders"]["stages"]["expert"]["label"] = "Second line"
    assert determining(designs_of(data)["base"]) == before
