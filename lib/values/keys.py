"""What two records have in common when one names the other."""

import re
from urllib.parse import urlsplit

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
# A shorter number is an extension, which nobody can be told by.
_SHORTEST_NUMBER = 4
# Words at the end of a company's name that say what kind of company it is.
_LEGAL_FORMS = frozenset(
    "ab ag anpartsselskab aps as asa bhd bv bvba co company corp corporation cv dmcc"
    " doo eg ek eurl ev fzco gbr gesmbh ggmbh gmbh inc incorporated jsc kft kg kgaa"
    " lda limited llc llp lp ltd ltda mbh nv ohg ooo oy oyj plc private pte pty pvt"
    " sa sarl sas sci scs se sl slu snc spa spk sprl spzoo srl sro ug zrt".split()
)
_JOINING = frozenset(("&", "+", "and", "und", "et", "y", "e"))
# Sites that give many companies a page each: there, the page is what tells them apart.
_SHARED_SITES = (
    "facebook.com",
    "google.com",
    "instagram.com",
    "linkedin.com",
    "linktr.ee",
    "tiktok.com",
    "twitter.com",
    "x.com",
    "xing.com",
    "youtube.com",
)


def email_key(value):
    """The address in ``value``, in lower case; None without one."""
    found = _ADDRESS.search(as_text(value) or "")
    return found[0].strip(".").casefold() if found else None


def domain_key(value):
    """The internet domain of an address of the web or of mail, without ``www.``.

    None where there is none, or where it is a provider of mail for everybody. Of a
    page on a site that many share, such as a social network, the path counts.
    """
    text = (as_text(value) or "").strip().casefold()
    address = email_key(text) if "@" in text and "//" not in text else None
    if address:
        host = address.rpartition("@")[2]
        return None if host in FREE_MAIL else host
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        host = (parts.hostname or "").removeprefix("www.").strip(".")
    except ValueError:
        return None
    if "." not in host or " " in host or host in FREE_MAIL:
        return None
    if any(host == site or host.endswith(f".{site}") for site in _SHARED_SITES):
        path = parts.path.strip("/")
        return f"{host}/{path}" if path else None
    return host


def phone_key(value):
    """Digits of a phone number without the sign of an international one, or None.

    “+49 (0)431/100” and “0049 431 100” agree. What has fewer than four digits is none.
    """
    text = (as_text(value) or "").replace("(0)", "")
    digits = re.sub(r"[^0-9]+", "", text).removeprefix("00")
    return digits if len(digits) >= _SHORTEST_NUMBER else None


def legal_key(name):
    """A key by which a company's name agrees with and without its legal form.

    “Nordwind GmbH & Co. KG” and “Nordwind” agree. None for an empty name; a name of
    nothing but legal forms stays as it is.
    """
    key = match_key(name)
    if key is None:
        return None
    words = key.split()
    while len(words) > 1:
        if words[-1] in _LEGAL_FORMS or words[-1] in _JOINING:
            words.pop()
        elif len(words) > 2 and words[-2] in ("a", "p") and words[-1] == "s":
            del words[-2:]
        else:
            break
    return " ".join(words)


def code_key(value):
    """Letters and digits of a number such as a tax id, in capitals, or None."""
    return re.sub(r"[\W_]+", "", str(value or "")).upper() or None


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
