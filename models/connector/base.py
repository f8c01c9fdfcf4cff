from odoo import models


class MigrationConnector(models.AbstractModel):
    """How data is reached: the contract every connector keeps.

    A connector knows no Odoo model of the target. It finds tables, yields their
    rows as plain dicts, and opens documents.
    """

    _name = "migration.connector"
    _description = "Migration Connector"

    def _discover(self, run):
        """Find the tables of the run's project that are not known yet.

        :return: list of ``(migration.file, problem)`` for the findings
        """
        return []

    def _iter_rows(self, table):
        """Yield ``lib.readers.Row`` of a ``migration.file.table``, streamed."""
        return iter(())

    def _documents(self, project):
        """A context manager that gives the project's documents by path."""
        return Documents()


class Documents:
    """Documents of a project, by the path under which the export lists them."""

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None

    def names(self):
        """Paths of all documents."""
        return []

    def size(self, path):
        """Size of a document in bytes, None where there is none of this path."""
        return None

    def content(self, path):
        """Content of a document, as bytes.

        :raises Problem: there is no such document
        """
        return b""
