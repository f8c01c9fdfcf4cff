"""Adds up what should be and what is, group by group, over any number of batches.

Both classes are kept as plain data between batches, so that a check that was paused
goes on where it was.
"""

_KEPT = 500
_EXAMPLES = 5


class Mistakes:
    """How many of the things looked at are wrong, with some of them by id.

    What users have changed since is counted apart: it is no mistake of the load.
    """

    def __init__(self, seen=0, wrong=0, changed=0, ids=(), examples=()):
        self.seen, self.wrong, self.changed = seen, wrong, changed
        self.ids, self.examples = list(ids), list(examples)

    def right(self):
        """Another one was looked at, and is as it should be."""
        self.seen += 1

    def add(self, id_, changed=False, example=None):
        """Another one was looked at, and is wrong.

        :param changed: somebody has changed it since
        :param example: what is wrong, in a few words
        """
        self.seen += 1
        if changed:
            self.changed += 1
        else:
            self.wrong += 1
        if len(self.ids) < _KEPT:
            self.ids.append(id_)
        if example and len(self.examples) < _EXAMPLES:
            self.examples.append(example)

    def as_list(self):
        """What :class:`Mistakes` takes, as plain data."""
        return [self.seen, self.wrong, self.changed, self.ids, self.examples]


class Group:
    """One group of a :class:`Tally`: numbers expected and found, and their records.

    :param list expected: the count and the sum of each measure
    :param list found: the same, as it is
    :param list of_changed: what of ``found - expected`` comes from records that
        somebody has changed since
    """

    def __init__(self, expected, found, of_changed, ids=()):
        self.expected, self.found = list(expected), list(found)
        self.of_changed, self.ids = list(of_changed), list(ids)

    def as_list(self):
        """What :class:`Group` takes, as plain data."""
        return [self.expected, self.found, self.of_changed, self.ids]

    def difference(self, number):
        """``(all, of it what nobody has changed since)`` for the count, or a measure.

        :param number: 0 for the count, 1 for the first measure
        """
        whole = self.found[number] - self.expected[number]
        return whole, whole - self.of_changed[number]


class Tally:
    """Counts and sums by group, expected and found.

    :param list measures: names of the numbers that are summed
    :param dict groups: ``{dimension: {key: Group.as_list()}}`` of an earlier part
    """

    def __init__(self, measures, groups=None):
        self.measures = list(measures)
        self._groups = {
            dimension: {key: Group(*group) for key, group in found.items()}
            for dimension, found in (groups or {}).items()
        }

    def add(self, id_, expected, found, changed=False):
        """Count one record.

        :param expected: ``(keys, numbers)``: ``{dimension: key}`` with keys as text,
            and the measures in order
        :param found: the same, as it is
        :param changed: somebody has changed the record since
        """
        (keys, numbers), (own_keys, own_numbers) = expected, found
        for dimension, key in keys.items():
            own = own_keys[dimension]
            self._count(dimension, key, numbers, changed, "expected", -1)
            self._count(dimension, own, own_numbers, changed, "found", 1)
            if key != own or numbers != own_numbers:
                for group in {key, own}:
                    ids = self._groups[dimension][group].ids
                    if len(ids) < _KEPT:
                        ids.append(id_)

    def _count(self, dimension, key, numbers, changed, side, sign):
        zeros = [0] * (1 + len(self.measures))
        group = self._groups.setdefault(dimension, {})
        group = group.setdefault(key, Group(zeros, zeros, zeros))
        totals = getattr(group, side)
        for place, number in enumerate((1, *numbers)):
            totals[place] += number
            if changed:
                group.of_changed[place] += sign * number

    def groups(self):
        """Yield ``(dimension, key, Group)``, keys in order."""
        for dimension, found in self._groups.items():
            for key in sorted(found):
                yield dimension, key, found[key]

    def as_dict(self):
        """``groups`` as :class:`Tally` takes them."""
        return {
            dimension: {key: group.as_list() for key, group in found.items()}
            for dimension, found in self._groups.items()
        }
