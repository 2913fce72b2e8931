"""Checks a CDISC package: its containers, its define.xml against its datasets, and the datasets against each other."""

from __future__ import annotations

from pathlib import Path

from anagen.core.errors import InputError, Problem
from anagen.formats.cdisc import DEFINE, FOLDERS
from anagen.formats.cdisc.defined import read_define
from anagen.formats.cdisc.rules import (
    against_define,
    baselines_match,
    dates_ordered,
    keys_unique,
    same_in_both,
    subjects_known,
)
from anagen.formats.dataset import Dataset
from anagen.formats.dataset_json import is_dataset_json
from anagen.formats.dataset_json.check import too_long
from anagen.formats.dataset_json.reading import read as read_json
from anagen.formats.format import Checked, Sample
from anagen.formats.xpt import is_xpt
from anagen.formats.xpt.check import problems_of
from anagen.formats.xpt.reading import read as read_xpt

Found = dict[str, tuple[Dataset, str]]


def check(path: Path) -> Checked:
    """What is wrong in a package.

    Parameters
    ----------
    path : Path
        A define.xml, the folder of one, or a folder with sdtm and adam.

    Returns
    -------
    Checked
        What it holds, and every problem.
    """
    inside = [path / DEFINE, *(path / name / DEFINE for name in FOLDERS)]
    defines = [file for file in inside if file.is_file()] if path.is_dir() else [path]
    lines: list[str] = []
    problems: list[Problem] = []
    everything: Found = {}
    for define in defines:
        everything |= _of_define(define, lines, problems)
    problems += subjects_known(everything)
    for found, file in everything.values():
        problems += dates_ordered(found, file)
        problems += baselines_match(found, file)
    lines.append("CDISC's own rules and terminology were not asked: they do not come with this package.")
    return Checked(tuple(lines), tuple(problems))


def _of_define(define: Path, lines: list[str], problems: list[Problem]) -> Found:
    """Datasets beside a define.xml, by their names; what is wrong with each alone goes to `problems`."""
    place = define.parent
    try:
        name, defined = read_define(define)
    except InputError as error:
        problems += error.problems
        name, defined = "", {}
    found: Found = {}
    for file in sorted(place.iterdir(), key=lambda file: (file.suffix != ".xpt", file.name)):
        read = _read(file, problems)
        if read is None:
            continue
        known = found.get(read.name)
        if known is not None:
            problems += same_in_both(known[0], read, str(file))
            continue
        found[read.name] = (read, str(file))
        if read.name not in defined:
            problems += [Problem(str(file), None, None, read.name, "is not described in define.xml")] if defined else []
            continue
        problems += against_define(read, defined[read.name], str(file))
        problems += keys_unique(read, defined[read.name].keys, str(file))
    for missing in sorted(set(defined) - set(found)):
        words = f"is described, and there is no such dataset; expected it in {defined[missing].file}"
        problems.append(Problem(str(define), None, None, missing, words))
    counts = ", ".join(f"{name} {len(data.table):,}" for name, (data, _) in sorted(found.items()))
    lines.append(f"{place.name}: {name or DEFINE}; records: {counts}.")
    return found


def _read(file: Path, problems: list[Problem]) -> Dataset | None:
    """The dataset of a file; None where it is none, or cannot be read."""
    if not file.is_file():
        return None
    sample = Sample(file)
    try:
        if is_xpt(sample) or file.suffix == ".xpt":
            read = read_xpt(file)
            problems += problems_of(read, str(file))
            return read
        if is_dataset_json(sample) or file.suffix == ".json":
            read = read_json(file)
            problems += too_long(read, str(file))
            return read
    except InputError as error:
        problems += error.problems
    return None
