"""Tasks with parts, without assignee, and with fields of their own."""

from .common import COMPANY, LoaderCase

TASK = {
    "res_model": "mail.activity",
    "fields": [
        ("id", "", "identifier"),
        ("company", "record", "reference", {"reference": "company"}),
        (
            "activity_type",
            "activity_type_id",
            "constant",
            {"constant": "mail.mail_activity_data_todo"},
        ),
        ("title", "summary", "direct"),
        ("due", "date_deadline", "direct"),
        ("assignee", "user_id", "owner", {"on_missing": "empty"}),
        ("parent", "parent_activity", "reference", {"reference": "task"}),
        (
            "disposition",
            "x_disposition",
            "custom_field_required",
            {"label": "Disposition", "ttype": "char"},
        ),
    ],
}
ROWS = (
    "T3,1,Grandchild,2031-01-03,anna@example.com,T2,\n"
    "T1,1,Root,2031-01-01,anna@example.com,,Left message\n"
    "T2,1,Child,2031-01-02,,T1,\n"
    "L1,1,Loop one,2031-01-01,anna@example.com,L2,\n"
    "L2,1,Loop two,2031-01-01,anna@example.com,L1,\n"
)


class TestTaskTrees(LoaderCase):
    def setUp(self):
        super().setUp()
        self.source(company=COMPANY, task=TASK)
        self.project = self.staged_project(
            {
                "company.csv": "company_id,name,email\n1,Acme,\n",
                "task.csv": "id,company,title,due,assignee,parent,disposition\n" + ROWS,
            }
        )

    def task(self, key):
        return self.target(self.project, "task", key)

    def test_parts_say_what_they_are_part_of_and_are_flagged(self):
        self.load(self.project)
        self.assertIn("Part of Root", self.task("T2").note)
        self.assertIn("Part of Child", self.task("T3").note)
        self.assertFalse(self.task("T1").note)
        flagged = self.log_of(self.project, "warning").filtered(
            lambda entry: "part of" in entry.message
        )
        self.assertEqual(set(flagged.mapped("source_id")), {"T2", "T3"})

    def test_tasks_that_are_parts_of_each_other_are_told(self):
        self.load(self.project)
        for key in ("L1", "L2"):
            record = self.staged(self.project, "task", key)
            self.assertEqual(record.error_code, "reference_cycle", key)

    def test_a_task_of_nobody_goes_to_the_fallback_user_with_a_warning(self):
        self.load(self.project)
        self.assertEqual(self.task("T2").user_id, self.admin)
        self.assertEqual(self.task("T1").user_id, self.anna)
        listed = self.log_of(self.project, "warning").filtered(
            lambda entry: "Nobody is assigned" in entry.message
        )
        self.assertEqual(listed.mapped("source_id"), ["T2"])

    def test_fields_of_its_own_are_kept(self):
        self.load(self.project)
        self.assertEqual(self.task("T1").x_disposition, "Left message")

    def test_rollback_takes_all_of_it_back(self):
        before = self.snapshot()
        self.load(self.project)
        self.rollback(self.project)
        self.assertFalse(
            self.env["ir.model.fields"].search([("name", "=", "x_disposition")])
        )
        after = self.snapshot()
        for table in ("res_partner", "mail_message", "ir_model_fields"):
            self.assertEqual(before[table], after[table], table)
