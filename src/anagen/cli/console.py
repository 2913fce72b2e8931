"""What the command line prints: tables and sentences on standard output, progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from anagen.core.plain import json_text, records
from anagen.core.words import counted
from anagen.reports.numbers import DASH, MINUS, is_figure, is_number, significant
from anagen.reports.numbers import interval as ends

if TYPE_CHECKING:
    import pandas as pd

WIDTH_IN_A_PIPE = 100
ROWS_SHOWN = 200
NARROWEST = 12
"""Characters below which no column of words is narrowed, though words break."""
PADDING = 3
"""Columns of the terminal between two columns of a table."""


def print_json(value: object) -> None:
    """Print one JSON document; missing numbers are null.

    Parameters
    ----------
    value : object
        Plain values, arrays or tables' rows.
    """
    print(json_text(value))


def print_table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table no wider than the terminal, or than 100 columns in a pipe.

    Columns of numbers, intervals and dashes are set flush right and never broken; words wrap. A column in which every
    cell is empty is left out.

    Parameters
    ----------
    title : str
        Above the table; none where empty.
    header : Sequence of str
        Names of the columns, no two alike.
    rows : Iterable of Sequence
        Values, as many in every row as there are columns; see `cell`.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    listed = [[cell(value) for value in row] for row in rows]
    # Outside a terminal rich would fold everything into 80 columns.
    console = Console(width=None if sys.stdout.isatty() else WIDTH_IN_A_PIPE)
    table = Table(title=title or None, title_justify="left", header_style="bold", box=box.SIMPLE_HEAD, show_edge=False)
    columns = {name: [row[index] for row in listed] for index, name in enumerate(header)}
    columns = {name: texts for name, texts in columns.items() if any(texts) or not listed}
    for (name, texts), width in zip(columns.items(), _widths(columns, console.width), strict=True):
        table.add_column(name, justify="right" if _figures(texts) else "left", width=width, overflow="fold")
    for texts in zip(*columns.values(), strict=True):
        table.add_row(*map(Text, texts))
    # rich ends the program where the reader has gone; the command is to end it, with its own exit code.
    with console.capture() as printed:
        console.print(table, "")
    print(printed.get(), end="")


def _figures(texts: Sequence[str]) -> bool:
    return all(is_figure(text) or not text for text in texts)


def _widths(columns: Mapping[str, Sequence[str]], room: int) -> list[int]:
    """Widths of columns: numbers whole, words as wide as the longest, the rest where they would wrap most."""
    loose = [not _figures(texts) for texts in columns.values()]
    words = [max(len(word) for text in [name, *texts] for word in text.split()) for name, texts in columns.items()]
    whole = [max(map(len, [name, *texts])) for name, texts in columns.items()]
    figures = [max(map(len, [*name.split(), *texts])) for name, texts in columns.items()]
    widths = [word if free else figure for free, word, figure in zip(loose, words, figures, strict=True)]
    left = room - PADDING * len(widths) - sum(widths)
    while left < 0 and (wide := [i for i, width in enumerate(widths) if loose[i] and width > NARROWEST]):
        widths[max(wide, key=lambda i: widths[i])] -= 1
        left += 1
    while left > 0 and (narrow := [i for i, width in enumerate(widths) if width < whole[i]]):
        widths[max(narrow, key=lambda i: (loose[i], whole[i] / widths[i]))] += 1
        left -= 1
    return widths


def print_frame(frame: pd.DataFrame) -> None:
    """Print the first rows of a table and how many there are; columns that do not fit side by side follow below."""
    rows = records(frame.head(ROWS_SHOWN))
    names = [str(name) for name in frame.columns]
    needed = {name: max(len(text) for text in [name, *(cell(row[name]) for row in rows)]) for name in names}
    together: list[list[str]] = [[]]
    for name in names:
        if together[-1] and sum(needed[one] + PADDING for one in [*together[-1], name]) > WIDTH_IN_A_PIPE:
            together.append([])
        together[-1].append(name)
    for some in together:
        print_table("", some, ([row[name] for name in some] for row in rows))
    shown = f", the first {ROWS_SHOWN} shown; --json prints all" if len(frame) > ROWS_SHOWN else ""
    print(f"{counted(len(frame), 'row')}{shown}")


def cell(value: object) -> str:
    """Text of one value in a table.

    Examples
    --------
    >>> cell(0.123456), cell(None), cell(True), cell(2014), cell(-181.04), cell("topical")
    ('0.1235', '', 'yes', '2014', '−181', 'topical')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    return str(value).replace("-", MINUS) if isinstance(value, int) else str(value)


def number(value: float | None, *, sign: bool = False) -> str:
    """A number to four significant digits, or an en dash where there is none.

    Examples
    --------
    >>> number(12.3456), number(3.0, sign=True), number(None)
    ('12.35', '+3', '–')
    """
    return significant(value, signed=sign) if is_number(value) else DASH


def interval(low: float | None, high: float | None) -> str:
    """Two ends of an interval to four significant digits, or an en dash where there are none.

    Examples
    --------
    >>> interval(1.0, 2.5)
    '1 to 2.5'
    """
    return ends(low, high, None, signed=False) if is_number(low) and is_number(high) else DASH


def say(message: str) -> None:
    """Prints a message to standard error."""
    print(message, file=sys.stderr)
