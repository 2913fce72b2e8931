"""Kinds of long work, one file each: what is asked for, what is done, how its result is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.core.errors import InputError, Problem
from anagen.core.plugins import entries_of
from anagen.core.reading import nearest

if TYPE_CHECKING:
    from anagen.studio.jobs.job import Job
    from anagen.studio.jobs.reporter import Reporter

Spec = dict[str, Any]
KINDS = "anagen.studio.kinds"
"""Entry points by which installed packages add kinds of long work."""
FILES = "results/files.html.j2"
"""A template that fits every kind: the files of the result, and the report where there is one."""


@dataclass(frozen=True)
class Kind:
    """A kind of long work: the constant `KIND` of a file in this folder.

    Attributes
    ----------
    name : str
        As it stands in the database; the name of the file.
    title : str
        What people call it, such as "Trial".
    check : callable
        Takes what is asked for, as JSON holds it; raises InputError where it cannot be done.
    estimate : callable
        Takes what is asked for; gives the time that it takes here [s], or None where that is not known.
    work : callable
        Takes what is asked for, the result folder and a `Reporter`, which is a `Progress` that also says how many
        processes may be used (`workers`). Writes the folder, whole or not at all, with a manifest; goes on where a
        stopped call left off.
    view : callable
        Takes a job that is done; gives what its template shows, by name.
    template : str
        Template of the result, in `templates/results/`; it is put into the page of the run.
    """

    name: str
    title: str
    check: Callable[[Spec], None]
    estimate: Callable[[Spec], float | None]
    work: Callable[[Spec, Path, Reporter], None]
    view: Callable[[Job], dict[str, Any]]
    template: str


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """Every kind by its name.

    Returns
    -------
    Mapping of str to Kind
        From the files of this folder, and from installed packages with an entry point.

    Raises
    ------
    InputError
        Where an installed package cannot be loaded.
    """
    return {name: kind for name, (kind, _) in entries_of(Kind, KINDS, folder=__name__).items()}


def kind_of(name: str) -> Kind:
    """A kind by its name.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    Kind
        The kind.

    Raises
    ------
    InputError
        Where there is none of that name.
    """
    if name not in kinds():
        raise InputError([Problem(None, None, None, "kind", f"{name!r} is not known", tuple(kinds()))])
    return kinds()[name]


def refuse_unknown(spec: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    """Refuse what a kind does not take.

    Parameters
    ----------
    spec : Mapping of str to Any
        What is asked for.
    allowed : tuple of str
        What the kind takes.

    Raises
    ------
    InputError
        Naming every one, with the nearest that is taken.
    """
    unknown = sorted(spec.keys() - set(allowed))
    if unknown:
        words = "is not known"
        raise InputError([Problem(None, None, None, name, words, allowed, nearest(name, allowed)) for name in unknown])
