"""What datasets of a trial owe each other: subjects, keys, baselines, the order of dates, and their define.xml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from anagen.core.errors import Problem
from anagen.formats.cdisc.defined import Defined
from anagen.formats.dataset import Dataset

CLOSE = 1e-6
"""Relative difference up to which numbers are the same."""
ORDERED = (
    ("RFSTDTC", "RFENDTC"), ("RFXSTDTC", "RFXENDTC"), ("EXSTDTC", "EXENDTC"), ("AESTDTC", "AEENDTC"),
    ("SVSTDTC", "SVENDTC"), ("ASTDT", "AENDT"), ("TRTSDT", "TRTEDT"), ("RANDDT", "EOSDT"), ("AP01SDT", "AP02SDT"),
)  # fmt: skip
"""Dates of which the first is not after the second."""


def against_define(found: Dataset, defined: Defined, file: str) -> Iterator[Problem]:
    """Where a dataset is not as its define.xml describes it.

    Parameters
    ----------
    found : Dataset
        As it was read.
    defined : Defined
        Its description.
    file : str
        Name of the dataset's file.

    Yields
    ------
    Problem
        One for a variable.
    """
    columns = {column.name: column for column in found.columns}
    for name in defined.variables:
        if name not in columns:
            yield Problem(file, None, None, name, "is described in define.xml and is not in the dataset")
    if found.label != defined.label:
        words = f"has the label {found.label!r}, and define.xml says {defined.label!r}"
        yield Problem(file, None, None, "", words)
    for name, column in columns.items():
        if name not in defined.variables:
            yield Problem(file, None, None, name, "is not described in define.xml")
            continue
        label, length = defined.variables[name]
        if column.label != label:
            yield Problem(file, None, None, name, f"has the label {column.label!r}, and define.xml says {label!r}")
        values = found.table[name]
        if length is not None and values.notna().any() and int(values.astype("str").str.len().max()) > length:
            yield Problem(file, None, None, name, f"holds a text longer than the {length} of define.xml")
        if name in defined.mandatory and values.isna().any():
            row = int(values.isna().to_numpy().argmax()) + 1
            yield Problem(file, None, None, name, f"is missing in record {row}, and define.xml says that it never is")


def same_in_both(one: Dataset, other: Dataset, file: str) -> Iterator[Problem]:
    """Where the transport file and the Dataset-JSON of a dataset differ.

    Parameters
    ----------
    one : Dataset
        Of one container.
    other : Dataset
        Of the other.
    file : str
        Name of the second file.

    Yields
    ------
    Problem
        The first difference.
    """
    if list(one.table.columns) != list(other.table.columns) or len(one.table) != len(other.table):
        words = f"has {len(other.table)} records of {len(other.columns)} variables, and the transport file "
        yield Problem(file, None, None, "", words + f"{len(one.table)} of {len(one.columns)}")
        return
    for name in one.table.columns:
        mine, theirs = one.table[name], other.table[name]
        alike = (mine == theirs) | (mine.isna() & theirs.isna())
        if pd.api.types.is_numeric_dtype(mine.dtype) and pd.api.types.is_numeric_dtype(theirs.dtype):
            alike |= pd.Series(np.isclose(mine, theirs, rtol=CLOSE), index=mine.index)
        if not alike.all():
            row = int((~alike).to_numpy().argmax())
            words = f"record {row + 1} holds {theirs.iloc[row]}, and the transport file {mine.iloc[row]}"
            yield Problem(file, None, None, name, words)
            return


def subjects_known(datasets: Mapping[str, tuple[Dataset, str]]) -> Iterator[Problem]:
    """Subjects that DM or ADSL do not have.

    Parameters
    ----------
    datasets : Mapping[str, tuple[Dataset, str]]
        Name -> dataset and its file.

    Yields
    ------
    Problem
        The first subject of a dataset, for each of the two.
    """
    for master in ("DM", "ADSL"):
        if master not in datasets:
            continue
        known = set(datasets[master][0].table["USUBJID"].dropna())
        for name, (found, file) in datasets.items():
            if "USUBJID" not in found.table or name == master or (name == "DM" and master == "ADSL"):
                continue
            strange = ~found.table["USUBJID"].isin(known)
            if strange.any():
                row = int(strange.to_numpy().argmax())
                words = f"record {row + 1} is of {found.table['USUBJID'].iloc[row]}, whom {master} does not have"
                yield Problem(file, None, None, "USUBJID", words)


def keys_unique(found: Dataset, keys: tuple[str, ...], file: str) -> Iterator[Problem]:
    """The first record whose keys another one has.

    Parameters
    ----------
    found : Dataset
        As it was read.
    keys : tuple of str
        Of its define.xml.
    file : str
        Name of its file.

    Yields
    ------
    Problem
        One at most.
    """
    there = [key for key in keys if key in found.table]
    twice = found.table.duplicated(there) if there else pd.Series(dtype="bool")
    if twice.any():
        row = int(twice.to_numpy().argmax())
        values = ", ".join(f"{key} {found.table[key].iloc[row]}" for key in there)
        yield Problem(file, None, None, "", f"record {row + 1} has the keys of an earlier one: {values}")


def dates_ordered(found: Dataset, file: str) -> Iterator[Problem]:
    """Starts that lie after their ends.

    Parameters
    ----------
    found : Dataset
        As it was read.
    file : str
        Name of its file.

    Yields
    ------
    Problem
        The first record of each pair.
    """
    for first, last in ORDERED:
        if first not in found.table or last not in found.table:
            continue
        start, end = found.table[first], found.table[last]
        wrong = (start > end).fillna(False)  # ISO texts sort as dates do
        if wrong.any():
            row = int(wrong.to_numpy().argmax())
            words = f"record {row + 1}: {start.iloc[row]} is after {last} {end.iloc[row]}"
            yield Problem(file, None, None, first, words)


def baselines_match(found: Dataset, file: str) -> Iterator[Problem]:
    """Baselines and changes of a dataset in the basic data structure that do not follow from its values.

    Parameters
    ----------
    found : Dataset
        As it was read; one without AVAL and BASE has none.
    file : str
        Name of its file.

    Yields
    ------
    Problem
        The first record with another baseline, without one, or with another change.
    """
    table = found.table
    if not {"USUBJID", "PARAMCD", "AVAL", "BASE", "ABLFL"} <= set(table.columns):
        return
    by = [name for name in ("USUBJID", "PARAMCD", "FOCID", "APERIOD") if name in table]
    flagged = (table["ABLFL"] == "Y").to_numpy(dtype=np.bool_, na_value=False)
    first = table[flagged]
    twice = first.duplicated(by)
    if twice.any():
        row = int(np.flatnonzero(flagged)[twice.to_numpy().argmax()])
        words = f"record {row + 1} is a second baseline of {table['USUBJID'].iloc[row]} in {table['PARAMCD'].iloc[row]}"
        yield Problem(file, None, None, "ABLFL", words)
        return
    keys = pd.MultiIndex.from_frame(table[by])
    expected = first.set_index(by)["AVAL"].reindex(keys).to_numpy(dtype=np.float64)
    checks = [("BASE", table["BASE"].to_numpy(dtype=np.float64), expected)]
    if "CHG" in table:
        plain = table["CHG"].notna() & (table["DTYPE"].isna() if "DTYPE" in table else True)
        value = table["CHG"].to_numpy(dtype=np.float64)
        checks.append(("CHG", value, np.where(plain, table["AVAL"] - table["BASE"], value)))
    for name, value, wanted in checks:
        size = np.fmax(np.abs(table["AVAL"].to_numpy(dtype=np.float64)), 1.0)
        wrong = ~((np.abs(value - wanted) <= CLOSE * size) | (np.isnan(value) & np.isnan(wanted)))
        if wrong.any():
            row = int(wrong.argmax())
            words = f"record {row + 1} holds {value[row]:.9g}; {wanted[row]:.9g} follows from the baseline record"
            yield Problem(file, None, None, name, words)
