"""Row G13 of the specification: a whole migration is taken back, table by table."""

import json
from pathlib import Path

from .engine.test_delta import DeltaCase

EXPORT = {
    "pipelines": (("pipeline_id", "name"), ("P", "Field force")),
    "stages": (
        ("stage_id", "pipeline_id", "name", "position", "is_won"),
        ("S1", "P", "First talk", "1", "false"),
        ("S2", "P", "Signed", "2", "true"),
    ),
    "companies": (
        ("company_id", "name", "email", "phone", "city", "tags", "employee_count"),
        ("C1", "Acme", "acme@example.com", "+49 30 111", "Bonn", "Key|New", "5"),
        ("C2", "Other", "other@example.com", "+47 22 22", "Oslo", "Key", "6"),
        ("C3", "Third", "third@example.com", "", "Trier", "", "7"),
        ("C4", "Fourth", "fourth@example.com", "", "Graz", "New", ""),
    ),
    "contacts": (
        ("contact_id", "first_name", "last_name", "email", "company_id"),
        ("P1", "Ada", "Wolf", "ada@example.com", "C1"),
        ("P2", "Bo", "Lind", "bo@example.com", "C3"),
    ),
    "deals": (
        ("deal_id", "name", "pipeline_id", "stage_id", "status")
        + ("company_id", "amount", "tags"),
        ("D1", "Roof", "P", "S1", "open", "C1", "100", "Hot"),
        ("D2", "Wall", "P", "S1", "open", "C2", "200", "Hot|Big"),
        ("D3", "Door", "P", "S1", "lost", "C3", "300", ""),
        ("D4", "Gate", "P", "S2", "won", "C4", "400", ""),
    ),
    "activities": (
        ("activity_id", "type", "subject", "status", "due_date", "owner_email")
        + ("related_type", "related_id"),
        ("A1", "call", "Call", "open", "2027-01-01", "anna@example.com", "deal", "D1"),
        ("A2", "call", "Ask", "done", "2020-01-01", "anna@example.com", "deal", "D2"),
    ),
    "notes": (
        ("note_id", "body", "related_type", "related_id", "created_at"),
        ("N1", "Hello", "deal", "D1", "2020-01-01"),
        ("N2", "They are known", "company", "C1", "2020-01-02"),
    ),
    "files": (
        ("file_id", "file_name", "path", "related_type", "related_id"),
        ("F1", "offer.txt", "documents/offer.txt", "deal", "D1"),
    ),
}
CONTENT = "An offer that nobody else has made."
FORCED = dict.fromkeys(("changed", "added", "needed"), "force")


class WholeCase(DeltaCase):
    """Records that Odoo has already, a sample, a load, users at work, two deltas."""

    def setUp(self):
        super().setUp()
        tag = self.env["res.partner.category"].create({"name": "Ours"})
        partner = self.env["res.partner"]
        company = {"is_company": True, "category_id": tag.ids}
        self.acme, self.other, self.ada = partner.create(
            [
                {**company, "name": "Acme as it was", "email": "acme@example.com"}
                | {"city": "Ulm", "phone": "+49 731 1"},
                {**company, "name": "Other as it was", "email": "other@example.com"},
                {"name": "Ada as she was", "email": "ada@example.com"},
            ]
        )
        # The scoring table has something to lose.
        lead = self.env["crm.lead"].create(
            {"name": "Ours", "partner_id": self.acme.id, "type": "opportunity"}
        )
        lead.action_set_won()
        self.later()
        self.before = self.snapshot()
        self.assertTrue(self.before["crm_lead_scoring_frequency"])

    def written(self):
        return {**super().written(), "documents/offer.txt": CONTENT}

    def sampled(self):
        """A prepared migration; its samples were loaded, and undone."""
        self.export = dict(EXPORT)
        self.folder_of_export = self.write_files(self.written())
        project = self.new_project(path=self.folder_of_export)
        self.read_files(project)
        for mapping in project.mapping_ids:
            if mapping.name in ("company", "contact"):
                mapping.match_by = "email"
        for target, policy in (
            ("name", "overwrite"),
            ("city", "overwrite"),
            ("category_id", "overwrite"),
            ("phone", "fill"),
        ):
            self.line(project, "company", target).policy = policy
        project.action_confirm()
        self.run_step(project, "prepare")
        prepared = self.snapshot()
        for keep in (False, True):
            self.later()
            sample = self.run_step(project, "sample", size=3, keep=keep, seed="1")
            self.assertTrue(project.loaded_count)
            self.later()
            # One that is not kept is followed by its rollback; the other one waits.
            self.rollback(project, **({"run_id": sample.id} if keep else {}))
            self.assertSameDatabase(prepared, self.snapshot())
        return project

    def migrated(self):
        """The whole migration; gives the project and its runs, oldest first."""
        project = self.sampled()
        runs = [self.run_step(project, "load")]
        self.later()
        self.assertEqual(self.target(project, "company", "C1"), self.acme)
        self.assertEqual((self.acme.name, self.acme.city), ("Acme", "Bonn"))
        self.assertEqual(
            (self.acme.phone, self.other.phone), ("+49 731 1", "+47 22 22")
        )
        self.work(project)
        self.change("companies", "C1", name="Acme Holding", city="Köln", tags="Key|Big")
        self.change("companies", "C3", city="Kiel", employee_count="8")
        self.change("deals", "D1", amount="120", name="Roof and gutter")
        self.change("deals", "D2", amount="220", stage_id="S2", status="won")
        self.change("deals", "D3", status="open", company_id="C5")
        self.change("activities", "A1", status="done")
        self.change("notes", "N1", body="Hello again")
        self.export["companies"] += (
            ("C5", "Fifth", "fifth@example.com", "", "Linz", "Late", "9"),
        )
        self.export["deals"] = (
            *(row for row in self.export["deals"] if row[0] != "D4"),
            ("D5", "Fence", "P", "S1", "open", "C5", "500", "Hot|Late"),
        )
        runs.append(self.delta(project))
        self.decide(project)
        runs.append(self.run_step(project, "delta", only="decisions"))
        self.later()
        self.change("companies", "C1", name="Acme Group")
        self.change("companies", "C5", city="Wien")
        self.change("deals", "D5", amount="550")
        self.change("deals", "D2", status="lost", stage_id="S1")
        self.export["companies"] = tuple(
            row for row in self.export["companies"] if row[0] != "C2"
        )
        self.export["notes"] += (("N3", "Late", "deal", "D5", "2020-02-01"),)
        runs.append(self.delta(project))
        gone = project._gone()
        self.assertEqual(set(gone.mapped("source_id")), {"C2", "D4"})
        runs.append(
            self.run_step(project, "delta", only="archive", record_ids=gone.ids)
        )
        self.later()
        self.assertFalse(self.other.active)
        self.assertEqual(self.acme.name, "Acme Group")
        return project, runs

    def as_user(self, record, **values):
        record.with_user(self.anna).sudo().write(values)
        self.env.flush_all()

    def work(self, project):
        """What users do between the load and the first delta."""
        self.as_user(self.acme.with_context(tracking_disable=True), city="Hamburg")
        self.as_user(self.target(project, "deal", "D1"), expected_revenue=150)
        self.as_user(self.target(project, "company", "C3"), city="Bremen")
        self.own_work()
        self.later()

    def own_work(self):
        """What they do to records that were there, or are new: it is to stay."""
        quiet = self.acme.with_user(self.anna).sudo()
        quiet.with_context(tracking_disable=True).street = "Marktplatz 1"
        quiet.message_post(body="They called")
        self.env["crm.lead"].with_user(self.anna).sudo().create({"name": "By hand"})
        self.env.flush_all()

    def decide(self, project):
        """Each conflict is decided: the deal for the source, the others for Odoo."""
        conflicts = self.conflicts(project)
        found = {(one.source_id, one.field_name) for one in conflicts}
        self.assertLessEqual(
            {("C1", "city"), ("C3", "city"), ("D1", "expected_revenue")}, found
        )
        deal = conflicts.filtered(lambda one: one.source_id == "D1")
        deal.action_take_source()
        (conflicts - deal).action_keep_odoo()

    # What is different

    def moved(self, before):
        """``{table: (rows that are gone, rows that are new)}`` since ``before``."""
        after = self.snapshot()
        self.assertEqual(before.keys(), after.keys())
        found = {}
        for table, rows in before.items():
            gone, new = set(rows) - set(after[table]), set(after[table]) - set(rows)
            if gone or new:
                found[table] = (len(gone), len(new))
        return found

    def columns(self, record):
        """Its row as the database has it, but for when and by whom it was changed."""
        self.env.flush_all()
        self.cr.execute(
            f"SELECT to_jsonb(t)::text FROM {record._table} t WHERE id = %s",
            (record.id,),
        )
        row = json.loads(self.cr.fetchone()[0])
        return {name: row[name] for name in row.keys() - {"write_date", "write_uid"}}

    def left_by_users(self):
        """What the same work of users leaves where nothing was migrated."""
        with self.cr.savepoint() as savepoint:
            self.own_work()
            found = self.moved(self.before), self.columns(self.acme)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return found

    def assertOnlyUsersWork(self):
        """Every table is as it was, but for what users did."""
        moved, acme = self.expected
        self.assertEqual(self.moved(self.before), moved)
        self.assertEqual(self.columns(self.acme), acme)


class TestWhole(WholeCase):
    maxDiff = None

    def test_G13_every_table_is_as_before_but_for_what_users_did(self):
        self.expected = self.left_by_users()
        project, _runs = self.migrated()
        offer = self.target(project, "file", "F1")
        self.assertEqual(offer.raw, CONTENT.encode())
        stored = Path(offer._full_path(offer.store_fname))
        self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertTrue(stored.exists())
        run = self.rollback(project)
        kept = self.env["migration.log"].search(
            [("run_id", "=", run.id), ("operation", "=", "keep")]
        )
        changed = kept.filtered(lambda one: "Changed" in (one.message or ""))
        # The contact has got the new address of its company.
        self.assertEqual(set(changed.mapped("source_id")), {"C3", "P2", "D1"})
        self.assertEqual(
            (self.acme.name, self.acme.city), ("Acme as it was", "Hamburg")
        )
        self.assertEqual(self.target(project, "company", "C3").city, "Bremen")
        self.later()
        self.rollback(project, **FORCED)
        self.assertOnlyUsersWork()
        self.assertEqual((self.acme.city, self.acme.street), ("Ulm", "Marktplatz 1"))
        self.assertTrue(self.other.active)
        self.assertEqual(project.loaded_count, 0)
        self.assertFalse(project.run_ids.filtered(lambda one: one.undone == "partly"))
        self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertFalse(stored.exists(), "nothing is left in the filestore")

    def test_G13_runs_are_taken_back_one_by_one_in_a_mixed_order(self):
        self.expected = self.left_by_users()
        project, runs = self.migrated()
        load, first, decisions, second, gone = range(len(runs))
        for order in (
            (load, first, decisions, second, gone),
            (gone, second, decisions, first, load),
            (first, load, gone, decisions, second),
            (second, load, decisions, gone, first),
        ):
            with self.subTest(order=order), self.cr.savepoint() as savepoint:
                for position in order:
                    self.rollback(project, run_id=runs[position].id, **FORCED)
                    self.assertNothingLost(project)
                    self.later()
                self.rollback(project, **FORCED)
                self.assertOnlyUsersWork()
                self.assertEqual(project.loaded_count, 0)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
                self._forget_custom_fields()

    def assertNothingLost(self, project):
        """What counts as loaded is in Odoo; what is in Odoo counts as loaded."""
        staged = self.env["migration.record"].search([("project_id", "=", project.id)])
        for record in staged.filtered("res_id"):
            target = self.env[record.res_model].browse(record.res_id)
            self.assertTrue(target.exists(), record.source_id)
        loaded = {
            (one.res_model, one.mapping_id._external_id(one.source_id))
            for one in staged.filtered("res_id")
        }
        for model in ("res.partner", "crm.lead"):
            found = self.env[model].with_context(active_test=False)
            marked = found.search([("x_source_id", "=like", f"{project.key}/%")])
            keys = {(model, one.x_source_id) for one in marked}
            self.assertLessEqual(keys, loaded)
