"""Tables of nano-flow cytometers: sizes in nm, one row per event or per bin, with or without a concentration above."""

from __future__ import annotations

import csv
import re

import numpy as np

from anagen.formats.nta.export import Export, number_of, refused

SIGN = re.compile(r"\b(?:size|diameter)\s*[/(\[_]?\s*nm\b", re.IGNORECASE)
_COUNT = re.compile(r"^(?:count|counts|events|number|frequency|particles)\b", re.IGNORECASE)
_CONCENTRATION = re.compile(r"^(?:original |sample )?concentration\b", re.IGNORECASE)
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
    mark = max(",;\t", key=text.count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines(), delimiter=mark)]
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
        if size is None or count is None or size <= 0.0 or count < 0.0:
            raise refused(file, "has a row without a size and a count that can be read", place)
        sizes.append(size)
        counts.append(count)
    total = sum(counts)
    if total <= 0.0:
        raise refused(file, "holds no event")
    told = _above(rows[:start], _CONCENTRATION)
    concentration = total / volume if volume is not None else told
    return Export(
        "nano-flow cytometer",
        np.asarray(sizes),
        np.asarray(counts),
        concentration,
        _above(rows[:start], _DILUTION),
        total,
    )


def _above(rows: list[list[str]], name: re.Pattern[str]) -> float | None:
    """Number of a field above the table, as "Name: value" or in the next cell."""
    for row in rows:
        field, _, rest = (row[0] if row else "").partition(":")
        if name.match(field):
            return next((number for cell in (rest, *row[1:]) if (number := number_of(cell)) is not None), None)
    return None
