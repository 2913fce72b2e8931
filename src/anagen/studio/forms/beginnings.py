"""What a study can be started from: one of those that are shipped, or a small one that is valid as it stands."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from anagen.core.errors import InputError, Problem
from anagen.studio.forms.study_file import read_text, with_files
from anagen.study.attachments import looks_like_path
from anagen.study.document import parse
from anagen.study.findings import every_use, mapping
from anagen.study.shipped import shipped_studies

EMPTY: dict[str, Any] = {
    "study": "my-trial",
    "title": "A new trial",
    "population": {
        "condition": "aga",
        "sex": {"male": 1.0},
        "age": {"mean": 35, "sd": 8, "min": 18, "max": 60},
        "ethnicity": {"caucasian": 1.0},
    },
    "arms": [
        {"name": "treated", "patients": 40, "therapies": [{"therapy": "minoxidil"}]},
        {"name": "control", "patients": 40, "control": True, "therapies": [{"therapy": "placebo"}]},
    ],
    "measurement": {
        "zone": "vertex",
        "target_area": "1 cm^2",
        "method": "phototrichogram",
        "visits": [0, 12, 24],
    },
    "endpoints": {"primary": {"endpoint": "total_density", "week": 24, "measure": "change"}},
    "design": {"blinding": "double", "dropout": 0.1},
}
"""The smallest study that says something: minoxidil against placebo."""


@dataclass(frozen=True)
class Beginning:
    """A shipped study, in a line.

    Attributes
    ----------
    name : str
        As `anagen studies` lists it.
    title : str
        What it is, in a sentence.
    published : bool
        Whether results of the trial were published.
    """

    name: str
    title: str
    published: bool


@lru_cache(maxsize=1)
def beginnings() -> tuple[Beginning, ...]:
    """Shipped studies in a line each.

    Returns
    -------
    tuple of Beginning
        In alphabetical order.
    """
    found: list[Beginning] = []
    for name, path in shipped_studies().items():
        text = path.read_text(encoding="utf-8")
        # the head alone is read, as there are many
        head = mapping(parse(text.partition("\npopulation:")[0], None).data)
        title = str(head.get("title") or name)
        found.append(Beginning(name, title, "\nobserved:\n" in text))
    return tuple(found)


def empty_study() -> dict[str, Any]:
    """A small study that is valid as it stands.

    Returns
    -------
    dict
        Keys of a study file.
    """
    return deepcopy(EMPTY)


def shipped_study(name: str) -> dict[str, Any]:
    """The keys of a shipped study, with the texts of the files that it names.

    Parameters
    ----------
    name : str
        As `anagen studies` lists it.

    Returns
    -------
    dict
        Keys of its file.

    Raises
    ------
    InputError
        Where there is none of that name, with the nearest.
    """
    shipped = shipped_studies()
    if name not in shipped:
        # names alone are looked up, never a path
        message = "is not the name of a shipped study"
        raise InputError([Problem(None, None, None, name[:80], message, shipped.names(), shipped.nearest(name))])
    path = shipped[name]
    data = read_text(path.read_text(encoding="utf-8"), name)
    files: dict[str, str] = {}
    named = [use.get("product") for _, use in every_use(data)]
    network = mapping(data.get("mechanism")).get("network")
    held = mapping(data.get("population")).get("empirical")
    for each in (*named, network, held):
        if isinstance(each, str) and looks_like_path(each):
            files[each.rsplit("/", 1)[-1]] = (path.parent / each).read_text(encoding="utf-8")
    return with_files(data, files)
