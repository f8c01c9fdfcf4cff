"""The forms in which one export can come: CSV files, a workbook, JSON in a ZIP."""

import io
import json
import zipfile

from openpyxl import Workbook

from .common import csv_text


def as_csv(tables):
    """``{file name: content}``, one CSV file a table."""
    return {f"{name}.csv": csv_text(*rows) for name, rows in tables.items()}


def as_json(tables):
    """``{file name: content}``, one JSON file a table."""
    return {
        f"{name}.json": json.dumps(
            [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        )
        for name, rows in tables.items()
    }


def as_xlsx(tables):
    """``{file name: content}``: one workbook with a sheet a table."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return {"export.xlsx": stream.getvalue()}


def as_zip(path, files):
    """Write ``files``, ``{name: content}``, to one archive; gives its path."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


class ExportRows:
    """An export that is loaded once, in the form that :meth:`export` gives it.

    ``source`` is the code of its system, ``tables`` its rows by name, ``documents``
    the files beside them.
    """

    source = None
    tables = {}
    documents = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_odoo()
        cls.before = cls.snapshot()
        cls.project = cls.migrate(path=cls.export(), source=cls.source)

    @classmethod
    def set_up_odoo(cls):
        """What the database has to have before the migration."""

    def get(self, name, source_id):
        return self.target(self.project, name, source_id)


class CsvExport:
    """The export as a folder of CSV files."""

    @classmethod
    def export(cls):
        return cls.write_files({**as_csv(cls.tables), **cls.documents})


class XlsxExport:
    """The export as a workbook, with the documents beside it."""

    @classmethod
    def export(cls):
        return cls.write_files({**as_xlsx(cls.tables), **cls.documents})


class JsonExport:
    """The export as JSON files in a ZIP."""

    @classmethod
    def export(cls):
        files = {**as_json(cls.tables), **cls.documents}
        return as_zip(cls.folder / "export.zip", files)
