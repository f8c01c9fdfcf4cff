"""Whatever a person is shown as a button, that person may press."""

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools.safe_eval import safe_eval

from .common import csv_text
from .test_access import AccessCase

FILES = {
    "companies.csv": csv_text(
        ("company_id", "name", "employee_count", "industry", "owner_email"),
        ("C1", "Ahlgren", "12", "Glass", "anna@example.com"),
        ("C2", "Brandt", "about 40", "Steel", "ghost@example.com"),
        ("C3", "Twin", "3", "Glass", "anna@example.com"),
    ),
    "deals.csv": csv_text(
        ("deal_id", "name", "company_id", "pipeline", "stage", "amount"),
        ("D1", "Roof", "C1", "Sales", "New one", "12.50"),
        ("D2", "Wall", "C1", "Sales", "New two", "13"),
    ),
    "notes.csv": csv_text(
        ("note_id", "body", "related_type", "related_id", "created_at"),
        ("N1", "Hello", "company", "C1", "2024-01-02 03:04:05"),
    ),
    "strange.csv": csv_text(("what", "ever"), ("1", "2")),
}


class TestButtons(AccessCase):
    """On every list and form of the app, with a migration in each of its states."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "manager", "crm_migration.group_manager", email="m@example.com"
        )
        cls.project = cls.new_project(FILES)

    def go_on(self, state):
        """Bring the migration to ``state``."""
        project = self.project
        if state == "draft":
            return
        self.read_files(project)
        if state == "staged":
            return
        project.action_confirm()
        self.run_step(project, "prepare")
        self.run_step(project, "sample", size=5, keep=False, seed="1")
        self.run_step(project, "rollback")
        if state == "prepared":
            return
        self.run_step(project, "dry_run")
        self.run_step(project, "load")
        self.later()
        self.target(project, "deal", "D1").name = "Roof of Odoo"
        files = dict(FILES)
        files["deals.csv"] = FILES["deals.csv"].replace("Roof", "Roof of the source")
        project._renew_path(str(self.write_files({"deals.csv": files["deals.csv"]})))
        self.read_files(project)
        self.run_step(project, "delta")
        self.run_step(project, "verify", **project._verify_options("seed"))
        project._connect(base_url="https://crm.example.com")

    def test_G19_what_is_shown_may_be_pressed_before_the_load(self):
        for state in ("draft", "staged", "prepared"):
            self.go_on(state)
            self.press_everything()
            self.project = self.new_project(FILES)

    def test_G19_what_is_shown_may_be_pressed_after_changes(self):
        self.go_on("loaded")
        self.assertTrue(self.project._open_conflicts())
        pressed = self.press_everything()
        self.assertGreater(len(pressed[self.plain]), 20)
        for name in ("action_load", "action_dry_run", "action_connect"):
            self.assertNotIn(name, pressed[self.plain])
            self.assertIn(name, pressed[self.manager])

    def test_G19_opening_a_record_says_in_words_what_is_in_the_way(self):
        self.go_on("loaded")
        conflict = self.project._open_conflicts()[:1]
        for user in (self.plain, self.manager):
            with self.assertRaisesRegex(UserError, "Lead: you may not see this"):
                conflict.with_user(user).action_open_target()
        record = self.staged(self.project, "company", "C1")
        action = record.with_user(self.plain).action_open_target()
        self.assertEqual(action["res_id"], record.res_id)
        company = self.target(self.project, "company", "C3")
        gone = self.staged(self.project, "company", "C3").with_user(self.plain)
        company.unlink()
        with self.assertRaisesRegex(UserError, "Contact: the record was deleted"):
            gone.action_open_target()

    def press_everything(self):
        """Names of the buttons that each user was shown, and pressed."""
        found = {}
        for user in (self.plain, self.manager):
            found[user] = set()
            for model in self.own_models():
                found[user] |= self.press_of(self.env[model].with_user(user))
        return found

    def press_of(self, model):
        if not model.has_access("read") or model._transient:
            return set()
        record = model.with_context(active_test=False).search([], order="id desc")[:1]
        pressed = set()
        for kind in ("form", "list"):
            arch = etree.fromstring(model.get_view(view_type=kind)["arch"])
            names = {node.get("name") for node in arch.xpath("/*//field")}
            names &= set(model._fields)
            with self.subTest(model=model._name, user=model.env.user.login, view=kind):
                values = record.read(list(names))[0] if record else {}
                for button in arch.xpath("//button[@type]"):
                    if not button.xpath("ancestor::field") and record:
                        if self.is_shown(button, values, record):
                            self.press(button, record)
                            pressed.add(button.get("name"))
        return pressed

    def is_shown(self, button, values, record):
        for node in [button, *button.iterancestors()]:
            expression = node.get("invisible") or "False"
            known = {name: _plain(value) for name, value in values.items()}
            context = {**known, "context": {}, "uid": record.env.uid}
            if safe_eval(expression, context):
                return False
        return True

    def press(self, button, record):
        name, user = button.get("name"), record.env.user.login
        with self.subTest(model=record._name, button=name, user=user):
            savepoint = self.env.cr.savepoint()
            try:
                if button.get("type") == "object":
                    self.open(getattr(record, name)(), record)
                else:
                    action = self.env["ir.actions.act_window"].browse(int(name))
                    self.open(action.read()[0], record)
            except UserError as error:
                # Words are an answer; a right that is missing is none.
                self.assertNotIsInstance(error, AccessError, str(error))
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def open(self, action, record):
        """What the client does with the action that a button gives."""
        if not isinstance(action, dict) or not action.get("res_model"):
            return
        model = self.env[action["res_model"]].with_user(record.env.user)
        given = action.get("context") or {}
        if isinstance(given, str):
            given = safe_eval(given, {"id": record.id, "active_id": record.id})
        ids = {"active_id": record.id, "active_ids": record.ids}
        model = model.with_context(active_model=record._name, **ids, **given)
        views = model.get_views([(False, "form"), (False, "list")])["views"]
        names = set(etree.fromstring(views["form"]["arch"]).xpath("//field/@name"))
        names &= set(model._fields)
        if action.get("res_id"):
            model.browse(action["res_id"]).read(list(names))
        elif action.get("target") == "new":
            model.default_get(list(names))
            model.check_access("create")
        else:
            model.search(action.get("domain") or [], limit=2).read(list(names))


def _plain(value):
    return value[0] if isinstance(value, tuple) else value
