from dataclasses import dataclass

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

    # Whether rows carry a position from which reading can go on.
    _resumes = False

    def _iter_rows(self, table, after=None):
        """Yield ``lib.readers.Row`` of a ``migration.file.table``, streamed.

        :param after: position of a row that was read before; reading goes on there or
            a little earlier
        """
        return iter(())

    def _check(self, connection):
        """Try what a connection needs.

        :return: list of ``(endpoint, problem or None, text)``
        :raises Problem: nothing can be reached at all
        """
        return []

    def _finish(self, project):
        """All tables of ``project`` have been staged, to the end."""

    def _coverage(self, project):
        """What staged records name and the source may not give: :class:`Coverage`."""
        return []

    def _documents(self, project):
        """A context manager that gives the project's documents by path."""
        return Documents()


@dataclass(frozen=True)
class Coverage:
    """Things that records name, and those of them that nothing lists.

    :param mapping: ``migration.mapping`` it is about, or None
    :param set named: their ids
    :param set missing: ids of those that are not there
    """

    mapping: object
    what: str
    named: set
    missing: set
    remedy: str


class ChainedDocuments:
    """The documents of several connectors as one; the first that has a path gives it.

    :param parts: list of :class:`Documents`
    """

    def __init__(self, parts):
        self._parts = parts

    def __enter__(self):
        for part in self._parts:
            part.__enter__()
        return self

    def __exit__(self, *error):
        for part in self._parts:
            part.__exit__(*error)

    def names(self):
        """Paths of all documents."""
        return [name for part in self._parts for name in part.names()]

    def is_remote(self, path):
        """Whether ``path`` is asked for over the network, when its turn comes."""
        return any(part.is_remote(path) for part in self._parts)

    def size(self, path):
        """Size of a document in bytes, None where it is not known."""
        sizes = (part.size(path) for part in self._parts if part.has(path))
        return next((size for size in sizes if size is not None), None)

    def mark(self, path):
        """What tells whether a document has changed, None where nothing does."""
        marks = (part.mark(path) for part in self._parts if part.has(path))
        return next((mark for mark in marks if mark), None)

    def content(self, path, limit=None):
        """Content of a document, as bytes.

        :raises Problem: there is no such document, or it has more than ``limit`` bytes
        """
        part = next((one for one in self._parts if one.has(path)), self._parts[0])
        return part.content(path, limit)


class Documents:
    """Documents of a project, by the path under which the export lists them."""

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None

    def names(self):
        """Paths of all documents."""
        return []

    def has(self, path):
        """Whether a document of this path may be asked for here."""
        return False

    def is_remote(self, path):
        """Whether ``path`` is asked for over the network, when its turn comes."""
        return False

    def size(self, path):
        """Size of a document in bytes, None where there is none of this path."""
        return None

    def mark(self, path):
        """What tells whether a document has changed, None where nothing does."""
        return None

    def content(self, path, limit=None):
        """Content of a document, as bytes.

        :raises Problem: there is no such document, or it has more than ``limit`` bytes
        """
        return b""
