"""Writes the signalling network of a study's arm as SBML Level 3 Version 2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from anagen.formats.libraries import library
from anagen.formats.sbml.model import Described, document_of
from anagen.formats.subject import Subject

NAME = "model.xml"
CATAGEN_WEIGHT = "network.catagen_weight"


def write(subject: Subject) -> Mapping[str, bytes]:
    """The network of the study's condition with what the arm's own delivery brings, at central parameter values.

    Parameters
    ----------
    subject : Subject
        A study or run, and an arm.

    Returns
    -------
    Mapping[str, bytes]
        One file of XML; the same bytes for the same study and parameters.
    """
    return {NAME: sbml_text(described(subject)).encode()}


def described(subject: Subject) -> Described:
    """What the model of a study's arm is of.

    Parameters
    ----------
    subject : Subject
        A study or run, and an arm.

    Returns
    -------
    Described
        One patient who takes every dose as planned.
    """
    return Described(
        subject.network,
        subject.condition,
        subject.courses,
        f"{subject.network.title}; study: {subject.study.study}; arm: {subject.arm}",
        replace(subject.parameters[CATAGEN_WEIGHT], value=subject.values[CATAGEN_WEIGHT]),
        remarks=_remarks(subject),
    )


def _remarks(subject: Subject) -> tuple[str, ...]:
    """What of the arm is not in its model."""
    beside = [
        f"{player.name} on {action.lever.replace('_', ' ')}"
        for player in subject.drive.players
        for action in player.actions
        if action.half is not None
    ]
    still = "" if subject.courses else "Nothing that the arm gives acts through the network."
    acts = f"Acts beside the network, and is not in this model: {', '.join(dict.fromkeys(beside))}." if beside else ""
    return tuple(sentence for sentence in (still, acts) if sentence)


def sbml_text(described: Described) -> str:
    """A model as SBML text.

    Parameters
    ----------
    described : Described
        What it is of.

    Returns
    -------
    str
        XML without a time stamp.
    """
    return text_of(document_of(described))


def text_of(document: Any) -> str:
    """A document as text.

    Parameters
    ----------
    document : SBMLDocument
        Of libSBML.

    Returns
    -------
    str
        XML without a time stamp.
    """
    libsbml = library("libsbml")

    return str(libsbml.writeSBMLToString(document))
