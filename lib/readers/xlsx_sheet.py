"""What a sheet's XML says before its cells are parsed, which costs far more."""

import re
from dataclasses import dataclass, field

from openpyxl.utils import column_index_from_string

from .layout import Merge

CHUNK = 1 << 20
#: Bytes with the last rows, to be parsed by themselves.
TAIL = 64 * 1024
#: Bytes carried over, so that a tag cut by a chunk is seen whole, and the last rows.
OVERLAP = TAIL + 4096
ROOT = re.compile(rb"<(\w+:)?worksheet\b[^>]*>")
MERGE_HINT = b"mergeCell "
MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7}):'
    rb'\$?([A-Z]{1,3})\$?(\d{1,7})"'
)
#: More joined cells than that are a bomb, or decoration.
MAX_MERGES = 500_000
#: What follows the name of a tag; empty where the chunk ends.
TAG_ENDS = (b" ", b"\t", b"\r", b"\n", b">", b"/", b"")
ROW_NUMBER = re.compile(rb'\sr="(\d+)"')
#: One of these is in every formula without a result, and searching them is cheap.
FORMULA_HINTS = (b"</f></c>", b"/></c>", b"<v></v></c>")
#: A formula without a kept result: the file was never opened by a spreadsheet.
#: Text results may be empty for good.
FORMULA_WITHOUT_VALUE = re.compile(
    rb'<c(?![^>]*\st="str")(?:\s[^>]*)?><f(?:\s[^>]*)?(?:/>|>[^<]*</f>)'
    rb"(?:<v\s*/>|<v></v>)?</c>"
)


@dataclass
class SheetScan:
    """What the XML of a sheet says without being parsed.

    ``last`` is the row of the last value: 0 without any, None when only parsing can
    tell (rows are not numbered, or the XML breaks off). ``unresolved`` is whether a
    formula has no result, ``merges`` the joined cells, and ``tail`` a document of its
    own with the last rows, empty when there is none.
    """

    last: int | None = 0
    unresolved: bool = False
    merges: list[Merge] = field(default_factory=list)
    tail: bytes = b""


def scan_sheet(stream):
    """Look through the XML of a sheet at the speed of unpacking it.

    Sheets often carry up to a million formatted rows without a value, and their
    stated dimension cannot be trusted.

    :param stream: binary stream of the sheet's XML, read to its end
    :return: :class:`SheetScan`
    """
    data = stream.read(CHUNK)
    root = ROOT.search(data)
    prefix = (root.group(1) or b"") if root else b""
    marks = [b"<" + prefix + tag for tag in (b"v>", b"v ", b"is>", b"is ")]
    row_tag, row_end = b"<" + prefix + b"row", b"</" + prefix + b"row>"
    end_tag = b"</" + prefix + b"worksheet"
    scan, current, ending, merges = SheetScan(), 0, b"", {}
    while data:
        value = max(data.rfind(mark) for mark in marks)
        if value >= 0 and scan.last is not None:
            before = _row_number(data, row_tag, value)
            scan.last = current if before is None else before
            if scan.last < 1:
                scan.last = None
            end = data.find(row_end, value)
            ending = data[max(0, value - TAIL) : end + len(row_end)] if end > 0 else b""
        newest = _row_number(data, row_tag, len(data))
        current = current if newest is None else newest
        if not scan.unresolved and any(hint in data for hint in FORMULA_HINTS):
            scan.unresolved = FORMULA_WITHOUT_VALUE.search(data) is not None
        if MERGE_HINT in data and len(merges) < MAX_MERGES:
            merges.update(dict.fromkeys(MERGED.findall(data)))
        chunk = stream.read(CHUNK)
        if not chunk and not scan.last and end_tag not in data:
            scan.last = None
        data = data[-OVERLAP:] + chunk if chunk else b""
    if scan.last is None:
        scan.unresolved = False
    else:
        scan.tail = _document(root, ending, row_tag)
    scan.merges = [_merge(*corners) for corners in merges]
    return scan


def _document(root, ending, row_tag):
    """The last rows under a root that declares their prefixes; empty if it cannot."""
    start = ending.find(row_tag + b" ")
    if not root or start < 0:
        return b""
    prefix = root.group(1) or b""
    return b"%s<%ssheetData>%s</%ssheetData></%sworksheet>" % (
        root.group(),
        prefix,
        ending[start:],
        prefix,
        prefix,
    )


def _merge(first_column, first_row, last_column, last_row):
    return Merge(
        int(first_row),
        int(last_row),
        column_index_from_string(first_column.decode()) - 1,
        column_index_from_string(last_column.decode()) - 1,
    )


def _row_number(data, tag, end):
    """Number of the last row tag before ``end``: None if none, -1 if unnumbered."""
    at = data.rfind(tag, 0, end)
    while at >= 0 and data[at + len(tag) : at + len(tag) + 1] not in TAG_ENDS:
        at = data.rfind(tag, 0, at)
    close = data.find(b">", at)
    if at < 0 or close < 0:
        return None
    match = ROW_NUMBER.search(data, at, close)
    return int(match.group(1)) if match else -1
