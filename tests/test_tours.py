from lxml import etree

from odoo.tests import Form, HttpCase, new_test_user, tagged

from .common import MigrationCase, csv_text

DEALS = [
    ["deal_id", "name", "stage", "cf_region", "cf_budget"],
    ["DL-1", "Test deal", "Proposal", "West", "1200.50"],
]
CUSTOM_FIELDS = [
    ["object", "key", "label", "type", "options"],
    ["deal", "cf_region", "Region", "picklist", "West|East"],
    ["deal", "cf_budget", "Budget", "currency", ""],
]


@tagged("post_install", "-at_install")
class TestTours(HttpCase, MigrationCase):
    """A migration in the browser, its runs carried out between the tours."""

    def work(self, kind):
        """Carry out the run of ``kind`` that a tour has queued."""
        run = self.env["migration.run"].search([], limit=1)
        self.assertEqual((run.kind, run.state), (kind, "queued"))
        self.env["migration.worker"]._work(run)
        self.assertEqual(run.state, "done", run.message)
        return run.project_id

    def companies(self):
        return self.env["res.partner"].search(
            [("x_source_id", "=like", "tour-migration/%")]
        )

    def test_migration_in_the_browser(self):
        """Upload, read, confirm, prepare, load, look at a contact, roll back."""
        self.start_tour("/odoo", "crm_migration_read", login="admin")
        project = self.work("audit")
        url = f"/odoo/action-crm_migration.migration_project_action/{project.id}"
        self.start_tour(url, "crm_migration_prepare", login="admin")
        self.work("prepare")
        self.start_tour(url, "crm_migration_load", login="admin")
        self.work("load")
        self.assertEqual(
            set(self.companies().mapped("name")), {"Tour Company", "Tour Supplier"}
        )
        self.start_tour(url, "crm_migration_rollback", login="admin")
        self.assertTrue(self.companies(), "the preview alone removes nothing")
        self.work("rollback")
        self.assertFalse(self.companies())
        self.start_tour(url, "crm_migration_undone", login="admin")

    def test_any_export_in_the_browser(self):
        """Files nobody knows are understood, confirmed, loaded and taken back."""
        action = "/odoo/action-crm_migration.migration_project_action"
        self.start_tour(action, "crm_migration_any_read", login="admin")
        project = self.work("audit")
        url = f"{action}/{project.id}"
        self.start_tour(url, "crm_migration_any_map", login="admin")
        self.work("prepare")
        self.start_tour(url, "crm_migration_load", login="admin")
        self.work("load")
        loaded = [("x_source_id", "=like", "tour-any/%")]
        companies = self.env["res.partner"].search(loaded)
        self.assertEqual(
            set(companies.mapped(lambda one: (one.name, one.email, one.city))),
            {
                ("Tour Bakery", "info@bakery.example.com", "Lyon"),
                ("Tour Brewery", "info@brewery.example.com", "Oslo"),
            },
        )
        deal = self.env["crm.lead"].search(loaded)
        self.assertEqual(
            (deal.name, deal.partner_id.name, deal.stage_id.name),
            ("Tour oven", "Tour Bakery", "Tour talks"),
        )
        self.assertEqual(deal.expected_revenue, 1200.5)
        self.start_tour(url, "crm_migration_any_rollback", login="admin")
        self.work("rollback")
        self.assertFalse(self.env["res.partner"].search(loaded))
        self.assertFalse(self.env["crm.lead"].search(loaded))


@tagged("post_install", "-at_install")
class TestForms(MigrationCase):
    """Forms of Odoo with the tab “Migrated Data”, and what each role is shown."""

    def arch(self, model, user):
        views = self.env[model].with_user(user)
        return etree.fromstring(views.get_view(view_type="form")["arch"])

    def test_other_users_open_forms(self):
        """A salesperson without any right on migrations works as before."""
        self.assertFalse(self.anna.has_group("crm_migration.group_user"))
        for model in ("res.partner", "crm.lead"):
            with Form(self.env[model].with_user(self.anna)) as form:
                form.name = "Made by hand"
            record = form.record
            self.assertFalse(record.x_source_id)
            page = self.arch(model, self.anna).find(".//page[@name='migrated_data']")
            self.assertEqual(page.get("invisible"), "not x_source_id")

    def test_custom_fields_on_the_tab(self):
        """Prepare shows the fields it makes, and a salesperson can edit them."""
        project = self.migrate(
            {
                "deals.csv": csv_text(*DEALS),
                "custom_fields.csv": csv_text(*CUSTOM_FIELDS),
            }
        )
        group = self.arch("crm.lead", self.anna).find(
            ".//page[@name='migrated_data']/group[@name='migrated_fields']"
        )
        names = {field.get("name") for field in group.iter("field")}
        self.assertLessEqual({"x_source_id", "x_region", "x_budget"}, names)
        staged = self.staged(project, "deal", "DL-1")
        deal = self.env["crm.lead"].browse(staged.res_id)
        deal.user_id = self.anna
        with Form(deal.with_user(self.anna)) as form:
            self.assertEqual(form.x_region, "West")
            self.assertEqual(form.x_budget, 1200.5)
            form.x_budget = 1300
        self.assertEqual(deal.x_budget, 1300)

    def test_only_managers_load(self):
        """Users of migrations prepare them; loading and rolling back is not offered."""
        user = new_test_user(self.env, "preparer", "crm_migration.group_user")
        offered = self._buttons(user)
        self.assertLessEqual({"Read Files", "Confirm All", "Prepare"}, offered)
        self.assertFalse({"Load", "Roll Back…"} & offered)
        self.assertLessEqual({"Load", "Roll Back…"}, self._buttons(self.admin))

    def _buttons(self, user):
        header = self.arch("migration.project", user).find("header")
        return {button.get("string") for button in header.iter("button")}
