"""Checks an SBML model as libSBML does: form, ids, mathematics, units, ontology terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anagen.core.errors import Problem
from anagen.formats.format import Checked
from anagen.formats.libraries import library
from anagen.formats.texts import text_of

TOLD = 50


def check(path: Path) -> Checked:
    """What libSBML says of a file, warnings included.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Checked
        What it holds, and every error and warning with its line.
    """
    libsbml = library("libsbml")

    return checked_document(libsbml.readSBMLFromString(text_of(path)), str(path))


def checked_document(document: Any, file: str) -> Checked:
    """What libSBML says of a document.

    Parameters
    ----------
    document : SBMLDocument
        As it was read.
    file : str
        Name of the file in messages.

    Returns
    -------
    Checked
        See `check`.
    """
    libsbml = library("libsbml")

    if document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) + document.getNumErrors(libsbml.LIBSBML_SEV_FATAL) == 0:
        document.checkConsistency()
    problems = tuple(
        Problem(file, error.getLine() or None, None, error.getSeverityAsString().lower(), told(error))
        for error in (document.getError(place) for place in range(min(document.getNumErrors(), TOLD)))
        if error.getSeverity() != libsbml.LIBSBML_SEV_INFO
    )
    model = document.getModel()
    if model is None:
        return Checked((), problems or (Problem(file, None, None, "", "holds no model"),))
    counts = (
        ("species", model.getNumSpecies()), ("reactions", model.getNumReactions()),
        ("parameters", model.getNumParameters()), ("rules", model.getNumRules()), ("events", model.getNumEvents()),
    )  # fmt: skip
    what = ", ".join(f"{count} {name}" for name, count in counts if count)
    head = f"SBML Level {document.getLevel()} Version {document.getVersion()}"
    head += f", {model.getName() or model.getId()}: {what}."
    lines = (head, f"libSBML {libsbml.getLibSBMLDottedVersion()} says nothing against it." if not problems else "")
    return Checked(tuple(line for line in lines if line), problems)


def told(error: Any) -> str:
    """The message of an error on one line, with its number."""
    words = " ".join(str(error.getMessage()).split())
    return f"{words} (libSBML {error.getErrorId()})"
