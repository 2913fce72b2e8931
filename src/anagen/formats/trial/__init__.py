"""A trial of the user's own: patients or printed results, as CSV, XPT or Dataset-JSON, to set against predictions."""

from __future__ import annotations

import csv
import io
import re

from anagen.formats.dataset_json import is_dataset_json
from anagen.formats.format import Format, Sample
from anagen.formats.xpt import is_xpt

__all__ = ["FORMAT"]
_ARM = frozenset(("arm", "trt01p", "trtp", "treatment", "treatmentgroup", "group", "treatmentarm"))
_WHEN = re.compile(r"(?:a?visitn?|weeks?|wk|timepoint|visitdate|adt|ady|studyday)|.*(?:week|wk|w)_?\d+")
_WHAT = re.compile(r"aval|value|result|mean|.*(?:density|diameter|salt|hairs?|count).*")
_DATASETS = (".xpt", ".json", ".ndjson")


def is_dataset(sample: Sample) -> bool:
    """Whether a file is a dataset as XPT or Dataset-JSON, by its beginning.

    Parameters
    ----------
    sample : Sample
        Of the file.
    """
    return is_xpt(sample) or is_dataset_json(sample)


def is_trial(sample: Sample) -> bool:
    """Whether a file is surely data of a trial: a folder with datasets, or a table with arms, visits and values.

    Parameters
    ----------
    sample : Sample
        Of the file or folder.
    """
    if sample.path.is_dir():
        return any(name.lower().startswith("ad") and name.lower().endswith(_DATASETS) for name in sample.names)
    lines = sample.head.decode("utf-8", errors="replace").splitlines()
    line = next((each for each in lines if each.strip() and not each.startswith("#")), "")
    mark = max(",;\t|", key=line.count)
    names = [
        re.sub(r"[^a-z0-9_]", "", name.lower())
        for name in next(csv.reader(io.StringIO(line), delimiter=mark), list[str]())
    ]
    bare = [name.replace("_", "") for name in names]
    return (
        any(name in _ARM for name in bare)
        and any(_WHEN.fullmatch(name) for name in names)
        and any(_WHAT.fullmatch(name) for name in bare)
    )


def may_be_trial(sample: Sample) -> bool:
    """Whether a file is read when it is said to be a trial: every file and folder, which its reader then judges.

    Parameters
    ----------
    sample : Sample
        Of the file or folder.
    """
    return sample.path.exists()


FORMAT = Format(
    name="trial",
    title="a table of a trial",
    home=__name__,
    recognises=is_trial,
    expected="expected CSV, XPT or Dataset-JSON with arms, visits and values, or a folder with ADSL and ADEFF",
    admits=may_be_trial,
    options=("table",),
)
