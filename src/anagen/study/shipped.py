"""The study files that come with the package."""

from __future__ import annotations

from pathlib import Path

from anagen.core.errors import InputError, Problem
from anagen.core.provenance import PACKAGE_FOLDER
from anagen.core.registry import Registry

DEMO = "exosome-vs-saline"
SUFFIX = ".yaml"


def shipped_studies() -> Registry[Path]:
    """Shipped study files by name: the file name without its ending, after the name of its folder where it has one.

    Examples
    --------
    >>> DEMO in shipped_studies()
    True
    """
    folder = _folder()
    paths = [*sorted(folder.glob(f"*{SUFFIX}")), *sorted(folder.glob(f"*/*{SUFFIX}"))]
    return Registry("study", {path.relative_to(folder).with_suffix("").as_posix(): path for path in paths})


def find_study(study: str) -> Path:
    """File of a study given as a path or as the name of a shipped study; a file that exists comes first.

    Raises
    ------
    InputError
        Where it is neither, with the names of the shipped studies and the nearest one.
    """
    path = Path(study)
    if path.is_file():
        return path
    shipped = shipped_studies()
    if study in shipped:
        return shipped[study]
    nearest = shipped.nearest(path.stem)
    message = "is a folder, not a study file" if path.is_dir() else "is neither a file nor the name of a shipped study"
    raise InputError((Problem(study, None, None, "STUDY", message, shipped.names(), nearest),))


def prospective_folder() -> Path:
    """Folder of the shipped designs whose results were not known when they were predicted."""
    return _folder() / "prospective"


def _folder() -> Path:
    """Inside the installed package, or beside `src` where the package runs from its checkout."""
    installed = PACKAGE_FOLDER / "shipped_studies"
    return installed if installed.is_dir() else PACKAGE_FOLDER.parents[1] / "studies"
