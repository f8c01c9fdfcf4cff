from .common import DEMO, MigrationCase


class TestAllegoryDemo(MigrationCase):
    """The rows of the product's specification, on records read back from Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.migrate(path=DEMO)

    def test_al01_contact_without_primary_company_has_no_parent(self):
        contact = self.target(self.project, "contact", "CN-00001")
        self.assertFalse(contact.is_company)
        self.assertEqual(contact.type, "contact")
