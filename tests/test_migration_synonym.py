from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import convert_file


@tagged("-at_install", "post_install")
class TestMigrationSynonym(TransactionCase):
    def _update(self):
        """Load the shipped names again, as an update of the module does."""
        convert_file(
            self.env,
            "crm_migration",
            "data/generic/migration.synonym.csv",
            {},
            mode="update",
            noupdate=False,
        )

    def test_an_update_leaves_archived_and_added_names_as_they_are(self):
        shipped = self.env.ref("crm_migration.synonym_any_email_email")
        shipped.active = False
        added = self.env["migration.synonym"].create({"name": "Briefkasten"})
        self._update()
        self.assertFalse(shipped.active)
        self.assertEqual(added.exists().name, "Briefkasten")

    def test_names_of_every_object_and_of_one_are_apart(self):
        names = self.env["migration.synonym"]._names()
        self.assertIn("email address", names["", "email"])
        self.assertIn("opportunity", names["deal", ""])
        self.assertIn("subject", names["task", "subject"])
        self.assertIn("subject", names["call", "subject"])

    def test_every_shipped_name_is_one_of_a_meaning_that_exists(self):
        fields = self.env.ref("crm_migration.source_generic").object_ids.field_ids
        known = {(one.object_id.name, one.name) for one in fields}
        known |= {("", meaning) for _object, meaning in known}
        known |= {(name, "") for name, _meaning in known}
        self.assertFalse(set(self.env["migration.synonym"]._names()) - known)

    def test_users_read_and_managers_edit(self):
        user = new_test_user(
            self.env, "synonym_user", groups="crm_migration.group_user"
        )
        synonym = self.env["migration.synonym"].with_user(user)
        self.assertTrue(synonym.search([], limit=1).name)
        with self.assertRaises(AccessError):
            synonym.create({"name": "Briefkasten"})
        manager = new_test_user(
            self.env, "synonym_manager", groups="crm_migration.group_manager"
        )
        created = synonym.with_user(manager).create({"name": "Briefkasten"})
        self.assertEqual(created.name, "Briefkasten")
