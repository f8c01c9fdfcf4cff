"""The rows AL07 to AL12 of the specification: what hangs on the records.

Activities, notes and files, fields of their own, owners and tags.
"""

import hashlib
from datetime import date, datetime

from lxml import etree

from .common import MigrationCase, csv_text
from .test_rows_allegory import AllegoryCase


class TestAllegoryDemo(AllegoryCase):
    """What hangs on the records, as it is read back from Odoo."""

    def tab(self, model, view):
        """Names of the fields on the tab “Migrated data” of a form."""
        arch = self.env[model].get_view(self.env.ref(view).id, "form")["arch"]
        page = etree.fromstring(arch).xpath("//page[@name='migrated_data']")[0]
        self.assertEqual(page.get("string"), "Migrated Data")
        return {node.get("name") for node in page.iter("field")}

    def test_al07_open_activity_is_planned(self):
        activity = self.get("activity", "AC-00002")
        self.assertEqual(activity._name, "mail.activity")
        self.assertTrue(activity.active)
        call = self.env.ref("mail.mail_activity_data_call")
        self.assertEqual(activity.activity_type_id, call)
        self.assertEqual(activity.date_deadline, date(2027, 2, 6))
        self.assertEqual(activity.state, "planned")
        self.assertEqual(activity.user_id, self.admin)
        self.assertEqual(activity.summary, "Call about the site visit")
        deal = self.get("deal", "DL-00089")
        self.assertIn(activity, deal.activity_ids)
        ids = deal.message_ids.mapped("x_source_id")
        self.assertNotIn(activity.x_source_id, ids, "not done, so not in the chatter")

    def test_al07_done_activity_is_kept_with_its_date_and_user(self):
        activity = self.get("activity", "AC-00001")
        self.assertFalse(activity.active)
        self.assertEqual(activity.state, "done")
        self.assertEqual(activity.date_done, date(2025, 10, 17))
        self.assertEqual(activity.date_deadline, date(2025, 10, 17))
        self.assertEqual(activity.user_id, self.jonas)
        deal = self.get("deal", "DL-00030")
        self.assertNotIn(activity, deal.with_context(active_test=True).activity_ids)

    def test_al07_done_activity_is_in_the_chatter_at_its_time(self):
        deal = self.get("deal", "DL-00030")
        call = self.env.ref("mail.mail_activity_data_call")
        message = deal.message_ids.filtered(
            lambda one: "Call about the new contact person" in one.body
        )
        self.assertEqual(len(message), 1)
        self.assertEqual(message.date, datetime(2025, 10, 17, 7, 7, 43))
        self.assertEqual(message.mail_activity_type_id, call)
        self.assertEqual(message.author_id, self.jonas.partner_id)
        self.assertIn("Forwarded to the purchasing department.", message.body)

    def test_al07_types_are_call_email_and_meeting(self):
        for source_id, kind in (
            ("AC-00001", "call"),
            ("AC-00003", "email"),
            ("AC-00004", "meeting"),
        ):
            expected = self.env.ref(f"mail.mail_activity_data_{kind}")
            activity = self.get("activity", source_id)
            self.assertEqual(activity.activity_type_id, expected)

    def test_al08_note_is_an_internal_comment_of_its_author_and_date(self):
        note = self.get("note", "NT-00014")
        contact = self.get("contact", "CN-00047")
        self.assertEqual((note._name, note.message_type), ("mail.message", "comment"))
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual((note.model, note.res_id), ("res.partner", contact.id))
        self.assertEqual(note.date, datetime(2022, 9, 15, 16, 19, 5))
        self.assertEqual(note.author_id, self.erik.partner_id)
        self.assertIn("Spoke about the sample order.", note.body)
        self.assertIn(note, contact.message_ids)

    def test_al08_attachments_of_a_note_are_linked(self):
        note = self.get("note", "NT-00014")
        self.assertEqual(note.attachment_ids, self.get("file", "FL-00003"))
        on_deal = self.get("note", "NT-00001")
        self.assertIn(on_deal, self.get("deal", "DL-00006").message_ids)
        self.assertEqual(on_deal.attachment_ids, self.get("file", "FL-00001"))

    def test_al09_file_is_on_its_record_unchanged(self):
        attachment = self.get("file", "FL-00002")
        deal = self.get("deal", "DL-00116")
        self.assertEqual(attachment._name, "ir.attachment")
        self.assertEqual(
            (attachment.res_model, attachment.res_id), ("crm.lead", deal.id)
        )
        self.assertEqual(attachment.name, "Angebot 2021.png")
        self.assertEqual(attachment.mimetype, "image/png")
        checksum = "42794635a31eed4a14bbc09a6ffc6941ba390415"
        self.assertEqual(attachment.checksum, checksum)
        self.assertEqual(hashlib.sha1(attachment.raw).hexdigest(), checksum)
        pdf = self.get("file", "FL-00001")
        self.assertEqual(pdf.mimetype, "application/pdf")
        self.assertEqual(pdf.file_size, 592)

    def test_al10_custom_fields_have_the_types_of_the_source(self):
        has_currency = "currency_id" in self.env["res.partner"]._fields
        amount = "monetary" if has_currency else "float"
        expected = {
            ("res.partner", "x_tier"): "selection",
            ("res.partner", "x_annual_revenue"): amount,
            ("res.partner", "x_customer_since"): "date",
            ("res.partner", "x_reference_customer"): "boolean",
            ("res.partner", "x_lead_score"): "float",
            ("res.partner", "x_assistant"): "char",
            ("crm.lead", "x_region"): "selection",
            ("crm.lead", "x_discount"): "float",
            ("crm.lead", "x_budget"): "monetary",
            ("crm.lead", "x_requirements"): "text",
            ("crm.lead", "x_stage_entered_date"): "datetime",
            ("res.partner", "x_employee_count"): "integer",
        }
        for (model, name), ttype in expected.items():
            field = self.env["ir.model.fields"]._get(model, name)
            self.assertEqual((name, field.ttype), (name, ttype))
            self.assertEqual(field.state, "manual")
            self.assertEqual(self.env[model]._fields[name].type, ttype)
        region = self.env["ir.model.fields"]._get("crm.lead", "x_region")
        self.assertEqual(
            region.selection_ids.mapped("name"), ["North", "South", "East", "West"]
        )
        self.assertEqual(region.field_description, "Region")

    def test_al10_custom_fields_have_their_values(self):
        company = self.get("company", "CO-00002")
        self.assertEqual(company.x_tier, "Gold")
        self.assertEqual(company.x_annual_revenue, 10025000.0)
        self.assertEqual(company.x_customer_since, date(2021, 3, 27))
        self.assertFalse(company.x_reference_customer)
        contact = self.get("contact", "CN-00010")
        self.assertTrue(contact.x_newsletter)
        self.assertEqual(contact.x_lead_score, 94.0)
        self.assertEqual(contact.x_assistant, "Mme Leroy")
        deal = self.get("deal", "DL-00004")
        self.assertEqual((deal.x_discount, deal.x_budget), (7.5, 15391.8))
        self.assertEqual(deal.x_contract_end, date(2017, 1, 12))
        self.assertEqual(
            deal.x_requirements, "Delivery in two lots.\nTraining on site."
        )

    def test_al10_custom_fields_are_on_the_tab_of_migrated_data(self):
        lead = self.tab("crm.lead", "crm.crm_lead_view_form")
        self.assertLessEqual({"x_region", "x_budget", "x_nda_signed"}, lead)
        partner = self.tab("res.partner", "base.view_partner_form")
        self.assertLessEqual({"x_tier", "x_language", "x_employee_count"}, partner)

    def test_al11_owners_become_users_by_email(self):
        owners = {one.email or one.key: one for one in self.project.owner_ids}
        jonas = owners["jonas.weiss@allegory-demo.example"]
        self.assertEqual((jonas.state, jonas.user_id), ("matched", self.jonas))
        unknown = owners["departed.rep@allegory-demo.example"]
        self.assertEqual(unknown.state, "fallback")
        self.assertEqual(unknown.record_count, 5)

    def test_al11_no_record_lands_without_a_user(self):
        for model in ("res.partner", "crm.lead", "mail.activity"):
            records = self.env[model].with_context(active_test=False)
            records = records.search([("x_source_id", "!=", False)])
            self.assertTrue(records)
            self.assertFalse(records.filtered(lambda one: not one.user_id))

    def test_al12_tags_are_created_with_their_colour(self):
        tag = self.get("contact_tag", "key account")
        self.assertEqual(tag._name, "res.partner.category")
        self.assertEqual((tag.name, tag.color), ("Key account", 9))
        deal_tag = self.get("deal_tag", "strategic")
        self.assertEqual((deal_tag._name, deal_tag.color), ("crm.tag", 9))
        orange = self.get("contact_tag", "trade fair 2019")
        self.assertEqual(orange.color, 2)

    def test_al12_tags_are_on_their_records(self):
        self.assertEqual(
            set(self.get("contact", "CN-00028").category_id.mapped("name")),
            {"Newsletter", "Décideur"},
        )
        self.assertEqual(
            self.get("company", "CO-00003").category_id.mapped("name"), ["Newsletter"]
        )
        deal = self.get("deal", "DL-00004")
        self.assertEqual(deal.tag_ids.mapped("name"), ["Fast track"])


class TestAllegoryRows(MigrationCase):
    """Small exports for what the demo does not have."""

    def test_al09_file_over_the_limit_is_not_loaded_but_listed(self):
        big = b"x" * (1024 * 1024 + 1)
        project = self.migrate(
            {
                "companies.csv": "company_id,name\nC,Acme\n",
                "files.csv": "file_id,file_name,path,related_type,related_id,size\n"
                "F1,big.bin,documents/big.bin,company,C,\n"
                "F2,listed.bin,documents/listed.bin,company,C,31457280\n"
                "F3,small.txt,documents/small.txt,company,C,5\n",
                "documents/big.bin": big,
                "documents/small.txt": "small",
            },
            file_limit=1,
        )
        self.assertEqual(self.target(project, "file", "F3").raw, b"small")
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("name", "in", ("big.bin", "listed.bin"))]
            )
        )
        listed = {
            error["source_id"]: error
            for error in project._status()["errors"]
            if error["object"] == "file"
        }
        self.assertEqual(set(listed), {"F1", "F2"})
        for source_id, name in (("F1", "big.bin"), ("F2", "listed.bin")):
            error = listed[source_id]
            self.assertEqual(error["state"], "skipped")
            self.assertEqual(error["code"], "file_too_large")
            self.assertIn(name, error["value"])
            self.assertIn("limit", error["error"])
        line = project.run_ids[:1].line_ids.filtered(
            lambda line: line.mapping_id.name == "file"
        )
        self.assertEqual((line.created, line.skipped), (1, 2))

    def test_al09_default_limit_is_25_megabytes(self):
        self.assertEqual(self.new_project({}).file_limit, 25)

    def test_al11_unmatched_owners_are_listed_before_the_load(self):
        project = self.new_project(
            {"companies.csv": "company_id,name,owner_email\n1,A,gone@example.net\n"},
            fallback_user_id=False,
        )
        self.read_files(project)
        owner = project.owner_ids
        self.assertEqual((owner.key, owner.state), ("gone@example.net", "unmatched"))
        self.assertEqual((owner.record_count, project.unmatched_count), (1, 1))
        finding = project.finding_ids.filtered(
            lambda one: one.code == "owner_unmatched"
        )
        self.assertIn("gone@example.net", finding.samples)
        self.load(project)
        self.assertEqual(self.staged(project, "company", "1").state, "held")
        self.assertFalse(self.env["res.partner"].search([("x_source_id", "!=", False)]))

    def test_al11_users_can_be_created_for_owners_without_inviting_them(self):
        project = self.new_project(
            {"companies.csv": "company_id,name,owner_email\n1,A,gone@example.net\n"},
            fallback_user_id=False,
        )
        self.read_files(project)
        mails = self.env["mail.mail"].search_count([])
        project.owner_ids.action_create_user()
        self.assertEqual(project.owner_ids.state, "matched")
        self.assertEqual(project.unmatched_count, 0)
        self.load(project)
        user = self.target(project, "company", "1").user_id
        self.assertEqual(user.login, "gone@example.net")
        self.assertTrue(user.has_group("sales_team.group_sale_salesman"))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_al11_fallback_user_takes_records_of_unknown_and_of_no_owner(self):
        project = self.migrate(
            {
                "companies.csv": csv_text(
                    ["company_id", "name", "owner_email"],
                    ["1", "A", "gone@example.net"],
                    ["2", "B", ""],
                    ["3", "C", "ANNA@example.com"],
                )
            }
        )
        users = [self.target(project, "company", key).user_id for key in "123"]
        self.assertEqual(users, [self.admin, self.admin, self.anna])

    def test_al12_existing_tag_is_used_and_keeps_its_colour(self):
        tag = self.env["res.partner.category"].create(
            {"name": "VIP guests", "color": 4}
        )
        project = self.migrate(
            {
                "tags.csv": "name,applies_to,color\nVIP guests,contact,#D6145F\n",
                "contacts.csv": "contact_id,first_name,last_name,tags\n"
                "1,Ann,Lee,VIP guests|Unlisted tag\n",
            }
        )
        contact = self.target(project, "contact", "1")
        self.assertIn(tag, contact.category_id)
        self.assertEqual(tag.color, 4)
        created = contact.category_id - tag
        self.assertEqual(created.name, "Unlisted tag")
        self.assertTrue(created.x_source_id)
