"""A delta: what changed in the source since, merged with what changed in Odoo."""

from ...models.engine.silence import silenced
from ..common import MigrationCase, csv_text

COMPANIES = (
    ("company_id", "name", "email", "phone", "city"),
    ("C1", "Acme", "acme@example.com", "+49 30 111", "Bonn"),
    ("C2", "Other", "other@example.com", "", "Oslo"),
)
DEALS = (
    ("deal_id", "name", "company_id", "amount", "tags"),
    ("D1", "Roof", "C1", "100", "Hot|New"),
    ("D2", "Wall", "C2", "200", ""),
)


def changed(rows, source_id, values):
    """``rows`` with values of one of them replaced."""
    header = rows[0]
    return tuple(
        tuple(values.get(name, cell) for name, cell in zip(header, row, strict=True))
        if row[0] == source_id
        else row
        for row in rows
    )


class DeltaCase(MigrationCase):
    """Exports that are loaded, changed, read again and loaded again."""

    def start(self, companies=COMPANIES, deals=DEALS, **more):
        """Load an export; gives the project."""
        self.export = {"companies": companies, "deals": deals, **more}
        self.folder_of_export = self.write_files(self.written())
        project = self.new_project(path=self.folder_of_export)
        self.read_files(project)
        self.load(project)
        self.later()
        return project

    def written(self):
        return {f"{name}.csv": csv_text(*rows) for name, rows in self.export.items()}

    def change(self, table, source_id, /, **values):
        """Change one row of the export."""
        self.export[table] = changed(self.export[table], source_id, values)

    def read_again(self, project):
        """Write the export as it is now, and read it."""
        for name, text in self.written().items():
            (self.folder_of_export / name).write_text(text)
        project.file_ids.sudo().read_date = False
        return self.read_files(project)

    def delta(self, project, **options):
        """Read and load what has changed; gives the run that loaded."""
        self.read_again(project)
        self.later()
        run = self.run_step(project, "delta", **options)
        self.later()
        return run

    def conflicts(self, project):
        return project._open_conflicts()


class TestDelta(DeltaCase):
    def test_what_only_the_source_changed_is_written(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        self.change("companies", "C1", city="Köln", phone="+49 30 222")
        run = self.delta(project)
        self.assertEqual((company.city, company.phone), ("Köln", "+49 30 222"))
        counts = run._counts()["company"]
        self.assertEqual(
            [counts[one] for one in ("read", "updated", "conflicts")], [1, 1, 0]
        )
        record = self.staged(project, "company", "C1")
        self.assertEqual(record.payload["city"], "Köln")
        self.assertFalse(record.next_hash or record.next_payload)

    def test_what_only_odoo_changed_stays(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        company.city = "Hamburg"
        self.later()
        self.change("companies", "C1", phone="+49 30 222")
        self.delta(project)
        self.assertEqual((company.city, company.phone), ("Hamburg", "+49 30 222"))
        self.assertFalse(self.conflicts(project))

    def test_what_both_changed_is_a_conflict_and_stays_until_it_is_decided(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        company.city = "Hamburg"
        self.later()
        self.change("companies", "C1", city="Köln")
        run = self.delta(project)
        self.assertEqual(company.city, "Hamburg")
        conflict = self.conflicts(project)
        self.assertEqual(
            (conflict.base_value, conflict.odoo_value, conflict.source_value),
            ("Bonn", "Hamburg", "Köln"),
        )
        self.assertEqual(conflict.field_name, "city")
        self.assertEqual(run._counts()["company"]["conflicts"], 1)
        self.assertEqual(run._counts()["company"]["skipped"], 1)
        conflict.action_take_source()
        self.delta(project)
        self.assertEqual(company.city, "Köln")
        self.assertEqual(conflict.state, "settled")

    def test_what_both_changed_alike_is_nothing_to_decide(self):
        project = self.start()
        self.target(project, "company", "C1").city = "Köln"
        self.later()
        self.change("companies", "C1", city="Köln")
        self.delta(project)
        self.assertFalse(self.conflicts(project))

    def test_an_emptied_value_erases_nothing_unasked(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        self.change("companies", "C1", city="")
        self.delta(project, prefer="source")
        self.assertEqual(company.city, "Bonn")
        conflict = self.conflicts(project)
        self.assertEqual((conflict.kind, conflict.source_value), ("emptied", ""))
        conflict.action_take_source()
        self.delta(project)
        self.assertFalse(company.city)

    def test_a_decision_leaves_when_it_was_changed_last_to_the_source(self):
        companies = (
            (*COMPANIES[0], "updated_at"),
            (*COMPANIES[1], "2024-05-06T07:08:09Z"),
        )
        project = self.start(companies=companies, deals=DEALS[:2])
        company = self.target(project, "company", "C1")
        stamps = company.write_date, company.write_uid
        self.assertEqual(str(stamps[0]), "2024-05-06 07:08:09")
        self.change("companies", "C1", city="")
        self.delta(project)
        self.conflicts(project).action_take_source()
        self.run_step(project, "delta", only="decisions")
        self.assertFalse(company.city)
        self.assertEqual((company.write_date, company.write_uid), stamps)

    def test_lists_are_merged_element_by_element(self):
        project = self.start()
        deal = self.target(project, "deal", "D1")
        mine = self.env["crm.tag"].create({"name": "Mine"})
        deal.tag_ids += mine
        self.later()
        self.change("deals", "D1", tags="Hot|Big")
        self.delta(project)
        self.assertEqual(
            sorted(name.lower() for name in deal.tag_ids.mapped("name")),
            ["big", "hot", "mine"],
        )
        self.assertFalse(self.conflicts(project))

    def test_a_record_that_was_there_before_obeys_its_lines(self):
        known = self.env["res.partner"].create(
            {
                "name": "Acme as it was",
                "email": "acme@example.com",
                "is_company": True,
                "city": "Bonn",
                "phone": "+49 30 999",
            }
        )
        self.export = {"companies": COMPANIES, "deals": DEALS}
        self.folder_of_export = self.write_files(self.written())
        project = self.new_project(path=self.folder_of_export)
        self.read_files(project)
        company = project.mapping_ids.filtered(lambda one: one.name == "company")
        company.match_by = "email"
        for target, policy in (("name", "overwrite"), ("phone", "fill")):
            self.line(project, "company", target).policy = policy
        self.load(project)
        self.assertEqual(self.target(project, "company", "C1"), known)
        self.assertEqual((known.name, known.phone), ("Acme", "+49 30 999"))
        self.later()
        self.change("companies", "C1", name="Acme Holding", city="Köln", phone="1")
        self.delta(project)
        self.assertEqual(
            (known.name, known.city, known.phone),
            ("Acme Holding", "Bonn", "+49 30 999"),
        )
        known.name = "Renamed"
        self.later()
        self.change("companies", "C1", name="Acme Group")
        self.delta(project)
        self.assertEqual(known.name, "Renamed")
        self.assertEqual(self.conflicts(project).source_value, "Acme Group")

    def test_a_record_deleted_in_odoo_comes_back_only_if_that_is_decided(self):
        project = self.start()
        self.target(project, "deal", "D2").unlink()
        self.later()
        self.change("deals", "D2", amount="250")
        self.delta(project)
        conflict = self.conflicts(project)
        self.assertEqual((conflict.kind, conflict.source_value), ("deleted", "Wall"))
        conflict.action_take_source()
        self.delta(project)
        self.assertEqual(self.target(project, "deal", "D2").expected_revenue, 250)

    def test_a_record_deleted_in_odoo_comes_back_as_soon_as_its_decision_is_applied(
        self,
    ):
        project = self.start()
        self.target(project, "deal", "D2").unlink()
        self.later()
        before = self.snapshot()
        self.change("deals", "D2", amount="250")
        self.delta(project)
        conflict = self.conflicts(project)
        conflict.action_take_source()
        # New, and changed: neither was decided.
        self.export["deals"] += (("D3", "Door", "C1", "30", ""),)
        self.change("companies", "C1", city="Köln")
        self.read_again(project)
        run = self.run_step(project, "delta", only="decisions")
        self.assertEqual(self.target(project, "deal", "D2").expected_revenue, 250)
        self.assertEqual(conflict.settled_run_id, run)
        counts = run._counts()
        self.assertEqual((counts["deal"]["read"], counts["deal"]["created"]), (1, 1))
        self.assertEqual(run.total, 1)
        self.assertEqual(self.staged(project, "deal", "D3").state, "pending")
        self.assertEqual(self.target(project, "company", "C1").city, "Bonn")
        self.later()
        self.rollback(project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(conflict.state, "decided")

    def test_what_was_made_anew_and_is_taken_back_is_deleted_in_odoo_once_more(self):
        project = self.start()
        deal = self.target(project, "deal", "D2")
        gone = deal.id
        deal.unlink()
        self.later()
        self.change("deals", "D2", amount="250")
        self.delta(project)
        conflict = self.conflicts(project)
        conflict.action_take_source()
        run = self.run_step(project, "delta", only="decisions")
        self.later()
        self.rollback(project, run_id=run.id)
        conflict.action_reopen()
        self.later()
        self.delta(project)
        record = self.staged(project, "deal", "D2")
        self.assertEqual((record.state, record.res_id), ("loaded", gone))
        self.assertFalse(self.env["crm.lead"].browse(gone).exists())
        self.assertEqual(self.conflicts(project), conflict)
        conflict.action_take_source()
        self.delta(project)
        self.assertEqual(self.target(project, "deal", "D2").expected_revenue, 250)

    def test_a_record_that_cannot_be_made_anew_says_why(self):
        project = self.start()
        self.target(project, "deal", "D2").unlink()
        self.later()
        self.change("deals", "D2", amount="250")
        self.delta(project)
        self.conflicts(project).action_take_source()
        line = self.line(project, "deal", "expected_revenue")
        record = self.staged(project, "deal", "D2")
        record.sudo().payload = {**record.payload, line.source_path: "a lot"}
        run = self.run_step(project, "delta", only="decisions")
        self.assertEqual(run._counts()["deal"]["failed"], 1)
        self.assertIn("a lot", record.error)

    def test_a_lead_does_not_take_the_new_email_of_its_customer(self):
        project = self.start()
        acme, deal = (
            self.target(project, name, key)
            for name, key in (("company", "C1"), ("deal", "D1"))
        )
        with silenced(self.env.cr):
            deal.email_from = "own@example.com"
            self.env.flush_all()
        self.later()
        self.change("companies", "C1", email="new@example.com")
        self.delta(project)
        self.assertEqual(acme.email, "new@example.com")
        self.assertEqual(deal.email_from, "own@example.com")

    def test_a_later_change_takes_the_place_of_an_open_conflict(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        company.city = "Hamburg"
        self.later()
        self.change("companies", "C1", city="Köln")
        self.delta(project)
        first = self.conflicts(project)
        self.change("companies", "C1", city="Kiel")
        run = self.delta(project)
        second = self.conflicts(project)
        self.assertEqual((second.source_value, first.settled_run_id), ("Kiel", run))
        self.rollback(project, run_id=run.id)
        self.assertEqual(self.conflicts(project), first)

    def test_all_conflicts_are_decided_alike(self):
        for prefer, city in (("source", "Köln"), ("odoo", "Hamburg")):
            with self.subTest(prefer=prefer), self.cr.savepoint() as savepoint:
                project = self.start()
                company = self.target(project, "company", "C1")
                company.city = "Hamburg"
                self.later()
                self.change("companies", "C1", city="Köln")
                run = self.delta(project, prefer=prefer)
                self.assertEqual(company.city, city)
                self.assertFalse(self.conflicts(project))
                updated = run._counts()["company"]["updated"]
                self.assertEqual(updated, int(prefer == "source"))
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
                self._forget_custom_fields()
