"""One line of a mapping, ready to be applied to payloads."""

from .errors import Problem, Waiting, _
from .field_spec import FIRST_OF_LIST, PLURAL_TYPES, NaturalKey
from .nothing import is_empty, without_nothing
from .payload import joined_reader, reader, source_key
from .transforms import BY_TYPE, TRANSFORMS
from .values.keys import natural_key
from .values.names import match_key
from .values.phones import Partly
from .values.text import split_list


class Step:
    """One line of the mapping, ready to be applied."""

    def __init__(self, spec, nothing):
        self.spec = spec
        self.links = spec.kind in ("reference", "related", "owner")
        self._read = joined_reader(spec.source, nothing)
        self._convert = self._converter()
        by_column = isinstance(spec.resolver, dict)
        self._chooser = (
            without_nothing(reader(spec.resolver["path"]), nothing)
            if by_column
            else None
        )

    def _converter(self):
        spec = self.spec
        if spec.kind in ("reference", "owner", "lookup", "constant"):
            return None
        if spec.kind == "value_mapping":
            return self._translate
        name = spec.transform or BY_TYPE.get(spec.ttype)
        if name not in TRANSFORMS:
            raise Problem(
                "transform_unknown",
                _("%(field)s cannot be turned into %(target)s (%(ttype)s)."),
                _("Choose another field or a transformation that exists."),
                field=spec.source,
                target=spec.target,
                ttype=spec.ttype,
            )
        return TRANSFORMS[name](spec.params)

    def lacks(self, vals):
        return self.spec.required and self.spec.target not in vals

    def requests(self, payload):
        resolver = self._resolver(payload)
        if resolver:
            for key in self._keys(payload):
                yield resolver, key

    def _resolver(self, payload):
        if not self._chooser:
            return self.spec.resolver
        chosen = self._chooser(payload)
        if is_empty(chosen):
            return None
        return self.spec.resolver["map"].get(match_key(chosen))

    def _keys(self, payload):
        if self.spec.row_key:
            key = self.spec.row_key(payload)
            return [key] if key else []
        value = self._read(payload)
        if is_empty(value):
            return [""] if self.spec.kind == "owner" and self.spec.required else []
        plural = self.spec.ttype in PLURAL_TYPES
        several = plural or self.spec.transform == FIRST_OF_LIST
        values = split_list(value, **self._separators()) if several else [value]
        values = values if plural else values[:1]
        if isinstance(self.spec.resolver, NaturalKey):
            return self._natural_keys(values)
        if self.spec.normalise:
            return [match_key(one) for one in values]
        return [source_key(one) for one in values]

    def _natural_keys(self, values):
        """Comparable forms of ``values``; what has none is looked up as it stands.

        A mail provider's domain or an extension refers to nobody.
        """
        by = self.spec.resolver.by
        keys = [(natural_key(by, value), value) for value in values]
        if by in ("domain", "phone"):
            return [key for key, _value in keys if key]
        return [key or source_key(value) for key, value in keys]

    def _separators(self):
        given = self.spec.params.get("separators")
        return {"separators": given} if given else {}

    def value(self, payload, find, vals, warnings):
        """The target value for ``payload``, None where the source says nothing.

        :param vals: values of the lines before, which may narrow a look-up
        :param warnings: list that receives what was left empty, and why
        """
        spec = self.spec
        if spec.kind == "constant":
            return spec.constant
        if spec.kind == "lookup":
            scope = vals.get(spec.params.get("scope"))
            said = (spec.values.get(match_key(key), key) for key in self._keys(payload))
            keys = [(key, scope) for key in said]
            return self._linked(keys, spec.resolver, find, warnings)
        if self.links:
            keys = self._keys(payload)
            if keys and not self._resolver(payload):
                raise self._unknown_kind(keys[0], self._chooser(payload))
            found = self._linked(keys, self._resolver(payload), find, warnings)
            if spec.kind != "related":
                return found
            value = found
        else:
            value = self._read(payload)
        if is_empty(value):
            return None
        value = self._convert(value)
        if isinstance(value, Partly):
            warnings.append(value.problem.at(spec.source))
            value = value.value
        if value is not None:
            if spec.allowed and value not in spec.allowed:
                value = spec.labels.get(match_key(value), value)
            self._check(value)
        return value

    def _linked(self, keys, resolver, find, warnings):
        found = []
        for key in keys:
            try:
                found.append(find(resolver, key))
            except Waiting:
                raise
            except Problem as problem:
                if self.spec.on_missing != "empty":
                    raise
                warnings.append(problem.at(self.spec.source))
        if self.spec.ttype in PLURAL_TYPES:
            return [id_ for _model, id_ in found] or None
        if not found:
            return None
        return found[0] if self.spec.ttype == "reference" else found[0][1]

    def _unknown_kind(self, key, kind):
        return Problem(
            "reference_kind_unknown",
            _("%(field)s %(value)s is of kind “%(kind)s”, which is not migrated."),
            _("Add that kind to the mapping, or correct the record."),
            field=self.spec.source,
            value=key,
            kind=kind,
        )

    def _translate(self, value):
        spec = self.spec
        if spec.ttype in PLURAL_TYPES:
            found = [self._translate_one(item) for item in split_list(value)]
            return [item for item in found if item is not None] or None
        return self._translate_one(value)

    def _translate_one(self, value):
        key = match_key(value)
        if key not in self.spec.values:
            raise Problem(
                "value_unmapped",
                _("“%(value)s” in %(field)s is not in the value map."),
                _("Say in the value map what it becomes in Odoo."),
                field=self.spec.source,
                value=value,
            )
        return self.spec.values[key]

    def _check(self, value):
        spec = self.spec
        if spec.allowed and value not in spec.allowed:
            raise Problem(
                "value_not_allowed",
                _("“%(value)s” is not one of the options of %(target)s."),
                _("Correct it, add the option, or translate it by a value map."),
                field=spec.source,
                value=value,
                target=spec.target,
            )
        if spec.size and isinstance(value, str) and len(value) > spec.size:
            raise Problem(
                "value_too_long",
                _("%(length)s characters in %(field)s, %(target)s takes %(size)s."),
                _("Shorten it, or map it to a longer field."),
                field=spec.source,
                value=value,
                target=spec.target,
                length=len(value),
                size=spec.size,
            )
