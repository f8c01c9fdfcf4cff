from odoo import models
from odoo.tools import SQL

from ...lib.chakra.shapes import FILES, items
from .base import Coverage

_CALLED = ("task_id", "task", "forTask")


class MigrationConnectorChakra(models.AbstractModel):
    """What records of Chakra name, and its API does not give by itself."""

    _inherit = "migration.connector.chakra"

    def _coverage(self, project):
        mappings = {one.name: one for one in project.mapping_ids}
        return [self._files_named(mappings), self._calls_named(mappings)]

    def _files_named(self, mappings):
        """Values of attributes that are files, against the files that are listed."""
        named = set()
        for name, column in self._file_columns(mappings.get("custom_field")):
            if mapping := mappings.get(name):
                for value in self._texts(mapping, column):
                    named.update(
                        key for part in value.split("|") for key in items(part)
                    )
        return Coverage(
            mappings.get("file"),
            self.env._("Files that records name"),
            named,
            named - self._staged_ids(mappings.get("file")),
            self.env._(
                "Add a ZIP with them to the files of the migration, each named by its "
                "id, or listed in a sheet with id, record and path."
            ),
        )

    def _file_columns(self, definitions):
        """``(object, column)`` of the attributes whose values are files."""
        if not definitions:
            return []
        payloads = [record.payload for record in definitions._usable_records()]
        return [(one["object"], one["key"]) for one in payloads if one["type"] in FILES]

    def _calls_named(self, mappings):
        """Tasks of calls that were made, against the calls that are listed."""
        tasks, calls = mappings.get("task"), mappings.get("call")
        rows = self.env.execute_query(
            SQL(
                """SELECT source_id FROM migration_record
                    WHERE mapping_id = %s AND upper(payload->>'type') = 'CALL'
                      AND upper(payload->>'status') = 'COMPLETED'""",
                tasks.id if tasks else None,
            )
        )
        named = {key for (key,) in rows}
        called = {key for name in _CALLED for key in self._texts(calls, name)}
        return Coverage(
            calls or tasks,
            self.env._("Tasks of calls that were made"),
            named,
            named - called,
            self.env._(
                "The call itself, with its duration and recording, is not listed: "
                "check the list of calls on the connection, or upload the calls."
            ),
        )

    def _texts(self, mapping, column):
        """The different values of a staged column."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT payload->>%s FROM migration_record
                    WHERE mapping_id = %s AND payload->>%s <> ''""",
                column,
                mapping.id if mapping else None,
                column,
            )
        )
        return [value for (value,) in rows]

    def _staged_ids(self, mapping):
        rows = self.env.execute_query(
            SQL(
                "SELECT source_id FROM migration_record WHERE mapping_id = %s",
                mapping.id if mapping else None,
            )
        )
        return {key for (key,) in rows}
