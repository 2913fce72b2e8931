"""Reads a trial of the user's own and writes it as a study file; without a table, the table that says what it means."""

from __future__ import annotations

import re
from pathlib import Path

from anagen.core.errors import InputError, Problem
from anagen.core.provenance import sha256_of_bytes
from anagen.formats.format import Imported
from anagen.formats.trial.grid import Grid
from anagen.formats.trial.patients import read_patients
from anagen.formats.trial.source import NAMED, grid_of, source_of
from anagen.formats.trial.study import study_of_patients, study_of_summary
from anagen.formats.trial.summary import read_summary
from anagen.formats.trial.table import Meaning, read_table, role_of
from anagen.formats.trial.template import recognised, template

TEMPLATE, STUDY = "table.csv", "study.yaml"


def read(path: Path, table: Path | None) -> Imported:
    """A trial as a study file; without a table, the table to fill in.

    Parameters
    ----------
    path : Path
        CSV, XPT, Dataset-JSON, or a folder with ADSL and ADEFF.
    table : Path or None
        What its parts mean, see `read_table`.

    Returns
    -------
    Imported
        A study file with what was observed, or a table.

    Raises
    ------
    InputError
        With everything that is wrong, each with its file and its line or record.
    """
    meaning = Meaning("") if table is None else read_table(table)
    grid = grid_of(path, meaning.words("file"))
    lines = list(grid.told)
    lines.append(f"{len(grid.rows):,} rows, {len(grid.header)} columns.")
    if table is None:
        form = template(grid)
        lines += [*recognised(grid)[0], *_blanks(form)]
        lines.append("Read the table over, fill in means, and give it as --table (docs/own-trial.md):")
        return Imported({TEMPLATE: form.encode()}, tuple(lines))
    source = f"{source_of(path)}; table {table.name}, SHA-256 {sha256_of_bytes(table.read_bytes())[:NAMED]}"
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:60] or "own-trial"
    roles = {role for means in meaning.words("column").values() if (role := role_of(means)) is not None}
    _check_kind(roles, meaning, grid)
    if ("subject", None) in roles:
        cohort = read_patients(grid, meaning)
        written, told = study_of_patients(cohort, meaning, source, name), cohort.told
    else:
        summary = read_summary(grid, meaning)
        written, told = study_of_summary(summary, meaning, source, name), summary.told
    lines += [*told, *written.told]
    document = {"study": written.study.study, "sha256": written.study.sha256, "told": lines}
    return Imported({STUDY: written.text.encode()}, tuple(lines), document)


def _check_kind(roles: set[tuple[str, float | None]], meaning: Meaning, grid: Grid) -> None:
    """A table has patients or means, so that it is clear what a row is."""
    has = {role for role, _ in roles}
    if "subject" in has and "mean" in has:
        words = "one column is the subject and one the mean; a row is a patient's value or a printed result: blank one"
        raise InputError([Problem(meaning.file, None, None, "column", words)])
    if not has & {"subject", "mean"}:
        words = f"no column of {grid.file} is the subject (patients) or the mean (printed results)"
        raise InputError([Problem(meaning.file, None, None, "column", words, grid.header)])


def _blanks(form: str) -> list[str]:
    """A sentence on what has to be filled in."""
    blank = [line.split(",")[1] for line in form.splitlines() if re.match(r"(?:study|file),\w+,,\d?,\"?required", line)]
    return [f"Not told by the data, to be filled in: {', '.join(blank)}."] if blank else []
