"""How the values of a rule are compared: as people write them, not letter by letter."""

from ...lib.values.keys import code_key, domain_key, legal_key, phone_key
from ...lib.values.names import match_key
from . import given

_CODES = ("vat", "company_registry", "ref", "barcode", "code")


class Comparison:
    """How one field of a rule is compared.

    :param model: the Odoo model, an empty recordset
    :param str name: the field
    :param str how: ``alike``, ``legal`` or ``exact``
    """

    def __init__(self, model, name, how):
        self.name = self.column = name
        self._key, self.stored_key = _same, _same
        self.searchable = True
        field = model._fields[name]
        if how == "exact" or field.type not in ("char", "text"):
            return
        if name == getattr(model, "_primary_email", None) and (
            "email_normalized" in model._fields
        ):
            self.column, self._key = "email_normalized", given.email_normalized
        elif (
            given.HAS_PHONE_NUMBERS
            and "phone_sanitized" in model._fields
            and (name in model._phone_get_number_fields())
        ):
            self.column = "phone_sanitized"
            self._key = given.Reach(model).phone_sanitized
        elif field.store and not field.company_dependent:
            self._key = self.stored_key = _key_of(name, how)
            self.searchable = False

    @property
    def is_phone(self):
        return self.column == "phone_sanitized"

    def key(self, vals, country_id):
        """What the source's value is compared by; None where it says nothing."""
        value = vals.get(self.name)
        if value in (None, False, ""):
            return None
        if self.is_phone:
            value = self._key(value, vals.get("country_id") or country_id)
        else:
            value = self._key(value)
        return value or None


def _same(value):
    return value


def _key_of(name, how):
    """The function that gives the key of a text field's values."""
    if "email" in name:
        return given.email_normalized
    if "phone" in name or "mobile" in name:
        return phone_key
    if "website" in name or name.endswith("url"):
        return domain_key
    if name in _CODES:
        return code_key
    return legal_key if how == "legal" else match_key
