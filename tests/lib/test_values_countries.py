"""Countries by name and code."""

import pytest

from lib.values.countries import country_codes, name_parts
from lib.values.names import match_key


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("ALLEMAGNE", "DE"),
        ("Alemania", "DE"),
        ("Německo", "DE"),
        ("ドイツ", "DE"),
        ("Германия", "DE"),
        ("DEU", "DE"),
        ("gbr", "GB"),
        ("U.S.A.", "US"),
        ("EE. UU.", "US"),
        ("Vereinigte Staaten", "US"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("Great Britain", "GB"),
        ("Großbritannien", "GB"),
        ("Holland", "NL"),
        ("Nederland", "NL"),
        ("República Checa", "CZ"),
        ("Czechia", "CZ"),
        ("Česko", "CZ"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Ivory Coast", "CI"),
        ("Côte d'Ivoire", "CI"),
        ("Iran, Islamic Republic of", "IR"),
        ("Korea, Republic of", "KR"),
        ("Österreich", "AT"),
        ("Schweiz", "CH"),
        ("Suisse", "CH"),
    ],
)
def test_a_country_is_known_by_its_names_and_codes(name, code):
    assert country_codes()[match_key(name)] == code


@pytest.mark.parametrize("name", ["Kongo", "Korea", "Atlantis", "European Union", "UN"])
def test_a_name_of_two_countries_or_of_none_stands_for_nothing(name):
    assert match_key(name) not in country_codes()


def test_every_name_leads_to_a_two_letter_code():
    codes = set(country_codes().values())
    assert all(len(code) == 2 and code.isupper() for code in codes)
    assert len(codes) > 240


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("CA - California", ["CA", "California"]),
        ("California (CA)", ["California", "CA"]),
        ("Deutschland / Germany", ["Deutschland", "Germany"]),
        ("Baden-Württemberg", []),
        ("California", []),
        ("", []),
    ],
)
def test_a_value_is_taken_apart_at_what_separates_names(value, parts):
    assert name_parts(value) == parts
