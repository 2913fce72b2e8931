"""Published rows as a table that sorts, and one study in full with how each number was read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel

from anagen.core.words import counted
from anagen.evidence.published import PublishedResults, published
from anagen.evidence.table import Published
from anagen.evidence.wording import patients_text, spread_text, value_text, week_text
from anagen.reports.numbers import MINUS
from anagen.reports.wording import endpoint_names, pretty_unit, therapy_title
from anagen.studio.evidence.filters import Asked
from anagen.studio.evidence.sources import address_of
from anagen.study.covariates import COVARIATES, covariates_in_words

SORTS = {
    "study": "Study",
    "arm": "Arm",
    "endpoint": "Quantity",
    "week": "Week",
    "value": "Value",
    "n": "n",
    "use": "Use, read in",
}
"""Columns that sort, and their words."""
MINUS_SIGN = re.compile(r"(?<![\w-])-(?=\d)")
FIRST = 40
"""Rows shown before all are asked for."""
KIND_WORDS = {
    "arm": "one arm",
    "contrast": "difference of two arms",
    "pooled_arm": "pooled by others, one arm",
    "pooled_contrast": "pooled by others, difference",
}


class Row(BaseModel, frozen=True):
    """A published result in words.

    Attributes
    ----------
    study : str
        Name of the study.
    arm : str
        Whose result.
    therapy : str
        What was given, in words.
    quantity : str
        Endpoint and measure.
    week : str
        When.
    value : str
        Value with its unit and spread.
    n : str
        Patients.
    kind : str
        One arm, or a difference.
    read : str
        Where the number was read.
    derived : str
        Formula of a value that was worked out.
    printed : str
        As printed, where that was in another unit.
    use : str
        What it is for.
    reason : str
        Why it informs nothing.
    note : str
        What else is stated.
    """

    study: str
    arm: str
    therapy: str
    quantity: str
    week: str
    value: str
    n: str
    kind: str
    read: str
    derived: str
    printed: str
    use: str
    reason: str
    note: str


class Trials(BaseModel, frozen=True):
    """Published results that the filters leave.

    Attributes
    ----------
    headline : str
        How many there are.
    total : int
        Rows that the filters leave.
    rows : tuple of Row
        Those that are shown.
    sort : str
        Column by which they stand, with a minus for falling.
    """

    headline: str
    total: int
    rows: tuple[Row, ...]
    sort: str


class Study(BaseModel, frozen=True):
    """A published study.

    Attributes
    ----------
    name : str
        In the table.
    citation : str
        Where it was published.
    facts : tuple of tuple
        What is stated of it: words and text.
    study_file : str
        Shipped study that simulates it; "" where there is none.
    url : str
        Where it was read; "" where that is no address.
    rows : tuple of Row
        Every result.
    """

    name: str
    citation: str
    facts: tuple[tuple[str, str], ...]
    study_file: str
    url: str
    rows: tuple[Row, ...]


def trials_of(found: Asked, *, sort: str = "study", every: bool = False) -> Trials:
    """The rows that filters leave, sorted.

    Parameters
    ----------
    found : Asked
        What was asked for.
    sort : str
        One of `SORTS`, with a minus for falling; by study where it is none.
    every : bool
        Whether all are shown in place of the first `FIRST`.

    Returns
    -------
    Trials
        As shown.
    """
    name, falling = sort.removeprefix("-"), sort.startswith("-")
    if name not in SORTS:
        name, falling = "study", False
    ordered = sorted(found.rows, key=lambda row: _key(row, name), reverse=falling)
    # a missing number is neither small nor large
    ordered.sort(key=lambda row: _key(row, name)[0] == "")
    shown = ordered if every else ordered[:FIRST]
    headline = (
        f"{counted(len(found.rows), 'row')} of {counted(len({row.study for row in found.rows}), 'study', 'studies')}"
    )
    return Trials(
        headline=headline, total=len(found.rows), rows=rows_in_words(shown), sort=("-" if falling else "") + name
    )


def study_of(name: str) -> Study:
    """A published study in full.

    Parameters
    ----------
    name : str
        In the table, or of its study file.

    Returns
    -------
    Study
        With every row.

    Raises
    ------
    InputError
        Where there is none of that name.
    """
    rows = published(study=name).rows
    first = rows[0]
    conduct = covariates_in_words({key: getattr(first, key) for key in COVARIATES})
    who = ", ".join(filter(None, (first.sex, first.age, first.severity)))
    stated = (
        ("Design", first.design),
        ("Patients", who),
        ("Conduct", conduct),
        ("Funding", first.funding),
        ("Source", first.source),
        ("Study file", first.study_file),
    )
    url = first.url if first.url.startswith(("https://", "http://")) else address_of(first.source)
    facts = tuple((words, text) for words, text in stated if text)
    file = next((row.study_file for row in rows if row.study_file), "")
    return Study(
        name=first.study,
        citation=first.citation,
        facts=facts,
        study_file=file,
        url=url,
        rows=rows_in_words(rows),
    )


def table_of(name: str) -> bytes:
    """Every row of a study as a CSV file in the schema of the shipped table.

    Parameters
    ----------
    name : str
        In the table, or of its study file.

    Returns
    -------
    bytes
        UTF-8.
    """
    return published(study=name).table.to_csv(index=False, lineterminator="\n").encode()


def csv_of(found: Asked) -> bytes:
    """The rows that filters leave as a CSV file in the schema of the shipped table.

    Parameters
    ----------
    found : Asked
        What was asked for.

    Returns
    -------
    bytes
        UTF-8.
    """
    return PublishedResults(found.rows).table.to_csv(index=False, lineterminator="\n").encode()


def rows_in_words(rows: Sequence[Published]) -> tuple[Row, ...]:
    """Published results in words.

    Parameters
    ----------
    rows : Sequence of Published
        In order.

    Returns
    -------
    tuple of Row
        In the same order.
    """
    titles = endpoint_names(sorted({row.endpoint for row in rows}))
    return tuple(_row(row, titles[row.endpoint].title) for row in rows)


def _row(row: Published, endpoint: str) -> Row:
    spread = spread_text(row)
    value = value_text(row).replace(row.unit, pretty_unit(row.unit)) if row.unit not in ("1", "") else value_text(row)
    against = f" against {_therapies(row.versus)}" if row.versus else ""
    printed = f"{row.printed:g} {row.printed_unit}" if row.printed is not None and row.printed_unit != row.unit else ""
    return Row(
        study=row.study,
        arm=row.arm,
        therapy=_therapies(row.therapy) + against,
        quantity=f"{endpoint}, {row.measure.replace('_', ' ')}",
        week=week_text(row),
        value=MINUS_SIGN.sub(MINUS, value + (f" ({spread})" if spread else "")),
        n=patients_text(row),
        kind=KIND_WORDS[row.kind],
        read=row.read,
        derived=row.derived,
        printed=printed,
        use=row.use,
        reason=row.reason,
        note=row.note if row.note != row.derived else "",
    )


def _therapies(names: str) -> str:
    return " + ".join(therapy_title(name) for name in names.split("+"))


def _key(row: Published, name: str) -> tuple[str, float]:
    """What a row is sorted by: words, or "#" and a number; empty where nothing is stated."""
    if name == "week":
        week = row.week if row.week is not None else row.week_low
        return ("", 0.0) if week is None else ("#", week)
    if name == "value":
        value = row.mean if row.mean is not None else row.range_low
        return ("", 0.0) if value is None else (row.unit or "#", value)
    if name == "n":
        count = row.n or row.n_total
        return ("", 0.0) if not count else ("#", float(count))
    return (str(getattr(row, name)).casefold() or "", 0.0)
