"""A table described from its first and last rows, alike for every format."""

from dataclasses import replace

from .footer import footer_problem, split_footer
from .headers import check_columns, header_only, name_columns
from .layout import find_header, header_cells, layout_problems
from .shape import line_of


def describe(table, head, tail, merges=()):
    """The table with its columns, its header's place and its footer.

    :param Table table: what is known before
    :param head: the first rows that are not blank, as :class:`Line`
    :param tail: the last ones; no row is in both
    :param merges: joined cells, as :class:`Merge`
    :return: :class:`Table`, list of :class:`Problem`
    """
    index, count = find_header(head, merges)
    header = head[index : index + count]
    columns, problems = name_columns(header_cells(header, merges), table.name)
    problems = layout_problems(table.name, head[:index], header, columns) + problems
    records, footer = split_footer([*head[index + count :], *tail], len(columns))
    if footer:
        problems.append(footer_problem(table.name, footer))
    if not records:
        problems.append(header_only(table.name))
    described = replace(
        table,
        columns=columns,
        header_row=header[0].number,
        header_rows=count,
        footer=tuple((line.number, line_of(line.cells)) for line in footer),
    )
    return described, problems


def check_header(lines, table, merges=()):
    """Take the rows up to the header from an iterator of lines.

    :raises Problem: it is another header than at discovery
    """
    header = []
    for line in lines:
        if line.number >= table.header_row:
            header.append(line)
        if len(header) >= table.header_rows:
            break
    check_columns(header_cells(header, merges), table)


def is_footer(line, footer):
    """Whether a row is still what discovery left out at the end.

    :param dict footer: row number to text
    """
    return footer.get(line.number) == line_of(line.cells)
