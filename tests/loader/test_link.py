"""Parties of cases, and further companies of contacts, that change in the source."""

from ..engine.test_delta import DeltaCase
from .common import CASE, COMPANY, LoaderCase
from .test_lead_party import PARTY

PEOPLE = (
    ("company_id", "name", "email"),
    ("1", "Acme", "acme@example.com"),
    ("2", "Borel", ""),
    ("3", "Cole", ""),
)
CASES = (("case_id", "name", "client_id"), ("K1", "First", ""), ("K2", "Second", "3"))
PARTIES = (
    ("party_id", "case_id", "person_id", "role", "is_primary"),
    ("P1", "K1", "1", "Client", "true"),
    ("P2", "K1", "2", "Opposing counsel", "false"),
    ("P3", "K2", "1", "Heir", "true"),
)


class PartyCase(DeltaCase, LoaderCase):
    def setUp(self):
        super().setUp()
        self.source(company=COMPANY, case=CASE, party=PARTY)
        self.export = {"company": PEOPLE, "case": CASES, "party": PARTIES}
        self.folder_of_export = self.write_files(self.written())
        self.project = self.new_project(
            path=self.folder_of_export, source="loader_test"
        )
        self.read_files(self.project)
        self.base = self.snapshot()
        self.load(self.project)
        self.later()
        self.first = self.target(self.project, "case", "K1")
        self.second = self.target(self.project, "case", "K2")

    def drop(self, table, *source_ids):
        rows = self.export[table]
        self.export[table] = tuple(row for row in rows if row[0] not in source_ids)

    def names(self, case):
        """``[name (role)]`` of the parties listed on a case."""
        text = case.x_parties or ""
        lines = [part.split(">", 1)[1] for part in text.split("<a ")[1:]]
        return [line.split("</p>")[0].replace("</a>", "") for line in lines]


class TestChangedParties(PartyCase):
    def test_a_role_that_changed_is_changed_in_the_list_and_in_its_note(self):
        before = self.snapshot()
        stamps = self.first.write_date, self.first.write_uid
        self.change("party", "P2", role="Expert")
        run = self.delta(self.project)
        self.assertEqual(self.names(self.first), ["Acme (Client)", "Borel (Expert)"])
        self.assertFalse(self.conflicts(self.project))
        notes = "".join(self.first.message_ids.mapped("body"))
        self.assertIn("(Expert)", notes)
        self.assertNotIn("Opposing", notes)
        self.assertEqual((self.first.write_date, self.first.write_uid), stamps)
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())

    def test_another_person_in_the_same_role_takes_the_place_in_the_list(self):
        self.change("party", "P2", person_id="3")
        self.delta(self.project)
        self.assertEqual(
            self.names(self.first), ["Acme (Client)", "Cole (Opposing counsel)"]
        )

    def test_a_party_that_was_added_is_listed(self):
        self.export["party"] += (("P5", "K1", "3", "Witness", "false"),)
        before = self.snapshot()
        run = self.delta(self.project)
        self.assertEqual(self.names(self.first)[-1], "Cole (Witness)")
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())

    def test_a_party_that_was_removed_is_taken_out_and_comes_back(self):
        before = self.snapshot()
        self.drop("party", "P2")
        run = self.delta(self.project)
        self.assertEqual(self.names(self.first), ["Acme (Client)"])
        self.assertFalse(self.conflicts(self.project))
        self.assertEqual(self.project.gone_count, 0)
        self.assertIn("No longer", "".join(self.first.message_ids.mapped("body")))
        self.delta(self.project)
        self.assertEqual(self.names(self.first), ["Acme (Client)"])
        self.export["party"] = PARTIES
        again = self.delta(self.project)
        self.assertEqual(len(self.names(self.first)), 2)
        self.rollback(self.project, run_id=again.id)
        self.assertEqual(self.names(self.first), ["Acme (Client)"])
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())

    def test_a_party_taken_out_by_a_user_and_in_the_source_is_nothing_to_decide(self):
        self.first.x_parties = str(self.first.x_parties).split("</p>")[0] + "</p>"
        self.later()
        self.drop("party", "P2")
        self.delta(self.project)
        self.assertEqual(self.names(self.first), ["Acme (Client)"])
        self.assertFalse(self.conflicts(self.project))

    def test_what_a_user_added_to_the_list_stays(self):
        self.first.x_parties += "<p>A friend of the judge</p>"
        self.later()
        self.change("party", "P2", role="Expert")
        self.drop("party", "P1")
        self.delta(self.project)
        self.assertEqual(
            self.names(self.first), ["Borel (Expert)"], self.first.x_parties
        )
        self.assertIn("A friend of the judge", self.first.x_parties)

    def test_a_party_that_both_have_changed_is_a_conflict(self):
        self.first.x_parties = self.first.x_parties.replace("Opposing counsel", "Foe")
        self.later()
        self.change("party", "P2", role="Expert")
        run = self.delta(self.project)
        self.assertEqual(self.names(self.first)[1], "Borel (Foe)")
        conflict = self.conflicts(self.project)
        self.assertEqual(
            (conflict.base_value, conflict.odoo_value, conflict.source_value),
            ("Borel (Opposing counsel)", "Borel (Foe)", "Borel (Expert)"),
        )
        self.assertEqual(conflict.field_label, "Parties")
        self.assertEqual(run._counts()["party"]["conflicts"], 1)
        before = self.snapshot()
        conflict.action_take_source()
        run = self.run_step(self.project, "delta", only="decisions")
        self.assertEqual(self.names(self.first)[1], "Borel (Expert)")
        self.later()
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())

    def test_a_party_changed_by_users_and_removed_in_the_source_is_a_conflict(self):
        self.first.x_parties = self.first.x_parties.replace("Opposing counsel", "Foe")
        self.later()
        self.drop("party", "P2")
        self.delta(self.project)
        conflict = self.conflicts(self.project)
        self.assertEqual(conflict.source_value, "")
        self.assertEqual(len(self.names(self.first)), 2)
        conflict.action_take_source()
        self.run_step(self.project, "delta", only="decisions")
        self.assertEqual(self.names(self.first), ["Acme (Client)"])

    def test_several_parties_of_one_case_change_together(self):
        before = self.snapshot()
        self.change("party", "P1", role="Principal")
        self.change("party", "P2", role="Expert")
        run = self.delta(self.project)
        self.assertEqual(self.names(self.first), ["Acme (Principal)", "Borel (Expert)"])
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())

    def test_another_primary_party_is_the_customer(self):
        before = self.snapshot()
        self.assertEqual(self.first.partner_id.name, "Acme")
        self.change("party", "P1", is_primary="false")
        self.change("party", "P2", is_primary="true")
        run = self.delta(self.project)
        self.assertEqual(self.first.partner_id.name, "Borel")
        self.assertFalse(self.conflicts(self.project))
        self.rollback(self.project, run_id=run.id)
        self.assertEqual(self.first.partner_id.name, "Acme")
        self.assertSameDatabase(before, self.snapshot())

    def test_a_new_primary_party_is_the_customer_in_place_of_the_one_removed(self):
        self.drop("party", "P1")
        self.export["party"] += (("P5", "K1", "3", "Client", "true"),)
        self.delta(self.project)
        self.assertEqual(self.first.partner_id.name, "Cole")
        self.assertFalse(self.conflicts(self.project))
        self.assertNotIn("Acme (Client)", self.names(self.first))

    def test_a_customer_who_is_gone_without_another_one_is_asked_about(self):
        self.drop("party", "P1")
        self.delta(self.project)
        self.assertEqual(self.first.partner_id.name, "Acme")
        conflict = self.conflicts(self.project)
        self.assertEqual(
            (conflict.kind, conflict.field_name), ("emptied", "partner_id")
        )

    def test_a_customer_that_users_have_changed_is_a_conflict(self):
        self.first.partner_id = self.target(self.project, "company", "3")
        self.later()
        self.change("party", "P1", person_id="2")
        self.delta(self.project)
        self.assertEqual(self.first.partner_id.name, "Cole")
        self.assertEqual(self.conflicts(self.project).field_name, "partner_id")
        self.assertIn("Borel (Client)", self.names(self.first))

    def test_a_listed_primary_party_leaves_the_customer_of_the_case_alone(self):
        self.change("party", "P3", person_id="2")
        self.delta(self.project)
        self.assertEqual(self.second.partner_id.name, "Cole")
        self.assertEqual(self.names(self.second), ["Borel (Heir)"])
        self.assertFalse(self.conflicts(self.project))

    def test_a_party_that_moved_to_another_case_is_to_be_changed_by_hand(self):
        self.change("party", "P2", case_id="K2")
        run = self.delta(self.project)
        conflict = self.conflicts(self.project)
        self.assertEqual(conflict.kind, "by_hand")
        self.assertIn("case_id = K1", conflict.base_value)
        self.assertIn("case_id = K2", conflict.source_value)
        self.assertEqual(len(self.names(self.first)), 2)
        self.assertEqual(len(self.names(self.second)), 1)
        self.rollback(self.project, run_id=run.id)
        self.assertFalse(self.conflicts(self.project))
        self.later()
        self.run_step(self.project, "delta")
        conflict = self.conflicts(self.project)
        self.assertEqual(conflict.kind, "by_hand")
        conflict.action_take_source()
        self.run_step(self.project, "delta", only="decisions")
        self.assertEqual(conflict.state, "settled")
        self.assertEqual(len(self.names(self.first)), 2)

    def test_a_party_of_a_case_that_is_deleted_in_odoo_is_asked_about_or_forgotten(
        self,
    ):
        self.first.unlink()
        self.later()
        self.change("party", "P1", role="Principal")
        self.drop("party", "P2")
        self.delta(self.project)
        conflict = self.conflicts(self.project)
        self.assertEqual((conflict.kind, conflict.source_id), ("deleted", "P1"))

    def test_everything_is_taken_back_after_parties_were_changed_and_removed(self):
        self.change("party", "P1", role="Principal", is_primary="false")
        self.change("party", "P2", is_primary="true")
        self.delta(self.project)
        self.drop("party", "P1", "P3")
        self.delta(self.project)
        self.rollback(self.project)
        self.assertSameDatabase(self.base, self.snapshot())
        records = self.env["migration.record"].search(
            [("project_id", "=", self.project.id), ("mapping_id.name", "=", "party")]
        )
        self.assertEqual(records.mapped("source_id"), ["P2"])
        self.assertEqual(records.state, "pending")

    def test_a_party_that_was_taken_out_is_no_difference_for_the_verification(self):
        self.drop("party", "P2")
        self.delta(self.project)
        record = self.staged(self.project, "party", "P2")
        rows = self.env["migration.comparison"]._compare(record.mapping_id, record)
        self.assertEqual(rows, [])

    def test_unchanged_parties_cost_no_write(self):
        self.read_again(self.project)
        self.assertEqual(self.project.change_count, 0)


COMPANIES = (
    ("company_id", "name"),
    ("C1", "First AG"),
    ("C2", "Second (Berlin) AG"),
    ("C3", "Third AG"),
)
CONTACTS = (("contact_id", "full_name"), ("P1", "Ina One"))
LINKS = (
    ("link_id", "contact_id", "company_id", "is_primary", "role"),
    ("L1", "P1", "C1", "true", "Director"),
    ("L2", "P1", "C2", "false", "Adviser"),
    ("L3", "P1", "C3", "false", ""),
)


class TestChangedCompanies(DeltaCase):
    """Where relations are installed, they change; otherwise lines on the contact."""

    def setUp(self):
        super().setUp()
        self.project = self.start(
            companies=COMPANIES,
            deals=(("deal_id", "name"), ("D1", "Roof")),
            contacts=CONTACTS,
            contact_companies=LINKS,
        )
        self.contact = self.target(self.project, "contact", "P1")
        self.relations = "res.partner.relation" in self.env

    def drop(self, source_id):
        rows = self.export["contact_companies"]
        self.export["contact_companies"] = tuple(
            row for row in rows if row[0] != source_id
        )

    def others(self):
        """``{company: role}`` of the further companies of the contact."""
        if not self.relations:
            lines = (self.contact.x_other_companies or "").split("\n")
            return [line.rsplit(" [", 1)[0] for line in lines if line]
        relations = self.env["res.partner.relation"].search(
            [("left_partner_id", "=", self.contact.id), ("date_end", "=", False)],
            order="id",
        )
        return [
            f"{one.right_partner_id.name} ({one.type_id.name})".replace(
                " (Linked company)", ""
            )
            for one in relations
        ]

    def edit_source(self, company, **values):
        rows = self.export["contact_companies"]
        head = rows[0]
        self.export["contact_companies"] = tuple(
            tuple(
                values.get(name, cell) if row[2] == company else cell
                for name, cell in zip(head, row, strict=True)
            )
            for row in rows
        )

    def test_a_role_that_changed_is_changed_and_a_link_that_is_gone_taken_out(self):
        self.assertEqual(self.others(), ["Second (Berlin) AG (Adviser)", "Third AG"])
        before = self.snapshot()
        self.edit_source("C2", role="Auditor")
        self.drop("L3")
        run = self.delta(self.project)
        self.assertEqual(self.others(), ["Second (Berlin) AG (Auditor)"])
        self.assertFalse(self.conflicts(self.project))
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())
        self.later()
        self.run_step(self.project, "delta")
        self.assertEqual(self.others(), ["Second (Berlin) AG (Auditor)"])

    def test_a_link_that_comes_back_is_there_once(self):
        before = self.snapshot()
        self.drop("L3")
        run = self.delta(self.project)
        self.export["contact_companies"] = LINKS
        again = self.delta(self.project)
        self.assertEqual(len(self.others()), 2)
        self.rollback(self.project, run_id=again.id)
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())

    def test_a_link_of_a_company_that_has_another_name_now_is_found(self):
        self.change("companies", "C2", name="Second Holding")
        self.edit_source("C2", role="Auditor")
        self.delta(self.project)
        self.assertEqual(
            sorted(self.others()), ["Second Holding (Auditor)", "Third AG"]
        )

    def test_another_primary_company_is_the_parent(self):
        before = self.snapshot()
        self.edit_source("C1", is_primary="false")
        self.edit_source("C3", is_primary="true")
        run = self.delta(self.project)
        self.assertEqual(self.contact.parent_id.name, "Third AG")
        self.assertFalse(self.conflicts(self.project))
        self.assertIn("First AG (Director)", self.others())
        self.assertNotIn("Third AG", self.others())
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())

    def test_what_users_changed_of_a_link_is_a_conflict(self):
        if self.relations:
            relation = self.env["res.partner.relation"].search(
                [("right_partner_id.name", "=", "Second (Berlin) AG")]
            )
            relation.date_end = "2026-01-01"
        else:
            text = self.contact.x_other_companies
            self.contact.x_other_companies = text.replace("Adviser", "Friend")
        self.later()
        self.edit_source("C2", role="Auditor")
        self.delta(self.project)
        self.assertEqual(self.conflicts(self.project).kind, "conflict")
        self.assertFalse([one for one in self.others() if "Auditor" in one])
        self.conflicts(self.project).action_take_source()
        self.run_step(self.project, "delta", only="decisions")
        self.assertIn("Second (Berlin) AG (Auditor)", self.others())
