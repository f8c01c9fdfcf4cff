import math

import pytest

from lib.spot_check import sample_size


def chance_of_none(population, wrong, size):
    """That ``size`` records drawn from ``population`` have none of the wrong ones."""
    return math.comb(population - wrong, size) / math.comb(population, size)


def test_one_per_cent_at_95_takes_299_of_very_many():
    assert sample_size(10**9, 0.01, 0.95) == 299


def test_five_per_cent_at_95_takes_59_of_very_many():
    assert sample_size(10**9, 0.05, 0.95) == 59


@pytest.mark.parametrize("population", [1, 7, 99, 100, 300, 2_000, 20_000])
@pytest.mark.parametrize("rate", [0.01, 0.05, 0.5])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_it_is_the_fewest_that_suffice(population, rate, confidence):
    size = sample_size(population, rate, confidence)
    wrong = max(1, math.floor(population * rate))
    assert chance_of_none(population, wrong, size) <= 1 - confidence + 1e-9
    if size > 1:
        assert chance_of_none(population, wrong, size - 1) > 1 - confidence + 1e-9


def test_a_small_population_needs_fewer():
    assert sample_size(300, 0.01, 0.95) == 189
    assert sample_size(20, 0.01, 0.95) == 19


@pytest.mark.parametrize("rate, confidence", [(0, 0.95), (0.01, 1)])
def test_to_be_certain_all_are_looked_at(rate, confidence):
    assert sample_size(500, rate, confidence) == 500


def test_of_nothing_nothing_is_drawn():
    assert sample_size(0, 0.01, 0.95) == 0
