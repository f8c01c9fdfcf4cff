"""Files that the commands write."""

import os
from pathlib import Path
from unittest.mock import patch

from .common import CommandCase


class TestOutputs(CommandCase):
    """What cannot be written is said before the work begins, with what to do."""

    def outputs(self):
        """``(command, flag, words it needs besides)`` of all files to be written."""
        needed = {"approve": ("--by", "admin"), "handover": ("--out", self.folder)}
        parser = self.cli._parser("migrate")
        (commands,) = (
            action.choices for action in parser._actions if action.dest == "command"
        )
        for name, command in commands.items():
            for action in command._actions:
                if action.dest in (command.get_default("outputs") or ()):
                    yield name, action.option_strings[0], needed.get(name, ())
        yield "handover", "--out", ()

    def test_every_argument_that_names_a_file_to_write_is_known(self):
        found = {(name, flag) for name, flag, _words in self.outputs()}
        commands = {name for name, flag in found if flag == "--json"}
        self.assertLessEqual(
            {"audit", "load", "status", "handover", "verify", "delta"}, commands
        )
        self.assertLessEqual(
            {
                ("audit", "--xlsx"),
                ("map", "--save"),
                ("owners", "--xlsx"),
                ("sample", "--csv"),
                ("delta", "--gone"),
                ("verify", "--xlsx"),
            },
            found,
        )

    def test_what_cannot_be_written_is_said_before_the_work_with_its_remedy(self):
        project = self.new()
        file = self.folder / "a_file.csv"
        file.write_text("kept")
        folder = self.folder / "a_folder.zip"
        folder.mkdir(exist_ok=True)
        places = (
            (self.folder / "missing" / "x.zip", "folder does not exist; make it"),
            (folder, "that is a folder; name a file in it"),
            (file / "x.zip", "is a file; name another place"),
        )
        for command, flag, words in self.outputs():
            for path, told in places:
                with self.subTest(command=command, flag=flag, path=path):
                    with self.assertRaisesRegex(self.cli.NotDone, f"{path}.*{told}"):
                        self.command(command, project.key, *words, flag, path)
        self.assertFalse(project.run_ids)
        self.assertEqual(file.read_text(), "kept")

    def test_a_place_without_the_right_to_write_is_said(self):
        project = self.new()
        with (
            patch.object(os, "access", lambda path, _mode: path != str(self.folder)),
            self.assertRaisesRegex(self.cli.NotDone, "you may not write there; name"),
        ):
            self.command("audit", project.key, "--json", self.folder / "x.json")

    def test_a_file_where_the_folder_of_the_handover_should_be_is_said(self):
        project = self.new()
        self.read_files(project)
        file = self.folder / "taken"
        file.write_text("kept")
        for path in (file, file / "below"):
            with self.assertRaisesRegex(self.cli.NotDone, f"{path} cannot be written"):
                self.command("handover", project.key, "--out", path)
        self.assertEqual(file.read_text(), "kept")

    def test_an_error_of_the_disk_while_writing_is_said(self):
        with self.assertRaisesRegex(self.cli.NotDone, "the disk is full; make room"):
            self.cli.verbs.base.write_file(Path("/dev/full"), b"x")
