import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from pathlib import PurePath
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError


class HandoverPart(NamedTuple):
    """A file of the hand-over.

    :param name: file name, without the migration's key and the date
    :param content: function that gives its bytes, or False where there is nothing; a
        large one gives a temporary file instead
    :param about: what is in it, in an admin's words
    """

    name: str
    content: Callable
    about: str = ""

    @contextmanager
    def open(self):
        """The content as an open file, or None where there is nothing."""
        content = self.content()
        if isinstance(content, bytes):
            content = io.BytesIO(content) if content else None
        with content or nullcontext() as stream:
            yield stream


class MigrationHandover(models.AbstractModel):
    """What the company gets after a migration, as files.

    Others add files by :meth:`_handover_parts`. This model comes last among those that
    the project inherits, so that their ``super()`` leads here.
    """

    _name = "migration.handover"
    _description = "Migration Hand-over"

    def _handover_parts(self):
        """``[(file name, callable → bytes, file or False, about)]``; no about is fine.

        Nothing is computed before a callable is called.
        """
        self.ensure_one()
        _ = self.env._
        parts = [
            HandoverPart(
                "summary.html",
                lambda: self._handover_page("crm_migration.handover_document"),
                _(
                    "What was migrated, when, by whom and on whose approval; owners, "
                    "structure, decisions, and what is left to do. To read and print."
                ),
            ),
            HandoverPart(
                "unmapped.xlsx",
                lambda: self.env["migration.leftover"]._workbook(self),
                _(
                    "Everything that did not come along: columns nobody mapped, with "
                    "every value, its source id and the record in Odoo; objects and "
                    "tables left out; records that are not in Odoo, with the reason."
                ),
            ),
        ]
        if self.automation_ids:
            parts += [
                HandoverPart(
                    "automations.html",
                    lambda: self._handover_page("crm_migration.handover_automations"),
                    _(
                        "The automations of the source, and what Odoo offers for each. "
                        "None was created: somebody rebuilds those that are needed."
                    ),
                ),
                HandoverPart(
                    "automations.json",
                    lambda: self.automation_ids._blueprints(),
                    _("The same as a blueprint for whoever rebuilds them."),
                ),
            ]
        parts.append(
            HandoverPart(
                "mapping.xlsx",
                lambda: self.env["migration.specification"]._workbook(self),
                _("Which column became which field in Odoo, and how."),
            )
        )
        if self.owner_ids:
            parts.append(
                HandoverPart(
                    "owners.xlsx",
                    lambda: self.env["migration.owner.report"]._workbook(self),
                    _("Every owner of the source, the user it became, and why."),
                )
            )
        return parts + self._handover_failed()

    def _handover_failed(self):
        """Failed records, one file an object, to correct and upload again."""
        failed = self.env["migration.failed.file"]
        mappings = self.with_context(active_test=False).mapping_ids
        return [
            HandoverPart(
                failed._file_name(mapping),
                lambda mapping=mapping: failed._csv(mapping),
                self.env._(
                    "%(object)s: %(count)s records that failed, to correct and upload "
                    "again.",
                    object=mapping.label,
                    count=mapping.failed_count,
                ),
            )
            for mapping in mappings
            if mapping.failed_count
        ]

    def _check_handover(self):
        """What was never read leaves nothing to hand over."""
        self.ensure_one()
        self.check_access("read")
        if self.state == "draft":
            raise UserError(
                self.env._("Read the files first: there is nothing to hand over yet.")
            )

    def _handover(self):
        """The parts as :class:`HandoverPart`, with their final names."""
        self._check_handover()
        parts = [HandoverPart(*part) for part in self._handover_parts()]
        return [part._replace(name=self._handover_name(part.name)) for part in parts]

    def _handover_name(self, name):
        """``name`` with the key of the migration and today's date, each once."""
        path = PurePath(name)
        stem = path.stem.removesuffix(self.key).rstrip("_-")
        today = fields.Date.context_today(self)
        return f"{stem}_{self.key}_{today}{path.suffix}"

    def _handover_files(self):
        """Yield ``(file name, open file)`` of every part that has something in it.

        Each is closed when the next one is asked for: one is there at a time.
        """
        for part in self._handover():
            with part.open() as stream:
                if stream:
                    yield part.name, stream

    def _handover_zip(self):
        """``(file name, temporary file)`` of all parts as one ZIP, to be closed."""
        whole = tempfile.TemporaryFile()
        try:
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, stream in self._handover_files():
                    with archive.open(name, "w", force_zip64=True) as member:
                        shutil.copyfileobj(stream, member)
            whole.seek(0)
        except BaseException:
            whole.close()
            raise
        return self._handover_name("handover.zip"), whole

    def _handover_page(self, template):
        """A page that needs no server, as the bytes of an HTML file."""
        values = self.env["report.crm_migration.handover_report"]._values(self)
        html = self.env["ir.qweb"]._render(template, values)
        return f"<!DOCTYPE html>\n{html}".encode()

    def action_handover(self):
        """Show what the hand-over consists of, to look at and to download."""
        self.ensure_one()
        wizard = self.env["migration.handover.wizard"]._open(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand-over"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_handover_report(self):
        """Show the summary as a page."""
        self.check_access("read")
        self.ensure_one()
        report = self.env.ref("crm_migration.handover_report_action")
        return report.report_action(self, config=False)
