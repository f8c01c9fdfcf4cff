"""Whatever happens in whatever order: nothing is lost, nothing is doubled."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..common import MigrationCase, csv_text

COMPANIES = ("C1", "C2", "C3")
DEALS = {"D1": "C1", "D2": "C2", "D3": "C9", "D4": "C3"}

steps = st.lists(
    st.sampled_from(
        (
            "sample",
            "kept sample",
            "load",
            "edit",
            "add",
            "delete",
            "retry",
            "correct",
            "undo last",
            "undo first",
            "undo all",
        )
    ),
    min_size=2,
    max_size=5,
)


class TestProperties(MigrationCase):
    """Random sequences of what admins and users do, over a small export.

    One deal names a company that is missing, until its row is corrected. One company
    is in Odoo already; the export overwrites its city.
    """

    def setUp(self):
        super().setUp()
        self.known = self.env["res.partner"].create(
            {"name": "Company C3", "is_company": True, "city": "Bonn"}
        )
        self.project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "city"),
                    *((key, f"Company {key}", "Kiel") for key in COMPANIES),
                ),
                **self.deals(DEALS),
            }
        )
        self.read_files(self.project)
        company = self.project.mapping_ids.filtered(lambda one: one.name == "company")
        company.match_by = "name"
        company.field_ids.policy = "overwrite"
        self.project.action_confirm()
        self.before = self.snapshot()
        self.run_step(self.project, "prepare")

    @staticmethod
    def deals(companies):
        return {
            "deals.csv": csv_text(
                ("deal_id", "name", "company_id"),
                *((key, f"Deal {key}", one) for key, one in companies.items()),
            )
        }

    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(steps)
    def test_any_sequence_ends_with_nothing_lost_and_nothing_doubled(self, sequence):
        with self.cr.savepoint() as savepoint:
            for step in sequence:
                self.later()
                getattr(self, f"do_{step.replace(' ', '_')}")()
                self.check(step)
            self.later()
            forced = dict.fromkeys(("changed", "added", "needed"), "force")
            self.rollback(self.project, **forced)
            self.check("undo")
            self.assertFalse(self.migrated())
            self.assertEqual(self.project.loaded_count, 0)
            self.assertSameDatabase(self.before, self.snapshot())
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        self.project.invalidate_recordset()

    # What admins do

    def prepared(self):
        if self.project.state == "staged":
            self.run_step(self.project, "prepare")

    def do_sample(self):
        self.prepared()
        options = {"size": 2, "keep": False, "seed": "1"}
        self.run_step(self.project, "sample", **options)
        self.run_step(self.project, "rollback")

    def do_kept_sample(self):
        self.prepared()
        self.run_step(self.project, "sample", size=2, keep=True, seed="2")

    def do_load(self):
        self.prepared()
        self.run_step(self.project, "load")

    def do_retry(self):
        self.project._retry()

    def do_correct(self):
        """The missing company of a deal is corrected in the source."""
        folder = self.write_files(self.deals({**DEALS, "D3": "C1"}))
        self.project._add_path(str(folder / "deals.csv"))
        self.read_files(self.project)
        self.project.action_confirm()
        self.project._approve(self.env.user)

    def undo(self, position):
        runs = self.project.run_ids.filtered(
            lambda run: run.kind in ("sample", "load") and run.undone != "wholly"
        ).sorted("id")
        if runs:
            self.rollback(self.project, run_id=runs[position].id)

    def do_undo_last(self):
        self.undo(-1)

    def do_undo_first(self):
        self.undo(0)

    def do_undo_all(self):
        self.rollback(self.project)

    # What users do

    def records(self):
        return [
            self.env[one.res_model].browse(one.res_id).exists()
            for one in self.staged_ones()
            if one.state == "loaded"
        ]

    def do_edit(self):
        for record in self.records()[:1]:
            record.with_user(self.anna).sudo().name = "Edited by a user"
            self.env.flush_all()

    def do_add(self):
        for record in self.records()[-1:]:
            said = f"Added to {record.name}"
            record.with_user(self.anna).sudo().message_post(body=said)

    def do_delete(self):
        for record in self.env["crm.lead"].browse(
            [one.id for one in self.records() if one._name == "crm.lead"][:1]
        ):
            record.unlink()

    # What holds at any time

    def staged_ones(self):
        return self.env["migration.record"].search(
            [("project_id", "=", self.project.id)], order="id"
        )

    def migrated(self):
        """``{source id: number of records}`` that carry this migration's ids."""
        return {
            (model, record.x_source_id): record
            for model in ("res.partner", "crm.lead")
            for record in self.env[model]
            .with_context(active_test=False)
            .search([("x_source_id", "=like", f"{self.project.key}/%")])
        }

    def check(self, step):
        staged = self.staged_ones()
        self.assertEqual(len(staged), len(COMPANIES) + len(DEALS), step)
        keys = set()
        for one in staged:
            self.assertEqual(
                bool(one.res_id), one.state in ("loaded", "matched"), (step, one)
            )
            if one.state in ("failed", "held"):
                self.assertTrue(one.error, step)
            if one.state == "loaded":
                keys.add((one.res_model, one.mapping_id._external_id(one.source_id)))
        targets = [(one.res_model, one.res_id) for one in staged if one.res_id]
        self.assertEqual(len(targets), len(set(targets)), step)
        for model in ("res.partner", "crm.lead"):
            self.cr.execute(
                f"SELECT x_source_id FROM {model.replace('.', '_')}"
                " WHERE x_source_id LIKE %s GROUP BY 1 HAVING count(*) > 1",
                (f"{self.project.key}/%",),
            )
            self.assertFalse(self.cr.fetchall(), step)
        self.assertLessEqual(set(self.migrated()), keys, step)
        for run in self.project.run_ids.filtered(lambda one: one.kind == "load"):
            for line in run.line_ids:
                counts = line._as_dict()
                self.assertEqual(counts.pop("read"), sum(counts.values()), step)
