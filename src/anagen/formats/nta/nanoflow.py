"""Tables of nano-flow cytometers: sizes in nm, one row per event or per bin, with or without a concentration above."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from anagen.formats.nta.export import Export, cells_of, dilution_of, number_of, refused, refused_comma, with_comma

SIGN = re.compile(r"\b(?:size|diameter)\s*[/(\[_]?\s*nm\b", re.IGNORECASE)
_COUNT = re.compile(r"^(?:count|counts|events|number|frequency|particles)\b", re.IGNORECASE)
_CONCENTRATION = re.compile(r"^concentration\b", re.IGNORECASE)
_ORIGINAL = re.compile(r"^(?:original|sample|undiluted|(?:dilution[- ]?)?corrected)\s+concentration\b", re.IGNORECASE)
_DILUTION = re.compile(r"^dilution", re.IGNORECASE)


def read_nanoflow(text: str, file: str, volume: float | None = None) -> Export:
    """A table of a nano-flow cytometer.

    Parameters
    ----------
    text : str
        The file.
    file : str
        Its name in messages.
    volume : float, optional
        Volume that was analysed [mL]; with it the events give the concentration.

    Raises
    ------
    InputError
        Where it holds no column of sizes.
    """
    rows = cells_of(text)
    start = next((i for i, row in enumerate(rows) if any(map(SIGN.search, row))), None)
    if start is None:
        raise refused(file, 'has no column of sizes; expected one named "Size (nm)" or "Diameter (nm)"')
    size_column = next(i for i, name in enumerate(rows[start]) if SIGN.search(name))
    count_column = next((i for i, name in enumerate(rows[start]) if _COUNT.match(name)), None)
    sizes: list[float] = []
    counts: list[float] = []
    for place, row in enumerate(rows[start + 1 :], start=start + 2):
        if not any(row):
            continue
        size = number_of(row[size_column]) if size_column < len(row) else None
        count = 1.0 if count_column is None else number_of(row[count_column]) if count_column < len(row) else None
        comma = with_comma(row)
        if comma is not None:
            raise refused_comma(file, comma, place)
        if size is None or count is None or size <= 0.0 or count < 0.0:
            raise refused(file, "has a row without a size and a count that can be read", place)
        sizes.append(size)
        counts.append(count)
    total = sum(counts)
    if total <= 0.0:
        raise refused(file, "holds no event")
    above = rows[:start]
    return Export(
        "nano-flow cytometer",
        np.asarray(sizes),
        np.asarray(counts),
        total / volume if volume is not None else _above(above, _CONCENTRATION, number_of),
        None if volume is not None else _above(above, _ORIGINAL, number_of),
        _above(above, _DILUTION, dilution_of),
        total,
    )


def _above(rows: list[list[str]], name: re.Pattern[str], read: Callable[[str], float | None]) -> float | None:
    """Number of a field above the table, as "Name: value" or in the next cell."""
    for row in rows:
        field, _, rest = (row[0] if row else "").partition(":")
        if name.match(field):
            return next((number for cell in (rest, *row[1:]) if (number := read(cell)) is not None), None)
    return None
