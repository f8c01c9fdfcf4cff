from odoo import models
from odoo.fields import Domain

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
