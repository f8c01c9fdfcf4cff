"""Keeps secrets out of everything that people read."""

import base64
from urllib.parse import quote, quote_plus

MASK = "•••"


def redact(text, secrets):
    """``text`` without any of ``secrets``, also as they are written in addresses."""
    text = str(text)
    forms = {form for secret in secrets if secret for form in _forms(str(secret))}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


def _forms(secret):
    coded = base64.b64encode(secret.encode()).decode()
    return secret, quote(secret, safe=""), quote(secret), quote_plus(secret), coded
