"""Tables of HTML pages, which many systems name .xls; read without building a tree."""

import codecs
import re
from collections import deque

from lxml import etree

from ..errors import Problem, _
from .encoding import BROKEN_MARK, HEAD, detect_encoding, encoding_of_head, open_text
from .footer import TAIL_ROWS
from .grid import discover_grid, iter_grid
from .layout import HEAD_ROWS
from .model import ERROR, NOTE, Table
from .shape import filled_at
from .spans import SpanRows

CHUNK = 1 << 18
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)", re.I)
BLANKS = re.compile(r"[ \t\r\n\f]+")
LINE_BREAK = re.compile(r" *\n *")
#: The parser ends at a NUL, and refuses what stands for a broken byte.
STORABLE = {0: "\u2400", ord(BROKEN_MARK): "\ufffd"}
UNSEEN = {"script", "style", "head"}


def discover_html(container, member):
    """The largest table of a page.

    :return: list of :class:`Table`, empty when no table has two columns and a row
        below its header; list of :class:`Problem`
    """
    encoding = _encoding(container, member)
    page = _Page()
    deque(_feed(container, member, encoding, page), 0)
    best = page.largest
    if not best:
        return [], []
    table = Table(
        member=member,
        format="html",
        columns=(),
        encoding=encoding,
        position=best.position,
    )
    lines = [*best.head, *best.tail]
    table, problems = discover_grid(table, iter(lines), best.rows.merges)
    if page.others:
        problems.append(_tables_left(member, page.others))
    return [table], problems


def iter_html(container, table):
    """The rows of a page's table, as :class:`Row`.

    :raises Problem: the page has no such table any more, or another header
    """
    page = _Page(table.position)
    merges = page.wanted_rows.merges
    lines = _feed(container, table.member, table.encoding, page)
    yield from iter_grid(table, lines, merges)


def _encoding(container, member):
    with container.open(member) as stream:
        head = stream.read(HEAD)
    encoding = encoding_of_head(head)
    if encoding:
        return encoding
    declared = CHARSET.search(head)
    known = declared and _codec(declared.group(1).decode())
    if known:
        return known
    with container.open(member) as stream:
        return detect_encoding(stream)


def _codec(name):
    """The encoding a page declares, None when there is no such one."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _feed(container, member, encoding, page):
    """Lines of the wanted table of ``page``, while the member is parsed."""
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True)
    try:
        with open_text(container.open(member), encoding) as text:
            while chunk := text.read(CHUNK):
                parser.feed(chunk.translate(STORABLE).encode("utf-8", "replace"))
                while page.lines:
                    yield page.lines.popleft()
        parser.close()
    except etree.LxmlError as error:
        raise Problem(
            "html_broken",
            _("%(file)s is damaged and cannot be read as a page: %(reason)s."),
            _("Open it in a spreadsheet program, save it as XLSX, and upload that."),
            file=member,
            reason=str(error) or type(error).__name__,
            severity=ERROR,
        ) from error
    yield from page.lines


class _PageTable:
    """A table being parsed, with its first and last rows."""

    def __init__(self, position, rows):
        self.position = position
        self.rows = rows
        self.head = []
        self.tail = deque(maxlen=TAIL_ROWS)
        self.wide = 0
        self.in_row = False
        self.text = None
        self.span = (1, 1)

    @property
    def size(self):
        """Rows of more than one cell, the header not counted."""
        return max(self.wide - 1, 0)

    def keep(self, line):
        """Hold a line when it is one of the first or the last."""
        self.wide += len(filled_at(line.cells)) > 1
        (self.head if len(self.head) < HEAD_ROWS else self.tail).append(line)


class _Page:
    """Takes the events of the parser; tables inside tables stand by themselves.

    :param int wanted: position of the table whose lines are handed over in ``lines``;
        without it the ``largest`` is found, and the ``others`` that hold rows counted
    """

    def __init__(self, wanted=None):
        self.lines = deque()
        self.largest = None
        self.others = 0
        self.wanted_rows = SpanRows()
        self._wanted = wanted
        self._tables = []
        self._count = 0
        self._unseen = 0

    def start(self, tag, attributes):
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "table":
            wanted = self._count == self._wanted
            rows = self.wanted_rows if wanted else SpanRows()
            self._tables.append(_PageTable(self._count, rows))
            self._count += 1
        elif not self._tables:
            return
        elif tag == "tr":
            self._end_row()
            self._tables[-1].rows.start()
            self._tables[-1].in_row = True
        elif tag in ("td", "th"):
            self._end_cell()
            table = self._tables[-1]
            table.text = []
            table.span = (
                _number(attributes, "colspan"),
                _number(attributes, "rowspan"),
            )
        elif tag in ("br", "p", "div", "li") and self._tables[-1].text:
            self._tables[-1].text.append("\n")

    def data(self, text):
        if self._tables and not self._unseen and self._tables[-1].text is not None:
            self._tables[-1].text.append(BLANKS.sub(" ", text))

    def end(self, tag):
        if tag in UNSEEN:
            self._unseen -= 1
        elif not self._tables:
            return
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_row()
            table = self._tables.pop()
            if self._wanted is None and table.size:
                self.others += self.largest is not None
                if not self.largest or table.size > self.largest.size:
                    self.largest = table

    def close(self):
        while self._tables:
            self.end("table")

    def _end_cell(self):
        table = self._tables[-1]
        if table.text is not None and table.in_row:
            text = LINE_BREAK.sub("\n", "".join(table.text)).strip()
            table.rows.add(text or None, None, *table.span)
        table.text = None

    def _end_row(self):
        self._end_cell()
        table = self._tables[-1]
        line = table.rows.end() if table.in_row else None
        table.in_row = False
        if line is None:
            return
        if self._wanted is None:
            table.keep(line)
        elif table.position == self._wanted:
            self.lines.append(line)


def _number(attributes, name):
    value = attributes.get(name, "").strip()
    return int(value) if value.isdecimal() and len(value) < 8 else 1


def _tables_left(file, count):
    return Problem(
        "html_tables_left",
        _("%(file)s holds %(count)s more tables, which are smaller."),
        _("Only the largest is read; save each of the others as a file of its own."),
        file=file,
        count=count,
        severity=NOTE,
    )
