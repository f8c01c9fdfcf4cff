"""A source whose API is told by data alone, and what can go wrong with it."""

import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ...lib.errors import Problem
from ...lib.http.endpoint import Fetched
from ..common import MigrationCase, csv_text
from ..servers.base import FakeServer, Listing, Reply

SECRET = "t0p-secret-token"
ENDPOINTS = (
    ("companies", "company", "/v1/companies", {}),
    (
        "contacts",
        "contact",
        "/v1/contacts",
        {"updated_path": "changed", "since": json.dumps({"after": "{since}"})},
    ),
    ("deals", "deal", "/v1/deals", {}),
)


class RestCase(MigrationCase):
    """A server of three lists, and the source “any export” with endpoints for them."""

    def setUp(self):
        super().setUp()
        self.companies = [
            {"company_id": f"C{n}", "name": f"Company {n}"} for n in range(5)
        ]
        self.contacts = [
            {
                "contact_id": f"P{n}",
                "first_name": "Ada",
                "last_name": f"Nr {n}",
                "company_id": f"C{n % 5}",
                "email": f"ada{n}@example.com",
                "changed": f"2024-01-01T00:0{n}:00Z",
            }
            for n in range(7)
        ]
        self.deals = [
            {"deal_id": "D1", "name": "Roof", "company_id": "C1", "amount": 12.5}
        ]
        self.server = self.enterContext(FakeServer())
        self.serve("companies", self.companies)
        self.serve("contacts", self.contacts, extra=("after",))
        self.serve("deals", self.deals)

    def serve(self, name, records, extra=(), **values):
        listing = Listing(records, **values)

        def answer(request):
            if request.headers.get("Authorization") != f"Bearer {SECRET}":
                return Reply("Unauthorized", 401)
            offset, limit = (int(request.params[key]) for key in ("offset", "limit"))
            since = request.params.get("after", "")
            if since:
                changed = [one for one in records if one["changed"] >= since]
                return {"items": changed[offset : offset + limit]}
            return {"items": listing.page(offset, limit)}

        path = f"/v1/{name}"
        self.server.route("GET", path, answer, ("offset", "limit", *extra))

    def connect(self, token=SECRET, **values):
        source = self.env["migration.source"].search([("code", "=", "allegory")])
        project = self.env["migration.project"].create(
            {
                "name": "Over the network",
                "source_id": source.id,
                "fallback_user_id": self.admin.id,
            }
        )
        endpoints = [
            (
                0,
                0,
                {
                    "name": name,
                    "label": name.title(),
                    "object_id": source.object_ids.filtered(
                        lambda one, wanted=wanted: one.name == wanted
                    ).id,
                    "path": path,
                    "records": "items",
                    "id_path": f"{wanted}_id",
                    "paginator": "offset",
                    "page_size": 2,
                    "options": json.dumps({"offset": "offset", "size": "limit"}),
                    **more,
                },
            )
            for name, wanted, path, more in ENDPOINTS
        ]
        project._connect(
            base_url=self.server.url,
            token=token,
            allow_private_hosts=True,
            endpoint_ids=endpoints,
            **values,
        )
        return project

    def table(self, project, name):
        return project.table_ids.filtered(lambda table: table.name == name)


class TestRest(RestCase):
    """What is read of it, and what can go wrong."""

    def test_lists_are_read_loaded_and_taken_back(self):
        before = self.snapshot()
        project = self.connect()
        self.read_files(project)
        self.load(project)
        contact = self.target(project, "contact", "P6")
        self.assertEqual(contact.name, "Ada Nr 6")
        self.assertEqual(contact.parent_id, self.target(project, "company", "C1"))
        deal = self.target(project, "deal", "D1")
        self.assertEqual((deal.name, deal.expected_revenue), ("Roof", 12.5))
        self.assertEqual(self.table(project, "contacts").row_count, 7)
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_only_get_requests_to_the_listed_paths_leave(self):
        project = self.connect()
        self.read_files(project)
        asked = {(one.method, one.path) for one in self.server.requests}
        self.assertEqual(asked, {("GET", f"/v1/{name}") for name, *_rest in ENDPOINTS})

    def test_a_connection_and_files_go_together(self):
        project = self.connect()
        notes = csv_text(
            ("note_id", "body", "related_type", "related_id", "created_at"),
            ("N1", "Hello", "deal", "D1", "2024-01-01 10:00:00"),
        )
        project._add_path(str(self.write_files({"notes.csv": notes})))
        self.read_files(project)
        self.load(project)
        note = self.target(project, "note", "N1")
        self.assertEqual(note.res_id, self.target(project, "deal", "D1").id)

    def test_a_missing_right_is_told_and_the_others_go_on(self):
        self.server.status(403, "not allowed", "/v1/deals", times=99)
        project = self.connect()
        self.read_files(project)
        self.load(project)
        self.assertTrue(self.target(project, "company", "C1"))
        finding = project.finding_ids.filtered(lambda one: one.code == "http_forbidden")
        self.assertEqual(finding.severity, "1_error")
        self.assertIn("/v1/deals", finding.name)
        self.assertTrue(finding.remedy)

    def test_a_wrong_token_stops_the_reading_and_names_no_secret(self):
        project = self.connect(token="wr0ng-secret")
        connection = project.connection_ids
        connection.action_check()
        self.assertFalse(connection.is_reachable)
        self.assertIn("401", connection.check_message)
        self.assertNotIn("wr0ng-secret", connection.check_message)

    def test_html_in_place_of_json_is_told(self):
        self.server.html("/v1/deals", times=99)
        project = self.connect()
        self.read_files(project)
        self.assertIn("http_not_json", project.finding_ids.mapped("code"))

    def test_the_test_of_the_connection_goes_right_by_right(self):
        self.server.status(403, "", "/v1/contacts", times=99)
        project = self.connect()
        connection = project.connection_ids
        connection.action_check()
        self.assertTrue(connection.is_reachable)
        states = {one.name: one.check_state for one in connection.endpoint_ids}
        self.assertEqual(
            states, {"companies": "works", "contacts": "wrong", "deals": "works"}
        )
        self.assertFalse(project.table_ids, "nothing is kept")

    def test_a_record_that_comes_on_two_pages_is_one_record(self):
        self.server._routes.clear()
        self.serve("companies", self.companies, repeat=1)
        self.serve("contacts", self.contacts, extra=("after",))
        self.serve("deals", self.deals)
        project = self.connect()
        self.read_files(project)
        mapping = project.mapping_ids.filtered(lambda one: one.name == "company")
        self.assertEqual(mapping.staged_count, 5)
        self.assertFalse(mapping.failed_count)

    def test_reading_goes_on_where_it_was_paused(self):
        project = self.connect()
        stager = "odoo.addons.crm_migration.models.engine.stager.BATCH"
        run = self.env["migration.run"]._start(project, "audit")
        with patch(stager, 1):
            self.env["migration.auditor"]._step_discover(run, None, None)
            mapping = project.mapping_ids.filtered(lambda one: one.name == "contact")
            done = self.env["migration.stager"]._stage(run, mapping, deadline=-1)
            self.assertFalse(done)
            self.assertLess(mapping.staged_count, 7)
            self.server.requests.clear()
            for _turn in range(20):
                if self.env["migration.stager"]._stage(run, mapping, deadline=-1):
                    break
        self.env.invalidate_all()
        self.assertEqual(mapping.staged_count, 7)
        last = self.server.requests[-1].params["offset"]
        self.assertNotEqual(last, "0")

    def test_g10_a_later_reading_asks_for_changes_only(self):
        project = self.connect(overlap_minutes=1)
        self.read_files(project)
        endpoint = project.connection_ids.endpoint_ids.filtered(
            lambda one: one.name == "contacts"
        )
        self.assertEqual(endpoint.watermark, "2024-01-01T00:06:00Z")
        self.load(project)
        self.contacts[6].update(email="new@example.com", changed="2024-02-01T00:00:00Z")
        self.server.requests.clear()
        self.read_files(project)
        since = {
            one.params.get("after")
            for one in self.server.requests
            if one.path == "/v1/contacts"
        }
        self.assertIn("2024-01-01T00:05:00Z", since)
        record = self.staged(project, "contact", "P6")
        self.assertEqual(record.next_payload["email"], "new@example.com")
        self.assertEqual(record.payload["email"], "ada6@example.com")
        self.assertEqual(record.state, "loaded")
        self.assertFalse(self.staged(project, "contact", "P1").source_gone)
        self.assertFalse(self.staged(project, "contact", "P5").next_hash)

    def test_g10_changes_of_an_api_are_loaded_and_taken_back(self):
        project = self.connect(overlap_minutes=1)
        self.read_files(project)
        self.load(project)
        self.later()
        first, last = (self.target(project, "contact", key) for key in ("P0", "P6"))
        before = self.snapshot()
        runs = []
        for month, name in (("02", "Nr 6 b"), ("03", "Nr 6 c")):
            self.contacts[6].update(
                last_name=name, company_id="C2", changed=f"2024-{month}-01T00:00:00Z"
            )
            self.read_files(project)
            self.later()
            runs.append(self.run_step(project, "delta"))
            self.later()
            self.assertEqual(last.name, f"Ada {name}")
        self.assertEqual(last.parent_id, self.target(project, "company", "C2"))
        self.assertEqual(first.name, "Ada Nr 0")
        counts = [run._counts()["contact"] for run in runs]
        self.assertEqual(
            [(one["read"], one["updated"]) for one in counts], [(1, 1)] * 2
        )
        for run in reversed(runs):
            self.rollback(project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())

    def test_g10_what_the_source_no_longer_has_is_marked(self):
        project = self.connect()
        self.read_files(project)
        self.load(project)
        del self.companies[4]
        self.read_files(project)
        self.assertTrue(self.staged(project, "company", "C4").source_gone)
        self.assertFalse(self.staged(project, "company", "C3").source_gone)

    def test_g10_a_reading_that_stopped_does_not_count_as_read(self):
        project = self.connect()
        contacts = project.connection_ids.endpoint_ids.filtered(
            lambda one: one.name == "contacts"
        )
        # Its records are told by the first; the whole list is asked for after that.
        self.server.expired("/v1/deals", times=9, after=2)
        with patch.object(type(self.env["migration.run"]), "_roll_back"):
            run = project._run_now("audit")
        self.assertEqual(run.state, "failed")
        self.assertFalse(contacts.watermark)
        self.server.faults.clear()
        self.read_files(project)
        self.assertEqual(contacts.watermark, "2024-01-01T00:06:00Z")
        self.assertEqual(project.staged_count, 13)

    def watermark(self, project):
        contacts = project.connection_ids.endpoint_ids.filtered(
            lambda one: one.name == "contacts"
        )
        return contacts.watermark

    def asked_since(self):
        """What the contacts were asked for after the last call."""
        asked = {
            one.params.get("after")
            for one in self.server.requests
            if one.path == "/v1/contacts"
        }
        self.server.requests.clear()
        return asked

    def test_g10_the_position_does_not_pass_a_record_that_could_not_be_read(self):
        project = self.connect(overlap_minutes=0)
        rest = type(self.env["migration.connector.rest"])
        fetch = rest._fetch

        def broken(connector, client, endpoint, *arguments, **options):
            for fetched in fetch(connector, client, endpoint, *arguments, **options):
                if fetched.record.get("contact_id") == "P3":
                    problem = Problem("record_unreadable", "Not now.", "Again.")
                    yield Fetched(fetched.record, fetched.position, problem)
                else:
                    yield fetched

        with patch.object(rest, "_fetch", broken):
            self.read_files(project)
        self.assertEqual(self.staged(project, "contact", "P3").state, "failed")
        self.assertEqual(self.watermark(project), "2024-01-01T00:03:00Z")
        self.server.requests.clear()
        self.read_files(project)
        self.assertIn("2024-01-01T00:03:00Z", self.asked_since())
        self.assertEqual(self.staged(project, "contact", "P3").state, "pending")
        self.assertEqual(self.watermark(project), "2024-01-01T00:06:00Z")

    def test_g10_a_list_with_a_record_without_a_date_is_read_as_a_whole(self):
        project = self.connect(overlap_minutes=0)
        self.contacts[2]["changed"] = ""
        self.read_files(project)
        self.load(project)
        self.assertFalse(self.watermark(project))
        self.contacts[2]["email"] = "undated@example.com"
        self.server.requests.clear()
        self.read_files(project)
        self.assertLessEqual(self.asked_since(), {None, ""})
        record = self.staged(project, "contact", "P2")
        self.assertEqual(record.next_payload["email"], "undated@example.com")
        self.contacts[2]["changed"] = "2024-03-01T00:00:00Z"
        self.read_files(project)
        self.assertEqual(self.watermark(project), "2024-03-01T00:00:00Z")

    def test_g10_records_of_the_overlap_come_again_and_are_the_same(self):
        project = self.connect(overlap_minutes=3)
        self.read_files(project)
        self.load(project)
        self.contacts[4]["email"] = "late@example.com"
        self.server.requests.clear()
        self.read_files(project)
        self.assertIn("2024-01-01T00:03:00Z", self.asked_since())
        self.assertEqual(project.staged_count, 13)
        self.assertEqual(project.change_count, 1)
        record = self.staged(project, "contact", "P4")
        self.assertEqual(record.next_payload["email"], "late@example.com")

    def test_what_was_decided_on_a_list_stays_when_it_is_read_again(self):
        project = self.connect()
        self.read_files(project)
        self.table(project, "deals").ignored = True
        self.read_files(project)
        self.assertTrue(self.table(project, "deals").ignored)

    def test_a_list_that_works_again_is_read_and_no_longer_found_fault_with(self):
        project = self.connect()
        self.server.status(403, pattern="/v1/deals", times=1)
        self.read_files(project)
        codes = project.finding_ids.mapped("code")
        self.assertEqual(codes.count("http_forbidden"), 1)
        self.read_files(project)
        self.assertNotIn("http_forbidden", project.finding_ids.mapped("code"))
        self.assertEqual(self.staged(project, "deal", "D1").state, "pending")

    def test_a_list_without_records_is_read_once_it_has_some(self):
        kept = self.deals.pop()
        project = self.connect()
        self.read_files(project)
        self.assertFalse(self.table(project, "deals"))
        self.deals.append(kept)
        self.read_files(project)
        self.assertEqual(self.staged(project, "deal", "D1").state, "pending")

    def test_a_column_that_only_later_records_have_is_proposed(self):
        self.companies.extend(
            {"company_id": f"L{n}", "name": f"Later {n}"} for n in range(120)
        )
        self.companies[-1]["shoe_size"] = "44"
        project = self.connect()
        self.read_files(project)
        company = project.mapping_ids.filtered(lambda one: one.name == "company")
        lines = company.field_ids.filtered(lambda one: one.source_path == "shoe_size")
        self.assertEqual(lines.mapped("kind"), ["custom_field_required"])
        self.assertFalse(lines.confirmed)
        self.read_files(project)
        again = company.field_ids.filtered(lambda one: one.source_path == "shoe_size")
        self.assertEqual(again, lines)

    def test_secrets_cannot_be_exported(self):
        self.connect()
        manager = new_test_user(self.env, "chief", "crm_migration.group_manager")
        names = ("password", "token", "client_secret", "refresh_token")
        described = self.env["migration.connection"].with_user(manager)
        described = described.fields_get(names, ["exportable"])
        self.assertEqual(set(described), set(names))
        self.assertFalse(any(one["exportable"] for one in described.values()))

    def test_a_private_address_is_refused_unless_allowed(self):
        project = self.connect()
        project.connection_ids.allow_private_hosts = False
        project.connection_ids.action_check()
        self.assertFalse(project.connection_ids.is_reachable)
        self.assertFalse(self.server.requests)

    def test_secrets_are_for_managers_and_in_no_copy(self):
        project = self.connect()
        user = new_test_user(self.env, "mapper", "crm_migration.group_user")
        connection = project.connection_ids.with_user(user)
        with self.assertRaises(AccessError):
            connection.read(["token"])
        self.assertNotIn("token", connection.read()[0])
        with self.assertRaises(AccessError):
            connection.write({"base_url": "https://elsewhere.example"})
        self.assertNotIn(SECRET, json.dumps(project._export_mapping(), default=str))
        self.assertNotIn(SECRET, json.dumps(project._status(), default=str))
        self.assertFalse(project.connection_ids.copy_data()[0].get("token"))

    def test_an_endpoint_stays_below_the_base_address(self):
        project = self.connect()
        with self.assertRaises(UserError):
            project.connection_ids.endpoint_ids[0].path = "https://elsewhere.example/x"
