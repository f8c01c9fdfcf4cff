"""Why a column or table was read as it was, in words an admin understands."""

from ..errors import _

_COLUMNS = {
    "name": _("Named like “%(name)s”"),
    "words": _("Has the words of “%(name)s”"),
    "own": _("Named like “%(name)s”, but for words that say nothing more"),
    "object": _("Has the name of the object itself"),
    "other": _("Named like “%(name)s” of another object"),
    "neighbour": _("Named like “%(name)s”, which is not of this object"),
    "second": _("A second “%(name)s”"),
    "headline": _("The first of several texts, where nothing is named a subject"),
    "values": _("Told by its values"),
    "similar": _("Its name resembles “%(name)s”"),
    "spelling": _("Spelled almost like “%(name)s”"),
    "taken": _("“%(column)s” fits “%(name)s” better"),
    "internal": _("Kept by the source system for itself"),
    "elsewhere": _("Known only in other objects"),
    "no_meaning": _("No known meaning"),
    "no_object": _("It is not known what the table holds"),
}
_VALUES = {
    "email": _("its values are e-mail addresses"),
    "phone": _("its values are phone numbers"),
    "url": _("its values are web addresses"),
    "domain": _("its values are domains"),
    "date": _("its values are dates"),
    "datetime": _("its values are dates with a time"),
    "integer": _("its values are whole numbers"),
    "digits": _("its values are long numbers"),
    "number": _("its values are numbers"),
    "money": _("its values are amounts of money"),
    "percent": _("its values are percentages"),
    "boolean": _("its values say yes or no"),
    "currency": _("its values are currencies"),
    "id": _("its values are ids"),
    "text": _("its values are short texts"),
    "long": _("its values are long texts"),
}
_TABLES = {
    "decided": _("It was said what the table holds"),
    "named": _("Its name says so; %(known)s of %(of)s columns are known"),
    "columns": _("%(known)s of %(of)s columns are known"),
    "no_object": _("Neither its name nor its columns say what it holds"),
}


def reason(reading, translate=None):
    """Text of the reason of a ColumnReading or TableReading.

    :param translate: ``callable(template) -> template`` of the wanted language
    """
    translate = translate or (lambda template: template)
    if reading.reason in _TABLES and hasattr(reading, "columns"):
        return translate(_TABLES[reading.reason]) % reading.evidence
    code, _underscore, values = reading.reason.partition("_values")
    said = translate(_COLUMNS[code]) % reading.evidence
    if not _underscore or reading.evidence.get("shape") not in _VALUES:
        return said
    return f"{said}; {translate(_VALUES[reading.evidence['shape']])}"
