"""nlmixr2 and rxode2: doses and observations in one data frame, compartments and groups by their names."""

from __future__ import annotations

from anagen.formats.event_tables.convention import Convention
from anagen.formats.format import Format

__all__ = ["CONVENTION", "FORMAT"]
CONVENTION = Convention(
    program="nlmixr2",
    file="nlmixr2.csv",
    coded=False,
    empty="NA",
    missing="NA",
    events=(0, 1, 2, 3, 4, 5, 6, 7),
)
FORMAT = Format(
    name="nlmixr2",
    title="an event table of nlmixr2",
    home=__name__,
    recognises=CONVENTION.recognises,
    expected="expected a table (CSV) with time in its header, and three of id, amt, dv, evid, mdv, cmt",
    folder=True,
)
