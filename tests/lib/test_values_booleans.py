"""What yes and no become."""

import pytest

from lib.errors import Problem
from lib.values.booleans import parse_boolean


@pytest.mark.parametrize(
    "value",
    "1 1.0 yes Yes YES y true TRUE t on checked x X ja wahr oui vrai sí si verdadero "
    "sì vero sim verdadeiro waar tak prawda ano igen evet Да ✓ "
    "da Ναι так はい نعم כן 네".split()
    + [" yes ", True, 1, 1.0],
)
def test_a_yes_is_true(value):
    assert parse_boolean(value) is True


@pytest.mark.parametrize(
    "value",
    "0 0.0 no No n false FALSE f off unchecked nein falsch non faux falso não nao nee "
    "onwaar nie fałsz ne nej hayır Нет nu Ні Όχι いいえ لا לא 아니오 inactive ✗".split()
    + [" no ", False, 0, 0.0],
)
def test_a_no_is_false(value):
    assert parse_boolean(value) is False


@pytest.mark.parametrize("value", [None, "", "  ", "\u00a0", [], ()])
def test_an_empty_value_is_neither(value):
    assert parse_boolean(value) is None


@pytest.mark.parametrize("value", ["maybe", "2", 2, -1, 0.5, "n/a", "yes no", "?"])
def test_another_value_is_refused_with_a_remedy(value):
    with pytest.raises(Problem) as caught:
        parse_boolean(value)
    assert caught.value.code == "boolean_invalid"
    assert str(value) in str(caught.value)
    assert "value map" in str(caught.value)
