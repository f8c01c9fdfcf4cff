"""HTML tables and old workbooks, which exports name .xls."""

import datetime
import io

import pytest
import xlwt

from lib.readers import Table, discover, iter_rows, open_container, xls_reader

XML = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{}</Workbook>"""


@pytest.fixture
def read(tmp_path):
    """Tables by name, their rows by name, and problems by code."""

    def read(content, name="contacts.xls"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with open_container(str(path)) as container:
            found = discover(container)
            tables = {
                table.name: Table.from_dict(table.as_dict()) for table in found.tables
            }
            rows = {name: list(iter_rows(container, tables[name])) for name in tables}
        return tables, rows, {problem.code: problem for _m, problem in found.problems}

    return read


def values(rows):
    assert not [row.problem for row in rows if row.problem]
    return [list(row.values.values()) for row in rows]


def test_an_html_table_named_xls_is_read_and_noted(read):
    content = """<html><head><style>td {color: red}</style></head><body>
    <h1>Contacts</h1><table border="1"><thead><tr><th>id</th><th>First
      name</th><th>Note</th></tr></thead><tbody>
    <tr><td>1</td><td>Z&ouml;e &amp; <b>Ida</b></td><td>one<br>two</td></tr>
    <tr><td>2</td><td>&nbsp;</td><td>&lt;none&gt;</td></tr>
    </tbody></table></body></html>"""
    tables, rows, problems = read(content)
    assert tables["contacts.xls"].columns == ("id", "First name", "Note")
    assert values(rows["contacts.xls"]) == [
        ["1", "Zöe & Ida", "one\ntwo"],
        ["2", None, "<none>"],
    ]
    assert [row.number for row in rows["contacts.xls"]] == [2, 3]
    assert list(problems) == ["name_content_mismatch"]
    assert "HTML" in problems["name_content_mismatch"].text()


def test_rows_and_cells_without_an_end_are_read(read):
    content = "<TABLE><TR><TD>id<TD>name<TR><TD>1<TD>Ida<TR><TD>2<TD>Ole</TABLE>"
    assert values(read(content)[1]["contacts.xls"]) == [["1", "Ida"], ["2", "Ole"]]


def test_cells_over_rows_and_columns_keep_the_others_in_their_columns(read):
    content = """<table><tr><th>company</th><th>name</th><th>city</th><th>zip</th></tr>
    <tr><td rowspan=2>Ahlgren</td><td>Ida</td><td colspan="2">Lund</td></tr>
    <tr><td>Ole</td><td>Kiel</td><td>24103</td></tr>
    <tr><td>Brandt</td><td>Pia</td><td>Bern</td><td>3000</td></tr></table>"""
    _tables, rows, problems = read(content)
    assert values(rows["contacts.xls"]) == [
        ["Ahlgren", "Ida", "Lund", None],
        ["Ahlgren", "Ole", "Kiel", "24103"],
        ["Brandt", "Pia", "Bern", "3000"],
    ]
    assert problems["merged_cells"].params["count"] == 1


def test_groups_over_several_columns_are_joined_with_the_names_below(read):
    content = """<table><tr><td colspan=2>Contact</td><td colspan=2>Company</td></tr>
    <tr><td>Name</td><td>Phone</td><td>Title</td><td>City</td></tr>
    <tr><td>Ida</td><td>x</td><td>Ahlgren</td><td>Lund</td></tr></table>"""
    tables, rows, _problems = read(content)
    assert tables["contacts.xls"].columns == (
        "Contact Name",
        "Contact Phone",
        "Company Title",
        "Company City",
    )
    assert values(rows["contacts.xls"]) == [["Ida", "x", "Ahlgren", "Lund"]]


def test_the_largest_table_counts_wherever_it_is_nested(read):
    rows = "".join(f"<tr><td>{n}</td><td>N{n}</td></tr>" for n in range(30))
    content = f"""<table><tr><td>Report</td><td>Contacts</td></tr>
    <tr><td>Owner</td><td>All</td></tr></table>
    <table><tr><td>menu</td><td><table><tr><th>id</th><th>name</th></tr>{rows}
    </table></td></tr></table>"""
    tables, found, problems = read(content)
    assert tables["contacts.xls"].columns == ("id", "name")
    assert len(found["contacts.xls"]) == 30
    assert problems["html_tables_left"].params["count"] == 1


def test_a_page_is_read_in_the_encoding_it_declares(read):
    content = """<html><meta http-equiv="Content-Type"
    content="text/html; charset=iso-8859-2"><table><tr><td>id</td><td>name</td></tr>
    <tr><td>1</td><td>Łukasz</td></tr></table>"""
    tables, rows, _problems = read(content.encode("iso-8859-2"), "contacts.html")
    assert values(rows["contacts.html"]) == [["1", "Łukasz"]]
    assert tables["contacts.html"].encoding == "iso8859-2"


def test_a_page_without_a_table_is_a_document_or_refused_by_its_name(read):
    content = "<html><body><p>Log in</p></body></html>"
    assert read(content, "letter.html")[::2] == ({}, {})
    _tables, _rows, problems = read(content, "contacts.xls")
    assert list(problems) == ["format_unsupported"]


def test_a_long_page_is_streamed(read):
    line = "<tr><td>{0}</td><td>Name {0}</td></tr>"
    body = "".join(line.format(n) for n in range(20_000))
    content = f"<table><tr><td>id</td><td>name</td></tr>{body}</table>"
    tables, rows, problems = read(content)
    assert len(rows["contacts.xls"]) == 20_000
    assert rows["contacts.xls"][-1].values == {"id": "19999", "name": "Name 19999"}


def test_an_old_workbook_is_read_with_dates_and_joined_cells(read):
    book = xlwt.Workbook()
    sheet = book.add_sheet("People")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for at, name in enumerate(["company", "name", "since", "ok", "size"]):
        sheet.write(0, at, name)
    sheet.write_merge(1, 2, 0, 0, "Ahlgren")
    for row, name in ((1, "Ida"), (2, "Ole")):
        sheet.write(row, 1, name)
        sheet.write(row, 2, datetime.date(2024, 3, row), day)
        sheet.write(row, 3, True)
        sheet.write(row, 4, 7.0)
    book.add_sheet("Empty")
    stream = io.BytesIO()
    book.save(stream)
    tables, rows, problems = read(stream.getvalue())
    assert list(tables) == ["contacts.xls:People"]
    assert values(rows["contacts.xls:People"]) == [
        ["Ahlgren", "Ida", "2024-03-01", True, 7],
        ["Ahlgren", "Ole", "2024-03-02", True, 7],
    ]
    assert list(problems) == ["merged_cells"]


def test_an_old_workbook_is_refused_where_nothing_reads_it(read, monkeypatch):
    monkeypatch.setattr("lib.readers.discovery.xlrd", None)
    content = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    assert list(read(content)[2]) == ["format_unsupported"]


def test_an_old_workbook_that_is_too_large_is_refused(read, monkeypatch):
    monkeypatch.setattr(xls_reader, "MAX_SIZE", 100)
    content = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    assert list(read(content)[2]) == ["xlsx_broken"]


def test_the_xml_of_excel_2003_is_read(read):
    content = XML.format(
        """<Worksheet ss:Name="People"><Table>
    <Row><Cell><Data ss:Type="String">id</Data></Cell>
     <Cell><Data ss:Type="String">name</Data></Cell>
     <Cell><Data ss:Type="String">since</Data></Cell></Row>
    <Row ss:Index="3"><Cell ss:MergeDown="1"><Data ss:Type="Number">1</Data></Cell>
     <Cell ss:Index="3"><Data ss:Type="DateTime">2024-03-01T00:00:00.000</Data></Cell>
    </Row>
    <Row><Cell ss:Index="2"><Data ss:Type="String">A &amp; B</Data></Cell></Row>
    </Table></Worksheet><Worksheet ss:Name="Empty"><Table/></Worksheet>"""
    )
    tables, rows, problems = read(content)
    assert list(tables) == ["contacts.xls:People"]
    found = rows["contacts.xls:People"]
    assert [row.number for row in found] == [3, 4]
    assert values(found) == [[1, None, "2024-03-01"], [1, "A & B", None]]
    assert set(problems) == {"name_content_mismatch", "merged_cells"}


@pytest.mark.parametrize(
    "content",
    [
        XML.format("<Worksheet ss:Name='S'><Table><Row><Cell>"),
        XML.format("").replace("<Workbook", "<!DOCTYPE x [<!ENTITY a 'b'>]><Workbook"),
    ],
)
def test_damaged_xml_and_xml_with_entities_are_refused(read, content):
    assert list(read(content)[2]) == ["xlsx_broken"]
