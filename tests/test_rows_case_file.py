"""The rows CF01 to CF09 and CF11 of the specification, read back from Odoo."""

from datetime import date, datetime

from .common import MigrationCase
from .exports_forms import CsvExport, ExportRows, JsonExport, XlsxExport, as_csv

TABLES = {
    "users": [
        ("user_id", "email", "full_name"),
        ("U1", "anna@example.com", "Anna Berg"),
        ("U2", "left@example.com", "Lars Left"),
    ],
    "teams": [
        ("team_id", "name", "position"),
        ("T1", "Litigation", "1"),
        ("T2", "Advisory", "2"),
    ],
    "team_members": [("team_id", "user_email"), ("T1", "anna@example.com")],
    "statuses": [
        ("name", "sort_order", "outcome"),
        ("Under Review", "30", "open"),
        ("Intake", "10", "open"),
        ("In Court", "40", "open"),
        ("Settled", "50", "won"),
        ("Turned Down", "60", "lost"),
    ],
    "companies": [
        ("company_id", "name", "domain", "industry", "employees", "revenue"),
        ("C1", "Harbour Works", "harbour.example.com", "Shipbuilding", "120", "250000"),
    ],
    "contacts": [
        ("contact_id", "full_name", "company_flag", "email", "street", "city")
        + ("country", "company_id"),
        ("P1", "Mara Quill", "false", "mara@harbour.example.com", "1 Pier Road")
        + ("Bremen", "Germany", "C1"),
        ("P2", "Dockside Trust", "true", "office@dockside.example.com", "2 Quay")
        + ("Lyon", "France", ""),
    ],
    "cases": [
        ("case_id", "case_number", "title", "description", "category", "status")
        + ("priority", "department", "contact_id", "owner_email", "owner_name")
        + ("close_reason", "closed_on", "created_on", "Contract Value", "Court Room")
        + ("Filed On", "Sealed"),
        ("K1", "2024-001", "Crane damage", "A crane fell.", "Litigation", "In Court")
        + ("3", "T1", "P1", "anna@example.com", "Anna Berg")
        + ("", "", "2024-01-05 09:00:00", "$12,500.50", "Room 4", "2024-01-09", "yes"),
        ("K2", "2024-002", "New inquiry", "", "Prospect", "Intake")
        + ("1", "T2", "P2", "left@example.com", "Lars Left")
        + ("", "", "2024-02-05 09:00:00", "$900.00", "Room 5", "2024-02-09", "no"),
        ("K3", "2024-003", "Berth lease", "", "Contract", "Settled")
        + ("2", "T1", "P2", "anna@example.com", "Anna Berg")
        + ("", "2024-04-02 10:00:00", "2024-03-05 09:00:00", "$100.00", "Room 4")
        + ("2024-03-09", "no"),
        ("K4", "2024-004", "Old claim", "", "Litigation", "Turned Down")
        + ("2", "T1", "P1", "anna@example.com", "Anna Berg")
        + ("Conflict of interest", "2024-05-02 10:00:00", "2024-03-06 09:00:00")
        + ("$50.00", "Room 6", "2024-03-10", "no"),
    ],
    "activities": [
        ("activity_id", "case_id", "type", "subject", "status", "due_date")
        + ("completed_at", "owner_email"),
        ("A1", "K1", "Call", "Call the port", "done", "2024-01-10")
        + ("2024-01-10 08:30:00", "anna@example.com"),
        ("A2", "K1", "Site inspection", "Look at the crane", "open", "2031-01-10")
        + ("", "anna@example.com"),
        ("A3", "K1", "Court date", "First hearing", "open", "2031-02-10")
        + ("", "anna@example.com"),
    ],
    "notes": [
        ("note_id", "case_id", "text", "created_on", "author"),
        ("N1", "K1", "Witness found.", "2024-01-11 10:00:00", "anna@example.com"),
        ("N2", "K1", "File is old.", "2024-01-12 10:00:00", "A. Nobody"),
    ],
    "documents": [
        ("document_id", "case_id", "document_name", "path", "size"),
        ("D1", "K1", "motion.txt", "docs/2024-001/Pleadings/Drafts/motion.txt", "9"),
        ("D2", "K1", "video.mp4", "docs/2024-001/Evidence/video.mp4", "99000000"),
    ],
}
DOCUMENTS = {"docs/2024-001/Pleadings/Drafts/motion.txt": b"We move."}


class CaseFileRows(ExportRows):
    """What every form of the export has to become in Odoo."""

    source, tables, documents = "case_file", TABLES, DOCUMENTS

    @classmethod
    def set_up_odoo(cls):
        cls.env["ir.config_parameter"].set_param("sales_team.membership_multi", "True")

    def test_CF01_contact_is_a_company_by_its_flag(self):
        person, firm = self.get("contact", "P1"), self.get("contact", "P2")
        self.assertEqual((person.is_company, firm.is_company), (False, True))
        self.assertEqual((person.street, person.city), ("1 Pier Road", "Bremen"))
        self.assertEqual(person.country_id, self.env.ref("base.de"))
        self.assertEqual(person.parent_id, self.get("company", "C1"))

    def test_CF02_company_has_website_industry_and_figures(self):
        company = self.get("company", "C1")
        self.assertTrue(company.is_company)
        self.assertEqual(company.name, "Harbour Works")
        self.assertEqual(company.website, "http://harbour.example.com")
        self.assertEqual(company.industry_id.name, "Shipbuilding")
        self.assertEqual(company.x_employee_count, 120)
        self.assertEqual(company.x_annual_revenue, 250000)

    def test_CF03_case_is_a_lead_or_an_opportunity(self):
        case, inquiry = self.get("deal", "K1"), self.get("deal", "K2")
        self.assertEqual((case.type, inquiry.type), ("opportunity", "lead"))
        self.assertEqual(case.name, "Crane damage")
        self.assertIn("A crane fell.", case.description)
        self.assertEqual(case.x_case_number, "2024-001")
        self.assertEqual(case.x_case_category, "Litigation")
        self.assertEqual(case.partner_id, self.get("contact", "P1"))
        priorities = [self.get("deal", key).priority for key in ("K2", "K3", "K1")]
        self.assertEqual(priorities, ["0", "1", "2"])
        self.assertEqual(case.create_date, datetime(2024, 1, 5, 9))

    def test_CF04_status_is_a_stage_in_the_order_of_the_source(self):
        names = ("intake", "under review", "in court", "settled")
        stages = [self.get("stage", name) for name in names]
        self.assertEqual([stage.sequence for stage in stages], [10, 30, 40, 50])
        self.assertEqual(self.get("deal", "K1").stage_id, stages[2])
        self.assertEqual([stage.is_won for stage in stages], [False] * 3 + [True])

    def test_CF04_won_and_lost_statuses_decide_the_outcome(self):
        won, lost = self.get("deal", "K3"), self.get("deal", "K4")
        self.assertEqual((won.won_status, lost.won_status), ("won", "lost"))
        self.assertEqual((won.active, lost.active), (True, False))
        self.assertEqual(lost.lost_reason_id.name, "Conflict of interest")
        self.assertEqual(lost.date_closed, datetime(2024, 5, 2, 10))
        self.assertFalse(self.get("stage", "turned down").is_won)

    def test_CF05_activities_keep_type_date_and_user(self):
        done, hearing = self.get("activity", "A1"), self.get("activity", "A3")
        call = self.env.ref("mail.mail_activity_data_call")
        self.assertEqual((done.activity_type_id, done.active), (call, False))
        self.assertEqual(done.date_done, date(2024, 1, 10))
        meeting = self.env.ref("mail.mail_activity_data_meeting")
        self.assertEqual((hearing.activity_type_id, hearing.active), (meeting, True))
        self.assertEqual(hearing.date_deadline, date(2031, 2, 10))
        self.assertEqual(hearing.user_id, self.anna)

    def test_CF05_unknown_type_is_a_to_do_and_listed(self):
        todo = self.env.ref("mail.mail_activity_data_todo")
        self.assertEqual(self.get("activity", "A2").activity_type_id, todo)
        entry = self.env["migration.log"].search(
            [
                ("project_id", "=", self.project.id),
                ("operation", "=", "warning"),
                ("source_id", "=", "A2"),
            ]
        )
        self.assertIn("Site inspection", entry.message)

    def test_CF06_document_keeps_its_nested_folder(self):
        attachment = self.get("file", "D1")
        case = self.get("deal", "K1")
        self.assertEqual(
            (attachment.res_model, attachment.res_id), ("crm.lead", case.id)
        )
        self.assertEqual(attachment.raw, b"We move.")
        self.assertEqual(attachment.name, "motion.txt")
        self.assertEqual(attachment.x_folder, "docs/2024-001/Pleadings/Drafts")

    def test_CF06_document_over_the_limit_is_flagged(self):
        record = self.staged(self.project, "file", "D2")
        self.assertEqual((record.state, record.res_id), ("skipped", 0))
        self.assertIn("limit", record.error)

    def test_CF07_types_of_custom_fields_are_told_by_their_values(self):
        case = self.get("deal", "K1")
        self.assertEqual(case.x_contract_value, 12500.5)
        self.assertEqual(case.x_filed_on, date(2024, 1, 9))
        self.assertEqual(case.x_court_room, "Room 4")
        self.assertIs(case.x_sealed, True)
        types = {
            name: self.env["ir.model.fields"]._get("crm.lead", name).ttype
            for name in ("x_contract_value", "x_filed_on", "x_sealed")
        }
        self.assertEqual(
            types,
            {"x_contract_value": "monetary", "x_filed_on": "date"}
            | {"x_sealed": "boolean"},
        )
        line = self.line(self.project, "deal", "x_filed_on")
        self.assertLess(line.confidence, 1, "the admin has to confirm it")

    def test_CF08_owner_without_user_is_listed_and_its_name_kept(self):
        case, inquiry = self.get("deal", "K1"), self.get("deal", "K2")
        self.assertEqual((case.user_id, inquiry.user_id), (self.anna, self.admin))
        self.assertEqual(inquiry.x_source_owner, "Lars Left")
        left = self.project.owner_ids.filtered(lambda one: one.key == "U2")
        self.assertEqual((left.state, left.record_count), ("fallback", 1))

    def test_CF09_team_has_its_members(self):
        team = self.get("team", "t1")
        self.assertEqual((team._name, team.name), ("crm.team", "Litigation"))
        self.assertEqual(team.crm_team_member_ids.user_id, self.anna)
        self.assertEqual(self.get("deal", "K1").team_id, team)
        self.assertEqual(self.get("deal", "K2").team_id, self.get("team", "t2"))

    def test_CF11_note_is_a_comment_at_its_time(self):
        note = self.get("note", "N1")
        self.assertEqual(note.message_type, "comment")
        self.assertEqual(note.date, datetime(2024, 1, 11, 10))
        self.assertEqual(note.author_id, self.anna.partner_id)
        self.assertIn(note, self.get("deal", "K1").message_ids)


class TestCaseFileCsv(CaseFileRows, CsvExport, MigrationCase):
    """The export as a folder of CSV files."""

    def test_CF11_unknown_author_is_the_migration_user(self):
        note = self.get("note", "N2")
        self.assertEqual(note.author_id, self.admin.partner_id)
        self.assertIn("File is old.", note.body)
        self.assertIn("A. Nobody", note.body)
        self.assertEqual(note.date, datetime(2024, 1, 12, 10))

    def test_CF01_to_CF11_are_taken_back_without_a_trace(self):
        self.rollback(self.project)
        self.assertSameDatabase(self.before, self.snapshot())


class TestCaseFileXlsx(CaseFileRows, XlsxExport, MigrationCase):
    """The export as a workbook, with the documents beside it."""


class TestCaseFileJson(CaseFileRows, JsonExport, MigrationCase):
    """The export as JSON files in a ZIP."""


class TestCaseFileChoices(MigrationCase):
    """What the admin can decide differently from what is proposed."""

    CASES = (
        ("case_id", "title", "category", "status", "priority"),
        ("K1", "Crane damage", "Litigation", "In Court", "3"),
        ("K2", "New inquiry", "Prospect", "Intake", "1"),
        ("K3", "Berth lease", "Contract", "Inquiry", "Burning"),
    )

    def read_cases(self):
        project = self.new_project(as_csv({"cases": self.CASES}), source="case_file")
        self.read_files(project)
        return project

    def cases(self, project, field):
        return [self.target(project, "deal", key)[field] for key in ("K1", "K2", "K3")]

    def test_CF03_priorities_are_what_the_value_map_says(self):
        project = self.read_cases()
        line = self.line(project, "deal", "priority")
        unknown = line.value_ids.filtered(lambda one: one.name == "Burning")
        self.assertFalse(unknown["mapped"], "nobody guesses what that means")
        unknown.write({"target": "0", "mapped": True})
        line.value_ids.filtered(lambda one: one.name == "3").target = "3"
        self.load(project)
        self.assertEqual(self.cases(project, "priority"), ["3", "0", "0"])

    def test_CF03_a_scale_that_the_template_knows_is_not_distrusted(self):
        header, *cases = self.CASES
        cases = [(*case[:-1], n) for case, n in zip(cases, "142", strict=True)]
        project = self.new_project(
            as_csv({"cases": [header, *cases]}), source="case_file"
        )
        self.read_files(project)
        self.load(project)
        self.assertEqual(self.cases(project, "priority"), ["0", "3", "1"])

    def test_CF03_category_or_status_of_a_prospect_makes_a_lead(self):
        project = self.read_cases()
        line = self.line(project, "deal", "priority")
        line.value_ids.filtered(lambda one: one.name == "Burning").mapped = True
        self.load(project)
        self.assertEqual(self.cases(project, "type"), ["opportunity", "lead", "lead"])
        self.assertEqual(
            self.cases(project, "x_source_stage"), ["In Court", "Intake", "Inquiry"]
        )

    def test_CF03_the_admin_says_which_categories_are_leads(self):
        project = self.read_cases()
        line = self.line(project, "deal", "priority")
        line.value_ids.filtered(lambda one: one.name == "Burning").mapped = True
        kinds = line.mapping_id.field_ids.filtered(lambda one: one.target == "type")
        category = kinds.filtered(lambda one: one.source_path == "category")
        (kinds - category).write({"kind": "ignored"})
        category.write({"kind": "value_mapping", "transform": False})
        category.action_list_values()
        said = {"Litigation": "lead", "Prospect": "opportunity", "Contract": "lead"}
        for value in category.value_ids:
            value.write({"target": said[value.name], "mapped": True})
        self.load(project)
        self.assertEqual(self.cases(project, "type"), ["lead", "opportunity", "lead"])
