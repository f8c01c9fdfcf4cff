"""Owners of the source and users of Odoo."""

import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import MigrationCase, csv_text

COMPANIES = ("company_id", "name", "owner")


class TestMigrationOwner(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.new_project({}, fallback_user_id=False)

    def owner(self, key, **values):
        owner = self.env["migration.owner"].create(
            {"project_id": self.project.id, "key": key, **values}
        )
        owner._take_users(*self.env["migration.owners"]._directories())
        return owner

    def test_an_owner_is_matched_by_address_whatever_its_case(self):
        for values in (
            {"key": "U1", "email": "ANNA@Example.com"},
            {"key": "Anna@example.com"},
        ):
            self.assertEqual(self.owner(**values).user_id, self.anna)

    def test_an_owner_is_matched_by_login(self):
        user = new_test_user(
            self.env, "bob@login.example", "base.group_user", email="bob@mail.example"
        )
        self.assertEqual(self.owner("U1", email="bob@login.example").user_id, user)

    def test_an_owner_is_matched_by_a_name_that_only_one_user_has(self):
        self.assertEqual(self.owner("U1", name="anna  BERG").user_id, self.anna)
        new_test_user(self.env, "anna2", "base.group_user", name="Anna Berg")
        owner = self.owner("U2", name="Anna Berg")
        self.assertFalse(owner.user_id)
        self.assertEqual(owner.state, "unmatched")

    def test_an_archived_user_keeps_the_records_of_a_former_colleague(self):
        self.anna.active = False
        owner = self.owner("U1", email="anna@example.com")
        self.assertEqual((owner.user_id, owner.state), (self.anna, "archived"))

    def test_an_active_user_is_preferred_to_an_archived_one(self):
        old = new_test_user(
            self.env, "anna-old", "base.group_user", email="anna@example.com"
        )
        old.active = False
        self.assertEqual(self.owner("U1", email="anna@example.com").user_id, self.anna)

    def test_portal_users_own_nothing(self):
        new_test_user(self.env, "guest", "base.group_portal", email="guest@example.com")
        self.assertFalse(self.owner("U1", email="guest@example.com").user_id)

    def test_the_state_follows_user_and_fallback(self):
        owner = self.owner("U1", email="stranger@example.com")
        self.assertEqual(owner.state, "unmatched")
        self.project.fallback_user_id = self.admin
        self.assertEqual(owner.state, "fallback")
        owner.user_id = self.anna
        self.assertEqual(owner.state, "matched")
        self.anna.active = False
        self.assertEqual(owner.state, "archived")

    def test_a_choice_is_not_replaced_by_a_proposal(self):
        owner = self.owner("U1", email="anna@example.com")
        owner.user_id = self.admin
        owner._take_users(*self.env["migration.owners"]._directories())
        self.assertEqual(owner.user_id, self.admin)

    def test_users_are_created_without_an_invitation(self):
        mails = self.env["mail.mail"].search_count([])
        owners = self.owner("U1", email="new@example.com", name="Nora New")
        owners |= self.owner("U2", name="No Address")
        owners.action_create_user()
        self.assertFalse(owners[1].user_id)
        user = owners[0].user_id
        self.assertEqual((user.login, user.name), ("new@example.com", "Nora New"))
        self.assertTrue(user.has_group("sales_team.group_sale_salesman"))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(user.partner_id.signup_type)
        owners.action_create_user()
        self.assertEqual(owners[0].user_id, user)

    def test_records_of_an_undecided_owner_wait_and_land_when_there_is_a_user(self):
        project = self.migrate(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "owner_email"),
                    ("1", "A", "stranger@example.com"),
                    ("2", "B", "anna@example.com"),
                    ("3", "C", ""),
                )
            },
            fallback_user_id=False,
        )
        self.assertEqual(self.target(project, "company", "2").user_id, self.anna)
        for source_id in ("1", "3"):
            record = self.staged(project, "company", source_id)
            self.assertEqual(
                (record.state, record.error_code), ("held", "owner_unresolved")
            )
            self.assertIn("fallback user", record.error)
        project.owner_ids.filtered(lambda one: not one.user_id).user_id = self.admin
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "1").user_id, self.admin)
        self.assertEqual(self.staged(project, "company", "3").state, "held")
        project.fallback_user_id = self.anna
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "3").user_id, self.anna)


class OwnerCase(MigrationCase):
    """Exports whose records name their owners in several ways."""

    def export(self, *owners, users=(), deals=(), **values):
        """Read an export with a company for each of ``owners``; gives the project."""
        files = {
            "companies.csv": csv_text(
                COMPANIES,
                *((f"C{n}", f"Company {n}", owner) for n, owner in enumerate(owners)),
            )
        }
        if deals:
            files["deals.csv"] = csv_text(
                ("deal_id", "name", "owner"),
                *((f"D{n}", f"Deal {n}", owner) for n, owner in enumerate(deals)),
            )
        if users:
            files["users.csv"] = csv_text(
                ("user_id", "full_name", "email", "active"), *users
            )
        project = self.new_project(files, **{"fallback_user_id": False, **values})
        self.read_files(project)
        return project

    def keys(self, project):
        """``{key: records}`` of the owners that are listed."""
        return {one.key: one.record_count for one in project.owner_ids}

    def one(self, project, key):
        return project.owner_ids.filtered(lambda owner: owner.key == key)

    def states(self, project):
        records = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("mapping_id.name", "=", "company")]
        )
        return {one.source_id: one.state for one in records}


class TestOwnerReport(OwnerCase):
    """Who is listed, with which user, and why."""

    def test_G05_a_name_and_an_address_are_one_owner_where_something_tells_so(self):
        anna = ("Anna Berg", "Berg, Anna", "anna.berg", "ANNA@example.com")
        project = self.export(*anna)
        self.assertEqual(self.keys(project), {"ANNA@example.com": 4})
        owner = project.owner_ids
        self.assertEqual((owner.user_id, owner.matched_by), (self.anna, "email"))
        project = self.export(
            *("U1", "Berg, Bea", "bea@old.example"),
            users=[("U1", "Bea Berg", "bea@old.example", "yes")],
        )
        self.assertEqual(self.keys(project), {"U1": 3})
        self.assertEqual(project.owner_ids.also, "Berg, Bea, bea@old.example")

    def test_G05_a_name_that_two_owners_have_is_not_counted_for_either(self):
        project = self.export(
            *("Anna Berg", "U2"),
            users=[
                ("U1", "Anna Berg", "a1@old.example", "yes"),
                ("U2", "Anna Berg", "a2@old.example", "yes"),
            ],
            fallback_user_id=self.admin.id,
        )
        self.assertEqual(self.keys(project), {"U1": 0, "U2": 1, "Anna Berg": 1})
        unclear = self.one(project, "Anna Berg")
        self.assertEqual((unclear.state, unclear.user_id.id), ("unmatched", False))
        self.assertIn("U1, U2", unclear.reason)
        self.load(project)
        self.assertEqual(self.states(project)["C0"], "held", "no guess, no fallback")
        self.assertIn("U1, U2", self.staged(project, "company", "C0").error)
        unclear.action_use_fallback()
        self.assertEqual(unclear.state, "fallback")
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "C0").user_id, self.admin)

    def test_G05_each_way_to_be_matched_is_told(self):
        old = new_test_user(
            self.env,
            "old.hand",
            "base.group_user",
            name="Otto Hand",
            email="o@x.example",
        )
        old.active = False
        new_test_user(
            self.env,
            "guest",
            "base.group_portal",
            name="Gus Guest",
            email="g@x.example",
        )
        for login in ("twin1", "twin2"):
            new_test_user(
                self.env, login, "base.group_user", name="Tim Twin", email="t@x.example"
            )
        project = self.export(
            *("anna@example.com", "Hand, Otto", "g@x.example", "t@x.example"),
            *("Nobody At All", "OLD.hand"),
        )
        found = {
            one.key: (one.state, one.matched_by, one.user_id.login)
            for one in project.owner_ids
        }
        self.assertEqual(
            found,
            {
                "anna@example.com": ("matched", "email", "anna"),
                "Hand, Otto": ("archived", "login", "old.hand"),
                "g@x.example": ("unmatched", "portal", False),
                "t@x.example": ("unmatched", "several_users", False),
                "Nobody At All": ("unmatched", "none", False),
            },
        )
        twins = self.one(project, "t@x.example")
        self.assertEqual(set(twins.candidate_ids.mapped("login")), {"twin1", "twin2"})
        self.assertIn("Tim Twin (twin1)", twins.reason)
        twins.user_id = twins.candidate_ids[0]
        self.assertEqual((twins.matched_by, len(twins.candidate_ids)), ("chosen", 0))

    def test_G05_records_are_counted_by_object_and_authors_own_none(self):
        project = self.export(
            *("anna@example.com", "anna@example.com"), deals=["Anna Berg"]
        )
        owner = project.owner_ids
        self.assertEqual(owner.counts, {"company": 2, "deal": 1})
        self.assertEqual(owner.record_count, 3)
        self.assertEqual(owner.counts_text, "Companies: 2, Deals: 1")

    def test_G05_counting_costs_one_query_for_each_owner_column(self):
        project = self.export(*(f"owner{n}@example.com" for n in range(50)))
        owners = self.env["migration.owners"]
        line = self.line(project, "company", "user_id")
        list(owners._counted(line))
        with self.assertQueryCount(1):
            self.assertEqual(len(list(owners._counted(line))), 50)

    def test_G05_owners_are_listed_again_without_losing_what_was_decided(self):
        project = self.export("Carl Moor", "dora@old.example", "Emil Kern")
        self.one(project, "Carl Moor").user_id = self.anna
        dora = self.one(project, "dora@old.example")
        dora.email = "dora@new.example"
        self.one(project, "Emil Kern").use_fallback = True
        users = csv_text(
            ("user_id", "full_name", "email", "active"),
            ("U1", "Carl Moor", "carl@old.example", "yes"),
        )
        project._add_path(str(self.write_files({"users.csv": users})))
        self.read_files(project)
        self.assertEqual(
            self.keys(project), {"U1": 1, "dora@old.example": 1, "Emil Kern": 1}
        )
        self.assertEqual(self.one(project, "U1").user_id, self.anna)
        self.assertEqual(dora.email, "dora@new.example")
        self.assertTrue(self.one(project, "Emil Kern").use_fallback)

    def test_G05_the_report_is_a_workbook_that_no_formula_gets_into(self):
        project = self.export("=1+1", "anna@example.com", deals=["anna@example.com"])
        action = project.action_download_owners()
        number = int(action["url"].split("/")[-1].partition("?")[0])
        content = self.env["ir.attachment"].browse(number).raw
        sheet = load_workbook(io.BytesIO(content)).active
        head, *rows = sheet.iter_rows(min_row=2, values_only=True)
        rows = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
        self.assertEqual(rows["anna@example.com"]["Odoo User"], "anna")
        self.assertEqual(rows["anna@example.com"]["Reason"], "Same e-mail")
        self.assertEqual(rows["anna@example.com"]["Deals"], 1)
        self.assertEqual(rows["=1+1"]["State"], "Unmatched")
        self.assertEqual(sheet["A4"].data_type, "s")


class TestOwnerHoldQueue(OwnerCase):
    """Records wait for their owner, and go on when it is decided."""

    def test_G05_held_records_go_on_when_their_owner_gets_a_user(self):
        project = self.export("Carl Moor", "Moor, Carl", "Dora Lund", "")
        self.load(project)
        self.assertEqual(set(self.states(project).values()), {"held"})
        carl, dora = self.one(project, "Carl Moor"), self.one(project, "Dora Lund")
        self.assertEqual((carl.held_count, dora.held_count), (2, 1))
        self.assertFalse(carl.releasable)
        action = carl.action_open_held()
        records = self.env["migration.record"].search(action["domain"])
        self.assertEqual(records.mapped("source_id"), ["C0", "C1"])
        carl.user_id = self.anna
        self.assertEqual(
            self.states(project),
            {"C0": "pending", "C1": "pending", "C2": "held", "C3": "held"},
        )
        carl.invalidate_recordset()
        self.assertTrue(carl.releasable)
        self.assertFalse(records[0].error)
        carl.action_release()
        run = project.run_ids[0]
        self.assertEqual((run.kind, run.state), ("load", "queued"))
        self.env["migration.worker"]._work(run)
        self.assertEqual(self.target(project, "company", "C1").user_id, self.anna)
        self.assertEqual(self.states(project)["C2"], "held")

    def test_G05_a_fallback_user_releases_what_has_no_owner(self):
        project = self.export("Dora Lund", "")
        self.load(project)
        project.fallback_user_id = self.admin
        self.assertEqual(self.states(project), {"C0": "pending", "C1": "pending"})
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "C1").user_id, self.admin)

    def test_G05_releasing_costs_the_same_for_any_number_of_records(self):
        project = self.export(*["Dora Lund"] * 5)
        self.load(project)
        self.env["migration.owners"]._release(project)
        queries = []
        for _again in range(2):
            records = self.env["migration.record"].search(
                [("project_id", "=", project.id), ("state", "=", "held")]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            project._retry(("owner_unresolved",))
            queries.append(self.env.cr.sql_log_count - before)
            records[:1].write({"state": "held", "error_code": "owner_unresolved"})
        self.assertEqual(queries[0], queries[1])
        self.assertEqual(queries[0], 1)


class TestOwnerUsers(OwnerCase):
    """Users are made for owners, and nobody hears of it."""

    def test_G05_users_are_made_silently_and_taken_back_with_the_migration(self):
        project = self.export(
            *("nora@new.example", "U2"),
            users=[("U2", "Gone Guy", "gone@new.example", "Deactivated")],
        )
        before = self.snapshot()
        project.owner_ids.action_create_user()
        nora = self.one(project, "nora@new.example").user_id
        gone = self.one(project, "U2").user_id
        self.assertTrue(nora.active)
        self.assertFalse(gone.active, "inactive in the source")
        self.assertEqual(nora.company_id, project.company_id)
        self.assertEqual(nora.company_ids, project.company_id)
        self.assertFalse(nora.partner_id.signup_type)
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [nora.id])
        self.assertFalse(self.env.cr.fetchone()[0], "nobody can log in yet")
        after = self.snapshot()
        for table in ("mail_mail", "bus_bus", "mail_message", "mail_activity"):
            self.assertEqual(before.get(table), after.get(table), table)
        self.load(project)
        self.assertEqual(self.target(project, "company", "C0").user_id, nora)
        self.rollback(project)
        self.assertFalse((nora | gone).exists())
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(set(project.owner_ids.mapped("state")), {"unmatched"})

    def test_G05_a_user_that_has_been_used_since_stays(self):
        project = self.export("nora@new.example", "olga@new.example")
        project.owner_ids.action_create_user()
        nora = self.one(project, "nora@new.example").user_id
        olga = self.one(project, "olga@new.example").user_id
        self.load(project)
        self.later()
        self.env["res.users.log"].with_user(nora).sudo().create({})
        self.env.flush_all()
        self.rollback(project)
        self.assertTrue(nora.exists())
        self.assertTrue(nora.partner_id.exists())
        self.assertFalse(olga.exists())

    def test_G05_a_login_that_is_taken_is_told_instead_of_an_error(self):
        new_test_user(self.env, "g@x.example", "base.group_portal", name="Gus")
        old = new_test_user(self.env, "old@x.example", "base.group_user", name="Otto")
        old.active = False
        project = self.export("G1", "O1", "N1", "E1", "nora@new.example")
        self.one(project, "G1").email = "G@x.example"
        self.one(project, "O1").email = "old@x.example"
        self.one(project, "E1").email = "not an address"
        refused = project.owner_ids._create_users()
        self.assertEqual(len(refused), 4)
        text = "\n".join(refused)
        self.assertRegex(text, "G1: Gus is a portal user")
        self.assertRegex(text, "O1: Otto is an archived user")
        self.assertRegex(text, "N1: it has no e-mail")
        self.assertRegex(text, "E1: “not an address” is not an e-mail")
        self.assertTrue(self.one(project, "nora@new.example").user_id)
        with self.assertRaises(UserError):
            self.one(project, "N1").action_create_user()
        self.one(project, "N1").email = "n1@new.example"
        self.one(project, "N1").action_create_user()
        self.assertEqual(self.one(project, "N1").user_id.login, "n1@new.example")

    def test_G05_only_who_may_create_users_and_migrate_creates_them(self):
        project = self.export("nora@new.example", "olga@new.example")
        mapper = new_test_user(self.env, "mia", "crm_migration.group_user")
        manager = new_test_user(self.env, "max", "crm_migration.group_manager")
        both = new_test_user(
            self.env, "adm", "crm_migration.group_manager,base.group_erp_manager"
        )
        owner = project.owner_ids[0]
        for user in (mapper, manager):
            with self.assertRaises(AccessError):
                owner.with_user(user).action_create_user()
        owner.with_user(mapper).user_id = self.anna
        self.assertEqual(owner.matched_by, "chosen")
        project.owner_ids[1].with_user(both).action_create_user()
        self.assertTrue(project.owner_ids[1].user_id)
        other = self.env["res.company"].create({"name": "Another"})
        project.company_id = other
        with self.assertRaises(AccessError):
            owner.with_user(mapper).read(["name"])
