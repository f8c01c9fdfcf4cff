"""Countries by the names and codes exports write, in the languages of the world."""

import re
from collections import defaultdict
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers

from .names import match_key

# A language, or one of its scripts; regions repeat the names of their language.
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:_[A-Z][a-z]{3})?")
_CODE = re.compile(r"[A-Z]{2}")
_ALPHA3 = re.compile(r"[A-Z]{3}")
# Unions, pseudo locales and "unknown", which CLDR lists among the territories.
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
# What people write and CLDR has not: short, former and official names.
_OTHER_NAMES = {
    "AE": "UAE; Emirates; VAE; EAU",
    "BA": "Bosnia; Bosnien",
    "BN": "Brunei Darussalam",
    "BO": "Plurinational State of Bolivia",
    "CI": "Ivory Coast; Elfenbeinküste",
    "CN": "PRC; PR China; People's Republic of China; Volksrepublik China; "
    "Mainland China",
    "CV": "Cape Verde; Kapverden",
    "CZ": "Czech Republic; Tschechische Republik; République tchèque; República Checa; "
    "Repubblica Ceca; Česká republika; Tsjechische Republiek; Republika Czeska",
    "DE": "BRD; Bundesrepublik Deutschland; Federal Republic of Germany; Allemagne",
    "GB": "UK; Great Britain; Britain; England; Scotland; Wales; Northern Ireland; "
    "Großbritannien; Grande-Bretagne; Royaume Uni; Gran Bretaña; Gran Bretagna; "
    "Groot-Brittannië; Grã-Bretanha; Inghilterra; Inglaterra; Angleterre; "
    "United Kingdom of Great Britain and Northern Ireland; Schottland",
    "HK": "Hong Kong; Hongkong; Hong Kong SAR",
    "IE": "Republic of Ireland; Eire; Irish Republic; Republik Irland",
    "IR": "Islamic Republic of Iran; Iran, Islamic Republic of",
    "KR": "Republic of Korea; Korea, Republic of; South Korea; ROK; Südkorea",
    "LA": "Lao People's Democratic Republic; Lao",
    "MD": "Republic of Moldova; Moldova, Republic of",
    "MK": "Macedonia; FYROM; Mazedonien; Macédoine",
    "MM": "Burma; Birma; Birmanie",
    "MO": "Macau; Macao; Macau SAR",
    "NL": "Holland; The Netherlands; Hollande; Holanda; Olanda; Nederland",
    "PS": "Palestine; State of Palestine; Palästina",
    "RU": "Russian Federation; Russische Föderation; Fédération de Russie",
    "SK": "Slovak Republic; Slowakische Republik; Slovenská republika",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland; Swasiland",
    "TL": "East Timor; Osttimor",
    "TR": "Turkey; Republic of Turkey; Republic of Türkiye",
    "TW": "Taiwan, Province of China; Chinese Taipei",
    "TZ": "United Republic of Tanzania; Tanzania, United Republic of",
    "US": "USA; United States of America; America; US of A; The States; EE. UU.; "
    "EEUU; EUA; Estados Unidos de América; Vereinigte Staaten von Amerika; "
    "États-Unis d'Amérique; Stati Uniti d'America; Amerika",
    "VA": "Vatican; Holy See; Vatikan",
    "VE": "Bolivarian Republic of Venezuela",
    "VN": "Viet Nam",
}
_US_STATES = {
    "ala": "AL",
    "ariz": "AZ",
    "ark": "AR",
    "calif": "CA",
    "cal": "CA",
    "colo": "CO",
    "conn": "CT",
    "del": "DE",
    "fla": "FL",
    "ill": "IL",
    "ind": "IN",
    "kan": "KS",
    "kans": "KS",
    "mass": "MA",
    "mich": "MI",
    "minn": "MN",
    "miss": "MS",
    "mont": "MT",
    "neb": "NE",
    "nebr": "NE",
    "nev": "NV",
    "okla": "OK",
    "ore": "OR",
    "penn": "PA",
    "penna": "PA",
    "tenn": "TN",
    "tex": "TX",
    "wash": "WA",
    "wis": "WI",
    "wisc": "WI",
    "wyo": "WY",
}
# ISO code of a country → usual abbreviations of its states, and their codes.
STATE_ABBREVIATIONS = {"US": _US_STATES}
_BETWEEN = re.compile(r"\s+[-–—|]\s*|\s*[-–—|]\s+|\s*[/(),;|]\s*")


@lru_cache(maxsize=1)
def country_codes():
    """``{match_key(name or alpha-3 code): ISO code}`` of all countries.

    A name that stands for two countries, in whatever languages, is not there.
    """
    found = defaultdict(set)
    for identifier in filter(_LANGUAGE.fullmatch, locale_identifiers()):
        for code, name in Locale.parse(identifier).territories.items():
            if _CODE.fullmatch(code) and code not in _NO_COUNTRIES:
                found[match_key(name)].add(code)
    for code, names in _OTHER_NAMES.items():
        for name in names.split(";"):
            found[match_key(name)].add(code)
    for alias, codes in get_global("territory_aliases").items():
        if _ALPHA3.fullmatch(alias):
            found[match_key(alias)].update(codes)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def name_parts(value):
    """What is written around a dash, a slash or in brackets: ``CA - California``.

    :return: at least two texts, or an empty list where the value has one part
    """
    parts = [part for part in _BETWEEN.split(str(value).strip()) if part]
    return parts if len(parts) > 1 else []


def without_article(key):
    """A match key without its leading English article."""
    return key.removeprefix("the ") if key else key
