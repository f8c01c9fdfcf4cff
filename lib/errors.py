"""The one error type of the addon's pure part.

A message is a template plus its parameters, so that the Odoo side can translate
the template before it fills it in. Templates are marked with :func:`_` for the
translation export, which finds them by that name.
"""


def _(template):
    """Mark ``template`` as a translatable term; returns it unchanged."""
    return template


class Problem(Exception):
    """Something in the source data or the mapping that an admin must know.

    :param str code: stable machine name, for instance ``date_invalid``
    :param str message: template with ``%(name)s`` placeholders, marked by ``_``
    :param str remedy: template that says what to do about it
    :param str field: source column the problem is about, if there is one
    :param value: offending value, if there is one
    :param params: values for the placeholders of both templates; ``field`` and
        ``value`` are always available to them
    """

    def __init__(self, code, message, remedy="", *, field=None, value=None, **params):
        self.code = code
        self.message = message
        self.remedy = remedy
        self.field = field
        self.value = value
        self.params = {"field": field, "value": shorten(value), **params}
        super().__init__(code)

    def text(self, translate=None):
        """The filled-in message and remedy, as one paragraph.

        :param translate: ``callable(template) -> template`` of the wanted language
        """
        return " ".join(part for part in self.parts(translate) if part)

    def parts(self, translate=None):
        """The filled-in message and the remedy, apart; arguments as :meth:`text`.

        A message that does not mention its field begins with it.
        """
        translate = translate or (lambda template: template)
        templates = (self.message, self.remedy)
        message, remedy = (
            translate(template) % self.params if template else ""
            for template in templates
        )
        if self.field and not any("%(field)" in template for template in templates):
            message = f"{self.field}: {message}"
        return message, remedy

    def __str__(self):
        return self.text()

    def at(self, field):
        """The same problem, told to be about the source column ``field``."""
        self.field = self.field or field
        self.params["field"] = self.field
        return self


def shorten(value, limit=80):
    """``value`` as text that fits in a message."""
    text = "" if value is None else str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


class Waiting(Problem):
    """The referenced record is staged but not in Odoo yet: try again later."""


class Held(Problem):
    """Somebody has to decide something first; the record waits for it."""


class Skipped(Problem):
    """The record is left out on purpose, and listed."""
