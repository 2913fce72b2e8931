"""Writes doses and observations as NONMEM reads them, with a data dictionary."""

from __future__ import annotations

from collections.abc import Mapping

from anagen.formats.event_tables.records import events_of
from anagen.formats.event_tables.writing import files_of
from anagen.formats.nonmem import CONVENTION
from anagen.formats.subject import Subject


def write(subject: Subject) -> Mapping[str, bytes]:
    """The event table of a run, or of a study as it is planned.

    Parameters
    ----------
    subject : Subject
        A study or run.

    Returns
    -------
    Mapping[str, bytes]
        Table and dictionary; the same bytes each time.
    """
    return files_of(events_of(subject), CONVENTION)
