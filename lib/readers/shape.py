"""What a cell looks like: a label, a number, a date, an address, or nothing."""

import re

#: Digits with what surrounds them in numbers, dates, times and telephone numbers.
NUMERIC = re.compile(
    r"[\s$€£¥₹]*(?:[A-Z]{3}\s)?[-+(]?[\s.,:/()%+\dTZ-]*\d[\s.,:/()%+\dTZ-]*"
    r"(?:%|[$€£¥₹]|\s?[A-Z]{3}|[aApP]\.?[mM]\.?)?\s*"
)
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|(?:https?://|www\.)\S+", re.I)
MAX_LABEL = 200
RUNS = (
    (re.compile(r"\d+"), "9"),
    (re.compile(r"[^\W\d_]+"), "a"),
    (re.compile(r"\s+"), " "),
)


def text_of(cell):
    """The text of a cell of any type, without surrounding blanks."""
    return "" if cell is None else str(cell).strip().strip("\ufeff").strip()


def is_filled(cell):
    """Whether there is anything to see in the cell."""
    if isinstance(cell, str):
        return cell.strip() not in ("", "\ufeff")
    return cell is not None


def is_typed(cell):
    """Whether a cell that is not blank is a value, where a label would be words."""
    if not isinstance(cell, str):
        return True
    text = text_of(cell)
    if len(text) > MAX_LABEL:
        return False
    return bool(NUMERIC.fullmatch(text) or ADDRESS.fullmatch(text))


def is_label(cell):
    """Whether a cell that is not blank can name a column."""
    return not is_typed(cell) and len(cell) <= MAX_LABEL


def filled_at(cells):
    """Positions of the cells that are not blank, from 0."""
    return [at for at, cell in enumerate(cells) if is_filled(cell)]


def pattern(cell):
    """How a value is written: ``CN-17`` is ``a-9``, ``Ida Ek`` is ``a a``."""
    text = text_of(cell)
    for run, mark in RUNS:
        text = run.sub(mark, text)
    return text


def line_of(cells):
    """A row as one line of text, its blank cells left out."""
    return " | ".join(text_of(cells[at]) for at in filled_at(cells))
