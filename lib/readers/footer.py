"""Rows at the end of a table that are no records: totals, counts, who made it."""

import re
from statistics import median

from ..errors import Problem, _
from .model import NOTE
from .shape import filled_at, is_typed, line_of, pattern, text_of

#: Rows looked at from the end of a table.
TAIL_ROWS = 60
MAX_FOOTER = 12
#: Share of a column's values that are written alike, for it to have a pattern.
ALIKE = 0.5
#: Blanks in a cell that is a sentence.
SENTENCE = 5

_TOTAL = (
    r"(?:grand |sub ?-?)?totals?|overall|sum|summary|average|gesamt(?:summe|ergebnis)?"
    r"|(?:zwischen|end)?summe|mittelwert|total g[eé]n[eé]ral|totaux|sous-total|somme"
    r"|total general|suma(?: total)?|totale(?: generale)?|somma|(?:eind)?totaal|som"
    r"|total geral|soma|i ?alt|sammanlagt|summa|slutsumma|totalt|yhteensä|razem|suma"
    r"|celkem|összesen|toplam|genel toplam|итого|всего|合計|总计|合计|總計|합계"
)
_COUNT = (
    r"(?:number of |total )?(?:records?|rows?|entries|items|results|contacts|companies"
    r"|accounts|deals|leads)(?: (?:returned|exported|found|count))?|count"
    r"|total (?:number of )?(?:records|rows|results)(?: returned)?"
    r"|anzahl(?: der)?(?: datensätze| zeilen)?|datensätze|zeilen"
    r"|nombre (?:d['’]enregistrements|de lignes)|enregistrements|lignes"
    r"|registros|filas|n[uú]mero de registros|registri|righe|aantal(?: records)?"
    r"|antal(?: rader| poster)?|liczba (?:rekordów|wierszy)|записей|件数"
)
#: Words alone, with a number, or with nothing but numbers beside them.
TOTAL = re.compile(rf"(?:{_TOTAL}|{_COUNT})\s*:?", re.I)
TOTAL_NUMBER = re.compile(
    rf"(?:{_TOTAL}|{_COUNT})\s*[:=(]\s*[-\d., '’$€£%]*\d[-\d., '’$€£%)]*"
    rf"(?:(?:{_COUNT})\)?)?",
    re.I,
)
COUNTED = re.compile(
    rf"(?:total(?: of)?:? |showing [\d ,to–-]+ of )?[\d.,]+ (?:{_COUNT}|total)\.?", re.I
)
MADE_BY = re.compile(
    r"(?:report )?(?:generated|exported|created|printed|produced|downloaded)"
    r" (?:by|on|at|from|with)\b.*|copyright\b.*|©.*|\(c\) .*|confidential\b.*"
    r"|page \d+(?: (?:of|/) \d+)?|end of (?:report|file|export|list).*|\*+ ?end.*"
    r"|(?:erstellt|exportiert|gedruckt|generiert) (?:am|von|mit|durch)\b.*"
    r"|(?:généré|exporté|créé|imprimé|edité|édité) (?:le|par|avec)\b.*"
    r"|(?:generado|exportado|creado|impreso|gerado|criado) (?:el|por|em|con|com)\b.*"
    r"|(?:generato|esportato|creato|stampato) (?:il|da|con)\b.*"
    r"|(?:gegenereerd|geëxporteerd|aangemaakt|afgedrukt) (?:op|door|met)\b.*"
    r"|(?:skapad|exporterad|genererad|utskriven) (?:av|den|med)\b.*"
    r"|(?:wygenerowano|utworzono|wyeksportowano)\b.*",
    re.I,
)


def find_footer(lines, width):
    """The rows at the end that are no records.

    A row counts as one when it says so in words and leaves most columns blank, or is
    a sentence in a column of short values; rows below it go with it. A record that
    fills few columns is written like those above it and stays.

    :param lines: the last rows below the header, as :class:`Line`
    :param int width: number of columns
    :return: list of :class:`Line`, empty for most tables
    """
    ending = _sparse_end(lines, width)
    if not ending:
        return []
    records = lines[: len(lines) - len(ending)]
    known = _Columns(records)
    for index, line in enumerate(ending):
        if _is_footer(line.cells, known, width):
            rest = ending[_start_of_block(ending, index, records) :]
            if not any(known.is_record(line.cells) for line in rest):
                return rest
    return []


def split_footer(lines, width):
    """The rows that are records, and the footer."""
    footer = find_footer(lines, width)
    return lines[: len(lines) - len(footer)], footer


def footer_problem(file, footer):
    """The note on rows that were left out at the end, with all they hold."""
    return Problem(
        "footer_left_out",
        _("%(file)s, rows %(row)s to %(last)s are no records: “%(content)s”."),
        _("They are left out; if they are records, fill their other columns."),
        value=line_of(footer[0].cells),
        content=" / ".join(line_of(line.cells) for line in footer),
        file=file,
        row=footer[0].number,
        last=footer[-1].number,
        severity=NOTE,
    )


def _sparse_end(lines, width):
    """The last rows that leave blank what the rows above them fill."""
    usual = median([len(filled_at(line.cells)) for line in lines] or [width])
    usual = width if len(lines) < 3 else usual
    start = len(lines)
    while start and len(lines) - start < MAX_FOOTER:
        filled = filled_at(lines[start - 1].cells)
        sparse = len(filled) <= max(1, usual * 0.75) and len(filled) < max(usual, 2)
        if not sparse:
            break
        start -= 1
    return lines[start:]


def _start_of_block(ending, index, records):
    """Position of the first single cell after the blank row above a footer."""
    start = index
    for at in range(index - 1, -1, -1):
        if len(filled_at(ending[at].cells)) > 1:
            break
        before = ending[at - 1] if at else (records or [None])[-1]
        if before and ending[at].number > before.number + 1:
            start = at
    return start


def _is_footer(cells, known, width):
    filled = filled_at(cells)
    first, others = text_of(cells[filled[0]]), [cells[at] for at in filled[1:]]
    if TOTAL_NUMBER.fullmatch(first) or COUNTED.fullmatch(first):
        return not others or width > 1 and all(map(is_typed, others))
    if width < 2:
        return False
    if TOTAL.fullmatch(first):
        return bool(others) and all(map(is_typed, others))
    if MADE_BY.fullmatch(first):
        return len(filled) < 3
    sentence = len(filled) == 1 and first.count(" ") >= SENTENCE
    return sentence and width > 3 and known.are_short(filled[0])


class _Columns:
    """How the records above a footer are written."""

    def __init__(self, lines):
        self._lines = lines

    def _values(self, at):
        cells = (line.cells[at] for line in self._lines if at < len(line.cells))
        return [cell for cell in cells if text_of(cell)]

    def are_short(self, at):
        """Whether the column holds no sentences."""
        values = self._values(at)
        long = sum(text_of(value).count(" ") >= SENTENCE for value in values)
        return bool(values) and long == 0

    def is_record(self, cells):
        """Whether the first cell is written like most of its column."""
        at = filled_at(cells)[0]
        first = text_of(cells[at])
        words = (TOTAL, TOTAL_NUMBER, COUNTED, MADE_BY)
        if any(one.fullmatch(first) for one in words) or not re.search(r"\d", first):
            return False
        values = self._values(at)
        alike = sum(pattern(value) == pattern(first) for value in values)
        return bool(values) and alike >= ALIKE * len(values)
