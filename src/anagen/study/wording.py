"""Errors of the study's models as findings in plain words."""

from __future__ import annotations

import re

from pydantic import ValidationError

from anagen.core.reading import ErrorReader
from anagen.study.common_words import value_meant, where_it_goes
from anagen.study.findings import Findings
from anagen.study.models import StudyFields
from anagen.study.treatment import FILLED_IN
from anagen.study.values import ARM_NAME, STUDY_NAME, Attachment, Quantity

_QUOTED = re.compile(r"'(?P<value>[^']*)' is (?:not one of|text; expected true or false)")
"""How the message of a value begins that is not one of those allowed."""
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
            goes = where_it_goes(fault.path[-1]) if fault.at_key and fault.message == "unknown key" else None
            if goes is not None:
                findings.add(fault.path, f"unknown key here; {goes}", at_key=True)
                continue
            quoted = _QUOTED.match(fault.message)
            meant = None if quoted is None else value_meant(quoted["value"])
            if meant is not None:
                findings.add(fault.path, f"{fault.message}; {meant}", fault.allowed, fault.suggestion)
                continue
            both = "start" in fault.allowed and "schedule" in fault.path
            allowed = ("from", *fault.allowed) if both else fault.allowed
            findings.add(fault.path, fault.message, allowed, fault.suggestion, at_key=fault.at_key)
