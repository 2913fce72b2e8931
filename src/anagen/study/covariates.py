"""How a published trial was conducted: who paid, who was blinded, how good its sham was, what it was added to.

These are covariates of the evidence. They describe the publication and change nothing that is simulated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from anagen.study.findings import Findings, mapping

Sponsor = Literal["industry", "academic", "none_stated"]
Blinding = Literal["double", "single", "assessor", "open"]
Sham = Literal["convincing", "weak", "none"]
COVARIATES = ("sponsor", "blinding", "sham", "add_on")
"""Keys of a study that say how the published trial was conducted."""
_FITTING = {"double": ("double",), "assessor": ("assessor",), "single": ("assessor",), "open": ()}
_SPONSORS = {"industry": "industry", "academic": "an academic centre", "none_stated": "none stated"}
_BLINDED = {
    "double": "double blind",
    "single": "single blind",
    "assessor": "only the assessor blinded",
    "open": "open",
}
_SHAMS = {"convincing": "convincing", "weak": "weak", "none": "none"}


def check_covariates(data: Mapping[str, object], findings: Findings) -> None:
    """Adds every problem of the keys on a trial's conduct that needs other keys.

    Parameters
    ----------
    data : mapping
        A study's data, defaults filled in.
    findings : Findings
        Takes problems.
    """
    for key in COVARIATES:
        if data.get(key) is not None and data.get("source") is None:
            findings.add(
                (key,), "describes a published trial, and the file names none; add source, or leave it out", at_key=True
            )
    said, simulated = data.get("blinding"), mapping(data.get("design")).get("blinding")
    fitting = _FITTING.get(said) if isinstance(said, str) else None
    if fitting is not None and simulated in ("double", "assessor") and simulated not in fitting:
        findings.add(("blinding",), f"is {said}, and design.blinding says {simulated}; mend the one that is wrong")


def covariate_columns(study: object) -> dict[str, str]:
    """Columns of the table of published trials on the conduct of a study; empty text where it is not known.

    Parameters
    ----------
    study : StudyFields
        A checked study.

    Returns
    -------
    dict of str to str
        sponsor, blinding, sham, and add_on as yes or no.
    """
    values = {key: getattr(study, key) for key in COVARIATES}
    texts = {True: "yes", False: "no", None: ""}
    return {
        key: texts[value] if value is None or isinstance(value, bool) else str(value) for key, value in values.items()
    }


def covariates_in_words(columns: Mapping[str, str]) -> str:
    """How a trial was conducted, in a line; empty where nothing of it is known.

    Parameters
    ----------
    columns : mapping
        From `covariate_columns`.

    Returns
    -------
    str
        Words without a full stop.

    Examples
    --------
    >>> covariates_in_words({"sponsor": "industry", "blinding": "double", "sham": "", "add_on": "yes"})
    'sponsor industry; double blind; added to a treatment that both arms had'
    """
    sponsor, blinding, sham = columns.get("sponsor", ""), columns.get("blinding", ""), columns.get("sham", "")
    parts = [
        f"sponsor {_SPONSORS[sponsor]}" if sponsor else "",
        _BLINDED[blinding] if blinding else "",
        f"sham {_SHAMS[sham]}" if sham else "",
        "added to a treatment that both arms had" if columns.get("add_on") == "yes" else "",
    ]
    return "; ".join(filter(None, parts))
