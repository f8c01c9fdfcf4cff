"""Runs one measurement at two sizes, each in a process of its own, and compares.

What grows with the rows is told by the ratio; the machine's speed is in neither.
"""

import resource

#: The smaller of the two sizes is so many times smaller.
SHARE = 5


def measure(title, rows, once):
    """Print what ``once`` gives for a fifth of ``rows``, and for ``rows``.

    :param once: function of a number of rows; gives ``seconds`` by part, and the most
        memory ``before`` and at the ``peak``, in MB
    """
    outcomes = [once(size) for size in (max(rows // SHARE, 1), rows)]
    sizes = [f"{outcome['rows']:,} rows" for outcome in outcomes]
    print(f"{title:>14}  {sizes[0]:>14}  {sizes[1]:>14}  growth")
    totals = [sum(outcome["seconds"].values()) for outcome in outcomes]
    for part in outcomes[1]["seconds"]:
        _line(part, [one["seconds"].get(part, 0) for one in outcomes], "s")
    _line("total", totals, "s")
    _line("memory", [one["peak"] - one["before"] for one in outcomes], "MB")
    return 0


def _line(name, values, unit):
    few, many = values
    growth = f"{many / few:.1f}" if few else "–"
    print(f"{name:>14}  {few:>11.1f} {unit:<2}  {many:>11.1f} {unit:<2}  {growth:>6}")


def peak():
    """Most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
