"""What a file is, by its first bytes; its name is only compared."""

import json
import re

from .archive import inspect_zip
from .encoding import HEAD, encoding_of_head, open_text

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
#: Beginnings of files that hold no rows, with the name a person gives them.
MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"RIFF", "RIFF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"),
    (b"MZ\x90", "EXE"),
    (b"\x7fELF", "ELF"),
)
#: Those left out stand in text, three of them between its columns.
CONTROL = bytes(set(range(32)) - {1, 9, 10, 11, 12, 13, 26, 27, 30, 31})
XML_SHEETS = "urn:schemas-microsoft-com:office:spreadsheet"
#: How JSON may go on after its first bracket; a header such as [Id] does not.
JSON_START = re.compile(r'\{\s*["}]|\[\s*[\[\]{"tfn0-9-]')
#: A longer first line is one document, not JSON lines.
MAX_FIRST_LINE = 16 * 2**20


def recognise(container, name):
    """What the member ``name`` is.

    :return: csv, json, jsonl, xlsx, xls, xml (of Excel 2003), html; or empty,
        encrypted, other_xml, zip, xlsb, ods, office, broken; or the name of a kind of
        file without rows
    :raises Problem: it cannot be opened
    """
    with container.open(name) as stream:
        head = stream.read(HEAD)
    if head.startswith(ZIP):
        with container.open_seekable(name) as stream:
            return inspect_zip(stream)
    if head.startswith(OLE2):
        return "encrypted" if _holds(container, name, ENCRYPTED) else "xls"
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    encoding = encoding_of_head(head)
    if not encoding and is_binary(head):
        return "binary"
    text = head.decode(encoding or "utf-8", "replace").lstrip("\ufeff\0 \t\r\n")
    if not text and len(head) < HEAD:
        return "empty"
    if text.startswith("<"):
        start = text[:4096].lower()
        if XML_SHEETS in start and re.search(r"<(\w+:)?workbook\b", start):
            return "xml"
        page = re.search("<(!doctype html|html|table)", start)
        return "html" if page else "other_xml"
    if JSON_START.match(text):
        if text.startswith("{") and _is_lines(container, name, encoding, text):
            return "jsonl"
        return "json"
    return "csv"


def is_binary(head):
    """Whether bytes without a known beginning are no text."""
    controls = len(head) - len(head.translate(None, CONTROL))
    # Some NULs in a table are damage to report, not a reason to refuse it.
    return controls > 8 and controls > len(head) * 0.05


def _is_lines(container, name, encoding, text):
    """Whether the first line is an object of its own and another one follows."""
    if "\n" in text:
        first, _newline, rest = text.partition("\n")
        if rest.strip():
            return _is_object(first) and rest.lstrip().startswith("{")
    with open_text(container.open(name), encoding or "utf-8") as stream:
        first = stream.readline(MAX_FIRST_LINE).lstrip("\ufeff")
        second = stream.readline(1024)
        if not _is_object(first):
            return False
        return second.startswith("{") or name.lower().endswith((".jsonl", ".ndjson"))


def _is_object(line):
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _holds(container, name, needle):
    """Whether the bytes ``needle`` are anywhere in the member."""
    tail = b""
    with container.open(name) as stream:
        while chunk := stream.read(1 << 20):
            if needle in tail + chunk:
                return True
            tail = chunk[-len(needle) :]
    return False
