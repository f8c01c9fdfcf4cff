import re

from odoo import models
from odoo.exceptions import UserError

from ...lib.compile import compile_mapping
from ...lib.errors import Problem
from ...lib.field_spec import PLURAL_TYPES, FieldSpec
from ...lib.values.names import match_key
from .resolver import LOOKUP, OWNER, PERSON

# “related_type: contact=contact, deal=deal”: a column says which object it is.
_BY_COLUMN = re.compile(r"^(?P<path>[^:]+):(?P<kinds>.+=.+)$")


class MigrationCompiler(models.AbstractModel):
    """Turns the lines of a mapping into what :mod:`lib.compile` works with.

    What cannot work is an error of the mapping, said before the first record.
    """

    _name = "migration.compiler"
    _description = "Migration Compiler"

    def _compile(self, mapping, only=None):
        """The compiled form of ``mapping``, or of its lines to the fields ``only``.

        :raises UserError: a line cannot work; says which and why
        """
        targets = self._targets(mapping)
        lines = mapping.field_ids.filtered(
            lambda line: line.kind not in ("identifier", "ignored") and line.target
        )
        if only is not None:
            lines = lines.filtered(lambda line: line.target in only)
        try:
            specs = [self._spec(mapping, line, targets) for line in lines]
            if only is None:
                specs += self._owner_without_column(mapping)
                specs += self._needed(mapping, specs, targets)
            return compile_mapping(specs, mapping.project_id._empty_words())
        except Problem as problem:
            translate = self.env["migration.project"]._translate_term
            raise UserError(
                self.env._(
                    "%(object)s: %(problem)s",
                    object=mapping.label,
                    problem=problem.text(translate),
                )
            ) from problem

    def _owner_without_column(self, mapping):
        """The owner of an object whose table names none: the fallback user.

        A line that the admin has set to “Ignored” is a decision, and stays.
        """
        known = mapping.object_id.field_ids.filtered(lambda one: one.kind == "owner")
        targets = set(
            known.filtered(lambda one: one.on_missing == "fail").mapped("target")
        )
        missing = targets - set(mapping.field_ids.mapped("target"))
        return [
            FieldSpec(
                target=target,
                kind="owner",
                ttype="many2one",
                resolver=OWNER,
                required=True,
            )
            for target in sorted(missing)
        ]

    @staticmethod
    def _needed(mapping, specs, targets):
        """What a record needs and no column is mapped to: said of every record."""
        known = {spec.target for spec in specs}
        return [
            FieldSpec(target=name, kind="constant", ttype=targets[name], required=True)
            for name in sorted(mapping._loader()._required_targets() - known)
        ]

    def _targets(self, mapping):
        """``{name: ttype}`` of all a line of ``mapping`` may go to."""
        known = {name: one.type for name, one in self._fields_of(mapping).items()}
        return {**self._planned(mapping), **known, **mapping._loader()._targets()}

    def _fields_of(self, mapping):
        """Fields of the Odoo model; what is only listed becomes no record of one."""
        return self.env[mapping.res_model]._fields if mapping.res_model else {}

    def _planned(self, mapping):
        """Custom fields that “Prepare” is to make, where they count as there."""
        if not self.env.context.get("migration_with_planned"):
            return {}
        lines = mapping.field_ids.filtered(
            lambda line: line.kind == "custom_field_required" and line.ttype
        )
        return {line.target: line.ttype for line in lines}

    def _spec(self, mapping, line, targets):
        ttype = targets.get(line.target)
        if not ttype:
            raise UserError(
                self.env._(
                    "%(object)s: the model %(model)s has no field “%(target)s”, to "
                    "which “%(column)s” is mapped. Choose another field, or "
                    "run “Prepare” if it is a custom field.",
                    object=mapping.label,
                    model=mapping.res_model,
                    target=line.target,
                    column=line.source_path or line.constant,
                )
            )
        field = self._fields_of(mapping).get(line.target)
        virtual = line.target in mapping._loader()._targets()
        field = None if virtual else field
        excel = line.date_order == "excel"
        spec = FieldSpec(
            target=line.target,
            source=line.source_path or "",
            kind="constant" if self._is_constant(line) else line.kind,
            ttype=ttype,
            transform=line.transform or self._own_transform(mapping, line),
            params={
                "order": None if excel else line.date_order or None,
                "excel": excel,
                "decimal": line.kind != "related" and line.decimal_sign or None,
                "tz": mapping.project_id.timezone,
            },
            on_missing=line.on_missing,
            required=self._is_required(mapping, line, field),
            size=getattr(field, "size", 0) or 0,
        )
        self._add_kind(spec, mapping, line, field)
        return spec

    @staticmethod
    def _is_constant(line):
        """Whether every record gets one value; a custom field may have one, too."""
        return line.kind == "constant" or bool(line.constant and not line.source_path)

    def _own_transform(self, mapping, line):
        """The conversion a field has by what it means, where its type tells less."""
        if not mapping.res_model:
            return ""
        phones = self.env[mapping.res_model]._phone_get_number_fields()
        return "phone" if line.target in phones else ""

    def _is_required(self, mapping, line, field):
        if line.target in mapping._loader()._required_targets():
            return True
        if line.kind == "owner":
            return line.on_missing == "fail"
        needed = field and field.required and not field.compute and not field.default
        return bool(needed)

    def _add_kind(self, spec, mapping, line, field):
        """Complete ``spec`` by what only its kind of line has."""
        if spec.kind == "constant":
            value = self._constant(line, spec.ttype, field)
            many = spec.ttype in PLURAL_TYPES and value
            spec.constant = [value] if many else value
        elif line.kind == "value_mapping":
            spec.values = {
                match_key(value.name): self._constant(value, spec.ttype, field)
                for value in line.value_ids
                if value.mapped
            }
        elif line.kind == "owner":
            persons = mapping._loader()._person_targets()
            spec.resolver = PERSON if line.target in persons else OWNER
        elif line.kind == "lookup":
            spec.resolver = LOOKUP + field.comodel_name
            spec.values = {
                match_key(value.name): value.target
                for value in line.value_ids
                if value.mapped and value.target
            }
            if field.comodel_name == "res.country.state":
                spec.params["scope"] = "country_id"
        elif line.kind in ("reference", "related"):
            self._add_reference(spec, mapping, line, field)
        elif spec.ttype in ("many2one", "many2many"):
            self._add_link(spec, mapping, line, field)
        elif field and field.type == "selection":
            options = self.env["migration.schema.options"]
            spec.allowed = frozenset(field.get_values(self.env))
            spec.labels = options._labels(field)

    def _add_link(self, spec, mapping, line, field):
        """A custom field that links: to an object's records, or to Odoo's own."""
        if line.reference:
            spec.kind = "reference"
            self._add_reference(spec, mapping, line, field)
        else:
            spec.kind = "lookup"
            spec.resolver = LOOKUP + (field.comodel_name if field else line.relation)

    def _constant(self, line, ttype, field):
        """The value a constant or a translated value stands for."""
        text = line.target if line._name == "migration.mapping.value" else line.constant
        if not text:
            return None
        if ttype == "boolean":
            return text.lower() in ("1", "true", "yes")
        if ttype == "integer":
            return int(text)
        if ttype in ("float", "monetary"):
            return float(text)
        if ttype in ("many2one", "many2many") and field:
            return self._record_id(text, field.comodel_name)
        return text

    def _record_id(self, text, model):
        """The id of an Odoo record named by XML id, database id or exact name."""
        record = None
        if re.fullmatch(r"\w+\.\w+", text):
            record = self.env.ref(text, raise_if_not_found=False)
        if record and record._name == model:
            return record.id
        if text.isdigit():
            return int(text)
        lookup = self.env["migration.lookup"]
        hits = lookup._hits(lookup._index(model), text)
        if not hits or len(hits) > 1:
            raise UserError(
                self.env._(
                    "“%(value)s” does not stand for exactly one record of %(model)s.",
                    value=text,
                    model=model,
                )
            )
        return next(iter(hits))

    def _add_reference(self, spec, mapping, line, field):
        mappings = {
            one.name: one
            for one in mapping.project_id.with_context(active_test=False).mapping_ids
        }
        by_column = _BY_COLUMN.match(line.reference or "")
        if by_column:
            pairs = [pair.split("=") for pair in by_column["kinds"].split(",")]
            kinds = {match_key(kind): name.strip() for kind, name in pairs}
            spec.resolver = {"path": by_column["path"].strip(), "map": kinds}
            names = list(kinds.values())
        else:
            spec.resolver = line._natural_key() or line.reference
            names = [(line.reference or "").split(">")[0]]
        for name in names:
            self._check_reference(mapping, line, field, mappings.get(name), name)
        spec.normalise = mappings[names[0]].id_by_name
        if line.reference_by == "row":
            spec.row_key = mappings[names[0]]._row_key(mapping)
            if not spec.row_key:
                raise UserError(
                    self.env._(
                        "%(object)s: no %(other)s are made from its rows, so "
                        "“%(target)s” cannot refer to one of the same row.",
                        object=mapping.label,
                        other=mappings[names[0]].label,
                        target=line.target,
                    )
                )

    def _check_reference(self, mapping, line, field, other, name):
        if not other:
            raise UserError(
                self.env._(
                    "%(object)s: “%(column)s” refers to “%(name)s”, which this "
                    "project does not have.",
                    object=mapping.label,
                    column=line.source_path,
                    name=name,
                )
            )
        if line._natural_key() and not line.reference_key:
            raise UserError(
                self.env._(
                    "%(object)s: say which column of %(other)s “%(column)s” is looked "
                    "up in.",
                    object=mapping.label,
                    other=other.label,
                    column=line.source_path,
                )
            )
        relational = field is not None and field.comodel_name
        if line.kind == "reference" and relational and other.role == "records":
            if other.res_model != field.comodel_name:
                raise UserError(
                    self.env._(
                        "%(object)s: “%(target)s” takes records of %(model)s, but "
                        "%(other)s become %(becomes)s.",
                        object=mapping.label,
                        target=line.target,
                        model=field.comodel_name,
                        other=other.label,
                        becomes=other.res_model,
                    )
                )
