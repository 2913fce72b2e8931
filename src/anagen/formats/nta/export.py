"""What an export of an instrument says, before dilution and doubts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem

Instrument = Literal["ZetaView", "NanoSight", "nano-flow cytometer"]
_ONE_IN = re.compile(r"1\s*[:/]\s*(\d[\d.]*(?:[eE]\+?\d+)?)\b")
_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?(?![\d,])")


@dataclass(frozen=True)
class Export:
    """One export.

    Attributes
    ----------
    instrument : Instrument
        What wrote it.
    sizes : FloatArray
        Diameters [nm] of bins or of single particles.
    weights : FloatArray
        Particles of each, in any unit.
    concentration : float or None
        Particles per mL of what was measured, before dilution is taken into account; None where it is not told.
    original : float or None
        Particles per mL of the sample, the dilution being in it already; None where it is not told.
    dilution : float or None
        Dilution that the file tells; None where it tells none.
    tracked : float or None
        Particles that were followed or counted.
    per_frame : float or None
        Particles in a picture of the camera, on average.
    flags : tuple[str, ...]
        What the instrument itself finds wrong.
    """

    instrument: Instrument
    sizes: FloatArray
    weights: FloatArray
    concentration: float | None = None
    original: float | None = None
    dilution: float | None = None
    tracked: float | None = None
    per_frame: float | None = None
    flags: tuple[str, ...] = ()


def quantile(sizes: FloatArray, weights: FloatArray, share: float) -> float:
    """Diameter below which a share of the particles lies, linear between the middles of bins.

    Parameters
    ----------
    sizes : FloatArray
        Diameters in any order.
    weights : FloatArray
        Particles of each.
    share : float
        From 0 to 1.

    Examples
    --------
    >>> quantile(np.array([50.0, 100.0, 150.0]), np.array([1.0, 2.0, 1.0]), 0.5)
    100.0
    """
    order = np.argsort(sizes)
    ordered, parts = sizes[order], weights[order]
    below = (np.cumsum(parts) - 0.5 * parts) / parts.sum()
    return float(np.interp(share, below, ordered))


def cells_of(text: str) -> list[list[str]]:
    """Rows and cells of a table, parted by whichever of comma, semicolon and tab occurs most.

    Examples
    --------
    >>> cells_of("Size (nm);Counts\\n60;10")
    [['Size (nm)', 'Counts'], ['60', '10']]
    """
    mark = max(",;\t", key=text.count)
    return [[cell.strip() for cell in row] for row in csv.reader(text.splitlines(), delimiter=mark)]


def number_of(text: str) -> float | None:
    """The number that a field begins with; None where it begins with none.

    Examples
    --------
    >>> number_of("1.2E+8 Particles / cm^3"), number_of("sensed"), number_of(" 1000 ")
    (120000000.0, None, 1000.0)
    """
    words = text.strip().split()
    try:
        value = float(words[0]) if words else None
    except ValueError:
        return None
    return value if value is not None and np.isfinite(value) else None


def dilution_of(text: str) -> float | None:
    """A dilution as laboratories write it; None where there is none.

    Examples
    --------
    >>> dilution_of("1000.0"), dilution_of("1:500"), dilution_of("1 / 200"), dilution_of("x 50"), dilution_of("100x")
    (1000.0, 500.0, 200.0, 50.0, 100.0)
    """
    match = _ONE_IN.search(text)
    return float(match[1]) if match is not None else number_of(re.sub(r"(?<=\d)\s*[x×]|^\s*[x×]", " ", text))


def with_comma(texts: Iterable[str]) -> str | None:
    """The first number that has a comma for its decimal point; None where none has.

    Examples
    --------
    >>> with_comma(["OK", "6,0E+10 Particles / cm^3"]), with_comma(["6.0E+10"])
    ('6,0E+10', None)
    """
    return next((found[0] for text in texts if (found := _COMMA.match(text.strip())) is not None), None)


def distribution_of(
    file: str, rows: Iterable[tuple[int, float | None, float | None]], what: str
) -> tuple[FloatArray, FloatArray]:
    """Sizes and particles of the rows of a table, up to the first row without a size above zero.

    Bins of no size and no particles at the head of a table are passed over.

    Parameters
    ----------
    file : str
        Name of the file in messages.
    rows : iterable of tuple
        Line, size [nm] and particles of each row; None where one cannot be read.
    what : str
        What stands beside a size, in messages.

    Raises
    ------
    InputError
        Where particles are missing or negative, where particles have no size, or where no particle was counted.
    """
    sizes: list[float] = []
    weights: list[float] = []
    for line, size, weight in rows:
        if size is None or size < 0.0:
            break
        if weight is None or weight < 0.0:
            raise refused(file, f"has no {what} beside the size {size:g} nm", line)
        if size == 0.0:
            if weight > 0.0:
                raise refused(file, "counts particles of 0 nm; a particle has a size", line)
            continue
        sizes.append(size)
        weights.append(weight)
    if sum(weights) <= 0.0:
        raise refused(file, "counts no particle at any size")
    return np.asarray(sizes), np.asarray(weights)


def refused(file: str, message: str, line: int | None = None) -> InputError:
    """The error for an export that cannot be used."""
    return InputError([Problem(file, line, None, "", message)])


def refused_comma(file: str, number: str, line: int | None = None) -> InputError:
    """The error for an export whose numbers have a comma for their point."""
    words = f"has a comma in the number {number}, which can be read in two ways; export it with a decimal point"
    return refused(file, words, line)
