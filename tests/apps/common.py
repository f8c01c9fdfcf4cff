"""What the tests with many apps share: calendars that are synchronised, no network."""

from datetime import timedelta
from unittest import SkipTest
from unittest.mock import patch

from odoo import fields

from ..engine.test_delta import DeltaCase


class AppsCase(DeltaCase):
    """A database with apps that react to what is made, or send it elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "google_id" not in cls.env["calendar.event"]._fields:
            raise SkipTest("the other apps are not installed here")
        cls.calls = []

        def call(_session, method, url, **_options):
            cls.calls.append((method, url))
            raise OSError(f"{method} {url}")

        blocker = patch("requests.sessions.Session.request", call)
        blocker.start()
        cls.addClassCleanup(blocker.stop)

    @classmethod
    def synchronise(cls, user):
        """Connect the calendar of ``user`` with Google and Outlook."""
        settings = cls.env["res.users.settings"]._find_or_create_for_user(user)
        valid = fields.Datetime.now() + timedelta(days=1)
        settings.sudo().write(
            {
                "google_calendar_rtoken": "token",
                "google_calendar_token": "token",
                "google_calendar_token_validity": valid,
                "google_synchronization_stopped": False,
                "microsoft_calendar_sync_token": "token",
                "microsoft_synchronization_stopped": False,
            }
        )
        user.sudo().write(
            {
                "microsoft_calendar_rtoken": "token",
                "microsoft_calendar_token": "token",
                "microsoft_calendar_token_validity": valid,
            }
        )
        parameters = cls.env["ir.config_parameter"].sudo()
        for name in ("google_calendar_sync_paused", "microsoft_calendar_sync_paused"):
            parameters.set_param(name, "")

    def start(self, source="chakra", **tables):
        """Load an export of ``source``; gives the project."""
        self.export = tables
        self.folder_of_export = self.write_files(self.written())
        project = self.new_project(path=self.folder_of_export, source=source)
        self.read_files(project)
        self.load(project)
        self.later()
        return project
