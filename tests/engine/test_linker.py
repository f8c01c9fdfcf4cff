"""By which column records refer to each other is told by the values they share."""

from ..common import MigrationCase, csv_text

COMPANIES = csv_text(
    ("company_id", "name", "email"),
    ("ACC-1001", "Acme", "info@acme.example.com"),
    ("ACC-1002", "Bold", "info@bold.example.com"),
    ("ACC-1003", "Cord", "info@cord.example.com"),
    ("ACC-1004", "Dune", "info@dune.example.com"),
    ("ACC-1005", "Eden", "info@eden.example.com"),
)
NAMES = ("Acme", "Bold", "Cord", "Dune", "Eden")


def contacts(header, values):
    return csv_text(
        ("contact_id", "full_name", header),
        *((f"{n}", f"Person {n}", value) for n, value in enumerate(values, 1)),
    )


class TestLinker(MigrationCase):
    def read_export(self, header, values, companies=COMPANIES):
        files = {"companies.csv": companies, "contacts.csv": contacts(header, values)}
        project = self.new_project(files, source="generic")
        self.read_files(project)
        return project

    def link(self, project):
        return self.line(project, "contact", "parent_id")

    def parents(self, project):
        self.load(project)
        records = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("mapping_id.name", "=", "contact")],
            order="id",
        )
        return [
            self.env["res.partner"].browse(one.res_id).parent_id.name for one in records
        ]

    def test_ids_link_by_the_id(self):
        project = self.read_export("company_id", [f"ACC-100{n}" for n in range(1, 6)])
        self.assertEqual(self.link(project).reference_by, "id")
        self.assertEqual(self.parents(project), list(NAMES))

    def test_names_link_by_the_name_whatever_their_spelling(self):
        project = self.read_export("company_name", [name.upper() for name in NAMES])
        line = self.link(project)
        self.assertEqual((line.reference_by, line.reference_key), ("name", "name"))
        self.assertEqual(self.parents(project), list(NAMES))

    def test_names_in_a_column_called_id_link_by_the_name(self):
        project = self.read_export("company_id", NAMES)
        line = self.link(project)
        self.assertEqual((line.reference_by, line.reference_key), ("name", "name"))
        self.assertIn("100%", line.reason)
        self.assertEqual(self.parents(project), list(NAMES))

    def test_ids_in_a_column_called_name_link_by_the_id(self):
        project = self.read_export("company_name", [f"ACC-100{n}" for n in range(1, 6)])
        self.assertEqual(self.link(project).reference_by, "id")
        self.assertEqual(self.parents(project), list(NAMES))

    def test_addresses_link_by_the_address(self):
        values = [f"info@{name.lower()}.example.com" for name in NAMES]
        project = self.read_export("company_id", values)
        line = self.link(project)
        self.assertEqual((line.reference_by, line.reference_key), ("email", "email"))
        self.assertEqual(self.parents(project), list(NAMES))

    def test_ids_in_a_column_nobody_knows_are_recognised(self):
        project = self.read_export("Belongs to", [f"ACC-100{n}" for n in range(1, 6)])
        line = self.link(project)
        self.assertEqual(
            (line.source_path, line.kind, line.reference),
            ("Belongs to", "reference", "company"),
        )
        self.assertIn("identifiers of Companies", line.reason)
        self.assertEqual(self.parents(project), list(NAMES))

    def test_small_numbers_are_no_ids_of_another_table(self):
        companies = csv_text(
            ("company_id", "name"), *((n, name) for n, name in enumerate(NAMES, 1))
        )
        project = self.read_export("Rating", range(1, 6), companies)
        self.assertFalse(self.link(project))

    def test_of_several_ids_in_a_cell_the_first_is_linked(self):
        values = [f"ACC-100{n};ACC-1001" for n in range(1, 6)]
        project = self.read_export("company_id", values)
        self.assertEqual(self.link(project).transform, "first_of_list")
        self.assertEqual(self.parents(project), list(NAMES))

    def test_a_name_of_two_records_links_to_none_of_them(self):
        twice = COMPANIES + csv_text(("ACC-1006", "ACME", "x@acme.example.com"))
        project = self.read_export("company_name", NAMES, twice)
        self.load(project)
        record = self.staged(project, "contact", "1")
        self.assertEqual(
            (record.state, record.error_code), ("held", "reference_ambiguous")
        )
        self.assertIn("Companies: 2 are called “acme”", record.error)
        self.assertEqual(self.target(project, "contact", "2").parent_id.name, "Bold")

    def test_what_was_held_links_once_the_line_goes_by_something_else(self):
        twice = COMPANIES + csv_text(("ACC-1006", "ACME", "x@acme.example.com"))
        project = self.read_export("company_name", NAMES, twice)
        self.load(project)
        self.link(project).write({"on_missing": "empty"})
        self.load(project)
        self.assertFalse(self.target(project, "contact", "1").parent_id)

    def test_a_confirmed_line_stays_as_the_admin_wants_it(self):
        project = self.read_export("company_id", NAMES)
        line = self.link(project)
        line.write({"reference_by": "id", "reference_key": False, "confirmed": True})
        project.table_ids.write({"read_date": False})
        self.read_files(project)
        self.assertEqual(line.reference_by, "id")


class TestLinkByDomain(MigrationCase):
    """Contacts that do not say their company, but have its e-mail domain."""

    def read_export(self, addresses):
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "website"),
                    ("1", "Acme", "https://www.acme.example.com"),
                    ("2", "Bold", "bold.example.com/en"),
                ),
                "contacts.csv": csv_text(
                    ("contact_id", "full_name", "email"),
                    *((n, f"Person {n}", one) for n, one in enumerate(addresses, 1)),
                ),
            },
            source="generic",
        )
        self.read_files(project)
        return project

    def test_the_domain_of_the_address_links(self):
        addresses = ("ida@acme.example.com", "ole@Bold.example.com", "eva@gmail.com")
        project = self.read_export(addresses)
        line = self.line(project, "contact", "parent_id")
        self.assertEqual((line.reference_by, line.reference_key), ("domain", "website"))
        self.assertLess(line.confidence, 0.9)
        self.load(project)
        parents = [
            self.target(project, "contact", key).parent_id.name
            for key in ("1", "2", "3")
        ]
        self.assertEqual(parents, ["Acme", "Bold", False])

    def test_addresses_of_nobody_known_link_to_nobody(self):
        project = self.read_export(("ida@one.example.com", "ole@two.example.com"))
        self.assertFalse(self.line(project, "contact", "parent_id"))
