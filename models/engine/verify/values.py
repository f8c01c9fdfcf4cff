from odoo import models
from odoo.tools import SQL

from ....lib.reconcile import Mistakes, Tally
from ..comparison import plain
from ..resolver import Resolver
from .plan import Plan

_EMPTY = (None, "", {})


class MigrationVerifyValues(models.AbstractModel):
    """Holds all migrated records against the source: sums, counts, parents, fields.

    Both sides of a batch are read in one transaction, so that users may go on working.
    """

    _name = "migration.verify.values"
    _description = "Migration Check of Sums and Links"

    def _continue(self, run, mapping):
        """Check the next batch; returns whether it was the last."""
        verifier = self.env["migration.verifier"]
        plan = Plan(mapping)
        records = verifier._batch(run, mapping)
        found = _Found(plan, run.options.get("part", {}))
        if not records:
            self._report(run, mapping, plan, found)
            return True
        loaded = records.filtered(lambda one: one.state == "loaded")
        expected = self.env["migration.comparison"]._expect(
            mapping, mapping._compile(), Resolver(mapping.project_id), loaded
        )
        # What is gone is told by a check of its own.
        expected = [one for one in expected if one.target]
        ids = {one.target.id for one in expected}
        rows = self._rows(plan, ids)
        changed = verifier._changed(mapping.res_model, ids)
        loader = mapping._loader()
        for one in expected:
            later = one.target.id in changed
            row = rows[one.target.id]
            self._check_required(found, plan, one, row, later)
            if not one.is_whole:
                problem = (*one.outcome.problems, *one.outcome.waiting)[:1]
                said = [self.env["migration.engine"]._say(each) for each in problem]
                found.unclear.add(one.record.id, example=" ".join(said))
                continue
            self._check_links(found, plan, loader, one, later)
            if plan.owns:
                found.tally.add(
                    one.target.id,
                    (plan.keys(row, one.item.vals), plan.numbers(row, one.item.vals)),
                    (plan.keys(row), plan.numbers(row)),
                    later,
                )
        verifier._keep(run, records, **found.as_dict())
        line = run._line(mapping)
        line.handled += len(records)
        return False

    def _rows(self, plan, ids):
        """``{id: {column: value}}`` of the columns that are compared."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id%s FROM %s WHERE id = ANY(%s)",
                SQL().join(SQL(", %s", SQL.identifier(name)) for name in plan.columns),
                SQL.identifier(plan.model._table),
                list(ids),
            )
        )
        return {
            id_: dict(zip(plan.columns, values, strict=True)) for id_, *values in rows
        }

    def _check_required(self, found, plan, one, row, later):
        for name in plan.required:
            mistakes = found.required[name]
            if row[name] in _EMPTY:
                mistakes.add(one.target.id, later, one.record.source_id)
            else:
                mistakes.right()

    def _check_links(self, found, plan, loader, one, later):
        """Whether the record belongs to those that the source says."""
        for name in plan.links:
            expected = one.value(name)
            if expected is None:
                continue
            known, actual = loader._read_back(one.target, name, one.outcome.vals)
            if not known:
                continue
            mistakes = found.links[name]
            if plain(expected) == plain(actual):
                mistakes.right()
                continue
            shown = self.env["migration.display"]._texts(
                one.target, name, (actual, expected)
            )
            mistakes.add(
                one.target.id,
                later,
                self.env._(
                    "%(id)s: at “%(actual)s”, not “%(expected)s”",
                    id=one.record.source_id,
                    actual=shown[0],
                    expected=shown[1],
                ),
            )

    def _report(self, run, mapping, plan, found):
        self._report_required(run, mapping, plan, found)
        self._report_unclear(run, mapping, found)
        for name, mistakes in found.links.items():
            if mistakes.seen:
                self._add(
                    run,
                    mapping,
                    "link",
                    self.env._("Records at the right %s", plan.label(name)),
                    mistakes,
                )
        self.env["migration.check"]._add_all(
            run,
            mapping,
            [
                self._of_group(mapping, plan, *group, number)
                for group in found.tally.groups()
                for number in range(len(plan.measures) + 1)
                # How many there are in all is told by the records that are there.
                if group[0] or number
            ],
        )

    def _report_required(self, run, mapping, plan, found):
        wrong = {name: one for name, one in found.required.items() if one.ids}
        for name, mistakes in wrong.items():
            subject = self.env._("Required field filled: %s", plan.label(name))
            self._add(run, mapping, "required", subject, mistakes)
        seen = max((one.seen for one in found.required.values()), default=0)
        if seen and not wrong:
            labels = ", ".join(plan.label(name) for name in plan.required)
            subject = self.env._("Required fields filled")
            self._add(run, mapping, "required", subject, Mistakes(seen), labels)

    def _report_unclear(self, run, mapping, found):
        if not found.unclear.seen:
            return
        self.env["migration.check"]._add(
            run,
            mapping,
            kind="value",
            subject=self.env._("Records whose values cannot be worked out any more"),
            expected=0,
            found=found.unclear.seen,
            verdict="2_warning",
            message=self.env._(
                "The mapping, or what they refer to, has changed: %s",
                "; ".join(dict.fromkeys(found.unclear.examples)),
            ),
            res_model="migration.record",
            domain=[("id", "in", found.unclear.ids)],
        )

    def _add(self, run, mapping, kind, subject, mistakes, message=""):
        verifier = self.env["migration.verifier"]
        told = [message, "; ".join(mistakes.examples)]
        if mistakes.changed:
            told.append(verifier._since(mistakes.changed))
        self.env["migration.check"]._add(
            run,
            mapping,
            kind=kind,
            subject=subject,
            expected=mistakes.seen,
            found=mistakes.seen - mistakes.wrong - mistakes.changed,
            verdict=verifier._verdict(mistakes),
            message=" ".join(filter(None, told)),
            res_model=mapping.res_model,
            domain=[("id", "in", mistakes.ids)] if mistakes.ids else None,
        )

    def _of_group(self, mapping, plan, dimension, key, group, number):
        """The result of one group: its count, or one of its sums."""
        whole, unexplained = group.difference(number)
        tolerance = plan.tolerance(number)
        verdict, message = "3_ok", False
        if abs(unexplained) > tolerance:
            verdict = "1_failed"
            message = self.env._("See the records.")
        elif abs(whole) > tolerance:
            verdict = "2_warning"
            message = self.env._(
                "The difference is of records changed in Odoo since the migration."
            )
        wrong = group.ids if verdict != "3_ok" else None
        return {
            "kind": "sum",
            "subject": plan.subject(number, dimension, key),
            "expected": group.expected[number],
            "found": group.found[number],
            "verdict": verdict,
            "message": message,
            "res_model": mapping.res_model,
            "domain": [("id", "in", wrong)] if wrong else plan.domain(dimension, key),
        }


class _Found:
    """What the batches so far have found, kept as plain data between them."""

    def __init__(self, plan, part):
        self.tally = Tally(plan.measures, part.get("tally"))
        self.required = self._mistakes(plan.required, part.get("required", {}))
        self.links = self._mistakes(plan.links, part.get("links", {}))
        self.unclear = Mistakes(*part.get("unclear", ()))

    @staticmethod
    def _mistakes(names, known):
        return {name: Mistakes(*known.get(name, ())) for name in names}

    def as_dict(self):
        """What the next batch goes on from."""
        return {
            "tally": self.tally.as_dict(),
            "required": {name: one.as_list() for name, one in self.required.items()},
            "links": {name: one.as_list() for name, one in self.links.items()},
            "unclear": self.unclear.as_list(),
        }
