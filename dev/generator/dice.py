"""Randomness that depends on the seed and the record alone, not on the order.

A record can so be made, or referred to, without any other being remembered: that
keeps memory flat whatever the size of the export.
"""

import functools
import random
import zlib

_MASK = (1 << 64) - 1


@functools.cache
def _start(seed, topic):
    return seed * 0x9E3779B97F4A7C15 + zlib.crc32(topic.encode())


def mix(seed, topic, index):
    """A well-spread 64-bit number for ``index`` under ``topic`` (a string)."""
    value = (_start(seed, topic) + (index + 1) * 0xD1B54A32D192ED03) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


class Dice:
    """Draws for one record at a time, started again by :meth:`restart`.

    Only ``Random.seed`` and ``Random.random`` are used, the two whose results
    Python promises to keep from version to version.
    """

    def __init__(self, seed, topic):
        self._seed = seed
        self._topic = topic
        self._random = random.Random()
        self._draw = self._random.random

    def restart(self, index):
        """Begin the draws of the record at ``index``; returns itself."""
        self._random.seed(mix(self._seed, self._topic, index))
        return self

    def below(self, limit):
        """An integer from 0 to ``limit - 1``."""
        return int(self._draw() * limit)

    def between(self, low, high):
        """An integer from ``low`` to ``high``, both included."""
        return low + int(self._draw() * (high - low + 1))

    def pick(self, choices):
        """One of ``choices``, a non-empty sequence."""
        return choices[int(self._draw() * len(choices))]

    def chance(self, share):
        """True in ``share`` (0..1) of the cases."""
        return self._draw() < share

    def digits(self, pattern):
        """``pattern`` with every ``#`` replaced by a digit."""
        return "".join(str(self.below(10)) if sign == "#" else sign for sign in pattern)
