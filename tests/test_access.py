"""Who may see and do what: each model, each right, each company, each method."""

import inspect

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import MigrationCase, csv_text

OPERATIONS = ("read", "create", "write", "unlink")
# Knowledge about systems, which is nobody's in particular.
SHARED = (
    "migration.source",
    "migration.source.object",
    "migration.source.field",
    "migration.source.value",
    "migration.source.endpoint",
    "migration.synonym",
    "migration.memory",
    "migration.memory.value",
)
# What only the engine writes, whoever asks.
ENGINE_ONLY = (
    "migration.run",
    "migration.run.line",
    "migration.record",
    "migration.record.key",
    "migration.log",
    "migration.match.candidate",
    "migration.sample.line",
    "migration.rehearsal.line",
    "migration.failure.reason",
)


class AccessCase(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nobody = new_test_user(cls.env, "nobody", "base.group_user")
        cls.plain = new_test_user(cls.env, "plain", "crm_migration.group_user")
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.stranger = new_test_user(
            cls.env,
            "stranger",
            "crm_migration.group_manager,base.group_partner_manager",
            company_id=cls.other_company.id,
            company_ids=[(6, 0, cls.other_company.ids)],
        )

    @classmethod
    def own_models(cls):
        """Names of the addon's models that have a table."""
        return sorted(
            name
            for name, model in cls.env.registry.items()
            if name.startswith("migration.") and not model._abstract
        )


class TestRights(AccessCase):
    def test_G19_who_has_no_right_of_the_app_can_do_nothing(self):
        for name in self.own_models():
            for operation in OPERATIONS:
                with self.subTest(model=name, operation=operation):
                    model = self.env[name].with_user(self.nobody)
                    self.assertFalse(model.has_access(operation))

    def test_G19_what_the_engine_writes_nobody_else_does(self):
        for name in ENGINE_ONLY:
            for user in (self.plain, self.stranger):
                for operation in ("create", "write", "unlink"):
                    with self.subTest(model=name, operation=operation):
                        model = self.env[name].with_user(user)
                        self.assertFalse(model.has_access(operation))

    def test_G19_a_user_deletes_no_migration_and_sees_no_dry_run(self):
        plain = self.env["migration.project"].with_user(self.plain)
        self.assertFalse(plain.has_access("unlink"))
        lines = self.env["migration.rehearsal.line"].with_user(self.plain)
        self.assertFalse(lines.has_access("read"))


class TestOtherCompany(AccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "employee_count", "owner_email"),
                    ("C1", "Ahlgren", "12", "anna@example.com"),
                    ("C2", "Brandt", "about 40", "anna@example.com"),
                )
            }
        )
        cls.read_files(cls.project)
        cls.project.action_confirm()
        cls.run_step(cls.project, "prepare")
        cls.run_step(cls.project, "sample", size=5, keep=False, seed="1")
        cls.run_step(cls.project, "rollback")
        cls.run_step(cls.project, "dry_run")
        cls.run_step(cls.project, "load")
        cls.project._connect(base_url="https://crm.example.com")

    def records(self):
        """``{model: records}`` of the migration, one each where there are any."""
        found = {}
        for name in self.own_models():
            model = self.env[name].with_context(active_test=False)
            if name not in SHARED and not model._transient:
                if record := model.search([], order="id desc", limit=1):
                    found[name] = record
        return found

    def test_G19_nothing_of_another_company_is_seen(self):
        found = self.records()
        self.assertGreater(len(found), 12, sorted(found))
        for name, record in found.items():
            with self.subTest(model=name):
                theirs = record.with_user(self.stranger)
                self.assertFalse(theirs.search_count([]))
                with self.assertRaises(AccessError):
                    theirs.read(["id", "display_name"])

    def test_G19_no_method_works_on_another_companys_records(self):
        called = 0
        for name, record in self.records().items():
            for method in self.methods(type(record)):
                with self.subTest(model=name, method=method):
                    self.env.invalidate_all()
                    theirs = record.with_user(self.stranger)
                    # An AccessError is one, too; what matters is that it refuses.
                    with self.assertRaises(UserError):
                        getattr(theirs, method)()
                    called += 1
        self.assertGreater(called, 30)

    def methods(self, model):
        """Public methods of the addon that need no argument: RPC reaches them."""
        for name in dir(model):
            if name.startswith("_") or name in ("create", "write", "unlink"):
                continue
            function = inspect.unwrap(getattr(model, name))
            if not inspect.isfunction(function):
                continue
            if "crm_migration" not in function.__module__:
                continue
            parameters = list(inspect.signature(function).parameters.values())[1:]
            if all(one.default is not one.empty for one in parameters):
                yield name
