"""How many records a random check has to look at."""

import math

# Logarithms that differ by less are the same number.
_SAME = 1e-9


def sample_size(population, error_rate, confidence):
    """The fewest records that show one error where so many are wrong.

    When none of them is wrong, it is certain to ``confidence`` that fewer than
    ``error_rate`` of all are. Records are drawn without putting them back, so a small
    population needs fewer: 299 of a million, 189 of 300 to find 1 % at 95 %.

    :param int population: records there are
    :param float error_rate: share of wrong records that must not go unseen, 0 to 1
    :param float confidence: with which it is seen, 0 to 1, below 1
    """
    if population <= 0:
        return 0
    if error_rate <= 0 or confidence >= 1:
        return population
    wrong = max(1, math.floor(population * error_rate))
    unseen, size = 0.0, 0
    while size < population - wrong and unseen > math.log(1 - confidence) + _SAME:
        unseen += math.log1p(-wrong / (population - size))
        size += 1
    if unseen > math.log(1 - confidence) + _SAME:
        size += 1
    return size
