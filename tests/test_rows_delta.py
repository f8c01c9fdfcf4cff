"""Row G10 of the specification: what changed in the source since is loaded as well."""

import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..models.engine import silence
from .cli.common import CommandCase
from .common import csv_text
from .engine.test_delta import COMPANIES, DEALS, DeltaCase


class TestDeltaRows(DeltaCase):
    """Files: two deltas, users at work in between, and the way back."""

    def edit(self, record, **values):
        """A user changes a record, in a transaction of its own."""
        self.later()
        record = record.with_context(tracking_disable=True)
        record.with_user(self.anna).sudo().write(values)
        self.env.flush_all()
        self.later()

    def test_g10_two_deltas_with_users_at_work_in_between(self):
        project = self.start()
        acme = self.target(project, "company", "C1")
        roof, wall = (self.target(project, "deal", key) for key in ("D1", "D2"))
        self.edit(roof, expected_revenue=150)
        self.change("deals", "D1", amount="120", name="Roof and gutter")
        self.change("deals", "D2", amount="250")
        self.export["deals"] += (("D3", "Door", "C1", "30", "Hot"),)
        run = self.delta(project)
        self.assertEqual((roof.name, roof.expected_revenue), ("Roof and gutter", 150))
        self.assertEqual(wall.expected_revenue, 250)
        door = self.target(project, "deal", "D3")
        self.assertEqual(door.partner_id, acme, "a new child of an old parent links")
        counts = run._counts()["deal"]
        self.assertEqual(
            {name: count for name, count in counts.items() if count},
            {"read": 3, "created": 1, "updated": 2, "conflicts": 1},
        )
        self.edit(wall, name="Wall, painted")
        self.change("deals", "D2", amount="260", company_id="C1")
        self.delta(project)
        self.assertEqual(
            (wall.name, wall.expected_revenue, wall.partner_id),
            ("Wall, painted", 260, acme),
        )
        self.assertEqual(self.conflicts(project).field_name, "expected_revenue")
        self.assertIn("120.00", self.conflicts(project).source_value)

    def test_g10_a_delta_is_taken_back_exactly_and_proposed_again(self):
        project = self.start()
        self.edit(self.target(project, "deal", "D1"), expected_revenue=150)
        before = self.snapshot()
        self.change("companies", "C1", name="Acme Holding", email="new@example.com")
        self.change("deals", "D1", amount="120", name="Roof and gutter", tags="Hot|Big")
        self.change("deals", "D2", company_id="C1")
        self.export["deals"] += (("D3", "Door", "C1", "30", "Hot"),)
        run = self.delta(project)
        self.assertFalse(self.staged(project, "deal", "D1").error)
        self.assertEqual(self.target(project, "deal", "D1").name, "Roof and gutter")
        self.assertTrue(self.conflicts(project))
        door = self.target(project, "deal", "D3")
        result = self.rollback(project, run_id=run.id)
        self.assertFalse(door.exists())
        self.assertFalse(
            self.env["migration.log"].search(
                [("run_id", "=", result.id), ("operation", "=", "keep")]
            )
        )
        self.assertSameDatabase(before, self.snapshot())
        record = self.staged(project, "company", "C1")
        self.assertEqual((record.state, record.payload["name"]), ("loaded", "Acme"))
        self.assertEqual(record.next_payload["name"], "Acme Holding")
        self.assertFalse(project._open_conflicts())
        self.later()
        self.run_step(project, "delta")
        self.assertEqual(self.target(project, "company", "C1").name, "Acme Holding")
        self.assertEqual(len(self.conflicts(project)), 1)

    def test_g10_everything_is_taken_back_after_two_deltas(self):
        self.export = {}
        base = self.snapshot()
        project = self.start()
        self.change("companies", "C1", name="Acme Holding", phone="+49 30 9")
        self.change("deals", "D2", company_id="C1", name="Wall 2")
        self.delta(project)
        self.change("companies", "C1", name="Acme Group")
        self.change("deals", "D1", amount="1")
        self.delta(project)
        run = self.rollback(project)
        kept = self.env["migration.log"].search(
            [("run_id", "=", run.id), ("operation", "=", "keep")]
        )
        self.assertFalse(kept.mapped("message"))
        self.assertSameDatabase(base, self.snapshot())
        record = self.staged(project, "company", "C1")
        self.assertEqual(record.state, "pending")
        self.assertEqual(record.payload["name"], "Acme Group")
        self.assertFalse(self.env["migration.change"].search([]))

    def test_g10_what_a_user_changed_before_a_delta_still_keeps_its_record(self):
        project = self.start()
        acme, other = (self.target(project, "company", key) for key in ("C1", "C2"))
        self.edit(acme, city="Hamburg")
        self.change("companies", "C1", phone="+49 30 9")
        self.change("companies", "C2", phone="+49 30 8")
        self.delta(project)
        self.rollback(project)
        self.assertTrue(acme.exists())
        self.assertFalse(other.exists())

    def test_g10_a_value_changed_after_a_delta_stays_when_it_is_taken_back(self):
        project = self.start()
        acme = self.target(project, "company", "C1")
        self.change("companies", "C1", city="Köln", phone="+49 30 9")
        run = self.delta(project)
        self.edit(acme, city="Hamburg")
        result = self.rollback(project, run_id=run.id)
        self.assertEqual((acme.city, acme.phone), ("Hamburg", "+49 30 111"))
        kept = self.env["migration.log"].search(
            [("run_id", "=", result.id), ("operation", "=", "keep")]
        )
        self.assertEqual(kept.message, "city")

    def test_g10_unchanged_records_cost_no_write(self):
        project = self.start()
        self.read_again(project)
        tables = ("res_partner", "crm_lead", "crm_tag", "mail_message")
        before = {table: self.versions(table) for table in tables}
        run = self.run_step(project, "delta")
        self.assertEqual(before, {table: self.versions(table) for table in tables})
        read = [counts["read"] for counts in run._counts().values()]
        self.assertEqual(sum(read), 0)

    def versions(self, table):
        """``[(id, ctid)]``: a row that is written gets another place in its table."""
        self.env.flush_all()
        self.env.cr.execute(f"SELECT id, ctid::text FROM {table} ORDER BY id")
        return self.env.cr.fetchall()

    def test_g10_only_the_changed_record_is_written(self):
        project = self.start()
        acme = self.target(project, "company", "C1")
        before = dict(self.versions("res_partner"))
        self.change("companies", "C1", phone="+49 30 9")
        self.delta(project)
        after = dict(self.versions("res_partner"))
        self.assertEqual([one for one in after if after[one] != before[one]], [acme.id])

    def test_g10_what_failed_is_tried_again_and_nothing_is_lost(self):
        deals = (*DEALS, ("D9", "Lost child", "C9", "5", ""))
        project = self.start(deals=deals)
        self.assertEqual(self.staged(project, "deal", "D9").state, "failed")
        self.change("deals", "D1", company_id="C9")
        run = self.delta(project)
        counts = run._counts()["deal"]
        self.assertEqual((counts["failed"], counts["updated"]), (2, 0))
        moved = self.staged(project, "deal", "D1")
        self.assertEqual(moved.state, "loaded")
        self.assertEqual(moved.error_code, "reference_missing")
        self.assertTrue(moved.next_hash)
        self.export["companies"] += (("C9", "Late", "late@example.com", "", ""),)
        self.delta(project)
        late = self.target(project, "company", "C9")
        for key in ("D1", "D9"):
            self.assertEqual(self.target(project, "deal", key).partner_id, late)
        self.assertFalse(moved.error)

    def test_g10_deletions_are_listed_counted_and_never_carried_out_unasked(self):
        project = self.start()
        other = self.target(project, "company", "C2")
        self.export["companies"] = self.export["companies"][:2]
        self.export["deals"] = self.export["deals"][:2]
        self.delta(project)
        self.assertTrue(other.active)
        self.assertEqual(project.gone_count, 2)
        listed = project._gone_csv().decode("utf-8-sig")
        self.assertIn("company", listed)
        self.assertIn(str(other.id), listed)
        before = self.snapshot()
        gone = self.staged(project, "company", "C2")
        run = self.run_step(project, "delta", only="archive", record_ids=gone.ids)
        self.assertFalse(other.active)
        self.later()
        self.rollback(project, run_id=run.id)
        self.assertTrue(other.active)
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(gone.state, "loaded")

    def test_g10_decisions_are_applied_from_the_list_with_nothing_selected(self):
        project = self.start()
        self.edit(self.target(project, "deal", "D1"), expected_revenue=150)
        self.change("deals", "D1", amount="120")
        self.delta(project)
        action = project.action_open_conflicts()
        shown = self.env["migration.conflict"].with_context(**action["context"])
        self.assertTrue(action["context"]["search_default_decided"])
        self.conflicts(project).action_take_source()
        self.assertEqual(project.decided_count, 1)
        opened = shown.browse().action_apply()["params"]["next"]
        self.assertEqual(opened["res_id"], project.id)
        run = project.run_ids[:1]
        self.assertEqual((run.state, run.kind), ("queued", "delta"))
        self.env["migration.worker"]._work(run)
        self.assertEqual(self.target(project, "deal", "D1").expected_revenue, 120)

    def test_g10_records_that_have_changed_are_opened_and_counted_alike(self):
        project = self.start()
        self.change("deals", "D1", amount="120")
        self.read_again(project)
        domain = project.action_open_changed()["domain"]
        self.assertEqual(
            self.env["migration.record"].search(domain),
            self.staged(project, "deal", "D1"),
        )
        self.assertEqual(project.change_count, 1)

    def test_g10_only_what_is_gone_is_archived(self):
        project = self.start()
        with self.assertRaisesRegex(UserError, "gone from its source"):
            self.staged(project, "company", "C1").action_archive_gone()

    def test_g10_a_mapping_changed_since_its_approval_loads_nothing(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        self.line(project, "company", "city").write(
            {"kind": "ignored", "confirmed": True}
        )
        self.change("companies", "C1", city="Köln")
        self.read_again(project)
        with self.assertRaisesRegex(UserError, "changed since"):
            project.action_load_changes()
        self.assertEqual(company.city, "Bonn")

    def test_g10_changes_follow_a_load(self):
        project = self.new_project({"companies.csv": csv_text(*COMPANIES[:2])})
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        for action in (project.action_read_changes, project.action_load_changes):
            with self.assertRaisesRegex(UserError, "Load the migration first"):
                action()

    def test_g10_decisions_are_for_managers(self):
        project = self.start()
        self.edit(self.target(project, "company", "C1"), city="Hamburg")
        self.change("companies", "C1", city="Köln")
        self.delta(project)
        user = new_test_user(self.env, "mapper", "crm_migration.group_user")
        conflict = self.conflicts(project).with_user(user)
        self.assertEqual(conflict.odoo_value, "Hamburg")
        for action in ("action_keep_odoo", "action_take_source", "action_apply"):
            with self.assertRaises(AccessError):
                getattr(conflict, action)()
        with self.assertRaises(AccessError):
            project.with_user(user).delta_interval = 1

    def test_g10_a_decision_for_odoo_is_kept_and_one_for_the_source_written_alone(self):
        project = self.start()
        acme, other = (self.target(project, "company", key) for key in ("C1", "C2"))
        self.edit(acme, city="Hamburg")
        self.edit(other, city="Bergen")
        self.change("companies", "C1", city="Köln")
        self.change("companies", "C2", city="Tromsø")
        self.delta(project)
        before = self.snapshot()
        kept, taken = self.conflicts(project)
        self.assertEqual((kept.source_id, taken.source_id), ("C1", "C2"))
        kept.action_keep_odoo()
        taken.action_take_source()
        run = self.run_step(project, "delta", only="decisions")
        self.assertEqual((acme.city, other.city), ("Hamburg", "Tromsø"))
        self.assertEqual(run._counts()["company"]["updated"], 1)
        self.assertEqual(set((kept | taken).mapped("state")), {"settled"})
        self.later()
        self.rollback(project, run_id=run.id)
        self.assertEqual(taken.state, "decided")
        self.assertSameDatabase(before, self.snapshot())

    def test_g10_a_killed_delta_goes_on_where_it_was(self):
        companies = (
            COMPANIES[0],
            *((f"C{n}", f"Company {n}", "", "", "Bonn") for n in range(1, 7)),
        )
        project = self.start(companies=companies)
        project.chunk_size = 2
        for number in range(1, 7):
            self.change("companies", f"C{number}", city="Köln")
        self.read_again(project)
        run = self.env["migration.run"]._start(project, "delta")
        worker = self.env["migration.worker"]
        turns = 0
        while not worker._execute(run, deadline=-1 if turns == 0 else None):
            turns += 1
        self.assertEqual(turns, 1)
        merger = type(self.env["migration.merger"])
        self.assertEqual(
            [self.target(project, "company", f"C{n}").city for n in range(1, 7)],
            ["Köln"] * 6,
        )
        counts = run._counts()["company"]
        self.assertEqual((counts["read"], counts["updated"]), (6, 6))
        with patch.object(merger, "_apply", side_effect=AssertionError("again")):
            self.assertTrue(worker._execute(run, deadline=None))

    def test_g10_nothing_leaves_while_changes_are_loaded(self):
        project = self.start()
        self.change("companies", "C1", city="Köln")
        seen = []
        merger = type(self.env["migration.merger"])
        apply = merger._apply

        def watched(records, *arguments):
            seen.append(silence.is_silent(records.env.cr))
            return apply(records, *arguments)

        with patch.object(merger, "_apply", watched):
            self.delta(project)
        self.assertEqual(seen, [True])


class TestDeltaCommand(CommandCase, DeltaCase):
    """The command “delta”, as it is typed."""

    def test_g10_delta_on_the_command_line(self):
        project = self.start()
        acme = self.target(project, "company", "C1")
        acme.with_context(tracking_disable=True).city = "Hamburg"
        self.later()
        self.change("companies", "C1", city="Köln", phone="+49 30 9")
        self.export["deals"] = self.export["deals"][:2]
        for name, text in self.written().items():
            (self.folder_of_export / name).write_text(text)
        report, gone = self.folder / "delta.json", self.folder / "gone.csv"
        status, output = self.command(
            *("delta", project.key, "--files", self.folder_of_export),
            *("--json", report, "--gone", gone),
        )
        self.assertEqual(status, 1)
        self.assertIn("1 conflicts to decide", output)
        self.assertIn("1 records are gone", output)
        told = json.loads(report.read_text())
        self.assertEqual(told["conflicts"][0]["source"], "Köln")
        self.assertEqual(told["gone"], [{"object": "deal", "source_id": "D2"}])
        self.assertIn("D2", gone.read_text(encoding="utf-8-sig"))
        self.assertEqual((acme.city, acme.phone), ("Hamburg", "+49 30 9"))
        self.later()
        status, output = self.command(
            "delta", project.key, "--no-read", "--take-source"
        )
        self.assertEqual(status, 0)
        self.assertIn("no conflict is open", output)
        self.assertEqual(acme.city, "Köln")

    def test_g10_wrong_use_of_the_command_says_so(self):
        project = self.start()
        with self.assertRaisesRegex(self.cli.NotDone, "one path of --files"):
            self.command("delta", project.key, "--replaces", "x")
        with self.assertRaisesRegex(UserError, "No file named x"):
            self.command(
                "delta", project.key, "--files", self.folder, "--replaces", "x"
            )
        with self.assertRaisesRegex(self.cli.NotDone, "leave out --no-read"):
            self.command("delta", project.key, "--no-read", "--files", self.folder)
        with self.assertRaisesRegex(UserError, "no file or folder"):
            self.command("delta", project.key, "--files", "/nowhere/at/all")
        with self.assertRaisesRegex(self.cli.NotDone, "no migration"):
            self.command("delta", "unknown")
