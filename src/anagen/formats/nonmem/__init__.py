"""NONMEM: doses and observations as numbers in one table, for `$DATA nonmem.csv IGNORE=C` and `$INPUT C=DROP ID ...`.

A name of a column has at most 20 characters (NONMEM 7), a number at most 24.
"""

from __future__ import annotations

from anagen.formats.event_tables.convention import Convention
from anagen.formats.format import Format

__all__ = ["CONVENTION", "FORMAT"]
CONVENTION = Convention(
    program="NONMEM",
    file="nonmem.csv",
    coded=True,
    empty=".",
    missing="-99",
    events=(0, 1, 2, 3, 4),
    comment="C",
    numbered=True,
    longest_name=20,
    longest_value=24,
)
FORMAT = Format(
    name="nonmem",
    title="an event table of NONMEM",
    home=__name__,
    recognises=CONVENTION.recognises,
    expected="expected a table (CSV) with TIME in its header, in capitals, and three of ID, AMT, DV, EVID, MDV, CMT",
    folder=True,
)
