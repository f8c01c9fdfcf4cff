"""Telephone numbers: one out of a cell, with its extension, and the others."""

import re
from dataclasses import dataclass

from ..errors import Problem, _
from .scalars import as_text

# A complete number, with its area code, has as many digits.
_COMPLETE = 6
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
_EXTENSION = re.compile(
    r"[\s,;/-]*(?:\b(?:ext(?:ension|n)?|durchwahl|dw|app(?:arat)?|poste|interno|anexo|"
    r"toestel|klappe|kl|wew)|(?<=[0-9\s,;])x|#)[\s.:]*([0-9]{1,6})\s*$",
    re.IGNORECASE,
)
_STRONG = re.compile(r"\s*[;|\n\r\t]+\s*")
# What stands between two numbers as well as inside of one.
_WEAK = re.compile(r"\s*,\s*|\s*/\s*|\s+(?:or|and|oder|und|ou|et|o|y|e|of|en|&)\s+")
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Partly:
    """A value that is not all its cell has, and the problem that says what is left."""

    value: object
    problem: Problem


def phone(value):
    """The first number of a cell, its extension written ``ext. 12``.

    What is no number, such as ``ask for Anna``, stays as it is written.

    :return: ``str``, None for an empty value, or :class:`Partly` with a problem
        ``phone_several`` that names the other numbers
    :raises Problem: ``phone_rounded``
    """
    numbers = split_phones(value)
    if not numbers:
        return None
    first, *others = numbers
    if not others:
        return first
    return Partly(
        first,
        Problem(
            "phone_several",
            _("“%(value)s” has several numbers; the field took %(first)s only."),
            _(
                "To keep the others, map the column once more, to a field of its own, "
                "with the conversion “other phones”."
            ),
            value=value,
            first=first,
        ),
    )


def other_phones(value):
    """All numbers of a cell but the first, separated by ``; ``; None without any."""
    return "; ".join(split_phones(value)[1:]) or None


def split_phones(value):
    """The numbers of a cell, in their order.

    A slash, a comma or a word separates only what are complete numbers by themselves:
    ``030 / 123456`` is one.

    :raises Problem: ``phone_rounded`` for what a spreadsheet has cut: ``4.93E+11``
    """
    text = as_text(value)
    if text is None:
        return []
    rounded = _SCIENTIFIC.fullmatch(text)
    if rounded:
        return [_restored(rounded, value)]
    parts = [part for part in _STRONG.split(text) if part]
    if not all(map(_is_complete, parts)):
        parts = _with_extensions(parts, text)
    numbers = [one for part in parts for one in _split_weakly(part)]
    return list(dict.fromkeys(filter(None, map(_tidy, numbers))))


def _restored(rounded, value):
    """The digits of a number written as a power of ten, where none is lost."""
    whole, fraction, exponent = rounded.groups()
    fraction, exponent = fraction or "", int(exponent)
    if len(fraction) != exponent:
        raise Problem(
            "phone_rounded",
            _("“%(value)s” was a telephone number; a spreadsheet has rounded it."),
            _("Format the column as text before exporting it, and export it again."),
            value=value,
        )
    return whole + fraction


def _with_extensions(parts, text):
    """Parts that are complete, each with the extension written after it."""
    found = []
    for part in parts:
        if _is_complete(part):
            found.append(part)
        elif found and _EXTENSION.fullmatch(f" {part}"):
            found[-1] = f"{found[-1]} {part}"
        else:
            return [" ".join(text.split())]
    return found


def _split_weakly(text):
    parts = _WEAK.split(text)
    if len(parts) > 1 and all(map(_is_complete, parts)):
        return parts
    return [text]


def _is_complete(text):
    return len(_DIGIT.findall(_EXTENSION.sub("", text))) >= _COMPLETE


def _tidy(number):
    number = " ".join(number.split()).removeprefix("tel:").lstrip("'’ ")
    return _EXTENSION.sub(r" ext. \1", number)
