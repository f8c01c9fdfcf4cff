"""The rows AR01 to AR11 of the specification, from export files of ArkCase."""

from .arkcase_export import files
from .arkcase_rows import ArkcaseRows
from .common import MigrationCase


class TestArkcaseFiles(ArkcaseRows, MigrationCase):
    """The export, loaded once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.take_over(cls.new_project(files(), source="arkcase"))

    def test_AR11_file_of_a_note_is_attached_to_it(self):
        self.assertEqual(self.get("note", "21").attachment_ids, self.get("file", "31"))
