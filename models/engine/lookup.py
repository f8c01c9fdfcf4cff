from collections import defaultdict

from odoo import api, models

from ...lib.values.names import match_key

# Names under which exports know a country, besides Odoo's name and ISO code.
COUNTRY_SYNONYMS = {
    "USA": "US",
    "United States of America": "US",
    "America": "US",
    "UK": "GB",
    "England": "GB",
    "Scotland": "GB",
    "Wales": "GB",
    "Great Britain": "GB",
    "Holland": "NL",
    "The Netherlands": "NL",
    "Czechia": "CZ",
    "South Korea": "KR",
    "Russia": "RU",
    "UAE": "AE",
}


class MigrationLookup(models.AbstractModel):
    """Finds records that Odoo already has, by exact name or code."""

    _name = "migration.lookup"
    _description = "Migration Look-up"

    @api.model
    def _index(self, model):
        """``{(scope, match_key(name)): {ids}}`` of all records of ``model``.

        The scope is what makes a name unique: the country of a state, else None.
        Names count in every installed language.
        """
        method = getattr(self, f"_index_{model.replace('.', '_')}", None)
        return method() if method else self._index_names(model)

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
        found = self._index_names("res.country")
        for synonym, code in COUNTRY_SYNONYMS.items():
            found.setdefault((None, match_key(synonym)), found[None, match_key(code)])
        return found

    def _index_res_country_state(self):
        found = self._index_names("res.country.state", scope="country_id")
        for (_country, name), ids in list(found.items()):
            found[None, name] |= ids
        return found
