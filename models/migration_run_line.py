from odoo import api, fields, models


class MigrationRunLine(models.Model):
    """Progress of one object in one run; its counts always add up."""

    _name = "migration.run.line"
    _description = "Migration Run Line"
    _order = "run_id, sequence, id"
    _rec_name = "mapping_id"

    run_id = fields.Many2one(
        "migration.run", required=True, ondelete="cascade", index=True
    )
    mapping_id = fields.Many2one(
        "migration.mapping", string="Object", ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    total = fields.Integer(readonly=True, help="Records waiting at the start.")
    handled = fields.Integer(string="Read", readonly=True)
    created = fields.Integer(readonly=True)
    updated = fields.Integer(readonly=True)
    matched = fields.Integer(readonly=True)
    skipped = fields.Integer(readonly=True)
    held = fields.Integer(readonly=True)
    failed = fields.Integer(readonly=True)
    waiting = fields.Integer(readonly=True)
    conflicts = fields.Integer(
        readonly=True, help="Values that were changed in the source and in Odoo."
    )
    merging = fields.Boolean(
        readonly=True, help="New records are loaded; those that have changed follow."
    )
    cursor = fields.Integer(readonly=True, help="Id of the last record seen.")
    progressed = fields.Boolean(readonly=True)
    finished = fields.Boolean(readonly=True)
    seconds = fields.Float(readonly=True)
    rate = fields.Float(compute="_compute_rate", help="Records a second.")

    @api.depends("handled", "seconds")
    def _compute_rate(self):
        for line in self:
            line.rate = line.handled / line.seconds if line.seconds else 0

    def _count(self, items, rows, waiting, seconds):
        """Add one chunk: its items with their fate, and the rows it came from."""
        self.ensure_one()
        counts = {"created": 0, "updated": 0, "matched": 0}
        counts.update(skipped=0, held=0, failed=0)
        for item in items:
            counts[item.fate()] += 1
        self.write(
            {
                **{name: self[name] + count for name, count in counts.items()},
                "handled": self.handled + len(items),
                "waiting": self.waiting + len(waiting),
                "cursor": rows[-1][0],
                # A failed record is progress, too: who waits for it is told so.
                "progressed": self.progressed or bool(items),
                "seconds": self.seconds + seconds,
            }
        )

    def _count_failed(self, count):
        """Count records that waited in vain as failed."""
        self.write({"failed": self.failed + count, "handled": self.handled + count})

    def _as_dict(self):
        """Counts by the names the command line uses; read is the sum of the rest."""
        names = ("created", "updated", "matched", "skipped", "held", "failed")
        counts = {"read": self.handled, **{name: self[name] for name in names}}
        if self.run_id.kind == "delta":
            counts["conflicts"] = self.conflicts
        return counts
