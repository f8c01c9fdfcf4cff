"""The one way into Odoo: sample, dry run, load and prepare all run through here.

A chunk of staged records is converted, matched, created in one savepoint, and
journalled. When it fails it is halved until the bad records stand alone with their
reason; the others of the chunk land.
"""

import logging
import time

import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

from ...lib.errors import Problem, _
from ..loader.base import Item
from ..loader.matching import Matcher
from .patience import is_passing, patiently
from .resolver import Resolver
from .silence import QUIET

_logger = logging.getLogger(__name__)

CHUNK = 1000


class MigrationEngine(models.AbstractModel):
    """Loads staged records, chunk by chunk."""

    _name = "migration.engine"
    _description = "Migration Engine"

    def _load(self, run, deadline=None):
        """Go on with ``run`` until it is finished or ``deadline`` has passed.

        :param float deadline: ``time.monotonic()`` after which no chunk is begun
        :return: whether everything that can be loaded has been
        """
        self = self.with_context(**QUIET)  # noqa: PLW0642
        run = run.with_env(self.env)
        self.env["migration.record.key"]._ensure(run.project_id)
        resolver = Resolver(run.project_id)
        for mapping in run._mappings():
            line = run._line(mapping)
            compiled = mapping._compile()
            matcher = Matcher(mapping)
            while not line.finished:
                if deadline and time.monotonic() > deadline:
                    return False
                self._load_next(run, line, mapping, compiled, resolver, matcher)
        return True

    def _load_next(self, run, line, mapping, compiled, resolver, matcher):
        """Load one chunk, again if another transaction got in its way."""
        load = (self._load_chunk, run, line, mapping, compiled, resolver, matcher)
        patiently(run, *load, between=resolver.forget)

    def _load_chunk(self, run, line, mapping, compiled, resolver, matcher):
        started = time.monotonic()
        loader = mapping._loader()
        rows = self._claim(run, line, mapping, loader._chunk_size(run.chunk_size))
        if not rows:
            self._finish_pass(run, line, mapping)
            return
        resolver.prefetch(
            request
            for _id, _key, payload in rows
            for request in compiled.requests(payload)
        )
        items, waiting = self._transform(rows, mapping, compiled, resolver)
        matcher.match(items)
        self.env["migration.match.candidate"]._replace(mapping, items)
        self._take(loader, mapping, items)
        self._journal(run, mapping, items)
        self._settle(mapping, items, waiting)
        line._count(items, rows, waiting, time.monotonic() - started)

    def _claim(self, run, line, mapping, size):
        """The next pending records, locked, so that no other worker takes them."""
        return self.env.execute_query(
            SQL(
                """SELECT id, source_id, payload FROM migration_record
                    WHERE mapping_id = %s AND state = 'pending' AND id > %s AND %s
                      AND payload IS NOT NULL
                    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
                mapping.id,
                line.cursor,
                run._chosen(),
                size,
            )
        )

    def _transform(self, rows, mapping, compiled, resolver):
        """Convert the payloads; gives items, and what waits for others."""
        items, waiting = [], []
        for record_id, source_id, payload in rows:
            outcome = compiled.transform(payload, resolver.find)
            item = Item(
                record_id,
                source_id,
                mapping._external_id(source_id),
                payload,
                outcome.vals,
            )
            item.warnings += outcome.warnings
            if outcome.problems:
                item.error = outcome.problems[0]
            elif outcome.held:
                item.error = outcome.held[0]
            elif outcome.waiting:
                waiting.append((record_id, outcome.waiting[0]))
                continue
            items.append(item)
        return items, waiting

    def _take(self, loader, mapping, items):
        """Create what is new, update what was matched; isolate what fails."""
        loader._prepare(mapping, [item for item in items if not item.error])
        ready = [item for item in items if not item.error]
        loader._take_history(ready)
        self._bisect(
            mapping.res_model,
            lambda part: loader._create_records(mapping, part),
            [item for item in ready if not item.matched],
        )
        self._bisect(
            mapping.res_model,
            lambda part: loader._update_matched(mapping, part),
            [item for item in ready if item.matched],
        )

    def _bisect(self, model, action, items):
        """Run ``action`` on ``items`` in a savepoint; on failure halve them."""
        if not items:
            return
        try:
            # What PostgreSQL refuses is reported on the record; Odoo's log of the
            # query would repeat its data.
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                action(items)
                self.env.flush_all()
        except Exception as error:
            if is_passing(error):
                raise
            self.env.clear()
            for item in items:
                item.created.clear()
                item.changed.clear()
                item.target = item.target if item.matched else None
            if len(items) == 1:
                items[0].error = self._problem(model, items[0], error)
                return
            half = len(items) // 2
            self._bisect(model, action, items[:half])
            self._bisect(model, action, items[half:])

    def _problem(self, model, item, error):
        """What Odoo refused a record for, as a problem of that record."""
        if isinstance(error, Problem):
            return error
        reason = str(error)
        if isinstance(error, psycopg2.Error):
            reason = self.env[model]._sql_error_to_message(error)
        elif not isinstance(error, (UserError, ValueError)):
            _logger.warning("%s was refused", item.external_id, exc_info=error)
        return Problem(
            "refused",
            _("Odoo refused the record: %(reason)s"),
            _("Correct the record, or its mapping, and load again."),
            reason=" ".join(reason.split()),
        )

    def _finish_pass(self, run, line, mapping):
        """All pending records were seen once: again, while some could be loaded.

        Records that refer to others of the same object, such as a parent company,
        wait for them; what still waits when a pass loads nothing never will be.
        """
        if not line.waiting:
            line.write({"finished": True})
            return
        if not line.progressed:
            line._count_failed(self._give_up(run, mapping))
        line.write({"cursor": 0, "waiting": 0, "progressed": False})

    def _give_up(self, run, mapping):
        """Fail what waits for ever: circles first, then whatever is left.

        Who waits for a record of a circle is told in the next pass that it failed.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT id, source_id, error_field, error_value, error
                     FROM migration_record
                    WHERE mapping_id = %s AND state = 'pending'
                      AND error_code = 'reference_waiting'
                      AND %s""",
                mapping.id,
                run._chosen(),
            )
        )
        # Another object may use the same ids: its records are in no circle with ours.
        own = mapping.field_ids.filtered(lambda line: line.reference == mapping.name)
        columns = set(own.mapped("source_path"))
        waits_for = {key: value for _id, key, col, value, _e in rows if col in columns}
        circles = {key: _circle(key, waits_for) for key in waits_for}
        circles = {key: circle for key, circle in circles.items() if circle}
        failures = []
        for record_id, source_id, column, value, error in rows:
            circle = circles.get(source_id)
            if circles and not circle:
                continue
            if circle:
                problem = Problem(
                    "reference_cycle",
                    _("%(field)s leads in a circle: %(circle)s."),
                    _("Empty the column in one of these records."),
                    field=column,
                    value=value,
                    circle=" → ".join(circle),
                )
                error = self._say(problem)
            code = "reference_cycle" if circle else "reference_waiting"
            failures.append((record_id, "failed", error, code, column, value))
        self._set_states(failures)
        keys = {record_id: source_id for record_id, source_id, *_rest in rows}
        self.env["migration.log"]._append(
            [
                {
                    "project_id": run.project_id.id,
                    "run_id": run.id,
                    "mapping_id": mapping.id,
                    "operation": "fail",
                    "source_id": keys[record_id],
                    "message": error,
                }
                for record_id, _state, error, *_rest in failures
            ]
        )
        return len(failures)

    def _say(self, error):
        """The text of an error, in the user's language."""
        if isinstance(error, Problem):
            return error.text(self.env["migration.project"]._translate_term)
        return self.env["migration.project"]._database_message(error)

    def _settle(self, mapping, items, waiting):
        """Write the state of every record of the chunk, in one statement."""
        links = [item for item in items if not item.error]
        self.env.execute_query(
            SQL(
                """UPDATE migration_record AS r
                      SET state = v.state, res_model = v.model, res_id = v.id,
                          error = NULL, error_code = NULL, error_field = NULL,
                          error_value = NULL
                     FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[])
                       AS v(record, state, model, id)
                    WHERE r.id = v.record RETURNING r.id""",
                [item.record_id for item in links],
                ["matched" if item.matched else "loaded" for item in links],
                [item.target[0] for item in links],
                [item.target[1] for item in links],
            )
        )
        states = [
            (item.record_id, item.fate(), *self._error_columns(item.error))
            for item in items
            if item.error
        ]
        states += [
            (record_id, "pending", *self._error_columns(problem))
            for record_id, problem in waiting
        ]
        self._set_states(states)

    def _error_columns(self, problem):
        value = None if problem.value is None else str(problem.value)
        return self._say(problem), problem.code, problem.field, value

    def _set_states(self, rows):
        if not rows:
            return
        self.env.execute_query(
            SQL(
                """UPDATE migration_record AS r
                      SET state = v.state, error = v.error, error_code = v.code,
                          error_field = v.field, error_value = v.value
                     FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[],
                                 %s::text[], %s::text[])
                       AS v(record, state, error, code, field, value)
                    WHERE r.id = v.record RETURNING r.id""",
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )

    def _journal(self, run, mapping, items):
        """Append one row per operation to the audit log."""
        common = {
            "project_id": run.project_id.id,
            "run_id": run.id,
            "mapping_id": mapping.id,
        }
        rows = []
        for item in items:
            known = {**common, "source_id": item.source_id}
            if item.error:
                operation = OPERATIONS[item.fate()]
                rows.append(
                    {
                        **known,
                        "operation": operation,
                        "message": self._say(item.error),
                        "changes": _reason(item.error),
                    }
                )
                continue
            for model, res_id in item.created:
                rows.append(
                    {
                        **known,
                        "operation": "create",
                        "res_model": model,
                        "res_id": res_id,
                        "changes": item.kept.get(model),
                    }
                )
            for model, res_id, before, after in item.changed:
                rows.append(
                    {
                        **known,
                        "operation": "update",
                        "res_model": model,
                        "res_id": res_id,
                        "changes": {"before": before, "after": after},
                    }
                )
            # Also what was there already, such as a link its contact has by itself.
            if item.matched or not (item.created or item.changed):
                rows.append(
                    {
                        **known,
                        "operation": "match",
                        "res_model": item.target[0],
                        "res_id": item.target[1],
                    }
                )
            rows += [
                {
                    **known,
                    "operation": "warning",
                    "message": self._say(warning),
                    "changes": _reason(warning),
                }
                for warning in item.warnings
            ]
        self.env["migration.log"]._append(rows)


OPERATIONS = {"failed": "fail", "held": "hold", "skipped": "skip"}


def _reason(problem):
    """What the log keeps of a problem besides its text."""
    return {"code": problem.code, "field": problem.field, "value": problem.value}


def _circle(start, waits_for):
    """The circle of references that ``start`` is part of, or None."""
    seen, current = [], start
    while current in waits_for and current not in seen:
        seen.append(current)
        current = waits_for[current]
    return [*seen, start] if current == start and seen else None
