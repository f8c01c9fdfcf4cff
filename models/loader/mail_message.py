from markupsafe import Markup, escape

from odoo import models
from odoo.tools import email_normalize

from ...lib.errors import Problem, _
from ...lib.values.names import match_key

# Kind of a message in the source → its subtype.
_SUBTYPES = {
    "call": "crm_migration.mt_call",
    "phone": "crm_migration.mt_call",
    "phone call": "crm_migration.mt_call",
    "email": "crm_migration.mt_email",
    "mail": "crm_migration.mt_email",
    "note": "mail.mt_note",
    "comment": "mail.mt_note",
}


class MigrationLoaderMessage(models.AbstractModel):
    """Notes and other messages of the chatter; nothing is sent."""

    _name = "migration.loader.mail.message"
    _inherit = "migration.loader"
    _description = "Migration Loader: Messages"

    _means = {
        "record": ("model", "res_id"),
        "author_user_id": ("author_id", "email_from"),
        "author_email": ("author_id", "email_from", "body"),
        "author_name": ("author_id", "body"),
        "kind": ("subtype_id", "message_type"),
    }

    def _targets(self):
        return {
            "record": "reference",
            "author_user_id": "many2one",
            "author_email": "char",
            "author_name": "char",
            "kind": "char",
            "email_to": "char",
            "email_cc": "char",
        }

    def _required_targets(self):
        return {"record", "date"}

    def _read_back(self, record, target, given):
        if target == "record":
            return True, (record.model, record.res_id)
        if target == "author_user_id":
            return True, self._users_of(record.author_id)[:1]
        if target == "kind":
            return True, self._kind_of(record, given.get(target))
        if target in ("author_email", "author_name"):
            return True, self._author_of(record, target, given.get(target))
        if target in ("email_to", "email_cc"):
            return True, self._recipients_of(record, target, given.get(target))
        return super()._read_back(record, target, given)

    @staticmethod
    def _users_of(partners):
        """Users whose contacts these are, with those who have left."""
        return partners.with_context(active_test=False).user_ids

    def _kind_of(self, message, kind):
        """``kind``, where the message has its subtype; else what it has."""
        subtype = _SUBTYPES.get(match_key(kind or ""))
        same = subtype and self.env.ref(subtype) == message.subtype_id
        return kind if same else message.subtype_id.name

    @staticmethod
    def _author_of(message, target, given):
        """``given``, where the author has it or the text names it."""
        author, body = message.author_id, str(message.body or "")
        if target == "author_email":
            own = message.email_from
            same = email_normalize(given) in (
                author.email_normalized,
                email_normalize(own),
            )
        else:
            own, same = author.name, match_key(given or "") == match_key(author.name)
            # Somebody that Odoo knows by the address goes by the name in Odoo.
            same = same or bool(author and author != message.create_uid.partner_id)
        return given if same or (given and str(escape(given)) in body) else own

    @staticmethod
    def _recipients_of(message, target, given):
        """``given``, where the message names it among its recipients."""
        own = message.incoming_email_to if target == "email_to" else None
        own = own or message.incoming_email_cc or message.outgoing_email_to or ""
        everybody = (message.incoming_email_to, message.incoming_email_cc)
        everybody += (message.outgoing_email_to,)
        return given if any(given in (one or "") for one in everybody) else own

    def _prepare(self, mapping, items):
        """Give every value that Odoo would otherwise work out message by message."""
        partners = self._partners_by_email(items)
        for item in items:
            vals = item.vals
            vals["model"], vals["res_id"] = vals.pop("record")
            self._set_author(vals, partners)
        authors = self.env["res.partner"].sudo()
        authors = authors.browse({item.vals["author_id"] for item in items})
        subtypes = {}
        for item in items:
            vals = item.vals
            try:
                self._set_kind(vals, authors, subtypes)
            except Problem as problem:
                item.error = problem
                continue
            vals.setdefault("reply_to", False)
            vals["message_id"] = self._message_id(item.external_id)
            vals.setdefault("create_date", vals["date"])

    def _partners_by_email(self, items):
        """``{address: partner}`` of authors; who shares an address is left out.

        Users count before other contacts, and those who work here before those who
        have left. An archived contact that was never a user's is nobody.
        """
        given = {email_normalize(item.vals.get("author_email")) for item in items}
        partners = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch([("email_normalized", "in", list(given - {False}))])
        )
        grouped = partners.grouped("email_normalized")
        chosen = {}
        for address, found in grouped.items():
            working = found.filtered(lambda one: any(one.user_ids.mapped("active")))
            found = working or found.filtered("user_ids") or found.filtered("active")
            if len(found) == 1:
                chosen[address] = found
        return chosen

    def _set_author(self, vals, partners):
        """Who wrote it: by address, else the user that stands for the owner.

        An author that Odoo does not know is named in the text, and the message is
        the migration's.
        """
        email, name = vals.pop("author_email", None), vals.pop("author_name", None)
        user = self.env["res.users"].sudo().browse(vals.pop("author_user_id", None))
        partner = partners.get(email_normalize(email))
        if (email or name) and not partner:
            written = self.env._(
                "Written by %s", " ".join(filter(None, (name, email and f"<{email}>")))
            )
            vals["body"] = Markup("<p><i>%s</i></p>%s") % (
                written,
                Markup(vals.get("body") or ""),
            )
            partner = user.partner_id or self.env.user.partner_id
        partner = partner or user.partner_id
        vals.setdefault("author_id", partner.id)
        vals.setdefault("email_from", email or partner.email_formatted)

    def _set_kind(self, vals, authors, subtypes):
        """Notes, calls and e-mails are told apart by their subtype.

        :param authors: partners of the whole chunk, read together
        :param dict subtypes: ids by name, looked up once a chunk
        :raises Problem: a kind that is none of them
        """
        kind = vals.pop("kind", None) or "note"
        subtype = _SUBTYPES.get(match_key(kind))
        if not subtype:
            raise Problem(
                "message_kind_unknown",
                _("“%(value)s” is not a kind of message."),
                _("Translate it by a value map to note, call or email."),
                field="kind",
                value=kind,
            )
        if subtype not in subtypes:
            subtypes[subtype] = self.env.ref(subtype).id
        vals.setdefault("subtype_id", subtypes[subtype])
        recipients, copies = vals.pop("email_to", None), vals.pop("email_cc", None)
        if subtype != "crm_migration.mt_email":
            vals.setdefault("message_type", "comment")
            return
        author = authors.browse(vals["author_id"])
        author = author.with_prefetch(authors._prefetch_ids)
        sent = self._users_of(author).filtered(lambda user: user._is_internal())
        vals.setdefault("message_type", "email_outgoing" if sent else "email")
        if vals["message_type"] == "email_outgoing":
            together = ", ".join(filter(None, (recipients, copies)))
            vals.setdefault("outgoing_email_to", together or False)
        else:
            vals.setdefault("incoming_email_to", recipients)
            vals.setdefault("incoming_email_cc", copies)

    @staticmethod
    def _message_id(external_id):
        """A message id of its own for each migrated message, the same every time."""
        return f"<{external_id.replace(' ', '_')}@crm-migration.invalid>"

    def _note(self, record, body, external_id):
        """Create an internal note on ``record``, by the migration itself."""
        return (
            self.env["mail.message"]
            .sudo()
            .create(
                {
                    "model": record._name,
                    "res_id": record.id,
                    "body": body,
                    "message_type": "notification",
                    "subtype_id": self.env.ref("mail.mt_note").id,
                    "author_id": self.env.user.partner_id.id,
                    "email_from": self.env.user.email_formatted,
                    "reply_to": False,
                    "message_id": self._message_id(external_id),
                    "x_source_id": external_id,
                }
            )
        )
