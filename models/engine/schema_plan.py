import csv
import io
import pprint

from odoo import models

from ...lib.values.names import match_key

_SCRIPT = '''"""Structure for the migration “{name}”.

Run it with: odoo-bin shell -d DATABASE < this file
What exists already is left as it is. “Prepare” then finds all of it there.
"""

FIELDS = {fields}
OPTIONS = {options}
RECORDS = {records}

for model, name, values, options in FIELDS:
    known = env["ir.model.fields"].search([("model", "=", model), ("name", "=", name)])
    if not known:
        env["ir.model.fields"].create(
            {{
                "model_id": env["ir.model"]._get_id(model),
                "name": name,
                "selection_ids": [
                    (0, 0, {{"value": option, "name": option, "sequence": number}})
                    for number, option in enumerate(options)
                ],
                **values,
            }}
        )
for model, name, options in OPTIONS:
    field = env["ir.model.fields"].search([("model", "=", model), ("name", "=", name)])
    known = field.selection_ids.mapped("value")
    last = max(field.selection_ids.mapped("sequence"), default=0)
    for number, option in enumerate(options, 1):
        if option not in known:
            env["ir.model.fields.selection"].create(
                {{
                    "field_id": field.id,
                    "value": option,
                    "name": option,
                    "sequence": last + number,
                }}
            )
for model, name, values, teams in RECORDS:
    links = env["crm.team"].search([("name", "in", teams)]) if teams else []
    domain = [("name", "=", name)]
    if teams:
        domain.append(("team_ids", "in", links.ids))
        values = {{**values, "team_ids": [(6, 0, links.ids)]}}
    if not env[model].search_count(domain):
        env[model].create({{"name": name, **values}})
env.cr.commit()
'''


class MigrationSchemaPlan(models.AbstractModel):
    """What “Prepare” would create: to look at, or to be done by hand."""

    _name = "migration.schema.plan"
    _description = "Migration Schema Plan"

    def _plan(self, project):
        """List of dicts: model, name, label, kind, details, exists, for each item.

        Also ``values``, ``options`` and ``teams`` for the script.
        """
        return [
            *self._fields_planned(project),
            *self._options_planned(project),
            *self._records_planned(project),
            *self._values_planned(project),
        ]

    def _fields_planned(self, project):
        schema = self.env["migration.schema"]
        for model, wanted in schema._planned(project).items():
            for vals in wanted.values():
                values = schema._complete(model, dict(vals))
                options = [
                    one.strip() for one in (vals.get("options") or "").split("\n")
                ]
                options = [one for one in options if one]
                yield {
                    "model": model,
                    "name": vals["name"],
                    "label": vals["field_description"],
                    "kind": values["ttype"],
                    "details": ", ".join(options),
                    "exists": vals["name"] in self.env[model]._fields,
                    "values": {
                        key: value
                        for key, value in values.items()
                        if key not in ("name", "options") and value
                    },
                    "options": options if values["ttype"] == "selection" else [],
                    "teams": [],
                }

    def _options_planned(self, project):
        """Options for selection fields that are there already."""
        planned = self.env["migration.schema.options"]._planned(project)
        for (model, name), options in planned.items():
            yield {
                "model": model,
                "name": name,
                "label": self.env[model]._fields[name].string,
                "kind": self.env._("further options"),
                "details": ", ".join(options),
                "exists": False,
                "values": {},
                "options": options,
                "teams": [],
            }

    def _records_planned(self, project):
        """Pipelines, stages, tags and so on, as they are staged."""
        teams = {}
        for mapping in project._ordered_mappings().filtered("schema"):
            specs = {line.target: line for line in mapping.field_ids if line.target}
            name = specs.get("name")
            for record in mapping._usable_records():
                label = str(record.payload.get(name.source_path) or "") if name else ""
                if mapping.res_model == "crm.team":
                    teams[record.source_id] = label
                team = specs.get("team_ids")
                key = team and record.payload.get(team.source_path)
                # A pipeline made from a column is known by its name in any spelling.
                pipeline = (
                    (teams.get(str(key)) or teams.get(match_key(key))) if key else None
                )
                yield {
                    "model": mapping.res_model,
                    "name": label,
                    "label": label,
                    "kind": mapping.label,
                    "details": pipeline or "",
                    "exists": self._exists(mapping.res_model, label, pipeline),
                    "values": self._simple(record, specs),
                    "options": [],
                    "teams": [pipeline] if pipeline else [],
                }

    def _values_planned(self, project):
        """Records that a value map asks for."""
        planned = self.env["migration.value.maps"]._planned(project)
        for (model, _key), (name, exists) in planned.items():
            yield {
                "model": model,
                "name": name,
                "label": name,
                "kind": self.env["ir.model"]._get(model).name,
                "details": self.env._("By a value map"),
                "exists": exists,
                "values": {},
                "options": [],
                "teams": [],
            }

    def _exists(self, model, name, pipeline):
        domain = [("name", "=", name)]
        if pipeline:
            domain.append(("team_ids.name", "=", pipeline))
        return bool(self.env[model].search_count(domain, limit=1))

    def _simple(self, record, specs):
        """Values of a structure record that need no other record."""
        model = self.env[record.mapping_id.res_model]
        compiled = record.mapping_id._compile()
        simple = {
            name
            for name in specs
            if name in model._fields
            and name != "name"
            and not model._fields[name].relational
        }

        def find(resolver, key):
            return resolver, 0

        vals = compiled.transform(record.payload, find).vals
        return {name: value for name, value in vals.items() if name in simple}

    def _checklist(self, project):
        """The plan as CSV, for an admin to tick off."""
        stream = io.StringIO()
        writer = csv.writer(stream)
        _ = self.env._
        writer.writerow(
            [
                _("Done"),
                _("Model"),
                _("Name"),
                _("Label"),
                _("Kind"),
                _("Details"),
                _("Exists"),
            ]
        )
        for item in self._plan(project):
            writer.writerow(
                [
                    "",
                    item["model"],
                    item["name"],
                    item["label"],
                    item["kind"],
                    item["details"],
                    _("yes") if item["exists"] else "",
                ]
            )
        return ("\ufeff" + stream.getvalue()).encode()

    def _script(self, project):
        """The plan as a script for ``odoo-bin shell``."""
        plan = self._plan(project)
        fields_ = [
            (item["model"], item["name"], item["values"], item["options"])
            for item in plan
            if "ttype" in item["values"]
        ]
        options = [
            (item["model"], item["name"], item["options"])
            for item in plan
            if "ttype" not in item["values"] and item["options"]
        ]
        records = [
            (item["model"], item["name"], item["values"], item["teams"])
            for item in plan
            if "ttype" not in item["values"] and not item["options"]
        ]
        return _SCRIPT.format(
            name=project.name.replace('"', "'"),
            fields=pprint.pformat(fields_, width=88),
            options=pprint.pformat(options, width=88),
            records=pprint.pformat(records, width=88),
        ).encode()
