"""The rows CH01 to CH14 of the specification, through the API of Chakra.

What its API does not list comes from a ZIP beside it.
"""

from odoo.fields import Command

from .chakra_rows import ChakraRows
from .chakra_world import CONFIG, USERS, lists, uid, with_uuids
from .common import MigrationCase
from .servers.chakra import TOKEN, ChakraServer
from .test_rows_chakra import EXPORT, archive

BESIDE = ("emails.csv", "meetings.csv", "notes.csv", "files.csv")
DOCUMENTS = ("files/plan.txt", "files/offer.txt")


class ChakraCase(MigrationCase):
    """A migration that reads from a fake Chakra."""

    @classmethod
    def connect(cls, server, token=TOKEN, files=None, **values):
        project = cls.env["migration.project"].create(
            {
                "name": "Test migration",
                "source_id": cls.env.ref("crm_migration.source_chakra").id,
                "fallback_user_id": cls.admin.id,
            }
        )
        project._connect(
            base_url=server.url, token=token, allow_private_hosts=True, **values
        )
        if files:
            folder = cls.write_files({"beside.zip": archive(files)})
            project._add_path(str(folder / "beside.zip"))
        return project

    @classmethod
    def decide(cls, project):
        """Say which state is won, as an admin does; Chakra says nothing of it."""
        stage = project.mapping_ids.filtered(lambda one: one.name == "stage")
        cls.env["migration.mapping.field"].create(
            {
                "mapping_id": stage.id,
                "source_path": "name",
                "target": "is_won",
                "kind": "value_mapping",
                "value_ids": [
                    Command.create({"name": name, "target": target, "mapped": True})
                    for name, target in (("Fresh", "0"), ("Signed", "1"))
                ],
            }
        )
        values = cls.line(project, "deal", "outcome").value_ids
        values.filtered(lambda one: one.name == "completed").target = "won"

    @staticmethod
    def endpoint(project, name):
        endpoints = project.connection_ids.endpoint_ids
        return endpoints.filtered(lambda one: one.name == name)

    @staticmethod
    def finding(project, code):
        return project.finding_ids.filtered(lambda one: one.code == code)


class TestChakraApi(ChakraRows, ChakraCase):
    """All of a small Chakra, read and loaded once, with a ZIP beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mails = cls.env["mail.mail"].search_count([])
        cls.server = cls.enterClassContext(ChakraServer(CONFIG, USERS, **lists()))
        beside = {name: with_uuids(EXPORT[name]) for name in BESIDE}
        beside |= {name: EXPORT[name] for name in DOCUMENTS}
        beside["contracts/doc-1.pdf"] = "the contract"
        cls.project = cls.connect(cls.server, files=beside)
        cls.read_files(cls.project)
        cls.decide(cls.project)
        cls.load(cls.project)

    def source_id(self, key):
        return uid(key)
