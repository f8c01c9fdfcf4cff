from itertools import islice

from odoo import models

from ...lib.corrections import split_row
from ...lib.errors import Problem
from ...lib.identity import identity
from ...lib.payload import joined_reader
from ...lib.understand import TableFacts, understand
from ...lib.understand.reasons import reason
from ...lib.values.names import match_key

SAMPLE_ROWS = 200
# Below it, a table is asked about rather than taken for something.
_SURE = 0.6
_UNIQUE = 0.95


class MigrationReading(models.AbstractModel):
    """Understands tables by their names, their columns and their first rows."""

    _name = "migration.reading"
    _description = "Migration Reading"

    def _read(self, project):
        """The :class:`Reading` of the tables of ``project``."""
        tables = project.table_ids.filtered(lambda table: not table.ignored)
        for table in tables.filtered(lambda one: not one.sample):
            table.sudo().sample = self._sample(table)
        facts = [
            TableFacts(
                key=table.id,
                name=table.name,
                columns=tuple((table.columns or "").split("\n")),
                rows=table.sample or [],
                object=table.object_ids.name if len(table.object_ids) == 1 else None,
            )
            for table in tables
        ]
        objects = self.env["migration.knowledge"]._objects(project.source_id)
        tables_read = understand(facts, objects)
        return Reading(project, tables_read, self._defined(project, tables_read))

    def _defined(self, project, tables_read):
        """Keys of the columns that the export itself defines as custom fields.

        A system with a template of its own defines there what is not standard. An
        export of any other lists all of its fields, and says nothing by that.
        """
        if project.source_id == self.env["migration.knowledge"]._catalogue():
            return frozenset()
        defined = set()
        for table in project.table_ids:
            roles = table.object_ids.mapped("role")
            if table.id not in tables_read or roles != ["fields"]:
                continue
            columns = [
                one.column
                for one in tables_read[table.id].columns
                if one.meaning == "key"
            ]
            defined |= {
                match_key(row.get(column))
                for row in table.sample or []
                for column in columns
            }
        return frozenset(defined - {None})

    def _sample(self, table):
        """The first rows of ``table`` as dicts; none where the file is broken."""
        connector = table.file_id._connector()
        try:
            rows = list(islice(connector._iter_rows(table), SAMPLE_ROWS))
        except Problem:
            # Staging the table reports it, with the file and the reason.
            return []
        return [split_row(row.values)[0] for row in rows if not row.problem]

    def _tells_apart(self, tables, path):
        """Whether the identifier ``path`` differs for nearly all of the first rows."""
        identify = identity([path], by_name=True)
        rows = [row for table in tables for row in table.sample or []]
        keys = [key for row in rows if (key := identify(row))]
        if len(keys) < _UNIQUE * len(rows):
            return False
        return bool(keys) and len(set(keys)) >= _UNIQUE * len(keys)

    def _comes_again(self, tables, path, name):
        """Whether rows with one identifier are about one record, as far as is seen.

        :param name: column that has to be the same in all rows of a record
        """
        if not name:
            return False
        identify, read = identity([path]), joined_reader(name)
        names = {}
        repeats = 0
        for table in tables:
            for row in table.sample or []:
                if key := identify(row):
                    repeats += key in names
                    names.setdefault(key, set()).add(match_key(read(row)))
        return repeats > 1 and all(len(found) == 1 for found in names.values())


class Reading:
    """What was understood of the tables of one project.

    :param project: ``migration.project`` record
    :param dict tables: ``{table id: lib.understand.TableReading}``
    :param defined: keys of columns that the export says itself what they are
    """

    def __init__(self, project, tables, defined=frozenset()):
        self._project = project
        self._tables = tables
        self._defined = defined
        self._by_column = {
            (key, column.column): column
            for key, table in tables.items()
            for column in table.columns
            if match_key(column.column) not in defined
        }

    def object_of(self, table):
        """The ``migration.source.object`` a row of ``table`` is; empty if unsure."""
        found = self._tables.get(table.id)
        objects = self._project.source_id.object_ids
        if not found or found.confidence < _SURE:
            return objects.browse()
        return objects.filtered(lambda one: one.name == found.object)

    def meanings(self, tables, name):
        """``{meaning: [columns]}`` of an object in ``tables``, surest first."""
        found = {}
        for table in tables:
            for column in self._columns(table):
                if column.object == name and column.meaning:
                    found.setdefault(column.meaning, []).append(column)
        return {
            meaning: list(
                dict.fromkeys(
                    one.column
                    for one in sorted(columns, key=lambda one: -one.confidence)
                )
            )
            for meaning, columns in found.items()
        }

    def parts(self, tables, name):
        """``{meaning: column}`` of what ``tables`` say of the object ``name``."""
        found = {}
        for table in tables:
            for column in self._columns(table):
                if column.part and column.part[0] == name:
                    known = found.get(column.part[1])
                    if not known or known.confidence < column.confidence:
                        found[column.part[1]] = column
        return {meaning: column.column for meaning, column in found.items()}

    def of(self, mapping, column):
        """What is understood of a column of ``mapping``, or None."""
        found = [
            self._by_column[table.id, column]
            for table in mapping.table_ids
            if (table.id, column) in self._by_column
        ]
        return max(found, key=lambda one: one.confidence, default=None)

    def say(self, column):
        """Why a column is understood so, in the user's language."""
        return reason(column, self._project._translate_term)

    def _columns(self, table):
        found = self._tables.get(table.id)
        return [
            one
            for one in (found.columns if found else ())
            if match_key(one.column) not in self._defined
        ]
