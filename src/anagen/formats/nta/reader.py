"""Reads a count of particles as the lines that a product file has under [particles]."""

from __future__ import annotations

from pathlib import Path

from anagen.formats.format import Imported
from anagen.formats.nta.check import count_of

PARTICLES = "particles.toml"


def read(path: Path, table: Path | None) -> Imported:
    """A count of particles for a product file.

    Parameters
    ----------
    path : Path
        Export of an instrument.
    table : Path or None
        Not heeded: an export says itself what it holds.

    Returns
    -------
    Imported
        TOML, and what is doubtful.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    count = count_of(path)
    doubts = tuple(f"In doubt: {doubt}." for doubt in count.doubts)
    document = count.document()
    del document["ok"]
    return Imported({PARTICLES: count.as_toml().encode()}, (f"{count.headline()}.", *doubts), document)
