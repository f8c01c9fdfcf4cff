"""What is wrong with records, in a few words: a label for each code of a problem."""

from .errors import _

REASONS = {
    "activity_overdue": _("Open and long overdue"),
    "currency_differs": _("Another currency"),
    "currency_inactive": _("Currency is not active"),
    "currency_unknown": _("Unknown currency"),
    "date_ambiguous": _("Date can be read in two ways"),
    "date_invalid": _("Not a date"),
    "document_missing": _("Document is not in the export"),
    "duplicate_id": _("Identifier used twice"),
    "file_checksum": _("Document differs from its checksum"),
    "file_linked": _("File over the limit, linked"),
    "file_too_large": _("File over the limit"),
    "id_missing": _("No identifier"),
    "lookup_ambiguous": _("Several in Odoo have this name"),
    "lookup_missing": _("Not known in Odoo"),
    "match_ambiguous": _("May be several records in Odoo"),
    "match_left_out": _("Left out by decision"),
    "number_ambiguous": _("Number can be read in two ways"),
    "number_invalid": _("Not a number"),
    "number_not_whole": _("Not a whole number"),
    "owner_unresolved": _("Owner without a user"),
    "primary_company_twice": _("Two primary companies"),
    "ragged_row": _("Row has too many or too few cells"),
    "reference_ambiguous": _("Several records have this name"),
    "reference_cycle": _("Refer to each other in a circle"),
    "reference_failed": _("Refers to a record that failed"),
    "reference_missing": _("Refers to what is not in the export"),
    "reference_waiting": _("Refers to what is not in Odoo"),
    "refused": _("Refused by Odoo"),
    "required_missing": _("Required value is missing"),
    "stage_of_other_pipeline": _("Stage of another pipeline"),
    "value_not_allowed": _("Not among the options"),
    "value_too_long": _("Value is too long"),
    "value_unmapped": _("Value without a translation"),
}


def reason_text(code, translate=None):
    """The words for ``code``; those it is made of, where there are no others.

    :param translate: ``callable(template) -> template`` of the wanted language
    """
    template = REASONS.get(code)
    if template:
        return translate(template) if translate else template
    return (code or "").replace("_", " ").capitalize()
