"""The delimiter and the quote of a CSV file, from its first lines."""

import csv
import io
from collections import Counter
from itertools import islice

DELIMITERS = (",", ";", "\t", "|")
#: Separators of more than one character, which a file uses throughout or not at all.
LONG = ("|~|", "~|~", "||", ";;", ",,", "::", "^^", "~~", "##", "\t\t")
#: Separators that hardly occur in text, and those that do.
RARE = ("\x1f", "\x1e", "\x01", "¦", "§", "¬", "^", "~")
COMMON = (":", "#")
SAMPLE_ROWS = 200
#: Lines above a header that may be of another width.
MAX_ABOVE = 25
#: Score of a delimiter that nothing else needs to be weighed against.
TRUSTED = 1
#: Share of rows with the width of a header that has lines above it.
AGREED = 0.8
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


def is_usual(delimiter):
    """Whether people expect the delimiter in a CSV file."""
    return delimiter in DELIMITERS


def find_dialect(sample, complete):
    """The delimiter, the quote and a suspicion.

    :param str sample: the beginning of the file, without a ``sep=`` line
    :param bool complete: whether the sample is the whole file
    :return: delimiter (of one character or several), quote character, and whether the
        file seems to have another separator than could be found
    """
    raise_field_limit()
    quote = "'" if sample.lstrip().startswith("'") else '"'
    lines = [line for line in sample.splitlines() if line.strip()]
    if not complete and len(lines) > 1:
        lines.pop()
    lines = lines[:SAMPLE_ROWS]
    for delimiter in LONG:
        if _is_throughout(lines, delimiter) and _is_doubled(lines, delimiter):
            return delimiter, quote, False
    widths = {
        delimiter: _widths(sample, complete, delimiter, quote)
        for delimiter in DELIMITERS
    }
    best, best_score = None, 0
    for delimiter, counts in widths.items():
        score = _score(counts)
        if score > best_score:
            best, best_score = delimiter, score
    if best_score < TRUSTED:
        # The header decides, unless the table begins below it.
        for delimiter, counts in widths.items():
            score = _score_below(counts, sample, delimiter)
            if score > best_score:
                best, best_score = delimiter, score
    if best:
        return best, quote, False
    for delimiter in RARE + COMMON:
        least = 2 if delimiter in COMMON else 1
        if _is_throughout(lines, delimiter, least):
            return delimiter, quote, False
    return _single_column(lines, widths, quote)


def _score(counts):
    """How well the header's number of cells fits the other rows."""
    if not counts or counts[0] < 2:
        return 0
    agreeing = sum(count == counts[0] for count in counts) / len(counts)
    return agreeing * (counts[0] - 1)


def _score_below(counts, sample, delimiter):
    """The same where narrower lines stand above the header, which decides no more."""
    wide = Counter(count for count in counts if count > 2)
    width = wide.most_common(1)[0][0] if wide else 0
    start = next((at for at, count in enumerate(counts) if count == width), 0)
    below = counts[start:]
    # Totals and the like, which are no rows of the table either.
    while len(below) > 2 and below[-1] < width and len(counts) <= SAMPLE_ROWS:
        below.pop()
    if not width or not 0 < start <= MAX_ABOVE or len(below) < 2:
        return 0
    agreeing = sum(count == width for count in below) / len(below)
    prose = sample.count(f"{delimiter} ") * 2 > sample.count(delimiter)
    return agreeing * (width - 1) if agreeing >= AGREED and not prose else 0


def _is_throughout(lines, delimiter, least=1):
    """Whether every line holds the delimiter equally often."""
    counts = {line.count(delimiter) for line in lines}
    return len(lines) > 1 and len(counts) == 1 and counts.pop() >= least


def _is_doubled(lines, delimiter):
    """Whether the header has a name on both sides of each delimiter, and no half one.

    Blank cells between single separators look like a separator that is doubled.
    """
    names = lines[0].split(delimiter)
    return all(
        name.strip() and not name.startswith(delimiter[0]) and delimiter[-1] not in name
        for name in names
    )


def _single_column(lines, widths, quote):
    """Like :func:`find_dialect` where the header has a single column."""
    # The delimiter that splits the fewest rows leaves the column whole.
    delimiter = min(DELIMITERS, key=lambda char: sum(w > 1 for w in widths[char]))
    split = max(
        sum(width > 1 for width in counts) / max(len(counts) - 1, 1)
        for counts in widths.values()
    )
    strange = any(
        char in lines[0] and sum(char in line for line in lines) >= 0.8 * len(lines)
        for char in RARE + COMMON
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
