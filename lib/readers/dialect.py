"""The delimiter and the quote of a CSV file, from its first lines."""

import csv
import io
from itertools import islice

DELIMITERS = (",", ";", "\t", "|")
#: Separators that some systems write and that cannot be told from text for sure.
STRANGE = ("^", "~", ":", "#", "\x1f", "\x01")
SAMPLE_ROWS = 200
#: A longer field is a quote that was never closed, or no field of a CRM.
FIELD_LIMIT = 64 * 2**20


def raise_field_limit():
    """Let the csv module take long fields; its limit is one for the process."""
    if csv.field_size_limit() < FIELD_LIMIT:
        csv.field_size_limit(FIELD_LIMIT)


def declared_delimiter(line):
    """The delimiter that a first line such as ``sep=;`` names, or None."""
    text = line.strip("\ufeff\r\n").strip('"')
    if text[:4].lower() == "sep=" and len(text) == 5:
        return text[4]
    return None


def find_dialect(sample, complete):
    """The delimiter, the quote and a suspicion.

    :param str sample: the beginning of the file, without a ``sep=`` line
    :param bool complete: whether the sample is the whole file
    :return: delimiter, quote character, and whether the file seems to have another
        separator than the ones known
    """
    raise_field_limit()
    quote = "'" if sample.lstrip().startswith("'") else '"'
    best, best_score = None, 0
    for delimiter in DELIMITERS:
        widths = _widths(sample, complete, delimiter, quote)
        if not widths or widths[0] < 2:
            continue
        agreeing = sum(width == widths[0] for width in widths) / len(widths)
        # The header decides: data may hold any of the others.
        score = agreeing * (widths[0] - 1)
        if score > best_score:
            best, best_score = delimiter, score
    if best:
        return best, quote, False
    return _single_column(sample, complete, quote)


def _single_column(sample, complete, quote):
    """Like :func:`find_dialect` where the header has a single column."""
    lines = [line for line in sample.splitlines() if line.strip()][:SAMPLE_ROWS]
    widths = {
        delimiter: _widths(sample, complete, delimiter, quote)
        for delimiter in DELIMITERS
    }
    # The delimiter that splits the fewest rows leaves the column whole.
    delimiter = min(DELIMITERS, key=lambda char: sum(w > 1 for w in widths[char]))
    split = max(
        sum(width > 1 for width in counts) / max(len(counts) - 1, 1)
        for counts in widths.values()
    )
    strange = any(
        char in lines[0] and sum(char in line for line in lines) >= 0.8 * len(lines)
        for char in STRANGE
        if lines
    )
    return delimiter, quote, strange or split >= 0.5


def _widths(sample, complete, delimiter, quote):
    """Number of cells of each of the first rows that are not blank."""
    reader = csv.reader(
        io.StringIO(sample.replace("\0", ""), newline=""),
        delimiter=delimiter,
        quotechar=quote,
    )
    rows = list(islice(reader, SAMPLE_ROWS + 1))
    if not complete and 1 < len(rows) <= SAMPLE_ROWS:
        rows.pop()
    return [len(row) for row in rows if any(cell.strip() for cell in row)]
