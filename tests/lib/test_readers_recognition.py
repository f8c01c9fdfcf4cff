"""What a file is, whatever its name says."""

import io
import zipfile

import openpyxl
import pytest

from lib.readers import discover, iter_rows, open_container

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
CSV = b"id,name\n1,A\n2,B\n"


def look(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with open_container(str(path)) as container:
        found = discover(container)
        rows = [row for table in found.tables for row in iter_rows(container, table)]
    for member, problem in found.problems:
        assert member == problem.params["file"].partition(":")[0] == name
        assert problem.text()
        assert problem.remedy
    return found, rows, [problem.code for _member, problem in found.problems]


def workbook():
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.active.append([1])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def packed(*names, mimetype=None):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        if mimetype:
            target.writestr("mimetype", mimetype)
        for name in names:
            target.writestr(name, "<x/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    "name, content, format",
    [
        ("contacts.csv", workbook(), "xlsx"),
        ("contacts.xlsx", CSV, "csv"),
        ("contacts.xls", b"id\tname\n1\tA\n", "csv"),
        ("contacts.xls", workbook(), "xlsx"),
        ("contacts.json", CSV, "csv"),
        ("contacts.csv", b'[{"id": 1}]', "json"),
        ("contacts.csv", b'{"id": 1}\n{"id": 2}\n', "jsonl"),
        ("contacts.jsonl", b'[{"id": 1}]', "json"),
    ],
)
def test_a_table_with_a_wrong_name_is_read_and_noted(tmp_path, name, content, format):
    found, rows, codes = look(tmp_path, name, content)
    assert [table.format for table in found.tables] == [format]
    assert codes == ["name_content_mismatch"]
    assert found.problems[0][1].params["severity"] == "note"
    assert str(rows[0].values["id"]) == "1"


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("contacts.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_table"),
        ("contacts.csv", b"%PDF-1.7 ...", "not_a_table"),
        ("contacts.csv", bytes(range(256)) * 20, "not_a_table"),
        ("contacts.csv", b"\x1f\x8b\x08" + bytes(50), "not_a_table"),
        ("contacts.json", b"Dear all,\nhello\n", "not_a_table"),
        ("contacts.xlsx", b"hello", "not_a_table"),
        ("contacts.csv", packed("[Content_Types].xml", "word/a.xml"), "not_a_table"),
        ("book.xlsx", OLE2 + "EncryptedPackage".encode("utf-16-le"), "xlsx_encrypted"),
        ("book.xls", OLE2 + bytes(600), "xlsx_broken"),
        ("book.xlsx", OLE2 + bytes(600), "xlsx_broken"),
        ("book.xls", b"<html><table><tr><td>id", "format_unsupported"),
        ("contacts.csv", b"\n<!DOCTYPE html><p>Log in", "format_unsupported"),
        ("book.xls", b'<?xml version="1.0"?><Contacts/>', "format_unsupported"),
        (
            "book.xlsx",
            packed("[Content_Types].xml", "xl/workbook.bin"),
            "format_unsupported",
        ),
        (
            "book.xlsx",
            packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            "format_unsupported",
        ),
        ("book.xlsx", b"PK\x03\x04" + bytes(100), "xlsx_broken"),
        ("contacts.csv", b"", "empty_file"),
        ("dump.json", b"", "empty_file"),
        ("book.xlsx", b"", "empty_file"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(tmp_path, name, content, code):
    found, _rows, codes = look(tmp_path, name, content)
    assert not found.tables
    assert codes == [code]
    assert found.problems[0][1].params["severity"] == "error"


def test_a_password_deep_in_a_large_workbook_is_seen(tmp_path):
    needle = "EncryptedPackage".encode("utf-16-le")
    content = OLE2 + bytes(2**20 - 8 - 10) + needle + bytes(2**20)
    _found, _rows, codes = look(tmp_path, "book.xlsx", content)
    assert codes == ["xlsx_encrypted"]
    assert "password-protected" in _found.problems[0][1].text()


@pytest.mark.parametrize(
    "name, content",
    [
        ("offer.pdf", b"%PDF-1.7"),
        ("photo.png", b"\x89PNG\r\n\x1a\n"),
        ("note.txt", b"Just a note, nothing more."),
        ("letter.docx", packed("[Content_Types].xml", "word/document.xml")),
        ("old.doc", OLE2 + bytes(100)),
    ],
)
def test_a_single_document_is_listed(tmp_path, name, content):
    found, _rows, codes = look(tmp_path, name, content)
    assert [member.name for member in found.documents] == [name]
    assert not found.tables
    assert not codes


@pytest.mark.parametrize("name", ["contacts", "contacts.txt", "export.dat"])
def test_a_single_table_with_another_ending_is_read(tmp_path, name):
    found, rows, codes = look(tmp_path, name, CSV)
    assert len(found.tables) == 1
    assert rows[1].values == {"id": "2", "name": "B"}
    assert not codes


def test_a_header_in_brackets_is_csv(tmp_path):
    found, rows, codes = look(tmp_path, "a.csv", b"[Id],[Name]\n1,A\n")
    assert found.tables[0].columns == ("[Id]", "[Name]")
    assert not codes


def test_a_one_line_document_is_no_json_lines(tmp_path):
    found, _rows, _codes = look(tmp_path, "a.json", b'{"deals": [{"id": 1}]}\n')
    assert [(table.format, table.path) for table in found.tables] == [("json", "deals")]
