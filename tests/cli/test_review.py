"""The command “review”."""

import json

from ..test_rows_matching import RulesCase
from .common import CommandCase


class TestReviewCommand(CommandCase, RulesCase):
    def setUp(self):
        super().setUp()
        self.twins = self.partner("Nordwind") | self.partner("NORDWIND")
        self.others = self.partner("Südwind") | self.partner("SÜDWIND")
        self.project = self.companies({"name": "Nordwind"}, {"name": "Südwind"})
        self.load(self.project)

    def review(self, *words):
        return self.command("review", self.project.key, *words)

    def test_g14_the_review_is_listed_and_written_to_a_file(self):
        path = self.folder / "review.json"
        status, output = self.review("--json", path)
        self.assertEqual(status, 1)
        self.assertIn("company/C1: 2 records in Odoo have the same Name", output)
        self.assertIn(f"  {self.twins[0].id} Nordwind – Name: Nordwind", output)
        self.assertIn("2 records to review", output)
        first = json.loads(path.read_text())[0]
        self.assertEqual((first["object"], first["source_id"]), ("company", "C1"))
        self.assertEqual(
            {one["id"] for one in first["candidates"]}, set(self.twins.ids)
        )

    def test_g14_choices_are_made_and_followed(self):
        status, output = self.review("--choose", f"C1={self.twins[1].id}")
        self.assertEqual(status, 1)
        self.assertNotIn("company/C1", output)
        status, output = self.review("--create", "company/C2")
        self.assertEqual((status, output), (0, "nothing to review\n"))
        self.run_step(self.project, "load")
        self.assertMatched(self.project, "C1", self.twins[1])
        self.assertCreated(self.project, "C2")

    def test_all_are_created_or_one_is_left_out(self):
        self.assertEqual(self.review("--leave-out", "C1")[0], 1)
        self.assertEqual(self.review("--create", "all")[0], 0)
        self.run_step(self.project, "load")
        self.assertEqual(self.staged(self.project, "company", "C1").state, "skipped")
        self.assertCreated(self.project, "C2")

    def test_what_cannot_be_decided_is_said(self):
        for words, text in (
            (("--choose", "C1"), "no choice"),
            (("--choose", "C1=x"), "no choice"),
            (("--choose", "C9=1"), "0 records"),
            (("--create", "C9"), "0 records"),
            (("--choose", "C1=0"), "cannot be linked"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(Exception, text):
                self.review(*words)
