"""Yes and no in the languages exports are written in."""

from ..errors import Problem, _
from .names import match_key
from .scalars import as_text

_TRUE = (
    "1 1.0 yes y true t on checked x enabled ok ja j wahr w richtig an aktiviert oui o "
    "vrai v coche active si s verdadero cierto marcado activado vero attivo waar aan "
    "juist sim verdadeiro ligado marcada tak prawda ano jo jah igen igaz evet kylla "
    "tosi sant sann pravda да истина "
    "da так ναι có はい 예 네 نعم כן ✓ ✔ ☑ ✅ 是"
)
_FALSE = (
    "0 0.0 no n false f off unchecked disabled nein falsch aus deaktiviert non faux "
    "desactive falso desmarcado desactivado disattivo nee onwaar uit onjuist nao "
    "desligado desmarcada nie falsz ne nej nei nem hamis hayir ei epatosi falsk usant "
    "нет ложь "
    "nu ні οχι όχι không inactive inaktiv inactif inactivo いいえ 아니오 아니요 لا לא "
    "✗ ✘ ☐ ❌ 否"
)
_WORDS = dict.fromkeys(_TRUE.split(), True) | dict.fromkeys(_FALSE.split(), False)


def parse_boolean(value):
    """Whether ``value`` says yes.

    :return: ``bool``, or None for an empty value
    :raises Problem: ``boolean_invalid``
    """
    if isinstance(value, bool):
        return value
    text = as_text(value)
    if text is None:
        return None
    found = _WORDS.get(text.casefold())
    if found is None:
        found = _WORDS.get(match_key(text))
    if found is not None:
        return found
    raise Problem(
        "boolean_invalid",
        _("“%(value)s” is neither yes nor no."),
        _("Use yes or no, or translate the value by a value map."),
        value=value,
    )
