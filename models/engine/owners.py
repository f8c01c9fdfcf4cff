"""Owners: who they are, how many records name them, and the users they become."""

from collections import Counter

from odoo import models
from odoo.tools import SQL

from ...lib.compile import compile_mapping
from ...lib.errors import Problem
from ...lib.nothing import says_nothing
from ...lib.owners import Directory, Listed, Person, Text, is_active, list_owners
from ...lib.values.names import match_key

#: Why a record is held until an owner, or a person that it is about, has a user.
OWNER_UNRESOLVED = "owner_unresolved"
PERSON_WITHOUT_USER = "person_without_user"
HELD = (OWNER_UNRESOLVED, PERSON_WITHOUT_USER)


class OwnerUsers:
    """Answers which user the records get that name an owner.

    :param project: ``migration.project`` record
    """

    def __init__(self, project):
        self.fallback = project.fallback_user_id.id
        self._owners = {owner.id: owner for owner in project.owner_ids}
        self._directory = Directory(
            Person(
                owner.id,
                keys=(owner.key, *(owner.texts or ())),
                emails=(owner.email,),
                names=(owner.name,),
            )
            for owner in project.owner_ids
        )

    def owners(self, text):
        """Ids of the owners ``text`` may name, most often one."""
        return self._directory.find(text)[1]

    def user(self, text):
        """``(user id or None, names of the owners it may be)`` for ``text``.

        Without an owner, or with one that is not listed, it is the fallback user.
        Several owners decide if all of them have the same user.
        """
        found = self._named(text)
        if not found:
            return self.fallback or None, ()
        if len(found) == 1:
            return found[0]._user().id or None, tuple(found[0].may_be or ())
        return self._shared(found)

    def person(self, text):
        """Like :meth:`user`, for a person: the fallback user does not stand in."""
        return self._shared(self._named(text))

    def _named(self, text):
        return [self._owners[id_] for id_ in self.owners(text)] if text else []

    @staticmethod
    def _shared(found):
        """The user that all owners in ``found`` have, or None; and who they are."""
        users = {owner.user_id.id for owner in found}
        user = users.pop() if len(users) == 1 else None
        return user or None, tuple(owner.key for owner in found)


class MigrationOwners(models.AbstractModel):
    """Lists the owners that an export names, and matches them with Odoo's users."""

    _name = "migration.owners"
    _description = "Migration Owners"

    def _list(self, project):
        """List every owner the data names; what was decided on them stays."""
        users, portal = self._directories()
        listed = list_owners(self._given(project), self._texts(project), users)
        rows = {match_key(owner.key): owner for owner in project.owner_ids}
        kept = self.env["migration.owner"]
        vals_list = []
        for one in listed:
            owner = self._row(rows, one)
            vals = self._vals(one, owner)
            if owner:
                owner._set(vals)
                kept += owner
            else:
                vals_list.append({**vals, "project_id": project.id})
        kept += kept.create(vals_list)
        (project.owner_ids - kept)._set({"record_count": 0, "counts": {}})
        kept._take_users(users, portal)
        self._release(project)

    def _row(self, rows, one):
        """The row of an owner listed before; rows that it turns out to be are merged.

        One for which somebody has chosen another user stays, with its own text.
        """
        keys = [match_key(one.key), *one.texts]
        found = [rows.pop(key) for key in dict.fromkeys(keys) if key in rows]
        if not found:
            return None
        first, *others = sorted(
            found, key=lambda row: (match_key(row.key) != keys[0], row.id)
        )
        for other in others:
            differs = other._is_decided() and first._is_decided()
            if differs and other._decision() != first._decision():
                text = one.texts.pop(match_key(other.key), None)
                rows[match_key(other.key)] = other
                if text:
                    self._keep_apart(other, text)
                continue
            if other._is_decided():
                first._set(other._decision())
            if other.email and not first.email:
                first.email = other.email
            other.sudo().unlink()
        return first

    def _keep_apart(self, owner, text):
        owner._set(
            {
                "record_count": text.counts.total(),
                "counts": dict(text.counts),
                "texts": [match_key(text.writing)],
            }
        )

    @staticmethod
    def _vals(one, owner):
        counts = +one.counts
        vals = {
            "key": one.key,
            "name": one.name,
            "active_in_source": one.active,
            "texts": sorted(one.texts),
            "also": ", ".join(
                text.writing for text in one.texts.values() if text.writing != one.key
            ),
            "may_be": list(one.several),
            "counts": dict(counts),
            "record_count": counts.total(),
        }
        # An address that somebody has typed or corrected stays.
        if not owner or not owner.email:
            vals["email"] = one.email
        return vals

    def _directories(self):
        """:class:`Directory` of the users that can own records, and of portal users."""
        users = self.env["res.users"].sudo().with_context(active_test=False)
        found = users.search_fetch(
            [], ["name", "login", "email", "active", "share"], order="active desc, id"
        )
        return tuple(
            Directory(
                Person(
                    user.id,
                    emails=(user.email,),
                    logins=(user.login,),
                    names=(user.name,),
                    active=user.active,
                )
                for user in found
                if user.share == share
            )
            for share in (False, True)
        )

    def _given(self, project):
        """:class:`Listed` of the staged records of owners, each id once."""
        nothing = project._empty_words()
        people = {}
        for mapping in project.mapping_ids.filtered(lambda one: one.role == "owners"):
            for source_id, cells in mapping._iter_cells(nothing):
                values = {}
                for target, value in cells:
                    if not values.get(target) and not says_nothing(value, nothing):
                        values[target] = str(value).strip()
                email = values.get("email")
                key = values.get("key") or email or source_id
                people[match_key(key)] = Listed(
                    key=key,
                    name=values.get("name") or email or key,
                    email=email,
                    active=is_active(values.get("active")),
                )
        return list(people.values())

    def _texts(self, project):
        """:class:`Text` of all values in owner columns, one query a column.

        Authors are matched with users as well, but own no record.
        """
        texts = {}
        for line in project.mapping_ids.filtered(
            lambda one: one.role == "records"
        ).field_ids.filtered(lambda line: line.kind == "owner" and line.source_path):
            counted = line.on_missing == "fail"
            name = line.mapping_id.name
            for writing, count in self._counted(line):
                text = texts.setdefault(match_key(writing), Text(writing, Counter()))
                text.counts[name] += count * counted
        return texts.values()

    def _counted(self, line):
        """``(writing, records)`` of an owner column, read as the load reads it."""
        mapping = line.mapping_id
        compiler = self.env["migration.compiler"]
        try:
            spec = compiler._spec(mapping, line, compiler._targets(mapping))
            compiled = compile_mapping([spec], mapping.project_id._empty_words())
        except Problem:
            # The check of the mapping says what is wrong with the line.
            return
        parts = [part.strip() for part in line.source_path.split(" + ")]
        names = list(dict.fromkeys([*parts, *(part.split(".")[0] for part in parts)]))
        rows = self.env.execute_query(
            SQL(
                """SELECT %s, count(*) FROM migration_record
                    WHERE mapping_id = %s AND NOT COALESCE(unusable, FALSE)
                    GROUP BY %s ORDER BY count(*) DESC, %s""",
                SQL(", ").join(
                    SQL("COALESCE(next_payload, payload)->%s", name) for name in names
                ),
                mapping.id,
                SQL(", ").join(SQL(str(n + 1)) for n in range(len(names))),
                SQL(", ").join(SQL(str(n + 1)) for n in range(len(names))),
            )
        )
        for *values, count in rows:
            payload = {
                name: value
                for name, value in zip(names, values, strict=True)
                if value is not None
            }
            for _resolver, writing in compiled.requests(payload):
                if writing:
                    yield writing, count

    def _users(self, project):
        """:class:`OwnerUsers` of the owners as they are listed now."""
        return OwnerUsers(project)

    def _held(self, project):
        """``[(text, records, code)]`` of the owners whose records are held."""
        return self.env.execute_query(
            SQL(
                """SELECT COALESCE(error_value, ''), count(*), error_code
                     FROM migration_record
                    WHERE project_id = %s AND state = 'held'
                      AND error_code = ANY(%s) GROUP BY 1, 3""",
                project.id,
                list(HELD),
            )
        )

    def _release(self, project):
        """Let the next load take the held records whose owner is decided now."""
        self.env.flush_all()
        users = self._users(project)
        find = {OWNER_UNRESOLVED: users.user, PERSON_WITHOUT_USER: users.person}
        texts = {}
        for text, _count, code in self._held(project):
            if find[code](text)[0]:
                texts.setdefault(code, []).append(text)
        for code, found in texts.items():
            self.env["migration.record"]._reset(
                SQL(
                    """project_id = %s AND state = 'held' AND error_code = %s
                       AND COALESCE(error_value, '') = ANY(%s)""",
                    project.id,
                    code,
                    found,
                )
            )
