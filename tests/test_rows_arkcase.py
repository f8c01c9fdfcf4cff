"""The rows AR01 to AR11 of the specification, through the API of ArkCase."""

import hashlib

from .arkcase_rows import ArkcaseRows
from .arkcase_world import fill
from .common import MigrationCase
from .servers.arkcase import LOGIN, PASSWORD, ArkCaseServer


class ArkcaseCase(MigrationCase):
    """A migration that reads from a fake ArkCase."""

    @classmethod
    def start(cls):
        server = cls.enterClassContext(ArkCaseServer())
        fill(server)
        return server

    @classmethod
    def connect(cls, server, auth="basic", password=PASSWORD, **values):
        source = cls.env.ref("crm_migration.source_arkcase")
        project = cls.env["migration.project"].create(
            {
                "name": "Test migration",
                "source_id": source.id,
                "fallback_user_id": cls.admin.id,
            }
        )
        cls.env["migration.connection"].create(
            {
                "project_id": project.id,
                "base_url": server.base,
                "auth": auth,
                "auth_options": source.auth_options if auth == "ticket" else False,
                "login": LOGIN,
                "password": password,
                "allow_private_hosts": True,
                "requests_per_second": 0,
                **values,
            }
        )
        return project


class TestArkcase(ArkcaseRows, ArkcaseCase):
    """All of a small ArkCase, read and loaded once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.start()
        cls.project = cls.take_over(cls.connect(cls.server))

    def test_AR04_case_that_may_not_be_seen_is_reported_and_the_others_come(self):
        record = self.error("case", "366")
        self.assertIn("may not read", record.error)
        self.assertTrue(self.get("case", "364"))

    def test_AR07_folder_of_a_file_is_kept(self):
        self.assertEqual(self.get("file", "31").x_folder, "Letters")

    def test_only_questions_were_asked(self):
        self.assertEqual({one.method for one in self.server.requests}, {"GET"})

    def test_workflows_are_read_for_the_hand_over(self):
        record = self.staged(self.project, "automation", "1")
        self.assertIn("Review the complaint", record.payload["definition"])


class TestArkcaseBadInput(ArkcaseCase):
    """What can be wrong with an ArkCase."""

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(ArkCaseServer())
        fill(self.server)

    def loaded(self, project):
        """Load with the queue of the FOIA request said."""
        return ArkcaseRows.take_over.__func__(type(self), project)

    def test_wrong_password_is_told_without_showing_it(self):
        project = self.connect(self.server, password="wr0ng-password")
        project.connection_ids.action_check()
        self.assertFalse(project.connection_ids.is_reachable)
        self.assertIn("credentials", project.connection_ids.check_message)
        self.assertNotIn("wr0ng", project.connection_ids.check_message)

    def test_connection_is_tested_list_by_list(self):
        project = self.connect(self.server)
        self.server.status(403, "no", pattern="*calendars/CASE_FILE", times=99)
        project.connection_ids.action_check()
        states = {
            one.name: one.check_state for one in project.connection_ids.endpoint_ids
        }
        self.assertEqual(states.pop("meeting"), "wrong")
        self.assertEqual(set(states.values()), {"works"})

    def test_ticket_signs_in_and_is_renewed(self):
        project = self.connect(self.server, auth="ticket")
        self.server.expired(pattern="*organizations*", times=1)
        self.loaded(project)
        self.assertEqual(self.target(project, "company", "77").name, "Acme")

    def test_queue_of_a_request_that_nobody_mapped_is_reported(self):
        project = self.connect(self.server)
        self.read_files(project)
        self.load(project)
        record = self.staged(project, "foia_request", "500")
        self.assertFalse(record.res_id)
        self.assertIn("Fulfill", record.error)

    def test_file_that_has_vanished_is_reported_and_the_others_come(self):
        del self.server.files[31]
        project = self.connect(self.server)
        self.loaded(project)
        record = self.staged(project, "file", "31")
        self.assertFalse(record.res_id)
        self.assertIn("File not found", record.error)
        self.assertEqual(self.target(project, "file", "32").raw, b"answer")

    def test_file_of_another_checksum_is_not_taken(self):
        version = self.server.details["service/ecm/file/31"]["versions"][0]
        version["fileHash"] = hashlib.md5(b"another", usedforsecurity=False).hexdigest()
        right = self.server.details["service/ecm/file/32"]["versions"][0]
        right["fileHash"] = hashlib.sha256(b"answer").hexdigest()
        project = self.connect(self.server)
        self.loaded(project)
        record = self.staged(project, "file", "31")
        self.assertFalse(record.res_id)
        self.assertIn("checksum", record.error)
        self.assertTrue(self.target(project, "file", "32"))

    def test_record_that_could_not_be_read_comes_later_though_it_did_not_change(self):
        project = self.connect(self.server)
        self.read_files(project)
        self.load(project)
        self.assertEqual(self.staged(project, "case", "366").state, "failed")
        self.server.forbidden.clear()
        self.read_files(project)
        self.assertFalse(project.finding_ids.filtered(lambda one: "366" in one.samples))
        self.run_step(project, "delta")
        self.assertTrue(self.target(project, "case", "366"))
        self.server.requests.clear()
        self.read_files(project)
        queries = [one.params["q"] for one in self.server.requests if "q" in one.params]
        asked = [one for one in queries if one.startswith("object_type_s:CASE_FILE")]
        self.assertNotIn("modified_date_tdt:[", asked[0], "some cases have no date")

    def test_second_reading_asks_for_changes_only(self):
        project = self.connect(self.server)
        self.read_files(project)
        self.server.requests.clear()
        self.read_files(project)
        queries = [one.params["q"] for one in self.server.requests if "q" in one.params]
        asked = [one for one in queries if one.startswith("object_type_s:NOTE")]
        self.assertIn("modified_date_tdt:[2021-03-05T13:", asked[-1])
