"""Writes a trial of a run as a CDISC package: datasets as SAS transport files and as Dataset-JSON, with define.xml."""

from __future__ import annotations

from collections.abc import Mapping

from anagen.formats.cdisc import DEFINE
from anagen.formats.cdisc.datasets import datasets_of
from anagen.formats.cdisc.define import define_xml
from anagen.formats.cdisc.trial import trial_of
from anagen.formats.dataset_json.writing import json_bytes
from anagen.formats.subject import Subject
from anagen.formats.xpt.writing import xpt_bytes


def write(subject: Subject) -> Mapping[str, bytes]:
    """The package of one trial.

    Parameters
    ----------
    subject : Subject
        A run, and the number of one of its trials.

    Returns
    -------
    Mapping[str, bytes]
        Files in the folders sdtm and adam; the same bytes for the same run.

    Raises
    ------
    InputError
        Where the run has no rows of that trial, or something of it cannot be said in these datasets.
    """
    trial = trial_of(subject)
    files: dict[str, bytes] = {}
    for standard in datasets_of(trial):
        for made in standard.datasets:
            place = f"{standard.folder}/{made.dataset.name.lower()}"
            files[f"{place}.xpt"] = xpt_bytes(made.dataset)
            files[f"{place}.json"] = json_bytes(made.dataset, study=trial.identifier, metadata=DEFINE)
        files[f"{standard.folder}/{DEFINE}"] = define_xml(standard, trial)
    return files
