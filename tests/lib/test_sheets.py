"""Tables as a workbook that people edit."""

import io

import pytest
from openpyxl import load_workbook

from lib.errors import Problem
from lib.sheets import (
    Column,
    Sheet,
    harmless,
    open_workbook,
    read_sheet,
    titles,
    write_workbook,
)

COLUMNS = (
    Column("number", "Line", kind="integer", key=True),
    Column("name", "Name", editable=True),
    Column("kind", "Kind", choices=("direct", "ignored"), editable=True),
    Column("sure", "Confirmed", kind="bool", editable=True),
    Column("rate", "Filled", kind="percent"),
)
ROW = {"number": 1, "name": "City", "kind": "direct", "sure": True, "rate": 0.5}


def made(*rows, title="deal"):
    return write_workbook([Sheet(title, COLUMNS, list(rows))])


def read(content, title="deal"):
    return read_sheet(open_workbook(content), title, COLUMNS)


def edited(content, title="deal", **cells):
    """``content`` after somebody has written ``cells``, by coordinate."""
    book = load_workbook(io.BytesIO(content))
    for coordinate, value in cells.items():
        book[title][coordinate] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def texts(problems):
    return [problem.text() for problem in problems]


def test_what_is_written_is_read():
    rows, problems = read(made(ROW, {**ROW, "number": 2, "name": None, "sure": False}))
    assert not problems
    assert rows == [
        (3, {"number": 1, "name": "City", "kind": "direct", "sure": True}),
        (4, {"number": 2, "name": False, "kind": "direct", "sure": False}),
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+47 22", "-3", "@home", "\tx", '=HYPERLINK("http://a")', "007"]
)
def test_text_is_never_a_formula(text):
    content = made({**ROW, "name": text})
    cell = load_workbook(io.BytesIO(content))["deal"]["B3"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix == (not text.isdigit())
    rows, problems = read(edited(content, C3="ignored"))
    assert not problems
    assert rows[0][1]["name"] == text


def test_the_sheet_can_be_read_by_people():
    page = load_workbook(io.BytesIO(made(ROW)))["deal"]
    assert [cell.value for cell in page[2]] == [column.label for column in COLUMNS]
    assert page.row_dimensions[1].hidden
    assert page.freeze_panes == "B3"
    assert page.auto_filter.ref == "A2:E3"
    assert page["B3"].alignment.wrap_text
    assert page["E3"].number_format == "0%"
    offered = page.data_validations.dataValidation[0]
    assert offered.formula1 == '"direct,ignored"'


def test_control_characters_and_endless_text_do_not_break_the_file():
    content = made({**ROW, "name": "a\x07b", "kind": "x" * 40000})
    rows, _problems = read(content)
    assert rows[0][1]["name"] == "a�b"
    assert len(rows[0][1]["kind"]) == 32767


def test_what_a_spreadsheet_program_makes_of_values_is_understood():
    content = edited(made(ROW), A3=7.0, B3=12.0, C3="a\r\nb", D3=False)
    rows, problems = read(content)
    assert not problems
    assert rows == [(3, {"number": 7, "name": "12", "kind": "a\nb", "sure": False})]


@pytest.mark.parametrize(
    ("cell", "value", "message"),
    [
        ("B3", "=A1", "deal!B3, Name: “=A1” is a formula."),
        ("B3", "#REF!", "deal!B3, Name: “#REF!” is an error."),
        ("D3", "maybe", "deal!D3, Confirmed: “maybe” is neither yes nor no."),
        ("A3", "first", "deal!A3, Line: “first” is not a whole number."),
        ("A3", 1.5, "deal!A3, Line: “1.5” is not a whole number."),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(cell, value, message):
    _rows, problems = read(edited(made(ROW), **{cell: value}))
    assert [text for text in texts(problems) if text.startswith(message)]


def test_a_column_nobody_knows_is_refused_with_those_there_are():
    _rows, problems = read(edited(made(ROW), F2="My notes"))
    [text] = texts(problems)
    assert "deal!F1: there is no column “My notes”" in text
    assert "number, name, kind, sure, rate" in text


def test_a_column_that_only_informs_is_not_read():
    rows, problems = read(edited(made(ROW), E3="=nonsense"))
    assert not problems
    assert "rate" not in rows[0][1]


def test_an_empty_row_and_the_order_of_columns_do_not_matter():
    content = edited(made(ROW, {}), A4=None, D4=None)
    book = load_workbook(io.BytesIO(content))
    book["deal"].move_range("B1:B4", cols=8)
    stream = io.BytesIO()
    book.save(stream)
    rows, problems = read(stream.getvalue())
    assert not problems
    assert [values["name"] for _row, values in rows] == ["City"]


def test_a_sheet_that_is_missing_is_named():
    rows, problems = read(made(ROW, title="deals"))
    assert not rows
    assert "no sheet “deal”; there are: deals" in problems[0].text()


@pytest.mark.parametrize("content", [b"", b"name,kind\n", b"PK\x03\x04rubbish"])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(Problem, match="not an Excel workbook"):
        open_workbook(content)


def test_titles_are_short_and_unique():
    long = "a" * 40
    found = titles(["deal", "Deal", "a/b", long, long + "b"])
    assert found["deal"] == "deal"
    assert found["Deal"] == "Deal (2)"
    assert found["a/b"] == "a_b"
    assert found[long] == "a" * 31
    assert found[long + "b"] == "a" * 27 + " (2)"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_text_for_a_csv_file_never_starts_a_formula(sign):
    assert harmless(f"{sign}1+2") == f"'{sign}1+2"


def test_text_and_numbers_that_start_none_stay_as_they_are():
    assert [harmless(one) for one in ("a=1", "", 5, -5, None)] == [
        "a=1",
        "",
        5,
        -5,
        None,
    ]
