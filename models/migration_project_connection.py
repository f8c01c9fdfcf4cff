from odoo import models

from .connector.base import ChainedDocuments


class MigrationProjectConnection(models.AbstractModel):
    """What a migration reads from: uploads, and the API of its source."""

    _name = "migration.project.connection"
    _description = "Migration Connection of a Project"

    def _connectors(self):
        """The connectors this migration reads with: uploads, and its connection's."""
        connectors = [self.env["migration.connector.file"]]
        return connectors + [one._connector() for one in self.connection_ids]

    def _documents(self):
        """A context manager that gives the documents of all connectors by path."""
        return ChainedDocuments([one._documents(self) for one in self._connectors()])

    def action_connect(self):
        """Open the connection to the source's API, made on first use."""
        self.check_access("read")
        self.ensure_one()
        connection = self.connection_ids or self._connect()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connection"),
            "res_model": "migration.connection",
            "res_id": connection.id,
            "view_mode": "form",
        }

    def _connect(self, **values):
        """Make the connection, prefilled with what is known of the source."""
        source = self.source_id
        return self.env["migration.connection"].create(
            {
                "project_id": self.id,
                "base_url": source.base_url,
                "auth": source.auth or "bearer",
                "auth_options": source.auth_options,
                **values,
            }
        )
