import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.translate import get_translation

from odoo.addons.base.models.res_partner import _tz_get

from ..lib.nothing import parse_words
from ..lib.topology import sort_by_reference
from ..lib.values.names import match_key
from .engine.engine import CHUNK

# Confidence from which a proposal is confirmed by “Confirm Sure Ones”.
SURE = 0.9


class MigrationProject(models.Model):
    """One migration: where the data comes from, and how far it is."""

    _name = "migration.project"
    _inherit = [
        "migration.sign.off",
        "migration.reconciliation",
        "migration.project.counts",
        "migration.billing",
        "migration.project.connection",
        "migration.project.screens",
        "migration.project.uploads",
        "migration.project.delta",
        "migration.project.repair",
        "migration.project.purge",
        "migration.handover",
        "migration.project.schedule",
    ]
    _description = "Migration Project"
    _order = "id desc"

    name = fields.Char(required=True)
    key = fields.Char(
        compute="_compute_key",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        copy=False,
        help="Part of every source id, so that two migrations never collide; the "
        "command line names the project by it.",
    )
    active = fields.Boolean(default=True)
    source_id = fields.Many2one(
        "migration.source", string="Source System", required=True, ondelete="restrict"
    )
    source_traps = fields.Html(related="source_id.traps")
    layout_assumed = fields.Boolean(related="source_id.layout_assumed")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        selection=[
            ("draft", "Files"),
            ("staged", "Mapping"),
            ("prepared", "Ready"),
            ("loaded", "Loaded"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    fallback_user_id = fields.Many2one(
        "res.users",
        help="Gets the records of owners without an Odoo user, and those without an "
        "owner. Empty: such records are held back.",
    )
    timezone = fields.Selection(
        _tz_get,
        default="UTC",
        required=True,
        help="Time zone in which the source writes times without one.",
    )
    file_limit = fields.Integer(
        string="File Limit (MB)",
        default=25,
        help="Larger files are not loaded, but listed. 0 for no limit.",
    )
    overdue_policy = fields.Selection(
        selection=[
            ("hold", "Hold them back"),
            ("done", "Load them as done"),
            ("open", "Load them as open; Odoo deletes them at night"),
        ],
        string="Old Open Activities",
        default="hold",
        required=True,
        help="Odoo deletes open activities that are overdue for more than three "
        "years (a system parameter). What to do with those of the source.",
    )
    currency_policy = fields.Selection(
        selection=[
            ("as_is", "Take the number as it is, with a warning"),
            ("convert", "Convert by Odoo's rates"),
        ],
        string="Other Currencies",
        default="as_is",
        required=True,
        help="Revenues in Odoo are in the company's currency.",
    )
    empty_words = fields.Char(
        string="Words for Nothing",
        help="Values that mean an empty cell, separated by “;”, such as n/a or null. "
        "Those found in the export are proposed; any other is taken as it stands.",
    )
    empty_words_open = fields.Boolean(
        readonly=True, help="Such words were found, and nobody has decided on them yet."
    )
    chunk_size = fields.Integer(
        default=CHUNK, help="Records loaded and committed together."
    )
    turn = fields.Integer(
        readonly=True, copy=False, help="Counts runs: two never start at once."
    )
    file_ids = fields.One2many("migration.file", "project_id")
    connection_ids = fields.One2many("migration.connection", "project_id")
    table_ids = fields.One2many("migration.file.table", "project_id")
    mapping_ids = fields.One2many("migration.mapping", "project_id")
    owner_ids = fields.One2many("migration.owner", "project_id")
    finding_ids = fields.One2many("migration.finding", "project_id")
    automation_ids = fields.One2many("migration.automation", "project_id")
    run_ids = fields.One2many("migration.run", "project_id")
    _key_uniq = models.Constraint(
        "UNIQUE(key)", "Another migration uses this key already."
    )
    _file_limit_positive = models.Constraint(
        "CHECK(file_limit >= 0)", "The file limit cannot be negative."
    )
    _chunk_positive = models.Constraint(
        "CHECK(chunk_size > 0)", "At least one record has to be loaded at once."
    )

    @api.depends("name")
    def _compute_key(self):
        for project in self:
            if project.key or not project.name:
                continue
            slug = re.sub(r"[^a-z0-9]+", "-", match_key(project.name)).strip("-")
            project.key = self._free_key(slug or "migration")

    def _free_key(self, slug):
        taken = self.sudo().with_context(active_test=False)
        taken = set(taken.search([("key", "=like", f"{slug}%")]).mapped("key"))
        number = 2
        free = slug
        while free in taken:
            free, number = f"{slug}-{number}", number + 1
        return free

    @api.constrains("key")
    def _check_key(self):
        for project in self:
            if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", project.key):
                raise ValidationError(
                    self.env._("A key has small letters, digits and hyphens only.")
                )

    def write(self, vals):
        """The key cannot change once it is part of what was loaded."""
        for project in self:
            runs = project.run_ids.filtered(lambda run: run.kind != "audit")
            if runs and vals.get("key", project.key) != project.key:
                raise ValidationError(
                    self.env._("The key is part of records already loaded.")
                )
        if "empty_words" in vals and "empty_words_open" not in vals:
            vals = {**vals, "empty_words_open": False}
            decided = self.filtered(
                lambda one: (
                    one.empty_words_open or one.empty_words != vals["empty_words"]
                )
            )
        else:
            decided = self.browse()
        done = super().write(vals)
        self.env["migration.empty.words"]._decided(decided)
        if vals.get("fallback_user_id"):
            for project in self:
                self.env["migration.owners"]._release(project)
        return done

    def _empty_words(self):
        """The words that mean an empty cell, as a frozenset in small letters."""
        return parse_words(self.empty_words)

    # The steps, as buttons and on the command line

    def action_read(self):
        """Read the files, stage their records, and propose the mapping."""
        self.ensure_one()
        if not self.file_ids:
            raise UserError(
                self.env._("Upload the export, or connect to the source, first.")
            )
        return self._queue("audit")

    def action_confirm(self):
        """Confirm every proposed line of the mapping."""
        self.check_access("read")
        self.ensure_one()
        self.mapping_ids.action_confirm()
        self.action_decide_empty_words()
        return True

    def action_decide_empty_words(self):
        """Agree to the words that mean an empty cell, as they stand."""
        self.check_access("read")
        for project in self.filtered("empty_words_open"):
            project.empty_words = project.empty_words
        return True

    def action_confirm_sure(self):
        """Confirm the lines whose proposal is all but certain."""
        self.check_access("read")
        self.ensure_one()
        self.mapping_ids.field_ids.filtered(
            lambda line: line.confidence >= SURE and not line.confirmed
        )._confirm()
        return True

    def action_prepare(self):
        """Create the structure: custom fields, pipelines, stages, tags."""
        self._check_confirmed()
        return self._queue("prepare")

    def action_load(self):
        """Load all that is pending."""
        self._check_manager()
        self._check_prepared()
        self._check_approved()
        return self._queue("load")

    def action_dry_run(self):
        """Load all that is pending, and take it back."""
        self._check_manager()
        self._check_prepared()
        return self._queue("dry_run")

    def _queue(self, kind, **options):
        run = self.env["migration.run"]._start(self, kind, **options)
        self.env.ref("crm_migration.ir_cron_run").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("%s has been started.", run.display_name),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_manager(self):
        """Loading and taking back are for managers; the menu only hides them.

        :raises AccessError: for anybody else, and for those of other companies
        """
        if not self.env.su and not self.env.user.has_group(
            "crm_migration.group_manager"
        ):
            raise AccessError(
                self.env._("Only a Migration Manager may load or roll back.")
            )
        self.check_access("read")

    def _check_confirmed(self):
        """Nothing is loaded that nobody has agreed to."""
        self.ensure_one()
        if not self.mapping_ids:
            raise UserError(self.env._("Read the files first: nothing is staged."))
        self._check_not_purged()
        if self.state == "draft":
            raise UserError(
                self.env._("The files are not read to the end. Read them again first.")
            )
        if self.empty_words_open:
            raise UserError(
                self.env._(
                    "Nobody has decided yet whether “%s” means an empty cell. Correct "
                    "or confirm “Words for Nothing” in the settings.",
                    self.empty_words,
                )
            )
        if self.unconfirmed_count:
            raise UserError(
                self.env._(
                    "%s lines of the mapping are not confirmed yet. Confirm them, or "
                    "set what you do not want to “Ignored” and confirm that.",
                    self.unconfirmed_count,
                )
            )

    def _check_prepared(self):
        """Records need the structure they refer to."""
        self._check_confirmed()
        if self.state in ("draft", "staged"):
            raise UserError(
                self.env._(
                    "The structure is not there yet. Run “Prepare” first: it creates "
                    "the custom fields, pipelines, stages and tags."
                )
            )

    def _retry(self, codes=None):
        """Set failed and held records back to pending; those with ``codes`` only."""
        self.env["migration.record"]._reset(
            SQL(
                """project_id = %s AND state IN ('failed', 'held')
                   AND NOT COALESCE(unusable, FALSE) AND %s
                   AND mapping_id IN (SELECT id FROM migration_mapping WHERE active)""",
                self.id,
                SQL("error_code = ANY(%s)", list(codes)) if codes else SQL("TRUE"),
            )
        )

    def _ordered_mappings(self):
        """Active mappings that load records, referenced ones before the others."""
        mappings = self.mapping_ids.filtered(
            lambda mapping: mapping.active and mapping.role == "records"
        )
        order = sort_by_reference(
            [mapping.name for mapping in mappings.sorted("sequence")],
            {mapping.name: mapping._referenced_names() for mapping in mappings},
        )
        return mappings.sorted(lambda mapping: order.index(mapping.name))

    @api.model
    def _translate_term(self, template):
        """A message template of the pure part, in the user's language."""
        lang = self.env.lang or "en_US"
        return get_translation("crm_migration", lang, template, ())

    @api.model
    def _database_message(self, error):
        """What went wrong outside of our own code, as one line."""
        return " ".join(str(error).split()) or type(error).__name__
