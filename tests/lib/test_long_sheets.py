"""Tables of any length as a workbook."""

import pytest
from openpyxl import load_workbook

from lib.long_sheets import CHARACTERS, COLUMNS, LongWorkbook


def new_book(**options):
    return LongWorkbook("Long", ("Record", "Column", "Part", "Text"), **options)


def read(book):
    """``{title: rows}`` of what was written."""
    pages = load_workbook(book.file())
    return {page.title: list(page.iter_rows(values_only=True)) for page in pages}


def test_rows_come_back_below_their_heads():
    book = new_book()
    table = book.table("Contacts", ("Source ID", "Shoe size"), (20, 10))
    table.append(["C1", "42"])
    table.append(["C2", 43])
    assert read(book) == {
        "Contacts": [("Source ID", "Shoe size"), ("C1", "42"), ("C2", 43)]
    }


def test_a_full_sheet_goes_on_in_a_further_one_with_the_same_heads():
    book = new_book(rows=3)
    table = book.table("Deals", ("ID",))
    for number in range(5):
        table.append([f"D{number}"])
    assert read(book) == {
        "Deals": [("ID",), ("D0",), ("D1",)],
        "Deals (2)": [("ID",), ("D2",), ("D3",)],
        "Deals (3)": [("ID",), ("D4",)],
    }


def test_two_tables_are_written_by_turns():
    book = new_book(rows=2)
    one, other = book.table("A", ("ID",)), book.table("B", ("ID",))
    for number in range(2):
        one.append([f"a{number}"])
        other.append([f"b{number}"])
    found = read(book)
    assert [rows[1] for title, rows in found.items() if title[0] == "A"] == [
        ("a0",),
        ("a1",),
    ]
    assert [rows[1] for title, rows in found.items() if title[0] == "B"] == [
        ("b0",),
        ("b1",),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@SUM(A1)", "\tx", "=cmd|' /C"])
def test_text_is_never_a_formula(text):
    book = new_book()
    book.table("T", ("=A1",)).append([text])
    page = load_workbook(book.file())["T"]
    assert page["A2"].value == text
    assert page["A2"].data_type == page["A1"].data_type == "s"
    assert page["A2"].quotePrefix
    assert page["A1"].quotePrefix


def test_a_text_longer_than_a_cell_is_whole_in_the_sheet_of_long_texts():
    text = "".join(chr(97 + number % 26) for number in range(2 * CHARACTERS + 10))
    book = new_book()
    book.table("Notes", ("ID", "Body")).append(["N1", text])
    found = read(book)
    assert len(found["Notes"][1][1]) == CHARACTERS
    head, *parts = found["Long"]
    assert head == ("Record", "Column", "Part", "Text")
    assert [part[:3] for part in parts] == [
        ("N1", "Body", 1),
        ("N1", "Body", 2),
        ("N1", "Body", 3),
    ]
    assert "".join(part[3] for part in parts) == text


def test_characters_a_workbook_cannot_hold_are_marked():
    book = new_book()
    book.table("T", ("ID",)).append(["a\x00b\x0bc"])
    assert read(book)["T"][1] == ("a\ufffdb\ufffdc",)


def test_titles_are_allowed_and_told_apart():
    book = new_book()
    for title in ("Deals / [2024]", "deals _ _2024_", "x" * 40, "x" * 50, ""):
        book.table(title, ("ID",))
    titles = list(read(book))
    assert titles == [
        "Deals _ _2024_",
        "deals _ _2024_ (2)",
        "x" * 31,
        "x" * 27 + " (2)",
        "_",
    ]


def test_empty_values_are_empty_cells():
    book = new_book()
    book.table("T", ("A", "B", "C", "D")).append(["x", None, False, 0])
    assert read(book)["T"][1] == ("x", None, None, 0)


def test_more_columns_than_a_sheet_has_are_refused():
    with pytest.raises(ValueError, match="columns"):
        new_book().table("T", ["x"] * (COLUMNS + 1))
