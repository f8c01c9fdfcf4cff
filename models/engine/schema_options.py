from odoo import models

from ...lib.values.names import match_key

# A column with more different values than these is no list of options.
_MOST = 200


class MigrationSchemaOptions(models.AbstractModel):
    """Options that a selection field, which is there already, lacks for the data.

    Those of custom fields are added. Odoo's own fields and those of other apps keep
    the options their code knows: there, a value map says what each value becomes.
    """

    _name = "migration.schema.options"
    _description = "Migration Options of Selection Fields"

    def _planned(self, project):
        """``{(model, field): [options]}`` that “Prepare” adds."""
        planned = {}
        for line, field, missing in self._lacking(project):
            known = planned.setdefault((line.mapping_id.res_model, field.name), [])
            known += [one for one in missing if one not in known]
        return planned

    def _lacking(self, project):
        """Yield ``(line, field, options)`` of custom selections that lack some."""
        for mapping in project._ordered_mappings():
            fields_ = self.env[mapping.res_model]._fields
            for line in mapping.field_ids:
                field = fields_.get(line.target or "")
                if field is None or field.type != "selection":
                    continue
                if not self._is_extensible(field):
                    continue
                if line.kind not in ("direct", "custom_field_required"):
                    continue
                missing = self._missing(field, self._wanted(line))
                if missing and len(missing) <= _MOST:
                    yield line, field, missing

    @staticmethod
    def _is_extensible(field):
        return field.manual and not field.related

    def _wanted(self, line):
        """The options a line needs: as it lists them, or else all of its values."""
        if line.constant or not line.source_path:
            return [line.constant] if line.constant else []
        if line.kind == "custom_field_required" and line.options:
            return line.options.split("\n")
        return sorted(self.env["migration.value.maps"]._distinct(line))

    def _missing(self, field, wanted):
        """Those of ``wanted`` that ``field`` has neither as a key nor as a label."""
        known = self._labels(field).keys()
        known |= {match_key(one) for one in field.get_values(self.env)}
        named = (one.strip() for one in wanted)
        new = {match_key(one): one for one in reversed(list(named)) if one}
        return [one for key, one in reversed(new.items()) if key not in known]

    def _labels(self, field):
        """``{match_key(label): key}`` of the options whose label no other has."""
        found = {}
        for key, label in field._description_selection(self.env):
            found.setdefault(match_key(label), []).append(key)
        return {label: keys[0] for label, keys in found.items() if len(keys) == 1}

    def _create(self, run):
        """Add what is planned, after the options there are; ``(model, id)`` of each."""
        key, journal = run.project_id.key, []
        for (model, name), missing in self._planned(run.project_id).items():
            field = self.env["ir.model.fields"].sudo()._get(model, name)
            last = max(field.selection_ids.mapped("sequence"), default=0)
            options = field.selection_ids.create(
                [
                    {
                        "field_id": field.id,
                        "value": option,
                        "name": option,
                        "sequence": last + number,
                        "x_source_id": f"{key}/option/{model}.{name}/{option}",
                    }
                    for number, option in enumerate(missing, 1)
                ]
            )
            journal += [(option._name, option.id) for option in options]
        return journal
