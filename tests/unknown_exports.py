"""What the tests of unknown exports share: a migration by the source “Any export”."""

from odoo.tests import new_test_user

from .common import MigrationCase


class UnknownExportCase(MigrationCase):
    """Exports of systems there is no source for, from the files to Odoo and back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tim = new_test_user(
            cls.env,
            "tim",
            "sales_team.group_sale_salesman",
            email="tim@example.com",
            name="Tim Roth",
        )

    def read_export(self, files, **values):
        """A migration of ``files`` that are read, and understood as any export is."""
        project = self.new_project(files, source="generic", **values)
        self.read_files(project)
        return project

    def proposed(self, project, name):
        """``{column: {targets}}`` of an object; empty for what is ignored."""
        mapping = project.mapping_ids.filtered(lambda one: one.name == name)
        found = {}
        for line in mapping.field_ids.filtered("source_path"):
            targets = found.setdefault(line.source_path, set())
            if line.kind != "ignored":
                targets.add(line.target or line.kind)
        return found

    def assertProposed(self, project, name, columns):
        """The columns of an object are proposed for these fields, at least."""
        proposed = self.proposed(project, name)
        for column, target in columns.items():
            self.assertIn(target, proposed.get(column, ()), column)

    def counts(self, project):
        """``{object: {state: records}}`` of what was read."""
        return project._status()["records"]

    def assertAddsUp(self, run):
        """Every record of a load has one result, and no object lost any."""
        for name, one in run._counts().items():
            results = sum(count for key, count in one.items() if key != "read")
            self.assertEqual(results, one["read"], name)

    def assertNothingDoubled(self, project):
        """Reading and loading the same files again makes no record."""
        models = ("res.partner", "crm.lead", "mail.activity", "mail.message")
        models += ("crm.team", "crm.stage", "crm.tag", "ir.model.fields")
        count = {
            one: self.env[one].with_context(active_test=False).search_count([])
            for one in models
        }
        project.file_ids.write({"read_date": False})
        project.table_ids.write({"read_date": False})
        self.read_files(project)
        self.load(project)
        for model, before in count.items():
            found = self.env[model].with_context(active_test=False)
            self.assertEqual(found.search_count([]), before, model)

    def deal(self, project, name):
        """The one opportunity of this name that the migration made; lost ones too."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        found = leads.search(
            [("name", "=", name), ("x_source_id", "=like", f"{project.key}/%")]
        )
        self.assertEqual(len(found), 1, name)
        return found

    def partner(self, project, name):
        """The partners of this name that the migration made."""
        return self.env["res.partner"].search(
            [("name", "=", name), ("x_source_id", "=like", f"{project.key}/%")]
        )
