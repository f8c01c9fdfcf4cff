"""The rows CH01 to CH14 of the specification, through the API of Chakra.

What its API does not list comes from a ZIP beside it.
"""

from odoo.fields import Command

from .chakra_rows import ChakraRows
from .chakra_world import CONFIG, PLAN, USERS, lists, uid, with_uuids
from .common import MigrationCase
from .servers.base import Listing, Reply
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

    def test_CH01_key_of_a_lead_is_kept_beside_its_id(self):
        self.assertEqual(self.get("lead", "LEAD-1").x_lead_id, "LEAD-000042")

    def test_CH02_amount_and_owner_come_though_the_owner_is_a_user_name(self):
        self.assertEqual(self.get("deal", "D2").user_id, self.anna)

    def test_CH05_procedures_that_are_no_deals_make_no_team(self):
        pipeline = self.project.mapping_ids.filtered(lambda one: one.name == "pipeline")
        records = self.env["migration.record"].search(
            [("mapping_id", "=", pipeline.id)]
        )
        names = {one.payload["name"] for one in records}
        self.assertEqual(names, {"Lead", "Inside Sales"})

    def test_CH10_photo_of_an_attribute_is_asked_for_and_on_its_lead(self):
        photo, lead = self.get("file", "photo"), self.get("lead", "LEAD-1")
        self.assertEqual((photo.res_model, photo.res_id), ("crm.lead", lead.id))
        self.assertEqual(photo.name, "Front of the house")
        self.assertEqual(photo.raw, PLAN)

    def test_CH10_document_of_an_attribute_is_taken_from_the_zip(self):
        contract = self.target(self.project, "file", "doc-1")
        self.assertEqual(contract.res_id, self.get("deal", "D1").id)
        self.assertEqual((contract.name, contract.raw), ("doc-1.pdf", b"the contract"))

    def test_CH10_coverage_says_which_files_are_missing(self):
        finding = self.finding(self.project, "coverage").filtered(
            lambda one: one.mapping_id.name == "file"
        )
        self.assertIn("3, of which 1 are missing", finding.name)
        self.assertEqual((finding.samples, finding.severity), ("doc-2", "2_warning"))
        self.assertIn("ZIP", finding.remedy)

    def test_only_questions_were_asked(self):
        asked = {one.method for one in self.server.requests}
        self.assertEqual(asked, {"GET", "POST"})
        posts = {one.path for one in self.server.requests if one.method == "POST"}
        self.assertEqual({one.rsplit("/", 1)[-1] for one in posts}, {"list"})

    def test_deleted_leads_are_not_read(self):
        self.assertFalse(self.staged(self.project, "lead", uid("deleted")))


class TestChakraApiSteps(ChakraCase):
    """Each test reads a Chakra of its own."""

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(ChakraServer(CONFIG, USERS, **lists()))

    def states(self, project):
        endpoints = project.connection_ids.endpoint_ids
        return {one.name: one.check_state for one in endpoints}

    def test_lists_are_made_from_the_configuration_and_once_only(self):
        project = self.connect(self.server)
        connection = project.connection_ids
        connection.action_check()
        connection.action_check()
        made = connection.endpoint_ids.filtered("parent_name").sorted("name")
        self.assertEqual(
            {one.name: one.object_id.name for one in made},
            {
                "account": "company",
                "contact": "contact",
                "deal": "deal",
                "lead": "lead",
                "ticket": False,
            },
        )
        lead = self.endpoint(project, "lead")
        self.assertEqual(lead.path, "/v1/ext/procedure/lead/process/list")
        self.assertFalse(lead.assumed)
        self.assertTrue(self.endpoint(project, "contact").assumed)
        self.assertIn("Inside Sales", self.endpoint(project, "process").check_message)

    def test_entity_with_the_name_of_another_list_gets_one_of_its_own(self):
        self.server.config = {
            **CONFIG,
            "entities": [{"id": "e9", "shortId": "task", "name": "Work"}],
        }
        project = self.connect(self.server)
        project.connection_ids.action_check()
        self.assertEqual(
            self.endpoint(project, "entity_task").path,
            "/v1/ext/entity/task/record/list",
        )

    def test_list_that_is_switched_off_is_not_asked_for(self):
        project = self.connect(self.server)
        project.connection_ids.action_check()
        self.endpoint(project, "deal").active = False
        self.server.requests.clear()
        self.read_files(project)
        asked = {one.path for one in self.server.requests}
        self.assertNotIn("/v1/ext/procedure/deal/process/list", asked)
        self.assertNotIn("deal", project.mapping_ids.mapped("name"))
        made = project.connection_ids.with_context(active_test=False).endpoint_ids
        self.assertEqual(len(made.filtered(lambda one: one.label == "Inside Sales")), 1)

    def test_procedure_of_another_name_is_what_the_admin_says(self):
        config = {**CONFIG, "procedures": [dict(one) for one in CONFIG["procedures"]]}
        config["procedures"][2]["states"] = [
            {"id": "s9", "shortId": "OPEN", "name": "Opened"}
        ]
        self.server.config = config
        ticket = {
            "id": uid("ticket-1"),
            "procedure": uid("ticket"),
            "state": "OPEN",
            "status": "OPEN",
            "data": {"name": "Broken door", "deal_id": "T-1"},
        }
        self.server.lists["ticket"].records.append(ticket)
        project = self.connect(self.server)
        project.connection_ids.action_check()
        ticket_list = self.endpoint(project, "ticket")
        ticket_list.object_id = self.env.ref("crm_migration.chakra_deal")
        self.read_files(project)
        self.load(project)
        deal = self.target(project, "deal", uid("ticket-1"))
        self.assertEqual(deal.name, "Broken door")
        self.assertEqual(deal.team_id.name, "Ticket")
        self.assertEqual(deal.stage_id.name, "Opened")

    def test_CH08_attributes_are_proposed_with_their_label_and_type(self):
        project = self.connect(self.server)
        self.read_files(project)
        lines = project.mapping_ids.field_ids
        tier = lines.filtered(lambda line: line.source_path == "tier")
        self.assertEqual((tier.label, tier.ttype), ("Tier", "selection"))
        self.assertEqual(tier.options, "Gold\nSilver")
        budget = lines.filtered(lambda line: line.source_path == "budget")
        self.assertEqual((budget.label, budget.ttype), ("Budget", "float"))

    def test_CH12_coverage_names_the_tasks_whose_call_is_not_listed(self):
        self.server.tasks.records[0]["status"] = "COMPLETED"
        self.server.status(404, "no", "/v1/ext/call/list", times=99)
        project = self.connect(self.server)
        self.read_files(project)
        finding = self.finding(project, "coverage").filtered(
            lambda one: one.mapping_id.name == "task"
        )
        self.assertIn("1, of which 1 are missing", finding.name)
        self.assertEqual(finding.samples, uid("T1"))
        told = self.finding(project, "http_not_found")
        self.assertEqual(told.severity, "2_warning", "an assumed list is a note")

    def test_photo_may_be_an_address_in_the_reply(self):
        other = uid("stored")
        self.server.photos[other] = b"from elsewhere"
        address = f"{self.server.url}/v1/ext/photo/{other}"
        self.server.photos[uid("photo")] = {"_data": {"id": "f", "url": address}}
        project = self.connect(self.server)
        self.read_files(project)
        self.load(project)
        photo = self.target(project, "file", uid("photo"))
        self.assertEqual(photo.raw, b"from elsewhere")

    def test_photo_that_is_gone_is_told_and_the_lead_comes(self):
        self.server.photos.clear()
        project = self.connect(self.server)
        self.read_files(project)
        self.load(project)
        record = self.staged(project, "file", uid("photo"))
        self.assertFalse(record.res_id)
        self.assertIn("404", record.error)
        self.assertTrue(self.target(project, "lead", uid("LEAD-1")))

    def test_G10_second_reading_notes_what_has_changed_and_what_has_gone(self):
        contacts = self.server.records["contact"].records
        contacts += [
            {**contacts[0], "id": uid(name), "data": {"first_name": name}}
            for name in ("stays", "goes")
        ]
        project = self.connect(self.server)
        self.read_files(project)
        self.load(project)
        contacts[0]["data"] = {**contacts[0]["data"], "email": "new@example.com"}
        contacts.pop()
        self.read_files(project)
        changed = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("next_hash", "!=", False)]
        )
        self.assertEqual(changed, self.staged(project, "contact", uid("C1")))
        self.assertEqual(changed.next_payload["email"], "new@example.com")
        gone = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("source_gone", "=", True)]
        )
        self.assertEqual(gone, self.staged(project, "contact", uid("goes")))

    def test_what_was_loaded_is_taken_back(self):
        before = self.snapshot()
        project = self.connect(self.server)
        self.read_files(project)
        self.decide(project)
        self.load(project)
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())


class TestChakraApiBadInput(ChakraCase):
    """What can be wrong with a Chakra."""

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(ChakraServer(CONFIG, USERS, **lists()))

    def test_wrong_token_is_told_without_showing_it(self):
        project = self.connect(self.server, token="wr0ng-secret")
        connection = project.connection_ids
        connection.action_check()
        self.assertFalse(connection.is_reachable)
        self.assertIn("401", connection.check_message)
        self.assertNotIn("wr0ng", connection.check_message)

    def test_missing_right_on_one_list_leaves_the_others(self):
        path = "/v1/ext/entity/contact/record/list"
        self.server.status(403, "no", path, times=99)
        project = self.connect(self.server)
        project.connection_ids.action_check()
        endpoints = project.connection_ids.endpoint_ids
        wrong = endpoints.filtered(lambda one: one.check_state == "wrong")
        self.assertEqual(wrong.mapped("name"), ["contact"])
        self.read_files(project)
        self.assertIn(path, self.finding(project, "http_forbidden").name)
        self.load(project)
        self.assertTrue(self.target(project, "company", uid("A1")))

    def test_configuration_and_users_are_asked_for_once_in_a_reading(self):
        project = self.connect(self.server)
        for _reading in range(2):
            self.server.requests.clear()
            self.read_files(project)
            paths = [one.path for one in self.server.requests]
            self.assertEqual(paths.count("/v1/ext/config"), 1)
            # Its own list, first its columns and then its rows, and what all need.
            self.assertEqual(paths.count("/v1/ext/users"), 3)

    def test_a_later_reading_has_the_configuration_of_its_time(self):
        project = self.connect(self.server)
        self.read_files(project)
        procedure = {"id": uid("new"), "shortId": "new", "name": "New"}
        config = {**CONFIG, "procedures": [*CONFIG["procedures"], procedure]}
        self.server.config = config
        self.server.lists["new"] = Listing([])
        self.read_files(project)
        self.assertTrue(self.endpoint(project, "new"))

    def test_configuration_that_may_not_be_read_is_told_by_each_list(self):
        self.server.status(403, "no", "/v1/ext/config", times=99)
        project = self.connect(self.server)
        project.connection_ids.action_check()
        self.assertTrue(project.connection_ids.is_reachable)
        self.assertEqual(self.endpoint(project, "task").check_state, "wrong")
        self.assertEqual(self.endpoint(project, "user").check_state, "wrong")

    def test_html_in_place_of_a_list_is_told(self):
        self.server.html("/v1/ext/procedure/lead/process/list", times=99)
        project = self.connect(self.server)
        self.read_files(project)
        self.assertTrue(self.finding(project, "http_not_json"))
        self.assertIn("deal", project.mapping_ids.mapped("name"))

    def test_error_in_the_envelope_is_told_though_the_status_is_good(self):
        reply = Reply({"_data": [], "_meta": {}, "_errors": ["Role has no right"]})
        path = "/v1/ext/procedure/deal/process/list"
        self.server.fault(path, 99, reply=reply)
        project = self.connect(self.server)
        self.read_files(project)
        findings = self.finding(project, "http_unexpected")
        for finding in findings:
            self.assertIn("Role has no right", finding.name)
        self.assertTrue(findings)

    def test_page_that_never_ends_is_told(self):
        self.server.lists["deal"].endless = True
        project = self.connect(self.server)
        self.read_files(project)
        findings = self.finding(project, "http_endless")
        self.assertEqual(len(findings), 2, "of the deals, and of the files they name")
        self.assertIn("deal", findings[0].name)
        photo = self.staged(project, "file", uid("photo"))
        self.assertEqual(photo.state, "pending", "of a lead, whose list is whole")
        self.assertTrue(self.staged(project, "deal", uid("D1")), "it came before that")

    def test_record_that_comes_twice_is_one_record(self):
        leads = self.server.lists["lead"].records
        leads += [{**leads[0], "id": uid(f"more {one}")} for one in range(120)]
        leads.append(leads[0])
        self.server.lists["lead"].repeat = 3
        project = self.connect(self.server)
        self.read_files(project)
        mapping = project.mapping_ids.filtered(lambda one: one.name == "lead")
        self.assertEqual((mapping.staged_count, mapping.failed_count), (121, 0))
