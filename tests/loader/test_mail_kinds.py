"""Calls, e-mails and notes of the chatter, and who wrote them."""

from odoo.tests import new_test_user

from .common import COMPANY, LoaderCase

MESSAGE = {
    "res_model": "mail.message",
    "fields": [
        ("id", "", "identifier"),
        ("company", "record", "reference", {"reference": "company"}),
        ("date", "date", "direct"),
        ("kind", "kind", "direct"),
        ("body", "body", "transformed", {"transform": "html"}),
        ("subject", "subject", "direct"),
        ("sender", "author_email", "direct"),
        ("sender_name", "author_name", "direct"),
        ("to", "email_to", "direct"),
        ("cc", "email_cc", "direct"),
    ],
}
HEADER = "id,company,date,kind,body,subject,sender,sender_name,to,cc\n"
ROWS = (
    "1,1,2024-01-02,note,Text,,anna@example.com,Anna,,\n"
    "2,1,2024-01-03,Call,Rang,,gone@example.com,Ida Gone,,\n"
    "3,1,2024-01-04,email,In,Offer,acme@example.com,Acme,us@example.com,b@example.com\n"
    "4,1,2024-01-05,email,Out,Re: Offer,anna@example.com,,acme@example.com,\n"
    "5,1,2024-01-06,smoke signal,Puff,,,,,\n"
    "6,1,2024-01-07,,Plain,,,,,\n"
    "7,1,2024-01-08,email,Out,Offer 2,gone@example.com,,acme@example.com,\n"
)


class TestKindsOfMessages(LoaderCase):
    def setUp(self):
        super().setUp()
        self.source(company=COMPANY, message=MESSAGE)
        self.project = self.staged_project(
            {
                "company.csv": "company_id,name,email\n1,Acme,acme@example.com\n",
                "message.csv": HEADER + ROWS,
            }
        )

    def message(self, key):
        return self.target(self.project, "message", key)

    def test_kinds_are_told_apart_by_subtype(self):
        self.load(self.project)
        wanted = {
            "1": "mail.mt_note",
            "2": "crm_migration.mt_call",
            "3": "crm_migration.mt_email",
            "6": "mail.mt_note",
        }
        for key, subtype in wanted.items():
            self.assertEqual(self.message(key).subtype_id, self.env.ref(subtype), key)

    def test_an_unknown_kind_fails_its_message_alone(self):
        self.load(self.project)
        record = self.staged(self.project, "message", "5")
        self.assertEqual(record.error_code, "message_kind_unknown")
        self.assertEqual(record.error_value, "smoke signal")

    def test_a_known_address_is_the_author(self):
        self.load(self.project)
        self.assertEqual(self.message("1").author_id, self.anna.partner_id)
        company = self.target(self.project, "company", "1")
        self.assertEqual(self.message("3").author_id, company)

    def test_an_unknown_author_is_named_in_the_text(self):
        self.load(self.project)
        call = self.message("2")
        self.assertEqual(call.author_id, self.env.user.partner_id)
        self.assertIn("Ida Gone &lt;gone@example.com&gt;", call.body)
        self.assertEqual(call.email_from, "gone@example.com")

    def test_somebody_who_has_left_is_the_author_and_has_sent(self):
        gone = new_test_user(
            self.env, "gone", "base.group_user", email="gone@example.com"
        )
        gone.active = gone.partner_id.active = False
        self.load(self.project)
        call, sent = self.message("2"), self.message("7")
        self.assertEqual((call + sent).author_id, gone.partner_id)
        self.assertNotIn("Written by", call.body)
        self.assertEqual(sent.message_type, "email_outgoing")
        self.assertEqual(sent.outgoing_email_to, "acme@example.com")

    def test_an_archived_contact_that_was_no_user_is_not_the_author(self):
        self.env["res.partner"].create(
            {"name": "Ida", "email": "gone@example.com", "active": False}
        )
        self.load(self.project)
        self.assertEqual(self.message("2").author_id, self.env.user.partner_id)

    def test_e_mails_keep_direction_subject_and_recipients(self):
        self.load(self.project)
        received, sent = self.message("3"), self.message("4")
        self.assertEqual((received.message_type, received.subject), ("email", "Offer"))
        self.assertEqual(received.incoming_email_to, "us@example.com")
        self.assertEqual(received.incoming_email_cc, "b@example.com")
        self.assertEqual(sent.message_type, "email_outgoing")
        self.assertEqual(sent.outgoing_email_to, "acme@example.com")

    def test_nothing_is_sent_and_rollback_is_exact(self):
        before = self.snapshot()
        self.load(self.project)
        self.assertEqual(before["mail_mail"], self.snapshot()["mail_mail"])
        self.rollback(self.project)
        self.assertSameDatabase(before, self.snapshot())
