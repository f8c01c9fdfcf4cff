from odoo import models
from odoo.tools import SQL

from ...lib.three_way import CONFLICT
from ..engine.change import Found
from ..engine.resolver import Resolver


class MigrationLoaderLink(models.AbstractModel):
    """Who belongs to a record, and as what: rows of the source, values in Odoo.

    The primary link is a field of the record, its main one. The others are entries of
    a list. An entry is a pair: who, and the role.
    """

    _name = "migration.loader.link"
    _inherit = "migration.loader"
    _description = "Migration Loader: Links"

    # Targets of the record that has the links, and of who is linked; the main field,
    # and the one that lists the others.
    _owner = _other = _main = _listing = None

    def _targets(self):
        return {
            self._owner: "many2one",
            self._other: "many2one",
            "role": "char",
            "is_primary": "boolean",
        }

    def _required_targets(self):
        return {self._owner, self._other}

    def _is_value(self):
        return True

    # What loaders of links say

    def _entries(self, change, record, people):
        """The entries of ``record`` that are about ``people``, a set of ids: a list."""
        raise NotImplementedError

    def _set_entry(self, change, record, was, now):
        """Put the entry ``now`` in place of ``was``; either may be None."""
        raise NotImplementedError

    # Merging

    def _foresee_change(self, mapping, items):
        """Of the values of a link, only the primary one's is a field's."""
        for item in items:
            item.content = dict(item.vals)
            primary = item.vals.get("is_primary")
            item.vals = {self._main: item.vals[self._other]} if primary else {}
            item.said = item.said | {self._main}

    def _align_changes(self, mapping, changes):
        based = [change for change in changes if change.base]
        for change in based:
            was, now = change.base.content, change.source.content
            if was and now and was[self._owner] != now[self._owner]:
                change.by_hand(change.base.payload, change.source.payload)
                change.base = None
                change.source.vals, change.source.content = {}, {}
        based = [change for change in based if change.base]
        self._forget_other_mains(mapping, based)
        self._hand_over(mapping, based)

    def _forget_other_mains(self, mapping, changes):
        """A primary link that never became the main field's value leaves that alone.

        Its record had another value, by a column of its own.
        """
        primary = [change for change in changes if change.base.vals]
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT source_id FROM migration_log
                    WHERE mapping_id = %s AND source_id = ANY(%s)
                      AND operation = 'update' AND changes->'after' ? %s""",
                mapping.id,
                [change.source_id for change in primary],
                self._main,
            )
        )
        written = {source_id for (source_id,) in rows}
        owners = self._model(mapping).browse([one.target[1] for one in primary])
        for change, owner in zip(primary, owners, strict=True):
            value = change.base.vals[self._main]
            if change.source_id in written or owner.exists()[self._main].id == value:
                continue
            change.base.vals = {}
            change.source.vals.pop(self._main, None)

    def _hand_over(self, mapping, changes):
        """Where another link of a record is the primary one now, its value follows."""
        main = self._main
        leaving = {
            change.target[1]: change
            for change in changes
            if main in change.base.vals and main not in change.source.vals
        }
        coming = {
            change.target[1]: change
            for change in changes
            if main in change.source.vals and main not in change.base.vals
        }
        for owner in leaving.keys() & coming.keys():
            before, now = leaving[owner], coming[owner]
            now.base.vals[main] = before.base.vals[main]
            before.source.vals[main] = now.source.vals[main]
        alone = leaving.keys() - coming.keys()
        if alone:
            ids = [change.record_id for change in changes]
            for owner, value in self._primaries(mapping, list(alone), ids).items():
                leaving[owner].source.vals[main] = value

    def _primaries(self, mapping, owners, but):
        """``{owner's id: who is its primary link}`` by all staged links but some."""
        rows = self.env.execute_query(
            SQL(
                """SELECT res_id, COALESCE(next_payload, payload)
                     FROM migration_record
                    WHERE mapping_id = %s AND res_model = %s AND res_id = ANY(%s)
                      AND id <> ALL(%s) ORDER BY id DESC""",
                mapping.id,
                mapping.res_model,
                owners,
                but,
            )
        )
        compiled, resolver = mapping._compile(), Resolver(mapping.project_id)
        rows = [(owner, payload) for owner, payload in rows if payload]
        resolver.prefetch(
            request for _id, payload in rows for request in compiled.requests(payload)
        )
        found = {}
        for owner, payload in rows:
            vals = compiled.transform(payload, resolver.find).vals
            if vals.get("is_primary") and vals.get(self._other):
                found[owner] = vals[self._other]
        return found

    def _merge_further(self, mapping, change, record):
        was = self._entry(change.base and change.base.content)
        now = self._entry(change.source.content)
        people = {entry[0] for entry in (was, now) if entry}
        entries = self._entries(change, record, people)
        was = self._listed_as(was, change.base, was in entries)
        primary = change.base and change.base.content.get("is_primary")
        now = self._listed_as(now, change.source, primary and was)
        self._merge_entry(change, entries, was, now)
        if change.values or change.further:
            # Nobody has worked on the record: when it was changed last stays.
            change.history.setdefault("write_date", record.write_date)
            change.history.setdefault("write_uid", record.write_uid.id or None)

    def _entry(self, content):
        if not content:
            return None
        return (content[self._other], content.get("role") or "")

    def _lists_primary(self, role):
        """Whether the primary link is listed, too; it is where the main field has
        another value."""
        return False

    def _listed_as(self, entry, item, anyway):
        """``entry``, if the link has to be in the list."""
        if not entry or not item.content.get("is_primary"):
            return entry
        return entry if anyway or self._lists_primary(entry[1]) else None

    def _merge_entry(self, change, entries, was, now):
        if was != now:
            change.merged.add(self._listing)
        if was == now or now in entries:
            if now in entries and was in entries and was != now:
                change.further["entry"] = [was, None]
            return
        others = [entry for entry in entries if was and entry[0] == was[0]]
        if was is None or was in entries:
            change.further["entry"] = [was, now]
        elif now or others:
            change.found.append(
                Found(
                    CONFLICT,
                    self._listing,
                    self._say_entry(was),
                    ", ".join(map(self._say_entry, others)),
                    self._say_entry(now),
                    {"entry": [was, now]},
                )
            )

    def _say_entry(self, entry):
        if not entry:
            return ""
        who, role = entry
        name = self.env["res.partner"].sudo().browse(who).display_name
        return f"{name} ({role})" if role else name

    # Writing

    def _before_change(self, mapping, change, record):
        if "entry" not in change.further:
            return
        was, now = (one and tuple(one) for one in change.further["entry"])
        entries = self._entries(change, record, {was[0]}) if was else []
        if was not in entries:
            # It was decided what becomes of an entry that users have changed.
            was = next(iter(entries), None)
        self._set_entry(change, record, was, now)

    def _tell(self, change, record, text):
        """Say in the chatter, in the note that told of the link, what it is now."""
        notes = self.env["mail.message"].sudo()
        note = notes.search([("x_source_id", "=", change.external_id)])
        if note:
            self._write_along(change, note, {"body": text})
            return
        loader = self.env["migration.loader.mail.message"]
        note = loader._note(record, text, change.external_id)
        change.created.append((note._name, note.id))
