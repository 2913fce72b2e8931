"""Every format that is there: one folder of this room each, or an installed package's entry point `anagen.formats`."""

from __future__ import annotations

from pathlib import Path

from anagen.core.errors import InputError, Problem
from anagen.core.foreign import kind_of
from anagen.core.plugins import FORMATS as GROUP
from anagen.core.plugins import entries_of
from anagen.core.registry import Registry
from anagen.formats.format import Format, Part, Sample
from anagen.formats.texts import SPECIAL

FORMATS: Registry[Format] = Registry(
    "format", lambda: entries_of(Format, GROUP, folder="anagen.formats", packages=True)
)
_DOES: dict[Part, str] = {"writer": "exported", "reader": "imported", "check": "checked"}


def format_named(name: str, part: Part) -> Format:
    """The format of a name, where it can do what is asked for.

    Parameters
    ----------
    name : str
        As the command line takes it.
    part : str
        "writer" to export, "reader" to import, "check" to check.

    Returns
    -------
    Format
        Its libraries are there.

    Raises
    ------
    InputError
        Where there is no such format, it has no such part, or a library of it is not installed.

    Examples
    --------
    >>> format_named("sbml", "writer").title
    'an SBML model'
    """
    able = tuple(known for known, entry in FORMATS.items() if entry.has(part))
    if name not in FORMATS:
        near = FORMATS.nearest(name)
        raise InputError([Problem(None, None, None, "FORMAT", f"unknown format {name!r}", able, near)])
    if name not in able:
        message = f"{FORMATS[name].title} is not {_DOES[part]}"
        raise InputError([Problem(None, None, None, "FORMAT", message, able)])
    FORMATS[name].require()
    return FORMATS[name]


def recognised(path: Path) -> Format | None:
    """The format of a file or folder, by its content.

    Parameters
    ----------
    path : Path
        A file or folder that exists.

    Returns
    -------
    Format or None
        None where no format knows it.
    """
    sample = Sample(path)
    return next((entry for entry in FORMATS.values() if entry.recognises(sample)), None)


def check_kind(path: Path, wanted: Format) -> None:
    """Refuse a file that is not of the format that is wanted.

    Parameters
    ----------
    path : Path
        The file.
    wanted : Format
        What it should be.

    Raises
    ------
    InputError
        With what the file is, where that can be told, and what was expected.
    """
    if not path.exists():
        raise InputError([Problem(str(path), None, None, "", "there is no such file")])
    if not (path.is_file() or path.is_dir()):
        raise InputError([Problem(str(path), None, None, "", f"{SPECIAL}; {wanted.expected}")])
    sample = Sample(path)
    if (wanted.admits or wanted.recognises)(sample):
        return
    other = next((entry.title for entry in FORMATS.values() if entry.recognises(sample)), None)
    other = other or ("a folder" if path.is_dir() else kind_of(sample.head + sample.tail))
    what = f"is {other}, not {wanted.title}" if other else f"is not {wanted.title}"
    raise InputError([Problem(str(path), None, None, "", f"{what}; {wanted.expected}")])
