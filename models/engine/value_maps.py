from odoo import models
from odoo.tools import SQL

from ...lib.errors import Problem
from ...lib.values.booleans import parse_boolean
from ...lib.values.names import is_last_first, match_key, technical_name
from ...lib.values.numbers import are_shares
from ...lib.values.vocabulary import meaning, outcome

_LISTED = 200
_PLURAL = ("many2one", "many2many")
# Target → the vocabulary its values are understood by.
_VOCABULARIES = {"outcome": "OUTCOMES", "done": "DONE", "priority": "PRIORITIES"}
_ACTIVITY_TYPES = {
    "call": "mail.mail_activity_data_call",
    "email": "mail.mail_activity_data_email",
    "meeting": "mail.mail_activity_data_meeting",
    "todo": "mail.mail_activity_data_todo",
}
_NAMES = ("name", "contact_name")
# Targets that a record can do without, and the share of values they have to know.
_OPTIONAL = ("priority", "outcome")
_KNOWN = 0.5


class MigrationValueMaps(models.AbstractModel):
    """Proposes what the values of a column become in Odoo; the admin decides.

    Each value has a confidence and a reason of its own; one without a proposal is left
    unmapped, and its records are reported instead of loaded.
    """

    _name = "migration.value.maps"
    _description = "Migration Value Maps"

    def _propose(self, line, values):
        """List the values of a value map, with a proposal wherever there is one.

        :param values: ``(value, count)`` of the column, most frequent first
        """
        known = {match_key(value.name): value for value in line.value_ids}
        propose = self._proposer(line)
        listed, new = values[:_LISTED], {}
        for text, count in listed:
            key = match_key(text)
            if key in known:
                value = known[key]
                value.count = count
                if not value.confidence:
                    value.write(self._as_known(line, value))
            elif key in new:
                new[key]["count"] += count
            else:
                new[key] = {
                    "field_id": line.id,
                    "name": text,
                    "count": count,
                    **(propose(text) or {"mapped": False, "confidence": 0}),
                }
        self.env["migration.mapping.value"].create(list(new.values()))
        said = {key for key, value in known.items() if value["mapped"]}
        self._distrust_scale(line, [text for text, _count in listed], said)
        self._judge(line, len(values) - len(listed))
        self._keep_unknown(line)

    def _keep_unknown(self, line):
        """Keep a column whose values mean nothing to its field in one of its own.

        Where no template says what the column is, its name alone may have misled.
        """
        project = line.project_id
        if line.confirmed or project.source_id != self._catalogue():
            return
        if line.target not in _OPTIONAL:
            return
        used = line.value_ids.filtered("count")
        total = sum(value.count for value in used)
        known = sum(value.count for value in used if value["mapped"])
        if not total or known >= _KNOWN * total:
            return
        line.value_ids.unlink()
        line.write(
            {
                "kind": "custom_field_required",
                "target": technical_name(line.source_path),
                "label": line.source_path,
                "ttype": "char",
                "confidence": 0.7,
                "reason": self.env._("Its values are none that the field in Odoo has"),
            }
        )

    def _catalogue(self):
        return self.env["migration.knowledge"]._catalogue()

    def _as_known(self, line, value):
        """A translation of the template, or one an admin has made."""
        reason = self.env._("Template of %s", line.project_id.source_id.name)
        return {"confidence": 1, "reason": reason}

    def _judge(self, line, unlisted):
        """A line is as certain as the least certain of the values that occur."""
        used = line.value_ids.filtered("count")
        open_ones = used.filtered(lambda value: not value.mapped)
        doubtful = min((one.confidence for one in used - open_ones), default=1)
        if unlisted:
            reason = self.env._(
                "Only the %(listed)s most frequent values are listed, %(rest)s are not",
                listed=_LISTED,
                rest=unlisted,
            )
        elif open_ones:
            reason = self.env._("Some values have no translation yet")
        elif doubtful < line.confidence:
            reason = self.env._("Translated by the meaning of the values")
        else:
            return
        limit = 0.5 if unlisted or open_ones else doubtful
        line.write({"confidence": min(line.confidence, limit), "reason": reason})

    def _distrust_scale(self, line, texts, said):
        """Digits of another scale than the field's own are not guessed at.

        Unless the template, or somebody, says what each of them means.
        """
        field = self._field(line)
        if field is None or field.type != "selection":
            return
        digits = {text.strip() for text in texts if text.strip().isdigit()}
        keys = set(map(str, field.get_values(self.env)))
        if digits <= keys or all(match_key(one) in said for one in digits):
            return
        scale = line.value_ids.filtered(
            lambda value: value.count and value.name.strip() in digits
        )
        scale.write(
            {
                "target": False,
                "mapped": False,
                "confidence": 0,
                "reason": self.env._("A scale of the source: say what each step means"),
            }
        )

    @staticmethod
    def _field(line):
        return line.env[line.mapping_id.res_model]._fields.get(line.target)

    # What a single value becomes

    def _proposer(self, line):
        """``callable(text)`` that gives the values of a translation, or None."""
        virtual = line.mapping_id._loader()._targets()
        field = None if line.target in virtual else self._field(line)
        ttype = field.type if field is not None else virtual.get(line.target)
        steps = []
        if ttype == "selection":
            steps.append(self._by_label(field))
        elif ttype in _PLURAL and field is not None:
            steps.append(self._by_name(field.comodel_name))
            steps.append(self._by_concept(field.comodel_name))
        vocabulary = _VOCABULARIES.get(line.target)
        if vocabulary:
            allowed = set(field.get_values(self.env)) if ttype == "selection" else None
            steps.append(self._by_vocabulary(vocabulary, allowed))
        if ttype == "boolean":
            steps.append(self._by_answer)
        if line.target == "outcome":
            steps.append(self._by_flag(line))
        if line.mapping_id.schema and line.target == "name":
            steps.append(self._by_name(line.mapping_id.res_model))
            steps.append(self._as_it_is)
        return lambda text: next(filter(None, (step(text) for step in steps)), None)

    def _proposal(self, target, confidence, reason):
        return {
            "target": target,
            "mapped": True,
            "confidence": confidence,
            "reason": reason,
        }

    def _by_label(self, field):
        """By the labels of a selection, in every installed language, and its keys."""
        found = {}
        for code, _name in self.env["res.lang"].get_installed():
            model = self.env[field.model_name].with_context(lang=code)
            options = model._fields[field.name]._description_selection(model.env)
            for key, label in options:
                found.setdefault(match_key(label), set()).add(key)
        for key in field.get_values(self.env):
            found.setdefault(match_key(key), set()).add(key)

        def propose(text):
            keys = found.get(match_key(text), ())
            if len(keys) == 1:
                reason = self.env._("Option of the field in Odoo")
                return self._proposal(next(iter(keys)), 0.95, reason)
            return None

        return propose

    def _by_name(self, model):
        """By the name of exactly one record in Odoo."""
        lookup = self.env["migration.lookup"]
        index = lookup._index(model)

        def propose(text):
            hits = lookup._hits(index, text)
            if len(hits) != 1:
                return None
            record = self.env[model].browse(hits)
            name = record.display_name
            exact = lookup._hits(index, name) == hits
            target = name if exact else str(record.id)
            return self._proposal(target, 0.95, self.env._("“%s” in Odoo", name))

        return propose

    def _by_concept(self, model):
        """Activity types and stages by what their names mean."""
        if model == "mail.activity.type":
            return self._activity_type
        if model == "crm.stage":
            return self._won_stage
        return lambda text: None

    def _activity_type(self, text):
        found = meaning(text, "ACTIVITIES")
        xml_id = _ACTIVITY_TYPES[found[0]] if found else ""
        if not xml_id or not self.env.ref(xml_id, raise_if_not_found=False):
            return None
        return self._proposal(xml_id, *self._certainty(found))

    def _won_stage(self, text):
        found = meaning(text, "OUTCOMES")
        if not found or found[0] != "won":
            return None
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=2)
        if len(won) != 1:
            return None
        reason = self.env._("The only stage in Odoo that means won")
        return self._proposal(str(won.id), 0.7, reason)

    def _by_vocabulary(self, name, allowed):
        def propose(text):
            found = meaning(text, name)
            if not found or (allowed is not None and found[0] not in allowed):
                return None
            return self._proposal(found[0], *self._certainty(found))

        return propose

    def _certainty(self, found):
        _key, exact = found
        if exact:
            return 0.95, self.env._("Usual word for it")
        return 0.8, self.env._("Contains the usual word for it")

    def _by_answer(self, text):
        try:
            answer = parse_boolean(text)
        except Problem:
            return None
        return self._proposal("1" if answer else "0", 0.95, self.env._("Yes or no"))

    def _as_it_is(self, text):
        return self._proposal(text, 0.9, self.env._("Keeps its name"))

    def _by_flag(self, line):
        """Yes and no of a column such as “Is Won”; a no leaves it to the stage."""
        flagged = outcome(line.source_path)

        def propose(text):
            proposal = self._by_answer(text)
            if not proposal:
                return None
            said = flagged if proposal["target"] == "1" else False
            reason = self.env._("Says nothing of the outcome: the stage does")
            if said in ("won", "lost"):
                reason = self.env._("Yes in a column called “%s”", line.source_path)
            return self._proposal(said if said != "open" else False, 0.9, reason)

        return propose

    # Conversions that only the whole column tells

    def _propose_conversion(self, line):
        """Propose how a whole column is converted: shares, names turned around."""
        if line.confirmed or line.transform or line.kind != "direct":
            return
        model = line.mapping_id.res_model
        if line.target == "probability" and are_shares(self._distinct(line)):
            line.write(
                {
                    "kind": "transformed",
                    "transform": "percent_share",
                    "confidence": min(line.confidence, 0.9),
                    "reason": self.env._("All values are shares between 0 and 1"),
                }
            )
        elif line.target in _NAMES and model in ("res.partner", "crm.lead"):
            if not self._names_persons(line):
                return
            if is_last_first(self._distinct(line)):
                line.write(
                    {
                        "kind": "transformed",
                        "transform": "name_last_first",
                        "confidence": min(line.confidence, 0.9),
                        "reason": self.env._("The last name comes first, with a comma"),
                    }
                )

    def _names_persons(self, line):
        """Whether the records of a line's object are people, by its own constants."""
        if line.target == "contact_name":
            return True
        constants = line.mapping_id.field_ids.filtered(
            lambda one: one.kind == "constant" and one.target == "is_company"
        )
        return bool(constants) and not any(
            parse_boolean(one.constant) for one in constants
        )

    def _distinct(self, line):
        """Distinct values of a line's column, some thousand of them."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT %s FROM migration_record
                    WHERE mapping_id = %s AND NOT COALESCE(unusable, FALSE)
                    LIMIT 5000""",
                self.env["migration.column.facts"]._raw(line.source_path),
                line.mapping_id.id,
            )
        )
        nothing = line.project_id._empty_words()
        return [text for (text,) in rows if text and text.casefold() not in nothing]

    # Records that a value map asks for

    def _wanted(self, mapping):
        """``(model, value, name)`` of every record the value maps ask “Prepare” for."""
        for line in mapping.field_ids.filtered(lambda one: one.kind == "value_mapping"):
            field = self._field(line) if line.target else None
            if field is None or field.type not in _PLURAL:
                continue
            if self.env[field.comodel_name]._rec_name != "name":
                continue
            for value in line.value_ids.filtered("create_missing"):
                yield field.comodel_name, value, value.target or value.name

    def _models(self, mapping):
        """Models of which the value maps of ``mapping`` may create records."""
        return sorted({model for model, _value, _name in self._wanted(mapping)})

    def _planned(self, project):
        """``{(model, match_key(name)): (name, exists)}`` of what is asked for.

        What the structure of the export is made of comes from there, not from here.
        """
        lookup, indexes, planned = self.env["migration.lookup"], {}, {}
        mappings = project._ordered_mappings()
        structure = set(mappings.filtered("schema").mapped("res_model"))
        for mapping in mappings:
            for model, _value, name in self._wanted(mapping):
                if model in structure:
                    continue
                if model not in indexes:
                    indexes[model] = lookup._index(model)
                known = bool(lookup._hits(indexes[model], name))
                planned.setdefault((model, match_key(name)), (name, known))
        return planned

    def _create_missing(self, run):
        """Create the records that are asked for; gives ``(model, id)`` of each."""
        project, journal = run.project_id, []
        for (model, key), (name, known) in self._planned(project).items():
            if not known:
                source_id = f"{project.key}/value/{model}/{key}"
                record = (
                    self.env[model]
                    .sudo()
                    .create({"name": name, "x_source_id": source_id})
                )
                journal.append((model, record.id))
        for mapping in project._ordered_mappings():
            for _model, value, name in self._wanted(mapping):
                value.write({"target": name, "mapped": True})
        return journal
