from lxml.html import fragment_fromstring, tostring
from markupsafe import Markup

from odoo import models

# What Odoo copies from a customer to an opportunity that has no such value.
_COPIED = (
    "partner_id",
    "contact_name",
    "partner_name",
    "function",
    "website",
    "lang_id",
    "email_from",
    "phone",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "company_id",
)


class MigrationLoaderLeadParty(models.AbstractModel):
    """Persons and companies of a lead, each with a role.

    The primary one becomes the customer of a lead that has none. The others, and
    every role, are listed on the lead and noted in its chatter.
    """

    _name = "migration.loader.lead.party"
    _inherit = "migration.loader.link"
    _description = "Migration Loader: Parties of Leads"

    _owner, _other, _main = "lead_id", "partner_id", "partner_id"
    _listing = "x_parties"

    def _models(self, mapping):
        return ["mail.message"]

    def _read_back(self, record, target, given):
        """Who is on the lead is text there, next to the other parties.

        A primary party is its customer, or listed where it has another one.
        """
        partner = given.get("partner_id")
        roles = self._listed(record).get(partner)
        is_customer = record.partner_id.id == partner
        if target == "lead_id":
            return True, record
        if target == "partner_id":
            there = is_customer or roles is not None
            return True, record.partner_id.browse(partner if there else None)
        if target == "is_primary":
            primary = bool(given.get(target))
            return True, primary if is_customer or roles is not None else not primary
        if target == "role":
            role = given.get(target)
            return True, role if role in (roles or ()) else ", ".join(roles or ())
        return super()._read_back(record, target, given)

    def _listed(self, lead):
        """``{partner id: [roles]}`` of the parties that are listed on a lead."""
        found = {}
        for partner, role, _link in self._links(_parsed(lead.x_parties)):
            found.setdefault(partner, []).append(role)
        return found

    @staticmethod
    def _links(tree):
        """``(partner id, role, element)`` of the links in a list of parties."""
        for link in tree.iter("a"):
            role = (link.tail or "").strip()[1:-1]
            yield int(link.get("data-oe-id", 0)), role, link

    def _lists_primary(self, role):
        return bool(role)

    def _entries(self, change, record, people):
        links = self._links(_parsed(record.x_parties))
        return [(who, role) for who, role, _link in links if who in people]

    def _set_entry(self, change, record, was, now):
        tree = _parsed(record.x_parties)
        line = now and self._line(record.partner_id.browse(now[0]), now[1])
        further = line and fragment_fromstring(f"<p>{line}</p>")
        place = next(
            (link for *entry, link in self._links(tree) if tuple(entry) == was), None
        )
        if place is not None:
            _replace(place, further)
        elif further is not None:
            tree.append(further)
        change.values["x_parties"] = Markup(
            "".join(tostring(child, encoding="unicode") for child in tree)
        )
        if line:
            self._tell(change, record, self.env._("Party: %s", line))
        elif was:
            name = self._say_entry(was)
            self._tell(change, record, self.env._("No longer a party: %s", name))

    def _create_records(self, mapping, items):
        model = self._model(mapping)
        partners = model.env["res.partner"]
        for item in items:
            lead = model.browse(item.vals["lead_id"])
            partner = partners.browse(item.vals["partner_id"])
            item.target = ("crm.lead", lead.id)
            is_customer = bool(item.vals.get("is_primary")) and (
                not lead.partner_id or lead.partner_id == partner
            )
            if is_customer and not lead.partner_id:
                self._set_customer(lead, partner, item)
            if item.vals.get("role") or not is_customer:
                self._list(lead, partner, item)
        model.env.flush_all()
        self._keep_stamps(model, items)

    def _set_customer(self, lead, partner, item):
        """Write the customer; what Odoo copies from it is journalled as well."""
        before = {name: lead[name] for name in _COPIED}
        self._write(lead, {"partner_id": partner.id}, item)
        _model, _id, replaced, written = item.changed[-1]
        known = lead._fields
        for name, value in before.items():
            if lead[name] != value:
                field = known[name]
                replaced[name] = field.convert_to_write(value, lead)
                written[name] = field.convert_to_write(lead[name], lead)

    def _list(self, lead, partner, item):
        """Add the party to the list on the lead, and say so in its chatter."""
        line = self._line(partner, item.vals.get("role"))
        others = Markup("%s<p>%s</p>") % (lead.x_parties or "", line)
        self._write(lead, {"x_parties": others}, item)
        # Odoo cleans what it is given: the rollback compares with what is kept.
        item.changed[-1][3]["x_parties"] = lead.x_parties
        note = self.env["migration.loader.mail.message"]._note(
            lead, self.env._("Party: %s", line), item.external_id
        )
        item.created.append(("mail.message", note.id))

    @staticmethod
    def _line(partner, role):
        link = partner._get_html_link(title=partner.display_name)
        return Markup("%s (%s)") % (link, role) if role else link


def _parsed(text):
    return fragment_fromstring(text or "", create_parent=True)


def _replace(link, further):
    """Put the element ``further``, or nothing, in place of the line of a link."""
    line = link.getparent()
    if line.tag != "p":
        # Somebody has written it into a text: its role is what follows it.
        line, link.tail = link, None
    parent, after = line.getparent(), line.tail
    if further is not None:
        further.tail = after
        parent.replace(line, further)
        return
    before = line.getprevious()
    if after and before is not None:
        before.tail = (before.tail or "") + after
    elif after:
        parent.text = (parent.text or "") + after
    parent.remove(line)
