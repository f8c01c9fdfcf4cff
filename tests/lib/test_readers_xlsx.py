"""XLSX workbooks, as spreadsheet programs and exports really write them."""

import datetime
import io
import re
import zipfile

import openpyxl
import pytest
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from lib.readers import archive, discover, iter_rows, open_container
from lib.readers.xlsx_sheet import scan_sheet


def read(path):
    """Tables by sheet, rows by sheet, problems by code."""
    with open_container(str(path)) as container:
        found = discover(container)
        problems = {problem.code: problem for _member, problem in found.problems}
        tables = {table.sheet: table for table in found.tables}
        rows = {sheet: list(iter_rows(container, tables[sheet])) for sheet in tables}
    return tables, rows, problems


@pytest.fixture
def write(tmp_path):
    def write(sheets, change=None, name="book.xlsx"):
        """``change`` takes and gives the XML of the first sheet."""
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        path = tmp_path / name
        book.save(path)
        if change:
            rewrite(path, "xl/worksheets/sheet1.xml", change)
        return path

    return write


def rewrite(path, part, change):
    """Replace a part of the workbook by what ``change`` makes of it."""
    with zipfile.ZipFile(path) as source:
        parts = {info.filename: source.read(info) for info in source.infolist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)


def test_each_sheet_with_a_header_is_a_table(write):
    path = write(
        {"People": [["id", "name"], [1, "A"]], "Empty": [], "Deals": [["id"], [2]]}
    )
    tables, rows, problems = read(path)
    assert not problems
    assert [table.name for table in tables.values()] == [
        "book.xlsx:People",
        "book.xlsx:Deals",
    ]
    assert [(row.number, row.values) for row in rows["People"]] == [
        (2, {"id": 1, "name": "A"})
    ]


def test_values_become_what_json_can_hold(write):
    row = [
        7.0,
        1.5,
        True,
        datetime.date(2024, 3, 1),
        datetime.datetime(2024, 3, 1, 10, 30),
        datetime.time(9, 5),
        datetime.timedelta(hours=27, minutes=30),
        None,
        "a_x000D_b",
    ]
    header = ["int", "float", "bool", "day", "time", "clock", "span", "none", "text"]
    rows = read(write({"S": [header, row]}))[1]["S"]
    assert rows[0].problem is None
    assert rows[0].values == {
        "int": 7,
        "float": 1.5,
        "bool": True,
        "day": "2024-03-01",
        "time": "2024-03-01 10:30:00",
        "clock": "09:05:00",
        "span": "27:30:00",
        "none": None,
        "text": "a\rb",
    }
    assert type(rows[0].values["int"]) is int


def test_rows_keep_their_sheet_number_across_gaps(write):
    rows = read(write({"S": [[], ["id"], [1], [], [None], [2], ["  "]]}))[1]["S"]
    assert [(row.number, row.values["id"]) for row in rows] == [(3, 1), (6, 2)]


def test_a_false_dimension_does_not_hide_rows(write):
    def shrink(xml):
        return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', xml)

    rows = read(write({"S": [["id", "name"], [1, "A"], [2, "B"]]}, shrink))[1]["S"]
    assert [row.values for row in rows] == [
        {"id": 1, "name": "A"},
        {"id": 2, "name": "B"},
    ]


def test_a_dimension_that_starts_late_does_not_shift_rows(write):
    def shift(xml):
        return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="C5:Z9"', xml)

    rows = read(write({"S": [["id", "name"], [1, "A"]]}, shift))[1]["S"]
    assert [(row.number, row.values) for row in rows] == [(2, {"id": 1, "name": "A"})]


def test_a_million_formatted_empty_rows_are_not_parsed(write, monkeypatch):
    parsed = []
    get_row = ReadOnlyWorksheet._get_row

    def count(sheet, row, *args):
        parsed.append(len(row))
        return get_row(sheet, row, *args)

    monkeypatch.setattr(ReadOnlyWorksheet, "_get_row", count)

    def inflate(xml):
        empty = b"".join(
            b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n)
            for n in range(6, 1_048_576)
        )
        return xml.replace(b"</sheetData>", empty + b"</sheetData>").replace(
            b'ref="A1:A5"', b'ref="A1:XFD1048576"'
        )

    path = write({"S": [["id"], [1], [2], [3], [4]]}, inflate)
    _tables, rows, problems = read(path)
    assert not problems
    # All five rows, at discovery and when they are read.
    assert len(parsed) == 10
    assert [row.values["id"] for row in rows["S"]] == [1, 2, 3, 4]


def test_a_row_after_a_long_gap_is_not_lost(write):
    def add(xml):
        far = b'<row r="900000"><c r="A900000"><v>9</v></c></row></sheetData>'
        return xml.replace(b"</sheetData>", far)

    rows = read(write({"S": [["id"], [1]]}, add))[1]["S"]
    assert [(row.number, row.values["id"]) for row in rows] == [(2, 1), (900_000, 9)]


def test_formatted_columns_without_a_header_are_ignored(write):
    tables, rows, problems = read(write({"S": [["id", None, ""], [1, None, " "]]}))
    assert not problems
    assert tables["S"].columns == ("id",)
    assert rows["S"][0].problem is None


def test_a_value_beyond_the_header_is_reported(write):
    rows = read(write({"S": [["id"], [1, "lost?"]]}))[1]["S"]
    assert rows[0].problem.code == "ragged_row"
    assert rows[0].values == {"id": 1}


def test_error_cells_are_reported_with_their_column(write):
    rows = read(write({"S": [["id", "amount"], [1, "#REF!"], [2, 5]]}))[1]["S"]
    problem = rows[0].problem
    assert (problem.code, problem.field, problem.value) == (
        "cell_error",
        "amount",
        "#REF!",
    )
    assert rows[0].values == {"id": 1, "amount": None}
    assert problem.params["file"] == "book.xlsx:S"
    assert rows[1].problem is None


@pytest.mark.parametrize("value", ["#N/A", "#N/A N/A"])
def test_a_value_that_is_not_available_is_text_to_be_decided_on(write, value):
    rows = read(write({"S": [["id", "amount"], [1, value], [2, 5]]}))[1]["S"]
    assert rows[0].values == {"id": 1, "amount": value}
    assert rows[0].problem is None


def test_header_problems_name_the_sheet(write):
    tables, _rows, problems = read(write({"S": [["a", None, "a", 2024]]}))
    assert tables["S"].columns == ("a", "Column 2", "a (2)", "2024")
    assert set(problems) == {"unnamed_column", "duplicate_header", "header_only"}
    assert problems["header_only"].params["file"] == "book.xlsx:S"


def test_formulas_without_a_result_are_noted(write):
    tables, rows, problems = read(write({"S": [["id", "sum"], [1, "=1+1"]]}))
    assert problems["formula_without_value"].params["severity"] == "note"
    assert rows["S"][0].values == {"id": 1, "sum": None}


def test_formulas_with_a_result_are_read(write):
    def resolve(xml):
        return re.sub(rb"</f><v\s*/?>(</v>)?", b"</f><v>2</v>", xml)

    path = write({"S": [["id", "sum"], [1, "=1+1"]]}, resolve)
    tables, rows, problems = read(path)
    assert not problems
    assert rows["S"][0].values == {"id": 1, "sum": 2}


def test_a_workbook_without_anything_is_empty(write):
    tables, _rows, problems = read(write({"S": [], "T": [[None]]}))
    assert (tables, list(problems)) == ({}, ["empty_file"])


def test_nul_and_half_characters_in_cells_are_reported(write):
    rows = read(write({"S": [["id", "name"], [1, "a_x0000_b"], [2, "c_xD800_"]]}))[1][
        "S"
    ]
    assert [row.values["name"] for row in rows] == ["a\u2400b", "c\ufffd"]
    assert [row.problem.code for row in rows] == ["nul_byte", "encoding_broken"]


def test_a_truncated_workbook_is_a_problem(write):
    path = write({"S": [["id"], [1]]})
    path.write_bytes(path.read_bytes()[:-100])
    tables, _rows, problems = read(path)
    assert not tables
    assert problems["xlsx_broken"].params["file"] == "book.xlsx"


@pytest.mark.parametrize(
    "part",
    [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "[Content_Types].xml",
    ],
)
def test_a_workbook_with_a_damaged_part_is_a_problem(write, part):
    path = write({"S": [["id"], [1]]})
    rewrite(path, part, lambda xml: xml[: len(xml) // 2])
    with open_container(str(path)) as container:
        found = discover(container)
        codes = [problem.code for _member, problem in found.problems]
        for table in found.tables:
            codes += [
                row.problem.code for row in iter_rows(container, table) if row.problem
            ]
    assert codes == ["xlsx_broken"]


def test_a_sheet_damaged_after_discovery_ends_with_a_problem(write):
    path = write({"S": [["id"]] + [[number] for number in range(1000)]})
    with open_container(str(path)) as container:
        table = discover(container).tables[0]
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    with open_container(str(path)) as container:
        rows = list(iter_rows(container, table))
    assert (rows[-1].values, rows[-1].problem.code) == ({}, "xlsx_broken")
    assert rows[0].values == {"id": 0}


def test_a_workbook_that_defines_entities_is_refused(write):
    def define(xml):
        return b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml

    assert list(read(write({"S": [["id"], [1]]}, define))[2]) == ["xlsx_broken"]


def test_a_workbook_bomb_is_not_read(write, monkeypatch):
    monkeypatch.setattr(archive, "RATIO_FLOOR", 100_000)
    path = write(
        {"S": [["id"], [1]]},
        lambda xml: xml.replace(b"</sheetData>", b" " * 1_000_000 + b"</sheetData>"),
    )
    assert list(read(path)[2]) == ["zip_bomb"]


@pytest.mark.parametrize(
    "xml, expected",
    [
        (b'<worksheet><sheetData><row r="3"><c><v>1</v></c></row>', (3, False)),
        (b'<x:worksheet><x:sheetData><x:row r="3"><x:c><x:v>1</x:v>', (3, False)),
        (b'<worksheet><row spans="1" r="7"><c t="inlineStr"><is><t>', (7, False)),
        (b'<worksheet><row r="3"><c s="1"/></row></worksheet>', (0, False)),
        (b'<worksheet><row r="3"><c s="1"/></row><row r', (None, False)),
        (b"<worksheet><row><c><v>1</v></c></row>", (None, False)),
        (b'<worksheet><row r="1"><c r="A1"><f>1+1</f><v></v></c>', (1, True)),
        (b'<worksheet><row r="1"><c r="A1" t="str"><f>A2</f><v></v></c>', (1, False)),
        (b'<worksheet><row r="1"><c><v>1</v></c></row><rowBreaks/>', (1, False)),
    ],
)
def test_the_last_row_with_a_value_is_found_in_the_xml(xml, expected):
    scan = scan_sheet(io.BytesIO(xml))
    assert (scan.last, scan.unresolved) == expected


def test_rows_cut_by_chunks_are_found(monkeypatch):
    rows = b"".join(
        b'<row r="%d"><c><v>%d</v></c></row>' % (n, n) for n in range(1, 300)
    )
    xml = b"<worksheet><sheetData>" + rows + b'<row r="300"/><row r="301"/>'
    for chunk in (97, 128, 1001):
        monkeypatch.setattr("lib.readers.xlsx_sheet.CHUNK", chunk)
        monkeypatch.setattr("lib.readers.xlsx_sheet.OVERLAP", 64)
        scan = scan_sheet(io.BytesIO(xml))
        assert (scan.last, scan.unresolved) == (299, False)
