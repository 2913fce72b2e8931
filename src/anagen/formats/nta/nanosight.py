"""Summaries of NanoSight (NTA 3): fields with commas or tabs, results per video, then the table of sizes.

The concentrations of such a file are already multiplied by the dilution that it tells: "Dilution factor (concentrations
adjusted for this factor)". Results stand in one column per video; where the software adds an average and a standard
error, the average is taken and the error is no video.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from anagen.formats.nta.export import Export, cells_of, distribution_of, number_of, refused, refused_comma, with_comma

SIGN = re.compile(r"Bin centre \(nm\)|\[Auto Report|NTA Software|NTA Version|NanoSight", re.IGNORECASE)
_GOOD = ("ok", "no", "none", "")
_ERROR = re.compile(r"standard\s+(?:error|deviation)|std\.?\s*err|\b(?:SE|SEM|SD)\b|\+/-|±", re.IGNORECASE)
_AVERAGE = re.compile(r"\b(?:average|mean)\b", re.IGNORECASE)
Rows = list[list[str]]


def read_nanosight(text: str, file: str) -> Export:
    """A summary of NanoSight, of one video or of several.

    Parameters
    ----------
    text : str
        The file.
    file : str
        Its name in messages.

    Raises
    ------
    InputError
        Where it holds no distribution of sizes, or numbers with a comma.
    """
    rows = cells_of(text)
    start = next((i for i, row in enumerate(rows) if row and row[0].lower().startswith("bin centre")), None)
    if start is None:
        words = 'holds no table "Bin centre (nm), Concentration ..."; expected the summary of an experiment'
        raise refused(file, f"is an export of NanoSight and {words} (ExperimentSummary), not a list of tracks")
    sizes, weights = distribution_of(file, _rows(rows, start, file), "concentration")
    dilution = _mean(rows, file, "dilution factor")
    return Export(
        "NanoSight",
        sizes,
        weights,
        None,
        _mean(rows, file, "concentration (particles / ml)", "concentration (particles/ml)", "concentration"),
        dilution,
        _sum(rows, file, "valid tracks", "completed tracks"),
        _mean(rows, file, "particles per frame", "centres per frame"),
        tuple(_flags(rows)),
    )


def _values(rows: Rows, name: str, file: str, *, averaged: bool) -> list[float]:
    """Numbers of the first row of a name that holds any: the average of the videos, or each video.

    Columns are named by the last row of words above that has an average or an error in it. A name may go on, as in
    "Particles per frame, average"; a row of errors is passed over.
    """
    header: list[str] = []
    for place, row in enumerate(rows):
        words = row[1:] if all(number_of(cell) is None for cell in row[1:]) else []
        if any(_ERROR.search(cell) or _AVERAGE.search(cell) for cell in words):
            header = row
        if not row or not row[0].lower().startswith(name) or _ERROR.search(row[0]):
            continue
        comma = with_comma(row[1:])
        if comma is not None:
            raise refused_comma(file, comma, place + 1)
        found = [number for i in _columns(header, range(1, len(row)), averaged=averaged)
                 if (number := number_of(row[i])) is not None]  # fmt: skip
        if found and min(found) < 0.0:
            raise refused(file, f"tells {min(found):g} as {row[0]!r}, and no result is below 0", place + 1)
        if found:
            return found
    return []


def _columns(header: list[str], places: Iterable[int], *, averaged: bool) -> list[int]:
    """Columns of results without those of errors: the average where it is asked for and there is one, else videos."""
    named = {place: header[place] if place < len(header) else "" for place in places}
    results = [place for place, name in named.items() if not _ERROR.search(name)]
    averages = [place for place in results if _AVERAGE.search(named[place])]
    videos = [place for place in results if place not in averages]
    return averages[:1] or videos if averaged else videos or averages[:1]


def _mean(rows: Rows, file: str, *names: str) -> float | None:
    found = _first(rows, file, names, averaged=True)
    return sum(found) / len(found) if found else None


def _sum(rows: Rows, file: str, *names: str) -> float | None:
    found = _first(rows, file, names, averaged=False)
    return sum(found) if found else None


def _first(rows: Rows, file: str, names: tuple[str, ...], *, averaged: bool) -> list[float]:
    """Numbers of the first of some names that has any."""
    each = (_values(rows, name, file, averaged=averaged) for name in names)
    return next((values for values in each if values), list[float]())


def _rows(rows: Rows, start: int, file: str) -> list[tuple[int, float | None, float | None]]:
    """Line, size and concentration of every bin: the column of averages where there is one, else the mean of videos."""
    header = rows[start]
    named = [i for i, name in enumerate(header) if name.lower().startswith("concentration")] or [1]
    columns = _columns(header, named, averaged=True)
    found: list[tuple[int, float | None, float | None]] = []
    for place, row in enumerate(rows[start + 1 :], start=start + 2):
        comma = with_comma(row)
        if comma is not None:
            raise refused_comma(file, comma, place)
        numbers = [number for i in columns if i < len(row) and (number := number_of(row[i])) is not None]
        whole = bool(numbers) and min(numbers) >= 0.0
        found.append((place, number_of(row[0]) if row else None, sum(numbers) / len(numbers) if whole else None))
    return found


def _flags(rows: Rows) -> list[str]:
    """What stands under "Information" and is not well: noise, vibration, too short a video, settings changed."""
    watched = ("noise level", "vibration detected", "video length", "settings changed", "completed tracks")
    found: list[str] = []
    for row in rows:
        if not row or not row[0].lower().startswith(watched):
            continue
        bad = [cell for cell in row[1:] if cell.lower() not in _GOOD and number_of(cell) is None]
        if bad:
            found.append(f"{row[0].rstrip(' ?')}: {bad[0]}")
    return found
