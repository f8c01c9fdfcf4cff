"""What every conversion starts from: a source value as clean text."""

import json
import re

# PostgreSQL refuses NUL and lone surrogates; the other control characters, the
# zero-width space and a stray byte order mark are invisible and break comparisons.
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u200b\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def as_text(value):
    """``value`` as stripped text without unusable characters; None where empty.

    Whole floats lose their ``.0``, booleans read ``true`` and ``false``, a list is
    joined by commas and an object becomes JSON.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        value = _written(value)
    value = value.strip()
    if not value.isprintable():
        value = _SURROGATE.sub("\ufffd", _UNWANTED.sub("", value)).strip()
    return value or None


def _written(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, map(as_text, value)))
    return str(value)
