from odoo import fields, models

from ...lib.errors import Problem, _
from .res_partner import ADDRESS


class MigrationLoaderPartnerLink(models.AbstractModel):
    """Contact–company links: the primary one makes the company the parent.

    The others become relations where OCA ``partner_multi_relation`` is installed,
    and are kept on the contact and in its chatter otherwise.
    """

    _name = "migration.loader.partner.link"
    _inherit = "migration.loader.link"
    _description = "Migration Loader: Contact–Company Links"

    _owner, _other, _main = "contact_id", "company_id", "parent_id"
    _listing = "x_other_companies"

    def _models(self, mapping):
        if "res.partner.relation" in self.env:
            return ["res.partner.relation.type", "res.partner.relation"]
        return ["mail.message"]

    def _foresee(self, mapping, items):
        """A position of the contact's own stays, instead of the role: it is said."""
        contacts = self._model(mapping)
        contacts = contacts.browse({item.vals["contact_id"] for item in items})
        positions = {contact.id: contact.function for contact in contacts}
        for item in items:
            role = item.vals.get("role")
            own = positions[item.vals["contact_id"]]
            if item.vals.get("is_primary") and role and own and own != role:
                item.warnings.append(
                    Problem(
                        "role_not_kept",
                        _("The contact has a job position of its own: “%(value)s”."),
                        _("Nothing needs to be done."),
                        field="role",
                        value=own,
                    )
                )
        return super()._foresee(mapping, items)

    def _read_back(self, record, target, given):
        """The primary company is the parent; others are relations, or text."""
        company = record.browse(given.get("company_id"))
        primary = bool(given.get("is_primary"))
        if target == "contact_id":
            return True, record
        if target == "company_id":
            is_parent = record.parent_id == company
            there = is_parent if primary else self._roles(record, company)
            return True, company if there else record.parent_id
        if target == "is_primary":
            return True, record.parent_id == company if primary else False
        if target == "role":
            roles = [record.function] if primary else self._roles(record, company)
            role = given.get(target)
            return True, role if role in roles else ", ".join(filter(None, roles))
        return super()._read_back(record, target, given)

    def _roles(self, contact, company):
        """The roles of ``contact`` in a company that is not its parent."""
        if "res.partner.relation" in self.env:
            relations = self.env["res.partner.relation"].sudo()
            return relations.search(
                [
                    ("left_partner_id", "=", contact.id),
                    ("right_partner_id", "=", company.id),
                ]
            ).type_id.mapped("name")
        return [role for role, _line in self._lines(contact, company)]

    @staticmethod
    def _key(company):
        return f" [{company.x_source_id or company.id}]"

    def _lines(self, contact, company):
        """``(role, line)`` of the lines about a company; it may have been renamed."""
        key, found = self._key(company), []
        for line in (contact.x_other_companies or "").split("\n"):
            if not line.endswith(key):
                continue
            name = line.removesuffix(key)
            role = name.removeprefix(company.name)
            if role == name:
                role = name[name.rfind(" (") :] if name.endswith(")") else ""
            found.append((role.strip().removeprefix("(").removesuffix(")"), line))
        return found

    def _line(self, company, role):
        name = f"{company.name} ({role})" if role else company.name
        return f"{name}{self._key(company)}"

    def _told_of(self, company, role):
        """What the chatter says of a link."""
        name = f"{company.name} ({role})" if role else company.name
        return self.env._("Also linked to %s", company._get_html_link(title=name))

    def _prepare(self, mapping, items):
        """Refuse a second primary company, and a link of a record to itself."""
        chosen = {}
        contacts = self._model(mapping).browse(
            {item.vals["contact_id"] for item in items}
        )
        parents = {contact.id: contact.parent_id.id for contact in contacts}
        for item in items:
            if not item.vals.get("is_primary"):
                continue
            contact, company = item.vals["contact_id"], item.vals["company_id"]
            before = chosen.setdefault(contact, parents[contact] or company)
            if before != company:
                item.error = Problem(
                    "primary_company_twice",
                    _("The contact has another primary company already."),
                    _("Leave only one link marked as primary."),
                    field="is_primary",
                    value=item.vals["is_primary"],
                )

    def _entries(self, change, record, people):
        if "res.partner.relation" not in self.env:
            return [
                (company.id, role)
                for company in record.browse(sorted(people))
                for role, _line in self._lines(record, company)
            ]
        relation = self._relation(change).filtered(lambda one: not one.date_end)
        unnamed = self.env._("Linked company")
        return [
            (one.right_partner_id.id, "" if one.type_id.name == unnamed else role)
            for one in relation
            if (role := one.type_id.name) and one.right_partner_id.id in people
        ]

    def _relation(self, change):
        """The relation that the link has become, if there is one."""
        relations = self.env["res.partner.relation"].sudo()
        return relations.search([("x_source_id", "=", change.external_id)])

    def _set_entry(self, change, record, was, now):
        if "res.partner.relation" in self.env:
            self._set_relation(change, record, now)
            return
        lines = (record.x_other_companies or "").split("\n")
        old = None
        if was:
            known = self._lines(record, record.browse(was[0]))
            old = next((line for role, line in known if role == was[1]), None)
        line = now and self._line(record.browse(now[0]), now[1])
        place = lines.index(old) if old else len(lines)
        lines[place : place + 1] = [line] if line else []
        change.values["x_other_companies"] = "\n".join(filter(None, lines)) or False
        if now:
            self._tell(change, record, self._told_of(record.browse(now[0]), now[1]))
        elif was:
            name = self._say_entry(was)
            self._tell(change, record, self.env._("No longer linked to %s", name))

    def _set_relation(self, change, contact, now):
        """Change the relation, end it, or begin it anew."""
        relation = self._relation(change)
        if not now:
            self._write_along(change, relation, {"date_end": fields.Date.today()})
            return
        company, role = contact.browse(now[0]), now[1]
        if not relation:
            self._add_relation(contact, company, role, change)
            return
        kind = self._kind(role, change)
        vals = {"right_partner_id": company.id, "type_id": kind.id, "date_end": False}
        self._write_along(change, relation, vals)

    def _create_records(self, mapping, items):
        model = self._model(mapping)
        for item in items:
            item.target = ("res.partner", item.vals["contact_id"])
            contact = model.browse(item.vals["contact_id"])
            if item.vals.get("is_primary"):
                self._set_parent(contact, item)
            else:
                self._add_other(contact, item)
        model.env.flush_all()
        self._keep_stamps(model, items)

    def _set_parent(self, contact, item):
        company = contact.browse(item.vals["company_id"])
        vals = {}
        if contact.parent_id != company:
            vals = self._under(contact, company)
        if item.vals.get("role") and not contact.function:
            vals["function"] = item.vals["role"]
        self._write(contact, vals, item)

    def _under(self, contact, company):
        """What to write so that ``contact`` belongs to ``company``, as Odoo does it."""
        loader = self.env["migration.loader.res.partner"]
        vals = {"parent_id": company.id}
        if not any(contact[name] for name in ADDRESS):
            vals.update(loader._read_raw(company, ADDRESS))
        if not contact.is_company:
            inherited = loader._read_raw(
                company.commercial_partner_id, contact._commercial_fields()
            )
            for name, value in inherited.items():
                if not contact[name]:
                    vals[name] = value
        return vals

    def _add_other(self, contact, item):
        company, role = contact.browse(item.vals["company_id"]), item.vals.get("role")
        if "res.partner.relation" in self.env:
            self._add_relation(contact, company, role, item)
            return
        line = self._line(company, role)
        others = "\n".join(filter(None, [contact.x_other_companies, line]))
        self._write(contact, {"x_other_companies": others}, item)
        note = self.env["migration.loader.mail.message"]._note(
            contact, self._told_of(company, role), item.external_id
        )
        item.created.append(("mail.message", note.id))

    def _add_relation(self, contact, company, role, item):
        """Record the link as a relation; ``item`` remembers what was made."""
        kind = self._kind(role, item)
        relation = (
            self.env["res.partner.relation"]
            .sudo()
            .create(
                {
                    "left_partner_id": contact.id,
                    "right_partner_id": company.id,
                    "type_id": kind.id,
                    "x_source_id": item.external_id,
                }
            )
        )
        item.created.append((relation._name, relation.id))

    def _kind(self, role, item):
        """The type of relation for a role, made once."""
        name = role or self.env._("Linked company")
        types = self.env["res.partner.relation.type"].sudo()
        fitting = [
            ("name", "=", name),
            ("left_partner_type", "in", (False, "p")),
            ("right_partner_type", "in", (False, "c")),
        ]
        kind = types.search(fitting, limit=1)
        if not kind:
            kind = types.create(
                {
                    "name": name,
                    "name_inverse": self.env._("Linked contact"),
                    "left_partner_type": "p",
                    "right_partner_type": "c",
                    "x_source_id": f"{item.external_id}/type/{name}",
                }
            )
            item.created.append((kind._name, kind.id))
        return kind
