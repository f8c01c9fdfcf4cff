from odoo import api, fields, models


class MigrationProjectUploads(models.AbstractModel):
    """The question what an upload is that has the rows of an earlier one again."""

    _name = "migration.project.uploads"
    _description = "Migration Uploads of a Project"

    question_file_id = fields.Many2one(
        "migration.file",
        compute="_compute_question",
        help="The first upload that may be a newer version of an earlier one.",
    )
    question = fields.Char(compute="_compute_question")

    @api.depends("file_ids.repeats_id", "file_ids.replaces_id", "file_ids.adds")
    def _compute_question(self):
        for project in self:
            files = project._questioned()
            project.question_file_id = files[:1]
            project.question = project._repeats_text(files[:1]) if files else False

    def _questioned(self):
        """Uploads of which nobody has said whether they replace an earlier one."""
        return self.file_ids.sorted("id").filtered(lambda one: one._is_in_question())

    def _repeats_text(self, file):
        return self.env._(
            "%(new)s has %(count)s of the %(all)s rows of %(old)s again, by their ids",
            new=file.name,
            count=file.repeats_count,
            all=file.repeats_id.row_count,
            old=file.repeats_id.name,
        )

    def action_replace_earlier(self):
        """Let the upload in question take the place of the earlier one, and read it."""
        self.ensure_one()
        file = self.question_file_id
        file.replaces_id = file.repeats_id
        return self.action_read()

    def action_add_to_earlier(self):
        """Leave it as it was read: what the upload in question has is added."""
        self.ensure_one()
        asked = self.finding_ids.filtered(lambda one: one.name == self.question)
        asked.sudo().unlink()
        self.question_file_id.adds = True
        return True
