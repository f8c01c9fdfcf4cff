"""What colours become in Odoo."""

import pytest

from lib.errors import Problem
from lib.values.colors import PALETTE
from lib.values.text import color_index


@pytest.mark.parametrize("index", range(12))
def test_an_index_stays_itself(index):
    assert color_index(index) == index
    assert color_index(str(index)) == index
    assert color_index(float(index)) == index


@pytest.mark.parametrize("index, code", PALETTE.items())
def test_each_colour_of_the_palette_is_its_own_index(index, code):
    assert color_index(f"#{code}") == index
    assert color_index(code.lower()) == index


@pytest.mark.parametrize(
    "value, index",
    [
        ("red", 1),
        ("#FF0000", 1),
        ("#f00", 1),
        ("rgb(255, 0, 0)", 1),
        ("rgba(255, 0, 0, 0.5)", 1),
        ("Orange", 2),
        ("#ffee00", 3),
        ("light blue", 4),
        ("Light-Blue", 4),
        ("dark_blue", 8),
        ("#D01060", 9),
        ("#008000", 10),
        ("violet", 11),
    ],
)
def test_another_shade_becomes_the_nearest_colour(value, index):
    assert color_index(value) == index


@pytest.mark.parametrize(
    "value", ["none", "grey", "Gray", "#888888", "#000", "#FFFFFF"]
)
def test_a_grey_is_no_colour(value):
    assert color_index(value) == 0


@pytest.mark.parametrize("value", [None, "", "  "])
def test_an_empty_value_says_nothing(value):
    assert color_index(value) is None


@pytest.mark.parametrize("value", [12, -1, 3.5, "blurple", "#12345", "rgb(300,0,0)"])
def test_what_is_no_colour_is_refused(value):
    with pytest.raises(Problem) as caught:
        color_index(value)
    assert caught.value.code == "color_invalid"
    assert str(value) in str(caught.value)
    assert caught.value.remedy
