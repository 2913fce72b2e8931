"""Errors of the study's models as findings in plain words."""

from __future__ import annotations

from pydantic import ValidationError

from anagen.core.reading import ErrorReader
from anagen.study.findings import Findings
from anagen.study.models import StudyFields
from anagen.study.treatment import FILLED_IN
from anagen.study.values import ARM_NAME, STUDY_NAME, Attachment, Quantity

STUDY = ErrorReader(
    StudyFields,
    forms={
        STUDY_NAME: "lower-case letters, digits and hyphens, e.g. 'exosome-vs-saline'",
        ARM_NAME: "one line of printable text without spaces at its ends, e.g. 'saline'",
    },
    as_text=(Quantity, Attachment),
    filled_in=FILLED_IN,
)


def add_model_errors(error: ValidationError, findings: Findings) -> None:
    """Adds the errors of the models in fields of which nothing is known yet."""
    for fault in STUDY.faults(error):
        if not findings.known(fault.path):
            both = "start" in fault.allowed and "schedule" in fault.path
            allowed = ("from", *fault.allowed) if both else fault.allowed
            findings.add(fault.path, fault.message, allowed, fault.suggestion, at_key=fault.at_key)
