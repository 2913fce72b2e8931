"""What the command line prints: tables and sentences on standard output, progress on standard error."""

from __future__ import annotations

import json
import math
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import pandas as pd
    from rich.progress import Progress

SECONDS_BEFORE_PROGRESS = 2.0
WIDTH_IN_A_PIPE = 160
ROWS_SHOWN = 200


def print_json(value: object) -> None:
    """Prints one JSON document; missing numbers are null."""
    print(json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False))


def plain(value: Any) -> Any:
    """A value as JSON has it: NumPy scalars unpacked, NaN and missing values null, anything unknown as text."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Iterable):
        return [plain(entry) for entry in value]
    text = str(value)
    return None if text in ("<NA>", "NaT") else text


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as plain mappings."""
    return [plain(row) for row in frame.to_dict(orient="records")]


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


class ProgressBar(AbstractContextManager["ProgressBar"]):
    """A progress bar on standard error, shown once the work has taken 2 s and only on a terminal.

    Example:
        >>> with ProgressBar() as bar:
        ...     bar.stage("simulating")
        ...     bar.advance(1, 2)
    """

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._timer: threading.Timer | None = None
        self._task: Any = None

    def __enter__(self) -> Self:
        """Starts the clock."""
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._progress.add_task("starting", total=None)
            self._timer = threading.Timer(SECONDS_BEFORE_PROGRESS, self._progress.start)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Takes the bar away."""
        if self._timer is not None and self._progress is not None:
            self._timer.cancel()
            self._timer.join()
            self._progress.stop()

    def stage(self, description: str) -> None:
        """Says what is being done now."""
        if self._progress is not None:
            self._progress.update(self._task, description=description)

    def advance(self, done: int, total: int) -> None:
        """Says how much is done."""
        if self._progress is not None:
            self._progress.update(self._task, completed=done, total=total)
