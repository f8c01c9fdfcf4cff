"""What a sheet's XML says before its cells are parsed, which costs far more."""

import re

CHUNK = 1 << 20
#: Bytes carried over, so that a tag cut by a chunk is seen whole.
OVERLAP = 4096
PREFIX = re.compile(rb"<(\w+:)?(?:sheetData|worksheet)\b")
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


def scan_sheet(stream):
    """Look through the XML of a sheet at the speed of unpacking it.

    Sheets often carry up to a million formatted rows without a value, and their
    stated dimension cannot be trusted.

    :param stream: binary stream of the sheet's XML, read to its end
    :return: number of the last row that holds a value (0 without any, None when only
        parsing can tell: rows are not numbered, or the XML breaks off), and whether a
        formula has no result
    """
    head = stream.read(CHUNK)
    match = PREFIX.search(head)
    prefix = (match.group(1) or b"") if match else b""
    marks = [b"<" + prefix + tag for tag in (b"v>", b"v ", b"is>", b"is ")]
    row_tag = b"<" + prefix + b"row"
    end_tag = b"</" + prefix + b"worksheet"
    last, current, unresolved = 0, 0, False
    data = head
    while data:
        value = max(data.rfind(mark) for mark in marks)
        if value >= 0:
            before = _row_number(data, row_tag, value)
            last = current if before is None else before
            if last < 1:
                return None, False
        newest = _row_number(data, row_tag, len(data))
        current = current if newest is None else newest
        if not unresolved and any(hint in data for hint in FORMULA_HINTS):
            unresolved = FORMULA_WITHOUT_VALUE.search(data) is not None
        chunk = stream.read(CHUNK)
        if not chunk and not last and end_tag not in data:
            return None, False
        data = data[-OVERLAP:] + chunk if chunk else b""
    return last, unresolved


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
