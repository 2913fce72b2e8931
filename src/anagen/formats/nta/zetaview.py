"""Text exports of ZetaView: a header "Name:<tab>value", then tables of sizes, the first of them linear."""

from __future__ import annotations

import re

import numpy as np

from anagen.formats.nta.export import Export, number_of, refused

SIGN = re.compile(r"^\s*(?:Original File:|ZetaView S/N:|Software:\s*ZetaView)", re.MULTILINE | re.IGNORECASE)
_HEADER = re.compile(r"^\s*Size\s*/\s*nm\s+Number\b", re.IGNORECASE)
_CONCENTRATION = "Concentration"


def read_zetaview(text: str, file: str) -> Export:
    """An export of ZetaView.

    The concentration of the measured sample is the undiluted one ("Original Concentration") over the dilution that the
    file tells, or the line "Concentration". The table of sizes gives the shape alone; the logarithmic table that
    follows a row with a negative size repeats it and is left out.

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
    lines = text.splitlines()
    header = _header(lines)
    sizes, numbers = _distribution(lines, file)
    dilution = _first(header, "dilution factor", "dilution")
    original = _first(header, "original concentration")
    concentration = _first(header, "concentration")
    if original is not None:
        concentration = original / (dilution or 1.0)
    check = header.get("cell check result", "")
    flags = (f"cell check: {check}",) if check and "ok" not in check.lower() and "good" not in check.lower() else ()
    return Export(
        "ZetaView",
        np.asarray(sizes),
        np.asarray(numbers),
        concentration,
        dilution,
        _first(header, "number of traced particles", "number of traces"),
        _first(header, "average number of particles", "detected particles"),
        flags,
    )


def _header(lines: list[str]) -> dict[str, str]:
    """Values by name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(" ".join(name.lower().split()), value.strip(" :\t"))
    return found


def _first(header: dict[str, str], *names: str) -> float | None:
    return next((value for name in names if (value := number_of(header.get(name, ""))) is not None), None)


def _distribution(lines: list[str], file: str) -> tuple[list[float], list[float]]:
    start = next((index for index, line in enumerate(lines) if _HEADER.match(line)), None)
    if start is None:
        words = 'holds no table "Size / nm, Number, ..."; expected the text export of a size measurement'
        raise refused(file, f"is an export of ZetaView and {words}, not of a profile or of zeta potential")
    sizes: list[float] = []
    numbers: list[float] = []
    for place, line in enumerate(lines[start + 1 :], start=start + 2):
        cells = line.replace("\t", " ").split()
        if not cells:
            continue
        size = number_of(cells[0])
        if size is None or size < 0.0:
            break
        number = number_of(cells[1]) if len(cells) > 1 else None
        if number is None or number < 0.0:
            raise refused(file, f"has no number of particles beside the size {size:g} nm", place)
        sizes.append(size)
        numbers.append(number)
    if sum(numbers) <= 0.0:
        raise refused(file, "counts no particle at any size")
    return sizes, numbers
