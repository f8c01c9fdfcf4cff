from odoo import models
from odoo.tools import SQL

from ....lib.reconcile import Mistakes
from ....lib.spot_check import sample_size

_WRONG = ("missing", "differs", "truncated")


class MigrationVerifySpot(models.AbstractModel):
    """Compares every value of some records with their source, drawn at random.

    How many is worked out from the errors that must not go unseen; the seed is kept.
    """

    _name = "migration.verify.spot"
    _description = "Migration Spot Check"

    def _continue(self, run, mapping):
        """Check one object, all at once; a sample is small."""
        project = run.project_id
        population = self.env["migration.record"].search_count(
            [
                ("mapping_id", "=", mapping.id),
                ("state", "in", ("loaded", "matched")),
            ]
        )
        size = sample_size(
            population,
            project.verify_error_rate / 100,
            project.verify_confidence / 100,
        )
        if size:
            records = self._draw(mapping, run.options["seed"], size)
            self._report(run, mapping, records, population)
        return True

    def _draw(self, mapping, seed, size):
        """``size`` linked records by chance, the same ones for the same ``seed``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM migration_record
                    WHERE mapping_id = %s AND state IN ('loaded', 'matched')
                    ORDER BY md5(%s || source_id), id LIMIT %s""",
                mapping.id,
                f"{seed}/",
                size,
            )
        )
        return self.env["migration.record"].browse(id_ for (id_,) in rows)

    def _report(self, run, mapping, records, population):
        rows = self.env["migration.comparison"]._compare(mapping, records)
        changed = self._changed(records)
        fields_, wrong, since, unchecked = {}, set(), set(), 0
        for row in rows:
            unchecked += row["verdict"] == "unchecked"
            # A record that is gone is told by a check of its own.
            if "target" not in row:
                continue
            mistakes = fields_.setdefault(row["target"], Mistakes())
            if row["verdict"] not in _WRONG:
                mistakes.right()
                continue
            record = self.env["migration.record"].browse(row["record_id"])
            later = record.id in changed
            (since if later else wrong).add(record.id)
            mistakes.add(
                record.res_id,
                later,
                self.env._(
                    "%(id)s: “%(expected)s” is “%(actual)s”",
                    id=row["source_id"],
                    expected=row["expected"],
                    actual=row["actual"],
                ),
            )
        self._add_whole(run, mapping, len(records), population, wrong, since, unchecked)
        for target, mistakes in fields_.items():
            if mistakes.ids:
                self._add_field(run, mapping, target, mistakes)

    def _changed(self, records):
        """Ids of the staged records whose Odoo record was changed since."""
        found = set()
        for model, linked in records.filtered("res_id").grouped("res_model").items():
            if model in self.env:
                ids = self.env["migration.verifier"]._changed(
                    model, linked.mapped("res_id")
                )
                found |= {one.id for one in linked if one.res_id in ids}
        return found

    def _add_whole(self, run, mapping, size, population, wrong, since, unchecked):
        project = run.project_id
        verdict = "2_warning" if wrong or since else "3_ok"
        # Of a part that was drawn, one wrong record says that there are too many.
        share = 100 * len(wrong) / size
        if wrong and (size < population or share > project.verify_error_rate):
            verdict = "1_failed"
        message = self.env._(
            "Drawn from %(population)s by seed %(seed)s, to find %(rate)s %% of wrong "
            "records with a confidence of %(confidence)s %%.",
            population=population,
            seed=run.options["seed"],
            rate=f"{project.verify_error_rate:g}",
            confidence=f"{project.verify_confidence:g}",
        )
        if since - wrong:
            verifier = self.env["migration.verifier"]
            message += f" {verifier._since(len(since - wrong))}"
        if unchecked:
            message += " " + self.env._("%s values cannot be compared.", unchecked)
        self.env["migration.check"]._add(
            run,
            mapping,
            kind="value",
            subject=self.env._("Records drawn at random whose values are right"),
            expected=size,
            found=size - len(wrong | since),
            verdict=verdict,
            message=message,
            res_model="migration.record",
            domain=[("id", "in", sorted(wrong | since))] if wrong or since else None,
        )

    def _add_field(self, run, mapping, target, mistakes):
        field = self.env[mapping.res_model]._fields.get(target)
        label = field._description_string(self.env) if field is not None else target
        self.env["migration.check"]._add(
            run,
            mapping,
            kind="value",
            subject=self.env._("Value of %s", label),
            expected=mistakes.seen,
            found=mistakes.seen - mistakes.wrong - mistakes.changed,
            verdict=self.env["migration.verifier"]._verdict(mistakes),
            message="; ".join(mistakes.examples),
            res_model=mapping.res_model,
            domain=[("id", "in", mistakes.ids)],
        )
