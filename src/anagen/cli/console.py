"""What the command line prints: tables and sentences on standard output, progress on standard error."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from anagen.core.plain import json_text, records

if TYPE_CHECKING:
    import pandas as pd

WIDTH_IN_A_PIPE = 160
ROWS_SHOWN = 200


def print_json(value: object) -> None:
    """Print one JSON document; missing numbers are null.

    Parameters
    ----------
    value : object
        Plain values, arrays or tables' rows.
    """
    print(json_text(value))


def print_table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints a table; numbers are aligned to the right and rounded to four digits."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    listed = [list(row) for row in rows]
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for index, name in enumerate(header):
        numbers = all(is_number(row[index]) or row[index] is None for row in listed)
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in listed:
        table.add_row(*(Text(cell(value)) for value in row))
    # Outside a terminal rich would fold everything into 80 columns.
    Console(width=None if sys.stdout.isatty() else WIDTH_IN_A_PIPE).print(table)


def print_frame(frame: pd.DataFrame) -> None:
    """Prints the first rows of a table and says how many there are."""
    rows = records(frame.head(ROWS_SHOWN))
    print_table("", [str(name) for name in frame.columns], (list(row.values()) for row in rows))
    shown = f", the first {ROWS_SHOWN} shown; --json prints all" if len(frame) > ROWS_SHOWN else ""
    print(f"{len(frame)} {'row' if len(frame) == 1 else 'rows'}{shown}")


def is_number(value: object) -> bool:
    """Whether a value is printed as a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def cell(value: object) -> str:
    """Text of one value in a table.

    Example:
        >>> cell(0.123456), cell(None), cell(True), cell(1234567), cell(181.04)
        ('0.1235', '', 'yes', '1234567', '181')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    return str(value)


def number(value: float | None, *, sign: bool = False) -> str:
    """A number to four significant digits, or an en dash where there is none.

    Example:
        >>> number(12.3456), number(3.0, sign=True), number(None)
        ('12.35', '+3', '–')
    """
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:+.4g}" if sign else f"{value:.4g}"


def p_value(value: float | None) -> str:
    """A p value as journals print it.

    Example:
        >>> p_value(0.0321), p_value(1e-7), p_value(None)
        ('p = 0.032', 'p < 0.001', 'p –')
    """
    if value is None or not math.isfinite(value):
        return "p –"
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def interval(low: float | None, high: float | None) -> str:
    """Two ends of an interval.

    Example:
        >>> interval(1.0, 2.5)
        '1 to 2.5'
    """
    return "–" if low is None or high is None else f"{number(low)} to {number(high)}"


def say(message: str) -> None:
    """Prints a message to standard error."""
    print(message, file=sys.stderr)
