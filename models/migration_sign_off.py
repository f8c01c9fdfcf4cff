import hashlib
import json
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.corrections import write_csv
from ..lib.sheets import harmless
from .migration_sample_line import FINE

# What of a saved mapping says nothing about what is loaded.
_NO_DECISION = ("confirmed", "label", "sequence")


class MigrationSignOff(models.AbstractModel):
    """The sample of a migration, and the sign-off that opens the load."""

    _name = "migration.sign.off"
    _description = "Migration Sign-off"

    sample_size = fields.Integer(
        default=200,
        help="The more, the more records are drawn at random, from all objects alike. "
        "What is special comes besides, and what these records need.",
    )
    sample_keep = fields.Boolean(
        string="Keep the Sample",
        help="Leave the sample in Odoo; otherwise it is taken back once compared.",
    )
    sample_line_ids = fields.One2many("migration.sample.line", "project_id")
    sample_run_id = fields.Many2one("migration.run", compute="_compute_sample")
    sample_count = fields.Integer(string="Values Compared", compute="_compute_sample")
    sample_wrong_count = fields.Integer(string="To Look At", compute="_compute_sample")
    approved_by_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, copy=False
    )
    approved_date = fields.Datetime(string="Approved on", readonly=True, copy=False)
    approved_version = fields.Char(
        readonly=True, copy=False, help="The mapping that was approved, as a checksum."
    )
    approval = fields.Selection(
        selection=[
            ("open", "Not approved"),
            ("outdated", "Mapping changed since"),
            ("approved", "Approved"),
        ],
        compute="_compute_approval",
    )

    _sample_size_positive = models.Constraint(
        "CHECK(sample_size > 0)", "A sample has at least one record."
    )

    @api.depends("sample_line_ids.verdict")
    def _compute_sample(self):
        for project in self:
            runs = project.run_ids.filtered(lambda run: run.kind == "sample")
            project.sample_run_id = runs[:1]
            groups = dict(
                self.env["migration.sample.line"]._read_group(
                    [("run_id", "=", runs[:1].id)], ["verdict"], ["__count"]
                )
            )
            project.sample_count = sum(groups.values())
            project.sample_wrong_count = sum(
                count for verdict, count in groups.items() if verdict not in FINE
            )

    def _compute_approval(self):
        for project in self:
            if not project.approved_version:
                project.approval = "open"
            elif project.approved_version == project._mapping_version():
                project.approval = "approved"
            else:
                project.approval = "outdated"

    def _mapping_version(self):
        """A checksum of all that the mapping decides; the same for the same mapping."""
        self.ensure_one()
        data = _decisions(self._export_mapping())
        text = json.dumps(data, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def action_sample(self):
        """Load a sample, compare it with its source, and take it back."""
        self._check_manager()
        self._check_prepared()
        return self._queue("sample", **self._sample_options())

    def _sample_options(self, size=None, keep=None, seed=None):
        """Options of a sample run; the seed is kept, so that it can be drawn again."""
        return {
            "size": size or self.sample_size,
            "keep": self.sample_keep if keep is None else keep,
            "seed": seed or secrets.token_hex(4),
        }

    def action_approve(self):
        """Sign the mapping off as it is now: it may be loaded.

        Without a sample, or with one that shows differences, this is the decision of
        whoever does it; the log keeps it either way.
        """
        self._check_manager()
        self._check_prepared()
        self._approve(self.env.user)
        return True

    def _approve(self, user):
        self.ensure_one()
        sample = self.sample_run_id
        self.sudo().write(
            {
                "approved_by_id": user.id,
                "approved_date": fields.Datetime.now(),
                "approved_version": self._mapping_version(),
            }
        )
        message = (
            self.env._(
                "%(user)s approved mapping %(version)s after “%(sample)s”: "
                "%(count)s values compared, %(wrong)s to look at.",
                user=user.name,
                version=self.approved_version,
                sample=sample.display_name,
                count=self.sample_count,
                wrong=self.sample_wrong_count,
            )
            if sample
            else self.env._(
                "%(user)s approved mapping %(version)s without a sample.",
                user=user.name,
                version=self.approved_version,
            )
        )
        self.env["migration.log"]._append(
            [{"project_id": self.id, "operation": "decision", "message": message}]
        )

    def _check_approved(self):
        """Nobody loads a mapping that nobody has signed off as it is."""
        self.ensure_one()
        if self.approval == "open":
            raise UserError(
                self.env._(
                    "Nobody has approved this migration yet. Load a sample, look at "
                    "its comparison, and press “Approve”."
                )
            )
        if self.approval == "outdated":
            raise UserError(
                self.env._(
                    "The mapping has changed since %(user)s approved it. Load a "
                    "sample again, or press “Approve” once more.",
                    user=self.approved_by_id.name,
                )
            )

    def action_open_sample(self):
        """Open the comparison of the last sample."""
        return self._open(
            "migration_sample_line_action", [("run_id", "=", self.sample_run_id.id)]
        )

    def action_download_sample(self):
        """Download the comparison of the last sample as CSV."""
        self.ensure_one()
        self.check_access("read")
        name = f"sample_{self.key}.csv"
        return self._download(name, self._sample_csv())

    def _sample_csv(self):
        """The comparison of the last sample; a cell never starts a formula."""
        lines = self.sample_run_id.sample_line_ids
        rows = [line._as_dict() for line in lines]
        names = list(rows[0]) if rows else ["object", "source_id", "verdict"]
        cells = [{name: harmless(value) for name, value in row.items()} for row in rows]
        return write_csv(names, cells)


def _decisions(data):
    """``data`` of a saved mapping without what does not change what is loaded."""
    if isinstance(data, dict):
        return {
            key: _decisions(value)
            for key, value in data.items()
            if key not in _NO_DECISION
        }
    if isinstance(data, list):
        return [_decisions(one) for one in data]
    return data
