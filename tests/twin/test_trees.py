"""Fragments of code are found by structure, also under other names, and replaced."""

from __future__ import annotations

import pytest

from tests.twin.trees import planted

CODE = """
def f(m, queue, room):
    # a comment
    if (m[queue + Q.count]
            > room):
        m[queue] = 1
    leave(m)
    return m[queue] + room
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        (
            "m[queue + Q.count] > room",
            "m[queue + Q.count] >= room",
            "if m[queue + Q.count] >= room:",
        ),
        ("if m[queue + Q.count] > room: ...", "if False: ...", "if False:"),
        ("leave(m)", "", "pass"),
        ("leave(m)", "leave(room)", "leave(room)"),
        ("m[line + L.number] > most", "m[line] > most", "if m[queue] > room:"),  # other names
        ("leave(m)\nreturn m[queue] + room", "return room", "return room"),
    ],
)
def test_a_fragment_gives_way(right: str, wrong: str, line: str) -> None:
    found = planted(CODE, right, wrong)
    assert line in [each.strip() for each in found.splitlines()]
    assert "m[queue] = 1" in found


@pytest.mark.parametrize(
    "right",
    ["m[queue] * room", "m[queue]", "if a: ...\nleave(m)", "m[x + X.y] > x"],
)
def test_what_is_not_there_once_is_refused(right: str) -> None:
    with pytest.raises(AssertionError):
        planted(CODE, right, "0")
