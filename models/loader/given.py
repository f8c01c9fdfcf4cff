"""Values that Odoo computes record by record after an insert, worked out before it.

What is given need not be computed, nor written by a second query. Each value is
worked out by Odoo's own helpers, once for all records that have the same input, and
only where Odoo's own method computes it: a method that another addon extends is left
to compute the field.
"""

from functools import lru_cache

from odoo.exceptions import UserError
from odoo.tools import email_normalize, email_normalize_all

from odoo.addons.iap.tools import iap_tools
from odoo.addons.mail.tools import mail_validation
from odoo.addons.phone_validation.tools import phone_validation

_BLACKLIST = "odoo.addons.mail.models.mail_thread_blacklist"
_PHONE = "odoo.addons.phone_validation.models.mail_thread_phone"
_FORMAT = "odoo.addons.phone_validation.models.models"
_PARTNER = "odoo.addons.base.models.res_partner"
_LEAD = "odoo.addons.crm.models.crm_lead"

# Odoo tells numbers of a country apart only with this library.
HAS_PHONE_NUMBERS = hasattr(phone_validation, "phonenumbers")
# E-mails of one export come again and again: in contacts, deals and notes.
_EMAILS = 65536
# Method → module in which Odoo defines it last.
_PHONE_METHODS = {
    "_compute_phone_sanitized": _PHONE,
    "_phone_get_number_fields": _FORMAT,
    "_phone_get_country": _FORMAT,
    "_phone_get_country_field": _FORMAT,
}
EMAIL = {"_compute_email_normalized": _BLACKLIST}
PARTNER = {
    "complete_name": {
        "_compute_complete_name": _PARTNER,
        "_get_complete_name": _PARTNER,
        "_compute_commercial_company_name": _PARTNER,
    },
    "commercial_company_name": {"_compute_commercial_company_name": _PARTNER},
    "commercial_partner_id": {"_compute_commercial_partner": _PARTNER},
    "partner_share": {"_compute_partner_share": _PARTNER},
    "company_registry": {"_compute_company_registry": _PARTNER},
    "email_normalized": EMAIL,
    "phone_sanitized": _PHONE_METHODS,
}
_EMAIL_FROM = {"_compute_email_from": _LEAD, "_get_partner_email_update": _LEAD}
_PHONE_FROM = {
    "_compute_phone": _LEAD,
    "_get_partner_phone_update": _LEAD,
    "_compute_partner_address_values": _LEAD,
}
_REVENUE = {
    "_compute_recurring_revenue_monthly": _LEAD,
    "_compute_recurring_revenue_monthly_prorated": _LEAD,
}
LEAD = {
    "email_from": _EMAIL_FROM,
    "email_normalized": {**EMAIL, **_EMAIL_FROM},
    "email_domain_criterion": {
        **EMAIL,
        **_EMAIL_FROM,
        "_compute_email_domain_criterion": _LEAD,
    },
    "email_state": {**_EMAIL_FROM, "_compute_email_state": _LEAD},
    "phone": _PHONE_FROM,
    "phone_sanitized": {**_PHONE_METHODS, **_PHONE_FROM},
    "phone_state": {**_PHONE_FROM, "_compute_phone_state": _LEAD},
    "contact_name": {"_compute_contact_name": _LEAD},
    "partner_name": {"_compute_partner_name": _LEAD},
    "function": {"_compute_function": _LEAD},
    "website": {"_compute_website": _LEAD},
    "lang_id": {"_compute_lang_id": _LEAD},
    "street": {"_compute_partner_address_values": _LEAD},
    "company_id": {"_compute_company_id": _LEAD},
    "won_status": {"_compute_won_status": _LEAD},
    "prorated_revenue": {"_compute_prorated_revenue": _LEAD},
    "recurring_revenue_monthly": _REVENUE,
    "recurring_revenue_monthly_prorated": _REVENUE,
    "recurring_revenue_prorated": {"_compute_recurring_revenue_prorated": _LEAD},
}


def known(model, methods):
    """Names in ``methods``, as above, that nothing but Odoo itself computes."""
    return {
        name
        for name, modules in methods.items()
        if name in model._fields
        and all(
            getattr(getattr(type(model), method), "__module__", None) == module
            for method, module in modules.items()
        )
    }


def add_country_of_state(env, items):
    """Give records that have a state and no country the country of that state."""
    asked = [
        item.vals
        for item in items
        if item.vals.get("state_id") and not item.vals.get("country_id")
    ]
    states = env["res.country.state"].browse({vals["state_id"] for vals in asked})
    countries = {state.id: state.country_id.id for state in states}
    for vals in asked:
        vals["country_id"] = countries[vals["state_id"]]


class Reach:
    """E-mail and phone as Odoo understands them, for the records of one chunk.

    :param model: the model that has them, an empty recordset
    """

    def __init__(self, model):
        self._model = model
        self._countries = model.env["res.country"]
        self.phone_sanitized = lru_cache(None)(self._phone_sanitized)
        self.phone_state = lru_cache(None)(self._phone_state)

    def _phone_sanitized(self, phone, country_id):
        if not phone:
            return False
        country = self._countries.browse(country_id)
        return self._model._phone_format(number=phone, country=country)

    def _phone_state(self, phone, country_id):
        if not phone:
            return False
        code = self._countries.browse(country_id).code or None
        try:
            return "correct" if phone_validation.phone_parse(phone, code) else False
        except UserError:
            return "incorrect"


@lru_cache(_EMAILS)
def email_normalized(email):
    """What Odoo compares an e-mail by, False where it is none."""
    return email_normalize(email, strict=False)


@lru_cache(_EMAILS)
def email_domain(email):
    """What Odoo looks for similar leads by."""
    normalized = email_normalized(email)
    return normalized and iap_tools.mail_prepare_for_domain_search(normalized)


@lru_cache(_EMAILS)
def email_state(email):
    """Whether an e-mail looks correct to Odoo."""
    if not email:
        return False
    plain = email_normalized(email) == email
    found = [email] if plain else email_normalize_all(email)
    return "correct" if any(map(mail_validation.mail_validate, found)) else "incorrect"
