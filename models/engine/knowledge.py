from odoo import api, models

from ...lib.understand.knowledge import build, split


class MigrationKnowledge(models.AbstractModel):
    """What headers of a source's exports can mean: for :mod:`lib.understand`."""

    _name = "migration.knowledge"
    _description = "Migration Knowledge"

    @api.model
    def _objects(self, source):
        """ObjectKnowledge of the objects of ``source``; keys are their record ids.

        Names come from the source's own lines, the table of synonyms, and the labels of
        the target fields in every installed language.
        """
        synonyms = self.env["migration.synonym"]._names()
        return [self._object(one, synonyms) for one in source.sudo().object_ids]

    def _object(self, source_object, synonyms):
        lines = source_object.field_ids
        return build(
            source_object.id,
            source_object.name,
            self._words(source_object),
            split(source_object.file_patterns, ","),
            [
                (
                    line.name,
                    line.kind,
                    line.ttype or self._target_type(line),
                    split(line.synonyms),
                )
                for line in lines
            ],
            synonyms,
            self._labels(source_object),
        )

    def _words(self, source_object):
        return (
            source_object.name,
            *(
                source_object.with_context(lang=code).label
                for code, _name in self.env["res.lang"].get_installed()
            ),
        )

    def _target_type(self, line):
        model = self.env.get(line.object_id.res_model or "")
        field = model is not None and model._fields.get(line.target or "")
        return field.type if field and field.type not in ("many2one",) else False

    def _labels(self, source_object):
        """``{meaning: labels}`` of the fields that columns go to.

        Not of a field that several meanings go to: its label is none of theirs.
        """
        model = source_object.res_model
        if self.env.get(model or "") is None:
            return {}
        meanings = {}
        for line in source_object.field_ids:
            if line.target and line.kind not in ("constant", "ignored"):
                meanings.setdefault(line.target, set()).add(line.name)
        labels = {}
        for code, _name in self.env["res.lang"].get_installed():
            described = (
                self.env[model]
                .with_context(lang=code)
                .fields_get(
                    [target for target, found in meanings.items() if len(found) == 1],
                    ["string"],
                )
            )
            for target, attributes in described.items():
                (meaning,) = meanings[target]
                labels.setdefault(meaning, []).append(attributes["string"])
        return labels
