import os
from datetime import date, datetime
from itertools import combinations

from odoo import fields, models
from odoo.tools import format_date, format_datetime, formatLang, html2plaintext

from ...lib.transforms import jsonable
from ...lib.values.attendees import Attendee
from .comparison import set_to

# What tells records of one name apart, before their number does.
_TELLING = ("team_ids", "team_id", "parent_id", "email", "login", "company_id")
# So much of what two long texts have in common is shown before they differ.
_BEFORE = 40


class MigrationDisplay(models.AbstractModel):
    """Values as Odoo shows them, in the language of whoever works."""

    _name = "migration.display"
    _description = "Migration Display of Values"

    def _texts(self, record, name, values, limit=None):
        """What ``values`` read, a list of texts; two that differ do not read alike.

        :param record: the Odoo record whose field ``name`` they are, or may become; a
            name that is no field is one of a loader's own
        :param values: as a record has them, as ``write`` takes them or JSON keeps them
        :param limit: how long a text may be
        """
        field = record._fields.get(name)
        comodel = field.comodel_name if field is not None else None
        for value in values:
            if isinstance(value, models.BaseModel):
                comodel = value._name
        read = [self._read(field, comodel, value) for value in values]
        texts = [self._text(field, record, value) for value in read]
        if any(
            texts[one] == texts[other] and read[one] != read[other]
            for one, other in combinations(range(len(read)), 2)
        ):
            telling = self._telling(read)
            texts = [self._full(field, record, value, telling) for value in read]
        return _cut(texts, limit) if limit else texts

    def _read(self, field, comodel, value):
        """``value`` in one form, whoever gives it; None says nothing."""
        kind = field.type if field is not None else None
        if value is None or value == "" or (value is False and kind != "boolean"):
            return None
        if isinstance(value, models.BaseModel):
            return value.with_env(self.env) or None
        if isinstance(value, tuple) and len(value) == 2 and value[0] in self.env:
            return self.env[value[0]].browse(value[1])
        if kind == "reference" and isinstance(value, str):
            model, _comma, number = value.partition(",")
            return self.env[model].browse(int(number)) if model in self.env else value
        value = set_to(value)
        ids = value if isinstance(value, (list, frozenset)) else [value]
        if comodel and all(type(one) is int for one in ids):
            return self.env[comodel].browse(sorted(ids))
        if kind in ("date", "datetime") and isinstance(value, str):
            return datetime.fromisoformat(value)
        return value

    def _text(self, field, record, value):
        kind = field.type if field is not None else None
        if value is None:
            return ""
        if isinstance(value, models.BaseModel):
            return ", ".join(self._names(value))
        if isinstance(value, list):
            return "; ".join(self._text(None, record, one) for one in value)
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        if kind == "selection":
            return dict(field._description_selection(self.env)).get(value, str(value))
        if kind == "html":
            return html2plaintext(value, include_references=False)
        if isinstance(value, (int, float)) and kind != "many2one_reference":
            return self._number(field, record, value)
        if kind == "date":
            return format_date(self.env, value)
        if isinstance(value, date):
            # A day for a field with a time is its beginning.
            if isinstance(value, datetime) or kind == "datetime":
                return format_datetime(self.env, fields.Datetime.to_datetime(value))
            return format_date(self.env, value)
        return str(value) if isinstance(value, Attendee) else str(jsonable(value))

    def _number(self, field, record, value):
        kind = field.type if field is not None else None
        if kind == "monetary":
            currency = record[field.get_currency_field(record)]
            return formatLang(self.env, value, currency_obj=currency)
        if isinstance(value, int):
            return formatLang(self.env, value, digits=0)
        digits = field.get_digits(self.env) if kind == "float" else None
        return formatLang(self.env, value, digits=digits[1] if digits else 2)

    def _names(self, records, telling=()):
        """How ``records`` are called, those that are no more by their number."""
        records = records.sudo()
        there, names = records.exists(), []
        for one in records:
            name = self.env._("deleted (%s)", one.id)
            if one in there:
                name = one.display_name or f"{one._name} {one.id}"
            names.append(f"{name} ({telling[one]})" if one in telling else name)
        return names

    # What else would read alike

    def _full(self, field, record, value, telling):
        """As :meth:`_text`, with all that tells ``value`` from another one."""
        if isinstance(value, models.BaseModel):
            return ", ".join(self._names(value, telling))
        if isinstance(value, float):
            decimals = f"{value:.6f}".rstrip("0").partition(".")[2]
            return formatLang(self.env, value, digits=max(len(decimals), 2))
        if isinstance(value, str) and field is not None and field.type == "html":
            return str(value)
        return self._text(field, record, value)

    def _telling(self, values):
        """``{record: what tells it from those of its name}``."""
        found = {}
        for model in {one._name for one in values if isinstance(one, models.BaseModel)}:
            records = (
                self.env[model]
                .sudo()
                .union(*(one for one in values if isinstance(one, models.BaseModel)))
            )
            for namesakes in records.exists().grouped("display_name").values():
                if len(namesakes) > 1:
                    found.update(self._apart(namesakes))
        return found

    def _apart(self, namesakes):
        """What each of ``namesakes`` has that the others have not."""
        for name in _TELLING:
            if name not in namesakes._fields:
                continue
            texts = [self._texts(one, name, [one[name]])[0] for one in namesakes]
            if len(set(texts)) == len(texts):
                return dict(zip(namesakes, texts, strict=True))
        return {one: str(one.id) for one in namesakes}


def _cut(texts, limit):
    """``texts``, of which the part is left that tells them apart."""
    said = [text for text in texts if text]
    common = len(os.path.commonprefix(said)) if len(said) > 1 else 0
    if common < limit or len(set(said)) == 1:
        return [text[:limit] for text in texts]
    start = common - min(_BEFORE, limit // 2)
    return [text and f"…{text[start:]}"[:limit] for text in texts]
