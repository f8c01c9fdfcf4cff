from odoo import models

from ...lib.understand import Meaning, ObjectKnowledge

# The catalogue of meanings that every source shares.
_CATALOGUE = "crm_migration.source_generic"


class MigrationKnowledge(models.AbstractModel):
    """What is known of the objects of a source, and what their columns are called."""

    _name = "migration.knowledge"
    _description = "Migration Knowledge"

    def _catalogue(self):
        """The source whose objects and lines are the meanings that all share."""
        return self.env.ref(_CATALOGUE)

    def _objects(self, source):
        """List of ``lib.understand.ObjectKnowledge``, one an object of ``source``.

        A line of a template is called by its own name and synonyms, by those in the
        table of synonyms, and by the label of its field in every installed language.
        """
        synonyms = self.env["migration.synonym"]._names()
        return [self._object(one, synonyms) for one in source.object_ids]

    def _object(self, source_object, synonyms):
        name = source_object.name
        patterns = (source_object.file_patterns or "").split(",")
        return ObjectKnowledge(
            key=source_object.id,
            name=name,
            patterns=tuple(one.strip() for one in patterns if one.strip()),
            meanings=tuple(self._meanings(source_object, synonyms)),
            words=(name, source_object.label, *synonyms.get((name, ""), ())),
        )

    def _meanings(self, source_object, synonyms):
        """One meaning a name of a line; of several lines the first says more."""
        seen = set()
        for line in source_object.field_ids:
            name = line.name
            if line.kind == "constant" or " + " in name or name in seen:
                continue
            seen.add(name)
            yield Meaning(
                name=name,
                names=tuple(
                    dict.fromkeys(
                        [
                            name,
                            *filter(None, map(str.strip, self._own_names(line))),
                            *synonyms.get((source_object.name, name), ()),
                            *synonyms.get(("", name), ()),
                            *self._labels(source_object.res_model, line),
                        ]
                    )
                ),
                ttype=line.ttype or "char",
                kind=line.kind,
            )

    @staticmethod
    def _own_names(line):
        return (line.synonyms or "").split(";")

    def _labels(self, model, line):
        """Labels of the line's field in Odoo, in every installed language."""
        if line.kind in ("identifier", "ignored") or not line.target:
            return []
        field = self.env["ir.model.fields"]._get(model, line.target) if model else None
        if not field:
            return []
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        return [field.with_context(lang=code).field_description for code in codes]
