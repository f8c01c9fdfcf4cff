from collections import defaultdict
from contextlib import ExitStack
from datetime import datetime

from odoo import fields, models

from ...lib.errors import Problem, _
from ...lib.readers import NOTE, Table, discover, iter_rows, open_container
from .base import Documents

# What was not read yet is the newest.
_NOW = datetime.max


class MigrationConnectorFile(models.AbstractModel):
    """Uploaded files: CSV, XLSX, JSON, and ZIP archives or folders of them."""

    _name = "migration.connector.file"
    _inherit = "migration.connector"
    _description = "Migration Connector: Files"

    def _discover(self, run):
        problems = []
        uploads = run.project_id.file_ids.filtered(
            lambda one: not (one.connection_id or one.replaced_by_ids.table_ids)
        )
        for file in uploads.filtered(lambda one: not one.read_date):
            try:
                with open_container(file._local_path(), file.name) as container:
                    found = self._find_tables(file, discover(container))
                    problems += [(file, problem) for _member, problem in found]
            except Problem as problem:
                problems.append((file, problem))
            file.sudo().read_date = fields.Datetime.now()
        return problems

    def _find_tables(self, file, discovery):
        """Keep the tables of ``file``; those it had before keep what was decided."""
        file.sudo().document_count = len(discovery.documents)
        known = {table.name: table for table in file.table_ids}
        for table in discovery.tables:
            vals = {
                "format": table.format,
                "encoding": table.encoding,
                "delimiter": table.delimiter,
                "columns": "\n".join(table.columns),
                "details": table.as_dict(),
                "sample": False,
                "read_date": False,
                "former": False,
            }
            before = known.pop(table.name, None)
            if before:
                before.write(vals)
            else:
                file.table_ids.create({"file_id": file.id, "name": table.name, **vals})
        # What they had may be in a table of another name now.
        gone = [one.id for one in known.values() if not _is_unread(one, discovery)]
        file.table_ids.browse(gone).former = True
        return discovery.problems

    def _iter_rows(self, table, after=None):
        file = table.file_id
        try:
            with open_container(file._local_path(), file.name) as container:
                yield from iter_rows(container, Table.from_dict(table.details))
        except Problem as problem:
            problem.params.setdefault("file", file.name)
            raise

    def _documents(self, project):
        uploads = project.file_ids.filtered(lambda one: not one.connection_id)
        return FileDocuments(uploads)


class FileDocuments(Documents):
    """Documents inside uploaded containers; a path may leave out outer folders."""

    def __init__(self, files):
        # What was read last counts, where several uploads have a path.
        self._files = files.sorted(lambda one: (one.read_date or _NOW, one.id))[::-1]
        self._stack = ExitStack()
        self._by_path = None

    def __exit__(self, *error):
        return self._stack.__exit__(*error)

    def _indexes(self):
        """Of each upload: ``{path: (container, member)}``, and paths by file name."""
        if self._by_path is None:
            self._by_path = []
            for file in self._files:
                try:
                    opened = open_container(file._local_path(), file.name)
                except Problem:
                    # Reading the files has told the admin; it holds no documents.
                    continue
                container = self._stack.enter_context(opened)
                found, by_name = {}, defaultdict(list)
                for member in container.members():
                    found[member.name] = (container, member)
                    by_name[member.name.rpartition("/")[2]].append(member.name)
                self._by_path.append((found, by_name))
        return self._by_path

    def _find(self, path):
        path = path.replace("\\", "/").lstrip("./")
        indexes = self._indexes()
        for found, _by_name in indexes:
            if path in found:
                return found[path]
        for found, by_name in indexes:
            same = by_name.get(path.rpartition("/")[2], ())
            inside = [name for name in same if name.endswith(f"/{path}")]
            if len(inside) == 1:
                return found[inside[0]]
        return None

    def names(self):
        names = (name for found, _by_name in self._indexes() for name in found)
        return list(dict.fromkeys(names))

    def has(self, path):
        return self._find(path) is not None

    def size(self, path):
        found = self._find(path)
        return found[1].size if found else None

    def mark(self, path):
        found = self._find(path)
        return found and found[0].mark(found[1].name)

    def content(self, path, limit=None):
        found = self._find(path)
        if not found:
            raise Problem(
                "document_missing",
                _("The export lists the file %(value)s, but does not contain it."),
                _("Add it to the folder of documents and upload the export again."),
                field="path",
                value=path,
            )
        container, member = found
        with container.open(member.name) as stream:
            return stream.read()


def _is_unread(table, discovery):
    """Whether ``table`` was read before, and is in what cannot be read now.

    It stays what it was: what a damaged file had is not gone from the source, nor made
    from other columns instead.
    """
    unread = {
        member
        for member, problem in discovery.problems
        if problem.params.get("severity") != NOTE
    }
    member = (table.details or {}).get("member")
    return bool(table.read_date) and bool({table.file_id.name, member} & unread)
