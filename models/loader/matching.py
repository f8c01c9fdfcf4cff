"""Recognises records that Odoo had before, by the ordered rules of a mapping.

One query a rule and chunk where the database can look the values up. Where it
cannot – a name without regard to case and accents, the host of a web address – the
keys of all records are read once a run, and nothing but the keys.
"""

from odoo.fields import Domain
from odoo.tools import SQL

from ...lib.errors import Held, Skipped, _
from .compared import Comparison

# Candidates that are kept of one record; more are only counted.
SHOWN = 20
_NAMED = 5
# Records whose keys are read together, and look-ups in a column without an index
# after which reading all of it once is cheaper.
_BATCH = 50_000
_LOOK_UPS = 20
# What a record waits in review for.
REVIEW_CODES = ("match_ambiguous", "match_taken", "match_gone")


class Rule:
    """One rule, ready to be asked chunk by chunk.

    :param rule: ``migration.match.rule`` record
    :param model: the model to look in, an empty recordset
    :param domain: which of its records may be recognised at all
    """

    def __init__(self, rule, model, domain):
        self.label = rule.label
        self.names = rule._names()
        self._model = model
        self._domain = domain
        if not rule.archived and model._active_name:
            self._domain &= Domain(model._active_name, "=", True)
        self._country = model.env.company.country_id.id
        self._comparisons = [
            Comparison(model, name, rule.comparison) for name in self.names
        ]
        self._searched = [one for one in self._comparisons if one.searchable]
        self._has_index = any(model._fields[one.column].index for one in self._searched)
        self._index = None
        self._asked = 0

    def key(self, vals):
        """What ``vals`` are recognised by; None unless every field has a value."""
        keys = tuple(one.key(vals, self._country) for one in self._comparisons)
        return None if None in keys else keys

    def value(self, vals):
        """The values as an admin reads them."""
        return ", ".join(str(vals[name]) for name in self.names)

    def find(self, keys):
        """``{key: [ids]}`` of the records that agree with ``keys``."""
        if not keys:
            return {}
        self._asked += 1
        if self._searched and (self._has_index or self._asked <= _LOOK_UPS):
            return self._look_up(keys)
        if self._index is None:
            self._index = self._read_all()
        return _hits(self._index, keys)

    def _look_up(self, keys):
        domain = self._domain
        for place, one in enumerate(self._comparisons):
            if one.searchable:
                wanted = list({key[place] for key in keys})
                domain &= Domain(one.column, "in", wanted)
        columns = [one.column for one in self._comparisons]
        index = {}
        for record in self._model.search_fetch(domain, columns, order="id"):
            values = [_plain(record[column]) for column in columns]
            self._add(index, values, record.id)
        return _hits(index, keys)

    def _read_all(self):
        """The keys of all records that could be recognised, without the records."""
        index = {}
        columns = [one.column for one in self._comparisons]
        filled = Domain.AND([Domain(column, "!=", False) for column in columns])
        last = 0
        while True:
            query = self._model._search(
                self._domain & filled & Domain("id", ">", last),
                order="id",
                limit=_BATCH,
            )
            fields_ = [SQL.identifier(query.table, name) for name in ("id", *columns)]
            rows = self._model.env.execute_query(query.select(*fields_))
            for record_id, *values in rows:
                for spelling in _spellings(values):
                    self._add(index, spelling, record_id)
            if len(rows) < _BATCH:
                return index
            last = rows[-1][0]

    def _add(self, index, values, record_id):
        """Note a record; alone under its key, as nearly all are, it takes no list."""
        pairs = zip(self._comparisons, values, strict=True)
        key = _packed(tuple(one.stored_key(value) for one, value in pairs))
        known = index.setdefault(key, record_id)
        if isinstance(known, list):
            if record_id not in known:
                known.append(record_id)
        elif known != record_id:
            index[key] = [known, record_id]


def _packed(key):
    return key[0] if len(key) == 1 else key


def _hits(index, keys):
    found = {}
    for key in keys:
        hit = index.get(_packed(key))
        if hit is not None:
            found[key] = hit if isinstance(hit, list) else [hit]
    return found


def _spellings(values):
    """``values`` of one record in each language that one of them is translated to."""
    languages = {lang for one in values if isinstance(one, dict) for lang in one}
    if not languages:
        return [values]
    return [
        [one.get(lang) if isinstance(one, dict) else one for one in values]
        for lang in sorted(languages)
    ]


def _plain(value):
    return value.id if hasattr(value, "_ids") else value


class Matcher:
    """Links the records of one mapping to those that Odoo had before.

    :param mapping: ``migration.mapping`` record
    :param bool trial: nothing is written afterwards, so what was linked is remembered
    """

    def __init__(self, mapping, trial=False):
        self._mapping = mapping
        self._env = mapping.env
        self._trial = trial
        self._loader = mapping._loader()
        self._linked = {}
        loader = self._loader
        self._model = loader._model(mapping).with_context(active_test=False)
        self._domain = self._candidates(loader)
        self._rules = [
            Rule(rule, self._model, self._domain) for rule in mapping.match_rule_ids
        ]
        self._has_decisions = bool(
            self._env.execute_query(
                SQL(
                    """SELECT FROM migration_record WHERE mapping_id = %s
                          AND match_decision IS NOT NULL LIMIT 1""",
                    mapping.id,
                )
            )
        )

    def _candidates(self, loader):
        """Records that may be recognised: of the company, and not this migration's."""
        project = self._mapping.project_id
        fields_ = self._model._fields
        domain = loader._match_domain(self._mapping)
        if "company_id" in fields_ and fields_["company_id"].store:
            domain &= Domain("company_id", "in", (False, project.company_id.id))
        if "x_source_id" in fields_:
            own = project.key.replace("_", r"\_") + "/%"
            domain &= Domain("x_source_id", "=", False) | Domain(
                "x_source_id", "not =like", own
            )
        return domain

    def allows(self, res_id):
        """Whether the record ``res_id`` may be linked to at all."""
        return bool(self._model.search_count(Domain("id", "=", res_id) & self._domain))

    def match(self, items):
        """Give each item its target, an error that waits for a decision, or neither.

        A rule counts when the source has a value for all of its fields. Its one hit
        is linked; several are left to a decision, never to a weaker rule; without a
        hit the next rule is asked.
        """
        items = [item for item in items if not item.error]
        for item in items:
            item.said = frozenset(item.vals)
        undecided = self._follow(items) if self._has_decisions else items
        found = self._ask(undecided)
        if found:
            self._settle(found)
        self._loader._match(
            self._mapping,
            [item for item in undecided if not (item.matched or item.error)],
        )

    def _ask(self, items):
        """``[(item, rule, ids)]`` of the items that a rule has hits for, in order."""
        found = {}
        for rule in self._rules:
            keys = {
                item.record_id: key
                for item in items
                if item.record_id not in found
                and (key := rule.key(item.vals)) is not None
            }
            hits = rule.find(set(keys.values()))
            for record_id, key in keys.items():
                if key in hits:
                    found[record_id] = (rule, hits[key])
        return [
            (item, *found[item.record_id]) for item in items if item.record_id in found
        ]

    def _settle(self, found):
        single = {ids[0] for _item, _rule, ids in found if len(ids) == 1}
        taken = self._taken(single)
        for item, rule, ids in found:
            if len(ids) == 1 and ids[0] not in taken:
                item.target, item.matched = (self._model._name, ids[0]), True
                taken[ids[0]] = item.source_id
            else:
                item.candidates = [
                    (res_id, f"{rule.label}: {rule.value(item.vals)}")
                    for res_id in ids[:SHOWN]
                ]
        if self._trial:
            self._linked.update(taken)
        waiting = [(item, rule, ids) for item, rule, ids in found if not item.matched]
        shown = {one for _item, _rule, ids in waiting for one in ids[:_NAMED]}
        names = {record.id: record.display_name for record in self._model.browse(shown)}
        for item, rule, ids in waiting:
            listed = ", ".join(f"{names[one]} ({one})" for one in ids[:_NAMED])
            details = {
                "field": rule.label,
                "value": rule.value(item.vals),
                "count": len(ids),
                "names": listed + (" …" if len(ids) > _NAMED else ""),
            }
            if len(ids) == 1:
                item.error = _already_taken(taken[ids[0]], details)
            else:
                item.error = ambiguous(details)

    def _taken(self, ids):
        """``{id: source id}`` of records that another source record is linked to.

        Records of structure, such as tags, may stand for values of several objects.
        """
        if not ids:
            return {}
        mapping = self._mapping
        scope = SQL("mapping_id = %s", mapping.id)
        if not mapping.schema:
            scope = SQL("project_id = %s", mapping.project_id.id)
        rows = self._env.execute_query(
            SQL(
                """SELECT res_id, min(source_id) FROM migration_record
                    WHERE res_model = %s AND res_id = ANY(%s) AND state = 'matched'
                      AND %s
                    GROUP BY res_id""",
                self._model._name,
                list(ids),
                scope,
            )
        )
        return {**self._linked, **dict(rows)}

    def _follow(self, items):
        """Carry out the decisions on ``items``; gives the items without one."""
        rows = self._env.execute_query(
            SQL(
                """SELECT id, match_decision, match_res_id FROM migration_record
                    WHERE id = ANY(%s) AND match_decision IS NOT NULL""",
                [item.record_id for item in items],
            )
        )
        decisions = {record_id: rest for record_id, *rest in rows}
        chosen = {res_id for decision, res_id in decisions.values() if res_id}
        there = set(
            self._model.search(Domain("id", "in", list(chosen)) & self._domain).ids
            if chosen
            else ()
        )
        undecided = []
        for item in items:
            decision, res_id = decisions.get(item.record_id, (None, None))
            if decision == "link" and res_id in there:
                item.target, item.matched = (self._model._name, res_id), True
            elif decision == "link":
                item.error = _gone(res_id)
            elif decision == "skip":
                item.error = left_out()
            elif not decision:
                undecided.append(item)
        return undecided


def ambiguous(details):
    """Why a record waits that several records in Odoo may be."""
    return Held(
        "match_ambiguous",
        _("%(count)s records in Odoo have the same %(field)s “%(value)s”: %(names)s."),
        _("Choose one of them under “To Review”, or let a new record be created."),
        **details,
    )


def _already_taken(source_id, details):
    return Held(
        "match_taken",
        _(
            "%(names)s has the same %(field)s “%(value)s”, but %(other)s is linked to "
            "it already."
        ),
        _(
            "Under “To Review”, choose it to have both as one record in Odoo, or let "
            "a new record be created."
        ),
        other=source_id,
        **details,
    )


def _gone(res_id):
    return Held(
        "match_gone",
        _("The record %(value)s that was chosen for it cannot be linked any more."),
        _("Choose another one under “To Review”, or let a new record be created."),
        value=res_id,
    )


def left_out():
    """Why a record is not loaded that somebody decided to leave out."""
    return Skipped(
        "match_left_out",
        _("It was decided in the review to leave this record out."),
        _("Decide otherwise on the record, and load again."),
    )
