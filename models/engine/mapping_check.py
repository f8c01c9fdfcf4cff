import difflib
import re

from odoo import models
from odoo.exceptions import UserError

from ...lib.errors import shorten
from .mapping_file import FORMAT, OBJECT, VERSION

_SHOWN = 20
_NAMES_SHOWN = 12
_WITHOUT_TARGET = ("identifier", "ignored")
CUSTOM_NAME = re.compile(r"x_[a-z0-9_]{1,61}")


class MigrationMappingCheck(models.AbstractModel):
    """Says what is wrong with a mapping from a file, all of it, before it is used."""

    _name = "migration.mapping.check"
    _description = "Migration Mapping Check"

    def _check(self, project, data, places):
        """Check ``data``, as :meth:`migration.mapping.file._export` gives it.

        :param dict places: ``{key path: text}`` that says where a part of ``data`` is
            in its file, by ``("objects", 0, "lines", 3)``
        :raises UserError: with one line for each mistake
        """
        self._check_format(data)
        problems = []
        mappings = project.with_context(active_test=False).mapping_ids
        known = {one.name: one for one in mappings}
        names = known.keys() | {one["name"] for one in data["objects"]}
        seen = set()
        for number, one in enumerate(data["objects"]):
            path = ("objects", number)
            found = list(self._part(OBJECT, one, path))
            if one["name"] in seen:
                found.append((path, self.env._("%s is there twice", one["name"])))
            seen.add(one["name"])
            if not found:
                found += self._object(one, path, names, known.get(one["name"]))
            problems += found
        if problems:
            told = [
                self._place(data, path, places) + ": " + text
                for path, text in problems[:_SHOWN]
            ]
            if len(problems) > _SHOWN:
                told.append(self.env._("… and %s more", len(problems) - _SHOWN))
            raise UserError(
                self.env._("The mapping cannot be used; nothing has been changed.")
                + "\n"
                + "\n".join(told)
            )

    def _check_format(self, data):
        """Whether it is a saved mapping at all."""
        plain = isinstance(data, dict) and isinstance(data.get("objects"), list)
        if plain and data.get("format", FORMAT) == FORMAT:
            version = data.get("version", VERSION)
            if not isinstance(version, int) or version > VERSION:
                raise UserError(
                    self.env._(
                        "This mapping was saved by a newer version of the app "
                        "(%(version)s, this one reads up to %(known)s).",
                        version=version,
                        known=VERSION,
                    )
                )
            lacking = {
                name
                for one in data["objects"]
                for name in ("name", "label", "lines")
                if not isinstance(one, dict) or name not in one
            }
            if not lacking and all(
                isinstance(one["name"], str) and isinstance(one["lines"], list)
                for one in data["objects"]
            ):
                return
        raise UserError(
            self.env._(
                "This is not a saved mapping: it needs “objects”, each with a name, a "
                "label and lines."
            )
        )

    def _place(self, data, path, places):
        """Where a mistake is, in the words of the file it comes from."""
        if path in places:
            return places[path]
        words, part = [], data
        for step in path:
            part = part[step]
            if isinstance(part, dict):
                name = part.get("name") or part.get("source_path")
                words.append(str(name or part.get("target") or step + 1))
        return " / ".join(words)

    # Each of these yields ``(path, text)``

    def _part(self, part, values, path):
        """Keys and types of ``values`` and of what is below."""
        if not isinstance(values, dict):
            yield path, self.env._("“%s” is not a set of values", shorten(values))
            return
        known = [*part.names, *part.children]
        for name in values.keys() - {*known, *part.former}:
            yield (
                path,
                self.env._(
                    "there is no “%(name)s” here; there are: %(known)s",
                    name=name,
                    known=", ".join(known),
                ),
            )
        for name in part.names:
            if name in values:
                text = self._value(self.env[part.model]._fields[name], values[name])
                if text:
                    yield path, text
        for key, (_field, below) in part.children.items():
            children = values.get(key) or []
            if not isinstance(children, list):
                yield path, self.env._("“%s” is not a list", key)
                continue
            for number, child in enumerate(children):
                yield from self._part(below, child, (*path, key, number))

    def _value(self, field, value):
        """What is wrong with ``value`` for ``field``, or None."""
        empty = value is None or value is False or value == ""
        if empty and field.required and field.type not in ("boolean", "integer"):
            return self.env._("%s is empty", field.name)
        kinds = {"boolean": bool, "integer": int}
        if field.type in kinds:
            fits = isinstance(value, kinds[field.type])
            fits = fits and (field.type == "boolean" or not isinstance(value, bool))
        else:
            fits = empty or isinstance(value, str)
        if not fits:
            return self.env._(
                "%(name)s “%(value)s” is not of type %(type)s",
                name=field.name,
                value=shorten(value),
                type=field.type,
            )
        if field.type == "selection" and not empty:
            options = field.get_values(self.env)
            if value not in options:
                return self.env._(
                    "%(name)s “%(value)s” is none of: %(options)s",
                    name=field.name,
                    value=shorten(value),
                    options=", ".join(options),
                )
        return None

    def _object(self, values, path, names, mapping):
        """Mistakes in an object and its lines.

        :param mapping: that of the project, for what the file does not say, or None
        """
        role, model, loader = (
            values[name] if name in values else mapping and mapping[name]
            for name in ("role", "res_model", "loader")
        )
        if model and model not in self.env:
            yield path, self.env._("there is no model “%s” in this database", model)
            return
        loaded = (role or "records") == "records"
        if loaded and not model:
            yield path, self.env._("it has no Odoo model (res_model)")
            return
        targets = self._targets(model, loader) if loaded else None
        for number, line in enumerate(values["lines"]):
            below = (*path, "lines", number)
            for text in self._line(line, targets, names):
                yield below, text

    def _targets(self, model, loader):
        """``{name: ttype}`` of all that a line of an object may go to."""
        mapping = self.env["migration.mapping"].new(
            {"res_model": model, "loader": loader}
        )
        return self.env["migration.compiler"]._targets(mapping)

    def _line(self, line, targets, names):
        kind, target = line.get("kind", "direct"), line.get("target")
        has_constant = kind == "constant" or line.get("constant")
        if not has_constant and not line.get("source_path"):
            yield self.env._("it names no source column (source_path)")
        if kind not in _WITHOUT_TARGET:
            text = self._target(kind, target, targets)
            if text:
                yield text
        relation = line.get("relation")
        if relation and relation not in self.env:
            yield self.env._("there is no model “%s” in this database", relation)
        if kind in ("reference", "related"):
            for name in self._referenced(line.get("reference")):
                if name not in names:
                    yield self.env._(
                        "it refers to “%(name)s”, which there is not; there are: "
                        "%(known)s",
                        name=name,
                        known=", ".join(sorted(names)),
                    )
        seen = set()
        for value in line.get("values") or ():
            if value["name"] in seen:
                yield self.env._("“%s” is translated twice", value["name"])
            seen.add(value["name"])

    @staticmethod
    def _referenced(reference):
        kinds = (reference or "").rpartition(":")[2].split(",")
        return [kind.split("=")[-1].split(">")[0].strip() for kind in kinds]

    def _target(self, kind, target, targets):
        """What is wrong with the field a line goes to, or None.

        :param targets: ``{name: ttype}`` of what there is; None if anything goes
        """
        if not target:
            return self.env._("it says no Odoo field (target)")
        if kind == "custom_field_required":
            if CUSTOM_NAME.fullmatch(target):
                return None
            return self.env._(
                "“%s” is no name for a custom field: it begins with x_ and has small "
                "letters, digits and underscores only",
                target,
            )
        # A custom field may be there only after “Prepare”.
        if targets is None or target in targets or CUSTOM_NAME.fullmatch(target):
            return None
        return self._no_field(target, targets)

    def _no_field(self, target, targets):
        """The message about a field there is not, with those it could be."""
        possible = sorted(
            name for name, ttype in targets.items() if ttype != "one2many"
        )
        close = difflib.get_close_matches(target, possible, _NAMES_SHOWN, 0.5)
        if close:
            return self.env._(
                "Odoo has no field “%(name)s” here; did you mean: %(close)s?",
                name=target,
                close=", ".join(close),
            )
        return self.env._(
            "Odoo has no field “%(name)s” here; there are: %(known)s",
            name=target,
            known=", ".join(possible),
        )
