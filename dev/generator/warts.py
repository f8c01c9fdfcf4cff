"""What is wrong with real exports, planted at known places of a generated one."""

from .formats import Dialect
from .layout import record_id
from .wart_list import (
    DOCUMENTS_MISSING,
    EDITS,
    EXTRA_ROWS,
    FILE_LEVEL,
    UNLISTED_DOCUMENT,
)

# Enough of each kind for every planted record to be there.
_LEAST = {"files": 12}
_LEAST_OTHERS = 30

DIALECTS = {
    "companies": Dialect(encoding="utf-8-sig"),
    "contacts": Dialect(encoding="cp1252"),
    "deals": Dialect(delimiter=";", local=True),
}


class Plan:
    """The warts of one export.

    :raises ValueError: the export is too small to hold them
    """

    def __init__(self, world):
        self._world = world
        for kind, size in vars(world.sizes).items():
            least = _LEAST.get(kind, _LEAST_OTHERS)
            if size < least:
                raise ValueError(f"--warts needs {least} {kind} or more, not {size}")

    def columns(self, table, columns):
        """The table's columns; deals get one that no layout knows."""
        if table == "deals":
            return (*columns, "contact_email")
        return columns

    def rows(self, table, rows):
        """``rows`` with the warts of ``table``, added rows at the end."""
        edits = {}
        for wart in EDITS:
            if wart.table == table:
                edits.setdefault(wart.index, []).append(wart.values)
        added = []
        for index, row in enumerate(rows):
            added.extend(
                {**row, **extra.values}
                for extra in EXTRA_ROWS
                if extra.table == table and extra.index == index
            )
            for values in edits.get(index, ()):
                row.update(values)
            if table == "deals":
                row.setdefault("contact_email", self._email(row["contact_id"]))
            yield row
        for row in added:
            if table == "companies":
                row["company_id"] = record_id(table, self._world.sizes.companies)
            yield row

    def _email(self, contact_id):
        if not contact_id:
            return ""
        return self._world.person(int(contact_id.split("-")[1]) - 1)[2]

    def is_missing(self, index):
        """True for a listed file whose document is left out."""
        return index in DOCUMENTS_MISSING

    def unlisted_documents(self):
        """``[(path, bytes)]`` of documents that ``files`` does not list."""
        return [UNLISTED_DOCUMENT]


def manifest():
    """Every planted wart as the rows of a Markdown table."""
    lines = ["| file | row | what | expected |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(wart)} |" for wart in FILE_LEVEL]
    lines += [
        f"| {wart.table}.csv | {wart.where} | {wart.what} | {wart.expected} |"
        for wart in (*EDITS, *EXTRA_ROWS)
    ]
    return "\n".join(lines)
