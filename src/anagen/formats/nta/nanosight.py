"""Summaries of NanoSight (NTA 3): fields with commas or tabs, results per video, then the table of sizes.

The concentrations of such a file are already multiplied by the dilution that it tells: "Dilution factor (concentrations
adjusted for this factor)".
"""

from __future__ import annotations

import csv
import re

import numpy as np

from anagen.formats.nta.export import Export, number_of, refused

SIGN = re.compile(r"Bin centre \(nm\)|\[Auto Report|NTA Software|NTA Version|NanoSight", re.IGNORECASE)
_GOOD = ("ok", "no", "none", "")


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
        Where it holds no distribution of sizes.
    """
    mark = "\t" if text.count("\t") > text.count(",") else ","
    rows = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines(), delimiter=mark)]
    sizes, weights = _distribution(rows, file)
    dilution = _mean(rows, "dilution factor")
    concentration = _mean(rows, "concentration (particles / ml)", "concentration (particles/ml)", "concentration")
    return Export(
        "NanoSight",
        np.asarray(sizes),
        np.asarray(weights),
        None if concentration is None else concentration / (dilution or 1.0),
        dilution,
        _sum(rows, "valid tracks", "completed tracks"),
        _mean(rows, "particles per frame", "centres per frame"),
        tuple(_flags(rows)),
    )


def _values(rows: list[list[str]], name: str) -> list[float]:
    """Numbers of the first row of a name that holds any; a name may go on, as in "Particles per frame, average"."""
    for row in rows:
        if row and row[0].lower().startswith(name):
            found = [number for cell in row[1:] if (number := number_of(cell)) is not None]
            if found:
                return found
    return []


def _mean(rows: list[list[str]], *names: str) -> float | None:
    found = _first(rows, names)
    return sum(found) / len(found) if found else None


def _sum(rows: list[list[str]], *names: str) -> float | None:
    found = _first(rows, names)
    return sum(found) if found else None


def _first(rows: list[list[str]], names: tuple[str, ...]) -> list[float]:
    """Numbers of the first of some names that has any."""
    return next((values for name in names if (values := _values(rows, name))), list[float]())


def _flags(rows: list[list[str]]) -> list[str]:
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


def _distribution(rows: list[list[str]], file: str) -> tuple[list[float], list[float]]:
    """Bins and their particles: the column "Concentration average" where there is one, else the mean over videos."""
    start = next((i for i, row in enumerate(rows) if row and row[0].lower().startswith("bin centre")), None)
    if start is None:
        words = 'holds no table "Bin centre (nm), Concentration ..."; expected the summary of an experiment'
        raise refused(file, f"is an export of NanoSight and {words} (ExperimentSummary), not a list of tracks")
    header = [cell.lower() for cell in rows[start]]
    columns = [i for i, name in enumerate(header) if name.startswith("concentration average")]
    columns = columns or [i for i, name in enumerate(header) if name.startswith("concentration")] or [1]
    sizes: list[float] = []
    weights: list[float] = []
    for place, row in enumerate(rows[start + 1 :], start=start + 2):
        size = number_of(row[0]) if row else None
        if size is None:
            break
        found = [number for i in columns if i < len(row) and (number := number_of(row[i])) is not None]
        if not found or min(found) < 0.0:
            raise refused(file, f"has no concentration beside the size {size:g} nm", place)
        sizes.append(size)
        weights.append(sum(found) / len(found))
    if sum(weights) <= 0.0:
        raise refused(file, "counts no particle at any size")
    return sizes, weights
