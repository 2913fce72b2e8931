"""Tables that are taken along, as CSV that a spreadsheet reads as what it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def sheet(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table as CSV.

    Parameters
    ----------
    header : Sequence of str
        Names of the columns.
    rows : Sequence of Sequence of object
        Text and numbers; text that could be taken for a formula gets a mark before it.

    Returns
    -------
    str
        Lines that end in a line feed.

    Examples
    --------
    >>> sheet(["sign", "note"], [["+", "=1+1"]])
    "sign,note\\n+,'=1+1\\n"
    """
    stream = io.StringIO()
    written = csv.writer(stream, lineterminator="\n")
    written.writerow(header)
    written.writerows([[_plain(cell) for cell in row] for row in rows])
    return stream.getvalue()


def _plain(cell: object) -> object:
    # a sign alone is no formula
    return f"'{cell}" if isinstance(cell, str) and len(cell) > 1 and cell.startswith(FORMULA) else cell
