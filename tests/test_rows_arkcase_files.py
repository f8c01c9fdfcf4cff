"""The rows AR01 to AR11 of the specification, from export files of ArkCase."""

from .arkcase_export import files
from .arkcase_rows import ArkcaseRows
from .common import MigrationCase, csv_text


class TestArkcaseFiles(ArkcaseRows, MigrationCase):
    """The export, loaded once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.take_over(cls.new_project(files(), source="arkcase"))

    def test_AR01_keys_that_stand_for_a_country_or_province_are_corrected(self):
        project = self.new_project(
            {
                "people.csv": csv_text(
                    ("person_id", "full_name", "state", "country"),
                    ("1", "Nora Sample", "", "NOO"),
                    ("2", "Otis Sample", "ONN", "CA"),
                    ("3", "Sven Sample", "", "SE"),
                )
            },
            source="arkcase",
        )
        self.read_files(project)
        self.load(project)
        nora, otis, sven = (self.target(project, "contact", key) for key in "123")
        self.assertEqual(nora.country_id, self.env.ref("base.no"))
        self.assertEqual(otis.state_id, self.env.ref("base.state_ca_on"))
        self.assertEqual(sven.country_id, self.env.ref("base.se"))

    def test_AR11_file_of_a_note_is_attached_to_it(self):
        self.assertEqual(self.get("note", "21").attachment_ids, self.get("file", "31"))
