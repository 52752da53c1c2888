"""A branch with hours: its delay counts open time only and ends at an open instant."""

from __future__ import annotations

import pytest

from tests.law.tiny import hours, us

OPEN = hours((10, 20), (30, 40))


@pytest.mark.parametrize(
    ("leaves", "delay", "enters"),
    [
        (12, 0, 12),  # open: at once
        (12, 5, 17),
        (12, 8, 30),  # would end at the closing instant, which is closed: the next opening
        (12, 11, 33),  # 8 today, 3 tomorrow
        (5, 0, 10),  # closed: the opening
        (25, 4, 34),
        (20, 0, 30),  # the closing instant itself is closed
    ],
)
def test_open_after(leaves: float, delay: float, enters: float) -> None:
    assert OPEN.open_after(us(leaves), us(delay)) == us(enters)


@pytest.mark.parametrize(("leaves", "delay"), [(12, 18), (40, 0), (50, 1)])
def test_hours_that_end_are_never_open_again(leaves: float, delay: float) -> None:
    assert OPEN.open_after(us(leaves), us(delay)) > us(10**9)
