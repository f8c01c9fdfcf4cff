"""The table of names by which columns of any export are understood."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import convert_csv_import, mute_logger

HEADER = "id,object,meaning,name,lang\n"
ROW = "synonym_any_owner_1,,owner,assigned to,en_US\n"


@tagged("post_install", "-at_install")
class TestMigrationSynonym(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Synonym = cls.env["migration.synonym"]

    def update_module(self, *rows):
        """Load ``rows`` as an update of the module does."""
        convert_csv_import(
            self.env,
            "crm_migration",
            "data/generic/migration.synonym.csv",
            (HEADER + "".join(rows)).encode(),
            mode="update",
        )

    def shipped(self, xml_id="synonym_any_owner_1"):
        return self.env.ref(f"crm_migration.{xml_id}")

    def test_names_are_given_by_object_and_meaning(self):
        names = self.Synonym._names()
        self.assertIn("assigned to", names["", "owner"])
        self.assertIn("deal name", names["deal", "name"])
        self.assertIn("opportunity", names["deal", ""])
        self.assertIn("vorname", names["", "first_name"])

    def test_a_name_added_by_hand_is_used_and_an_archived_one_is_not(self):
        self.Synonym.create({"object": "deal", "meaning": "amount", "name": "Kaching"})
        self.shipped().active = False
        names = self.Synonym._names()
        self.assertIn("Kaching", names["deal", "amount"])
        self.assertNotIn("assigned to", names["", "owner"])

    def test_an_update_leaves_what_was_edited_by_hand(self):
        row = self.shipped()
        self.assertFalse(row.edited)
        row.write({"name": "looked after by", "active": False})
        self.update_module(ROW)
        self.assertEqual((row.name, row.active), ("looked after by", False))
        self.assertTrue(row.edited)

    def test_an_update_corrects_what_was_not_edited(self):
        row = self.shipped()
        self.update_module(ROW.replace("assigned to", "looked after by"))
        self.assertEqual(row.name, "looked after by")
        self.assertFalse(row.edited)

    def test_an_update_brings_new_names(self):
        self.update_module(ROW, "synonym_deal_amount_9999,deal,amount,kaching,en_US\n")
        self.assertIn("kaching", self.Synonym._names()["deal", "amount"])
        self.assertFalse(self.shipped("synonym_deal_amount_9999").edited)

    def test_an_update_that_brings_a_name_entered_by_hand_takes_that_row_over(self):
        own = self.Synonym.create(
            {"object": "deal", "meaning": "amount", "name": "Ka-Ching", "active": False}
        )
        self.update_module(
            "synonym_deal_amount_9999,deal,amount,ka ching,en_US\n",
            "synonym_deal_amount_9998,deal,amount,bling,en_US\n",
        )
        self.assertEqual(self.shipped("synonym_deal_amount_9999"), own)
        self.assertEqual((own.name, own.active), ("Ka-Ching", False))
        self.assertEqual(self.shipped("synonym_deal_amount_9998").name, "bling")

    def test_an_imported_file_changes_edited_rows(self):
        row = self.shipped()
        row.name = "looked after by"
        result = self.Synonym.load([".id", "name"], [[str(row.id), "in the care of"]])
        self.assertEqual((result["ids"], result["messages"]), ([row.id], []))
        self.assertEqual(row.name, "in the care of")

    def test_a_name_is_not_entered_twice_in_other_writing(self):
        values = {"object": "deal", "meaning": "amount"}
        self.Synonym.create({**values, "name": "Ka-Ching"})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.Synonym.create({**values, "name": "KA CHING"})

    def test_a_row_that_names_nothing_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Kaching"):
            self.Synonym.create({"name": "Kaching"})

    def test_users_read_and_managers_write(self):
        user = new_test_user(self.env, "user", "crm_migration.group_user")
        manager = new_test_user(self.env, "boss", "crm_migration.group_manager")
        row = self.shipped()
        self.assertEqual(row.with_user(user).name, "assigned to")
        with self.assertRaises(AccessError):
            row.with_user(user).active = False
        row.with_user(manager).active = False
        self.assertFalse(row.active)
