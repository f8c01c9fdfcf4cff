from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ..lib.errors import Problem
from ..lib.matching import parse_rules, write_rules
from .engine.resolver import Resolver
from .engine.silence import QUIET
from .loader.base import Item
from .loader.matching import Matcher

_BATCH = 1000
# Records that are tried while somebody waits for the answer.
_TRIED = 20_000


class MigrationMapping(models.Model):
    """How records that Odoo had before are recognised, and what the rules would do."""

    _inherit = "migration.mapping"

    match_rule_ids = fields.One2many(
        "migration.match.rule", "mapping_id", string="Recognised by", copy=True
    )
    match_by = fields.Char(
        string="Match by",
        compute="_compute_match_by",
        inverse="_inverse_match_by",
        help="The rules as one text, e.g. “email; name, parent_id; name (legal)”: "
        "rules separated by semicolons, the fields of a rule by commas, how to compare "
        "in brackets: exact, legal, archived.",
    )
    match_tried = fields.Datetime(string="Rules Tried", readonly=True, copy=False)
    match_tried_count = fields.Integer(
        string="Records Tried", readonly=True, copy=False
    )
    match_link_count = fields.Integer(
        string="Would Be Linked", readonly=True, copy=False
    )
    match_review_count = fields.Integer(
        string="Would Need a Review", readonly=True, copy=False
    )
    match_create_count = fields.Integer(
        string="Would Be Created", readonly=True, copy=False
    )
    match_open_count = fields.Integer(
        string="Cannot Be Told Yet",
        readonly=True,
        copy=False,
        help="Records with a value that cannot be used, and those that no rule "
        "recognises, but that refer to another one that is not in Odoo yet.",
    )

    @api.depends(
        "match_rule_ids.sequence",
        "match_rule_ids.field_names",
        "match_rule_ids.comparison",
        "match_rule_ids.archived",
    )
    def _compute_match_by(self):
        for mapping in self:
            rules = mapping.match_rule_ids.sorted("sequence")
            mapping.match_by = write_rules([rule._as_text() for rule in rules])

    def _inverse_match_by(self):
        for mapping in self:
            rules = self._parse_rules(mapping.match_by)
            mapping.match_rule_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "sequence": 10 * number,
                            "field_names": ", ".join(rule.fields),
                            "comparison": rule.comparison,
                            "archived": rule.archived,
                        }
                    )
                    for number, rule in enumerate(rules, 1)
                ),
            ]

    @api.model
    def _parse_rules(self, text):
        """The rules that ``text`` says; raises ValidationError where it says none."""
        try:
            return parse_rules(text)
        except Problem as problem:
            translate = self.env["migration.project"]._translate_term
            raise ValidationError(problem.text(translate)) from problem

    def action_try_rules(self):
        """Count what the rules would do with the records that are not in Odoo yet."""
        self.ensure_one()
        if not self.match_rule_ids:
            raise UserError(
                self.env._(
                    "There is no rule to try: every record would be created. Add a "
                    "rule first."
                )
            )
        counts = self.with_context(**QUIET)._try_rules()
        self.write(
            {
                "match_tried": fields.Datetime.now(),
                "match_tried_count": sum(counts.values()),
                **{f"match_{name}_count": count for name, count in counts.items()},
            }
        )
        return True

    def _try_rules(self, limit=_TRIED):
        """What loading would do, told by the same code, without writing anything.

        :return: ``{"link", "review", "create", "open": number of records}``
        """
        names = {name for rule in self.match_rule_ids for name in rule._names()}
        # A phone number is read as one of its country.
        names.add("country_id")
        compiled = self.env["migration.compiler"]._compile(self, only=names)
        resolver = Resolver(self.project_id)
        matcher = Matcher(self, trial=True)
        counts = dict.fromkeys(("link", "review", "create", "open"), 0)
        last = tried = 0
        while tried < limit and (rows := self._untried(last)):
            last, tried = rows[-1][0], tried + len(rows)
            resolver.prefetch(
                request
                for _id, _key, payload in rows
                for request in compiled.requests(payload)
            )
            items, unclear = [], set()
            for record_id, source_id, payload in rows:
                outcome = compiled.transform(payload, resolver.find)
                if outcome.problems or outcome.waiting or outcome.held:
                    unclear.add(record_id)
                items.append(Item(record_id, source_id, "", payload, outcome.vals))
            matcher.match(items)
            for item in items:
                counts[_prospect(item, unclear)] += 1
        return counts

    def _untried(self, last):
        """The next records after id ``last`` that are still to be loaded."""
        return self.env.execute_query(
            SQL(
                """SELECT id, source_id, payload FROM migration_record
                    WHERE mapping_id = %s AND id > %s AND NOT COALESCE(unusable, false)
                      AND state IN ('pending', 'held', 'failed')
                      AND match_decision IS DISTINCT FROM 'skip'
                    ORDER BY id LIMIT %s""",
                self.id,
                last,
                _BATCH,
            )
        )


def _prospect(item, unclear):
    """What would become of an item: the name of its count."""
    if item.matched:
        return "link"
    if item.error:
        return "review"
    return "open" if item.record_id in unclear else "create"
