from collections import defaultdict

from odoo import api, models

from ...lib.values.countries import (
    STATE_ABBREVIATIONS,
    country_codes,
    name_parts,
    without_article,
)
from ...lib.values.names import match_key


class MigrationLookup(models.AbstractModel):
    """Finds records that Odoo already has, by exact name or code."""

    _name = "migration.lookup"
    _description = "Migration Look-up"

    @api.model
    def _index(self, model):
        """``{(scope, match_key(name)): {ids}}`` of all records of ``model``.

        The scope is what makes a name unique: the country of a state, else None.
        Names count in every installed language, those of countries in all there are.
        """
        method = getattr(self, f"_index_{model.replace('.', '_')}", None)
        return method() if method else self._index_names(model)

    @api.model
    def _hits(self, index, value, scope=None):
        """Ids of the records that ``value`` may stand for, in an index as above.

        ``CA - California`` and ``Germany (DE)`` count where all of their parts are
        known and leave one record.
        """
        key = match_key(value)
        found = index.get((scope, key)) or index.get((scope, without_article(key)))
        if found:
            return found
        parts = [index.get((scope, match_key(part))) for part in name_parts(value)]
        if not parts or not all(parts):
            return set()
        common = set.intersection(*map(set, parts))
        return common if len(common) == 1 else set()

    def _index_names(self, model, scope=None):
        found = defaultdict(set)
        records = self.env[model].with_context(active_test=True)
        names = [
            name for name in (records._rec_name, "code") if name in records._fields
        ]
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        every = records.search_fetch([], names)
        for language in languages:
            for record in every.with_context(lang=language):
                within = record[scope].id if scope else None
                for name in names:
                    if record[name]:
                        found[within, match_key(record[name])].add(record.id)
        return found

    def _index_res_country(self):
        """Odoo's own names first, then those of the world for the same countries."""
        found = self._index_names("res.country")
        countries = self.env["res.country"].search([("code", "!=", False)])
        ids = {country.code: {country.id} for country in countries}
        for name, code in country_codes().items():
            if code in ids:
                found.setdefault((None, name), ids[code])
        return found

    def _index_res_country_state(self):
        """By country, and without one: there a name counts for all that bear it."""
        found = self._index_names("res.country.state", scope="country_id")
        for code, abbreviations in STATE_ABBREVIATIONS.items():
            country = self.env["res.country"].search([("code", "=", code)]).id
            for short, state in abbreviations.items():
                hits = found.get((country, match_key(state)))
                if hits:
                    found.setdefault((country, short), hits)
        for (_country, name), ids in list(found.items()):
            found[None, name] |= ids
        return found
