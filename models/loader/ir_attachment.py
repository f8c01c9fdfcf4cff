import hashlib
import uuid
from contextlib import contextmanager, nullcontext

from odoo import models
from odoo.tools import SQL, human_size

from ...lib.errors import Problem, Skipped, _
from ...lib.three_way import CONFLICT
from ..engine.change import Found

_CHECKSUMS = ("sha1", "sha256", "md5")


def _is_same(base, source):
    """Whether a file surely has the same content, by what its list says of it."""
    was, now = base.content, source.content
    given = [name for name in _CHECKSUMS if was.get(name) and now.get(name)]
    return bool(given) and all(
        was[name].strip().lower() == now[name].strip().lower() for name in given
    )


class MigrationLoaderAttachment(models.AbstractModel):
    """Files, read from the uploaded container when their turn comes."""

    _name = "migration.loader.ir.attachment"
    _inherit = "migration.loader"
    _description = "Migration Loader: Files"

    def _targets(self):
        return {
            "record": "reference",
            "message": "many2one",
            "path": "char",
            "size": "integer",
            "sha1": "char",
            "sha256": "char",
            "md5": "char",
            "folder": "char",
            "source_url": "char",
        }

    def _required_targets(self):
        return {"record", "path"}

    def _keeps_files(self):
        return True

    def _foresee(self, mapping, items):
        """Without the content: its checksum was compared when it was loaded.

        What was linked only, because it is over the limit, is said.
        """
        model = self._model(mapping)
        found = model.browse([item.target[1] for item in items if item.target])
        links = set(found.exists().filtered(lambda one: one.type == "url").ids)
        linked = [item for item in items if item.target and item.target[1] in links]
        if not linked:
            return
        limit = mapping.project_id.file_limit * 1024 * 1024
        with mapping.project_id._documents() as documents:
            for item in linked:
                path, size = item.vals["path"], item.vals.get("size") or 0
                size = max(size, documents.size(path) or 0)
                item.warnings.append(_only_linked(_too_large(path, size, limit)))

    def _has(self, record, target):
        """A link has no content: its path says so, for its size and checksums, too."""
        content = record.type != "url" or target not in ("size", *_CHECKSUMS)
        return content and super()._has(record, target)

    def _read_back(self, record, target, given):
        if target == "folder":
            same = _folder(given.get(target)) == (record.x_folder or "")
            return True, given.get(target) if same else record.x_folder
        if target == "source_url":
            return True, record.x_source_file_url
        if target == "message":
            messages = self.env["mail.message"].sudo()
            return True, messages.search([("attachment_ids", "in", record.ids)])
        if target == "path" and record.type == "url":
            return True, record.url
        if target == "path":
            with self._documents() as documents:
                wrong = self._content_problem(record, given, documents)
            if wrong is None:
                return False, self.env._(
                    "Only the API has the file: it is not read twice."
                )
            return True, wrong or given.get(target)
        if target == "size":
            # Lists of files may be wrong: the size of the file itself counts.
            with self._documents() as documents:
                real = documents.size(given.get("path") or "")
            same = real == record.file_size
            return True, given.get(target) if same else record.file_size
        if target in _CHECKSUMS:
            return True, _checksum(record.raw, target)
        return super()._read_back(record, target, given)

    @contextmanager
    def _reading_back(self, mapping):
        """With the documents open: opening a large archive for each file takes long."""
        with mapping.project_id._documents() as documents:
            yield self.with_context(migration_documents=documents)

    def _documents(self):
        """A context manager that gives the documents, which may be open already."""
        opened = self.env.context.get("migration_documents")
        return nullcontext(opened) if opened else self._project()._documents()

    def _project(self):
        mapping = self.env["migration.mapping"].browse(
            self.env.context["migration_mapping_id"]
        )
        return mapping.project_id

    def _content_problem(self, record, given, documents):
        """What is wrong with the bytes of a loaded file.

        The checksum in the source counts, or else its file in the export. A file that
        only the API has is not asked for again: its size has to do.

        :param record: ``ir.attachment`` that holds its content itself
        :param dict given: what the source says of it, see :meth:`_targets`
        :param documents: of the project, opened
        :return: a text, "" where nothing is wrong, None where that cannot be told
        """
        content, path = record.raw or b"", given.get("path") or ""
        names = [name for name in _CHECKSUMS if given.get(name)]
        wanted = {name: given[name].strip().lower() for name in names}
        size = None if wanted else given.get("size")
        if not wanted and not documents.is_remote(path) and documents.size(path):
            original = documents.content(path)
            wanted, size = {"sha256": _checksum(original, "sha256")}, len(original)
        if size and size != len(content):
            return self.env._(
                "%(found)s bytes in Odoo, %(expected)s in the source",
                found=len(content),
                expected=size,
            )
        if any(_checksum(content, name) != one for name, one in wanted.items()):
            return self.env._("another content than in the source")
        return "" if wanted or size else None

    _means = {"record": ("res_model", "res_id"), "folder": ("description",)}

    def _foresee_change(self, mapping, items):
        """The values of the attachment; what identifies its content is kept apart."""
        for item in items:
            vals = item.vals
            item.content = dict(vals)
            vals["res_model"], vals["res_id"] = vals.pop("record")
            vals["x_source_file_url"] = vals.pop("source_url", None)
            path = vals.pop("path")
            vals.setdefault("name", path.rsplit("/", 1)[-1])
            self._set_folder(vals, vals.pop("folder", None))
            for name in ("message", "size", *_CHECKSUMS):
                vals.pop(name, None)

    def _align_changes(self, mapping, changes):
        """Read what the files are now; those that cannot be read stay as they are."""
        limit = mapping.project_id.file_limit * 1024 * 1024
        with mapping.project_id._documents() as documents:
            for change in changes:
                if not change.base or _is_same(change.base, change.source):
                    continue
                try:
                    change.further["content"] = self._fresh(change, documents, limit)
                except Problem as problem:
                    change.source.warnings.append(problem)

    def _fresh(self, change, documents, limit):
        """The content that a file has now.

        :raises Problem: it is not there, too large, or not what the source says
        """
        given = change.source.content
        path = given["path"]
        size = documents.size(path) or 0
        if limit and size > limit:
            raise Problem(
                "file_too_large",
                _("The file has %(size)s, the limit is %(limit)s: it was not loaded."),
                _("Raise the limit in the project, or keep the file elsewhere."),
                field="path",
                value=path,
                size=human_size(size),
                limit=human_size(limit),
            )
        content = documents.content(path, limit or None)
        for name in _CHECKSUMS:
            self._check(content, path, name, given.get(name))
        return content

    def _merge_further(self, mapping, change, record):
        """New content takes the place of the old one, unless users have changed it."""
        content = change.further.pop("content", None)
        if content is None or record.type != "binary":
            return
        now, before = _checksum(content, "sha1"), self._loaded_checksum(record)
        if now == before:
            return
        change.merged.add("raw")
        if now == record.checksum:
            return
        if record.checksum == before:
            change.further["content"] = content
            return
        shown = [
            before or "",
            f"{human_size(record.file_size)}, {record.checksum}",
            f"{human_size(len(content))}, {now}",
        ]
        taken = {"content": change.source.content["path"]}
        change.found.append(Found(CONFLICT, "raw", *shown, taken))

    def _loaded_checksum(self, record):
        """The checksum of the content that the migration has given to ``record``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT COALESCE(changes->>'sha1', changes->'after'->>'checksum')
                     FROM migration_log
                    WHERE res_model = %s AND res_id = %s
                      AND operation IN ('create', 'update', 'restore')
                      AND (changes ? 'sha1' OR changes->'after' ? 'checksum')
                    ORDER BY id DESC LIMIT 1""",
                record._name,
                record.id,
            )
        )
        return rows[0][0] if rows else None

    def _before_change(self, mapping, change, record):
        content = change.further.pop("content", None)
        if content is None:
            return
        if isinstance(content, str):
            limit = mapping.project_id.file_limit * 1024 * 1024
            with mapping.project_id._documents() as documents:
                content = documents.content(content, limit or None)
        self._keep_version(mapping, change, record)
        change.values.setdefault("mimetype", record.mimetype)
        change.values["raw"] = content

    def _keep_version(self, mapping, change, record):
        """Keep the content that is replaced, so that it can be put back."""
        version = self._model(mapping).create(
            {
                "name": record.name,
                "raw": record.raw,
                "mimetype": record.mimetype,
                "res_model": mapping.project_id._name,
                "res_id": mapping.project_id.id,
                "x_source_id": f"{change.external_id}#{uuid.uuid4().hex[:12]}",
            }
        )
        change.created.append((version._name, version.id))

    def _journal_names(self, values):
        return ["checksum" if name == "raw" else name for name in values]

    def _let_go(self, change):
        if "raw" in change.values:
            change.values["raw"] = None

    def _chunk_size(self, size):
        # A chunk's files are in memory together: 10 times the limit of 25 MB.
        return min(size, 10)

    def _prepare(self, mapping, items):
        limit = mapping.project_id.file_limit * 1024 * 1024
        with mapping.project_id._documents() as documents:
            for item in items:
                try:
                    self._read(item, documents, limit)
                except Problem as problem:
                    item.error = problem

    def _read(self, item, documents, limit):
        vals = item.vals
        vals["res_model"], vals["res_id"] = vals.pop("record")
        path, size = vals.pop("path"), vals.pop("size", 0)
        checksums = {name: vals.pop(name, None) for name in _CHECKSUMS}
        address = vals.pop("source_url", None)
        self._set_folder(vals, vals.pop("folder", None))
        item.content = vals.pop("message", None)
        vals.setdefault("name", path.rsplit("/", 1)[-1])
        size = max(size, documents.size(path) or 0)
        vals["x_source_file_url"] = address
        if limit and size > limit:
            self._leave_out(item, address, path, size, limit)
            return
        try:
            vals["raw"] = documents.content(path, limit or None)
        except Problem as problem:
            if problem.code != "file_too_large":
                raise
            # Nobody had announced it.
            self._leave_out(item, address, path, problem.params["bytes"], limit)
            return
        for name, checksum in checksums.items():
            self._check(vals["raw"], path, name, checksum)
        item.kept["ir.attachment"] = {"sha1": _checksum(vals["raw"], "sha1")}

    @staticmethod
    def _set_folder(vals, folder):
        """Keep where the file was, in a field and where the form shows it."""
        folder = _folder(folder)
        if folder:
            vals["x_folder"] = folder
            described = filter(None, (vals.get("description"), folder))
            vals["description"] = "\n".join(described)

    @staticmethod
    def _leave_out(item, address, path, size, limit):
        """A file over the limit: a link to it where the source has one.

        :raises Skipped: there is no address to link to
        """
        details = _too_large(path, size, limit)
        if not (address or "").lower().startswith(("https://", "http://")):
            raise Skipped(
                "file_too_large",
                _("The file has %(size)s, the limit is %(limit)s: it was not loaded."),
                _("Raise the limit in the project, or keep the file elsewhere."),
                **details,
            )
        item.vals.update(type="url", url=address)
        item.warnings.append(_only_linked(details))

    @staticmethod
    def _check(content, path, name, checksum):
        """Compare with the checksum the source gives.

        :raises Problem: they differ
        """
        if not checksum:
            return
        if checksum.strip().lower() != _checksum(content, name):
            raise Problem(
                "file_checksum",
                _("%(value)s is not the file that was exported: checksums differ."),
                _("Export the file again."),
                field="path",
                value=path,
            )

    def _after_create(self, mapping, items, records):
        """Link files to the note they came with, which does not change the note."""
        pairs = [
            (item.content, attachment.id)
            for item, attachment in zip(items, records, strict=True)
            if item.content
        ]
        if not pairs:
            return
        field = self.env["mail.message"]._fields["attachment_ids"]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT * FROM unnest(%s::int[], %s::int[])"
                " ON CONFLICT DO NOTHING",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                *(list(column) for column in zip(*pairs, strict=True)),
            )
        )
        self.env["mail.message"].invalidate_model(["attachment_ids"])


def _folder(text):
    """A folder as it is kept, from the outermost to the innermost."""
    return (text or "").replace("\\", "/").strip("/ ")


def _checksum(content, name):
    return hashlib.new(name, content or b"", usedforsecurity=False).hexdigest()


def _too_large(path, size, limit):
    """What the problem of a file over the limit is told with."""
    return {
        "field": "path",
        "value": path,
        "size": human_size(size),
        "limit": human_size(limit),
    }


def _only_linked(details):
    """The problem of a file that is in Odoo as a link only."""
    return Problem(
        "file_linked",
        _("The file has %(size)s, the limit is %(limit)s: it is linked only."),
        _("Keep it in the source, or raise the limit in the project."),
        **details,
    )
