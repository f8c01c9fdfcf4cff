"""A source of the tests' own: its template says which targets are tried."""

from ..common import MigrationCase

COMPANY = {
    "res_model": "res.partner",
    "fields": [
        ("company_id", "", "identifier"),
        ("name", "name", "direct"),
        ("email", "email", "direct"),
        ("kind", "is_company", "constant", {"constant": "1"}),
    ],
}
CASE = {
    "res_model": "crm.lead",
    "fields": [
        ("case_id", "", "identifier"),
        ("name", "name", "direct"),
        ("client_id", "partner_id", "reference", {"reference": "company"}),
        ("type", "type", "constant", {"constant": "opportunity"}),
    ],
}


class LoaderCase(MigrationCase):
    """Migrations from a source whose objects a test names itself."""

    def source(self, **objects):
        """Make the source ``loader_test``; its files are called as its objects.

        :param objects: ``{name: {"res_model", "loader", "fields"}}``, a field being
            column, target, kind and further values of its template line
        """
        source = self.env["migration.source"].create(
            {"name": "Loader test", "code": "loader_test", "connector": "file"}
        )
        for number, (name, template) in enumerate(objects.items()):
            self.env["migration.source.object"].create(
                {
                    "source_id": source.id,
                    "sequence": number * 10,
                    "name": name,
                    "label": name.title(),
                    "role": "records",
                    "res_model": template["res_model"],
                    "loader": template.get("loader"),
                    "file_patterns": name,
                    "field_ids": [
                        (0, 0, self._line(position, *field))
                        for position, field in enumerate(template["fields"])
                    ],
                }
            )
        return source

    @staticmethod
    def _line(position, name, target, kind, more=None):
        return {
            "sequence": position * 10,
            "name": name,
            "target": target,
            "kind": kind,
            **(more or {}),
        }

    def staged_project(self, files, **values):
        """A migration of ``files`` from the test's source, read and not loaded."""
        project = self.new_project(files, source="loader_test", **values)
        self.read_files(project)
        return project

    def log_of(self, project, operation):
        """Entries of the project's log, of one operation."""
        return self.env["migration.log"].search(
            [("project_id", "=", project.id), ("operation", "=", operation)]
        )
