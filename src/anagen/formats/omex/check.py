"""Checks a COMBINE archive: its manifest against what lies in it, its experiments and models by their own checks."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import ParseError

from anagen.core.errors import InputError, Problem
from anagen.formats.format import DAMAGED, Checked
from anagen.formats.omex.writer import MANIFEST
from anagen.formats.sedml.check import checked_experiment
from anagen.formats.texts import utf8_text

LARGEST = 200_000_000
"""Most bytes of all that an archive unpacks to."""


def check(path: Path) -> Checked:
    """What is wrong in an archive.

    Parameters
    ----------
    path : Path
        The archive.

    Returns
    -------
    Checked
        What it holds, and every problem.
    """
    contents = unzipped(path)
    told, problems = _listed(contents, str(path))
    lines = [f"COMBINE archive: {', '.join(sorted(contents))}."]
    for name, form in told.items():
        if "sed-ml" in form and name in contents:
            found = checked_experiment(contents[name], name, contents)
            lines += found.lines
            problems += found.problems
    return Checked(tuple(lines), tuple(problems))


def unzipped(path: Path) -> dict[str, bytes]:
    """Name -> content of an archive.

    Parameters
    ----------
    path : Path
        The archive.

    Returns
    -------
    dict of str to bytes
        In memory; nothing is unpacked to the disk.

    Raises
    ------
    InputError
        Where it is damaged or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                message = f"unpacks to more than {LARGEST // 1_000_000} MB"
                raise InputError([Problem(str(path), None, None, "", message)])
            return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    except DAMAGED as error:
        raise InputError([Problem(str(path), None, None, "", f"is a damaged archive: {error}")]) from None


def _listed(contents: Mapping[str, bytes], file: str) -> tuple[dict[str, str], list[Problem]]:
    """Name -> format of what the manifest lists, and how it differs from what is there."""
    place = f"{file}/{MANIFEST}"
    try:
        root = ElementTree.fromstring(utf8_text(contents[MANIFEST], place))
    except ParseError as error:
        return {}, [Problem(place, error.position[0], None, "", f"cannot be read as XML: {error}")]
    told = {
        row.get("location", "").removeprefix("./"): row.get("format", "") for row in root if row.get("location") != "."
    }
    problems = [
        Problem(place, None, None, name, "is listed and not in the archive")
        for name in told
        if name not in (*contents, ".", "")
    ]
    problems += [
        Problem(place, None, None, name, "is in the archive and not listed")
        for name in sorted(contents)
        if name not in (*told, MANIFEST)
    ]
    return told, problems
