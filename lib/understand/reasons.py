"""Why a column or a table is understood as it is, in words."""

from ..errors import _

_TEXTS = {
    "named": _("Named like “%(name)s”"),
    "named_with_object": _("Named like “%(name)s”, with the name of its object"),
    "named_with_qualifier": _("Named like “%(name)s”, more narrowly"),
    "named_with_other_object": _("Names another object: “%(name)s”"),
    "named_of_part": _("What a row's other object has: “%(name)s”"),
    "named_date": _("A moment, named like “%(name)s”"),
    "unique_ids": _("An identifier by its name, and no value is there twice"),
    "similar": _("Similar to “%(name)s”"),
    "shape_email": _("All values are e-mail addresses"),
    "shape_phone": _("All values are phone numbers"),
    "shape_url": _("All values are web addresses"),
    "internal": _("Internal to the source, or worked out there"),
    "no_meaning": _("No field of Odoo is known for it"),
}


def reason_text(reading):
    """The template of the reason of a :class:`.ColumnReading`, and its parameters."""
    return _TEXTS[reading.reason], reading.evidence
