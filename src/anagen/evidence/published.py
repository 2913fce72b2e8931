"""Published results as they are asked for: the shipped table with the values of the study files, whole or filtered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from anagen.core.errors import InputError, Problem
from anagen.core.registry import Registry
from anagen.core.result import TableResult
from anagen.core.words import counted
from anagen.evidence.from_studies import shipped_study_files, with_studies
from anagen.evidence.table import CHOICES, COLUMNS, READ, USES, Published, published_trials
from anagen.therapies.names import meant_by, spellings

if TYPE_CHECKING:
    import pandas as pd


SUMMARY = ("study", "arm", "therapy", "endpoint", "measure", "week", "mean", "sd", "n", "read", "use")


@dataclass(frozen=True, repr=False)
class PublishedResults(TableResult):
    """Published results, one row per arm or contrast, endpoint and time.

    Attributes
    ----------
    rows : tuple of Published
        The results, those of the shipped table first.
    """

    rows: tuple[Published, ...]

    _what: ClassVar[str] = "Published results"
    _then: ClassVar[tuple[str, ...]] = (".table", ".records()", '.save("table.csv")')

    def __len__(self) -> int:
        """Number of results.

        Returns
        -------
        int
            Rows.
        """
        return len(self.rows)

    @property
    def table(self) -> pd.DataFrame:
        """The results with the columns of the shipped table."""
        import pandas as pd

        return pd.DataFrame([{name: getattr(row, name) for name in COLUMNS} for row in self.rows], columns=COLUMNS)

    def summary(self) -> pd.DataFrame:
        """The essential columns of the table.

        Returns
        -------
        DataFrame
            One row per result.
        """
        return self.table[list(SUMMARY)]

    def headline(self) -> str:
        """How many results of how many studies there are.

        Returns
        -------
        str
            One line.
        """
        studies = counted(len({row.study for row in self.rows}), "study", "studies")
        return f"{counted(len(self.rows), 'row')} of {studies}"

    def records(self) -> list[dict[str, object]]:
        """The results as plain values, without what is not stated.

        Returns
        -------
        list of dict
            One per result.
        """
        return [row.record() for row in self.rows]


def published(
    therapy: str | None = None,
    endpoint: str | None = None,
    condition: str | None = None,
    use: str | None = None,
    read: str | None = None,
    *,
    study: str | None = None,
    sponsor: str | None = None,
    blinding: str | None = None,
    sham: str | None = None,
    add_on: bool | None = None,
) -> PublishedResults:
    """Published results of the shipped table and study files.

    Parameters
    ----------
    therapy : str, optional
        Only rows in which it was given; any name of the therapy.
    endpoint : str, optional
        Only these.
    condition : str, optional
        Only these.
    use : {"calibrate", "check", "exclude"}, optional
        Only what may inform parameters, is compared only, or is shown only.
    read : str, optional
        Only numbers that were read there, such as "abstract".
    study : str, optional
        Only this study: its name in the table or of its study file.
    sponsor : {"industry", "academic", "none_stated"}, optional
        Only trials of which the study file says so.
    blinding : {"double", "single", "assessor", "open"}, optional
        Only trials of which the study file says so.
    sham : {"convincing", "weak", "none"}, optional
        Only trials of which the study file says so.
    add_on : bool, optional
        Only trials that did, or did not, add the therapy to one that both arms had.

    Returns
    -------
    PublishedResults
        All of them where nothing is asked for.

    Raises
    ------
    InputError
        Where a name is unknown, with the names that there are and the nearest one.

    Examples
    --------
    >>> published("avodart", use="calibrate")
    9 rows of 4 studies
    """
    rows = _every_row()
    wanted = {
        "endpoint": known_name("endpoint", endpoint, (row.endpoint for row in rows)),
        "condition": known_name("condition", condition, (row.condition for row in rows)),
        "use": known_name("use", use, USES),
        "read": known_name("read", read, READ),
        "sponsor": known_name("sponsor", sponsor, CHOICES["sponsor"]),
        "blinding": known_name("blinding", blinding, CHOICES["blinding"]),
        "sham": known_name("sham", sham, CHOICES["sham"]),
        "add_on": None if add_on is None else "yes" if add_on else "no",
    }
    named = known_therapy(therapy, rows)
    known_name("study", study, (name for row in rows for name in (row.study, row.study_file)))
    return PublishedResults(
        tuple(
            row
            for row in rows
            if named in (None, *row.therapy.split("+"))
            and study in (None, row.study, row.study_file)
            and all(value in (None, getattr(row, field)) for field, value in wanted.items())
        )
    )


@cache
def _every_row() -> tuple[Published, ...]:
    """Rows of the shipped table with the values of the shipped study files, read once."""
    return with_studies(published_trials(), shipped_study_files())


def known_name(field: str, value: str | None, allowed: Iterable[str]) -> str | None:
    """Check that a name is one of those allowed.

    Parameters
    ----------
    field : str
        What is named, for the message.
    value : str or None
        The name; None passes.
    allowed : iterable of str
        Right names; empty ones do not count.

    Returns
    -------
    str or None
        The name.

    Raises
    ------
    InputError
        Where it is unknown, with the nearest right one.
    """
    names = Registry(field, dict.fromkeys(sorted({name for name in allowed if name})))
    if value is None or value in names:
        return value
    raise InputError((Problem(None, None, None, field, f"unknown {value!r}", names.names(), names.nearest(value)),))


def known_therapy(name: str | None, rows: Iterable[Published]) -> str | None:
    """The name in the table of a therapy that is called by any of its names; see `known_name`.

    Parameters
    ----------
    name : str or None
        A name that people use; None passes.
    rows : iterable of Published
        Rows whose therapies count as known as well.

    Returns
    -------
    str or None
        Name of the therapy.

    Raises
    ------
    InputError
        Where it is unknown, with the nearest right name.

    Examples
    --------
    >>> known_therapy("Avodart", ())
    'dutasteride'
    """
    synonym = None if name is None else meant_by(name)
    in_rows = (part for row in rows for part in row.therapy.split("+"))
    return known_name("therapy", name if synonym is None else synonym.therapy.name, (*spellings(), *in_rows))
