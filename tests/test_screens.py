from lxml import etree

from odoo.tests import new_test_user

from .common import DEMO, MigrationCase

# Names that the web client gives a meaning of its own in the context of a view.
RESERVED = {"parent", "context", "uid", "active_id", "active_ids", "active_model"}


class TestScreens(MigrationCase):
    """Every screen of the addon opens, on the records of a whole migration."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo = DEMO.with_name("case_file.zip")
        cls.project = cls.new_project(path=demo, source="case_file")
        cls.read_files(cls.project)
        cls.project.action_confirm()
        cls.run_step(cls.project, "prepare")
        cls.run_step(cls.project, "sample", **cls.project._sample_options(keep=True))
        cls.run_step(cls.project, "load")
        cls.run_step(cls.project, "dry_run")
        cls.run_step(cls.project, "verify", **cls.project._verify_options())
        cls.project._connect(base_url="https://crm.example.com")
        cls.manager = new_test_user(
            cls.env,
            "screens",
            "crm_migration.group_manager,sales_team.group_sale_manager",
        )

    def models(self):
        """The addon's models that have views, with their records."""
        for name in sorted(self.env):
            model = self.env[name]
            if name.startswith("migration.") and not (
                model._abstract or model._transient
            ):
                yield model.with_user(self.manager)

    def fields_of(self, model, kind):
        """Fields a view of the model shows, with those of the lists inside it."""
        arch = etree.fromstring(model.get_view(view_type=kind)["arch"])
        found = {}
        for node in arch.iter("field"):
            name = node.get("name")
            outer = next(
                (one for one in node.iterancestors("field") if one is not node), None
            )
            if outer is None:
                found.setdefault(name, {})
            else:
                inner = found.setdefault(outer.get("name"), {})
                inner.setdefault("fields", {})[name] = {}
        return found

    def test_forms_and_lists_open(self):
        opened = set()
        for model in self.models():
            records = model.search([], limit=50)
            for kind in ("form", "list"):
                shown = self.fields_of(model, kind)
                with self.subTest(model=model._name, kind=kind):
                    told = records.web_read(shown)
                    self.assertEqual(len(told), len(records))
                    if records:
                        opened.add(model._name)
        expected = {
            "migration.project",
            "migration.record",
            "migration.run",
            "migration.log",
            "migration.finding",
            "migration.mapping",
            "migration.sample.line",
            "migration.check",
            "migration.checklist",
            "migration.connection",
            "migration.rehearsal.line",
        }
        self.assertFalse(expected - opened)

    def test_forms_can_be_changed(self):
        """A change in a form asks the server what else it changes."""
        changed = set()
        for model in self.models():
            record, shown = model.search([], limit=1), self.fields_of(model, "form")
            told = record.web_read({name: {} for name in shown})
            for name in self.asking(model) if record else ():
                value = [] if isinstance(told[0][name], list) else told[0][name]
                with self.subTest(model=model._name, field=name):
                    record.onchange({name: value}, [name], shown)
                    changed.add((model._name, name))
        self.assertIn(("migration.project", "fallback_user_id"), changed)

    @staticmethod
    def asking(model):
        """Fields of the form itself whose change the web client tells the server."""
        arch = etree.fromstring(model.get_view(view_type="form")["arch"])
        if arch.get("edit") in ("0", "false"):
            return set()
        fields = arch.xpath(".//field[@on_change='1'][not(ancestor::field)]")
        names = {one.get("name") for one in fields}
        return {name for name in names if not model._fields[name].readonly}

    def test_no_field_has_a_name_the_web_client_uses(self):
        for model in self.models():
            self.assertFalse(RESERVED & model._fields.keys(), model._name)

    def test_every_download_of_a_migration_is_on_its_form(self):
        """All but that of the checklist, which is on the list of its lines."""
        arch = self.env["migration.project"].get_view(view_type="form")["arch"]
        buttons = {one.get("name") for one in etree.fromstring(arch).iter("button")}
        downloads = {
            name for name in dir(self.project) if name.startswith("action_download_")
        }
        self.assertIn("action_download_sample", downloads)
        self.assertEqual(downloads - buttons, {"action_download_checklist"})

    def test_what_is_in_odoo_is_counted_among_what_can_be(self):
        """Owners and definitions of fields are rows, and no records."""
        records = self.env["migration.record"].search(
            [("project_id", "=", self.project.id)]
        )
        others = records.filtered(lambda one: one.mapping_id.role != "records")
        self.assertTrue(others)
        self.assertEqual(self.project.staged_count, len(records - others))
        pending = self.env["migration.record"].search(
            self.project.action_open_pending()["domain"]
        )
        self.assertEqual(self.project.pending_count, len(pending))

    def test_the_report_of_a_verification_opens_from_the_list_of_its_checks(self):
        action = self.project.action_open_checks()
        checks = self.env["migration.check"].with_context(**action["context"])
        report = self.env.ref("crm_migration.verify_report_action")
        self.assertEqual(
            checks.browse().action_report()["report_name"], report.report_name
        )
        self.assertEqual(
            checks.browse().action_download()["type"], "ir.actions.act_url"
        )

    def test_a_sample_names_fields_as_users_know_them(self):
        lines = self.project.sample_run_id.sample_line_ids
        labels = {(one.mapping_id.name, one.target): one.target_label for one in lines}
        self.assertEqual(labels["deal", "user_id"], "Salesperson")

    def test_the_last_dry_run_opens_from_the_migration(self):
        self.assertEqual(self.project.dry_run_id.kind, "dry_run")
        domain = self.project.action_open_dry_run()["domain"]
        lines = self.env["migration.rehearsal.line"].search(domain)
        self.assertEqual(lines.run_id, self.project.dry_run_id)
        self.assertNotIn(False, lines.filtered("code").mapped("reason"))
