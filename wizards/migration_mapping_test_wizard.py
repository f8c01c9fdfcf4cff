from odoo import fields, models
from odoo.exceptions import UserError

from ..lib.errors import shorten
from ..models.engine.comparison import source_text
from ..models.engine.resolver import Resolver


class MigrationMappingTestWizard(models.TransientModel):
    """Shows what one record of the source would become; nothing is written."""

    _name = "migration.mapping.test.wizard"
    _description = "Migration Mapping Test"

    mapping_id = fields.Many2one("migration.mapping", required=True, readonly=True)
    source_id = fields.Char(
        string="Record",
        help="Identifier of the record in the source. Empty: the first one.",
    )
    line_ids = fields.One2many(
        "migration.mapping.test.wizard.line", "wizard_id", readonly=True
    )
    message = fields.Text(readonly=True)

    def action_test(self):
        """Convert the record and show each value before and after."""
        self.ensure_one()
        record = self._record()
        # As in a load: what is looked up may be out of the user's reach.
        mapping = self.mapping_id.sudo().with_context(migration_with_planned=True)
        compiled = mapping._compile()
        resolver = Resolver(mapping.project_id)
        resolver.prefetch(compiled.requests(record.payload))
        outcome = compiled.transform(record.payload, resolver.find)
        problems = {
            problem.field: problem
            for problem in (
                *outcome.warnings,
                *outcome.waiting,
                *outcome.held,
                *outcome.problems,
            )
        }
        self.line_ids.unlink()
        lines = self.mapping_id.field_ids.filtered(
            lambda line: line.kind not in ("identifier", "ignored") and line.target
        )
        self.write(
            {
                "source_id": record.source_id,
                "message": "\n".join(
                    self.env["migration.engine"]._say(problem)
                    for problem in (*outcome.held, *outcome.problems)
                ),
                "line_ids": [
                    (0, 0, self._values(line, record.payload, outcome.vals, problems))
                    for line in lines
                ],
            }
        )
        return self._show()

    def _open(self, mapping):
        """The action that tests ``mapping`` on its first record."""
        return self.create({"mapping_id": mapping.id}).action_test()

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test on One Record"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _record(self):
        self.mapping_id.check_access("read")
        domain = [("mapping_id", "=", self.mapping_id.id), ("unusable", "=", False)]
        if self.source_id:
            domain.append(("source_id", "=", self.source_id.strip()))
        record = self.env["migration.record"].search(domain, order="id", limit=1)
        if not record:
            raise UserError(
                self.env._(
                    "%(object)s “%(id)s” is not staged. Look its identifier up under "
                    "“Staged Records”.",
                    object=self.mapping_id.label,
                    id=self.source_id or "",
                )
            )
        return record

    def _values(self, line, payload, vals, problems):
        problem = problems.get(line.source_path) if line.source_path else None
        return {
            "column": line.source_path or line.constant,
            "before": shorten(source_text(line, payload), 200),
            "kind": line.kind,
            "target": line.target,
            "after": None if problem else self._after(line, vals.get(line.target)),
            "problem": problem and self.env["migration.engine"]._say(problem),
        }

    def _after(self, line, value):
        """A converted value as people read it."""
        if value is None:
            return None
        field = self.env[line.mapping_id.res_model]._fields.get(line.target)
        if field is not None and field.comodel_name and field.type != "one2many":
            ids = value if isinstance(value, list) else [value]
            if all(isinstance(one, int) for one in ids):
                records = self.env[field.comodel_name].sudo().browse(ids).exists()
                return ", ".join(records.mapped("display_name"))
        return shorten(value, 200)


class MigrationMappingTestWizardLine(models.TransientModel):
    """One line of the mapping, with the values of the record."""

    _name = "migration.mapping.test.wizard.line"
    _description = "Migration Mapping Test Line"
    _order = "id"

    wizard_id = fields.Many2one(
        "migration.mapping.test.wizard", required=True, ondelete="cascade"
    )
    column = fields.Char(string="Source Column", readonly=True)
    before = fields.Char(string="In the Source", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["migration.mapping.field"]._selection_kind(),
        readonly=True,
    )
    after = fields.Char(string="In Odoo", readonly=True)
    target = fields.Char(string="Odoo Field", readonly=True)
    problem = fields.Char(readonly=True)
