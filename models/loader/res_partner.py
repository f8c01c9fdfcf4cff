from odoo import models
from odoo.fields import Domain

from ...lib.errors import Problem, _
from . import given

ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")


class MigrationLoaderPartner(models.AbstractModel):
    """Companies and contacts."""

    _name = "migration.loader.res.partner"
    _inherit = "migration.loader"
    _description = "Migration Loader: Contacts"

    def _required_targets(self):
        return {"name"}

    def _match_domain(self, mapping):
        """A person is never taken for a company, nor for an address of one.

        A company may have been entered in Odoo without saying that it is one.
        """
        domain = Domain("type", "not in", ("invoice", "delivery"))
        kind = mapping.field_ids.filtered(lambda line: line.target == "is_company")[:1]
        if kind.kind != "constant":
            return domain
        if kind.constant == "1":
            top = Domain("parent_id", "=", False)
            return domain & (Domain("is_company", "=", True) | top)
        return domain & Domain("is_company", "=", False)

    def _prepare(self, mapping, items):
        """Give contacts what Odoo would copy from their company.

        Odoo's own synchronisation overwrites the address a contact has; a contact
        without any address takes its company's, as it would in the form.
        """
        given.add_country_of_state(self.env, items)
        parents = self._model(mapping).browse(
            {item.vals["parent_id"] for item in items if item.vals.get("parent_id")}
        )
        commercial = parents._commercial_fields()
        inherited = {
            parent.id: (
                self._read_raw(parent, ADDRESS),
                self._read_raw(parent.commercial_partner_id, commercial),
            )
            for parent in parents
        }
        language = self.env.user.lang
        for item in items:
            vals = item.vals
            vals.setdefault("lang", language)
            address, company = inherited.get(vals.get("parent_id"), ({}, {}))
            if not any(vals.get(name) for name in ADDRESS):
                vals.update(address)
            if not vals.get("is_company"):
                for name, value in company.items():
                    vals.setdefault(name, value)

    def _values(self, model, items):
        """What Odoo would work out of the other values, and of the company."""
        names = given.known(model, given.PARTNER)
        if model._phone_get_number_fields() != ["phone"]:
            names.discard("phone_sanitized")
        if model._mail_get_partner_fields():
            names.discard("phone_sanitized")
        if "firstname" in model._fields:
            # OCA ``partner_firstname`` puts the name together, in an order of its own.
            names.discard("complete_name")
        reach = given.Reach(model)
        parents = model.browse(
            {item.vals["parent_id"] for item in items if item.vals.get("parent_id")}
        )
        found = []
        for item in items:
            vals = item.vals
            parent = model.browse(vals.get("parent_id"))
            parent = parent.with_prefetch(parents._prefetch_ids)
            derived = {
                **self._names_of(vals, parent),
                "email_normalized": given.email_normalized(vals.get("email")),
                "phone_sanitized": reach.phone_sanitized(
                    vals.get("phone"), vals.get("country_id") or False
                ),
                "company_registry": False,
                # Nobody logs in as a contact that is not there yet.
                "partner_share": True,
            }
            derived = {name: derived[name] for name in derived if name in names}
            found.append({**derived, **vals})
        return found

    @staticmethod
    def _names_of(vals, parent):
        """The names that contacts are shown by, and whom they belong to."""
        name = vals["name"]
        if vals.get("company_name"):
            return {}
        if vals.get("is_company") or not parent:
            return {
                "complete_name": name.strip(),
                "commercial_company_name": name if vals.get("is_company") else False,
            }
        owner = parent.commercial_partner_id
        of_company = (owner.is_company and owner.name) or False
        return {
            "complete_name": f"{of_company or parent.name}, {name}".strip(),
            "commercial_company_name": of_company,
            "commercial_partner_id": owner.id,
        }

    @staticmethod
    def _read_raw(record, names):
        return {
            name: value.id if isinstance(value, models.BaseModel) else value
            for name in names
            if (value := record[name])
        }


class MigrationLoaderPartnerLink(models.AbstractModel):
    """Contact–company links: the primary one makes the company the parent.

    The others become relations where OCA ``partner_multi_relation`` is installed,
    and are kept on the contact and in its chatter otherwise.
    """

    _name = "migration.loader.partner.link"
    _inherit = "migration.loader"
    _description = "Migration Loader: Contact–Company Links"

    def _targets(self):
        return {
            "contact_id": "many2one",
            "company_id": "many2one",
            "is_primary": "boolean",
            "role": "char",
        }

    def _required_targets(self):
        return {"contact_id", "company_id"}

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
        key = f" [{company.x_source_id or company.id}]"
        lines = (contact.x_other_companies or "").split("\n")
        names = [line.removesuffix(key) for line in lines if line.endswith(key)]
        return [
            name.removeprefix(company.name).strip().removeprefix("(").removesuffix(")")
            for name in names
        ]

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

    def _foresee_change(self, mapping, items):
        """Only the primary company can be merged; the others are text, or relations."""
        for item in items:
            item.content = dict(item.vals)
            primary = item.vals.get("is_primary")
            item.vals = {"parent_id": item.vals["company_id"]} if primary else {}

    def _align(self, change):
        self._align_link(change, "contact_id", ("role",))

    def _create_records(self, mapping, items):
        model = self._model(mapping)
        for item in items:
            item.target = ("res.partner", item.vals["contact_id"])
            contact = model.browse(item.vals["contact_id"])
            if item.vals.get("is_primary"):
                self._set_parent(contact, item)
            else:
                self._add_other(mapping, contact, item)
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

    def _add_other(self, mapping, contact, item):
        company = contact.browse(item.vals["company_id"])
        if "res.partner.relation" in self.env:
            self._add_relation(mapping, contact, company, item)
            return
        role = item.vals.get("role")
        name = f"{company.name} ({role})" if role else company.name
        line = f"{name} [{company.x_source_id or company.id}]"
        others = "\n".join(filter(None, [contact.x_other_companies, line]))
        self._write(contact, {"x_other_companies": others}, item)
        body = self.env._("Also linked to %s", company._get_html_link(title=name))
        note = self.env["migration.loader.mail.message"]._note(
            contact, body, item.external_id
        )
        item.created.append(("mail.message", note.id))

    def _add_relation(self, mapping, contact, company, item):
        """Record the link as a relation, of a type made for it once."""
        name = item.vals.get("role") or self.env._("Linked company")
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
                    "x_source_id": f"{item.external_id}/type",
                }
            )
            item.created.append((kind._name, kind.id))
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
