"""Tables as text: alignment, marks and words, and designs that do not fit beside one another."""

from __future__ import annotations

from ccsim.report.tables.text_table import Cell, Row, Table, folded, table_lines
from ccsim.report.words.verdicts import Status

ROWS = (
    Row(
        "Phone answered within 20 s",
        (Cell("78.4 %", "±0.9", Status.MISSED), Cell("86.1 %", "±0.7", Status.MET)),
        "80 %",
    ),
    Row("Cost a year, thousand UAH", (Cell("2 142", "±1"), Cell("2 283", "±1"))),
    Row("Wait, s", (Cell("–"), Cell("4.2", "(0.0 to 9.1)"))),
)
TABLE = Table(("tiered (base)", "pooled"), ROWS)


def test_marks_are_words_where_signs_do_not_show() -> None:
    assert table_lines(TABLE, 400, marks=False) == [
        "                               target   tiered (base)        pooled",
        "  Phone answered within 20 s     80 %   78.4 % ±0.9 missed   86.1 % ±0.7 met",
        "  Cost a year, thousand UAH              2 142 ±1             2 283 ±1",
        "  Wait, s                                    –                  4.2 (0.0 to 9.1)",
    ]


def test_marks() -> None:
    lines = table_lines(TABLE, 400, marks=True)
    assert "78.4 % ±0.9 ✗" in lines[1]
    assert lines[1].endswith("✓")
    assert "missed" not in "".join(lines)


def test_designs_that_do_not_fit_continue_below_with_their_names() -> None:
    lines = table_lines(TABLE, 38, marks=False)
    text = "\n".join(lines)
    assert text.index("tiered (base)") < text.index("78.4 %") < text.index("pooled")
    assert text.index("pooled") < text.index("86.1 %")
    assert sum("Phone answered within 20 s" in line for line in lines) == 2


def test_where_room_is_short_intervals_stand_under_their_values() -> None:
    assert table_lines(TABLE, 62, marks=False) == [
        "                                           tiered",
        "                                           (base)   pooled",
        "  Phone answered within 20 s; target 80 %  78.4 %   86.1 %",
        "                                             ±0.9     ±0.7",
        "                                           missed      met",
        "  Cost a year, thousand UAH                 2 142    2 283",
        "                                               ±1       ±1",
        "  Wait, s                                       –      4.2",
        "                                                   0.0–9.1",
    ]


def test_a_heading_stands_over_the_narrow_form_with_the_target_that_all_rows_share() -> None:
    days = tuple(Row(day, ROWS[0].cells, "80 %") for day in ("mon", "tue"))
    table = Table(TABLE.columns, days, "Phone answered within 20 s, by weekday")
    assert table_lines(table, 50, marks=True) == [
        "  Phone answered within 20 s, by weekday; target 80 %",
        "         tiered",
        "         (base)    pooled",
        "  mon  78.4 % ✗  86.1 % ✓",
        "         ±0.9      ±0.7",
        "  tue  78.4 % ✗  86.1 % ✓",
        "         ±0.9      ±0.7",
    ]


def test_five_designs_fit_a_terminal_of_80_columns() -> None:
    names = ("base", "pooled", "pooled_same_cost", "pods", "pods_same_cost")
    rows = tuple(Row(row.label, (*row.cells, *row.cells, row.cells[0]), row.target) for row in ROWS)
    lines = table_lines(Table(names, rows), 80, marks=True)
    assert max(map(len, lines)) <= 80
    assert sum("Wait, s" in line for line in lines) == 1  # one block
    for name in names:
        assert all(piece in "\n".join(lines[:3]) for piece in name.split("_"))


def test_nothing_is_cut_off_however_narrow() -> None:
    lines = table_lines(TABLE, 10, marks=False)
    text = "\n".join(lines)
    for row in ROWS:
        assert all(cell.value in text and cell.spread in text for cell in row.cells)


def test_ends_in_brackets_are_shown_where_no_other_cell_has_a_half_width() -> None:
    row = Row("Phone", (Cell("100 %", "(96 to 100)", Status.MET),))
    assert table_lines(Table(("reached",), (row,)), 80, marks=False)[1] == (
        "  Phone   100 % (96 to 100) met"
    )


def test_a_long_name_is_folded_before_its_values() -> None:
    row = Row("A name that is far longer than any row of this table ought to have", (Cell("1"),))
    lines = table_lines(Table(("base",), (row,)), 80, marks=False)
    assert lines[1] == "  A name that is far longer than any row of this"
    assert lines[2].split() == ["table", "ought", "to", "have", "1"]


def test_without_targets_there_is_no_such_column() -> None:
    lines = table_lines(Table(("base",), (Row("Wait, s", (Cell("1"),)),)), 80, marks=False)
    assert "target" not in lines[0]


def test_numbers_are_not_folded_apart() -> None:
    text = "a design that costs 60 000 EUR more and answers 95 % within 20 s or 4 points more"
    for width in range(20, 60):
        lines = folded(text, width)
        assert " ".join(lines) == text
        for kept in ("60 000 EUR", "95 %", "20 s", "4 points"):
            assert any(kept in line for line in lines)
