from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lib.field_spec import NaturalKey
from ..lib.sheets import write_tables

# What people write; all else is what the source says.
_OWN = {"done", "note"}


class MigrationChecklist(models.Model):
    """An amount that somebody has to verify by hand, such as a trust balance.

    It is never posted. Lines hold what the source says themselves, so that they are
    there when the staged records have been purged.
    """

    _name = "migration.checklist"
    _inherit = ["migration.part"]
    _description = "Migration Checklist"
    _order = "project_id, case, currency_id, id"
    _rec_name = "source_id"

    mapping_id = fields.Many2one(
        "migration.mapping",
        string="Object",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    source_id = fields.Char(string="Source ID", required=True, readonly=True)
    item = fields.Char(readonly=True, help="What the amount is, in the source's words.")
    case = fields.Char(readonly=True, help="The case it belongs to.")
    case_mapping_id = fields.Many2one(
        "migration.mapping", ondelete="set null", readonly=True
    )
    case_source_id = fields.Char(readonly=True, help="Source id of its case.")
    lead_id = fields.Many2one(
        "crm.lead",
        string="Case in Odoo",
        compute="_compute_lead_id",
        help="What the case has become in Odoo.",
    )
    client = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True)
    currency = fields.Char(
        string="Currency in Source", readonly=True, help="As the source writes it."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(readonly=True)
    details = fields.Text(readonly=True, help="What the source notes about it.")
    problem = fields.Text(readonly=True, help="What could not be read.")
    done = fields.Boolean(
        string="Verified", help="Tick it when the amount has been verified by hand."
    )
    done_by_id = fields.Many2one("res.users", string="Verified by", readonly=True)
    done_date = fields.Datetime(string="Verified on", readonly=True)
    note = fields.Text(help="What was found when it was verified.")

    _source_uniq = models.Constraint(
        "UNIQUE(mapping_id, source_id)", "This amount is listed already."
    )

    @api.depends("case_mapping_id", "case_source_id")
    def _compute_lead_id(self):
        """The lead that the log says the case has become, while it is there."""
        known = {}
        if self.ids:
            rows = self.env.execute_query(
                SQL(
                    """SELECT DISTINCT ON (l.mapping_id, l.source_id)
                              l.mapping_id, l.source_id, l.res_id
                         FROM migration_log l
                         JOIN migration_checklist c
                           ON c.case_mapping_id = l.mapping_id
                          AND c.case_source_id = l.source_id
                         JOIN crm_lead t ON t.id = l.res_id
                        WHERE c.id = ANY(%s) AND l.res_model = 'crm.lead'
                          AND l.operation IN ('create', 'match')
                        ORDER BY l.mapping_id, l.source_id, l.id DESC""",
                    self.ids,
                )
            )
            known = {(mapping, source_id): lead for mapping, source_id, lead in rows}
        for line in self:
            line.lead_id = known.get((line.case_mapping_id.id, line.case_source_id))

    def write(self, vals):
        """Ticks are decisions, and kept in the log; the rest is the source's."""
        if not self.env.su and vals.keys() - _OWN:
            raise AccessError(
                self.env._("What the source says cannot be changed; write a note.")
            )
        changed = self.browse()
        if "done" in vals:
            changed = self.filtered(lambda line: line.done != bool(vals["done"]))
        result = super().write(vals)
        if changed:
            done = bool(vals["done"])
            stamp = {
                "done_by_id": self.env.uid if done else False,
                "done_date": fields.Datetime.now() if done else False,
            }
            super(MigrationChecklist, changed.sudo()).write(stamp)
            changed._log_decision(done)
        return result

    def _log_decision(self, done):
        """Journal who has verified an amount, or has taken that back."""
        _ = self.env._
        message = (
            _("Verified: %(amount)s %(currency)s of %(item)s, case %(case)s")
            if done
            else _("Not verified: %(amount)s %(currency)s of %(item)s, case %(case)s")
        )
        self.env["migration.log"]._append(
            [
                {
                    "project_id": line.project_id.id,
                    "mapping_id": line.mapping_id.id,
                    "operation": "decision",
                    "source_id": line.source_id,
                    "message": message
                    % {
                        "amount": f"{line.amount:.2f}",
                        "currency": line.currency or "",
                        "item": line.item or line.source_id,
                        "case": line.case or "–",
                    },
                    "changes": {"before": {"done": not done}, "after": {"done": done}},
                }
                for line in self
            ]
        )

    # Listing

    @api.model
    def _list(self, project):
        """List the amounts that are staged; ticks and notes of those listed stay.

        Where nothing is staged, as after a purge, what is listed stays as well.
        """
        for mapping in project.mapping_ids.filtered(
            lambda one: one.active and one.role == "checklist"
        ):
            rows = self._staged(mapping)
            if not rows:
                continue
            known = {
                line.source_id: line.sudo()
                for line in project.checklist_ids
                if line.mapping_id == mapping
            }
            kept = self.browse()
            new = []
            for source_id, vals in rows:
                line = known.get(source_id)
                if line:
                    line.write(vals)
                    kept |= line
                else:
                    own = {"project_id": project.id, "mapping_id": mapping.id}
                    new.append({**vals, **own, "source_id": source_id})
            (self.union(*known.values()) - kept).unlink()
            self.sudo().create(new)

    def _staged(self, mapping):
        """``[(source id, values)]`` of the amounts of one object."""
        compiled = mapping._compile()
        rows = self.env.execute_query(
            SQL(
                """SELECT source_id, payload FROM migration_record
                    WHERE mapping_id = %s AND NOT COALESCE(unusable, FALSE)
                      AND payload IS NOT NULL AND payload <> '{}' ORDER BY id""",
                mapping.id,
            )
        )
        outcomes = [
            (source_id, compiled.transform(payload, _as_it_is))
            for source_id, payload in rows
        ]
        named = {
            outcome.vals[name]
            for _source_id, outcome in outcomes
            for name in ("case", "client")
            if isinstance(outcome.vals.get(name), tuple)
        }
        referred = self._referred(mapping.project_id, named)
        currencies = {
            one.name: one.id
            for one in self.env["res.currency"]
            .with_context(active_test=False)
            .search([])
        }
        say = self.env["migration.project"]._translate_term
        return [
            (
                source_id,
                {
                    **self._vals(outcome.vals, referred, currencies),
                    "problem": "\n".join(
                        one.text(say) for one in (*outcome.problems, *outcome.warnings)
                    ),
                },
            )
            for source_id, outcome in outcomes
        ]

    def _vals(self, said, referred, currencies):
        """Values of a line, of what the source has said."""
        case, case_record = _named(said.get("case"), referred)
        client, _record = _named(said.get("client"), referred)
        code = (said.get("currency") or "").strip()
        return {
            "item": said.get("item"),
            "case": case,
            "case_mapping_id": case_record and case_record.mapping_id.id,
            "case_source_id": case_record and case_record.source_id,
            "client": client,
            "amount": said.get("amount") or 0.0,
            "currency": code,
            "currency_id": currencies.get(code.upper()),
            "date": said.get("date"),
            "details": said.get("note"),
        }

    def _referred(self, project, named):
        """``{(resolver, key): (staged record, its name)}`` of what amounts refer to."""
        keys = defaultdict(set)
        for resolver, key in named:
            keys[resolver].add(key)
        self.env["migration.record.key"]._ensure(project)
        mappings = {one.name: one for one in project.mapping_ids}
        found = {}
        for resolver, wanted in keys.items():
            natural = isinstance(resolver, NaturalKey)
            mapping = mappings[resolver.object if natural else resolver]
            records = self.env["migration.record"]
            if natural:
                hits = self.env["migration.record.key"]._find(
                    mapping, resolver.by, resolver.column, wanted
                )
                ids = {key: one[0][0] for key, one in hits.items() if len(one) == 1}
                by_key = {key: records.browse(id_) for key, id_ in ids.items()}
            else:
                domain = [
                    ("mapping_id", "=", mapping.id),
                    ("source_id", "in", list(wanted)),
                ]
                by_key = {one.source_id: one for one in records.search(domain)}
            compiled = self.env["migration.compiler"]._compile(mapping, {"name"})
            for key, record in by_key.items():
                name = compiled.transform(record.payload or {}, _as_it_is).vals
                found[resolver, key] = (record, name.get("name"))
        return found

    # As a file

    def action_download(self):
        """Download the amounts of the migration they belong to."""
        project = self.project_id or self.env["migration.project"].browse(
            self.env.context.get("default_project_id")
        )
        return project[:1].action_download_checklist()

    def _workbook(self):
        """The amounts, and their totals per case and currency, as an XLSX file."""
        _ = self.env._
        head = (
            *(_("Case"), _("Client"), _("Item"), _("Amount"), _("Currency")),
            *(_("Date"), _("Details"), _("Source ID"), _("Problem"), _("Verified")),
            *(_("Verified by"), _("Verified on"), _("Note")),
        )
        lines = [
            (
                *(line.case, line.client, line.item, line.amount, line.currency),
                *(line.date, line.details, line.source_id, line.problem),
                _("yes") if line.done else "",
                *(line.done_by_id.name, line.done_date, line.note),
            )
            for line in self
        ]
        totals = (_("Case"), _("Currency"), _("Amounts"), _("Verified"), _("Total"))
        return write_tables(
            {
                _("Checklist"): [head, *lines],
                _("Totals per Case"): [totals, *self._totals()],
            }
        )

    def _totals(self):
        """``[(case, currency, amounts, verified, total)]``, one a currency."""
        groups = defaultdict(lambda: [0, 0, Decimal(0)])
        for line in self:
            group = groups[line.case or "", line.currency or ""]
            group[0] += 1
            group[1] += bool(line.done)
            group[2] += Decimal(str(line.amount))
        return [
            (*key, count, verified, float(total))
            for key, (count, verified, total) in sorted(groups.items())
        ]


def _as_it_is(resolver, key):
    """Stands for what is referred to, which need not be in Odoo."""
    return resolver, (resolver, key)


def _named(value, referred):
    """``(text, staged record or False)`` of a reference, or of plain text."""
    if not isinstance(value, tuple):
        return value, False
    resolver, key = value
    record, name = referred.get(value, (False, None))
    text = str(key)
    if name and record:
        known = text if isinstance(resolver, NaturalKey) else record.source_id
        return (f"{known} – {name}" if known != name else name), record
    return text, False
