from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

_CURRENCY_FIELDS = ("company_currency", "currency_id", "company_currency_id")
_COMPATIBLE = {
    "char": ("char", "text", "html", "selection"),
    "text": ("text", "html", "char"),
    "monetary": ("monetary", "float"),
    "float": ("float", "monetary"),
}


class MigrationSchema(models.AbstractModel):
    """Creates the structure the data needs, and journals it for the rollback."""

    _name = "migration.schema"
    _description = "Migration Schema"

    def _create(self, run):
        """Make the custom fields of the project's mappings, and show them.

        A field that is there already is used as it is, and stays after a rollback;
        a selection of those gets the options it lacks.
        """
        journal = []
        for model, fields_ in self._planned(run.project_id).items():
            new = [vals for vals in fields_.values() if self._is_new(model, vals)]
            created = self._create_fields(run, model, new)
            journal += [(field._name, field.id) for field in created]
            shown = created.filtered(lambda field: field.name != "x_source_id")
            view = self._create_view(run, model, shown)
            journal += [(one._name, one.id) for one in view]
        journal += self.env["migration.schema.options"]._create(run)
        journal += self.env["migration.value.maps"]._create_missing(run)
        self.env["migration.log"]._append(
            [
                {
                    "project_id": run.project_id.id,
                    "run_id": run.id,
                    "operation": "create",
                    "res_model": model,
                    "res_id": res_id,
                }
                for model, res_id in journal
            ]
        )
        self.env["migration.findings.merges"]._find_merges(run)

    def _planned(self, project):
        """``{model: {name: values}}`` of the fields the project needs.

        :raises UserError: two objects want one field with different types
        """
        planned = {}
        for mapping in project._ordered_mappings():
            for vals in self._wanted(mapping) + self._source_id_fields(mapping):
                fields_ = planned.setdefault(vals.pop("model_name"), {})
                known = fields_.setdefault(vals["name"], vals)
                if known["ttype"] != vals["ttype"]:
                    raise UserError(
                        self.env._(
                            "Two objects need the custom field “%(name)s”, once as "
                            "%(first)s and once as %(second)s. Rename one of them.",
                            name=vals["name"],
                            first=known["ttype"],
                            second=vals["ttype"],
                        )
                    )
                if known is not vals and vals.get("options"):
                    known["options"] = _merged(known.get("options"), vals["options"])
        return planned

    def _wanted(self, mapping):
        """Values of the custom fields a mapping needs."""
        return [
            {
                "model_name": mapping.res_model,
                "name": line.target,
                "field_description": self._label(mapping, line),
                "ttype": line.ttype or "char",
                "options": line.options,
                "relation": line.relation,
                "help": self.env._("Migrated from %s", line.source_path),
            }
            for line in mapping.field_ids
            if line.kind == "custom_field_required"
        ]

    def _label(self, mapping, line):
        """The label, told apart from an Odoo field that has the same one."""
        label = line.label or line.source_path
        fields_ = self.env[mapping.res_model]._fields
        taken = {field.string for name, field in fields_.items() if name != line.target}
        if label not in taken:
            return label
        return f"{label} ({mapping.project_id.source_id.name})"

    def _source_id_fields(self, mapping):
        """``x_source_id`` for models of other apps that do not have it yet."""
        return [
            {
                "model_name": model,
                "name": "x_source_id",
                "field_description": self.env._("Source ID"),
                "ttype": "char",
                "index": True,
                "copied": False,
            }
            for model in (
                *mapping._loader()._models(mapping),
                *self.env["migration.value.maps"]._models(mapping),
            )
            if "x_source_id" not in self.env[model]._fields
        ]

    def _is_new(self, model, vals):
        """Whether the field has to be made; refuses one of another type.

        :raises UserError: a field of that name has another type
        """
        field = self.env[model]._fields.get(vals["name"])
        if not field:
            return True
        if field.type not in _COMPATIBLE.get(vals["ttype"], (vals["ttype"],)):
            raise UserError(
                self.env._(
                    "%(model)s has a field “%(name)s” of type %(type)s already; "
                    "%(wanted)s is needed. Give the custom field another name.",
                    model=model,
                    name=vals["name"],
                    type=field.type,
                    wanted=vals["ttype"],
                )
            )
        return False

    def _create_fields(self, run, model, wanted):
        ir_model = self.env["ir.model"]._get(model)
        values = []
        for vals in wanted:
            options = (vals.get("options") or "").split("\n")
            vals = self._complete(model, vals)
            if vals["ttype"] == "selection":
                vals["selection_ids"] = [
                    (0, 0, {"value": one.strip(), "name": one.strip(), "sequence": n})
                    for n, one in enumerate(options)
                    if one.strip()
                ]
            key = f"{run.project_id.key}/field/{model}.{vals['name']}"
            values.append(
                {"x_source_id": key, "model_id": ir_model.id, "state": "manual", **vals}
            )
        return self.env["ir.model.fields"].sudo().create(values)

    def _complete(self, model, vals):
        """Values for ``ir.model.fields``; an amount needs the model's currency."""
        vals = {name: value for name, value in vals.items() if name != "options"}
        if vals["ttype"] not in ("many2one", "many2many"):
            vals.pop("relation", None)
        if vals["ttype"] == "monetary":
            currency = self._currency_field(model)
            if not currency:
                return {**vals, "ttype": "float"}
            vals["currency_field"] = currency
        return vals

    def _currency_field(self, model):
        fields_ = self.env[model]._fields
        return next((name for name in _CURRENCY_FIELDS if name in fields_), False)

    def _create_view(self, run, model, fields_):
        """Show new fields on the tab “Migrated data” of the model's form."""
        views = self.env["ir.ui.view"].sudo()
        tab = views.search(
            [("model", "=", model), ("name", "=like", "%.migrated.data.tab")], limit=1
        )
        if not tab or not fields_:
            return views
        nodes = Markup("").join(
            Markup('<field name="%s"/>') % field.name for field in fields_
        )
        currency = self._currency_field(model)
        if currency:
            nodes += Markup('<field name="%s" invisible="1"/>') % currency
        arch = (
            Markup('<group name="migrated_fields" position="inside">%s</group>') % nodes
        )
        return views.create(
            {
                "name": f"{model}.migrated.data.{run.project_id.key}.{run.id}",
                "model": model,
                "inherit_id": tab.inherit_id.id,
                "priority": 99,
                "arch": arch,
                "x_source_id": f"{run.project_id.key}/view/{model}/{run.id}",
            }
        )


def _merged(one, other):
    """The options of both lists, one a line, each once."""
    lines = f"{one or ''}\n{other or ''}".split("\n")
    return "\n".join(dict.fromkeys(line.strip() for line in lines if line.strip()))
