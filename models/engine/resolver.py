"""Finds what a record refers to: other staged records, owners, Odoo's own records.

One query per referenced object and chunk, never one per record.
"""

from collections import defaultdict

from odoo.tools import SQL

from ...lib.errors import Held, Problem, Waiting, _
from ...lib.field_spec import NaturalKey
from .owners import OWNER_UNRESOLVED, PERSON_WITHOUT_USER, OwnerUsers

OWNER = "@owner"
#: A person whose user nobody else stands in for, unlike the owner of a record.
PERSON = "@person"
LOOKUP = "@lookup:"
_CACHE_LIMIT = 200_000


class Resolver:
    """Answers ``find(resolver, key)`` for the compiled mappings of one project.

    :param project: ``migration.project`` record
    """

    def __init__(self, project):
        self._env = project.env
        self._project = project
        mappings = project.with_context(active_test=False).mapping_ids
        self._mappings = {mapping.name: mapping for mapping in mappings}
        self._known = defaultdict(dict)
        self._chunk = defaultdict(dict)
        self._owners = None
        self._lookups = {}

    def prefetch(self, requests):
        """Look up, in one query per object, all ``requests`` (pairs) of a chunk."""
        wanted = defaultdict(set)
        for resolver, key in requests:
            if resolver[0] != "@" and key not in self._known[resolver]:
                wanted[resolver].add(key)
        self._chunk.clear()
        for resolver, keys in wanted.items():
            self._query(resolver, sorted(keys))

    def _query(self, name, keys):
        if isinstance(name, NaturalKey):
            self._query_natural(name, keys)
            return
        if ">" in name:
            self._query_column(name, keys)
            return
        mapping = self._mappings.get(name)
        if not mapping:
            return
        rows = self._env.execute_query(
            SQL(
                """SELECT source_id, state, res_model, res_id FROM migration_record
                    WHERE mapping_id = %s AND source_id = ANY(%s)""",
                mapping.id,
                keys,
            )
        )
        known = self._known[name]
        if len(known) > _CACHE_LIMIT:
            known.clear()
        for source_id, state, res_model, res_id in rows:
            if res_id:
                known[source_id] = (res_model, res_id)
            else:
                self._chunk[name][source_id] = state

    def _query_natural(self, natural, keys):
        """Find records by what they are called; one called alike twice is not taken."""
        mapping = self._mappings.get(natural.object)
        if not mapping:
            return
        found = self._env["migration.record.key"]._find(
            mapping, natural.by, natural.column, keys
        )
        for key, records in found.items():
            targets = {(model, id_) for _id, _state, model, id_ in records if id_}
            if len(records) == 1 or (len(targets) == 1 and all(r[3] for r in records)):
                _id, state, model, id_ = records[0]
                if id_:
                    self._known[natural][key] = (model, id_)
                else:
                    self._chunk[natural][key] = state
            else:
                self._chunk[natural][key] = len(records)

    def _query_column(self, name, keys):
        """Read one column of staged records, whether they are in Odoo or not."""
        mapping, _arrow, column = name.partition(">")
        rows = self._env.execute_query(
            SQL(
                """SELECT source_id, payload->>%s FROM migration_record
                    WHERE mapping_id = %s AND source_id = ANY(%s)""",
                column,
                self._mappings[mapping].id,
                keys,
            )
        )
        self._known[name].update(
            (source_id, (name, value)) for source_id, value in rows
        )

    def find(self, resolver, key):
        """The ``(model, id)`` that ``key`` stands for.

        :raises Waiting: it is staged, but not in Odoo yet
        :raises Held: an owner nobody has decided on
        :raises Problem: it does not exist, or has failed
        """
        found = self._known[resolver].get(key) if resolver[0] != "@" else None
        if found:
            return found
        if resolver == OWNER:
            return self._owner(key)
        if resolver == PERSON:
            return self._person(key)
        if isinstance(resolver, str) and resolver.startswith(LOOKUP):
            return self._lookup(resolver[len(LOOKUP) :], key)
        return self._missing(resolver, key)

    def forget(self):
        """Drop what was found, after a rolled back transaction."""
        self._known.clear()
        self._chunk.clear()

    def _missing(self, name, key):
        natural = isinstance(name, NaturalKey)
        object_name = name.object if natural else name.partition(">")[0]
        mapping = self._mappings.get(object_name)
        label = mapping.label if mapping else object_name
        state = self._chunk[name].get(key)
        details = {"value": key, "object": label}
        if isinstance(state, int):
            raise Held(
                "reference_ambiguous",
                _("%(object)s: %(count)s are called “%(value)s”, named in %(field)s."),
                _("Refer to it by its id, rename all but one, or leave it empty."),
                count=state,
                **details,
            )
        if state == "failed":
            raise Problem(
                "reference_failed",
                _("%(object)s: %(value)s, named in %(field)s, could not be loaded."),
                _("Correct that record and load again; this one follows."),
                **details,
            )
        if state == "skipped":
            raise Waiting(
                "reference_waiting",
                _("%(object)s: %(value)s, named in %(field)s, was left out."),
                _("Take that record in again and load, or leave this one out, too."),
                **details,
            )
        if state:
            raise Waiting(
                "reference_waiting",
                _("%(object)s: %(value)s, named in %(field)s, is not in Odoo yet."),
                _("It is tried again when that record has been loaded."),
                **details,
            )
        raise Problem(
            "reference_missing",
            _("%(object)s: %(value)s, named in %(field)s, is not in the export."),
            _("Add it to the export, or empty the column in this record."),
            **details,
        )

    def _users(self):
        if self._owners is None:
            self._owners = OwnerUsers(self._project)
        return self._owners

    def _person(self, key):
        user, _several = self._users().person(key)
        if user:
            return "res.users", user
        raise Held(
            PERSON_WITHOUT_USER,
            _("“%(value)s” in %(field)s has no Odoo user, and nobody else is meant."),
            _("Choose its user under “Owners”, create it there, or leave this out."),
            value=key,
        )

    def _owner(self, key):
        user, several = self._users().user(key)
        if user:
            return "res.users", user
        if several:
            raise Held(
                OWNER_UNRESOLVED,
                _("“%(value)s” in %(field)s may be several owners: %(owners)s."),
                _("Choose under “Owners” the user that its records go to."),
                value=key,
                owners=", ".join(several),
            )
        if not key:
            raise Held(
                OWNER_UNRESOLVED,
                _("There is no owner."),
                _("Choose a fallback user for the project, or fill in the owner."),
                value=key,
            )
        raise Held(
            OWNER_UNRESOLVED,
            _("Owner “%(value)s” has no Odoo user."),
            _("Choose a user for it, or a fallback user for the project."),
            value=key,
        )

    def _lookup(self, name, key):
        if name not in self._lookups:
            self._lookups[name] = self._env["migration.lookup"]._index(name)
        value, scope = key
        lookup = self._env["migration.lookup"]
        hits = lookup._hits(self._lookups[name], value, scope)
        if len(hits) == 1:
            return name, next(iter(hits))
        if hits:
            raise Problem(
                "lookup_ambiguous",
                _("“%(value)s” in %(field)s stands for %(count)s records in Odoo."),
                _("Use a name or code that only one of them has."),
                value=value,
                count=len(hits),
            )
        raise Problem(
            "lookup_missing",
            _("“%(value)s” in %(field)s is not known in Odoo (%(model)s)."),
            _("Correct it, translate it by a value map, or create it in Odoo."),
            value=value,
            model=name,
        )
