"""How pages are read and compared with what was printed, with faults that must be caught."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.markdown import blocks, claims_hold, says, without_code

PAGE = """\
# A page

Put this into `parts/teams.yaml`:

```yaml
teams:
  desk: {people: 4}
```

```sh
ccsim check desk.yaml
```
"""


def test_blocks_come_with_what_introduces_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    first, second = blocks(page)
    assert (first.language, first.file, first.line) == ("yaml", "parts/teams.yaml", 6)
    assert first.text == "teams:\n  desk: {people: 4}\n"
    assert (second.language, second.file, second.caption) == ("sh", None, "")
    assert "desk: {people" not in without_code(PAGE) and "# A page" in without_code(PAGE)


def test_a_block_that_is_not_closed_is_told(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```yaml\na: 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="not closed"):
        blocks(page)


REAL = "A desk   7 days · 0.8 s\n\n  Phone  96 %  kept\n  Chat   99 %  kept\n  Note: one\n"


@pytest.mark.parametrize(
    "shown",
    [
        REAL,
        "A desk   7 days · … s\n\n  Phone  96 %  kept\n…\n",
        "…\n  Chat   99 %  kept\n…\n",
        "…\n  Phone  96 %  kept\n…\n  Note: one\n",
    ],
)
def test_what_is_shown_is_what_was_printed(shown: str) -> None:
    assert says(shown, REAL)


@pytest.mark.parametrize(
    "shown",
    [
        "A desk   7 days · … s\n",  # the rest is not said to be left out
        REAL.replace("96 %", "97 %"),
        REAL.replace("  Chat   99 %  kept\n", ""),
        "…\n  Chat   99 %  kept\n  Phone  96 %  kept\n…\n",  # the order is another
        "…\n  Chat   9\n…\n",  # a part of a line is not the line
    ],
)
def test_what_was_not_printed_is_caught(shown: str) -> None:
    assert not says(shown, REAL)


TABLE = "  Phone   80 %   1 141.5 ±0.9  met     73.3 % ±1.8  too close to call\n  Note: 4 %\n"


@pytest.mark.parametrize(
    "shown",
    [
        TABLE,
        "Phone 80 % 1 141.5 ±0.9 met 73.3 % ±1.8 too close\nto call, other words 4 %",
        "… 1 141.5 ±0.9 met … 4 %",
    ],
)
def test_claims_are_compared_however_they_are_printed(shown: str) -> None:
    assert claims_hold(shown, TABLE)


@pytest.mark.parametrize(
    ("right", "wrong"), [("1 141.5", "1 142"), ("met", "missed"), ("80 %", "85 %"), ("4 %", "5 %")]
)
def test_another_claim_is_caught(right: str, wrong: str) -> None:
    assert not claims_hold(TABLE.replace(right, wrong), TABLE)
