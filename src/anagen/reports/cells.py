"""Cells and tables as the report prints them, before any page is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anagen.reports.numbers import DASH, is_figure
from anagen.reports.wording import source_parts


@dataclass(frozen=True)
class Cell:
    """Text of a cell in parts, each with a link or None; numbers are set flush right."""

    parts: tuple[tuple[str, str | None], ...]
    numeric: bool = False

    @property
    def text(self) -> str:
        """Text without links."""
        return "".join(text for text, _ in self.parts)


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first cell of a row is its heading, a row of one cell heads the rows below it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    @property
    def length(self) -> int:
        """Number of rows that are not headings of a group."""
        return sum(len(row) > 1 for row in self.rows)

    def is_numeric(self, column: int) -> bool:
        """Whether a column holds numbers."""
        return any(row[column].numeric for row in self.rows if len(row) > 1)

    def texts(self) -> tuple[tuple[str, ...], ...]:
        """Rows as texts without links."""
        return tuple(tuple(cell.text for cell in row) for row in self.rows)


def grouped(rows: Sequence[tuple[str, tuple[Cell, ...]]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows under the heading of their group, groups in order of first appearance.

    Parameters
    ----------
    rows : Sequence[tuple[str, tuple[Cell, ...]]]
        As (heading of the group, cells).
    """
    groups: dict[str, list[tuple[Cell, ...]]] = {}
    for heading, cells in rows:
        groups.setdefault(heading, []).append(cells)
    return tuple(row for heading, members in groups.items() for row in [(words(heading),), *members])


def words(text: object) -> Cell:
    """Cell of plain text; missing values are a dash."""
    plain = "" if text is None or text != text else str(text)
    return Cell(((plain or DASH, None),))


def figure(text: str) -> Cell:
    """Cell of a number."""
    return Cell(((text, None),), numeric=True)


def source(text: object) -> Cell:
    """Cell of a source, DOIs linked."""
    return Cell(source_parts(text) or ((DASH, None),))


def plain_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> Table:
    """A table of rows in words: numbers and intervals flush right but in the first column, which heads the rows.

    Parameters
    ----------
    caption : str
        What the table holds.
    header : Sequence of str
        Names of the columns.
    rows : Sequence of Sequence of str
        Texts of the cells, as many in every row as there are columns.
    note : str
        What a reader of the table must know, below it.
    """
    body = tuple(
        tuple(figure(text) if place and is_figure(text) else words(text) for place, text in enumerate(row))
        for row in rows
    )
    return Table(caption, tuple(name[:1].upper() + name[1:] for name in header), body, note)
