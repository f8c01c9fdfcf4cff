"""What two records have in common when one names the other."""

import re

from .names import match_key
from .scalars import as_text

# Addresses there belong to persons, not to the company that runs the service.
FREE_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com "
    "ymail.com aol.com icloud.com me.com mac.com gmx.de gmx.net gmx.com gmx.at gmx.ch "
    "web.de t-online.de freenet.de mail.com mail.ru yandex.ru yandex.com proton.me "
    "protonmail.com zoho.com orange.fr free.fr laposte.net wanadoo.fr libero.it "
    "hotmail.fr hotmail.de hotmail.co.uk yahoo.co.uk yahoo.fr yahoo.de btinternet.com "
    "comcast.net verizon.net att.net qq.com 163.com 126.com naver.com seznam.cz wp.pl "
    "o2.pl bluewin.ch telenet.be ziggo.nl kpnmail.nl terra.com.br uol.com.br".split()
)
_ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]]+@[^\s<>,;:\"'()\[\]]+")
_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@\s]*@)?(?:www\d?\.)?([^/:?#\s]+\.[^/:?#\s]+)",
    re.I,
)


def email_key(value):
    """The address in ``value``, in lower case; None without one."""
    found = _ADDRESS.search(as_text(value) or "")
    return found[0].strip(".").casefold() if found else None


def domain_key(value):
    """The internet domain of an address of the web or of mail, without ``www``.

    None where there is none, or where it is a provider of mail for everybody.
    """
    text = (as_text(value) or "").strip()
    address = email_key(text) if "@" in text else None
    if address:
        host = address.rpartition("@")[2]
    else:
        found = _HOST.match(text)
        host = found[1].casefold().strip(".") if found else None
    return None if not host or host in FREE_MAIL else host


def phone_key(value):
    """The digits of a phone number, ``00`` and ``+`` in front of it left out.

    None with fewer than six digits, which is no number anyone can be told by.
    """
    text = (as_text(value) or "").replace("(0)", "")
    digits = "".join(char for char in text if char.isdigit())
    digits = digits.removeprefix("00")
    return digits if len(digits) >= 6 else None


KEYS = {
    "name": match_key,
    "email": email_key,
    "domain": domain_key,
    "phone": phone_key,
}


def natural_key(by, value):
    """The key of ``value`` as something to refer ``by``; None where it has none.

    :param str by: a key of :data:`KEYS`
    """
    return KEYS[by](value)
