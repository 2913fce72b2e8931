"""Text exports of ZetaView: a header of names and values, then tables of sizes, the first of them linear.

Versions of the software write the header with colons, with tabs alone or in a comma-separated file; a name is looked
for at the beginning of a line, whatever parts it from its value.
"""

from __future__ import annotations

import re

from anagen.formats.nta.export import (
    Export,
    dilution_of,
    distribution_of,
    number_of,
    refused,
    refused_comma,
    with_comma,
)

SIGN = re.compile(
    r"ZetaView|Particle\s*Metrix|^\W*Original\s+File\b|^\W*Size\s*/\s*nm\W+Number\W+Concentration\s*/\s*cm",
    re.MULTILINE | re.IGNORECASE,
)
_HEADER = re.compile(r"^\W*(?:Size|Diameter)\s*[/(\[]?\s*nm[)\]]?\W+Number\b", re.IGNORECASE)
_PARTED = " \t:=;,\"'"
_NEAR = 0.05
"""Share by which the two concentrations of a file may differ after its dilution, as they are rounded."""


def read_zetaview(text: str, file: str) -> Export:
    """An export of ZetaView.

    "Original Concentration" is that of the sample, with the dilution in it; "Concentration" is that of what was
    measured. The table of sizes gives the shape alone; the logarithmic table that follows a row with a negative size
    repeats it and is left out.

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
    lines = text.splitlines()
    start = next((index for index, line in enumerate(lines) if _HEADER.match(line)), None)
    if start is None:
        words = 'holds no table "Size / nm, Number, ..."; expected the text export of a size measurement'
        raise refused(file, f"is an export of ZetaView and {words}, not of a profile or of zeta potential")
    mark = next((mark for mark in "\t;," if mark in lines[start]), None)
    # Commas that part cells are no decimal commas.
    header = [line.replace(",", "\t") for line in lines[:start]] if mark == "," else lines[:start]
    sizes, numbers = distribution_of(file, _rows(lines, start, mark, file), "number of particles")
    diluted = [dilution_of(value) for name in ("dilution factor", "dilution") for value in _told(header, name)]
    dilution = next((value for value in diluted if value is not None), None)
    original, concentration = (_first(header, file, name) for name in ("original concentration", "concentration"))
    check = next(iter(_told(header, "cell check result")), "")
    flags = [f"cell check: {check}"] if check and not re.search("ok|good", check, re.IGNORECASE) else []
    if original is not None and concentration and concentration > 0.0:
        implied = original / concentration
        if dilution is None:
            dilution = implied
            flags.append(f"the dilution of {implied:.4g} is that between the two concentrations of the file")
        elif abs(implied - dilution) > _NEAR * dilution:
            flags.append(
                f"its two concentrations tell a dilution of {implied:.4g} and its dilution is {dilution:g}; the "
                "concentration of the sample is the original one"
            )
    return Export(
        "ZetaView",
        sizes,
        numbers,
        concentration,
        original,
        dilution,
        _first(header, file, "number of traced particles", "number of traces"),
        _first(header, file, "average number of particles", "detected particles"),
        tuple(flags),
    )


def _told(header: list[str], name: str) -> list[str]:
    """What follows a name at the beginning of a line, in order."""
    words = name.replace(" ", r"\s+")
    begins = re.compile(rf"[{_PARTED}]*{words}\b(.*)", re.IGNORECASE)
    return [match[1].strip(_PARTED) for line in header if (match := begins.match(line)) is not None]


def _first(header: list[str], file: str, *names: str) -> float | None:
    """The first number that follows one of some names."""
    for name in names:
        values = _told(header, name)
        comma = with_comma(values)
        if comma is not None:
            raise refused_comma(file, comma)
        found = next((value for text in values if (value := number_of(text)) is not None), None)
        if found is not None:
            return found
    return None


def _rows(lines: list[str], start: int, mark: str | None, file: str) -> list[tuple[int, float | None, float | None]]:
    """Line, size and number of every row below the header, parted as the header is."""
    rows: list[tuple[int, float | None, float | None]] = []
    for place, line in enumerate(lines[start + 1 :], start=start + 2):
        cells = [cell.strip(" \"'") for cell in line.split(mark)]
        if not any(cells):
            continue
        comma = with_comma(cells[:2])
        if comma is not None:
            raise refused_comma(file, comma, place)
        rows.append((place, number_of(cells[0]), number_of(cells[1]) if len(cells) > 1 else None))
    return rows
